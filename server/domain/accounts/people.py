"""Looking up colleagues, always inside one's own company."""

from __future__ import annotations

from server.app import App
from server.domain.errors import NotFound
from storage.models import User


async def colleagues(app: App, actor: User) -> list[User]:
    """Everyone in the actor's company, bots and blocked people too, by name."""
    return await app.stores.users.of_org(actor.org_id)


async def colleague(app: App, actor: User, user_id: str) -> User:
    """A person of the actor's company. Raises NotFound."""
    user = await app.stores.users.in_org(user_id, actor.org_id)
    if user is None:
        raise NotFound("user")
    return user


async def picture(app: App, actor: User, user_id: str, version: str | None) -> tuple[bytes, bool]:
    """The person's picture (WebP) and whether it is the *version* asked for. Raises NotFound."""
    user = await app.stores.users.get(user_id)
    if user is None or user.org_id != actor.org_id or user.picture is None:
        raise NotFound("picture")
    data = await app.stores.pictures.get(actor.org_id, user_id, version or user.picture)
    if data is None:
        raise NotFound("picture")
    return data, version is not None

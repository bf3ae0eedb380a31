"""Secret links sent by mail: an invitation lives seven days, a new password's an hour."""

from __future__ import annotations

from datetime import timedelta

from server.app import App
from server.domain import secrecy
from server.domain.errors import NotFound
from storage.models import Link, LinkKind, User

LIVES = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}
PATHS = {"invitation": "invitation", "reset": "reset"}


async def make(app: App, user: User, kind: LinkKind) -> str:
    """A new link's whole address; earlier ones of the kind stop working."""
    token = secrecy.new_token()
    now = app.now()
    await app.stores.links.replace(
        Link(
            id=app.new_id(),
            kind=kind,
            user_id=user.id,
            org_id=user.org_id,
            token_hash=secrecy.digest(token),
            created_at=now,
            expires_at=now + LIVES[kind],
        )
    )
    return f"{app.settings.address}/{PATHS[kind]}/{token}"


async def look(app: App, kind: LinkKind, token: str) -> User:
    """Whom the link was sent to; it still works afterwards. Raises NotFound."""
    link = await app.stores.links.peek(kind, secrecy.digest(token), app.now())
    return await _person(app, link)


async def use(app: App, kind: LinkKind, token: str) -> User:
    """Whom the link was sent to; it does not work afterwards. Raises NotFound."""
    link = await app.stores.links.take(kind, secrecy.digest(token), app.now())
    return await _person(app, link)


async def _person(app: App, link: Link | None) -> User:
    user = await app.stores.users.in_org(link.user_id, link.org_id) if link else None
    org = await app.stores.orgs.find(user.org_id) if user else None
    if user is None or user.blocked or org is None or org.blocked:
        raise NotFound("link")
    return user

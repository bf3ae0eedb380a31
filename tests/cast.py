"""The people of the tests, the same as in the demo, and plain builders."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain import rooms, secrecy, sessions
from storage.models import Org, User

PASSWORD = "vaxel-demo-password"
PEOPLE = {
    "astrid": ("example.com", "Astrid Lind", "business", "admin"),
    "birger": ("example.com", "Birger Holm", "pro", "member"),
    "basse": ("example.com", "Basse Ek", "basic", "member"),
    "rebecka": ("example.com", "Rebecka Sund", "pro", "attendant"),
    "cecilia": ("example.org", "Cecilia Berg", "pro", "admin"),
}


async def make_company(app: App) -> dict[str, User]:
    """Two companies with the fixed cast, by handle."""
    hashed = await secrecy.hash_password(PASSWORD)
    for domain in ("example.com", "example.org"):
        await app.stores.orgs.add(Org(id=domain, name=domain, created_at=app.now()))
    found: dict[str, User] = {}
    for handle, (domain, name, plan, role) in PEOPLE.items():
        found[handle] = await make_user(
            app, handle, org_id=domain, name=name, plan=plan, role=role, password_hash=hashed
        )
    return found


async def make_user(app: App, handle: str, **changes: Any) -> User:
    """A person of example.com on plan Pro, with *changes*."""
    values: dict[str, Any] = {
        "id": app.new_id(),
        "org_id": "example.com",
        "email": f"{handle}@{changes.get('org_id', 'example.com')}",
        "name": handle.title(),
        "handle": handle,
        "created_at": app.now(),
    }
    return await app.stores.users.add(User(**{**values, **changes}))


async def make_token(app: App, user: User) -> str:
    """A session of *user*'s on some device."""
    return await sessions.start(app, user, "test", "127.0.0.1")


async def make_room(app: App, creator: User, *others: User, name: str = "Lunch") -> str:
    """A group; its id."""
    room = await rooms.create(app, creator, name, [user.id for user in others])
    return str(room["id"])

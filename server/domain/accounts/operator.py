"""What operators do: they look after all companies."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain.accounts import admin, audit, invitations, profile, shape, telling
from server.domain.errors import Conflict, NotAllowed, NotFound
from server.domain.plans import can
from storage.models import Language, Org, User, timestamp


def _must_operate(actor: User) -> None:
    if not can(actor, "operator"):
        raise NotAllowed("operator")


async def listing(app: App, actor: User) -> list[dict[str, Any]]:
    """Every company, and how many people it has. Raises NotAllowed."""
    _must_operate(actor)
    counts = await app.stores.users.counts()
    return [shown(org, counts.get(org.id, 0)) for org in await app.stores.orgs.all()]


def shown(org: Org, count: int) -> dict[str, Any]:
    """The company, as operators see it."""
    created_at = timestamp(org.created_at)
    return shape.org(org) | {"people": count, "blocked": org.blocked, "created_at": created_at}


async def add(
    app: App,
    actor: User,
    name: str,
    language: Language,
    time_zone: str,
    admin_email: str,
    admin_name: str,
) -> dict[str, Any]:
    """A new company, and an invitation to its first administrator.

    Raises NotAllowed, Invalid, Conflict for a taken address.
    """
    _must_operate(actor)
    first = profile.checked({"email": admin_email, "name": admin_name})
    if await app.stores.users.by_email(first["email"]) is not None:
        raise Conflict("email_unusable", field="admin.email")
    org = await found(app, actor, name, language, time_zone)
    try:
        user = await admin.enrol(app, actor, org, first | {"role": "admin", "plan": "business"})
    except Conflict:
        await app.stores.orgs.remove(org.id)
        raise
    await invitations.invite(app, actor, user)
    return shown(org, 1)


async def found(app: App, actor: User | None, name: str, language: Language, time_zone: str) -> Org:
    """A new company, empty so far. Raises Invalid."""
    tidy = profile.checked({"name": name, "language": language, "time_zone": time_zone})
    org = await app.stores.orgs.add(Org(id=app.new_id(), created_at=app.now(), **tidy))
    await audit.record(app, actor, "org.added", org)
    return org


async def update(
    app: App, actor: User, org_id: str, *, name: str | None, blocked: bool | None
) -> dict[str, Any]:
    """Rename or block a company. Raises NotAllowed, NotFound, Invalid, Conflict for one's own."""
    _must_operate(actor)
    org = await app.stores.orgs.find(org_id)
    if org is None:
        raise NotFound("org")
    if blocked and org.id == actor.org_id:
        raise Conflict("block_self")
    if name is not None:
        org = await admin.change_org(app, actor, org, {"name": name})
    if blocked is not None:
        org = await set_blocked(app, actor, org, blocked=blocked)
    return shown(org, await app.stores.users.count(org.id))


async def set_blocked(app: App, actor: User | None, org: Org, *, blocked: bool) -> Org:
    """Shut a whole company out, at once on every device, or let it in again."""
    saved = await app.stores.orgs.update(org.id, blocked=blocked)
    if saved is None:
        raise NotFound("org")
    app.events.forget("org", org.id)
    if blocked == org.blocked:
        return saved
    action = "org.blocked" if blocked else "org.unblocked"
    await audit.record(app, actor, action, saved, {"blocked": [org.blocked, blocked]})
    if blocked:
        for user in await app.stores.users.of_org(org.id):
            app.events.end_sessions(user.id, "blocked")
    else:
        telling.org_changed(app, saved)
    return saved

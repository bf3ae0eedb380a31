"""Choosing what one does, and what a colleague does for those who may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.app import App
from server.domain import texts
from server.domain.activities import current, views
from server.domain.activities.ends import end_of
from server.domain.activities.state import reference, running, still_suppressed, trusted
from server.domain.activities.types import AVAILABLE, choosable
from server.domain.errors import NotAllowed, NotFound
from server.domain.plans import can
from storage.models import User
from storage.telephony import Activity

NOTE_LENGTH = 200


async def choose(
    app: App,
    actor: User,
    activity_id: str,
    until: datetime | None = None,
    note: str = "",
    user_id: str | None = None,
) -> dict[str, Any]:
    """Let *actor*, or the colleague *user_id*, do this from now on; the presence of that person.

    What was chosen before ends now. Raises NotFound, NotAllowed, Invalid.
    """
    user = await _whose(app, actor, user_id)
    kind = choosable(await current.types_of(app, user), activity_id)
    if kind is None:
        raise NotFound("activity")
    now = app.now()
    end = end_of(kind, now, await current.schedule_of(app, user), until)
    rows = (await app.stores.activities.of_users(user.org_id, [user.id], now))[user.id]
    suppressed = running(rows, now) if kind.id == AVAILABLE else still_suppressed(rows, now)
    row = Activity(
        id=app.new_id(),
        org_id=user.org_id,
        user_id=user.id,
        type_id=kind.id,
        start=now,
        end=end,
        source="manual" if user.id == actor.id else "admin",
        suppresses=suppressed,
        set_at=now,
        set_by=actor.id,
        note=texts.line(note, "note", NOTE_LENGTH),
    )
    await app.stores.activities.choose(row)
    app.presence.touch(user.org_id, [user.id])
    return (await views.presences(app, [user]))[0]


async def coming(app: App, actor: User, user_id: str, limit: int) -> list[dict[str, Any]]:
    """What the person does and will do, earliest first; of a colleague for those who may set it.

    One event that is in two calendars is one. Raises NotFound, NotAllowed.
    """
    user = await _whose(app, actor, user_id)
    found = await app.stores.activities.coming(user.org_id, user.id, app.now(), limit)
    once = {(reference(row), row.start, row.end): row for row in trusted(found, app.now())}
    return [views.activity(row) for row in once.values()]


def may_choose_for(actor: User, user: User) -> bool:
    """Whether *actor* may choose for *user* of the same company: own, by role, or as asked to."""
    return actor.id == user.id or can(actor, "others_activities") or actor.id in user.delegates


async def _whose(app: App, actor: User, user_id: str | None) -> User:
    own = user_id is None or user_id == actor.id
    user = actor if own else await app.stores.users.in_org(str(user_id), actor.org_id)
    if user is None or user.role == "bot":
        raise NotFound("user")
    if not may_choose_for(actor, user):
        raise NotAllowed("others_activity", who=user.name)
    return user

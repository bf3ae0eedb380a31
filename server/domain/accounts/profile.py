"""What people decide about themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from server.app import App
from server.domain.accounts import audit, pictures, rules, telling
from server.domain.activities import current
from server.domain.errors import Conflict, NotFound, OverQuota
from server.domain.jobs import Job
from storage.models import User
from storage.people import Taken

NOTE_LENGTH = 200
TEXT_LENGTH = 120
AUDITED = ("name", "title", "department", "phones", "language", "time_zone", "handle", "delegates")
SEEN = ("note", "auto_gone", "working_hours", "time_zone")  # what the presence depends on


def checked(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, tidied and checked: phones as (kind, number) pairs. Raises Invalid."""
    checks: dict[str, Callable[[Any], Any]] = {
        "name": rules.name,
        "title": lambda text: rules.line(text, "title", TEXT_LENGTH),
        "department": lambda text: rules.line(text, "department", TEXT_LENGTH),
        "note": lambda text: rules.line(text, "note", NOTE_LENGTH),
        "time_zone": rules.time_zone,
        "handle": rules.handle,
        "email": rules.email,
        "working_hours": rules.working_hours,
        "phones": rules.phones,
    }
    return {
        name: checks[name](value) if name in checks else value for name, value in changes.items()
    }


async def update(app: App, actor: User, changes: dict[str, Any]) -> User:
    """Change one's own profile. Raises Invalid, Conflict for a taken handle."""
    tidy = checked(await _settled(app, actor, changes))
    if changes.get("own_hours") is False:
        tidy["working_hours"] = None
    if not tidy:
        return actor
    try:
        saved = await app.stores.users.update(actor.id, actor.org_id, **tidy)
    except Taken:
        raise Conflict("handle_taken", field="handle") from None
    if saved is None:
        raise NotFound("user")
    found = audit.difference(actor, saved, AUDITED)
    if found:
        await audit.record(app, actor, "profile.changed", saved, found)
    await telling.person_changed(app, saved, actor)
    if any(getattr(saved, name) != getattr(actor, name) for name in SEEN):
        app.presence.touch(saved.org_id, [saved.id])
    if saved.time_zone != actor.time_zone:  # whole days in a calendar begin at another time
        await app.jobs.enqueue(
            Job.CALENDAR_CLAIMS, queue="sync", org_id=saved.org_id, user_id=saved.id
        )
    if saved.delegates != actor.delegates:
        named = set(saved.delegates) ^ set(actor.delegates)
        await telling.me_changed(app, await app.stores.users.get_many(named))
    return saved


async def _settled(app: App, actor: User, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as fields of a person. Raises Invalid, NotFound."""
    tidy = dict(changes)
    own = tidy.pop("own_hours", None)
    if own and "working_hours" not in tidy and actor.working_hours is None:
        tidy["working_hours"] = current.hours(await app.stores.orgs.get(actor.org_id), actor)
    if "delegates" in tidy:
        tidy["delegates"] = await _colleagues(app, actor, tidy["delegates"])
    return tidy


async def _colleagues(app: App, actor: User, user_ids: list[str]) -> tuple[str, ...]:
    wanted = [user_id for user_id in dict.fromkeys(user_ids) if user_id != actor.id]
    found = await app.stores.users.get_many(wanted)
    if len(found) < len(wanted) or any(user.org_id != actor.org_id for user in found):
        raise NotFound("user")
    return tuple(wanted)


async def set_picture(app: App, actor: User, data: bytes) -> User:
    """Use this picture (PNG, JPEG or WebP). Raises Invalid, OverQuota."""
    if len(data) > pictures.LARGEST_BYTES:
        raise OverQuota("payload")
    small = await asyncio.to_thread(pictures.square, data)
    digest = pictures.digest(small)
    await app.stores.pictures.put(actor.org_id, actor.id, digest, small)
    return await _show(app, actor, digest)


async def remove_picture(app: App, actor: User) -> User:
    """Be without a picture."""
    return await _show(app, actor, None)


async def _show(app: App, actor: User, digest: str | None) -> User:
    saved = await app.stores.users.update(actor.id, actor.org_id, picture=digest)
    if saved is None:
        raise NotFound("user")
    await app.stores.pictures.remove_others(actor.org_id, actor.id, digest)
    await telling.person_changed(app, saved, actor)
    return saved

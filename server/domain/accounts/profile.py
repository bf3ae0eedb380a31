"""What people decide about themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from server.app import App
from server.domain.accounts import audit, pictures, rules, telling
from server.domain.errors import Conflict, NotFound, OverQuota
from storage.models import User
from storage.people import Taken

NOTE_LENGTH = 200
TEXT_LENGTH = 120
AUDITED = ("name", "title", "department", "phones", "language", "time_zone", "handle")


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
    tidy = checked(changes)
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
    telling.person_changed(app, saved, actor)
    if saved.note != actor.note:
        telling.presence_changed(app, saved)
    return saved


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
    telling.person_changed(app, saved, actor)
    return saved

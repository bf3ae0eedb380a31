"""The first screen: everything a client needs, in one answer."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain import rooms
from server.domain.accounts import profile, shape
from storage.models import User, timestamp


async def open_session(app: App, actor: User) -> dict[str, Any]:
    """{me, org, people, rooms, activities, server_time, limits} as *actor* may see them."""
    org = await app.stores.orgs.get(actor.org_id)
    people = await app.stores.users.of_org(actor.org_id)
    return {
        "me": shape.me(app, actor),
        "org": shape.org(org) if org else None,
        "people": [shape.person(app, user) for user in people],
        "rooms": await rooms.view_all(app, actor),
        "activities": [],
        "server_time": timestamp(app.now()),
        "limits": limits(app),
    }


def limits(app: App) -> dict[str, int]:
    """What a client should know before the server has to refuse."""
    settings = app.settings
    return {
        "message_length": settings.message_length,
        "group_members": settings.group_members,
        "history_page": settings.history_page,
    }


async def set_note(app: App, actor: User, note: str) -> dict[str, Any]:
    """Keep a note that all colleagues see; presence of me."""
    return shape.presence(app, await profile.update(app, actor, {"note": note}))

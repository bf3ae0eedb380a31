"""The first screen: everything a client needs, in one answer."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain import rooms
from server.domain.accounts import profile, shape
from server.domain.activities import views
from server.domain.contacts import favourites
from storage.models import User, timestamp


async def open_session(app: App, actor: User) -> dict[str, Any]:
    """{me, org, people, rooms, activities, favourites, server_time, limits}, as *actor* sees it."""
    org = await app.stores.orgs.get(actor.org_id)
    people = await app.stores.users.of_org(actor.org_id)
    return {
        "me": await shape.me(app, actor),
        "org": shape.org(org) if org else None,
        "people": await shape.people(app, people),
        "rooms": await rooms.view_all(app, actor),
        "activities": await views.company_types(app, actor.org_id),
        "favourites": await favourites.listing(app, actor),
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
    saved = await profile.update(app, actor, {"note": note})
    return (await views.presences(app, [saved]))[0]

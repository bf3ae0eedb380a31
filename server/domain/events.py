"""Every fact the server tells its clients, and where it goes."""

from __future__ import annotations

from enum import StrEnum


class Fact(StrEnum):
    """Server to client; documented with their data in `server/EVENTS.md`."""

    ROOM_ENTRY = "room.entry"
    ROOM_JOINED = "room.joined"
    ROOM_LEFT = "room.left"
    ROOM_READ = "room.read"
    ROOM_UNREAD = "room.unread"
    ROOM_SETTINGS = "room.settings"
    ROOM_TYPING = "room.typing"
    PRESENCE_CHANGED = "presence.changed"
    ACTIVITIES_CHANGED = "activities.changed"
    PERSON_CHANGED = "person.changed"
    ORG_CHANGED = "org.changed"
    ME_CHANGED = "me.changed"
    FAVOURITES_CHANGED = "favourites.changed"
    CONTACTS_CHANGED = "contacts.changed"
    CONTACTS_IMPORT = "contacts.import"
    CONNECTIONS_CHANGED = "connections.changed"
    SESSION_ENDED = "session.ended"
    SESSION_RESYNC = "session.resync"


def to_room(room_id: str) -> str:
    """The audience of everyone in a room."""
    return f"room:{room_id}"


def to_user(user_id: str) -> str:
    """The audience of one person's devices."""
    return f"user:{user_id}"


def to_org(org_id: str) -> str:
    """The audience of everyone in a company who is connected."""
    return f"org:{org_id}"

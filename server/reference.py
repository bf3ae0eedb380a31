"""The page of commands and facts, written from the types that check them."""

from __future__ import annotations

from typing import Any

import msgspec

from server.domain.events import Fact
from server.sockets.commands import commands

ENTRY = "`{room_id, entry}`: every entry of the log, in order"
FACTS: dict[Fact, tuple[str, str]] = {
    Fact.ROOM_ENTRY: ("room", ENTRY),
    Fact.ROOM_JOINED: ("user", "`{room}`; then ask `room.sync` from its `last_seq`"),
    Fact.ROOM_LEFT: ("user", "`{room_id}`"),
    Fact.ROOM_READ: ("room", "`{room_id, user_id, seq}`"),
    Fact.ROOM_UNREAD: (
        "user",
        "`{room_id, read_seq, unread, mentions, as_of}`: after own reading, counted up to `as_of`",
    ),
    Fact.ROOM_SETTINGS: ("user", "`{room_id, settings}`"),
    Fact.ROOM_TYPING: ("room", "`{room_id, user_id}`; expires after 5 s"),
    Fact.PRESENCE_CHANGED: ("org", "`[{user_id, online, activity, until, line, note}]`, coalesced"),
    Fact.ACTIVITIES_CHANGED: ("org", "`{activities}`: the company's, all of them"),
    Fact.PERSON_CHANGED: ("org", "`{person}`: new, or changed"),
    Fact.ORG_CHANGED: ("org", "`{org}`"),
    Fact.ME_CHANGED: ("user", "`{me}`"),
    Fact.FAVOURITES_CHANGED: ("user", "`{favourites}`: all of them"),
    Fact.CONTACTS_CHANGED: (
        "org or user",
        "`{scope}`: global, or one's own: what is shown of them is fetched again",
    ),
    Fact.CONTACTS_IMPORT: ("user", "`{import}`: a file of contacts, as it goes on"),
    Fact.CONNECTIONS_CHANGED: (
        "user",
        "`{connections}`: all of them, without `trouble`: `GET /api/connections` has the words",
    ),
    Fact.SESSION_ENDED: (
        "user",
        "`{reason}`, then disconnect; after `server_restart` connect again, else sign in",
    ),
    Fact.SESSION_RESYNC: ("everyone", "`{}`: facts may have been lost; ask `room.sync` now"),
}

OPENED = "`{me, org, people, rooms, activities, favourites, server_time, limits}`"
ACKS = {
    "session.open": OPENED,
    "activity.choose": "presence of the person",
    "presence.active": "`{}`",
    "presence.note": "presence of me",
    "room.direct": "room; the same pair always gets the same room",
    "room.create": "room",
    "room.update": "room",
    "room.add": "room",
    "room.remove": "room",
    "room.leave": "room",
    "room.history": "`{entries, at_start, at_end}`, oldest first, messages as they are now",
    "room.sync": "`{rooms: {id: {entries, limited, last_seq}}, joined: [room], left: [id]}`",
    "room.read": "`{read_seq, unread, mentions, as_of}`; never moves back",
    "room.typing": "`{}`",
    "room.settings": "`{notify, muted_until}`",
    "room.pins": "`{entries}`, newest first",
    "message.send": "entry; the first one when `client_id` is repeated",
    "message.edit": "entry of kind `edited`",
    "message.delete": "entry of kind `deleted`",
    "message.react": "entry of kind `reacted`, or the message when nothing changed",
    "message.pin": "entry of kind `pinned`, or the message when nothing changed",
    "contact.search": "`[contact]`, colleagues first",
    "message.search": "`{hits: [{entry, room_id, snippet}], cursor?}`, newest first",
}

HEAD = """# Commands and facts

Written by `python -m server events`; a test holds it true.

Socket.IO v5 at `/socket.io`, WebSocket or polling. Credentials: `auth: {token}` in the
handshake, or the session cookie. Every command is acked: `{"ok": true, "data": …}` or
`{"ok": false, "error": problem}`, where a problem is
`{type, title, status, detail, field?, retry_after?}` in the user's language. Commands of one
device on one room are applied in the order in which they were sent.

## Commands

| Command | Data | What it does | Ack |
|---|---|---|---|
"""


def events_page() -> str:
    """server/EVENTS.md."""
    lines = [
        f"| `{name}` | {_fields(command.input)} | {command.summary} | {ACKS[name]} |"
        for name, command in sorted(commands.items())
    ]
    facts = [f"| `{fact}` | {audience} | {data} |" for fact, (audience, data) in FACTS.items()]
    return (
        HEAD
        + "\n".join(lines)
        + "\n\n## Facts\n\n| Fact | To | Data |\n|---|---|---|\n"
        + "\n".join(facts)
        + "\n"
    )


def _fields(kind: type[msgspec.Struct]) -> str:
    schema = msgspec.json.schema_components([kind])[1][kind.__name__]
    required = set(schema.get("required", []))
    shown = [
        f"{name}{'' if name in required else '?'}: {_kind(found)}"
        for name, found in schema.get("properties", {}).items()
    ]
    return f"`{{{', '.join(shown)}}}`"


def _kind(found: dict[str, Any]) -> str:
    if "anyOf" in found:
        return _kind(next(each for each in found["anyOf"] if each.get("type") != "null"))
    if found.get("type") == "array":
        return f"[{_kind(found['items'])}]"
    if "enum" in found:
        return " or ".join(str(each) for each in found["enum"])
    if found.get("format") == "date-time":
        return "time"
    kind = {"string": "text", "integer": "int", "boolean": "bool", "object": "{id: int}"}
    limit = f" ≤ {found['maxLength']}" if "maxLength" in found else ""
    return kind.get(found.get("type", ""), "any") + limit

"""What the room and message routes answer, as types for the description."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType


class Entry(Struct):
    """One line of a room's log; which fields there are depends on its kind."""

    room_id: str
    seq: int
    kind: Literal[
        "message",
        "edited",
        "deleted",
        "reacted",
        "pinned",
        "member_added",
        "member_left",
        "renamed",
    ]
    author_id: str
    sent_at: str
    count: int
    client_id: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    reply_to: int | UnsetType = UNSET
    mentions: list[str] | UnsetType = UNSET
    edited_at: str | UnsetType = UNSET
    deleted: bool | UnsetType = UNSET
    reactions: dict[str, list[str]] | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    target: int | UnsetType = UNSET
    emoji: str | UnsetType = UNSET
    on: bool | UnsetType = UNSET
    user_ids: list[str] | UnsetType = UNSET
    user_id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    topic: str | UnsetType = UNSET


class RoomChoices(Struct):
    """How a member wants to be told."""

    notify: Literal["all", "mentions", "none"]
    muted_until: str | None


class Room(Struct):
    """A room as one of its members sees it."""

    id: str
    kind: Literal["direct", "group"]
    name: str
    topic: str
    member_ids: list[str]
    created_by: str
    created_at: str
    last_seq: int
    last_count: int
    read_seq: int
    unread: int
    mentions: int
    last_message: Entry | None
    reads: dict[str, int] | None
    settings: RoomChoices


class Rooms(Struct):
    """My rooms."""

    rooms: list[Room]


class Page(Struct):
    """A page of a log, oldest first."""

    entries: list[Entry]
    at_start: bool
    at_end: bool


class Entries(Struct):
    """Some entries."""

    entries: list[Entry]


class Unread(Struct):
    """Where I stand in a room; counted up to the seq `as_of`."""

    read_seq: int
    unread: int
    mentions: int
    as_of: int


class RoomSynced(Struct):
    """What happened in one room after its cursor; limited: start over from the newest page."""

    entries: list[Entry]
    limited: bool
    last_seq: int


class Synced(Struct):
    """What happened after the cursors."""

    rooms: dict[str, RoomSynced]
    joined: list[Room]
    left: list[str]


class Hit(Struct):
    """A message that was found; hits in the snippet stand between U+0002 and U+0003."""

    entry: Entry
    room_id: str
    snippet: str


class Found(Struct):
    """A page of hits, newest first; the cursor gives the next page."""

    hits: list[Hit]
    cursor: str | UnsetType = msgspec.UNSET

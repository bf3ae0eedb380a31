"""What answers look like. Nothing is made from these: they describe, and tests hold them true."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from storage.models import Language, Notify, PhoneKind, Plan, Role

Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


class PhoneNumber(Struct):
    """A number as its owner wrote it."""

    kind: PhoneKind
    number: str


class Presence(Struct):
    """Where a person is now."""

    user_id: str
    online: Literal["online", "away", "offline"]
    activity: str | None
    until: Time | None
    line: str | None
    note: str


class Person(Struct):
    """A colleague or a bot."""

    id: str
    handle: str
    name: str
    title: str
    department: str
    phones: list[PhoneNumber]
    email: str
    picture: str | None
    language: Language
    time_zone: str
    plan: Plan
    role: Role
    blocked: bool
    presence: Presence


class Me(Person):
    """Oneself."""

    working_hours: dict[str, list[list[str]]]
    can: list[str]
    invited: bool
    demo: bool


class AdminPerson(Person):
    """A person, as their administrator sees them."""

    invited: bool
    last_seen_at: Time | None


class People(Struct):
    """Everyone in the company."""

    people: list[Person]


class AdminPeople(Struct):
    """Everyone in the company, as their administrator sees them."""

    people: list[AdminPerson]


class Company(Struct):
    """A company."""

    id: str
    name: str
    language: Language
    time_zone: str


class OperatedCompany(Company):
    """A company, as operators see it."""

    people: int
    blocked: bool
    created_at: Time


class Companies(Struct):
    """All companies."""

    orgs: list[OperatedCompany]


class DemoPerson(Struct):
    """A person of the demo, to sign in as."""

    email: str
    password: str
    name: str
    role: Role
    plan: Plan
    org: str


class Config(Struct):
    """What a client needs before anyone has signed in."""

    name: str
    version: str
    demo: list[DemoPerson]
    languages: list[Language]


class SignedIn(Struct):
    """A new session's token, shown this once."""

    token: str
    user: Me


class Device(Struct):
    """A signed-in device."""

    id: str
    device: str
    ip: str
    created_at: Time
    last_seen_at: Time
    current: bool


class Devices(Struct):
    """My signed-in devices."""

    sessions: list[Device]


class Invitation(Struct):
    """Who is invited, and where."""

    email: str
    name: str
    org: str
    language: Language


class CellFault(Struct):
    """What is wrong in one cell; the header is row 1."""

    row: int
    column: str
    value: str
    problem: str


class ImportResult(Struct):
    """What a file of people did, or would do."""

    dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    errors: list[CellFault]


class AuditNote(Struct):
    """Who changed what: changes are field to [old, new]."""

    id: str
    at: Time
    actor_id: str
    actor_name: str
    action: str
    target: str
    target_name: str
    changes: dict[str, list[Any]]


class AuditNotes(Struct):
    """A page of the audit log, latest first."""

    entries: list[AuditNote]
    more: bool


class BotToken(Struct):
    """A bot's token, without its secret."""

    id: str
    name: str
    created_at: Time
    last_used_at: Time | None


class Bot(Person):
    """A bot and its tokens."""

    tokens: list[BotToken]


class Bots(Struct):
    """The company's bots."""

    bots: list[Bot]


class NewToken(Struct):
    """A bot's token, shown this once."""

    id: str
    name: str
    token: str


class Entry(Struct, omit_defaults=True):
    """One line of a room's log; which fields it has depends on its kind."""

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
    sent_at: Time
    count: int
    client_id: str = ""
    body: str = ""
    reply_to: int = 0
    mentions: list[str] = []
    edited_at: Time = ""
    deleted: bool = False
    reactions: dict[str, list[str]] = {}
    pinned: bool = False
    target: int = 0
    emoji: str = ""
    on: bool = False
    user_ids: list[str] = []
    user_id: str = ""
    name: str = ""
    topic: str = ""


class RoomChoices(Struct):
    """How I want to be told about a room."""

    notify: Notify
    muted_until: Time | None


class Room(Struct):
    """A room, as one of its members sees it."""

    id: str
    kind: Literal["direct", "group"]
    name: str
    topic: str
    member_ids: list[str]
    created_by: str
    created_at: Time
    last_seq: int
    last_count: int
    read_seq: int
    unread: int
    mentions: int
    last_message: Entry | None
    reads: dict[str, int] | None
    settings: RoomChoices


class Rooms(Struct):
    """All rooms that I am in."""

    rooms: list[Room]


class Entries(Struct):
    """Entries of a log, oldest first."""

    entries: list[Entry]


class HistoryPage(Struct):
    """A page of a room's log, oldest first; messages as they are now."""

    entries: list[Entry]
    at_start: bool
    at_end: bool


class Marked(Struct):
    """How far I have read."""

    read_seq: int
    unread: int
    mentions: int


class Missed(Struct):
    """What a room's log has after a cursor; limited: start over from the newest page."""

    entries: list[Entry]
    limited: bool
    last_seq: int


class Synced(Struct):
    """What happened after my cursors."""

    rooms: dict[str, Missed]
    joined: list[Room]
    left: list[str]


class Hit(Struct):
    """A message that was found; the hits stand between U+0002 and U+0003."""

    entry: Entry
    room_id: str
    snippet: str


class Hits(Struct, omit_defaults=True):
    """A page of what was found, newest first."""

    hits: list[Hit]
    cursor: str = ""


class Nothing(Struct):
    """An empty object."""

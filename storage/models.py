"""The nouns that are kept. Frozen: a change is a new value saved by a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

Plan = Literal["basic", "pro", "business", "enterprise"]
Role = Literal["member", "admin", "attendant", "operator", "bot"]
Language = Literal["sv", "en"]
Notify = Literal["all", "mentions", "none"]
PhoneKind = Literal["work", "mobile", "other"]
Country = Literal["SE", "NO", "DK", "FI"]
WorkingHours = dict[str, list[list[str]]]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE_HOURS: WorkingHours = {
    day: [["08:00", "17:00"]] if index < 5 else [] for index, day in enumerate(WEEKDAYS)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Org:
    """A company: the wall that no query crosses."""

    id: str
    name: str
    language: Language = "sv"
    time_zone: str = "Europe/Stockholm"
    working_hours: WorkingHours = field(default_factory=lambda: dict(OFFICE_HOURS))
    country: Country = "SE"
    holidays: bool = True
    main_number: str | None = None
    pbx: bool = False
    blocked: bool = False
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number as its owner wrote it."""

    kind: PhoneKind
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot of one company. `handle` is what others write after @.

    `working_hours` None are the company's. `auto_gone` is gone for the day outside of work, by
    itself. `delegates` are colleagues who may choose activities for this one.
    """

    id: str
    org_id: str
    email: str
    name: str
    handle: str
    plan: Plan = "pro"
    role: Role = "member"
    language: Language = "sv"
    time_zone: str = "Europe/Stockholm"
    title: str = ""
    department: str = ""
    phones: tuple[Phone, ...] = ()
    note: str = ""
    working_hours: WorkingHours | None = None
    auto_gone: bool = False
    delegates: tuple[str, ...] = ()
    picture: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    blocked: bool = False
    demo: bool = False
    created_at: datetime
    invited_at: datetime | None = None
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in device. Only the SHA-256 of its token is kept, as `token_hash`."""

    id: str
    user_id: str
    org_id: str
    token_hash: str = field(repr=False)
    device: str = ""
    ip: str = ""
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


LinkKind = Literal["invitation", "reset"]
MailKind = Literal["invitation", "reset", "password_changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that was mailed. Only the SHA-256 of its token is kept."""

    id: str
    kind: LinkKind
    user_id: str
    org_id: str
    token_hash: str = field(repr=False)
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter on its way out: which one, to whom, in what language, with which facts."""

    id: str
    org_id: str
    kind: MailKind
    to: str
    language: Language
    facts: dict[str, str] = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who changed what: `changes` is field to [old, new]; names as they were then."""

    id: str
    org_id: str
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    target: str = ""
    target_name: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room: who is in it. What was said is its log. `pair` makes a 1-1 room unique."""

    id: str
    org_id: str
    kind: Literal["direct", "group"]
    name: str = ""
    topic: str = ""
    member_ids: frozenset[str]
    pair: str | None = None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """How far a member has read, and how they want to be told. `count` is the count at `seq`."""

    room_id: str
    user_id: str
    seq: int = 0
    count: int = 0
    notify: Notify = "all"
    muted_until: datetime | None = None


Kind = Literal[
    "message",
    "edited",
    "deleted",
    "reacted",
    "pinned",
    "member_added",
    "member_left",
    "renamed",
]


class Entry(TypedDict):
    """One line of a room's log, as kept. A document rather than a class: the busiest noun by far.

    `count` is the number of messages in the room up to and including this entry, `latest` the seq
    of the last of them; `mentioned` is who was named when it was written (unread mentions count
    these), `mentions` who is named now.
    """

    _id: str
    org_id: str
    room_id: str
    seq: int
    kind: Kind
    author_id: str
    sent_at: datetime
    count: int
    latest: int
    client_id: NotRequired[str]
    body: NotRequired[str]
    reply_to: NotRequired[int]
    mentions: NotRequired[list[str]]
    mentioned: NotRequired[list[str]]
    target: NotRequired[int]
    emoji: NotRequired[str]
    on: NotRequired[bool]
    user_ids: NotRequired[list[str]]
    user_id: NotRequired[str]
    name: NotRequired[str]
    topic: NotRequired[str]
    edited_at: NotRequired[datetime]
    deleted: NotRequired[bool]
    reactions: NotRequired[dict[str, list[str]]]
    pinned: NotRequired[bool]


PRIVATE = frozenset({"_id", "org_id", "mentioned", "latest"})


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and Z: the only way a time is written on the wire."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def public(entry: Entry) -> dict[str, Any]:
    """The entry as clients see it: private fields gone, times written out."""
    shown: dict[str, Any] = {key: value for key, value in entry.items() if key not in PRIVATE}
    shown["sent_at"] = timestamp(entry["sent_at"])
    if "edited_at" in entry:
        shown["edited_at"] = timestamp(entry["edited_at"])
    return shown

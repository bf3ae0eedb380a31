"""The nouns of calendars that are kept in step: connections, mailboxes, occurrences, policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Provider = Literal["microsoft", "google", "caldav", "ics", "exchange"]
ShowAs = Literal["free", "tentative", "busy", "out_of_office", "working_elsewhere"]
Response = Literal["none", "organizer", "accepted", "tentative", "declined", "not_responded"]
EventKind = Literal["event", "out_of_office", "focus", "working_location", "birthday", "from_mail"]
Privacy = Literal["generic_with_time", "generic_without_time", "ignore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What somebody let us into: an account of a person's, or (`user_id` None) a whole company's.

    `sealed` are the credentials (see server.vault; about the id). `status` lost: someone must
    connect it again. `trouble` is the key of a sentence about what went wrong last.
    """

    id: str
    org_id: str
    user_id: str | None
    provider: Provider
    account: str
    tenant: str = ""
    sealed: str = field(repr=False)
    status: Literal["active", "lost"] = "active"
    trouble: str = ""
    contacts: bool = True
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCalendar:
    """A calendar of a mailbox, and whether it counts."""

    id: str
    name: str = field(repr=False)
    primary: bool = False
    colour: str = ""
    own: bool = True
    busy_only: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A person's calendars and contacts within a connection: what is synced as one.

    `address` is whose mailbox of a company's grant; "" the account's own. `synced_at` is the last
    good sync; `trouble` the key of a sentence about the last bad one, `failures` how many since.
    At `next_at` it is looked at again. `lease_until` and `fence` see to it that one
    worker at a time writes: each lease has a higher fence, and who has a lower one writes nothing.
    """

    id: str
    org_id: str
    user_id: str
    connection_id: str
    provider: Provider
    address: str = ""
    status: Literal["new", "active", "lost"] = "new"
    calendars: tuple[ChosenCalendar, ...] = ()
    synced_at: datetime | None = None
    trouble: str = ""
    failures: int = 0
    next_at: datetime
    lease_until: datetime | None = None
    fence: int = 0
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One occurrence in a person's calendar, as it is kept: what integrations.contract.Event says.

    `id` is made of the mailbox, the calendar and `ref`. Subjects stay here: they are shown to their
    owner, and to colleagues only if the owner lets them.
    """

    id: str
    org_id: str
    user_id: str
    mailbox_id: str
    calendar_id: str
    ref: str
    uid: str
    recurrence_id: str = ""
    series: str = ""
    start: datetime | None = None
    end: datetime | None = None
    first_day: str = ""  # ISO date
    last_day: str = ""  # ISO date, exclusive
    time_zone: str = ""
    show_as: ShowAs = "busy"
    response: Response = "none"
    cancelled: bool = False
    private: bool = False
    kind: EventKind = "event"
    subject: str = field(default="", repr=False)
    categories: tuple[str, ...] = field(default=(), repr=False)
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a collection of a mailbox (a calendar, or "people") was read, and for which time."""

    id: str  # mailbox/collection
    mailbox_id: str
    org_id: str
    token: str = field(repr=False)
    window_start: datetime | None = None
    window_end: datetime | None = None
    baselined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchKept:
    """A provider's promise to tell of changes in a calendar.

    `secret_hash`: SHA-256 of what it repeats to show that it is the one.
    """

    id: str  # ours; in the address that it calls
    org_id: str
    mailbox_id: str
    calendar_id: str
    provider: Provider
    remote_id: str
    resource: str = ""
    secret_hash: str = field(repr=False)
    until: datetime
    renew_at: datetime
    last_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A word at the start of a subject, such as LUN, and the activity that it stands for."""

    word: str
    type_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPolicy:
    """What a company decided about its people's calendars; `owner` is its id.

    `keywords` None: the standard table. `categories` map a category's name to an activity. `lead`
    and `lag`: minutes before and after. `providers`: which kinds of connection may be made.
    """

    id: str  # org_id
    keywords: tuple[Keyword, ...] | None = None
    categories: tuple[Keyword, ...] = ()
    tentative_closes: bool = False
    focus_closes: bool = True
    privacy: Privacy = "generic_with_time"
    lead: int = 0
    lag: int = 0
    providers: tuple[Provider, ...] = ("microsoft", "google", "caldav", "ics", "exchange")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPolicy:
    """What a person decided about their own; None: as the company has it."""

    id: str  # user_id
    org_id: str
    tentative_closes: bool | None = None
    privacy: Privacy | None = None
    show_subjects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Work that was given up: what kind, of which mailbox, why (a key, never what was in it)."""

    id: str
    org_id: str
    mailbox_id: str
    job: str
    why: str
    ref: str = ""  # a hash of the provider's id of the item, if it was one item
    tries: int = 1
    at: datetime

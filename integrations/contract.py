"""What any integration returns, and what it can fail with: nothing else crosses this border.

Everything that differs between clouds is settled behind it: tokens, paging, time zones, ids.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

ShowAs = Literal["free", "tentative", "busy", "out_of_office", "working_elsewhere"]
Response = Literal["none", "organizer", "accepted", "tentative", "declined", "not_responded"]
EventKind = Literal["event", "out_of_office", "focus", "working_location", "birthday", "from_mail"]
Credentials = Mapping[str, Any]  # as JSON; sealed wherever it is kept
Scope = Literal["mailbox", "tenant"]


class IntegrationError(Exception):
    """A service outside did not do what it was asked."""


class Unreachable(IntegrationError):  # reads as what happened
    """It does not answer, or asks us to come back later: worth trying again.

    *retry_after*: seconds that it asked for; *scope*: who is asked to wait, the mailbox alone or
    everybody of its tenant or project.
    """

    def __init__(
        self, reason: object = "", retry_after: float | None = None, scope: Scope = "mailbox"
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.scope = scope


class AccessLost(IntegrationError):  # reads as what happened
    """It no longer lets us in: someone must connect it again."""


class BadAnswer(IntegrationError):  # reads as what happened
    """It answered something that cannot be used: trying again will not help."""


class CursorLost(IntegrationError):  # reads as what happened
    """It no longer knows how far we had come: everything must be read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time whose occurrences are wanted: `start` <= t < `end`, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One occurrence in a calendar, as its provider tells of it, in the same words for all.

    `ref` names the row within its calendar, for changes and removal. `uid` is the event's name
    in every calendar (iCalendar's UID); with `recurrence_id`, the original start of an occurrence
    of a series in UTC as ISO 8601, it names the occurrence wherever it was copied. `series` is the
    provider's id of the series, or "". Times are UTC; of an event that lasts whole days `first_day`
    and `last_day` (exclusive) are given instead, days without a zone. `time_zone` is the
    organizer's. A calendar that shows only when its owner is busy gives `private`.
    """

    ref: str
    uid: str
    recurrence_id: str = ""
    series: str = ""
    start: datetime | None = None
    end: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
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
class Changes:
    """What became of a calendar since a cursor.

    *full*: `events` are all that there are in the window. `removed` are refs that are gone.
    `series` are series told anew as a whole: of each, what is not among `events` is gone.
    `faulty` counts items that could not be read, by why; the others are good.
    """

    events: tuple[Event, ...] = ()
    removed: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    full: bool = False
    cursor: str = field(repr=False)
    faulty: tuple[tuple[str, str], ...] = ()  # (ref, why in a word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A calendar that the account can see."""

    id: str
    name: str = field(repr=False)
    primary: bool = False
    colour: str = ""
    own: bool = True  # not a colleague's, a room's or a feed that somebody shares
    busy_only: bool = False  # shows when, not what


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoReply:
    """The mailbox answers by itself: during a time, or (both None) until somebody ends it."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where a provider may tell of changes: our addresses, and a secret that it repeats."""

    url: str
    lifecycle_url: str
    secret: str = field(repr=False)
    id: str  # ours, for providers that let us choose (Google's channel id)
    until: datetime  # how long we would like it


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A promise to tell: the provider's id of it (and of what it watches), good `until`."""

    id: str
    resource: str = ""
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact in somebody's book. Numbers as written, with a kind: work, mobile or other."""

    ref: str
    name: str = field(default="", repr=False)
    title: str = ""
    department: str = ""
    company: str = ""
    phones: tuple[tuple[Literal["work", "mobile", "other"], str], ...] = field(
        default=(), repr=False
    )
    emails: tuple[str, ...] = field(default=(), repr=False)
    note: str = field(default="", repr=False)
    link: str = ""  # where its owner changes it


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Contacts that changed. *full*: of all `pages` together, whoever is not told is gone.

    `cursor` is "" on all pages but the last.
    """

    people: tuple[Person, ...] = ()
    removed: tuple[str, ...] = ()
    full: bool = False
    cursor: str = field(default="", repr=False)
    faulty: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A mailbox of a company that let us in as a whole."""

    address: str
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """How an integration is let in: what was granted, and to which mailbox of it.

    `address` is "" for the account's own mailbox; of a company's grant, whose. When tokens are
    renewed the integration awaits `keep` with the credentials as they are now, before it goes on:
    whoever holds the mailbox's lease keeps them.
    """

    credentials: Credentials = field(repr=False)
    address: str = ""
    keep: Callable[[Credentials], Awaitable[None]] = field(
        default=lambda _credentials: _nothing(), repr=False
    )


async def _nothing() -> None:
    """Credentials that never change need no keeping."""


class CalendarProvider(Protocol):
    """A kind of account. One for each provider; it holds no state of any account.

    Every method raises Unreachable, AccessLost or BadAnswer; `changes` and `people` CursorLost too.
    """

    pushes: bool  # whether `watch` can promise anything
    has_people: bool

    async def calendars(self, access: Access) -> list[Calendar]:
        """The calendars that the account can see, the primary one first."""

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """What changed since *cursor*; everything in *window* when it is ""."""

    def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        """Contacts that changed since *cursor*, page by page; all when it is ""."""

    async def auto_reply(self, access: Access) -> AutoReply | None:
        """How the mailbox answers by itself now; None when it does not, or cannot tell."""

    async def watch(self, access: Access, calendar: Calendar, hook: Hook) -> Watch:
        """Ask to be told of changes."""

    async def renew(self, access: Access, watch: Watch, until: datetime) -> Watch | None:
        """Prolong a promise; None when it must be made anew instead."""

    async def unwatch(self, access: Access, watch: Watch) -> None:
        """Ask to be told no more; one that is gone is no error."""

    async def owners(self, access: Access) -> list[Owner]:
        """The mailboxes of a company's grant."""

    async def revoke(self, access: Access) -> None:
        """Give back what was granted, as far as the provider lets us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What came of asking for consent: credentials, and whose account it is."""

    credentials: Credentials = field(repr=False)
    account: str
    tenant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """The browser must go there and back once more, with another flow: `finish` again with it.

    Microsoft's answer to an administrator's consent names a tenant, but anyone could have written
    it: whoever gave it has to sign in there, or one company could be connected to another's
    mailboxes.
    """

    url: str = field(repr=False)
    flow: Mapping[str, Any] = field(repr=False)


class ConsentProvider(Protocol):
    """A provider that is connected by sending its owner's browser there and back."""

    async def begin(self, redirect_uri: str, *, company: bool) -> tuple[str, dict[str, Any]]:
        """The address to send the browser to, and the flow that `finish` needs (kept here, sealed).

        `flow["state"]` is the `state` that comes back with the browser.
        """

    async def finish(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> Granted | Onward:
        """Make the answer that came with the browser into credentials.

        Raises AccessLost when consent was refused or the answer is not to our question.
        """

"""What connections look like to clients. Describes only; tests hold it true."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from server.http.outputs_activities import Time
from storage.calendars import Provider


class CalendarChoice(Struct):
    """A calendar of an account; `busy_only` shows when, not what."""

    id: str
    name: str
    primary: bool
    colour: str
    own: bool
    busy_only: bool
    counts: bool


class CalendarConnection(Struct):
    """An account that somebody let us into; `company`: an administrator did, for everybody."""

    id: str
    provider: Provider
    account: str
    company: bool
    status: Literal["connecting", "synced", "stale", "reconnect"]
    trouble: str | None
    synced_at: Time | None
    push: bool
    contacts: bool
    calendars: list[CalendarChoice]


class ProviderOffer(Struct):
    """A kind of account: whether the company allows it, and the operator has set it up."""

    provider: Provider
    on: bool
    configured: bool
    oauth: bool


class Connections(Struct):
    """What I am connected to, and may be."""

    connections: list[CalendarConnection]
    providers: list[ProviderOffer]


class ConsentAddress(Struct):
    """Where to send the browser."""

    url: str


class MailboxCounts(Struct):
    """How many of the company's mailboxes are connected, and how they are."""

    connected: int
    connecting: int
    synced: int
    stale: int
    lost: int


class Integration(Struct):
    """A kind of account in the company."""

    provider: Provider
    on: bool
    configured: bool
    company: CalendarConnection | None
    counts: MailboxCounts


class Lag(Struct):
    """Seconds from a change at the provider to presence here; null before there were any."""

    p50: float | None
    p99: float | None
    count: int


class MailboxTrouble(Struct):
    """A mailbox whose last sync went wrong; `at` is when it last went well, or was made."""

    mailbox_id: str
    person: str
    provider: Provider
    sentence: str
    at: Time


class GivenUp(Struct):
    """Work that was given up."""

    id: str
    person: str
    provider: Provider
    sentence: str
    tries: int
    at: Time


class Integrations(Struct):
    """How the company's calendars are kept in step."""

    providers: list[Integration]
    lag: Lag
    troubles: list[MailboxTrouble]
    dead: list[GivenUp]

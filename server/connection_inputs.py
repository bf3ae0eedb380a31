"""What clients may send about connections: unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from server.account_inputs import Text
from server.inputs import WORDS, Command, Id

Address = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        description="Where the calendars are: an address (https://…) or an e-mail address.",
        extra_json_schema=WORDS,
    ),
]
ExchangeAddress = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        description="Where the server is: its name, or all of the address where it answers EWS "
        "(https://mail.example.com/EWS/Exchange.asmx).",
        extra_json_schema=WORDS,
    ),
]
Feed = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        description="Where the calendar is published (https://… or webcal://…).",
        extra_json_schema=WORDS,
    ),
]
Username = Annotated[str, Meta(min_length=1, max_length=500, extra_json_schema=WORDS)]
Password = Annotated[
    str, Meta(min_length=1, max_length=500, description="Best one made for Växel alone.")
]
CalendarId = Annotated[
    str, Meta(min_length=1, max_length=2000, description="The provider's own id of a calendar.")
]
Consenting = Literal["microsoft", "google"]


class BeginConsent(Command):
    """For me, or for the whole company; or what is to be connected again."""

    provider: Consenting
    company: bool = False
    connection_id: Id | None = None


class ConnectCaldav(Command):
    """Calendars and contacts on a server that speaks CalDAV."""

    address: Address
    username: Username
    password: Password


class ConnectExchange(Command):
    """A mailbox on an Exchange Server: its server's address, and how its owner signs in there."""

    address: ExchangeAddress
    username: Username
    password: Password


class ConnectIcs(Command):
    """A calendar that is published at an address, and what to call it."""

    url: Feed
    name: Text | None = None


class ChooseWithin(Command):
    """Which calendars count, and whether contacts are kept in step; what is left out stays."""

    connection_id: Id
    calendars: Annotated[list[CalendarId], Meta(max_length=500)] | None = None
    contacts: bool | None = None


class OneConnection(Command):
    """Names a connection."""

    connection_id: Id


class NewPassword(Command):
    """Another password for the same account."""

    connection_id: Id
    password: Password


class CompanyGoogle(Command):
    """The file of a service account, as Google gives it."""

    service_account: dict[str, Any]


class OneMailbox(Command):
    """Names a mailbox."""

    mailbox_id: Id


class OneDeadLetter(Command):
    """Names work that was given up."""

    letter_id: Annotated[str, Meta(min_length=1, max_length=200)]

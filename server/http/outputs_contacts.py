"""What the contact and favourite routes answer, as types for the description."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from server.http.outputs_activities import Time
from storage.models import PhoneKind


class ContactNumber(Struct):
    """A number as written, and in E.164 where it can be read so."""

    kind: PhoneKind
    number: str
    e164: str | None


class ContactMarks(Struct):
    """What I decided about somebody."""

    star: bool
    vip: bool
    blocked: bool


class ContactSource(Struct):
    """Where a contact comes from; the link leads to where its owner changes it."""

    provider: str
    link: str
    read_only: bool


class Contact(Struct):
    """Somebody outside, or a colleague (scope internal). Told by several sources, it is one."""

    id: str
    scope: Literal["internal", "global", "personal"]
    user_id: str | None
    name: str
    title: str
    department: str
    company: str
    phones: list[ContactNumber]
    emails: list[str]
    note: str
    source: str
    link: str
    read_only: bool
    sources: list[ContactSource]
    updated_at: Time
    favourite: ContactMarks | None


class FoundContacts(Struct):
    """Who was found, the best answer first among colleagues, and then among others."""

    contacts: list[Contact]


class ContactPage(Struct):
    """Some contacts by name; the cursor, if there is one, gives those that follow."""

    contacts: list[Contact]
    cursor: str | UnsetType = UNSET


class Favourite(Struct):
    """What I decided about a caller."""

    id: str
    kind: Literal["person", "contact", "number", "prefix", "anonymous"]
    name: str
    star: bool
    vip: bool
    blocked: bool
    user_id: str | UnsetType = UNSET
    contact_id: str | UnsetType = UNSET
    number: str | UnsetType = UNSET


class Favourites(Struct):
    """Everything I decided about callers."""

    favourites: list[Favourite]


class ContactFault(Struct):
    """What is wrong in one cell; the header is row 1, and a card is a row."""

    row: int
    column: str
    value: str
    detail: str


class ContactImport(Struct):
    """A file of contacts on its way in: rows are good, bad, merged or skipped.

    Merged rows were the same as another in the file, skipped ones as a contact that is there.
    Columns that mean nothing to us are ignored; detail tells why it failed.
    """

    id: str
    scope: Literal["global", "personal"]
    format: Literal["csv", "vcard"]
    status: Literal["reading", "read", "applying", "done", "failed"]
    rows: int
    good: int
    bad: int
    merged: int
    skipped: int
    ignored: list[str]
    created_at: Time
    detail: str | None
    faults: list[ContactFault]

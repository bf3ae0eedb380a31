"""What clients may send about contacts and favourites: unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from server.account_inputs import Email, Name, PhoneInput, Text
from server.inputs import WORD, Command, Id

# Patterns stand in the description alone, as in account_inputs.
_UNWANTED = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069"
_LINES = {"pattern": rf"^[^{_UNWANTED}]*$"}
_MAYBE = {"pattern": r"^\s*$|^[^\u0000]*\w[^\u0000]*$"}
_PLACE = {"pattern": r"^(?:[0-9a-f]{2}){0,600}\.[0-9a-f]{1,64}$"}
_CALLER = {"pattern": r"^\+46[1-9][0-9]{7,8}$|^\+[1-9][0-9]{0,14}\*$"}

Query = Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema=WORD)]
Limit = Annotated[int, Meta(ge=1, le=100)]
Scope = Literal["internal", "global", "personal"]
OwnScope = Literal["global", "personal"]
Format = Literal["csv", "vcard"]
Note = Annotated[str, Meta(max_length=2000, extra_json_schema=_LINES)]
Phones = Annotated[tuple[PhoneInput, ...], Meta(max_length=20)]
Emails = Annotated[tuple[Email, ...], Meta(max_length=20)]
Caller = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=40,
        description="A number, or how numbers begin followed by `*`.",
        extra_json_schema=_CALLER,
    ),
]


class SearchContacts(Command):
    """Words and numbers to find among colleagues and contacts."""

    query: Query
    limit: Limit = 20


class ListContacts(Command):
    """A page of contacts by name; with a query, the best answers to it."""

    scope: Scope | None = None
    query: Annotated[str, Meta(max_length=200, extra_json_schema=_MAYBE)] | None = None
    cursor: Annotated[str, Meta(max_length=1300, extra_json_schema=_PLACE)] | None = None
    limit: Limit = 50


class OneContact(Command):
    """Names a contact."""

    contact_id: Id


class AddContact(Command):
    """A new contact: the company's (global), or one's own."""

    scope: OwnScope
    name: Name
    title: Text = ""
    department: Text = ""
    company: Text = ""
    phones: Phones = ()
    emails: Emails = ()
    note: Note = ""


class UpdateContact(Command):
    """What to change about a contact; what is left out stays."""

    contact_id: Id
    name: Name | None = None
    title: Text | None = None
    department: Text | None = None
    company: Text | None = None
    phones: Phones | None = None
    emails: Emails | None = None
    note: Note | None = None


class ImportContacts(Command):
    """Whose contacts the file holds, and how it is written."""

    scope: OwnScope
    format: Format


class OneImport(Command):
    """Names a file of contacts on its way in."""

    import_id: Id


class ExportContacts(Command):
    """Whose contacts to write to a file, and how."""

    scope: OwnScope
    format: Format


class MarkPerson(Command):
    """What to decide about a colleague; what is left out stays."""

    user_id: Id
    star: bool | None = None
    vip: bool | None = None
    blocked: bool | None = None


class MarkContact(Command):
    """What to decide about a contact; what is left out stays."""

    contact_id: Id
    star: bool | None = None
    vip: bool | None = None
    blocked: bool | None = None


class MarkNumber(Command):
    """What to decide about a number, or about all that begin so; what is left out stays."""

    number: Caller
    blocked: bool | None = None
    vip: bool | None = None
    name: Text | None = None


class MarkAnonymous(Command):
    """Whether to block callers who hide their number."""

    blocked: bool


class OneFavourite(Command):
    """Names something that one decided about a caller."""

    favourite_id: Id


def given(data: msgspec.Struct, *apart: str) -> dict[str, Any]:
    """The fields that the client gave, phones as pairs; but for those named *apart*."""
    found = {
        name: value
        for name in data.__struct_fields__
        if name not in apart and (value := getattr(data, name)) is not None
    }
    if "phones" in found:
        found["phones"] = [(phone.kind, phone.number) for phone in found["phones"]]
    return found

"""What clients may send about accounts: one type per order, unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from server.inputs import Command, Id
from storage.models import Country, Language, PhoneKind, Plan

# Patterns stand in the description alone: the rules of the domain check them, and say what is
# wrong in the person's language.
_UNWANTED = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069"
_LINE = {"pattern": rf"^[^{_UNWANTED}]*$"}
_WORDS = {"pattern": rf"^[^{_UNWANTED}]*[^\s{_UNWANTED}][^{_UNWANTED}]*$"}
_LABEL = r"[A-Za-z0-9\u00df-\u00f6\u00f8-\u00ff]"
_LOCAL = r"[^\s@<>()\[\],;:\\\"\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]{1,64}"
_EMAIL = {
    "pattern": rf"^{_LOCAL}@(?:{_LABEL}(?:[A-Za-z0-9-]{{0,20}}{_LABEL})?\.)+[A-Za-z]{{2,20}}$"
}
_HANDLE = {"pattern": rf"^@?{_LABEL}(?:[A-Za-z0-9._-]{{0,30}}{_LABEL})?$"}
_NUMBER = {"pattern": r"^\+?(?:[ ()/.-]{0,3}[0-9]){2,15}[ ()/.-]{0,3}$"}

Login = Annotated[str, Meta(min_length=1, max_length=254, description="An e-mail address.")]
Email = Annotated[str, Meta(min_length=1, max_length=254, extra_json_schema=_EMAIL)]
Name = Annotated[str, Meta(min_length=1, max_length=120, extra_json_schema=_WORDS)]
Text = Annotated[str, Meta(max_length=120, extra_json_schema=_LINE)]
Secret = Annotated[str, Meta(min_length=1, max_length=200)]
Chosen = Annotated[str, Meta(min_length=10, max_length=200, description="A new password.")]
Token = Annotated[str, Meta(min_length=1, max_length=200)]
Zone = Annotated[
    str, Meta(min_length=1, max_length=64, extra_json_schema={"format": "iana-time-zone"})
]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Span = Annotated[list[Clock], Meta(min_length=2, max_length=2)]
Spans = Annotated[tuple[Span, ...], Meta(max_length=6)]
Number = Annotated[str, Meta(min_length=2, max_length=32, extra_json_schema=_NUMBER)]
Handle = Annotated[str, Meta(min_length=1, max_length=32, extra_json_schema=_HANDLE)]
GivenRole = Literal["member", "admin", "attendant", "operator"]


class Hours(Command):
    """Working hours by weekday, local time. A span may end after midnight; no span is free."""

    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()


class PhoneInput(Command):
    """A telephone number or an extension."""

    kind: PhoneKind
    number: Number


Phones = Annotated[list[PhoneInput], Meta(max_length=10)]


class SignIn(Command):
    """An e-mail address and its password. `code` is for a second factor."""

    email: Login
    password: Secret
    code: Annotated[str, Meta(max_length=20)] | None = None
    device: Annotated[str, Meta(max_length=120)] | None = None


class OneSession(Command):
    """Names one of my devices."""

    session_id: Id


class ChangePassword(Command):
    """The password as it is, and as it should be."""

    current: Secret
    new: Chosen


class ForgotPassword(Command):
    """To whom a link should be mailed."""

    email: Login


class ResetPassword(Command):
    """A new password by a mailed link."""

    token: Token
    new: Chosen


class OneInvitation(Command):
    """Names an invitation by the secret in its link."""

    token: Token


class AcceptInvitation(Command):
    """The first password, and what the invitation should have said."""

    token: Token
    password: Chosen
    name: Name | None = None
    language: Language | None = None


class UpdateMe(Command):
    """What to change in my profile; what is left out stays.

    `own_hours` false goes back to the company's hours. `auto_gone`: outside of them I have gone for
    the day. `delegates` may choose activities for me.
    """

    name: Name | None = None
    title: Text | None = None
    department: Text | None = None
    phones: Phones | None = None
    language: Language | None = None
    time_zone: Zone | None = None
    note: Annotated[str, Meta(max_length=200, extra_json_schema=_LINE)] | None = None
    working_hours: Hours | None = None
    own_hours: bool | None = None
    auto_gone: bool | None = None
    delegates: Annotated[list[Id], Meta(max_length=50)] | None = None
    handle: Handle | None = None


class OnePerson(Command):
    """Names a colleague."""

    user_id: Id


class OnePicture(Command):
    """Names a colleague's picture; `v` is the version, in the address that the person carries."""

    user_id: Id
    v: Annotated[str, Meta(max_length=64)] | None = None


class AddPerson(Command):
    """Someone new in the company; they are mailed an invitation unless `invite` is false."""

    email: Email
    name: Name
    plan: Plan = "pro"
    role: GivenRole = "member"
    title: Text = ""
    department: Text = ""
    phones: Phones | None = None
    language: Language | None = None
    invite: bool = True


class UpdatePerson(Command):
    """What to change about a person; what is left out stays."""

    user_id: Id
    name: Name | None = None
    title: Text | None = None
    department: Text | None = None
    phones: Phones | None = None
    plan: Plan | None = None
    role: GivenRole | None = None
    language: Language | None = None
    email: Email | None = None


class ImportPeople(Command):
    """How to read the file: try it, or apply it and invite those who are new."""

    dry_run: bool = True
    invite: bool = True


class AuditPage(Command):
    """The latest entries, or those before one."""

    before: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class UpdateOrg(Command):
    """What to change about the company; what is left out stays."""

    name: Name | None = None
    language: Language | None = None
    time_zone: Zone | None = None
    working_hours: Hours | None = None
    country: Country | None = None
    holidays: bool | None = None


class AddBot(Command):
    """A new bot."""

    name: Name
    handle: Handle | None = None


class AddToken(Command):
    """A new token for a bot, and what it is for."""

    user_id: Id
    name: Name


class OneToken(Command):
    """Names a bot's token."""

    user_id: Id
    token_id: Id


class FirstAdmin(Command):
    """Who will administer a new company."""

    email: Email
    name: Name


class AddOrg(Command):
    """A new company and its first administrator."""

    name: Name
    admin: FirstAdmin
    language: Language = "sv"
    time_zone: Zone = "Europe/Stockholm"


class OperateOrg(Command):
    """Rename a company, or shut it out or let it in."""

    org_id: Id
    name: Name | None = None
    blocked: bool | None = None


def given(data: msgspec.Struct, *apart: str) -> dict[str, Any]:
    """The fields that the client gave, phones as pairs; but for those named *apart*."""
    found = {
        name: value
        for name in data.__struct_fields__
        if name not in apart and (value := getattr(data, name)) is not None
    }
    if "phones" in found:
        found["phones"] = [(phone.kind, phone.number) for phone in found["phones"]]
    if "working_hours" in found:
        hours = msgspec.structs.asdict(found["working_hours"])
        found["working_hours"] = {day: list(spans) for day, spans in hours.items()}
    return found

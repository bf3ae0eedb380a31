"""What clients may send: one type per command, unknown fields refused; and `read`, which checks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import orjson
from msgspec import Meta, Struct

from server.domain.errors import Invalid

Input = TypeVar("Input", bound=Struct)

Id = Annotated[str, Meta(min_length=1, max_length=64, description="An id minted by the server.")]
ClientId = Annotated[
    str, Meta(min_length=1, max_length=64, description="Minted by the client, once per message.")
]
LAST = 10**15 - 1  # fits in what JavaScript counts exactly
Seq = Annotated[int, Meta(ge=1, le=LAST, description="An entry's place in its room's log.")]
Cursor = Annotated[int, Meta(ge=0, le=LAST, description="The last seq seen; 0 for none.")]
# What the domain asks of texts, for the description; the domain itself says it in better words.
WORDS = {"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}
WORD = {"pattern": r"^[^\u0000]*\w[^\u0000]*$"}
PLACE = {"pattern": r"^[0-9]{1,14}\.[^.\u0000]{1,64}\.[0-9]{1,16}$"}
NO_FILES: dict[str, Any] = {"enum": [[]]}  # until there are files to send
Time = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]
RoomName = Annotated[str, Meta(min_length=1, max_length=120, extra_json_schema=WORDS)]
Body = Annotated[str, Meta(extra_json_schema=WORDS)]
Topic = Annotated[str, Meta(max_length=500)]
Ids = Annotated[list[Id], Meta(max_length=1000)]


class Command(Struct, forbid_unknown_fields=True):
    """An order from a client."""


class Empty(Command):
    """No data."""


class Direct(Command):
    """The 1-1 room with a colleague (or with oneself)."""

    user_id: Id


class CreateRoom(Command):
    """A new group."""

    name: RoomName
    member_ids: Ids


class InRoom(Command):
    """Names a room and nothing more."""

    room_id: Id


class UpdateRoom(Command):
    """A group's new name or topic."""

    room_id: Id
    name: RoomName | None = None
    topic: Topic | None = None


class AddMembers(Command):
    """People to add to a group."""

    room_id: Id
    user_ids: Annotated[list[Id], Meta(min_length=1, max_length=1000)]


class RemoveMember(Command):
    """A person to take out of a group."""

    room_id: Id
    user_id: Id


class History(Command):
    """A page of a room's log: newest, or before, after or around a seq."""

    room_id: Id
    before: Seq | None = None
    after: Cursor | None = None
    around: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Sync(Command):
    """What happened after these cursors: room id to the last seq seen."""

    cursors: Annotated[dict[Id, Cursor], Meta(max_length=5000)]


class Read(Command):
    """Everything up to seq has been read."""

    room_id: Id
    seq: Cursor


class RoomSettings(Command):
    """How the member wants to be told about this room."""

    room_id: Id
    notify: Literal["all", "mentions", "none"]
    muted_until: Time | None = None


class SendMessage(Command):
    """A message, once per client_id."""

    room_id: Id
    body: Body
    client_id: ClientId
    reply_to: Seq | None = None
    file_ids: Annotated[list[Id], Meta(max_length=10, extra_json_schema=NO_FILES)] | None = None


class EditMessage(Command):
    """New words for an own message."""

    room_id: Id
    seq: Seq
    body: Body


class OneMessage(Command):
    """Names a message."""

    room_id: Id
    seq: Seq


class React(Command):
    """Put or take back a reaction."""

    room_id: Id
    seq: Seq
    emoji: Annotated[str, Meta(min_length=1, max_length=32)]
    on: bool


class Pin(Command):
    """Pin or unpin a message."""

    room_id: Id
    seq: Seq
    on: bool


class Search(Command):
    """Words to find in all my rooms, narrowed by filters."""

    query: Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema=WORD)]
    room_id: Id | None = None
    author_id: Id | None = None
    before: Time | None = None
    after: Time | None = None
    has_file: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: Annotated[str, Meta(max_length=200, extra_json_schema=PLACE)] | None = None


class Note(Command):
    """A note in free text; empty takes it away."""

    note: Annotated[str, Meta(max_length=200)]


class Active(Command):
    """Whether the person is at this device."""

    active: bool


_REASONS = (
    (re.compile(r"missing required field `(?P<field>[^`]+)`"), "missing"),
    (re.compile(r"unknown field `(?P<field>[^`]*)`"), "unknown_field"),
    (re.compile(r"Expected `str` of length <= (?P<limit>\d+)"), "too_long"),
    (re.compile(r"Expected `str` of length >= 1\b"), "empty"),
    (re.compile(r"Expected `str` of length >= (?P<limit>\d+)"), "too_short"),
    (re.compile(r"Expected `(?:array|object)` of length <= (?P<limit>\d+)"), "too_many"),
    (re.compile(r"Expected `(?:array|object)` of length >= (?P<limit>\d+)"), "too_few"),
    (re.compile(r"Expected `(?:int|float)` <= (?P<limit>[\d.]+)"), "too_large"),
    (re.compile(r"Expected `(?:int|float)` >= (?P<limit>[\d.]+)"), "too_small"),
    (re.compile(r"Expected `str` matching regex"), "bad_format"),
    (re.compile(r"Invalid enum value"), "not_a_choice"),
    (re.compile(r"Invalid (?:RFC3339|ISO)"), "bad_time"),
)
_PATH = re.compile(r" - at `(?:key` in `)?\$(?P<path>[^`]*)`")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(data: Any, kind: type[Input], *, strict: bool = True) -> Input:
    """*data*, checked and typed. Not *strict*: numbers may be written as text, as in a query.

    Raises Invalid, naming the field.
    """
    if not isinstance(data, dict):
        raise Invalid("data", "not_object")
    try:
        found = msgspec.convert(data, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None
    for name in kind.__struct_fields__:
        _check_value(name, getattr(found, name))
    return found


def read_json(body: bytes, kind: type[Input]) -> Input:
    """A JSON body, checked and typed. Raises Invalid."""
    return read(parse(body), kind)


def parse(body: bytes) -> Any:
    """JSON from outside. Raises Invalid when it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid("data", "not_json") from None


def _refusal(message: str) -> Invalid:
    path = _PATH.search(message)
    outer = path["path"].lstrip(".").replace("[...]", "") if path else ""
    for pattern, reason in _REASONS:
        match = pattern.search(message)
        if match:
            facts = match.groupdict()
            inner = facts.pop("field", None)
            field = ".".join(part for part in (outer, inner) if part)
            return Invalid(field or "data", reason, **facts)
    return Invalid(outer or "data", "wrong_type")


def _check_value(name: str, value: Any) -> None:
    # NUL is legal JSON, but neither search nor every terminal and client survives it; lone
    # surrogates cannot be encoded at all.
    if isinstance(value, str) and ("\x00" in value or not _encodable(value)):
        raise Invalid(name, "bad_text")
    if isinstance(value, datetime) and not _keepable(value):
        raise Invalid(name, "bad_time")
    if isinstance(value, list | dict):
        for each in value:
            _check_value(name, each)


def _keepable(moment: datetime) -> bool:
    """Whether it can be written in UTC, and with four digits for the year."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) >= _EPOCH
    except OverflowError:
        return False


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

"""What administrators and exchanges may send about telephony: unknown fields refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from server.account_inputs import Name
from server.domain.errors import Invalid
from server.domain.telephony.events import Told
from server.domain.telephony.lines import CallType
from server.inputs import LAST, Command, Id, Time
from storage.telephony import Line, NumberKind, Treatment

_PLANNED = {"pattern": r"^[0-9]{2,6}$|^\+[1-9][0-9]{6,14}$"}

Planned = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=40,
        description="An extension of two to six digits, or a number as people write it.",
        extra_json_schema=_PLANNED,
    ),
]
EventSeq = Annotated[int, Meta(ge=1, le=LAST, description="1, 2, 3 … within the stream.")]
CallId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        description="The exchange's own id of the call.",
        pattern=r"^[^\u0000]+$",
    ),
]
Who = Annotated[
    str, Meta(min_length=1, max_length=64, description="A user id, an extension or a number.")
]
Text = Annotated[str, Meta(max_length=120)]


class PutNumber(Command):
    """Whose a number is; null for nobody's."""

    number: Planned
    kind: NumberKind
    user_id: Id | None = None


class OneNumber(Command):
    """Names a number of the plan."""

    number: Planned


class AddExchange(Command):
    """A new exchange."""

    name: Name


class RotateExchange(Command):
    """How many hours the secret from before stays good."""

    credential_id: Id
    keep_hours: Annotated[int, Meta(ge=0, le=168)] = 24


class OneExchange(Command):
    """Names an exchange."""

    credential_id: Id


class AfterAnnouncement(Command):
    """What a caller may choose when the announcement has been played."""

    voicemail: bool = True
    colleague_id: Id | None = None
    switchboard: bool = False


class PutCallRules(Command):
    """What becomes of calls that I do not answer; what is left out stays. `after` goes whole."""

    ring_seconds: Annotated[int, Meta(ge=5, le=60)] | None = None
    open_redirect: bool | None = None
    busy: Treatment | None = None
    no_answer: Treatment | None = None
    offline: Treatment | None = None
    after: AfterAnnouncement | None = None
    anonymous: Literal["ring", "block"] | None = None


class ToldLine(Command):
    """What a telephone does, as the exchange itself sees it."""

    user: Who
    state: Line


class ToldEvent(Command):
    """What happened: to a call (`call_id` and `type`), or to a line (`line`)."""

    seq: EventSeq
    at: Time
    call_id: CallId | None = None
    type: CallType | None = None
    user: Who | None = None
    peer: Who | None = None
    queue: Text | None = None
    cause: Text | None = None
    line: ToldLine | None = None


class ToldEvents(Command):
    """Events in the order of their seq. A new `stream` begins at 1: everybody is idle then."""

    events: Annotated[list[ToldEvent], Meta(max_length=500)]
    stream: Annotated[str, Meta(max_length=64)] = ""


def rules_given(data: PutCallRules) -> dict[str, Any]:
    """The fields of CallRules that were given."""
    apart = {"after", "anonymous"}
    found = {
        name: value
        for name in data.__struct_fields__
        if name not in apart and (value := getattr(data, name)) is not None
    }
    if data.after is not None:
        found |= {name: getattr(data.after, name) for name in data.after.__struct_fields__}
    return found


def told(data: ToldEvents) -> list[Told]:
    """The events as the use case takes them. Raises Invalid."""
    return [_told(each) for each in data.events]


def _told(event: ToldEvent) -> Told:
    if event.line is not None:
        if event.call_id is not None or event.type is not None:
            raise Invalid("events", "call_or_line")
        line = event.line
        return Told(seq=event.seq, at=_utc(event.at), user=line.user, state=line.state)
    if event.call_id is None or event.type is None:
        raise Invalid("events", "call_or_line")
    return Told(
        seq=event.seq,
        at=_utc(event.at),
        call_id=event.call_id,
        type=event.type,
        user=event.user,
        peer=event.peer,
    )


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("events", "time_zone_missing")
    return moment.astimezone(UTC)

"""What calls make of people's lines: the rules, over nouns alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from storage.telephony import Line, LineState

CallType = Literal[
    "created", "ringing", "answered", "held", "resumed", "transferred", "diverted", "ended"
]
# A person may have several calls; what shows is the one that occupies them most.
ORDER: tuple[Line, ...] = ("in_call", "on_hold", "ringing")
BECOMES: Mapping[str, Line] = {
    "created": "in_call",
    "ringing": "ringing",
    "answered": "in_call",
    "held": "on_hold",
    "resumed": "in_call",
}
Calls = dict[str, Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """What happened to a call.

    `user` is at whose telephone, `peer` who is on the other side, as ids of people; None: nobody of
    the company.
    """

    seq: int
    at: datetime
    call_id: str
    type: CallType
    user: str | None = None
    peer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEvent:
    """What a telephone does as the exchange itself sees it, whatever was told of its calls."""

    seq: int
    at: datetime
    user: str | None
    state: Line


Event = CallEvent | LineEvent


class Lines:
    """The lines of a company's people while events of one exchange are applied to them."""

    def __init__(
        self, exchange: str, org_id: str, known: Mapping[str, LineState], now: datetime
    ) -> None:
        self._exchange, self._org_id, self._now = exchange, org_id, now
        self._known = known
        self._lines = dict(known)

    def apply(self, event: Event) -> None:
        """Let the event change whom it is about."""
        if isinstance(event, LineEvent):
            if event.user is not None:
                self._state(event.user, event.state, event.at)
            return
        key = call_key(self._exchange, event.call_id)
        if event.type == "ended" and event.user is None:
            for user in self._in_call(key):
                self._set(user, key, None, event.at)
        elif event.user is not None:
            self._set(event.user, key, BECOMES.get(event.type), event.at)
        if event.type == "answered":
            self._answered(event, key)

    def begin_anew(self, at: datetime) -> None:
        """The exchange knows nothing of the calls that it told of before."""
        for user, line in list(self._lines.items()):
            self._lines[user] = _sum(line, _others(line, self._exchange), self._now, at)

    def changed(self) -> list[LineState]:
        """The lines that are not as they were."""
        return [
            line
            for user, line in self._lines.items()
            if self._calls_before(user) != line.calls or self._since_before(user) != line.since
        ]

    def shown(self) -> list[str]:
        """Whose line shows something else than it did."""
        return [
            user
            for user, line in self._lines.items()
            if line.state != (self._known[user].state if user in self._known else "idle")
        ]

    def _answered(self, event: CallEvent, key: str) -> None:
        """The other side is in the call too; where else it rang, it rings no more."""
        for user in self._in_call(key):
            if user == event.peer:
                self._set(user, key, "in_call", event.at)
            elif user != event.user and self._lines[user].calls[key] == "ringing":
                self._set(user, key, None, event.at)

    def _set(self, user: str, key: str, state: Line | None, at: datetime) -> None:
        line = self._line(user)
        calls = {each: of for each, of in line.calls.items() if each not in (self._itself, key)}
        if state is not None:
            calls[key] = state
        self._lines[user] = _sum(line, calls, self._now, at, key)

    def _state(self, user: str, state: Line, at: datetime) -> None:
        line = self._line(user)
        calls = _others(line, self._exchange)
        if state != "idle":
            calls[self._itself] = state
        self._lines[user] = _sum(line, calls, self._now, at, self._itself)

    @property
    def _itself(self) -> str:
        """What stands for calls of which only a line's state is known."""
        return call_key(self._exchange, "")

    def _line(self, user: str) -> LineState:
        known = self._lines.get(user)
        return known or LineState(user_id=user, org_id=self._org_id, at=self._now)

    def _in_call(self, key: str) -> list[str]:
        return [user for user, line in self._lines.items() if key in line.calls]

    def _calls_before(self, user: str) -> Calls:
        return self._known[user].calls if user in self._known else {}

    def _since_before(self, user: str) -> dict[str, datetime]:
        return self._known[user].since if user in self._known else {}


def call_key(exchange: str, call_id: str) -> str:
    """What a call goes by: two exchanges may use the same id."""
    return f"{exchange}/{call_id}"


def without(line: LineState, exchange: str, now: datetime) -> LineState:
    """The line without the calls of that exchange."""
    return _sum(line, _others(line, exchange), now, now)


def without_old(line: LineState, before: datetime, now: datetime) -> LineState:
    """The line without calls last heard of before that moment: nobody told how they ended."""
    kept = {key: state for key, state in line.calls.items() if line.since[key] >= before}
    return _sum(line, kept, now, now)


def _others(line: LineState, exchange: str) -> Calls:
    mark = call_key(exchange, "")
    return {key: state for key, state in line.calls.items() if not key.startswith(mark)}


def _sum(line: LineState, calls: Calls, now: datetime, at: datetime, heard: str = "") -> LineState:
    """The line with these calls. `at` is when it came to do what it does, by the exchange."""
    since = {key: line.since.get(key, now) for key in calls}
    if heard in calls:
        since[heard] = now
    state = _busiest(calls.values())
    moment = line.at if state == line.state and line.calls else min(at, now)
    return replace(line, state=state, calls=calls, since=since, at=moment)


def _busiest(states: Iterable[Line]) -> Line:
    found = set(states)
    return next((each for each in ORDER if each in found), "idle")

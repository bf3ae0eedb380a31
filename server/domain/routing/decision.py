"""What becomes of a call. Pure: everything that is known about it comes in as arguments.

The order is the product's promise: 1 a number that nobody has is rejected, 2 who is blocked hears
busy, 3 calls through a queue go by the queue's rules, 4 a VIP rings through a closed activity,
5 anybody else hears the announcement, 6 an open telephone rings. What the telephone does at the
moment never changes the activity, and a closed activity comes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from server.domain.activities.state import State
from server.domain.contacts.favourites import CallerRules
from storage.models import User
from storage.telephony import CallRules, CompanyNumber, Treatment

Stage = Literal["start", "no_answer", "busy", "offline", "digits", "after_play"]

MOST_DIVERSIONS = 5
COLLEAGUE, SWITCHBOARD = "1", "9"
WAIT_FOR_DIGIT = 5  # seconds after the announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as its exchange tells of it. *number* is E.164 or an extension where it can be."""

    call_id: str = ""
    number: str | None = None
    name: str = ""
    anonymous: bool = False
    to: str = ""
    stage: Stage = "start"
    digits: str = ""
    queue: str | None = None
    diversions: int = 0
    override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """Whose number it is, what they do, and what they decided.

    *devices* are the numbers that ring; *colleague* and *switchboard* those that a caller may
    choose after the announcement.
    """

    user: User
    state: State
    callers: CallerRules
    rules: CallRules
    devices: tuple[str, ...] = ()
    colleague: str | None = None
    switchboard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the number that was called.

    *callee* None with a *number* is a number that is nobody's: the company's main number, or one
    that is not given to anybody. *attendant* is whether an attendant transfers the call.
    """

    number: CompanyNumber | None = None
    callee: Callee | None = None
    attendant: bool = False
    caller_name: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing for the exchange to do, with its particulars."""

    do: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, in order, and why: codes like "activity:lunch". *tags* are for who answers."""

    steps: tuple[Step, ...]
    why: tuple[str, ...]
    tags: tuple[str, ...] = ()
    name: str = ""


def decide(call: Call, known: Known) -> Decision:
    """What becomes of *call*."""
    callee = known.callee
    if callee is None:
        return _nobodys(call, known.number)
    refused = _refused(call, callee)
    if refused:
        return _reject(*refused)
    name = _name(call, known, callee)
    if call.queue is not None:
        return _by_queue(call, callee, name)
    if call.stage in ("digits", "after_play"):
        return _afterwards(call, callee, name)
    if callee.state.closed:
        return _closed(call, callee, name, attendant=known.attendant)
    return _open(call, callee, name)


def _nobodys(call: Call, number: CompanyNumber | None) -> Decision:
    """The company's main number is its switchboard's; any other is not in use."""
    if number is None:
        return _reject("unknown", "number:unknown")
    if number.kind == "main":
        facts = {"queue": call.queue or "switchboard", "number": call.to, "offer": True}
        return Decision((Step("queue", facts),), ("number:main",))
    return _reject("unassigned", "number:unassigned")


def _refused(call: Call, callee: Callee) -> tuple[str, str] | None:
    """The cause and the reason why the call goes nowhere, if it does not."""
    if callee.user.blocked:
        return "barred", "number:barred"
    blocked = _blocked(call, callee.callers)
    if blocked:
        return "busy", blocked
    if call.diversions > MOST_DIVERSIONS:
        return "too_many_diversions", "diversions:limit"
    return None


def _reject(cause: str, why: str) -> Decision:
    return Decision((Step("reject", {"cause": cause}),), (why,))


def _blocked(call: Call, callers: CallerRules) -> str:
    """Why the caller is blocked, or nothing."""
    if call.anonymous or call.number is None:
        return "blocked:anonymous" if callers.block_anonymous else ""
    if call.number in callers.blocked:
        return "blocked:number"
    if any(call.number.startswith(prefix) for prefix in callers.blocked_prefixes):
        return "blocked:prefix"
    return ""


def _is_vip(call: Call, callers: CallerRules) -> bool:
    """Any number of a VIP's; who hides theirs is never one."""
    return not call.anonymous and call.number is not None and call.number in callers.vip


def _name(call: Call, known: Known, callee: Callee) -> str:
    """Whom to show who answers; somebody who hides their number hides their name."""
    if call.anonymous:
        return ""
    return callee.callers.vip.get(call.number or "") or known.caller_name or call.name


def _by_queue(call: Call, callee: Callee, name: str) -> Decision:
    """The queue's rules only: not the person's activity, but for those that pause queues."""
    state = callee.state
    offer = not state.pauses_queues
    why = ("queue", "queue:kept" if offer else f"queue:paused:{state.activity_id}")
    facts = {"queue": call.queue, "number": call.to, "offer": offer}
    return Decision((Step("queue", facts),), why, (), name)


def _closed(call: Call, callee: Callee, name: str, *, attendant: bool) -> Decision:
    state = callee.state
    vip = _is_vip(call, callee.callers)
    tags = (("vip",) if vip else ()) + (("override_possible",) if attendant else ())
    if call.stage != "start":
        why = (f"stage:{call.stage}", *state.why)
        return Decision(_announced(call, callee), why, tags, name)
    through = _through(call, callee, vip=vip, attendant=attendant)
    if through:
        return Decision(_ring(callee, vip=vip), (through, *state.why), tags, name)
    return Decision(_announced(call, callee), state.why, tags, name)


def _through(call: Call, callee: Callee, *, vip: bool, attendant: bool) -> str:
    """Why the call rings although the telephone is closed, if it does."""
    if attendant and call.override:
        return "override:attendant"
    if vip and callee.state.type.vip_through:
        return "vip"
    return "open_redirect" if callee.rules.open_redirect else ""


def _open(call: Call, callee: Callee, name: str) -> Decision:
    vip = _is_vip(call, callee.callers)
    tags = ("vip",) if vip else ()
    if call.stage == "start":
        return Decision(_ring(callee, vip=vip), callee.state.why, tags, name)
    treatments: dict[str, Treatment] = {
        "no_answer": callee.rules.no_answer,
        "busy": callee.rules.busy,
        "offline": callee.rules.offline,
    }
    treatment = treatments[call.stage]
    why = (f"stage:{call.stage}", f"rule:{treatment}", *callee.state.why)
    return Decision(_treated(treatment, call, callee), why, tags, name)


def _ring(callee: Callee, *, vip: bool) -> tuple[Step, ...]:
    """Ring the devices, then ask again: the world may have changed while they rang."""
    facts = {
        "user_id": callee.user.id,
        "numbers": list(callee.devices),
        "seconds": callee.rules.ring_seconds,
        "vip": vip,
    }
    return (Step("ring", facts), Step("ask_again", {"stage": "no_answer"}))


def _treated(treatment: Treatment, call: Call, callee: Callee) -> tuple[Step, ...]:
    if treatment == "busy":
        return (Step("reject", {"cause": "busy"}),)
    if treatment == "voicemail":
        return (Step("voicemail", {"user_id": callee.user.id}),)
    return _announced(call, callee)


def _announced(call: Call, callee: Callee) -> tuple[Step, ...]:
    return (Step("announce"), *_after(call, callee))


def _after(call: Call, callee: Callee) -> tuple[Step, ...]:
    """What the caller may do when the announcement has been played."""
    options = choices(call, callee)
    last = (
        Step("voicemail", {"user_id": callee.user.id}) if callee.rules.voicemail else Step("hangup")
    )
    if not options:
        return (last,)
    return (Step("choice", {"options": options, "seconds": WAIT_FOR_DIGIT}), last)


def choices(call: Call, callee: Callee) -> dict[str, str]:
    """Digit to number. None once the call has been diverted as often as calls may be."""
    found: dict[str, str] = {}
    if call.diversions >= MOST_DIVERSIONS:
        return found
    if callee.rules.colleague_id is not None and callee.colleague is not None:
        found[COLLEAGUE] = callee.colleague
    if callee.rules.switchboard and callee.switchboard is not None:
        found[SWITCHBOARD] = callee.switchboard
    return found


def _afterwards(call: Call, callee: Callee, name: str) -> Decision:
    """The announcement has been heard, and perhaps a digit pressed."""
    number = choices(call, callee).get(call.digits) if call.stage == "digits" else None
    if number is not None:
        return Decision((Step("connect", {"number": number}),), (f"digit:{call.digits}",), (), name)
    why = ("digit:none",) if call.stage == "digits" else ("stage:after_play", *callee.state.why)
    return Decision(_after(call, callee), why, (), name)

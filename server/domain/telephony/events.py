"""What exchanges tell of calls and telephones, and how it becomes what colleagues see.

Events are numbered from 1 by the exchange, in a stream that it may name. They are applied in that
order, once: what was told before changes nothing, and after a gap the missing ones are asked for.
An exchange that has lost count begins a new stream: then nobody is in a call until it says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from server.app import App
from server.domain.errors import NotSignedIn
from server.domain.telephony.lines import (
    CallEvent,
    CallType,
    Event,
    LineEvent,
    Lines,
    call_key,
    without_old,
)
from server.domain.telephony.plan import normalised
from storage.lines import Advance
from storage.telephony import Line, LineState, PbxCredential

FORGOTTEN = timedelta(hours=24)
STREAMS = 20  # ended ones that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as the exchange tells it: `user` and `peer` by id, extension or number.

    Either of a call (`type`, `call_id`) or of a line (`state`).
    """

    seq: int
    at: datetime
    call_id: str = ""
    type: CallType | None = None
    user: str | None = None
    peer: str | None = None
    state: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Advance):
    """What became of a batch; `shown` is whose line shows something else than before."""

    applied: int
    next_seq: int
    missing: tuple[int, int] | None
    shown: tuple[str, ...]


async def take(
    app: App, credential: PbxCredential, stream: str, told: Sequence[Told]
) -> dict[str, Any]:
    """Apply a batch of events: {applied, next_seq, missing?}. Raises NotSignedIn."""
    people = await _people(app, credential.org_id, told)
    events = [_event(each, people) for each in sorted(told, key=lambda each: each.seq)]
    calls = {
        call_key(credential.id, each.call_id) for each in events if isinstance(each, CallEvent)
    }
    now: datetime = app.now()

    def decide(current: PbxCredential, lines: Mapping[str, LineState]) -> Taken:
        return advance(current, stream, events, lines, now)

    taken = await app.stores.lines.advance(
        credential, stream, sorted(set(people.values())), sorted(calls), decide
    )
    if taken is None:  # removed a moment ago
        raise NotSignedIn("pbx_key")
    if taken.shown:
        app.presence.touch(credential.org_id, list(taken.shown))
    missing = taken.missing and {"from": taken.missing[0], "to": taken.missing[1]}
    answer: dict[str, Any] = {"applied": taken.applied, "next_seq": taken.next_seq}
    return answer | ({"missing": missing} if missing else {})


def advance(
    credential: PbxCredential,
    stream: str,
    events: Sequence[Event],
    known: Mapping[str, LineState],
    now: datetime,
) -> Taken:
    """What these events, in the order of their seq, make of the lines. Pure."""
    if stream != credential.stream and stream in credential.ended:
        return _late(credential, events)
    lines = Lines(credential.id, credential.org_id, known, now)
    last, ended = credential.last_seq, credential.ended
    if stream != credential.stream:
        if last:
            ended = (*ended, credential.stream)[-STREAMS:]
            lines.begin_anew(now)
        last = 0
    applied, missing = 0, None
    for seq, same in groupby(events, key=lambda each: each.seq):
        if seq > last + 1:
            missing = (last + 1, seq - 1)
            break
        if seq == last + 1:
            lines.apply(next(same))
            last, applied = seq, applied + 1
    return Taken(
        stream=stream,
        last_seq=last,
        ended=ended,
        lines=lines.changed(),
        applied=applied,
        next_seq=last + 1,
        missing=missing,
        shown=tuple(lines.shown()),
    )


def _late(credential: PbxCredential, events: Sequence[Event]) -> Taken:
    """Of a stream that has ended: taken off the exchange's hands, and nothing more."""
    return Taken(
        stream=credential.stream,
        last_seq=credential.last_seq,
        ended=credential.ended,
        lines=[],
        applied=0,
        next_seq=events[-1].seq + 1 if events else 1,
        missing=None,
        shown=(),
    )


async def sweep(app: App) -> int:
    """End calls that nobody has told of for a day; how many lines that changed."""
    now: datetime = app.now()
    before = now - FORGOTTEN
    changed = await app.stores.lines.change_old(before, lambda line: without_old(line, before, now))
    by_org: dict[str, list[str]] = {}
    for line in changed:
        by_org.setdefault(line.org_id, []).append(line.user_id)
    for org_id, user_ids in by_org.items():
        app.presence.touch(org_id, user_ids)
    return len(changed)


async def _people(app: App, org_id: str, told: Sequence[Told]) -> dict[str, str]:
    """Ids of the people who are named, by what they are named with.

    Others are left out: exchanges have telephones that are no person's.
    """
    org = await app.stores.orgs.get(org_id)
    region = org.country if org else "SE"

    async def person(name: str) -> str | None:
        number = normalised(name, region)
        planned = await app.stores.numbers.get(org_id, number) if number else None
        user_id = planned.user_id if planned else name
        user = await app.stores.users.get(user_id) if user_id else None
        return user.id if user and user.org_id == org_id and user.role != "bot" else None

    names = sorted({each for event in told for each in (event.user, event.peer) if each})
    found = await asyncio.gather(*(person(name) for name in names))
    return {name: user_id for name, user_id in zip(names, found, strict=True) if user_id}


def _event(told: Told, people: Mapping[str, str]) -> Event:
    user, peer = people.get(told.user or ""), people.get(told.peer or "")
    if told.type is None:
        state = told.state or "idle"
        return LineEvent(seq=told.seq, at=told.at, user=user, state=state)
    return CallEvent(
        seq=told.seq,
        at=told.at,
        call_id=told.call_id,
        type=told.type,
        user=user,
        peer=None if peer == user else peer,
    )

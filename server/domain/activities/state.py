"""What a person does at a moment: a function of the rows, the kinds and the schedule. Pure.

The rules are those of the product: closed rows merge into chains (C8), what is chosen by hand
against the calendar (C10), gone for the day by itself (C12), a calendar that was not read for too
long does not count (C13), and nothing is ever "set" back to Available: when nothing counts any
more, the person is (C14).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from server.domain.activities.types import AVAILABLE, GONE, STANDARD
from server.domain.schedule import Schedule
from storage.telephony import Activity, ActivityType

GAP = timedelta(minutes=5)  # closed rows this near each other are one absence
# What outranks what, of rows that close the telephone. Open ones rank below all of these.
FOCUS, MEETING, AUTO_REPLY, KEYWORD, BY_HAND, OUT_OF_OFFICE = 10, 20, 30, 40, 45, 50
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a person does now, and until when.

    *row* is what says so; None when nothing does, or the schedule. *until* is when the person can
    be reached again: the end of the chain of closed rows, or the end of the open activity; None
    when nobody knows. *reason_public* is whether callers may hear the reason, *time_public* whether
    they may hear when that is. *pauses_queues*: calls of queues are for others meanwhile.
    """

    activity_id: str
    type: ActivityType
    row: Activity | None
    closed: bool
    until: datetime | None
    reason_public: bool
    time_public: bool = True
    why: tuple[str, ...]

    @property
    def pauses_queues(self) -> bool:
        """A row that leaves the telephone open leaves it open to queues as well."""
        opened = self.row is not None and self.row.opens
        return self.type.queue == "pause" and not opened


def state_at(
    now: datetime,
    rows: Iterable[Activity],
    types: Mapping[str, ActivityType],
    schedule: Schedule,
    *,
    auto_gone: bool = False,
    known_at: datetime | None = None,
) -> State:
    """What the person of these *rows* does at *now*; *rows* of unknown kinds do not count.

    *auto_gone*: outside of work with nothing else active they have gone for the day. What a
    calendar merely shows, and leaves the telephone open, is nothing in this respect. *known_at* is
    when the question is asked, if *now* is another moment: calendars trusted then are believed.
    """
    believed = trusted(rows, known_at or now)
    agenda = Agenda.of(near(believed, now, types), types)
    row = agenda.row_at(now)
    active = agenda.without_shown().row_at(now) if row and row.opens else row
    if auto_gone and (active is None or active.type_id == AVAILABLE):
        gone_until = _gone_until(now, active, schedule)
        if gone_until is not None:
            then = Agenda.of(near(believed, gone_until, types), types)
            return _gone(then, gone_until)
    return _available(types) if row is None else _doing(agenda, agenda.with_twins(row, now), now)


def _doing(agenda: Agenda, row: Activity, now: datetime) -> State:
    kind = agenda.types[row.type_id]
    closed = agenda.closes(row)
    until = agenda.back_at(now) if closed else row.end
    return State(
        activity_id=kind.id,
        type=kind,
        row=row,
        closed=closed,
        until=until,
        reason_public=not row.private,
        time_public=not (row.hide_time or (closed and agenda.hides(until, now))),
        why=(f"activity:{kind.id}", f"source:{row.source}"),
    )


def trusted(rows: Iterable[Activity], now: datetime) -> tuple[Activity, ...]:
    """The rows that count as far as anybody knows at *now* (C13)."""
    return tuple(row for row in rows if row.trusted_until is None or now < row.trusted_until)


def near(
    rows: Iterable[Activity], moment: datetime, types: Mapping[str, ActivityType]
) -> list[Activity]:
    """The rows that can have a part in what is done at *moment*, and in the absence it is in.

    A calendar is kept for weeks, and state is asked for all the time: what is far off is left out.
    """
    found, until = [], moment
    for row in sorted(rows, key=attrgetter("start")):
        if row.start - until > GAP:
            break
        end, kind = _end(row), types.get(row.type_id)
        if end <= moment and not by_hand(row):
            continue
        found.append(row)
        if kind is not None and kind.closes_phone and not row.opens:
            until = max(until, end)
    return found


def running(rows: Iterable[Activity], now: datetime) -> tuple[str, ...]:
    """The occurrences of calendars under way at *now*: what a manual Available suppresses."""
    return tuple(sorted({reference(row) for row in rows if not by_hand(row) and _covers(row, now)}))


def still_suppressed(rows: Iterable[Activity], now: datetime) -> tuple[str, ...]:
    """The occurrences under way that an earlier Available suppressed; the next choice keeps it."""
    agenda = Agenda.of(rows, None)
    chosen = agenda.chosen_at(now)
    found = [row for row in agenda.events if _covers(row, now) and _suppressed(row, chosen)]
    return tuple(sorted({reference(row) for row in found}))


def reference(row: Activity) -> str:
    """Which occurrence of which calendar the row is; the row itself where none is named."""
    return row.source_ref or row.id


def by_hand(row: Activity) -> bool:
    """Whether somebody chose it, the person or a colleague."""
    return row.source in ("manual", "admin")


@dataclass(frozen=True, slots=True)
class Agenda:
    """A person's rows, sorted out. Of those chosen by hand only the latest begun counts."""

    chosen: tuple[Activity, ...]
    events: tuple[Activity, ...]
    types: Mapping[str, ActivityType]

    @classmethod
    def of(cls, rows: Iterable[Activity], types: Mapping[str, ActivityType] | None) -> Agenda:
        """The agenda of rows in any order; without *types* the kinds do not matter."""
        known = [row for row in rows if types is None or row.type_id in types]
        chosen = sorted((row for row in known if by_hand(row)), key=_begun)
        return cls(tuple(chosen), tuple(row for row in known if not by_hand(row)), types or {})

    def chosen_at(self, moment: datetime) -> Activity | None:
        """What was last chosen by hand, ended or not."""
        return next((row for row in reversed(self.chosen) if row.start <= moment), None)

    def row_at(self, moment: datetime) -> Activity | None:
        """The row that counts at *moment* (C8, C10), or None."""
        chosen = self.chosen_at(moment)
        events = [
            row for row in self.events if _covers(row, moment) and not _suppressed(row, chosen)
        ]
        if chosen is None or not _covers(chosen, moment):
            return max(events, key=self._weight, default=None)
        if chosen.type_id == AVAILABLE:
            return max(events, key=self._weight, default=chosen)
        stronger = [row for row in events if self._takes_over(row, chosen)]
        return max(stronger, key=self._weight, default=chosen)

    def closed_at(self, moment: datetime) -> bool:
        """Whether a row closes the telephone at *moment*."""
        row = self.row_at(moment)
        return row is not None and self.closes(row)

    def back_at(self, since: datetime) -> datetime | None:
        """The end of the absence that *since* is in; None when it has none.

        Closed rows that overlap, or begin within `GAP` of the end of the one before, are one.
        """
        moments = {each for row in (*self.chosen, *self.events) for each in (row.start, row.end)}
        opened = None if self.closed_at(since) else since
        for moment in sorted(each for each in moments if each is not None and each > since):
            if opened is not None and moment - opened > GAP:
                return opened
            if self.closed_at(moment):
                opened = None
            elif opened is None:
                opened = moment
        return opened

    def hides(self, end: datetime | None, since: datetime) -> bool:
        """Whether *end*, of the absence that *since* is in, gives away a time that is kept."""
        said = tuple(row for row in self.events if not row.hide_time)
        return len(said) < len(self.events) and replace(self, events=said).back_at(since) != end

    def with_twins(self, row: Activity, moment: datetime) -> Activity:
        """*row*, keeping what any copy of it in another calendar keeps from callers."""
        same = [each for each in self.events if reference(each) == reference(row)]
        kept = [each for each in same if each.private and _covers(each, moment)]
        if row.private or not kept:
            return row
        hide_time = any(each.hide_time for each in kept)
        return replace(row, private=True, hide_time=hide_time, note="")

    def without_shown(self) -> Agenda:
        """The agenda but for what a calendar shows only."""
        return replace(self, events=tuple(row for row in self.events if not row.opens))

    def closes(self, row: Activity) -> bool:
        """Whether *row* closes the telephone when it counts."""
        return self.types[row.type_id].closes_phone and not row.opens

    def _takes_over(self, event: Activity, chosen: Activity) -> bool:
        """Whether *event* counts although *chosen* was chosen by hand and is not over (C10)."""
        if event.start <= chosen.start or event.source == "auto_reply":
            return False
        if self.closes(chosen) and not self.closes(event):
            return False  # nothing but its own end opens what somebody closed
        return self._rank(event) > self._rank(chosen) or _end(chosen) < _end(event)

    def _rank(self, row: Activity) -> int:
        if not self.closes(row):
            return 0
        return BY_HAND if by_hand(row) else row.priority

    def _weight(self, row: Activity) -> tuple[bool, int, datetime, str]:
        return self.closes(row), row.priority, _end(row), row.id


def _covers(row: Activity, moment: datetime) -> bool:
    return row.start <= moment < _end(row)


def _end(row: Activity) -> datetime:
    return row.end or FOR_EVER


def _begun(row: Activity) -> tuple[datetime, datetime, str]:
    return row.start, row.set_at, row.id


def _suppressed(event: Activity, chosen: Activity | None) -> bool:
    """Whether a manual Available put the occurrence aside; one moved ahead counts again."""
    return (
        chosen is not None and reference(event) in chosen.suppresses and event.start <= chosen.start
    )


def _gone_until(now: datetime, row: Activity | None, schedule: Schedule) -> datetime | None:
    """When work begins again, if it is over now and nobody stayed by choice (C12)."""
    if schedule.works_at(now):
        return None
    begins = schedule.next_start(now)
    if row is None or begins is None:
        return begins
    # Who chose Available outside of work stays so until work begins and ends the next time.
    stayed = not schedule.works_at(row.start) and schedule.next_start(row.start) == begins
    return None if stayed else begins


def _gone(agenda: Agenda, begins: datetime) -> State:
    kind = agenda.types.get(GONE) or _STANDARD[GONE]
    until = agenda.back_at(begins)
    return State(
        activity_id=kind.id,
        type=kind,
        row=None,
        closed=kind.closes_phone,
        until=until,
        reason_public=True,
        time_public=not agenda.hides(until, begins),
        why=(f"activity:{kind.id}", "source:schedule"),
    )


def _available(types: Mapping[str, ActivityType]) -> State:
    kind = types.get(AVAILABLE) or _STANDARD[AVAILABLE]
    return State(
        activity_id=kind.id,
        type=kind,
        row=None,
        closed=False,
        until=None,
        reason_public=True,
        why=(f"activity:{kind.id}",),
    )


_STANDARD = {each.id: each for each in STANDARD}

"""When a person works: weekly hours in their time zone, less holidays. Pure.

All moments are aware datetimes. Hours are local wall-clock time, so that a day that begins at 08:00
does so before and after the clocks change.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.models import WEEKDAYS, WorkingHours

LOOK_AHEAD = 400  # days in which work begins again, or it never does


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly *hours* in *zone*; *holidays* are dates without work.

    A span that ends at or before its beginning goes on past midnight; it belongs to the day on
    which it begins.
    """

    hours: WorkingHours
    zone: ZoneInfo
    holidays: Container[date] = frozenset()

    def works_at(self, moment: datetime) -> bool:
        """Whether *moment* is within work."""
        return self.span_at(moment) is not None

    def span_at(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """The span of work that covers *moment* (its end is outside), or None."""
        today = self.local(moment).date()
        found = [*self._spans(today - timedelta(days=1)), *self._spans(today)]
        covering = [span for span in found if span[0] <= moment < span[1]]
        return max(covering, key=lambda span: span[1]) if covering else None

    def end_of_work(self, moment: datetime) -> datetime | None:
        """When the last span that begins on *moment*'s day ends, if that is still to come.

        In the middle of a span that began the day before, the end of that span.
        """
        today = self.local(moment).date()
        current = self.span_at(moment)
        if current and self.local(current[0]).date() < today:
            return current[1]
        return max((end for _start, end in self._spans(today) if end > moment), default=None)

    def next_start(self, moment: datetime) -> datetime | None:
        """The first beginning of work at or after *moment*; None when none comes."""
        day = self.local(moment).date()
        for ahead in range(LOOK_AHEAD):
            for start, _end in self._spans(day + timedelta(days=ahead)):
                if start >= moment:
                    return start
        return None

    def next_day_start(self, moment: datetime) -> datetime | None:
        """The first beginning of work on a later day than *moment*'s; None when none comes."""
        tomorrow = self.local(moment).date() + timedelta(days=1)
        return self.next_start(self.midnight(tomorrow))

    def day_off(self, day: date) -> bool:
        """Whether no work begins on *day*."""
        return next(self._spans(day), None) is None

    def local(self, moment: datetime) -> datetime:
        """*moment* on the person's clock."""
        return moment.astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """When *day* begins where the person is, in UTC."""
        return _at(day, time(), self.zone)

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self.holidays:
            return
        for begins, ends in sorted(self.hours.get(WEEKDAYS[day.weekday()], [])):
            start = _at(day, _clock(begins), self.zone)
            later = ends == "24:00" or _clock(ends) <= _clock(begins)
            last = day + timedelta(days=1) if later else day
            yield start, _at(last, _clock(ends), self.zone)


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour) % 24, int(minute))


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time as a moment: in the gap of spring the hour after, in autumn the first."""
    return datetime.combine(day, clock, zone).astimezone(UTC)

"""Series: which occurrences there are between two moments, by the clock on their owner's wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FOREVER = 4000  # occurrences after which we stop counting
WINDOWS_NAMES = {
    "Europe/Stockholm": "W. Europe Standard Time",
    "Europe/Helsinki": "FLE Standard Time",
    "UTC": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """From `day` on, at a time on the wall in `zone`; `days` are of the week, 0 is Monday."""

    day: date
    at: time
    length: timedelta
    zone: str = "Europe/Stockholm"
    every: Literal["day", "week", "month"] = "week"
    interval: int = 1
    days: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None

    def starts(self, before: datetime) -> Iterator[datetime]:
        """Starts in UTC, in order, before that moment."""
        zone = ZoneInfo(self.zone)
        for number, day in enumerate(self._dates()):
            if number >= (self.count or FOREVER):
                return
            if self.until is not None and day > self.until:
                return
            # An hour that does not exist is told by the offset before it: 02.30 becomes 03.30.
            wall = datetime.combine(day, self.at, zone)
            start = wall.astimezone(UTC)
            if start >= before:
                return
            yield start

    def _dates(self) -> Iterator[date]:
        first = self.day
        if self.every == "day":
            for step in range(FOREVER):
                yield first + timedelta(days=step * self.interval)
        elif self.every == "week":
            monday = first - timedelta(days=first.weekday())
            for step in range(FOREVER):
                for day in sorted(self.days or (first.weekday(),)):
                    found = monday + timedelta(weeks=step * self.interval, days=day)
                    if found >= first:
                        yield found
        else:
            for step in range(FOREVER):
                month = first.month - 1 + step * self.interval
                yield first.replace(year=first.year + month // 12, month=month % 12 + 1)

    def wire(self) -> dict[str, Any]:
        """As Graph tells of it."""
        first = self.day
        kind = {"day": "daily", "week": "weekly", "month": "absoluteMonthly"}[self.every]
        days = [DAYS[each] for each in self.days or (first.weekday(),)]
        ends = "endDate" if self.until else "numbered" if self.count else "noEnd"
        return {
            "pattern": {
                "type": kind,
                "interval": self.interval,
                "month": 0,
                "dayOfMonth": first.day if self.every == "month" else 0,
                "daysOfWeek": days if self.every == "week" else [],
                "firstDayOfWeek": "monday",
                "index": "first",
            },
            "range": {
                "type": ends,
                "startDate": first.isoformat(),
                "endDate": (self.until or date.min).isoformat(),
                "recurrenceTimeZone": WINDOWS_NAMES.get(self.zone, self.zone),
                "numberOfOccurrences": self.count or 0,
            },
        }

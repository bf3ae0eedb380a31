"""A calendar as Google keeps it, and what became of it since any version."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from standins.google.series import Resource, instance, instance_id, moment, stamp, starts

PAST = timedelta(days=31)
FUTURE = timedelta(days=200)
STUB = ("id", "recurringEventId", "originalStartTime")


@dataclass
class View:
    """What a list shows, item by item, each with the version at which it last changed."""

    items: dict[str, Resource] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def become(self, items: Iterable[Resource], version: int) -> None:
        """Show *items* from *version* on; what is not among them is shown as cancelled."""
        fresh = {item["id"]: item for item in items}
        for key, item in self.items.items():
            if key not in fresh:
                fresh[key] = cancelled(item)
        for key, item in fresh.items():
            if self.items.get(key) != item:
                self.versions[key] = version
        self.items = fresh

    def since(self, version: int, until: int) -> list[Resource]:
        """What changed after *version* and not after *until*, by id."""
        return [
            self.items[key]
            for key, changed in sorted(self.versions.items())
            if version < changed <= until
        ]


def cancelled(item: Resource) -> Resource:
    """What is told of an event that is gone: its id; of an instance, also which it was."""
    return {**{key: item[key] for key in STUB if key in item}, "status": "cancelled"}


class Calendar:
    """One calendar: its events, and the two ways in which they are listed.

    Every method that changes something is one change: a version, and a call of *changed*.
    Times are datetimes with a zone, or dates for what lasts whole days (the end exclusive).
    """

    def __init__(
        self,
        calendar_id: str,
        summary: str,
        zone: str,
        clock: Callable[[], datetime],
        changed: Callable[[Calendar], None],
    ) -> None:
        self.id = calendar_id
        self.summary = summary
        self.zone = zone
        self.colour = "#9fe1e7"
        self.version = 1
        self.generation = 0  # sync tokens of another one are no longer good
        self.pushable = True
        self.rows: dict[str, Resource] = {}  # single events, series and exceptions
        self.flat = View()
        self.raw = View()
        self._clock = clock
        self._changed = changed
        now = clock()
        self._from, self._until = now - PAST, now + FUTURE

    def add(self, summary: str, start: datetime | date, end: datetime | date, **more: Any) -> str:
        """A new event; *more* are fields as Google has them. Its id."""
        event_id = more.pop("id", None) or secrets.token_hex(13)
        self._put(self._made(event_id, summary, start, end, more))
        self._settle()
        return event_id

    def add_many(self, events: Iterable[tuple[str, datetime, datetime]]) -> None:
        """Many new events in one change: summary, start and end of each."""
        for summary, start, end in events:
            self._put(self._made(secrets.token_hex(13), summary, start, end, {}))
        self._settle()

    def change(self, event_id: str, **fields: Any) -> None:
        """Other values for fields; None takes a field away. An instance becomes an exception."""
        row = self._row(event_id)
        for key, value in fields.items():
            if value is None:
                row.pop(key, None)
            else:
                row[key] = value
        self._put(row)
        self._settle()

    def move(self, event_id: str, start: datetime | date, end: datetime | date) -> None:
        """Another time; of a series, for all its instances (exceptions are given up)."""
        row = self._row(event_id)
        if "recurrence" in row:
            for key in [key for key, each in self.rows.items() if _is_of(each, event_id)]:
                del self.rows[key]
        self.change(event_id, start=stamp(start, self.zone), end=stamp(end, self.zone))

    def respond(self, event_id: str, response: str) -> None:
        """The calendar's owner answers an invitation."""
        row = self._row(event_id)
        others = [each for each in row.get("attendees", []) if each["email"] != self.id]
        mine = {"email": self.id, "self": True, "responseStatus": response}
        self.change(event_id, attendees=[mine, *others])

    def delete(self, event_id: str) -> None:
        """Cancel an event, one instance of a series, or a series as a whole."""
        row = self._row(event_id)
        if "recurringEventId" in row:
            self._put({**cancelled(row), "id": event_id})
        else:
            for key in [key for key, each in self.rows.items() if _is_of(each, event_id)]:
                del self.rows[key]
            del self.rows[event_id]
        self._settle()

    def instance_at(self, series_id: str, original: datetime | date) -> str:
        """The id of the instance of a series whose original start is *original*."""
        return instance_id(series_id, stamp(original, self.zone))

    def expire_tokens(self) -> None:
        """Sync tokens that were given are no longer good."""
        self.generation += 1

    def reach(self, start: datetime | None, end: datetime | None) -> None:
        """See to it that instances between these times are listed; that is no change."""
        first = min(self._from, start) if start else self._from
        last = max(self._until, end) if end else self._until
        if (first, last) != (self._from, self._until):
            self._from, self._until = first, last
            self._show()

    def instances(self, series_id: str) -> list[Resource]:
        """The instances of a series, cancelled ones too."""
        return [each for each in self.flat.items.values() if _is_of(each, series_id)]

    def _made(
        self,
        event_id: str,
        summary: str,
        start: datetime | date,
        end: datetime | date,
        more: dict[str, Any],
    ) -> Resource:
        return {
            "kind": "calendar#event",
            "id": event_id,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={event_id}",
            "created": _written(self._clock()),
            "summary": summary,
            "creator": {"email": self.id, "self": True},
            "organizer": {"email": self.id, "self": True},
            "start": stamp(start, self.zone),
            "end": stamp(end, self.zone),
            "iCalUID": f"{event_id}@google.com",
            "sequence": 0,
            "eventType": "default",
            **more,
        }

    def _row(self, event_id: str) -> Resource:
        """The row of an event as it is, to be changed; of an instance, what it would be."""
        found = self.rows.get(event_id) or self.flat.items[event_id]
        return copy.deepcopy(found)

    def _put(self, row: Resource) -> None:
        row["updated"] = _written(self._clock())
        row["etag"] = f'"{secrets.randbits(52)}"'
        row["sequence"] = row.get("sequence", -1) + 1
        self.rows[row["id"]] = row

    def _settle(self) -> None:
        self.version += 1
        self._show()
        self._changed(self)

    def _show(self) -> None:
        self.raw.become(self.rows.values(), self.version)
        self.flat.become(self._instances(), self.version)

    def _instances(self) -> Iterable[Resource]:
        for row in self.rows.values():
            if "recurrence" not in row:
                yield row
                continue
            for original in starts(row, self._from, self._until):
                made = instance(row, original)
                if made["id"] not in self.rows:
                    yield made


def overlaps(item: Resource, start: datetime | None, end: datetime | None, zone: str) -> bool:
    """Whether it is seen between two times; what is cancelled has none and is never in the way."""
    if "start" not in item:
        return True
    first, last = moment(item["start"], zone), moment(item["end"], zone)
    return (start is None or last > start) and (end is None or first < end)


def _is_of(row: Resource, series_id: str) -> bool:
    return row.get("recurringEventId") == series_id


def _written(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""iCalendar (RFC 5545) to occurrences: what feeds and CalDAV servers have in common.

Everything here runs in a thread: reading a large calendar takes a while. Choices where the
standard leaves one: a time without a zone, or in a zone that nobody knows, is in the calendar's
own (X-WR-TIMEZONE, else its only VTIMEZONE), else in the zone that the caller gives. A time that
the clock skips is as long after the change as it was meant to be before it; one that it repeats is
the first of both; and what begins at either lasts as long as its writer meant.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

import icalendar
import recurring_ical_events
from icalendar import Component

from integrations.contract import BadAnswer, Event, Response, ShowAs, Window
from integrations.ical_rules import Unreadable, check_rules
from integrations.ical_times import DAY, DEFAULT_ZONE, changes, utc, zone_named

LARGEST = 10_000_000  # bytes of a calendar
MOST_COMPONENTS = 20_000
MOST_OCCURRENCES = 20_000
MOST_OF_ONE = 2_000  # a quarter of an hour apart for as long as we look
LONGEST_TEXT = 500
MOST_CATEGORIES = 20
LONGEST_SECONDS = 20.0  # for one calendar, of a processor that others wait for too

RESPONSES: dict[str, Response] = {
    "ACCEPTED": "accepted",
    "TENTATIVE": "tentative",
    "DECLINED": "declined",
    "DELEGATED": "declined",  # somebody else goes
    "NEEDS-ACTION": "not_responded",
}
OUTLOOK: dict[str, ShowAs] = {
    "FREE": "free",
    "TENTATIVE": "tentative",
    "BUSY": "busy",
    "OOF": "out_of_office",
    "WORKINGELSEWHERE": "working_elsewhere",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a calendar: for which time, for whom, and where a time without a zone is.

    `me`: the owner's addresses in small letters; `zone`: an IANA name.
    """

    window: Window
    me: frozenset[str] = frozenset()
    zone: str = DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Found:
    """Occurrences within the window, and what could not be read: (uid, why in a word)."""

    events: tuple[Event, ...]
    faulty: tuple[tuple[str, str], ...]


def events_of(data: bytes | str, reading: Reading, series: str = "") -> Found:
    """The occurrences in a calendar file.

    *series* names all of them (a CalDAV object); without it each event's uid does. Refs are
    `series#recurrence`. Raises BadAnswer when it is no calendar, or larger than we read.
    """
    until = time.monotonic() + LONGEST_SECONDS
    events: dict[str, Event] = {}
    faulty: list[tuple[str, str]] = []
    for calendar in _calendars(data):
        read = _Reader(reading, _zone_of(calendar, reading.zone), series).read
        for uid, components in _by_uid(calendar).items():
            try:
                events.update((event.ref, event) for event in read(calendar, uid, components))
            except Unreadable as fault:
                faulty.append((series or uid, fault.why))
            except Exception:  # noqa: BLE001  # whatever a library makes of somebody's broken file
                faulty.append((series or uid, "unreadable"))
            if len(events) > MOST_OCCURRENCES or time.monotonic() > until:
                raise BadAnswer("too_large")
    return Found(tuple(events.values()), tuple(faulty))


def _calendars(data: bytes | str) -> list[Component]:
    if len(data) > LARGEST:
        raise BadAnswer("too_large")
    text = data.decode("utf-8-sig", "replace") if isinstance(data, bytes) else data
    if text.count("BEGIN:V") > 2 * MOST_COMPONENTS:
        raise BadAnswer("too_large")
    try:
        found = icalendar.Calendar.from_ical(text.strip(), multiple=True)
    except Exception as error:  # whatever the library makes of a page that is no calendar
        raise BadAnswer("not_a_calendar") from error
    calendars: list[Component] = [each for each in found if each.name == "VCALENDAR"]
    if not calendars:  # also one that was cut off
        raise BadAnswer("not_a_calendar")
    return calendars


def _zone_of(calendar: Component, otherwise: str) -> tzinfo:
    named = str(calendar.get("X-WR-TIMEZONE", ""))
    zones = [str(each.get("TZID", "")) for each in calendar.walk("VTIMEZONE")]
    return zone_named(named or (zones[0] if len(zones) == 1 else ""), otherwise)


def _by_uid(calendar: Component) -> dict[str, list[Component]]:
    """Its events; an event and the exceptions from it share a uid."""
    found: dict[str, list[Component]] = {}
    for event in calendar.walk("VEVENT"):
        uid = str(event.get("UID", "")) or _name_of(event)
        if len(uid) > LONGEST_TEXT:
            uid = hashlib.sha256(uid.encode()).hexdigest()
        found.setdefault(uid, []).append(event)
    return found


def _name_of(event: Component) -> str:
    """A name for an event that has none: the same as long as it says the same."""
    return hashlib.sha256(event.to_ical()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Reader:
    reading: Reading
    zone: tzinfo
    series: str

    def read(self, calendar: Component, uid: str, components: list[Component]) -> list[Event]:
        """The occurrences of one event, exceptions included."""
        window = self.reading.window
        check_rules(components)
        recurs = any(
            name in each for each in components for name in ("RRULE", "RDATE", "RECURRENCE-ID")
        )
        found = recurring_ical_events.of(_alone(calendar, components), skip_bad_series=False)
        told = found.between(window.start - DAY, window.end + DAY)
        if len(told) > MOST_OF_ONE:
            raise Unreadable("too_frequent")
        onwards = _onwards(components)
        events = (
            self._event(uid, each, self._original(each, onwards) if recurs else "") for each in told
        )
        return [event for event in events if _within(event, window)]

    def _original(self, component: Component, onwards: dict[date, timedelta]) -> str:
        """The occurrence's original start: in UTC, or the day of one that lasts whole days."""
        original: date = _when(component, "RECURRENCE-ID")
        if original in onwards:  # one of those after a change of all that follow
            original = _when(component, "DTSTART") - onwards[original]
        if isinstance(original, datetime):
            return utc(original, self.zone).isoformat()
        return original.isoformat()

    def _event(self, uid: str, component: Component, recurrence: str) -> Event:
        start, end = _when(component, "DTSTART"), _when(component, "DTEND")
        series = self.series or uid
        event = Event(
            ref=f"{series}#{recurrence}",
            uid=uid,
            recurrence_id=recurrence,
            series=series,
            time_zone=_zone_name(component),
            show_as=_show_as(component),
            response=_response(component, self.reading.me),
            cancelled=_word(component, "STATUS") == "CANCELLED",
            private=_word(component, "CLASS") in ("PRIVATE", "CONFIDENTIAL"),
            subject=str(component.get("SUMMARY", ""))[:LONGEST_TEXT],
            categories=tuple(islice(_categories(component), MOST_CATEGORIES)),
            modified=_modified(component),
        )
        return _timed(event, start, end, self.zone)


def _alone(calendar: Component, components: list[Component]) -> icalendar.Calendar:
    """A calendar of these alone, so that what is wrong with them harms no others."""
    alone = icalendar.Calendar()
    if "X-WR-TIMEZONE" in calendar:
        alone["X-WR-TIMEZONE"] = calendar["X-WR-TIMEZONE"]
    alone.subcomponents = [*components]
    return alone


def _when(component: Component, name: str) -> Any:
    value: Any = component[name]
    return value.dt


def _modified(component: Component) -> datetime | None:
    moment = getattr(component.get("LAST-MODIFIED"), "dt", None)
    return utc(moment, UTC) if isinstance(moment, datetime) else None


def _onwards(components: list[Component]) -> dict[date, timedelta]:
    """Changes of an occurrence and all after it (RANGE=THISANDFUTURE): by how much they move."""
    found: dict[date, timedelta] = {}
    for each in components:
        original: Any = each.get("RECURRENCE-ID")
        if original is not None and original.params.get("RANGE") == "THISANDFUTURE":
            found[original.dt] = _when(each, "DTSTART") - original.dt
    return found


def _timed(event: Event, start: date, end: date, zone: tzinfo) -> Event:
    if not isinstance(start, datetime):
        last = end.date() if isinstance(end, datetime) else end
        last = max(last, start + DAY)
        return replace(event, first_day=start, last_day=last)
    if not isinstance(end, datetime):
        end = datetime.combine(end, datetime.min.time(), start.tzinfo)
    begins, ends = utc(start, zone), utc(end, zone)
    if changes(start if start.tzinfo else start.replace(tzinfo=zone)):
        ends = begins + (end.replace(tzinfo=None) - start.replace(tzinfo=None))
    return replace(event, start=begins, end=max(begins, ends))


def _within(event: Event, window: Window) -> bool:
    """Days without a zone count when they are in the window somewhere on earth."""
    if event.first_day is not None and event.last_day is not None:
        first, last = window.start.date() - DAY, window.end.date() + DAY
        return event.first_day <= last and event.last_day >= first
    if event.start is None or event.end is None:
        return False
    return event.start < window.end and (event.end > window.start or event.start >= window.start)


def _zone_name(component: Component) -> str:
    params = getattr(component["DTSTART"], "params", {})
    return str(params.get("TZID", ""))[:LONGEST_TEXT]


def _word(component: Component, name: str) -> str:
    return str(component.get(name, "")).strip().upper()


def _show_as(component: Component) -> ShowAs:
    outlook = OUTLOOK.get(_word(component, "X-MICROSOFT-CDO-BUSYSTATUS"))
    if outlook is not None:
        return outlook
    if _word(component, "TRANSP") == "TRANSPARENT":
        return "free"
    return "tentative" if _word(component, "STATUS") == "TENTATIVE" else "busy"


def _response(component: Component, me: frozenset[str]) -> Response:
    for attendee in _many(component.get("ATTENDEE")):
        params = getattr(attendee, "params", {})
        if {_address(attendee), str(params.get("EMAIL", "")).lower()} & me:
            return RESPONSES.get(str(params.get("PARTSTAT", "")).upper(), "not_responded")
    return "organizer" if _address(component.get("ORGANIZER", "")) in me else "none"


def _address(value: object) -> str:
    return str(value).strip().lower().removeprefix("mailto:")


def _many(value: object) -> Iterable[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _categories(component: Component) -> Iterator[str]:
    for each in _many(component.get("CATEGORIES")):
        yield from (str(word)[:LONGEST_TEXT] for word in getattr(each, "cats", [each]))

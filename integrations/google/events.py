"""Google's events and calendars in our words. Pure.

Fields: https://developers.google.com/workspace/calendar/api/v3/reference/events
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from integrations.contract import Calendar, Event, EventKind, Response, ShowAs, Window

Item = Mapping[str, Any]

KINDS: Mapping[str, EventKind] = {
    "default": "event",
    "outOfOffice": "out_of_office",
    "focusTime": "focus",
    "workingLocation": "working_location",
    "birthday": "birthday",
    "fromGmail": "from_mail",
}
RESPONSES: Mapping[str, Response] = {
    "needsAction": "not_responded",
    "declined": "declined",
    "tentative": "tentative",
    "accepted": "accepted",
}
WIDEST_OFFSET = timedelta(hours=14)  # a day begins that much before or after UTC's, at most
BUSY_ONLY = "freeBusyReader"
OWNER = "owner"
CANCELLED = "cancelled"


def calendar_of(item: Item) -> Calendar:
    """An entry of the account's list. Raises KeyError when it has no id."""
    role = item.get("accessRole")
    primary = bool(item.get("primary"))
    return Calendar(
        id=item["id"],
        name=item.get("summaryOverride") or item.get("summary") or item["id"],
        primary=primary,
        colour=item.get("backgroundColor", ""),
        own=primary or role == OWNER,
        busy_only=role == BUSY_ONLY,
    )


def event_of(item: Item, *, busy_only: bool) -> Event:
    """An event or an instance of a series; of a calendar that hides details, a private one.

    Raises KeyError, ValueError or TypeError when it cannot be read.
    """
    start, end = item["start"], item["end"]
    whole_days = "date" in start
    first_day = date.fromisoformat(start["date"]) if whole_days else None
    last_day = date.fromisoformat(end["date"]) if whole_days else None
    begins = None if whole_days else _moment(start["dateTime"])
    ends = None if whole_days else _moment(end["dateTime"])
    if (begins and ends and ends < begins) or (first_day and last_day and last_day < first_day):
        raise ValueError("backwards")
    return Event(
        ref=_text(item["id"]),
        uid=item.get("iCalUID") or item["id"],
        recurrence_id=_original(item.get("originalStartTime")),
        series=item.get("recurringEventId", ""),
        start=begins,
        end=ends,
        first_day=first_day,
        last_day=last_day,
        time_zone=start.get("timeZone", ""),
        show_as=_show_as(item),
        response=_response(item),
        private=busy_only or item.get("visibility") in ("private", "confidential"),
        kind=KINDS.get(item.get("eventType", "default"), "event"),
        subject=item.get("summary", ""),
        modified=_moment(item["updated"]) if item.get("updated") else None,
    )


def is_within(event: Event, window: Window) -> bool:
    """Whether it touches *window*; of whole days, in any zone there is."""
    if event.start is not None and event.end is not None:
        return event.start < window.end and (
            event.end > window.start or event.start >= window.start
        )
    if event.first_day is None or event.last_day is None:
        return False
    start = datetime.combine(event.first_day, time.min, UTC) - WIDEST_OFFSET
    end = datetime.combine(event.last_day, time.min, UTC) + WIDEST_OFFSET
    return start < window.end and end > window.start


def _show_as(item: Item) -> ShowAs:
    if item.get("transparency") == "transparent":
        return "free"
    if item.get("eventType") == "outOfOffice":
        return "out_of_office"
    return "tentative" if item.get("status") == "tentative" else "busy"


def _response(item: Item) -> Response:
    """What the calendar's owner answered. Whoever organizes it has accepted, unless they say."""
    mine = next((each for each in item.get("attendees", ()) if each.get("self")), None)
    given = RESPONSES.get(mine.get("responseStatus", ""), "none") if mine else "none"
    if item.get("organizer", {}).get("self") and given not in ("declined", "tentative"):
        return "organizer"
    return given


def _original(stamp: Item | None) -> str:
    """Which of the series it is, in UTC; of whole days, the day."""
    if not stamp:
        return ""
    if "date" in stamp:
        return date.fromisoformat(stamp["date"]).isoformat()
    return _moment(stamp["dateTime"]).isoformat()


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no offset")
    return found.astimezone(UTC)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no id")
    return value

"""events.insert, patch and delete: how programs of people's own change their calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from standins.google import refusals
from standins.google.calendars import Calendar
from standins.google.series import Resource

WRITERS = {"owner", "writer"}
READ_ONLY = {"kind", "etag", "id", "created", "updated", "creator", "organizer", "iCalUID"}


def insert(calendar: Calendar, role: str, body: Mapping[str, Any]) -> Resource:
    """A new event, as asked. Raises Refused."""
    _check(role, body)
    start, end = _time(body, "start"), _time(body, "end")
    more = {key: value for key, value in body.items() if key not in READ_ONLY | {"start", "end"}}
    event_id = calendar.add(more.pop("summary", ""), start, end, **more)
    return calendar.rows[event_id]


def patch(calendar: Calendar, role: str, event_id: str, body: Mapping[str, Any]) -> Resource:
    """Other values for some fields. Raises Refused."""
    _check(role, body)
    _known(calendar, event_id)
    fields = {key: value for key, value in body.items() if key not in READ_ONLY}
    for name in ("start", "end"):
        if name in fields:
            _time(fields, name)
    calendar.change(event_id, **fields)
    return calendar.rows[event_id]


def delete(calendar: Calendar, role: str, event_id: str) -> None:
    """An event, an instance or a series. Raises Refused."""
    _check(role, {})
    _known(calendar, event_id)
    calendar.delete(event_id)


def _check(role: str, body: Any) -> None:
    if role not in WRITERS:
        message = "You need to have writer access to this calendar."
        raise refusals.calendar(403, "requiredAccessLevel", message, "calendar")
    if not isinstance(body, Mapping):
        raise refusals.calendar(400, "parseError", "Parse Error")


def _known(calendar: Calendar, event_id: str) -> None:
    found = calendar.rows.get(event_id) or calendar.flat.items.get(event_id)
    if found is None:
        raise refusals.not_found()
    if found["status"] == "cancelled":
        raise refusals.calendar(410, "deleted", "Resource has been deleted")


def _time(body: Mapping[str, Any], name: str) -> datetime | date:
    stamp = body.get(name) or {}
    try:
        if "date" in stamp:
            return date.fromisoformat(stamp["date"])
        found = datetime.fromisoformat(stamp["dateTime"])
    except (KeyError, TypeError, ValueError):
        raise refusals.calendar(400, "required", f"Missing {name} time.") from None
    if found.tzinfo is None:
        raise refusals.calendar(400, "invalid", f"Missing time zone definition for {name} time.")
    return found

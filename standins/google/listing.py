"""events.list and events.instances: paging, sync tokens, and what each may see."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from multidict import MultiMapping

from standins.google import refusals
from standins.google.calendars import Calendar, overlaps
from standins.google.opaque import Sealer, fingerprint
from standins.google.series import Resource, moment

NOT_WITH_SYNC_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
SAME = ("singleEvents", "maxAttendees", "eventTypes", "showHiddenInvitations", "fields")
KINDS = {"birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation"}
LARGEST_PAGE = 2500
BUSY_ONLY = (
    "kind",
    "etag",
    "id",
    "status",
    "created",
    "updated",
    "start",
    "end",
    "transparency",
    "recurringEventId",
    "originalStartTime",
    "iCalUID",
)
Query = MultiMapping[str]


def events(calendar: Calendar, query: Query, role: str, sealer: Sealer) -> dict[str, Any]:
    """The answer of events.list, as a person with *role* sees the calendar.

    Raises Refused.
    """
    _check(query)
    same = fingerprint(calendar.id, *[sorted(query.getall(each, [])) for each in SAME])
    since, whole = _since(calendar, query, sealer, same)
    page = _page(query, sealer, same)
    until = page["until"] if page else calendar.version
    view = calendar.flat if _flag(query, "singleEvents") else calendar.raw
    start, end = _time(query, "timeMin"), _time(query, "timeMax")
    if start and end and end <= start:
        raise refusals.bad_parameter("timeMax", "The specified time range is empty.")
    calendar.reach(start, end)
    found = view.since(since, until)
    if whole:
        kept = _flag(query, "showDeleted")
        found = [
            each
            for each in found
            if (kept or each["status"] != "cancelled") and overlaps(each, start, end, calendar.zone)
        ]
    if kinds := set(query.getall("eventTypes", [])):
        found = [each for each in found if each.get("eventType", "default") in kinds]
    if query.get("orderBy") == "startTime":
        found.sort(key=lambda each: moment(each["start"], calendar.zone))
    return _answer(calendar, query, role, sealer, found, page, until, same, since)


def instances(calendar: Calendar, series_id: str, query: Query, role: str) -> dict[str, Any]:
    """The answer of events.instances, in one page."""
    if series_id not in calendar.rows:
        raise refusals.not_found()
    start, end = _time(query, "timeMin"), _time(query, "timeMax")
    calendar.reach(start, end)
    kept = _flag(query, "showDeleted")
    found = [
        each
        for each in calendar.instances(series_id)
        if (kept or each["status"] != "cancelled") and overlaps(each, start, end, calendar.zone)
    ]
    return {**_head(calendar, role), "items": [_shown(each, query, role) for each in found]}


def _check(query: Query) -> None:
    if unknown := set(query.getall("eventTypes", [])) - KINDS:
        raise refusals.bad_parameter("eventTypes", f"Unknown: {min(unknown)}")
    if query.get("orderBy") == "startTime" and not _flag(query, "singleEvents"):
        message = "The requested ordering is not available for the particular query."
        raise refusals.bad_parameter("orderBy", message)


def _since(calendar: Calendar, query: Query, sealer: Sealer, same: str) -> tuple[int, bool]:
    """The version to list from, and whether this is the whole list."""
    token = query.get("syncToken")
    if token is None:
        return 0, True
    for name in NOT_WITH_SYNC_TOKEN:
        if name in query:
            message = f"Sync token cannot be used with parameter {name}."
            raise refusals.bad_parameter(name, message, "badRequest")
    if query.get("showDeleted") == "false":
        raise refusals.bad_parameter("showDeleted", "Deletions are always in the result.")
    held = sealer.open(token)
    if held is None or held["generation"] != calendar.generation:
        raise refusals.full_sync_required()
    if held["same"] != same:
        raise refusals.bad_parameter("syncToken", "Other parameters than at the first call.")
    return held["version"], False


def _page(query: Query, sealer: Sealer, same: str) -> dict[str, Any] | None:
    token = query.get("pageToken")
    if token is None:
        return None
    held = sealer.open(token)
    if held is None or held["same"] != same or held["sync"] != query.get("syncToken", ""):
        raise refusals.bad_parameter("pageToken")
    return held


def _answer(
    calendar: Calendar,
    query: Query,
    role: str,
    sealer: Sealer,
    found: list[Resource],
    page: dict[str, Any] | None,
    until: int,
    same: str,
    since: int,
) -> dict[str, Any]:
    size = _size(query)
    first = page["first"] if page else 0
    answer = {
        **_head(calendar, role),
        "items": [_shown(each, query, role) for each in found[first : first + size]],
    }
    if first + size < len(found):
        answer["nextPageToken"] = sealer.seal(
            first=first + size, until=until, same=same, sync=query.get("syncToken", ""), since=since
        )
    elif not any(name in query for name in ("orderBy", "q", "iCalUID", "updatedMin")):
        answer["nextSyncToken"] = sealer.seal(
            version=until, generation=calendar.generation, same=same
        )
    return answer


def _head(calendar: Calendar, role: str) -> dict[str, Any]:
    return {
        "kind": "calendar#events",
        "etag": f'"p{calendar.version}"',
        "summary": calendar.summary,
        "timeZone": calendar.zone,
        "accessRole": role,
        "defaultReminders": [],
    }


def _shown(item: Resource, query: Query, role: str) -> Resource:
    """What somebody with *role* sees of it."""
    if item["status"] == "cancelled":
        return item
    hidden = role == "reader" and item.get("visibility") in ("private", "confidential")
    if role == "freeBusyReader" or hidden:
        return {
            **{key: item[key] for key in BUSY_ONLY if key in item},
            "visibility": "private",
        }
    shown = copy.copy(item)
    most = int(query.get("maxAttendees", "100000"))
    if len(shown.get("attendees", [])) > most:
        shown["attendees"] = [each for each in shown["attendees"] if each.get("self")]
        shown["attendeesOmitted"] = True
    return shown


def _flag(query: Query, name: str) -> bool:
    return query.get(name) == "true"


def _size(query: Query) -> int:
    try:
        size = int(query.get("maxResults", "250"))
    except ValueError:
        raise refusals.bad_parameter("maxResults") from None
    if size < 1:
        raise refusals.bad_parameter("maxResults")
    return min(size, LARGEST_PAGE)


def _time(query: Query, name: str) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise refusals.bad_parameter(name, "Bad Request", "badRequest") from None
    if found.tzinfo is None:
        raise refusals.bad_parameter(name, "Bad Request", "badRequest")
    return found

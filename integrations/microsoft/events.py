"""Graph's events in the words that all providers share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from integrations.contract import Event, Response, ShowAs
from integrations.microsoft import times

Row = Mapping[str, Any]

FIELDS: Final = (
    "id,iCalUId,type,seriesMasterId,originalStart,originalStartTimeZone,start,end,isAllDay,"
    "isCancelled,showAs,sensitivity,responseStatus,subject,categories,lastModifiedDateTime"
)
SHOWS: Final[dict[str, ShowAs]] = {
    "free": "free",
    "tentative": "tentative",
    "busy": "busy",
    "oof": "out_of_office",
    "workingElsewhere": "working_elsewhere",
    # Exchange does not know either. It is shown, and the telephone stays open.
    "unknown": "tentative",
}
RESPONSES: Final[dict[str, Response]] = {
    "none": "none",
    "organizer": "organizer",
    "tentativelyAccepted": "tentative",
    "accepted": "accepted",
    "declined": "declined",
    "notResponded": "not_responded",
}


def event_of(row: Row, master: Row | None = None, *, private: bool = False) -> Event:
    """One event; of a series an occurrence, with its *master*.

    An occurrence in a delta has little more than its times: what it lacks is its master's. The uid
    is always the master's, for in Exchange each occurrence has another. Raises ValueError, whose
    text is a word.
    """
    ref = row.get("id")
    if not isinstance(ref, str) or not ref:
        raise ValueError("no_id")
    whole: dict[str, Any] = {**(master or {}), **{k: v for k, v in row.items() if v is not None}}
    series = str(row.get("seriesMasterId") or "")
    all_day = whole.get("isAllDay") is True
    first, last = times.days(row.get("start"), row.get("end")) if all_day else (None, None)
    start = None if all_day else times.moment(row.get("start"))
    end = None if all_day else times.moment(row.get("end"))
    return Event(
        ref=ref,
        uid=str((master or row).get("iCalUId") or series or ref),
        recurrence_id=_recurrence_id(row, all_day=all_day) if series else "",
        series=series,
        start=start,
        end=max(start, end) if start and end else None,
        first_day=first,
        last_day=last,
        time_zone=times.zone_name(whole.get("originalStartTimeZone")),
        show_as=SHOWS.get(str(whole.get("showAs")), "busy"),
        response=RESPONSES.get(_response(whole), "none"),
        cancelled=whole.get("isCancelled") is True,
        private=private or str(whole.get("sensitivity") or "normal") != "normal",
        subject=str(whole.get("subject") or ""),
        categories=tuple(str(each) for each in whole.get("categories") or ()),
        modified=times.stamp(whole.get("lastModifiedDateTime")),
    )


def is_removal(row: Row) -> bool:
    """Whether it only tells that something is gone."""
    return "@removed" in row


def is_master(row: Row) -> bool:
    """Whether it is a series itself, which takes nobody's time: its times are its first one's."""
    return row.get("type") == "seriesMaster"


def series_of(row: Row) -> str:
    """The id of the series that the row is about, or ""."""
    if is_master(row):
        return str(row.get("id") or "")
    return str(row.get("seriesMasterId") or "")


def _recurrence_id(row: Row, *, all_day: bool) -> str:
    """When it began before anybody moved it: what was never moved began when it begins."""
    original = times.stamp(row.get("originalStart"))
    if all_day:
        first = times.days(row.get("start"), row.get("end"))[0]
        return (original.date() if original else first).isoformat()
    found: datetime = original or times.moment(row.get("start"))
    return found.astimezone(UTC).isoformat()


def _response(row: Row) -> str:
    told = row.get("responseStatus")
    return str(told.get("response")) if isinstance(told, dict) else "none"

"""Exchange's calendars, items and automatic replies in our words. Pure.

Elements: https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.util import TNS
from exchangelib.winzone import MS_TIMEZONE_TO_IANA_MAP

from integrations.contract import AutoReply, Calendar, Event, Response, ShowAs

SHOWN: Mapping[str, ShowAs] = {
    "Free": "free",
    "Tentative": "tentative",
    "Busy": "busy",
    "OOF": "out_of_office",
    "WorkingElsewhere": "working_elsewhere",
    "NoData": "busy",
}
RESPONSES: Mapping[str, Response] = {
    "Unknown": "none",
    "Organizer": "organizer",
    "Tentative": "tentative",
    "Accept": "accepted",
    "Decline": "declined",
    "NoResponseReceived": "not_responded",
}
OF_SERIES = ("Occurrence", "Exception")
APPOINTMENTS = "IPF.Appointment"
NOON = timedelta(hours=12)


def tag(name: str) -> str:
    """An element of the types' namespace."""
    return f"{{{TNS}}}{name}"


def calendars_of(primary: Any, deleted: Any, folders: Iterable[Any]) -> list[Calendar]:
    """The calendars among *folders*, the primary one first; without those that are thrown away."""
    first, thrown = _folder_id(primary), {_folder_id(deleted)}
    found = [Calendar(id=first, name=_text(primary, "DisplayName") or first, primary=True)]
    for folder in _parents_first(list(folders)):
        here, parent = _folder_id(folder), folder.find(tag("ParentFolderId"))
        if parent is not None and parent.get("Id") in thrown:
            thrown.add(here)
        elif here != first and here not in thrown and _holds_events(folder):
            found.append(Calendar(id=here, name=_text(folder, "DisplayName") or here))
    return found


def event_of(item: Any, zone: str) -> Event:
    """A meeting, or an occurrence of a series. *zone*: of whole days that tell none.

    Raises ValueError when it cannot be read.
    """
    ref = item.find(tag("ItemId"))
    if ref is None or not ref.get("Id"):
        raise ValueError("no id")
    start, end = _moment(_text(item, "Start")), _moment(_text(item, "End"))
    if end < start:
        raise ValueError("backwards")
    known = _zone(item, zone)
    whole_days = _text(item, "IsAllDayEvent") == "true"
    first, last = (_day(each, known) for each in (start, end))
    uid = _text(item, "UID") or str(ref.get("Id"))
    of_series = _text(item, "CalendarItemType") in OF_SERIES
    changed = _text(item, "LastModifiedTime")
    return Event(
        ref=str(ref.get("Id")),
        uid=uid,
        recurrence_id=_original(item, start, whole_days=whole_days, zone=known)
        if of_series
        else "",
        series=uid if of_series else "",
        start=None if whole_days else start,
        end=None if whole_days else end,
        first_day=first if whole_days else None,
        last_day=max(last, first + timedelta(days=1)) if whole_days else None,
        time_zone=known.key,
        show_as=SHOWN.get(_text(item, "LegacyFreeBusyStatus"), "busy"),
        response=RESPONSES.get(_text(item, "MyResponseType"), "none"),
        cancelled=_text(item, "IsCancelled") == "true",
        private=_text(item, "Sensitivity") in ("Personal", "Private", "Confidential"),
        subject=_text(item, "Subject"),
        categories=tuple(
            each.text.strip()
            for each in item.iterfind(f"{tag('Categories')}/{tag('String')}")
            if each.text
        ),
        modified=_moment(changed) if changed else None,
    )


def reply_of(settings: Any) -> AutoReply | None:
    """Automatic replies. Raises ValueError when they cannot be read."""
    state = _text(settings, "OofState")
    if state == "Enabled":
        return AutoReply()
    if state != "Scheduled":
        return None
    duration = settings.find(tag("Duration"))
    if duration is None:
        raise ValueError("no duration")
    return AutoReply(
        start=_moment(_text(duration, "StartTime")), end=_moment(_text(duration, "EndTime"))
    )


def folder_id(folder: Any) -> str:
    """A folder's id. Raises ValueError when it has none."""
    return _folder_id(folder)


def _folder_id(folder: Any) -> str:
    found = folder.find(tag("FolderId"))
    if found is None or not found.get("Id"):
        raise ValueError("no id")
    return str(found.get("Id"))


def _parents_first(folders: list[Any]) -> list[Any]:
    """Folders as deep as they may lie, each after the one that it lies in."""
    waiting = {_folder_id(each): each for each in folders}
    ordered: list[Any] = []
    while waiting:
        ready = [
            name
            for name, each in waiting.items()
            if (parent := each.find(tag("ParentFolderId"))) is None
            or parent.get("Id") == name
            or parent.get("Id") not in waiting
        ]
        ordered += [waiting.pop(name) for name in ready or list(waiting)]
    return ordered


def _holds_events(folder: Any) -> bool:
    return _text(folder, "FolderClass").startswith(APPOINTMENTS)


def _original(item: Any, start: datetime, *, whole_days: bool, zone: ZoneInfo) -> str:
    """Which of its series it is: its original start in UTC; of whole days, the day."""
    told = _text(item, "RecurrenceId") or _text(item, "OriginalStart")
    moment = _moment(told) if told else start
    return _day(moment, zone).isoformat() if whole_days else moment.isoformat()


def _zone(item: Any, fallback: str) -> ZoneInfo:
    """The organizer's, of Windows' names for zones or the usual ones."""
    told = item.find(tag("StartTimeZone"))
    name = told.get("Id", "") if told is not None else ""
    for each in (MS_TIMEZONE_TO_IANA_MAP.get(name, name), fallback):
        try:
            return ZoneInfo(each)
        except (KeyError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _day(moment: datetime, zone: ZoneInfo) -> Any:
    """The day whose midnight is meant, also when the zone told is not quite that of the days."""
    return (moment.astimezone(zone) + NOON).date()


def _text(element: Any, name: str) -> str:
    return (element.findtext(tag(name)) or "").strip()


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)

"""Events that recur: the instances of a series, as Google names and times them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

Resource = dict[str, Any]

DAY = timedelta(days=1)
MASTERS_ONLY = ("recurrence",)


def moment(stamp: Resource, zone: str = "UTC") -> datetime:
    """A start or an end in UTC; a whole day's begins at midnight in *zone*."""
    if "date" in stamp:
        midnight = datetime.combine(date.fromisoformat(stamp["date"]), time.min)
        return midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = datetime.fromisoformat(stamp["dateTime"])
    return found.astimezone(UTC)


def stamp(value: datetime | date, zone: str) -> Resource:
    """As Google writes it: an offset, and the zone's name."""
    if not isinstance(value, datetime):
        return {"date": value.isoformat()}
    own = getattr(value.tzinfo, "key", None) or zone
    # By way of UTC, so that a time that the clock skips becomes the one that it shows then.
    local = value.astimezone(UTC).astimezone(ZoneInfo(own))
    return {"dateTime": local.isoformat(timespec="seconds"), "timeZone": own}


def instance_id(series_id: str, original: Resource) -> str:
    """The name of an instance: its series and its original start."""
    if "date" in original:
        return f"{series_id}_{original['date'].replace('-', '')}"
    return f"{series_id}_{moment(original):%Y%m%dT%H%M%SZ}"


def starts(master: Resource, first: datetime, last: datetime) -> Iterator[Resource]:
    """The original starts of its instances between two times, as stamps."""
    begin = master["start"]
    if "date" in begin:
        midnight = datetime.combine(date.fromisoformat(begin["date"]), time.min)
        days = _rules(master["recurrence"], midnight)
        for found in days.between(_plain(first) - DAY, _plain(last) + DAY, inc=True):
            yield {"date": found.date().isoformat()}
        return
    zone = begin.get("timeZone", "UTC")
    local = datetime.fromisoformat(begin["dateTime"]).astimezone(ZoneInfo(zone))
    for found in _rules(master["recurrence"], local).between(first - DAY, last + DAY, inc=True):
        yield stamp(found, zone)


def _rules(lines: list[str], begin: datetime) -> Any:
    """What the lines say, from *begin* on, which belongs to it in any case."""
    found = rruleset()
    found.rdate(begin)
    for line in lines:
        name, _, values = line.partition(":")
        kind, *parameters = name.split(";")
        if kind == "RRULE":
            found.rrule(rrulestr(line, dtstart=begin))
            continue
        zone = next((each[5:] for each in parameters if each.startswith("TZID=")), "UTC")
        for value in values.split(","):
            when = _written(value, zone, begin)
            (found.exdate if kind == "EXDATE" else found.rdate)(when)
    return found


def _written(value: str, zone: str, like: datetime) -> datetime:
    """A time as iCalendar writes it; a day's when *like* has no zone."""
    if like.tzinfo is None:
        return datetime.strptime(value[:8], "%Y%m%d")  # noqa: DTZ007  # days have no zone
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))


def _plain(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def instance(master: Resource, original: Resource) -> Resource:
    """The instance of a series that starts at *original*, as the series has it."""
    made = {key: copy.deepcopy(value) for key, value in master.items() if key not in MASTERS_ONLY}
    made["id"] = instance_id(master["id"], original)
    made["recurringEventId"] = master["id"]
    made["originalStartTime"] = original
    made["start"] = original
    made["end"] = _end(master, original)
    return made


def _end(master: Resource, original: Resource) -> Resource:
    if "date" in original:
        days = date.fromisoformat(master["end"]["date"]) - date.fromisoformat(
            master["start"]["date"]
        )
        return {"date": (date.fromisoformat(original["date"]) + days).isoformat()}
    lasting = moment(master["end"]) - moment(master["start"])
    return stamp(moment(original) + lasting, original["timeZone"])

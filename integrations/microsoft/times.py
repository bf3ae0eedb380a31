"""Graph's times: without an offset, with seven decimals, in a zone by a name of Windows'."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

DAY = timedelta(days=1)


def moment(told: Any) -> datetime:
    """`{dateTime, timeZone}` in UTC. Raises ValueError."""
    local = _local(told)
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    return local.replace(tzinfo=zone(str(told.get("timeZone") or "UTC"))).astimezone(UTC)


def days(start: Any, end: Any) -> tuple[date, date]:
    """An event of whole days: the first, and the one after the last. Raises ValueError.

    Midnight is told in some zone, but days are meant wherever one is.
    """
    first, last = _local(start).date(), _local(end).date()
    return first, max(last, first + DAY)


def stamp(told: Any) -> datetime | None:
    """A moment with an offset (`2026-11-20T14:00:00Z`) in UTC, or None."""
    if not isinstance(told, str) or not told:
        return None
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def zone(name: str) -> ZoneInfo:
    """A zone by Windows' name for it, or IANA's. Raises ValueError for one that nobody knows."""
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("zone") from None


def zone_name(name: Any) -> str:
    """IANA's name for Windows' name; "" for `tzone://Microsoft/Custom` and whatever is no zone."""
    try:
        return zone(name).key if isinstance(name, str) and name else ""
    except ValueError:
        return ""


def _local(told: Any) -> datetime:
    if not isinstance(told, dict) or not isinstance(told.get("dateTime"), str):
        raise ValueError("time")  # noqa: TRY004  # of what Graph wrote, not of our types
    try:
        return datetime.fromisoformat(told["dateTime"])
    except ValueError:
        raise ValueError("time") from None

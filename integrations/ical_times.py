"""Wall clocks and the moments they mean: zones by any name, hours skipped and repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar

DEFAULT_ZONE = "Europe/Stockholm"
DAY = timedelta(days=1)


def utc(moment: datetime, zone: tzinfo) -> datetime:
    """*moment* in UTC; one without a zone is in *zone*."""
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if not _skipped(local):
        return local.astimezone(UTC)
    before = (local - DAY).utcoffset() or timedelta()  # RFC 5545, 3.3.5
    return (local.replace(tzinfo=None) - before).replace(tzinfo=UTC)


def zone_named(name: str, otherwise: str = DEFAULT_ZONE) -> tzinfo:
    """The zone of that name, IANA's or Windows'."""
    known: tzinfo | None = icalendar.timezone.tzp.timezone(name) if name else None
    if known:
        return known
    try:
        return ZoneInfo(otherwise)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def changes(moment: datetime) -> bool:
    """Whether the clock skips or repeats it."""
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return twice or _skipped(moment)


def _skipped(moment: datetime) -> bool:
    """Whether the clock never shows it."""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None)

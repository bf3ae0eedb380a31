"""When an activity ends: what its kind says, or what the person asks for. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.domain.activities.types import AVAILABLE
from server.domain.errors import Invalid
from server.domain.schedule import Schedule
from storage.telephony import ActivityType

LONGEST = timedelta(days=731)  # two years, one of them a leap year


def end_of(
    kind: ActivityType, now: datetime, schedule: Schedule, until: datetime | None
) -> datetime | None:
    """When *kind*, chosen *now*, ends; None is until something else is chosen.

    Raises Invalid("until") for an end that cannot be, or a missing one that the kind asks for.
    """
    if until is not None:
        return _asked(kind, now, until)
    end = kind.default_end
    if end.kind == "date":
        raise Invalid("until", "activity_date")
    if end.kind == "minutes" and end.minutes:
        return now + timedelta(minutes=end.minutes)
    if end.kind == "end_of_work":
        # After work there is no end of it to wait for: when it begins again, then.
        return schedule.end_of_work(now) or schedule.next_start(now)
    if end.kind == "next_work_start":
        return schedule.next_start(schedule.end_of_work(now) or now)
    return None


def _asked(kind: ActivityType, now: datetime, until: datetime) -> datetime:
    if kind.id == AVAILABLE:
        raise Invalid("until", "available_until")
    if until.tzinfo is None:
        raise Invalid("until", "bad_time")
    try:
        if until - now > LONGEST:
            raise Invalid("until", "too_far")
    except OverflowError:  # near the end of the calendar, where zones cannot be compared
        raise Invalid("until", "too_far") from None
    tidy = until.replace(microsecond=until.microsecond // 1000 * 1000)
    if tidy <= now:
        raise Invalid("until", "in_past")
    return tidy

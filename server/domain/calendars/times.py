"""Times as people write them in a sentence. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from server.domain.announcements.numerals import MONTHS, WEEKDAYS
from storage.models import Language

WEEK = 7  # days from which on a weekday's name would be ambiguous


def when(moment: datetime, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """As in "14.30", "fredag 14.30", "3 augusti 14.30"; in English "14:30" and so on."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{there:%H.%M}" if language == "sv" else f"{there:%H:%M}"
    days = (there.date() - here.date()).days
    if days == 0:
        return clock
    if 0 < days < WEEK:
        return f"{WEEKDAYS[language][there.weekday()]} {clock}"
    date = f"{there.day} {MONTHS[language][there.month - 1]}"
    return f"{date} {clock}" if there.year == here.year else f"{date} {there.year} {clock}"

"""Recurrence rules that no diary needs, and that would keep a processor busy for hours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from icalendar import Component

MOST_IN_A_DAY = 96  # a quarter of an hour apart
# Hour by hour through these, a rule that never comes true is sought until the year 9999.
LIMITS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS")
FIRST_YEAR = 1900
FIRST_HOURLY = 2010


class Unreadable(Exception):
    """An event that we do not read; `why` in a word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check_rules(components: Iterable[Component]) -> None:
    """Raise Unreadable for an event whose occurrences would be too many to count."""
    for component in components:
        rules = component.get("RRULE")
        if rules is None:
            continue
        start: Any = component["DTSTART"]
        for rule in rules if isinstance(rules, list) else [rules]:
            if start.dt.year < (FIRST_HOURLY if _frequency(rule) == "HOURLY" else FIRST_YEAR):
                raise Unreadable("too_old")
            if _often(rule):
                raise Unreadable("too_frequent")


def _often(rule: Any) -> bool:
    frequency = _frequency(rule)
    if frequency in ("SECONDLY", "MINUTELY"):
        return True
    hourly = frequency == "HOURLY"
    if hourly and any(rule.get(name) for name in LIMITS):
        return True
    hours = len(rule.get("BYHOUR", ())) or (24 if hourly else 1)
    minutes = len(rule.get("BYMINUTE", ())) or 1
    return hours * minutes * (len(rule.get("BYSECOND", ())) or 1) > MOST_IN_A_DAY


def _frequency(rule: Any) -> str:
    return str(next(iter(rule.get("FREQ", [""])), "")).upper()

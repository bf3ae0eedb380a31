"""What names, addresses, numbers and hours may look like: pure, each returns the text to keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from server.domain import texts
from server.domain.errors import Invalid
from storage.models import WEEKDAYS, Phone, PhoneKind, WorkingHours

EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[\w](?:[\w-]{0,61}\w)?\.)+[^\W\d_]{2,63}")
LETTER = "a-z0-9\u00df-\u00f6\u00f8-\u00ff"
HANDLE = re.compile(f"[{LETTER}](?:[{LETTER}._-]{{0,30}}[{LETTER}])?")
NUMBER = re.compile(r"\+?(?:[ ()/.-]{0,3}[0-9]){2,15}[ ()/.-]{0,3}")
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
RESERVED = frozenset({"all", "alla"})
MOST_PHONES = 10
MOST_SPANS = 6
line = texts.line


def name(text: str, field: str = "name") -> str:
    """A person's or a company's name. Raises Invalid."""
    return line(text, field, 120, needed=True)


def email(text: str, field: str = "email") -> str:
    """An e-mail address, in small letters. Raises Invalid."""
    tidy = line(text, field, 254, needed=True).lower()
    if not EMAIL.fullmatch(tidy):
        raise Invalid(field, "email")
    return tidy


def handle(text: str, field: str = "handle") -> str:
    """What others write after @, in small letters. Raises Invalid."""
    tidy = line(text.removeprefix("@"), field, 32, needed=True).lower()
    if not HANDLE.fullmatch(tidy):
        raise Invalid(field, "handle")
    if tidy in RESERVED:
        raise Invalid(field, "handle_reserved")
    return tidy


def suggest_handle(wanted: str, taken: Iterable[str]) -> str:
    """A handle like *wanted* that nobody has yet."""
    plain = unicodedata.normalize("NFKD", wanted.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", ".", plain).strip(".")[:24].strip(".") or "person"
    blocked = set(taken) | RESERVED
    if base not in blocked:
        return base
    number = 2
    while f"{base}{number}" in blocked:
        number += 1
    return f"{base}{number}"


def time_zone(text: str, field: str = "time_zone") -> str:
    """A name of the IANA time zone database. Raises Invalid."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise Invalid(field, "time_zone") from None
    if text.startswith(("posix", "right")) or text in ("localtime", "Factory"):
        raise Invalid(field, "time_zone")
    return text


def number(text: str, field: str) -> str:
    """A telephone number or an extension, as its owner writes it. Raises Invalid."""
    tidy = line(text, field, 32, needed=True)
    if not NUMBER.fullmatch(tidy):
        raise Invalid(field, "phone")
    return tidy


def phones(pairs: Iterable[tuple[PhoneKind, str]]) -> tuple[Phone, ...]:
    """Telephone numbers in the owner's order. Raises Invalid."""
    found = tuple(Phone(kind=kind, number=number(text, "phones")) for kind, text in pairs)
    if len(found) > MOST_PHONES:
        raise Invalid("phones", "too_many", limit=MOST_PHONES)
    return found


def working_hours(hours: WorkingHours) -> WorkingHours:
    """Spans of local time by weekday, earliest first; a day left out is free. Raises Invalid.

    A span that ends at or before its beginning goes on past midnight.
    """
    if not set(hours) <= set(WEEKDAYS):
        raise Invalid("working_hours", "weekday")
    return {day: _spans(hours.get(day, [])) for day in WEEKDAYS}


def _spans(spans: list[list[str]]) -> list[list[str]]:
    if len(spans) > MOST_SPANS:
        raise Invalid("working_hours", "too_many", limit=MOST_SPANS)
    found = [[clock.strip() for clock in span] for span in spans]
    for span in found:
        if len(span) != 2 or not all(CLOCK.fullmatch(clock) for clock in span):
            raise Invalid("working_hours", "clock")
    return sorted(span for number, span in enumerate(found) if span not in found[:number])

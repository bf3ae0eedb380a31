"""Telephone numbers as people write them, and as machines compare them. Pure."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from storage import terms


def e164(text: str, region: str = "SE") -> str | None:
    """The number in E.164 ("+46701740605") as somebody in *region* (ISO 3166) means it.

    None for what is no whole number: an extension, a short number, letters.
    """
    return terms.e164(text, region)


@lru_cache(maxsize=100_000)
def shown(number: str, region: str = "SE") -> str:
    """An E.164 number as people in *region* write it; anything else as it is."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    national = phonenumbers.region_code_for_number(parsed) == region
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if national else style.INTERNATIONAL)


def plan_starts(digits: str, region: str = "SE") -> tuple[str, ...]:
    """How numbers of a plan (extensions, E.164) begin that are dialled with these digits first."""
    country = phonenumbers.country_code_for_region(region)
    national = (f"+{country}{digits[1:]}",) if digits.startswith("0") else ()
    return (digits, f"+{digits}", *national)

"""Days on which a country does not work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from storage.models import Country

# Sweden does not work on the eves of midsummer, Christmas and the new year, whatever the law says.
CATEGORIES: dict[Country, tuple[str, ...]] = {
    "SE": ("public", "de_facto"),
    "NO": ("public",),
    "DK": ("public",),
    "FI": ("public",),
}


@dataclass(frozen=True, slots=True)
class HolidaysOf:
    """The holidays of a country, any year: `day in HolidaysOf("SE")`."""

    country: Country

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in in_year(self.country, day.year)


@lru_cache(maxsize=64)
def in_year(country: Country, year: int) -> frozenset[date]:
    """The dates of one year."""
    found = holidays.country_holidays(country, years=year, categories=CATEGORIES[country])
    return frozenset(found)

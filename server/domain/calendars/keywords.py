"""Words at the start of a subject that say what one does: "LUN: med Birger" (C4). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.calendars import Keyword

# Swedish offices have written these for decades; a company may have a table of its own instead.
STANDARD: tuple[Keyword, ...] = (
    Keyword(word="MÖT", type_id="meeting"),
    Keyword(word="LUN", type_id="lunch"),
    Keyword(word="RAS", type_id="break"),
    Keyword(word="UTE", type_id="out"),
    Keyword(word="TJR", type_id="business_trip"),
    Keyword(word="HEM", type_id="home"),
    Keyword(word="UTB", type_id="training"),
    Keyword(word="GFD", type_id="gone_for_day"),
    Keyword(word="SEM", type_id="vacation"),
    Keyword(word="LED", type_id="vacation"),
    Keyword(word="SJK", type_id="sick"),
    Keyword(word="STÖ", type_id="do_not_disturb"),
)
LONGEST_WORD = 4
LONGEST_START = 200  # characters of a subject that are looked at: spaces may come first

_START = re.compile(rf"\s*([A-ZÅÄÖ]{{1,{LONGEST_WORD}}})\s*([:;])")
_WORD = re.compile(rf"[A-ZÅÄÖ]{{1,{LONGEST_WORD}}}")


@dataclass(frozen=True, slots=True)
class Mapped:
    """The activity that a keyword or a category stands for.

    *opens*: the word was followed by a semicolon, which leaves the telephone open.
    """

    type_id: str
    by: str  # "keyword" or "category"
    opens: bool = False


def normal(text: str) -> str:
    """The one writing of a word or a category: composed letters, capitals, without spaces around.

    Some programs write Ö as an O and two dots.
    """
    return unicodedata.normalize("NFC", text.strip()).upper()


def is_word(text: str) -> bool:
    """Whether *text*, written normally, can be a keyword."""
    return _WORD.fullmatch(text) is not None


def table(words: Iterable[Keyword]) -> dict[str, str]:
    """Activity by word (or category) in its normal writing."""
    return {normal(each.word): each.type_id for each in words}


def mapped(
    subject: str,
    categories: Iterable[str],
    keywords: Mapping[str, str],
    by_category: Mapping[str, str],
) -> Mapped | None:
    """What the *subject*, or else the first of the *categories* that is known, stands for."""
    begins = _START.match(normal(subject[:LONGEST_START]))
    type_id = keywords.get(begins[1]) if begins else None
    if begins and type_id:
        return Mapped(type_id, "keyword", opens=begins[2] == ";")
    found = (by_category.get(normal(each)) for each in categories)
    category = next((each for each in found if each), None)
    return Mapped(category, "category") if category else None

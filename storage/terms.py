"""Words and numbers as things are found by them: folded, marked and in pieces. Pure.

A term is a folded word. "/" before it says that it is part of a name, "#" that it is the rest of
a telephone number from some digit on. As a set sorts, numbers and names come before other words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers
from bson.regex import Regex

WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
PIECES = re.compile(r"['\u2019]")
HYPHENS = "-\u2010\u2011"
NOT_NUMBER = re.compile(r"\([^()\d]*\)|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
DIGITS = re.compile(r"\D+")
DIGIT = re.compile(r"\d")
LONGEST = 40
MOST_TERMS = 120
SHORTEST_PART = 4  # digits: fewer of the end of a number say nothing
SHORTEST_TYPED = 3  # letters: who writes two may not have misspelt anything

# What Unicode does not take apart, written as those do who lack the key.
PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
LAST_LETTERS = str.maketrans({"å": "~1", "ä": "~2", "æ": "~2", "ö": "~3", "ø": "~3"})


def fold(text: str) -> str:
    """Lower case without marks: "Åsa" and "asa" are the same to someone in a hurry."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower.translate(PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def sort_key(text: str) -> str:
    """What sorts names as a Swedish list does: å, ä and ö after z, other marks left aside."""
    lower = unicodedata.normalize("NFC", text.casefold())
    return fold(lower.translate(LAST_LETTERS))


@lru_cache(maxsize=100_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of *text*, folded, in order; "Ann-Marie" and "O'Brien" also as one word."""
    found: dict[str, None] = {}
    for part in text.split():
        words = [fold(match[0]) for match in WORD.finditer(part)]
        for word in words:
            found.update(dict.fromkeys(piece[:LONGEST] for piece in PIECES.split(word) if piece))
        joined = PIECES.sub("", "".join(words))
        if joined and "@" not in part and (len(words) == 1 or any(h in part for h in HYPHENS)):
            found[joined[:LONGEST]] = None
    return tuple(found)


@lru_cache(maxsize=50_000)
def e164(text: str, region: str = "SE") -> str | None:
    """The number in E.164 as somebody in *region* (ISO 3166) means it; None for an extension."""
    plain = NOT_NUMBER.sub("", text)
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def digits_of(text: str) -> str:
    """The digits of a number as it is dialled within the country or from abroad, "00" left out."""
    digits = DIGITS.sub("", text)
    return digits.removeprefix("00")


def number_terms(number: str, international: str | None) -> list[str]:
    """Every end of the number that is long enough: any part that is asked for begins one."""
    whole, written, national = wholes(number, international)
    found = {f"#{digits}" for digits in (whole, written, national) if digits}
    for digits in {whole, "" if whole.endswith(written.lstrip("0")) else written}:
        found |= {f"#{digits[at:]}" for at in range(1, len(digits) - SHORTEST_PART + 1)}
    return sorted(found)


def wholes(number: str, international: str | None) -> tuple[str, str, str]:
    """The digits as dialled from abroad, as written, and as dialled within the country."""
    whole = (international or "").removeprefix("+")
    return whole, digits_of(number), _national(whole)


def _national(digits: str) -> str:
    """With a 0 in place of the country code."""
    for length in (1, 2, 3):
        if digits and int(digits[:length]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return f"0{digits[length:]}"
    return ""


def found_by(
    names: str, others: Iterable[str], numbers: Iterable[tuple[str, str | None]]
) -> dict[str, Any]:
    """What a contact or a person is found by, as fields of its document.

    `terms` are indexed. `text` holds the same words once more, and whole numbers, for the second
    and later words of a query, which no index can narrow.
    """
    named = words_of(names)
    other = {word for text in others for word in words_of(text)} - set(named)
    pairs = list(numbers)
    ends = {term for number, known in pairs for term in number_terms(number, known)}
    whole = {f"#{digits}" for pair in pairs for digits in wholes(*pair) if digits}
    words = [*(f"/{word}" for word in named), *sorted(other)][:MOST_TERMS]
    return {"terms": [*sorted(ends), *words], "text": " " + " ".join([*words, *sorted(whole)])}


def typed(terms: Iterable[str]) -> set[str]:
    """Those of *terms* that somebody may have meant and misspelt: words without digits."""
    words = {term.removeprefix("/") for term in terms if not term.startswith("#")}
    return {word for word in words if len(word) >= SHORTEST_TYPED and not DIGIT.search(word)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a query, folded, and what it may begin, and words it may be a slip of.

    Digits of a number, `parts`, may stand anywhere in it if they are enough.
    """

    word: str = ""
    meant: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def terms(self) -> list[Any]:
        """What `terms` of a document are compared with: beginnings and whole words.

        As BSON's own regex, since Python's carries the flag "u", with which no index is narrowed.
        """
        starts = [f"#{digits}" for digits in self.parts]
        starts += [f"/{self.word}", self.word] if self.word else []
        found: list[Any] = [Regex(f"^{re.escape(start)}") for start in starts]
        return found + [term for word in self.meant for term in (f"/{word}", word)]

    def text(self) -> Regex[str]:
        """What `text` of a document is compared with: no index, but no limit on how many either."""
        choices = [rf" #\d*{digits}" for digits in self.parts]
        choices += [f" /?{re.escape(self.word)}"] if self.word else []
        choices += [f" /?{re.escape(word)}(?= |$)" for word in self.meant]
        return Regex("|".join(choices))


def query_of(bound: Wanted, others: Iterable[Wanted]) -> dict[str, Any]:
    """A query for documents with the words: the index narrows by *bound*, the text by the rest."""
    rest = [{"text": other.text()} for other in others]
    return {"terms": {"$in": bound.terms()}, **({"$and": rest} if rest else {})}

"""The words of announcements, piece by piece: each piece may be recorded as a clip. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.domain.announcements.numerals import MONTHS, WEEKDAYS, cardinal, ordinal, year
from storage.models import WEEKDAYS as DAYS
from storage.models import Language

NAME = "name"  # the recorded name of a person; everybody has their own
SENTENCE = ". "


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of an announcement.

    `key` names its clip within a language: the same key is always the same words. `lead` is what
    stands between the piece and the one before it.
    """

    key: str
    text: str
    lead: str = " "


FIXED: dict[Language, dict[str, str]] = {
    "sv": {
        "who": "Den du söker",
        "private": "kan inte ta emot samtal just nu",
        "back": "och är åter",
        "soon": "är strax tillbaka",
        "tomorrow": "i morgon",
        "after.voicemail": "Lämna ett meddelande efter tonen",
        "after.colleague": "Tryck ett för en kollega",
        "after.switchboard": "Tryck nio för växeln",
        "after.switchboard_too": "nio för växeln",
    },
    "en": {
        "who": "The person you are calling",
        "private": "cannot take calls right now",
        "back": "and will be back",
        "soon": "will be back shortly",
        "tomorrow": "tomorrow",
        "after.voicemail": "Leave a message after the tone",
        "after.colleague": "Press one for a colleague",
        "after.switchboard": "Press nine for the switchboard",
        "after.switchboard_too": "nine for the switchboard",
    },
}


def fixed(key: str, language: Language, lead: str = " ") -> Phrase:
    """One of the phrases that never vary."""
    return Phrase(key, FIXED[language][key], lead)


def reason(spoken: str) -> Phrase:
    """Why, in a company's own words: other words are another key, so an old clip never lies."""
    words = spoken.strip().rstrip(".")
    folded = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "_", folded).strip("_")[:32]
    mark = hashlib.sha256(words.encode()).hexdigest()[:6]
    return Phrase(f"reason.{plain}-{mark}", words)


def hour(number: int, language: Language) -> Phrase:
    """As in "klockan fjorton", "at two"."""
    if language == "sv":
        return Phrase(f"hour.{number}", f"klockan {cardinal(number, language)}")
    twelve = number % 12 or 12
    return Phrase(f"hour.{twelve}", f"at {cardinal(twelve, language)}")


def minute(number: int, language: Language) -> Phrase:
    """1-59: "noll fem", "och trettio"; "oh five", "thirty"."""
    word = cardinal(number, language)
    if language == "sv":
        return Phrase(f"minute.{number}", f"noll {word}" if number < 10 else f"och {word}")
    return Phrase(f"minute.{number}", f"oh {word}" if number < 10 else word)


def half(hour_of_day: int) -> Phrase:
    """Which half of the day, in English; twelve p.m. is noon."""
    return Phrase("pm", "p.m.") if hour_of_day >= 12 else Phrase("am", "a.m.")


def on_weekday(number: int, language: Language) -> Phrase:
    """As in "på torsdag", "on Thursday"."""
    word = WEEKDAYS[language][number]
    return Phrase(f"on.{DAYS[number]}", f"på {word}" if language == "sv" else f"on {word}")


def weekday(number: int, language: Language) -> Phrase:
    """The first word of a date: "måndag", "on Monday"."""
    if language == "en":
        return on_weekday(number, language)
    return Phrase(f"weekday.{DAYS[number]}", WEEKDAYS[language][number])


def day(number: int, language: Language) -> Phrase:
    """The day of a month: "den tredje", "third"."""
    word = ordinal(number, language)
    return Phrase(f"day.{number}", f"den {word}" if language == "sv" else word)


def month(number: int, language: Language) -> Phrase:
    """As in "augusti"; in English it comes after a comma."""
    lead = " " if language == "sv" else ", "
    return Phrase(f"month.{number}", MONTHS[language][number - 1], lead)


def in_year(number: int, language: Language) -> Phrase:
    """As in "tjugohundratjugosju"; in English it comes after a comma."""
    return Phrase(f"year.{number}", year(number, language), " " if language == "sv" else ", ")


def vocabulary(
    language: Language, reasons: Iterable[str], years: Iterable[int]
) -> tuple[Phrase, ...]:
    """Everything that can be recorded, in the order in which one would: frequent words first."""
    found = {each.key: each for each in _vocabulary(language, reasons, years)}
    return tuple(found.values())


def _vocabulary(
    language: Language, reasons: Iterable[str], years: Iterable[int]
) -> Iterator[Phrase]:
    yield from (fixed(key, language) for key in FIXED[language])
    yield from (reason(spoken) for spoken in reasons)
    yield from (on_weekday(number, language) for number in range(7))
    yield from (hour(number, language) for number in range(24))
    if language == "en":
        yield from (half(0), half(12))
    yield from (minute(number, language) for number in range(1, 60))
    yield from (weekday(number, language) for number in range(7))
    yield from (day(number, language) for number in range(1, 32))
    yield from (month(number, language) for number in range(1, 13))
    yield from (in_year(number, language) for number in years)

"""Numbers, days and months as they are said aloud. Pure.

A synthesiser reads "14.30" as "fjorton punkt trettio" and "kl." as letters, so we spell out.
"""

from __future__ import annotations

from storage.models import Language

SMALL: dict[Language, tuple[str, ...]] = {
    "sv": (
        *("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"),
        *("tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton"),
        *("arton", "nitton"),
    ),
    "en": (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
        *("seventeen", "eighteen", "nineteen"),
    ),
}
TENS: dict[Language, tuple[str, ...]] = {
    "sv": (
        *("", "", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio"),
        "nittio",
    ),
    "en": (
        *("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty"),
        "ninety",
    ),
}
JOINT: dict[Language, str] = {"sv": "", "en": "-"}
FIRSTS: dict[Language, tuple[str, ...]] = {
    "sv": (
        *("", "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde"),
        *("åttonde", "nionde", "tionde", "elfte", "tolfte", "trettonde", "fjortonde"),
        *("femtonde", "sextonde", "sjuttonde", "artonde", "nittonde", "tjugonde"),
    ),
    "en": (
        *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
        *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth"),
        *("fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
        "twentieth",
    ),
}
THIRTIETH: dict[Language, str] = {"sv": "trettionde", "en": "thirtieth"}
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: dict[Language, tuple[str, ...]] = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti"),
        *("september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
}


def cardinal(number: int, language: Language) -> str:
    """0-99 in words: "trettiofem", "thirty-five"."""
    if number < 20:
        return SMALL[language][number]
    tens, rest = divmod(number, 10)
    word = TENS[language][tens]
    return word + (JOINT[language] + SMALL[language][rest] if rest else "")


def ordinal(day: int, language: Language) -> str:
    """1-31 as the day of a month: "tjugoförsta", "twenty-first"."""
    if day <= 20:
        return FIRSTS[language][day]
    if day == 30:
        return THIRTIETH[language]
    tens, rest = divmod(day, 10)
    return TENS[language][tens] + JOINT[language] + FIRSTS[language][rest]


def year(number: int, language: Language) -> str:
    """A year from 2000: "tjugohundratjugosju", "twenty twenty-seven"."""
    hundreds, rest = divmod(number, 100)
    first = cardinal(hundreds, language)
    if language == "sv":
        return f"{first}hundra" + (cardinal(rest, language) if rest else "")
    if rest == 0:
        return "two thousand" if number == 2000 else f"{first} hundred"
    return f"{first} oh {cardinal(rest, language)}" if rest < 10 else _pair(first, rest, language)


def _pair(first: str, rest: int, language: Language) -> str:
    return f"{first} {cardinal(rest, language)}"

"""What somebody typed, as words and numbers to find; and how well a found one answers. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from storage.terms import WORD, Wanted, digits_of, fold, wholes, words_of

RUN = re.compile(r"(?<!\w)\+?\(?\d[\d\s()/.\u2010\u2011-]*(?!\w)")
TRUNK = re.compile(r"\(0\)")
FEWEST_DIGITS = 3
MOST_WORDS = 10
# How far an answer is from what was asked for, a word at a time.
NAME, NAME_BEGINS, OTHER, OTHER_BEGINS, SLIP = 0, 2, 4, 6, 20
NUMBER_BEGINS, NUMBER = 2, 4
OTHER_MARKS = 1  # "Asa" when "Åsa" was asked for
NOT_SEEN = 8  # it has the word somewhere that is not shown


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the query: what to look for, and how it was typed."""

    wanted: Wanted
    typed: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What is looked at when answers are put in order."""

    name: str
    others: Sequence[str]
    numbers: Sequence[tuple[str, str | None]]  # as written, and in E.164


def read(text: str, *, numbers: bool = True) -> list[Asked]:
    """The words of *text*; digits that stand together are one number, unless told otherwise."""
    found: list[Asked] = []
    rest = text
    if numbers:
        rest = RUN.sub(lambda run: _number(run[0], found), text)
    for match in WORD.finditer(rest):
        *_pieces, word = words_of(match[0]) or ("",)  # of "o'brien", and then the whole
        if not word:
            continue
        parts = (word,) if word.isdecimal() and len(word) >= FEWEST_DIGITS else ()
        found.append(Asked(Wanted(word=word, parts=parts), _plain(match[0])))
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _number(run: str, found: list[Asked]) -> str:
    abroad = run.lstrip(" (").startswith(("+", "00"))
    digits = digits_of(TRUNK.sub("", run) if abroad else run)
    if len(digits) < FEWEST_DIGITS or not digits.isascii():
        return run
    word = digits if run.strip() == digits else ""
    found.append(Asked(Wanted(word=word, parts=(digits,)), digits))
    return " "


def with_slips(asked: Asked, meant: Iterable[str]) -> Asked:
    """The same, also found by words that it may be a slip of."""
    return replace(asked, wanted=replace(asked.wanted, meant=tuple(meant)))


def distance(asked: Sequence[Asked], shown: Shown) -> tuple[int, int]:
    """(how many words were only found as slips, how far it is from what was typed)."""
    name = [(_plain(match[0]), fold(match[0])) for match in WORD.finditer(shown.name)]
    joined = words_of(shown.name)
    others = [word for text in shown.others for word in words_of(text)]
    numbers = [digits for pair in shown.numbers for digits in wholes(*pair) if digits]
    far = []
    for each in asked:
        choices = (
            _in_name(each, name, joined),
            _in_others(each.wanted.word, others),
            _in_numbers(each.wanted.parts, numbers),
            _as_slip(each.wanted, joined, others),
        )
        far.append(min((choice for choice in choices if choice is not None), default=NOT_SEEN))
    return sum(each >= SLIP for each in far), sum(far)


def _in_name(asked: Asked, name: list[tuple[str, str]], joined: Sequence[str]) -> int | None:
    word = asked.wanted.word
    if not word:
        return None
    near = [
        (NAME if folded == word else NAME_BEGINS)
        + (0 if typed.startswith(asked.typed) else OTHER_MARKS)
        for typed, folded in name
        if folded.startswith(word)
    ]
    if not near and any(each.startswith(word) for each in joined):
        return NAME_BEGINS + OTHER_MARKS
    return min(near, default=None)


def _in_others(word: str, others: Sequence[str]) -> int | None:
    if word and word in others:
        return OTHER
    return OTHER_BEGINS if word and any(each.startswith(word) for each in others) else None


def _in_numbers(parts: Sequence[str], numbers: Sequence[str]) -> int | None:
    if any(part in numbers for part in parts):
        return NAME
    if any(number.startswith(part) for part in parts for number in numbers):
        return NUMBER_BEGINS
    return NUMBER if any(part in number for part in parts for number in numbers) else None


def _as_slip(asked: Wanted, joined: Sequence[str], others: Sequence[str]) -> int | None:
    near = [
        (0 if each in joined else OTHER) + OSA.distance(asked.word, each)
        for each in asked.meant
        if each in joined or each in others
    ]
    return SLIP + min(near) if near else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())

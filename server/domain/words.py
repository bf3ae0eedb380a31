"""Words of a text as search terms: Swedish and English stems, and letters without their marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"\w+(?:['\u2019]\w+)?")
LONGEST = 64
MOST_TERMS = 2_000
SHORTEST_DEFINITE = 5  # plan and utan are whole words
CURLY = "\u2019"  # an apostrophe as telephones write it
HIT, END = "\x02", "\x03"

_SWEDISH, _ENGLISH = Stemmer.Stemmer("swedish"), Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Lower case without marks: "Möte" and "mote" are the same word to someone in a hurry."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace(CURLY, "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def terms_of_word(word: str) -> tuple[str, ...]:
    """The word itself, folded, and its stems, marked with their language."""
    lower = unicodedata.normalize("NFC", word.casefold().replace(CURLY, "'"))
    stems = (f"s:{fold(_swedish(lower))}", f"e:{fold(_ENGLISH.stemWord(lower))}")
    return (fold(word)[:LONGEST], *stems)


def _swedish(word: str) -> str:
    """Snowball's stem, also of the definite forms that it leaves: möte-t, möten-a, faktura-n."""
    stem: str = _SWEDISH.stemWord(_SWEDISH.stemWord(word))
    return stem[:-2] if stem.endswith(("an", "et")) and len(stem) >= SHORTEST_DEFINITE else stem


def words_of(text: str) -> list[str]:
    """The words of *text*, in order."""
    return [match[0] for match in WORD.finditer(text)]


def terms_of(text: str) -> list[str]:
    """Every term that *text* can be found by, sorted, at most `MOST_TERMS`."""
    found = {term for word in words_of(text) for term in terms_of_word(word)}
    return sorted(found)[:MOST_TERMS]


def matches(word: str, wanted: str) -> bool:
    """Whether *word* of a text answers to *wanted* of a query: the same stem, or a beginning."""
    terms = terms_of_word(wanted)
    mine = terms_of_word(word)
    return mine[0].startswith(terms[0]) or bool({*mine[1:]} & {*terms[1:]})


def snippet(body: str, query: str, length: int = 160) -> str:
    """The part of *body* around the first hit, hits between U+0002 and U+0003."""
    wanted = words_of(query)
    hits = [
        match.span()
        for match in WORD.finditer(body)
        if any(matches(match[0], each) for each in wanted)
    ]
    middle = hits[0][0] if hits else 0
    start = max(0, middle - length // 3)
    if start:
        start = body.find(" ", start, middle) + 1 or start
    end = min(len(body), start + length)
    parts: list[str] = ["…" if start else ""]
    at = start
    for first, last in hits:
        if first < start or last > end:
            continue
        parts += [body[at:first], HIT, body[first:last], END]
        at = last
    parts += [body[at:end], "…" if end < len(body) else ""]
    return "".join(parts)

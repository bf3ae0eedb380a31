"""What a line that somebody writes may hold. Pure."""

from __future__ import annotations

import unicodedata

from server.domain.errors import Invalid

# Control characters, lone surrogates, and what turns the direction of the text around it.
UNWANTED = frozenset({"Cc", "Cs"})
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def line(text: str, field: str, limit: int, *, needed: bool = False) -> str:
    """One line of text, spaces tidied. Raises Invalid."""
    tidy = unicodedata.normalize("NFC", " ".join(text.split())) if text else ""
    # All of them are among what Python calls unprintable, and most texts have none of that.
    if not tidy.isprintable() and any(_is_unwanted(char) for char in tidy):
        raise Invalid(field, "bad_text")
    if len(tidy) > limit:
        raise Invalid(field, "too_long", limit=limit)
    if needed and not tidy:
        raise Invalid(field, "empty")
    return tidy


def _is_unwanted(char: str) -> bool:
    return unicodedata.category(char) in UNWANTED or char in TURNING

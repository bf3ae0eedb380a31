"""Which voice speaks which language: `sv=Elin,en=Amy`, as VAXEL_SPEECH_VOICE has it."""

from __future__ import annotations

import re

from storage.models import Language

NAME = re.compile(r"^[A-Za-z0-9_+.-]{1,40}$")
LANGUAGES: tuple[Language, ...] = ("sv", "en")


def voices_of(text: str) -> dict[Language, str]:
    """The voices that *text* names. Raises ValueError with what is wrong."""
    found: dict[Language, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        named, _equals, voice = part.partition("=")
        language = next((each for each in LANGUAGES if each == named.strip()), None)
        if language is None or not NAME.match(voice.strip()):
            raise ValueError(f"“{part}” is not like sv=Elin")
        found[language] = voice.strip()
    return found

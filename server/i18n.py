"""What the server says to people, in Swedish and English: `say(key, locale, **facts)`."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("sv", "en")


@cache
def sentences(locale: str) -> dict[str, str]:
    """All sentences of one language, keys joined by dots."""
    text = resources.files("server").joinpath(f"locale/{locale}.json").read_text("utf-8")
    return dict(_flat(json.loads(text), ""))


def _flat(node: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, value))
    return found


def has(key: str) -> bool:
    """Whether there is a sentence for *key*."""
    return key in sentences("sv")


def say(key: str, locale: str, **facts: object) -> str:
    """The sentence *key* in *locale* (Swedish when we do not speak it), *facts* filled in."""
    return sentences(locale if locale in LANGUAGES else "sv")[key].format_map(facts)


def language_of(header: str | None) -> str:
    """The first of our languages that an Accept-Language *header* names; Swedish otherwise."""
    for part in (header or "").split(","):
        language = part.split(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return "sv"

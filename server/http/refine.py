"""What the input types leave to the domain, said in the description as exactly as a schema can."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from server.domain.messages import OTHER_SYMBOLS

REF = "#/components/schemas/"
# NUL is kept nowhere.
TEXT = r"^[^\u0000]*$"
_DAY = r"(?:0[1-9]|1\d|2[0-8])"
_DATE = (
    rf"(?:197[1-9]|19[89]\d|2\d{{3}})-(?:(?:0[1-9]|1[0-2])-{_DAY}|(?:0[13-9]|1[0-2])-(?:29|30)|"
    r"(?:0[13578]|1[02])-31)"
)
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
TIME = rf"^{_DATE}T{_CLOCK}$"


def refine(inputs: Iterable[dict[str, Any]], components: dict[str, Any]) -> None:
    """Refine these input schemas, and the components that they lead to, in place."""
    seen: set[str] = set()
    waiting: list[Any] = list(inputs)
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        if not isinstance(node, dict):
            continue
        name = str(node.get("$ref", "")).removeprefix(REF)
        if name in components and name not in seen:
            seen.add(name)
            waiting.append(components[name])
        _refine_text(node)
        if "emoji" in node.get("properties", {}):
            node["properties"]["emoji"]["pattern"] = emoji()
        waiting.extend(node.values())


def _refine_text(node: dict[str, Any]) -> None:
    if node.get("type") != "string" or "enum" in node:
        return
    if node.get("format") == "date-time":
        node["pattern"] = TIME
    elif node.get("format") == "iana-time-zone":
        node["enum"] = sorted(available_timezones() - {"Factory", "localtime"})
    elif "pattern" not in node:
        node["pattern"] = TEXT


@cache
def emoji() -> str:
    """What `messages.is_emoji` takes, as a pattern."""
    dress = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*"
    part = f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[{_symbols()}]){dress}"
    return f"^(?:[0-9#*]\ufe0f?\u20e3|{part}(?:\u200d{part})*)$"


def _symbols() -> str:
    """The symbols of Unicode, as ranges of a character class."""
    ranges: list[list[int]] = []
    for code in range(0xA6, sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) != "So" and char not in OTHER_SYMBOLS:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)

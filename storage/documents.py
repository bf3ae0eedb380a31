"""Nouns to MongoDB documents and back: `id` is `_id`, sets are sorted lists, the rest as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

import msgspec

Noun = TypeVar("Noun")


def to_document(noun: Any) -> dict[str, Any]:
    """A frozen noun as a document."""
    document: dict[str, Any] = msgspec.to_builtins(noun, builtin_types=(datetime,))
    for name, value in document.items():
        if isinstance(value, (set, frozenset)):
            document[name] = sorted(value)
    if "id" in document:
        document["_id"] = document.pop("id")
    return document


def from_document(document: Mapping[str, Any], kind: type[Noun]) -> Noun:
    """The noun that *document* keeps. Fields that the noun does not have are left aside."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]  # every noun is a dataclass
    values = {name: value for name, value in document.items() if name in names}
    if "id" in names:
        values["id"] = document["_id"]
    return msgspec.convert(values, kind)

"""Partial answers: `fields=items(id,start),nextPageToken` leaves out all else."""

from __future__ import annotations

from typing import Any

Mask = dict[str, "Mask"]


def read(text: str) -> Mask:
    """The mask that *text* describes; `a/b` and `a(b)` mean the same."""
    mask, rest = _read(text)
    if rest:
        raise ValueError(text)
    return mask


def _read(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    name = ""
    while text:
        sign, text = text[0], text[1:]
        if sign == "(":
            inner, text = _read(text)
            mask.setdefault(name, {}).update(inner)
            name = ""
        elif sign == "/":
            inner, text = _read(text)
            first = next(iter(inner))
            mask[name] = {first: inner.pop(first)}
            mask.update(inner)
            return mask, text
        elif sign in ",)":
            if name:
                mask.setdefault(name, {})
            name = ""
            if sign == ")":
                return mask, text
        else:
            name += sign
    if name:
        mask.setdefault(name, {})
    return mask, ""


def apply(mask: Mask, value: Any) -> Any:
    """*value* with nothing but what *mask* names; an empty mask takes everything."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply(mask, each) for each in value]
    if isinstance(value, dict):
        return {key: apply(inner, value[key]) for key, inner in mask.items() if key in value}
    return value

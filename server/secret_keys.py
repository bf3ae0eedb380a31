"""The keys that secrets in the database are encrypted with: how they are written down."""

from __future__ import annotations

import base64
import binascii
import re

NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
BYTES = 32


def parse_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """`id:base64,…` as ids and keys of 32 bytes, in order: the first encrypts, all decrypt.

    Raises ValueError with a sentence that tells nothing of a key.
    """
    found: dict[str, bytes] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, written = part.partition(":")
        if not NAME.fullmatch(name) or name in found:
            raise ValueError("each key should have an id of its own, before a colon")
        try:
            key = base64.b64decode(written, validate=True)
        except binascii.Error:
            raise ValueError(f"the key {name} should be written in base64") from None
        if len(key) != BYTES:
            raise ValueError(f"the key {name} should be {BYTES} bytes, written in base64")
        found[name] = key
    return tuple(found.items())

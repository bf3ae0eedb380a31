"""Secrets that must be read again, such as an exchange's: encrypted before they are kept.

AES-256-GCM. What is sealed names its key, so that keys can be changed: put a new one first, and
keep the old until nothing is sealed with it.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.secret_keys import parse_keys

NONCE_BYTES = 12
REMEMBERED = 10_000


class Unreadable(Exception):
    """It was sealed with a key that we do not have, about something else, or was changed."""


class Vault:
    """Seals and opens. *keys* as in VAXEL_SECRET_KEYS; without any, nothing can be sealed."""

    def __init__(self, keys: str | None) -> None:
        self._keys = {name: AESGCM(key) for name, key in parse_keys(keys or "")}
        self._opened: dict[tuple[str, str], str] = {}

    @property
    def usable(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def seal(self, secret: str, about: str) -> str:
        """*secret*, for the database; it opens only with the same *about* (the id of its owner)."""
        name, cipher = next(iter(self._keys.items()))
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + cipher.encrypt(nonce, secret.encode(), about.encode())
        return f"{name}:{base64.b64encode(sealed).decode()}"

    def is_current(self, sealed: str) -> bool:
        """Whether it was sealed with the first key. It may not open all the same."""
        return sealed.partition(":")[0] == next(iter(self._keys), None)

    def open(self, sealed: str, about: str) -> str:
        """What was sealed. Raises Unreadable."""
        known = self._opened.get((sealed, about))
        if known is not None:
            return known
        name, _, written = sealed.partition(":")
        cipher = self._keys.get(name)
        if cipher is None:
            raise Unreadable(f"there is no key {name}")
        try:
            data = base64.b64decode(written, validate=True)
            nonce, rest = data[:NONCE_BYTES], data[NONCE_BYTES:]
            opened = cipher.decrypt(nonce, rest, about.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise Unreadable("it does not open") from None
        if len(self._opened) >= REMEMBERED:
            self._opened.clear()
        self._opened[sealed, about] = opened
        return opened

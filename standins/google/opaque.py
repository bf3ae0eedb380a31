"""Tokens that a client must not look into: what they hold, in base64 and signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any


class Sealer:
    """Makes and opens tokens that only this server understands."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def seal(self, **what: Any) -> str:
        """A token that holds *what*."""
        body = json.dumps(what, sort_keys=True).encode()
        mark = hmac.digest(self._key, body, "sha256")[:9]
        return base64.urlsafe_b64encode(mark + body).decode().rstrip("=")

    def open(self, token: str) -> dict[str, Any] | None:
        """What it holds; None when it is none of ours."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        mark, body = raw[:9], raw[9:]
        if not hmac.compare_digest(hmac.digest(self._key, body, "sha256")[:9], mark):
            return None
        found: dict[str, Any] = json.loads(body)
        return found


def fingerprint(*parts: object) -> str:
    """A short name for what must be the same the next time."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

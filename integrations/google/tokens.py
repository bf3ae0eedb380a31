"""Access tokens in memory, for as long as they are good: each is a request that need not be made.

A service account has one for each person and scope, and a mailbox several calendars.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Any

from google.auth.credentials import Credentials as Key

from integrations.contract import Access

MOST = 5000


class Tokens:
    """The latest that were used; what they let in to is only known as a hash."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, tuple[Any, Any]] = OrderedDict()

    def lend(self, access: Access, scope: str, key: Key) -> None:
        """Give *key* the token that is known, if it is good for longer than its own."""
        known = self._kept.get(_name(access, scope))
        if known is not None and (key.expiry is None or key.expiry < known[1]):
            key.token, key.expiry = known

    def keep(self, access: Access, scope: str, key: Key) -> None:
        """Remember the token of *key*."""
        name = _name(access, scope)
        self._kept[name] = (key.token, key.expiry)
        self._kept.move_to_end(name)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, access: Access, scope: str) -> None:
        """It was not taken."""
        self._kept.pop(_name(access, scope), None)


def _name(access: Access, scope: str) -> bytes:
    held = access.credentials
    secret = held.get("refresh_token") or held.get("private_key") or ""
    # Consent is for all scopes at once, a service account's token for one of them.
    parts = (str(secret), access.address, scope if "private_key" in held else "")
    return hashlib.sha256("\0".join(parts).encode()).digest()

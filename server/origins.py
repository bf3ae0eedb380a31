"""The session cookie, and which pages may act with it."""

from __future__ import annotations

from urllib.parse import urlsplit

COOKIE = "vaxel_session"


def same_origin(address: str, host: str, origin: str) -> bool:
    """Whether *origin* is this server: by the *host* it was called by, or its public *address*."""
    try:
        return urlsplit(origin).netloc == host or origin.rstrip("/") == address
    except ValueError:  # no address at all
        return False

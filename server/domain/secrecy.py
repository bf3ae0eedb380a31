"""Passwords and tokens: made, hashed and compared. Nothing here is ever logged."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)

# What is compared with when there is no such person: the answer must take as long as for one.
NOBODY = (
    "$argon2id$v=19$m=32768,t=2,p=1$Dv8GmgU9+VqleuAtt2VXuQ"
    "$AkvXzAjzju4c0l9b8F9d1UItkFlUyYvrFceY1k73tEE"
)


async def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return await asyncio.to_thread(HASHER.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time when there is none to compare with."""
    right = await asyncio.to_thread(_verify, password_hash or NOBODY, password)
    return right and password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def new_token(prefix: str = "") -> str:
    """256 random bits that fit in an address."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token. It is random and long, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

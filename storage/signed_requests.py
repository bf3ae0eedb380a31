"""Signed requests in Redis: no signature is taken twice, and a repeated key gets its first answer.

One round trip for each request. Answers are written in the background, many at once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Literal

from redis.exceptions import RedisError

log = logging.getLogger("vaxel.storage")

REMEMBER_SIGNATURES = 620_000  # ms: longer than any signature is fresh
REMEMBER_ANSWERS = 600_000
CLAIM = 3_000  # ms after which one that began to answer is taken for dead
LOOK_EVERY = 0.02
WAIT = 0.8  # seconds to wait for the first answer before making one

_CLAIM = """
if not redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) then return 'replay' end
if ARGV[3] == '' then return 'new' end
local known = redis.call('GET', KEYS[2])
if known == '' then return 'answering' end
if known then return '=' .. known end
redis.call('SET', KEYS[2], '', 'PX', ARGV[2])
return 'new'
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether to answer: `new` yes; `replay` never; `known` was answered with *answer*."""

    outcome: Literal["new", "replay", "known"]
    answer: bytes = b""


class SignedRequests:
    """What was signed lately; *place* keeps installations that share one Redis apart."""

    def __init__(self, redis: Any, place: str = "vaxel") -> None:
        self._redis = redis
        self._place = place
        self._claim = redis.register_script(_CLAIM)
        self._answers: dict[str, bytes | None] = {}
        self._writer: asyncio.Task[None] | None = None

    async def claim(self, signature: str, once: str) -> Claim:
        """Take a signature, and the right to answer for the key *once* ("" for no such key)."""
        keys = [f"{self._place}:signed:{signature}", self._key(once)]
        told = await self._claim(keys=keys, args=[REMEMBER_SIGNATURES, CLAIM, once])
        if told == b"replay":
            return Claim("replay")
        if told == b"answering":
            return await self._first_answer(once)
        return Claim("new") if told == b"new" else Claim("known", told[1:])

    async def _first_answer(self, once: str) -> Claim:
        """Another is answering: wait for it. Should it have died, answer instead."""
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT
        while loop.time() < until:
            found = await self._redis.get(self._key(once))
            if found is None:
                break
            if found:
                return Claim("known", found)
            await asyncio.sleep(LOOK_EVERY)
        return Claim("new")

    def keep(self, once: str, answer: bytes) -> None:
        """Remember the answer for the key *once*."""
        self._write(once, answer)

    def release(self, once: str) -> None:
        """It was refused: the same key may be used for a better request."""
        self._write(once, None)

    def _write(self, once: str, answer: bytes | None) -> None:
        if not once:
            return
        self._answers[self._key(once)] = answer
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._answers:
            answers, self._answers = self._answers, {}
            pipe = self._redis.pipeline(transaction=False)
            for key, answer in answers.items():
                if answer is None:
                    pipe.delete(key)
                else:
                    pipe.set(key, answer, px=REMEMBER_ANSWERS)
            try:
                await pipe.execute()
            except (RedisError, OSError) as error:
                log.warning("answers.lost", extra={"error": str(error)})

    def _key(self, once: str) -> str:
        return f"{self._place}:answer:{once}"

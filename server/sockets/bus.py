"""What the processes tell each other, over one Redis channel.

Each process fans facts out to its own clients; a fact for others' clients is published once,
several together. Redis may lose messages; the logs may not: after a gap every cache is dropped
and every client is asked to compare its cursors.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from redis.exceptions import RedisError

log = logging.getLogger("vaxel.bus")

ALONE_FOR = 1.0  # seconds for which "nobody else listens" is believed
WAIT_OUT = 5.0  # seconds for which messages are kept for a Redis that does not answer
LISTEN_FOR = 5.0
SILENCE = 35.0  # every process says every ten seconds that it lives, and hears itself


class Bus:
    """Publishes to and hears the other processes. *channel* is one per database."""

    def __init__(self, redis: Any, channel: str, process: str) -> None:
        self._redis = redis
        self._channel = channel
        self.process = process
        self._outgoing: list[list[Any]] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._listening = False
        self._alone_until = 0.0
        self._skipped = False
        self._tasks: list[asyncio.Task[None]] = []
        self.hear: Callable[[str, list[Any]], None] = lambda _process, _message: None
        self.gap: Callable[[], None] = lambda: None

    def open(self) -> None:
        """Begin to publish."""
        self._tasks.append(asyncio.create_task(self._send_all()))

    async def listen(self) -> None:
        """Begin to hear; subscribed, and the others know it, when this returns."""
        subscribed = asyncio.Event()
        self._tasks.append(asyncio.create_task(self._listen(subscribed)))
        await subscribed.wait()

    async def close(self) -> None:
        """Send what is waiting, then stop."""
        for _try in range(50):
            if not self._outgoing:
                break
            await asyncio.sleep(0.02)
        self._closing = True  # a cancellation that the Redis client swallowed is not lost
        for task in self._tasks:
            task.cancel()
        self._wake.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, *message: Any, always: bool = False) -> None:
        """Queue a message to every other process; facts may be skipped when nobody listens."""
        if not always and asyncio.get_running_loop().time() < self._alone_until:
            self._skipped = True
            return
        self._outgoing.append(list(message))
        self._wake.set()

    async def _send_all(self) -> None:
        loop = asyncio.get_running_loop()
        failing_since: float | None = None
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            messages, self._outgoing = self._outgoing, []
            try:
                heard = await self._publish(messages)
            except (RedisError, OSError) as error:
                # A short hiccup is waited out, in order. After a long one the others are told that
                # they missed something, and compare for themselves.
                failing_since = failing_since or loop.time()
                if loop.time() - failing_since > WAIT_OUT:
                    log.warning("bus.lost", extra={"error": str(error)})
                    self._outgoing = [["gap"]]
                else:
                    self._outgoing = [*messages, *self._outgoing]
                await asyncio.sleep(0.1)
                self._wake.set()
                continue
            failing_since = None
            # Who does not listen would not hear that another came: it never takes itself for alone.
            alone = self._listening and heard <= 1
            self._alone_until = loop.time() + ALONE_FOR if alone else 0.0

    async def _publish(self, messages: list[list[Any]]) -> int:
        packed = msgspec.msgpack.encode([self.process, messages])
        heard: int = await self._redis.publish(self._channel, packed)
        return heard

    async def _listen(self, subscribed: asyncio.Event) -> None:
        pause = 0.1
        while not self._closing:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._channel)
                    await self._publish([["hello"]])
                    if subscribed.is_set():
                        self.gap()
                    subscribed.set()
                    pause = 0.1
                    await self._hear_all(pubsub)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("bus.down", extra={"error": str(error), "retry_in": pause})
            self._listening, self._alone_until = False, 0.0
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _hear_all(self, pubsub: Any) -> None:
        """Take what comes. Raises TimeoutError when not even our own signs of life come back."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while not self._closing:
            message = await pubsub.get_message(timeout=LISTEN_FOR)
            if message is not None:
                last = loop.time()
                self._take(message["data"])
            elif loop.time() - last > SILENCE:
                raise TimeoutError("silence")

    def _take(self, packed: bytes) -> None:
        try:
            process, messages = msgspec.msgpack.decode(packed)
        except (msgspec.DecodeError, ValueError):
            log.warning("bus.nonsense")
            return
        if process == self.process:
            self._listening = True
            return
        self._alone_until = 0.0
        if self._skipped:  # it came while we still believed to be alone
            self._skipped = False
            self.tell("gap", always=True)
        for message in messages:
            if message == ["gap"]:
                self.gap()
                continue
            try:
                self.hear(process, message)
            except Exception:
                log.exception("bus.failed", extra={"about": str(message[:1])})

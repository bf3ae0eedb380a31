"""What the processes tell each other, over one Redis channel.

Each process fans facts out to its own clients; a fact for others' clients is published once,
several together. Redis may lose messages; the logs may not: after a gap every cache is dropped
and every client is asked to compare its cursors.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from redis.exceptions import RedisError

log = logging.getLogger("vaxel.bus")

ALONE_FOR = 1.0  # seconds for which "nobody else listens" is believed
LARGEST_BACKLOG = 200_000


class Bus:
    """Publishes to and hears the other processes. *channel* is one per database."""

    def __init__(self, redis: Any, channel: str, process: str) -> None:
        self._redis = redis
        self._channel = channel
        self.process = process
        self._outgoing: list[list[Any]] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._alone_until = 0.0
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
            return
        if len(self._outgoing) < LARGEST_BACKLOG:
            self._outgoing.append(list(message))
            self._wake.set()

    async def _send_all(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            messages, self._outgoing = self._outgoing, []
            packed = msgspec.msgpack.encode([self.process, messages])
            try:
                heard = await self._redis.publish(self._channel, packed)
            except (RedisError, OSError) as error:
                # Others missed this. They have lost the same Redis, and will ask when it is back.
                log.warning("bus.lost", extra={"messages": len(messages), "error": str(error)})
                self._alone_until = 0.0
                continue
            if heard <= 1:
                self._alone_until = loop.time() + ALONE_FOR

    async def _listen(self, subscribed: asyncio.Event) -> None:
        pause = 0.1
        while not self._closing:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._channel)
                    if subscribed.is_set():
                        self.gap()
                    await self._redis.publish(
                        self._channel, msgspec.msgpack.encode([self.process, [["hello"]]])
                    )
                    subscribed.set()
                    pause = 0.1
                    async for message in pubsub.listen():
                        self._take(message["data"])
            except (RedisError, OSError) as error:
                log.warning("bus.down", extra={"error": str(error), "retry_in": pause})
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    def _take(self, packed: bytes) -> None:
        try:
            process, messages = msgspec.msgpack.decode(packed)
        except (msgspec.DecodeError, ValueError):
            log.warning("bus.nonsense")
            return
        if process == self.process:
            return
        self._alone_until = 0.0
        for message in messages:
            try:
                self.hear(process, message)
            except Exception:
                log.exception("bus.failed", extra={"about": str(message[:1])})

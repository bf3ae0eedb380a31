"""The worker's sign of life: a key in Redis that fades unless it is renewed."""

from __future__ import annotations

import logging
from threading import Event, Thread

import redis

from server import heartbeat

log = logging.getLogger("vaxel.worker")
_ended = Event()


def begin(redis_url: str) -> None:
    """Show life from now on, in a thread of its own: a long job does not make us seem dead."""
    _ended.clear()
    Thread(target=_beat, args=(redis_url,), name="heartbeat", daemon=True).start()


def end() -> None:
    """Show no more life."""
    _ended.set()


def _beat(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url, socket_timeout=5)
    while True:
        try:
            client.set(heartbeat.KEY, "1", ex=heartbeat.LASTS_SECONDS)
        except redis.RedisError as error:
            log.warning("heartbeat.failed", extra={"reason": str(error)})
        if _ended.wait(heartbeat.EVERY_SECONDS):
            break
    client.close()

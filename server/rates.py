"""A token bucket per user, kept in this process: how fast one person may send."""

from __future__ import annotations

import time

FORGET_AT = 10_000


class Rate:
    """*rate* a second sustained, *burst* at once, per key."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """Take one; 0.0 when there was one, else seconds until there will be."""
        now = time.monotonic()
        tokens, at = self._buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            return (1 - tokens) / self._rate
        if len(self._buckets) > FORGET_AT:
            self._drop_full(now)
        self._buckets[key] = (tokens - 1, now)
        return 0.0

    def _drop_full(self, now: float) -> None:
        refill = self._burst / self._rate
        self._buckets = {
            key: bucket for key, bucket in self._buckets.items() if now - bucket[1] < refill
        }

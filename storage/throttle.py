"""A throttle in Redis, one for all processes: so many in so long, then wait."""

from __future__ import annotations

from typing import Any

# Generic cell rate: one number per key, the moment at which everything allowed so far would have
# drained. Redis's own clock, so that processes need not agree on the time; in one script, so that
# a thousand tries at once are counted as a thousand.
_HIT = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local limit, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local drained = tonumber(redis.call('GET', KEYS[1]) or now)
if drained < now then drained = now end
local after = drained + period / limit
if after - now > period + 0.000001 then return tostring(after - now - period) end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000))
return '0'
"""

_UNDO = """
local drained = redis.call('GET', KEYS[1])
if drained then
  local before = tonumber(drained) - tonumber(ARGV[2]) / tonumber(ARGV[1])
  redis.call('SET', KEYS[1], string.format('%.6f', before), 'KEEPTTL')
end
"""


class Throttle:
    """Counts by key; *place* keeps installations that share one Redis apart."""

    def __init__(self, redis: Any, place: str = "vaxel") -> None:
        self._redis = redis
        self._place = place
        self._hit = redis.register_script(_HIT)
        self._undo = redis.register_script(_UNDO)

    async def hit(self, key: str, limit: int, per_seconds: float) -> float:
        """Count one. 0 when allowed; else the seconds to wait, and it is not counted.

        *limit* may come at once; after that, one in each *per_seconds* / *limit*.
        """
        return float(await self._hit(keys=[self._key(key)], args=[limit, per_seconds]))

    async def undo(self, key: str, limit: int, per_seconds: float) -> None:
        """Take back one that was counted."""
        await self._undo(keys=[self._key(key)], args=[limit, per_seconds])

    async def clear(self, *keys: str) -> None:
        """Forget what was counted under these keys."""
        if keys:
            await self._redis.delete(*map(self._key, keys))

    def _key(self, key: str) -> str:
        return f"{self._place}:throttle:{key}"

"""What Redis knows of syncing: who is dirty, who is asked to wait, how late changes were seen.

All of it may be lost: whatever was told is found again when the mailbox's time comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

REMEMBER_NUMBER = 30 * 24 * 3600  # seconds; longer than any watch lasts
REMEMBER_NOTE = 6 * 3600  # a provider tells again for four hours at most
GATHER = 0.02  # seconds
WRITERS = 16
SAMPLES = 1000
KEEP_SAMPLES = 7 * 24 * 3600

Told = Literal["new", "known", "replay"]

# Of each note: the mailbox; what names the note ("" nothing does); its number in its watch (0: it
# has none); 1 when everything must be read again. A note that was heard before changes nothing.
_HEAR = """
local told = {}
for at = 4, #ARGV, 4 do
  local mailbox, name, number, full = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  local fresh = true
  if number > 0 then
    local key = KEYS[3] .. name
    local last = tonumber(redis.call('GET', key) or 0)
    fresh = number > last
    if fresh then redis.call('SET', key, number, 'EX', ARGV[2]) end
  elseif name ~= '' then
    fresh = redis.call('SET', KEYS[3] .. name, '1', 'NX', 'EX', ARGV[3]) and true or false
  end
  if fresh then
    if full == '1' then redis.call('SADD', KEYS[2], mailbox) end
    local new = redis.call('ZADD', KEYS[1], 'NX', ARGV[1], mailbox)
    told[#told + 1] = new == 1 and 'new' or 'known'
  else
    told[#told + 1] = 'replay'
  end
end
return told
"""


@dataclass(frozen=True, slots=True)
class Note:
    """That a mailbox changed. `name` and `number` tell one note from another; see `SyncQueue`."""

    mailbox_id: str
    name: str = ""
    number: int = 0
    full: bool = False


class SyncQueue:
    """Marks, pauses and samples; *place* keeps installations that share one Redis apart.

    `writing` is room for so many of this process to write at once: more would only wait for each
    other inside the database, each with its transaction open.
    """

    def __init__(self, redis: Any, place: str = "vaxel") -> None:
        self._redis = redis
        self._place = f"{place}:sync"
        self._hear = redis.register_script(_HEAR)
        self.writing = asyncio.Semaphore(WRITERS)
        self._gathered: dict[str, None] = {}
        self._handing: asyncio.Task[None] | None = None

    async def hear(self, notes: Sequence[Note], moment: datetime) -> list[Told]:
        """Mark what these tell of, in one round trip; of each whether its mailbox is newly marked.

        `replay`: it was heard before (its number is not above the last of that name, or its name
        is known), and changed nothing.
        """
        if not notes:
            return []
        args: list[Any] = [moment.timestamp(), REMEMBER_NUMBER, REMEMBER_NOTE]
        for note in notes:
            args += [note.mailbox_id, note.name, note.number, int(note.full)]
        keys = [self._key("dirty"), self._key("full"), self._key("note:")]
        told = await self._hear(keys=keys, args=args)
        return [each.decode() for each in told]

    def gather(
        self, mailbox_ids: Iterable[str], then: Callable[[list[str]], Awaitable[None]]
    ) -> None:
        """Soon call *then* with these and all that were gathered meanwhile."""
        self._gathered.update(dict.fromkeys(mailbox_ids))
        if self._gathered and (self._handing is None or self._handing.done()):
            self._handing = asyncio.create_task(self._hand_out(then))

    async def _hand_out(self, then: Callable[[list[str]], Awaitable[None]]) -> None:
        while self._gathered:
            await asyncio.sleep(GATHER)
            gathered, self._gathered = list(self._gathered), {}
            await then(gathered)

    async def waiting(self, queue: str) -> int:
        """How many jobs wait in a queue of the worker's."""
        return int(await self._redis.llen(queue))

    async def mark(self, mailbox_id: str, moment: datetime, *, full: bool = False) -> bool:
        """It changed, or everything in it must be read again; whether that is news."""
        return await self.hear([Note(mailbox_id, full=full)], moment) == ["new"]

    async def take(self, mailbox_id: str) -> tuple[bool, bool]:
        """Whether it was marked, and to be read in full. From now on it is not."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.zrem(self._key("dirty"), mailbox_id)
        pipe.srem(self._key("full"), mailbox_id)
        dirty, full = await pipe.execute()
        return bool(dirty), bool(full)

    async def want_full(self, mailbox_id: str) -> None:
        """Read everything in it again, whenever it is read next."""
        await self._redis.sadd(self._key("full"), mailbox_id)

    async def marked(self, mailbox_id: str) -> bool:
        """Whether it is marked now."""
        return await self._redis.zscore(self._key("dirty"), mailbox_id) is not None

    async def left(self, before: datetime, now: datetime, limit: int) -> list[str]:
        """Mailboxes marked before that moment and taken by nobody; marked anew as of *now*."""
        key = self._key("dirty")
        found = await self._redis.zrangebyscore(key, "-inf", before.timestamp(), 0, limit)
        if found:
            again = {each: now.timestamp() for each in found}
            await self._redis.zadd(key, again, xx=True)
        return [each.decode() for each in found]

    async def pause(self, whom: str, until: datetime) -> None:
        """Ask nothing of *whom* (a mailbox, or a provider's tenant) until then."""
        seconds = max(1, int((until - datetime.now(UTC)).total_seconds()) + 60)
        key = self._key(f"pause:{whom}")
        await self._redis.set(key, str(until.timestamp()), ex=seconds)

    async def paused(self, whom: Iterable[str]) -> datetime | None:
        """Until when the longest pause of these lasts; it may be over."""
        keys = [self._key(f"pause:{each}") for each in whom]
        found = [float(each) for each in await self._redis.mget(keys) if each is not None]
        return datetime.fromtimestamp(max(found), UTC) if found else None

    async def resume(self, *whom: str) -> None:
        """End these pauses."""
        await self._redis.delete(*(self._key(f"pause:{each}") for each in whom))

    async def add_lag(self, org_id: str, seconds: Iterable[float]) -> None:
        """Keep how long after a change it was seen here, of the latest changes in a company."""
        values = [f"{each:.3f}" for each in seconds][:SAMPLES]
        if not values:
            return
        key = self._key(f"lag:{org_id}")
        pipe = self._redis.pipeline(transaction=False)
        pipe.lpush(key, *values)
        pipe.ltrim(key, 0, SAMPLES - 1)
        pipe.expire(key, KEEP_SAMPLES)
        await pipe.execute()

    async def lags(self, org_id: str) -> list[float]:
        """The latest such times in the company, in seconds, the latest first."""
        return [float(each) for each in await self._redis.lrange(self._key(f"lag:{org_id}"), 0, -1)]

    def _key(self, name: str) -> str:
        return f"{self._place}:{name}"

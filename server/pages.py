"""Pages of room logs as encoded JSON, so that a thousand clients coming back cost one query.

A page is never trusted beyond the log's end that was read for this very request; only the work of
reading and encoding is shared.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from storage.log import RoomLog
from storage.log_reader import Tail
from storage.models import public

MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """Entries after a cursor as a JSON array; *limited* when there were more than fit."""

    json: bytes
    last_seq: int
    limited: bool


EMPTY = Page(b"[]", 0, limited=False)


class Pages:
    """Reads pages and tails for all who ask at the same time at once."""

    def __init__(self, log: RoomLog, limit: int) -> None:
        self._log = log
        self._limit = limit
        self._kept: OrderedDict[tuple[str, int, int], Page] = OrderedDict()
        self._bytes = 0
        self._reading: dict[tuple[str, int, int], asyncio.Task[Page]] = {}
        self._asked: set[str] = set()
        self._next: asyncio.Task[dict[str, Tail]] | None = None
        self._current: asyncio.Task[dict[str, Tail]] | None = None

    async def tails(self, room_ids: Iterable[str]) -> dict[str, Tail]:
        """Where the logs end, as read after this call began; asked together with others' rooms."""
        wanted = set(room_ids)
        if not wanted:
            return {}
        self._asked |= wanted
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._ask(self._current))
        found = await asyncio.shield(self._next)
        return {room_id: found[room_id] for room_id in wanted if room_id in found}

    async def _ask(self, previous: asyncio.Task[dict[str, Tail]] | None) -> dict[str, Tail]:
        if previous is not None:
            await asyncio.wait([previous])
        self._current, self._next = self._next, None
        asked, self._asked = self._asked, set()
        return await self._log.tails(asked)

    async def after(self, room_id: str, cursor: int, tail: Tail) -> Page:
        """The entries after *cursor*, of a log known to end at *tail* or later."""
        if cursor >= tail.seq:
            return EMPTY
        key = (room_id, cursor, tail.seq)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        reading = self._reading.get(key)
        if reading is None:
            reading = asyncio.get_running_loop().create_task(self._read(room_id, cursor))
            self._reading[key] = reading
            reading.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(reading)

    async def _read(self, room_id: str, cursor: int) -> Page:
        entries = await self._log.after(room_id, cursor, self._limit + 1)
        limited = len(entries) > self._limit
        shown = [public(entry) for entry in entries[: self._limit]]
        last = entries[: self._limit][-1]["seq"] if entries else cursor
        return Page(orjson.dumps(shown), last, limited)

    def _keep(self, key: tuple[str, int, int], done: asyncio.Task[Page]) -> None:
        self._reading.pop(key, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[key] = page = done.result()
        self._bytes += len(page.json)
        while self._bytes > MOST_BYTES:
            _key, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped.json)

"""A small cache of single nouns, for what every command looks up: who speaks, which room.

A change is told to every process, which forgets the noun at once; the short lifetime bounds what
a lost telling could do. What many ask for at the same time, as after a restart when everyone comes
back, is loaded together in one query.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

Noun = TypeVar("Noun")

LIFETIME = 30.0
LARGEST = 100_000
LARGEST_QUERY = 500
QUERIES = 4  # at a time: who asks for one does not wait for all that somebody asks for thousands of


class Cache(Generic[Noun]):
    """Loads by key, keeps for `LIFETIME` seconds.

    *load_many* is given keys and returns what it found, by key. A missing noun is never kept: what
    was just added must be found.
    """

    def __init__(self, load_many: Callable[[list[str]], Awaitable[dict[str, Noun]]]) -> None:
        self._load_many = load_many
        self._kept: dict[str, tuple[float, Noun]] = {}
        self._loading: dict[str, asyncio.Future[Noun | None]] = {}
        self._asked: list[tuple[str, asyncio.Future[Noun | None]]] = []
        self._runners: set[asyncio.Task[None]] = set()
        self._running = 0
        self._gathering = False

    def peek(self, key: str) -> Noun | None:
        """The noun if it is at hand and fresh."""
        kept = self._kept.get(key)
        if kept is None or kept[0] < time.monotonic():
            return None
        return kept[1]

    async def get(self, key: str) -> Noun | None:
        """The noun, loaded when it is not at hand."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] >= time.monotonic():
            return kept[1]
        return await asyncio.shield(self._ask(key))

    async def get_many(self, keys: Iterable[str]) -> dict[str, Noun]:
        """The nouns that there are, by key; those not at hand are loaded in few queries."""
        found: dict[str, Noun] = {}
        asked: dict[str, asyncio.Future[Noun | None]] = {}
        moment = time.monotonic()
        for key in keys:
            kept = self._kept.get(key)
            if kept is not None and kept[0] >= moment:
                found[key] = kept[1]
            else:
                asked[key] = self._ask(key)
        if asked:
            await asyncio.wait(asked.values())
        for key, loading in asked.items():
            noun = loading.result()
            if noun is not None:
                found[key] = noun
        return found

    def _ask(self, key: str) -> asyncio.Future[Noun | None]:
        """What will be the noun, for all who ask while it is being loaded."""
        loading = self._loading.get(key)
        if loading is None:
            loop = asyncio.get_running_loop()
            loading = self._loading[key] = loop.create_future()
            self._asked.append((key, loading))
            if not self._gathering and self._running < QUERIES:
                self._gathering = True
                self._running += 1
                runner = loop.create_task(self._run())
                self._runners.add(runner)
                runner.add_done_callback(self._runners.discard)
        return loading

    async def _run(self) -> None:
        try:
            await asyncio.sleep(0)  # let everyone who asks in this turn ask
            self._gathering = False
            while self._asked:
                batch = self._asked[:LARGEST_QUERY]
                del self._asked[:LARGEST_QUERY]
                await self._load(batch)
        finally:
            self._running -= 1

    async def _load(self, batch: list[tuple[str, asyncio.Future[Noun | None]]]) -> None:
        try:
            found = await self._load_many([key for key, _loading in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, those who asked are told
            for key, loading in batch:
                self._settle(key, loading, error=error)
        else:
            for key, loading in batch:
                self._settle(key, loading, noun=found.get(key))

    def _settle(
        self,
        key: str,
        loading: asyncio.Future[Noun | None],
        noun: Noun | None = None,
        error: Exception | None = None,
    ) -> None:
        # Forgotten while it was loading: what was read may be old, so it is answered, not kept.
        current = self._loading.get(key) is loading
        if current:
            del self._loading[key]
        if loading.done():
            return
        if error is not None:
            loading.set_exception(error)
            loading.exception()  # whoever asked may have gone
            return
        loading.set_result(noun)
        if noun is not None and current:
            if len(self._kept) >= LARGEST:
                self._kept.clear()
            self._kept[key] = (time.monotonic() + LIFETIME, noun)

    def forget(self, key: str) -> None:
        """Load afresh next time, and do not keep what is being loaded now."""
        self._kept.pop(key, None)
        self._loading.pop(key, None)

    def clear(self) -> None:
        """Load everything afresh."""
        self._kept.clear()
        self._loading.clear()

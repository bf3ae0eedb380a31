"""A small cache of single nouns, for what every command looks up: who speaks, which room.

A change is told to every process, which forgets the noun at once; the short lifetime bounds what a
lost telling could do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Noun = TypeVar("Noun")

LIFETIME = 30.0
LARGEST = 100_000


class Cache(Generic[Noun]):
    """Loads by key, keeps for `LIFETIME` seconds, asks once for all who ask at the same time.

    A missing noun is never kept: what was just added must be found.
    """

    def __init__(self, load: Callable[[str], Awaitable[Noun | None]]) -> None:
        self._load = load
        self._kept: dict[str, tuple[float, Noun]] = {}
        self._loading: dict[str, asyncio.Future[Noun | None]] = {}

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
        loading = self._loading.get(key)
        if loading is None:
            loading = asyncio.ensure_future(self._load(key))
            self._loading[key] = loading
            loading.add_done_callback(lambda done: self._loaded(key, done))
        return await asyncio.shield(loading)

    def _loaded(self, key: str, done: asyncio.Future[Noun | None]) -> None:
        if self._loading.get(key) is not done:
            return  # forgotten while it was loading: what it read may be old
        del self._loading[key]
        if done.cancelled() or done.exception() is not None:
            return
        noun = done.result()
        if noun is None:
            return
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

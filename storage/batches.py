"""Writing what many want kept at the same time together: one command to the database for all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

LARGEST = 1000


class Batches(Generic[Item]):
    """Collects while the batch before is being written; an idle one writes at once.

    *write* keeps a batch, or raises: then everyone whose item was in it is told.
    """

    def __init__(self, write: Callable[[list[Item]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> None:
        """Keep *item*; it is kept when this returns. Raises what `write` raised."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[None] = loop.create_future()
        self._waiting.append((item, kept))
        if self._runner is None or self._runner.done():
            self._runner = loop.create_task(self._run())
        await asyncio.shield(kept)

    async def _run(self) -> None:
        while self._waiting:
            batch = self._waiting[:LARGEST]
            del self._waiting[:LARGEST]
            error: Exception | None = None
            try:
                await self._write([item for item, _kept in batch])
            except Exception as failure:  # noqa: BLE001 - whatever it was, those who wait are told
                error = failure
            for _item, kept in batch:
                if kept.done():
                    continue
                if error is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(error)
                    kept.exception()  # whoever asked may have gone

"""Commands of one device in one room, applied in the order in which they were sent."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Queued = Callable[[], None]
Work = Callable[[Queued], Awaitable[None]]

_tasks: set[asyncio.Task[None]] = set()


def spawn(work: Coroutine[Any, Any, None]) -> None:
    """Run *work* by itself; asyncio alone would hold its task only weakly."""
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


class Line:
    """A queue in which one command runs at a time, but for messages on their way to the log.

    A message that stands in the log's own queue has its place: the next message may follow at once,
    so that one device's burst becomes one group commit. Any other command waits for all before it.
    """

    __slots__ = ("_busy", "_unfinished", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[tuple[bool, Work]] = deque()
        self._unfinished = 0
        self._busy = False

    def add(self, work: Work, *, follows: bool) -> None:
        """Run *work* in its turn; it *follows* when only the queueing of those before matters."""
        self._waiting.append((follows, work))
        self._advance()

    @property
    def empty(self) -> bool:
        """Nothing runs and nothing waits."""
        return not self._unfinished and not self._waiting

    def _advance(self) -> None:
        while self._waiting and not self._busy:
            follows, work = self._waiting[0]
            if self._unfinished and not follows:
                return
            self._waiting.popleft()
            self._unfinished += 1
            self._busy = True
            spawn(self._run(work))

    async def _run(self, work: Work) -> None:
        queued = False

        def pass_on() -> None:
            nonlocal queued
            if not queued:
                queued = True
                self._busy = False
                self._advance()

        try:
            await work(pass_on)
        finally:
            self._unfinished -= 1
            if not queued:
                self._busy = False
            self._advance()

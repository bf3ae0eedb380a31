"""One event loop and one App per worker process, opened after the fork, if it forks.

The loop runs in a thread of its own for as long as the process lives, so that what a use case
leaves behind (facts on their way to Redis, a group commit) goes on between two tasks. A worker of
threads has one loop for all of them: each thread only waits for what it has asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

import uvloop

from server.app import App
from server.boot import open_app
from server.settings import Settings

OPENING_SECONDS = 60
STOPPING_SECONDS = 5
WAITING_THREADS = 64  # vendors' libraries block: so many calls at once wait for their servers

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Runtime:
    loop: asyncio.AbstractEventLoop
    thread: Thread
    stack: AsyncExitStack
    app: App
    stoppable: set[asyncio.Task[Any]] = field(default_factory=set)


_here: _Runtime | None = None
_opening = Lock()


def open_here(settings: Settings) -> None:
    """Open this process's loop and App, unless they are open."""
    with _opening:
        if _here is None:
            _open(settings)


def _open(settings: Settings) -> None:
    global _here  # noqa: PLW0603  # Celery runs tasks as plain functions: they need one place to look
    loop = uvloop.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(WAITING_THREADS, "waiting"))
    thread = Thread(target=loop.run_forever, name="loop", daemon=True)
    thread.start()
    stack = AsyncExitStack()
    app = _wait(loop, stack.enter_async_context(open_app(settings)), OPENING_SECONDS)
    _here = _Runtime(loop, thread, stack, app)


def close_here() -> bool:
    """Close the App and the loop; whether they were open."""
    global _here  # noqa: PLW0603  # see open_here
    if _here is None:
        return False
    _wait(_here.loop, _here.stack.aclose(), OPENING_SECONDS)
    _here.loop.call_soon_threadsafe(_here.loop.stop)
    _here.thread.join(5)
    _here = None
    return True


def stop_here() -> None:
    """End what may be ended in the middle: it is taken up again, here or elsewhere."""
    if _here is None:
        return

    async def stop(tasks: set[asyncio.Task[Any]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOPPING_SECONDS)

    _wait(_here.loop, stop(set(_here.stoppable)), STOPPING_SECONDS * 2)


def run(
    use_case: Callable[Concatenate[App, Given], Awaitable[Result]],
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Result:
    """What *use_case* returns, given this process's App and the arguments; raises what it does."""
    if _here is None:
        raise RuntimeError("No App is open in this process; tasks run in a Celery worker.")
    app = _here.app

    async def go() -> Result:
        return await use_case(app, *args, **kwargs)

    return _wait(_here.loop, go(), None)


def run_stoppable(
    use_case: Callable[Concatenate[App, Given], Awaitable[None]],
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> None:
    """As `run`, for work that sees to it that it is taken up again should `stop_here` end it."""
    here = _here

    async def go(app: App) -> None:
        task = asyncio.current_task()
        if here is None or task is None:
            return
        here.stoppable.add(task)
        try:
            await use_case(app, *args, **kwargs)
        finally:
            here.stoppable.discard(task)

    with contextlib.suppress(CancelledError, asyncio.CancelledError):
        run(go)


def _wait(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Result], timeout: float | None
) -> Result:
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result(timeout)
    except BaseException:
        future.cancel()  # a task over its time limit does not go on behind our back
        raise

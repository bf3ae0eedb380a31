"""Threads for libraries that wait: apart from the process's own, which sign-ins need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

AT_ONCE = 32

Given = ParamSpec("Given")
Result = TypeVar("Result")

_pool = ThreadPoolExecutor(AT_ONCE, "calendars")  # it begins threads when they are needed


async def in_thread(
    work: Callable[Given, Result], *arguments: Given.args, **named: Given.kwargs
) -> Result:
    """What *work* returns, or raises, in another thread."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, partial(work, *arguments, **named))

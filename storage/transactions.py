"""Several writes as one: all or nothing, tried again when they collide with others."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def in_transaction(database: Any, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Run *work* with a session to hand to each call; it may run more than once.

    Whatever *work* raises undoes everything.
    """
    opened = database.client.start_session()
    session = await opened if inspect.isawaitable(opened) else opened
    async with session:
        result: Result = await session.with_transaction(work)
    return result

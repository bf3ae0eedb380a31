"""Ending processes of our own that work for us, whatever they were doing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from asyncio.subprocess import Process

PATIENCE = 5.0  # seconds for a process that was killed to be gone

log = logging.getLogger("vaxel.speech")


async def end(child: Process) -> None:
    """Kill *child* and wait until it is gone.

    What it had written is read to its end: Python's `wait` returns only when every pipe is closed,
    and one whose reader was called away in the middle of much stands still until it is read.
    """
    if child.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    try:
        async with asyncio.timeout(PATIENCE):
            await child.communicate()
    except TimeoutError:
        log.warning("speech.child_left", extra={"child": child.pid})

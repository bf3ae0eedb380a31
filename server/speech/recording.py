"""Recordings that people send, read by a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from integrations.contract import BadAnswer
from server.speech import apart

PATIENCE = 30.0
ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger("vaxel.speech")


async def read_apart(data: bytes, longest: float) -> bytes:
    """The recording as a WAV of ours. Raises BadAnswer with a key of our sentences."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.speech.recording_child", str(longest)),
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            found, _nothing = await child.communicate(data)
    except TimeoutError:
        found = b""
    finally:
        await apart.end(child)
    if found.startswith(b"RIFF"):
        return found
    if not found:
        log.error("speech.recording_failed", extra={"status": child.returncode})
    raise BadAnswer(found.decode("ascii", "replace") or "not_sound")

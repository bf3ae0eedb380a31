"""A real worker of calendars, to be ended as hard as a test wants."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.crew import syncer_command
from server.settings import Settings, environment_name
from tests.conftest import SECRET_KEYS
from tests.processes import ROOT, Process

SECONDS = 60


@dataclass
class Syncer:
    """`celery worker` for calendars as an installation starts it, with *more* settings."""

    settings: Settings
    more: dict[str, Any] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        given = {"secret_keys": SECRET_KEYS, "private_networks": 1, **self.more}
        environment = Process(self.settings)._environment() | {
            environment_name(name): str(value) for name, value in given.items()
        }
        with (Path(self.settings.data_dir) / "syncer.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *syncer_command(), cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    async def end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            os.kill(self.process.pid, number)
            async with asyncio.timeout(20):
                await self.process.wait()

    def log(self) -> str:
        return str((Path(self.settings.data_dir) / "syncer.log").read_text(errors="replace"))


async def until(question: Callable[[], Awaitable[Any]]) -> None:
    """Wait until the answer is yes."""
    async with asyncio.timeout(SECONDS):
        while not await question():  # noqa: ASYNC110  # what a database says has no event
            await asyncio.sleep(0.05)

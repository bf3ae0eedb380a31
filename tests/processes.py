"""Real server processes, to be ended as hard as a test wants."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

from server.embedded import children
from server.embedded.daemon import free_port
from server.settings import Settings

ROOT = Path(__file__).parent.parent


@dataclass
class Process:
    """`python -m server.child`, on one port for all its lives; ends when the test does."""

    settings: Settings
    index: int = 0
    port: int = field(default_factory=free_port)
    child: children.Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return Path(self.settings.data_dir) / f"server-{self.index}.log"

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.exit_code() is None

    async def start(self) -> Process:
        """Start it and return when it answers."""
        self.child = children.spawn(
            f"server-{self.index}",
            [sys.executable, "-m", "server.child", str(self.index)],
            Path(self.settings.data_dir),
            environ=self._environment(),
            log=self.log,
        )
        async with asyncio.timeout(60), ClientSession() as http:
            while not await self._answers(http):
                assert self.running, self.log.read_text()[-2000:]
                await asyncio.sleep(0.05)
        return self

    async def _answers(self, http: ClientSession) -> bool:
        try:
            async with http.get(f"{self.url}/health/live") as answer:
                return answer.status == 200
        except (ClientError, OSError):
            return False

    def kill(self) -> None:
        """End it as kill -9 does."""
        assert self.child is not None
        self.child.kill()

    async def stop(self) -> int | None:
        """End it as an operator does; its exit code."""
        assert self.child is not None
        await asyncio.to_thread(self.child.stop, 20)
        return self.child.exit_code()

    def traces(self) -> list[str]:
        """Lines of its log that tell of a fault of its own."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line[:600] for line in lines if "Traceback" in line or '"trace"' in line]

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        mine: dict[str, Any] = {
            "VAXEL_PORT": self.port,
            "VAXEL_DATA_DIR": settings.data_dir,
            "VAXEL_MONGO_URL": settings.mongo_url,
            "VAXEL_MONGO_DB": settings.mongo_db,
            "VAXEL_REDIS_URL": settings.redis_url,
            "VAXEL_DEMO": 0,
            "VAXEL_SEND_RATE": settings.send_rate,
            "VAXEL_SEND_BURST": settings.send_burst,
            "VAXEL_SLOW_CLIENT_BYTES": settings.slow_client_bytes,
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("VAXEL_")}
        return kept | {key: str(value) for key, value in mine.items()}


@asynccontextmanager
async def processes(settings: Settings, count: int = 1) -> AsyncIterator[list[Process]]:
    """That many servers, each on a port of its own, over the same databases."""
    running = [Process(settings, index) for index in range(count)]
    try:
        await asyncio.gather(*(each.start() for each in running))
        yield running
        for each in running:
            assert await each.stop() == 0
            assert not each.traces(), each.traces()[:3]
    finally:
        for each in running:
            if each.running:
                each.kill()

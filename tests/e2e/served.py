"""A server process of its own, that a test may kill and start again at the same address."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from server.settings import Settings, environment_name

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


@dataclass
class Served:
    """`python -m server.child 0` and where it listens."""

    settings: Settings
    log: Path
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return self.settings.address

    async def start(self) -> None:
        """Start, and return when it answers. Fails with the end of its log when it does not."""
        self._child = self._launch()
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
            while not await self._answers(http):
                if self._child.poll() is not None:
                    raise AssertionError(f"The server ended:\n{self.tail()}")
                await asyncio.sleep(0.1)

    async def ensure(self) -> None:
        """Start it unless it runs."""
        if self._child is None or self._child.poll() is not None:
            await self.start()

    def kill(self) -> None:
        """As when the power goes."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to leave."""
        self._end(signal.SIGTERM)

    def tail(self, lines: int = 30) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def traces(self) -> list[str]:
        """Log lines with a traceback: there should be none."""
        text = self.log.read_text(errors="replace")
        return [line for line in text.splitlines() if "Traceback" in line]

    def _end(self, number: signal.Signals) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)
            try:
                self._child.wait(15)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "server.child", "0"],
                cwd=ROOT,
                env=self._environ(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _answers(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{self.url}/health/live") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _environ(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("VAXEL_")}
        values = {
            name: getattr(self.settings, name)
            for name in ("host", "port", "mongo_url", "mongo_db", "redis_url", "data_dir")
        }
        values["secret_keys"] = self.settings.secret_keys or ""
        values |= {"demo": int(self.settings.demo), "send_rate": 10_000, "send_burst": 10_000}
        return kept | {environment_name(name): str(value) for name, value in values.items()}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Embedded by default: real mongod and redis-server as loopback children, data under data/.

Beside them, for the demo's calendars, a real Radicale.

Tests use the same starters: `start_mongod` and `start_redis`.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from server.embedded import children, mongod, radicale, redis_server
from server.embedded.daemon import Daemon
from server.settings import Settings
from server.startup import StartupError

__all__ = [
    "Daemon",
    "DataDir",
    "Embedded",
    "StartupError",
    "start",
    "start_mongod",
    "start_redis",
]


def start_mongod(data_dir: Path, port: int | None = None) -> Daemon:
    """A mongod that answers, with `.url .pid .stop() .kill() .restart()`. Raises StartupError.

    Call it from the main thread: then the kernel ends it should we be killed.
    """
    daemon = mongod.begin(data_dir.absolute(), port)
    daemon.wait_ready()
    return daemon


def start_redis(data_dir: Path, port: int | None = None) -> Daemon:
    """A redis-server that answers, with the same handles. Raises StartupError."""
    daemon = redis_server.begin(data_dir.absolute(), port)
    daemon.wait_ready()
    return daemon


class DataDir:
    """The data folder, held by one running Växel at a time. The kernel frees it when we end."""

    def __init__(self, path: Path) -> None:
        """Make and hold *path*. Raises StartupError when it cannot be written or is in use."""
        self.path = path.absolute()
        try:
            (self.path / "run").mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.path / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StartupError(
                f"The data folder {self.path} cannot be written ({error.strerror}); "
                "set VAXEL_DATA_DIR to one that can."
            ) from error
        self._hold()

    def release(self) -> None:
        """Let another Växel have it."""
        os.close(self._lock)

    def _hold(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._lock, 20).decode().strip() or "unknown"
            os.close(self._lock)
            raise StartupError(
                f"The data folder {self.path} is in use by a Växel that is running (process "
                f"{holder}); stop that one, or set VAXEL_DATA_DIR to another folder."
            ) from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)


class Embedded:
    """The servers of this installation: those we started, and the addresses of all."""

    def __init__(
        self, daemons: list[Daemon], mongo_url: str, redis_url: str, calendar_url: str | None
    ) -> None:
        """Hold what `start` began."""
        self.daemons, self.mongo_url, self.redis_url = daemons, mongo_url, redis_url
        self.calendar_url = calendar_url

    def stop(self) -> None:
        """End Radicale, redis-server, then mongod."""
        for daemon in self.daemons:
            daemon.stop()

    def __enter__(self) -> Self:
        """Stop them when the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop them."""
        self.stop()


def start(
    settings: Settings,
    say: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> Embedded:
    """Start what *settings* gives no address for, both at once, and wait until both answer.

    The caller holds the DataDir; *pause* may raise to give up waiting. Raises StartupError. Nothing
    is left running when this raises.
    """
    data_dir = settings.data_dir.absolute()
    children.end_leftovers(data_dir, say)
    begun: list[Daemon] = []
    try:
        if settings.demo and settings.mongo_url is None and settings.calendar_url is None:
            begun.append(radicale.begin(data_dir))
        if settings.redis_url is None:
            begun.append(redis_server.begin(data_dir))
        if settings.mongo_url is None:
            begun.append(mongod.begin(data_dir))
        if begun:
            say(f"Starting {_listed([daemon.name for daemon in begun])} …")
        for daemon in begun:
            if daemon.moved:
                say(f"Moving {daemon.name} to a free port, which may take half a minute …")
            daemon.wait_ready(pause)
    except BaseException:
        for daemon in begun:
            daemon.stop()
        raise
    urls = {daemon.name: daemon.url for daemon in begun}
    mongo_url, redis_url = settings.mongo_url or urls["mongod"], settings.redis_url
    calendar_url = settings.calendar_url or urls.get(radicale.NAME)
    return Embedded(begun, mongo_url, redis_url or urls["redis-server"], calendar_url)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last

"""A database server as a loopback child: started on a free port, awaited, restarted in place."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.embedded import children
from server.embedded.children import Child
from server.startup import StartupError

PATIENCE = 60.0
TRIES = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to run one kind of server. `prepare` says whether it now answers on the port."""

    name: str
    command: Callable[[int], list[str | Path]]
    prepare: Callable[[int], bool]
    url: Callable[[int], str]


class Daemon:
    """A server that is being started or runs; its port stays the same for its life.

    It is also the port of its last life, unless somebody has taken that: then it has `moved`.
    """

    def __init__(self, recipe: Recipe, data_dir: Path, port: int | None = None) -> None:
        """Start it and return at once. Raises StartupError when the program cannot be run."""
        self._recipe, self._data_dir = recipe, data_dir
        self._port_file = data_dir / recipe.name / "port"
        self._port_file.parent.mkdir(parents=True, exist_ok=True)
        self._fixed = port is not None
        before = self._remembered()
        self.moved = port is None and before is not None and _taken(before)
        self.port = port or (before if before and not self.moved else free_port())
        self.child = self._spawn()

    @property
    def name(self) -> str:
        """The program's name."""
        return self._recipe.name

    @property
    def url(self) -> str:
        """Where clients connect."""
        return self._recipe.url(self.port)

    @property
    def pid(self) -> int:
        """The process id; another one after a restart."""
        return self.child.pid

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self._data_dir / "log" / f"{self.name}.log"

    def wait_ready(self, pause: Callable[[float], None] = time.sleep) -> None:
        """Return when it answers; *pause* may raise to give up waiting.

        Raises StartupError when it ends or stays silent instead.
        """
        until = time.monotonic() + PATIENCE
        tries = 1
        while not self._recipe.prepare(self.port):
            if self.child.exit_code() is not None:
                if self._fixed or tries >= TRIES or not _taken(self.port):
                    raise StartupError(self._obituary())
                tries += 1
                self.port = free_port()
                self.child = self._spawn()
            if time.monotonic() > until:
                self.stop()
                raise StartupError(
                    f"{self.name} did not answer within {PATIENCE:.0f} s; see {self.log}."
                )
            pause(0.02)
        self._fixed = True
        self._port_file.write_text(str(self.port))

    def stop(self, patience: float = 15.0) -> None:
        """End it in an orderly way."""
        self.child.stop(patience)

    def kill(self) -> None:
        """End it as kill -9 does."""
        self.child.kill()

    def revive(self) -> None:
        """Start it again, on the same port and data, and return at once."""
        self.child = self._spawn()

    def restart(self) -> None:
        """Start it again on the same port and data (ending it first), and wait until it answers.

        Raises StartupError as `wait_ready` does.
        """
        self.stop()
        self.revive()
        self.wait_ready()

    def _spawn(self) -> Child:
        command = self._recipe.command(self.port)
        return children.spawn(self.name, command, self._data_dir, log=self.log)

    def _remembered(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return int(self._port_file.read_text())
        return None

    def _obituary(self) -> str:
        code, words = self.child.exit_code(), children.last_words(self.log)
        how = f"code {code}" if code is None or code >= 0 else f"signal {-code}"
        quoted = f" Its last words: {words}" if words and not words.startswith("{") else ""
        return f"{self.name} ended instead of starting ({how}); see {self.log}.{quoted}"


def free_port() -> int:
    """A port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether somebody accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False

"""The children that do the work: server processes and, when embedded, the workers."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from server.domain.jobs import QUEUES
from server.embedded import Daemon, children
from server.embedded.children import Child
from server.ports import socket_dir, socket_path
from server.settings import Settings
from server.startup import StartupError

READY_SECONDS = 60.0
SERVER_PATIENCE = 10.0
WORKER_PATIENCE = 10.0
PAUSES = (0.1, 1.0, 2.0, 5.0, 10.0, 30.0)  # before each further start of a child that keeps dying
SETTLED_SECONDS = 60.0

Say = Callable[[str], None]
Pause = Callable[[float | None], None]


@dataclass(slots=True)
class Watched:
    """A child that is started again when it ends."""

    name: str
    child: Child
    begin: Callable[[], Child]
    began: float
    deaths: int = 0
    due: float | None = None

    def tend(self, now: float, say: Say) -> None:
        """Notice that it ended, and when its pause is over start it again."""
        if self.due is not None:
            if now >= self.due:
                self.child, self.began, self.due = self.begin(), now, None
            return
        code = self.child.exit_code()
        if code is None:
            return
        self.child.kill()  # what it had started itself must not work on beside the next
        if now - self.began > SETTLED_SECONDS:
            self.deaths = 0
        self.due = now + PAUSES[min(self.deaths, len(PAUSES) - 1)]
        self.deaths += 1
        how = f"code {code}" if code >= 0 else f"signal {-code}"
        say(f"{self.name} ended ({how}); starting it again.")


class Crew:
    """Started all at once, kept running, ended in order."""

    def __init__(
        self, settings: Settings, data_dir: Path, environ: dict[str, str], say: Say
    ) -> None:
        """Nothing is started yet; *environ* holds the settings as the children read them."""
        self._settings, self._data_dir, self._environ, self._say = settings, data_dir, environ, say
        self._servers: list[Watched] = []
        self._workers: list[Watched] = []

    def start(self) -> None:
        """Start all of them and return at once. Raises StartupError."""
        count = self._settings.processes
        server = "the server" if count == 1 else f"{count} server processes"
        self._say(f"Starting {server}{' and the worker' if self._settings.embedded else ''} …")
        for index in range(count):
            python = [sys.executable, "-m", "server.child", str(index)]
            self._servers.append(self._watched(f"server-{index}", python))
        if self._settings.embedded:
            self._workers.append(self._watched("worker", worker_command()))
            self._workers.append(self._watched("syncer", syncer_command()))

    def wait_ready(self, pause: Pause) -> None:
        """Return when every server process answers. Raises StartupError when one does not."""
        until = time.monotonic() + READY_SECONDS
        for index, server in enumerate(self._servers):
            path = socket_path(socket_dir(self._data_dir), index)
            while ask(path, "/health/live") is None:
                if server.child.exit_code() is not None:
                    raise StartupError(self._why(server))
                if time.monotonic() > until:
                    raise StartupError(
                        f"The server did not answer within {READY_SECONDS:.0f} s"
                        f"{self._see(server.name)}."
                    )
                pause(0.03)

    def watch(self, daemons: list[Daemon], pause: Pause) -> None:
        """Keep them and the databases running, until *pause* raises."""
        now = time.monotonic()
        watched = [_watched_daemon(daemon, now) for daemon in daemons]
        watched += [*self._servers, *self._workers]
        while True:
            for each in watched:
                each.tend(time.monotonic(), self._say)
            due = [each.due for each in watched if each.due is not None]
            pause(max(0.0, min(due) - time.monotonic()) if due else None)

    def stop(self) -> None:
        """End the server processes, which tell their clients; then the worker."""
        for server in self._servers:
            server.child.ask_to_end()
        for server in self._servers:
            server.child.stop(SERVER_PATIENCE)
        for worker in self._workers:
            worker.child.stop(WORKER_PATIENCE)

    def hurry(self) -> None:
        """Asked to stop for the second time: nobody gets to finish."""
        for each in [*self._servers, *self._workers]:
            if each.child.exit_code() is None:
                with suppress(ProcessLookupError):
                    os.killpg(each.child.pid, signal.SIGKILL)

    def _watched(self, name: str, command: list[str]) -> Watched:
        def begin() -> Child:
            return children.spawn(
                name, command, self._data_dir, environ=self._environ, log=self._log(name)
            )

        return Watched(name, begin(), begin, time.monotonic())

    def _log(self, name: str) -> Path | None:
        """A newcomer's terminal stays readable; in production everything goes to stderr."""
        return self._data_dir / "log" / f"{name}.log" if self._settings.embedded else None

    def _see(self, name: str) -> str:
        log = self._log(name)
        return f"; see {log}" if log else ""

    def _why(self, server: Watched) -> str:
        """The sentence that the server refused to start with, or where it left its trace."""
        log = self._log(server.name)
        words = children.last_words(log) if log else ""
        if server.child.exit_code() == 2 and words:
            return words
        return f"The server ended while it was starting{self._see(server.name)}."


def worker_command() -> list[str]:
    """How the embedded worker is started, with its clock: one process, and chat goes before it."""
    return [*_celery(), "--queues", "default", "--beat", "--concurrency", "1"]


def syncer_command() -> list[str]:
    """How the worker beside it is started that waits for calendars elsewhere, and nothing else.

    Its jobs share one event loop, so that a provider that hangs costs a thread that sleeps; mail
    and search are the other worker's.
    """
    queues = ",".join(each for each in QUEUES if each != "default")
    return [*_celery(), "--queues", queues, "--pool", "threads", "--concurrency", "16"]


def _celery() -> list[str]:
    return [
        "nice", "-n", "5",
        sys.executable, "-m", "celery", "--app", "worker.main:celery", "--quiet", "worker",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip  # one option and its value belong together


def ask(path: Path, resource: str) -> dict[str, Any] | None:
    """What the process behind the Unix socket *path* answers, or None when it does not."""
    connection = HTTPConnection("localhost")
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(5)
        connection.sock.connect(str(path))
        connection.request("GET", resource)
        answer = connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
    except (OSError, HTTPException, ValueError):
        return None
    else:
        return found if answer.status == 200 else None
    finally:
        connection.close()


def _watched_daemon(daemon: Daemon, now: float) -> Watched:
    def begin() -> Child:
        daemon.revive()
        return daemon.child

    return Watched(daemon.name, daemon.child, begin, now)

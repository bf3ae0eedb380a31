"""A real redis-server: fan-out between processes, the worker's queue, presence."""

from __future__ import annotations

import socket
from pathlib import Path

from server.embedded import programs
from server.embedded.daemon import Daemon, Recipe, answers


def begin(data_dir: Path, port: int | None = None) -> Daemon:
    """Start redis-server with its data under *data_dir* and return at once.

    Every write is appended to a file, so that queued jobs outlive a restart.
    Raises StartupError when there is no redis-server to run.
    """
    program = programs.find(programs.REDIS, data_dir)
    store = data_dir / "redis-server" / "db"
    store.mkdir(parents=True, exist_ok=True)

    def command(port: int) -> list[str | Path]:
        return [
            program, "--port", str(port), "--bind", "127.0.0.1", "--dir", store,
            "--appendonly", "yes", "--save", "", "--daemonize", "no",
        ]  # fmt: skip  # one option and its value belong together

    return Daemon(Recipe("redis-server", command, _prepare, _url), data_dir, port)


def _url(port: int) -> str:
    return f"redis://127.0.0.1:{port}/0"


def _prepare(port: int) -> bool:
    """Whether it answers; while it reads its file back it does not."""
    if not answers(port):
        return False
    with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(7) == b"+PONG\r\n"

"""`python -m server run`, as an operator runs it: a process, what it prints, a way to end it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from server.embedded import children
from server.embedded.daemon import free_port

ROOT = Path(__file__).resolve().parents[1]
READY = re.compile(r"Växel is ready at (\S+) after ([\d.]+) s\.")


class Installation:
    """One data folder; started and ended as often as a test wants."""

    def __init__(self, data_dir: Path, **settings: Any) -> None:
        self.data_dir = data_dir
        self.environ = {
            **{name: text for name, text in os.environ.items() if not name.startswith("VAXEL_")},
            "VAXEL_DATA_DIR": str(data_dir),
            "VAXEL_PORT": str(free_port()),
            **{f"VAXEL_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def begin(self, *arguments: str) -> None:
        """Start it and return at once."""
        self.lines = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server", "run", *arguments],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def start(self, *arguments: str, seconds: float = 60) -> str:
        """Start it; its address, as soon as it says that it is ready."""
        self.begin(*arguments)
        self.hears(re.compile("Ctrl-C stops everything"), seconds)  # the last it says
        return self.hears(READY)[1]

    def refused(self, *arguments: str) -> str:
        """Start it; what it says instead of starting. It exits with 2."""
        self.begin(*arguments)
        assert self._process is not None
        assert self._process.wait(60) == 2
        time.sleep(0.1)
        return "\n".join(self.lines)

    def hears(self, pattern: re.Pattern[str], seconds: float = 60) -> re.Match[str]:
        """The first line that it prints or has printed like *pattern*."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in self.lines:
                if found := pattern.search(line):
                    return found
            assert self.alive(), "\n".join(self.lines)
            time.sleep(0.02)
        raise AssertionError(f"never said {pattern.pattern}: {self.lines}")

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def pids(self) -> dict[str, int]:
        """Its children that live, by name."""
        found = {}
        for file in (self.data_dir / "run").glob("*.pid"):
            pid, _, birth = file.read_text().strip().partition(" ")
            if children.began(int(pid)) == birth:
                found[file.stem] = int(pid)
        return found

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        return self.end(signal.SIGINT)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it; the exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(number)
        return self._process.wait(60)

    def kill(self) -> None:
        """kill -9 of the parent alone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def log(self, name: str) -> str:
        return (self.data_dir / "log" / f"{name}.log").read_text()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.lines.append(line.rstrip("\n"))


def listening(port: int) -> socket.socket:
    """Another program that has the port."""
    return socket.create_server(("127.0.0.1", port))

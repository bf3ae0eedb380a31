"""Child processes that end when we do, and are found again when we could not end them.

Each child has its own session, so that Ctrl-C in the terminal reaches us alone and we end the
children in order. Its pid file holds the pid and when that process began: a pid that has since
been given to another program is never signalled.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from server.startup import StartupError

KEEP_LOG_BYTES = 20_000_000
PR_SET_PDEATHSIG = 1

# The order in which what an earlier run left behind is ended: who uses others goes first.
ENDING_ORDER = ("server", "worker", "radicale", "redis-server", "mongod")


@dataclass(frozen=True, slots=True)
class Child:
    """A running child and its pid file."""

    name: str
    process: subprocess.Popen[bytes]
    pid_file: Path

    @property
    def pid(self) -> int:
        """The child's process id, which is also its process group."""
        return self.process.pid

    def exit_code(self) -> int | None:
        """How it ended (minus the signal's number if by a signal), or None while it runs."""
        return self.process.poll()

    def ask_to_end(self) -> None:
        """Send SIGTERM, unless it has ended."""
        if self.exit_code() is None:
            self.process.terminate()

    def stop(self, patience: float = 10.0) -> None:
        """End it: SIGTERM, then SIGKILL to its whole group after *patience* seconds."""
        self.ask_to_end()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
        self.pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it and its own children at once, as kill -9 does, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


def spawn(
    name: str,
    command: Sequence[str | Path],
    data_dir: Path,
    *,
    environ: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Child:
    """Start *command*; its output goes to *log*, or to ours when there is none.

    Raises StartupError when the program cannot be run.
    """
    pid_file = data_dir / "run" / f"{name}.pid"
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as closing:
        output = closing.enter_context(_append(log)) if log else None
        try:
            process = subprocess.Popen(  # noqa: S603  # the command is ours, from fixed words
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=None if environ is None else dict(environ),
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509  # one system call, takes no lock
            )
        except OSError as error:
            raise StartupError(f"{command[0]} cannot be started: {error.strerror}.") from error
    pid_file.write_text(f"{process.pid} {began(process.pid)}\n")
    return Child(name, process, pid_file)


def began(pid: int) -> str | None:
    """When the process *pid* began, in words that no other process with that pid will have.

    None when there is no such process, or only what is left of one.
    """
    if sys.platform != "linux":
        return _began_by_ps(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, ticks = fields[0], fields[19]
    return None if state in "ZX" else f"{boot}:{ticks}"


def end_leftovers(data_dir: Path, say: Callable[[str], None]) -> None:
    """End the children that a killed Växel left running on *data_dir*, by their pid files."""
    files = sorted((data_dir / "run").glob("*.pid"), key=_ending_place)
    alive = [file for file in files if _living(file) is not None]
    if alive:
        say(f"Ending what an earlier run left behind: {', '.join(file.stem for file in alive)}.")
    for file in files:
        pid = _living(file)
        if pid is not None:
            _end(pid, file)
        file.unlink(missing_ok=True)


def last_words(log: Path) -> str:
    """The last line of a log that says something, for people to read."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-50:]
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _append(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > KEEP_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux: what makes the kernel end the child when we are killed.

    The kernel watches the *thread* that started the child, so only the main thread asks for it.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # killed in between: nobody is left to watch
            os._exit(1)

    return ask


def _began_by_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603  # a number is all that varies
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def _living(pid_file: Path) -> int | None:
    """The pid in the file, if it is still the process that the file was written about."""
    with contextlib.suppress(OSError, ValueError):
        pid, _, birth = pid_file.read_text().strip().partition(" ")
        if birth and began(int(pid)) == birth:
            return int(pid)
    return None


def _ending_place(pid_file: Path) -> int:
    kinds = [place for place, kind in enumerate(ENDING_ORDER) if pid_file.stem.startswith(kind)]
    return kinds[0] if kinds else len(ENDING_ORDER)


def _end(pid: int, pid_file: Path, patience: float = 10.0) -> None:
    for signum, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signum)
        until = time.monotonic() + wait
        while time.monotonic() < until:
            if _living(pid_file) is None:
                return
            time.sleep(0.05)

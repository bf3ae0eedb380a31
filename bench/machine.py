"""Child processes, the cores they run on, and what they use of them, read from /proc."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = {CORES[0]}
OTHER_CORES = set(CORES[1:2]) or SERVER_CORES  # mongod, redis and the generator share one core


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    arguments: Sequence[str | Path],
    cores: set[int],
    log: Path,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child bound to *cores*, its output in *log*."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - nothing else runs in the bench just then
        )
    os.sched_setaffinity(child.pid, cores)
    return child


def _end_with_parent() -> None:
    """Ask the kernel to end this child when the bench is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def stop(child: subprocess.Popen[bytes], patience: float = 15) -> None:
    """End a child, politely first."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for_port(port: int, child: subprocess.Popen[bytes], log: Path, patience: float) -> None:
    """Return when *port* answers; raises RuntimeError with the log's end when it never does."""
    until = time.monotonic() + patience
    while time.monotonic() < until and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{log.name} did not start:\n{log.read_text()[-2000:]}")


def family(pid: int) -> list[int]:
    """*pid* and all its descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [pid]
    for member in found:
        found.extend(child for child, parent in parents.items() if parent == member)
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time that *pid* and its descendants have used."""
    total = 0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_bytes(pid: int) -> int:
    """Resident memory of *pid* and its descendants."""
    return sum(
        int(Path(f"/proc/{member}/statm").read_text().split()[1]) * PAGE for member in family(pid)
    )


def peak_bytes(pid: int) -> int:
    """The most memory that *pid* and each of its descendants ever had resident, together."""
    total = 0
    for member in family(pid):
        status = Path(f"/proc/{member}/status").read_text()
        total += int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return total

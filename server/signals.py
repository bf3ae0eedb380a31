"""Signals to the parent of everything: noticed where it waits, never in the middle of a step.

(A handler that raises can be lost in code that swallows every exception, or leave a step half
done: a child started and forgotten.)
"""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Callable
from types import FrameType


class AskedToStop(Exception):
    """SIGTERM, SIGINT (Ctrl-C) or SIGHUP (the terminal closed) has come."""


class Signals:
    """The first signal to stop raises AskedToStop out of `pause`; a further one calls `hurry`."""

    def __init__(self) -> None:
        """Listen from now on. A SIGHUP that we were started to ignore (nohup) stays ignored."""
        self.hurry: Callable[[], None] = lambda: None
        self._asked = False
        self._rings, self._rung = socket.socketpair()
        self._rings.setblocking(False)
        self._rung.setblocking(False)
        signal.set_wakeup_fd(self._rings.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)  # or Python would not ring
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def pause(self, seconds: float | None) -> None:
        """Wait so long (None: without end), or until a signal comes, a child's end included.

        Raises AskedToStop.
        """
        if not self._asked and select.select([self._rung], [], [], seconds)[0]:
            self._rung.recv(4096)
        if self._asked:
            raise AskedToStop

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        if self._asked:
            self.hurry()
        self._asked = True

"""One connection of the load generator: a protocol that counts what it receives without parsing it.

All clients share one large receive buffer. The few bytes that may hold half a marker at a chunk's
end are kept per client and put in front of its next chunk: every fact is counted exactly once.
"""

from __future__ import annotations

import asyncio
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Any, cast

from bench import wire

BUFFER = bytearray(512 * 1024)
SPARE = wire.STAMP_LENGTH - 1
VIEW = memoryview(BUFFER)[SPARE:]
CLOSING = ord("]")


@dataclass
class Tally:
    """What all clients of a run have seen so far."""

    facts: int = 0
    acks: int = 0
    refused: int = 0
    lost: int = 0
    last: int = 0
    received: int = 0
    heard: list[tuple[int, list[bytes]]] = field(default_factory=list)
    first_refusal: bytes = b""

    def waits(self) -> list[int]:
        """Microseconds from each stamp that was found until it was heard, in order of size."""
        return sorted(now - int(stamp) for now, stamps in self.heard for stamp in stamps)


class Client(asyncio.BufferedProtocol):
    """A Socket.IO client; `ready` is done once it is connected to the default namespace.

    A careful one reads frame by frame, also compressed ones, and may `ask`; it counts nothing.
    With `stamps` set, facts are counted by the other side's time stamps and each wait is noted;
    otherwise by the name of the fact. `on_ack` is called with the number of acks in each chunk.
    """

    def __init__(
        self,
        port: int,
        auth: dict[str, Any],
        tally: Tally,
        *,
        deflate: bool = False,
        careful: bool = False,
    ) -> None:
        self.port = port
        self.auth = auth
        self.tally = tally
        self.key = os.urandom(4) * 512
        self.ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self.deflate = deflate
        self.careful = careful or deflate
        self.fact = wire.FACT
        self.stamps: Callable[[bytearray, int, int], list[bytes]] | None = None
        self.on_ack: Callable[[Client, int], None] | None = None
        self.facts = 0
        self.live = False
        self.closing = False
        self._unread = bytearray()
        self._upgraded = False
        self._inflate = zlib.decompressobj(-15) if deflate else None
        self._tail = b""
        self._ping_due = 0
        self._ack_id = 0
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it
        self.transport.write(wire.upgrade_request(self.port, deflate=self.deflate))

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.closing:
            self.tally.lost += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("the server closed during the handshake"))

    def get_buffer(self, _hint: int) -> memoryview:
        return VIEW

    def buffer_updated(self, count: int) -> None:
        if not self.live:
            self._read_slowly(bytes(VIEW[:count]))
            return
        self.tally.received += count
        start, end = SPARE, SPARE + count
        if self._tail:
            start -= len(self._tail)
            BUFFER[start:SPARE] = self._tail
        now = monotonic_ns() // 1000
        if now > self._ping_due:
            self._answer_ping(end, now)
        if self.stamps is not None:
            found = self.stamps(BUFFER, start, end)
            facts = len(found)
            if facts:
                self.tally.heard.append((now, found))
        else:
            facts = BUFFER.count(self.fact, max(start, SPARE - len(self.fact) + 1), end)
        if facts:
            self.facts += facts
            self.tally.facts += facts
            self.tally.last = now
        if self.on_ack is not None:
            self._count_acks(max(start, SPARE - len(wire.ACKED) + 1), end, now)
        # No marker goes past a closing bracket: most chunks end with one, and leave nothing over.
        self._tail = (
            b"" if BUFFER[end - 1] == CLOSING else bytes(BUFFER[max(start, end - SPARE) : end])
        )

    def send(self, name: str, data: dict[str, Any]) -> None:
        """Send a command; its ack is counted, not kept."""
        self._ack_id += 1
        self.transport.write(wire.frame(wire.command(self._ack_id, name, data), self.key))

    async def ask(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Send a command and return its ack; only a careful client hears it."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[self._ack_id + 1] = answer
        self.send(name, data)
        return await asyncio.wait_for(answer, 60)

    def close(self) -> None:
        """Go away without a word, as a closed lid does."""
        self.closing = True
        self.transport.abort()

    def _count_acks(self, start: int, end: int, now: int) -> None:
        acks = BUFFER.count(wire.ACKED, start, end)
        if acks and self.on_ack is not None:
            self.tally.acks += acks
            self.tally.last = now
            self.on_ack(self, acks)
        if BUFFER.find(wire.REFUSED, start, end) >= 0:
            self.tally.refused += 1
            self.tally.first_refusal = self.tally.first_refusal or bytes(BUFFER[start:end])

    def _answer_ping(self, end: int, now: int) -> None:
        if BUFFER.find(wire.PING, SPARE - len(self._tail), end) >= 0:
            self.transport.write(wire.frame(b"3", self.key))
            self._ping_due = now + self._ping_interval

    def _read_slowly(self, data: bytes) -> None:
        """Read frame by frame: the handshake, and everything that may be compressed."""
        self._unread += data
        if not self._upgraded:
            head, blank, rest = self._unread.partition(b"\r\n\r\n")
            if not blank:
                return
            self._upgraded, self._unread = b" 101 " in head, rest
            if not self._upgraded:
                self._fail(head)
                return
        texts, used = wire.texts(self._unread, self._inflate)
        del self._unread[:used]
        for text in texts:
            self._take(text)

    def _take(self, text: bytes) -> None:
        """Engine.IO open, Socket.IO connect, pings; the rest is noise here."""
        if text.startswith(b"0{"):
            self._ping_interval = json.loads(text[1:])["pingInterval"] * 900
            self._ping_due = wire.now_us() + self._ping_interval
            packet = b"40" + json.dumps(self.auth, separators=(",", ":")).encode()
            self.transport.write(wire.frame(packet, self.key))
        elif text.startswith(b"40"):
            self.live = not self.careful
            if not self.ready.done():
                self.ready.set_result(self)
        elif text.startswith(b"43"):
            digits, _, answer = text[2:].partition(b"[")
            self._asked.pop(int(digits)).set_result(json.loads(b"[" + answer)[0])
        elif text.startswith(b"44"):
            self._fail(text)
        elif text == b"2":
            self.transport.write(wire.frame(b"3", self.key))

    def _fail(self, answer: bytes | bytearray) -> None:
        self.closing = True
        self.transport.abort()
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"refused: {answer[:300]!r}"))

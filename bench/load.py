"""Putting load on a crowd of connected clients: as fast as it goes, or at a steady rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from bench import machine, wire
from bench.candidates import Server
from bench.client import Client, Tally
from bench.databases import Databases


@dataclass(frozen=True)
class Use:
    """Shares of one core that the three parties used, from 0 to 1."""

    server: float
    generator: float
    mongod: float


class Meter:
    """Measures processor use between its making and `read`."""

    def __init__(self, server: Server, databases: Databases) -> None:
        self._pids = (server.child.pid, databases.mongod.pid)
        self._from = self._now()

    def read(self) -> Use:
        to = self._now()
        elapsed, *used = (b - a for a, b in zip(self._from, to, strict=True))
        server, mongod, generator = (seconds / elapsed for seconds in used)
        return Use(server, generator, mongod)

    def _now(self) -> tuple[float, ...]:
        used = (machine.cpu_seconds(pid) for pid in self._pids)
        return (time.monotonic(), *used, time.process_time())


async def connect(
    server: Server,
    people: Sequence[int],
    tally: Tally,
    *,
    at_once: int = 40,
    deflate: bool = False,
    careful: bool = False,
) -> list[Client]:
    """Connected clients for *people*, at most *at_once* handshakes under way."""
    gate = asyncio.Semaphore(at_once)

    async def one(person: int) -> Client:
        async with gate:
            auth = server.auths[person]
            client = Client(server.port, auth, tally, deflate=deflate, careful=careful)
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: client, "127.0.0.1", server.port)
            return await asyncio.wait_for(client.ready, 60)

    return list(await asyncio.gather(*(one(person) for person in people)))


async def until(done: Callable[[], bool], patience: float) -> bool:
    """Wait until *done*, or until nothing may be hoped for; tells which."""
    end = time.monotonic() + patience
    while not done():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.005)
    return True


@dataclass(frozen=True)
class Sender:
    """A client, the room that it speaks in, and the letter it signs with."""

    client: Client
    room_id: str
    side: str

    def message(self, when_us: int, client_id: str) -> dict[str, Any]:
        """The data of a `message.send`."""
        body = wire.body(self.side, when_us)
        return {"room_id": self.room_id, "body": body, "client_id": client_id}

    def send(self, when_us: int, client_id: str) -> None:
        self.client.send("message.send", self.message(when_us, client_id))


class Load:
    """Sends through *senders* in turn; counts what it sent."""

    def __init__(self, senders: Sequence[Sender], run: str) -> None:
        self.sent = 0
        self._senders = senders
        self._turns = cycle(senders)
        self._run = run
        self._going = False

    async def saturate(self, window: int, seconds: float) -> None:
        """Keep *window* messages unanswered for *seconds*."""
        self._going = True
        for sender in self._senders:
            sender.client.on_ack = self._answered
        for _ in range(window):
            self._send(wire.now_us())
        await asyncio.sleep(seconds)
        self._going = False

    async def steady(self, rate: float, seconds: float) -> None:
        """Send *rate* messages a second, stamped with the time at which they were due."""
        for sender in self._senders:
            sender.client.on_ack = self._answered
        start, step = wire.now_us(), 1_000_000 / rate
        for number in range(int(rate * seconds)):
            due = start + int(number * step)
            while wire.now_us() < due:  # noqa: ASYNC110 - a clock has no event
                await asyncio.sleep(0.001)
            self._send(due)
        await asyncio.sleep(0)

    def _answered(self, _client: Client, acks: int) -> None:
        if self._going:
            now = wire.now_us()
            for _ in range(acks):
                self._send(now)

    def _send(self, when_us: int) -> None:
        self.sent += 1
        next(self._turns).send(when_us, f"{self._run}-{self.sent}")

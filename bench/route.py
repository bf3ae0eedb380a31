"""S5: an exchange asks what should become of calls, 500 a second, beside 1,000 connected clients.

In a company of 10,000 people with 1,000,000 activities behind them. Latency is from when a question
was due until its answer was read; then as many at once as the server answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bench import machine, wire
from bench.arena import Pace, percentile
from bench.candidates import VAXEL, Server, start_vaxel
from bench.client import Tally
from bench.databases import Databases
from bench.load import Meter, connect
from bench.results import Results, Target

PEOPLE, HISTORY, CLIENTS = 10_000, 1_000_000, 1000
FEWER = 20  # times, for a quick look
RATE = 500  # decisions a second
LINES = 40  # connections of the exchange
TITLE = "S5 route"


@dataclass
class Exchange:
    """What signs, and what it got."""

    port: int
    key: str
    secret: bytes
    numbers: list[str]
    answered: int = 0
    refused: int = 0
    first_refusal: bytes = b""
    announced: int = 0
    _count: Iterator[int] = field(default_factory=itertools.count)
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    def request(self) -> bytes:
        """A signed question about a call to somebody."""
        call: dict[str, Any] = {
            "call_id": f"c{next(self._count)}",
            "from": {"number": f"+4670174{self._chance.randrange(600, 700):04d}"},
            "to": self._chance.choice(self.numbers),
        }
        body = json.dumps(call, separators=(",", ":")).encode()
        stamp = f"{time.time():.6f}"
        made = hmac.new(self.secret, stamp.encode() + body, hashlib.sha256).hexdigest()
        head = (
            f"POST /pbx/v1/route HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Vaxel-Key: {self.key}\r\nVaxel-Timestamp: {stamp}\r\n"
            f"Vaxel-Signature: {made}\r\nIdempotency-Key: {call['call_id']}\r\n\r\n"
        )
        return head.encode() + body

    async def ask(self, line: Any) -> None:
        """Ask about a call, and count what is answered."""
        head, body = await converse(line, self.request())
        if b" 200 " in head[:20]:
            self.answered += 1
            self.announced += b'"announce"' in body
        else:
            self.refused += 1
            self.first_refusal = self.first_refusal or body


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    """The baselines route no calls: Växel alone is measured."""
    if VAXEL not in names:
        return
    most = results.measure(TITLE, "saturated, decisions/s", "one process", "more")
    slowest = results.measure(TITLE, f"p99 at {RATE} decisions/s", "ms", "less", Target(None, 20))
    print(f"{TITLE}: filling a company of {PEOPLE:,} …", flush=True)
    people, history, clients = (
        each // (FEWER if pace.quick else 1) for each in (PEOPLE, HISTORY, CLIENTS)
    )
    wanted = {"people": people, "history": history, "connected": clients}
    port, child, found = start_vaxel(databases, "bench.seed_calls", wanted)
    try:
        auths = [{"token": token} for token in found["tokens"]]
        server = Server(VAXEL, port, child, auths, [])
        crowd = await connect(server, range(clients), Tally())
        exchange = Exchange(port, found["key"], found["secret"].encode(), found["numbers"])
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(LINES)]
        await flat_out(exchange, lines, 2)  # everything is in memory
        for number in range(pace.runs):
            await _measure(number, exchange, lines, server, databases, pace, slowest, most)
        if exchange.refused or not exchange.announced:
            results.complain(f"{exchange.refused} refused {exchange.first_refusal[:300]!r}")
        for client in crowd:
            client.close()
    finally:
        machine.stop(child)


async def _measure(
    number: int,
    exchange: Exchange,
    lines: list[Any],
    server: Server,
    databases: Databases,
    pace: Pace,
    slowest: Any,
    most: Any,
) -> None:
    meter = Meter(server, databases)
    asked = await steady(exchange.ask, lines, RATE, pace.seconds * 2)
    use = meter.read()
    waits = sorted(wait for _due, wait in asked)
    note = f"p50 {percentile(waits, 0.5):.2f} ms, CPU: server {use.server:.0%}"
    slowest.add(VAXEL, percentile(waits, 0.99), note)
    rate = await flat_out(exchange, lines, pace.seconds)
    most.add(VAXEL, rate)
    print(
        f"  {number + 1} p99 {percentile(waits, 0.99):.2f} ms, {note}; flat out {rate:,.0f}/s",
        flush=True,
    )


async def steady(
    ask: Callable[[Any], Awaitable[None]], lines: list[Any], rate: float, seconds: float
) -> list[tuple[int, int]]:
    """Ask *rate* questions a second, whichever line is free: when each was due, and its wait.

    Both in microseconds.
    """
    waits: list[tuple[int, int]] = []
    free: asyncio.Queue[Any] = asyncio.Queue()
    for line in lines:
        free.put_nowait(line)
    start, step, asked = wire.now_us(), 1_000_000 / rate, []

    async def one(due: int) -> None:
        line = await free.get()
        await ask(line)
        waits.append((due, wire.now_us() - due))
        free.put_nowait(line)

    for number in range(int(rate * seconds)):
        due = start + int(number * step)
        while wire.now_us() < due:  # noqa: ASYNC110 - a clock has no event
            await asyncio.sleep(0.001)
        asked.append(asyncio.create_task(one(due)))
    await asyncio.gather(*asked)
    return waits


async def flat_out(exchange: Exchange, lines: list[Any], seconds: float) -> float:
    """Decisions a second with every line asking as soon as it has its answer."""
    begun, before = wire.now_us(), exchange.answered
    end = begun + int(seconds * 1e6)

    async def one(line: Any) -> None:
        while wire.now_us() < end:
            await exchange.ask(line)

    await asyncio.gather(*(one(line) for line in lines))
    return (exchange.answered - before) / ((wire.now_us() - begun) / 1e6)


async def converse(line: Any, request: bytes) -> tuple[bytes, bytes]:
    """The head and the body of the answer to *request* on a *line* that is kept open."""
    reader, writer = line
    writer.write(request)
    head: bytes = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    return head, await reader.readexactly(length)

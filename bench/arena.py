"""The candidates of one scenario side by side, and two ways of measuring messages through them."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench import candidates, machine, wire
from bench.candidates import NODE, Ground, Server
from bench.client import Client, Tally
from bench.databases import Databases
from bench.load import Load, Meter, Sender, Use, until
from bench.results import Results


@dataclass(frozen=True)
class Pace:
    """How long and how often things are measured."""

    runs: int
    seconds: float
    sweep_seconds: float
    idle_seconds: float
    quick: bool


FULL = Pace(runs=3, seconds=4, sweep_seconds=2, idle_seconds=600, quick=False)
QUICK = Pace(runs=1, seconds=1, sweep_seconds=0.5, idle_seconds=10, quick=True)


@dataclass
class Side:
    """A server with its connected clients.

    Each message goes to *copies* clients and is awaited by *awaited* of them; *listens* tells
    whose messages (by the letter that they sign with) each client waits for.
    """

    server: Server
    tally: Tally
    clients: list[Client] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    listens: dict[Client, str] = field(default_factory=dict)
    copies: int = 0
    awaited: int = 0
    window: int = 0


@contextlib.contextmanager
def servers(names: Sequence[str], databases: Databases, ground: Ground) -> Iterator[list[Server]]:
    """All candidates running, each with the same people and rooms."""
    running: list[Server] = []
    try:
        for name in names:
            server = candidates.start(name, databases, ground)
            running.append(server)
        yield running
    finally:
        for server in running:
            machine.stop(server.child)


@dataclass(frozen=True)
class Saturated:
    """One saturated run: facts and messages a second, and the processor shares while it lasted."""

    facts: float
    messages: float
    use: Use


async def saturate(
    side: Side, databases: Databases, results: Results, window: int, seconds: float
) -> Saturated:
    """Keep *window* messages in flight for *seconds*, then wait for the rest.

    The rate is up to the last delivery, so that what was only queued is not called delivered.
    """
    tally = side.tally
    tally.facts = tally.acks = 0
    for client in side.clients:
        client.stamps = None
    load = Load(side.senders, f"w{window}-{wire.now_us()}")
    meter, start = Meter(side.server, databases), wire.now_us()
    await load.saturate(window, seconds)
    complete = await until(
        lambda: tally.acks >= load.sent and tally.facts >= load.sent * side.copies, 60
    )
    use = meter.read()
    _check(side, results, load.sent, complete=complete)
    elapsed = (tally.last - start) / 1e6
    return Saturated(tally.facts / elapsed, tally.acks / elapsed, use)


async def waits(side: Side, results: Results, rate: float, seconds: float) -> list[int]:
    """Send at *rate*; how long, in sorted microseconds, after each message was due it was heard."""
    tally = side.tally
    tally.facts = tally.acks = 0
    tally.heard = []
    gc.collect()
    for client, signature in side.listens.items():
        client.stamps = wire.stamps_of(signature)
    load = Load(side.senders, f"p{wire.now_us()}")
    await load.steady(rate, seconds)
    complete = await until(
        lambda: tally.acks >= load.sent and tally.facts >= load.sent * side.awaited, 30
    )
    _check(side, results, load.sent, complete=complete)
    return tally.waits()


def percentile(ordered: Sequence[int], share: float) -> float:
    """The value in milliseconds below which *share* of the ordered microseconds lie."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1000


def half_rate(rates: dict[str, float]) -> float:
    """Half of Node's rate; without Node, half of the slowest that is there."""
    return rates.get(NODE, min(rates.values())) / 2


def _check(side: Side, results: Results, sent: int, *, complete: bool) -> None:
    tally = side.tally
    if not complete or tally.lost or tally.refused:
        results.complain(
            f"{side.server.name}: sent {sent}, acked {tally.acks}, delivered {tally.facts}, "
            f"refused {tally.refused}, connections lost {tally.lost} {tally.first_refusal[:200]!r}"
        )

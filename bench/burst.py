"""S7: the top of the hour. 2,000 of 5,000 connected colleagues change activity within one second.

First each chooses Lunch, spread over the second; then all those lunches end at the same moment and
nobody does anything. Measured: how long until every client has been told of every change, and how
many bytes each client was sent. What it takes grows with clients x changes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench import wire
from bench.arena import Pace, Side, servers
from bench.candidates import VAXEL, Ground
from bench.client import Client, Tally
from bench.databases import Databases
from bench.load import Meter, connect, until
from bench.results import Results, Target

CLIENTS, CHANGES = 5000, 2000
FEWER = 5  # times, for a quick look
SPREAD_US = 1_000_000
PATIENCE = 60
MOST_TWICE = 0.01
LUNCH_LASTS = timedelta(seconds=15)  # long enough for everyone to have heard of it
LUNCH, BACK = b'"activity":"lunch"', b'"activity":"available"'


@dataclass(frozen=True)
class Burst:
    """Seconds until all agreed that it is lunch, and that it is over; what each client was sent."""

    chosen: float
    ended: float
    kilobytes: float
    note: str


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    """The baselines have no activities: Växel alone is measured."""
    if VAXEL not in names:
        return
    clients, changes = (each // (FEWER if pace.quick else 1) for each in (CLIENTS, CHANGES))
    title = f"S7 {changes:,} of {clients:,}"
    bound = Target(None, 3)
    chosen = results.measure(title, "all agree after choosing lunch", "s", "less", bound)
    ended = results.measure(title, "all agree after it ended by itself", "s", "less", bound)
    weight = results.measure(title, "sent to each client for both", "kB", "less")
    print(f"{title} colleagues change activity …", flush=True)
    with servers([VAXEL], databases, Ground(clients, [])) as [server]:
        tally = Tally()
        side = Side(server, tally, await connect(server, range(clients), tally))
        await _quiet(tally)
        for number in range(pace.runs):
            burst = await _burst(side, databases, changes, results)
            chosen.add(VAXEL, burst.chosen, burst.note)
            ended.add(VAXEL, burst.ended)
            weight.add(VAXEL, burst.kilobytes)
            print(
                f"  {number + 1} chosen {burst.chosen:.2f} s, ended {burst.ended:.2f} s, "
                f"{burst.kilobytes:,.0f} kB  {burst.note}",
                flush=True,
            )
        for client in side.clients:
            client.close()


async def _burst(side: Side, databases: Databases, changes: int, results: Results) -> Burst:
    tally, before = side.tally, side.tally.received
    meter, begun = Meter(side.server, databases), wire.now_us()
    over = datetime.now(UTC) + LUNCH_LASTS
    over_us = begun + int(LUNCH_LASTS / timedelta(microseconds=1))
    _listen_for(side, LUNCH)
    for client in side.clients[:changes]:
        client.on_ack = _ignore
    for number, client in enumerate(side.clients[:changes]):
        while wire.now_us() < begun + number * SPREAD_US // changes:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(0.001)
        client.send("activity.choose", {"activity_id": "lunch", "until": over.isoformat()})
    await _agreed(side, changes, "lunch", results)
    use = meter.read()
    chosen = (tally.last - begun) / 1e6
    _listen_for(side, BACK)
    await _agreed(side, changes, "back", results)
    note = f"CPU: server {use.server:.0%}, generator {use.generator:.0%}, mongod {use.mongod:.0%}"
    sent = (tally.received - before) / len(side.clients) / 1000
    return Burst(chosen, (tally.last - over_us) / 1e6, sent, note)


def _listen_for(side: Side, fact: bytes) -> None:
    side.tally.facts = 0
    for client in side.clients:
        client.fact = fact


async def _agreed(side: Side, changes: int, what: str, results: Results) -> None:
    """Wait until every client has been told of every change, and nothing more comes.

    Who is told of a change twice, which happens now and then, does not make up for another.
    """
    tally, wanted = side.tally, changes * len(side.clients)
    complete = await until(lambda: tally.facts >= wanted, PATIENCE)
    await asyncio.sleep(1)
    twice = tally.facts - wanted
    if not complete or twice > wanted * MOST_TWICE or tally.lost or tally.refused:
        results.complain(
            f"{what}: {tally.facts} of {wanted} told, {tally.lost} connections lost, "
            f"{tally.refused} refused {tally.first_refusal[:200]!r}"
        )


async def _quiet(tally: Tally) -> None:
    """Wait until all have heard that all are there."""
    before = -1
    while tally.received != before:
        before = tally.received
        await asyncio.sleep(2)


def _ignore(_client: Client, _acks: int) -> None:
    """The tally counts acks and refusals."""

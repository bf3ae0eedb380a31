"""S1: everyone in one large room hears what a few of them say."""

from __future__ import annotations

import statistics

from bench.arena import Pace, Side, half_rate, percentile, saturate, servers, waits
from bench.candidates import NODE, STOCK, Ground, Server
from bench.client import Tally
from bench.databases import Databases
from bench.load import Sender, connect
from bench.results import Measure, Results, Target

SENDERS = 10
WINDOWS = {200: (25, 100, 400), 1000: (10, 50, 200)}
PROMISES = (Target(NODE, 4), Target(STOCK, 8))


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    for members in (200, 1000):
        title = f"S1 fan-out to {members}"
        rate = results.measure(title, "saturated", "deliveries/s", "more", *PROMISES)
        cost = results.measure(title, "server CPU per delivery", "us", "less")
        promises = (Target(None, 25), Target(NODE, 1))
        slowest = results.measure(title, "p99 at half Node's rate", "ms", "less", *promises)
        print(f"{title} …", flush=True)
        with servers(names, databases, Ground(members, [range(members)])) as running:
            sides = [await _join(server, members) for server in running]
            await _saturated(sides, databases, pace, results, (rate, cost))
            await _steady(sides, pace, results, rate, slowest)


async def _join(server: Server, members: int) -> Side:
    tally = Tally()
    clients = await connect(server, range(members), tally)
    senders = [Sender(client, server.room_ids[0], "s") for client in clients[:SENDERS]]
    return Side(server, tally, clients, senders, copies=members)


async def _saturated(
    sides: list[Side],
    databases: Databases,
    pace: Pace,
    results: Results,
    into: tuple[Measure, Measure],
) -> None:
    rate, cost = into
    for side in sides:
        side.window = await _best_window(side, databases, pace, results)
    for number in range(pace.runs):
        for side in sides:
            got = await saturate(side, databases, results, side.window, pace.seconds)
            name, use = side.server.name, got.use
            note = (
                f"window {side.window}, CPU: server {use.server:.0%}, "
                f"generator {use.generator:.0%}, mongod {use.mongod:.0%}"
            )
            rate.add(name, got.facts, note)
            cost.add(name, got.server_us_per_fact)
            print(f"  {number + 1} {name:6} {got.facts:10,.0f} deliveries/s  {note}", flush=True)


async def _best_window(side: Side, databases: Databases, pace: Pace, results: Results) -> int:
    """The number of messages in flight at which this candidate delivers most."""
    windows = WINDOWS[side.copies]
    await saturate(side, databases, results, windows[0], pace.sweep_seconds / 2)
    if pace.quick:
        return windows[1]
    rates = {}
    for window in windows:
        got = await saturate(side, databases, results, window, pace.sweep_seconds)
        rates[window] = got.facts
    print(
        f"  windows of {side.server.name}: "
        + ", ".join(f"{w}: {r:,.0f}/s" for w, r in rates.items())
    )
    return max(rates, key=lambda window: rates[window])


async def _steady(
    sides: list[Side], pace: Pace, results: Results, rate: Measure, slowest: Measure
) -> None:
    rates = {name: statistics.median(values) for name, values in rate.runs.items()}
    for _ in range(pace.runs):
        for side in sides:
            listeners = dict.fromkeys(side.clients, "s")
            messages = half_rate(rates) / side.copies
            found = await waits(side, results, listeners, messages, pace.seconds)
            note = f"{messages:.0f} messages/s, p50 {percentile(found, 0.5):.2f} ms"
            slowest.add(side.server.name, percentile(found, 0.99), note)
            print(
                f"    {side.server.name:6} p99 {percentile(found, 0.99):8.2f} ms  {note}",
                flush=True,
            )

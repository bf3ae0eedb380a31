"""S2: 500 pairs talk in 1-1 rooms, both ways; what counts is acked and heard by the partner."""

from __future__ import annotations

import statistics

from bench.arena import Pace, Side, half_rate, percentile, saturate, servers, waits
from bench.candidates import NODE, Ground, Server
from bench.client import Tally
from bench.databases import Databases
from bench.load import Sender, connect
from bench.results import Measure, Results, Target

PAIRS = 500
WINDOWS = (100, 300, 1000)
TITLE = "S2 500 pairs"


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    rate = results.measure(TITLE, "saturated", "messages/s", "more", Target(NODE, 2))
    cost = results.measure(TITLE, "server CPU per message", "us", "less")
    promises = (Target(None, 25), Target(NODE, 1))
    slowest = results.measure(TITLE, "p99 at half Node's rate", "ms", "less", *promises)
    print(f"{TITLE} …", flush=True)
    rooms = [(2 * pair, 2 * pair + 1) for pair in range(PAIRS)]
    with servers(names, databases, Ground(2 * PAIRS, rooms)) as running:
        sides = [await _join(server) for server in running]
        for side in sides:
            side.window = await _best_window(side, databases, pace, results)
        for number in range(pace.runs):
            for side in sides:
                await _saturated(side, databases, pace, results, (rate, cost), number)
        for _ in range(pace.runs):
            for side in sides:
                await _steady(side, pace, results, rate, slowest)


async def _join(server: Server) -> Side:
    tally = Tally()
    clients = await connect(server, range(2 * PAIRS), tally)
    senders = [
        Sender(client, server.room_ids[person // 2], "ab"[person % 2])
        for person, client in enumerate(clients)
    ]
    first, second = senders[::2], senders[1::2]
    return Side(server, tally, clients, [*first, *second], copies=2)


async def _best_window(side: Side, databases: Databases, pace: Pace, results: Results) -> int:
    """The number of messages in flight at which this candidate gets most through."""
    await saturate(side, databases, results, WINDOWS[0], pace.sweep_seconds / 2)
    if pace.quick:
        return WINDOWS[1]
    rates = {}
    for window in WINDOWS:
        got = await saturate(side, databases, results, window, pace.sweep_seconds)
        rates[window] = got.messages
    print(
        f"  windows of {side.server.name}: "
        + ", ".join(f"{w}: {r:,.0f}/s" for w, r in rates.items())
    )
    return max(rates, key=lambda window: rates[window])


async def _saturated(
    side: Side,
    databases: Databases,
    pace: Pace,
    results: Results,
    into: tuple[Measure, Measure],
    number: int,
) -> None:
    rate, cost = into
    got = await saturate(side, databases, results, side.window, pace.seconds)
    name, use = side.server.name, got.use
    note = (
        f"window {side.window}, CPU: server {use.server:.0%}, "
        f"generator {use.generator:.0%}, mongod {use.mongod:.0%}"
    )
    rate.add(name, got.messages, note)
    cost.add(name, 2 * got.server_us_per_fact)
    print(f"  {number + 1} {name:6} {got.messages:8,.0f} messages/s  {note}", flush=True)


async def _steady(
    side: Side, pace: Pace, results: Results, rate: Measure, slowest: Measure
) -> None:
    rates = {name: statistics.median(values) for name, values in rate.runs.items()}
    partners = {sender.client: "ba"["ab".index(sender.side)] for sender in side.senders}
    messages = half_rate(rates)
    found = await waits(side, results, partners, messages, pace.seconds)
    note = f"{messages:.0f} messages/s, p50 {percentile(found, 0.5):.2f} ms"
    slowest.add(side.server.name, percentile(found, 0.99), note)
    print(f"    {side.server.name:6} p99 {percentile(found, 0.99):8.2f} ms  {note}", flush=True)

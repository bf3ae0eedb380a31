"""S1: everyone in one large room hears what a few of them say."""

from __future__ import annotations

from bench import race
from bench.arena import Pace, Side, servers
from bench.candidates import NODE, STOCK, Ground, Server
from bench.client import Tally
from bench.databases import Databases
from bench.load import Sender, connect
from bench.results import Results, Target

SENDERS = 10
WINDOWS = {200: (100, 25, 400, 1000), 1000: (50, 10, 200, 500)}


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    for members, windows in WINDOWS.items():
        title = f"S1 fan-out to {members}"
        lines = race.Lines(
            results.measure(
                title, "saturated", "deliveries/s", "more", Target(NODE, 4), Target(STOCK, 8)
            ),
            results.measure(title, "server CPU per delivery", "us", "less"),
            results.measure(
                title, "p99 at half Node's rate", "ms", "less", Target(None, 25), Target(NODE, 1)
            ),
        )
        rules = race.Race(
            windows=windows,
            unit="deliveries/s",
            speed=lambda got: got.facts,
            per_message=members,
        )
        print(f"{title} …", flush=True)
        with servers(names, databases, Ground(members, [range(members)])) as running:
            sides = [await _join(server, members) for server in running]
            await race.run(rules, sides, databases, pace, results, lines)


async def _join(server: Server, members: int) -> Side:
    tally = Tally()
    clients = await connect(server, range(members), tally)
    senders = [Sender(client, server.room_ids[0], "s") for client in clients[:SENDERS]]
    listens = dict.fromkeys(clients, "s")
    return Side(server, tally, clients, senders, listens, copies=members, awaited=members)

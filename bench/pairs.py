"""S2: 500 pairs talk in 1-1 rooms, both ways; what counts is acked and heard by the partner."""

from __future__ import annotations

from bench import race
from bench.arena import Pace, Side, servers
from bench.candidates import NODE, Ground, Server
from bench.client import Tally
from bench.databases import Databases
from bench.load import Sender, connect
from bench.results import Results, Target

PAIRS = 500
TITLE = "S2 500 pairs"
RULES = race.Race(
    windows=(300, 100, 1000),
    unit="messages/s",
    speed=lambda got: got.messages,
    per_message=1,
)


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    lines = race.Lines(
        results.measure(TITLE, "saturated", "messages/s", "more", Target(NODE, 2)),
        results.measure(TITLE, "server CPU per message", "us", "less"),
        results.measure(
            TITLE, "p99 at half Node's rate", "ms", "less", Target(None, 25), Target(NODE, 1)
        ),
    )
    print(f"{TITLE} …", flush=True)
    rooms = [(2 * pair, 2 * pair + 1) for pair in range(PAIRS)]
    with servers(names, databases, Ground(2 * PAIRS, rooms)) as running:
        sides = [await _join(server) for server in running]
        await race.run(RULES, sides, databases, pace, results, lines)


async def _join(server: Server) -> Side:
    tally = Tally()
    clients = await connect(server, range(2 * PAIRS), tally)
    senders = [
        Sender(client, server.room_ids[person // 2], "ab"[person % 2])
        for person, client in enumerate(clients)
    ]
    first, second = senders[::2], senders[1::2]
    # Each waits for the other: what one says oneself comes back too, and is not counted.
    listens = {client: "ba"[person % 2] for person, client in enumerate(clients)}
    return Side(server, tally, clients, [*first, *second], listens, copies=2, awaited=1)

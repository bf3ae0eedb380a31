"""S4: 1,000 clients lose their connection, miss 50 entries, and all come back at once."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass

from bench import wire
from bench.arena import Pace, servers
from bench.candidates import NODE, Ground, Server
from bench.client import Client, Tally
from bench.databases import Databases
from bench.load import Meter, Sender, connect, until
from bench.results import Measure, Results, Target

CLIENTS = 1000
MISSED = 50
TITLE = "S4 1,000 return"
ENTRY = b'"body":"~m'  # stands once in each missed entry of a sync's answer


@dataclass(frozen=True)
class Return:
    """Seconds until all are connected and until all are caught up; CPU of the server per client."""

    connected: float
    caught_up: float
    cpu_us: float
    note: str


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    whole = results.measure(TITLE, "all caught up after", "s", "less", Target(NODE, 0.7))
    cost = results.measure(TITLE, "server CPU per client", "us", "less")
    door = results.measure(TITLE, "of which all connected after", "s", "less")
    print(f"{TITLE} …", flush=True)
    ground = Ground(CLIENTS + 1, [range(CLIENTS + 1)])
    with servers(names, databases, ground) as running:
        for number in range(pace.runs + 1):
            for server in running:
                took = await _once(server, databases, results)
                if number or pace.quick:  # the first is for warming up
                    _note(server, took, whole, door)
                    cost.add(server.name, took.cpu_us)


def _note(server: Server, took: Return, whole: Measure, door: Measure) -> None:
    whole.add(server.name, took.caught_up, took.note)
    door.add(server.name, took.connected)
    times = f"{took.caught_up:6.2f} s, connected {took.connected:.2f} s"
    print(f"    {server.name:6} {times}, {took.note}", flush=True)


async def _once(server: Server, databases: Databases, results: Results) -> Return:
    cursor = await _miss(server, results)
    await asyncio.sleep(1)  # the server has noticed who is gone
    tally = Tally()
    gc.collect()
    meter, start = Meter(server, databases), wire.now_us()
    ready: list[int] = []
    arrivals = asyncio.gather(
        *(_return(server, person, cursor, tally, ready) for person in range(CLIENTS))
    )
    clients = await arrivals
    complete = await until(lambda: tally.facts >= CLIENTS * MISSED, 60)
    use = meter.read()
    if not complete or tally.lost or tally.refused:
        results.complain(
            f"{server.name}: {tally.facts} of {CLIENTS * MISSED} missed entries arrived, "
            f"{tally.lost} connections lost, {tally.refused} refused {tally.first_refusal[:200]!r}"
        )
    for client in clients:
        client.close()
    note = f"CPU: server {use.server:.0%}, generator {use.generator:.0%}, mongod {use.mongod:.0%}"
    took = (tally.last - start) / 1e6
    return Return((max(ready) - start) / 1e6, took, use.server * took * 1e6 / CLIENTS, note)


async def _miss(server: Server, results: Results) -> dict[str, int]:
    """Send what the clients miss; the cursors that they will come back with."""
    [writer] = await connect(server, [CLIENTS], Tally(), careful=True)
    sender = Sender(writer, server.room_ids[0], "m")
    entries: list[int] = []
    for number in range(MISSED):
        answer = await writer.ask(
            "message.send", sender.message(wire.now_us(), f"m{wire.now_us()}-{number}")
        )
        if not answer.get("ok"):
            results.complain(f"{server.name}: {answer}")
        entries.append(answer["data"].get("seq", 1))
    writer.close()
    return {server.room_ids[0]: entries[0] - 1}


async def _return(
    server: Server, person: int, cursor: dict[str, int], tally: Tally, ready: list[int]
) -> Client:
    client = Client(server.port, server.auths[person], tally)
    client.fact = ENTRY
    client.on_ack = _ignore
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: client, "127.0.0.1", server.port)
    await client.ready
    ready.append(wire.now_us())
    client.send("room.sync", {"cursors": cursor})
    return client


def _ignore(_client: Client, _acks: int) -> None:
    """The tally counts acks and refusals."""

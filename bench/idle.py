"""S3: 2,000 authenticated connections that say nothing; what each costs the server in memory."""

from __future__ import annotations

import asyncio
import gc

from bench import machine
from bench.arena import Pace, servers
from bench.candidates import Ground, Server
from bench.client import Client, Tally
from bench.databases import Databases
from bench.load import connect
from bench.results import Measure, Results, Target

CONNECTIONS = 2000
WARM_UP = 100  # connections that come and go first, so that caches and code are in memory
ROOM = 20  # everyone is in one group of this many


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    title = "S3 2,000 idle"
    minutes = pace.idle_seconds / 60
    each = results.measure(title, "memory per connection", "kB", "less", Target(None, 40))
    growth = results.measure(
        title, f"growth over {minutes:.2g} min", "kB/connection", "less", Target(None, 1)
    )
    print(f"{title}, all offering permessage-deflate …", flush=True)
    rooms = [range(start, start + ROOM) for start in range(0, CONNECTIONS, ROOM)]
    with servers(names, databases, Ground(CONNECTIONS, rooms)) as running:
        crowds = [await _fill(server, pace, each) for server in running]
        before = [machine.resident_bytes(server.child.pid) for server in running]
        await asyncio.sleep(pace.idle_seconds)
        for server, clients, earlier in zip(running, crowds, before, strict=True):
            grown = machine.resident_bytes(server.child.pid) - earlier
            growth.add(server.name, grown / CONNECTIONS / 1000)
            _check(server, clients, results)


async def _fill(server: Server, pace: Pace, each: Measure) -> list[Client]:
    settle = 2 if pace.quick else 10
    warm = await connect(server, range(WARM_UP), Tally(), deflate=True)
    for client in warm:
        client.close()
    await asyncio.sleep(settle)
    empty = machine.resident_bytes(server.child.pid)
    clients = await connect(server, range(CONNECTIONS), Tally(), deflate=True)
    del warm
    gc.collect()
    await asyncio.sleep(settle)
    full = machine.resident_bytes(server.child.pid)
    per_connection = (full - empty) / CONNECTIONS / 1000
    each.add(server.name, per_connection, f"{empty / 1e6:.0f} MB empty, {full / 1e6:.0f} MB full")
    print(f"  {server.name:6} {per_connection:6.1f} kB per connection", flush=True)
    return clients


def _check(server: Server, clients: list[Client], results: Results) -> None:
    lost = clients[0].tally.lost
    if lost:
        results.complain(f"{server.name}: lost {lost} of {CONNECTIONS} idle connections")

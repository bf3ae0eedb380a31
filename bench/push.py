"""S8: a calendar at the provider changes, and a colleague sees it; and the door that is told.

A server and its workers, a company whose mailboxes the stand-in for Microsoft keeps, and connected
colleagues. First meetings' ends are moved, some a second: measured is how long until the last of
the colleagues was told, from the change, and from when the stand-in began to tell. Then 200 notices
a second come to the server's door, while the workers read what those tell of and meetings are moved
on: measured is how long each notice waits for its answer.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient

from bench import candidates, machine, wire
from bench.arena import Pace, percentile
from bench.backfill import until_read
from bench.candidates import VAXEL, Server
from bench.client import Client, Tally
from bench.databases import Databases
from bench.load import Meter, connect, until
from bench.provider import Provider, Workers, providing, working
from bench.results import Measure, Results, Target
from bench.route import converse, steady
from server.domain.jobs import Job
from server.jobs import CeleryJobs

MAILBOXES, CLIENTS, CHANGES = 100, 300, 300
FEWER = 5  # times, for a quick look
EVENTS = 10
CHANGE_RATE, NOTICE_RATE = 4.0, 200.0  # a second
NOTICE_SECONDS = 20.0
LINES = 20  # connections of who tells
PATIENCE = 30.0
HOUR = timedelta(hours=1)
ENDS = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d").findall
TITLE = "S8 push"


@dataclass
class Teller:
    """Tells the server's door of changes, as Microsoft does."""

    port: int
    promises: list[tuple[str, str]]
    refused: int = 0
    first_refusal: bytes = b""
    _count: Any = field(default_factory=itertools.count)

    async def tell(self, line: Any) -> None:
        """One notice that was never told before."""
        number = next(self._count)
        promise, secret = self.promises[number % len(self.promises)]
        told = {
            "id": f"n{number}",
            "subscriptionId": promise,
            "clientState": secret,
            "changeType": "updated",
            "resource": "Users/x/Events/y",
            "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "id": "y"},
        }
        body = json.dumps({"value": [told]}).encode()
        head = (
            f"POST /hooks/microsoft HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        head_back, body_back = await converse(line, head.encode() + body)
        if b" 202 " not in head_back[:20]:
            self.refused += 1
            self.first_refusal = self.first_refusal or body_back or head_back


@dataclass(frozen=True)
class Scene:
    """All that takes part."""

    provider: Provider
    workers: Workers
    server: Server
    crowd: list[Client]
    tally: Tally
    databases: Databases
    results: Results


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    """The baselines know no calendars: Växel alone is measured."""
    if VAXEL not in names:
        return
    mailboxes, clients, changes = (
        each // (FEWER if pace.quick else 1) for each in (MAILBOXES, CLIENTS, CHANGES)
    )
    said = results.measure(TITLE, f"{clients} colleagues told, p50", "s", "less")
    slowest = results.measure(
        TITLE, f"{clients} colleagues told, p99", "s", "less", Target(None, 5)
    )
    own = results.measure(TITLE, "from the notice on, p99", "s", "less", Target(None, 2))
    door = results.measure(
        TITLE, f"the door at {NOTICE_RATE:.0f} notices/s, p99", "ms", "less", Target(None, 200)
    )
    print(f"{TITLE}: a company of {mailboxes} mailboxes is read …", flush=True)
    async with providing(databases) as provider:
        told = await provider.order("people", count=mailboxes, events=EVENTS)
        settings = provider.settings | {"public_url": provider.front}
        env = candidates.environment(databases, machine.free_port(), **settings)
        wanted = {"people": max(mailboxes, clients), "connected": clients, "tenant": told["tenant"]}
        found = candidates.fill(env, "bench.seed_mailboxes", wanted)
        with working(databases, env) as workers:
            child = candidates.launch(databases, env)
            try:
                port, tally = int(env["VAXEL_PORT"]), Tally()
                server = Server(VAXEL, port, child, [{"token": t} for t in found["tokens"]], [])
                await provider.order("point", url=f"http://127.0.0.1:{port}")
                await _watched(databases, env, workers, provider, found, mailboxes)
                crowd = await connect(server, range(clients), tally)
                scene = Scene(provider, workers, server, crowd, tally, databases, results)
                await _changes(scene, changes, said, slowest, own)
                await _notices(scene, NOTICE_SECONDS / (FEWER if pace.quick else 1), door)
                for client in crowd:
                    client.close()
            finally:
                machine.stop(child)


async def _watched(
    databases: Databases,
    env: dict[str, str],
    workers: Workers,
    provider: Provider,
    found: dict[str, Any],
    mailboxes: int,
) -> None:
    """Have all mailboxes read, and wait until the stand-in promised to tell of each."""
    jobs = CeleryJobs(databases.redis.url)
    await workers.ready(jobs)
    await jobs.enqueue(Job.COMPANY_ADOPT, connection_id=found["connection_id"])
    jobs.close()
    with MongoClient[dict[str, Any]](databases.mongod.url) as client:
        read = await until_read(client[env["VAXEL_MONGO_DB"]], mailboxes, 120)
    for _ in range(300):
        promises = await provider.order("promises")
        if len(promises) >= mailboxes:
            break
        await asyncio.sleep(0.2)
    if read < mailboxes or len(promises) < mailboxes:
        raise RuntimeError(f"{read} of {mailboxes} were read, and {len(promises)} are watched.")
    await asyncio.sleep(3)  # the second in which nobody is read twice, and all is quiet


async def _changes(scene: Scene, count: int, said: Measure, slowest: Measure, own: Measure) -> None:
    """Move meetings' ends, and wait until everybody was told of each."""
    meter, workers_before = Meter(scene.server, scene.databases), scene.workers.cpu_seconds()
    tally = scene.tally
    tally.heard = []
    heard: dict[str, dict[Client, int]] = {}
    for client in scene.crowd:
        client.stamps = _listener(client, heard)
    first_end = (datetime.now(UTC) + HOUR).replace(microsecond=0)
    moved = await scene.provider.order(
        "changes", count=count, rate=CHANGE_RATE, first_end=first_end.isoformat()
    )
    await until(lambda: all(len(heard.get(end, ())) == len(scene.crowd) for end in moved), PATIENCE)
    use = meter.read()
    seconds = count / CHANGE_RATE + 1
    waits, owns = [], []
    for end, (changed, told) in moved.items():
        at = heard.get(end, {})
        if len(at) < len(scene.crowd) or not told:
            missing = len(scene.crowd) - len(at)
            scene.results.complain(f"push: {missing} were not told of a change at {changed}")
            continue
        waits.append(max(at.values()) - changed)
        owns.append(max(at.values()) - told)
    if not waits:
        return
    waits.sort()
    owns.sort()
    busy = (scene.workers.cpu_seconds() - workers_before) / seconds
    note = f"CPU: server {use.server:.0%}, workers {busy:.0%}, mongod {use.mongod:.0%}"
    said.add(VAXEL, percentile(waits, 0.5) / 1000, note)
    slowest.add(VAXEL, percentile(waits, 0.99) / 1000)
    own.add(VAXEL, percentile(owns, 0.99) / 1000)
    print(
        f"  {len(waits)} changes: p50 {percentile(waits, 0.5):,.0f} ms, p99 "
        f"{percentile(waits, 0.99):,.0f} ms; from the notice on p50 "
        f"{percentile(owns, 0.5):,.0f} ms, p99 {percentile(owns, 0.99):,.0f} ms; {note}",
        flush=True,
    )


def _listener(client: Client, heard: dict[str, dict[Client, int]]) -> Any:
    """Notes when this client first hears of each end of a meeting."""

    def listen(buffer: bytearray, start: int, end: int) -> list[bytes]:
        found = ENDS(buffer, start, end)
        for each in found:
            heard.setdefault(each.decode(), {}).setdefault(client, wire.now_us())
        return []

    return listen


async def _notices(scene: Scene, seconds: float, door: Measure) -> None:
    """Tell the door at a steady rate, while the workers read and meetings are moved on."""
    promises = await scene.provider.order("promises")
    teller = Teller(scene.server.port, [(each, secret) for each, secret in promises])
    lines = [await asyncio.open_connection("127.0.0.1", teller.port) for _ in range(LINES)]
    before = sum((await scene.provider.order("asked")).values())
    meter, workers_before = Meter(scene.server, scene.databases), scene.workers.cpu_seconds()
    later = (datetime.now(UTC) + 3 * HOUR).replace(microsecond=0)
    moving = asyncio.create_task(
        scene.provider.order(
            "changes",
            count=int(seconds * CHANGE_RATE),
            rate=CHANGE_RATE,
            first_end=later.isoformat(),
        )
    )
    asked = await steady(teller.tell, lines, NOTICE_RATE, seconds)
    use = meter.read()
    busy = (scene.workers.cpu_seconds() - workers_before) / seconds
    await moving
    requests = sum((await scene.provider.order("asked")).values()) - before
    for _reader, writer in lines:
        writer.close()
    waits = sorted(wait for _due, wait in asked)
    untrue = _untrue(teller.port)
    if teller.refused or untrue or not requests:
        scene.results.complain(
            f"door: {teller.refused} refused {teller.first_refusal[:200]!r}, {untrue:.0f} not "
            f"believed, {requests} requests came of {len(asked)} notices"
        )
    note = (
        f"p50 {percentile(waits, 0.5):.1f} ms, {requests / seconds:.0f} requests/s at the "
        f"stand-in; CPU: server {use.server:.0%}, workers {busy:.0%}, mongod {use.mongod:.0%}"
    )
    door.add(VAXEL, percentile(waits, 0.99), note)
    print(f"  door p99 {percentile(waits, 0.99):.1f} ms, {note}", flush=True)


def _untrue(port: int) -> float:
    """How many notices the server did not believe, or did not know the promise of."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(
        float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith("vaxel_hooks_total") and ('"forged"' in line or '"unknown"' in line)
    )

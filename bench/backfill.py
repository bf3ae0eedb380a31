"""S9: a company lets us into all its mailboxes at once, each with 60 events.

The workers of an installation make the mailboxes and read them from the stand-in for Microsoft,
which shares a core with mongod. For several sizes, each in a database and with workers of its own:
what it takes must grow with the number of mailboxes alone, and memory not at all. Calendars only:
contacts are left out, and without an https address nobody promises to tell of changes.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient

from bench import candidates, machine
from bench.arena import Pace
from bench.candidates import VAXEL
from bench.databases import Databases
from bench.provider import Provider, providing, working
from bench.results import Results, Target
from server.domain.jobs import Job
from server.jobs import CeleryJobs

SIZES, SIZES_QUICKLY = (2500, 5000, 10_000), (100, 200, 400)
EVENTS = 60
LOOK_EVERY = 0.2
SLOWEST = 5  # mailboxes a second: whoever is slower than this is stuck
LEAST = 60.0


@dataclass(frozen=True)
class Filled:
    """What a size took: seconds, requests, the workers' peaks in bytes, shares of a core."""

    count: int
    seconds: float
    requests: int
    peaks: dict[str, int]
    note: str

    @property
    def peak(self) -> int:
        return sum(self.peaks.values())


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    """The baselines know no calendars: Växel alone is measured."""
    if VAXEL not in names:
        return
    sizes = SIZES_QUICKLY if pace.quick else SIZES
    title = f"S9 {sizes[-1]:,} mailboxes"
    rate = results.measure(title, f"of {EVENTS} events read, mailboxes/s", "two cores", "more")
    took = results.measure(title, "all read after, s", "", "less")
    asked = results.measure(title, "requests for each", "", "less")
    peak = results.measure(title, "peak memory of the workers", "MB", "less")
    linear = results.measure(
        title, f"time of each, to that of {sizes[0]:,}", "x", "less", Target(None, 1.25)
    )
    flat = results.measure(
        title, f"peak memory, to that of {sizes[0]:,}", "x", "less", Target(None, 1.15)
    )
    found = []
    for size in sizes:
        print(f"S9 {size:,} mailboxes x {EVENTS} events …", flush=True)
        filled = await _fill(databases, size, results)
        found.append(filled)
        peaks = ", ".join(f"{name} {each / 1e6:.0f} MB" for name, each in filled.peaks.items())
        print(
            f"  {filled.seconds:.1f} s, {size / filled.seconds:.1f} mailboxes/s, "
            f"{filled.requests:,} requests; peaks: {peaks}; {filled.note}",
            flush=True,
        )
    first, last = found[0], found[-1]
    rate.add(VAXEL, last.count / last.seconds, last.note)
    took.add(VAXEL, last.seconds)
    asked.add(VAXEL, last.requests / last.count)
    peak.add(VAXEL, last.peak / 1e6)
    linear.add(VAXEL, last.seconds / last.count / (first.seconds / first.count))
    flat.add(VAXEL, last.peak / first.peak)


async def _fill(databases: Databases, count: int, results: Results) -> Filled:
    async with providing(databases) as provider:
        told = await provider.order("people", count=count, events=EVENTS)
        env = candidates.environment(databases, machine.free_port(), **provider.settings)
        wanted = {"people": count, "connected": 0, "tenant": told["tenant"]}
        seeded = candidates.fill(env, "bench.seed_mailboxes", wanted)
        with (
            working(databases, env) as workers,
            MongoClient[dict[str, Any]](databases.mongod.url) as client,
        ):
            database = client[env["VAXEL_MONGO_DB"]]
            jobs = CeleryJobs(databases.redis.url)
            await workers.ready(jobs)
            begun = _use(provider, databases, workers.cpu_seconds())
            await jobs.enqueue(Job.COMPANY_ADOPT, connection_id=seeded["connection_id"])
            read = await until_read(database, count, max(LEAST, count / SLOWEST))
            used = _use(provider, databases, workers.cpu_seconds())
            jobs.close()
            requests = sum((await provider.order("asked")).values())
            kept = database["occurrences"].estimated_document_count()
            troubled = database["mailboxes"].count_documents({"trouble": {"$gt": ""}})
            peaks = workers.peak_bytes()
    if read < count or kept < count or troubled:
        results.complain(
            f"{read} of {count} mailboxes read, {kept} occurrences, {troubled} in trouble"
        )
    seconds, *shares = (b - a for a, b in zip(begun, used, strict=True))
    stand_in, mongod, working_ = (each / seconds for each in shares)
    note = f"CPU: workers {working_:.0%}, stand-in {stand_in:.0%}, mongod {mongod:.0%}"
    return Filled(count, seconds, requests, peaks, note)


def _use(provider: Provider, databases: Databases, workers: float) -> tuple[float, ...]:
    pids = (provider.process.pid, databases.mongod.pid)
    return (time.monotonic(), *(machine.cpu_seconds(pid) for pid in pids), workers)


async def until_read(database: Any, count: int, patience: float) -> int:
    """How many mailboxes were read well, once it is all of them or patience ends."""
    end, read = time.monotonic() + patience, 0
    while read < count and time.monotonic() < end:
        await asyncio.sleep(LOOK_EVERY)
        read = database["mailboxes"].count_documents(
            {"status": "active", "synced_at": {"$type": "date"}}
        )
    return read

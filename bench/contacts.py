"""S6: somebody searches among 100,000 contacts of their company, by whatever comes to mind.

Names, companies, titles, parts of numbers, addresses, and words with a slip in them; one search at
a time, as one person does. Then as many at once as the server answers.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bench import machine, wire
from bench.arena import Pace, percentile
from bench.candidates import VAXEL, Server, start_vaxel
from bench.databases import Databases
from bench.load import Meter
from bench.outsiders import outsiders
from bench.results import Results, Target

PEOPLE, CONTACTS = 500, 100_000
FEWER = 20  # times, for a quick look
SEARCHES = 600
LINES = 8
TITLE = "S6 100,000 contacts"


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    """The baselines have no contacts: Växel alone is measured."""
    if VAXEL not in names:
        return
    contacts = CONTACTS // (FEWER if pace.quick else 1)
    slowest = results.measure(TITLE, "search p95", "ms", "less", Target(None, 50))
    most = results.measure(TITLE, "saturated, searches/s", "one process", "more")
    print(f"{TITLE}: filling a company with {contacts:,} …", flush=True)
    wanted = {"people": PEOPLE, "contacts": contacts}
    port, child, found = start_vaxel(databases, "bench.seed_contacts", wanted)
    try:
        server = Server(VAXEL, port, child, [], [])
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(LINES)]
        searches = Searches(port, found["tokens"][0], contacts)
        await _one_at_a_time(searches, lines[0], SEARCHES)  # everything is in memory
        for number in range(pace.runs):
            meter = Meter(server, databases)
            waits = sorted(await _one_at_a_time(searches, lines[0], SEARCHES))
            use = meter.read()
            p50, p95, p99 = (percentile(waits, share) for share in (0.5, 0.95, 0.99))
            note = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, CPU: server {use.server:.0%}"
            slowest.add(VAXEL, p95, note)
            rate = await _flat_out(searches, lines, pace.seconds)
            most.add(VAXEL, rate)
            print(f"  {number + 1} p95 {p95:.1f} ms, {note}; flat out {rate:,.0f}/s", flush=True)
        if searches.failed or searches.empty > searches.count / 10:
            results.complain(f"{searches.failed} failed, {searches.empty} found nothing")
    finally:
        machine.stop(child)


class Searches:
    """Questions that somebody would ask, and how they were answered."""

    def __init__(self, port: int, token: str, contacts: int) -> None:
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self._queries = itertools.cycle(list(queries(contacts, 4 * SEARCHES)))
        self.count = self.failed = self.empty = 0

    async def ask(self, line: Any) -> None:
        """The next question, over this connection."""
        reader, writer = line
        path = f"/api/contacts/search?limit=20&query={quote(next(self._queries))}"
        writer.write(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        self.count += 1
        self.failed += b" 200 " not in head[:20]
        self.empty += body == b'{"contacts":[]}'


def queries(contacts: int, count: int) -> Iterator[str]:
    """What somebody types who looks for one of these."""
    chance = random.Random(6)
    known = chance.sample(list(outsiders(contacts)), count)
    for number, each in enumerate(known):
        first, last = each["name"].rsplit(" ", 1)
        company = each["company"].split()
        digits = each["phone"].replace(" ", "").replace("-", "")
        kinds = (
            last,
            f"{first} {last}",
            first[: chance.randrange(1, 4)],
            last[: chance.randrange(2, 6)],
            f"{first[:3]} {last[:4]}",
            company[0],
            f"{first} {company[0]}",
            f"{company[1]} {each['department']}",
            each["title"],
            each["phone"],
            digits[-5:],
            digits[1:9],
            each["email"].partition("@")[0],
            slip(last, chance),
            f"{slip(first, chance)} {last}",
        )
        yield kinds[number % len(kinds)]


def slip(word: str, chance: random.Random) -> str:
    """The word with two letters swapped, one missing, or one wrong."""
    at = chance.randrange(1, max(2, len(word) - 1))
    return chance.choice(
        (
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + "e" + word[at + 1 :],
        )
    )


async def _one_at_a_time(searches: Searches, line: Any, count: int) -> list[int]:
    waits = []
    for _ in range(count):
        asked = wire.now_us()
        await searches.ask(line)
        waits.append(wire.now_us() - asked)
    return waits


async def _flat_out(searches: Searches, lines: list[Any], seconds: float) -> float:
    begun, before = wire.now_us(), searches.count
    end = begun + int(seconds * 1e6)

    async def one(line: Any) -> None:
        while wire.now_us() < end:
            await searches.ask(line)

    await asyncio.gather(*(one(line) for line in lines))
    return (searches.count - before) / ((wire.now_us() - begun) / 1e6)

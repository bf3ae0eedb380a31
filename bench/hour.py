"""S10: the hour. The meetings of 30,000 people end at the same second, and nobody does anything.

They are rows of calendars, in the companies of one installation: a client is told of everybody in
its own. Meanwhile an exchange asks 500 times a second what should become of calls. Measured:
how long those questions wait around the second, how long until all clients know of all who are
back, and what each was sent. What it takes grows with clients x people of the same company; what a
client is sent with the people of its company alone.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bench import candidates, machine, wire
from bench.arena import Pace, percentile
from bench.asking import ask_elsewhere
from bench.candidates import VAXEL, Server
from bench.client import Client, Tally
from bench.databases import Databases
from bench.load import Meter, connect, until
from bench.results import Results, Target
from bench.route import RATE, Exchange

COMPANIES, PEOPLE, CLIENTS = 10, 30_000, 1000
CALLED = 2000  # of them are rung again and again; what callers hear is made once for each
FEWER = 10  # times, for a quick look
PREPARING, PREPARING_QUICKLY = 180, 60  # seconds, to fill a company and to connect everybody
BEFORE, BESIDE = 18.0, 1.0  # seconds before the moment: asking begins; what is measured begins
AFTER, AFTER_QUICKLY = 35.0, 8.0  # seconds for which is asked and waited after it
BACK = b':"available"'


async def run(names: list[str], databases: Databases, pace: Pace, results: Results) -> None:
    """The baselines have no activities: Växel alone is measured."""
    if VAXEL not in names:
        return
    fewer = FEWER if pace.quick else 1
    people, clients = PEOPLE // COMPANIES // fewer, CLIENTS // COMPANIES // fewer
    called = CALLED // fewer
    title = f"S10 {people * COMPANIES:,} meetings end"
    calls = results.measure(
        title, f"{RATE} routes/s, p99 until all agree", "ms", "less", Target(None, 20)
    )
    nearest = results.measure(title, "p99 of the second itself", "ms", "less", Target(None, 20))
    agreed = results.measure(
        title, f"{clients * COMPANIES:,} clients agree after", "s", "less", Target(None, 30)
    )
    weight = results.measure(title, "sent to each client", "kB", "less")
    print(f"{title}: filling …", flush=True)
    preparing = PREPARING_QUICKLY if pace.quick else PREPARING
    end = (datetime.now(UTC) + timedelta(seconds=preparing)).replace(microsecond=0)
    env = candidates.environment(databases, machine.free_port())
    wanted = {"companies": COMPANIES, "people": people, "connected": clients}
    found = candidates.fill(env, "bench.seed_hour", {**wanted, "ends": end.isoformat()})
    child = candidates.launch(databases, env)
    try:
        port, tally = int(env["VAXEL_PORT"]), Tally()
        server = Server(VAXEL, port, child, [{"token": each} for each in found["tokens"]], [])
        crowd = await connect(server, range(clients * COMPANIES), tally)
        exchange = Exchange(port, found["key"], found["secret"].encode(), found["numbers"][:called])
        left = (end - datetime.now(UTC)).total_seconds() - BEFORE
        if left < 0:
            results.complain(f"hour: not ready in time, {-left:.0f} s are missing")
            return
        await asyncio.sleep(left)
        hour = _Hour(
            AFTER_QUICKLY if pace.quick else AFTER,
            server,
            databases,
            crowd,
            tally,
            exchange,
            results,
        )
        await hour.pass_by(end, people)
        calls.add(VAXEL, hour.slowest, hour.note)
        nearest.add(VAXEL, hour.nearest)
        agreed.add(VAXEL, hour.agreed)
        weight.add(VAXEL, hour.kilobytes)
        print(
            f"  routes p99 {hour.slowest:.1f} ms, of the second {hour.nearest:.1f} ms; all agree "
            f"after {hour.agreed:.2f} s, {hour.kilobytes:,.0f} kB each; {hour.note}",
            flush=True,
        )
        for client in crowd:
            client.close()
    finally:
        machine.stop(child)


class _Hour:
    """The moment itself, and what was seen of it."""

    slowest = nearest = agreed = kilobytes = 0.0
    note = ""

    def __init__(
        self,
        after: float,
        server: Server,
        databases: Databases,
        crowd: list[Client],
        tally: Tally,
        exchange: Exchange,
        results: Results,
    ) -> None:
        self._server, self._databases, self._crowd = server, databases, crowd
        self._tally, self._exchange = tally, exchange
        self._results, self._patience = results, BEFORE + after

    async def pass_by(self, end: datetime, people: int) -> None:
        """Ask and listen until everybody knows that all are back."""
        tally, crowd = self._tally, self._crowd
        for client in crowd:
            client.fact, client.facts = BACK, 0
        before, last_before = tally.received, tally.last
        moment = wire.now_us() + int((end - datetime.now(UTC)).total_seconds() * 1e6)
        meter = Meter(self._server, self._databases)
        asking = asyncio.create_task(ask_elsewhere(self._exchange, RATE, self._patience))
        complete = await until(lambda: min(each.facts for each in crowd) >= people, self._patience)
        use = meter.read()
        at = tally.last if tally.last != last_before else wire.now_us()
        told = await asking
        asked = told["asked"]
        about = [w for due, w in asked if moment - BESIDE * 1e6 <= due <= max(at, moment + 1e6)]
        second = [w for due, w in asked if moment <= due < moment + 1_000_000]
        self.slowest = percentile(sorted(about), 0.99)
        self.nearest = percentile(sorted(second), 0.99)
        self.agreed = (at - moment) / 1e6
        self.kilobytes = (tally.received - before) / len(crowd) / 1000
        worst = max(about) / 1000
        span = (moment - 5 * BESIDE * 1e6, moment - BESIDE * 1e6)
        before_it = sorted(w for due, w in asked if span[0] <= due < span[1])
        self.note = (
            f"p50 {percentile(sorted(about), 0.5):.1f} ms, worst {worst:.0f} ms of {len(about)} "
            f"questions, p99 before it {percentile(before_it, 0.99):.1f} ms; CPU: server "
            f"{use.server:.0%}, generator {use.generator:.0%}, mongod {use.mongod:.0%}"
        )
        if not complete or tally.lost or told["refused"]:
            self._results.complain(
                f"hour: {tally.facts} of {people * len(crowd)} told, {tally.lost} connections "
                f"lost, {told['refused']} routes refused {told['first_refusal']!r}"
            )

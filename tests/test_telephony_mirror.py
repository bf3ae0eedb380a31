"""Snapshot + facts = fresh snapshot, while numbers, exchanges and calls come and go at random."""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from server.boot import now
from storage.models import timestamp
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.exchange import Exchange
from tests.mirror import Device
from tests.test_snapshot import check

STEPS = 150
PEOPLE = ("astrid", "birger", "basse", "rebecka")
NUMBERS = {
    "100": "extension",
    "101": "extension",
    "102": "extension",
    "+46701740605": "mobile",
    "+46701740606": "mobile",
    "+46846500400": "main",
    "+46846500401": "main",
}
TYPES = ("created", "ringing", "answered", "held", "resumed", "transferred", "ended", "ended")
LINES = ("idle", "ringing", "in_call", "on_hold")


@dataclass
class Told:
    """An exchange, and how far it has come."""

    exchange: Exchange
    id: str
    seq: int = 0
    stream: str = ""


@dataclass
class Office:
    """An administrator who cannot make up their mind, and some exchanges."""

    dice: random.Random
    admins: list[Caller]
    http: Any
    urls: list[str]
    user_ids: list[str]
    exchanges: list[Told] = field(default_factory=list)

    async def act(self) -> None:
        """Do something."""
        admin = self.dice.choice(self.admins)
        kind = self.dice.choices(("number", "gone", "connect", "remove", "tell"), (4, 2, 1, 1, 24))
        if kind == ["number"]:
            number = self.dice.choice(sorted(NUMBERS))
            body = {
                "kind": self.dice.choice([NUMBERS[number], NUMBERS[number], "fixed"]),
                "user_id": self.dice.choice([None, *self.user_ids]),
            }
            await admin.call("PUT", f"/api/admin/numbers/{number}", json=body)
        elif kind == ["gone"]:
            await admin.delete(f"/api/admin/numbers/{self.dice.choice(sorted(NUMBERS))}")
        elif kind == ["connect"] and len(self.exchanges) < 3:
            made = (await admin.post("/api/admin/pbx", {"name": "Växeln"})).data
            url = self.dice.choice(self.urls)
            told = Told(Exchange(self.http, url, made["key"], made["secret"], now), made["id"])
            self.exchanges.append(told)
        elif kind == ["remove"] and self.exchanges:
            gone = self.exchanges.pop(self.dice.randrange(len(self.exchanges)))
            assert (await admin.delete(f"/api/admin/pbx/{gone.id}")).status == 204
        elif kind == ["tell"] and self.exchanges:
            await self.tell(self.dice.choice(self.exchanges))

    async def tell(self, told: Told) -> None:
        if self.dice.random() < 0.05:
            told.seq, told.stream = 0, timestamp(now()) + str(self.dice.random())
        events = [self.event(told.seq + ahead) for ahead in range(1, self.dice.randint(2, 5))]
        body = {"events": events, "stream": told.stream}
        answer = await told.exchange.post("/pbx/v1/events", body)
        assert answer.data == {"applied": len(events), "next_seq": told.seq + len(events) + 1}
        told.seq += len(events)

    def event(self, seq: int) -> dict[str, Any]:
        dice = self.dice
        user = dice.choice([*self.user_ids, *NUMBERS])
        event: dict[str, Any] = {"seq": seq, "at": timestamp(now())}
        if dice.random() < 0.2:
            return event | {"line": {"user": user, "state": dice.choice(LINES)}}
        event |= {"call_id": f"c{dice.randint(1, 6)}", "type": dice.choice(TYPES)}
        return event | ({"user": user} if dice.random() < 0.8 else {})


@pytest.mark.parametrize("at_once", [1, 4])
async def test_whatever_happens_to_numbers_and_calls_clients_are_told(two, at_once):
    seed = int(os.environ.get("SEED", "0")) or random.randrange(10**6)
    print(f"SEED={seed}")  # noqa: T201 - shown when the test fails, to run it again
    dice = random.Random(seed)
    cast = await make_company(two[0].app)
    token = await make_token(two[0].app, cast["astrid"])
    watching = [
        await Device(live.url, await make_token(live.app, cast[name])).open()
        for live, name in zip(two, ("birger", "rebecka"), strict=True)
    ]
    try:
        async with calling(two[0].url) as http:
            admins = [Caller(http, live.url, token) for live in two]
            user_ids = [cast[name].id for name in PEOPLE]
            offices = [
                Office(dice, admins, http, [live.url for live in two], user_ids)
                for _ in range(at_once)
            ]

            async def work(office: Office) -> None:
                for _ in range(STEPS // at_once):
                    await office.act()

            await asyncio.gather(*(work(each) for each in offices))
        for device in watching:
            await check(device)
    finally:
        for device in watching:
            await device.close()

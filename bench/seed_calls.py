"""Fills an empty Växel with a large company's telephones, through its own stores.

Run as `python -m bench.seed_calls` with VAXEL_* set: reads {people, history, connected} as JSON
from stdin, writes {tokens, numbers, key, secret} to stdout.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bench.seed import all_of, person
from server.app import App
from server.boot import open_app
from server.domain import sessions
from server.domain.activities.types import STANDARD
from server.settings import read_settings
from storage.documents import to_document
from storage.models import Org, User
from storage.telephony import Activity, CompanyNumber, PbxCredential

BATCH = 20_000
AWAY = 3  # every third person does something else than working


async def seed(app: App, people: int, history: int, connected: int) -> dict[str, Any]:
    """A company with an exchange, a number for everyone, and activities long past and of today."""
    org = await app.stores.orgs.add(
        Org(id=app.new_id(), name="Exempelbolaget", created_at=app.now(), pbx=True)
    )
    users = [person(app, org, number) for number in range(people)]
    await app.stores.users.save_all(org.id, users, [])
    numbers = [str(100_000 + number) for number in range(people)]
    plan = [
        CompanyNumber(org_id=org.id, number=number, kind="extension", user_id=user.id)
        for number, user in zip(numbers, users, strict=True)
    ]
    await all_of(app.stores.numbers.put(each) for each in plan)
    rows = app.stores.database["activities"]
    batch: list[dict[str, Any]] = []
    for row in _activities(app, users, history):
        batch.append(to_document(row) | {"ends": row.end})
        if len(batch) == BATCH:
            await rows.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await rows.insert_many(batch, ordered=False)
    tokens = await all_of(
        sessions.start(app, user, "bench", "127.0.0.1") for user in users[:connected]
    )
    key, secret = await exchange(app, org)
    return {"tokens": tokens, "numbers": numbers, "key": key, "secret": secret}


def _activities(app: App, users: list[User], history: int) -> Iterator[Activity]:
    now = app.now()
    chance = random.Random(4711)
    kinds = [each.id for each in STANDARD if each.closes_phone]
    for number in range(history):
        user = users[number % len(users)]
        start = now - timedelta(days=1 + number // len(users), minutes=chance.randrange(480))
        yield _row(app, user, chance.choice(kinds), start, start + timedelta(hours=1))
    for user in users[::AWAY]:
        end = (now + timedelta(minutes=30 + 15 * chance.randrange(8))).replace(microsecond=0)
        yield _row(app, user, chance.choice(kinds), now - timedelta(minutes=5), end)


def _row(app: App, user: User, kind: str, start: datetime, end: datetime) -> Activity:
    return Activity(
        id=app.new_id(),
        org_id=user.org_id,
        user_id=user.id,
        type_id=kind,
        start=start,
        end=end,
        set_at=start,
        set_by=user.id,
    )


async def exchange(app: App, org: Org) -> tuple[str, str]:
    """An exchange of the company's: the key and the secret that it signs with."""
    credential_id, key, secret = app.new_id(), secrets.token_hex(8), secrets.token_hex(32)
    await app.stores.pbx.add(
        PbxCredential(
            id=credential_id,
            org_id=org.id,
            name="Bench",
            key=key,
            sealed=app.vault.seal(secret, credential_id),
            created_at=app.now(),
            created_by="",
        )
    )
    return key, secret


async def main() -> None:
    """Read, fill, answer."""
    wanted = json.load(sys.stdin)
    async with open_app(read_settings()) as app:
        json.dump(await seed(app, **wanted), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())

"""Fills an empty Växel with companies whose people all are in meetings that end at one moment.

Run as `python -m bench.seed_hour` with VAXEL_* set: reads {companies, people, connected, ends} as
JSON from stdin (people and connected of each company; `ends` in ISO), writes {tokens, numbers, key,
secret} to stdout; numbers and the exchange are the first company's.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from typing import Any

from bench.seed import all_of, person
from bench.seed_calls import exchange
from server.app import App
from server.boot import open_app
from server.domain import sessions
from server.domain.activities.state import MEETING
from server.settings import read_settings
from storage.documents import to_document
from storage.models import Org, User
from storage.telephony import Activity, CompanyNumber

LASTED = timedelta(minutes=30)
TRUSTED = timedelta(hours=24)


async def seed(app: App, companies: int, people: int, connected: int, ends: str) -> dict[str, Any]:
    """Companies with rows as their people's calendars would have made them."""
    end = datetime.fromisoformat(ends)
    found: dict[str, list[str]] = {"tokens": [], "numbers": []}
    key = secret = ""
    for number in range(companies):
        org = await app.stores.orgs.add(
            Org(id=app.new_id(), name=f"Exempelbolaget {number}", created_at=app.now(), pbx=True)
        )
        first = number * people
        users = [person(app, org, first + each) for each in range(people)]
        await app.stores.users.save_all(org.id, users, [])
        rows = [_row(app, user, end) for user in users]
        await app.stores.database["activities"].insert_many(rows, ordered=False)
        found["tokens"] += await all_of(
            sessions.start(app, user, "bench", "127.0.0.1") for user in users[:connected]
        )
        if number == 0:
            found["numbers"] = [str(100_000 + each) for each in range(people)]
            plan = [
                CompanyNumber(org_id=org.id, number=number, kind="extension", user_id=user.id)
                for number, user in zip(found["numbers"], users, strict=True)
            ]
            await all_of(app.stores.numbers.put(each) for each in plan)
            key, secret = await exchange(app, org)
    return {**found, "key": key, "secret": secret}


def _row(app: App, user: User, end: datetime) -> dict[str, Any]:
    start, mailbox_id = end - LASTED, app.new_id()
    row = Activity(
        id=app.new_id(),
        org_id=user.org_id,
        user_id=user.id,
        type_id="meeting",
        start=start,
        end=end,
        source="calendar",
        source_ref=mailbox_id,
        priority=MEETING,
        mailbox_id=mailbox_id,
        trusted_until=end + TRUSTED,
        set_at=start,
        set_by=user.id,
    )
    return to_document(row) | {"ends": end, "turns": [start, end, end + TRUSTED]}


async def main() -> None:
    """Read, fill, answer."""
    wanted = json.load(sys.stdin)
    async with open_app(read_settings()) as app:
        json.dump(await seed(app, **wanted), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())

"""Fills an empty Växel with a company that let us into its mailboxes, through its own stores.

Run as `python -m bench.seed_mailboxes` with VAXEL_* set: reads {people, connected, tenant} as JSON
from stdin, writes {tokens, connection_id} to stdout.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from bench.seed import all_of, person
from server.app import App
from server.boot import open_app
from server.domain import sessions
from server.domain.calendars import grants
from server.settings import read_settings
from storage.calendars import Connection
from storage.models import Org


async def seed(app: App, people: int, connected: int, tenant: str) -> dict[str, Any]:
    """A company, what it granted at Microsoft (its contacts aside), and sessions of some people."""
    org = await app.stores.orgs.add(
        Org(id=app.new_id(), name="Exempelbolaget", created_at=app.now())
    )
    users = [person(app, org, number) for number in range(people)]
    await app.stores.users.save_all(org.id, users, [])
    connection_id = app.new_id()
    await app.stores.connections.add(
        Connection(
            id=connection_id,
            org_id=org.id,
            user_id=None,
            provider="microsoft",
            account="example.com",
            tenant=tenant,
            sealed=grants.sealed(app, {"kind": "company", "tenant": tenant}, connection_id),
            contacts=False,
            created_at=app.now(),
            created_by=users[0].id,
        )
    )
    tokens = await all_of(
        sessions.start(app, user, "bench", "127.0.0.1") for user in users[:connected]
    )
    return {"tokens": tokens, "connection_id": connection_id}


async def main() -> None:
    """Read, fill, answer."""
    wanted = json.load(sys.stdin)
    async with open_app(read_settings()) as app:
        json.dump(await seed(app, **wanted), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())

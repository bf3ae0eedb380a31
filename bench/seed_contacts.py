"""Fills an empty Växel with a company that knows many people outside, through its own stores.

Run as `python -m bench.seed_contacts` with VAXEL_* set: reads {people, contacts} as JSON from
stdin, writes {tokens} to stdout.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bench.outsiders import outsiders
from bench.seed import person
from server.app import App
from server.boot import open_app
from server.domain import sessions
from server.domain.numbers import e164
from server.settings import read_settings
from storage.models import Org
from storage.telephony import Contact, ContactPhone

BATCH = 2_000


async def seed(app: App, people: int, contacts: int) -> dict[str, Any]:
    """A company with *people* and *contacts*, and a session of its first person's."""
    org = await app.stores.orgs.add(
        Org(id=app.new_id(), name="Exempelbolaget", created_at=app.now())
    )
    users = [person(app, org, number) for number in range(people)]
    await app.stores.users.save_all(org.id, users, [])
    words: set[str] = set()
    made = _contacts(app, org, contacts)
    while some := list(islice(made, BATCH)):
        words |= await app.stores.contacts.add_hidden(some, "bench")  # no import hides them
    await app.stores.contacts.keep_words(org.id, words)
    return {"tokens": [await sessions.start(app, users[0], "bench", "127.0.0.1")]}


def _contacts(app: App, org: Org, count: int) -> Iterator[Contact]:
    now = app.now()
    for each in outsiders(count):
        numbers = (("work", each["phone"]), ("mobile", each["mobile"]))
        yield Contact(
            id=app.new_id(),
            org_id=org.id,
            owner_id=None,
            name=each["name"],
            title=each["title"],
            department=each["department"],
            company=each["company"],
            phones=tuple(
                ContactPhone(kind="work" if kind == "work" else "mobile", number=n, e164=e164(n))
                for kind, n in numbers
                if n
            ),
            emails=(each["email"],),
            note=each["note"],
            created_at=now,
            updated_at=now,
        )


async def main() -> None:
    """Read, fill, answer."""
    wanted = json.load(sys.stdin)
    async with open_app(read_settings()) as app:
        json.dump(await seed(app, **wanted), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())

"""Fills an empty Växel with what a scenario needs, through its own use cases and stores.

Run as `python -m bench.seed` with VAXEL_* set: reads {people, rooms} as JSON from stdin, writes
{tokens, room_ids} to stdout.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from server.app import App
from server.boot import open_app
from server.domain import rooms, sessions
from server.settings import read_settings
from storage.models import Org, User

Made = TypeVar("Made")
AT_ONCE = 50


async def seed(app: App, people: int, room_members: list[list[int]]) -> dict[str, list[str]]:
    """A company with *people*, a session for each, and rooms with these members."""
    org = await app.stores.orgs.add(
        Org(id=app.new_id(), name="Exempelbolaget", created_at=app.now())
    )
    users = [person(app, org, number) for number in range(people)]
    await app.stores.users.save_all(org.id, users, [])
    tokens = await all_of(sessions.start(app, user, "bench", "127.0.0.1") for user in users)
    room_ids = await all_of(
        _room(app, [users[each] for each in members]) for members in room_members
    )
    return {"tokens": tokens, "room_ids": room_ids}


def person(app: App, org: Org, number: int) -> User:
    """The company's person of that number; the first is its administrator."""
    return User(
        id=app.new_id(),
        org_id=org.id,
        email=f"person{number}@example.com",
        name=f"Person {number}",
        handle=f"person{number}",
        role="admin" if number == 0 else "member",
        created_at=app.now(),
    )


async def _room(app: App, members: list[User]) -> str:
    first, *others = members
    if len(others) == 1:
        room = await rooms.direct(app, first, others[0].id)
    else:
        room = await rooms.create(app, first, "Alla", [other.id for other in others])
    room_id: str = room["id"]
    return room_id


async def all_of(work: Iterable[Awaitable[Made]]) -> list[Made]:
    """What each of these gives, some at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(part: Awaitable[Made]) -> Made:
        async with gate:
            return await part

    return list(await asyncio.gather(*(one(part) for part in work)))


async def main() -> None:
    """Read, fill, answer."""
    wanted = json.load(sys.stdin)
    async with open_app(read_settings()) as app:
        json.dump(await seed(app, wanted["people"], wanted["rooms"]), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())

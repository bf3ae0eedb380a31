"""The log under many writers: every room whole, whatever else is being written."""

import asyncio
import random

from server.boot import now
from storage.drafts import Draft
from storage.ids import new_id
from storage.log import MOST_WRITING, RoomLog

ROOMS = [f"room{number}" for number in range(12)]


def draft(room_id: str, author: str, number: int) -> Draft:
    return Draft(
        id=new_id(),
        org_id="org",
        room_id=room_id,
        kind="message",
        author_id=author,
        fields={"body": f"{number}"},
        client_id=f"{number}",
    )


async def test_rooms_stay_whole_with_several_batches_under_way_in_two_processes(app):
    logs = [RoomLog(app.stores.database, now) for _ in range(2)]
    chance = random.Random(7)

    async def say(number):
        room_id = chance.choice(ROOMS[:3] if number % 2 else ROOMS)
        await asyncio.sleep(chance.random() * 0.3)
        log = chance.choice(logs)
        entry, is_new = await log.append(draft(room_id, "astrid", number))
        assert is_new
        if number % 25 == 0:
            change = Draft(
                id=new_id(),
                org_id="org",
                room_id=room_id,
                kind="pinned",
                author_id="birger",
                fields={"target": entry["seq"], "on": True},
            )
            changed, _target = await log.amend(change, entry["seq"], lambda _old: {"pinned": True})
            assert changed is not None

    await asyncio.gather(*(say(number) for number in range(1500)))

    for room_id in ROOMS:
        entries = [each async for each in app.stores.database["entries"].find({"room_id": room_id})]
        entries.sort(key=lambda each: each["seq"])
        assert [each["seq"] for each in entries] == list(range(1, len(entries) + 1))
        said = [each["count"] for each in entries if each["kind"] == "message"]
        assert said == list(range(1, len(said) + 1))
    assert await app.stores.database["entries"].count_documents({"kind": "message"}) == 1500


async def test_a_room_is_in_one_batch_at_a_time_and_nobody_is_forgotten(app, monkeypatch):
    log = app.log
    under_way: list[set[str]] = []
    most = 0
    write = log._write

    async def watched(batch):
        nonlocal most
        rooms = {each.draft.room_id for each in batch}
        assert all(rooms.isdisjoint(others) for others in under_way)
        under_way.append(rooms)
        most = max(most, len(under_way))
        await write(batch)
        under_way.remove(rooms)

    monkeypatch.setattr(log, "_write", watched)

    async def say(number):
        await asyncio.sleep(number % 7 * 0.001)
        await log.append(draft(ROOMS[number % 12], "cecilia", number))

    for burst in range(20):
        await asyncio.gather(*(say(100 * burst + number) for number in range(50)))
    assert most == MOST_WRITING
    assert not log._writing

"""The room log against a real mongod: group commits, several writers, amendments between."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

from server.app import App
from server.boot import now
from storage.drafts import Draft
from storage.ids import new_id
from storage.log import RoomLog
from storage.models import Entry


def draft(
    room_id: str, kind: Any = "message", client_id: str | None = None, **fields: Any
) -> Draft:
    return Draft(new_id(), "example.com", room_id, kind, "astrid", fields, client_id)


async def entries_of(app: App, room_id: str) -> list[Entry]:
    return await app.log.after(room_id, 0, 10_000)


def check(entries: list[Entry]) -> None:
    """No hole, and the running counts are right."""
    said = 0
    for place, entry in enumerate(entries, 1):
        said += entry["kind"] == "message"
        assert (entry["seq"], entry["count"]) == (place, said)


async def test_what_arrives_together_is_written_together(app):
    drafts = [draft(f"room-{n % 7}", body=str(n), client_id=f"c{n}") for n in range(1_000)]

    kept = await asyncio.gather(*(app.log.append(each) for each in drafts))

    assert all(is_new for _entry, is_new in kept)
    assert app.log.commits < 100
    for room in range(7):
        entries = await entries_of(app, f"room-{room}")
        check(entries)
        assert [each["body"] for each in entries] == [str(n) for n in range(room, 1_000, 7)]


async def test_the_same_client_id_gives_the_first_entry_from_any_writer(app):
    other = RoomLog(app.stores.database, now)

    kept = await asyncio.gather(
        *(log.append(draft("lobby", body="Hej", client_id="a1")) for log in (app.log, other) * 25)
    )

    assert len({entry["_id"] for entry, _new in kept}) == 1
    assert sum(is_new for _entry, is_new in kept) == 1
    check(await entries_of(app, "lobby"))


async def test_an_outbox_sent_again_brings_only_what_was_missing(app):
    outbox = [draft("lobby", body=str(n), client_id=f"c{n}") for n in range(300)]
    await asyncio.gather(*(app.log.append(each) for each in outbox[::2]))
    other = RoomLog(app.stores.database, now)

    again = [draft("lobby", body=str(n), client_id=f"c{n}") for n in range(300)]
    kept = await asyncio.gather(*(other.append(each) for each in again))

    assert [is_new for _entry, is_new in kept] == [False, True] * 150
    assert [entry["client_id"] for entry, _new in kept] == [f"c{n}" for n in range(300)]
    entries = await entries_of(app, "lobby")
    check(entries)
    assert set(Counter(each["client_id"] for each in entries).values()) == {1}


async def test_two_writers_with_amendments_between_leave_no_hole(app):
    logs = [app.log, RoomLog(app.stores.database, now)]
    dice = random.Random(4)
    await app.log.append(draft("lobby", body="först"))

    async def react(log: RoomLog, number: int) -> None:
        user = f"user-{number}"

        def change(message: Entry) -> dict[str, Any]:
            users = message.get("reactions", {}).get("👍", [])
            return {"reactions": {"👍": [*users, user]}}

        entry, _target = await log.amend(draft("lobby", "reacted", target=1), 1, change)
        assert entry is not None

    work = [log.append(draft("lobby", body="x")) for log in logs for _n in range(100)]
    work += [react(log, number) for number, log in enumerate(logs * 15)]
    dice.shuffle(work)
    await asyncio.gather(*work)

    entries = await entries_of(app, "lobby")
    check(entries)
    assert len(entries) == 231
    assert sorted(entries[0]["reactions"]["👍"]) == sorted(f"user-{n}" for n in range(30))


async def test_a_refused_amendment_leaves_nothing(app):
    await app.log.append(draft("lobby", body="först"))

    entry, target = await app.log.amend(
        draft("lobby", "reacted", target=1), 1, lambda _message: None
    )

    assert entry is None
    assert target is not None
    assert len(await entries_of(app, "lobby")) == 1


async def test_an_effect_decides_what_the_entry_says(app):
    joining = draft("lobby", "member_added", user_ids=[])

    async def effect(_session: Any) -> bool:
        joining.fields["user_ids"] = ["birger"]
        return True

    entry = await app.log.append_with(joining, effect)

    assert entry is not None
    assert entry["user_ids"] == ["birger"]
    assert entry["sent_at"] == joining.at

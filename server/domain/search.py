"""Search over all my rooms, and keeping its index level with the logs."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from server.app import App
from server.domain import rooms
from server.domain.errors import Invalid, NotAllowed
from server.domain.plans import can
from server.domain.words import fold, snippet, terms_of, terms_of_word, words_of
from storage.models import Entry, User, public
from storage.search import Terms, Wanted, Word

PAGE = 500
CATCH_UP = 4_000  # entries that one search may first read into the index
PATIENCE = 3.0  # seconds a search waits for another process that is indexing the same room


async def find(
    app: App,
    actor: User,
    query: str,
    *,
    room_id: str | None = None,
    author_id: str | None = None,
    before: datetime | None = None,
    after: datetime | None = None,
    has_file: bool | None = None,
    limit: int = 20,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The newest messages with every word of *query*: {hits: [{entry, room_id, snippet}], cursor?}.

    Words match by Swedish or English stem, by beginning, and without regard to case and marks.
    Raises NotFound for a room that is not mine, NotAllowed without chat, Invalid when the query
    has no word.
    """
    if not can(actor, "chat"):
        raise NotAllowed("plan_chat")
    words = words_of(query)
    if not words:
        raise Invalid("query", "empty")
    mine = await rooms.mine(app, actor)
    if room_id is not None:
        mine = [await rooms.open_to(app, actor, room_id)]
    room_ids = [room.id for room in mine]
    await catch_up(app, room_ids, most=CATCH_UP)
    wanted = Wanted(
        org_id=actor.org_id,
        room_ids=room_ids,
        words=[_sought(word) for word in words],
        author_id=author_id,
        before=before,
        after=after,
        has_file=has_file,
        below=_read_cursor(cursor),
    )
    places = await app.stores.search.find(wanted, limit + 1)
    entries = await app.log.find_many((room, seq) for _at, room, seq in places[:limit])
    hits = [
        {
            "entry": public(entries[room, seq]),
            "room_id": room,
            "snippet": snippet(entries[room, seq].get("body", ""), query),
        }
        for _at, room, seq in places[:limit]
        if (room, seq) in entries and not entries[room, seq].get("deleted")
    ]
    if len(places) <= limit:
        return {"hits": hits}
    return {"hits": hits, "cursor": _write_cursor(places[limit - 1])}


def _sought(word: str) -> Word:
    whole, *stems = terms_of_word(word)
    return Word(fold(whole), tuple(stems))


def _write_cursor(place: tuple[datetime, str, int]) -> str:
    sent_at, room_id, seq = place
    return f"{round(sent_at.timestamp() * 1000)}.{room_id}.{seq}"


def _read_cursor(cursor: str | None) -> tuple[datetime, str, int] | None:
    if cursor is None:
        return None
    match = re.fullmatch(r"(\d{1,14})\.([^.]{1,64})\.(\d{1,16})", cursor)
    if match is None:
        raise Invalid("cursor", "bad_format")
    sent_at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(match[1]))
    return sent_at, match[2], int(match[3])


async def catch_up(app: App, room_ids: list[str], most: int | None = None) -> int:
    """Read what is new in these logs into the index, at most *most* entries; how many were read."""
    tails = await app.log.tails(room_ids)
    state = await app.stores.search.state(room_ids)
    done = 0
    for room_id, tail in tails.items():
        if state.get(room_id, 0) >= tail.seq:
            continue
        if most is not None and done >= most:
            break
        done += await _catch_up_room(app, room_id, tail.seq, None if most is None else most - done)
    return done


async def _catch_up_room(app: App, room_id: str, upto: int, most: int | None) -> int:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not await app.stores.search.lease(room_id, app.now()):
        await asyncio.sleep(0.03)
        state = await app.stores.search.state([room_id])
        if state.get(room_id, 0) >= upto or loop.time() > deadline:
            return 0
    at = (await app.stores.search.state([room_id])).get(room_id, 0)
    done = 0
    try:
        while at < upto and (most is None or done < most):
            entries = await app.log.after(room_id, at, PAGE)
            if not entries:
                break
            await _index(app, entries)
            at = entries[-1]["seq"]
            done += len(entries)
    finally:
        await app.stores.search.release(room_id, at)
    return done


async def _index(app: App, entries: list[Entry]) -> None:
    """Index the messages among *entries* and those that they changed, as these are now."""
    messages = {
        (each["room_id"], each["seq"]): each for each in entries if each["kind"] == "message"
    }
    changed = {
        (each["room_id"], each["target"])
        for each in entries
        if each["kind"] in ("edited", "deleted")
    }
    messages.update(await app.log.find_many(changed - messages.keys()))
    gone = [place for place, each in messages.items() if each.get("deleted")]
    kept = [_terms(each) for place, each in messages.items() if not each.get("deleted")]
    await app.stores.search.write(kept, gone)


def _terms(message: Entry) -> Terms:
    return Terms(
        org_id=message["org_id"],
        room_id=message["room_id"],
        seq=message["seq"],
        author_id=message["author_id"],
        sent_at=message["sent_at"],
        terms=terms_of(message.get("body", "")),
    )


async def index_rooms(app: App, room_ids: str) -> int:
    """The job: bring these rooms (ids joined by commas) into the index; the entries read."""
    return await catch_up(app, [room_id for room_id in room_ids.split(",") if room_id])

"""Messages: sending, changing and reading what was said in a room."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import orjson

from server.app import App
from server.domain import rooms
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound, OverQuota, TooFast
from server.domain.events import Fact, to_room, to_user
from server.domain.plans import can
from storage.drafts import Draft
from storage.log_reader import Tail
from storage.models import Entry, Room, User, public

MENTION = re.compile(r"(?<![\w@.])@([\w][\w.\-]{0,63})")
EVERYONE = {"alla", "all"}
DRESS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # look, skin, region
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
OTHER_SYMBOLS = frozenset("‼⁉\u2139↔⤴⤵〰〽◻◼◽◾")  # emoji that Unicode files elsewhere
MOST_REACTIONS = 50
MOST_PINS = 200


# Rules


def check_body(body: str, limit: int) -> str:
    """The body as written. Raises Invalid when it is empty or longer than *limit* characters."""
    if not body.strip():
        raise Invalid("body", "empty")
    if len(body) > limit:
        raise Invalid("body", "too_long", limit=limit)
    return body


def handles_in(body: str) -> set[str]:
    """Handles written after @ in *body*, in lower case and without a sentence's last dot."""
    if "@" not in body:
        return set()
    return {match[1].rstrip(".-").lower() for match in MENTION.finditer(body)}


def is_emoji(text: str) -> bool:
    """Whether *text* is one emoji: a symbol and its dress, several joined, a flag, or a keycap."""
    if "\u20e3" in text:
        return re.fullmatch(r"[0-9#*]\ufe0f?\u20e3", text) is not None
    return all(_is_symbol(part) for part in text.split("\u200d"))


def _is_symbol(text: str) -> bool:
    bare = DRESS.sub("", text)
    if FLAG.fullmatch(bare):
        return True
    if len(bare) != 1 or text[0] != bare:
        return False
    return unicodedata.category(bare) == "So" or bare in OTHER_SYMBOLS


def reacted(message: Entry, user_id: str, emoji: str, *, on: bool) -> dict[str, Any] | None:
    """The fields that change when the reaction is put or taken back; None when it is so already.

    Raises Conflict for a deleted message, OverQuota past `MOST_REACTIONS` different ones.
    """
    _check_alive(message)
    reactions = {key: list(users) for key, users in message.get("reactions", {}).items()}
    users = reactions.get(emoji, [])
    if (user_id in users) == on:
        return None
    if on and emoji not in reactions and len(reactions) >= MOST_REACTIONS:
        raise OverQuota("reactions", limit=MOST_REACTIONS)
    reactions[emoji] = [*users, user_id] if on else [each for each in users if each != user_id]
    if not reactions[emoji]:
        del reactions[emoji]
    return {"reactions": reactions or None}


def _check_alive(message: Entry) -> None:
    if message["kind"] != "message":
        raise NotFound("message")
    if message.get("deleted"):
        raise Conflict("deleted")


# Use cases


async def send(
    app: App,
    actor: User,
    room_id: str,
    body: str,
    client_id: str,
    reply_to: int | None = None,
    file_ids: list[str] | None = None,
    queued: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Say *body* in the room, once per *client_id*; the entry (the first one when sent again).

    *queued* is called when the message has its place in the log's queue: what the same device says
    next may follow. Raises NotFound, NotAllowed, Invalid, TooFast.
    """
    room = await rooms.open_to(app, actor, room_id)
    check_body(body, app.settings.message_length)
    if file_ids:
        raise Invalid("file_ids", "files_later")
    wait = app.send_rate.take(actor.id)
    if wait:
        raise TooFast(wait)
    fields: dict[str, Any] = {"body": body}
    if reply_to is not None:
        fields["reply_to"] = (await _message(app, room, reply_to, field="reply_to"))["seq"]
    if mentions := await _mentioned(app, room, body):
        fields["mentions"] = fields["mentioned"] = mentions
    draft = rooms.draft_of(app, actor, room, "message", client_id=client_id, **fields)
    appending = app.log.enqueue(draft)
    queued()
    entry, is_new = await appending
    if is_new:
        app.events.publish_entry(entry)
    return public(entry)


async def edit(app: App, actor: User, room_id: str, seq: int, body: str) -> dict[str, Any]:
    """New words for an own message; the new entry. Raises NotFound, NotAllowed, Conflict."""
    room = await rooms.open_to(app, actor, room_id)
    check_body(body, app.settings.message_length)
    mentions = await _mentioned(app, room, body)
    fields: dict[str, Any] = {"target": seq, "body": body}
    if mentions:
        fields["mentions"] = mentions
    draft = rooms.draft_of(app, actor, room, "edited", **fields)

    def change(message: Entry) -> dict[str, Any]:
        _check_alive(message)
        if message["author_id"] != actor.id:
            raise NotAllowed("own_message")
        return {"body": body, "mentions": mentions or None, "edited_at": draft.at}

    return await _amend(app, draft, seq, change)


async def delete(app: App, actor: User, room_id: str, seq: int) -> dict[str, Any]:
    """Take back a message: its author may, and an admin. Raises NotFound, NotAllowed, Conflict."""
    room = await rooms.open_to(app, actor, room_id)

    def change(message: Entry) -> dict[str, Any]:
        _check_alive(message)
        if message["author_id"] != actor.id and not can(actor, "admin"):
            raise NotAllowed("own_message")
        gone = dict.fromkeys(("mentions", "reactions", "pinned", "edited_at"))
        return {**gone, "body": "", "deleted": True}

    return await _amend(app, rooms.draft_of(app, actor, room, "deleted", target=seq), seq, change)


async def react(
    app: App,
    actor: User,
    room_id: str,
    seq: int,
    emoji: str,
    on: bool,  # noqa: FBT001 - as on the wire
) -> dict[str, Any]:
    """Put or take back a reaction; the entry, or the unchanged message when it was so already."""
    room = await rooms.open_to(app, actor, room_id)
    if not is_emoji(emoji):
        raise Invalid("emoji", "emoji")
    draft = rooms.draft_of(app, actor, room, "reacted", target=seq, emoji=emoji, on=on)
    return await _amend(app, draft, seq, lambda message: reacted(message, actor.id, emoji, on=on))


async def pin(
    app: App,
    actor: User,
    room_id: str,
    seq: int,
    on: bool,  # noqa: FBT001 - as on the wire
) -> dict[str, Any]:
    """Pin or unpin a message; the entry, or the unchanged message when it was so already."""
    room = await rooms.open_to(app, actor, room_id)

    def change(message: Entry) -> dict[str, Any] | None:
        _check_alive(message)
        if bool(message.get("pinned")) == on:
            return None
        return {"pinned": True if on else None}

    if on and len(await app.log.pins(room.id, MOST_PINS)) >= MOST_PINS:
        raise OverQuota("pins", limit=MOST_PINS)
    return await _amend(
        app, rooms.draft_of(app, actor, room, "pinned", target=seq, on=on), seq, change
    )


async def pins(app: App, actor: User, room_id: str) -> dict[str, Any]:
    """Pinned messages, newest first."""
    room = await rooms.open_to(app, actor, room_id)
    return {"entries": [public(entry) for entry in await app.log.pins(room.id, MOST_PINS)]}


async def history(
    app: App,
    actor: User,
    room_id: str,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """A page of the log, oldest first: {entries, at_start, at_end}; the newest page by default."""
    room = await rooms.open_to(app, actor, room_id)
    if sum(place is not None for place in (before, after, around)) > 1:
        raise Invalid("around" if around is not None else "after", "one_place")
    limit = min(limit, app.settings.history_page)
    if after is not None:
        entries = await app.log.after(room.id, after, limit)
    elif around is not None:
        older = await app.log.before(room.id, around, limit // 2)
        entries = older + await app.log.after(room.id, around - 1, limit - len(older))
    else:
        entries = await app.log.before(room.id, before, limit)
    tail = (await app.pages.tails([room.id])).get(room.id, Tail())
    return {
        "entries": [public(entry) for entry in entries],
        "at_start": entries[0]["seq"] == 1 if entries else _nothing_before(before, after),
        "at_end": entries[-1]["seq"] >= tail.seq if entries else before is None or tail.seq == 0,
    }


def _nothing_before(before: int | None, after: int | None) -> bool:
    return before is not None or not after


async def sync(app: App, actor: User, cursors: dict[str, int]) -> dict[str, Any]:
    """What happened after these cursors: {rooms: {id: {entries, limited, last_seq}}, joined, left}.

    A room that is not mine, whether it is gone, never was, or is another company's, is `left`.
    """
    if not can(actor, "chat"):
        raise NotAllowed("plan_chat")
    ids = set(await app.stores.rooms.ids_of_member(actor.id))
    if not cursors.keys() <= ids:  # perhaps added a moment ago
        ids |= {room.id for room in await app.stores.rooms.all_with(cursors, actor.id)}
    known = [room_id for room_id in cursors if room_id in ids]
    tails = await app.pages.tails(known)
    found: dict[str, Any] = {}
    for room_id in known:
        tail = tails.get(room_id, Tail())
        page = await app.pages.after(room_id, cursors[room_id], tail)
        found[room_id] = {
            "entries": orjson.Fragment(page.json),
            "limited": page.limited,
            "last_seq": max(tail.seq, page.last_seq),
        }
    fresh = ids - cursors.keys()
    return {
        "rooms": found,
        "joined": await rooms.view_many(app, actor, fresh) if fresh else [],
        "left": [room_id for room_id in cursors if room_id not in ids],
    }


async def read(app: App, actor: User, room_id: str, seq: int) -> dict[str, Any]:
    """*actor* has read up to *seq*: {read_seq, unread, mentions, as_of}; never moves back.

    The numbers count what had been said up to the seq `as_of`.
    """
    room = await rooms.open_to(app, actor, room_id)
    tail = (await app.pages.tails([room.id])).get(room.id, Tail())
    if seq >= tail.seq:
        seq, count = tail.seq, tail.count
    else:
        entry = await app.log.find(room.id, seq) if seq else None
        count = entry["count"] if entry else 0
    before = (await app.stores.markers.of_user(actor.id, [room.id])).get(room.id)
    marker = before
    if marker is None or marker.seq < seq:
        marker = await app.stores.markers.advance(room.id, actor.id, seq, count)
    own = None
    if marker.seq < tail.seq:
        own = (await app.log.own_last(actor.id, [room.id])).get(room.id)
    read_seq, read_count = rooms.read_place(marker, own)
    unread = max(0, tail.count - read_count)
    span = {room.id: (read_seq, tail.seq)}
    named = await app.log.mention_counts(actor.id, span) if unread else {}
    numbers = {
        "read_seq": read_seq,
        "unread": unread,
        "mentions": named.get(room.id, 0),
        "as_of": tail.seq,
    }
    if marker.seq > (before.seq if before is not None else 0):
        place = {"room_id": room.id, "user_id": actor.id, "seq": marker.seq}
        app.events.publish(Fact.ROOM_READ, place, to_room(room.id))
        app.events.publish(Fact.ROOM_UNREAD, {"room_id": room.id, **numbers}, to_user(actor.id))
    return numbers


# Help


async def _amend(app: App, draft: Draft, seq: int, change: Any) -> dict[str, Any]:
    entry, target = await app.log.amend(draft, seq, change)
    if entry is None:
        if target is None:
            raise NotFound("message")
        return public(target)
    app.events.publish_entry(entry)
    return public(entry)


async def _message(app: App, room: Room, seq: int, field: str) -> Entry:
    entry = await app.log.find(room.id, seq)
    if entry is None or entry["kind"] != "message":
        raise Invalid(field, "no_such_message")
    return entry


async def _mentioned(app: App, room: Room, body: str) -> list[str]:
    """Who *body* names among the room's members; "all" for @alla or @all in a group."""
    handles = handles_in(body)
    if not handles:
        return []
    everyone = ["all"] if room.kind == "group" and handles & EVERYONE else []
    users = await app.stores.users.by_handles(room.org_id, sorted(handles - EVERYONE))
    return everyone + sorted(user.id for user in users if user.id in room.member_ids)

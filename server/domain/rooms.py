"""Rooms: who may open one, making them, and who is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from server.app import App
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound, OverQuota
from server.domain.events import Fact, to_room, to_user
from server.domain.plans import can
from storage.drafts import Draft
from storage.log_reader import Tail
from storage.models import Entry, Kind, Marker, Room, User, public, timestamp

SEEN_BY_LIMIT = 100  # in larger rooms nobody is shown who has seen a message


async def open_to(app: App, actor: User, room_id: str) -> Room:
    """The room, if *actor* is in it. Raises NotFound (missing and forbidden look the same)."""
    if not can(actor, "chat"):
        raise NotAllowed("plan_chat")
    room = await app.stores.rooms.get(room_id)
    if room is not None and actor.id not in room.member_ids:
        room = await app.stores.rooms.find(room_id)  # perhaps added a moment ago
    if room is None or actor.id not in room.member_ids or room.org_id != actor.org_id:
        raise NotFound("room")
    return room


async def mine(app: App, actor: User) -> list[Room]:
    """Every room that *actor* is in; none without chat in the plan."""
    if not can(actor, "chat"):
        return []
    return await app.stores.rooms.of_member(actor.org_id, actor.id)


async def direct(app: App, actor: User, user_id: str) -> dict[str, Any]:
    """The 1-1 room of *actor* and a colleague (or actor alone), made the first time.

    Raises NotFound for someone outside the company, NotAllowed when either has no chat.
    """
    [other] = await _colleagues(app, actor, [user_id])
    pair = ":".join((actor.org_id, *sorted((actor.id, other.id))))
    room, is_new = await app.stores.rooms.add_direct(
        Room(
            id=app.new_id(),
            org_id=actor.org_id,
            kind="direct",
            member_ids=frozenset({actor.id, other.id}),
            pair=pair,
            created_by=actor.id,
            created_at=app.now(),
        )
    )
    if is_new:
        await _tell_joined(app, room, sorted(room.member_ids), Tail(), None)
    return await view(app, actor, room)


async def create(app: App, actor: User, name: str, member_ids: list[str]) -> dict[str, Any]:
    """A new group of *actor* and these colleagues. Raises Invalid, NotFound, OverQuota."""
    others = await _colleagues(app, actor, member_ids)
    members = {actor.id, *(user.id for user in others)}
    _check_size(app, len(members))
    room = Room(
        id=app.new_id(),
        org_id=actor.org_id,
        kind="group",
        name=_name(name),
        member_ids=frozenset(members),
        created_by=actor.id,
        created_at=app.now(),
    )
    draft = draft_of(app, actor, room, "member_added", user_ids=sorted(members))
    entry = await app.log.append_with(draft, lambda session: app.stores.rooms.add(room, session))
    assert entry is not None  # noqa: S101 - the effect never declines
    await _tell_joined(app, room, sorted(members), _tail(entry), None)
    return await view(app, actor, room)


async def update(
    app: App, actor: User, room_id: str, name: str | None, topic: str | None
) -> dict[str, Any]:
    """Rename a group or change its topic. Raises NotFound, Invalid."""
    room = await _group(app, actor, room_id)
    name = room.name if name is None else _name(name)
    topic = room.topic if topic is None else topic.strip()
    draft = draft_of(app, actor, room, "renamed", name=name, topic=topic)
    entry = await app.log.append_with(
        draft, lambda session: app.stores.rooms.rename(room, name, topic, session)
    )
    app.events.forget("room", room.id)
    app.events.publish_entry(entry)
    return await view(app, actor, room)


async def add(app: App, actor: User, room_id: str, user_ids: list[str]) -> dict[str, Any]:
    """Add colleagues to a group. Raises NotFound, NotAllowed, OverQuota."""
    room = await _group(app, actor, room_id)
    others = await _colleagues(app, actor, user_ids)
    limit = app.settings.group_members
    joining: list[str] = []

    async def join(session: Any) -> bool:
        current = await app.stores.rooms.find(room.id, session)
        if current is None:
            raise NotFound("room")
        joining[:] = sorted({user.id for user in others} - current.member_ids)
        if not joining:
            return False
        draft.fields["user_ids"] = joining
        if await app.stores.rooms.join(room, joining, limit, session) is None:
            raise OverQuota("group_members", limit=limit)
        return True

    draft = draft_of(app, actor, room, "member_added", user_ids=[])
    entry = await app.log.append_with(draft, join)
    if entry is None:
        return await view(app, actor, room)
    app.events.forget("room", room.id)
    app.events.publish_entry(entry)
    room = await _afresh(app, room)
    await app.stores.markers.start(room.id, joining, entry["seq"], entry["count"])
    last = await app.log.find(room.id, entry["latest"]) if entry["latest"] else None
    await _tell_joined(app, room, joining, _tail(entry), last)
    _tell_read(app, room, joining, entry["seq"])
    return await view(app, actor, room)


def _tell_read(app: App, room: Room, user_ids: list[str], seq: int) -> None:
    """New members have read what was said before they came, as everyone's "seen by" then shows."""
    if len(room.member_ids) > SEEN_BY_LIMIT:
        return
    for user_id in user_ids:
        place = {"room_id": room.id, "user_id": user_id, "seq": seq}
        app.events.publish(Fact.ROOM_READ, place, to_room(room.id))


async def remove(app: App, actor: User, room_id: str, user_id: str) -> dict[str, Any]:
    """Take someone else out of a group: its creator and admins may. Raises NotFound, NotAllowed."""
    if user_id == actor.id:
        return await leave(app, actor, room_id)
    room = await _group(app, actor, room_id)
    if user_id not in room.member_ids:
        raise NotFound("member")
    if actor.id != room.created_by and not can(actor, "admin"):
        raise NotAllowed("remove_member")
    return await view(app, actor, await _part(app, actor, room, user_id))


async def leave(app: App, actor: User, room_id: str) -> dict[str, Any]:
    """Leave a group. Raises NotFound, Invalid for a 1-1 room."""
    room = await _part(app, actor, await _group(app, actor, room_id), actor.id)
    return _shape(room, Tail(), None, None, {}, 0)


async def _part(app: App, actor: User, room: Room, user_id: str) -> Room:
    async def part(session: Any) -> bool:
        if await app.stores.rooms.part(room, user_id, session) is None:
            raise NotFound("member")
        return True

    draft = draft_of(app, actor, room, "member_left", user_id=user_id)
    entry = await app.log.append_with(draft, part)
    app.events.forget("room", room.id)
    app.events.publish_entry(entry)
    app.events.leave([user_id], to_room(room.id))
    app.events.publish(Fact.ROOM_LEFT, {"room_id": room.id}, to_user(user_id))
    return await _afresh(app, room)


async def typing(app: App, actor: User, room_id: str) -> dict[str, Any]:
    """Tell the room that *actor* is writing; nothing is kept."""
    room = await open_to(app, actor, room_id)
    app.events.publish(
        Fact.ROOM_TYPING, {"room_id": room.id, "user_id": actor.id}, to_room(room.id)
    )
    return {}


async def settings(
    app: App, actor: User, room_id: str, notify: Any, muted_until: datetime | None
) -> dict[str, Any]:
    """Keep how *actor* wants to be told about the room."""
    room = await open_to(app, actor, room_id)
    if muted_until is not None and muted_until.tzinfo is None:
        raise Invalid("muted_until", "bad_time")
    marker = await app.stores.markers.settle(room.id, actor.id, notify, muted_until)
    shown = _settings(marker)
    app.events.publish(
        Fact.ROOM_SETTINGS, {"room_id": room.id, "settings": shown}, to_user(actor.id)
    )
    return shown


# How a room looks to one of its members


async def view(app: App, actor: User, room: Room) -> dict[str, Any]:
    """The room as *actor* sees it, as it is now."""
    found = await view_many(app, actor, [room.id])
    return found[0] if found else _shape(room, Tail(), None, None, {}, 0)


async def view_all(app: App, actor: User) -> list[dict[str, Any]]:
    """Every room that *actor* is in, as *actor* sees it; none without chat in the plan."""
    if not can(actor, "chat"):
        return []
    return await view_many(app, actor, await app.stores.rooms.ids_of_member(actor.id))


async def view_many(app: App, actor: User, room_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Those of these rooms that *actor* is in, with unread and mention counts, latest message.

    The ends of the logs are read first: a room may be newer than its `last_seq` tells, which the
    facts that follow make good, but never older.
    """
    ids = list(room_ids)
    tails = await app.pages.tails(ids)
    rooms = await app.stores.rooms.all_with(ids, actor.id)
    markers = await app.stores.markers.of_user(actor.id, ids)
    own = await app.log.own_last(actor.id, ids)
    read = {room_id: read_place(markers.get(room_id), own.get(room_id)) for room_id in ids}
    behind = {
        room_id: (seq, tails[room_id].seq)
        for room_id, (seq, count) in read.items()
        if room_id in tails and tails[room_id].count > count
    }
    named = await app.log.mention_counts(actor.id, behind)
    latest = await app.log.find_many(
        (room_id, tail.message) for room_id, tail in tails.items() if tail.message
    )
    small = [room.id for room in rooms if len(room.member_ids) <= SEEN_BY_LIMIT]
    reads = await app.stores.markers.of_rooms(small)
    return [
        _shape(
            room,
            tails.get(room.id, Tail()),
            latest.get((room.id, tails.get(room.id, Tail()).message)),
            markers.get(room.id),
            reads.get(room.id, {}),
            named.get(room.id, 0),
            read[room.id],
        )
        for room in rooms
    ]


def read_place(marker: Marker | None, own: tuple[int, int] | None) -> tuple[int, int]:
    """(seq, count) read: to the marker, or to one's own last message, whichever is later."""
    marked = (marker.seq, marker.count) if marker is not None else (0, 0)
    return max(marked, own or (0, 0))


def _shape(
    room: Room,
    tail: Tail,
    last_message: Entry | None,
    marker: Marker | None,
    reads: dict[str, int],
    mentions: int,
    read: tuple[int, int] | None = None,
) -> dict[str, Any]:
    read = (tail.seq, tail.count) if read is None else read
    unread = max(0, tail.count - read[1])
    seen = {user_id: seq for user_id, seq in reads.items() if user_id in room.member_ids}
    return {
        "id": room.id,
        "kind": room.kind,
        "name": room.name,
        "topic": room.topic,
        "member_ids": sorted(room.member_ids),
        "created_by": room.created_by,
        "created_at": timestamp(room.created_at),
        "last_seq": tail.seq,
        "last_count": tail.count,
        "read_seq": read[0],
        "unread": unread,
        "mentions": mentions if unread else 0,
        "last_message": public(last_message) if last_message is not None else None,
        "reads": seen if len(room.member_ids) <= SEEN_BY_LIMIT else None,
        "settings": _settings(marker),
    }


def _settings(marker: Marker | None) -> dict[str, Any]:
    if marker is None:
        return {"notify": "all", "muted_until": None}
    until = marker.muted_until
    return {"notify": marker.notify, "muted_until": timestamp(until) if until else None}


async def _tell_joined(
    app: App, room: Room, user_ids: list[str], tail: Tail, last_message: Entry | None
) -> None:
    """Let new members hear the room, then tell each of them what it is."""
    markers = await app.stores.markers.of_room(room.id, user_ids)
    small = len(room.member_ids) <= SEEN_BY_LIMIT
    reads = (await app.stores.markers.of_rooms([room.id])).get(room.id, {}) if small else {}
    app.events.enter(user_ids, to_room(room.id))
    for user_id in user_ids:
        marker = markers.get(user_id)
        place = read_place(marker, None)
        shown = _shape(room, tail, last_message, marker, reads, 0, place)
        app.events.publish(Fact.ROOM_JOINED, {"room": shown}, to_user(user_id))


# Help


async def _group(app: App, actor: User, room_id: str) -> Room:
    room = await open_to(app, actor, room_id)
    if room.kind == "direct":
        raise Conflict("direct_fixed")
    return room


async def _afresh(app: App, room: Room) -> Room:
    return await app.stores.rooms.find(room.id) or room


async def _colleagues(app: App, actor: User, user_ids: Iterable[str]) -> list[User]:
    """Those users, all of the actor's company and with chat."""
    if not can(actor, "chat"):
        raise NotAllowed("plan_chat")
    found: list[User] = []
    for user_id in dict.fromkeys(user_ids):
        user = await app.stores.users.get(user_id)
        if user is None or user.org_id != actor.org_id or user.blocked:
            raise NotFound("user")
        if not can(user, "chat"):
            raise NotAllowed("plan_other", name=user.name)
        found.append(user)
    return found


def _check_size(app: App, members: int) -> None:
    limit = app.settings.group_members
    if members > limit:
        raise OverQuota("group_members", limit=limit)


def _name(name: str) -> str:
    cleaned = re.sub(r"\s+", " ", name).strip()
    if not cleaned:
        raise Invalid("name", "empty")
    return cleaned


def draft_of(
    app: App, actor: User, room: Room, kind: Kind, client_id: str | None = None, **fields: Any
) -> Draft:
    """A new entry by *actor* for the room's log."""
    return Draft(
        id=app.new_id(),
        org_id=room.org_id,
        room_id=room.id,
        kind=kind,
        author_id=actor.id,
        fields=fields,
        client_id=client_id,
    )


def _tail(entry: Entry) -> Tail:
    return Tail(entry["seq"], entry["count"], entry["latest"])

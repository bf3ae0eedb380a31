"""HTTP twins of the room and message commands, for bots and integrations."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from server import inputs
from server.domain import messages, rooms, search, snapshot
from server.http import shapes
from server.http.base import APP, answer, body_of, query_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()

ROOM = "/api/rooms/{room_id:(?!direct$)[^{}/]+}"  # /direct is a route of its own
MESSAGE = ROOM + r"/messages/{seq:[1-9]\d{0,14}}"


@routes.get("/api/rooms")
@describe(summary="My rooms", tags="rooms", returns=shapes.Rooms)
async def mine(request: web.Request) -> web.Response:
    """Every room that I am in."""
    actor = await signed_in(request)
    app = request.app[APP]
    return answer({"rooms": await rooms.view_all(app, actor)})


@routes.post("/api/rooms")
@describe(
    summary="A new group", tags="rooms", body=inputs.CreateRoom, status=201, returns=shapes.Room
)
async def create(request: web.Request) -> web.Response:
    """A new group."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.CreateRoom)
    return answer(await rooms.create(request.app[APP], actor, data.name, data.member_ids), 201)


@routes.post("/api/rooms/direct")
@describe(
    summary="The 1-1 room with a colleague", tags="rooms", body=inputs.Direct, returns=shapes.Room
)
async def direct(request: web.Request) -> web.Response:
    """The 1-1 room with a colleague, made the first time."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.Direct)
    return answer(await rooms.direct(request.app[APP], actor, data.user_id))


@routes.get(ROOM)
@describe(summary="One of my rooms", tags="rooms", query=inputs.InRoom, returns=shapes.Room)
async def one(request: web.Request) -> web.Response:
    """One of my rooms."""
    actor = await signed_in(request)
    data = query_of(request, inputs.InRoom)
    app = request.app[APP]
    room = await rooms.open_to(app, actor, data.room_id)
    return answer(await rooms.view(app, actor, room))


@routes.patch(ROOM)
@describe(
    summary="Rename a group or change its topic",
    tags="rooms",
    body=inputs.UpdateRoom,
    returns=shapes.Room,
)
async def update(request: web.Request) -> web.Response:
    """A group's new name or topic."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.UpdateRoom)
    return answer(await rooms.update(request.app[APP], actor, data.room_id, data.name, data.topic))


@routes.post(ROOM + "/members")
@describe(
    summary="Add people to a group", tags="rooms", body=inputs.AddMembers, returns=shapes.Room
)
async def add(request: web.Request) -> web.Response:
    """Add people to a group."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.AddMembers)
    return answer(await rooms.add(request.app[APP], actor, data.room_id, data.user_ids))


@routes.delete(ROOM + "/members/{user_id}")
@describe(
    summary="Take a person out of a group",
    tags="rooms",
    query=inputs.RemoveMember,
    returns=shapes.Room,
)
async def remove(request: web.Request) -> web.Response:
    """Take a person out of a group."""
    actor = await signed_in(request)
    data = query_of(request, inputs.RemoveMember)
    return answer(await rooms.remove(request.app[APP], actor, data.room_id, data.user_id))


@routes.post(ROOM + "/leave")
@describe(summary="Leave a group", tags="rooms", body=inputs.InRoom, returns=shapes.Room)
async def leave(request: web.Request) -> web.Response:
    """Leave a group."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.InRoom)
    return answer(await rooms.leave(request.app[APP], actor, data.room_id))


@routes.get(ROOM + "/messages")
@describe(
    summary="A page of a room's log", tags="messages", query=inputs.History, returns=shapes.Page
)
async def history(request: web.Request) -> web.Response:
    """A page of a room's log, oldest first."""
    actor = await signed_in(request)
    data = query_of(request, inputs.History)
    # An address may name several places, whatever a schema says: the first of these counts.
    before = data.before if data.around is None else None
    after = data.after if data.around is None and before is None else None
    return answer(
        await messages.history(
            request.app[APP], actor, data.room_id, before, after, data.around, data.limit
        )
    )


@routes.post(ROOM + "/messages")
@describe(
    summary="Send a message, once per client_id",
    tags="messages",
    body=inputs.SendMessage,
    status=201,
    returns=shapes.Entry,
)
async def send(request: web.Request) -> web.Response:
    """Send a message, once per client_id."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.SendMessage)
    entry = await messages.send(
        request.app[APP],
        actor,
        data.room_id,
        data.body,
        data.client_id,
        data.reply_to,
        data.file_ids,
    )
    return answer(entry, 201)


@routes.patch(MESSAGE)
@describe(
    summary="Change an own message", tags="messages", body=inputs.EditMessage, returns=shapes.Entry
)
async def edit(request: web.Request) -> web.Response:
    """New words for an own message."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.EditMessage)
    return answer(await messages.edit(request.app[APP], actor, data.room_id, data.seq, data.body))


@routes.delete(MESSAGE)
@describe(
    summary="Take back a message", tags="messages", query=inputs.OneMessage, returns=shapes.Entry
)
async def delete(request: web.Request) -> web.Response:
    """Take back a message."""
    actor = await signed_in(request)
    data = query_of(request, inputs.OneMessage)
    return answer(await messages.delete(request.app[APP], actor, data.room_id, data.seq))


@routes.put(MESSAGE + "/reactions")
@describe(
    summary="Put or take back a reaction", tags="messages", body=inputs.React, returns=shapes.Entry
)
async def react(request: web.Request) -> web.Response:
    """Put or take back a reaction."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.React)
    return answer(
        await messages.react(request.app[APP], actor, data.room_id, data.seq, data.emoji, data.on)
    )


@routes.put(MESSAGE + "/pin")
@describe(summary="Pin or unpin a message", tags="messages", body=inputs.Pin, returns=shapes.Entry)
async def pin(request: web.Request) -> web.Response:
    """Pin or unpin a message."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.Pin)
    return answer(await messages.pin(request.app[APP], actor, data.room_id, data.seq, data.on))


@routes.get(ROOM + "/pins")
@describe(summary="Pinned messages", tags="messages", query=inputs.InRoom, returns=shapes.Entries)
async def pins(request: web.Request) -> web.Response:
    """Pinned messages, newest first."""
    actor = await signed_in(request)
    data = query_of(request, inputs.InRoom)
    return answer(await messages.pins(request.app[APP], actor, data.room_id))


@routes.post(ROOM + "/read")
@describe(
    summary="Mark as read up to seq", tags="messages", body=inputs.Read, returns=shapes.Unread
)
async def read(request: web.Request) -> web.Response:
    """Everything up to seq has been read."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.Read)
    return answer(await messages.read(request.app[APP], actor, data.room_id, data.seq))


@routes.post(ROOM + "/typing")
@describe(
    summary="Tell the room that I am writing",
    tags="messages",
    body=inputs.InRoom,
    returns=dict[str, Any],
)
async def typing(request: web.Request) -> web.Response:
    """The person is writing in the room."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.InRoom)
    return answer(await rooms.typing(request.app[APP], actor, data.room_id))


@routes.put(ROOM + "/settings")
@describe(
    summary="How to be told about the room",
    tags="rooms",
    body=inputs.RoomSettings,
    returns=shapes.RoomChoices,
)
async def settings(request: web.Request) -> web.Response:
    """How to be told about the room."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.RoomSettings)
    return answer(
        await rooms.settings(request.app[APP], actor, data.room_id, data.notify, data.muted_until)
    )


@routes.post("/api/sync")
@describe(
    summary="What happened after these cursors",
    tags="messages",
    body=inputs.Sync,
    returns=shapes.Synced,
)
async def sync(request: web.Request) -> web.Response:
    """What happened after these cursors."""
    actor = await signed_in(request)
    data = await body_of(request, inputs.Sync)
    return answer(await messages.sync(request.app[APP], actor, data.cursors))


@routes.get("/api/search")
@describe(summary="Search all my rooms", tags="messages", query=inputs.Search, returns=shapes.Found)
async def find(request: web.Request) -> web.Response:
    """Words to find in all my rooms."""
    actor = await signed_in(request)
    data = query_of(request, inputs.Search)
    narrowed = msgspec.structs.asdict(data)
    return answer(await search.find(request.app[APP], actor, narrowed.pop("query"), **narrowed))


@routes.get("/api/session/snapshot")
@describe(summary="Everything for a first screen", tags="rooms", returns=dict[str, Any])
async def open_session(request: web.Request) -> web.Response:
    """What `session.open` answers, for those without a socket."""
    actor = await signed_in(request)
    return answer(await snapshot.open_session(request.app[APP], actor))

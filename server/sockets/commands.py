"""Commands over Socket.IO: a thin table; names and data are those of `server/EVENTS.md`."""

from __future__ import annotations

from typing import Any

from server import activity_inputs, contact_inputs, inputs
from server.app import App
from server.domain import messages, rooms, search, snapshot
from server.domain.activities import choosing
from server.domain.contacts import search as contact_search
from server.sockets.connections import Connection
from server.sockets.order import Queued
from server.sockets.wire import Commands
from storage.models import User

commands = Commands()


@commands.on("session.open")
async def session_open(app: App, actor: User, data: inputs.Empty) -> Any:  # noqa: ARG001 - none
    """Everything a client needs to draw its first screen."""
    return await snapshot.open_session(app, actor)


@commands.on("presence.active")
async def presence_active(
    _app: App, _actor: User, data: inputs.Active, connection: Connection
) -> Any:
    """Whether the person is at this device; away when at none."""
    connection.set_active(data.active)
    return {}


@commands.on("presence.note")
async def presence_note(app: App, actor: User, data: inputs.Note) -> Any:
    """A note in free text that all colleagues see."""
    return await snapshot.set_note(app, actor, data.note)


@commands.on("activity.choose")
async def activity_choose(app: App, actor: User, data: activity_inputs.Choose) -> Any:
    """What I do from now on, or a colleague does."""
    return await choosing.choose(app, actor, data.activity_id, data.until, data.note, data.user_id)


@commands.on("room.direct")
async def room_direct(app: App, actor: User, data: inputs.Direct) -> Any:
    """The 1-1 room with a colleague."""
    return await rooms.direct(app, actor, data.user_id)


@commands.on("room.create")
async def room_create(app: App, actor: User, data: inputs.CreateRoom) -> Any:
    """A new group."""
    return await rooms.create(app, actor, data.name, data.member_ids)


@commands.on("room.update")
async def room_update(app: App, actor: User, data: inputs.UpdateRoom) -> Any:
    """A group's new name or topic."""
    return await rooms.update(app, actor, data.room_id, data.name, data.topic)


@commands.on("room.add")
async def room_add(app: App, actor: User, data: inputs.AddMembers) -> Any:
    """Add people to a group."""
    return await rooms.add(app, actor, data.room_id, data.user_ids)


@commands.on("room.remove")
async def room_remove(app: App, actor: User, data: inputs.RemoveMember) -> Any:
    """Take a person out of a group."""
    return await rooms.remove(app, actor, data.room_id, data.user_id)


@commands.on("room.leave")
async def room_leave(app: App, actor: User, data: inputs.InRoom) -> Any:
    """Leave a group."""
    return await rooms.leave(app, actor, data.room_id)


@commands.on("room.history")
async def room_history(app: App, actor: User, data: inputs.History) -> Any:
    """A page of a room's log."""
    return await messages.history(
        app, actor, data.room_id, data.before, data.after, data.around, data.limit
    )


@commands.on("room.sync")
async def room_sync(app: App, actor: User, data: inputs.Sync) -> Any:
    """What happened after these cursors."""
    return await messages.sync(app, actor, data.cursors)


@commands.on("room.read")
async def room_read(app: App, actor: User, data: inputs.Read) -> Any:
    """Everything up to seq has been read."""
    return await messages.read(app, actor, data.room_id, data.seq)


@commands.on("room.typing")
async def room_typing(app: App, actor: User, data: inputs.InRoom) -> Any:
    """The person is writing in the room."""
    return await rooms.typing(app, actor, data.room_id)


@commands.on("room.settings")
async def room_settings(app: App, actor: User, data: inputs.RoomSettings) -> Any:
    """How to be told about the room."""
    return await rooms.settings(app, actor, data.room_id, data.notify, data.muted_until)


@commands.on("room.pins")
async def room_pins(app: App, actor: User, data: inputs.InRoom) -> Any:
    """A room's pinned messages."""
    return await messages.pins(app, actor, data.room_id)


@commands.on("message.send")
async def message_send(app: App, actor: User, data: inputs.SendMessage, queued: Queued) -> Any:
    """A message, once per client_id."""
    return await messages.send(
        app,
        actor,
        data.room_id,
        data.body,
        data.client_id,
        data.reply_to,
        data.file_ids,
        queued=queued,
    )


@commands.on("message.edit")
async def message_edit(app: App, actor: User, data: inputs.EditMessage) -> Any:
    """New words for an own message."""
    return await messages.edit(app, actor, data.room_id, data.seq, data.body)


@commands.on("message.delete")
async def message_delete(app: App, actor: User, data: inputs.OneMessage) -> Any:
    """Take back a message."""
    return await messages.delete(app, actor, data.room_id, data.seq)


@commands.on("message.react")
async def message_react(app: App, actor: User, data: inputs.React) -> Any:
    """Put or take back a reaction."""
    return await messages.react(app, actor, data.room_id, data.seq, data.emoji, data.on)


@commands.on("message.pin")
async def message_pin(app: App, actor: User, data: inputs.Pin) -> Any:
    """Pin or unpin a message."""
    return await messages.pin(app, actor, data.room_id, data.seq, data.on)


@commands.on("message.search")
async def message_search(app: App, actor: User, data: inputs.Search) -> Any:
    """Words to find in all my rooms."""
    return await search.find(
        app,
        actor,
        data.query,
        room_id=data.room_id,
        author_id=data.author_id,
        before=data.before,
        after=data.after,
        has_file=data.has_file,
        limit=data.limit,
        cursor=data.cursor,
    )


@commands.on("contact.search")
async def contact_find(app: App, actor: User, data: contact_inputs.SearchContacts) -> Any:
    """Words and numbers to find among colleagues and contacts."""
    return await contact_search.find(app, actor, data.query, data.limit)

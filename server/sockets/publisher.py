"""Facts to clients: encoded once, written to every device that hears them, on every process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from server.domain.events import Fact
from server.sockets.bus import Bus
from server.sockets.connections import Connections
from server.sockets.frames import event_packet, websocket_frame
from storage.models import Entry, public

Forget = Callable[[str, str], None]
Saw = Callable[[str, int, int, int], None]
End = Callable[[str, str, str | None, str | None], None]


class RemotePublisher:
    """Publishes from a process without clients, such as the Celery worker."""

    def __init__(self, bus: Bus, forget: Forget) -> None:
        self._bus = bus
        self._forget = forget

    def publish(self, fact: str, data: Any, *audiences: str) -> None:
        """Tell these audiences that *fact* happened."""
        self._bus.tell("fact", list(audiences), event_packet(fact, data))

    def publish_entry(self, entry: Any) -> None:
        """Tell a room of one new entry of its log."""
        self._bus.tell("entries", entry["room_id"], [entry_packet(entry)], *_tail(entry))

    def enter(self, user_ids: list[str], audience: str) -> None:
        """Connected devices of these users hear *audience* from now on."""
        for user_id in user_ids:
            self._forget("rooms_of", user_id)
        self._bus.tell("enter", user_ids, audience)

    def leave(self, user_ids: list[str], audience: str) -> None:
        """Connected devices of these users no longer hear *audience*."""
        for user_id in user_ids:
            self._forget("rooms_of", user_id)
        self._bus.tell("leave", user_ids, audience)

    def end_sessions(
        self, user_id: str, reason: str, *, only: str | None = None, keep: str | None = None
    ) -> None:
        """Disconnect the user's devices: all, *only* one session, or all but *keep*."""
        self._bus.tell("end", user_id, reason, only, keep)

    def forget(self, kind: str, key: str) -> None:
        """Drop a cached noun on every process."""
        self._forget(kind, key)
        self._bus.tell("forget", kind, key)


class SocketPublisher(RemotePublisher):
    """Publishes to this process's clients directly and to others' over the bus.

    Entries are held until the next turn of the event loop: those of one group commit then travel as
    one write per device. Any other fact first lets them go, so that order is kept.
    """

    def __init__(self, bus: Bus, forget: Forget, connections: Connections, saw: Saw) -> None:
        super().__init__(bus, forget)
        self._connections = connections
        self._saw = saw
        self.end: End = lambda *_who: None  # set once there is somebody to see people out
        self._held: dict[str, list[Entry]] = {}

    def publish(self, fact: str, data: Any, *audiences: str) -> None:
        """Tell these audiences that *fact* happened."""
        self.flush()
        payload = event_packet(fact, data)
        self._connections.deliver(audiences, [payload], websocket_frame(payload))
        self._bus.tell("fact", audiences, payload)

    async def publish_here(self, fact: str, data: Any, audience: str) -> None:
        """Tell this process's clients only, of something that every process sees for itself."""
        payload = event_packet(fact, data)
        await self._connections.deliver_gently(audience, payload, websocket_frame(payload))

    def publish_entry(self, entry: Any) -> None:
        """Tell a room of one new entry of its log; entries of one commit travel together."""
        if not self._held:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held.setdefault(entry["room_id"], []).append(entry)

    def flush(self) -> None:
        """Write out the entries that are held."""
        if not self._held:
            return
        held, self._held = self._held, {}
        for room_id, entries in held.items():
            payloads = [entry_packet(entry) for entry in entries]
            self._deliver_entries(room_id, payloads)
            self._bus.tell("entries", room_id, payloads, *_tail(entries[-1]))

    def _deliver_entries(self, room_id: str, payloads: list[bytes]) -> None:
        frames = b"".join([websocket_frame(payload) for payload in payloads])
        self._connections.deliver((f"room:{room_id}",), payloads, frames)

    def enter(self, user_ids: list[str], audience: str) -> None:
        """Connected devices of these users hear *audience* from now on."""
        self.flush()
        super().enter(user_ids, audience)
        self._enter(user_ids, audience)

    def _enter(self, user_ids: list[str], audience: str) -> None:
        for user_id in user_ids:
            for connection in list(self._connections.of_user(user_id)):
                self._connections.enter(connection, audience)

    def leave(self, user_ids: list[str], audience: str) -> None:
        """Connected devices of these users no longer hear *audience*."""
        self.flush()
        super().leave(user_ids, audience)
        self._leave(user_ids, audience)

    def _leave(self, user_ids: list[str], audience: str) -> None:
        for user_id in user_ids:
            for connection in list(self._connections.of_user(user_id)):
                self._connections.leave(connection, audience)

    def end_sessions(
        self, user_id: str, reason: str, *, only: str | None = None, keep: str | None = None
    ) -> None:
        """Disconnect the user's devices: all, *only* one session, or all but *keep*."""
        self.flush()
        super().end_sessions(user_id, reason, only=only, keep=keep)
        self.end(user_id, reason, only, keep)

    # What other processes told

    def hear(self, message: list[Any]) -> None:
        """One message from the bus."""
        kind, *rest = message
        if kind == "entries":
            room_id, payloads, seq, count, latest = rest
            self._deliver_entries(room_id, payloads)
            self._saw(room_id, seq, count, latest)
        elif kind == "fact":
            audiences, payload = rest
            self._connections.deliver(audiences, [payload], websocket_frame(payload))
        elif kind == "enter":
            for user_id in rest[0]:
                self._forget("rooms_of", user_id)
            self._enter(*rest)
        elif kind == "leave":
            for user_id in rest[0]:
                self._forget("rooms_of", user_id)
            self._leave(*rest)
        elif kind == "end":
            self.end(*rest)
        elif kind == "forget":
            self._forget(*rest)


def entry_packet(entry: Entry) -> bytes:
    """The fact that tells a room of an entry."""
    return event_packet(Fact.ROOM_ENTRY, {"room_id": entry["room_id"], "entry": public(entry)})


def _tail(entry: Entry) -> tuple[int, int, int]:
    return entry["seq"], entry["count"], entry["latest"]

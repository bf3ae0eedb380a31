"""Connected devices of this process, and which audiences each of them hears."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from typing import Any

from engineio import packet

from server import metrics
from server.sockets.frames import websocket_frame
from server.sockets.order import Line, Work

log = logging.getLogger("vaxel.sockets")

MOST_LINES = 50  # rooms that a device has written to, before those it left are forgotten
BYTES_A_TURN = 2_000_000  # of one large fact, before others get their turn


class Connection:
    """One device of a signed-in person.

    Over WebSocket, bytes are written straight to the transport; a polling client, or one that is
    just changing to WebSocket, is served through Engine.IO's own queue so that order holds.
    """

    __slots__ = (
        "active",
        "audiences",
        "changed",
        "eio_sid",
        "lines",
        "locale",
        "most_unread",
        "org_id",
        "ready",
        "session_id",
        "sid",
        "socket",
        "transport",
        "user_id",
        "waiting",
    )

    def __init__(
        self, *, sid: str, socket: Any, user_id: str, org_id: str, session_id: str, locale: str
    ) -> None:
        self.sid = sid
        self.eio_sid: str = socket.sid
        self.socket = socket
        self.user_id = user_id
        self.org_id = org_id
        self.session_id = session_id
        self.locale = locale
        self.active = True
        self.most_unread = 0
        self.changed: Callable[[str, str], None] = lambda _user_id, _org_id: None
        self.audiences: set[str] = set()
        self.ready: asyncio.Future[None] | None = None
        self.transport: Any = None
        self.waiting = 0
        self.lines: dict[str, Line] = {}

    def send(self, payload: bytes) -> None:
        """One packet to this device; it is hung up on when it asks and asks, but never reads."""
        transport = self.transport
        if transport is None:
            self.queue([payload])
        elif not transport.is_closing():
            if transport.get_write_buffer_size() > self.most_unread:
                self.drop()
            else:
                transport.write(websocket_frame(payload))

    def drop(self) -> None:
        """Hang up on a device that never reads; it finds everything in the log when it returns."""
        log.warning("client.slow", extra={"user_id": self.user_id})
        metrics.DROPPED.inc()
        self.transport.abort()

    def set_active(self, active: bool) -> None:  # noqa: FBT001 - the one thing it says
        """The person came to this device, or left it."""
        if self.active != active:
            self.active = active
            self.changed(self.user_id, self.org_id)

    def queue(self, payloads: Iterable[bytes]) -> None:
        """Leave packets to Engine.IO, for a client that polls."""
        for payload in payloads:
            self.socket.queue.put_nowait(packet.Packet(packet.MESSAGE, payload[1:].decode()))

    def in_order(self, place: str, work: Work, *, follows: bool) -> None:
        """Run *work* after what this device already asked for in the same place."""
        line = self.lines.get(place)
        if line is None:
            if len(self.lines) > MOST_LINES:
                self.lines = {name: each for name, each in self.lines.items() if not each.empty}
            line = self.lines[place] = Line()
        line.add(work, follows=follows)


class Connections:
    """Every connected device of this process, by sid and by audience."""

    def __init__(self, slow_client_bytes: int) -> None:
        self._slow = slow_client_bytes
        self.by_eio: dict[str, Connection] = {}
        self._audiences: dict[str, set[Connection]] = {}
        self.on_change: Callable[[str, str], None] = lambda _user_id, _org_id: None

    def __len__(self) -> int:
        return len(self.by_eio)

    def all(self) -> list[Connection]:
        """Every connection."""
        return list(self.by_eio.values())

    def add(self, connection: Connection) -> None:
        """A device has connected: it hears its person and its company at once."""
        self.by_eio[connection.eio_sid] = connection
        connection.changed = self.on_change
        connection.most_unread = self._slow
        self.enter(connection, f"user:{connection.user_id}")
        self.enter(connection, f"org:{connection.org_id}")
        metrics.CONNECTIONS.set(len(self.by_eio))
        self.on_change(connection.user_id, connection.org_id)

    def remove(self, eio_sid: str) -> Connection | None:
        """A device has gone."""
        connection = self.by_eio.pop(eio_sid, None)
        if connection is None:
            return None
        for audience in list(connection.audiences):
            self.leave(connection, audience)
        metrics.CONNECTIONS.set(len(self.by_eio))
        self.on_change(connection.user_id, connection.org_id)
        return connection

    def enter(self, connection: Connection, audience: str) -> None:
        """The device hears *audience* from now on."""
        if connection.eio_sid not in self.by_eio:
            return  # it left while its rooms were being looked up
        connection.audiences.add(audience)
        self._audiences.setdefault(audience, set()).add(connection)

    def leave(self, connection: Connection, audience: str) -> None:
        """The device no longer hears *audience*."""
        connection.audiences.discard(audience)
        members = self._audiences.get(audience)
        if members is not None:
            members.discard(connection)
            if not members:
                del self._audiences[audience]

    def hearing(self, audience: str) -> set[Connection]:
        """Who hears *audience*; not to be changed."""
        return self._audiences.get(audience, _NOBODY)

    def of_user(self, user_id: str) -> set[Connection]:
        """A person's devices."""
        return self.hearing(f"user:{user_id}")

    def deliver(self, audiences: Iterable[str], payloads: list[bytes], frames: bytes) -> None:
        """The same packets to everyone who hears any of *audiences*, once each.

        *frames* are the payloads as WebSocket frames, joined: one write per device.
        """
        names = list(audiences)
        hearing = self.hearing(names[0])
        if len(names) > 1:
            hearing = hearing.union(*(self.hearing(name) for name in names[1:]))
        self._write(hearing, payloads, frames)

    async def deliver_gently(self, audience: str, payload: bytes, frame: bytes) -> None:
        """One packet to everyone who hears *audience* now, with turns for others in between.

        For large facts to many, that nobody waits for. Callers see to it that nothing overtakes.
        """
        hearing = list(self.hearing(audience))
        step = max(1, BYTES_A_TURN // len(frame))
        for start in range(0, len(hearing), step):
            self._write(hearing[start : start + step], [payload], frame)
            await asyncio.sleep(0)

    def _write(self, hearing: Collection[Connection], payloads: list[bytes], frames: bytes) -> None:
        slow: list[Connection] = []
        limit = self._slow
        for connection in hearing:
            transport = connection.transport
            if transport is None:
                connection.queue(payloads)
            elif not transport.is_closing():  # uvloop raises on a closed one
                # Judged by what it has not taken of before: one large commit makes nobody slow.
                if transport.get_write_buffer_size() > limit:
                    slow.append(connection)
                else:
                    transport.write(frames)
        metrics.DELIVERIES.inc(len(hearing) * len(payloads))
        for connection in slow:
            connection.drop()


_NOBODY: set[Connection] = set()

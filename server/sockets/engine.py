"""Engine.IO as we run it: python-engineio's server with a WebSocket that reads and writes directly.

The stock read loop makes a task, a timeout and an event task for every packet, and the stock
write path a queue and another timeout. `DirectWebSocket` keeps the library in charge of handshakes,
upgrades, pings and closing, and takes the hot path itself: Socket.IO events of the default
namespace go straight to the dispatcher, and packets out go straight to the transport once nothing
is queued.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from typing import Any

import engineio
import socketio
from aiohttp import WSMsgType, web
from engineio import packet
from engineio.async_drivers import aiohttp as driver
from engineio.exceptions import QueueEmpty
from engineio.payload import Payload

from server.sockets.connections import Connection
from server.sockets.frames import websocket_frame
from server.sockets.order import spawn
from server.sockets.roster import Roster
from server.sticky import new_sid

log = logging.getLogger("vaxel.sockets")

EVENT = b"42"
DIRECT_NEXT = frozenset(b"[0123456789")  # what follows 42 in an event of the default namespace
PACKETS = frozenset(b"0123456")
MOST_IN_A_POST = 2_000  # packets; a browser that polls sends all it has at once, at most 1 MB
MOST_IN_A_POLL = 16  # packets; python-socketio's own client hangs up on more
UNREAD = 0.5  # seconds in which a client may still read that its session is closed
HEADERS = tuple(
    (name, "HTTP_" + name.upper().replace("-", "_"))
    for name in ("Connection", "Upgrade", "Origin", "Host", "Accept-Encoding")
)


class QuietFaults(logging.LoggerAdapter[logging.Logger]):
    """What a client can provoke is worth a line, never a trace; packets hold tokens: none."""

    def info(self, msg: object, *args: object, **more: Any) -> None:
        """Nothing: the library tells of every packet and its contents."""

    def error(self, msg: object, *args: object, **_more: Any) -> None:
        """A client that does not speak as agreed."""
        self.logger.warning(msg, *args)

    def exception(self, msg: object, *args: object, **_more: Any) -> None:
        """A fault in the library's own handling, without its trace."""
        self.logger.warning(msg, *args)


class Engine(engineio.AsyncServer):
    """Engine.IO with our WebSocket, and ids that tell which process owns a session."""

    process_index = 0

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The library would refuse more than 16, and hang up: a longer outbox never got out.
        Payload.max_decode_packets = MOST_IN_A_POST
        self._async = {
            **driver._async,  # noqa: SLF001 - its table of parts
            "websocket": DirectWebSocket,
            "translate_request": lean_environ,
        }

    async def disconnect(self, sid: str | None = None) -> None:
        """Close a session, or all; who does not read that it is closed is not waited for."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(UNREAD):
                await super().disconnect(sid)

    async def handle_request(self, *args: Any, **more: Any) -> Any:
        """One HTTP request of a client."""
        try:
            return await super().handle_request(*args, **more)
        except KeyError:  # the session ended a moment ago, which the library does not expect here
            return web.json_response("Session is disconnected", status=400)

    def generate_id(self) -> str:
        """A session id that begins with this process's index."""
        return new_sid(self.process_index)


def lean_environ(request: web.Request) -> dict[str, Any]:
    """What python-engineio reads of a request, and no more: the rest costs time and memory."""
    environ: dict[str, Any] = {
        "wsgi.input": request.content,
        "wsgi.url_scheme": request.headers.get("X-Forwarded-Proto", request.scheme),
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string,
        "PATH_INFO": request.path,
        "CONTENT_LENGTH": request.headers.get("Content-Length", "0"),
        "aiohttp.request": request,
    }
    for name, key in HEADERS:
        value = request.headers.get(name)
        if value is not None:
            environ[key] = value
    return environ


class DirectWebSocket:
    """What python-engineio calls a WebSocket, over aiohttp's."""

    def __init__(self, handler: Any, server: Any) -> None:
        self._handler = handler
        self._server = server
        self._socket = handler.__self__  # the Engine.IO session that this serves
        self._response: Any = None
        self._queued = -1  # packets the library still holds; -1 until it has taken over
        self._direct = False

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        """Upgrade the request and serve it until it closes."""
        request: web.Request = environ["aiohttp.request"]
        # No permessage-deflate: 92 kB more per connection, and no frame could be shared.
        self._response = web.WebSocketResponse(
            max_msg_size=self._server.max_http_buffer_size,
            compress=False,
            decode_text=False,
            timeout=2.0,
        )
        await self._response.prepare(request)
        self.transport: Any = request.transport
        await self._handler(self)
        found: web.WebSocketResponse = self._response
        return found

    async def close(self) -> None:
        """Close the WebSocket."""
        await self._response.close()

    async def send(self, message: str | bytes) -> None:
        """One packet that the library had queued."""
        if isinstance(message, bytes):
            await self._response.send_bytes(message)
        else:
            await self._response.send_str(message)
        self._queued -= 1
        if self._queued == 0:
            self._go_direct()

    async def wait(self) -> str:
        """The next packet that is the library's to handle; ours are dispatched on the way."""
        if self._queued < 0 and self._socket.upgraded and not self._socket.upgrading:
            self._take_over()
        receive = self._response.receive
        while True:
            message = await receive()
            if message.type is not WSMsgType.TEXT:
                raise OSError  # closing, closed, or binary, which we have no use for
            data: bytes = message.data
            if data[:2] == EVENT and data[2:3] and data[2] in DIRECT_NEXT:
                connection = getattr(self._socket, "connection", None)
                if connection is not None:
                    self._server.on_event(connection, data)
                    continue
            if not data or data[0] not in PACKETS:
                raise OSError
            try:
                return data.decode()
            except UnicodeDecodeError:
                raise OSError from None

    def _take_over(self) -> None:
        """From here on every packet goes out through us, after those the library has queued."""
        self._queued = self._socket.queue.qsize()
        self._socket.send = self._send_packet
        self._socket.websocket = self
        if self._queued == 0:
            self._go_direct()

    def _go_direct(self) -> None:
        self._direct = True
        connection: Connection | None = getattr(self._socket, "connection", None)
        if connection is not None:
            connection.transport = self.transport

    async def _send_packet(self, found: Any) -> None:
        """Instead of the library's `send`: write now, unless something is queued before it."""
        if not await self._socket.check_ping_timeout():
            return
        # Pings take the library's way: its writer hangs up when its queue stays empty.
        if not self._direct or found.packet_type == packet.PING:
            self._queued += 1
            await self._socket.queue.put(found)
            return
        if not self.transport.is_closing():
            self.transport.write(websocket_frame(found.encode().encode()))


class Server(socketio.AsyncServer):
    """Socket.IO with our Engine.IO; events of polling clients join the same dispatcher."""

    def __init__(self, **options: Any) -> None:
        self._roster = Roster()
        super().__init__(client_manager=self._roster, **options)

    def _engineio_server_class(self) -> Any:
        return Engine

    def adopt(self, eio_sid: str, connection: Connection) -> None:
        """Tie the Engine.IO session to its connection, and write to it directly if it is ready."""
        socket = self.eio.sockets[eio_sid]
        socket.connection = connection
        if not socket.upgraded:
            socket.poll = functools.partial(_poll, socket)
        websocket = getattr(socket, "websocket", None)
        if websocket is not None and websocket._direct:  # noqa: SLF001 - the two are one mechanism
            connection.transport = websocket.transport

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        socket = self.eio.sockets.get(eio_sid)
        connection = getattr(socket, "connection", None)
        if isinstance(data, str) and data[:1] == "2" and connection is not None:
            raw = b"4" + data.encode(errors="replace")
            if raw[2:3] and raw[2] in DIRECT_NEXT:
                self.eio.on_event(connection, raw)
                return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception:  # noqa: BLE001 - whatever a broken packet breaks: this client speaks nonsense
            log.warning("client.nonsense", extra={"sid": eio_sid})
            # By itself: it waits for the client to read, and a client that polls is waiting for us.
            spawn(self._send_away(eio_sid))

    async def _send_away(self, eio_sid: str) -> None:
        await self.eio.disconnect(eio_sid)
        self._roster.forget(eio_sid)  # also when it went away in the middle of its handshake

    async def _handle_event(self, eio_sid: str, namespace: Any, id: Any, data: Any) -> None:  # noqa: A002 - the library's name
        """Events of other namespaces, or before a connect: nobody there to answer."""


async def _poll(socket: Any) -> list[packet.Packet]:
    """Instead of the library's `poll`: what is queued, some at a time; empty at the end."""
    server = socket.server
    try:
        found = await asyncio.wait_for(
            socket.queue.get(), server.ping_interval + server.ping_timeout
        )
    except (TimeoutError, asyncio.CancelledError):
        raise QueueEmpty from None
    socket.queue.task_done()
    packets = []
    while found is not None:
        packets.append(found)
        if len(packets) == MOST_IN_A_POLL or socket.queue.empty():
            return packets
        found = socket.queue.get_nowait()
        socket.queue.task_done()
    if packets:
        socket.queue.put_nowait(None)  # the end, for the next poll
    return packets


def end_transport(connection: Connection) -> None:
    """Hang up without a word: the client reconnects by itself."""
    if connection.transport is not None:
        connection.transport.close()
    else:
        connection.socket.queue.put_nowait(packet.Packet(packet.CLOSE))

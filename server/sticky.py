"""One port, many processes: a long-polling client's requests go to the process that knows it.

The kernel hands each new connection to any process. An Engine.IO session lives in one, whose
index its id begins with (`p2.…`). Whoever gets a request for a sibling's session passes it on
over the sibling's unix socket. A client that begins with WebSocket never comes here twice.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from secrets import token_urlsafe

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    UnixConnector,
    WSMsgType,
    web,
)
from aiohttp.typedefs import Middleware
from multidict import CIMultiDict

from server.ports import socket_path

PATH = "/socket.io"
OWNED = re.compile(r"p(\d{1,3})\.")
LONGEST_POLL = ClientTimeout(total=90)  # Engine.IO answers a poll within its ping interval
LARGEST = 4_000_000  # the largest frame passed on; the owner applies the real limit
HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "content-length", "content-encoding",
}  # fmt: skip  # a set of names
HANDSHAKE = {"sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Socket = web.WebSocketResponse | ClientWebSocketResponse


def new_sid(index: int) -> str:
    """An Engine.IO session id that tells which process owns it."""
    return f"p{index}.{token_urlsafe(15)}"


def owner(sid: str) -> int | None:
    """The index of the process that minted *sid*, or None when none of ours did."""
    found = OWNED.match(sid)
    return int(found[1]) if found else None


def sticky(index: int, run_dir: Path) -> Middleware:
    """Middleware for process *index*: pass on what belongs to a sibling, serve the rest."""

    @web.middleware
    async def pass_on(request: web.Request, handler: Handler) -> web.StreamResponse:
        sid = request.query.get("sid")
        if sid is None or not request.path.startswith(PATH):
            return await handler(request)
        process = owner(sid)
        if process is None or process == index:
            return await handler(request)
        path = socket_path(run_dir, process)
        if not path.exists():
            return _unknown_session()
        return await _forward(request, path)

    return pass_on


def _unknown_session() -> web.Response:
    """What Engine.IO says of a session it does not know; the client then starts a new one."""
    return web.json_response({"code": 1, "message": "Session ID unknown"}, status=400)


async def _forward(request: web.Request, path: Path) -> web.StreamResponse:
    connector = UnixConnector(str(path))
    async with ClientSession(connector=connector, auto_decompress=False) as http:
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await _forward_socket(request, http)
            return await _forward_poll(request, http)
        except (ClientError, ConnectionError, TimeoutError):
            return _unknown_session()


async def _forward_poll(request: web.Request, http: ClientSession) -> web.StreamResponse:
    body = await request.read() if request.can_read_body else None
    async with http.request(
        request.method,
        _address(request),
        data=body,
        headers=_headers(request, HOP_BY_HOP),
        timeout=LONGEST_POLL,
        allow_redirects=False,
    ) as answer:
        kept = CIMultiDict(
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in HOP_BY_HOP - {"content-encoding"}
        )
        return web.Response(status=answer.status, headers=kept, body=await answer.read())


async def _forward_socket(request: web.Request, http: ClientSession) -> web.StreamResponse:
    headers = _headers(request, HOP_BY_HOP | HANDSHAKE)
    async with http.ws_connect(
        _address(request), headers=headers, autoping=False, max_msg_size=LARGEST, compress=0
    ) as theirs:
        ours = web.WebSocketResponse(autoping=False, max_msg_size=LARGEST, compress=False)
        await ours.prepare(request)
        ways = [asyncio.create_task(_pump(ours, theirs)), asyncio.create_task(_pump(theirs, ours))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await ours.close()
        return ours


async def _pump(source: Socket, sink: Socket) -> None:
    """Pass frames on until one side closes."""
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)
        elif message.type is WSMsgType.PING:
            await sink.ping(message.data)
        elif message.type is WSMsgType.PONG:
            await sink.pong(message.data)


def _address(request: web.Request) -> str:
    return f"http://sibling{request.rel_url}"


def _headers(request: web.Request, without: set[str]) -> CIMultiDict[str]:
    """The request's headers for the sibling, with the client's address, which it cannot see."""
    headers = CIMultiDict(
        (name, value) for name, value in request.headers.items() if name.lower() not in without
    )
    if request.remote and "X-Forwarded-For" not in headers:
        headers["X-Forwarded-For"] = request.remote
    return headers

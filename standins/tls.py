"""TLS on this machine: an aiohttp application over it, and a front for a server that has none."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web

from standins.pki import Authority

HOST = "127.0.0.1"
CHUNK = 65_536


@asynccontextmanager
async def serve(app: web.Application, authority: Authority, port: int = 0) -> AsyncIterator[str]:
    """Serve *app* over TLS while the block runs; its address, without a slash at the end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port, ssl_context=authority.server_context(), backlog=1024)
        await site.start()
        yield f"https://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Front:
    """Takes TLS off and passes the bytes on, both ways, so that a plain server has https.

    It has its `url` before it knows its target: the server behind may need to know its address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._target: tuple[str, int] | None = None
        self.connections: set[asyncio.Task[None]] = set()

    def point_at(self, url: str) -> None:
        """Pass on to the server at *url* (http://host:port) from now on."""
        parts = urlsplit(url)
        self._target = (parts.hostname or HOST, parts.port or 80)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        task = asyncio.current_task()
        if task is None or self._target is None:
            writer.close()
            return
        self.connections.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            try:
                target_reader, target_writer = await asyncio.open_connection(*self._target)
                with contextlib.closing(target_writer):
                    await _until_one_ends(
                        _pour(reader, target_writer), _pour(target_reader, writer)
                    )
            finally:
                self.connections.discard(task)
                writer.close()


@asynccontextmanager
async def front(
    authority: Authority, target: str | None = None, port: int = 0
) -> AsyncIterator[Front]:
    """A TLS front while the block runs, for the server at *target* or one that is named later."""
    made = Front("")
    server = await asyncio.start_server(
        made.pass_on, HOST, port, ssl=authority.server_context(), backlog=1024
    )
    made.url = f"https://{HOST}:{server.sockets[0].getsockname()[1]}"
    if target is not None:
        made.point_at(target)
    try:
        yield made
    finally:
        server.close()
        for each in list(made.connections):
            each.cancel()
        await asyncio.gather(*made.connections, return_exceptions=True)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


async def _until_one_ends(*works: Coroutine[None, None, None]) -> None:
    """A side that hangs up hangs up for both: HTTP has no half-open connections."""
    tasks = [asyncio.ensure_future(each) for each in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

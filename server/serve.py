"""One server process: sockets and HTTP over one App, until SIGTERM."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from server import demo, demo_calendar, logs, metrics
from server.app import App
from server.boot import Clock, Parts, index_changes, now, open_parts, running
from server.domain.activities import views
from server.domain.events import Fact, to_org
from server.http import (
    account,
    activities,
    admin,
    base,
    calendar_policies,
    connections,
    contacts,
    contacts_import,
    favourites,
    health,
    hooks,
    integrations,
    openapi,
    operator,
    pbx,
    people,
    rooms,
    routing,
    speech,
    telephony,
)
from server.http import web as client
from server.ports import socket_dir, socket_path
from server.settings import Settings
from server.sockets.commands import commands
from server.sockets.connect import Doorkeeper
from server.sockets.connections import Connections
from server.sockets.engine import QuietFaults, Server
from server.sockets.presence import PresenceBoard
from server.sockets.publisher import SocketPublisher
from server.sockets.turns import Turns
from server.sockets.wire import Dispatcher
from server.startup import StartupError
from server.sticky import sticky
from storage.activities import key_of
from storage.ids import new_id
from storage.migrations import TooNew

BACKLOG = 4096  # the usual 128 overflows when everyone reconnects at once
STOPPING_SECONDS = 20
LARGEST_BODY = 6_000_000  # a picture and a little; JSON routes are smaller by their types
LARGEST_PACKET = 1_000_000
TABLES = (
    account,
    activities,
    admin,
    calendar_policies,
    connections,
    contacts,
    contacts_import,
    favourites,
    health,
    hooks,
    integrations,
    openapi,
    operator,
    pbx,
    people,
    rooms,
    routing,
    speech,
    telephony,
    client,
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")

log = logging.getLogger("vaxel.server")


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers: its App, its web application and its connections."""

    app: App
    web: web.Application
    connections: Connections
    doorkeeper: Doorkeeper


@asynccontextmanager
async def open_server(
    settings: Settings, index: int = 0, clock: Clock = now
) -> AsyncIterator[Serving]:
    """Everything of one server process but its sockets to listen on."""
    connections = Connections(settings.slow_client_bytes)
    async with open_parts(settings, f"server-{index}-{new_id()}", clock) as parts:
        publisher = SocketPublisher(parts.bus, parts.forget, connections, parts.log.saw)
        board = PresenceBoard(parts.bus, connections)
        app = parts.app(publisher, board)
        board.tell = _presence_teller(app, publisher)
        board.forget = _presence_forgetter(parts)
        turns = Turns(app, board, connections)
        sio = _socket_server(index)
        doorkeeper = Doorkeeper(app, sio, connections)
        publisher.end = doorkeeper.end
        _listen_to_others(parts, publisher, board, doorkeeper)
        sio.eio.on_event = Dispatcher(app, commands).on_event
        await parts.bus.listen()
        board.start()
        async with (
            metrics.counting(parts.log),
            running(lambda: index_changes(app)),
            running(turns.run),
        ):
            try:
                yield Serving(app, _web_app(parts, app, sio, index), connections, doorkeeper)
            finally:
                await board.stop()
                await sio.shutdown()


def _listen_to_others(
    parts: Parts, publisher: SocketPublisher, board: PresenceBoard, doorkeeper: Doorkeeper
) -> None:
    def hear(process: str, message: list[Any]) -> None:
        board.hear(process, message)
        publisher.hear(message)

    def gap() -> None:
        log.warning("bus.gap")
        parts.forget("all", "")
        doorkeeper.recheck()

    parts.bus.hear = hear
    parts.bus.gap = gap


def _presence_teller(app: App, publisher: SocketPublisher) -> Any:
    async def tell(org_id: str, user_ids: list[str]) -> None:
        users = await app.stores.users.get_many(user_ids)
        changed = await views.presences(app, [each for each in users if each.org_id == org_id])
        await publisher.publish_here(Fact.PRESENCE_CHANGED, changed, to_org(org_id))

    return tell


def _presence_forgetter(parts: Parts) -> Any:
    def forget(org_id: str, user_ids: list[str]) -> None:
        for user_id in user_ids:
            parts.forget("activities", key_of(org_id, user_id))
            parts.forget("line", user_id)

    return forget


def _socket_server(index: int) -> Server:
    sio = Server(
        async_mode="aiohttp",
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=LARGEST_PACKET,
        # A foreign page cannot use the cookie (see connect.py); with a token any page may come.
        cors_allowed_origins=[],
        logger=QuietFaults(logging.getLogger("socketio"), {}),
        engineio_logger=QuietFaults(logging.getLogger("engineio"), {}),
    )
    sio.eio.process_index = index
    return sio


def _web_app(parts: Parts, app: App, sio: Server, index: int) -> web.Application:
    logs.quiet_broken_requests()
    run_dir = socket_dir(parts.settings.data_dir)
    application = web.Application(
        middlewares=[
            logs.request_ids,
            metrics.timed,
            base.problems,
            sticky(index, run_dir),
        ],
        client_max_size=LARGEST_BODY,
    )
    application[base.APP] = app
    application[health.OPERATION] = health.Operation(
        parts.stores.database, parts.redis, index, parts.settings.processes, run_dir
    )
    application.on_response_prepare.append(logs.add_request_id)
    application.on_response_prepare.append(client.add_headers)
    sio.attach(application)
    for table in TABLES:
        application.add_routes(table.routes)
    return application


async def serve(settings: Settings, index: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises StartupError with one sentence when it must not."""
    stop = asyncio.Event()

    def end() -> None:
        stop.set()
        # Whatever a database that is gone makes us wait for: this process ends.
        faulthandler.dump_traceback_later(STOPPING_SECONDS, exit=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    try:
        async with open_server(settings, index) as serving:
            await _prepare_data(serving.app, index)
            runner = web.AppRunner(
                serving.web, access_log=None, handle_signals=False, shutdown_timeout=3
            )
            await runner.setup()
            sites = _sites(runner, settings, index)
            for site in sites:
                await site.start()
            tune_collector()
            log.info("server.ready", extra={"index": index, "port": settings.port})
            await stop.wait()
            log.info("server.stopping", extra={"index": index})
            for site in sites:
                await site.stop()
            await serving.doorkeeper.end_all()
            await runner.shutdown()
            await runner.cleanup()
    except TooNew as error:
        raise StartupError(str(error)) from None
    finally:
        faulthandler.cancel_dump_traceback_later()


def _sites(runner: web.AppRunner, settings: Settings, index: int) -> list[web.BaseSite]:
    run_dir = socket_dir(settings.data_dir)
    run_dir.mkdir(parents=True, exist_ok=True)
    path = socket_path(run_dir, index)
    path.unlink(missing_ok=True)
    return [
        web.TCPSite(
            runner, settings.host, settings.port, backlog=BACKLOG, reuse_port=_can_share_port()
        ),
        web.UnixSite(runner, str(path), backlog=BACKLOG),
    ]


def _can_share_port() -> bool:
    return hasattr(socket, "SO_REUSEPORT")


async def _prepare_data(app: App, index: int) -> None:
    if app.settings.demo and index == 0:
        await demo.fill_if_empty(app)
        await demo_calendar.open_calendars(app)
    if app.settings.host not in LOOPBACK and await demo.uses_demo_passwords(app):
        raise StartupError(
            "The database has the demo's passwords, so Växel listens on 127.0.0.1 only; "
            "start with an empty database, or remove the demo companies."
        )


def tune_collector() -> None:
    """What is loaded stays: look through it no more.

    What came since is looked through in small steps, a few milliseconds each; all of it, seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 2_000)

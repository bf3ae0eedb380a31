"""Handshakes and goodbyes: who is connecting, what they hear, and how a session ends."""

from __future__ import annotations

import asyncio
import logging
from http.cookies import CookieError, SimpleCookie
from typing import Any

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from server.app import App
from server.domain import sessions
from server.domain.errors import DomainError, NotSignedIn, PartnerDown
from server.domain.events import Fact, to_room
from server.domain.plans import can
from server.i18n import language_of
from server.origins import COOKIE, same_origin
from server.problems import problem
from server.sockets.connections import Connection, Connections
from server.sockets.engine import Server, end_transport
from server.sockets.frames import event_packet
from server.sockets.order import spawn
from storage.errors import is_away

log = logging.getLogger("vaxel.sockets")

QUIET = frozenset({"server_restart"})  # reasons after which the client reconnects by itself
LAST_WORDS = 0.5  # seconds in which a goodbye may still reach its client


class Doorkeeper:
    """Lets devices in and sees them out."""

    def __init__(self, app: App, server: Server, connections: Connections) -> None:
        self._app = app
        self._server = server
        self._connections = connections
        server.on("connect", self.connect)
        server.on("disconnect", self.disconnect)

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        """Authenticate the handshake; a refusal is a `connect_error` whose data is a problem."""
        request: web.Request = environ["aiohttp.request"]
        try:
            found = await sessions.authenticate(self._app, self._token(request, auth))
        except DomainError as error:
            raise _refused(error, request) from None
        except Exception as error:
            if not is_away(error):
                log.exception("connect.failed")
                raise _refused(error, request) from None
            raise _refused(PartnerDown(), request) from None
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        connection = Connection(
            sid=sid,
            socket=self._server.eio.sockets[eio_sid],
            user_id=found.user.id,
            org_id=found.user.org_id,
            session_id=found.session_id,
            locale=found.user.language,
        )
        connection.ready = asyncio.get_running_loop().create_future()
        self._connections.add(connection)
        self._server.adopt(eio_sid, connection)
        _forget_handshake(environ)
        spawn(self._enter_rooms(connection))

    def _token(self, request: web.Request, auth: Any) -> str:
        """The token in the handshake's auth, or the cookie's, which no foreign page may use."""
        if isinstance(auth, dict) and isinstance(auth.get("token"), str):
            found: str = auth["token"]
            return found
        origin = request.headers.get("Origin")
        address = self._app.settings.address
        if origin is not None and not same_origin(address, request.host, origin):
            raise NotSignedIn
        try:
            cookie = SimpleCookie(request.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            return ""
        return cookie.value if cookie else ""

    async def _enter_rooms(self, connection: Connection) -> None:
        """The device already hears its person, so a room joined meanwhile is not missed."""
        ready = connection.ready
        assert ready is not None  # noqa: S101 - set a moment ago, in connect
        try:
            await self._hear_own_rooms(connection)
            # Whoever was shut out during the handshake was not yet here to be told.
            await sessions.current(self._app, connection.session_id, connection.user_id)
        except NotSignedIn:
            self._end_one(connection, "expired")
        except Exception as error:  # noqa: BLE001 - without its rooms a device must start over
            log.warning("connect.rooms_failed", extra={"error": str(error)})
            end_transport(connection)
        finally:
            ready.set_result(None)
            connection.ready = None

    async def _hear_own_rooms(self, connection: Connection) -> None:
        """Let the device hear the rooms its person is in, and no others."""
        rooms = None
        # Once more when someone joined or left meanwhile: the telling drops the list from memory.
        while rooms != (now := await self._rooms_of(connection.user_id)):
            rooms = now
            wanted = {to_room(room_id) for room_id in rooms}
            heard = {each for each in connection.audiences if each.startswith("room:")}
            for audience in heard - wanted:
                self._connections.leave(connection, audience)
            for audience in wanted - heard:
                self._connections.enter(connection, audience)

    async def _rooms_of(self, user_id: str) -> tuple[str, ...]:
        """The rooms that the person is in; none without chat in the plan."""
        user = await self._app.stores.users.get(user_id)
        if user is None or not can(user, "chat"):
            return ()
        return await self._app.stores.rooms.ids_of_member(user_id)

    def recheck(self) -> None:
        """Make sure, after a gap in what others told, of who is signed in and hears which rooms.

        Each device is then asked to compare its cursors.
        """
        for connection in self._connections.all():
            spawn(self._recheck(connection))

    async def _recheck(self, connection: Connection) -> None:
        try:
            await sessions.current(self._app, connection.session_id, connection.user_id)
            await self._hear_own_rooms(connection)
            connection.send(event_packet(Fact.SESSION_RESYNC, {}))
        except NotSignedIn:
            self._end_one(connection, "expired")
        except Exception as error:  # noqa: BLE001 - in doubt the device starts over
            log.warning("recheck.failed", extra={"error": str(error)})
            end_transport(connection)

    async def disconnect(self, sid: str, _reason: str = "") -> None:
        """A device has gone."""
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        if eio_sid is not None:
            self._connections.remove(eio_sid)

    def end(self, user_id: str, reason: str, only: str | None, keep: str | None) -> None:
        """Say goodbye to a user's devices: all, *only* one session's, or all but *keep*'s."""
        for connection in list(self._connections.of_user(user_id)):
            session_id = connection.session_id
            if (only is None or session_id == only) and session_id != keep:
                self._end_one(connection, reason)

    def _end_one(self, connection: Connection, reason: str) -> None:
        connection.send(event_packet(Fact.SESSION_ENDED, {"reason": reason}))
        # It hears nothing more from this moment, whatever its network does with the goodbye.
        self._connections.remove(connection.eio_sid)
        spawn(self._hang_up(connection, reason))

    async def _hang_up(self, connection: Connection, reason: str) -> None:
        if reason not in QUIET:
            await self._server.disconnect(connection.sid)
        await asyncio.sleep(LAST_WORDS if connection.transport is None else 0.05)
        await self._server.eio.disconnect(connection.eio_sid)
        if connection.transport is not None:
            connection.transport.close()

    async def end_all(self) -> None:
        """This server stops: every client is told to move on."""
        everyone = self._connections.all()
        for connection in everyone:
            connection.send(event_packet(Fact.SESSION_ENDED, {"reason": "server_restart"}))
        if everyone:
            await asyncio.sleep(LAST_WORDS)
        for connection in everyone:
            end_transport(connection)


def _refused(error: Exception, request: web.Request) -> Refused:
    found = problem(error, language_of(request.headers.get("Accept-Language")))
    return Refused(found["title"], found)


def _forget_handshake(environ: dict[str, Any]) -> None:
    """The library keeps the handshake as long as the device is connected; nobody reads it."""
    environ.clear()

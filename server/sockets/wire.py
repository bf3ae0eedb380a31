"""The one dispatcher: every command of every device passes here, and every one is acked."""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec
import orjson

from server import metrics
from server.app import App
from server.domain import sessions
from server.domain.errors import DomainError, Invalid, NotFound, PartnerDown, TooFast
from server.inputs import read
from server.problems import problem
from server.sockets.connections import Connection
from server.sockets.frames import ack_packet
from server.sockets.order import Queued, spawn
from storage.errors import is_away

log = logging.getLogger("vaxel.sockets")

MOST_WAITING = 2_000  # commands of one device under way at once

Run = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """What a command takes, what runs it, and whether that wants to know the device."""

    name: str
    input: type[msgspec.Struct]
    run: Run
    wants_connection: bool
    wants_queued: bool

    @property
    def summary(self) -> str:
        """The first line of the door's docstring."""
        return (inspect.getdoc(self.run) or "").split("\n")[0]


class Commands(dict[str, Command]):
    """Every command by name."""

    def on(self, name: str) -> Callable[[Run], Run]:
        """Register *run(app, actor, data[, connection | queued])* for the command *name*."""

        def register(run: Run) -> Run:
            kinds = get_type_hints(run)
            self[name] = Command(name, kinds["data"], run, "connection" in kinds, "queued" in kinds)
            return run

        return register


class Dispatcher:
    """Reads an event, finds its command, runs it as the person behind the device, acks."""

    def __init__(self, app: App, commands: Commands) -> None:
        self._app = app
        self._commands = commands

    def on_event(self, connection: Connection, packet: bytes) -> None:
        """One packet `42<id>["name",data]`; the work goes on by itself."""
        start = packet.find(b"[", 2)
        digits = packet[2:start] if start > 0 else packet[2:]
        ack_id = int(digits) if digits.isdigit() and len(digits) < 16 else None
        try:
            found = orjson.loads(packet[start:]) if start > 0 else None
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, list) or not found or not isinstance(found[0], str):
            self._refuse(connection, ack_id, Invalid("data", "not_json"))
            return
        name, data = found[0], found[1] if len(found) > 1 else {}
        if connection.waiting >= MOST_WAITING:
            self._refuse(connection, ack_id, TooFast(1.0))
            return
        connection.waiting += 1
        room_id = data.get("room_id") if isinstance(data, dict) else None
        if not isinstance(room_id, str):
            spawn(self._serve(connection, ack_id, name, data, _nothing))
            return
        command = self._commands.get(name)
        connection.in_order(
            room_id,
            lambda queued: self._serve(connection, ack_id, name, data, queued),
            follows=command is not None and command.wants_queued,
        )

    async def _serve(
        self, connection: Connection, ack_id: int | None, name: str, data: Any, queued: Queued
    ) -> None:
        began = time.perf_counter()
        try:
            answer = await self._answer(connection, name, data, queued)
            if ack_id is not None:
                connection.send(ack_packet(ack_id, answer))
        finally:
            connection.waiting -= 1
        known = name if name in self._commands else "unknown"
        outcome = "ok" if answer["ok"] else answer["error"]["type"].rpartition("/")[2]
        metrics.command_seconds(known, outcome).observe(time.perf_counter() - began)

    async def _answer(
        self, connection: Connection, name: str, data: Any, queued: Queued
    ) -> dict[str, Any]:
        try:
            if connection.ready is not None:
                await connection.ready
            actor = await sessions.current(self._app, connection.session_id, connection.user_id)
            connection.locale = actor.language
            command = self._command(name)
            found = read(data, command.input)
            if command.wants_queued:
                result = await command.run(self._app, actor, found, queued)
            elif command.wants_connection:
                result = await command.run(self._app, actor, found, connection)
            else:
                result = await command.run(self._app, actor, found)
        except DomainError as error:
            return {"ok": False, "error": problem(error, connection.locale)}
        except Exception as error:
            if is_away(error):
                log.warning("command.partner_down", extra={"command": name, "error": str(error)})
                return {"ok": False, "error": problem(PartnerDown(), connection.locale)}
            log.exception("command.failed", extra={"command": name})
            return {"ok": False, "error": problem(error, connection.locale)}
        return {"ok": True, "data": result}

    def _command(self, name: str) -> Command:
        command = self._commands.get(name)
        if command is None:
            raise NotFound("command")
        return command

    def _refuse(self, connection: Connection, ack_id: int | None, error: DomainError) -> None:
        if ack_id is not None:
            answer = {"ok": False, "error": problem(error, connection.locale)}
            connection.send(ack_packet(ack_id, answer))


def _nothing() -> None:
    """Nobody stands in line behind."""

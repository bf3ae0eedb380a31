"""Who is connected, over all devices and processes.

Each process knows its own devices and is told the others'. A process that falls silent is taken for
dead and its people for gone. Nothing is stored: presence is what the living processes say.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from server.domain.events import to_org
from server.sockets.bus import Bus
from server.sockets.connections import Connections
from server.sockets.order import spawn

log = logging.getLogger("vaxel.presence")

GATHER = 0.25  # seconds over which changes are told together
SLICE = 250  # people told of in one fact, when a whole company goes to lunch
PAUSE = 0.025  # seconds at most in which others get their turn before the next of these
RETRY = 1.0  # seconds after which news that could not be read are told after all
GRACE = 3.0  # seconds for which a reload or a lost train of packets is not an absence
ALIVE_EVERY = 5.0
DEAD_AFTER = 17.0

Tell = Callable[[str, list[str]], Awaitable[None]]
Forget = Callable[[str, list[str]], None]


class PresenceBoard:
    """online, away or offline for everyone, and one telling per change and company."""

    def __init__(self, bus: Bus, connections: Connections) -> None:
        self._bus = bus
        self._connections = connections
        self._mine: dict[str, tuple[str, str]] = {}
        self._others: dict[str, dict[str, tuple[str, str]]] = {}
        self._heard: dict[str, float] = {}
        self._told: dict[str, str] = {}
        self._changed: dict[str, set[str]] = {}
        self._telling: set[str] = set()
        self._turn = asyncio.Lock()
        self._alive: asyncio.Task[None] | None = None
        self._stopped = False
        self.tell: Tell = _nobody
        self.forget: Forget = lambda _org_id, _user_ids: None
        connections.on_change = self.look

    def of(self, user_id: str) -> str:
        """online, away or offline."""
        return self._told.get(user_id, "offline")

    def touch(self, org_id: str, user_ids: list[str]) -> None:
        """What colleagues see of these users changed: every process reads it afresh and tells."""
        self.forget(org_id, user_ids)
        self._bus.tell("touched", org_id, user_ids)
        self.mark(org_id, user_ids)

    def mark(self, org_id: str, user_ids: Iterable[str]) -> None:
        """Tell this process's clients of these users, soon and once.

        One company is told of one thing at a time, each read when it is told: what came last is
        told last.
        """
        self._changed.setdefault(org_id, set()).update(user_ids)
        if org_id not in self._telling:
            self._telling.add(org_id)
            spawn(self._tell_company(org_id))

    def start(self) -> None:
        """Say now and then that this process lives, and notice those that no longer do."""
        self._alive = asyncio.get_running_loop().create_task(self._live())

    async def stop(self) -> None:
        """Tell the others that everyone here is gone; our own clients hear no more of it."""
        self._stopped = True
        if self._alive is not None:
            self._alive.cancel()
        self._bus.tell("gone", always=True)

    def look(self, user_id: str, org_id: str) -> None:
        """A device of the user came, went, or changed between active and idle."""
        devices = self._connections.of_user(user_id)
        if devices:
            self._set_mine(
                user_id, org_id, _best("online" if d.active else "away" for d in devices)
            )
        elif user_id in self._mine:
            asyncio.get_running_loop().call_later(GRACE, self._gone, user_id, org_id)

    def _gone(self, user_id: str, org_id: str) -> None:
        if not self._connections.of_user(user_id):
            self._set_mine(user_id, org_id, "offline")

    def _set_mine(self, user_id: str, org_id: str, state: str) -> None:
        if self._mine.get(user_id, ("offline",))[0] == state:
            return
        if state == "offline":
            self._mine.pop(user_id, None)
        else:
            self._mine[user_id] = (state, org_id)
        self._bus.tell("presence", {user_id: (state, org_id)})
        self._note(user_id, org_id)

    def _note(self, user_id: str, org_id: str) -> None:
        states = [found[user_id][0] for found in self._all() if user_id in found]
        state = _best(states)
        if self._told.get(user_id, "offline") == state:
            return
        if state == "offline":
            self._told.pop(user_id, None)
        else:
            self._told[user_id] = state
        self.mark(org_id, [user_id])

    def _all(self) -> list[dict[str, tuple[str, str]]]:
        return [self._mine, *self._others.values()]

    async def _tell_company(self, org_id: str) -> None:
        try:
            while True:
                await asyncio.sleep(GATHER)
                user_ids = self._changed.pop(org_id, None)
                if user_ids is None or self._stopped:
                    return
                if self._connections.hearing(to_org(org_id)):
                    await self._tell(org_id, sorted(user_ids))
        finally:
            self._telling.discard(org_id)

    async def _tell(self, org_id: str, user_ids: list[str]) -> None:
        loop = asyncio.get_running_loop()
        for start in range(0, len(user_ids), SLICE):
            async with self._turn:  # companies take turns: at the hour all have much to tell
                begun = loop.time()
                try:
                    await self.tell(org_id, user_ids[start : start + SLICE])
                except Exception as error:  # noqa: BLE001 - whatever it was, it is told afterwards
                    log.warning("presence.failed", extra={"org_id": org_id, "error": repr(error)})
                    loop.call_later(RETRY, self.mark, org_id, user_ids[start:])
                    return
                await asyncio.sleep(min(PAUSE, loop.time() - begun))

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(ALIVE_EVERY)
            self._bus.tell("alive", always=True)
            for process, at in list(self._heard.items()):
                if loop.time() - at > DEAD_AFTER:
                    self._replace(process, {})

    # What other processes told

    def hear(self, process: str, message: list[Any]) -> None:
        """One message from the bus."""
        kind, *rest = message
        if kind == "touched":
            self.forget(*rest)
            self.mark(*rest)
            return
        if kind == "alive" and process not in self._heard:
            self._bus.tell("hello", always=True)  # taken for dead: who is there after all?
        self._heard[process] = asyncio.get_running_loop().time()
        if kind == "hello":
            self._bus.tell("present", self._mine, always=True)
        elif kind == "present":
            self._replace(process, {user_id: tuple(found) for user_id, found in rest[0].items()})
        elif kind == "gone":
            self._replace(process, {})
        elif kind == "presence":
            theirs = self._others.setdefault(process, {})
            for user_id, (state, org_id) in rest[0].items():
                if state == "offline":
                    theirs.pop(user_id, None)
                else:
                    theirs[user_id] = (state, org_id)
                self._note(user_id, org_id)

    def _replace(self, process: str, now: dict[str, tuple[str, str]]) -> None:
        before = self._others.get(process, {})
        if now:
            self._others[process] = now
        else:
            self._others.pop(process, None)
            self._heard.pop(process, None)
        for user_id, (_state, org_id) in {**before, **now}.items():
            self._note(user_id, org_id)


def _best(states: Any) -> str:
    found = set(states)
    return next((state for state in ("online", "away") if state in found), "offline")


async def _nobody(_org_id: str, _user_ids: list[str]) -> None:
    """Until somebody listens."""

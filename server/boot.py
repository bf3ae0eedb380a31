"""Builds and closes the App. The only module that knows every class."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis

from server.app import App, Presence, Publisher
from server.domain.jobs import Job
from server.jobs import CeleryJobs
from server.pages import Pages
from server.providers import calendar_providers, consent_providers
from server.rates import Rate
from server.settings import Settings
from server.sockets.bus import Bus
from server.sockets.publisher import RemotePublisher
from server.speech.studio import Studio
from server.vault import Vault
from storage.cache import Cache
from storage.ids import new_id
from storage.log import RoomLog
from storage.migrations import migrate
from storage.mongo import Stores, connect, open_stores
from storage.signed_requests import SignedRequests
from storage.spelling import Vocabulary
from storage.sync_queue import SyncQueue
from storage.throttle import Throttle

Clock = Callable[[], datetime]

INDEX_EVERY = 2.0  # seconds between telling the worker which rooms to index


def now() -> datetime:
    """The time, in UTC, to the millisecond: as precise as MongoDB keeps it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an App is made from, and what the doors need beside it."""

    settings: Settings
    stores: Stores
    log: RoomLog
    redis: Any
    bus: Bus
    jobs: CeleryJobs
    studio: Studio
    clock: Clock

    def app(self, events: Publisher, presence: Presence) -> App:
        """The App that tells facts through *events*."""
        return App(
            settings=self.settings,
            stores=self.stores,
            log=self.log,
            pages=Pages(self.log, self.settings.sync_page),
            send_rate=Rate(self.settings.send_rate, self.settings.send_burst),
            events=events,
            presence=presence,
            jobs=self.jobs,
            speech=self.studio,
            throttle=Throttle(self.redis, f"vaxel:{self.settings.mongo_db}"),
            signed_requests=SignedRequests(self.redis, f"vaxel:{self.settings.mongo_db}"),
            vault=Vault(self.settings.secret_keys),
            calendars=calendar_providers(self.settings),
            consents=consent_providers(self.settings),
            sync_queue=SyncQueue(self.redis, f"vaxel:{self.settings.mongo_db}"),
            now=self.clock,
            new_id=new_id,
        )

    def forget(self, kind: str, key: str) -> None:
        """Drop a cached noun of this process; "all" drops every one."""
        stores = self.stores
        caches: dict[str, list[Cache[Any] | Vocabulary]] = {
            "user": [stores.users.cache],
            "org": [stores.orgs.cache],
            "session": [stores.sessions.cache],
            "room": [stores.rooms.cache],
            "rooms_of": [stores.rooms.of_member_cache],
            "activities": [stores.activities.cache],  # by storage.activities.key_of
            "activity_types": [stores.activity_types.cache],
            "line": [stores.lines.cache],
            "number": [stores.numbers.cache],
            "numbers_of": [stores.numbers.of_user_cache],
            "pbx": [stores.pbx.cache],
            "call_rules": [stores.call_rules.cache],
            "clips": [stores.clips.cache],
            "salts": [stores.sounds.salts],
            "contact": [stores.contacts.cache],
            "favourites": [stores.favourites.cache],
            "twins": [stores.twins.numbers],  # by the id of whose contacts they are
            "words": [stores.contacts.vocabulary],
            "connection": [stores.connections.cache],
            "watch": [stores.watches.cache],  # by storage.watches.key_of
            "calendar_policy": [stores.calendar_policies.cache],
            "own_policy": [stores.own_policies.cache],
        }
        if kind == "all":
            for found in caches.values():
                for cache in found:
                    cache.clear()
            self.log.forget_all()
            return
        for cache in caches.get(kind, []):
            cache.forget(key)


@asynccontextmanager
async def open_parts(settings: Settings, process: str, clock: Clock = now) -> AsyncIterator[Parts]:
    """Connect to MongoDB and Redis; indexes and migrations are in place when this yields."""
    # A burst waits for a free connection instead of being refused one.
    pool = BlockingConnectionPool.from_url(
        settings.redis_url or "",
        max_connections=100,
        timeout=5,
        socket_connect_timeout=5,
        health_check_interval=15,
        socket_keepalive=True,
    )
    redis = Redis.from_pool(pool)
    async with connect(settings.mongo_url or "", settings.mongo_db) as database, redis:
        stores = open_stores(database)
        log = RoomLog(database, clock)
        await migrate(database, [*stores.all(), log])
        bus = Bus(redis, f"vaxel:{settings.mongo_db}", process)
        jobs = CeleryJobs(settings.redis_url or "")
        studio = Studio(settings, stores, clock)
        parts = Parts(settings, stores, log, redis, bus, jobs, studio, clock)
        bus.open()
        try:
            yield parts
        finally:
            await studio.close()
            await bus.close()
            jobs.close()


class Nobody:
    """Presence as seen by a process without clients."""

    def of(self, _user_id: str) -> str:
        """Offline."""
        return "offline"

    def touch(self, _org_id: str, _user_ids: list[str]) -> None:
        """There is nobody to tell."""


class Elsewhere(Nobody):
    """Presence as seen by the worker: changes are told to the processes that have clients."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def touch(self, org_id: str, user_ids: list[str]) -> None:
        """What colleagues see of these users changed: every process reads it afresh and tells."""
        self._bus.tell("touched", org_id, user_ids)


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """An App without clients, for the worker and the command line: tells facts through Redis."""
    async with open_parts(settings, f"quiet-{new_id()}") as parts:
        yield parts.app(RemotePublisher(parts.bus, parts.forget), Elsewhere(parts.bus))


async def index_changes(app: App) -> None:
    """Now and then tell the worker which rooms have something new to find."""
    while True:
        await asyncio.sleep(INDEX_EVERY)
        changed = app.log.take_changed()
        for start in range(0, len(changed), 500):
            rooms = ",".join(changed[start : start + 500])
            await app.jobs.enqueue(Job.SEARCH_INDEX, room_ids=rooms)


@contextlib.asynccontextmanager
async def running(work: Callable[[], Any]) -> AsyncIterator[None]:
    """Run *work* beside the block."""
    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

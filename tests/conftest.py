"""One mongod and one redis-server per run; a fresh database, App or server per test."""

from __future__ import annotations

import base64
import logging
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pymongo import MongoClient
from redis import Redis

from server.app import App
from server.boot import Clock, Nobody, Parts, now, open_parts
from server.embedded import Daemon, start_mongod, start_redis
from server.serve import open_server
from server.settings import Settings, read_settings
from tests.witness import Witness

ROOM = 4_000_000_000  # bytes
NOWHERE = "https://127.0.0.1:1"  # in place of clouds: no test asks the real ones
SECRET_KEYS = f"test:{base64.b64encode(b'k' * 32).decode()}"


@dataclass(frozen=True, slots=True)
class Databases:
    mongod: Daemon
    redis: Daemon


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A real mongod and redis-server for the whole run."""
    with tempfile.TemporaryDirectory(prefix="vaxel-test-", dir=_in_memory()) as folder:
        mongod = start_mongod(Path(folder))
        redis = start_redis(Path(folder))
        try:
            yield Databases(mongod, redis)
        finally:
            redis.stop()
            mongod.stop()


@pytest.fixture(scope="session", autouse=True)
def witness(tmp_path_factory: pytest.TempPathFactory) -> Witness:
    """Sees what is secret, and what is told, all the time."""
    found = Witness(tmp_path_factory.getbasetemp() / "suite.log", SECRET_KEYS)
    found.listen()
    return found


@dataclass
class Janitor:
    """Drops databases: each has a hundred files, and mongod may open so many.

    One is dropped while the next test begins.
    """

    mongo: MongoClient[Any]
    redis: Redis
    witness: Witness
    broom: Executor
    _dropping: Future[None] | None = None

    def drop_database(self, name: str) -> None:
        self.witness.look(self.mongo[name])
        self.witness.look_at_jobs(self.redis)
        self.wait()
        self._dropping = self.broom.submit(self.mongo.drop_database, name)

    def wait(self) -> None:
        """Until what is being dropped is gone."""
        if self._dropping is not None:
            self._dropping.result()


@pytest.fixture(scope="session")
def janitor(databases: Databases, witness: Witness) -> Iterator[Janitor]:
    """For tests that make databases of their own."""
    witness.logs += [databases.mongod.log, databases.redis.log]
    mongo: MongoClient[Any]
    with (
        MongoClient(databases.mongod.url) as mongo,
        Redis.from_url(databases.redis.url) as redis,
        ThreadPoolExecutor(1) as broom,
    ):
        found = Janitor(mongo, redis, witness, broom)
        yield found
        found.wait()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks after all that the others told comes last."""
    items.sort(key=lambda each: each.path.name == "test_leaks.py")


@pytest.fixture
def settings(databases: Databases, janitor: Janitor, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation of its own, gone after the test."""
    made = make_settings(databases, tmp_path)
    yield made
    janitor.drop_database(made.mongo_db)


def make_settings(databases: Databases, data_dir: Path, **changes: Any) -> Settings:
    return read_settings(
        {},
        **{
            "mongo_url": databases.mongod.url,
            "redis_url": databases.redis.url,
            "mongo_db": f"test_{secrets.token_hex(6)}",
            "data_dir": data_dir,
            "demo": False,
            "secret_keys": SECRET_KEYS,
            "port": 0,
            "send_rate": 10_000.0,
            "send_burst": 10_000,
            "microsoft_authority": NOWHERE,
            "microsoft_graph_url": NOWHERE,
            "google_auth_url": f"{NOWHERE}/auth",
            "google_token_url": f"{NOWHERE}/token",
            "google_revoke_url": f"{NOWHERE}/revoke",
            "google_calendar_url": f"{NOWHERE}/calendar/v3/",
            "google_people_url": f"{NOWHERE}/",
            **changes,
        },
    )


def _in_memory() -> str | None:
    """Where files cost no disk, if there is room: each test's database is a hundred of them."""
    place = Path("/dev/shm")  # what tests write there is gone with them
    roomy = place.is_dir() and shutil.disk_usage(place).free > ROOM
    return str(place) if roomy else None


@dataclass
class Told:
    """A publisher that keeps what it was told, for tests of use cases."""

    facts: list[tuple[str, Any, tuple[str, ...]]] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    ended: list[tuple[str, str]] = field(default_factory=list)
    parts: Parts | None = None

    def publish(self, fact: str, data: Any, *audiences: str) -> None:
        self.facts.append((fact, data, audiences))

    def publish_entry(self, entry: Any) -> None:
        self.entries.append(entry)

    def enter(self, user_ids: list[str], audience: str) -> None:
        for user_id in user_ids:
            self.forget("rooms_of", user_id)

    leave = enter

    def end_sessions(self, user_id: str, reason: str, **_which: Any) -> None:
        self.ended.append((user_id, reason))

    def forget(self, kind: str, key: str) -> None:
        if self.parts is not None:
            self.parts.forget(kind, key)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    """An App without clients; `app.events` keeps what it was told."""
    async with open_parts(settings, "test") as parts:
        told = Told(parts=parts)
        yield parts.app(told, Nobody())


@dataclass(frozen=True, slots=True)
class Live:
    """A server that listens."""

    url: str
    app: App
    settings: Settings


@asynccontextmanager
async def run_server(settings: Settings, index: int = 0, clock: Clock = now) -> AsyncIterator[Live]:
    """A server in this process, on a port of its own, that goes by *clock*."""
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(open_server(settings, index, clock))
        runner = web.AppRunner(serving.web, access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        stack.push_async_callback(serving.doorkeeper.end_all)
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4096)
        await site.start()
        port = runner.addresses[0][1]
        yield Live(f"http://127.0.0.1:{port}", serving.app, settings)


@pytest.fixture
async def live(settings: Settings) -> AsyncIterator[Live]:
    """One listening server on a fresh database."""
    async with run_server(settings) as found:
        yield found


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[tuple[Live, Live]]:
    """Two listening servers over the same databases."""
    async with run_server(settings, 0) as first, run_server(settings, 1) as second:
        yield first, second


@pytest.fixture(autouse=True)
def no_traces(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test may leave a trace in the server's log, unless it says so."""
    caplog.set_level(logging.INFO)
    yield
    traces = [
        each
        for each in caplog.get_records("call")
        if each.exc_info and each.name.startswith("vaxel")
    ]
    assert not traces, [each.getMessage() for each in traces]

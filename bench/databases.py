"""One mongod and one redis-server for a bench run: the product's own embedded ones."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from server.embedded import Daemon, start_mongod, start_redis

# The embedded mongod makes do with 0.25 GB; what a bench writes outgrows that, and then the figures
# are about mongod making room, for whoever happens to be measured. Servers have more.
CACHE = "cache_size=2G"


@dataclass(frozen=True)
class Databases:
    """Both servers, and the folder with their data and everybody's logs."""

    folder: Path
    mongod: Daemon
    redis: Daemon

    def rest(self) -> None:
        """Write down all that is waiting to be: what was measured before is not paid for later."""
        with MongoClient[dict[str, Any]](self.mongod.url) as client:
            client.admin.command("fsync")


@contextmanager
def running() -> Iterator[Databases]:
    """A journaled replica set of one, and redis, on our own core; the data goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vaxel-bench-"))
    with ExitStack() as closing:
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        mongod = start_mongod(folder)
        closing.callback(mongod.stop)
        with MongoClient[dict[str, Any]](mongod.url) as client:
            client.admin.command("setParameter", 1, wiredTigerEngineRuntimeConfig=CACHE)
        redis = start_redis(folder)
        closing.callback(redis.stop)
        yield Databases(folder, mongod, redis)

"""A real mongod, as a replica set of one: that is what gives transactions and change streams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.embedded import programs
from server.embedded.daemon import Daemon, Recipe, answers

if TYPE_CHECKING:
    from pymongo import MongoClient

REPLICA_SET = "vaxel"
NOT_YET_INITIATED = 94
CACHE_GB = "0.25"  # the smallest that mongod accepts

# Without this, a lone primary waits 15 s for a successor that does not exist, at each stop.
END_AT_ONCE = "shutdownTimeoutMillisForSignaledShutdown=100"
# Statistics about itself, written every second: disk and processor time that nobody reads here.
NO_DIAGNOSTICS = "diagnosticDataCollectionEnabled=false"
# Nobody reads the past here: what was dropped need not be kept for those who would.
NO_PAST = "minSnapshotHistoryWindowInSeconds=0"


def begin(data_dir: Path, port: int | None = None) -> Daemon:
    """Start mongod with its data under *data_dir* and return at once (see `Daemon.wait_ready`).

    Raises StartupError when there is no mongod to run.
    """
    program = programs.find(programs.MONGOD, data_dir)
    store = data_dir / "mongod" / "db"
    store.mkdir(parents=True, exist_ok=True)

    def command(port: int) -> list[str | Path]:
        return [
            program, "--dbpath", store, "--port", str(port), "--bind_ip", "127.0.0.1",
            "--replSet", REPLICA_SET, "--oplogSize", "512", "--nounixsocket", "--quiet",
            "--wiredTigerCacheSizeGB", CACHE_GB,
            "--setParameter", END_AT_ONCE, "--setParameter", NO_DIAGNOSTICS,
            "--setParameter", NO_PAST,
            # Its log would tell slow operations with what was being written: what people say.
            "--slowOpSampleRate", "0",
        ]  # fmt: skip  # one option and its value belong together

    return Daemon(Recipe("mongod", command, _prepare, _url), data_dir, port)


def _url(port: int) -> str:
    return f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"


def _prepare(port: int) -> bool:
    """Whether mongod takes writes; makes it a replica set of one, at this port, on the way."""
    # Not before mongod has been told to start: both take their time, and this overlaps.
    from pymongo import MongoClient  # noqa: PLC0415 - see above
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - see above

    if not answers(port):
        return False
    client: MongoClient[dict[str, Any]]
    try:
        with MongoClient(
            "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=3000
        ) as client:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary") and hello.get("me") == f"127.0.0.1:{port}":
                return True
            _make_replica_set(client, f"127.0.0.1:{port}")
    except PyMongoError:  # still waking up: asked again in a moment
        pass
    return False


def _make_replica_set(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Initiate the set, or move its one member to the port that this start got."""
    from pymongo.errors import OperationFailure  # noqa: PLC0415  # see _prepare

    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != NOT_YET_INITIATED:
            raise
        first = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": host}]}
        client.admin.command("replSetInitiate", first)
        return
    if config["members"][0]["host"] != host:
        config["members"] = [{"_id": 0, "host": host}]
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)

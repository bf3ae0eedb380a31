"""Real mongod and redis-server as children: started, killed, restarted, moved, cleaned up."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from pymongo import MongoClient

from server.embedded import (
    DataDir,
    StartupError,
    children,
    programs,
    start,
    start_mongod,
    start_redis,
)
from server.settings import read_settings


def test_mongod_keeps_what_it_acknowledged_through_kill_9_and_takes_transactions(tmp_path):
    mongod = start_mongod(tmp_path)
    port = mongod.port
    try:
        with _open(mongod.url) as client:
            client.check.rooms.insert_one({"_id": "lobby"})
            mongod.kill()
            mongod.restart()
            with client.start_session() as session, session.start_transaction():
                client.check.rooms.insert_one({"_id": "kitchen"}, session=session)
            assert client.check.rooms.count_documents({}) == 2
        assert mongod.port == port
    finally:
        mongod.stop()


def test_a_replica_set_follows_to_another_port_when_its_own_is_taken(tmp_path):
    mongod = start_mongod(tmp_path)
    old = mongod.port
    with _open(mongod.url) as client:
        client.check.rooms.insert_one({"_id": "lobby"})
    mongod.stop()
    with _busy(old):
        mongod = start_mongod(tmp_path)
        try:
            assert mongod.port != old
            with _open(mongod.url) as client:
                client.check.rooms.insert_one({"_id": "kitchen"})
                assert client.check.rooms.count_documents({}) == 2
        finally:
            mongod.stop()


def test_redis_keeps_queued_work_through_kill_9(tmp_path):
    server = start_redis(tmp_path)
    try:
        with redis.Redis.from_url(server.url) as client:
            client.config_set("appendfsync", "always")
            client.rpush("queue", "job")
            server.kill()
            server.restart()
            assert client.lrange("queue", 0, -1) == [b"job"]
    finally:
        server.stop()


def test_only_what_has_no_address_is_started(tmp_path):
    settings = read_settings({}, data_dir=tmp_path, mongo_url="mongodb://db.example.com/")

    with start(settings, lambda _sentence: None) as services:
        assert [daemon.name for daemon in services.daemons] == ["redis-server"]
        assert services.mongo_url == "mongodb://db.example.com/"
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.ping()


def test_a_data_folder_serves_one_at_a_time_and_says_so(tmp_path):
    held = DataDir(tmp_path)

    with pytest.raises(StartupError, match=rf"in use by a Växel .*process {os.getpid()}"):
        DataDir(tmp_path)

    held.release()
    DataDir(tmp_path).release()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StartupError, match=r"cannot be written .*VAXEL_DATA_DIR"):
        DataDir(tmp_path / "file" / "data")


def test_children_of_a_killed_parent_are_found_and_ended(tmp_path):
    pid = _orphan(tmp_path)
    said: list[str] = []

    children.end_leftovers(tmp_path, said.append)

    assert children.began(pid) is None
    assert said == ["Ending what an earlier run left behind: sleeper."]
    assert not list((tmp_path / "run").glob("*.pid"))


def test_a_recycled_pid_is_never_signalled(tmp_path):
    innocent = subprocess.Popen(["sleep", "60"], start_new_session=True)
    pid_file = tmp_path / "run" / "mongod.pid"
    pid_file.parent.mkdir()
    pid_file.write_text(f"{innocent.pid} some-other-boot:1\n")
    try:
        children.end_leftovers(tmp_path, lambda _sentence: None)

        assert innocent.poll() is None
        assert not pid_file.exists()
    finally:
        innocent.kill()
        innocent.wait()


def test_a_machine_without_mongod_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    with pytest.raises(StartupError, match=r"No mongod was found.*VAXEL_MONGO_URL"):
        programs.find(programs.MONGOD, tmp_path)


def test_a_program_on_path_is_preferred_and_a_lost_run_bit_is_set(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path / "wheels")])
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    carried = tmp_path / "wheels" / programs.MONGOD.in_wheel
    carried.parent.mkdir(parents=True)
    carried.write_text("#!/bin/sh\n")

    assert programs.find(programs.MONGOD, tmp_path) == carried
    assert os.access(carried, os.X_OK)

    installed = tmp_path / "bin" / "mongod"
    installed.parent.mkdir()
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    assert programs.find(programs.MONGOD, tmp_path) == installed


def test_a_database_that_cannot_start_is_told_of_in_one_sentence(tmp_path, monkeypatch):
    broken = tmp_path / "bin" / "redis-server"
    broken.parent.mkdir()
    broken.write_text(
        "#!/bin/sh\necho 'libssl.so.3: cannot open shared object file' >&2\nexit 127\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent), prepend=os.pathsep)

    with pytest.raises(
        StartupError, match=r"redis-server ended .*code 127.*libssl.so.3"
    ) as refusal:
        start_redis(tmp_path)

    assert "\n" not in str(refusal.value)


def _open(url: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(url, w="majority")


@contextmanager
def _busy(port: int) -> Iterator[None]:
    """Another program has the port; it hangs up on whoever calls."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        threading.Thread(target=_hang_up, args=(listener,), daemon=True).start()
        yield
        listener.shutdown(socket.SHUT_RDWR)


def _hang_up(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            listener.accept()[0].close()


def _orphan(data_dir: Path) -> int:
    """A child whose parent is gone, as after kill -9 (and not asked to die with it)."""
    program = (
        "import sys, threading; from pathlib import Path; from server.embedded import children;"
        "begin = lambda: children.spawn('sleeper', ['sleep', '60'], Path(sys.argv[1]));"
        "thread = threading.Thread(target=begin); thread.start(); thread.join()"
    )
    subprocess.run([sys.executable, "-c", program, str(data_dir)], check=True)
    return int((data_dir / "run" / "sleeper.pid").read_text().split()[0])

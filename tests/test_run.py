"""One command: starts, refuses, survives, stops. With real children, as an operator sees them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.clients import Client
from tests.installation import Installation, listening

Make = Callable[..., Installation]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Installations on this test's own data folder, ended with the test."""
    made: list[Installation] = []

    def one(folder: str = "data", **settings: Any) -> Installation:
        made.append(Installation(tmp_path / folder, **settings))
        return made[-1]

    yield one
    for each in made:
        if each.alive():
            each.end()


async def test_from_nothing_to_signed_in_and_back_to_nothing(make):
    vaxel = make()
    address = vaxel.start()

    assert any("astrid@example.com" in line for line in vaxel.lines)
    assert set(vaxel.pids()) == {
        "mongod",
        "radicale",
        "redis-server",
        "server-0",
        "syncer",
        "worker",
    }
    assert await _all_parts_work(address)
    client, _me = await _astrid(address)
    before = vaxel.pids()

    assert vaxel.interrupt() == 0

    await client.until(lambda: client.all("session.ended"))
    assert client.all("session.ended") == [{"reason": "server_restart"}]
    await client.close()
    assert vaxel.pids() == {}
    assert not [pid for pid in before.values() if _lives(pid)]
    assert vaxel.lines[-2:] == ["Stopping …", "Stopped."]
    _logs_are_json_without_traces(vaxel)


async def test_what_was_written_is_there_after_kill_9_and_the_next_start_cleans_up(make):
    vaxel = make()
    client, me = await _astrid(vaxel.start())
    room = await client.do("room.direct", user_id=me["id"])
    sent = await client.do("message.send", room_id=room["id"], body="Kom ihåg", client_id="c1")
    left = vaxel.pids()

    vaxel.kill()
    await client.close()
    began = time.monotonic()
    address = vaxel.start()

    assert time.monotonic() - began < 45  # within 10 s where nothing else runs
    assert not [pid for pid in left.values() if _lives(pid)]
    client, _me = await _astrid(address)
    page = await client.do("room.history", room_id=room["id"])
    assert sent["seq"] in [
        entry["seq"] for entry in page["entries"] if entry.get("body") == "Kom ihåg"
    ]
    await client.close()


async def test_whatever_dies_is_started_again_and_clients_come_back(make):
    vaxel = make()
    address = vaxel.start("--processes", "2")
    for name in ("server-1", "radicale", "redis-server", "mongod", "worker", "syncer"):
        pid = vaxel.pids()[name]
        os.kill(pid, signal.SIGKILL)
        vaxel.hears(re.compile(rf"{name} ended \(signal 9\); starting it again\."))
        _until_another(vaxel, name, pid)
        assert not _group(pid)  # the worker's own children have gone with it

    assert await _all_parts_work(address)
    client, me = await _astrid(address)
    room = await client.do("room.direct", user_id=me["id"])
    await client.do("message.send", room_id=room["id"], body="Hej igen", client_id="c1")
    await client.close()


async def test_two_processes_serve_one_port_also_to_clients_that_poll(make):
    vaxel = make()
    address = vaxel.start("--processes", "2")
    clients = [await _astrid(address, ["polling"]) for _ in range(4)]
    first, me = clients[0]
    room = await first.do("room.direct", user_id=me["id"])

    await first.do("message.send", room_id=room["id"], body="Till alla", client_id="c1")

    for client, _me in clients:
        await client.until(partial(_heard, client, "Till alla"))
    async with aiohttp.ClientSession() as http, http.get(f"{address}/metrics") as answer:
        text = await answer.text()
    open_now = dict(re.findall(r'vaxel_connections{process="(\d)"} ([\d.]+)', text))
    assert set(open_now) == {"0", "1"}
    assert sum(map(float, open_now.values())) == 4
    began = time.monotonic()
    assert vaxel.end() == 0
    assert time.monotonic() - began < 8  # nobody waits for polls that nothing will answer
    for client, _me in clients:
        await client.close()


def test_a_taken_port_is_one_sentence(make):
    vaxel = make()
    with listening(int(vaxel.environ["VAXEL_PORT"])):
        said = vaxel.refused()

    port = vaxel.environ["VAXEL_PORT"]
    assert re.fullmatch(rf"Port {port} on 127\.0\.0\.1 cannot be used .*VAXEL_PORT\.", said)


def test_a_second_start_beside_a_running_one_is_refused_and_harms_nobody(make):
    first, same_folder = make("one"), make("one")
    address = first.start()
    same_port = make("two", port=address.rpartition(":")[2])
    before = first.pids()

    assert re.fullmatch(
        r"The data folder .* is in use by a Växel that is running .*", same_folder.refused()
    )
    assert "cannot be used" in same_port.refused()  # though its own processes share it
    assert first.pids() == before


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"colour": "red"}, "VAXEL_COLOUR is not a setting"),
        ({"port": "many"}, "VAXEL_PORT should be a whole number"),
        ({"host": "192.0.2.1"}, "Port .* on 192.0.2.1 cannot be used"),
        ({"host": "no such host"}, "VAXEL_HOST no such host is not an address"),
        ({"folder": "/proc/vaxel"}, "The data folder /proc/vaxel cannot be written"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(make, settings, words):
    said = make(**settings).refused()

    assert re.match(words, said)
    assert "\n" not in said


def test_asked_to_stop_while_it_starts_it_leaves_nothing_behind(make):
    vaxel = make()
    vaxel.begin()
    vaxel.hears(re.compile("Starting the server"))

    assert vaxel.interrupt() == 0
    assert vaxel.pids() == {}


async def _astrid(address: str, transports: list[str] | None = None) -> tuple[Client, Any]:
    """Astrid's device, connected, and who she is."""
    who = {"email": "astrid@example.com", "password": "vaxel-demo"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/api/session", json=who) as answer,
    ):
        assert answer.status == 200, await answer.text()
        found = await answer.json()
    client = await Client(address, found["token"], transports=transports).connect()
    snapshot = await client.do("session.open")
    return client, snapshot["me"]


async def _all_parts_work(address: str) -> bool:
    """Whether MongoDB, Redis and the worker answer, soon."""
    until = time.monotonic() + 40
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < until:
            try:
                async with http.get(f"{address}/health/ready") as answer:
                    if answer.status == 200:
                        return True
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
    return False


def _until_another(vaxel: Installation, name: str, pid: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while vaxel.pids().get(name, pid) == pid:
        assert time.monotonic() < until
        time.sleep(0.05)


def _heard(client: Client, body: str) -> bool:
    return any(fact["entry"].get("body") == body for fact in client.all("room.entry"))


def _group(leader: int) -> list[int]:
    """The processes that live in the group of *leader*."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(group) == leader and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _logs_are_json_without_traces(vaxel: Installation) -> None:
    lines = [json.loads(line) for line in vaxel.log("server-0").splitlines()]
    assert {"server.ready", "server.stopping"} <= {line["event"] for line in lines}
    assert not [line for line in lines if "trace" in line]

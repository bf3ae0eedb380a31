"""kill -9 of the server, of MongoDB and of Redis under load: nothing acked is lost or doubled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from server.app import App
from server.boot import Nobody, open_app, open_parts
from server.domain.events import to_org
from server.embedded import start_mongod, start_redis
from server.settings import Settings
from storage.models import User
from tests.cast import make_company, make_room, make_token
from tests.clients import Client, connected
from tests.conftest import Databases, Told, make_settings
from tests.mirror import Device, differences, eventually, whole_log
from tests.processes import Process, processes

SENDS = 1_000
NAMES = ("astrid", "birger", "rebecka")


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Databases]:
    """A mongod and a redis-server that this test may end."""
    mongod = start_mongod(tmp_path / "own")
    redis = start_redis(tmp_path / "own")
    try:
        yield Databases(mongod, redis)
    finally:
        redis.kill()
        mongod.kill()


@asynccontextmanager
async def app_over(settings: Settings) -> AsyncIterator[App]:
    """An App over the same databases, to make people with."""
    async with open_parts(settings, "test") as parts:
        yield parts.app(Told(parts=parts), Nobody())


class Crowd:
    """Three people with several devices each, in two groups and a 1-1 room."""

    def __init__(self, cast: dict[str, User], rooms: list[str], tokens: dict[str, str]) -> None:
        self.cast, self.rooms, self.tokens = cast, rooms, tokens
        self.devices: list[Device] = []
        self.said = 0

    async def connect(self, servers: list[Process], each: int) -> None:
        """*each* devices a person, in turn on these servers; the last one of each polls."""
        for name in NAMES:
            for number in range(each):
                url = servers[number % len(servers)].url
                polls = ["polling"] if number == each - 1 else None
                self.devices.append(await Device(url, self.tokens[name], transports=polls).open())

    def say(self, times: int) -> None:
        """Everyone speaks at once, *times* in all, in all rooms in turn, waiting for nothing."""
        for _time in range(times):
            self.said += 1
            device = self.devices[self.said % len(self.devices)]
            mine = [room for room in self.rooms if room in device.mirror.rooms]
            room_id = mine[self.said // len(self.devices) % len(mine)]
            device.send(room_id, f"Nummer {self.said}", f"say-{self.said}")

    async def acked(self, least: int) -> None:
        """Return when that many have been acked, and some have not."""
        await eventually(lambda: least > sum(len(each.acked) for each in self.devices), 60, 0.002)
        assert any(device.outbox for device in self.devices)

    async def close(self) -> None:
        await asyncio.gather(*(device.close() for device in self.devices))


@asynccontextmanager
async def crowd(settings: Settings) -> AsyncIterator[Crowd]:
    async with app_over(settings) as app:
        cast = await make_company(app)
        astrid, birger, rebecka = (cast[name] for name in NAMES)
        rooms = [
            await make_room(app, astrid, birger, rebecka),
            await make_room(app, birger, astrid, rebecka, name="Projekt"),
            await make_room(app, astrid, birger, name="Chefer"),
        ]
        tokens = {name: await make_token(app, cast[name]) for name in NAMES}
    found = Crowd(cast, rooms, tokens)
    try:
        yield found
    finally:
        await found.close()


async def check_whole(crowd: Crowd, url: str) -> None:
    """Every log is whole, holds every ack once, and is what every device shows."""
    logs: dict[str, list[dict[str, Any]]] = {}
    shown: dict[str, dict[str, Any]] = {}
    for name in NAMES:
        async with connected(url, crowd.tokens[name]) as (client,):
            shown[crowd.tokens[name]] = await check_rooms(client, logs)
    entries = [entry for log in logs.values() for entry in log]
    times = Counter((e["author_id"], e["client_id"]) for e in entries if "client_id" in e)
    assert set(times.values()) == {1}
    assert len(times) == crowd.said
    for device in crowd.devices:
        for client_id, ack in device.acked.items():
            kept = logs[ack["room_id"]][ack["seq"] - 1]
            assert (kept["client_id"], kept["body"]) == (client_id, ack["body"])
        fresh = shown[device.token]
        await eventually(lambda: unlike(device, fresh, logs)[:9])  # noqa: B023 - awaited here


async def check_rooms(client: Client, logs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Fill *logs*; the rooms as a fresh client is told of them, after a look at their numbers."""
    rooms = {room["id"]: room for room in (await client.do("session.open"))["rooms"]}
    for room_id, room in rooms.items():
        log = await whole_log(client, room_id)
        logs[room_id] = log
        said = [entry for entry in log if entry["kind"] == "message"]
        assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
        assert [entry["count"] for entry in said] == list(range(1, len(said) + 1))
        assert (room["last_seq"], room["last_count"]) == (len(log), len(said))
        assert room["last_message"] == (said[-1] if said else None)
    return rooms


def unlike(device: Device, rooms: dict[str, Any], logs: dict[str, Any]) -> list[str]:
    mine = {room_id: logs[room_id] for room_id in rooms}
    return differences(device.mirror.rooms, rooms, "rooms") + differences(
        device.mirror.logs, mine, "logs"
    )


async def test_kill_9_of_the_server_in_the_middle_of_1000_sends(databases, tmp_path):
    settings = make_settings(databases, tmp_path)
    async with processes(settings) as (server,), crowd(settings) as people:
        await people.connect([server], each=4)
        people.say(SENDS)
        await people.acked(SENDS // 5)
        server.kill()
        await server.start()
        for device in people.devices:
            await device.sent()
        people.say(24)
        for device in people.devices:
            await device.sent()
        assert all(device.lines >= 2 for device in people.devices)
        await check_whole(people, server.url)


async def test_kill_9_of_mongod_under_load(own, tmp_path):
    settings = make_settings(own, tmp_path)
    async with processes(settings) as (server,), crowd(settings) as people:
        await people.connect([server], each=3)
        people.say(SENDS)
        await people.acked(SENDS // 5)
        own.mongod.kill()
        people.say(100)
        own.mongod.revive()
        await asyncio.to_thread(own.mongod.wait_ready)
        for device in people.devices:
            await device.sent()
        assert server.running
        assert [device.lines for device in people.devices] == [1] * len(people.devices)
        await check_whole(people, server.url)


async def test_restart_of_redis_under_load_of_two_servers(own, tmp_path):
    settings = make_settings(own, tmp_path)
    async with processes(settings, 2) as servers, crowd(settings) as people:
        await people.connect(servers, each=4)
        people.say(SENDS)
        await people.acked(SENDS // 5)
        own.redis.kill()
        made = await made_while_redis_is_away(people)
        people.say(100)
        own.redis.revive()
        await asyncio.to_thread(own.redis.wait_ready)
        for device in people.devices:
            await device.sent()
        await everyone_hears(people, made)
        await check_whole(people, servers[1].url)


async def made_while_redis_is_away(people: Crowd) -> str:
    """A room that one server makes when it cannot tell the other."""
    members = [people.cast[name].id for name in NAMES]
    room = await people.devices[0].line.do("room.create", name="Ny", member_ids=members)
    people.rooms.append(room["id"])
    return str(room["id"])


async def everyone_hears(people: Crowd, room_id: str) -> None:
    """In the end everyone has the room, and hears at once what is said in it from either server."""
    await eventually(
        lambda: [d.url for d in people.devices if room_id not in d.mirror.rooms], seconds=40
    )
    for _round in range(6):
        asked = [device.asked for device in people.devices]
        length = max(len(device.mirror.logs[room_id]) for device in people.devices)
        for device in people.devices[:2]:
            people.said += 1
            device.send(room_id, "Hör alla?", f"say-{people.said}")
            await device.sent()
        await all_reach(people, room_id, length + 2)
        if [device.asked for device in people.devices] == asked:
            return
    pytest.fail("someone hears nothing without asking")


async def all_reach(people: Crowd, room_id: str, length: int) -> None:
    await eventually(
        lambda: [each.url for each in people.devices if len(each.mirror.logs[room_id]) < length]
    )


async def test_a_line_to_redis_that_is_torn_for_a_moment_is_noticed(two):
    first, second = two
    cast = await make_company(first.app)
    tokens = [await make_token(first.app, cast[name]) for name in ("astrid", "birger")]
    async with (
        connected(first.url, tokens[0]) as (astrid,),
        connected(second.url, tokens[1]) as (birger,),
    ):
        async with Redis.from_url(first.settings.redis_url) as redis:
            assert await redis.client_kill_filter(_type="pubsub") >= 2
        await astrid.hears("session.resync")
        await birger.hears("session.resync")
        room = await astrid.do("room.direct", user_id=cast["birger"].id)
        await birger.hears("room.joined")
        await astrid.do("message.send", room_id=room["id"], body="Hej!", client_id="a1")
        await birger.hears("room.entry")


async def test_a_process_without_clients_is_heard_every_time(live):
    cast = await make_company(live.app)
    token = await make_token(live.app, cast["birger"])
    async with connected(live.url, token) as (birger,), open_app(live.settings) as quiet:
        for number in range(3):
            quiet.events.publish("org.changed", {"org": {"n": number}}, to_org("example.com"))
            await birger.hears("org.changed", number + 1)
            await asyncio.sleep(0.1)

"""Who is there, over devices and processes; and who must not be there any longer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.domain.accounts import admin
from tests.cast import make_company, make_room, make_token
from tests.clients import Client, Refused, connected
from tests.conftest import make_settings
from tests.processes import processes
from tests.test_faults import app_over


def last_told(client: Client, user_id: str) -> str | None:
    """How the person was in the last presence.changed that named them."""
    told = [each for facts in client.all("presence.changed") for each in facts]
    states = [each["online"] for each in told if each["user_id"] == user_id]
    return states[-1] if states else None


async def shows(client: Client, user_id: str, state: str, seconds: float = 20) -> None:
    await client.until(lambda: last_told(client, user_id) == state, seconds)
    opened = await client.do("session.open")
    [person] = [each for each in opened["people"] if each["id"] == user_id]
    assert person["presence"]["online"] == state


async def test_the_best_of_two_devices_on_two_servers_counts(two):
    first, second = two
    cast = await make_company(first.app)
    astrid_id = cast["astrid"].id
    birgers, astrids = [await make_token(first.app, cast[name]) for name in ("birger", "astrid")]
    async with (
        connected(second.url, birgers) as (birger,),
        connected(first.url, astrids) as (desk,),
    ):
        await shows(birger, astrid_id, "online")
        async with connected(second.url, astrids) as (phone,):
            await desk.do("presence.active", active=False)
            await phone.do("presence.active", active=False)
            await shows(birger, astrid_id, "away")
            await phone.do("presence.active", active=True)
            await shows(birger, astrid_id, "online")
        await shows(birger, astrid_id, "away")
        await desk.close()
        await shows(birger, astrid_id, "offline")


async def test_many_changes_are_told_together(live):
    cast = await make_company(live.app)
    token = await make_token(live.app, cast["birger"])
    others = [await make_token(live.app, cast[name]) for name in ("astrid", "rebecka", "basse")]
    async with connected(live.url, token) as (birger,):
        await birger.hears("presence.changed")
        told = len(birger.facts)
        devices = [Client(live.url, token) for token in others * 3]
        await asyncio.gather(*(device.connect() for device in devices))
        for name in ("astrid", "rebecka", "basse"):
            await shows(birger, cast[name].id, "online")
        facts = [data for fact, data in birger.facts[told:] if fact == "presence.changed"]
        assert len([each for fact in facts for each in fact]) == len(others)
        await asyncio.gather(*(device.close() for device in devices))


async def test_people_of_a_killed_process_are_gone(databases, tmp_path):
    settings = make_settings(databases, tmp_path)
    async with processes(settings, 2) as (first, second):
        async with app_over(settings) as app:
            cast = await make_company(app)
            tokens = [await make_token(app, cast[name]) for name in ("astrid", "birger")]
        async with (
            connected(first.url, tokens[0]),
            connected(second.url, tokens[1]) as (birger,),
        ):
            await shows(birger, cast["astrid"].id, "online")
            first.kill()
            await shows(birger, cast["astrid"].id, "offline", seconds=60)
        await first.start()


async def test_one_client_id_50_times_at_once_from_two_processes(databases, tmp_path):
    settings = make_settings(databases, tmp_path)
    async with processes(settings, 2) as (first, second):
        async with app_over(settings) as app:
            cast = await make_company(app)
            room_id = await make_room(app, cast["astrid"], cast["birger"])
            tokens = [await make_token(app, cast[name]) for name in ("astrid", "birger")]
        async with (
            connected(first.url, *[tokens[0]] * 5) as here,
            connected(second.url, *[tokens[0]] * 5) as there,
            connected(first.url, tokens[1]) as (near,),
            connected(second.url, tokens[1]) as (far,),
        ):
            send: dict[str, Any] = {"room_id": room_id, "body": "Hej!", "client_id": "a1"}
            answers = await asyncio.gather(
                *(device.do("message.send", **send) for device in (here + there) * 5)
            )
            await near.do("message.send", room_id=room_id, body="Sist", client_id="b1")
            for client in (near, far):
                await client.hears("room.entry", 2)
                bodies = [each["entry"]["body"] for each in client.all("room.entry")]
                assert sorted(bodies) == ["Hej!", "Sist"]
            assert {answer["seq"] for answer in answers} == {2}
            page = await far.do("room.history", room_id=room_id)
            assert [each["seq"] for each in page["entries"]] == [1, 2, 3]


async def test_a_blocked_person_is_out_at_once_on_every_device(two):
    first, second = two
    cast = await make_company(first.app)
    room_id = await make_room(first.app, cast["astrid"], cast["birger"])
    token = await make_token(first.app, cast["birger"])
    async with (
        connected(first.url, token, token) as here,
        connected(second.url, token) as there,
        connected(second.url, token, transports=["polling"]) as polling,
    ):
        devices = [*here, *there, *polling]
        await admin.block(first.app, cast["astrid"], cast["birger"].id)
        for device in devices:
            assert await device.hears("session.ended") == [{"reason": "blocked"}]
            await asyncio.wait_for(device.ended.wait(), 20)
        sent: dict[str, Any] = {"room_id": room_id, "body": "Hemligt", "client_id": "a1"}
        astrids = await make_token(first.app, cast["astrid"])
        async with connected(second.url, astrids) as (astrid,):
            await astrid.do("message.send", **sent)
        assert [device.all("room.entry") for device in devices] == [[]] * 4
        with pytest.raises(Exception, match=r"."):
            await Client(second.url, token).connect()


async def test_a_removed_member_hears_nothing_more(two):
    first, second = two
    cast = await make_company(first.app)
    room_id = await make_room(first.app, cast["astrid"], cast["birger"], cast["rebecka"])
    astrids, birgers, rebeckas = [
        await make_token(first.app, cast[name]) for name in ("astrid", "birger", "rebecka")
    ]
    async with (
        connected(first.url, astrids, birgers) as (astrid, here),
        connected(second.url, birgers, rebeckas) as (there, rebecka),
    ):
        await astrid.do("room.remove", room_id=room_id, user_id=cast["birger"].id)
        for device in (here, there):
            await device.hears("room.left")
        for number in range(5):
            body = f"Hemligt {number}"
            await astrid.do("message.send", room_id=room_id, body=body, client_id=f"a{number}")
        await rebecka.hears("room.entry", 6)
        for device in (here, there):
            kinds = [each["entry"]["kind"] for each in device.all("room.entry")]
            assert set(kinds) <= {"member_left"}
            with pytest.raises(Refused, match="not-found"):
                await device.do("room.history", room_id=room_id)

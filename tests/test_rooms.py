"""Rooms and messages through a real server and real Socket.IO clients."""

from __future__ import annotations

import asyncio

import pytest

from tests.cast import make_company, make_room, make_token
from tests.clients import Refused, connected


async def test_what_one_says_the_other_hears_at_once(live):
    cast = await make_company(live.app)
    tokens = [await make_token(live.app, cast[name]) for name in ("astrid", "birger")]
    async with connected(live.url, *tokens) as (astrid, birger):
        room = await astrid.do("room.direct", user_id=cast["birger"].id)
        await birger.hears("room.joined")

        entry = await astrid.do("message.send", room_id=room["id"], body="Hej!", client_id="a1")

        [heard] = await birger.hears("room.entry")
        assert heard == {"room_id": room["id"], "entry": entry}
        assert entry["seq"] == 1
        assert (await astrid.hears("room.entry"))[0]["entry"] == entry


async def test_sending_again_after_a_lost_answer_is_heard_once(two):
    first, second = two
    cast = await make_company(first.app)
    room_id = await make_room(first.app, cast["astrid"], cast["birger"])
    token = await make_token(first.app, cast["astrid"])
    listener_token = await make_token(first.app, cast["birger"])
    async with (
        connected(first.url, *[token] * 3) as here,
        connected(second.url, *[token] * 3) as there,
        connected(second.url, listener_token) as (birger,),
    ):
        answers = await asyncio.gather(
            *(
                client.do("message.send", room_id=room_id, body="Hej!", client_id="a1")
                for client in (here + there) * 9
            )
        )
        await birger.do("message.send", room_id=room_id, body="Hej själv!", client_id="b1")
        await birger.hears("room.entry", 2)

        assert len({answer["seq"] for answer in answers}) == 1
        bodies = [each["entry"]["body"] for each in birger.all("room.entry")]
        assert bodies == ["Hej!", "Hej själv!"]


async def test_every_fact_crosses_between_two_servers(two):
    first, second = two
    cast = await make_company(first.app)
    tokens = [await make_token(first.app, cast[name]) for name in ("astrid", "birger")]
    async with (
        connected(first.url, tokens[0]) as (astrid,),
        connected(second.url, tokens[1], transports=["polling"]) as (birger,),
    ):
        room = await astrid.do("room.create", name="Lunch", member_ids=[cast["birger"].id])
        await birger.hears("room.joined")
        await astrid.do("message.send", room_id=room["id"], body="Kl 12?", client_id="1")
        await birger.hears("room.entry")
        await birger.do("room.read", room_id=room["id"], seq=2)
        [read] = await astrid.hears("room.read")
        assert read == {"room_id": room["id"], "user_id": cast["birger"].id, "seq": 2}
        await birger.do("room.typing", room_id=room["id"])
        await astrid.hears("room.typing")
        await astrid.do("room.remove", room_id=room["id"], user_id=cast["birger"].id)
        await birger.hears("room.left")
        await astrid.do("message.send", room_id=room["id"], body="Ensam nu", client_id="2")
        await asyncio.sleep(0.3)
        assert [each["entry"].get("body") for each in birger.all("room.entry")] == ["Kl 12?", None]
        with pytest.raises(Refused, match="not-found"):
            await birger.do("message.send", room_id=room["id"], body="Va?", client_id="3")


async def test_edit_delete_react_pin_and_search(live):
    cast = await make_company(live.app)
    tokens = [await make_token(live.app, cast[name]) for name in ("astrid", "birger")]
    async with connected(live.url, *tokens) as (astrid, birger):
        room = await astrid.do("room.create", name="Lunch", member_ids=[cast["birger"].id])
        first = await astrid.do(
            "message.send", room_id=room["id"], body="Mötena är flyttade @birger", client_id="1"
        )
        assert first["mentions"] == [cast["birger"].id]
        opened = await birger.do("session.open")
        assert [(each["unread"], each["mentions"]) for each in opened["rooms"]] == [(1, 1)]
        found = await birger.do("message.search", query="möte")
        assert [hit["entry"]["seq"] for hit in found["hits"]] == [first["seq"]]
        assert found["hits"][0]["snippet"].startswith("\x02Mötena\x03")
        await astrid.do("message.edit", room_id=room["id"], seq=first["seq"], body="Inställt")
        assert (await birger.do("message.search", query="mote"))["hits"] == []
        await birger.do("message.react", room_id=room["id"], seq=first["seq"], emoji="👍", on=True)
        await birger.do("message.pin", room_id=room["id"], seq=first["seq"], on=True)
        page = await birger.do("room.history", room_id=room["id"])
        message = page["entries"][1]
        assert message["reactions"] == {"👍": [cast["birger"].id]}
        assert message["pinned"] is True
        assert (message["body"], "edited_at" in message) == ("Inställt", True)
        await astrid.do("message.delete", room_id=room["id"], seq=first["seq"])
        page = await birger.do("room.history", room_id=room["id"])
        kinds = [each["kind"] for each in page["entries"]]
        assert kinds == ["member_added", "message", "edited", "reacted", "pinned", "deleted"]
        assert page["entries"][1]["deleted"] is True
        assert page["entries"][2]["body"] == ""
        assert (page["at_start"], page["at_end"]) == (True, True)
        synced = await birger.do("room.sync", cursors={room["id"]: 2, "elsewhere": 4})
        assert [each["seq"] for each in synced["rooms"][room["id"]]["entries"]] == [3, 4, 5, 6]
        assert synced["left"] == ["elsewhere"]

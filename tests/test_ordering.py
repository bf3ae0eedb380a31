"""What one client asks for in one room happens in that order; what it hears comes in order too."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.cast import make_company, make_room, make_token
from tests.clients import connected

BURSTS = 40


@pytest.mark.parametrize("transports", [["websocket"], ["polling"]])
async def test_pipelined_commands_of_one_client_are_applied_in_order(live, transports):
    cast = await make_company(live.app)
    room_id = await make_room(live.app, cast["astrid"], cast["birger"])
    token = await make_token(live.app, cast["astrid"])
    async with connected(live.url, token, transports=transports) as (astrid,):
        asked: list[tuple[str, dict[str, Any]]] = []
        for number in range(BURSTS):
            seq = 2 + 4 * number
            asked += [
                ("message.send", {"body": f"Ett {number}", "client_id": f"a{number}"}),
                ("message.edit", {"seq": seq, "body": f"Två {number}"}),
                ("message.react", {"seq": seq, "emoji": "👍", "on": True}),
                ("message.delete", {"seq": seq}),
            ]
        answers = await asyncio.gather(
            *(astrid.ask(name, {"room_id": room_id, **data}, 60) for name, data in asked)
        )
        assert [answer["ok"] for answer in answers] == [True] * len(asked)
        assert [answer["data"]["seq"] for answer in answers] == list(range(2, 2 + len(asked)))


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]])
async def test_everything_is_heard_in_order_while_polling_and_while_upgrading(live, transports):
    cast = await make_company(live.app)
    room_id = await make_room(live.app, cast["astrid"], cast["birger"])
    astrids, birgers = [await make_token(live.app, cast[name]) for name in ("astrid", "birger")]
    async with connected(live.url, astrids) as (astrid,):
        stop = asyncio.Event()

        async def talk() -> int:
            number = 0
            while not stop.is_set() or number < 100:
                sends = [
                    astrid.do(
                        "message.send", room_id=room_id, body="Hej", client_id=f"{number}-{n}"
                    )
                    for n in range(5)
                ]
                await asyncio.gather(*sends)
                number += 1
                await asyncio.sleep(0.002)
            return number

        talking = asyncio.create_task(talk())
        for _visit in range(6):
            async with connected(live.url, birgers, transports=transports) as (birger,):
                await birger.do("room.sync", cursors={room_id: 0})
                await birger.hears("room.entry", 60)
                acked = await asyncio.gather(
                    *(birger.do("room.sync", cursors={room_id: 10**6}) for _ask in range(5))
                )
                assert len(acked) == 5
                seqs = [each["entry"]["seq"] for each in birger.all("room.entry")]
                assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        stop.set()
        await talking

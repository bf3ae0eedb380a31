"""A real client that never reads is hung up on; everyone else keeps hearing."""

from __future__ import annotations

import asyncio
from functools import partial

from aiohttp import ClientSession

from tests.cast import make_company, make_room, make_token
from tests.clients import connected
from tests.conftest import make_settings, run_server

LONG = "x" * 7_900
SENT = 3_000  # 24 MB: more than the kernel keeps for one who does not read


async def test_a_client_that_never_reads_is_dropped_and_others_keep_hearing(databases, tmp_path):
    settings = make_settings(databases, tmp_path, slow_client_bytes=200_000)
    async with run_server(settings) as live, ClientSession() as http:
        cast = await make_company(live.app)
        room_id = await make_room(live.app, cast["astrid"], cast["birger"], cast["rebecka"])
        astrids, birgers, rebeckas = [
            await make_token(live.app, cast[name]) for name in ("astrid", "birger", "rebecka")
        ]
        url = f"{live.url}/socket.io/?EIO=4&transport=websocket"
        async with (
            http.ws_connect(url) as deaf,
            connected(live.url, astrids, birgers) as (astrid, birger),
        ):
            await deaf.receive_str()
            await deaf.send_str(f'40{{"token":"{rebeckas}"}}')
            await deaf.receive_str()
            connection = deaf._response.connection
            assert connection is not None
            assert connection.transport is not None
            connection.transport.pause_reading()
            for batch in range(0, SENT, 200):
                sends = [
                    astrid.do("message.send", room_id=room_id, body=LONG, client_id=f"{n}")
                    for n in range(batch, batch + 200)
                ]
                await asyncio.gather(*sends)
            await birger.until(partial(told_gone, birger, cast["rebecka"].id), seconds=30)
            assert cast["rebecka"].id not in await online(birger)
            await birger.hears("room.entry", SENT)
            connection.transport.abort()


async def online(client) -> set[str]:
    opened = await client.do("session.open")
    return {each["id"] for each in opened["people"] if each["presence"]["online"] != "offline"}


def told_gone(client, user_id: str) -> bool:
    told = [each for fact in client.all("presence.changed") for each in fact]
    return any(each["user_id"] == user_id and each["online"] == "offline" for each in told)

"""Who is blocked, changes password or signs out everywhere is out at once, on every device."""

from __future__ import annotations

from typing import Any

import socketio
from aiohttp import ClientSession

from server.app import App
from server.domain.accounts import bots
from tests.cast import PASSWORD, make_company, make_room, make_token
from tests.clients import Client, connected
from tests.conftest import Live

NEW = "ett-helt-annat-losenord"


async def ends(client: Client, reason: str) -> None:
    """The device is told why, and is disconnected."""
    assert await client.hears("session.ended") == [{"reason": reason}]
    await client.until(client.ended.is_set)


async def call(live: Live, method: str, path: str, token: str, **body: object) -> int:
    """The status of a request with that token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        ClientSession(live.url, headers=headers) as http,
        http.request(method, path, json=body or None) as answer,
    ):
        return answer.status


async def sign_in(live: Live, password: str, email: str = "birger@example.com") -> int:
    async with (
        ClientSession(live.url) as http,
        http.post("/api/session", json={"email": email, "password": password}) as answer,
    ):
        return answer.status


async def refusal(live: Live, token: str) -> str:
    """The problem that a handshake with that token is refused with."""
    client = socketio.AsyncClient(reconnection=False)
    said: list[dict[str, Any]] = []
    client.on("connect_error", said.append)
    try:
        await client.connect(live.url, auth={"token": token}, transports=["websocket"])
    except socketio.exceptions.ConnectionError:
        return said[0]["data"]["type"]
    await client.disconnect()
    return "let in"


async def forgive(app: App) -> None:
    """These tests all sign in from one address."""
    await app.throttle.clear("sign-in:ip:127.0.0.1")


async def test_who_is_blocked_is_out_at_once_on_every_device_and_door(two):
    first, second = two
    await forgive(first.app)
    cast = await make_company(first.app)
    room_id = await make_room(first.app, cast["astrid"], cast["birger"])
    admin = await make_token(first.app, cast["astrid"])
    tokens = [await make_token(first.app, cast["birger"]) for _ in range(3)]
    async with (
        connected(first.url, tokens[0], admin) as (phone, astrid),
        connected(second.url, tokens[1]) as (laptop,),
        connected(second.url, tokens[2], transports=["polling"]) as (old,),
    ):
        assert await call(second, "GET", "/api/me", tokens[1]) == 200
        path = f"/api/admin/people/{cast['birger'].id}/block"
        assert await call(first, "POST", path, admin) == 200
        for device in (phone, laptop, old):
            await ends(device, "blocked")
        await astrid.do("message.send", room_id=room_id, body="Nu är han ute", client_id="1")
        for live in two:
            for token in tokens:
                assert await call(live, "GET", "/api/me", token) == 401
                assert await call(live, "GET", f"/api/rooms/{room_id}/messages", token) == 401
            assert await refusal(live, tokens[0]) == "/problems/not-signed-in"
            assert await sign_in(live, PASSWORD) == 401
        for device in (phone, laptop, old):
            assert device.all("room.entry") == []

        assert await call(first, "POST", path.replace("block", "unblock"), admin) == 200
        assert await sign_in(second, PASSWORD) == 200
        assert await call(second, "GET", "/api/me", tokens[0]) == 401


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(two):
    first, second = two
    await forgive(first.app)
    cast = await make_company(first.app)
    here, there = [await make_token(first.app, cast["birger"]) for _ in range(2)]
    async with (
        connected(first.url, here) as (mine,),
        connected(second.url, there, there) as (laptop, tab),
    ):
        status = await call(first, "POST", "/api/password", here, current=PASSWORD, new=NEW)
        assert status == 204
        await ends(laptop, "password_changed")
        await ends(tab, "password_changed")
        assert (await mine.do("session.open"))["me"]["id"] == cast["birger"].id
        assert mine.all("session.ended") == []
        assert [await call(second, "GET", "/api/me", each) for each in (here, there)] == [200, 401]
        assert await sign_in(second, PASSWORD) == 401
        assert await sign_in(second, NEW) == 200


async def test_signing_out_everywhere_ends_every_device_this_one_too(two):
    first, second = two
    cast = await make_company(first.app)
    here, there, other = [
        await make_token(first.app, cast[name]) for name in ("birger", "birger", "astrid")
    ]
    async with (
        connected(first.url, here, other) as (mine, astrid),
        connected(second.url, there) as (laptop,),
    ):
        assert await call(second, "DELETE", "/api/sessions", here) == 204
        await ends(mine, "signed_out")
        await ends(laptop, "signed_out")
        assert [await call(first, "GET", "/api/me", each) for each in (here, there)] == [401, 401]
        assert astrid.all("session.ended") == []


async def test_signing_out_one_device_leaves_the_others(two):
    first, second = two
    cast = await make_company(first.app)
    here, there = [await make_token(first.app, cast["birger"]) for _ in range(2)]
    async with connected(second.url, there) as (laptop,), connected(first.url, here) as (mine,):
        async with (
            ClientSession(first.url, headers={"Authorization": f"Bearer {here}"}) as http,
            http.get("/api/sessions") as answer,
        ):
            devices = (await answer.json())["sessions"]
        [other] = [each["id"] for each in devices if not each["current"]]
        assert await call(first, "DELETE", f"/api/sessions/{other}", here) == 204
        await ends(laptop, "signed_out")
        assert [await call(second, "GET", "/api/me", each) for each in (here, there)] == [200, 401]
        assert mine.all("session.ended") == []


async def test_a_company_that_is_shut_out_is_out_with_everyone_in_it(two):
    first, second = two
    await forgive(first.app)
    cast = await make_company(first.app)
    operator = await first.app.stores.users.update(
        cast["cecilia"].id, "example.org", role="operator"
    )
    token = await make_token(first.app, operator)
    tokens = [await make_token(first.app, cast[name]) for name in ("astrid", "birger")]
    async with (
        connected(first.url, tokens[0]) as (astrid,),
        connected(second.url, tokens[1]) as (birger,),
    ):
        path = "/api/operator/orgs/example.com"
        assert await call(first, "PATCH", path, token, blocked=True) == 200
        await ends(astrid, "blocked")
        await ends(birger, "blocked")
        for live in two:
            assert [await call(live, "GET", "/api/me", each) for each in tokens] == [401, 401]
            assert await sign_in(live, PASSWORD) == 401
            assert await call(live, "GET", "/api/me", token) == 200


async def test_a_bots_token_that_is_taken_away_works_no_more(two):
    first, second = two
    cast = await make_company(first.app)
    admin = await make_token(first.app, cast["astrid"])
    bot = await bots.add(first.app, cast["astrid"], "Robot", None)
    made = await bots.add_token(first.app, cast["astrid"], bot.id, "Nyckel")
    async with connected(second.url, made["token"]) as (device,):
        path = f"/api/admin/bots/{bot.id}/tokens/{made['id']}"
        assert await call(first, "DELETE", path, admin) == 204
        await ends(device, "signed_out")
        for live in two:
            assert await call(live, "GET", "/api/rooms", made["token"]) == 401


async def test_who_loses_chat_with_their_plan_loses_their_rooms_at_once(two):
    first, second = two
    cast = await make_company(first.app)
    room_id = await make_room(first.app, cast["astrid"], cast["birger"])
    admin, token = [await make_token(first.app, cast[name]) for name in ("astrid", "birger")]
    async with connected(second.url, token) as (birger,):
        path = f"/api/admin/people/{cast['birger'].id}"
        assert await call(first, "PATCH", path, admin, plan="basic") == 200
        await ends(birger, "server_restart")
    async with connected(second.url, token) as (birger,), connected(first.url, admin) as (astrid,):
        answer = await birger.ask("room.history", {"room_id": room_id})
        assert answer["error"]["type"] == "/problems/not-allowed"
        await astrid.do("message.send", room_id=room_id, body="Hörs inte", client_id="1")
        await astrid.hears("room.entry")
        assert (await birger.do("session.open"))["rooms"] == []
        assert birger.all("room.entry") == []

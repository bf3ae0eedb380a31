"""Whatever is sent: the right problem in Swedish and English, and no trace in the log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import socketio
from yarl import URL

from server.domain import messages
from server.i18n import say
from tests.bad_calls import (
    FRAMES,
    HANDSHAKES,
    POLLED,
    RAW_HTTP,
    REQUESTS,
    ROOM,
    SOCKET_CALLS,
    Bad,
    BadRequest,
)
from tests.cast import make_company, make_room, make_token, make_user
from tests.clients import Client
from tests.conftest import Live, make_settings, run_server

LANGUAGES = ("sv", "en")
PATIENCE = aiohttp.ClientTimeout(total=20)


def ids(cases: Sequence[Any]) -> list[str]:
    """A number and a few words for each case."""
    named = [
        f"{each.command}-{each.culprit}"
        if isinstance(each, Bad)
        else f"{each.method}-{each.path}"
        if isinstance(each, BadRequest)
        else repr(each)
        for each in cases
    ]
    return [f"{number}-{name[:32]}" for number, name in enumerate(named)]


@dataclass(frozen=True)
class Place:
    """A server, a room on it, and a device and a token for each language."""

    live: Live
    room_id: str
    tokens: dict[str, str]
    devices: dict[str, Client]


@pytest.fixture(scope="module")
async def place(databases, tmp_path_factory):
    """One server for all of this file: bad input must not hurt it."""
    async with run_server(make_settings(databases, tmp_path_factory.mktemp("bad"))) as live:
        cast = await make_company(live.app)
        speaker = await make_user(live.app, "anglais", language="en")
        room_id = await make_room(live.app, cast["birger"], speaker)
        await messages.send(live.app, cast["birger"], room_id, "Hej", "first")
        people = {"sv": cast["birger"], "en": speaker}
        tokens = {locale: await make_token(live.app, user) for locale, user in people.items()}
        devices = {
            locale: await Client(live.url, token).connect() for locale, token in tokens.items()
        }
        yield Place(live, room_id, tokens, devices)
        for device in devices.values():
            await device.close()


@pytest.fixture(autouse=True)
async def unharmed(place, caplog):
    """After each: nobody wrote a trace or an error, and both devices are still served."""
    await place.live.app.throttle.clear("sign-in:ip:127.0.0.1")
    yield
    for device in place.devices.values():
        answer = await device.ask("room.history", {"room_id": place.room_id}, timeout=5)
        assert answer["ok"]
    bad = [
        f"{each.name}: {each.getMessage()}"
        for each in caplog.get_records("call")
        if each.exc_info or each.levelno >= logging.ERROR
    ]
    assert not bad, bad


def check(problem: dict[str, Any], locale: str, kind: str, status: int, field: str | None) -> None:
    """A whole problem, in that language."""
    assert problem["type"] == f"/problems/{kind}", problem
    assert problem["status"] == status, problem
    assert problem.get("field") == field, problem
    assert problem["title"] == say(f"problems.{kind}.title", locale)
    assert problem["detail"]
    assert "{" not in problem["detail"]


STATUS = {"invalid": 422, "not-found": 404, "not-allowed": 403}


@pytest.mark.parametrize("bad", SOCKET_CALLS, ids=ids(SOCKET_CALLS))
async def test_a_malformed_command_is_told_what_is_wrong(place, bad: Bad):
    said = []
    for locale in LANGUAGES:
        data = _placed(bad.data, place.room_id)
        answer = await place.devices[locale].ask(bad.command, data, timeout=5)
        assert answer["ok"] is False, answer
        check(answer["error"], locale, bad.kind, STATUS[bad.kind], bad.culprit)
        said.append(answer["error"]["detail"])
    assert said[0] != said[1]


@pytest.mark.parametrize("bad", REQUESTS, ids=ids(REQUESTS))
async def test_a_malformed_request_is_told_what_is_wrong(place, bad: BadRequest):
    said = []
    for locale in LANGUAGES:
        headers = {"Accept-Language": locale, **bad.headers}
        if bad.signed_in:
            headers["Authorization"] = f"Bearer {place.tokens[locale]}"
        body = {"data": bad.body} if isinstance(bad.body, bytes) else {"json": bad.body}
        url = URL(place.live.url + bad.path.replace(ROOM, place.room_id), encoded=True)
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as http,
            http.request(bad.method, url, headers=headers, **body) as answer,
        ):
            assert answer.status == bad.status, await answer.text()
            assert answer.content_type == "application/problem+json"
            problem = await answer.json()
            check(problem, locale, bad.kind, bad.status, bad.culprit)
            said.append(problem["detail"])
            assert (bad.status == 405) == ("Allow" in answer.headers)
    assert said[0] != said[1]


def test_the_tables_are_long_enough():
    assert len(SOCKET_CALLS) + len(REQUESTS) + len(FRAMES) + len(POLLED) >= 200


# Below Socket.IO


def hello(place: Place) -> str:
    """Socket.IO's CONNECT with a good token."""
    return f'40{{"token":"{place.tokens["sv"]}"}}'


@contextlib.asynccontextmanager
async def raw_socket(place: Place):
    """A WebSocket that has shaken hands as Engine.IO and Socket.IO want it."""
    url = f"{place.live.url}/socket.io/?EIO=4&transport=websocket"
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as http,
        http.ws_connect(url, max_msg_size=0) as ws,
    ):
        assert (await ws.receive_str()).startswith("0{")
        await ws.send_str(hello(place))
        assert (await ws.receive_str()).startswith("40{")
        yield ws


@pytest.mark.parametrize("frame", FRAMES, ids=ids(FRAMES))
async def test_a_garbled_frame_is_ignored_or_ends_its_own_connection_only(place, frame):
    async with raw_socket(place) as ws:
        if isinstance(frame, bytes):
            await ws.send_bytes(frame)
        else:
            await ws.send_str(frame)
        with contextlib.suppress(ConnectionError):
            await ws.send_str(f'427["room.typing",{{"room_id":"{place.room_id}"}}]')
        async with asyncio.timeout(10):
            async for message in ws:
                if message.data.startswith("437["):
                    break


@pytest.mark.parametrize("data", ["{", "[1", '"', '["message.send",{"body":"\\ud800"}]', "[7]"])
async def test_a_frame_that_asks_for_an_ack_is_told_that_it_is_not_json(place, data):
    async with raw_socket(place) as ws:
        await ws.send_str(f"425{data if data[0] == '[' else '[' + data}")
        async with asyncio.timeout(10):
            async for message in ws:
                if message.data.startswith("435["):
                    assert '"/problems/invalid"' in message.data
                    return
    pytest.fail("no ack came")


@pytest.mark.parametrize("body", POLLED, ids=ids(POLLED))
async def test_a_garbled_poll_is_refused_or_ignored(place, body):
    url = f"{place.live.url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession(timeout=PATIENCE) as http:
        async with http.get(url) as opened:
            sid = (await opened.text()).split('"sid":"')[1].split('"')[0]
        async with http.post(f"{url}&sid={sid}", data=hello(place)) as answer:
            assert answer.status == 200
        async with http.post(f"{url}&sid={sid}", data=body) as answer:
            assert answer.status in (200, 400), await answer.text()


@pytest.mark.parametrize(("method", "query"), HANDSHAKES, ids=ids(HANDSHAKES))
async def test_a_garbled_handshake_is_a_400(place, method, query):
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as http,
        http.request(method, f"{place.live.url}/socket.io/?{query}") as answer,
    ):
        assert 400 <= answer.status < 500, await answer.text()


@pytest.mark.parametrize("sent", RAW_HTTP, ids=ids(RAW_HTTP))
async def test_what_is_not_http_is_a_400(place, sent):
    host, _, port = urlsplit(place.live.url).netloc.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read(200)
    writer.close()
    assert not answer or answer.split(b" ")[1][:1] == b"4", answer
    assert b"Traceback" not in answer


# Who is asking


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(
    "auth",
    [None, {}, {"token": ""}, {"token": 5}, {"token": "x" * 300}, {"token": "å"}, "text", []],
)
async def test_a_handshake_without_a_good_token_is_refused_with_a_problem(place, auth, locale):
    problem = await refusal(place, auth, {"Accept-Language": locale})
    check(problem, locale, "not-signed-in", 401, None)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "", "x"])
async def test_a_foreign_page_cannot_use_the_cookie(place, origin):
    cookie = {"Cookie": f"vaxel_session={place.tokens['sv']}", "Origin": origin}
    assert (await refusal(place, None, cookie))["type"] == "/problems/not-signed-in"
    cookie["Authorization"] = "Basic YTpi"  # no token, so it is still the cookie that counts
    async with aiohttp.ClientSession(place.live.url, headers=cookie, timeout=PATIENCE) as http:
        async with http.post("/api/rooms", json={"name": "x", "member_ids": []}) as answer:
            assert answer.status == 403
            check(await answer.json(), "sv", "not-allowed", 403, None)
        async with http.delete("/api/session") as answer:
            assert answer.status == 403


@pytest.mark.parametrize("cookie", ["vaxel_session", "=", "vaxel_session=å", '"', "a=b; ;;; =c"])
async def test_a_broken_cookie_is_nobody(place, cookie):
    problem = await refusal(place, None, {"Cookie": cookie})
    assert problem["type"] == "/problems/not-signed-in"


async def refusal(place: Place, auth: Any, headers: dict[str, str]) -> dict[str, Any]:
    """The problem that a handshake is refused with."""
    client = socketio.AsyncClient(reconnection=False)
    said: list[Any] = []
    client.on("connect_error", said.append)
    with contextlib.suppress(socketio.exceptions.ConnectionError):
        await client.connect(place.live.url, headers=headers, auth=auth, transports=["websocket"])
        await client.disconnect()
    assert said, "was let in"
    found: dict[str, Any] = said[0]["data"]
    return found


def _placed(node: Any, room_id: str) -> Any:
    if node == ROOM:
        return room_id
    if isinstance(node, dict):
        return {_placed(key, room_id): _placed(value, room_id) for key, value in node.items()}
    return node

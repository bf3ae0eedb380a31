"""Two processes' worth of servers on two ports: whichever is asked, the owner answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import socketio
from aiohttp import web

from server.ports import socket_dir, socket_path
from server.sticky import new_sid, owner, sticky

POLL = "/socket.io/?EIO=4&transport=polling"


@pytest.mark.parametrize(
    ("sid", "index"),
    [(new_sid(0), 0), (new_sid(12), 12), ("abc", None), ("p.x", None), ("px.y", None), ("", None)],
)
def test_a_session_id_tells_its_process(sid, index):
    assert owner(sid) == index


def test_a_deep_data_folder_still_gives_a_path_that_a_unix_socket_may_have(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)

    assert len(str(socket_path(socket_dir(deep), 12))) <= 107
    assert socket_dir(deep) == socket_dir(deep)
    assert socket_dir(deep) != socket_dir(deep / "z")


async def test_a_polling_client_is_served_whichever_process_it_reaches(pair):
    http, first, second = pair
    sid = await _open(http, first)

    assert await _post(http, second, sid, "40") == (200, "ok")
    assert (await _get(http, second, sid)).startswith('40{"sid":')
    assert await _post(http, second, sid, '42["say","hej på dig"]') == (200, "ok")
    assert json.loads((await _get(http, second, sid))[2:]) == ["said", "hej på dig"]


async def test_a_client_may_change_to_websocket_through_the_other_process(pair):
    http, first, second = pair
    sid = await _open(http, first)
    await _post(http, first, sid, "40")
    await _get(http, first, sid)

    address = f"{second}/socket.io/?EIO=4&transport=websocket&sid={sid}"
    async with http.ws_connect(address, compress=15) as socket:
        await socket.send_str("2probe")
        assert await socket.receive_str() == "3probe"
        await socket.send_str("5")
        await socket.send_str('42["say","hej"]')
        heard = [await socket.receive_str(timeout=3) for _ in range(2)]
        assert heard == ["6", '42["said","hej"]']  # what flushes the poll, then the answer


@pytest.mark.parametrize("sid", ["p7.gone", "nobodys", "p0.gone"])
async def test_a_session_of_no_living_process_is_refused_as_engine_io_does(pair, sid):
    http, _first, second = pair

    async with http.get(f"{second}{POLL}&sid={sid}") as answer:
        assert answer.status == 400
        words = json.loads(await answer.text())
        # The second is how the library itself says it.
        assert words in ({"code": 1, "message": "Session ID unknown"}, f"Invalid session {sid}")


async def test_a_sibling_that_died_and_left_its_socket_is_refused_too(pair, tmp_path):
    http, _first, second = pair
    socket_path(socket_dir(tmp_path), 5).touch()

    async with http.get(f"{second}{POLL}&sid=p5.gone") as answer:
        assert answer.status == 400


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[aiohttp.ClientSession, str, str]]:
    """A client and the addresses of processes 0 and 1."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        run_dir = socket_dir(tmp_path)
        run_dir.mkdir()
        first = await stack.enter_async_context(_process(0, run_dir))
        second = await stack.enter_async_context(_process(1, run_dir))
        yield http, first, second


@asynccontextmanager
async def _process(index: int, run_dir: Path) -> AsyncIterator[str]:
    sio = socketio.AsyncServer(async_mode="aiohttp")
    sio.eio.generate_id = lambda: new_sid(index)

    @sio.on("say")
    async def say(sid, words):
        await sio.emit("said", words, to=sid)

    app = web.Application(middlewares=[sticky(index, run_dir)])
    sio.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, str(socket_path(run_dir, index))).start()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = next(address[1] for address in runner.addresses if isinstance(address, tuple))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await sio.shutdown()
        await runner.cleanup()


async def _open(http: aiohttp.ClientSession, address: str) -> str:
    async with http.get(f"{address}{POLL}") as answer:
        sid: str = json.loads((await answer.text())[1:])["sid"]
        return sid


async def _post(
    http: aiohttp.ClientSession, address: str, sid: str, packet: str
) -> tuple[int, str]:
    async with http.post(f"{address}{POLL}&sid={sid}", data=packet.encode()) as answer:
        return answer.status, (await answer.text()).lower()


async def _get(http: aiohttp.ClientSession, address: str, sid: str) -> str:
    async with http.get(f"{address}{POLL}&sid={sid}") as answer:
        return await answer.text()

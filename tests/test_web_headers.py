"""What a browser is told about the pages that it gets: no inline script, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from server.http.web import DIST
from tests.cast import PASSWORD, make_company
from tests.conftest import make_settings, run_server

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture(scope="module")
async def place(databases, tmp_path_factory):
    async with run_server(make_settings(databases, tmp_path_factory.mktemp("web"))) as live:
        yield live


@pytest.fixture
async def http(place):
    async with ClientSession(place.url, cookie_jar=CookieJar(unsafe=True)) as found:
        yield found


def test_the_client_is_built():
    assert (DIST / "index.html").is_file(), "make web"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/rooms/x",
        "/sw.js",
        "/manifest.webmanifest",
        "/api/config",
        "/api/docs",
        "/api/nope",
        "/health/live",
        "/missing.js",
        "/socket.io/?EIO=4&transport=polling",
    ],
)
async def test_every_answer_is_guarded(http, path):
    async with http.get(path) as answer:
        for name, value in EVERY_ANSWER.items():
            assert answer.headers[name] == value
        assert answer.headers["Server"] == "vaxel"  # and not which versions of what
        assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/", "/rooms/x", "/index.html"])
async def test_pages_may_run_nothing_inline_and_load_nothing_from_elsewhere(http, path):
    async with http.get(path) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        policy = dict(
            part.strip().split(" ", 1)
            for part in answer.headers["Content-Security-Policy"].split(";")
        )
        page = await answer.text()
    assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == "'self'"
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == "'none'"
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


async def test_what_the_page_loads_is_there_and_kept_for_good(http):
    async with http.get("/") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        page = await answer.text()
    found = re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page)
    assert any(path.startswith("/assets/") for path in found)
    for path in found:
        async with http.get(path) as answer:
            assert answer.status == 200, path
            kept = answer.headers["Cache-Control"]
            assert ("immutable" in kept) == path.startswith("/assets/"), path


async def test_a_page_that_is_at_hand_is_not_sent_again(http):
    async with http.get("/index.html") as answer:
        mark = answer.headers["ETag"]
    async with http.get("/index.html", headers={"If-None-Match": mark}) as answer:
        assert answer.status == 304


@pytest.mark.parametrize("path", ["/api/config", "/api/me", "/api/nope", "/health/live"])
async def test_answers_of_the_api_are_kept_nowhere(http, path):
    async with http.get(path) as answer:
        kept = answer.headers.get("Cache-Control", "")
        assert kept == "no-store" or path.startswith("/health")


async def test_the_page_of_the_api_needs_no_script(http):
    async with http.get("/api/docs") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert "<style" not in await answer.text()


@pytest.mark.parametrize(
    "path",
    [
        "/../server/settings.py",
        "/..%2fserver%2fsettings.py",
        "/assets/../../package.json",
        "//etc/passwd",
        "/%2fetc%2fpasswd.txt",
        "/assets/..%5c..%5cpackage.json",
    ],
)
async def test_nothing_outside_the_client_is_served(place, http, path):
    async with http.get(URL(place.url + path, encoded=True)) as answer:
        text = await answer.text()
        assert answer.status == 404 or answer.content_type == "text/html"
    assert "root:" not in text
    assert "VAXEL_" not in text
    assert '"dependencies"' not in text


@pytest.mark.parametrize("public_url", [None, "https://chat.example.com"])
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    databases, tmp_path, public_url
):
    settings = make_settings(databases, tmp_path, public_url=public_url)
    async with run_server(settings) as live, ClientSession(live.url) as http:
        await live.app.throttle.clear("sign-in:ip:127.0.0.1")
        await make_company(live.app)
        body = {"email": "birger@example.com", "password": PASSWORD}
        async with http.post("/api/session", json=body) as answer:
            assert answer.status == 200
            cookie = answer.headers["Set-Cookie"]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert ("Secure" in parts) == (public_url is not None)


@pytest.mark.parametrize(
    ("origin", "status"),
    [(None, 204), ("self", 204), ("https://evil.example", 403), ("null", 403), ("http://[", 403)],
)
async def test_only_pages_of_ours_act_with_the_cookie(place, http, origin, status):
    app = place.app
    if await app.stores.orgs.find("example.com") is None:
        await make_company(app)
    await app.throttle.clear("sign-in:ip:127.0.0.1")
    body = {"email": "birger@example.com", "password": PASSWORD}
    async with http.post("/api/session", json=body) as answer:
        assert answer.status == 200
    headers = {} if origin is None else {"Origin": place.url if origin == "self" else origin}
    async with http.delete("/api/session", headers=headers) as answer:
        assert answer.status == status

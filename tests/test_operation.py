"""What operators look at: logs and numbers."""

from __future__ import annotations

import json
import logging
import sys

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from server import logs, metrics


def test_a_log_line_is_json_with_event_fields_request_and_trace():
    token = logs.request_id.set("request-1")
    try:
        int("no room")
    except ValueError:
        record = logging.LogRecord(
            "vaxel.rooms", logging.ERROR, "rooms.py", 1, "room.failed", None, sys.exc_info()
        )
        record.room_id = "r1"
    line = json.loads(logs.JsonFormatter().format(record))
    logs.request_id.reset(token)

    assert line["event"] == "room.failed"
    assert line["level"] == "error"
    assert line["room_id"] == "r1"
    assert line["request_id"] == "request-1"
    assert line["trace"].endswith("base 10: 'no room'")
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize("given", ["from-proxy-17", "0123456789abcdef"])
async def test_a_request_keeps_the_id_that_a_proxy_gave_it(given):
    async with _client() as client:
        answer = await client.get("/", headers={logs.HEADER: given})

        assert answer.headers[logs.HEADER] == given
        assert await answer.text() == given


@pytest.mark.parametrize("given", ["", "short", 'quote"{}', "x" * 65])
async def test_a_request_gets_an_id_of_ours_instead_of_a_strange_one(given):
    async with _client() as client:
        answer = await client.get("/", headers={logs.HEADER: given})

        assert answer.headers[logs.HEADER] != given
        assert len(answer.headers[logs.HEADER]) == 16


def test_numbers_of_several_processes_become_one_text():
    merged = metrics.merge({0: _numbers(1), 1: _numbers(2)}).decode()

    assert 'sent_total{kind="a\\"b",process="0"} 1.0' in merged
    assert 'sent_total{kind="a\\"b",process="1"} 2.0' in merged
    assert 'seconds_bucket{le="1.0",process="1"} 2.0' in merged
    assert 'seconds_count{process="0"} 1.0' in merged
    assert 'open{process="1"} 2.0' in merged
    for family in ("sent_total counter", "seconds histogram", "open gauge"):
        assert merged.count(f"# TYPE {family}") == 1


async def test_requests_are_timed_under_their_route_never_their_address():
    app = web.Application(middlewares=[metrics.timed])
    app.router.add_get("/people/{id}", _ok)
    async with TestClient(TestServer(app)) as client:
        await client.get("/people/astrid")
        await client.get("/nowhere/at/all")

    text = metrics.own_numbers().decode()
    assert 'route="/people/{id}",status="200"' in text
    assert 'route="unknown",status="404"' in text
    assert "astrid" not in text


async def _ok(_request: web.Request) -> web.Response:
    return web.Response()


def _client() -> TestClient[web.Request, web.Application]:
    async def show(request: web.Request) -> web.Response:
        return web.Response(text=request["request_id"])

    app = web.Application(middlewares=[logs.request_ids])
    app.on_response_prepare.append(logs.add_request_id)
    app.router.add_get("/", show)
    return TestClient(TestServer(app))


def _numbers(amount: int) -> str:
    registry = CollectorRegistry()
    sent = Counter("sent_total", "Sent.", ["kind"], registry=registry)
    seconds = Histogram("seconds", "Seconds.", registry=registry, buckets=(1, 2))
    Gauge("open", "Open.", registry=registry).set(amount)
    for _ in range(amount):
        sent.labels('a"b').inc()
        seconds.observe(0.5)
    return generate_latest(registry).decode()


async def test_the_log_is_counted_by_entries_and_by_commits(live):
    async with aiohttp.ClientSession() as http, http.get(f"{live.url}/metrics") as answer:
        text = await answer.text()

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'vaxel_entries_total{process="0"} 0.0' in text
    assert 'vaxel_commits_total{process="0"} 0.0' in text


async def test_without_a_worker_the_server_lives_but_is_not_ready_and_says_which_part(live):
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{live.url}/health/live") as answer:
            assert (answer.status, await answer.json()) == (200, {"status": "ok"})
        async with http.get(f"{live.url}/health/ready") as answer:
            parts = {"status": "down", "mongo": "ok", "redis": "ok", "worker": "down"}
            assert (answer.status, await answer.json()) == (503, parts)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/metrics", {"X-Forwarded-For": "192.0.2.7"}, 401),  # a proxy's loopback is not ours
        ("/internal/metrics", {}, 404),
    ],
)
async def test_numbers_are_for_operators(live, path, headers, status):
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{live.url}{path}", headers=headers) as answer,
    ):
        assert answer.status == status

"""The description of the HTTP side: complete, and true under thousands of generated requests."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from server import serve
from server.domain import messages
from server.http import openapi, outputs
from server.http.describe import description_of
from tests.callers import Caller, calling
from tests.cast import make_company, make_room, make_token

# What answers no client: for providers and browsers that they send back, for a sibling process, and
# a page's style, the web client's own files.
UNDESCRIBED = {
    "/oauth/{provider}/callback",
    "/hooks/microsoft",
    "/hooks/microsoft/lifecycle",
    "/hooks/google",
    "/internal/metrics",
    "/api/docs.css",
    "/{path}",
    "/socket.io/",
}
# What a run must not do to itself: sign out the session that it works with, or be slowed down.
LEFT_OUT = (
    *("/api/session", "/api/sessions", "/api/sessions/{session_id}"),
    "/health/ready",  # no worker runs beside this test
)
USED_UP = (
    *("/api/rooms/{room_id}/leave", "/api/rooms/{room_id}/members/{user_id}"),
    "/api/admin/people/{user_id}/block",
)
EXAMPLES = 4
OUR_IDS = """
[parameters]
"path.room_id" = "{room_id}"
"path.user_id" = "{user_id}"
"path.seq" = 2
"""
CONFIG = """
[[operations]]  # which message is there to be replied to, no schema can say
include-name = "POST /api/rooms/{room_id}/messages"
checks.positive_data_acceptance.enabled = false

[[operations]]  # nor which bytes are a recording
include-name = "PUT /api/me/recorded-name"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-name = "PUT /api/admin/clips/{language}/{key}"
checks.positive_data_acceptance.enabled = false

[[operations]]  # nor where there is a calendar
include-name = "POST /api/connections/caldav"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /api/connections/exchange"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /api/connections/ics"
checks.positive_data_acceptance.enabled = false

[[operations]]  # nor what a service account's file holds
include-name = "PUT /api/admin/integrations/google"
checks.positive_data_acceptance.enabled = false

[[operations]]  # nor which kinds of number go with which numbers
include-name = "PUT /api/admin/numbers/{number}"
checks.positive_data_acceptance.enabled = false

[[operations]]  # nor that there is an end to how many there may be
include-name = "POST /api/activities"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /api/admin/activities"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /api/admin/pbx"
checks.positive_data_acceptance.enabled = false
"""


@pytest.fixture(scope="module")
def described():
    application = web.Application()
    for table in serve.TABLES:
        application.add_routes(table.routes)
    return openapi.document(openapi.described(application))


def test_every_route_is_described():
    application = web.Application()
    for table in serve.TABLES:
        application.add_routes(table.routes)
    missing = {
        route.resource.canonical if route.resource else ""
        for route in application.router.routes()
        if description_of(route.handler) is None
    }
    assert missing <= UNDESCRIBED


def test_every_operation_has_a_name_a_summary_and_its_problems(described):
    names = []
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            names.append(said["operationId"])
            assert said["summary"], (method, path)
            assert said["tags"], (method, path)
            in_path = {each["name"] for each in said["parameters"] if each["in"] == "path"}
            assert in_path == set(re.findall(r"{(\w+)}", path)), path
            assert said["security"] == [] or "401" in said["responses"], path
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(described):
    names = set(described["components"]["schemas"])
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)))
    assert found <= names
    assert all("." not in name for name in names)  # one name, one type


async def test_the_page_shows_every_operation_without_a_script(live):
    async with calling(live.url) as http:
        stranger = Caller(http, live.url)
        page = await stranger.get("/api/docs")
        document = (await stranger.get("/api/openapi.json")).data
        style = await stranger.get("/api/docs.css")

    text = page.data.decode()
    assert page.status == style.status == 200
    assert "<script" not in text
    assert "style=" not in text
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    for path in document["paths"]:
        assert f'<span class="path">{path}</span>' in text


async def test_answers_are_as_described(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        astrid = Caller(http, live.url, await make_token(live.app, cast["astrid"]))
        for path, kind in (
            ("/api/me", outputs.Me),
            ("/api/config", outputs.Config),
            ("/api/people", outputs.People),
            ("/api/sessions", outputs.Devices),
            ("/api/admin/people", outputs.AdminPeople),
            ("/api/admin/audit", outputs.AuditNotes),
            ("/api/admin/bots", outputs.Bots),
            ("/api/admin/org", outputs.Company),
        ):
            data = (await astrid.get(path)).data
            read = msgspec.convert(data, kind)
            assert msgspec.to_builtins(read) == data  # nothing missing, nothing more


@pytest.mark.parametrize("ours", [False, True], ids=["any ids", "ids of ours"])
async def test_generated_requests_find_nothing(live, tmp_path, ours):
    """Ids of any kind lead to refusals; ids of ours to the answers themselves."""
    cast = await make_company(live.app)
    room_id = await make_room(live.app, cast["astrid"], cast["birger"])
    for body in ("Hej", "Hopp"):
        await messages.send(live.app, cast["astrid"], room_id, body, body)
    token = await make_token(live.app, cast["astrid"])
    given = OUR_IDS.format(room_id=room_id, user_id=cast["birger"].id) if ours else ""
    config = tmp_path / "schemathesis.toml"
    config.write_text(given + CONFIG)
    left_out = LEFT_OUT + (USED_UP if ours else ())
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(config)),
        *("run", f"{live.url}/api/openapi.json"),
        *("-H", f"Authorization: Bearer {token}"),
        *("--max-examples", str(EXAMPLES), "--seed", "1", "--no-color", "--continue-on-failure"),
        *("--phases", "fuzzing" if ours else "examples,coverage,fuzzing"),
        *(part for path in left_out for part in ("--exclude-path", path)),
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-8000:]

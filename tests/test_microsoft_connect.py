"""Connecting Microsoft as people and administrators do it: there, back, and away again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, DummyCookieJar

from standins.graph.server import Graph
from tests.cast import make_company, make_token
from tests.conftest import Live, run_server
from tests.microsoft import ASTRID, BIRGER, graph_with_people


@dataclass
class Browser:
    """Somebody's browser, signed in to Växel."""

    live: Live
    graph: Graph
    http: ClientSession
    token: str

    async def api(self, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.live.url}{path}"
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None

    async def back(self, answer: dict[str, str]) -> str:
        """Follow the provider's answer to our callback: where that leads to."""
        url = f"{self.live.url}/oauth/microsoft/callback"
        cookies = {"Cookie": f"vaxel_session={self.token}"}
        async with self.http.get(
            url, params=answer, headers=cookies, allow_redirects=False
        ) as found:
            assert found.status == 303
            return found.headers["Location"]

    async def connections(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.api("GET", "/api/connections"))["connections"]
        return found


@pytest.fixture
async def browsers(settings, tmp_path) -> AsyncIterator[dict[str, Browser]]:
    async with graph_with_people(tmp_path) as graph:
        settings = replace(settings, **graph.settings())
        async with (
            run_server(settings) as live,
            ClientSession(cookie_jar=DummyCookieJar()) as http,
        ):
            cast = await make_company(live.app)
            yield {
                handle: Browser(live, graph, http, await make_token(live.app, cast[handle]))
                for handle in ("astrid", "birger", "cecilia")
            }


async def test_a_person_connects_there_and_back_and_away_again(browsers):
    birger = browsers["birger"]
    url = (await birger.api("POST", "/api/connections/microsoft/begin"))["url"]
    answer = await birger.graph.click(url, BIRGER)
    assert "connect_error=state" in await birger.back({**answer, "state": "another"})
    assert "connect_error=state" in await browsers["cecilia"].back(answer)
    there = await birger.back(answer)

    assert there.startswith("/?connected=")
    [kept] = await birger.connections()
    assert (kept["account"], kept["company"]) == (BIRGER, False)
    assert [each["name"] for each in kept["calendars"] if each["counts"]] == ["Calendar"]
    assert "connect_error=state" in await birger.back(answer)  # it counts once
    await birger.api("DELETE", f"/api/connections/{kept['id']}")
    assert not await birger.connections()
    database = birger.live.app.stores.database
    assert await database["connections"].count_documents({}) == 0


async def test_who_says_no_is_not_connected(browsers):
    birger = browsers["birger"]
    url = (await birger.api("POST", "/api/connections/microsoft/begin"))["url"]
    answer = await birger.graph.click(url, BIRGER, "cancel")

    assert "connect_error=refused" in await birger.back(answer)
    assert not await birger.connections()


async def test_an_administrator_connects_the_company_in_two_trips(browsers):
    astrid = browsers["astrid"]
    begun = await astrid.api("POST", "/api/connections/microsoft/begin", company=True)
    onward = await astrid.back(await astrid.graph.click(begun["url"], ASTRID))
    assert urlsplit(onward).path.endswith("/oauth2/v2.0/authorize")
    there = await astrid.back(await astrid.graph.click(onward, ASTRID))

    assert there.startswith("/?connected=")
    found = (await astrid.api("GET", "/api/admin/integrations"))["providers"]
    microsoft = next(each for each in found if each["provider"] == "microsoft")
    assert microsoft["company"]["account"] == "example.com"


async def test_another_companys_tenant_cannot_be_taken_by_writing_its_name(browsers):
    astrid, cecilia = browsers["astrid"], browsers["cecilia"]
    begun = await astrid.api("POST", "/api/connections/microsoft/begin", company=True)
    answer = await astrid.graph.click(begun["url"], ASTRID)
    begun = await cecilia.api("POST", "/api/connections/microsoft/begin", company=True)
    state = dict(each.split("=") for each in urlsplit(begun["url"]).query.split("&"))["state"]
    onward = await cecilia.back({**answer, "state": state})
    other = cecilia.graph.add_tenant("example.org")
    cecilia.graph.add_account("cecilia@example.org", tenant=other, admin=True)
    there = await cecilia.back(await cecilia.graph.click(onward, "cecilia@example.org"))

    assert "connect_error=refused" in there

"""Connecting Microsoft and CalDAV over HTTP as people do, with real servers at the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from server.boot import now
from server.domain.calendars import company, people
from server.embedded import radicale
from standins.graph.server import Graph
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import run_server
from tests.engine import Engine, open_engine
from tests.microsoft import ASTRID, BIRGER, graph_with_people
from tests.radicale import radicale_at

HOUR = timedelta(hours=1)
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nFN:Basse Ek\r\nN:Ek;Basse;;;\r\n"
    "TEL;TYPE=CELL:070-174 06 07\r\nEND:VCARD\r\n"
)


@dataclass
class Office:
    engine: Engine
    graph: Graph
    url: str
    http: Any
    cast: dict[str, Any]
    tokens: dict[str, str]

    def caller(self, who: str) -> Caller:
        return Caller(self.http, self.url, self.tokens[who])

    async def consent(self, who: str, address: str, button: str = "accept", **wish: Any) -> Any:
        """There and back in *who*'s browser, as often as it takes: (what, which)."""
        begun = await self.caller(who).post("/api/connections/microsoft/begin", wish)
        assert begun.status == 200, begun
        location = begun.data["url"]
        while location.startswith(self.graph.url):
            answer = await self.graph.click(location, address, button)
            async with self.http.get(
                f"{self.url}/oauth/microsoft/callback",
                params=answer,
                headers={"Cookie": f"vaxel_session={self.tokens[who]}"},
                allow_redirects=False,
            ) as sent:
                assert sent.status == 303
                location = sent.headers["Location"]
        [(what, [which])] = parse_qs(urlsplit(location).query).items()
        return what, which

    async def sync(self, who: str) -> str:
        """The worker's rounds over *who*'s mailbox, contacts too; what colleagues see then."""
        user = self.cast[who]
        for each in await self.engine.app.stores.mailboxes.of_user(user.org_id, user.id):
            await self.engine.sync_now(each)
            await people.sync_people(self.engine.app, each.id)
        return await self.engine.activity_of(user)

    async def connections(self, who: str) -> list[dict[str, Any]]:
        return list((await self.caller(who).get("/api/connections")).data["connections"])

    async def book(self, who: str) -> list[tuple[str, list[str], list[str]]]:
        """Own contacts: name, numbers, where they come from."""
        found = (await self.caller(who).get("/api/contacts?scope=personal")).data["contacts"]
        return [
            (
                each["name"],
                [phone["e164"] for phone in each["phones"]],
                [source["provider"] for source in each["sources"]],
            )
            for each in found
        ]


@asynccontextmanager
async def office_at(settings: Any, folder: Any) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        graph = await stack.enter_async_context(graph_with_people(folder))
        own = replace(settings, **graph.settings(), private_networks=True)
        live = await stack.enter_async_context(run_server(own))
        engine = await stack.enter_async_context(open_engine(own, clock=now))
        cast = await make_company(engine.app)
        tokens = {name: await make_token(engine.app, user) for name, user in cast.items()}
        http = await stack.enter_async_context(calling(live.url))
        yield Office(engine, graph, live.url, http, cast, tokens)


@pytest.fixture
async def office(settings, tmp_path):
    async with office_at(settings, tmp_path) as found:
        yield found


async def test_microsoft_is_connected_synced_and_ended(office):
    box = office.graph.mailbox(BIRGER)
    box.add(now() - HOUR, now() + HOUR, "Möte")
    box.add_contact(displayName="Cecilia Berg", mobilePhone="070-174 06 06")
    what, connection_id = await office.consent("birger", BIRGER)
    assert what == "connected"
    [shown] = await office.connections("birger")
    assert (shown["id"], shown["account"], shown["trouble"]) == (connection_id, BIRGER, None)
    assert [each["primary"] for each in shown["calendars"] if each["counts"]] == [True]
    assert await office.sync("birger") == "meeting"
    assert [each["status"] for each in await office.connections("birger")] == ["synced"]
    assert await office.book("birger") == [("Cecilia Berg", ["+46701740606"], ["microsoft"])]

    gone = await office.caller("birger").delete(f"/api/connections/{connection_id}")
    assert gone.status == 204
    assert await office.sync("birger") != "meeting"
    assert await office.book("birger") == []
    for name in ("connections", "mailboxes", "occurrences", "cursors"):
        database = office.engine.app.stores.database
        assert await database[name].count_documents({}) == 0, name


async def test_who_says_no_at_microsoft_is_told_so(office):
    assert await office.consent("birger", BIRGER, "refuse") == ("connect_error", "refused")
    assert await office.connections("birger") == []


async def test_a_company_lets_microsofts_mailboxes_in_by_its_administrator_alone(office):
    assert (await office.consent("astrid", BIRGER, company=True))[0] == "connect_error"
    office.graph.mailbox(BIRGER).add(now() - HOUR, now() + HOUR, "Möte")

    what, connection_id = await office.consent("astrid", ASTRID, company=True)

    assert what == "connected"
    await company.adopt(office.engine.app, connection_id)
    assert await office.sync("birger") == "meeting"
    assert await office.connections("rebecka") == []  # who has no mailbox there
    page = (await office.caller("astrid").get("/api/admin/integrations")).data
    [microsoft] = [each for each in page["providers"] if each["provider"] == "microsoft"]
    assert microsoft["company"]["status"] == "synced"
    assert (microsoft["counts"]["connected"], microsoft["counts"]["synced"]) == (2, 1)
    ended = await office.caller("astrid").delete("/api/admin/integrations/microsoft")
    assert ended.status == 204
    assert await office.sync("birger") != "meeting"


async def test_caldav_is_connected_by_an_address_and_brings_contacts(office, tmp_path):
    async with radicale_at(tmp_path / "dav") as server:
        account = server.person("birger@example.com")
        typed = account.credentials
        caller = office.caller("birger")
        for wrong, field in (
            ({"password": "fel"}, "password"),
            ({"address": "http://127.0.0.1:1/"}, "address"),
            ({"address": office.url}, "address"),
        ):
            refused = await caller.post("/api/connections/caldav", typed | wrong)
            assert (refused.status, refused.data["field"]) == (422, field), wrong
        made = await caller.post("/api/connections/caldav", typed)
        assert made.status == 201, made
        assert [each["counts"] for each in made.data["calendars"]].count(True) == 1
        await account.put("a.vcf", CARD, radicale.BOOK)
        await office.sync("birger")
        assert await office.book("birger") == [("Basse Ek", ["+46701740607"], ["caldav"])]
        [shown] = await office.connections("birger")
        assert (shown["status"], shown["account"]) == ("synced", "birger@example.com")
        path = f"/api/connections/{shown['id']}"
        again = await caller.call("PUT", f"{path}/password", json={"password": "fel"})
        assert (again.status, again.data["field"]) == (422, "password")
        password = {"password": typed["password"]}
        assert (await caller.call("PUT", f"{path}/password", json=password)).status == 200
        assert (await caller.delete(path)).status == 204
        assert await office.book("birger") == []

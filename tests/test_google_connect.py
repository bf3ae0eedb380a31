"""Connecting Google as people and administrators do: browser, consent, contacts, and the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE
from server.boot import now
from server.domain.calendars import company, people
from server.domain.contacts import contacts
from standins import tls
from standins.google.__main__ import CLIENT
from standins.google.server import Google
from standins.pki import Authority, make_authority
from storage.models import User
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import run_server
from tests.engine import Engine, open_engine
from tests.google import ASTRID, BIRGER, click, google_of, settings_of

HOUR = timedelta(hours=1)
CALLBACK = "/oauth/google/callback"
NUMBER = {"value": "070-174 06 05", "canonicalForm": "+46701740605", "type": "mobile"}


@dataclass
class Office:
    """A server behind https, its worker's work done by hand, and Google."""

    engine: Engine
    google: Google
    authority: Authority
    url: str
    http: Any
    cast: dict[str, User]
    tokens: dict[str, str]

    def caller(self, who: str) -> Caller:
        return Caller(self.http, self.url, self.tokens[who])

    async def ask(self, who: str = "birger", **form: Any) -> tuple[str, Mapping[str, str]]:
        """What *who* is sent back with after Google's page."""
        begun = await self.caller(who).post("/api/connections/google/begin", {})
        assert begun.status == 200, begun
        return await click(begun.data["url"], self.authority, **{"account": BIRGER, **form})

    async def back(self, answer: Mapping[str, str], who: str = "birger") -> tuple[str, str]:
        """Where *who*'s browser is sent from the callback: (what, which)."""
        cookie = {"Cookie": f"vaxel_session={self.tokens[who]}"}
        async with self.http.get(
            self.url + CALLBACK, params=answer, headers=cookie, allow_redirects=False
        ) as sent:
            assert sent.status == 303
            query = parse_qs(urlsplit(sent.headers["Location"]).query)
        ((what, (which,)),) = query.items()
        return what, which

    async def connected(self, who: str = "birger") -> list[dict[str, Any]]:
        found = await self.caller(who).get("/api/connections")
        return list(found.data["connections"])

    async def sync(self, who: str = "birger") -> list[str]:
        """The worker's rounds over *who*'s mailboxes; their ids."""
        user = self.cast[who]
        found = await self.engine.app.stores.mailboxes.of_user(user.org_id, user.id)
        for each in found:
            await self.engine.sync_now(each)
        await self.engine.drain()
        return [each.id for each in found]

    def meet(self, email: str = BIRGER) -> str:
        """A meeting that is going on."""
        at = now()
        return self.google.calendars[email].add("Möte", at - HOUR, at + HOUR)


@asynccontextmanager
async def office_at(settings: Any, folder: Any) -> AsyncIterator[Office]:
    authority = make_authority(folder / "pki")
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(tls.front(authority))
        google = await stack.enter_async_context(google_of(folder, authority))
        google.add_client(*CLIENT, front.url + CALLBACK)
        own = replace(settings, **settings_of(google, authority.ca_file), public_url=front.url)
        live = await stack.enter_async_context(run_server(own))
        front.point_at(live.url)
        engine = await stack.enter_async_context(open_engine(own, clock=now))
        cast = await make_company(engine.app)
        tokens = {name: await make_token(engine.app, user) for name, user in cast.items()}
        http = await stack.enter_async_context(calling(live.url))
        yield Office(engine, google, authority, live.url, http, cast, tokens)


@pytest.fixture
async def office(settings, tmp_path):
    async with office_at(settings, tmp_path) as found:
        yield found


async def test_who_consents_is_away_while_their_calendar_says_so_and_ends_it_all_at_once(office):
    office.meet()
    office.google.book(BIRGER).add("Basse", phoneNumbers=[NUMBER])
    location, answer = await office.ask()
    assert location.startswith("https://127.0.0.1")
    what, connection_id = await office.back(answer)
    assert what == "connected"

    (mailbox_id,) = await office.sync()
    await people.sync_people(office.engine.app, mailbox_id)
    (shown,) = await office.connected()
    assert (shown["account"], shown["status"], shown["push"]) == (BIRGER, "synced", True)
    assert await office.engine.is_closed(office.cast["birger"])
    (contact,) = await book_of(office)
    assert contact["name"] == "Basse"
    assert contact["read_only"]
    assert contact["link"].startswith("https://contacts.google.com/")

    (grant,) = office.google.accounts.refreshes.values()
    assert grant.alive
    ended = await office.caller("birger").delete(f"/api/connections/{connection_id}")
    assert ended.status == 204
    await office.engine.drain()
    assert not grant.alive
    assert not office.google.channels.open_on(BIRGER)
    assert await office.connected() == []
    assert not await office.engine.is_closed(office.cast["birger"])
    assert await book_of(office) == []


async def book_of(office: Office) -> list[dict[str, Any]]:
    app, birger = office.engine.app, office.cast["birger"]
    found, _ = await contacts.page(app, birger, "personal", None, None, 100)
    return found


async def test_a_wrong_state_a_refusal_and_somebody_elses_answer_connect_nothing(office):
    _, answer = await office.ask()
    assert await office.back({**answer, "state": "another"}) == ("connect_error", "state")
    assert await office.back(answer, "rebecka") == ("connect_error", "state")
    _, refusal = await office.ask(answer="deny")
    assert await office.back(refusal) == ("connect_error", "refused")
    _, little = await office.ask(scope=[CONTACTS_SCOPE])
    assert await office.back(little) == ("connect_error", "refused")
    for who in ("birger", "rebecka"):
        assert await office.connected(who) == []


async def test_a_lost_consent_is_given_again_to_the_same_connection(office):
    _, answer = await office.ask()
    _, connection_id = await office.back(answer)
    await office.sync()
    office.google.accounts.revoke_all(BIRGER)
    await office.sync()
    (lost,) = await office.connected()
    assert lost["status"] == "reconnect"

    office.meet()
    _, answer = await office.ask()
    assert await office.back(answer) == ("connected", connection_id)
    await office.sync()
    (shown,) = await office.connected()
    assert shown["status"] == "synced"
    assert await office.engine.is_closed(office.cast["birger"])


async def test_a_companys_people_are_found_by_their_addresses(office):
    office.meet(ASTRID)
    office.meet(BIRGER)
    file = office.google.add_service_account(CALENDAR_SCOPE).as_json("https://example.org/steal")
    page = await office.caller("astrid").call(
        "PUT", "/api/admin/integrations/google", json={"service_account": file}
    )
    assert page.status == 200, page
    found = await company.own(office.engine.app, office.cast["astrid"], "google")
    assert found is not None
    await company.adopt(office.engine.app, found.id)
    for who in ("astrid", "birger", "rebecka"):
        await office.sync(who)
        away = who != "rebecka"  # she has no account there
        assert await office.engine.is_closed(office.cast[who]) is away


async def test_a_service_account_that_google_does_not_know_is_refused_at_once(office):
    file = office.google.add_service_account().as_json("")
    refused = await office.caller("astrid").call(
        "PUT", "/api/admin/integrations/google", json={"service_account": file}
    )
    assert refused.status in {400, 422}
    assert refused.data["field"] == "service_account"

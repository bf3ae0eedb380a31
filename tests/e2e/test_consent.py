"""Consent at Microsoft and Google in the browser, against stand-ins that ask as they do."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE
from standins.google.__main__ import CLIENT
from standins.google.server import Google, now, serve
from standins.graph.server import Graph, open_graph
from standins.pki import make_authority
from tests.e2e.demo import Demo
from tests.e2e.test_activities import my_button
from tests.google import settings_of
from tests.installation import Installation

ASTRID = "astrid@example.com"
BIRGER = "birger@example.com"
REBECKA = "rebecka@example.com"
PEOPLE = {ASTRID: "Astrid Ek", BIRGER: "Birger Ask", REBECKA: "Rebecka Alm"}
HALF_HOUR = timedelta(minutes=30)
BUSY = re.compile("Möte · åter")
FREE = "Min aktivitet: Tillgänglig"


@dataclass
class Clouds:
    """Microsoft and Google, and an installation that takes them for the real ones."""

    installation: Installation
    graph: Graph
    google: Google


@pytest.fixture(scope="module")
async def clouds(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clouds]:
    """The demo's people have accounts in both, and each is in a meeting there."""
    folder: Path = tmp_path_factory.mktemp("clouds")
    authority = make_authority(folder / "pki")
    google = Google()
    async with open_graph(authority) as graph, serve(google, authority) as served:
        for email, name in PEOPLE.items():
            graph.add_account(email, name, admin=email == ASTRID)
            meeting = (now() - HALF_HOUR, now() + HALF_HOUR)
            graph.mailbox(email).add(*meeting, "Budget")
            served.add_account(email, name).add("Budget", *meeting)
        settings = graph.settings(**settings_of(served, authority.ca_file), poll_seconds=10)
        installation = Installation(folder / "data", demo=1, **settings)
        back = f"http://127.0.0.1:{installation.environ['VAXEL_PORT']}/oauth"
        served.add_client(*CLIENT, f"{back}/google/callback")
        graph.directory.application.redirect_uris.add(f"{back}/microsoft/callback")
        installation.begin()
        try:
            yield Clouds(installation, graph, served)
        finally:
            installation.end()


@pytest.fixture
async def demo(clouds: Clouds, browser: Browser) -> AsyncIterator[Demo]:
    clouds.installation.hears(re.compile("Ctrl-C stops everything"))
    async with AsyncExitStack() as closing:
        demo = Demo(clouds.installation, browser, closing)
        yield demo
        assert demo.complaints == []


async def test_microsoft_is_connected_by_consent_and_let_go_of_again(demo: Demo, clouds: Clouds):
    # With the service worker that browsers have: who comes back must get past it.
    page = await demo.sign_in(
        "astrid", "/profile/calendars", ignore_https_errors=True, service_workers="allow"
    )
    await page.evaluate("navigator.serviceWorker.ready")
    await expect(my_button(page)).to_have_accessible_name(FREE)
    await page.get_by_role("button", name="Anslut Microsoft 365").click()
    await expect(page.get_by_role("heading", name="Permissions requested")).to_be_visible()
    assert "code_challenge_method=S256" in page.url
    await page.get_by_role("radio", name=re.compile(ASTRID)).check()
    await page.get_by_role("button", name="Accept").click()

    await expect(page).to_have_url(f"{demo.url}/profile/calendars")
    await expect(page.get_by_text(f"Microsoft 365 är anslutet: {ASTRID}")).to_be_visible()
    account = page.get_by_role("region", name=f"Microsoft 365 {ASTRID}")
    await expect(account).to_contain_text("Synkad")
    await expect(account.get_by_role("checkbox").first).to_be_checked()
    await expect(my_button(page)).to_have_accessible_name(BUSY)
    await expect(page.get_by_role("region", name="Varför?")).to_contain_text(
        "Möte från din Microsoft-kalender"
    )
    await page.reload()
    await expect(account).to_contain_text("Synkad")
    await expect(page.get_by_text("Microsoft 365 är anslutet")).to_have_count(0)

    await disconnect(page, account, "Microsoft 365")
    await expect(my_button(page)).to_have_accessible_name(FREE)
    week = await (await page.request.get("/api/me/calendar")).text()
    assert "microsoft" not in week
    assert clouds.graph.subscriptions.kept == {}


async def test_google_is_connected_by_consent_and_revoked_when_it_is_let_go_of(
    demo: Demo, clouds: Clouds
):
    number = {"value": "070-174 06 21", "type": "mobile"}
    clouds.google.book(ASTRID).add("Cecilia Kund", phoneNumbers=[number])
    page = await demo.sign_in("astrid", "/profile/calendars", ignore_https_errors=True)
    await page.get_by_role("button", name="Anslut Google").click()
    await expect(page.get_by_role("heading", name="Vill du ge åtkomst?")).to_be_visible()
    await page.get_by_role("combobox", name="Konto").select_option(ASTRID)
    await page.get_by_role("button", name="Tillåt").click()

    await expect(page).to_have_url(f"{demo.url}/profile/calendars")
    account = page.get_by_role("region", name=f"Google {ASTRID}")
    await expect(account).to_contain_text("Synkad")
    await expect(my_button(page)).to_have_accessible_name(BUSY)
    grants = [each for each in clouds.google.accounts.refreshes.values() if each.alive]
    assert grants
    await page.goto("/contacts?query=Cecilia+Kund")
    row = page.get_by_role("button", name=re.compile("Cecilia Kund")).first
    await expect(row).to_contain_text("Google", timeout=40_000)
    await row.click()
    card = page.get_by_role("dialog", name="Kontakt")
    edit = card.get_by_role("link", name="Ändra hos Google")
    await expect(edit).to_have_attribute("href", re.compile("^https://contacts.google.com/"))
    await expect(card.get_by_role("button", name="Ändra")).to_have_count(0)

    await page.goto("/profile/calendars")
    await disconnect(page, account, "Google")
    await expect(my_button(page)).to_have_accessible_name(FREE)
    assert not any(each.alive for each in grants)
    assert "google" not in await (await page.request.get("/api/me/calendar")).text()


@pytest.mark.parametrize(
    ("provider", "no"), [("Microsoft 365", "Cancel"), ("Google", "Avbryt")], ids=str
)
async def test_who_says_no_comes_back_and_is_told_that_nothing_was_connected(
    demo: Demo, provider: str, no: str
):
    page = await demo.sign_in("astrid", "/profile/calendars", ignore_https_errors=True)
    await page.get_by_role("button", name=f"Anslut {provider}").click()
    await page.get_by_role("button", name=no).click()
    await expect(page).to_have_url(f"{demo.url}/profile/calendars")
    told = page.get_by_role("alert").filter(has_text="Kontot anslöts inte")
    await expect(told).to_contain_text("fick inget godkännande")
    accounts = page.get_by_role("region", name="Anslutna konton")
    await expect(accounts.get_by_role("region", name=re.compile(f"^{provider}"))).to_have_count(0)


async def test_an_answer_counts_once_and_for_whoever_asked(demo: Demo, clouds: Clouds):
    astrid = await demo.sign_in("astrid", "/people")
    begun = await astrid.request.post(
        "/api/connections/microsoft/begin", data={}, headers={"Origin": demo.url}
    )
    assert begun.status == 200
    answer = await clouds.graph.click((await begun.json())["url"], ASTRID)
    callback = f"/oauth/microsoft/callback?{urlencode(answer)}"

    rebecka = await demo.sign_in("rebecka", callback)
    refused = re.compile("hörde inte till en anslutning")
    await expect(rebecka.get_by_role("alert")).to_contain_text(refused)
    await expect(rebecka).to_have_url(f"{demo.url}/profile/calendars")
    assert microsoft_of(await connections_of(rebecka)) == []

    forged = f"/oauth/microsoft/callback?{urlencode({**answer, 'state': 'x' * 20})}"
    await astrid.goto(forged)
    await expect(astrid.get_by_role("alert")).to_contain_text(refused)
    await astrid.goto(callback)
    await expect(astrid.get_by_text("Microsoft 365 är anslutet")).to_be_visible()
    await astrid.goto(callback)
    await expect(astrid.get_by_role("alert").first).to_contain_text(refused)
    [made] = microsoft_of(await connections_of(astrid))
    account = astrid.get_by_role("region", name=f"Microsoft 365 {made['account']}")
    await disconnect(astrid, account, "Microsoft 365")


async def test_a_company_is_connected_by_its_administrator_for_all(demo: Demo, clouds: Clouds):
    astrid = await demo.sign_in("astrid", "/admin/integrations", ignore_https_errors=True)
    microsoft = astrid.get_by_role("region", name="Microsoft 365")
    await microsoft.get_by_role("button", name="Godkänn för alla").click()
    await expect(astrid.get_by_role("heading", name=re.compile("organization"))).to_be_visible()
    await astrid.get_by_role("button", name="Accept").click()
    # An administrator proves whose organisation it is by signing in there.
    await expect(astrid.get_by_role("heading", name="Permissions requested")).to_be_visible()
    await astrid.get_by_role("radio", name=re.compile(ASTRID)).check()
    await astrid.get_by_role("button", name="Accept").click()
    await expect(astrid).to_have_url(f"{demo.url}/admin/integrations")
    told = astrid.get_by_role("status").filter(has_text="Företaget är anslutet")
    await expect(told).to_be_visible()
    await expect(microsoft).to_contain_text(re.compile(r"[1-9]\s*synkade"), timeout=60_000)

    rebecka = await demo.sign_in("rebecka", "/profile/calendars")
    account = rebecka.get_by_role("region", name=f"Microsoft 365 {REBECKA}")
    await expect(account).to_contain_text("Via företaget")
    await expect(account.get_by_role("button", name="Koppla bort")).to_have_count(0)
    await expect(my_button(astrid)).to_have_accessible_name(BUSY)

    await microsoft.get_by_role("button", name="Koppla bort").click()
    asked = astrid.get_by_role("dialog", name="Koppla bort företagets Microsoft 365?")
    await asked.get_by_role("button", name="Koppla bort").click()
    await expect(microsoft.get_by_role("button", name="Godkänn för alla")).to_be_visible()
    await expect(account).to_have_count(0)
    await expect(my_button(astrid)).to_have_accessible_name(FREE)


async def test_a_service_account_of_google_is_pasted_by_an_administrator(
    demo: Demo, clouds: Clouds
):
    service = clouds.google.add_service_account(CALENDAR_SCOPE, CONTACTS_SCOPE)
    text = json.dumps(service.as_json(f"{clouds.google.url}/token"), indent=2)
    astrid = await demo.sign_in("astrid", "/admin/integrations")
    google = astrid.get_by_role("region", name="Google")
    await google.get_by_role("button", name="Ange tjänstekonto").click()
    dialog = astrid.get_by_role("dialog", name="Ange tjänstekonto")
    field = dialog.get_by_label("Tjänstekontots nyckelfil (JSON)")
    await field.fill("{}")
    await dialog.get_by_role("button", name="Anslut").click()
    await expect(dialog).to_contain_text("inte en nyckelfil")
    await field.fill(text)
    await dialog.get_by_role("button", name="Anslut").click()
    await expect(dialog).to_have_count(0)
    await expect(google).to_contain_text(re.compile(r"[1-9]\s*synkade"), timeout=60_000)
    rebecka = await demo.sign_in("rebecka", "/profile/calendars")
    account = rebecka.get_by_role("region", name=f"Google {REBECKA}")
    await expect(account).to_contain_text("Via företaget")


async def disconnect(page: Page, account: Locator, name: str) -> None:
    """Let go of an account, and say yes."""
    await account.get_by_role("button", name="Koppla bort").click()
    asked = page.get_by_role("dialog", name=f"Koppla bort {name}?")
    await asked.get_by_role("button", name="Koppla bort").click()
    await expect(account).to_have_count(0)


async def connections_of(page: Page) -> list[dict[str, Any]]:
    answer = await page.request.get("/api/connections")
    found: list[dict[str, Any]] = (await answer.json())["connections"]
    return found


def microsoft_of(connections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in connections if each["provider"] == "microsoft"]

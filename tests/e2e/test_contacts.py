"""Contacts in the browser: kept, found in any writing, starred, blocked, imported from a file."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from server.domain.contacts import imports
from tests.e2e.office import Office
from tests.e2e.test_reach import faults

SOME_CSV = """namn;företag;mobil;e-post
Nina Ny;Exempel AB;070-174 06 60;nina@example.org
Otto Ny;Exempel AB;inget nummer;otto@example.org
Pia Ny;Exempel AB;+46 70 174 06 61;pia@example.org
"""


async def search(page: Page, words: str) -> None:
    await page.get_by_role("searchbox", name="Sök namn, företag").fill(words)


async def test_a_contact_is_kept_starred_and_found_in_another_writing(office: Office):
    page = await office.sign_in("birger", "/contacts")
    await page.get_by_role("button", name="Ny kontakt").click()
    form = page.get_by_role("dialog", name="Ny kontakt")
    await form.get_by_label("Namn").fill("Ängla Öman")
    await form.get_by_label("Nummer 1").fill("070-174 06 62")
    await form.get_by_label("Företag").fill("Exempel AB")
    await form.get_by_role("button", name="Spara").click()

    card = page.get_by_role("dialog", name="Kontakt", exact=True)
    await expect(card.get_by_role("heading", name="Ängla Öman")).to_be_visible()
    await expect(card.get_by_role("link", name="070-174 06 62")).to_have_attribute(
        "href", "tel:+46701740662"
    )
    await card.get_by_role("button", name="Favorit").click()
    await page.keyboard.press("Escape")
    await expect(card).to_be_hidden()

    await search(page, "+46 70 174 06 62")
    await expect(page.get_by_role("status").filter(has_text="1 träff")).to_be_visible()
    await expect(page.locator("mark").last).to_have_text("70-174 06 62")
    await search(page, "angla")
    await expect(page.locator("mark").first).to_have_text("Ängla")
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("button", name="Favorit")).to_have_attribute(
        "aria-pressed", "true"
    )

    elsewhere = await office.sign_in("birger", "/contacts")
    await elsewhere.get_by_role("button", name="Favoriter").click()
    await expect(elsewhere.get_by_role("button", name=re.compile("Ängla Öman"))).to_have_count(2)
    await card.get_by_role("button", name="Favorit").click()
    await expect(elsewhere.get_by_text("Inga favoriter än")).to_be_visible()


async def test_the_arrow_keys_walk_through_the_hits_and_a_colleague_comes_first(office: Office):
    birger = await office.caller("birger")
    for name in ("Rebecka Utomhus", "Reb Byström"):
        added = await birger.post("/api/contacts", {"scope": "personal", "name": name})
        assert added.status == 201, added
    page = await office.sign_in("birger", "/contacts")
    await search(page, "reb")
    await expect(page.get_by_role("status").filter(has_text="3 träffar")).to_be_visible()

    await page.keyboard.press("ArrowDown")
    await expect(page.locator(":focus")).to_contain_text(office.people["rebecka"].name)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(":focus")).to_contain_text("Reb")
    for _step in range(3):
        await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("searchbox", name="Sök namn, företag")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text(office.people["rebecka"].email)


async def test_a_fault_in_a_number_is_told_at_the_number(office: Office):
    office.refusals_expected = True
    page = await office.sign_in("birger", "/contacts")
    await page.get_by_role("button", name="Ny kontakt").click()
    form = page.get_by_role("dialog", name="Ny kontakt")
    await form.get_by_label("Namn").fill("Nina Ny")
    await form.get_by_label("Nummer 1").fill("070-174 06 63")
    await form.get_by_role("button", name="Lägg till nummer").click()
    await form.get_by_label("Nummer 2").fill("inget nummer")
    await form.get_by_role("button", name="Spara").click()

    await expect(form.get_by_label("Nummer 2")).to_be_focused()
    await expect(form.get_by_label("Nummer 2")).to_have_attribute("aria-invalid", "true")
    await expect(form.get_by_label("Nummer 1")).not_to_have_attribute("aria-invalid", "true")


async def test_a_file_with_a_bad_row_gives_a_report_and_the_good_rows(office: Office):
    page = await office.sign_in("astrid", "/contacts/import")
    await page.get_by_text("För hela företaget").click()
    await page.locator("input[type=file]").set_input_files(
        {"name": "kontakter.csv", "mimeType": "text/csv", "buffer": SOME_CSV.encode()}
    )
    await page.wait_for_url(re.compile("/contacts/import/."))
    import_id = page.url.rpartition("/")[2]
    # What the worker does; there is none beside this server.
    await imports.read(office.app, import_id)
    report = page.get_by_role("table", name="Fel i filen")
    await expect(report).to_contain_text("inget nummer")
    await page.reload()
    await expect(report).to_contain_text("3")
    await page.get_by_role("button", name="Importera 2 kontakter").click()
    await expect(page.get_by_role("heading", name="Lägger till kontakterna")).to_be_visible()
    await imports.settle(office.app, import_id)
    await expect(page.get_by_role("heading", name="Importen är klar")).to_be_visible()

    birger = await office.sign_in("birger", "/contacts")
    await birger.get_by_role("button", name="Företagets").click()
    await expect(birger.get_by_text("Nina Ny")).to_be_visible()
    await expect(birger.get_by_text("Pia Ny")).to_be_visible()
    await expect(birger.get_by_text("Otto Ny")).to_have_count(0)


async def test_a_blocked_number_is_listed_until_it_is_let_through(office: Office):
    page = await office.sign_in("birger", "/contacts/blocked")
    await page.get_by_label("Nummer", exact=True).fill("08-465 004 70")
    await page.get_by_role("button", name="Blockera", exact=True).click()
    allow = page.get_by_role("button", name=re.compile("^Släpp fram"))
    await expect(allow).to_be_visible()
    await page.get_by_label("Blockera alla som ringer med dolt nummer").check()
    await page.reload()
    await expect(page.get_by_label("Blockera alla som ringer med dolt nummer")).to_be_checked()
    await allow.click()
    await expect(page.get_by_text("Ingen är blockerad.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_contacts_and_telephony_hold_what_accessibility_demands(office: Office, scheme: str):
    astrid = await office.caller("astrid")
    kept = {"scope": "global", "name": "Nina Ny", "phones": [{"kind": "work", "number": "201"}]}
    assert (await astrid.post("/api/contacts", kept)).status == 201
    page = await office.sign_in("astrid", "/contacts", color_scheme=scheme)
    await page.get_by_text("Nina Ny").click()
    await expect(page.get_by_role("dialog", name="Kontakt", exact=True)).to_be_visible()
    assert await faults(page) == []
    for path, heading in {
        "/contacts/import": "Importera",
        "/contacts/blocked": "Blockerade uppringare",
        "/admin/telephony": "Nummerplan",
        "/admin/telephony/exchanges": "Växlar",
        "/admin/telephony/calls": "Testa samtal",
        "/admin/telephony/clips": "Inspelningar",
        "/admin/telephony/activities": "Aktiviteter",
        "/admin/telephony/hours": "Arbetstider",
    }.items():
        await page.goto(path)
        await expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        await expect(page.get_by_role("status", name="Hämtar")).to_have_count(0)
        assert await faults(page) == [], path

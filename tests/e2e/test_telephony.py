"""Telephony in the browser: the number plan, an exchange connected, a call tried, hours kept."""

from __future__ import annotations

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE

import pytest
from playwright.async_api import expect

from tests.e2e.office import Office


async def test_an_extension_is_given_inline_and_nobody_loses_theirs_by_a_slip(office: Office):
    page = await office.sign_in("astrid", "/admin/telephony")
    await page.get_by_text("Per person", exact=True).click()
    birger = page.get_by_label(f"Anknytning för {office.people['birger'].name}")
    await birger.fill("201")
    await birger.press("Enter")
    basse = page.get_by_label(f"Anknytning för {office.people['basse'].name}")
    await basse.fill("201")
    # Said while one types, as soon as the plan is there with what was saved.
    await expect(page.get_by_text(f"Tillhör {office.people['birger'].name}")).to_be_visible()
    await basse.press("Enter")
    await basse.fill("202")
    await basse.press("Enter")

    await page.get_by_text("Per nummer", exact=True).click()
    await expect(page.get_by_role("row", name=re.compile("^201"))).to_contain_text("Birger")
    await expect(page.get_by_role("row", name=re.compile("^202"))).to_contain_text("Basse")
    await page.get_by_role("button", name="Välj huvudnummer").click()
    await page.get_by_role("dialog").get_by_label("Nummer").fill("08-465 004 00")
    await page.keyboard.press("Enter")
    main = page.get_by_role("region", name="Huvudnummer")
    await expect(main).to_contain_text("08-465 004 00")


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="the example uses both"
)
async def test_the_example_of_a_new_exchange_can_be_pasted_and_run(office: Office):
    astrid = await office.caller("astrid")
    given = {"kind": "extension", "user_id": office.people["birger"].id}
    assert (await astrid.call("PUT", "/api/admin/numbers/201", json=given)).status == 200
    page = await office.sign_in("astrid", "/admin/telephony/exchanges")
    await page.get_by_role("button", name="Anslut en växel").click()
    await page.get_by_label("Vad heter växeln?").fill("Huvudkontoret")
    await page.keyboard.press("Enter")
    shown = page.get_by_role("dialog").locator("pre")
    await expect(shown).to_have_count(3)
    example = await shown.nth(2).inner_text()
    await page.get_by_role("button", name="Jag har sparat hemligheten").click()
    await expect(page.get_by_text("Har inte frågat än")).to_be_visible()

    ran = await asyncio.create_subprocess_exec("/bin/sh", "-c", example, stdout=PIPE)
    said, _nothing = await ran.communicate()
    assert f'"{office.people["birger"].id}"' in said.decode()
    await page.reload()
    await expect(page.get_by_text("Frågade nu")).to_be_visible()


async def test_a_call_to_oneself_is_tried_and_its_rules_are_kept(office: Office):
    birger = await office.caller("birger")
    chosen = await birger.post("/api/activity", {"activity_id": "lunch"})
    assert chosen.status == 200, chosen
    page = await office.sign_in("birger", "/profile")
    calls = page.get_by_role("region", name="Samtal", exact=True)
    await calls.get_by_role("textbox", name="Uppringare").fill("070-174 06 90")
    await calls.get_by_role("button", name="Testa samtalet").click()
    await expect(calls.get_by_text(re.compile("är på lunch"))).to_be_visible()

    await calls.get_by_label("Låt det ringa även när jag är upptagen").check()
    await calls.get_by_role("button", name="Spara").click()
    await expect(page.get_by_text("Sparat")).to_be_visible()
    await calls.get_by_role("button", name="Testa samtalet").click()
    await expect(calls.get_by_text(re.compile("^Ringer Birger"))).to_be_visible()

"""Keyboard, languages, small screens, and those who listen instead of looking."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.actions import composer, message, open_room, room_link
from tests.e2e.office import PASSWORD, Office
from tests.e2e.served import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


async def test_sign_in_open_a_room_send_and_react_by_keyboard_alone(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    await office.say("birger", room, "Kommer du?")
    page = await (await office.context()).new_page()
    await page.goto("/")
    await expect(page.get_by_label("E-post")).to_be_focused()
    await page.keyboard.type(office.email("astrid"))
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(room_link(page, "Lunch")).to_be_visible()

    await page.keyboard.press("Control+k")
    await expect(page.get_by_placeholder("Rum, personer och kommandon")).to_be_focused()
    await page.keyboard.type("lunc")
    await expect(
        page.get_by_role("dialog").get_by_role("button", name="Lunch", exact=True)
    ).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("Ja!")
    await page.keyboard.press("Enter")
    # Once it has its place in the log; until then the arrows pass it by.
    await expect(message(page, "Ja!")).to_have_attribute("data-seq", re.compile("[0-9]+"))

    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("log")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    focused = page.locator("article:focus")
    await expect(focused).to_contain_text("Ja!")
    await page.keyboard.press("ArrowUp")
    await expect(focused).to_contain_text("Kommer du?")
    await page.keyboard.press("+")
    await expect(page.get_by_role("button", name=re.compile("^👍 1, Du reagerade"))).to_be_visible()
    await page.keyboard.press("r")
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("Tolv?")
    await page.keyboard.press("Enter")
    await expect(message(page, "Tolv?")).to_contain_text("Kommer du?")


async def test_ctrl_k_leads_to_people_pages_and_the_search(office: Office):
    astrid = await office.sign_in("astrid")
    await expect(astrid.get_by_role("heading", name="Välkommen till Växel")).to_be_visible()
    field = astrid.get_by_placeholder("Rum, personer och kommandon")

    await astrid.keyboard.press("Control+k")
    await field.fill("rebecka")
    await astrid.get_by_role("dialog").get_by_text("Rebecka Sund").click()
    await expect(composer(astrid)).to_have_attribute("aria-label", "Meddelande till Rebecka Sund")

    await astrid.keyboard.press("Control+k")
    await field.fill("admin")
    await astrid.keyboard.press("Enter")
    await expect(astrid.get_by_role("heading", name="Administration")).to_be_visible()


async def test_a_mention_is_completed_and_an_emoji_code_becomes_an_emoji(office: Office):
    await office.group("Lunch", "astrid", "birger")
    astrid = await office.sign_in("astrid")
    await open_room(astrid, "Lunch")

    await composer(astrid).press_sequentially("Hej @bir")
    await expect(astrid.get_by_role("option", name=re.compile("Birger Holm"))).to_be_visible()
    await astrid.keyboard.press("Enter")
    await expect(composer(astrid)).to_have_value("Hej @birger ")
    await composer(astrid).press_sequentially(":tada:")
    await expect(composer(astrid)).to_have_value("Hej @birger 🎉")
    await astrid.keyboard.press("Enter")
    await expect(message(astrid, "Birger Holm").or_(message(astrid, "@birger"))).to_be_visible()


async def test_markdown_is_drawn_and_html_is_only_text(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    evil = "**fet** <img src=x onerror=alert(1)> [klicka](javascript:alert(1)) `kod`"
    await office.say("birger", room, evil)
    astrid = await office.sign_in("astrid", f"/room/{room}")

    body = message(astrid, "fet")
    await expect(body.get_by_text("fet", exact=True)).to_have_css(
        "font-weight", re.compile("[67]00")
    )
    await expect(body).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(body.locator("p img")).to_have_count(0)
    await expect(body.get_by_role("link")).to_have_count(0)


async def test_everything_is_in_english_for_who_wants_that(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    await office.say("birger", room, "Kommer du?")
    astrid = await office.sign_in("astrid", "/profile")
    region = astrid.get_by_role("region", name="Språk och utseende")
    await region.get_by_role("combobox", name="Språk").click()
    await astrid.get_by_role("option", name="English").click()
    await expect(astrid.get_by_role("heading", name="Profile", exact=True)).to_be_visible()

    await astrid.goto("/")
    link = astrid.get_by_role("link", name=re.compile("^Lunch, 1 unread"))
    await link.click()
    await expect(astrid.get_by_role("button", name="Send")).to_be_visible()
    await expect(astrid.locator("html")).to_have_attribute("lang", "en")
    for swedish in ("Sök", "Skicka", "Chattar", "Personer", "Skriv till"):
        await expect(astrid.get_by_text(swedish, exact=True)).to_have_count(0)


async def test_on_a_phone_one_goes_from_the_list_to_a_room_and_back(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    await office.say("birger", room, "Kommer du?")
    astrid = await office.sign_in(
        "astrid", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    await expect(composer(astrid)).to_have_count(0)

    await room_link(astrid, "Lunch").tap()
    await expect(message(astrid, "Kommer du?")).to_be_in_viewport()
    await expect(room_link(astrid, "Lunch")).to_have_count(0)
    await composer(astrid).fill("På väg")
    await astrid.get_by_role("button", name="Skicka").tap()
    await expect(message(astrid, "På väg")).to_be_in_viewport()
    assert await sideways(astrid) == 0

    await astrid.get_by_role("link", name="Till listan").tap()
    await expect(room_link(astrid, "Lunch")).to_contain_text("Du: På väg")
    assert await sideways(astrid) == 0


async def sideways(page: Page) -> int:
    """How far the page can be scrolled sideways: it should not."""
    found = await page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_has_a_serious_fault_for_assistive_technology(office: Office, scheme: str):
    room = await office.group("Lunch", "birger", "astrid")
    await office.say("birger", room, "Kommer du, @astrid? **Klockan tolv**", "`kod` och :)")
    await office.say("astrid", room, "Ja!")
    page = await (await office.context(color_scheme=scheme)).new_page()
    await page.goto("/sign-in")
    await expect(page.get_by_role("button", name="Logga in")).to_be_visible()
    assert await faults(page) == []

    astrid = await office.sign_in("astrid", f"/room/{room}", color_scheme=scheme)
    await expect(message(astrid, "Ja!")).to_be_visible()
    await message(astrid, "Ja!").hover()
    await astrid.get_by_role("button", name="Om chatten").click()
    await expect(astrid.get_by_role("button", name="Lämna gruppen")).to_be_visible()
    assert await faults(astrid) == []
    for path, sign in (
        ("/people", "Birger Holm"),
        ("/search", "Sök i allt som sagts"),
        ("/profile", "Arbetstider"),
        ("/admin", "Birger Holm"),
        ("/admin/import", "Din fil"),
    ):
        await astrid.goto(path)
        await expect(astrid.get_by_text(sign).first).to_be_visible()
        assert await faults(astrid) == [], path


async def faults(page: Page) -> list[str]:
    """What axe finds serious or critical, by WCAG 2.2 A and AA."""
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate(
        """() => axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
            // A room is named by its name alone, though its row shows the latest words as well.
            rules: { 'label-content-name-mismatch': { enabled: false } },
        })"""
    )
    return [
        f"{each['id']}: {json.dumps([node['html'][:160] for node in each['nodes'][:3]])}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


async def test_the_app_can_be_installed_and_its_page_allows_no_foreign_script(office: Office):
    page = await (await office.context()).new_page()
    answer = await page.goto("/")
    assert answer is not None
    policy = (await answer.all_headers())["content-security-policy"]
    assert "script-src 'self';" in policy
    manifest = await page.request.get("/manifest.webmanifest")
    described = await manifest.json()
    assert described["name"] == "Växel"
    for icon in described["icons"]:
        assert (await page.request.get(icon["src"])).ok
    await page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.head.append(script);
        }"""
    )
    assert await page.evaluate("() => window.ran") is None
    await expect(page.get_by_role("button", name="Logga in")).to_be_visible()
    office.complaints[:] = [
        each for each in office.complaints if "Content Security Policy" not in each
    ]

"""Activities in the browser: one chooses, all see it, and callers hear it."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.actions import open_room
from tests.e2e.office import Office


async def test_a_chosen_lunch_is_seen_by_a_colleague_and_heard_by_callers(office: Office):
    astrid = await office.sign_in("astrid", "/people")
    birger = await office.sign_in("birger")
    await expect(person(astrid, "Birger Holm")).to_contain_text("Tillgänglig")

    await choose(birger, "Lunch")
    await expect(person(astrid, "Birger Holm")).to_contain_text(re.compile("Lunch åter .*:"))
    await expect(my_button(birger)).to_have_accessible_name(re.compile("Lunch · åter .*:"))

    await person(astrid, "Birger Holm").get_by_role("button", name="Birger Holm").first.click()
    card = astrid.get_by_role("dialog", name="Kontaktkort")
    await expect(card).to_contain_text(re.compile("Lunch åter .*:"))
    await expect(card.get_by_text("Vad uppringare hör nu")).to_be_visible()
    heard = await announcement_of(office, "astrid", "birger")
    assert "är på lunch och är åter" in heard["text"]
    await expect(card.get_by_text(heard["text"])).to_be_visible()

    await card.get_by_role("button", name=re.compile("^Lyssna")).click()
    await expect(card.get_by_role("button", name=re.compile("^Stoppa"))).to_be_visible()
    sound = card.locator("audio")
    await expect(sound).to_have_attribute("src", heard["audio"]["16000"])
    fetched = await astrid.request.get(heard["audio"]["16000"])
    assert (fetched.status, (await fetched.body())[:4]) == (200, b"RIFF")
    await expect(card.get_by_role("button", name=re.compile("^Lyssna"))).to_be_visible()
    assert await sound.evaluate("audio => audio.duration") > 1

    rail = birger.get_by_role("navigation", name="Huvudmeny")
    await rail.get_by_role("button", name="Tillbaka till Tillgänglig").click()
    await expect(card.get_by_text("Vad uppringare hör nu")).to_have_count(0)
    await expect(my_button(birger)).to_have_accessible_name("Min aktivitet: Tillgänglig")


async def test_the_keys_are_enough_to_say_what_one_does_until_when_and_why(office: Office):
    await office.direct("astrid", "birger")
    astrid = await office.sign_in("astrid")
    await open_room(astrid, "Birger Holm")
    birger = await office.sign_in("birger")
    await expect(my_button(birger)).to_be_visible()

    await birger.keyboard.press("Control+Shift+L")
    await expect(birger.get_by_role("menuitemradio", name="Tillgänglig")).to_be_focused()
    await birger.keyboard.press("ArrowDown")
    await expect(birger.get_by_role("menuitemradio", name="Lunch")).to_be_focused()
    await birger.keyboard.press("ArrowUp")
    await birger.get_by_role("button", name="30 min").click()
    await birger.get_by_role("textbox", name="Notering").fill("Kundbesök i Uppsala")
    await birger.get_by_role("menuitemradio", name="Tillgänglig").focus()
    await birger.keyboard.press("m")
    await expect(birger.get_by_role("menuitemradio", name="Möte")).to_be_focused()
    await birger.keyboard.press("Enter")
    header = astrid.get_by_role("main").get_by_role("button", name=re.compile("^Birger Holm"))
    await expect(header).to_contain_text("Möte")
    await expect(header).to_contain_text("Kundbesök i Uppsala")

    await birger.keyboard.press("Control+k")
    await birger.get_by_role("textbox", name="Rum, personer och kommandon").fill("rast 20")
    await expect(birger.get_by_role("button", name=re.compile("^Rast till "))).to_be_visible()
    await birger.keyboard.press("Enter")
    await expect(header).to_contain_text(re.compile("Rast .*åter"))


async def test_a_vacation_asks_when_one_is_back(office: Office):
    birger = await office.sign_in("birger")
    await choose(birger, "Semester")
    await expect(birger.get_by_text("När är du åter?")).to_be_visible()
    await birger.get_by_label("Datum").fill("2020-01-01")
    await birger.get_by_role("button", name="Välj Semester").click()
    await expect(birger.get_by_role("alert")).to_contain_text("Tiden har redan varit.")

    await birger.get_by_label("Datum").fill("2027-08-02")
    await birger.get_by_role("button", name="Välj Semester").click()
    await expect(my_button(birger)).to_have_accessible_name(
        re.compile("Semester · åter 2 aug. 2027 08:00")
    )


async def test_who_can_be_reached_is_listed_and_an_attendant_may_help(office: Office):
    rebecka = await office.sign_in("rebecka", "/people")
    await person(rebecka, "Birger Holm").get_by_role("button", name="Birger Holm").first.click()
    card = rebecka.get_by_role("dialog", name="Kontaktkort")
    await card.get_by_role("button", name="Ändra aktivitet för Birger Holm").click()
    await card.get_by_role("menuitemradio", name="Stör ej").click()
    await expect(card).to_contain_text(re.compile("Stör ej åter"))
    await rebecka.keyboard.press("Escape")

    await rebecka.get_by_role("button", name="Nåbar nu").click()
    await expect(rebecka.get_by_role("status").filter(has_text="person")).to_have_text("3 personer")
    await expect(person(rebecka, "Birger Holm")).to_have_count(0)

    birger = await office.sign_in("birger", "/people")
    await person(birger, "Basse Ek").get_by_role("button", name="Basse Ek").first.click()
    card = birger.get_by_role("dialog", name="Kontaktkort")
    await expect(card.get_by_role("heading", name="Basse Ek")).to_be_visible()
    await expect(card.get_by_role("button", name=re.compile("Ändra aktivitet"))).to_have_count(0)


async def test_who_was_asked_to_may_choose_for_a_colleague(office: Office):
    birger = await office.sign_in("birger", "/profile")
    delegates = birger.get_by_role("region", name="Ställföreträdare")
    await delegates.get_by_role("combobox").fill("Basse")
    await birger.get_by_role("option", name="Basse Ek").click()
    await expect(birger.get_by_text("Sparat")).to_be_visible()

    basse = await office.sign_in("basse", "/people")
    await person(basse, "Birger Holm").get_by_role("button", name="Birger Holm").first.click()
    card = basse.get_by_role("dialog", name="Kontaktkort")
    await card.get_by_role("button", name="Ändra aktivitet för Birger Holm").click()
    await card.get_by_role("menuitemradio", name="Lunch").click()
    await expect(my_button(birger)).to_have_accessible_name(re.compile("Lunch · åter .*:"))


async def test_an_activity_of_ones_own_is_made_chosen_and_removed(office: Office):
    birger = await office.sign_in("birger", "/profile")
    mine = birger.get_by_role("region", name="Mina aktiviteter")
    await mine.get_by_role("button", name="Ny aktivitet").click()
    dialog = birger.get_by_role("dialog", name="Ny aktivitet")
    await dialog.get_by_label("Namn på svenska").fill("Hos kund")
    await dialog.get_by_label("Sägs på svenska").fill("är hos en kund")
    await dialog.get_by_role("radio", name="Bil").focus()
    await birger.keyboard.press("Space")
    await dialog.get_by_role("button", name="Spara").click()
    await expect(mine.get_by_role("button", name=re.compile("^Hos kund"))).to_contain_text("Egen")

    await choose(birger, "Hos kund")
    callers = birger.get_by_role("region", name="För den som ringer")
    await expect(callers).to_contain_text("Den du söker är hos en kund och är åter")

    await mine.get_by_role("button", name=re.compile("^Lunch")).click()
    dialog = birger.get_by_role("dialog", name="Lunch")
    await dialog.get_by_label("Sägs på svenska").fill("äter gröt")
    await dialog.get_by_role("button", name="Spara").click()
    lunch = mine.get_by_role("button", name=re.compile("^Lunch"))
    await expect(lunch).to_contain_text("Ändrad")
    await lunch.click()
    await dialog.get_by_role("button", name="Återställ").click()
    await expect(lunch).not_to_contain_text("Ändrad")
    await expect(lunch).to_contain_text("är på lunch")


def my_button(page: Page) -> Locator:
    """My activity, wherever it stands on this page."""
    return page.get_by_role("button", name=re.compile("^Min aktivitet"))


async def choose(page: Page, label: str) -> None:
    """Open the menu and click an activity."""
    await my_button(page).click()
    await page.get_by_role("menuitemradio", name=re.compile(f"^{re.escape(label)}")).click()


def person(page: Page, name: str) -> Locator:
    """A colleague in the list of people."""
    people = page.get_by_role("list", name="Personer")
    return people.get_by_role("listitem").filter(has_text=name)


async def announcement_of(office: Office, handle: str, other: str) -> dict[str, Any]:
    """What *other*'s callers hear, as *handle* sees it."""
    caller = await office.caller(handle)
    found = await caller.get(f"/api/people/{office.people[other].id}/announcement")
    assert found.status == 200, found
    answer: dict[str, Any] = found.data
    return answer

"""Two people, two browsers: what one does, the other sees."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.actions import (
    choose,
    composer,
    message,
    messages,
    open_room,
    room_link,
    write,
)
from tests.e2e.office import PASSWORD, Office

# As behind a proxy that does not know WebSocket.
BARRED = """
window.WebSocket = class {
    constructor() { setTimeout(() => this.onerror?.(new Event("error"))); }
    close() {}
};
"""


async def test_two_people_sign_in_and_chat_both_ways_with_typing_and_seen_by(office: Office):
    await office.direct("astrid", "birger")
    pages = {}
    for handle in ("astrid", "birger"):
        page = await (await office.context()).new_page()
        await page.goto("/")
        await page.get_by_label("E-post").fill(office.email(handle))
        await page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Logga in").click()
        pages[handle] = page
    astrid, birger = pages["astrid"], pages["birger"]
    await open_room(astrid, "Birger Holm")

    await composer(astrid).press_sequentially("Hej Birger!")
    await write(astrid, "Hej Birger!")
    await expect(message(astrid, "Hej Birger!")).to_be_visible()
    await open_room(birger, "Astrid Lind")
    await expect(message(birger, "Hej Birger!")).to_be_visible()
    await expect(message(astrid, "Hej Birger!").get_by_role("img")).to_have_accessible_name(
        "Sett av Birger Holm"
    )

    await composer(birger).press_sequentially("Hej")
    await expect(astrid.get_by_test_id("typing")).to_have_text("Birger skriver …")
    await write(birger, "Hej själv, Astrid!")
    await expect(message(astrid, "Hej själv, Astrid!")).to_be_visible()
    await expect(astrid.get_by_test_id("typing")).to_be_empty()


async def test_badges_tell_what_is_unread_and_who_is_named_and_go_when_it_is_read(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    astrid = await office.sign_in("astrid")
    await expect(room_link(astrid, "Lunch")).to_have_accessible_name("Lunch")

    await office.say("birger", room, "Ett", "Två", "Kommer du, @astrid?")
    await expect(room_link(astrid, "Lunch")).to_have_accessible_name(
        "Lunch, 3 olästa, 1 omnämnande"
    )
    await expect(astrid).to_have_title(re.compile(r"^\(3\) "))

    await open_room(astrid, "Lunch")
    await expect(message(astrid, "Kommer du")).to_be_in_viewport()
    await expect(room_link(astrid, "Lunch")).to_have_accessible_name("Lunch")
    await expect(astrid).to_have_title("Växel")


async def test_edit_reply_react_pin_and_delete_are_seen_by_the_other(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    await office.say("astrid", room, "Soppa eller sallad?")
    astrid = await office.sign_in("astrid", f"/room/{room}")
    birger = await office.sign_in("birger", f"/room/{room}")

    await message(birger, "Soppa").hover()
    await message(birger, "Soppa").get_by_role("button", name="Svara").click()
    await write(birger, "Soppa!")
    answer = messages(astrid).filter(has=astrid.get_by_text("Soppa!", exact=True))
    await expect(
        answer.get_by_role("button", name="Gå till meddelandet av Astrid Lind")
    ).to_be_visible()

    await message(birger, "Soppa eller").first.hover()
    await message(birger, "Soppa eller").first.get_by_role("button", name="Reagera med 👍").click()
    await expect(
        astrid.get_by_role("button", name=re.compile("^👍 1, Birger Holm reagerade"))
    ).to_be_visible()

    await choose(astrid, "Soppa!", "Fäst")
    await expect(birger.get_by_text("Astrid Lind fäste ett meddelande")).to_be_visible()
    await birger.get_by_role("button", name="Fästa meddelanden").click()
    await expect(birger.get_by_role("complementary").get_by_text("Soppa!")).to_be_visible()
    await birger.get_by_role("button", name="Stäng").click()

    await composer(birger).press("ArrowUp")
    await birger.get_by_role("textbox", name="Ändra meddelandet").fill("Sallad!")
    await birger.keyboard.press("Enter")
    await expect(message(astrid, "Sallad!")).to_contain_text("(ändrat)")

    await choose(birger, "Sallad!", "Ta bort")
    await birger.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    await expect(message(astrid, "Meddelandet är borttaget")).to_be_visible()
    await expect(message(astrid, "Sallad!")).to_have_count(0)


async def test_search_finds_an_inflected_word_and_jumps_to_the_hit(office: Office):
    room = await office.group("Projekt", "birger", "astrid")
    await office.say("birger", room, "Mötena flyttas till våren")
    await office.say("birger", room, *(f"Rad nummer {n}" for n in range(150)))
    astrid = await office.sign_in("astrid", f"/room/{room}")
    await expect(message(astrid, "Rad nummer 149")).to_have_count(0)  # it opens at the first unread

    await astrid.get_by_role("button", name="Sök i chatten").click()
    await astrid.get_by_role("searchbox", name="Sök i meddelanden").fill("mote")
    hit = astrid.get_by_role("listitem").filter(has_text="Birger Holm")
    await expect(hit.locator("mark")).to_have_text("Mötena")
    await hit.get_by_role("button").click()
    await expect(message(astrid, "Mötena flyttas")).to_be_in_viewport()

    await astrid.get_by_role("button", name="Till det senaste").click()
    await expect(message(astrid, "Rad nummer 149")).to_be_in_viewport()


async def test_a_group_is_made_renamed_grown_and_left(office: Office):
    astrid = await office.sign_in("astrid")
    birger = await office.sign_in("birger")
    rebecka = await office.sign_in("rebecka")

    await astrid.get_by_role("button", name="Ny chatt").first.click()
    await astrid.get_by_label("Sök kollegor").fill("birg")
    await astrid.get_by_role("option", name=re.compile("Birger Holm")).click()
    await astrid.get_by_label("Gruppens namn").fill("Sommarfest")
    await astrid.get_by_role("button", name="Skapa grupp").click()
    await write(astrid, "Vad grillar vi?")
    await open_room(birger, "Sommarfest")
    await expect(message(birger, "Vad grillar vi?")).to_be_visible()

    await birger.get_by_role("button", name="Om chatten").click()
    await birger.get_by_role("button", name="Ändra", exact=True).click()
    await birger.get_by_role("textbox", name="Namn", exact=True).fill("Vinterfest")
    await birger.get_by_role("button", name="Spara").click()
    await expect(astrid.get_by_role("heading", name="Vinterfest").first).to_be_visible()
    await expect(astrid.get_by_text("Birger Holm döpte gruppen till Vinterfest")).to_be_visible()

    await birger.get_by_role("button", name="Lägg till", exact=True).click()
    await birger.get_by_role("option", name=re.compile("Rebecka Sund")).click()
    await birger.get_by_role("button", name="Lägg till 1 person").click()
    await open_room(rebecka, "Vinterfest")
    await expect(message(rebecka, "Vad grillar vi?")).to_be_visible()

    await birger.get_by_role("button", name="Lämna gruppen").click()
    await birger.get_by_role("dialog").get_by_role("button", name="Lämna gruppen").click()
    await expect(room_link(birger, "Vinterfest")).to_have_count(0)
    await expect(astrid.get_by_text("Birger Holm lämnade gruppen")).to_be_visible()
    await expect(astrid.get_by_text("2 medlemmar")).to_be_visible()


async def test_the_room_with_the_latest_word_is_on_top(office: Office):
    first = await office.group("Alfa", "birger", "astrid")
    second = await office.group("Beta", "birger", "astrid")
    astrid = await office.sign_in("astrid")
    links = astrid.get_by_role("navigation", name="Chattar").get_by_role("link")

    await office.say("birger", first, "Senast i Alfa")
    await expect(links.first).to_have_accessible_name("Alfa, 1 oläst")
    await office.say("birger", second, "Senast i Beta")
    await expect(links.first).to_have_accessible_name("Beta, 1 oläst")


async def test_what_is_read_on_the_phone_is_read_at_the_desk(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    desk = await office.sign_in("astrid")
    phone = await office.sign_in("astrid", viewport={"width": 390, "height": 800})
    await office.say("birger", room, "Ett", "Två")
    for page in (desk, phone):
        await expect(room_link(page, "Lunch")).to_have_accessible_name("Lunch, 2 olästa")

    await open_room(phone, "Lunch")
    await expect(room_link(desk, "Lunch")).to_have_accessible_name("Lunch")
    await write(phone, "Från telefonen")
    await open_room(desk, "Lunch")
    await expect(message(desk, "Från telefonen")).to_be_visible()


async def test_where_websockets_are_barred_the_chat_goes_on_by_polling(office: Office):
    room = await office.group("Lunch", "birger", "astrid")
    context = await office.context()
    await context.add_init_script(BARRED)
    birger = await office.sign_in("birger", f"/room/{room}")
    astrid = await office.sign_in("astrid", f"/room/{room}", context=context)

    await write(astrid, "Hör du mig?")
    await expect(message(birger, "Hör du mig?")).to_be_visible()
    await write(birger, "Ja!")
    await expect(message(astrid, "Ja!")).to_be_visible()

"""Accounts in the browser: who may come in, what one changes, and what administrators do."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.actions import composer, message, open_room, room_link
from tests.e2e.office import PASSWORD, Office

NEW_PASSWORD = "fyra blå cyklar"


async def test_a_basic_user_sees_why_chat_is_not_part_of_the_plan(office: Office):
    basse = await office.sign_in("basse")

    await expect(basse.get_by_role("heading", name="Chatten ingår inte i Basic")).to_be_visible()
    await expect(basse.get_by_text("Astrid Lind kan ändra din användarplan.")).to_be_visible()
    await basse.get_by_role("link", name="Personer").click()
    await expect(basse.get_by_text("Birger Holm")).to_be_visible()
    await expect(basse.get_by_role("button", name=re.compile("^Chatta"))).to_have_count(0)


async def test_a_wrong_password_is_refused_in_words(office: Office):
    office.refusals_expected = True
    page = await (await office.context()).new_page()
    await page.goto("/")
    await page.get_by_label("E-post").fill(office.email("birger"))
    await page.get_by_label("Lösenord", exact=True).fill("fel lösenord helt")
    await page.get_by_role("button", name="Logga in").click()

    await expect(page.get_by_role("alert")).to_contain_text("lösenord")
    await page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Logga in").click()
    await expect(page.get_by_role("link", name="Personer")).to_be_visible()


async def test_a_blocked_user_is_thrown_out_at_once_and_kept_out(office: Office):
    office.refusals_expected = True
    await office.group("Lunch", "astrid", "birger")
    birger = await office.sign_in("birger")
    await open_room(birger, "Lunch")
    astrid = await office.sign_in("astrid", "/admin")

    await astrid.get_by_role("button", name="Åtgärder för Birger Holm").click()
    await astrid.get_by_role("menuitem", name="Blockera").click()
    await astrid.get_by_role("dialog").get_by_role("button", name="Blockera").click()
    await expect(astrid.get_by_text("Birger Holm är blockerad.")).to_be_visible()

    await expect(birger.get_by_role("button", name="Logga in")).to_be_visible()
    await expect(birger.get_by_text("Ditt konto är spärrat.")).to_be_visible()
    await birger.get_by_label("E-post").fill(office.email("birger"))
    await birger.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    await birger.get_by_role("button", name="Logga in").click()
    await expect(birger.get_by_role("alert").first).to_be_visible()
    await expect(birger.get_by_role("button", name="Logga in")).to_be_visible()

    await astrid.get_by_role("link", name="Ändringslogg").click()
    await expect(astrid.get_by_text("Astrid Lind blockerade Birger Holm")).to_be_visible()


async def test_signing_out_everywhere_ends_every_device(office: Office):
    office.refusals_expected = True
    phone = await office.sign_in("birger", viewport={"width": 390, "height": 800})
    desk = await office.sign_in("birger", "/profile")

    await desk.get_by_role("button", name="Logga ut överallt").click()
    await desk.get_by_role("dialog").get_by_role("button", name="Logga ut överallt").click()

    for page in (desk, phone):
        await expect(page.get_by_role("button", name="Logga in")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("button", name="Logga in")).to_be_visible()


async def test_a_changed_profile_is_seen_by_the_colleague(office: Office):
    await office.direct("astrid", "birger")
    astrid = await office.sign_in("astrid")
    await open_room(astrid, "Birger Holm")
    birger = await office.sign_in("birger", "/profile")
    about = birger.get_by_role("region", name="Om dig")

    await about.get_by_role("textbox", name="Namn", exact=True).fill("Birger Holmgren")
    await about.get_by_label("Titel").fill("Säljchef")
    await about.get_by_role("button", name="Spara").click()

    await expect(room_link(astrid, "Birger Holmgren")).to_be_visible()
    await expect(astrid.get_by_role("heading", name="Birger Holmgren").first).to_be_visible()
    await expect(astrid.get_by_text("Tillgänglig · Säljchef")).to_be_visible()


async def test_a_changed_password_ends_the_other_devices_and_is_the_one_to_use(office: Office):
    office.refusals_expected = True
    other = await office.sign_in("birger")
    birger = await office.sign_in("birger", "/profile")

    await birger.get_by_label("Nuvarande lösenord").fill(PASSWORD)
    await birger.get_by_label("Nytt lösenord").fill(NEW_PASSWORD)
    await birger.get_by_role("button", name="Byt lösenord").click()
    await expect(birger.get_by_text("Lösenordet är bytt.")).to_be_visible()

    await expect(other.get_by_role("button", name="Logga in")).to_be_visible()
    await other.get_by_label("E-post").fill(office.email("birger"))
    await other.get_by_label("Lösenord", exact=True).fill(NEW_PASSWORD)
    await other.get_by_role("button", name="Logga in").click()
    await expect(other.get_by_role("link", name="Personer")).to_be_visible()


async def test_an_added_person_is_listed_and_in_the_log(office: Office):
    astrid = await office.sign_in("astrid", "/admin")
    await astrid.get_by_role("button", name="Lägg till person").click()
    dialog = astrid.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Namn", exact=True).fill("Doris Dahl")
    await dialog.get_by_role("textbox", name="E-post").fill(office.email("doris"))
    await dialog.get_by_role("button", name="Lägg till", exact=True).click()

    row = astrid.get_by_role("row").filter(has_text="Doris Dahl")
    await expect(row).to_contain_text("Inbjuden")
    await astrid.get_by_role("link", name="Ändringslogg").click()
    await expect(astrid.get_by_text("Astrid Lind lade till Doris Dahl")).to_be_visible()


async def test_an_import_names_row_and_column_before_anything_is_changed(office: Office):
    astrid = await office.sign_in("astrid", "/admin/import")
    rows = [
        "email;name;plan;role",
        f"{office.email('doris')};Doris Dahl;pro;member",
        f"{office.email('erik')};Erik Ek;guld;member",
    ]
    field = astrid.get_by_label("Eller klistra in raderna")
    await field.fill("\n".join(rows))
    await astrid.get_by_role("button", name="Kontrollera filen").click()

    fault = astrid.get_by_role("row").filter(has_text="guld")
    await expect(fault.get_by_role("cell")).to_have_text(
        ["Rad 3", "plan", "guld", re.compile(r"\w")]
    )

    await field.fill("\n".join(rows).replace("guld", "basic"))
    await astrid.get_by_role("button", name="Kontrollera filen").click()
    await astrid.get_by_role("button", name="Genomför för 2 personer").click()
    await expect(astrid.get_by_role("heading", name="Importen är klar")).to_be_visible()
    await astrid.get_by_role("link", name="Visa personerna").click()
    await expect(astrid.get_by_role("row").filter(has_text="Erik Ek")).to_contain_text("Basic")
    await expect(astrid.get_by_role("row").filter(has_text="Doris Dahl")).to_contain_text("Pro")


async def test_a_colleague_added_by_an_admin_can_be_written_to_at_once(office: Office):
    astrid = await office.sign_in("astrid")
    await expect(astrid.get_by_role("heading", name="Välkommen till Växel")).to_be_visible()
    admin = await office.caller("astrid")
    person = {"email": office.email("doris"), "name": "Doris Dahl", "plan": "pro", "role": "member"}
    assert (await admin.post("/api/admin/people", person)).status == 201

    await astrid.get_by_role("button", name="Ny chatt").first.click()
    await astrid.get_by_role("option", name=re.compile("Doris Dahl")).click()
    await astrid.get_by_role("button", name="Öppna chatt").click()
    await composer(astrid).fill("Välkommen!")
    await composer(astrid).press("Enter")
    await expect(message(astrid, "Välkommen!")).to_be_visible()

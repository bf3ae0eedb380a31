"""Calendars in the browser, with the demo as anybody starts it: a meeting answers the telephone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import caldav
import pytest
import requests
from playwright.async_api import Browser, Locator, Page, expect

from server.demo_calendar import RUNNING
from server.embedded import radicale
from tests.e2e.demo import Demo
from tests.e2e.test_activities import my_button, person
from tests.installation import Installation

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VCARD = "\r\n".join(
    [
        *("BEGIN:VCARD", "VERSION:3.0", "UID:cecilia-kund", "FN:Cecilia Kund", "N:Kund;Cecilia;;;"),
        *("ORG:Provbolaget", "TEL;TYPE=CELL:070-174 06 21", "END:VCARD", ""),
    ]
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo as a newcomer starts it."""
    found = Installation(tmp_path_factory.mktemp("demo"), demo=1)
    found.start()
    yield found
    found.end()


@pytest.fixture
async def demo(installation: Installation, browser: Browser) -> AsyncIterator[Demo]:
    async with AsyncExitStack() as closing:
        demo = Demo(installation, browser, closing)
        yield demo
        assert demo.complaints == []


async def test_a_meeting_that_is_connected_moved_and_deleted_is_seen_and_heard_at_once(demo: Demo):
    birger = await demo.sign_in("birger", "/profile/calendars")
    await always_at_work(birger)
    astrid = await demo.sign_in("astrid", "/people")
    await expect(person(astrid, "Birger Ask")).to_contain_text(re.compile("Möte åter"))

    accounts = birger.get_by_role("region", name="Anslutna konton")
    account = accounts.get_by_role("region", name="CalDAV birger@example.com")
    await expect(account).to_contain_text("Synkad")
    await account.get_by_role("button", name="Koppla bort").click()
    asked = birger.get_by_role("dialog", name="Koppla bort CalDAV?")
    await expect(asked).to_contain_text("alla möten från kontot")
    await expect(asked).to_contain_text("alla kontakter")
    await expect(asked).to_contain_text("applösenordet")
    await asked.get_by_role("button", name="Koppla bort").click()
    await expect(accounts).to_contain_text("Inget konto är anslutet")
    await expect(person(astrid, "Birger Ask")).to_contain_text("Tillgänglig")
    await expect(my_button(birger)).to_have_accessible_name("Min aktivitet: Tillgänglig")

    demo.refusals_expected = True
    await connect(demo, birger, "fel lösenord")
    dialog = birger.get_by_role("dialog", name="Anslut CalDAV")
    await expect(dialog).to_contain_text("släpper inte in med de här uppgifterna")
    await dialog.get_by_label("Applösenord").fill(demo.password("birger@example.com"))
    await dialog.get_by_role("button", name="Anslut", exact=True).click()
    await expect(account.get_by_role("checkbox", name=re.compile("^Kalender"))).to_be_checked()
    await expect(person(astrid, "Birger Ask")).to_contain_text(re.compile("Möte åter"))
    why = birger.get_by_role("region", name="Varför?")
    await expect(why.get_by_role("status")).to_contain_text("Möte från din CalDAV-kalender till")
    await expect(why.get_by_role("list", name="Idag")).to_contain_text("Avstämning med Astrid")

    await person(astrid, "Birger Ask").get_by_role("button", name="Birger Ask").first.click()
    card = astrid.get_by_role("dialog", name="Kontaktkort")
    before = await heard_by(astrid, card)
    ends = await asyncio.to_thread(prolong, demo)
    clock = ends.astimezone(STOCKHOLM).strftime("%H:%M")
    await expect(card).to_contain_text(re.compile(rf"Möte åter .*{clock}"))
    await expect(card.get_by_text(before, exact=True)).to_have_count(0)
    after = await heard_by(astrid, card)
    assert after != before
    await expect(person(astrid, "Birger Ask")).to_contain_text(clock)
    await expect(my_button(birger)).to_have_accessible_name(re.compile(f"Möte · åter .*{clock}"))

    await asyncio.to_thread(lambda: running(demo).delete())
    await expect(card.get_by_text("Vad uppringare hör nu")).to_have_count(0)
    await expect(person(astrid, "Birger Ask")).to_contain_text("Tillgänglig")
    await expect(my_button(birger)).to_have_accessible_name("Min aktivitet: Tillgänglig")
    await expect(why.get_by_role("status")).to_contain_text("Inget i dina kalendrar")


async def test_a_meeting_within_the_hour_is_hinted_at_and_its_activity_tells_its_calendar(
    demo: Demo,
):
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    starts = now + timedelta(minutes=25)
    await asyncio.to_thread(put, demo, "astrid", "snart", starts, "Offert")
    astrid = await demo.sign_in("astrid", "/people")
    await told(astrid, "Offert")
    await astrid.reload()
    clock = starts.astimezone(STOCKHOLM).strftime("%H:%M")
    await expect(my_button(astrid)).to_contain_text(f"möte {clock}")
    await astrid.keyboard.press("Control+Shift+L")
    menu = astrid.get_by_role("dialog", name="Min aktivitet")
    await expect(menu.get_by_role("note")).to_contain_text(re.compile(rf"Möte om 2\d min, {clock}"))
    await expect(menu.get_by_role("note")).to_contain_text("Offert")

    await asyncio.to_thread(put, demo, "astrid", "snart", now - timedelta(minutes=5), "Offert")
    await expect(my_button(astrid)).to_have_accessible_name(re.compile("Möte · åter"))
    await expect(my_button(astrid)).to_have_accessible_name(re.compile("från din kalender"))
    await expect(menu).to_contain_text("från din kalender")
    await menu.get_by_role("link", name="Kalendrar").click()
    await expect(astrid.get_by_role("heading", name="Kalendrar", level=1)).to_be_visible()
    counts = astrid.get_by_role("checkbox", name=re.compile("^Kalender"))
    await counts.uncheck()
    await expect(my_button(astrid)).to_have_accessible_name("Min aktivitet: Tillgänglig")
    await counts.check()
    await expect(my_button(astrid)).to_have_accessible_name(re.compile("Möte · åter"))


async def test_a_lost_account_is_marked_and_connected_again(demo: Demo):
    astrid = await demo.sign_in("astrid", "/profile/calendars")
    accounts = astrid.get_by_role("region", name="Anslutna konton")
    await expect(accounts).to_contain_text("Synkad")
    users = demo.installation.data_dir / radicale.NAME / "users"
    known = users.read_text()
    good = demo.password("astrid@example.com")
    users.write_text(known.replace(f"astrid@example.com:{good}", "astrid@example.com:nytt-losen"))
    try:
        await expect(accounts).to_contain_text("Behöver anslutas igen")
        lost = re.compile("Kalendern behöver anslutas igen")
        await expect(my_button(astrid)).to_have_accessible_name(lost)
        await accounts.get_by_role("button", name="Anslut igen").click()
        dialog = astrid.get_by_role("dialog", name="Nytt lösenord för astrid@example.com")
        await dialog.get_by_label("Applösenord").fill("nytt-losen")
        await dialog.get_by_role("button", name="Anslut igen").click()
        await expect(accounts).to_contain_text("Synkad")
        await expect(my_button(astrid)).not_to_have_accessible_name(lost)
    finally:
        users.write_text(known)


async def test_synced_contacts_tell_where_they_come_from_and_are_not_changed_here(demo: Demo):
    address = f"{demo.calendars}{quote('birger@example.com')}/{radicale.BOOK}/cecilia.vcf"
    auth = ("birger@example.com", demo.password("birger@example.com"))
    headers = {"Content-Type": "text/vcard"}
    stored = await asyncio.to_thread(
        requests.put, address, data=VCARD.encode(), auth=auth, headers=headers, timeout=20
    )
    assert stored.status_code in (201, 204)
    birger = await demo.sign_in("birger", "/profile/calendars")
    account = birger.get_by_role("region", name="CalDAV birger@example.com")
    contacts = account.get_by_role("switch", name="Hämta kontakter")
    await contacts.set_checked(False)
    await expect(contacts).to_be_enabled()
    await contacts.set_checked(True)
    await expect(contacts).to_be_enabled()

    await birger.goto("/contacts?query=Cecilia+Kund")
    row = birger.get_by_role("button", name=re.compile("Cecilia Kund"))
    await expect(row.first).to_contain_text("CardDAV", timeout=40_000)
    await row.first.click()
    card = birger.get_by_role("dialog", name="Kontakt")
    await expect(card).to_contain_text("Hämtas från CardDAV och ändras där.")
    await expect(card.get_by_role("button", name="Ändra")).to_have_count(0)
    await expect(card.get_by_role("button", name="Ta bort")).to_have_count(0)


async def test_who_has_no_calendars_in_the_plan_is_told_why_and_what_it_would_do(demo: Demo):
    basse = await demo.sign_in("basse", "/profile", viewport={"width": 390, "height": 844})
    await basse.get_by_role("link", name="Anslut ett konto").click()
    plan = basse.get_by_role("region", name="Kalendrar ingår inte i Basic")
    await expect(plan).to_contain_text("Möten stänger telefonen av sig själva.")
    await expect(plan).to_contain_text("Astrid Ek")
    offers = basse.get_by_role("list", name="Anslut ett konto")
    await expect(offers).to_contain_text("CalDAV")
    await expect(offers).not_to_contain_text("ICS")
    await expect(basse.get_by_role("region", name="Varför?")).to_have_count(0)
    wide = await basse.evaluate("document.documentElement.scrollWidth")
    assert wide == 390


async def test_what_administrators_switch_off_cannot_be_connected_and_words_are_theirs(demo: Demo):
    astrid = await demo.sign_in("astrid", "/admin/integrations")
    ics = astrid.get_by_role("region", name="Kalenderadress (ICS)")
    await ics.get_by_role("switch").press("Space")
    await expect(ics).to_contain_text("Avstängd")
    caldav_counts = astrid.get_by_role("region", name="CalDAV")
    await expect(caldav_counts).to_contain_text(re.compile(r"[1-9]\s*synkade"))
    microsoft = astrid.get_by_role("region", name="Microsoft 365")
    await expect(microsoft).to_contain_text("VAXEL_MICROSOFT_CLIENT_ID")
    await expect(microsoft).to_contain_text(f"{demo.url}/oauth/microsoft/callback")

    rules = astrid.get_by_role("region", name="Hur möten räknas")
    await rules.get_by_role("button", name="Nytt nyckelord").click()
    words = rules.get_by_role("textbox", name=re.compile("^Nyckelord"))
    await words.last.fill("gym")
    await expect(words.last).to_have_value("GYM")
    await rules.get_by_role("combobox", name="Aktivitet för GYM").click()
    await astrid.get_by_role("option", name="Tillfälligt ute").click()
    await rules.get_by_role("button", name="Spara").click()
    await expect(astrid.get_by_text("Sparat")).to_be_visible()
    await expect(rules.get_by_role("button", name="Återställ de vanliga orden")).to_be_visible()

    birger = await demo.sign_in("birger", "/profile/calendars")
    offers = birger.get_by_role("list", name="Anslut ett konto")
    off = offers.get_by_role("listitem").filter(has_text="Kalenderadress (ICS)")
    await expect(off).to_contain_text("Avstängd av er administratör")
    await expect(off.get_by_role("button")).to_have_count(0)


async def always_at_work(page: Page) -> None:
    """Whatever day and hour it is, a meeting's end is when one is back."""
    hours = {day: [["00:00", "23:59"]] for day in DAYS}
    origin = re.sub(r"^(https?://[^/]+).*", r"\1", page.url)
    answer = await page.request.patch(
        "/api/me", data={"working_hours": hours}, headers={"Origin": origin}
    )
    assert answer.status == 200, await answer.text()


async def told(page: Page, subject: str) -> None:
    """Wait until the person's own week has that meeting."""
    async with asyncio.timeout(40):
        while subject not in await (await page.request.get("/api/me/calendar")).text():  # noqa: ASYNC110
            await asyncio.sleep(0.3)


async def connect(demo: Demo, page: Page, password: str) -> None:
    """Fill in the dialog for a CalDAV account and send it."""
    await page.get_by_role("button", name="Anslut CalDAV").click()
    dialog = page.get_by_role("dialog", name="Anslut CalDAV")
    await dialog.get_by_label("Adress").fill(demo.calendars)
    await dialog.get_by_label("Användarnamn").fill("birger@example.com")
    await dialog.get_by_label("Applösenord").fill(password)
    await dialog.get_by_role("button", name="Anslut", exact=True).click()


async def heard_by(page: Page, card: Locator) -> str:
    """What callers hear, as the card shows it; the server says the same."""
    words = card.locator("blockquote")
    await expect(words).to_contain_text("är åter")
    return await words.inner_text()


def running(demo: Demo) -> Any:
    """Birger's meeting, as his own calendar program has it."""
    email = "birger@example.com"
    client = caldav.DAVClient(url=demo.calendars, username=email, password=demo.password(email))
    calendar = client.calendar(url=f"{demo.calendars}{quote(email)}/{radicale.CALENDAR}/")
    return calendar.event_by_uid(f"{RUNNING}@vaxel.example.com")


def prolong(demo: Demo) -> datetime:
    """Let the running meeting end 45 minutes later; when that is."""
    event = running(demo)
    part = event.icalendar_component
    ends: datetime = part["dtend"].dt + timedelta(minutes=45)
    part["dtend"].dt = ends
    event.save()
    return ends


def put(demo: Demo, handle: str, name: str, starts: datetime, subject: str) -> None:
    """Write a meeting of an hour into somebody's calendar, in place of what has that name."""
    email = f"{handle}@example.com"
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Test//SV", "BEGIN:VEVENT"),
        f"UID:{name}@example.com",
        f"DTSTAMP:{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{starts + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{subject}",
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    address = f"{demo.calendars}{quote(email)}/{radicale.CALENDAR}/{name}.ics"
    answer = requests.put(
        address,
        data="\r\n".join(lines).encode(),
        auth=(email, demo.password(email)),
        headers={"Content-Type": "text/calendar"},
        timeout=20,
    )
    assert answer.status_code in (201, 204), answer.status_code

"""What goes wrong with calendars is told to whom it concerns, and can be mended."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import aiohttp
from playwright.async_api import Browser, expect

from server.settings import Settings
from storage.calendars import DeadLetter
from tests.conftest import run_server
from tests.e2e.office import Office
from tests.e2e.served import Served
from tests.e2e.test_activities import my_button
from tests.engine import Clock, Scripted, meeting, open_engine


async def test_a_calendar_that_was_not_synced_for_half_an_hour_is_marked(
    settings: Settings, browser: Browser
):
    clock, scripted = Clock(datetime.now(UTC)), Scripted(pushes=False)
    scripted.put(meeting("budget", clock.at + timedelta(hours=3)))
    async with AsyncExitStack() as closing:
        live = await closing.enter_async_context(run_server(settings, clock=clock))
        http = await closing.enter_async_context(aiohttp.ClientSession())
        office = await Office(live.app, live, browser, http, closing).open()
        engine = await closing.enter_async_context(
            open_engine(settings, {"caldav": scripted}, clock)
        )
        mailbox = await engine.connect(office.people["birger"], "caldav", account="birger")
        await engine.sync_now(mailbox)
        birger = await office.sign_in("birger", "/people")
        await expect(my_button(birger)).to_have_accessible_name("Min aktivitet: Tillgänglig")

        clock.move(minutes=31)
        await birger.reload()
        stale = "Kalendern är inte synkad"
        await expect(my_button(birger)).to_have_accessible_name(re.compile(stale))
        await birger.keyboard.press("Control+Shift+L")
        await birger.get_by_role("link", name=re.compile(stale)).click()
        account = birger.get_by_role("region", name="CalDAV birger")
        await expect(account).to_contain_text(stale)
        assert office.complaints == []


async def test_what_was_given_up_is_told_in_words_done_again_or_thrown_away(
    served: Served, office: Office
):
    astrid, birger = (office.people[handle] for handle in ("astrid", "birger"))
    async with open_engine(served.settings, {}, Clock(datetime.now(UTC))) as engine:
        mailbox = await engine.connect(birger, "caldav")
    letters = [
        DeadLetter(
            id=f"{mailbox.id}/{name}",
            org_id=astrid.org_id,
            mailbox_id=mailbox.id,
            job="calendar.sync",
            why="fault",
            tries=5,
            at=datetime.now(UTC),
        )
        for name in ("one", "two")
    ]
    await office.app.stores.dead_letters.add(letters)
    page = await office.sign_in("astrid", "/admin/integrations")
    rows = page.get_by_role("list", name="Uppgivet").get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Birger Holm CalDAV")
    await expect(rows.first).to_contain_text("Något gick fel hos oss")
    await expect(rows.first).to_contain_text("5 försök")
    await rows.first.get_by_role("button", name="Kör om").click()
    await expect(rows).to_have_count(1)
    await rows.first.get_by_role("button", name="Släng").click()
    await expect(page.get_by_text("Inget är uppgivet.")).to_be_visible()
    assert await office.app.stores.dead_letters.of_org(astrid.org_id) == []
    await page.goto("/admin/audit")
    await expect(page.get_by_role("main")).to_contain_text("Astrid Lind körde om något uppgivet")

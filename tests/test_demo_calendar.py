"""The demo's calendars: on a real Radicale, moved by anybody's client, seen by colleagues."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import caldav
import pytest

from server import demo, demo_calendar
from server.app import App
from server.domain.calendars import connections
from server.embedded import radicale
from server.providers import calendar_providers
from storage.models import User
from tests.installation import Installation
from tests.radicale import Account, radicale_at

BIRGER = "birger@example.com"
ADDRESS = re.compile(r"for any CalDAV client, at (http://127\.0\.0\.1:\d+/)$")
PASSWORD = re.compile(r"there the password is (\S+)\.$")


@dataclass
class Demo:
    """A demo with its calendar server beside it."""

    app: App
    url: str

    async def open(self, **later: float) -> None:
        """What each start does; *later* than now."""
        at = self.app.now() + timedelta(**later)
        await demo_calendar.open_calendars(replace(self.app, now=lambda: at))

    async def birger(self) -> User:
        found = await self.app.stores.users.by_email(BIRGER)
        assert found is not None
        return found

    async def connected(self) -> list[dict[str, Any]]:
        listed = await connections.listing(self.app, await self.birger())
        found: list[dict[str, Any]] = listed["connections"]
        return found

    def account(self) -> Account:
        return Account(self.url, BIRGER, radicale.users(self.app.settings.data_dir)[BIRGER])

    async def running(self) -> Any:
        """Birger's meeting, as his client shows it."""
        return await asyncio.to_thread(_running, self.account().client())


@pytest.fixture
async def office(app, tmp_path) -> AsyncIterator[Demo]:
    async with radicale_at(tmp_path) as server:
        settings = replace(app.settings, calendar_url=server.url)
        here = replace(app, settings=settings, calendars=calendar_providers(settings))
        await demo.fill(here)
        yield Demo(here, server.url)


async def test_everybody_whose_plan_has_calendars_gets_one_and_birger_is_in_a_meeting(office):
    await office.open()

    (connected,) = await office.connected()
    meeting = (await office.running()).icalendar_component
    now = office.app.now()
    assert connected["account"] == BIRGER
    assert [each["counts"] for each in connected["calendars"]] == [True]
    assert meeting["DTSTART"].dt <= now
    assert meeting["DTEND"].dt >= now + timedelta(minutes=20)
    assert set(radicale.users(office.app.settings.data_dir)) == {
        *("astrid@example.com", BIRGER, "rebecka@example.com", "cecilia@example.org"),
    }


async def test_the_next_start_leaves_a_meeting_that_goes_on_and_renews_one_that_is_over(office):
    await office.open()
    meeting = await office.running()
    meeting.icalendar_component["DTEND"].dt += timedelta(minutes=15)
    await asyncio.to_thread(meeting.save)
    moved = meeting.icalendar_component["DTEND"].dt

    await office.open()
    assert (await office.running()).icalendar_component["DTEND"].dt == moved
    assert len(await office.connected()) == 1

    await office.open(hours=5)
    later = (await office.running()).icalendar_component
    assert later["DTEND"].dt > office.app.now() + timedelta(hours=5)


async def test_a_connection_that_its_owner_ended_stays_ended(office):
    await office.open()
    (connected,) = await office.connected()
    await connections.disconnect(office.app, await office.birger(), connected["id"])

    await office.open()

    assert await office.connected() == []


async def test_a_server_that_moved_to_another_port_is_found_again(office, tmp_path):
    await office.open()
    (before,) = await office.connected()
    folder = office.app.settings.data_dir
    (folder / "radicale" / "port").unlink()
    async with radicale_at(folder) as moved:
        settings = replace(office.app.settings, calendar_url=moved.url)
        await Demo(
            replace(office.app, settings=settings, calendars=calendar_providers(settings)),
            moved.url,
        ).open()

    (after,) = await office.connected()
    assert after["id"] != before["id"]
    assert after["calendars"]


async def test_without_such_a_server_there_is_nothing_to_do(office):
    elsewhere = replace(office.app.settings, calendar_url="https://calendars.example.com/")
    await demo_calendar.open_calendars(replace(office.app, settings=elsewhere))
    await demo_calendar.open_calendars(
        replace(office.app, settings=replace(office.app.settings, calendar_url=None))
    )

    assert await office.connected() == []


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [("10:00", "10:00", "10:30"), ("10:10", "10:00", "10:30"), ("10:11", "10:00", "11:00")],
)
def test_the_meeting_lasts_until_a_half_hour_that_is_far_enough_away(now, begins, ends):
    def at(clock: str) -> datetime:
        return datetime.fromisoformat(f"2026-11-23T{clock}:00+01:00")

    assert demo_calendar.around(at(now)) == (at(begins), at(ends))


async def test_a_newcomer_moves_the_meeting_with_a_client_and_colleagues_see_it(tmp_path):
    vaxel = Installation(tmp_path / "data")
    try:
        address = vaxel.start()
        url, password = vaxel.hears(ADDRESS)[1], vaxel.hears(PASSWORD)[1]
        client = caldav.DAVClient(url=url, username=BIRGER, password=password)
        meeting = await asyncio.to_thread(_running, client)
        seen = await _until(address, lambda found: found["activity"] == "meeting")

        meeting.icalendar_component["DTEND"].dt += timedelta(minutes=30)
        await asyncio.to_thread(meeting.save)
        moved = await _until(address, lambda found: found["until"] != seen["until"])
        assert moved["activity"] == "meeting"

        await asyncio.to_thread(meeting.delete)
        await _until(address, lambda found: found["activity"] == "available")
    finally:
        vaxel.end()


def _running(client: caldav.DAVClient) -> Any:
    with client:
        found = client.principal().calendars()[0].events()
        return next(each for each in found if demo_calendar.RUNNING in each.data)


async def _until(address: str, like: Any) -> dict[str, Any]:
    """Birger's presence as Astrid sees it, as soon as it is *like* that."""
    who = {"email": "astrid@example.com", "password": "vaxel-demo"}
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{address}/api/session", json=who) as answer:
            token = (await answer.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        until = time.monotonic() + 60
        while time.monotonic() < until:
            async with http.get(f"{address}/api/people", headers=headers) as answer:
                people = (await answer.json())["people"]
            found: dict[str, Any] = next(
                each["presence"] for each in people if each["email"] == BIRGER
            )
            if like(found):
                return found
            await asyncio.sleep(0.2)
    raise AssertionError(found)

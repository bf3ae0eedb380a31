"""From Google to what callers hear: through the adapter, the engine, and push over https."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, TCPConnector

from integrations.google.addresses import CALENDAR_SCOPE
from server.domain.activities import choosing
from server.domain.jobs import Job
from server.settings import Settings
from standins import tls
from standins.google import refusals
from standins.google.calendars import Calendar
from standins.google.server import Google
from standins.pki import Authority, make_authority
from tests.cast import make_company
from tests.conftest import run_server
from tests.desk import Connected, local, moment
from tests.engine import Clock, open_engine
from tests.google import ASTRID, BIRGER, consented, google_of, settings_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAILY = ["RRULE:FREQ=DAILY"]
OUT = {"eventType": "outOfOffice"}


@dataclass
class Desk(Connected):
    """Birger, whose calendar is at Google, connected."""

    google: Google
    authority: Authority

    @property
    def calendar(self) -> Calendar:
        return self.google.calendars[BIRGER]

    def add(self, day: str, start: str, end: str, summary: str = "Möte", **more: Any) -> str:
        """An event on that day, from "10:00" to "11:00" in Stockholm."""
        return self.calendar.add(summary, local(f"{day} {start}"), local(f"{day} {end}"), **more)

    async def occurrences(self) -> list[Any]:
        return await self.engine.app.stores.occurrences.of_user(self.user.org_id, self.user.id)


@asynccontextmanager
async def desk_at(
    settings: Settings, folder: Path, authority: Authority | None = None
) -> AsyncIterator[Desk]:
    authority = authority or make_authority(folder / "pki")
    clock = Clock(moment("2026-11-23 08:00"))
    async with google_of(folder, authority, clock) as google:
        own = replace(settings, **settings_of(google, authority.ca_file))
        async with open_engine(own, clock=clock) as engine:
            birger = (await make_company(engine.app))["birger"]
            mailbox = await engine.connect(
                birger, "google", credentials=consented(google, BIRGER), tenant="vaxel"
            )
            yield Desk(engine, clock, birger, mailbox, google, authority)


@pytest.fixture
async def desk(settings, tmp_path):
    async with desk_at(settings, tmp_path) as found:
        yield found


# Clocks that change, zones, and whole days


async def test_nine_oclock_is_nine_oclock_before_and_after_summer_time_begins(desk):
    desk.add("2027-03-23", "09:00", "10:00", recurrence=["RRULE:FREQ=WEEKLY"])
    for day in ("2027-03-23", "2027-03-30"):
        await desk.sync(f"{day} 08:30")
        assert not await desk.closed(f"{day} 08:59")
        assert await desk.does(f"{day} 09:30") == "meeting"
        assert "är åter klockan tio." in await desk.says(f"{day} 09:30")
        assert not await desk.closed(f"{day} 10:01")


async def test_an_hour_that_comes_twice_has_one_meeting_and_a_skipped_one_is_later(desk):
    weekly = ["RRULE:FREQ=WEEKLY;COUNT=2"]
    desk.add("2026-10-18", "02:30", "03:00", recurrence=weekly)
    await desk.sync("2026-10-24 12:00")
    assert [each.start for each in await desk.occurrences()] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ]

    desk.add("2027-03-21", "02:30", "03:00", recurrence=weekly)
    await desk.sync("2027-03-27 12:00")
    assert not await desk.closed("2027-03-28 01:45")
    assert await desk.closed("2027-03-28 03:45")
    assert not await desk.closed("2027-03-28 04:01")


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
async def test_a_whole_day_away_is_from_midnight_to_midnight_however_long(desk, day):
    after = day + timedelta(days=1)
    desk.calendar.add("Borta", day, after, **OUT)
    await desk.sync(f"{day} 00:00")
    assert await desk.does(f"{day} 00:01") == "out"
    await desk.sync(f"{day} 12:00")
    assert await desk.does(f"{day} 23:59") == "out"
    assert not await desk.closed(f"{after} 00:01")


async def test_callers_are_told_the_time_where_the_callee_is(desk):
    await desk.engine.app.stores.users.update(
        desk.user.id, desk.user.org_id, time_zone="Europe/Helsinki"
    )
    desk.engine.told.forget("user", desk.user.id)
    desk.add("2026-11-23", "10:00", "10:30")
    await desk.sync("2026-11-23 09:00")
    assert "klockan elva och trettio" in await desk.says("2026-11-23 10:15")


# Series


async def test_an_instance_that_is_moved_opens_at_once_and_closes_where_it_went(desk):
    series = desk.add("2026-11-23", "10:00", "11:00", recurrence=DAILY)
    await desk.sync("2026-11-23 10:05")
    assert await desk.closed("2026-11-23 10:15")

    instance = desk.calendar.instance_at(series, local("2026-11-23 10:00"))
    desk.calendar.move(instance, local("2026-11-23 13:00"), local("2026-11-23 14:00"))
    await desk.sync("2026-11-23 10:15")
    assert not await desk.closed("2026-11-23 10:16")
    assert await desk.closed("2026-11-23 13:00")
    assert "klockan fjorton." in await desk.says("2026-11-23 13:10")


async def test_a_cancelled_instance_and_a_deleted_series_open_at_once(desk):
    series = desk.add("2026-11-23", "10:00", "11:00", recurrence=DAILY)
    await desk.sync("2026-11-23 10:05")
    assert await desk.closed("2026-11-23 10:15")

    desk.calendar.delete(desk.calendar.instance_at(series, local("2026-11-23 10:00")))
    await desk.sync("2026-11-23 10:15")
    assert not await desk.closed("2026-11-23 10:16")
    await desk.sync("2026-11-24 10:00")
    assert await desk.closed("2026-11-24 10:10")

    desk.calendar.delete(series)
    await desk.sync("2026-11-24 10:05")
    assert not await desk.closed("2026-11-24 10:11")
    assert not await desk.occurrences()


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        (["RDATE;TZID=Europe/Stockholm:20261123T100000,20261125T100000"], [23, 25]),
        (["RRULE:FREQ=DAILY;COUNT=2"], [23, 24]),
        (["RRULE:FREQ=DAILY;UNTIL=20261124T090000Z"], [23, 24]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Stockholm:20261124T100000"], [23, 25]),
        (["RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR"], [23, 25, 27, 30, 2, 4]),
    ],
)
async def test_a_series_has_the_days_that_its_rule_says(desk, rules, days):
    desk.add("2026-11-23", "10:00", "11:00", recurrence=rules)
    await desk.sync("2026-11-23 08:00")
    starts = sorted(each.start.astimezone(STOCKHOLM) for each in await desk.occurrences())
    assert [each.day for each in starts] == days
    assert {each.hour for each in starts} == {10}


async def test_a_series_moved_to_other_days_leaves_nothing_behind(desk):
    series = desk.add("2026-11-23", "10:00", "11:00", recurrence=["RRULE:FREQ=WEEKLY"])
    await desk.sync("2026-11-23 08:00")
    desk.calendar.move(series, local("2026-11-24 10:00"), local("2026-11-24 11:00"))
    await desk.sync("2026-11-23 08:10")
    assert not await desk.closed("2026-11-23 10:15")
    await desk.sync("2026-11-24 10:00")
    assert await desk.closed("2026-11-24 10:15")
    days = sorted(each.start.astimezone(STOCKHOLM).day for each in await desk.occurrences())
    assert days == [1, 24]


# While it goes on


async def test_an_end_that_is_moved_is_told_from_the_next_call_on(desk):
    event = desk.add("2026-11-23", "14:00", "15:00")
    await desk.sync("2026-11-23 14:10")
    before = await desk.says("2026-11-23 14:20")
    desk.calendar.move(event, local("2026-11-23 14:00"), local("2026-11-23 16:00"))
    await desk.sync("2026-11-23 14:20")
    after = await desk.says("2026-11-23 14:20")
    assert "klockan femton." in before
    assert "klockan sexton." in after


async def test_a_meeting_declined_after_it_began_opens(desk):
    guests = [{"email": ASTRID, "responseStatus": "accepted"}]
    organizer = {"email": ASTRID}
    event = desk.add("2026-11-23", "14:00", "15:00", organizer=organizer, attendees=guests)
    desk.calendar.respond(event, "accepted")
    await desk.sync("2026-11-23 14:10")
    assert await desk.closed("2026-11-23 14:20")
    desk.calendar.respond(event, "declined")
    await desk.sync("2026-11-23 14:20")
    assert not await desk.closed("2026-11-23 14:21")


async def test_a_meeting_moved_out_of_the_window_opens_at_once(desk):
    event = desk.add("2026-11-23", "14:00", "15:00")
    await desk.sync("2026-11-23 14:10")
    assert await desk.closed("2026-11-23 14:20")
    desk.calendar.move(event, local("2027-03-23 14:00"), local("2027-03-23 15:00"))
    await desk.sync("2026-11-23 14:20")
    assert not await desk.closed("2026-11-23 14:21")
    assert not await desk.occurrences()


@pytest.mark.parametrize(("begins", "back"), [("11:05", "tolv"), ("11:06", "elva")])
async def test_meetings_five_minutes_apart_are_one_absence_six_are_two(desk, begins, back):
    desk.add("2026-11-23", "10:00", "11:00")
    desk.add("2026-11-23", begins, "12:00")
    await desk.sync("2026-11-23 09:00")
    assert f"klockan {back}." in await desk.says("2026-11-23 10:30")


async def test_a_short_meeting_inside_a_long_one_does_not_shorten_it(desk):
    desk.add("2026-11-23", "13:00", "15:00")
    desk.add("2026-11-23", "13:30", "14:00")
    await desk.sync("2026-11-23 12:00")
    assert "klockan femton." in await desk.says("2026-11-23 13:45")
    assert await desk.closed("2026-11-23 14:30")


async def test_who_says_available_in_a_meeting_stays_so_though_it_is_prolonged(desk):
    series = desk.add("2026-11-23", "14:00", "15:00", recurrence=DAILY)
    await desk.sync("2026-11-23 14:10")
    desk.clock.at = moment("2026-11-23 14:20")
    await choosing.choose(desk.engine.app, desk.user, "available")
    assert not await desk.closed("2026-11-23 14:21")

    instance = desk.calendar.instance_at(series, local("2026-11-23 14:00"))
    desk.calendar.move(instance, local("2026-11-23 14:00"), local("2026-11-23 15:30"))
    await desk.sync("2026-11-23 14:30")
    assert not await desk.closed("2026-11-23 15:15")
    await desk.sync("2026-11-24 14:00")
    assert await desk.closed("2026-11-24 14:15")


async def test_lunch_by_hand_then_the_meeting_that_begins_in_it(desk):
    desk.add("2026-11-23", "12:15", "13:00")
    await desk.sync("2026-11-23 11:30")
    desk.clock.at = moment("2026-11-23 11:45")
    await choosing.choose(desk.engine.app, desk.user, "lunch", moment("2026-11-23 12:30"))
    assert await desk.does("2026-11-23 12:10") == "lunch"
    assert await desk.does("2026-11-23 12:35") == "meeting"
    for time in ("12:10", "12:35"):
        assert "klockan tretton." in await desk.says(f"2026-11-23 {time}")


# Longer absences


async def test_out_of_office_goes_before_a_meeting_in_it(desk):
    desk.add("2026-11-23", "08:00", "17:00", "Borta", **OUT)
    desk.add("2026-11-23", "10:00", "11:00")
    await desk.sync("2026-11-23 09:00")
    assert await desk.does("2026-11-23 10:30") == "out"
    assert "är åter i morgon klockan åtta." in await desk.says("2026-11-23 10:30")


async def test_days_are_said_as_people_say_them(desk):
    start, end = local("2026-11-25 13:00"), local("2026-11-27 12:00")
    desk.calendar.add("Mässa", start, end, **OUT)
    for time, said in (
        ("2026-11-25 14:00", "på fredag klockan tolv."),
        ("2026-11-26 09:00", "i morgon klockan tolv."),
        ("2026-11-27 09:00", "är åter klockan tolv."),
    ):
        await desk.sync(time)
        assert said in await desk.says(time)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-27", "på måndag klockan åtta."), ("2027-01-05", "på torsdag klockan åtta.")],
)
async def test_nobody_is_told_a_time_when_nobody_works(desk, day, said):
    desk.add(day, "15:00", "17:00")
    await desk.sync(f"{day} 14:00")
    assert said in await desk.says(f"{day} 15:30")


async def test_just_before_and_just_after_midnight(desk):
    desk.calendar.add("Natt", local("2026-11-23 22:00"), local("2026-11-24 01:00"))
    await desk.sync("2026-11-23 21:00")
    for time in ("2026-11-23 23:59:59", "2026-11-24 00:00:01"):
        assert await desk.does(time) == "meeting"
    assert "i morgon" in await desk.says("2026-11-23 23:59:59")
    assert "i morgon" not in await desk.says("2026-11-24 00:00:01")


# Google's own kinds, and what nobody is to know


@pytest.mark.parametrize(
    ("fields", "activity", "closed"),
    [
        (OUT, "out", True),
        ({"eventType": "focusTime"}, "do_not_disturb", True),
        ({"eventType": "workingLocation", "transparency": "transparent"}, "available", False),
        ({"eventType": "workingLocation"}, "available", False),
        ({"eventType": "birthday"}, "available", False),
        ({"eventType": "fromGmail"}, "available", False),
        ({"transparency": "transparent"}, "available", False),
        ({"status": "tentative"}, "meeting", False),
        ({}, "meeting", True),
    ],
)
async def test_kinds_of_events(desk, fields, activity, closed):
    desk.add("2026-11-23", "10:00", "11:00", **fields)
    await desk.sync("2026-11-23 09:00")
    assert await desk.does("2026-11-23 10:15") == activity
    assert await desk.closed("2026-11-23 10:15") == closed


async def test_a_private_meeting_is_told_without_what_it_is(desk, caplog):
    desk.add("2026-11-23", "10:00", "11:00", "Tandvård", visibility="private")
    await desk.sync("2026-11-23 09:00")
    said = await desk.says("2026-11-23 10:15")
    seen = await desk.engine.presence_of(desk.user, moment("2026-11-23 10:15"))
    assert "kan inte ta emot samtal just nu och är åter klockan elva." in said
    told = json.dumps([seen, desk.engine.told.facts, desk.engine.handed.jobs], default=str)
    assert "Tandvård" not in told + caplog.text + said


async def test_a_calendar_that_shows_only_when_counts_as_private(desk):
    desk.google.share(ASTRID, BIRGER, "freeBusyReader")
    desk.google.calendars[ASTRID].add(
        "Hemligt", local("2026-11-23 10:00"), local("2026-11-23 11:00")
    )
    await desk.sync("2026-11-23 08:30")
    await count_all(desk)
    await desk.sync("2026-11-23 09:00")
    assert "kan inte ta emot samtal just nu" in await desk.says("2026-11-23 10:15")
    assert {each.subject for each in await desk.occurrences()} == {""}


async def test_the_same_meeting_in_two_calendars_is_one(desk):
    same = {"iCalUID": "gemensamt@google.com"}
    desk.google.share(ASTRID, BIRGER, "reader")
    start, end = local("2026-11-23 10:00"), local("2026-11-23 11:00")
    for calendar in (desk.calendar, desk.google.calendars[ASTRID]):
        calendar.add("Gemensamt", start, end, **same)
    await desk.sync("2026-11-23 08:30")
    await count_all(desk)
    await desk.sync("2026-11-23 09:00")
    assert len(await desk.occurrences()) == 2
    desk.clock.at = moment("2026-11-23 10:20")
    assert await desk.closed("2026-11-23 10:20")
    await choosing.choose(desk.engine.app, desk.user, "available")
    assert not await desk.closed("2026-11-23 10:21")  # of both


async def count_all(desk: Desk) -> None:
    """Every calendar counts from now on."""
    mailbox = await desk.engine.mailbox(desk.mailbox.id)
    calendars = tuple(replace(each, counts=True) for each in mailbox.calendars)
    await desk.engine.app.stores.mailboxes.update(mailbox.id, mailbox.org_id, calendars=calendars)


# Failures


@pytest.mark.parametrize(
    "refused",
    [
        refusals.quota(403, "userRateLimitExceeded"),
        refusals.quota(429, "rateLimitExceeded", "Queries per minute per user"),
        refusals.Refused(503, {}),
    ],
)
async def test_a_google_that_says_later_leaves_nothing_stuck(desk, refused):
    desk.add("2026-11-23", "10:00", "11:00", recurrence=DAILY)
    await desk.sync("2026-11-23 09:00")
    desk.google.fail(refused, "/events", times=10)
    failed = await desk.sync("2026-11-23 09:05")
    assert (failed.failures, failed.status) == (1, "active")
    assert await desk.closed("2026-11-23 10:15")  # what is known is good for a day
    assert not await desk.closed("2026-11-24 10:15")

    desk.google.troubles.clear()
    good = await desk.sync("2026-11-23 18:00")
    assert (good.trouble, good.failures) == ("", 0)
    assert await desk.closed("2026-11-24 10:15")


async def test_a_project_that_asked_too_much_waits_as_a_whole(desk):
    await desk.sync("2026-11-23 09:00")
    astrid = await desk.engine.app.stores.users.find(desk.user.id)
    other = await desk.engine.connect(
        astrid, "google", credentials=consented(desk.google), tenant="vaxel", account=ASTRID
    )
    desk.google.fail(refusals.quota(403, "rateLimitExceeded"), "/events")
    await desk.sync("2026-11-23 09:05")
    asked = len(desk.google.requests)
    await desk.engine.sync_now(other)
    assert len(desk.google.requests) == asked


async def test_a_consent_taken_back_is_told_to_its_owner_and_asks_nobody_again(desk):
    desk.add("2026-11-23", "10:00", "11:00", recurrence=DAILY)
    await desk.sync("2026-11-23 09:00")
    desk.google.accounts.revoke_all(BIRGER)
    lost = await desk.sync("2026-11-23 09:05")
    asked = len(desk.google.requests)
    await desk.sync("2026-11-23 09:10")
    assert (lost.status, lost.trouble) == ("lost", "access_lost")
    assert len(desk.google.requests) == asked
    assert not await desk.closed("2026-11-24 10:15")


async def test_a_token_lost_in_the_middle_of_pages_means_reading_anew_without_flapping(desk):
    for n in range(3):
        desk.add("2026-11-23", f"1{n}:00", f"1{n}:30")
    await desk.sync("2026-11-23 09:00")
    before = len(desk.engine.told.facts)
    desk.calendar.expire_tokens()
    kept = desk.add("2026-11-23", "15:00", "16:00")
    good = await desk.sync("2026-11-23 10:10")
    assert (good.trouble, good.failures) == ("", 0)
    assert kept in {each.ref for each in await desk.occurrences()}
    assert await desk.closed("2026-11-23 10:15")
    assert not [
        fact for fact, _data, _to in desk.engine.told.facts[before:] if "presence" in str(fact)
    ]


async def test_an_item_that_cannot_be_read_is_a_dead_letter_and_the_others_count(desk):
    good = desk.add("2026-11-23", "10:00", "11:00")
    bad = desk.add("2026-11-23", "12:00", "13:00")
    desk.calendar.change(bad, originalStartTime={"dateTime": "snart"})
    await desk.sync("2026-11-23 09:00")
    assert [each.ref for each in await desk.occurrences()] == [good]
    letters = await desk.engine.app.stores.dead_letters.of_org(desk.user.org_id)
    assert len(letters) == 1
    assert bad not in repr(letters)


async def test_renewed_tokens_are_sealed_and_found_again(desk):
    await desk.sync("2026-11-23 09:00")
    stores, vault = desk.engine.app.stores, desk.engine.app.vault
    connection = await stores.connections.in_org(desk.mailbox.connection_id, desk.user.org_id)
    assert "ya29" not in connection.sealed
    held = json.loads(vault.open(connection.sealed, connection.id))
    assert held["token"] in desk.google.accounts.tokens
    assert held["refresh_token"] in desk.google.accounts.refreshes


async def test_a_companys_people_are_read_by_its_service_account(desk):
    file = desk.google.add_service_account(CALENDAR_SCOPE).as_json("")
    mailbox = await desk.engine.connect(
        desk.user, "google", credentials=file, company=True, address=BIRGER, tenant="example.com"
    )
    desk.add("2026-11-23", "10:00", "11:00")
    desk.clock.at = moment("2026-11-23 09:00")
    good = await desk.engine.sync_now(mailbox)
    assert (good.status, good.trouble) == ("active", "")
    assert await desk.closed("2026-11-23 10:15")


# Push


@dataclass
class Pushed:
    """A desk whose installation Google can reach: a server behind https."""

    desk: Desk
    url: str
    headers: dict[str, str]

    async def knock(self, **changes: str) -> int:
        """What anybody may post to the door: Google's headers, changed."""
        sent = {**self.headers, **changes}
        context = self.desk.authority.client_context()
        async with (
            ClientSession(connector=TCPConnector(ssl=context)) as http,
            http.post(f"{self.url}/hooks/google", headers=sent) as answer,
        ):
            return answer.status

    async def marked(self) -> bool:
        """Whether the mailbox was told to have changed; asks for a second at most."""
        queue = self.desk.engine.app.sync_queue
        for _ in range(20):
            if await queue.marked(self.desk.mailbox.id):
                return True
            await asyncio.sleep(0.05)
        return False


@pytest.fixture
async def pushed(settings, tmp_path):
    authority = make_authority(tmp_path / "pki")
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(tls.front(authority))
        public = replace(settings, public_url=front.url)
        desk = await stack.enter_async_context(desk_at(public, tmp_path, authority))
        live = await stack.enter_async_context(run_server(desk.engine.app.settings, 0, desk.clock))
        front.point_at(live.url)
        await desk.sync("2026-11-23 09:00")
        await desk.engine.drain()
        await desk.google.channels.settled()
        (channel,) = desk.google.channels.open_on(BIRGER)
        headers = desk.google.channels.headers(channel, "exists")
        yield Pushed(desk, front.url, headers)


async def test_a_change_is_pushed_over_https_and_told_without_anybody_asking(pushed):
    desk = pushed.desk
    assert [state for _id, state, _status in desk.google.channels.told] == ["sync"]
    assert not await desk.engine.app.sync_queue.marked(desk.mailbox.id)

    desk.add("2026-11-23", "10:00", "11:00")
    await desk.google.channels.settled()
    assert desk.google.channels.told[-1][1:] == ("exists", 202)
    assert await pushed.marked()
    await desk.sync("2026-11-23 09:30")
    assert await desk.closed("2026-11-23 10:15")


async def test_a_storm_of_pushes_is_few_requests(pushed):
    desk = pushed.desk
    before = desk.google.count("/events")
    for n in range(60):
        desk.add("2026-11-24", f"10:{n:02}", "12:00")
    await desk.google.channels.settled()
    assert await pushed.marked()
    await desk.sync("2026-11-23 09:30")
    assert desk.google.count("/events") - before <= 2
    assert len(await desk.occurrences()) == 60


async def test_wrong_tokens_other_resources_and_strangers_change_nothing(pushed):
    desk = pushed.desk
    for changes in (
        {"X-Goog-Channel-Token": "gissat"},
        {"X-Goog-Resource-ID": "another"},
        {"X-Goog-Channel-ID": "another"},
        {"X-Goog-Channel-ID": ""},
    ):
        assert await pushed.knock(**changes, **{"X-Goog-Message-Number": "90"}) == 404
    assert await pushed.knock(**{"X-Goog-Resource-State": "sync"}) == 202
    assert not await desk.engine.app.sync_queue.marked(desk.mailbox.id)


async def test_a_replayed_push_changes_nothing(pushed):
    desk = pushed.desk
    assert await pushed.knock(**{"X-Goog-Message-Number": "90"}) == 202
    assert await pushed.marked()
    await desk.sync("2026-11-23 09:30")
    for number in ("90", "89"):
        assert await pushed.knock(**{"X-Goog-Message-Number": number}) == 202
    assert not await desk.engine.app.sync_queue.marked(desk.mailbox.id)
    assert await pushed.knock(**{"X-Goog-Message-Number": "91"}) == 202
    assert await pushed.marked()


async def test_a_channel_is_made_anew_before_it_ends_and_the_old_one_stopped_after(pushed):
    desk = pushed.desk
    (old,) = desk.google.channels.open_on(BIRGER)
    desk.clock.at = old.until - timedelta(days=1)
    before = len(desk.google.requests)
    await desk.engine.app.jobs.enqueue(
        Job.CALENDAR_RENEW, queue="renew", mailbox_id=desk.mailbox.id
    )
    await desk.engine.drain(Job.CALENDAR_RENEW)
    (new,) = desk.google.channels.open_on(BIRGER)
    assert new.id != old.id
    assert new.until > old.until
    paths = [path for _method, path, _query in desk.google.requests[before:]]
    order = [path.rpartition("/")[2] for path in paths if path.endswith(("watch", "stop"))]
    assert list(dict.fromkeys(order)) == ["watch", "stop"]

    await desk.google.channels.settled()
    desk.add(f"{desk.clock.at.date()}", "10:00", "11:00")
    await desk.google.channels.settled()
    assert desk.google.channels.told[-1][1:] == ("exists", 202)


async def test_a_calendar_that_cannot_be_watched_is_compared_by_the_clock(settings, tmp_path):
    public = replace(settings, public_url="https://127.0.0.1:9")
    async with desk_at(public, tmp_path) as desk:
        desk.calendar.pushable = False
        await desk.sync("2026-11-23 09:00")
        await desk.engine.drain()
        assert not desk.google.channels.open_on(BIRGER)
        desk.add("2026-11-23", "10:00", "11:00")
        good = await desk.sync("2026-11-23 09:30")
        assert good.trouble == ""
        assert await desk.closed("2026-11-23 10:15")

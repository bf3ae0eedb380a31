"""From a real CalDAV server to what callers hear: the cases that calendars go wrong in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from integrations.caldav import CalDav
from integrations.contract import CalendarProvider
from integrations.ics import IcsFeeds
from integrations.safe_http import Network
from server.domain.activities import choosing
from tests.cast import make_company
from tests.desk import Connected, moment
from tests.engine import Clock, open_engine
from tests.feeds import calendar, event, feed
from tests.radicale import Account, Radicale, between, radicale_at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NETWORK = Network(private=True)


@dataclass
class Desk(Connected):
    """Somebody with a calendar on a server of their own, connected."""

    account: Account

    async def put(self, name: str, *events: str) -> None:
        """Save an object in the calendar, as its owner does."""
        await self.account.put(f"{name}.ics", calendar(*events))

    async def delete(self, name: str) -> None:
        await self.account.delete(f"{name}.ics")


def at(day: str, start: str, end: str, *more: str, uid: str = "v", **where: str) -> str:
    """An event on that day ("2026-11-23"), from "10:00" to "11:00"."""
    date = day.replace("-", "")
    times = (f"{date}T{clock.replace(':', '')}00" for clock in (start, end))
    return event(uid, *times, *more, **where)


def away(first: str, last: str, uid: str = "v") -> str:
    """Whole days out of office, the last not included."""
    return "\n".join(
        [
            f"UID:{uid}",
            f"DTSTART;VALUE=DATE:{first.replace('-', '')}",
            f"DTEND;VALUE=DATE:{last.replace('-', '')}",
            "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
            "SUMMARY:Borta",
        ]
    )


@pytest.fixture(scope="module")
async def server(tmp_path_factory) -> AsyncIterator[Radicale]:
    async with radicale_at(Path(tmp_path_factory.mktemp("radicale"))) as found:
        yield found


@pytest.fixture
async def desk(settings, server) -> AsyncIterator[Desk]:
    clock = Clock(moment("2026-11-23 08:00"))
    dav = CalDav(NETWORK, lambda *_asked: [])
    kinds: dict[str, CalendarProvider] = {"caldav": dav, "ics": IcsFeeds(NETWORK)}
    async with open_engine(settings, kinds, clock) as engine:
        birger = (await make_company(engine.app))["birger"]
        account = server.person()
        mailbox = await engine.connect(
            birger, "caldav", credentials=account.credentials, account=account.user
        )
        await dav.calendars(account.access)  # the server makes them at the first visit
        yield Desk(engine, clock, birger, mailbox, account)


# Clocks that change, zones, and whole days


async def test_nine_oclock_is_nine_oclock_before_and_after_summer_time_begins(desk):
    await desk.put("v", at("2027-03-09", "09:00", "10:00", "RRULE:FREQ=WEEKLY"))
    for day in ("2027-03-23", "2027-03-30"):
        await desk.sync(f"{day} 08:30")
        assert not await desk.closed(f"{day} 08:59")
        assert await desk.does(f"{day} 09:30") == "meeting"
        assert "är åter klockan tio." in await desk.says(f"{day} 09:30")
        assert not await desk.closed(f"{day} 10:01")


async def test_an_hour_that_comes_twice_has_one_meeting(desk):
    await desk.put("v", at("2026-10-18", "02:30", "03:00", "RRULE:FREQ=WEEKLY;COUNT=2"))
    await desk.sync("2026-10-24 12:00")

    rows = await desk.engine.app.stores.occurrences.of_user(desk.user.org_id, desk.user.id)
    assert [each.start for each in rows] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


async def test_an_hour_that_is_skipped_has_its_meeting_an_hour_later(desk):
    await desk.put("v", at("2027-03-21", "02:30", "03:00", "RRULE:FREQ=WEEKLY;COUNT=2"))
    await desk.sync("2027-03-27 12:00")

    assert not await desk.closed("2027-03-28 01:45")
    assert await desk.closed("2027-03-28 03:45")
    assert not await desk.closed("2027-03-28 04:01")


@pytest.mark.parametrize(
    ("day", "after", "hours"), [("2027-03-28", "2027-03-29", 23), ("2026-10-25", "2026-10-26", 25)]
)
async def test_a_whole_day_away_is_from_midnight_to_midnight_however_long(desk, day, after, hours):
    await desk.put("v", away(day, after))
    await desk.sync(f"{day} 00:00")

    assert await desk.does(f"{day} 00:01") == "out"
    await desk.sync(f"{day} 12:00")
    assert await desk.does(f"{day} 23:59") == "out"
    assert not await desk.closed(f"{after} 00:01")
    assert (moment(f"{after} 00:00") - moment(f"{day} 00:00")).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("W. Europe Standard Time", "10:00"),
        ("FLE Standard Time", "11:00"),
        ("America/New_York", "04:00"),
        ("", "10:00"),  # floating: where its owner is
    ],
)
async def test_a_meeting_is_when_it_is_whatever_its_zone_is_called(desk, zone, clock):
    ends = f"{clock[:2]}:30"
    await desk.put("v", at("2026-11-23", clock, ends, zone=zone))
    await desk.sync("2026-11-23 09:00")

    assert await desk.does("2026-11-23 10:15") == "meeting"
    assert "klockan tio och trettio" in await desk.says("2026-11-23 10:15")


async def test_callers_are_told_the_time_where_the_callee_is(desk):
    await desk.engine.app.stores.users.update(
        desk.user.id, desk.user.org_id, time_zone="Europe/Helsinki"
    )
    desk.engine.told.forget("user", desk.user.id)
    await desk.put("v", at("2026-11-23", "10:00", "10:30"))
    await desk.sync("2026-11-23 09:00")

    assert "klockan elva och trettio" in await desk.says("2026-11-23 10:15")


# Series


async def test_an_occurrence_that_is_moved_opens_at_once_and_closes_where_it_went(desk):
    series = at("2026-11-16", "10:00", "11:00", "RRULE:FREQ=WEEKLY")
    await desk.put("v", series)
    await desk.sync("2026-11-23 10:05")
    assert await desk.closed("2026-11-23 10:15")

    moved = at(
        *("2026-11-23", "13:00", "14:00"),
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261123T100000",
    )
    await desk.put("v", series, moved)
    await desk.sync("2026-11-23 10:15")

    assert not await desk.closed("2026-11-23 10:16")
    assert await desk.closed("2026-11-23 13:00")
    assert "klockan fjorton." in await desk.says("2026-11-23 13:10")


async def test_an_occurrence_that_is_taken_out_and_a_series_that_is_deleted_open_at_once(desk):
    rule = "RRULE:FREQ=DAILY"
    await desk.put("v", at("2026-11-16", "10:00", "11:00", rule))
    await desk.sync("2026-11-23 10:05")
    assert await desk.closed("2026-11-23 10:15")

    gone = "EXDATE;TZID=Europe/Stockholm:20261123T100000"
    await desk.put("v", at("2026-11-16", "10:00", "11:00", rule, gone))
    await desk.sync("2026-11-23 10:15")
    assert not await desk.closed("2026-11-23 10:16")
    await desk.sync("2026-11-24 10:05")
    assert await desk.closed("2026-11-24 10:10")

    await desk.delete("v")
    await desk.sync("2026-11-24 10:10")
    assert not await desk.closed("2026-11-24 10:11")
    assert not await desk.engine.app.stores.occurrences.of_user(desk.user.org_id, desk.user.id)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("RDATE;TZID=Europe/Stockholm:20261125T100000", [23, 25]),
        ("RRULE:FREQ=DAILY;COUNT=2", [23, 24]),
        ("RRULE:FREQ=DAILY;UNTIL=20261124T090000Z", [23, 24]),
        ("RRULE:FREQ=DAILY;UNTIL=20261124T085959Z", [23]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR", [23, 25, 27, 30, 2, 4]),
    ],
)
async def test_a_series_has_the_days_that_its_rule_says(desk, rule, days):
    await desk.put("v", at("2026-11-23", "10:00", "11:00", rule))
    await desk.sync("2026-11-23 08:00")

    rows = await desk.engine.app.stores.occurrences.of_user(desk.user.org_id, desk.user.id)
    starts = sorted(each.start for each in rows if each.start)
    assert [each.astimezone(STOCKHOLM).day for each in starts] == days
    assert {each.astimezone(STOCKHOLM).hour for each in starts} == {10}


async def test_a_series_that_becomes_one_meeting_leaves_nothing_behind(desk):
    await desk.put("v", at("2026-11-23", "10:00", "11:00", "RRULE:FREQ=DAILY"))
    await desk.sync("2026-11-23 08:00")
    await desk.put("v", at("2026-11-23", "10:00", "11:00"))
    await desk.sync("2026-11-23 08:10")

    rows = await desk.engine.app.stores.occurrences.of_user(desk.user.org_id, desk.user.id)
    assert len(rows) == 1
    assert await desk.closed("2026-11-23 10:15")


# While it goes on


async def test_an_end_that_is_moved_is_told_from_the_next_call_on(desk):
    await desk.put("v", at("2026-11-23", "14:00", "15:00"))
    await desk.sync("2026-11-23 14:10")
    before = await desk.says("2026-11-23 14:20")
    await desk.put("v", at("2026-11-23", "14:00", "16:00"))
    await desk.sync("2026-11-23 14:20")
    after = await desk.says("2026-11-23 14:20")

    assert "klockan femton." in before
    assert "klockan sexton." in after


async def test_a_meeting_declined_after_it_began_opens(desk):
    asked = "ATTENDEE;PARTSTAT={}:mailto:" + desk.account.user
    await desk.put("v", at("2026-11-23", "14:00", "15:00", asked.format("ACCEPTED")))
    await desk.sync("2026-11-23 14:10")
    assert await desk.closed("2026-11-23 14:20")

    await desk.put("v", at("2026-11-23", "14:00", "15:00", asked.format("DECLINED")))
    await desk.sync("2026-11-23 14:20")
    assert not await desk.closed("2026-11-23 14:21")


@pytest.mark.parametrize(("begins", "back"), [("11:05", "tolv"), ("11:06", "elva")])
async def test_meetings_five_minutes_apart_are_one_absence_six_are_two(desk, begins, back):
    await desk.put("a", at("2026-11-23", "10:00", "11:00", uid="a"))
    await desk.put("b", at("2026-11-23", begins, "12:00", uid="b"))
    await desk.sync("2026-11-23 09:00")

    assert f"klockan {back}." in await desk.says("2026-11-23 10:30")


async def test_a_short_meeting_inside_a_long_one_does_not_shorten_it(desk):
    await desk.put("a", at("2026-11-23", "13:00", "15:00", uid="a"))
    await desk.put("b", at("2026-11-23", "13:30", "14:00", uid="b"))
    await desk.sync("2026-11-23 12:00")

    assert "klockan femton." in await desk.says("2026-11-23 13:45")
    assert await desk.closed("2026-11-23 14:30")


async def test_who_says_available_in_a_meeting_stays_so_though_it_is_prolonged(desk):
    await desk.put("v", at("2026-11-23", "14:00", "15:00", "RRULE:FREQ=DAILY"))
    await desk.sync("2026-11-23 14:10")
    desk.clock.at = moment("2026-11-23 14:20")
    await choosing.choose(desk.engine.app, desk.user, "available")
    assert not await desk.closed("2026-11-23 14:21")

    longer = at(
        *("2026-11-23", "14:00", "15:30"),
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261123T140000",
    )
    await desk.put("v", at("2026-11-23", "14:00", "15:00", "RRULE:FREQ=DAILY"), longer)
    await desk.sync("2026-11-23 14:30")

    assert not await desk.closed("2026-11-23 15:15")
    await desk.sync("2026-11-24 14:00")
    assert await desk.closed("2026-11-24 14:15")


async def test_lunch_by_hand_then_the_meeting_that_begins_in_it(desk):
    await desk.put("v", at("2026-11-23", "12:15", "13:00"))
    await desk.sync("2026-11-23 11:30")
    desk.clock.at = moment("2026-11-23 11:45")
    until = moment("2026-11-23 12:30")
    await choosing.choose(desk.engine.app, desk.user, "lunch", until)

    assert await desk.does("2026-11-23 12:10") == "lunch"
    assert await desk.does("2026-11-23 12:35") == "meeting"
    for time in ("12:10", "12:35"):
        assert "klockan tretton." in await desk.says(f"2026-11-23 {time}")


# Longer absences


async def test_out_of_office_goes_before_a_meeting_in_it(desk):
    out = "X-MICROSOFT-CDO-BUSYSTATUS:OOF"
    await desk.put("a", at("2026-11-23", "08:00", "17:00", out, uid="a"))
    await desk.put("b", at("2026-11-23", "10:00", "11:00", uid="b"))
    await desk.sync("2026-11-23 09:00")

    assert await desk.does("2026-11-23 10:30") == "out"
    assert "är åter i morgon klockan åtta." in await desk.says("2026-11-23 10:30")


async def test_days_are_said_as_people_say_them(desk):
    lines = "\n".join(
        [
            *("UID:v", "DTSTART;TZID=Europe/Stockholm:20261125T130000"),
            *("DTEND;TZID=Europe/Stockholm:20261127T120000", "SUMMARY:Mässa"),
            "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        ]
    )
    await desk.put("v", lines)
    for day, said in (
        ("2026-11-25", "på fredag klockan tolv."),
        ("2026-11-26", "i morgon klockan tolv."),
        ("2026-11-27", "är åter klockan tolv."),
    ):
        hour = "14:00" if day == "2026-11-25" else "09:00"
        await desk.sync(f"{day} {hour}")
        assert said in await desk.says(f"{day} {hour}")


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-27", "på måndag klockan åtta."), ("2027-01-05", "på torsdag klockan åtta.")],
)
async def test_nobody_is_told_a_time_when_nobody_works(desk, day, said):
    await desk.put("v", at(day, "15:00", "17:00"))
    await desk.sync(f"{day} 14:00")

    assert said in await desk.says(f"{day} 15:30")


# What nobody is to know, and what there is twice


async def test_a_private_meeting_is_told_without_what_it_is(desk):
    await desk.put("v", at("2026-11-23", "10:00", "11:00", "CLASS:PRIVATE", uid="tandvard"))
    await desk.sync("2026-11-23 09:00")

    said = await desk.says("2026-11-23 10:15")
    seen = await desk.engine.presence_of(desk.user, moment("2026-11-23 10:15"))
    assert "kan inte ta emot samtal just nu och är åter klockan elva." in said
    assert "tandvard" not in json.dumps([seen, desk.engine.told.facts], default=str)


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "STATUS:TENTATIVE"])
async def test_what_is_free_cancelled_or_tentative_leaves_the_phone_open(desk, line):
    await desk.put("v", at("2026-11-23", "10:00", "11:00", line))
    await desk.sync("2026-11-23 09:00")

    assert not await desk.closed("2026-11-23 10:15")


async def test_the_same_meeting_in_two_calendars_and_a_feed_is_one(desk):
    meeting = at("2026-11-23", "10:00", "11:00", "RRULE:FREQ=DAILY;COUNT=2")
    await desk.put("v", meeting)
    url = await desk.account.calendar("projekt")
    await desk.account.put("w.ics", calendar(meeting), collection="projekt")
    found = await desk.sync("2026-11-23 09:00")
    assert len(found.calendars) == 2
    assert url
    app = desk.engine.app
    both = tuple(replace(each, counts=True) for each in found.calendars)
    await app.stores.mailboxes.update(found.id, found.org_id, calendars=both)

    async with feed() as served:
        served.text = calendar(meeting)
        more = await desk.engine.connect(desk.user, "ics", credentials={"url": served.url})
        await desk.engine.sync_now(more)
        await desk.sync("2026-11-23 09:30")
        assert await desk.does("2026-11-23 10:15") == "meeting"
        assert "klockan elva." in await desk.says("2026-11-23 10:15")

        desk.clock.at = moment("2026-11-23 10:20")
        await choosing.choose(app, desk.user, "available")
        assert not await desk.closed("2026-11-23 10:21")  # of all three
        await desk.sync("2026-11-24 10:00")
        assert await desk.closed("2026-11-24 10:15")


# Failures


async def test_a_server_that_is_away_leaves_nothing_stuck(desk):
    await desk.put("v", at("2026-11-23", "10:00", "11:00", "RRULE:FREQ=DAILY"))
    async with between(desk.account.url) as way:
        account = replace(desk.account, url=way.url)
        mailbox = await desk.engine.connect(
            desk.user, "caldav", credentials=account.credentials, account=account.user
        )
        desk = replace(desk, mailbox=mailbox)
        await desk.sync("2026-11-23 09:00")

        async def fail(_request: Any) -> web.Response:
            return web.Response(status=503)

        way.hear = fail
        failed = await desk.sync("2026-11-23 09:05")
        assert (failed.trouble, failed.failures, failed.status) == ("unreachable", 1, "active")
        assert await desk.closed("2026-11-23 10:15")  # what is known is good for a day
        assert not await desk.closed("2026-11-24 10:15")

        way.hear = None
        good = await desk.sync("2026-11-23 18:00")
        assert (good.trouble, good.failures) == ("", 0)
        assert await desk.closed("2026-11-24 10:15")


async def test_a_changed_password_is_told_to_its_owner_and_asks_nobody_again(desk):
    await desk.put("v", at("2026-11-23", "10:00", "11:00"))
    async with between(desk.account.url) as way:
        account = replace(desk.account, url=way.url)
        mailbox = await desk.engine.connect(
            desk.user, "caldav", credentials=account.credentials, account=account.user
        )
        desk = replace(desk, mailbox=mailbox)
        await desk.sync("2026-11-23 09:00")

        async def refuse(_request: Any) -> web.Response:
            return web.Response(status=401, headers={"WWW-Authenticate": "Basic realm=x"})

        way.hear = refuse
        lost = await desk.sync("2026-11-23 09:05")
        asked = len(way.heard)
        await desk.sync("2026-11-23 09:10")

    assert (lost.status, lost.trouble) == ("lost", "access_lost")
    assert len(way.heard) == asked
    assert not await desk.closed("2026-11-24 10:15")


async def test_everything_is_read_anew_without_flapping_when_the_token_is_lost(desk):
    await desk.put("v", at("2026-11-23", "10:00", "11:00"))
    await desk.sync("2026-11-23 09:00")
    app = desk.engine.app
    cursors = await app.stores.cursors.of_mailbox(desk.user.org_id, desk.mailbox.id)
    stale = [
        replace(each, token='{"token": "http://radicale.org/ns/sync/none"}')
        for each in cursors.values()
        if each.window_end
    ]
    await app.stores.cursors.save(*stale)
    before = len(desk.engine.told.facts)

    good = await desk.sync("2026-11-23 10:10")

    assert (good.trouble, good.failures) == ("", 0)
    assert await desk.closed("2026-11-23 10:15")
    assert not [
        fact for fact, _data, _to in desk.engine.told.facts[before:] if "presence" in str(fact)
    ]

"""From Microsoft's mailboxes to what callers hear: the cases that calendars go wrong in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.domain.activities import choosing
from server.domain.calendars import people
from standins.graph.item import Item
from standins.graph.mailbox import MailboxKept
from standins.graph.recurrence import Recurrence
from standins.graph.server import Graph
from storage.calendars import ChosenCalendar
from tests.cast import make_company
from tests.desk import Connected, moment
from tests.engine import Clock, open_engine
from tests.microsoft import BIRGER, consent, graph_with_people, tenant_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = "2026-11-23"
DAILY = Recurrence(day=date(2026, 11, 16), at=time(10), length=timedelta(hours=1), every="day")


@dataclass
class Desk(Connected):
    """Birger, whose mailbox at Microsoft is connected."""

    graph: Graph

    @property
    def box(self) -> MailboxKept:
        return self.graph.mailbox(BIRGER)

    def add(self, day: str, start: str, end: str, **details: Any) -> Item:
        """An event on that day, from "10:00" to "11:00" in Stockholm."""
        return self.box.add(moment(f"{day} {start}"), moment(f"{day} {end}"), **details)

    async def kept(self) -> list[Any]:
        """The occurrences that are kept."""
        found = await self.engine.app.stores.occurrences.of_user(self.user.org_id, self.user.id)
        return sorted(found, key=lambda each: (each.start or moment(each.first_day), each.ref))

    async def rows(self) -> list[Any]:
        """What came of them in the user's time."""
        database = self.engine.app.stores.database
        found = database["activities"].find({"user_id": self.user.id, "source": "calendar"})
        return [each async for each in found]


@pytest.fixture
async def desk(settings, tmp_path) -> AsyncIterator[Desk]:
    clock = Clock(moment(f"{MONDAY} 08:00"))
    async with graph_with_people(tmp_path, clock) as graph:
        settings = replace(settings, **graph.settings())
        async with open_engine(settings, None, clock) as engine:
            birger = (await make_company(engine.app))["birger"]
            granted = await consent(graph, BIRGER)
            mailbox = await engine.connect(
                birger,
                "microsoft",
                credentials=granted.credentials,
                account=granted.account,
                tenant=granted.tenant,
            )
            yield Desk(engine, clock, birger, mailbox, graph)


# Clocks that change, zones, and whole days


async def test_nine_oclock_is_nine_oclock_before_and_after_summer_time_begins(desk):
    weekly = Recurrence(day=date(2027, 3, 9), at=time(9), length=timedelta(hours=1))
    desk.box.add_series(weekly, "Veckomöte")
    for day in ("2027-03-23", "2027-03-30"):
        await desk.sync(f"{day} 08:30")
        assert not await desk.closed(f"{day} 08:59")
        assert await desk.does(f"{day} 09:30") == "meeting"
        assert "är åter klockan tio." in await desk.says(f"{day} 09:30")
        assert not await desk.closed(f"{day} 10:01")


async def test_an_hour_that_comes_twice_has_one_meeting(desk):
    half = Recurrence(day=date(2026, 10, 18), at=time(2, 30), length=timedelta(minutes=30), count=2)
    desk.box.add_series(half)
    await desk.sync("2026-10-24 12:00")

    assert [each.start for each in await desk.kept()] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


async def test_an_hour_that_is_skipped_has_its_meeting_an_hour_later(desk):
    half = Recurrence(day=date(2027, 3, 21), at=time(2, 30), length=timedelta(minutes=30), count=2)
    desk.box.add_series(half)
    await desk.sync("2027-03-27 12:00")

    assert not await desk.closed("2027-03-28 01:45")
    assert await desk.closed("2027-03-28 03:45")
    assert not await desk.closed("2027-03-28 04:01")


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
async def test_a_whole_day_away_is_from_midnight_to_midnight_however_long(desk, day):
    after = day + timedelta(days=1)
    desk.box.add(day, after, "Borta", show_as="oof")
    await desk.sync(f"{day} 00:00")

    assert await desk.does(f"{day} 00:01") == "out"
    await desk.sync(f"{day} 12:00")
    assert await desk.does(f"{day} 23:59") == "out"
    assert not await desk.closed(f"{after} 00:01")


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "tzone://Microsoft/Custom", "UTC"])
async def test_a_meeting_is_when_it_is_whatever_its_zone_is_called(desk, zone):
    desk.add(MONDAY, "10:00", "10:30", zone=zone)
    await desk.sync(f"{MONDAY} 09:00")

    assert await desk.does(f"{MONDAY} 10:15") == "meeting"
    assert "klockan tio och trettio" in await desk.says(f"{MONDAY} 10:15")


async def test_callers_are_told_the_time_where_the_callee_is(desk):
    users = desk.engine.app.stores.users
    await users.update(desk.user.id, desk.user.org_id, time_zone="Europe/Helsinki")
    desk.engine.told.forget("user", desk.user.id)
    desk.add(MONDAY, "10:00", "10:30")
    await desk.sync(f"{MONDAY} 09:00")

    assert "klockan elva och trettio" in await desk.says(f"{MONDAY} 10:15")


# Series


async def test_stubs_close_the_phone_as_their_series_says_and_the_series_itself_never(desk):
    weekly = Recurrence(day=date(2026, 11, 23), at=time(10), length=timedelta(hours=1), days=(0, 2))
    desk.box.add_series(weekly, "Lön", sensitivity="private")
    free = replace(weekly, at=time(13))
    desk.box.add_series(free, show_as="free")
    desk.graph.api.deltas.empty_pages = 2
    await desk.sync(f"{MONDAY} 08:00")

    assert await desk.closed(f"{MONDAY} 10:15")
    assert "kan inte ta emot samtal just nu" in await desk.says(f"{MONDAY} 10:15")
    assert not await desk.closed(f"{MONDAY} 13:15")
    assert {each.subject for each in await desk.kept()} == {"Lön", ""}
    assert not [each for each in await desk.kept() if each.series == ""]


async def test_an_occurrence_that_is_moved_opens_at_once_and_closes_where_it_went(desk):
    series = desk.box.add_series(DAILY)
    await desk.sync(f"{MONDAY} 10:05")
    assert await desk.closed(f"{MONDAY} 10:15")

    original = moment(f"{MONDAY} 10:00")
    later = {"start": moment(f"{MONDAY} 13:00"), "end": moment(f"{MONDAY} 14:00")}
    desk.box.change_occurrence(series, original, **later)
    await desk.sync(f"{MONDAY} 10:15")

    assert not await desk.closed(f"{MONDAY} 10:16")
    assert await desk.closed(f"{MONDAY} 13:00")
    assert "klockan fjorton." in await desk.says(f"{MONDAY} 13:10")


async def test_an_occurrence_that_is_deleted_and_a_series_that_is_open_at_once(desk):
    series = desk.box.add_series(DAILY)
    await desk.sync(f"{MONDAY} 10:05")
    desk.box.cancel_occurrence(series, moment(f"{MONDAY} 10:00"))
    await desk.sync(f"{MONDAY} 10:15")
    assert not await desk.closed(f"{MONDAY} 10:16")
    assert await desk.closed("2026-11-24 10:10")

    desk.box.remove(series)
    await desk.sync(f"{MONDAY} 10:20")
    assert not await desk.kept()
    assert not await desk.rows()


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"count": 9}, [22, 23, 24]),
        ({"until": date(2026, 11, 23)}, [22, 23]),
        ({"every": "week", "days": (0, 2, 4)}, [23, 25, 27, 30, 2, 4]),
        ({}, [*range(22, 31), *range(1, 7)]),
    ],
)
async def test_a_series_has_the_days_that_its_rule_says(desk, rule, days):
    desk.box.add_series(replace(DAILY, **rule))
    await desk.sync(f"{MONDAY} 10:30")

    starts = [each.start.astimezone(STOCKHOLM) for each in await desk.kept()]
    assert [each.day for each in starts] == days
    assert {each.hour for each in starts} == {10}


async def test_an_occurrence_that_is_added_to_a_series_closes_too(desk):
    series = desk.box.add_series(replace(DAILY, until=date(2026, 11, 22)))
    await desk.sync(f"{MONDAY} 09:00")
    assert not await desk.closed(f"{MONDAY} 10:15")

    desk.box.change(series, recurrence=replace(DAILY, until=date(2026, 11, 23)))
    await desk.sync(f"{MONDAY} 09:10")

    assert await desk.closed(f"{MONDAY} 10:15")
    assert not await desk.closed("2026-11-24 10:15")


# While it goes on


async def test_an_end_that_is_moved_is_told_from_the_next_call_on(desk):
    item = desk.add(MONDAY, "14:00", "15:00")
    await desk.sync(f"{MONDAY} 14:10")
    before = await desk.says(f"{MONDAY} 14:20")
    desk.box.change(item, end=moment(f"{MONDAY} 16:00"))
    await desk.sync(f"{MONDAY} 14:20")
    after = await desk.says(f"{MONDAY} 14:20")

    assert "klockan femton." in before
    assert "klockan sexton." in after


@pytest.mark.parametrize("change", [{"response": "declined"}, {"cancelled": True}])
async def test_a_meeting_declined_or_called_off_after_it_began_opens(desk, change):
    item = desk.add(MONDAY, "14:00", "15:00", response="accepted")
    await desk.sync(f"{MONDAY} 14:10")
    assert await desk.closed(f"{MONDAY} 14:20")

    desk.box.change(item, **change)
    await desk.sync(f"{MONDAY} 14:20")
    assert not await desk.closed(f"{MONDAY} 14:21")


@pytest.mark.parametrize(("begins", "back"), [("11:05", "tolv"), ("11:06", "elva")])
async def test_meetings_five_minutes_apart_are_one_absence_six_are_two(desk, begins, back):
    desk.add(MONDAY, "10:00", "11:00")
    desk.add(MONDAY, begins, "12:00")
    await desk.sync(f"{MONDAY} 09:00")

    assert f"klockan {back}." in await desk.says(f"{MONDAY} 10:30")


async def test_a_short_meeting_inside_a_long_one_does_not_shorten_it(desk):
    desk.add(MONDAY, "13:00", "15:00")
    desk.add(MONDAY, "13:30", "14:00")
    await desk.sync(f"{MONDAY} 12:00")

    assert "klockan femton." in await desk.says(f"{MONDAY} 13:45")
    assert await desk.closed(f"{MONDAY} 14:30")


async def test_who_says_available_in_a_meeting_stays_so_though_it_is_prolonged(desk):
    series = desk.box.add_series(replace(DAILY, at=time(14)))
    await desk.sync(f"{MONDAY} 14:10")
    desk.clock.at = moment(f"{MONDAY} 14:20")
    await choosing.choose(desk.engine.app, desk.user, "available")
    assert not await desk.closed(f"{MONDAY} 14:21")

    original = moment(f"{MONDAY} 14:00")
    desk.box.change_occurrence(series, original, end=moment(f"{MONDAY} 15:30"))
    await desk.sync(f"{MONDAY} 14:30")

    assert not await desk.closed(f"{MONDAY} 15:15")
    await desk.sync("2026-11-24 14:00")
    assert await desk.closed("2026-11-24 14:15")


async def test_lunch_by_hand_then_the_meeting_that_begins_in_it(desk):
    desk.add(MONDAY, "12:15", "13:00")
    await desk.sync(f"{MONDAY} 11:30")
    desk.clock.at = moment(f"{MONDAY} 11:45")
    await choosing.choose(desk.engine.app, desk.user, "lunch", moment(f"{MONDAY} 12:30"))

    assert await desk.does(f"{MONDAY} 12:10") == "lunch"
    assert await desk.does(f"{MONDAY} 12:35") == "meeting"
    for clock in ("12:10", "12:35"):
        assert "klockan tretton." in await desk.says(f"{MONDAY} {clock}")


# Longer absences


async def test_out_of_office_goes_before_a_meeting_in_it(desk):
    desk.add(MONDAY, "08:00", "17:00", show_as="oof")
    desk.add(MONDAY, "10:00", "11:00")
    await desk.sync(f"{MONDAY} 09:00")

    assert await desk.does(f"{MONDAY} 10:30") == "out"
    assert "är åter i morgon klockan åtta." in await desk.says(f"{MONDAY} 10:30")


async def test_days_are_said_as_people_say_them(desk):
    start, end = moment("2026-11-25 13:00"), moment("2026-11-27 12:00")
    desk.box.add(start, end, "Mässa", show_as="oof")
    for day, clock, said in (
        ("2026-11-25", "14:00", "på fredag klockan tolv."),
        ("2026-11-26", "09:00", "i morgon klockan tolv."),
        ("2026-11-27", "09:00", "är åter klockan tolv."),
    ):
        await desk.sync(f"{day} {clock}")
        assert said in await desk.says(f"{day} {clock}")


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-27", "på måndag klockan åtta."), ("2027-01-05", "på torsdag klockan åtta.")],
)
async def test_nobody_is_told_a_time_when_nobody_works(desk, day, said):
    desk.add(day, "15:00", "17:00")
    await desk.sync(f"{day} 14:00")

    assert said in await desk.says(f"{day} 15:30")


async def test_tomorrow_becomes_today_at_midnight(desk):
    desk.box.add(moment(f"{MONDAY} 22:00"), moment("2026-11-24 10:00"), "Drift")
    await desk.sync(f"{MONDAY} 22:00")

    assert "i morgon klockan tio." in await desk.says(f"{MONDAY} 23:59:59")
    assert "är åter klockan tio." in await desk.says("2026-11-24 00:00:01")


async def test_a_scheduled_automatic_reply_is_an_absence_above_meetings(desk):
    desk.add(MONDAY, "10:00", "11:00")
    desk.box.auto_reply = {
        "status": "scheduled",
        "scheduledStartDateTime": {
            "dateTime": f"{MONDAY}T07:00:00.0000000",
            "timeZone": "W. Europe Standard Time",
        },
        "scheduledEndDateTime": {"dateTime": "2026-11-25T11:00:00.0000000", "timeZone": "UTC"},
    }
    await desk.sync(f"{MONDAY} 09:00")

    assert await desk.does(f"{MONDAY} 10:15") == "out"
    assert "på onsdag klockan tolv." in await desk.says(f"{MONDAY} 10:15")


# What nobody is to know, and what there is twice


async def test_a_private_meeting_is_told_without_what_it_is(desk, caplog):
    desk.add(MONDAY, "10:00", "11:00", subject="Tandläkare", sensitivity="private")
    await desk.sync(f"{MONDAY} 09:00")

    said = await desk.says(f"{MONDAY} 10:15")
    seen = await desk.engine.presence_of(desk.user, moment(f"{MONDAY} 10:15"))
    assert "kan inte ta emot samtal just nu och är åter klockan elva." in said
    told = json.dumps([seen, desk.engine.told.facts, desk.engine.handed.jobs], default=str)
    assert "Tandläkare" not in told + caplog.text


@pytest.mark.parametrize("show_as", ["free", "tentative", "workingElsewhere", "unknown"])
async def test_what_is_free_tentative_or_elsewhere_leaves_the_phone_open(desk, show_as):
    desk.add(MONDAY, "10:00", "11:00", show_as=show_as)
    await desk.sync(f"{MONDAY} 09:00")

    assert not await desk.closed(f"{MONDAY} 10:15")


async def test_the_same_meeting_in_two_calendars_is_one_and_stays_until_both_lack_it(desk):
    project = desk.box.add_calendar("Projekt")
    one = desk.add(MONDAY, "10:00", "11:00")
    two = desk.add(MONDAY, "10:00", "11:00", calendar=project, uid=one.uid)
    main = ChosenCalendar(id=desk.box.calendar.id, name="", primary=True, counts=True)
    both = (main, ChosenCalendar(id=project.id, name="Projekt", counts=True))
    mailboxes = desk.engine.app.stores.mailboxes
    await mailboxes.update(desk.mailbox.id, desk.user.org_id, calendars=both)
    await desk.sync(f"{MONDAY} 09:00")

    assert len(await desk.kept()) == 2
    assert "klockan elva." in await desk.says(f"{MONDAY} 10:15")
    desk.box.remove(one)
    await desk.sync(f"{MONDAY} 09:10")
    assert await desk.closed(f"{MONDAY} 10:15")
    desk.box.remove(two)
    await desk.sync(f"{MONDAY} 09:20")
    assert not await desk.closed(f"{MONDAY} 10:15")


# Microsoft away, busy, forgetful or no longer willing


async def test_deltas_that_are_forgotten_are_read_anew_and_nobody_sees_it(desk):
    desk.add(MONDAY, "10:00", "11:00")
    gone = desk.add(MONDAY, "14:00", "15:00")
    await desk.sync(f"{MONDAY} 09:00")
    touched = len(desk.engine.told.facts)
    desk.box.remove(gone)  # told by the token that is about to be forgotten
    desk.box.forget_tokens()
    synced = await desk.sync(f"{MONDAY} 10:10")

    assert (synced.trouble, synced.failures) == ("", 0)
    assert await desk.closed(f"{MONDAY} 10:15")
    assert not await desk.closed(f"{MONDAY} 14:15")
    assert len(desk.engine.told.facts) == touched


async def test_deltas_that_are_forgotten_between_two_pages_are_read_anew_too(desk):
    kept = desk.add(MONDAY, "10:00", "11:00")
    await desk.sync(f"{MONDAY} 09:00")
    desk.box.remove(kept)
    for minute in range(300):
        start = moment(f"{MONDAY} 14:00") + timedelta(seconds=10 * minute)
        desk.box.add(start, start + timedelta(minutes=10))
    desk.graph.api.deltas.empty_pages = 1
    desk.graph.faults.add(part="delta", skip=2, status=410, code="SyncStateNotFound")
    synced = await desk.sync(f"{MONDAY} 09:10")

    assert (synced.trouble, synced.failures) == ("", 0)
    assert len(await desk.kept()) == 300
    assert not await desk.closed(f"{MONDAY} 10:15")
    assert "klockan femton." in await desk.says(f"{MONDAY} 14:10")


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ({"status": 429, "code": "ApplicationThrottled", "retry_after": "120"}, "busy"),
        ({"status": 503, "code": "ServiceUnavailable"}, "unreachable"),
        ({"status": 500, "code": "InternalServerError"}, "unreachable"),
        ({"status": 400, "code": "ErrorInvalidRequest"}, "bad_answer"),
    ],
)
async def test_who_cannot_be_read_now_keeps_what_was_read_and_is_read_again(desk, fault, trouble):
    item = desk.add(MONDAY, "10:00", "11:00")
    await desk.sync(f"{MONDAY} 09:00")
    desk.box.remove(item)
    desk.graph.faults.add(part="delta", **fault)
    failed = await desk.sync(f"{MONDAY} 09:10")

    assert (failed.status, failed.trouble, failed.failures) == ("active", trouble, 1)
    assert await desk.closed(f"{MONDAY} 10:15")
    if "retry_after" in fault:
        assert failed.next_at >= moment(f"{MONDAY} 09:12")
    synced = await desk.sync(f"{MONDAY} 09:55")
    assert (synced.trouble, synced.failures) == ("", 0)
    assert not await desk.closed(f"{MONDAY} 10:15")


async def test_a_mailbox_that_is_throttled_for_ever_goes_stale_and_then_counts_no_more(desk):
    desk.box.add_series(DAILY)
    await desk.sync(f"{MONDAY} 09:00")
    desk.graph.faults.throttle(times=-1, retry_after="1")
    found = desk.mailbox
    for hour in range(10, 23):
        found = await desk.sync(f"{MONDAY} {hour}:00")

    assert found.failures >= 8
    assert found.status == "active"
    assert not await desk.closed("2026-11-24 10:15")  # read 25 hours ago
    letters = await desk.engine.app.stores.dead_letters.of_org(desk.user.org_id)
    assert [each.mailbox_id for each in letters] == [desk.mailbox.id]


async def test_a_consent_that_is_revoked_is_told_and_asked_no_more(desk):
    desk.add(MONDAY, "10:00", "11:00")
    await desk.sync(f"{MONDAY} 09:00")
    desk.graph.directory.revoke(desk.graph.directory.accounts[BIRGER])
    lost = await desk.sync(f"{MONDAY} 09:10")
    asked = desk.graph.faults.asked.total()
    await desk.sync(f"{MONDAY} 09:20")

    assert (lost.status, lost.trouble) == ("lost", "access_lost")
    assert desk.graph.faults.asked.total() == asked


async def test_a_link_to_a_foreign_host_is_not_followed_and_nothing_is_lost(desk):
    item = desk.add(MONDAY, "10:00", "11:00")
    await desk.sync(f"{MONDAY} 09:00")
    desk.box.change(item, end=moment(f"{MONDAY} 12:00"))
    desk.graph.faults.foreign_host = "graph.example.org"
    failed = await desk.sync(f"{MONDAY} 09:10")
    assert failed.trouble == "bad_answer"
    assert "klockan elva." in await desk.says(f"{MONDAY} 10:15")

    desk.graph.faults.clear()
    await desk.sync(f"{MONDAY} 09:55")
    assert "klockan tolv." in await desk.says(f"{MONDAY} 10:15")


async def test_renewed_tokens_are_kept_so_that_the_next_round_has_them(desk):
    desk.graph.directory.token_life = 60
    for clock in ("09:00", "09:10", "09:20"):
        synced = await desk.sync(f"{MONDAY} {clock}")
        assert (synced.status, synced.trouble) == ("active", "")


async def test_contacts_come_into_their_owners_book_and_leave_it_again(desk):
    app = desk.engine.app
    staying = desk.box.add_contact(displayName="Cecilia Berg", mobilePhone="070-174 06 10")
    leaving = desk.box.add_contact(displayName="Basse Ek", businessPhones=["08-465 004 10"])
    await app.stores.connections.update(desk.mailbox.connection_id, desk.user.org_id, contacts=True)
    desk.engine.told.forget("connection", desk.mailbox.connection_id)
    await desk.sync(f"{MONDAY} 09:00")
    await people.sync_people(app, desk.mailbox.id)
    kept = app.stores.database["contacts"]
    assert {each["name"] async for each in kept.find()} == {"Cecilia Berg", "Basse Ek"}

    desk.box.remove_contact(leaving)
    desk.box.change_contact(staying, displayName="Cecilia Sund")
    desk.clock.move(minutes=5)
    await people.sync_people(app, desk.mailbox.id)
    assert {each["name"] async for each in kept.find()} == {"Cecilia Sund"}


async def test_a_companys_grant_keeps_one_persons_mailbox_in_step(desk):
    granted = await consent(desk.graph, "astrid@example.com", company=True)
    mailbox = await desk.engine.connect(
        desk.user,
        "microsoft",
        credentials=granted.credentials,
        account=granted.account,
        tenant=granted.tenant,
        company=True,
        address=BIRGER,
    )
    desk.add(MONDAY, "10:00", "11:00")
    synced = await desk.engine.sync_now(mailbox)
    assert synced.trouble == ""
    assert await desk.closed(f"{MONDAY} 10:15")

    tenant_of(desk.graph).denied.add(BIRGER)
    assert (await desk.engine.sync_now(mailbox)).status == "lost"

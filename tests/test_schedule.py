"""When a person works: spans, days off, and clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.schedule import Schedule
from storage.models import OFFICE_HOURS

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE = Schedule(OFFICE_HOURS, STOCKHOLM)
NIGHTS = Schedule({"mon": [["22:00", "06:00"]], "fri": [["18:00", "24:00"]]}, STOCKHOLM)


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("schedule", "moment", "works"),
    [
        (OFFICE, "2026-11-20 07:59", False),
        (OFFICE, "2026-11-20 08:00", True),
        (OFFICE, "2026-11-20 17:00", False),
        (OFFICE, "2026-11-21 12:00", False),
        (NIGHTS, "2026-11-16 23:00", True),
        (NIGHTS, "2026-11-17 05:59", True),
        (NIGHTS, "2026-11-17 06:00", False),
        (NIGHTS, "2026-11-20 23:59", True),
        (NIGHTS, "2026-11-21 00:00", False),
    ],
)
def test_work_is_within_the_spans_of_the_week(schedule, moment, works):
    assert schedule.works_at(at(moment)) is works


@pytest.mark.parametrize(
    ("schedule", "moment", "start"),
    [
        (OFFICE, "2026-11-20 07:59", "2026-11-20 08:00"),
        (OFFICE, "2026-11-20 08:00", "2026-11-20 08:00"),
        (OFFICE, "2026-11-20 17:00", "2026-11-23 08:00"),
        (NIGHTS, "2026-11-17 07:00", "2026-11-20 18:00"),
        # The clocks go forward on 2027-03-28, back on 2026-10-25: eight is eight on both sides.
        (OFFICE, "2027-03-27 12:00", "2027-03-29 08:00"),
        (OFFICE, "2026-10-24 12:00", "2026-10-26 08:00"),
    ],
)
def test_work_begins_next(schedule, moment, start):
    assert schedule.next_start(at(moment)) == at(start)


def test_who_never_works_never_begins():
    assert Schedule({}, STOCKHOLM).next_start(at("2026-11-20 12:00")) is None


def test_a_holiday_is_a_day_off():
    schedule = Schedule(OFFICE_HOURS, STOCKHOLM, {date(2026, 12, 24), date(2026, 12, 25)})
    assert not schedule.works_at(at("2026-12-24 10:00"))
    assert schedule.next_start(at("2026-12-23 17:00")) == at("2026-12-28 08:00")


def test_work_ends_with_the_last_span_of_the_day():
    split = Schedule({"fri": [["08:00", "12:00"], ["13:00", "16:30"]]}, STOCKHOLM)
    assert split.end_of_work(at("2026-11-20 09:00")) == at("2026-11-20 16:30")
    assert split.end_of_work(at("2026-11-20 17:00")) is None
    assert NIGHTS.end_of_work(at("2026-11-17 01:00")) == at("2026-11-17 06:00")


def test_an_hour_that_the_spring_leaves_out_begins_an_hour_later():
    early = Schedule({"sun": [["02:30", "10:00"]]}, STOCKHOLM)
    assert early.next_start(at("2027-03-27 12:00")) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert early.local(datetime(2027, 3, 28, 1, 30, tzinfo=UTC)).hour == 3


def test_another_zone_has_its_own_eight_o_clock():
    helsinki = Schedule(OFFICE_HOURS, ZoneInfo("Europe/Helsinki"))
    assert helsinki.next_start(at("2026-11-20 00:00")) == at("2026-11-20 07:00")

"""What a person does at a moment: chains, by hand against the calendar, and the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.activities.ends import end_of
from server.domain.activities.holiday_dates import HolidaysOf
from server.domain.activities.state import (
    FOCUS,
    GAP,
    KEYWORD,
    MEETING,
    OUT_OF_OFFICE,
    running,
    state_at,
    still_suppressed,
)
from server.domain.activities.types import STANDARD, choosable, merge
from server.domain.errors import Invalid
from server.domain.schedule import Schedule
from storage.models import OFFICE_HOURS
from storage.telephony import Activity, ActivityType

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE = Schedule(OFFICE_HOURS, STOCKHOLM)
TYPES = merge(STANDARD, (), ())
NUMBER = count(1)


def at(clock: str, day: str = "2026-11-18") -> datetime:
    """That time in Stockholm, on a Wednesday unless told otherwise."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=STOCKHOLM)


def row(type_id: str, start: str, end: str | None, source: str, **more: Any) -> Activity:
    values: dict[str, Any] = {
        "id": f"row-{next(NUMBER)}",
        "org_id": "example.com",
        "user_id": "astrid",
        "type_id": type_id,
        "start": at(start),
        "end": at(end) if end else None,
        "source": source,
        "set_at": at(start),
        "set_by": "astrid",
    }
    return Activity(**values | more)


def chosen(type_id: str, start: str, end: str | None = None, **more: Any) -> Activity:
    return row(type_id, start, end, "manual", **more)


def event(start: str, end: str | None, priority: int = MEETING, **more: Any) -> Activity:
    kinds = {OUT_OF_OFFICE: "vacation", FOCUS: "do_not_disturb"}
    given: dict[str, Any] = {
        "type_id": kinds.get(priority, "meeting"),
        "source_ref": f"{start}-{end}",
    }
    given |= {"source": "calendar", "priority": priority}
    return row(start=start, end=end, **given | more)


def told(now: str, *rows: Activity, **options: Any) -> str:
    """Which activity, and when the person is back: "meeting 15:00"."""
    state = state_at(at(now), rows, TYPES, OFFICE, **options)
    until = f"{state.until.astimezone(STOCKHOLM):%H:%M}" if state.until else "-"
    return f"{state.activity_id} {until}"


CASES: list[tuple[str, str, list[Activity], str]] = [
    ("nothing", "10:00", [], "available -"),
    ("before it begins", "09:59", [event("10:00", "11:00")], "available -"),
    ("while it runs", "10:00", [event("10:00", "11:00")], "meeting 11:00"),
    ("as it ends", "11:00", [event("10:00", "11:00")], "available -"),
    ("no end", "10:00", [chosen("sick", "09:00")], "sick -"),
    ("an open one has its own end", "10:00", [chosen("home", "08:00", "17:00")], "home 17:00"),
    # Chains of closed rows are one absence (C8)
    (
        "back to back",
        "10:30",
        [event("10:00", "11:00"), event("11:00", "12:00")],
        "meeting 12:00",
    ),
    (
        "five minutes between are none",
        "10:30",
        [event("10:00", "11:00"), event("11:05", "12:00")],
        "meeting 12:00",
    ),
    (
        "six minutes are",
        "10:30",
        [event("10:00", "11:00"), event("11:06", "12:00")],
        "meeting 11:00",
    ),
    (
        "in the gap itself one can be reached",
        "11:02",
        [event("10:00", "11:00"), event("11:05", "12:00")],
        "available -",
    ),
    (
        "a short one inside a long one",
        "10:10",
        [event("10:00", "12:00"), event("10:00", "10:30")],
        "meeting 12:00",
    ),
    (
        "out of office with a meeting inside",
        "10:30",
        [event("08:00", "17:00", OUT_OF_OFFICE), event("10:00", "11:00")],
        "vacation 17:00",
    ),
    (
        "a chain goes through what was chosen",
        "11:30",
        [event("11:00", "12:00"), chosen("lunch", "12:00", "13:00")],
        "meeting 13:00",
    ),
    (
        "a chain without an end",
        "10:30",
        [event("10:00", "11:00"), event("10:30", None)],
        "meeting -",
    ),
    (
        "an open one does not lengthen it",
        "10:30",
        [event("10:00", "11:00"), event("11:00", "12:00", type_id="home")],
        "meeting 11:00",
    ),
    (
        "closed beats open, whatever its rank",
        "10:30",
        [event("10:00", "11:00", FOCUS), event("10:00", "12:00", KEYWORD, type_id="home")],
        "do_not_disturb 11:00",
    ),
    # What is chosen by hand against the calendar (C10)
    (
        "chosen during a meeting wins over it",
        "10:40",
        [event("10:00", "12:00"), chosen("break", "10:30", "10:45")],
        "break 12:00",
    ),
    (
        "and then the meeting counts again",
        "10:50",
        [event("10:00", "12:00"), chosen("break", "10:30", "10:45")],
        "meeting 12:00",
    ),
    (
        "lunch, then the meeting: before it",
        "12:10",
        [chosen("lunch", "11:30", "12:30"), event("12:15", "13:00")],
        "lunch 13:00",
    ),
    (
        "lunch, then the meeting: it ends later, so it takes over",
        "12:20",
        [chosen("lunch", "11:30", "12:30"), event("12:15", "13:00")],
        "meeting 13:00",
    ),
    (
        "a meeting that is over before lunch is does not",
        "12:10",
        [chosen("lunch", "11:30", "12:30"), event("12:00", "12:20")],
        "lunch 12:30",
    ),
    (
        "out of office takes over from anything",
        "12:10",
        [chosen("training", "08:00"), event("12:00", "12:20", OUT_OF_OFFICE)],
        "vacation -",
    ),
    (
        "a meeting closes the telephone of who works from home",
        "10:30",
        [chosen("home", "08:00", "17:00"), event("10:00", "11:00")],
        "meeting 11:00",
    ),
    (
        "unless they came home during it",
        "10:30",
        [chosen("home", "10:10", "17:00"), event("10:00", "11:00")],
        "home 17:00",
    ),
    (
        "what is only shown does not open what was closed",
        "12:20",
        [chosen("lunch", "11:30", "12:30"), event("12:15", "13:00", type_id="home")],
        "lunch 12:30",
    ),
    (
        "an automatic reply is below what is chosen",
        "12:20",
        [
            chosen("home", "08:00", "17:00"),
            event("12:00", "18:00", 30, source="auto_reply", type_id="vacation"),
        ],
        "home 17:00",
    ),
    (
        "the latest chosen counts alone, also when it is over",
        "13:30",
        [chosen("vacation", "08:00", "17:00"), chosen("lunch", "12:00", "13:00")],
        "available -",
    ),
    # Manual Available
    (
        "Available puts the running meeting aside",
        "14:20",
        [event("14:00", "15:00", source_ref="a"), chosen("available", "14:20", suppresses=("a",))],
        "available -",
    ),
    (
        "also when it is prolonged",
        "15:15",
        [event("14:00", "15:30", source_ref="a"), chosen("available", "14:20", suppresses=("a",))],
        "available -",
    ),
    (
        "the next occurrence closes",
        "15:40",
        [
            event("14:00", "15:30", source_ref="a"),
            event("15:40", "16:00", source_ref="b"),
            chosen("available", "14:20", suppresses=("a",)),
        ],
        "meeting 16:00",
    ),
    (
        "one moved ahead counts again",
        "15:10",
        [event("15:00", "16:00", source_ref="a"), chosen("available", "14:20", suppresses=("a",))],
        "meeting 16:00",
    ),
    (
        "after a break it is still put aside",
        "14:50",
        [
            event("14:00", "15:30", source_ref="a"),
            chosen("break", "14:30", "14:45", suppresses=("a",)),
        ],
        "available -",
    ),
]


@pytest.mark.parametrize(
    ("now", "rows", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_rows_tell_what_a_person_does(now, rows, expected):
    assert told(now, *rows) == expected
    assert told(now, *reversed(rows)) == expected


@pytest.mark.parametrize(
    ("now", "rows", "expected"),
    [
        (at("12:00"), [], "available"),
        (at("17:00"), [], "gone_for_day 2026-11-19 08:00"),
        (at("07:59"), [], "gone_for_day 2026-11-18 08:00"),
        (at("18:00", "2026-11-20"), [], "gone_for_day 2026-11-23 08:00"),
        (at("12:00", "2026-12-24"), [], "gone_for_day 2026-12-28 08:00"),
        (at("18:00"), [event("17:30", "18:30")], "meeting 2026-11-18 18:30"),
        (at("19:00"), [chosen("available", "12:00")], "gone_for_day 2026-11-19 08:00"),
        (at("19:00"), [chosen("available", "18:00")], "available"),
        (at("19:00", "2026-11-19"), [chosen("available", "18:00")], "gone_for_day"),
        (at("19:00"), [chosen("home", "18:00", "22:00")], "home 2026-11-18 22:00"),
    ],
)
def test_who_turned_it_on_has_gone_for_the_day_outside_of_work(now, rows, expected):
    work = replace(OFFICE, holidays=HolidaysOf("SE"))
    state = state_at(now, rows, TYPES, work, auto_gone=True)
    until = f" {state.until.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}" if state.until else ""
    assert (state.activity_id + until).startswith(expected)
    still = state_at(now, rows, TYPES, work)
    assert still.activity_id != "gone_for_day"


def test_who_never_works_is_never_gone_by_itself():
    state = state_at(at("03:00"), [], TYPES, Schedule({}, STOCKHOLM), auto_gone=True)
    assert state.activity_id == "available"


def test_gone_goes_on_into_the_first_meeting_of_the_next_day():
    first = replace(event("08:00", "09:00"), start=at("08:00", "2026-11-19"))
    first = replace(first, end=at("09:00", "2026-11-19"))
    state = state_at(at("18:00"), [first], TYPES, OFFICE, auto_gone=True)
    assert state.until == at("09:00", "2026-11-19")


def test_a_private_row_says_so_and_why_names_the_source():
    state = state_at(at("10:30"), [event("10:00", "11:00", private=True)], TYPES, OFFICE)
    assert not state.reason_public
    assert state.why == ("activity:meeting", "source:calendar")


def test_rows_of_a_kind_that_is_gone_do_not_count():
    assert told("10:30", event("10:00", "11:00", type_id="unknown")) == "available -"


def test_available_notes_what_is_running_and_the_next_choice_keeps_it():
    meeting = event("14:00", "15:30", source_ref="a")
    later = event("16:00", "17:00", source_ref="b")
    assert running([meeting, later], at("14:20")) == ("a",)
    available = chosen("available", "14:20", suppresses=("a",))
    assert still_suppressed([meeting, later, available], at("14:30")) == ("a",)
    assert still_suppressed([meeting, later, available], at("15:30")) == ()
    assert still_suppressed([meeting, later], at("14:30")) == ()


# Ends


@pytest.mark.parametrize(
    ("type_id", "now", "end"),
    [
        ("lunch", at("12:00"), at("13:00")),
        ("break", at("12:00"), at("12:15")),
        ("available", at("12:00"), None),
        ("home", at("07:00"), at("17:00")),
        ("home", at("12:00"), at("17:00")),
        ("sick", at("19:00"), at("08:00", "2026-11-19")),
        ("gone_for_day", at("15:00"), at("08:00", "2026-11-19")),
        ("gone_for_day", at("06:00"), at("08:00", "2026-11-19")),
        ("gone_for_day", at("19:00"), at("08:00", "2026-11-19")),
        ("gone_for_day", at("15:00", "2026-11-20"), at("08:00", "2026-11-23")),
        ("training", at("12:00", "2026-11-21"), at("08:00", "2026-11-23")),
    ],
)
def test_an_activity_ends_as_its_kind_says(type_id, now, end):
    assert end_of(TYPES[type_id], now, OFFICE, None) == end


def test_who_works_in_two_spans_or_at_night_is_gone_until_the_next_day_of_work():
    split = Schedule({"wed": [["08:00", "12:00"], ["13:00", "17:00"]]}, STOCKHOLM)
    assert end_of(TYPES["gone_for_day"], at("11:00"), split, None) == at("08:00", "2026-11-25")
    nights = Schedule({"tue": [["22:00", "06:00"]], "wed": [["22:00", "06:00"]]}, STOCKHOLM)
    assert end_of(TYPES["gone_for_day"], at("05:00"), nights, None) == at("22:00")
    assert end_of(TYPES["home"], at("05:00"), nights, None) == at("06:00")


@pytest.mark.parametrize(
    ("type_id", "until", "reason"),
    [
        ("vacation", None, "activity_date"),
        ("lunch", at("11:59"), "in_past"),
        ("lunch", at("12:00"), "in_past"),
        ("lunch", at("12:00", "2029-11-18"), "too_far"),
        ("lunch", datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "too_far"),
        ("lunch", datetime(2026, 11, 18, 13, 0), "bad_time"),  # noqa: DTZ001 - the fault itself
        ("available", at("13:00"), "available_until"),
    ],
)
def test_an_end_that_cannot_be_is_refused(type_id, until, reason):
    with pytest.raises(Invalid) as refusal:
        end_of(TYPES[type_id], at("12:00"), OFFICE, until)
    assert (refusal.value.field, refusal.value.reason) == ("until", reason)


# Kinds


def test_the_twelve_have_words_in_both_languages_and_open_ones_are_not_spoken():
    assert [kind.id for kind in STANDARD] == [
        *("available", "meeting", "lunch", "break", "out", "business_trip", "home", "training"),
        *("gone_for_day", "vacation", "sick", "do_not_disturb"),
    ]
    for kind in STANDARD:
        assert set(kind.label) == {"sv", "en"}
        assert bool(kind.spoken) == kind.closes_phone
        assert kind.vip_through == (kind.id != "do_not_disturb")
    assert "sjuk" not in TYPES["sick"].spoken["sv"].lower()


def test_the_nearest_version_of_a_kind_counts():
    company = replace(TYPES["lunch"], owner="example.com", label={"sv": "Mat", "en": "Food"})
    own = replace(company, owner="astrid", hidden=True)
    extra = ActivityType(id="extra", owner="astrid", label={"sv": "Gym", "en": "Gym"})
    kinds = merge(STANDARD, [company], [own, extra])
    assert kinds["lunch"] is own
    assert choosable(kinds, "lunch") is None
    assert choosable(kinds, "extra") is extra
    assert choosable(kinds, "nothing") is None


# Whatever the rows


BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
MINUTES = st.integers(0, 4 * 24 * 60)


@st.composite
def any_row(draw: Any) -> Activity:
    start = BEGIN + timedelta(minutes=draw(MINUTES))
    length = draw(st.one_of(st.none(), st.integers(1, 600)))
    return Activity(
        id=f"row-{next(NUMBER)}",
        org_id="example.com",
        user_id="astrid",
        type_id=draw(st.sampled_from(sorted(TYPES))),
        start=start,
        end=start + timedelta(minutes=length) if length else None,
        source=draw(st.sampled_from(["manual", "calendar", "admin", "auto_reply"])),
        source_ref=draw(st.sampled_from(["a", "b", "c"])),
        priority=draw(st.sampled_from([0, FOCUS, MEETING, KEYWORD, OUT_OF_OFFICE])),
        suppresses=draw(st.sampled_from([(), ("a",), ("a", "b")])),
        set_at=start,
        set_by="astrid",
    )


def covers(found: Activity, moment: datetime) -> bool:
    return found.start <= moment and (found.end is None or moment < found.end)


@settings(max_examples=400, deadline=None)
@given(st.lists(any_row(), max_size=8), MINUTES, st.booleans())
def test_whatever_the_rows_the_state_makes_sense(rows, minutes, auto_gone):
    now = BEGIN + timedelta(minutes=minutes)
    state = state_at(now, rows, TYPES, OFFICE, auto_gone=auto_gone)

    assert state == state_at(now, rows[::-1], TYPES, OFFICE, auto_gone=auto_gone)
    assert state.closed == TYPES[state.activity_id].closes_phone
    if state.row is not None:
        assert covers(state.row, now)
    elif state.closed:  # nothing but the schedule closes a telephone without a row
        assert auto_gone
        assert not OFFICE.works_at(now)
    assert state.until is None or state.until > now
    if state.closed and state.until is not None and state.row is not None:
        after = state_at(state.until, rows, TYPES, OFFICE)
        assert not after.closed
        before = state_at(state.until - timedelta(milliseconds=1), rows, TYPES, OFFICE)
        assert before.closed


@settings(max_examples=300, deadline=None)
@given(st.lists(any_row(), max_size=8), MINUTES)
def test_nothing_but_a_boundary_changes_what_somebody_does(rows, minutes):
    """So it is enough to look again when something begins or ends."""
    now = BEGIN + timedelta(minutes=minutes, seconds=30)
    edges = {each for found in rows for each in (found.start, found.end) if each is not None}
    later = min((each for each in edges if each > now), default=now + GAP)
    states = [state_at(each, rows, TYPES, OFFICE) for each in (now, later - GAP / 10**6)]
    assert states[0] == states[1] or later - GAP / 10**6 < now


def test_a_day_off_is_a_day_off_where_the_law_does_not_say_so():
    assert datetime(2026, 12, 24, tzinfo=UTC).date() in HolidaysOf("SE")
    assert datetime(2026, 12, 24, tzinfo=UTC).date() not in HolidaysOf("DK")
    assert datetime(2026, 11, 22, tzinfo=UTC).date() not in HolidaysOf("SE")  # a Sunday
    assert datetime(2026, 5, 17, tzinfo=UTC).date() in HolidaysOf("NO")

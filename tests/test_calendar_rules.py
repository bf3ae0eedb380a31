"""What an occurrence means for the telephone: rule by rule, and together with time and speech."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.activities.holiday_dates import HolidaysOf
from server.domain.activities.state import State, running, state_at
from server.domain.activities.types import STANDARD, merge
from server.domain.announcements import speaking
from server.domain.announcements.grammar import Said, compose, next_free, text_of
from server.domain.calendars import keywords, rules
from server.domain.calendars.claims import combined, rows_from
from server.domain.calendars.rules import Rules, claims, judge
from server.domain.schedule import Schedule
from server.i18n import has
from storage.calendars import CalendarPolicy, Keyword, Occurrence, OwnPolicy
from storage.models import OFFICE_HOURS, Language, User
from storage.telephony import Activity

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HELSINKI = ZoneInfo("Europe/Helsinki")
OFFICE = Schedule(OFFICE_HOURS, STOCKHOLM, HolidaysOf("SE"))
TYPES = merge(STANDARD, (), ())
KNOWN = frozenset(TYPES)
USUAL = combined(
    CalendarPolicy(id="example.com"), OwnPolicy(id="birger", org_id="example.com"), KNOWN
)
BIRGER = User(
    id="birger",
    org_id="example.com",
    email="birger@example.com",
    name="Birger Holm",
    handle="birger",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
WEDNESDAY = "2026-11-18"
WHO = {"sv": "Den du söker ", "en": "The person you are calling "}
NUMBER = count(1)


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """A time there, on Wednesday 18 November 2026 unless the day is told."""
    day_and_time = text if "-" in text else f"{WEDNESDAY} {text}"
    return datetime.fromisoformat(day_and_time).replace(tzinfo=zone).astimezone(UTC)


def timed(start: str, end: str, **more: Any) -> Occurrence:
    return _occurrence(start=at(start), end=at(end), **more)


def whole(first: str, last: str, **more: Any) -> Occurrence:
    """Whole days, the last exclusive."""
    return _occurrence(first_day=first, last_day=last, **more)


def _occurrence(**more: Any) -> Occurrence:
    number = next(NUMBER)
    given_values: dict[str, Any] = {
        "id": f"occurrence-{number}",
        "org_id": "example.com",
        "user_id": "birger",
        "mailbox_id": "box",
        "calendar_id": "primary",
        "ref": f"ref-{number}",
        "uid": f"uid-{number}",
    }
    return Occurrence(**given_values | more)


def made(*occurrences: Occurrence, by: Rules = USUAL, synced: str = "08:00") -> list[Activity]:
    """The rows of these occurrences."""
    found = claims(occurrences, by, STOCKHOLM)
    return rows_from(found, BIRGER, "box", at(synced))


def chosen(type_id: str, start: str, end: str | None, **more: Any) -> Activity:
    return Activity(
        id=f"chosen-{next(NUMBER)}",
        org_id="example.com",
        user_id="birger",
        type_id=type_id,
        start=at(start),
        end=at(end) if end else None,
        set_at=at(start),
        set_by="birger",
        **more,
    )


def state(now: str, rows: list[Activity], schedule: Schedule = OFFICE, **options: Any) -> State:
    return state_at(at(now), rows, TYPES, schedule, **options)


def told(now: str, rows: list[Activity], **options: Any) -> str:
    """What colleagues see: "meeting 15:00", and "open" when the telephone rings."""
    found = state(now, rows, **options)
    until = f" {found.until.astimezone(STOCKHOLM):%H:%M}" if found.until else ""
    return f"{found.activity_id}{until}{'' if found.closed else ' open'}"


def heard(
    now: str, rows: list[Activity], language: Language = "sv", schedule: Schedule = OFFICE
) -> str:
    """What a caller hears; nothing when the telephone rings."""
    found, moment = state(now, rows, schedule), at(now)
    if not found.closed:
        return ""
    back = found.until if found.time_public else None
    if back is not None and not schedule.works_at(back):
        back = speaking.back_after(back, moment, rows, TYPES, schedule)
    said = Said(
        language=language,
        reason=speaking.spoken_reason(found, language),
        back_at=back,
        now=moment,
        schedule=schedule,
    )
    return text_of(compose(said)).removeprefix(WHO[language])


# Each rule by itself

OOO: dict[str, Any] = {"show_as": "out_of_office"}
JUDGED: list[tuple[str, Occurrence, str, str]] = [
    # What is dropped by C1
    ("cancelled", timed("10:00", "11:00", cancelled=True), "C1_cancelled", ""),
    ("declined", timed("10:00", "11:00", response="declined"), "C1_declined", ""),
    ("free", timed("10:00", "11:00", show_as="free"), "C1_free", ""),
    ("where one works", timed("10:00", "11:00", kind="working_location"),
     "C1_working_location", ""),
    ("a birthday", timed("10:00", "11:00", kind="birthday"), "C1_birthday", ""),
    ("from a mail", timed("10:00", "11:00", kind="from_mail"), "C1_from_mail", ""),
    ("four minutes and 59 seconds", timed("10:00:00", "10:04:59"), "C1_short", ""),
    ("five minutes", timed("10:00", "10:05"), "C5_meeting", "meeting"),
    ("24 hours", timed("10:00", "2026-11-19 10:00"), "C5_meeting", "meeting"),
    ("a minute more", timed("10:00", "2026-11-19 10:01"), "C1_long", ""),
    ("out of office for a week", timed("10:00", "2026-11-25 10:00", **OOO),
     "C5_out_of_office", "out"),
    ("no time", _occurrence(), "C1_no_time", ""),
    ("ends as it begins", timed("10:00", "10:00", subject="LUN: snabb"), "C1_no_time", ""),
    ("ends before it begins", timed("11:00", "10:00"), "C1_no_time", ""),
    # What is shown only by C2
    ("tentative", timed("10:00", "11:00", show_as="tentative"), "C2_tentative", "meeting open"),
    ("accepted as tentative", timed("10:00", "11:00", response="tentative"),
     "C2_tentative", "meeting open"),
    ("not answered", timed("10:00", "11:00", response="not_responded"),
     "C2_not_responded", "meeting open"),
    ("working elsewhere", timed("10:00", "11:00", show_as="working_elsewhere"),
     "C2_elsewhere", "home open"),
    ("perhaps out of office", timed("10:00", "11:00", response="tentative", **OOO),
     "C2_tentative", "out open"),
    # Whole days, which are C3
    ("a whole day", whole(WEDNESDAY, "2026-11-19"), "C3_all_day", ""),
    ("a whole day that is free", whole(WEDNESDAY, "2026-11-19", show_as="free"), "C1_free", ""),
    ("a whole day out of office", whole(WEDNESDAY, "2026-11-19", **OOO),
     "C5_out_of_office", "out"),
    ("a whole day by a word", whole(WEDNESDAY, "2026-11-19", subject="UTB: Säkerhet"),
     "C4_keyword", "training"),
    ("a whole day by a category", whole(WEDNESDAY, "2026-11-19", categories=("resor",)),
     "C4_category", "business_trip"),
    ("programs mark whole days as free",
     whole(WEDNESDAY, "2026-11-19", show_as="free", categories=("Resor",)),
     "C4_category", "business_trip"),
    # C4: what a word is stronger than, and what not
    ("a word for what is free", timed("12:00", "13:00", show_as="free", subject="LUN: mat"),
     "C4_keyword", "lunch"),
    ("a category is not, with times",
     timed("12:00", "13:00", show_as="free", categories=("Resor",)), "C1_free", ""),
    ("a word for what is tentative",
     timed("12:00", "13:00", show_as="tentative", subject="LUN: mat"), "C4_keyword", "lunch"),
    ("a category leaves it tentative",
     timed("12:00", "13:00", show_as="tentative", categories=("Resor",)),
     "C2_tentative", "business_trip open"),
    ("a word for three minutes", timed("12:00", "12:03", subject="RAS: kort"),
     "C4_keyword", "break"),
    ("a word for days", timed("12:00", "2026-11-27 12:00", subject="SEM: Fjällen"),
     "C4_keyword", "vacation"),
    ("no word helps what is cancelled",
     timed("12:00", "13:00", cancelled=True, subject="LUN: mat"), "C1_cancelled", ""),
    ("nor what was declined",
     timed("12:00", "13:00", response="declined", subject="LUN: mat"), "C1_declined", ""),
    ("a semicolon leaves the telephone open", timed("12:00", "13:00", subject="LUN; mat"),
     "C4_keyword_open", "lunch open"),
    ("out of office by a word", timed("12:00", "13:00", subject="SEM: Fjällen", **OOO),
     "C4_keyword", "vacation"),
    # C5
    ("focus", timed("10:00", "11:00", kind="focus"), "C5_focus", "do_not_disturb"),
    ("Google's out of office", timed("10:00", "11:00", kind="out_of_office"),
     "C5_out_of_office", "out"),
]  # fmt: skip  # a table reads best with one case on a line or two
OTHER_RULES = {"C5_focus_open", "C6_ignored", "C8_twin", "C10_suppressed", "C13_stale"}
CATEGORY = replace(
    USUAL, categories=keywords.table([Keyword(word="Resor", type_id="business_trip")])
)


@pytest.mark.parametrize(
    ("occurrence", "rule", "shown"), [case[1:] for case in JUDGED], ids=[case[0] for case in JUDGED]
)
def test_each_occurrence_is_judged_by_one_rule(occurrence, rule, shown):
    found = judge(occurrence, CATEGORY, STOCKHOLM)
    assert found.rule == rule
    assert found.counts == bool(shown)
    assert f"{found.type_id}{' open' if found.opens else ''}" == shown


def test_every_rule_has_its_sentence():
    """But the usual one, a meeting that closes: what it is says why."""
    named = {case[2] for case in JUDGED} | OTHER_RULES
    missing = {each for each in named if not has(f"calendar.why.{each}")}
    assert missing == {"C5_meeting"}


@pytest.mark.parametrize(
    ("subject", "type_id"),
    [
        ("LUN: med Birger", "lunch"),
        ("lun: med Birger", "lunch"),
        ("  Lun :med Birger", "lunch"),
        ("MÖT:", "meeting"),
        ("mo\u0308t: med prickarna för sig", "meeting"),
        ("TJR: Oslo", "business_trip"),
        ("SEM:", "vacation"),
        ("LED:", "vacation"),
        ("GFD:", "gone_for_day"),
        ("UTB: Brandskydd", "training"),
        ("HEM: skriver", "home"),
        ("\u00a0RAS: kaffe", "break"),
        ("LUNCH: fem bokstäver", ""),
        ("Re: LUN: svar", ""),
        ("LUN med Birger", ""),
        ("Stående möte: LUN", ""),
        ("ABC: ingen har det ordet", ""),
        ("L1N: siffror", ""),
        ("", ""),
        (":", ""),
    ],
)
def test_a_word_counts_at_the_start_of_a_subject_in_any_case(subject, type_id):
    occurrence = whole(WEDNESDAY, "2026-11-19", subject=subject)
    assert judge(occurrence, USUAL, STOCKHOLM).type_id == type_id


def test_a_company_has_words_of_its_own_for_what_there_is():
    words = (Keyword(word="fik", type_id="break"), Keyword(word="ÅÄÖ", type_id="dropped"))
    policy = CalendarPolicy(id="example.com", keywords=words)
    found = combined(policy, OwnPolicy(id="birger", org_id="example.com"), KNOWN)
    assert found.keywords == {"FIK": "break"}


WISHES: list[tuple[str, Rules, Occurrence, str]] = [
    ("tentative closes", replace(USUAL, tentative_closes=True),
     timed("10:00", "11:00", show_as="tentative"), "meeting 11:00"),
    ("not answered closes", replace(USUAL, tentative_closes=True),
     timed("10:00", "11:00", response="not_responded"), "meeting 11:00"),
    ("working elsewhere never does", replace(USUAL, tentative_closes=True),
     timed("10:00", "11:00", show_as="working_elsewhere"), "home 11:00 open"),
    ("focus leaves open", replace(USUAL, focus_closes=False),
     timed("10:00", "11:00", kind="focus"), "do_not_disturb 11:00 open"),
    ("private meetings close", USUAL, timed("10:00", "11:00", private=True), "meeting 11:00"),
    ("private ones without time, too", replace(USUAL, privacy="generic_without_time"),
     timed("10:00", "11:00", private=True), "meeting 11:00"),
    ("private ones are left out", replace(USUAL, privacy="ignore"),
     timed("10:00", "11:00", private=True, subject="LUN: hemligt"), "available open"),
    ("others are not", replace(USUAL, privacy="ignore"), timed("10:00", "11:00"), "meeting 11:00"),
    ("before", replace(USUAL, lead=timedelta(minutes=10)), timed("10:40", "11:00"),
     "meeting 11:00"),
    ("and after", replace(USUAL, lag=timedelta(minutes=15)), timed("10:00", "10:20"),
     "meeting 10:35"),
    ("not for what leaves open", replace(USUAL, lead=timedelta(minutes=10)),
     timed("10:40", "11:00", show_as="tentative"), "available open"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "occurrence", "shown"), [case[1:] for case in WISHES], ids=[case[0] for case in WISHES]
)
def test_what_is_decided_about_calendars(by, occurrence, shown):
    assert told("10:30", made(occurrence, by=by)) == shown


@pytest.mark.parametrize(
    ("company", "own", "wanted"),
    [
        ({}, {}, (False, "generic_with_time")),
        ({"tentative_closes": True, "privacy": "ignore"}, {}, (True, "ignore")),
        ({"tentative_closes": True}, {"tentative_closes": False}, (False, "generic_with_time")),
        ({"privacy": "ignore"}, {"privacy": "generic_without_time"},
         (False, "generic_without_time")),
    ],
)  # fmt: skip
def test_a_persons_own_wish_comes_before_the_companys(company, own, wanted):
    policy = CalendarPolicy(id="example.com", **company)
    found = combined(policy, OwnPolicy(id="birger", org_id="example.com", **own), KNOWN)
    assert (found.tentative_closes, found.privacy) == wanted


# C7, which is about subjects


def test_a_subject_is_a_note_only_if_its_owner_wants_it_and_it_is_not_private():
    asked = replace(USUAL, show_subjects=True)
    subject = "  Budget\u202e\u0007 2027\n " + "x" * 300
    [shown] = made(timed("10:00", "11:00", subject=subject), by=asked)
    assert shown.note == ("Budget 2027 " + "x" * 300)[:200]
    [private] = made(timed("10:00", "11:00", subject="Läkare", private=True), by=asked)
    [usual] = made(timed("10:00", "11:00", subject="Budget"))
    assert (private.note, usual.note) == ("", "")


# Whole days and the clock


@pytest.mark.parametrize(
    ("day", "after", "hours"),
    [("2027-03-28", "2027-03-29", 23), ("2026-10-25", "2026-10-26", 25),
     (WEDNESDAY, "2026-11-19", 24)],
)  # fmt: skip
def test_a_whole_day_is_as_long_as_that_day_is(day, after, hours):
    [row] = made(whole(day, after, **OOO))
    assert row.end is not None
    assert (row.start, row.end) == (at(f"{day} 00:00"), at(f"{after} 00:00"))
    assert row.end - row.start == timedelta(hours=hours)
    assert told(f"{day} 12:00", [row], known_at=at("08:00")).startswith("out 00:00")


def test_a_whole_day_is_one_of_the_persons_own_clock():
    [claim] = claims([whole(WEDNESDAY, "2026-11-19", **OOO)], USUAL, HELSINKI)
    assert claim.start == at(f"{WEDNESDAY} 00:00", HELSINKI) == at("2026-11-17 23:00")


@pytest.mark.parametrize(("first", "last"), [(WEDNESDAY, ""), (WEDNESDAY, WEDNESDAY),
                                             (WEDNESDAY, "2026-11-01")])  # fmt: skip
def test_a_day_whose_end_is_missing_is_one_day(first, last):
    assert rules.span_of(whole(first, last), STOCKHOLM) == (at("00:00"), at("2026-11-19 00:00"))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-27 10:00", "är tillfälligt ute och är åter på måndag klockan åtta."),
        ("2026-11-26 10:00", "är tillfälligt ute och är åter på måndag klockan åtta."),
        ("2026-11-23 10:00", "är tillfälligt ute och är åter måndag den trettionde november."),
    ],
)
def test_who_is_out_of_office_until_midnight_is_back_when_work_begins(now, said):
    rows = made(whole("2026-11-23", "2026-11-28", **OOO), synced="2026-11-22 20:00")
    trusted = [replace(row, trusted_until=None) for row in rows]
    assert heard(now, trusted) == said


# Together with the clock, what was chosen by hand, and other calendars

DAY: list[tuple[str, str, list[Occurrence], list[Activity], str]] = [
    ("back to back", "10:30", [timed("10:00", "11:00"), timed("11:00", "12:00")], [],
     "meeting 12:00"),
    ("five minutes between", "10:30", [timed("10:00", "11:00"), timed("11:05", "12:00")], [],
     "meeting 12:00"),
    ("six minutes between", "10:30", [timed("10:00", "11:00"), timed("11:06", "12:00")], [],
     "meeting 11:00"),
    ("out of office with a meeting in it", "10:30",
     [timed("08:00", "17:00", **OOO), timed("10:00", "11:00")], [], "out 17:00"),
    ("a word is stronger than a meeting", "10:30",
     [timed("10:00", "11:00"), timed("10:15", "10:45", subject="UTB: kurs")], [], "training 11:00"),
    ("a meeting is stronger than focus", "10:30",
     [timed("08:00", "12:00", kind="focus"), timed("10:00", "11:00")], [], "meeting 12:00"),
    ("a short one does not shorten a long one", "13:40",
     [timed("13:00", "15:00"), timed("13:30", "14:00")], [], "meeting 15:00"),
    ("the tie goes to the later end", "10:30",
     [timed("10:00", "11:00", subject="LUN: a"), timed("10:00", "11:30", subject="UTB: b")], [],
     "training 11:30"),
    ("what is tentative does not lengthen", "10:30",
     [timed("10:00", "11:00"), timed("11:00", "12:00", show_as="tentative")], [], "meeting 11:00"),
    ("nor does it hide what closes", "10:30",
     [timed("10:00", "11:00"), timed("09:00", "12:00", show_as="tentative")], [], "meeting 11:00"),
    ("lunch by hand, then a meeting: before", "12:10",
     [timed("12:15", "13:00")], [chosen("lunch", "11:30", "12:30")], "lunch 13:00"),
    ("lunch by hand, then a meeting: during", "12:20",
     [timed("12:15", "13:00")], [chosen("lunch", "11:30", "12:30")], "meeting 13:00"),
    ("one event in two calendars is one block", "10:30",
     [timed("10:00", "11:00", uid="same"), timed("10:00", "11:00", uid="same", calendar_id="b")],
     [], "meeting 11:00"),
    ("the exception that was moved: before", "10:15",
     [timed("13:00", "14:00", uid="series", recurrence_id="2026-11-18T09:00:00Z")], [],
     "available open"),
    ("the exception that was moved: then", "13:00",
     [timed("13:00", "14:00", uid="series", recurrence_id="2026-11-18T09:00:00Z")], [],
     "meeting 14:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "occurrences", "by_hand", "shown"), [c[1:] for c in DAY], ids=[c[0] for c in DAY]
)
def test_what_counts_at_a_moment(now, occurrences, by_hand, shown):
    assert told(now, made(*occurrences) + by_hand) == shown


def test_available_opens_the_meeting_that_runs_even_when_it_is_prolonged_but_no_other():
    first = timed("14:00", "15:00", uid="series", recurrence_id="1")
    rows = made(first)
    available = chosen("available", "14:20", None, suppresses=running(rows, at("14:20")))
    prolonged = replace(first, end=at("15:30"))
    following = timed("16:00", "17:00", uid="series", recurrence_id="2")
    later = [*made(prolonged, following), available]
    assert told("14:30", [*rows, available]) == "available open"
    assert told("15:15", later) == "available open"
    assert told("16:10", later) == "meeting 17:00"
    moved = replace(first, start=at("15:00"), end=at("16:00"))
    assert told("15:15", [*made(moved), available]) == "meeting 16:00"


def test_a_meeting_that_was_declined_or_moved_while_it_ran_counts_as_it_is_now():
    running_one = timed("14:00", "15:00")
    assert told("14:30", made(running_one)) == "meeting 15:00"
    assert told("14:30", made(replace(running_one, response="declined"))) == "available open"
    assert told("14:30", made(replace(running_one, end=at("16:00")))) == "meeting 16:00"
    assert told("14:30", []) == "available open"


def test_one_event_in_two_mailboxes_is_one_block_and_one_suppression():
    twin = timed("10:00", "11:00", uid="same")
    other = rows_from(
        claims([replace(twin, mailbox_id="b")], USUAL, STOCKHOLM), BIRGER, "b", at("08:00")
    )
    rows = [*made(twin), *other]
    assert len({row.id for row in rows}) == 2
    assert told("10:30", rows) == "meeting 11:00"
    available = chosen("available", "10:20", None, suppresses=running(rows, at("10:20")))
    assert told("10:30", [*rows, available]) == "available open"


def test_the_copy_that_keeps_more_decides_what_callers_hear():
    """Of one event in two calendars, or two mailboxes, the private copy keeps the reason."""
    open_copy = timed("10:00", "11:00", uid="same", subject="Hemligt")
    private = replace(open_copy, id="other", calendar_id="b", private=True)
    [row] = made(open_copy, private, by=replace(USUAL, show_subjects=True))
    assert (row.private, row.note) == (True, "")
    asked = replace(USUAL, show_subjects=True, privacy="generic_without_time")
    for first, second in ((open_copy, private), (private, open_copy)):
        rows = [
            *rows_from(claims([first], asked, STOCKHOLM), BIRGER, "a", at("08:00")),
            *rows_from(claims([second], asked, STOCKHOLM), BIRGER, "b", at("08:00")),
        ]
        assert heard("10:30", rows) == "kan inte ta emot samtal just nu."
        shown = state("10:30", rows).row
        assert shown is not None
        assert shown.note == ""


# C13, which is about trust


def test_a_calendar_that_was_not_read_for_a_day_closes_no_telephone():
    rows = made(timed("2026-11-19 07:00", "2026-11-19 12:00"), synced="08:00")
    assert told("2026-11-19 07:59", rows) == "meeting 12:00"
    assert told("2026-11-19 08:00", rows) == "available open"
    assert told("2026-11-19 10:00", rows, known_at=at("09:00")) == "meeting 12:00"


def test_what_a_day_old_calendar_says_does_not_lengthen_an_absence():
    stale = made(timed("2026-11-19 12:30", "2026-11-19 15:00"), synced="08:00")
    lunch = chosen("lunch", "2026-11-19 11:30", "2026-11-19 12:30")
    assert told("2026-11-19 12:00", [*stale, lunch]) == "lunch 12:30"


# Shown only, and gone for the day (C12)


def test_what_leaves_the_telephone_open_leaves_it_open_to_queues():
    found = state("10:30", made(timed("10:00", "11:00", show_as="tentative")))
    assert not found.closed
    assert not found.pauses_queues
    assert state("10:30", made(timed("10:00", "11:00"))).pauses_queues


def test_who_has_gone_for_the_day_is_not_called_back_by_what_is_tentative():
    maybe = made(timed("18:00", "19:00", show_as="tentative"))
    assert told("18:30", maybe, auto_gone=True) == "gone_for_day 08:00"
    assert told("18:30", maybe) == "meeting 19:00 open"
    stayed = chosen("available", "17:30", None)
    assert told("18:30", [*maybe, stayed], auto_gone=True) == "meeting 19:00 open"
    party = made(timed("18:00", "19:00"))
    assert told("18:30", party, auto_gone=True) == "meeting 19:00"


# What callers hear

HEARD: list[tuple[str, str, list[Activity], str, str]] = [
    ("a meeting", "14:00", made(timed("13:30", "14:30")),
     "är i möte och är åter klockan fjorton och trettio.",
     "is in a meeting and will be back at two thirty p.m."),
    ("a private one", "14:00", made(timed("13:30", "14:30", private=True, subject="Läkare")),
     "kan inte ta emot samtal just nu och är åter klockan fjorton och trettio.",
     "cannot take calls right now and will be back at two thirty p.m."),
    ("a private one without its time", "14:00",
     made(timed("13:30", "14:30", private=True), by=replace(USUAL, privacy="generic_without_time")),
     "kan inte ta emot samtal just nu.",
     "cannot take calls right now."),
    ("not even shortly before its end", "14:29",
     made(timed("13:30", "14:30", private=True), by=replace(USUAL, privacy="generic_without_time")),
     "kan inte ta emot samtal just nu.",
     "cannot take calls right now."),
    ("a public one that a kept time follows", "14:00",
     made(timed("13:30", "14:30"), timed("14:30", "16:00", private=True),
          by=replace(USUAL, privacy="generic_without_time")),
     "är i möte.", "is in a meeting."),
    ("a kept time within a public one", "14:00",
     made(timed("13:30", "16:00"), timed("14:30", "15:00", private=True),
          by=replace(USUAL, privacy="generic_without_time")),
     "är i möte och är åter klockan sexton.",
     "is in a meeting and will be back at four p.m."),
    ("a kept time when work would begin", "16:30",
     made(timed("16:00", "17:00"), timed("2026-11-19 07:30", "2026-11-19 10:00", private=True),
          by=replace(USUAL, privacy="generic_without_time")),
     "är i möte.", "is in a meeting."),
    ("until the end of a Friday", "2026-11-20 16:00",
     made(timed("2026-11-20 15:00", "2026-11-20 17:00"), synced="2026-11-20 15:00"),
     "är i möte och är åter på måndag klockan åtta.",
     "is in a meeting and will be back on Monday at eight a.m."),
    ("the same before a holiday", "2026-12-23 16:00",
     made(timed("2026-12-23 15:00", "2026-12-23 17:00"), synced="2026-12-23 15:00"),
     "är i möte och är åter på måndag klockan åtta.",
     "is in a meeting and will be back on Monday at eight a.m."),
    ("a Wednesday to a Friday", "2026-11-18 13:30",
     made(timed("2026-11-18 13:00", "2026-11-20 12:00", subject="UTB: kurs")),
     "är på utbildning och är åter på fredag klockan tolv.",
     "is at a training and will be back on Friday at twelve p.m."),
    ("on the Thursday", "2026-11-19 13:30",
     made(timed("2026-11-18 13:00", "2026-11-20 12:00", subject="UTB: kurs"),
          synced="2026-11-19 13:00"),
     "är på utbildning och är åter i morgon klockan tolv.",
     "is at a training and will be back tomorrow at twelve p.m."),
    ("a second before midnight", "2026-11-19 23:59:59",
     made(timed("2026-11-18 13:00", "2026-11-20 12:00", subject="UTB: kurs"),
          synced="2026-11-19 13:00"),
     "är på utbildning och är åter i morgon klockan tolv.",
     "is at a training and will be back tomorrow at twelve p.m."),
    ("a second after it", "2026-11-20 00:00:01",
     made(timed("2026-11-18 13:00", "2026-11-20 12:00", subject="UTB: kurs"),
          synced="2026-11-19 13:00"),
     "är på utbildning och är åter klockan tolv.",
     "is at a training and will be back at twelve p.m."),
    ("out of office with a meeting in it", "10:30",
     made(timed("08:00", "17:00", **OOO), timed("10:00", "11:00")),
     "är tillfälligt ute och är åter i morgon klockan åtta.",
     "is out of the office for a while and will be back tomorrow at eight a.m."),
    ("tentative", "10:30", made(timed("10:00", "11:00", show_as="tentative")), "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "rows", "sv", "en"), [case[1:] for case in HEARD], ids=[case[0] for case in HEARD]
)
def test_what_a_caller_hears(now, rows, sv, en):
    assert heard(now, rows, "sv") == sv
    assert heard(now, rows, "en") == en


def test_the_callees_clock_is_spoken_whoever_called_the_meeting():
    helsinki = Schedule(OFFICE_HOURS, HELSINKI, HolidaysOf("FI"))
    rows = made(timed("13:00", "14:30", time_zone="Europe/Stockholm"))
    said = heard("14:00", rows, "sv", helsinki)
    assert said == "är i möte och är åter klockan femton och trettio."


# For any occurrence


def between(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Moments in UTC."""
    span = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return st.datetimes(*span, timezones=st.just(UTC))


MOMENTS = st.one_of(
    st.datetimes(timezones=st.just(UTC)),
    # The hours around which the clocks change.
    between("2027-03-27 20:00", "2027-03-28 06:00"),
    between("2026-10-24 20:00", "2026-10-25 06:00"),
    between("2026-11-16 00:00", "2026-11-23 00:00"),
    st.none(),
)
DATES = st.one_of(
    st.dates().map(str),
    st.dates(date(2027, 3, 27), date(2027, 3, 29)).map(str),
    st.sampled_from(["", "2026-02-30", "9999-12-31", "0001-01-01", "i dag"]),
)
SUBJECTS = st.one_of(
    st.text(max_size=40), st.sampled_from(["LUN: hemligt", "SEM;", "Hemligt möte", "ßß: x", ""])
)
ANY = st.builds(
    Occurrence,
    id=st.uuids().map(str),
    org_id=st.just("example.com"),
    user_id=st.just("birger"),
    mailbox_id=st.just("box"),
    calendar_id=st.sampled_from(["a", "b"]),
    ref=st.just("ref"),
    uid=st.sampled_from(["", "a", "b", "c"]),
    recurrence_id=st.sampled_from(["", "1"]),
    start=MOMENTS,
    end=MOMENTS,
    first_day=st.one_of(st.just(""), DATES),
    last_day=DATES,
    show_as=st.sampled_from(["free", "tentative", "busy", "out_of_office", "working_elsewhere"]),
    response=st.sampled_from(["none", "organizer", "accepted", "declined", "not_responded"]),
    cancelled=st.booleans(),
    private=st.booleans(),
    kind=st.sampled_from(["event", "out_of_office", "focus", "birthday"]),
    subject=SUBJECTS,
    categories=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    modified=MOMENTS,
)
ANY_RULES = st.builds(
    replace,
    st.just(USUAL),
    tentative_closes=st.booleans(),
    privacy=st.sampled_from(["generic_with_time", "generic_without_time", "ignore"]),
    lead=st.integers(0, 15).map(lambda number: timedelta(minutes=number)),
    lag=st.integers(0, 15).map(lambda number: timedelta(minutes=number)),
    show_subjects=st.booleans(),
)
ZONES = st.sampled_from(
    [STOCKHOLM, HELSINKI, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Tokyo")]
)
NOWS = between("2026-10-20 00:00", "2027-04-02 00:00")


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY, max_size=6), ANY_RULES, ZONES)
def test_no_occurrence_is_too_odd_to_be_judged(occurrences, by, zone):
    for claim in claims(occurrences, by, zone):
        assert claim.start < claim.end
        assert claim.judgement.type_id in TYPES
        assert not (claim.judgement.private and claim.judgement.note)
        assert not claim.occurrence.cancelled
        assert claim.occurrence.response != "declined"


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY, max_size=6), ANY_RULES, NOWS)
def test_no_announcement_names_a_subject_or_a_time_outside_work(occurrences, by, now):
    marked = [replace(each, subject=f"{each.subject}Hemligheten") for each in occurrences]
    rows = rows_from(claims(marked, by, STOCKHOLM), BIRGER, "box", now)
    found = state_at(now, rows, TYPES, OFFICE)
    back = found.until if found.closed and found.time_public else None
    if back is not None and not OFFICE.works_at(back):
        back = speaking.back_after(back, now, rows, TYPES, OFFICE)
    said = Said(language="sv", reason=speaking.spoken_reason(found, "sv"), back_at=back, now=now,
                schedule=OFFICE)  # fmt: skip
    assert "Hemligheten" not in text_of(compose(said))
    free = next_free(back, now, OFFICE)
    assert free is None or OFFICE.works_at(free)
    if found.row is not None and found.row.private:
        assert said.reason is None
    if found.row is not None and found.row.hide_time:
        assert back is None


SPANS = st.tuples(st.integers(0, 600), st.integers(5, 300))


@settings(max_examples=300, deadline=None)
@given(st.lists(SPANS, min_size=1, max_size=6), SPANS, st.integers(0, 600))
def test_one_more_meeting_never_shortens_an_absence(spans, extra, minute):
    begins = at("00:00")

    def meeting(span: tuple[int, int]) -> Occurrence:
        start = begins + timedelta(minutes=span[0])
        return _occurrence(start=start, end=start + timedelta(minutes=span[1]))

    now = begins + timedelta(minutes=minute)
    few = [meeting(span) for span in spans]
    before = state_at(now, made(*few), TYPES, OFFICE)
    after = state_at(now, made(*few, meeting(extra)), TYPES, OFFICE)
    if before.closed:
        assert after.closed
        assert before.until is not None
        assert after.until is not None
        assert after.until >= before.until


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY, max_size=6), ANY_RULES)
def test_the_same_occurrences_give_the_same_rows_in_any_order(occurrences, by):
    synced = at("08:00")
    one = rows_from(claims(occurrences, by, STOCKHOLM), BIRGER, "box", synced)
    other = rows_from(claims(reversed(occurrences), by, STOCKHOLM), BIRGER, "box", synced)
    assert {row.id: row for row in one} == {row.id: row for row in other}
    assert len({row.id for row in one}) == len(one)


@settings(max_examples=200, deadline=None)
@given(st.lists(SPANS, max_size=6), st.lists(st.integers(1, 300), max_size=5), st.integers(0, 900))
def test_what_is_far_off_changes_nothing_now(spans, days, minute):
    begins = at("00:00")
    now = begins + timedelta(minutes=minute)

    def meeting(start: datetime, minutes: int) -> Occurrence:
        return _occurrence(start=start, end=start + timedelta(minutes=minutes))

    here = made(*(meeting(begins + timedelta(minutes=span[0]), span[1]) for span in spans))
    far = made(*(meeting(begins + timedelta(days=1, hours=hours), 45) for hours in days))
    before = state_at(now, here, TYPES, OFFICE)
    assert state_at(now, far + here, TYPES, OFFICE) == before

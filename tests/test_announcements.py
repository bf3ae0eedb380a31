"""What a caller is told: every form in both languages, and what is never told."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.activities.holiday_dates import HolidaysOf
from server.domain.activities.state import state_at
from server.domain.activities.types import STANDARD
from server.domain.announcements import numerals, phrases, speaking
from server.domain.announcements.grammar import After, Said, compose, next_free, text_of
from server.domain.schedule import Schedule
from storage.models import OFFICE_HOURS, WEEKDAYS, Language
from storage.telephony import Activity, ActivityType, Clip

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HELSINKI = ZoneInfo("Europe/Helsinki")
OFFICE = Schedule(OFFICE_HOURS, STOCKHOLM, HolidaysOf("SE"))
NIGHTS = Schedule({day: [["22:00", "06:00"]] for day in WEEKDAYS}, STOCKHOLM)
ALWAYS = Schedule({day: [["00:00", "24:00"]] for day in WEEKDAYS}, STOCKHOLM)
SPLIT = Schedule({day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS}, STOCKHOLM)
REASONS = {each.id: each.spoken for each in STANDARD}
WHO = {"sv": "Den du söker", "en": "The person you are calling"}


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def told(language: Language, activity: str | None, now: str, back: str | None, **more) -> str:
    """The text, without who it is about."""
    schedule = more.pop("schedule", OFFICE)
    said = Said(
        language=language,
        reason=REASONS[activity][language] if activity else None,
        back_at=at(back) if back else None,
        now=at(now),
        schedule=schedule,
        **more,
    )
    return text_of(compose(said)).removeprefix(WHO[language]).strip()


# Friday 20 November 2026 is today, unless a case says otherwise.
FORMS = [
    # same day
    ("meeting", "2026-11-20 13:00", "2026-11-20 14:30",
     "är i möte och är åter klockan fjorton och trettio.",
     "is in a meeting and will be back at two thirty p.m."),
    ("lunch", "2026-11-20 11:30", "2026-11-20 12:30",
     "är på lunch och är åter klockan tolv och trettio.",
     "is at lunch and will be back at twelve thirty p.m."),
    ("break", "2026-11-20 09:00", "2026-11-20 09:05",
     "har rast och är åter klockan nio noll fem.",
     "is on a break and will be back at nine oh five a.m."),
    ("out", "2026-11-20 09:00", "2026-11-20 12:00",
     "är tillfälligt ute och är åter klockan tolv.",
     "is out of the office for a while and will be back at twelve p.m."),
    ("do_not_disturb", "2026-11-20 09:00", "2026-11-20 10:21",
     "kan inte ta emot samtal just nu och är åter klockan tio och tjugoett.",
     "cannot take calls right now and will be back at ten twenty-one a.m."),
    # tomorrow
    ("gone_for_day", "2026-11-18 18:00", "2026-11-19 08:00",
     "har gått för dagen och är åter i morgon klockan åtta.",
     "has left for the day and will be back tomorrow at eight a.m."),
    ("sick", "2026-11-18 09:00", "2026-11-19 10:00",
     "är frånvarande och är åter i morgon klockan tio.",
     "is away and will be back tomorrow at ten a.m."),
    # in two to six days
    ("training", "2026-11-17 10:00", "2026-11-19 08:00",
     "är på utbildning och är åter på torsdag klockan åtta.",
     "is at a training and will be back on Thursday at eight a.m."),
    ("business_trip", "2026-11-17 10:00", "2026-11-23 13:45",
     "är på tjänsteresa och är åter på måndag klockan tretton och fyrtiofem.",
     "is on a business trip and will be back on Monday at one forty-five p.m."),
    # later
    ("vacation", "2026-07-01 10:00", "2026-08-03 08:00",
     "har semester och är åter måndag den tredje augusti.",
     "is on vacation and will be back on Monday, August third."),
    ("vacation", "2026-11-20 10:00", "2026-11-27 08:00",
     "har semester och är åter fredag den tjugosjunde november.",
     "is on vacation and will be back on Friday, November twenty-seventh."),
    # another year
    ("vacation", "2026-12-18 10:00", "2027-01-11 08:00",
     "har semester och är åter måndag den elfte januari tjugohundratjugosju.",
     "is on vacation and will be back on Monday, January eleventh, twenty twenty-seven."),
    # over the new year, but near: a weekday is enough
    ("meeting", "2026-12-30 10:00", "2027-01-04 08:00",
     "är i möte och är åter på måndag klockan åtta.",
     "is in a meeting and will be back on Monday at eight a.m."),
    # no end
    ("meeting", "2026-11-20 13:00", None, "är i möte.", "is in a meeting."),
    # private
    (None, "2026-11-20 13:00", "2026-11-20 14:00",
     "kan inte ta emot samtal just nu och är åter klockan fjorton.",
     "cannot take calls right now and will be back at two p.m."),
    (None, "2026-11-20 13:00", None,
     "kan inte ta emot samtal just nu.", "cannot take calls right now."),
    # within two minutes
    ("meeting", "2026-11-20 13:58", "2026-11-20 14:00",
     "är strax tillbaka.", "will be back shortly."),
    ("meeting", "2026-11-20 13:57:59", "2026-11-20 14:00",
     "är i möte och är åter klockan fjorton.", "is in a meeting and will be back at two p.m."),
    ("meeting", "2026-11-20 14:00:10", "2026-11-20 14:02:05",
     "är strax tillbaka.", "will be back shortly."),
    # already over: a row that has just ended
    ("meeting", "2026-11-20 14:00", "2026-11-20 13:00",
     "är strax tillbaka.", "will be back shortly."),
    # seconds are rounded up, never down
    ("meeting", "2026-11-20 13:00", "2026-11-20 14:29:01",
     "är i möte och är åter klockan fjorton och trettio.",
     "is in a meeting and will be back at two thirty p.m."),
]  # fmt: skip  # a table reads best with a case in three lines


@pytest.mark.parametrize(("activity", "now", "back", "swedish", "english"), FORMS)
def test_every_form_is_said_in_both_languages(activity, now, back, swedish, english):
    assert told("sv", activity, now, back) == swedish
    assert told("en", activity, now, back) == english


NEVER_OUTSIDE_WORK = [
    # at the end of work on a Friday, and at any time after it
    ("2026-11-20 13:00", "2026-11-20 17:00", "på måndag klockan åtta", "on Monday at eight a.m."),
    ("2026-11-20 13:00", "2026-11-20 16:59:30", "på måndag klockan åtta",
     "on Monday at eight a.m."),
    ("2026-11-20 13:00", "2026-11-20 23:00", "på måndag klockan åtta", "on Monday at eight a.m."),
    ("2026-11-20 13:00", "2026-11-21 12:00", "på måndag klockan åtta", "on Monday at eight a.m."),
    ("2026-11-22 13:00", "2026-11-22 15:00", "i morgon klockan åtta", "tomorrow at eight a.m."),
    # before work has begun
    ("2026-11-20 05:00", "2026-11-20 06:00", "klockan åtta", "at eight a.m."),
    # before a holiday: Epiphany is Wednesday 6 January 2027; Christmas Eve a Thursday
    ("2027-01-05 13:00", "2027-01-05 17:00", "på torsdag klockan åtta",
     "on Thursday at eight a.m."),
    ("2027-01-05 13:00", "2027-01-06 10:00", "på torsdag klockan åtta",
     "on Thursday at eight a.m."),
    ("2026-12-23 13:00", "2026-12-23 17:00", "på måndag klockan åtta", "on Monday at eight a.m."),
    ("2026-12-23 13:00", "2026-12-24 10:00", "på måndag klockan åtta", "on Monday at eight a.m."),
    # Midsummer Eve, a Friday on which nobody works though it is no public holiday
    ("2026-06-18 13:00", "2026-06-19 10:00", "på måndag klockan åtta", "on Monday at eight a.m."),
]  # fmt: skip


@pytest.mark.parametrize(("now", "back", "swedish", "english"), NEVER_OUTSIDE_WORK)
def test_outside_of_work_the_next_beginning_of_work_is_told(now, back, swedish, english):
    assert told("sv", "meeting", now, back) == f"är i möte och är åter {swedish}."
    end = "" if english.endswith(".") else "."
    assert told("en", "meeting", now, back) == f"is in a meeting and will be back {english}{end}"


def test_between_two_spans_of_a_day_the_second_one_is_told():
    text = told("sv", "lunch", "2026-11-20 11:00", "2026-11-20 12:15", schedule=SPLIT)
    assert text == "är på lunch och är åter klockan tretton."


def test_within_two_minutes_of_the_end_of_work_nobody_is_back_shortly():
    text = told("sv", "meeting", "2026-11-20 16:59", "2026-11-20 17:00")
    assert text == "är i möte och är åter på måndag klockan åtta."


def test_shortly_before_work_begins_the_person_is_back_shortly():
    text = told("sv", "gone_for_day", "2026-11-20 07:58:30", "2026-11-20 07:00")
    assert text == "är strax tillbaka."


def test_who_never_works_is_given_no_time():
    never = Schedule({}, STOCKHOLM)
    text = told("sv", "meeting", "2026-11-20 13:00", "2026-11-20 14:00", schedule=never)
    assert text == "är i möte."


@pytest.mark.parametrize(
    ("now", "swedish", "english"),
    [
        ("2026-11-18 10:00", "på fredag klockan tolv", "on Friday at twelve p.m."),
        ("2026-11-19 10:00", "i morgon klockan tolv", "tomorrow at twelve p.m."),
        ("2026-11-20 10:00", "klockan tolv", "at twelve p.m."),
    ],
)
def test_wednesday_to_friday_is_told_by_the_day_of_the_call(now, swedish, english):
    back = "2026-11-20 12:00"
    assert told("sv", "training", now, back) == f"är på utbildning och är åter {swedish}."
    assert told("en", "training", now, back) == f"is at a training and will be back {english}"


@pytest.mark.parametrize(
    ("now", "swedish"),
    [
        ("2026-11-18 23:59:59", "i morgon klockan nio och trettio"),
        ("2026-11-19 00:00:00", "klockan nio och trettio"),
        ("2026-11-19 00:00:01", "klockan nio och trettio"),
    ],
)
def test_midnight_turns_tomorrow_into_today(now, swedish):
    text = told("sv", "gone_for_day", now, "2026-11-19 09:30")
    assert text == f"har gått för dagen och är åter {swedish}."


def test_a_colleague_in_helsinki_is_back_on_helsinkis_clock():
    helsinki = Schedule(OFFICE_HOURS, HELSINKI, HolidaysOf("FI"))
    text = told("sv", "meeting", "2026-11-20 13:00", "2026-11-20 14:30", schedule=helsinki)
    assert text == "är i möte och är åter klockan femton och trettio."
    # 16:00 in Stockholm is 17:00 in Helsinki, where work is over.
    over = told("sv", "meeting", "2026-11-20 13:00", "2026-11-20 16:00", schedule=helsinki)
    assert over == "är i möte och är åter på måndag klockan åtta."
    # Just before midnight in Stockholm it is tomorrow already in Helsinki.
    late = told("sv", "meeting", "2026-11-18 23:30", "2026-11-19 07:00", schedule=helsinki)
    assert late == "är i möte och är åter klockan åtta."


@pytest.mark.parametrize(
    ("now", "back", "swedish"),
    [
        # spring: 28 March 2027 has 23 hours
        ("2027-03-27 10:00", "2027-03-28 09:00", "i morgon klockan nio"),
        ("2027-03-28 00:30", "2027-03-28 02:30", "klockan tre och trettio"),
        ("2027-03-26 10:00", "2027-03-28 09:00", "på söndag klockan nio"),
        # autumn: 25 October 2026 has 25 hours
        ("2026-10-24 10:00", "2026-10-25 09:00", "i morgon klockan nio"),
        ("2026-10-25 00:30", "2026-10-25 02:30", "klockan två och trettio"),
        ("2026-10-25 00:30", "2026-10-26 00:00", "i morgon klockan noll"),
    ],
)
def test_a_day_of_23_or_25_hours_is_a_day(now, back, swedish):
    assert told("sv", None, now, back, schedule=ALWAYS) == (
        f"kan inte ta emot samtal just nu och är åter {swedish}."
    )


def test_a_night_shift_is_work():
    text = told("en", "break", "2026-11-20 23:00", "2026-11-21 00:10", schedule=NIGHTS)
    assert text == "is on a break and will be back tomorrow at twelve ten a.m."
    midnight = told("en", "break", "2026-11-20 23:00", "2026-11-21 00:00", schedule=NIGHTS)
    assert midnight == "is on a break and will be back tomorrow at twelve a.m."


def test_a_vacation_that_begins_before_work_does_is_not_forgotten():
    kinds = {each.id: each for each in STANDARD}
    rows = [
        _row("meeting", "2026-11-20 15:00", "2026-11-20 17:00"),
        _row("vacation", "2026-11-23 00:00", "2026-11-27 17:00"),
        _row("training", "2026-11-30 08:00", "2026-11-30 10:00"),
        _row("lunch", "2026-12-01 12:00", "2026-12-01 13:00"),
    ]
    now = at("2026-11-20 15:30")
    until = state_at(now, rows, kinds, OFFICE).until
    assert until == at("2026-11-20 17:00")
    back = speaking.back_after(until, now, rows, kinds, OFFICE)
    assert back == at("2026-11-30 10:00")
    assert next_free(back, now, OFFICE) == at("2026-11-30 10:00")


def _row(type_id: str, start: str, end: str) -> Activity:
    return Activity(
        id=start, org_id="o", user_id="u", type_id=type_id, start=at(start), end=at(end),
        source="calendar", set_at=at(start), set_by="u",
    )  # fmt: skip


# Who, and what then


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_recorded_name_takes_the_place_of_the_person(language):
    text = told(language, "meeting", "2026-11-20 13:00", None, name="Astrid Lind")
    assert text.startswith("Astrid Lind ")


@pytest.mark.parametrize(
    ("after", "swedish", "english"),
    [
        (After(), "", ""),
        (
            After(voicemail=True),
            " Lämna ett meddelande efter tonen.",
            " Leave a message after the tone.",
        ),
        (After(colleague=True), " Tryck ett för en kollega.", " Press one for a colleague."),
        (
            After(switchboard=True),
            " Tryck nio för växeln.",
            " Press nine for the switchboard.",
        ),
        (
            After(colleague=True, switchboard=True),
            " Tryck ett för en kollega, nio för växeln.",
            " Press one for a colleague, nine for the switchboard.",
        ),
        (
            After(voicemail=True, colleague=True, switchboard=True),
            " Lämna ett meddelande efter tonen. Tryck ett för en kollega, nio för växeln.",
            " Leave a message after the tone. Press one for a colleague, nine for the switchboard.",
        ),
    ],
)
def test_what_the_caller_may_do_comes_last(after, swedish, english):
    now, back = "2026-11-20 13:00", "2026-11-20 14:30"
    assert told("sv", "meeting", now, back, after=after) == (
        f"är i möte och är åter klockan fjorton och trettio.{swedish}"
    )
    assert told("en", "meeting", now, back, after=after) == (
        f"is in a meeting and will be back at two thirty p.m.{english}"
    )


# Numbers


@pytest.mark.parametrize(
    ("clock", "swedish", "english"),
    [
        ("00:00", "klockan noll", "at twelve a.m."),
        ("00:07", "klockan noll noll sju", "at twelve oh seven a.m."),
        ("01:00", "klockan ett", "at one a.m."),
        ("08:00", "klockan åtta", "at eight a.m."),
        ("08:05", "klockan åtta noll fem", "at eight oh five a.m."),
        ("08:10", "klockan åtta och tio", "at eight ten a.m."),
        ("11:59", "klockan elva och femtionio", "at eleven fifty-nine a.m."),
        ("12:00", "klockan tolv", "at twelve p.m."),
        ("12:01", "klockan tolv noll ett", "at twelve oh one p.m."),
        ("14:30", "klockan fjorton och trettio", "at two thirty p.m."),
        ("20:20", "klockan tjugo och tjugo", "at eight twenty p.m."),
        ("21:15", "klockan tjugoett och femton", "at nine fifteen p.m."),
        ("23:40", "klockan tjugotre och fyrtio", "at eleven forty p.m."),
    ],
)
def test_a_time_is_spelled_out(clock, swedish, english):
    now, back = "2026-11-19 23:00", f"2026-11-20 {clock}"
    assert f"i morgon {swedish}." in told("sv", "out", now, back, schedule=ALWAYS)
    assert told("en", "out", now, back, schedule=ALWAYS).endswith(f"tomorrow {english}")


@pytest.mark.parametrize(
    ("number", "swedish", "english"),
    [
        (2000, "tjugohundra", "two thousand"),
        (2009, "tjugohundranio", "twenty oh nine"),
        (2026, "tjugohundratjugosex", "twenty twenty-six"),
        (2027, "tjugohundratjugosju", "twenty twenty-seven"),
        (2030, "tjugohundratrettio", "twenty thirty"),
        (2100, "tjugoetthundra", "twenty-one hundred"),
    ],
)
def test_a_year_is_spelled_out(number, swedish, english):
    assert numerals.year(number, "sv") == swedish
    assert numerals.year(number, "en") == english


def test_days_of_the_month_are_spelled_out():
    swedish = [numerals.ordinal(day, "sv") for day in (1, 2, 3, 8, 12, 20, 21, 22, 30, 31)]
    assert swedish == [
        *("första", "andra", "tredje", "åttonde", "tolfte", "tjugonde"),
        *("tjugoförsta", "tjugoandra", "trettionde", "trettioförsta"),
    ]
    english = [numerals.ordinal(day, "en") for day in (1, 2, 3, 8, 12, 20, 21, 30, 31)]
    assert english == [
        *("first", "second", "third", "eighth", "twelfth", "twentieth", "twenty-first"),
        *("thirtieth", "thirty-first"),
    ]


# Never


SPOKEN = {
    language: {numerals.cardinal(number, language): number for number in range(60)}
    for language in ("sv", "en")
}
CLOCK = {
    "sv": re.compile(r"klockan (\w+)(?: (noll|och) (\w+))?"),
    "en": re.compile(r"at ([a-z]+?)(?: (oh )?([a-z-]+))? (a|p)\.m\."),
}
moments = st.timedeltas(timedelta(0), timedelta(days=1095)).map(
    lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since
)
spans = st.tuples(st.integers(0, 95), st.integers(1, 40)).map(
    lambda pair: [_clock(pair[0] * 15), _clock(min(pair[0] * 15 + pair[1] * 15, 24 * 60))]
)
hours = st.fixed_dictionaries({day: st.lists(spans, max_size=2) for day in WEEKDAYS})
schedules = st.builds(
    Schedule,
    hours,
    st.sampled_from([STOCKHOLM, HELSINKI, ZoneInfo("America/New_York"), UTC]),
    st.sampled_from([frozenset(), HolidaysOf("SE"), HolidaysOf("FI")]),
)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock_heard(text: str, language: str) -> tuple[int, int] | None:
    """The hour and minute that a listener takes from the text."""
    found = CLOCK[language].search(text)
    if found is None:
        return None
    hour, minute = SPOKEN[language][found[1]], SPOKEN[language][found[3]] if found[3] else 0
    if language == "en":
        hour = hour % 12 + (12 if found[4] == "p" else 0)
    return hour, minute


def works(schedule: Schedule, day: date, hour: int, minute: int) -> bool:
    """Whether that wall-clock time is work, read from the table by other means."""
    today = hour * 60 + minute
    for begins_on, clock in ((day, today), (day - timedelta(1), today + 24 * 60)):
        if begins_on in schedule.holidays:
            continue
        for begins, ends in schedule.hours[WEEKDAYS[begins_on.weekday()]]:
            first, last = (int(each[:2]) * 60 + int(each[3:]) for each in (begins, ends))
            last += 24 * 60 if last <= first else 0
            if first <= clock < last:
                return True
    return False


@given(schedules, moments, st.timedeltas(timedelta(0), timedelta(days=60)), st.booleans())
def test_no_announcement_names_a_time_outside_of_work(schedule, now, away, swedish):
    language: Language = "sv" if swedish else "en"
    back = now + away
    reason = REASONS["meeting"][language]
    said = Said(language=language, reason=reason, back_at=back, now=now, schedule=schedule)
    text = text_of(compose(said))
    free = next_free(back, now, schedule)
    heard = clock_heard(text, language)
    if heard is None:
        return
    assert free is not None
    assert free >= back
    there = schedule.local(free)
    assert heard == (there.hour, there.minute)
    fall_back = there.utcoffset() != schedule.local(free - timedelta(hours=3)).utcoffset()
    assert fall_back or works(schedule, there.date(), *heard)


@given(schedules, moments, st.timedeltas(timedelta(days=8), timedelta(days=60)))
def test_no_announcement_names_a_day_without_work(schedule, now, away):
    free = next_free(now + away, now, schedule)
    if free is None:
        return
    there = schedule.local(free)
    text = text_of(
        compose(Said(language="sv", reason=None, back_at=now + away, now=now, schedule=schedule))
    )
    assert numerals.MONTHS["sv"][there.month - 1] in text
    assert f"den {numerals.ordinal(there.day, 'sv')} " in text
    assert schedule.works_at(free)


secret = st.text("ЖЩЮЯ", min_size=3, max_size=12)  # letters that no phrase of ours has


@given(secret, secret, secret, st.booleans(), st.booleans(), st.sampled_from(["sv", "en"]))
def test_no_announcement_tells_a_note_a_label_or_why_when_it_is_private(
    note, label, spoken, private, has_words, language
):
    kind = ActivityType(
        id="own",
        label={"sv": label, "en": label},
        spoken={"sv": spoken, "en": spoken} if has_words else {},
    )
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    row = Activity(
        id="row", org_id="o", user_id="u", type_id="own", start=now - timedelta(hours=1),
        end=now + timedelta(hours=1), source="calendar", private=private, set_at=now, set_by="u",
        note=note,
    )  # fmt: skip
    state = state_at(now, [row], {"own": kind}, OFFICE)
    said = Said(
        language=language,
        reason=speaking.spoken_reason(state, language),
        back_at=state.until,
        now=now,
        schedule=OFFICE,
    )
    pieces = compose(said)
    text = text_of(pieces) + repr(pieces)
    public = spoken if has_words and not private else ""
    assert (spoken in text) == bool(public) or spoken in public
    if not public:
        assert not set("ЖЩЮЯ") & set(text)
    else:
        assert note not in text or note in public
        assert label not in text or label in public


# What can be recorded


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_piece_of_every_announcement_can_be_recorded(language):
    spoken = [each[language] for each in REASONS.values() if each]
    known = {each.key: each.text for each in phrases.vocabulary(language, spoken, (2026, 2027))}
    assert len(known) > 100
    start = at("2026-11-20 12:00")
    for step in range(0, 60 * 24 * 500, 1201):
        said = Said(
            language=language,
            reason=spoken[step % len(spoken)],
            back_at=start + timedelta(minutes=step),
            now=start,
            schedule=ALWAYS,
            after=After(voicemail=True, colleague=True, switchboard=step % 2 == 0),
        )
        for piece in compose(said):
            if piece.key.startswith("year.") and piece.key not in known:
                continue
            assert known[piece.key] == piece.text


def _clip(key: str, digest: str) -> Clip:
    return Clip(
        id=digest, org_id="o", owner="o", language="sv", key=key, seconds=1.0, digest=digest,
        updated_at=at("2026-11-20 12:00"),
    )  # fmt: skip


def test_what_lies_between_recordings_is_spoken_in_one_breath():
    said = Said(
        language="sv",
        reason="är i möte",
        back_at=at("2026-11-20 14:30"),
        now=at("2026-11-20 13:00"),
        schedule=OFFICE,
        name="Astrid Lind",
        after=After(voicemail=True),
    )
    pieces = compose(said)
    [whole] = speaking.parts_of(pieces, "sv", {})
    assert whole.text == (
        "Den du söker är i möte och är åter klockan fjorton och trettio. "
        "Lämna ett meddelande efter tonen."
    )
    clips = {"sv/back": _clip("back", "b"), "sv/after.voicemail": _clip("after.voicemail", "v")}
    some = speaking.parts_of(pieces, "sv", clips, "n")
    assert [(part.text, part.clip, part.sentence) for part in some] == [
        ("Den du söker", "n", False),
        ("är i möte,", "", False),
        ("och är åter", "b", False),
        ("klockan fjorton och trettio.", "", False),
        ("Lämna ett meddelande efter tonen", "v", True),
    ]


def test_other_words_are_another_recording():
    before, after = phrases.reason("är på lunch"), phrases.reason("äter lunch")
    assert before.key != after.key
    assert re.fullmatch(r"[a-z0-9_.-]+", before.key)
    assert phrases.reason("Ж").key != phrases.reason("Щ").key

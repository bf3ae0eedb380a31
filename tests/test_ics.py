"""Calendars at an address: read whole when they changed, never from the inside of a network."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from integrations import ical, safe_http
from integrations.contract import Access, BadAnswer, Event, Unreachable, Window
from integrations.ical import Reading, events_of
from integrations.ics import IcsFeeds
from integrations.safe_http import Forbidden, Network
from tests.feeds import calendar, event, feed

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HERE = Network(private=True)


def window(start: str, end: str) -> Window:
    return Window(
        start=datetime.fromisoformat(start).replace(tzinfo=UTC),
        end=datetime.fromisoformat(end).replace(tzinfo=UTC),
    )


AUTUMN = window("2026-11-20", "2026-12-05")
WINDOWS = {
    "autumn": AUTUMN,
    "fold": window("2026-10-20", "2026-11-04"),
    "gap": window("2027-03-20", "2027-04-06"),
}


def begins(each: Event) -> Any:
    return each.start or each.first_day


def local(text: str, which: str = "autumn", **reading) -> list[str]:
    """The occurrences as "23 09:00-10:00" in Stockholm."""
    found = events_of(text, Reading(window=WINDOWS[which], **reading))
    assert not found.faulty, found.faulty
    timed = [
        (each.start.astimezone(STOCKHOLM), each.end.astimezone(STOCKHOLM))
        for each in sorted(found.events, key=begins)
        if each.start and each.end
    ]
    return [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in timed]


@pytest.mark.parametrize(
    ("which", "lines", "told"),
    [
        pytest.param(
            "gap",
            event("v", "20270315T090000", "20270315T100000", "RRULE:FREQ=WEEKLY"),
            ["22 09:00-10:00", "29 09:00-10:00", "05 09:00-10:00"],
            id="weekly across the change to summer time",
        ),
        pytest.param(
            "fold",
            event("v", "20261018T023000", "20261018T033000", "RRULE:FREQ=WEEKLY;COUNT=2"),
            ["25 02:30-02:30"],  # an hour, of which the clock takes one back
            id="once in the hour that comes twice",
        ),
        pytest.param(
            "gap",
            event("v", "20270321T023000", "20270321T033000", "RRULE:FREQ=WEEKLY;COUNT=2"),
            ["21 02:30-03:30", "28 03:30-04:30"],
            id="an hour later in the hour that is skipped",
        ),
        pytest.param(
            "gap",
            event("v", "20270328T023000", "20270328T033000"),
            ["28 03:30-04:30"],
            id="likewise when it happens once",
        ),
        pytest.param(
            "autumn",
            event("v", "20261123T090000", "20261123T100000", zone="W. Europe Standard Time"),
            ["23 09:00-10:00"],
            id="a zone with the name that Windows gives it",
        ),
        pytest.param(
            "autumn",
            event("v", "20261123T090000", "20261123T100000", zone="FLE Standard Time"),
            ["23 08:00-09:00"],
            id="another zone of Windows, east of here",
        ),
        pytest.param(
            "autumn",
            "UID:v\nDTSTART:20261123T080000Z\nDTEND:20261123T090000Z",
            ["23 09:00-10:00"],
            id="UTC",
        ),
        pytest.param(
            "autumn",
            event("v", "20261123T090000", "20261123T100000", zone=""),
            ["23 09:00-10:00"],
            id="a floating time",
        ),
        pytest.param(
            "autumn",
            event("v", "20261123T090000", "20261123T100000", zone="Nowhere/Land"),
            ["23 09:00-10:00"],
            id="a zone that nobody knows",
        ),
        pytest.param(
            "autumn",
            event(
                *("v", "20261124T090000", "20261124T100000"),
                "RDATE;TZID=Europe/Stockholm:20261126T130000",
                "RDATE;VALUE=PERIOD;TZID=Europe/Stockholm:20261127T130000/PT2H",
            ),
            ["24 09:00-10:00", "26 13:00-14:00", "27 13:00-15:00"],
            id="RDATE with a zone",
        ),
        pytest.param(
            "autumn",
            event(
                *("v", "20261123T090000", "20261123T100000", "RRULE:FREQ=DAILY;COUNT=4"),
                "EXDATE;TZID=Europe/Stockholm:20261124T090000",
            ),
            ["23 09:00-10:00", "25 09:00-10:00", "26 09:00-10:00"],
            id="COUNT and EXDATE",
        ),
        pytest.param(
            "autumn",
            event(
                *("v", "20261123T090000", "20261123T100000"),
                "RRULE:FREQ=DAILY;UNTIL=20261125T080000Z",
            ),
            ["23 09:00-10:00", "24 09:00-10:00", "25 09:00-10:00"],
            id="UNTIL in UTC includes the last",
        ),
        pytest.param(
            "autumn",
            event("v", "19990104T090000", "19990104T100000", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
            ["23 09:00-10:00", "30 09:00-10:00"],
            id="endless since long ago",
        ),
        pytest.param(
            "autumn",
            event("v", "20261123T220000", "20261124T060000", "RRULE:FREQ=DAILY;COUNT=1"),
            ["23 22:00-06:00"],
            id="over midnight",
        ),
        pytest.param(
            "autumn",
            "UID:v\nDTSTART;TZID=Europe/Stockholm:20261123T090000\nDURATION:PT90M",
            ["23 09:00-10:30"],
            id="DURATION",
        ),
    ],
)
def test_what_repeats_is_told_as_it_happens(which, lines, told):
    assert local(calendar(lines), which) == told


def test_the_first_of_two_half_past_twos_is_meant():
    text = calendar(event("v", "20261018T023000", "20261018T033000", "RRULE:FREQ=WEEKLY"))

    found = events_of(text, Reading(window=WINDOWS["fold"]))

    first = min(found.events, key=begins)
    assert (first.start, first.end) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )


def test_a_moved_exception_keeps_its_name_and_a_cancelled_one_says_so():
    series = event("v", "20261123T100000", "20261123T110000", "RRULE:FREQ=DAILY;COUNT=3")
    moved = event(
        *("v", "20261124T130000", "20261124T140000"),
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261124T100000",
    )
    gone = event(
        *("v", "20261125T100000", "20261125T110000", "STATUS:CANCELLED"),
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261125T100000",
    )

    found = events_of(calendar(series, moved, gone), Reading(window=AUTUMN)).events

    assert [
        (each.recurrence_id, begins(each).hour, each.cancelled)
        for each in sorted(found, key=begins)
    ] == [
        ("2026-11-23T09:00:00+00:00", 9, False),
        ("2026-11-24T09:00:00+00:00", 12, False),
        ("2026-11-25T09:00:00+00:00", 9, True),
    ]
    assert {each.series for each in found} == {"v"}
    assert len({each.ref for each in found}) == 3


def test_a_change_of_all_that_follow_leaves_each_its_own_name():
    series = event("v", "20261116T100000", "20261116T110000", "RRULE:FREQ=WEEKLY;COUNT=3")
    onwards = event(
        *("v", "20261123T150000", "20261123T160000"),
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Stockholm:20261123T100000",
    )

    found = events_of(calendar(series, onwards), Reading(window=AUTUMN)).events

    assert [(each.recurrence_id[:13], begins(each).hour) for each in found] == [
        ("2026-11-23T09", 14),
        ("2026-11-30T09", 14),
    ]


def test_an_exception_comes_into_the_window_from_outside_and_leaves_it():
    series = event("v", "20261116T100000", "20261116T110000", "RRULE:FREQ=WEEKLY;COUNT=6")
    here = event(
        *("v", "20261124T150000", "20261124T160000"),
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261221T100000",
    )
    away = event(
        *("v", "20261224T150000", "20261224T160000"),
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261123T100000",
    )

    assert local(calendar(series, here, away)) == ["24 15:00-16:00", "30 10:00-11:00"]


OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Anpassad
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("which", "start", "end", "told"),
    [
        ("autumn", "20261123T100000", "20261123T110000", "23 10:00-11:00"),
        ("gap", "20270329T100000", "20270329T110000", "29 10:00-11:00"),
        ("gap", "20270328T023000", "20270328T033000", "28 03:30-04:30"),
    ],
)
def test_a_zone_that_the_calendar_brings_is_followed(which, start, end, told):
    text = calendar(event("v", start, end, zone="Anpassad"), head=OWN_ZONE)

    assert local(text, which) == [told]


@given(
    moment=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)),  # noqa: DTZ001 - a wall's
    minutes=st.integers(0, 3000),
    zone=st.sampled_from(
        ["Europe/Stockholm", "Australia/Lord_Howe", "Pacific/Apia", "America/Caracas", ""]
    ),
)
def test_any_time_on_any_wall_is_some_time_and_ends_no_sooner_than_it_begins(moment, minutes, zone):
    start, end = moment.replace(microsecond=0), moment + timedelta(minutes=minutes)
    text = calendar(event("v", f"{start:%Y%m%dT%H%M%S}", f"{end:%Y%m%dT%H%M%S}", zone=zone))
    day = start.replace(tzinfo=UTC)
    around = Window(start=day - timedelta(days=3), end=day + timedelta(days=3))

    found = events_of(text, Reading(window=around))

    assert not found.faulty
    (each,) = found.events
    assert each.start is not None
    assert each.end is not None
    assert each.start <= each.end


def test_whole_days_have_no_zone_and_an_end_that_is_not_theirs():
    text = calendar(
        "UID:one\nDTSTART;VALUE=DATE:20261124",
        "UID:two\nDTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261127\nTRANSP:TRANSPARENT",
    )

    one, two = sorted(events_of(text, Reading(window=AUTUMN)).events, key=begins)

    assert (one.first_day, one.last_day, one.start) == (
        date(2026, 11, 24),
        date(2026, 11, 25),
        None,
    )
    assert (two.last_day, two.show_as, two.recurrence_id) == (date(2026, 11, 27), "free", "")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("STATUS:TENTATIVE", "show_as", "tentative"),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "show_as", "out_of_office"),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", "show_as", "free"),
        ("CLASS:CONFIDENTIAL", "private", True),
        ("CLASS:PUBLIC", "private", False),
        ("CATEGORIES:Semester,Resa", "categories", ("Semester", "Resa")),
        ("ORGANIZER:mailto:astrid@example.com", "response", "organizer"),
        (
            "ATTENDEE;PARTSTAT=DECLINED;CN=Astrid:MAILTO:Astrid@example.com",
            "response",
            "declined",
        ),
        ("ATTENDEE:mailto:astrid@example.com", "response", "not_responded"),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:birger@example.com", "response", "none"),
        ("LAST-MODIFIED:20261101T080000Z", "modified", datetime(2026, 11, 1, 8, tzinfo=UTC)),
    ],
)
def test_what_an_event_says_of_itself(line, field, value):
    text = calendar(event("v", "20261123T090000", "20261123T100000", line))
    reading = Reading(window=AUTUMN, me=frozenset({"astrid@example.com"}))

    (found,) = events_of(text, reading).events

    assert getattr(found, field) == value


def test_a_floating_time_is_in_the_calendars_zone_if_it_has_one():
    lines = event("v", "20261123T090000", "20261123T100000", zone="")
    named = calendar(lines, head="X-WR-TIMEZONE:Europe/Helsinki\n")

    assert local(named) == ["23 08:00-09:00"]
    assert local(calendar(lines), zone="Europe/London") == ["23 10:00-11:00"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("UID:x\nSUMMARY:never", "unreadable"),
        ("UID:x\nDTSTART:2026-11-23\nRRULE:FREQ=DAILY", "unreadable"),
        ("UID:x\nDTSTART:20261123T090000Z\nRRULE:FREQ=SOMETIMES", "unreadable"),
        ("UID:x\nDTSTART:20261123T090000Z\nRRULE:FREQ=SECONDLY", "too_frequent"),
        (
            "UID:x\nDTSTART:20261123T090000Z\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
            "too_frequent",
        ),
        ("UID:x\nDTSTART:00010101T090000Z\nRRULE:FREQ=DAILY", "too_old"),
        ("UID:x\nDTSTART:20261123T090000Z\nEXDATE:never", "unreadable"),
        (
            "UID:x\nDTSTART:20160101T090000Z\nDTEND:20990101T090000Z\nRRULE:FREQ=DAILY",
            "too_frequent",
        ),
    ],
)
def test_what_cannot_be_read_is_told_and_harms_nobody_else(lines, why):
    good = event("good", "20261123T090000", "20261123T100000")

    found = events_of(calendar(lines, good, "a line that is none"), Reading(window=AUTUMN))

    assert [each.uid for each in found.events] == ["good"]
    assert ("x", why) in found.faulty


@pytest.mark.parametrize("text", ["", "<html>", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"])
def test_what_is_no_calendar_or_cut_off_is_a_bad_answer(text):
    with pytest.raises(BadAnswer, match="not_a_calendar"):
        events_of(text, Reading(window=AUTUMN))


def test_a_calendar_beyond_measure_is_refused():
    with pytest.raises(BadAnswer, match="too_large"):
        events_of("x" * (ical.LARGEST + 1), Reading(window=AUTUMN))


async def test_a_feed_is_fetched_again_only_when_it_changed():
    async with feed() as served:
        served.text = calendar(event("v", "20261123T090000", "20261123T100000"))
        served.etag = '"1"'
        access, feeds = Access({"url": served.url, "name": "Jobb"}), IcsFeeds(HERE)
        (only,) = await feeds.calendars(access)
        assert (only.name, only.primary) == ("Jobb", True)

        first = await feeds.changes(access, only, AUTUMN, "")
        again = await feeds.changes(access, only, AUTUMN, first.cursor)
        served.etag, served.text = '"2"', calendar()
        emptied = await feeds.changes(access, only, AUTUMN, again.cursor)

    assert (len(first.events), first.full) == (1, True)
    assert served.asked[2]["If-None-Match"] == '"1"'
    assert (again.events, again.full) == ((), False)
    assert (emptied.events, emptied.full) == ((), True)


async def test_an_address_is_as_secret_as_a_password(caplog):
    caplog.set_level("DEBUG")
    async with feed() as served:
        served.text = calendar(event("hemligt", "20261123T090000", "20261123T100000"))
        access, feeds = Access({"url": f"{served.url}?key=hemligt"}), IcsFeeds(HERE)
        (only,) = await feeds.calendars(access)
        await feeds.changes(access, only, AUTUMN, "")

    ours = [each for each in caplog.records if not each.name.startswith("aiohttp")]
    assert not [each for each in ours if "hemligt" in each.getMessage()]
    assert "hemligt" not in repr((access, only))


async def test_a_feed_that_tells_no_version_is_compared():
    async with feed() as served:
        served.text = calendar(event("v", "20261123T090000", "20261123T100000"))
        access, feeds = Access({"url": served.url}), IcsFeeds(HERE)
        (only,) = await feeds.calendars(access)
        first = await feeds.changes(access, only, AUTUMN, "")

        assert not (await feeds.changes(access, only, AUTUMN, first.cursor)).full
        served.text = calendar(event("v", "20261123T093000", "20261123T100000"))
        assert (await feeds.changes(access, only, AUTUMN, first.cursor)).full


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
async def test_a_feed_that_fails_is_asked_again_and_empties_nothing(status):
    async def fail(_request):
        return web.Response(status=status, headers={"Retry-After": "120"})

    async with feed() as served:
        served.answer = fail
        with pytest.raises(Unreachable) as failure:
            await IcsFeeds(HERE).calendars(Access({"url": served.url}))
    assert failure.value.retry_after == (120 if status in (429, 500, 503) else None)


async def test_a_feed_that_never_ends_is_given_up():
    async def endless(request):
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 1_000_000)

    async with feed() as served:
        served.answer = endless
        with pytest.raises(BadAnswer, match="too_large"):
            await IcsFeeds(HERE).calendars(Access({"url": served.url}))


@pytest.mark.parametrize("before", [0, 1])
async def test_whoever_sends_a_byte_now_and_then_is_cut_off(before):
    """Also on a connection that has served before."""

    async def drip(request):
        if len(served.asked) <= before:
            return web.Response(text="hej")
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x")
            await asyncio.sleep(0.05)

    def fetch(url):
        with safe_http.Session(HERE) as session:
            for _time in range(before):
                session.get(url)
            with session.within(0.5):
                session.get(url)

    async with feed() as served:
        served.answer = drip
        with pytest.raises(Unreachable):
            await asyncio.to_thread(fetch, served.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://0.0.0.0:1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://example.com/x.ics",
        "http:///x",
        "nothing",
        "",
    ],
)
async def test_addresses_on_the_inside_are_not_fetched(url):
    with pytest.raises(Forbidden):
        await IcsFeeds(Network()).calendars(Access({"url": url}))


async def test_a_redirect_to_the_inside_is_not_followed():
    async with feed() as served, feed() as inside:

        async def redirect(_request):
            raise web.HTTPFound(inside.url)

        served.answer = redirect
        outside = Network(allowed=frozenset({safe_http.origin_of(served.url)}))
        with pytest.raises(Forbidden):
            await IcsFeeds(outside).calendars(Access({"url": served.url}))
        assert not inside.asked


async def test_a_name_that_means_another_address_the_second_time_is_not_fetched(monkeypatch):
    """DNS rebinding: what is checked is what is connected to."""
    asked = []
    resolve = socket.getaddrinfo

    async with feed() as served:
        port = served.url.split(":")[2].split("/")[0]

        def rebind(host, *rest, **options):
            asked.append(host)
            return resolve("127.0.0.1" if host == "rebind.example.com" else host, *rest, **options)

        monkeypatch.setattr(socket, "getaddrinfo", rebind)
        with pytest.raises(Forbidden):
            await IcsFeeds(Network()).calendars(
                Access({"url": f"http://rebind.example.com:{port}/"})
            )
        assert asked == ["rebind.example.com"]
        assert not served.asked


def test_which_addresses_are_the_internets():
    assert safe_http.checked("webcal://example.com/a.ics") == "https://example.com/a.ics"
    assert safe_http.is_public("93.184.215.14")
    assert not safe_http.is_public("100.64.0.1")
    assert not safe_http.is_public("fe80::1%eth0")

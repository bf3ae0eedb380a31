"""Google's adapter against the stand-in: what it reads, keeps, and makes of refusals."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from integrations.contract import (
    Access,
    AccessLost,
    BadAnswer,
    Calendar,
    Changes,
    CursorLost,
    Hook,
    Unreachable,
    Watch,
    Window,
)
from integrations.google import Google, GoogleConsent
from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE
from integrations.google.events import event_of, is_within
from standins import tls
from standins.google import refusals
from standins.pki import Authority, make_authority
from tests.google import (
    ASTRID,
    BACK,
    BIRGER,
    HOUR,
    NOON,
    WINDOW,
    access_to,
    addresses_of,
    click,
    consented,
    google_of,
)

DAY = timedelta(days=1)
OWN = Calendar(id=ASTRID, name="Astrid", primary=True)


@pytest.fixture
def authority(tmp_path):
    return make_authority(tmp_path / "pki")


@pytest.fixture
async def google(tmp_path, authority):
    async with google_of(tmp_path, authority) as found:
        yield found


@pytest.fixture
def adapter(google, authority: Authority):
    return Google(addresses_of(google, authority.ca_file))


@pytest.fixture
def consent(google, authority: Authority):
    return GoogleConsent(addresses_of(google, authority.ca_file))


async def read(
    adapter: Google, access: Access, cursor: str = "", calendar: Calendar = OWN, window=WINDOW
) -> Changes:
    return await adapter.changes(access, calendar, window, cursor)


async def people(adapter: Google, access: Access, cursor: str = ""):
    return [each async for each in adapter.people(access, cursor)]


def starts(changes: Changes, subject: str | None = None) -> list[datetime]:
    return sorted(
        each.start for each in changes.events if each.start and subject in (None, each.subject)
    )


# Consent


async def test_consent_gives_tokens_and_tells_whose_account_it_is(google, consent, authority):
    url, flow = await consent.begin(BACK, company=False)
    assert "access_type=offline" in url
    assert "prompt=consent" in url
    assert "code_challenge_method=S256" in url
    assert flow["verifier"] not in url

    _, answer = await click(url, authority)
    granted = await consent.finish(flow, answer)

    assert granted.account == ASTRID
    assert granted.tenant == "vaxel"
    assert granted.credentials["refresh_token"]
    assert set(granted.credentials["scopes"]) == {CALENDAR_SCOPE, CONTACTS_SCOPE}


async def test_consent_can_be_refused_or_answer_another_question(consent, authority):
    url, flow = await consent.begin(BACK, company=False)
    _, refusal = await click(url, authority, answer="deny")
    with pytest.raises(AccessLost):
        await consent.finish(flow, refusal)

    url, flow = await consent.begin(BACK, company=False)
    _, answer = await click(url, authority)
    with pytest.raises(AccessLost):
        await consent.finish(flow, {**answer, "state": "another"})
    _, other = await consent.begin(BACK, company=False)
    with pytest.raises(AccessLost):  # another verifier than the challenge was made of
        await consent.finish({**flow, "verifier": other["verifier"]}, answer)
    with pytest.raises(AccessLost):  # a code is good once
        await consent.finish(flow, answer)


async def test_contacts_may_be_left_unticked_but_calendars_may_not(
    google, consent, adapter, authority
):
    url, flow = await consent.begin(BACK, company=False)
    _, answer = await click(url, authority, scope=[CALENDAR_SCOPE])
    granted = await consent.finish(flow, answer)
    google.book(ASTRID).add("Basse")
    pages = await people(adapter, Access(granted.credentials))
    assert [each.people for each in pages] == [()]
    assert pages[0].cursor

    url, flow = await consent.begin(BACK, company=False)
    _, answer = await click(url, authority, scope=[CONTACTS_SCOPE])
    with pytest.raises(AccessLost):
        await consent.finish(flow, answer)


async def test_a_wrong_client_is_no_fault_of_the_owners(google, authority):
    where = replace(addresses_of(google, authority.ca_file), client_secret="wrong")
    consent = GoogleConsent(where)
    url, flow = await consent.begin(BACK, company=False)
    _, answer = await click(url, authority)
    with pytest.raises(Unreachable):
        await consent.finish(flow, answer)
    with pytest.raises(Unreachable) as caught:
        await Google(where).calendars(access_to(google))
    assert caught.value.scope == "tenant"


async def test_a_company_is_not_asked_for_consent(consent):
    with pytest.raises(BadAnswer):
        await consent.begin(BACK, company=True)


# Tokens


async def test_renewed_tokens_are_kept_and_used_until_they_are_old(google, adapter):
    kept: list[Any] = []

    async def keep(credentials):
        kept.append(credentials)

    access = Access(consented(google), keep=keep)
    await adapter.calendars(access)
    await adapter.calendars(Access(kept[-1], keep=keep))
    assert len(kept) == 1
    assert kept[0]["refresh_token"] == access.credentials["refresh_token"]
    assert kept[0]["scopes"] == access.credentials["scopes"]
    assert google.count("/token") == 1

    google.accounts.expire_tokens()
    await adapter.calendars(Access(kept[-1], keep=keep))
    assert len(kept) == 2
    assert kept[1]["token"] != kept[0]["token"]


async def test_a_consent_that_was_taken_back_is_lost(google, adapter):
    access = access_to(google)
    await adapter.calendars(access)
    google.accounts.revoke_all(ASTRID)
    with pytest.raises(AccessLost):
        await adapter.calendars(access)


async def test_revoking_gives_the_consent_back_once_and_for_all(google, adapter):
    access = access_to(google)
    await adapter.revoke(access)
    with pytest.raises(AccessLost):
        await adapter.calendars(access)
    await adapter.revoke(access)  # what is gone already is no error


async def test_a_token_server_that_is_away_is_tried_again_later(google, adapter):
    google.fail(refusals.oauth(503, "server_error"), "/token", times=10)
    with pytest.raises(Unreachable):
        await adapter.calendars(access_to(google))


# A company's people


async def test_a_service_account_reads_the_calendars_of_those_it_is_let_in_to(google, adapter):
    file = google.add_service_account(CALENDAR_SCOPE).as_json("https://localhost:1/elsewhere")
    google.calendars[BIRGER].add("Planering", NOON, NOON + HOUR)
    access = Access(file, BIRGER)

    found = await adapter.calendars(access)
    changes = await adapter.changes(access, found[0], WINDOW, "")
    assert [each.id for each in found] == [BIRGER]
    assert [each.subject for each in changes.events] == ["Planering"]
    assert google.count("/token") == 1

    assert [each.people for each in await people(adapter, access)] == [()]  # not let in to these
    with pytest.raises(BadAnswer):
        await adapter.calendars(Access(file, "nobody@example.com"))
    with pytest.raises(BadAnswer):
        await adapter.owners(access)
    await adapter.revoke(access)


async def test_a_service_account_that_is_not_let_in_has_lost_access(google, adapter):
    file = google.add_service_account().as_json("")
    with pytest.raises(AccessLost):
        await adapter.calendars(Access(file, BIRGER))
    stranger = google.add_service_account(CALENDAR_SCOPE).as_json("")
    google.accounts.services.clear()
    with pytest.raises(AccessLost):
        await adapter.calendars(Access(stranger, BIRGER))


@pytest.mark.parametrize(
    "spoil",
    [{"private_key": "nonsense"}, {"client_email": None}, {"private_key": None}],
)
async def test_a_file_that_is_no_service_accounts_is_a_bad_answer(google, adapter, spoil):
    file = google.add_service_account(CALENDAR_SCOPE).as_json("")
    spoilt = {key: value for key, value in {**file, **spoil}.items() if value is not None}
    with pytest.raises(BadAnswer):
        await adapter.calendars(Access(spoilt, BIRGER))


# Calendars


async def test_the_primary_calendar_comes_first_and_others_tell_whose_they_are(google, adapter):
    google.add_calendar("team@example.com", "Team")
    google.share("team@example.com", ASTRID, "owner")
    google.share(BIRGER, ASTRID, "freeBusyReader")
    found = await adapter.calendars(access_to(google))
    assert [(each.id, each.primary, each.own, each.busy_only) for each in found] == [
        (ASTRID, True, True, False),
        ("team@example.com", False, True, False),
        (BIRGER, False, False, True),
    ]


async def test_somebody_without_a_calendar_cannot_be_read(google, adapter):
    google.add_account("cecilia@example.com", has_calendar=False)
    with pytest.raises(BadAnswer):
        await adapter.calendars(access_to(google, "cecilia@example.com"))


# Events


async def test_an_event_is_told_in_our_words(google, adapter):
    google.calendars[ASTRID].add(
        "Budget",
        NOON,
        NOON + HOUR,
        visibility="private",
        organizer={"email": BIRGER},
        attendees=[
            {"email": BIRGER, "responseStatus": "accepted"},
            {"email": ASTRID, "self": True, "responseStatus": "needsAction"},
        ],
    )
    changes = await read(adapter, access_to(google))
    assert changes.full
    (event,) = changes.events
    assert (event.start, event.end) == (NOON, NOON + HOUR)
    assert event.subject == "Budget"
    assert event.uid.endswith("@google.com")
    assert event.private
    assert event.response == "not_responded"
    assert event.show_as == "busy"
    assert event.time_zone == "Europe/Stockholm"
    assert event.modified is not None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"eventType": "outOfOffice"}, {"kind": "out_of_office", "show_as": "out_of_office"}),
        ({"eventType": "focusTime"}, {"kind": "focus", "show_as": "busy"}),
        (
            {"eventType": "workingLocation", "transparency": "transparent"},
            {"kind": "working_location", "show_as": "free"},
        ),
        ({"eventType": "birthday"}, {"kind": "birthday"}),
        ({"eventType": "fromGmail"}, {"kind": "from_mail"}),
        ({"transparency": "transparent"}, {"kind": "event", "show_as": "free"}),
        ({"status": "tentative"}, {"show_as": "tentative"}),
        ({"visibility": "confidential"}, {"private": True}),
        ({"visibility": "public"}, {"private": False}),
        ({}, {"response": "organizer", "private": False, "show_as": "busy", "series": ""}),
        (
            {"attendees": [{"email": ASTRID, "self": True, "responseStatus": "declined"}]},
            {"response": "declined"},
        ),
        (
            {"attendees": [{"email": ASTRID, "self": True, "responseStatus": "tentative"}]},
            {"response": "tentative"},
        ),
    ],
)
async def test_kinds_and_answers(google, adapter, fields, expected):
    google.calendars[ASTRID].add("Något", NOON, NOON + HOUR, **fields)
    (event,) = (await read(adapter, access_to(google))).events
    assert {name: getattr(event, name) for name in expected} == expected


async def test_whole_days_have_no_zone(google, adapter):
    today = NOON.date()
    google.calendars[ASTRID].add("Ledig", today, today + DAY, eventType="outOfOffice")
    (event,) = (await read(adapter, access_to(google))).events
    assert (event.first_day, event.last_day) == (today, today + DAY)
    assert event.start is None
    assert event.end is None


async def test_neither_guests_nor_texts_are_asked_for(google, adapter):
    google.calendars[ASTRID].add("Möte", NOON, NOON + HOUR, description="Hemligt", location="Rum")
    await read(adapter, access_to(google))
    asked = google.requests[-1][2]
    assert "description" not in asked["fields"]
    assert "location" not in asked["fields"]
    assert asked["maxAttendees"] == "1"


async def test_a_series_is_its_instances_with_a_moved_a_deleted_and_an_added_one(google, adapter):
    calendar = google.calendars[ASTRID]
    extra = (NOON + 3 * DAY + 2 * HOUR).strftime("%Y%m%dT%H%M%SZ")
    series = calendar.add(
        "Avstämning", NOON, NOON + HOUR, recurrence=["RRULE:FREQ=DAILY;COUNT=3", f"RDATE:{extra}"]
    )
    calendar.move(
        calendar.instance_at(series, NOON + DAY), NOON + DAY + 3 * HOUR, NOON + DAY + 4 * HOUR
    )
    calendar.delete(calendar.instance_at(series, NOON + 2 * DAY))
    changes = await read(adapter, access_to(google))
    assert starts(changes) == [
        NOON,
        NOON + DAY + 3 * HOUR,
        NOON + 3 * DAY + 2 * HOUR,
    ]
    assert {each.series for each in changes.events} == {series}
    assert {each.recurrence_id for each in changes.events} == {
        NOON.isoformat(),
        (NOON + DAY).isoformat(),
        (NOON + 3 * DAY + 2 * HOUR).isoformat(),
    }
    assert len({each.uid for each in changes.events}) == 1


async def test_the_clock_of_the_series_decides_when_summer_time_begins_and_in_gap_and_fold(
    google, adapter
):
    stockholm = ZoneInfo("Europe/Stockholm")
    calendar = google.calendars[ASTRID]
    for name, start in (
        ("vecka", datetime(2027, 3, 22, 9, 0, tzinfo=stockholm)),
        ("lucka", datetime(2027, 3, 21, 2, 30, tzinfo=stockholm)),
    ):
        calendar.add(name, start, start + HOUR, recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
    fold = datetime(2026, 10, 25, 2, 30, tzinfo=stockholm)
    calendar.add("dubbel", fold, fold + HOUR)
    spring = Window(start=datetime(2027, 3, 20, tzinfo=UTC), end=datetime(2027, 4, 3, tzinfo=UTC))
    access = access_to(google)
    found = await read(adapter, access, window=spring)
    assert starts(found, "vecka") == [
        datetime(2027, 3, 22, 8, 0, tzinfo=UTC),
        datetime(2027, 3, 29, 7, 0, tzinfo=UTC),
    ]
    assert starts(found, "lucka") == [
        datetime(2027, 3, 21, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # 03:30 there: 02:30 is skipped
    ]
    autumn = Window(
        start=datetime(2026, 10, 24, tzinfo=UTC), end=datetime(2026, 10, 27, tzinfo=UTC)
    )
    assert len((await read(adapter, access, window=autumn)).events) == 1


# Changes


async def test_changes_tell_what_is_new_other_and_gone(google, adapter):
    calendar, access = google.calendars[ASTRID], access_to(google)
    first = calendar.add("Ett", NOON, NOON + HOUR)
    second = calendar.add("Två", NOON + 2 * HOUR, NOON + 3 * HOUR)
    cursor = (await read(adapter, access)).cursor
    assert (await read(adapter, access, cursor)).events == ()

    calendar.move(first, NOON, NOON + 2 * HOUR)
    calendar.delete(second)
    third = calendar.add("Tre", NOON + 4 * HOUR, NOON + 5 * HOUR)
    changes = await read(adapter, access, cursor)
    assert not changes.full
    assert {each.ref for each in changes.events} == {first, third}
    assert changes.removed == (second,)
    assert (await read(adapter, access, changes.cursor)).removed == ()


async def test_what_moves_out_of_the_window_is_removed_and_what_moves_in_is_told(google, adapter):
    calendar, access = google.calendars[ASTRID], access_to(google)
    near = calendar.add("Nära", NOON, NOON + HOUR)
    far = calendar.add("Långt bort", NOON + 60 * DAY, NOON + 60 * DAY + HOUR)
    first = await read(adapter, access)
    assert [each.ref for each in first.events] == [near]

    calendar.move(near, NOON + 60 * DAY, NOON + 60 * DAY + HOUR)
    calendar.move(far, NOON, NOON + HOUR)
    changes = await read(adapter, access, first.cursor)
    assert [each.ref for each in changes.events] == [far]
    assert near in changes.removed


async def test_a_series_that_is_changed_is_told_anew_as_a_whole(google, adapter):
    calendar, access = google.calendars[ASTRID], access_to(google)
    series = calendar.add("Möte", NOON, NOON + HOUR, recurrence=["RRULE:FREQ=DAILY;COUNT=5"])
    cursor = (await read(adapter, access)).cursor
    calendar.move(series, NOON + 2 * HOUR, NOON + 3 * HOUR)
    changes = await read(adapter, access, cursor)
    assert changes.series == (series,)
    assert [each.start for each in changes.events] == [NOON + 2 * HOUR + n * DAY for n in range(5)]
    assert google.count("/instances") == 1

    calendar.delete(series)
    told = {each.ref for each in changes.events}
    changes = await read(adapter, access, changes.cursor)
    assert changes.events == ()
    assert told <= set(changes.removed)


async def test_instances_of_a_series_that_one_does_not_have_count_as_they_are_told(google, adapter):
    calendar, access = google.calendars[ASTRID], access_to(google)
    cursor = (await read(adapter, access)).cursor
    ids = [
        calendar.add(
            "Gäst",
            NOON + n * DAY,
            NOON + n * DAY + HOUR,
            id=f"theirs_{n}",
            recurringEventId="theirs",
            originalStartTime={"dateTime": (NOON + n * DAY).isoformat()},
        )
        for n in range(3)
    ]
    changes = await read(adapter, access, cursor)
    assert {each.ref for each in changes.events} == set(ids)
    assert changes.series == ()


async def test_who_is_stopped_in_the_middle_leaves_the_next_round_whole(google, adapter):
    access = access_to(google)
    calendar = google.calendars[ASTRID]
    calendar.add("Möte", NOON, NOON + HOUR)
    for _ in range(5):
        task = asyncio.create_task(read(adapter, access))
        await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len((await read(adapter, access)).events) == 1


async def test_one_cancelled_instance_is_told_without_asking_for_its_series(google, adapter):
    calendar, access = google.calendars[ASTRID], access_to(google)
    series = calendar.add("Möte", NOON, NOON + HOUR, recurrence=["RRULE:FREQ=DAILY"])
    cursor = (await read(adapter, access)).cursor
    gone = calendar.instance_at(series, NOON + DAY)
    calendar.delete(gone)
    changes = await read(adapter, access, cursor)
    assert (changes.removed, changes.series, changes.events) == ((gone,), (), ())
    assert google.count("/instances") == 0


async def test_many_pages_are_one_answer(google, authority):
    adapter = Google(addresses_of(google, authority.ca_file), page=7)
    calendar, access = google.calendars[ASTRID], access_to(google)
    ids = [calendar.add(f"{n}", NOON + n * HOUR, NOON + (n + 1) * HOUR) for n in range(20)]
    changes = await read(adapter, access)
    assert {each.ref for each in changes.events} == set(ids)
    assert google.count("/events") == 3

    for each in ids:
        calendar.change(each, summary="Nytt")
    again = await read(adapter, access, changes.cursor)
    assert {each.subject for each in again.events} == {"Nytt"}
    assert len(again.events) == 20


async def test_more_changes_than_there_is_in_the_window_are_not_waited_for(google, authority):
    adapter = Google(addresses_of(google, authority.ca_file), page=5)
    calendar, access = google.calendars[ASTRID], access_to(google)
    cursor = (await read(adapter, access)).cursor
    calendar.add("Var dag", NOON, NOON + HOUR, recurrence=["RRULE:FREQ=DAILY"])
    with pytest.raises(CursorLost):
        await read(adapter, access, cursor)
    assert len((await read(adapter, access)).events) == 13


async def test_a_calendar_that_hides_details_is_private(google, adapter):
    google.calendars[BIRGER].add("Hemligt möte", NOON, NOON + HOUR)
    google.share(BIRGER, ASTRID, "freeBusyReader")
    theirs = Calendar(id=BIRGER, name="Birger", own=False, busy_only=True)
    access = access_to(google)
    (event,) = (await read(adapter, access, calendar=theirs)).events
    assert event.private
    assert event.subject == ""
    # Also when it began to hide them after the list of calendars was read.
    (event,) = (await read(adapter, access, calendar=replace(theirs, busy_only=False))).events
    assert event.private


async def test_items_that_cannot_be_read_spoil_nothing_else(google, adapter):
    calendar, access = google.calendars[ASTRID], access_to(google)
    good = calendar.add("Bra", NOON, NOON + HOUR)
    bad = calendar.add("Dålig", NOON, NOON + HOUR)
    cursor = (await read(adapter, access)).cursor
    calendar.change(bad, start={"timeZone": "Europe/Stockholm"})
    calendar.rows[bad]["start"] = {"dateTime": "snart"}
    calendar.change(good, summary="Bättre")
    changes = await read(adapter, access, cursor)
    assert [each.ref for each in changes.events] == [good]
    assert changes.faulty == ((bad, "fields"),)


# Refusals


async def test_a_cursor_that_is_no_longer_good_is_lost_also_in_the_middle(
    google, adapter, authority
):
    calendar, access = google.calendars[ASTRID], access_to(google)
    cursor = (await read(adapter, access)).cursor
    calendar.expire_tokens()
    with pytest.raises(CursorLost):
        await read(adapter, access, cursor)

    adapter = Google(addresses_of(google, authority.ca_file), page=2)
    cursor = (await read(adapter, access)).cursor
    for n in range(5):
        calendar.add(f"{n}", NOON, NOON + HOUR)
    google.fail(refusals.full_sync_required(), "/events", spared=1)
    with pytest.raises(CursorLost):
        await read(adapter, access, cursor)
    with pytest.raises(CursorLost):
        await read(adapter, access, "0:of another edition")


@pytest.mark.parametrize(
    ("refused", "scope", "least"),
    [
        (refusals.quota(403, "userRateLimitExceeded"), "mailbox", 1),
        (refusals.quota(403, "rateLimitExceeded"), "tenant", 1),
        (refusals.quota(429, "rateLimitExceeded"), "tenant", 1),
        (refusals.quota(429, "rateLimitExceeded", "Queries per minute per user"), "mailbox", 1),
        (refusals.quota(403, "quotaExceeded"), "mailbox", 1),
        (refusals.quota(403, "dailyLimitExceeded"), "tenant", 600),
        (refusals.Refused(429, {}, {"Retry-After": "77"}), "mailbox", 77),
        (refusals.calendar(403, "accessNotConfigured", "Off", "usageLimits"), "tenant", 60),
        (refusals.Refused(503, {}, {"Retry-After": "5"}), "mailbox", 5),
        (refusals.Refused(500, {}), "mailbox", 0),
    ],
)
async def test_who_asks_too_much_is_asked_to_wait(google, adapter, refused, scope, least):
    access = access_to(google)
    google.fail(refused, "/events")
    with pytest.raises(Unreachable) as caught:
        await read(adapter, access)
    assert caught.value.scope == scope
    assert (caught.value.retry_after or 0) >= least
    assert google.count("/events") == 1  # it is the engine that tries again


@pytest.mark.parametrize(
    "refused",
    [
        refusals.not_found(),
        refusals.calendar(403, "forbidden", "Forbidden"),
        refusals.calendar(410, "deleted", "Resource has been deleted"),
        refusals.Refused(302, {}, {"Location": "https://localhost:1/"}),
    ],
)
async def test_a_calendar_that_is_gone_or_forbidden_is_a_bad_answer(google, adapter, refused):
    google.fail(refused, "/events")
    with pytest.raises(BadAnswer):
        await read(adapter, access_to(google))


async def test_scopes_that_were_not_granted_are_lost_access(google, adapter):
    with pytest.raises(AccessLost):
        await read(adapter, Access(consented(google, scopes=(CONTACTS_SCOPE,))))


async def test_a_google_that_is_away_or_not_to_be_trusted_is_unreachable(
    google, tmp_path, authority
):
    where = addresses_of(google, authority.ca_file)
    away = Google(replace(where, calendar="https://127.0.0.1:9/calendar/v3/"))
    with pytest.raises(Unreachable):
        await away.calendars(access_to(google))
    stranger = make_authority(tmp_path / "other")
    with pytest.raises(Unreachable):
        await Google(replace(where, ca_file=stranger.ca_file)).calendars(access_to(google))


async def test_a_google_that_never_answers_is_unreachable(google, authority):
    silent = asyncio.Event()

    async def accept(_reader, writer):
        await silent.wait()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    where = addresses_of(google, authority.ca_file)
    hanging = replace(where, calendar=f"http://127.0.0.1:{port}/calendar/v3/", patience=0.2)
    with pytest.raises(Unreachable):
        await Google(hanging).calendars(access_to(google))
    silent.set()
    server.close()


# Push


def hook(url: str, **changes: Any) -> Hook:
    values = {
        "url": url,
        "lifecycle_url": url,
        "secret": "word",
        "id": "channel-1",
        "until": datetime.now(UTC) + 3 * DAY,
    }
    return Hook(**{**values, **changes})


async def test_a_channel_tells_of_changes_and_ends_when_it_is_stopped(google, adapter, authority):
    heard: list[Any] = []

    async def listen(request):
        heard.append((dict(request.headers), await request.read()))
        return web.Response(status=202)

    door = web.Application()
    door.router.add_post("/hooks/google", listen)
    access = access_to(google)
    async with tls.serve(door, authority) as url:
        watch = await adapter.watch(access, OWN, hook(f"{url}/hooks/google"))
        await google.channels.settled()
        google.calendars[ASTRID].add("Möte", NOON, NOON + HOUR)
        await google.channels.settled()
        await adapter.unwatch(access, watch)
        google.calendars[ASTRID].add("Möte", NOON, NOON + HOUR)
        await google.channels.settled()
    assert watch.id == "channel-1"
    assert abs(watch.until - (datetime.now(UTC) + 3 * DAY)) < timedelta(minutes=1)
    assert [headers["X-Goog-Resource-State"] for headers, _ in heard] == ["sync", "exists"]
    assert {headers["X-Goog-Channel-Token"] for headers, _ in heard} == {"word"}
    assert {headers["X-Goog-Resource-ID"] for headers, _ in heard} == {watch.resource}
    assert {body for _, body in heard} == {b""}
    await adapter.unwatch(access, watch)  # gone already


async def test_channels_that_are_refused(google, adapter):
    access = access_to(google)
    for bad in (
        hook("http://127.0.0.1/hooks"),
        hook("https://127.0.0.1:9/", id="x" * 65),
        hook("https://127.0.0.1:9/", id="å"),
    ):
        with pytest.raises(BadAnswer):
            await adapter.watch(access, OWN, bad)
    google.calendars[ASTRID].pushable = False
    with pytest.raises(BadAnswer):
        await adapter.watch(access, OWN, hook("https://127.0.0.1:9/"))


async def test_a_channel_is_made_anew_rather_than_prolonged(google, adapter):
    watch = Watch(id="a", resource="b", until=NOON)
    assert await adapter.renew(access_to(google), watch, NOON + DAY) is None
    assert await adapter.auto_reply(access_to(google)) is None


# Contacts


async def test_contacts_are_read_page_by_page_and_then_what_changed(google, authority):
    adapter = Google(addresses_of(google, authority.ca_file), people_page=2)
    book, access = google.book(ASTRID), access_to(google)
    names = [
        book.add(
            f"Basse {n}",
            phoneNumbers=[
                {"value": f"070-174 06 0{n}", "canonicalForm": f"+4670174060{n}", "type": "mobile"},
                {"value": "08-465 004 00", "type": "workFax"},
                {"value": "08-465 004 01", "type": "work"},
                {"value": "031-390 06 00", "type": "summer house"},
            ],
            emailAddresses=[{"value": "basse@example.com"}, {"value": "basse@example.com"}],
            organizations=[{"name": "Bageriet", "title": "Bagare", "department": "Ugnen"}],
        )
        for n in range(5, 10)
    ]
    pages = await people(adapter, access)
    assert [len(each.people) for each in pages] == [2, 2, 1]
    assert [bool(each.cursor) for each in pages] == [False, False, True]
    assert all(each.full for each in pages)
    person = next(each for page in pages for each in page.people if each.ref == names[0])
    assert person.name == "Basse 5"
    assert (person.title, person.department, person.company) == ("Bagare", "Ugnen", "Bageriet")
    assert person.emails == ("basse@example.com",)
    assert person.phones == (
        ("mobile", "+46701740605"),
        ("work", "08-465 004 01"),
        ("other", "031-390 06 00"),
    )
    assert person.link == f"https://contacts.google.com/person/{names[0].removeprefix('people/')}"

    book.delete(names[1])
    renamed = book.rename(names[2])
    book.change(names[3], names=[{"displayName": "Rebecka"}])
    fresh = await people(adapter, access, pages[-1].cursor)
    assert not any(each.full for each in fresh)
    assert {each.ref for page in fresh for each in page.people} == {renamed, names[3]}
    assert {ref for page in fresh for ref in page.removed} == {names[1], names[2]}
    assert fresh[-1].cursor


@pytest.mark.parametrize("status", [400, 410])
async def test_an_old_cursor_of_contacts_is_known_by_its_reason_not_its_status(
    google, adapter, status
):
    book, access = google.book(ASTRID), access_to(google)
    book.expiry_status = status
    book.add("Basse")
    cursor = (await people(adapter, access))[-1].cursor
    book.expire_tokens()
    with pytest.raises(CursorLost):
        await people(adapter, access, cursor)


async def test_a_contact_without_a_name_is_its_company_and_nothing_is_made_up(google, adapter):
    book = google.book(ASTRID)
    book.add("", organizations=[{"name": "Bageriet"}])
    book.add("", phoneNumbers=[{"value": "070-174 06 05"}])
    (page,) = await people(adapter, access_to(google))
    assert sorted(each.name for each in page.people) == ["", "Bageriet"]
    assert all(each.ref for each in page.people)


async def test_the_quota_of_full_reads_is_a_wait(google, adapter):
    google.book(ASTRID).spared = 0
    with pytest.raises(Unreachable):
        await people(adapter, access_to(google))


# Secrecy


async def test_nothing_of_it_is_told_to_the_log(google, adapter, consent, authority, caplog):
    caplog.set_level(logging.DEBUG)
    google.calendars[ASTRID].add("Hemligt", NOON, NOON + HOUR)
    url, flow = await consent.begin(BACK, company=False)
    _, answer = await click(url, authority)
    granted = await consent.finish(flow, answer)
    access = Access(granted.credentials)
    await read(adapter, access)
    google.accounts.revoke_all(ASTRID)
    with pytest.raises(AccessLost) as caught:
        await Google(addresses_of(google, authority.ca_file)).calendars(
            Access(consented(google) | {"refresh_token": granted.credentials["refresh_token"]})
        )
    told = caplog.text + repr(caught.value) + str(caught.value)
    secrets = [*google.accounts.tokens, *google.accounts.refreshes, flow["verifier"], "Hemligt"]
    assert not [each for each in secrets if each in told]
    assert "ya29" not in repr(access) + repr(granted)


def test_dates_stay_dates():
    item = {"id": "x", "start": {"date": "2027-03-28"}, "end": {"date": "2027-03-29"}}
    event = event_of(item, busy_only=False)
    assert event.first_day == date(2027, 3, 28)
    day = datetime(2027, 3, 28, tzinfo=UTC)
    assert is_within(event, Window(start=day - 3 * HOUR, end=day - 2 * HOUR))  # in Auckland
    assert not is_within(event, Window(start=day + 5 * DAY, end=day + 6 * DAY))

"""The Microsoft adapter against the stand-in: signing in, calendars, contacts, refusals."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from integrations.contract import (
    Access,
    AccessLost,
    AutoReply,
    BadAnswer,
    CursorLost,
    Onward,
    Unreachable,
    Window,
)
from integrations.microsoft import Microsoft, MicrosoftConsent
from standins.graph.recurrence import Recurrence
from standins.graph.server import Graph
from tests.microsoft import (
    ASTRID,
    BIRGER,
    REDIRECT,
    Keeper,
    consent,
    default_calendar,
    graph_with_people,
    let_in,
    registration,
    tenant_of,
)

DAY = datetime(2026, 11, 23, tzinfo=UTC)
WINDOW = Window(start=DAY - timedelta(days=1), end=DAY + timedelta(days=14))
DAILY = Recurrence(
    day=date(2026, 11, 23), at=time(9), length=timedelta(minutes=30), every="day", count=5
)


@pytest.fixture
async def graph(tmp_path):
    async with graph_with_people(tmp_path) as found:
        yield found


@pytest.fixture
def microsoft(graph):
    return Microsoft(registration(graph))


def at(hour: int, minute: int = 0) -> datetime:
    return DAY.replace(hour=hour, minute=minute)


async def all_of(microsoft: Microsoft, keeper: Keeper):
    calendar = await default_calendar(microsoft, keeper.access())
    return calendar, await microsoft.changes(keeper.access(), calendar, WINDOW, "")


async def test_who_consents_is_let_in_and_named(graph, microsoft):
    granted = await consent(graph)

    assert (granted.account, granted.tenant) == (ASTRID, tenant_of(graph).id)
    calendars = await microsoft.calendars(Access(dict(granted.credentials)))
    assert [(each.name, each.primary, each.own) for each in calendars] == [("Calendar", True, True)]


async def test_an_answer_to_another_question_connects_nothing(graph):
    asker = MicrosoftConsent(registration(graph))
    url, flow = await asker.begin(REDIRECT, company=False)
    other_url, _other = await asker.begin(REDIRECT, company=False)

    with pytest.raises(AccessLost):
        await asker.finish(flow, await graph.click(other_url, ASTRID))
    with pytest.raises(AccessLost):
        await asker.finish(flow, {**await graph.click(url, ASTRID), "code": "made-up"})
    with pytest.raises(AccessLost):
        await asker.finish(flow, await graph.click(url, ASTRID, "cancel"))


async def test_a_code_is_of_no_use_without_the_verifier_of_who_began(graph):
    asker = MicrosoftConsent(registration(graph))
    url, flow = await asker.begin(REDIRECT, company=False)
    answer = await graph.click(url, ASTRID)
    flow["msal"]["code_verifier"] = "v" * 43

    with pytest.raises(AccessLost):
        await asker.finish(flow, answer)


async def test_an_administrator_lets_us_into_every_mailbox_of_the_company(graph, microsoft):
    granted = await consent(graph, company=True)
    graph.mailbox(BIRGER).add(at(10), at(11), "Möte")
    access = Access(dict(granted.credentials), BIRGER)

    assert granted.account == "example.com"
    assert [each.address for each in await microsoft.owners(access)] == [ASTRID, BIRGER]
    calendar = await default_calendar(microsoft, access)
    found = await microsoft.changes(access, calendar, WINDOW, "")
    assert [each.start for each in found.events] == [at(10)]


async def test_who_signs_in_by_another_name_than_their_address_is_found_by_the_address(graph):
    graph.add_account("rebecka@example.com", "Rebecka Sund", sign_in="r17@corp.example.com")
    series = graph.mailbox("rebecka@example.com").add_series(DAILY, "Morgonmöte")
    access = Access(dict((await consent(graph, company=True)).credentials), "rebecka@example.com")
    microsoft = Microsoft(registration(graph))
    calendar = await default_calendar(microsoft, access)
    before = await microsoft.changes(access, calendar, WINDOW, "")

    graph.mailbox("rebecka@example.com").cancel_occurrence(series, at(8))
    elsewhere = Microsoft(registration(graph))  # in another process, which never asked before
    found = await elsewhere.changes(access, calendar, WINDOW, before.cursor)
    assert (len(before.events), len(found.events), found.removed) == (5, 4, ())
    stranger = Access(access.credentials, "stranger@example.com")
    with pytest.raises(BadAnswer):
        await microsoft.calendars(stranger)


async def test_a_tenant_that_somebody_wrote_into_the_answer_is_not_believed(graph):
    await consent(graph, company=True)  # example.com let the application in, some time ago
    other = graph.add_tenant("example.org")
    graph.add_account("cecilia@example.org", "Cecilia Berg", tenant=other, admin=True)
    asker = MicrosoftConsent(registration(graph))
    _url, flow = await asker.begin(REDIRECT, company=True)
    forged = {"admin_consent": "True", "tenant": tenant_of(graph).id, "state": flow["state"]}

    further = await asker.finish(flow, forged)
    assert isinstance(further, Onward)
    for address in ("cecilia@example.org", BIRGER):  # of another company; no administrator
        _url, flow = await asker.begin(REDIRECT, company=True)
        further = await asker.finish(flow, {**forged, "state": flow["state"]})
        assert isinstance(further, Onward)
        with pytest.raises(AccessLost):
            await asker.finish(further.flow, await graph.click(further.url, address))


async def test_tokens_are_renewed_and_kept_before_anything_is_read(graph, microsoft):
    graph.directory.token_life = 60  # msal renews what has less than five minutes left
    keeper = await let_in(graph)
    before = keeper.credentials["cache"]

    access = keeper.access()
    await microsoft.calendars(access)
    await microsoft.auto_reply(access)

    assert keeper.times == 2
    assert keeper.credentials["cache"] != before
    await microsoft.calendars(keeper.access())


async def test_who_is_stopped_while_a_token_is_renewed_has_it_nevertheless(graph, microsoft):
    graph.directory.token_life = 60
    keeper = await let_in(graph)
    graph.login.delay, asked = 0.3, graph.login.asked
    reading = asyncio.create_task(microsoft.calendars(keeper.access()))
    async with asyncio.timeout(10):
        while graph.login.asked == asked:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert keeper.times == 1
    assert await microsoft.calendars(keeper.access())


async def test_a_token_that_is_refused_is_renewed_once(graph, microsoft):
    keeper = await let_in(graph)
    graph.directory.access.clear()

    assert await microsoft.calendars(keeper.access())
    assert keeper.times == 1


async def test_a_revoked_consent_is_access_lost(graph, microsoft):
    keeper = await let_in(graph)
    graph.directory.revoke(graph.directory.accounts[ASTRID])

    with pytest.raises(AccessLost):
        await microsoft.calendars(keeper.access())


async def test_a_company_that_takes_its_consent_back_is_lost(graph, microsoft):
    access = Access(dict((await consent(graph, company=True)).credentials), ASTRID)
    await microsoft.calendars(access)
    graph.directory.withdraw(tenant_of(graph))

    with pytest.raises(AccessLost):
        await microsoft.calendars(access)


async def test_a_mailbox_that_a_policy_holds_back_is_lost_alone(graph, microsoft):
    granted = await consent(graph, company=True)
    tenant_of(graph).denied.add(BIRGER)

    with pytest.raises(AccessLost):
        await microsoft.calendars(Access(dict(granted.credentials), BIRGER))
    assert await microsoft.calendars(Access(dict(granted.credentials), ASTRID))


async def test_a_wrong_secret_of_ours_asks_nobody_to_consent_anew(graph):
    keeper = await let_in(graph)
    graph.directory.access.clear()
    microsoft = Microsoft(registration(graph, client_secret="of last year"))

    with pytest.raises(Unreachable) as raised:
        await microsoft.calendars(keeper.access())
    assert raised.value.scope == "tenant"


async def test_an_event_is_told_in_the_words_of_all_providers(graph, microsoft):
    box = graph.mailbox(ASTRID)
    box.add(
        at(10),
        at(11),
        "Lön",
        show_as="oof",
        sensitivity="private",
        response="tentativelyAccepted",
        categories=("Blå",),
    )
    box.add(date(2026, 11, 24), date(2026, 11, 26), "Semester", show_as="free", zone="UTC")

    calendar, found = await all_of(microsoft, await let_in(graph))
    timed = next(each for each in found.events if each.start)
    days = next(each for each in found.events if each.first_day)

    assert calendar.primary
    assert (timed.start, timed.end) == (at(10), at(11))
    assert (timed.show_as, timed.private, timed.response) == ("out_of_office", True, "tentative")
    assert (timed.subject, timed.categories) == ("Lön", ("Blå",))
    assert timed.time_zone == "Europe/Berlin"  # which is what Windows calls it
    assert timed.modified is not None
    assert (days.first_day, days.last_day) == (date(2026, 11, 24), date(2026, 11, 26))
    assert (days.start, days.end, days.show_as) == (None, None, "free")


async def test_stubs_are_completed_from_their_series_which_takes_no_time_itself(graph, microsoft):
    box = graph.mailbox(ASTRID)
    earlier = Recurrence(day=date(2026, 11, 2), at=time(9), length=timedelta(hours=1))
    series = box.add_series(earlier, "Veckomöte", show_as="tentative", sensitivity="private")

    _calendar, found = await all_of(microsoft, await let_in(graph))

    # At 09.00 in Stockholm; the series' own row has the times of 2 November, outside the window.
    assert {each.start for each in found.events} == {at(8), at(8) + timedelta(days=7)}
    for each in found.events:
        assert (each.subject, each.show_as, each.private) == ("Veckomöte", "tentative", True)
        assert (each.uid, each.series) == (series.uid, series.id)
        assert each.start is not None
        assert each.recurrence_id == each.start.isoformat()


async def test_a_deleted_occurrence_is_gone_though_nobody_says_which(graph, microsoft):
    box = graph.mailbox(ASTRID)
    series = box.add_series(DAILY, "Morgonmöte")
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)

    box.cancel_occurrence(series, at(8) + timedelta(days=1))
    found = await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)

    assert len(before.events) == 5
    assert found.series == (series.id,)
    assert {each.start for each in found.events} == {
        at(8) + timedelta(days=each) for each in (0, 2, 3, 4)
    }


async def test_a_moved_and_an_added_occurrence_are_told_with_their_series(graph, microsoft):
    box = graph.mailbox(ASTRID)
    series = box.add_series(DAILY, "Morgonmöte")
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)

    box.change_occurrence(series, at(8), start=at(13), end=at(14))
    moved = await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)
    box.change(series, recurrence=replace(DAILY, count=6))
    added = await microsoft.changes(keeper.access(), calendar, WINDOW, moved.cursor)

    other = next(each for each in moved.events if each.start == at(13))
    assert other.recurrence_id == at(8).isoformat()
    assert {each.ref for each in moved.events} == {each.ref for each in before.events}
    assert len(added.events) == 6
    assert added.series == (series.id,)


async def test_an_occurrence_that_moved_out_of_the_window_is_gone(graph, microsoft):
    box = graph.mailbox(ASTRID)
    series = box.add_series(DAILY, "Morgonmöte")
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)

    later = at(8) + timedelta(days=60)
    box.change_occurrence(series, at(8), start=later, end=later + timedelta(hours=1))
    found = await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)

    assert len(found.events) == 4
    assert found.series == (series.id,)


async def test_what_is_deleted_is_told_by_its_name(graph, microsoft):
    box = graph.mailbox(ASTRID)
    single, series = box.add(at(10), at(11), "Möte"), box.add_series(DAILY, "Morgonmöte")
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)

    box.remove(single)
    box.remove(series)
    found = await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)

    assert set(found.removed) == {single.id, series.id}
    assert not found.events


async def test_pages_may_be_empty_and_rows_may_come_twice(graph, microsoft):
    box = graph.mailbox(ASTRID)
    for minute in range(0, 600, 2):
        start = at(6) + timedelta(minutes=minute)
        box.add(start, start + timedelta(minutes=1), f"Möte {minute}")
    graph.api.deltas.empty_pages = 2
    graph.api.deltas.repeated = 7

    _calendar, found = await all_of(microsoft, await let_in(graph))

    assert len({each.ref for each in found.events}) == len(found.events) == 300
    assert graph.faults.asked["GET delta"] == 4


async def test_a_token_that_is_too_old_is_a_lost_cursor_and_no_more(graph, microsoft):
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)
    graph.mailbox(ASTRID).forget_tokens()

    with pytest.raises(CursorLost):
        await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)
    with pytest.raises(CursorLost):
        await microsoft.changes(keeper.access(), calendar, WINDOW, "{}")
    assert (await microsoft.changes(keeper.access(), calendar, WINDOW, "")).full


async def test_a_token_lost_in_the_middle_of_the_pages_is_a_lost_cursor(graph, microsoft):
    box = graph.mailbox(ASTRID)
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)
    for minute in range(300):
        box.add(at(6) + timedelta(minutes=minute), at(6) + timedelta(minutes=minute + 1))
    graph.faults.add(part="delta", skip=1, status=410, code="SyncStateNotFound")

    with pytest.raises(CursorLost):
        await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)


async def test_links_to_a_foreign_host_are_not_followed(graph, microsoft):
    for minute in range(300):
        graph.mailbox(ASTRID).add(at(6), at(6) + timedelta(minutes=minute + 1))
    keeper = await let_in(graph)
    calendar, before = await all_of(microsoft, keeper)
    graph.faults.foreign_host = "graph.example.org"

    with pytest.raises(BadAnswer):
        await microsoft.changes(keeper.access(), calendar, WINDOW, "")
    with pytest.raises(BadAnswer):
        await microsoft.changes(keeper.access(), calendar, WINDOW, before.cursor)
    foreign = before.cursor.replace(graph.url, "https://graph.example.org")
    with pytest.raises(BadAnswer):
        await microsoft.changes(keeper.access(), calendar, WINDOW, foreign)


async def test_throttling_says_how_long_and_who_has_to_wait(graph, microsoft):
    keeper = await let_in(graph)
    graph.faults.throttle(retry_after="17")

    with pytest.raises(Unreachable) as raised:
        await microsoft.calendars(keeper.access())
    assert (raised.value.retry_after, raised.value.scope) == (17.0, "mailbox")
    graph.faults.add(status=503, code="ServiceUnavailable")
    with pytest.raises(Unreachable) as raised:
        await microsoft.calendars(keeper.access())
    assert raised.value.retry_after is None


async def test_a_short_pause_under_way_does_not_begin_all_over(graph, microsoft):
    for minute in range(300):
        graph.mailbox(ASTRID).add(at(6), at(6) + timedelta(minutes=minute + 1))
    keeper = await let_in(graph)
    calendar = await default_calendar(microsoft, keeper.access())
    graph.faults.add(part="delta", skip=1, times=2, status=429, code="X", retry_after="0")

    assert len((await microsoft.changes(keeper.access(), calendar, WINDOW, "")).events) == 300


async def test_signing_in_that_is_busy_is_no_lost_access(graph, microsoft):
    keeper = await let_in(graph)
    graph.directory.access.clear()
    graph.login.down = 1

    with pytest.raises(Unreachable) as raised:
        await microsoft.calendars(keeper.access())
    assert raised.value.retry_after == 7.0


async def test_a_server_that_nobody_vouches_for_is_not_spoken_with(graph):
    keeper = await let_in(graph)

    with pytest.raises(Unreachable):
        await Microsoft(registration(graph, ca_file=None)).calendars(keeper.access())


async def test_automatic_replies_are_told_with_their_time(graph, microsoft):
    box, keeper = graph.mailbox(ASTRID), await let_in(graph)

    assert await microsoft.auto_reply(keeper.access()) is None
    box.auto_reply = {"status": "alwaysEnabled"}
    assert await microsoft.auto_reply(keeper.access()) == AutoReply()
    box.auto_reply = {
        "status": "scheduled",
        "scheduledStartDateTime": {
            "dateTime": "2026-12-21T08:00:00.0000000",
            "timeZone": "W. Europe Standard Time",
        },
        "scheduledEndDateTime": {"dateTime": "2027-01-07T00:00:00.0000000", "timeZone": "UTC"},
    }
    assert await microsoft.auto_reply(keeper.access()) == AutoReply(
        start=datetime(2026, 12, 21, 7, tzinfo=UTC), end=datetime(2027, 1, 7, tzinfo=UTC)
    )
    graph.faults.add(part="mailboxSettings", status=403, code="ErrorAccessDenied")
    assert await microsoft.auto_reply(keeper.access()) is None


async def test_an_event_that_makes_no_sense_is_counted_and_the_others_are_told(graph, microsoft):
    box = graph.mailbox(ASTRID)
    good, bad = box.add(at(10), at(11), "Möte"), box.add(at(12), at(13), "Trasig")
    graph.faults.spoil[bad.id] = {"start": {"dateTime": "i morgon", "timeZone": "UTC"}}

    _calendar, found = await all_of(microsoft, await let_in(graph))

    assert [each.ref for each in found.events] == [good.id]
    assert found.faulty == ((bad.id, "time"),)


async def read_people(microsoft: Microsoft, keeper: Keeper, cursor: str = ""):
    pages = [each async for each in microsoft.people(keeper.access(), cursor)]
    assert [each.cursor for each in pages[:-1]] == [""] * (len(pages) - 1)
    people = [person for page in pages for person in page.people]
    return people, {ref for page in pages for ref in page.removed}, pages[-1]


async def test_contacts_of_all_folders_are_told_and_their_changes_too(graph, microsoft):
    from standins.graph.mailbox import Folder

    box, keeper = graph.mailbox(ASTRID), await let_in(graph)
    customers = Folder(name="Kunder")
    box.folders.append(customers)
    first = box.add_contact(
        displayName="Cecilia Berg",
        companyName="Berg AB",
        mobilePhone="070-174 06 10",
        businessPhones=["08-465 004 10"],
        emailAddresses=[{"name": "C", "address": "cecilia@example.org"}],
    )
    second = box.add_contact(customers, givenName="Basse", surname="Ek")

    people, removed, last = await read_people(microsoft, keeper)
    cecilia = next(each for each in people if each.ref == first)
    assert {each.name for each in people} == {"Cecilia Berg", "Basse Ek"}
    assert cecilia.phones == (("mobile", "070-174 06 10"), ("work", "08-465 004 10"))
    assert (cecilia.emails, cecilia.company) == (("cecilia@example.org",), "Berg AB")
    assert (last.full, removed) == (True, set())

    box.change_contact(first, companyName="Berg & Co")
    box.remove_contact(second, customers)
    people, removed, last = await read_people(microsoft, keeper, last.cursor)
    assert [each.company for each in people] == ["Berg & Co"]
    assert (removed, last.full) == ({second}, False)


async def test_a_contact_that_moves_to_another_folder_is_not_lost_on_the_way(graph, microsoft):
    from standins.graph.mailbox import Folder

    box, keeper = graph.mailbox(ASTRID), await let_in(graph)
    customers = Folder(name="Kunder")
    box.folders.append(customers)
    moving = box.add_contact(customers, displayName="Basse Ek")
    _people, _removed, last = await read_people(microsoft, keeper)

    box.remove_contact(moving, customers)
    box.change_contact(moving, displayName="Basse Ek")
    people, removed, _last = await read_people(microsoft, keeper, last.cursor)

    assert [each.ref for each in people] == [moving]
    assert not removed


async def test_a_folder_that_comes_or_goes_means_reading_all_contacts_anew(graph, microsoft):
    from standins.graph.mailbox import Folder

    keeper = await let_in(graph)
    _people, _removed, last = await read_people(microsoft, keeper)
    graph.mailbox(ASTRID).folders.append(Folder(name="Kunder"))

    with pytest.raises(CursorLost):
        await read_people(microsoft, keeper, last.cursor)


async def test_calendars_of_others_are_told_as_theirs(graph, microsoft):
    box = graph.mailbox(ASTRID)
    box.add_calendar("Projekt")
    box.add_calendar("Birger", owner=BIRGER, can_edit=False)

    found = await microsoft.calendars((await let_in(graph)).access())

    assert [(each.name, each.primary, each.own) for each in found] == [
        ("Calendar", True, True),
        ("Projekt", False, True),
        ("Birger", False, False),
    ]


async def test_no_token_subject_or_address_is_written_into_any_log(graph, microsoft, caplog):
    caplog.set_level(logging.DEBUG)
    keeper = await let_in(graph)
    given = [*graph.directory.refresh, *graph.directory.access]
    graph.mailbox(ASTRID).add(at(10), at(11), "Lönesamtal")
    graph.directory.access.clear()
    _calendar, found = await all_of(microsoft, keeper)
    given += [*graph.directory.refresh, *graph.directory.access]
    graph.directory.revoke(graph.directory.accounts[ASTRID])
    with pytest.raises(AccessLost) as raised:
        await microsoft.calendars(keeper.access())

    written = caplog.text + repr(raised.value) + repr(found) + repr(keeper.access())
    secret = graph.directory.application.client_secret
    assert len(set(given)) == 4  # of each kind one, and one that came in its place
    for each in (*given, "Lönesamtal", ASTRID, secret):
        assert each not in written


def test_nothing_that_is_printed_shows_a_secret(graph: Graph):
    assert graph.directory.application.client_secret not in repr(registration(graph))

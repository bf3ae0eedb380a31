"""Exchange's adapter against a server in small, through the library's own client."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from exchangelib.protocol import CachingProtocol

from integrations.contract import (
    AccessLost,
    AutoReply,
    BadAnswer,
    CursorLost,
    Unreachable,
    Window,
)
from integrations.exchange import Exchange
from integrations.exchange.asking import Known, endpoint_of
from integrations.safe_http import Forbidden, Network
from standins.exchange.mailbox import Reply
from standins.exchange.server import Failure
from standins.pki import make_authority
from tests.desk import local, moment
from tests.exchange_server import (
    ASTRID,
    BIRGER,
    PASSWORD,
    access_to,
    exchange_of,
    mailbox_of,
)

WINDOW = Window(start=moment("2026-11-22 10:00"), end=moment("2026-11-29 10:00"))
ADAPTER = Exchange(Network(private=True))


@pytest.fixture
async def server():
    async with exchange_of() as found:
        yield found


async def events_of(access, window=WINDOW):
    primary = (await ADAPTER.calendars(access))[0]
    return (await ADAPTER.changes(access, primary, window, "")).events


async def all_people(access, cursor=""):
    return [each async for each in ADAPTER.people(access, cursor)]


# Calendars


async def test_the_primary_calendar_comes_first_and_what_is_thrown_away_is_left_out(server):
    box = mailbox_of(server)
    thrown = box.other_calendar("Slängd", box.deleted)
    box.other_calendar("I slängd", thrown)
    box.other_calendar("Privat")
    box.folder("Arkiv")
    found = await ADAPTER.calendars(access_to(server))
    assert [(each.name, each.primary, each.own) for each in found] == [
        ("Kalender", True, True),
        ("Privat", False, True),
    ]


async def test_what_was_found_out_is_kept_and_not_asked_for_again(server):
    access = access_to(server)
    primary = (await ADAPTER.calendars(access))[0]
    known = Known.from_json(access.credentials["found"])
    assert known is not None
    assert (known.sign, known.mailbox) == ("basic", ASTRID)
    server.asked.clear()
    await ADAPTER.changes(access, primary, WINDOW, "")
    assert server.asked == ["SyncFolderItems", "FindItem"]  # there is no item to be read


async def test_who_signs_in_with_a_domain_is_found_in_the_directory(server):
    access = access_to(server, BIRGER)
    await ADAPTER.calendars(access)
    assert access.credentials["found"]["mailbox"] == BIRGER


# Events


async def test_an_event_is_told_in_our_words(server):
    box = mailbox_of(server)
    box.add(
        "Tandläkare",
        local("2026-11-23 10:00"),
        local("2026-11-23 11:00"),
        uid="en-uid",
        status="OOF",
        response="Accept",
        sensitivity="Private",
        categories=("Kund", "Resa"),
    )
    (event,) = await events_of(access_to(server))
    assert (event.start, event.end) == (moment("2026-11-23 10:00"), moment("2026-11-23 11:00"))
    assert (event.uid, event.recurrence_id, event.series) == ("en-uid", "", "")
    assert (event.show_as, event.response, event.private) == ("out_of_office", "accepted", True)
    assert (event.subject, event.categories) == ("Tandläkare", ("Kund", "Resa"))
    assert not event.cancelled
    assert event.modified is not None
    assert "Tandläkare" not in repr(event)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "Free"}, ("free", "organizer")),
        ({"status": "Tentative", "response": "Tentative"}, ("tentative", "tentative")),
        ({"status": "WorkingElsewhere"}, ("working_elsewhere", "organizer")),
        ({"status": "NoData", "response": "Unknown"}, ("busy", "none")),
        ({"response": "Decline"}, ("busy", "declined")),
        ({"response": "NoResponseReceived"}, ("busy", "not_responded")),
    ],
)
async def test_states_and_answers(server, fields, told):
    mailbox_of(server).add("Möte", local("2026-11-23 10:00"), local("2026-11-23 11:00"), **fields)
    (event,) = await events_of(access_to(server))
    assert (event.show_as, event.response) == told


async def test_whole_days_are_days_where_they_were_made(server):
    box = mailbox_of(server)
    box.add("Mässa", local("2026-11-24 00:00"), local("2026-11-26 00:00"), all_day=True)
    tokyo = datetime(2026, 11, 26, 15, tzinfo=UTC)  # midnight there
    box.add(
        "Tokyo",
        tokyo,
        tokyo + timedelta(days=1),
        all_day=True,
        zone_id="Tokyo Standard Time",
    )
    box.add(
        "Okänd zon",
        local("2026-11-28 00:00"),
        local("2026-11-29 00:00"),
        all_day=True,
        zone_id="tzone://Microsoft/Custom",
    )
    found = {each.subject: each for each in await events_of(access_to(server))}
    days = {name: (each.first_day, each.last_day) for name, each in found.items()}
    assert days == {
        "Mässa": (date(2026, 11, 24), date(2026, 11, 26)),
        "Tokyo": (date(2026, 11, 27), date(2026, 11, 28)),
        "Okänd zon": (date(2026, 11, 28), date(2026, 11, 29)),
    }
    assert all(each.start is None for each in found.values())
    assert found["Tokyo"].time_zone == "Asia/Tokyo"


async def test_a_series_is_told_one_by_one_by_original_start(server):
    box = mailbox_of(server)
    series = box.add(
        "Möte",
        local("2026-11-23 10:00"),
        local("2026-11-23 11:00"),
        uid="serien",
        rule="FREQ=DAILY;COUNT=4",
    )
    box.delete_occurrence(series, local("2026-11-24 10:00"))
    box.change_occurrence(
        series,
        local("2026-11-25 10:00"),
        start=local("2026-11-26 13:00"),
        end=local("2026-11-26 14:00"),
    )
    found = await events_of(access_to(server))
    assert {each.uid for each in found} == {"serien"}
    assert {each.recurrence_id: each.start for each in found} == {
        moment(f"{original} 10:00").isoformat(): moment(start)
        for original, start in (
            ("2026-11-23", "2026-11-23 10:00"),
            ("2026-11-25", "2026-11-26 13:00"),
            ("2026-11-26", "2026-11-26 10:00"),
        )
    }
    assert len({each.ref for each in found}) == 3


async def test_only_the_window_is_read(server):
    box = mailbox_of(server)
    box.add("Före", WINDOW.start - timedelta(hours=2), WINDOW.start)
    box.add("In i", WINDOW.start - timedelta(hours=1), WINDOW.start + timedelta(hours=1))
    box.add("Efter", WINDOW.end, WINDOW.end + timedelta(hours=1))
    assert [each.subject for each in await events_of(access_to(server))] == ["In i"]


async def test_a_view_that_is_cut_off_is_read_in_halves(server):
    server.most = 10
    box = mailbox_of(server)
    for hour in range(40):
        start = WINDOW.start + timedelta(hours=4 * hour)
        box.add(f"{hour}", start, start + timedelta(hours=1))
    found = await events_of(access_to(server))
    assert sorted(int(each.subject) for each in found) == list(range(40))


async def test_more_than_a_view_shows_in_an_hour_is_not_guessed_at(server):
    server.most = 2
    box = mailbox_of(server)
    for number in range(5):
        box.add(f"{number}", local("2026-11-23 10:00"), local("2026-11-23 11:00"))
    with pytest.raises(BadAnswer, match="too_many"):
        await events_of(access_to(server))


async def test_one_that_cannot_be_read_spoils_no_other(server):
    box = mailbox_of(server)
    box.add("Bra", local("2026-11-23 10:00"), local("2026-11-23 11:00"))
    bad = box.add("Trasig", local("2026-11-23 10:00"), local("2026-11-23 11:00"), rule="FREQ=DAILY")
    box.change_occurrence(bad, local("2026-11-23 10:00"), end=local("2026-11-23 09:00"))
    access = access_to(server)
    primary = (await ADAPTER.calendars(access))[0]
    window = Window(start=moment("2026-11-23 08:00"), end=moment("2026-11-23 12:00"))
    told = await ADAPTER.changes(access, primary, window, "")
    assert [each.subject for each in told.events] == ["Bra"]
    assert [why for _ref, why in told.faulty] == ["backwards"]


# Changes


async def test_nothing_is_read_while_nothing_changed(server):
    box, access = mailbox_of(server), access_to(server)
    meeting = box.add("Möte", local("2026-11-23 10:00"), local("2026-11-23 11:00"))
    primary = (await ADAPTER.calendars(access))[0]
    first = await ADAPTER.changes(access, primary, WINDOW, "")
    server.asked.clear()
    still = await ADAPTER.changes(access, primary, WINDOW, first.cursor)
    assert (still.events, still.full, server.asked) == ((), False, ["SyncFolderItems"])

    box.change(meeting, subject="Annat")
    changed = await ADAPTER.changes(access, primary, WINDOW, still.cursor)
    assert ([each.subject for each in changed.events], changed.full) == (["Annat"], True)
    box.delete(meeting)
    gone = await ADAPTER.changes(access, primary, WINDOW, changed.cursor)
    assert (gone.events, gone.full) == ((), True)


async def test_a_long_first_read_goes_on_to_its_end(server):
    box, access = mailbox_of(server), access_to(server)
    for number in range(450):
        start = WINDOW.start - timedelta(days=number + 1)
        box.add("Gammalt", start, start + timedelta(hours=1))
    primary = (await ADAPTER.calendars(access))[0]
    first = await ADAPTER.changes(access, primary, WINDOW, "")
    assert server.asked.count("SyncFolderItems") == 3
    again = await ADAPTER.changes(access, primary, WINDOW, first.cursor)
    assert not again.full


@pytest.mark.parametrize("state", ["", "!!", "aGVq"])
async def test_a_state_that_is_not_known_is_lost(server, state):
    access = access_to(server)
    primary = (await ADAPTER.calendars(access))[0]
    first = await ADAPTER.changes(access, primary, WINDOW, "")
    server.people[ASTRID].forget_states()
    with pytest.raises(CursorLost):
        await ADAPTER.changes(access, primary, WINDOW, state or first.cursor)


async def test_a_calendar_that_is_gone_is_not_an_empty_one(server):
    box, access = mailbox_of(server), access_to(server)
    box.other_calendar("Privat")
    other = (await ADAPTER.calendars(access))[1]
    box.drop_folder(other.id)
    with pytest.raises(CursorLost):  # and then, as of no state, a bad answer
        await ADAPTER.changes(access, other, WINDOW, "")


# Automatic replies and contacts


async def test_automatic_replies(server):
    access = access_to(server, BIRGER)
    box = mailbox_of(server, BIRGER)
    await ADAPTER.calendars(access)
    assert await ADAPTER.auto_reply(access) is None
    box.reply = Reply("Enabled")
    assert await ADAPTER.auto_reply(access) == AutoReply()
    start, end = moment("2026-11-23 08:00"), moment("2026-11-27 17:00")
    box.reply = Reply("Scheduled", start, end)
    assert await ADAPTER.auto_reply(access) == AutoReply(start=start, end=end)


async def test_contacts_come_page_by_page_and_lists_are_no_people(server):
    box, access = mailbox_of(server), access_to(server)
    rebecka = box.add_card(
        "Rebecka",
        title="Chef",
        department="Inköp",
        company="Example",
        phones=(("BusinessPhone", "08-465 004 00"), ("MobilePhone", "070-174 06 05"), ("Fax", "1")),
        emails=("rebecka@example.com", "/o=Example/cn=rebecka"),
    )
    box.add_card("Alla", is_list=True)
    for number in range(250):
        box.add_card(f"Basse {number}")
    pages = await all_people(access)
    assert [(each.full, bool(each.cursor)) for each in pages] == [(True, False), (True, True)]
    told = {each.ref: each for page in pages for each in page.people}
    assert len(told) == 251
    found = told[rebecka]
    assert (found.name, found.title, found.department, found.company) == (
        "Rebecka",
        "Chef",
        "Inköp",
        "Example",
    )
    assert found.phones == (("work", "08-465 004 00"), ("mobile", "070-174 06 05"))
    assert found.emails == ("rebecka@example.com",)

    box.delete(rebecka)
    (after,) = await all_people(access, pages[-1].cursor)
    assert (after.full, after.people, after.removed) == (False, (), (rebecka,))
    box.forget_states()
    with pytest.raises(CursorLost):
        await all_people(access, after.cursor)


# What is refused


@pytest.mark.parametrize(
    ("failure", "error", "wait"),
    [
        (Failure("ErrorServerBusy", back_off=90_000), Unreachable, 90.0),
        (Failure("ErrorServerBusy"), Unreachable, 10.0),
        (Failure("ErrorTimeoutExpired"), Unreachable, None),
        (Failure("ErrorInternalServerTransientError"), Unreachable, 10.0),
        (Failure("ErrorMailboxStoreUnavailable"), Unreachable, None),
        (Failure("ErrorAccessDenied"), AccessLost, None),
        (Failure("ErrorInvalidSyncStateData"), CursorLost, None),
        (Failure("ErrorItemNotFound"), BadAnswer, None),
        (Failure(status=401), AccessLost, None),
        (Failure(status=403), AccessLost, None),
        (Failure(status=503), Unreachable, None),
        (Failure(status=302), BadAnswer, None),
        (Failure(status=404), BadAnswer, None),
    ],
)
async def test_what_a_refusal_means(server, failure, error, wait):
    access = access_to(server)
    primary = (await ADAPTER.calendars(access))[0]
    server.asked.clear()
    server.failures.append(failure)
    with pytest.raises(error) as refused:
        await ADAPTER.changes(access, primary, WINDOW, "")
    assert getattr(refused.value, "retry_after", None) == wait
    assert server.asked == ["SyncFolderItems"]  # nothing is tried again behind our back


async def test_a_wrong_password_is_refused_and_nothing_of_it_kept_or_told(server, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AccessLost) as refused:
        await ADAPTER.calendars(access_to(server, password="fel-lösenord"))
    await events_of(access_to(server))
    mailbox_of(server).add("Hemligt", local("2026-11-23 10:00"), local("2026-11-23 11:00"))
    await events_of(access_to(server))
    told = caplog.text + repr(refused.value) + repr(CachingProtocol._protocol_cache)
    for secret in ("lösenord", "Hemligt", ASTRID, PASSWORD):
        assert secret not in told


async def test_a_server_that_is_gone_and_one_that_is_something_else(server):
    with pytest.raises(Unreachable):
        await ADAPTER.calendars(access_to(server, address="http://127.0.0.1:1/EWS/Exchange.asmx"))
    elsewhere = server.url.replace("Exchange.asmx", "annat")
    with pytest.raises(BadAnswer):
        await ADAPTER.calendars(access_to(server, address=elsewhere))


async def test_private_networks_are_refused_unless_the_operator_lets_us(server):
    with pytest.raises(Forbidden):
        await Exchange(Network()).calendars(access_to(server))


async def test_a_certificate_is_trusted_when_its_authority_is(tmp_path):
    authority = make_authority(tmp_path / "pki")
    async with exchange_of(authority) as server:
        trusting = Exchange(Network(private=True, ca_file=authority.ca_file))
        assert await trusting.calendars(access_to(server))
        with pytest.raises(Unreachable, match="certificate"):
            await ADAPTER.calendars(access_to(server))


async def test_a_server_that_wants_ntlm_is_signed_in_to_that_way(tmp_path, monkeypatch):
    users = tmp_path / "users"
    users.write_text(f"FABRIKEN:birger:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    authority = make_authority(tmp_path / "pki")
    async with exchange_of(authority) as server:
        server.ntlm = True
        adapter = Exchange(Network(private=True, ca_file=authority.ca_file))
        access = access_to(server, BIRGER)
        assert [each.name for each in await adapter.calendars(access)] == ["Kalender"]
        assert access.credentials["found"]["sign"] == "ntlm"
        assert await adapter.auto_reply(access) is None
        with pytest.raises(AccessLost):
            await adapter.calendars(access_to(server, BIRGER, password="fel"))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("mail.example.com", "https://mail.example.com/EWS/Exchange.asmx"),
        (" https://mail.example.com/ ", "https://mail.example.com/EWS/Exchange.asmx"),
        ("https://mail.example.com:8443", "https://mail.example.com:8443/EWS/Exchange.asmx"),
        ("https://example.com/ews/exchange.asmx", "https://example.com/ews/exchange.asmx"),
    ],
)
def test_the_name_of_a_server_is_enough(typed, asked):
    assert endpoint_of(typed) == asked


@pytest.mark.parametrize(
    "typed", ["", "ftp://example.com", "astrid@example.com", "https://a:b@example.com/"]
)
def test_what_is_no_address_of_a_server_is_refused(typed):
    with pytest.raises(BadAnswer):
        endpoint_of(typed)

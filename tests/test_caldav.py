"""Calendars and contacts of a real CalDAV server, and of servers that can less or fail."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from integrations import dav_discovery, safe_http
from integrations.caldav import CalDav
from integrations.contract import (
    Access,
    AccessLost,
    BadAnswer,
    Calendar,
    Changes,
    CursorLost,
    Unreachable,
    Window,
)
from integrations.safe_http import Forbidden, Network
from server.embedded import radicale as embedded
from tests.feeds import calendar, event
from tests.radicale import Between, Radicale, between, radicale_at

NETWORK = Network(private=True)
WINDOW = Window(start=datetime(2026, 11, 20, tzinfo=UTC), end=datetime(2026, 12, 5, tzinfo=UTC))
VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\n"
    "ORG:Provbolaget;Ekonomi\r\nTITLE:Ekonomichef\r\nTEL;TYPE=WORK,VOICE:031-390 06 01\r\n"
    "TEL;TYPE=CELL:070-174 06 51\r\nTEL;TYPE=FAX:031-390 06 02\r\n"
    "EMAIL:cecilia@example.org\r\nEND:VCARD\r\n"
)


@pytest.fixture(scope="module")
async def server(tmp_path_factory) -> AsyncIterator[Radicale]:
    async with radicale_at(Path(tmp_path_factory.mktemp("radicale"))) as found:
        yield found


@pytest.fixture
async def other(server) -> AsyncIterator[Between]:
    async with between(server.url) as found:
        yield found


@pytest.fixture
def provider() -> CalDav:
    return CalDav(NETWORK, lambda _name, _kind: [])


def meeting(uid: str, *more: str, day: str = "23") -> str:
    return calendar(event(uid, f"202611{day}T090000", f"202611{day}T100000", *more))


async def first(provider: CalDav, access: Access) -> tuple[Calendar, Changes]:
    """The account's calendar, and all that is in it."""
    found, *_others = await provider.calendars(access)
    return found, await provider.changes(access, found, WINDOW, "")


def uids(changes: Changes) -> list[str]:
    return sorted(each.uid for each in changes.events)


# Finding what there is


@pytest.mark.parametrize("path", ["", "{user}/", "{user}/kalender/", ".well-known/caldav"])
async def test_calendars_are_found_from_any_address_of_the_server(server, provider, path):
    anna = server.person()
    await provider.calendars(anna.access)

    found = await provider.calendars(anna.at(anna.url + path.format(user=anna.user)))

    assert [(each.name, each.primary, each.own) for each in found] == [("Kalender", True, True)]
    assert found[0].colour == "#2f6fdf"


async def test_a_second_calendar_is_listed_and_an_address_book_is_none(server, provider):
    anna = server.person()
    await provider.calendars(anna.access)
    await anna.calendar("projekt")

    found = await provider.calendars(anna.access)

    assert {each.name for each in found} == {"Kalender", "projekt"}
    assert [each.primary for each in found].count(True) == 1


async def test_what_was_found_out_is_kept_so_that_it_is_not_asked_again(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    asked = len(other.heard)

    await provider.calendars(account.access)

    assert account.kept["password"] == anna.password
    assert account.kept["found"]["scheme"] == "basic"
    assert len(other.heard) - asked == 1
    assert other.heard[-1][2]  # the password is shown at once


async def test_a_server_that_arranged_itself_anew_is_asked_anew(server, provider):
    anna = server.person()
    await provider.calendars(anna.access)
    anna.kept["found"]["calendars"] = f"{anna.url}{anna.user}/gone/"

    assert len(await provider.calendars(anna.access)) == 1
    assert anna.kept["found"]["calendars"].endswith("example.com/")


def test_a_domain_says_where_its_calendars_are():
    def lookup(name: str, kind: str) -> list[str]:
        assert name == "_caldavs._tcp.example.com"
        told = {
            "SRV": ["20 0 443 second.example.com.", "10 0 8443 first.example.com."],
            "TXT": ['"path=/dav"'],
        }
        return told[kind]

    found = list(dav_discovery.candidates("anna@example.com", "caldav", lookup))

    assert found[:3] == [
        "https://first.example.com:8443/dav",
        "https://first.example.com:8443/.well-known/caldav",
        "https://second.example.com:443/dav",
    ]
    assert found[-2:] == ["https://example.com/.well-known/caldav", "https://example.com/"]


async def test_a_redirect_is_followed_with_the_same_question(server, provider, other):
    anna = server.person()

    async def well_known(request):
        if request.path in ("/", "/.well-known/caldav"):
            raise web.HTTPFound(f"/{anna.user}/")

    other.hear = well_known
    found = await provider.calendars(anna.at(other.url))

    assert [each.name for each in found] == ["Kalender"]
    assert {method for method, _path, _signed in other.heard} == {"PROPFIND"}


async def test_a_password_does_not_follow_to_another_host_in_the_clear(server, provider, other):
    anna = server.person()

    async def away(_request):
        raise web.HTTPFound(f"http://localhost:{other.url.split(':')[2]}")

    other.hear = away
    with pytest.raises(BadAnswer):
        await provider.calendars(anna.at(other.url))
    assert not any(signed for _method, _path, signed in other.heard)


async def test_a_server_on_the_inside_is_reached_only_if_it_is_ours(server, other):
    anna = server.person()
    ours = CalDav(Network(allowed=frozenset({server.url.rstrip("/")})), lambda *_asked: [])

    assert await ours.calendars(anna.access)
    with pytest.raises(Forbidden):
        await ours.calendars(anna.at(other.url))
    assert not other.heard


async def test_a_server_that_tells_strangers_something_is_shown_the_password(
    server, provider, other
):
    anna = server.person()
    stranger = (
        '<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop>'
        "<current-user-principal><unauthenticated/></current-user-principal>"
        "</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
    )

    async def greet(request):
        if "Authorization" in request.headers:
            return None
        return web.Response(status=207, text=stranger, content_type="text/xml")

    other.hear = greet
    assert await provider.calendars(anna.at(other.url))


async def test_a_server_that_wants_a_digest_is_not_given_the_password(server, provider, other):
    anna = server.person()

    async def ask(request):
        if request.headers.get("Authorization", "").startswith("Digest"):
            return web.Response(status=503)
        wanted = 'Digest realm="x", nonce="n", qop="auth", algorithm=SHA-256, Basic realm="x"'
        return web.Response(status=401, headers={"WWW-Authenticate": wanted})

    other.hear = ask
    with pytest.raises(Unreachable):
        await provider.calendars(anna.at(other.url))


async def test_nothing_like_calendars_is_told_as_such(provider):
    async with between("http://127.0.0.1:9/") as page:

        async def html(_request):
            return web.Response(text="<html>Hej</html>", content_type="text/html")

        page.hear = html
        with pytest.raises(BadAnswer, match="no_calendars"):
            await provider.calendars(
                Access({"address": page.url, "username": "anna", "password": "x"})
            )


# What changed


async def test_objects_come_change_and_go_by_sync_token(server, provider):
    anna = server.person()
    await provider.calendars(anna.access)
    await anna.put("a.ics", meeting("a"))
    here, start = await first(provider, anna.access)
    await anna.put("b.ics", meeting("b"))
    await anna.put("a.ics", meeting("a", day="24"))

    changed = await provider.changes(anna.access, here, WINDOW, start.cursor)
    quiet = await provider.changes(anna.access, here, WINDOW, changed.cursor)
    await anna.delete("a.ics")
    gone = await provider.changes(anna.access, here, WINDOW, quiet.cursor)

    assert (uids(start), start.full) == (["a"], True)
    assert (uids(changed), changed.full) == (["a", "b"], False)
    assert {each.start.day for each in changed.events if each.start} == {23, 24}
    assert (quiet.events, quiet.series, quiet.cursor) == ((), (), changed.cursor)
    assert (gone.events, gone.series) == ((), (f"/{anna.user}/kalender/a.ics",))


async def test_a_series_is_told_anew_as_a_whole(server, provider):
    anna = server.person()
    await provider.calendars(anna.access)
    await anna.put("s.ics", meeting("s", "RRULE:FREQ=DAILY;COUNT=3"))
    here, start = await first(provider, anna.access)
    await anna.put(
        "s.ics",
        meeting("s", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Stockholm:20261124T090000"),
    )

    changed = await provider.changes(anna.access, here, WINDOW, start.cursor)

    assert len(start.events) == 3
    assert len(changed.events) == 2
    assert changed.series == (f"/{anna.user}/kalender/s.ics",)
    assert {each.ref for each in changed.events} < {each.ref for each in start.events}
    assert {each.series for each in start.events} == {*changed.series}


async def test_a_change_while_everything_is_read_is_told_the_next_time(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    done: list[bool] = []

    async def meanwhile(request):
        if b"calendar-query" in await request.read() and not done:
            done.append(True)
            answer = await other.pass_on(request)
            await anna.put("late.ics", meeting("late"))
            return answer
        return None

    other.hear = meanwhile
    here, start = await first(provider, account.access)
    other.hear = None

    assert not start.events
    assert uids(await provider.changes(account.access, here, WINDOW, start.cursor)) == ["late"]


@pytest.mark.parametrize("status", [403, 410, 418, 507])
async def test_a_token_that_the_server_has_forgotten_is_lost(server, provider, other, status):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    await anna.put("a.ics", meeting("a"))
    here, start = await first(provider, account.access)

    async def refuse(request):
        if b"sync-collection" not in await request.read():
            return None
        error = '<error xmlns="DAV:"><valid-sync-token/></error>' if status == 403 else ""
        return web.Response(status=status, text=error, content_type="text/xml")

    other.hear = refuse
    with pytest.raises(CursorLost):
        await provider.changes(account.access, here, WINDOW, start.cursor)
    again = await provider.changes(account.access, here, WINDOW, "")
    assert uids(again) == ["a"]
    assert "etags" in again.cursor  # this server cannot: compared from now on


async def test_radicale_itself_refuses_a_token_that_it_never_gave(server, provider):
    anna = server.person()
    here, _start = await first(provider, anna.access)
    token = '{"token": "http://radicale.org/ns/sync/' + "0" * 64 + '"}'

    with pytest.raises(CursorLost):
        await provider.changes(anna.access, here, WINDOW, token)


async def test_a_server_without_sync_is_compared_by_ctag_and_etags(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    await anna.put("a.ics", meeting("a"))
    await anna.put("b.ics", meeting("b"))
    other.edit = lambda text: text.replace("sync-token", "no-token")
    here, start = await first(provider, account.access)
    asked = len(other.heard)

    quiet = await provider.changes(account.access, here, WINDOW, start.cursor)
    assert (len(other.heard) - asked, quiet.series) == (1, ())

    await anna.put("a.ics", meeting("a", day="25"))
    await anna.delete("b.ics")
    changed = await provider.changes(account.access, here, WINDOW, quiet.cursor)
    assert [each.start.day for each in changed.events if each.start] == [25]
    assert {path.rpartition("/")[2] for path in changed.series} == {"a.ics", "b.ics"}


async def test_a_server_that_cannot_search_gives_everything(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    await anna.put("a.ics", meeting("a"))

    async def refuse(request):
        if b"calendar-query" in await request.read():
            return web.Response(status=501)
        return None

    other.hear = refuse
    _here, start = await first(provider, account.access)
    assert uids(start) == ["a"]


async def test_a_search_that_the_server_finds_too_wide_is_no_lost_access(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    await anna.put("a.ics", meeting("a"))

    async def refuse(request):
        if b"calendar-query" not in await request.read():
            return None
        error = '<error xmlns="DAV:"><number-of-matches-within-limits/></error>'
        return web.Response(status=403, text=error, content_type="text/xml")

    other.hear = refuse
    _here, start = await first(provider, account.access)
    assert uids(start) == ["a"]


async def test_what_is_too_large_together_is_read_bit_by_bit(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    for name in "abc":
        await anna.put(f"{name}.ics", meeting(name))
    filling = "x" * (safe_http.LARGEST // 2)
    other.edit = lambda text: text.replace("SUMMARY:", f"COMMENT:{filling}&#13;\nSUMMARY:")

    _here, start = await first(provider, account.access)

    # Each comes alone; one of that size is more than a calendar that we read.
    assert [why for _path, why in start.faulty] == ["too_large"] * 3


async def test_one_bad_object_harms_no_other(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    await anna.put("a.ics", meeting("a"))
    await anna.put("b.ics", meeting("b", "RRULE:FREQ=DAILY"))
    other.edit = lambda text: text.replace("RRULE:FREQ=DAILY", "RRULE:FREQ=SECONDLY")

    _here, start = await first(provider, account.access)

    assert uids(start) == ["a"]
    assert start.faulty == ((f"/{anna.user}/kalender/b.ics", "too_frequent"),)


async def test_what_is_outside_the_window_is_not_told_but_replaced(server, provider):
    anna = server.person()
    await provider.calendars(anna.access)
    await anna.put("a.ics", meeting("a"))
    here, start = await first(provider, anna.access)
    await anna.put("a.ics", calendar(event("a", "20270301T090000", "20270301T100000")))

    changed = await provider.changes(anna.access, here, WINDOW, start.cursor)

    assert (changed.events, changed.series) == ((), (start.events[0].series,))


async def test_a_floating_time_is_in_the_calendars_own_zone(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    floating = event("a", "20261123T090000", "20261123T100000", zone="")
    await anna.put("a.ics", calendar(floating))

    def in_helsinki(text: str) -> str:
        zone = "BEGIN:VCALENDAR&#10;BEGIN:VTIMEZONE&#10;TZID:Europe/Helsinki&#10;END:VTIMEZONE"
        told = f"<C:calendar-timezone>{zone}</C:calendar-timezone>"
        return re.sub(r"<C:calendar-timezone ?/>", told, text).replace("404 Not Found", "200 OK")

    other.edit = in_helsinki
    here, start = await first(provider, account.access)
    await anna.put("b.ics", calendar(floating.replace("UID:a", "UID:b")))
    changed = await provider.changes(account.access, here, WINDOW, start.cursor)

    for told in (start, changed):
        assert [each.start for each in told.events] == [datetime(2026, 11, 23, 7, tzinfo=UTC)]


async def test_ones_own_answer_is_found_by_ones_addresses(server, provider):
    anna = server.person("anna.me@example.com")
    await provider.calendars(anna.access)
    await anna.put(
        "a.ics",
        meeting(
            "a",
            "ORGANIZER:mailto:boss@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:boss@example.com",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:Anna.Me@example.com",
        ),
    )

    _here, start = await first(provider, anna.access)

    assert [each.response for each in start.events] == ["declined"]


# Failures


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, Unreachable), (500, Unreachable), (503, Unreachable), (403, AccessLost)],
)
async def test_what_a_status_means(server, provider, other, status, error):
    anna = server.person()
    account = replace(anna, url=other.url)
    here, start = await first(provider, account.access)

    async def fail(_request):
        return web.Response(status=status, headers={"Retry-After": "7"})

    other.hear = fail
    with pytest.raises(error) as failure:
        await provider.changes(account.access, here, WINDOW, start.cursor)
    if error is Unreachable:
        assert failure.value.retry_after == 7


async def test_a_wrong_password_is_access_lost_at_once_and_after_a_change(server, provider):
    anna = server.person()
    here, start = await first(provider, anna.access)

    with pytest.raises(AccessLost):
        await provider.calendars(anna.at(anna.url, password="fel"))
    wrong = Access({**anna.kept, "password": "fel"})
    with pytest.raises(AccessLost):
        await provider.changes(wrong, here, WINDOW, start.cursor)


async def test_a_server_that_is_away_or_hangs_up_is_unreachable(server, provider, other):
    anna = server.person()

    async def hang_up(request):
        request.transport.abort()
        return web.Response()

    other.hear = hang_up
    with pytest.raises(Unreachable):
        await provider.calendars(anna.at(other.url))
    with pytest.raises(Unreachable):
        await provider.calendars(anna.at("http://127.0.0.1:9/"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:">&a;</multistatus>',
    ],
)
async def test_what_is_no_answer_is_a_bad_one(server, provider, other, text):
    anna = server.person()
    account = replace(anna, url=other.url)
    here, start = await first(provider, account.access)

    async def nonsense(_request):
        return web.Response(status=207, text=text, content_type="text/xml")

    other.hear = nonsense
    with pytest.raises(BadAnswer):
        await provider.changes(account.access, here, WINDOW, start.cursor)


async def test_nothing_of_a_calendar_or_a_password_is_logged(server, provider, other, caplog):
    anna = server.person()
    caplog.set_level("DEBUG")
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)
    await anna.put("a.ics", meeting("hemligt"))
    here, _start = await first(provider, account.access)
    other.edit = lambda _text: "hemligt " + anna.password
    with pytest.raises(BadAnswer):
        await provider.changes(account.access, here, WINDOW, "")

    ours = [each for each in caplog.records if not each.name.startswith("aiohttp")]
    assert not [each for each in ours if "hemligt" in each.getMessage()]
    assert anna.password not in caplog.text
    assert "hemligt" not in repr(account.access)


# Contacts


async def pages(provider: CalDav, access: Access, cursor: str) -> list[Any]:
    return [page async for page in provider.people(access, cursor)]


async def test_contacts_come_change_and_go(server, provider):
    anna = server.person()
    await provider.calendars(anna.access)
    await anna.put("c.vcf", VCARD.format(uid="c", name="Cecilia Björk"), embedded.BOOK)

    (start,) = await pages(provider, anna.access, "")
    (cecilia,) = start.people
    assert (cecilia.name, cecilia.company, cecilia.department, cecilia.title) == (
        *("Cecilia Björk", "Provbolaget", "Ekonomi", "Ekonomichef"),
    )
    assert cecilia.phones == (("work", "031-390 06 01"), ("mobile", "070-174 06 51"))
    assert cecilia.emails == ("cecilia@example.org",)
    assert start.full

    await anna.put("b.vcf", VCARD.format(uid="b", name="Basse Lind"), embedded.BOOK)
    (changed,) = await pages(provider, anna.access, start.cursor)
    assert ([each.name for each in changed.people], changed.full) == (["Basse Lind"], False)

    await anna.delete("c.vcf", embedded.BOOK)
    (gone,) = await pages(provider, anna.access, changed.cursor)
    assert gone.removed == (cecilia.ref,)


async def test_contacts_without_sync_are_compared(server, provider, other):
    anna = server.person()
    account = replace(anna, url=other.url)
    await provider.calendars(account.access)

    async def refuse(request):
        if b"sync-collection" in await request.read():
            return web.Response(status=418)
        return None

    other.hear = refuse
    await anna.put("c.vcf", VCARD.format(uid="c", name="Cecilia"), embedded.BOOK)
    (start,) = await pages(provider, account.access, "")
    (quiet,) = await pages(provider, account.access, start.cursor)
    await anna.delete("c.vcf", embedded.BOOK)
    (gone,) = await pages(provider, account.access, quiet.cursor)

    assert (len(start.people), len(quiet.people), len(gone.removed)) == (1, 0, 1)


async def test_contacts_are_lost_when_the_token_is(server, provider):
    anna = server.person()
    (start,) = await pages(provider, anna.access, "")
    stale = start.cursor.replace("/sync/", "/sync/0")
    with pytest.raises(CursorLost):
        await pages(provider, anna.access, stale)

"""Contacts of connected accounts: in their owner's book, once, read-only, and gone when they go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest

from integrations.contract import Access, AccessLost, CursorLost, People, Person
from server.domain.accounts import admin
from server.domain.calendars import attending, connections, people
from server.domain.contacts import contacts, favourites, search
from server.domain.events import Fact
from server.domain.jobs import Job
from server.http import outputs_contacts
from storage.calendars import Mailbox
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import run_server
from tests.engine import Engine, Scripted, open_engine

MOBILE, OTHER, WORK = "070-174 06 05", "070-174 06 06", "08-465 004 10"
ANNA = Person(
    ref="anna",
    name="Anna Berg",
    title="Inköpare",
    company="Bergs Bygg",
    phones=(("mobile", MOBILE),),
    emails=("anna@example.net",),
    link="https://contacts.example.com/anna",
)
OLLE = Person(ref="olle", name="Olle Ek", phones=(("work", WORK),))


@dataclass
class Book(Scripted):
    """A provider with contacts: rounds of pages are told one after the other."""

    has_people: bool = True
    rounds: list[list[People]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refusal: Exception | None = None
    meanwhile: Callable[[], Any] | None = None

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        self.asked.append(cursor)
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        if self.meanwhile is not None:
            await self.meanwhile()
        for page in self.rounds.pop(0) if self.rounds else [People(cursor=cursor)]:
            yield page


def told(*persons: Person, cursor: str = "1", removed: tuple[str, ...] = ()) -> People:
    return People(people=persons, removed=removed, full=not removed, cursor=cursor)


def since(*persons: Person, cursor: str = "2", removed: tuple[str, ...] = ()) -> People:
    return People(people=persons, removed=removed, cursor=cursor)


@dataclass
class Office:
    engine: Engine
    cast: dict[str, Any]
    google: Book
    microsoft: Book

    async def connect(self, who: str, provider: str = "google") -> Mailbox:
        return await self.engine.connect(self.cast[who], provider, contacts=True)

    async def sync(self, mailbox: Mailbox, book: Book, *rounds: list[People]) -> None:
        book.rounds += rounds
        await people.sync_people(self.engine.app, mailbox.id)

    async def names(self, who: str = "birger") -> list[str]:
        found, _ = await contacts.page(self.engine.app, self.cast[who], "personal", None, None, 100)
        return [each["name"] for each in found]

    async def book(self, who: str = "birger") -> list[dict[str, Any]]:
        found, _ = await contacts.page(self.engine.app, self.cast[who], "personal", None, None, 100)
        return found

    async def find(self, query: str, who: str = "birger") -> list[dict[str, Any]]:
        return await search.find(self.engine.app, self.cast[who], query, 20)

    async def rows(self) -> int:
        return await self.engine.app.stores.database["contacts"].count_documents({})


@asynccontextmanager
async def opened(settings: Any) -> AsyncIterator[Office]:
    google, microsoft = Book(), Book()
    async with open_engine(settings, {"google": google, "microsoft": microsoft}) as engine:
        yield Office(engine, await make_company(engine.app), google, microsoft)


@pytest.fixture
async def office(settings):
    async with opened(settings) as found:
        yield found


async def test_contacts_come_into_their_owners_book_alone_and_tell_where_they_are_changed(office):
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(ANNA, cursor=""), told(OLLE)])

    anna, olle = await office.book()
    assert (anna["name"], olle["name"]) == ("Anna Berg", "Olle Ek")
    assert msgspec.to_builtins(msgspec.convert(anna, outputs_contacts.Contact)) == anna
    assert anna["scope"] == "personal"
    assert anna["phones"] == [{"kind": "mobile", "number": MOBILE, "e164": "+46701740605"}]
    assert (anna["source"], anna["link"], anna["read_only"]) == ("google", ANNA.link, True)
    assert anna["sources"] == [{"provider": "google", "link": ANNA.link, "read_only": True}]
    assert await office.names("rebecka") == []
    assert (
        Fact.CONTACTS_CHANGED,
        {"scope": "personal"},
        (f"user:{office.cast['birger'].id}",),
    ) in (office.engine.told.facts)


async def test_changes_and_removals_follow_and_nobody_is_told_when_there_are_none(office):
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(ANNA, OLLE)])
    before = [each["id"] for each in await office.book()]
    moved = replace(ANNA, name="Anna Berg Ek", phones=(("mobile", OTHER),))
    await office.sync(mailbox, office.google, [since(moved, removed=("olle",))])
    assert office.google.asked == ["", "1"]
    [anna] = await office.book()
    assert anna["id"] == before[0]  # what was decided about her lasts
    assert anna["phones"][0]["e164"] == "+46701740606"
    assert [each["id"] for each in await office.find("0606")] == [anna["id"]]
    assert await office.find("olle ek") == []

    count = len(office.engine.told.facts)
    await office.sync(mailbox, office.google, [since(moved)], [since(cursor="3")])
    await office.sync(mailbox, office.google)
    assert len(office.engine.told.facts) == count


async def test_when_the_cursor_is_lost_everything_is_read_and_what_is_not_told_goes(office):
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(ANNA, OLLE)])
    office.google.refusal = CursorLost()
    await office.sync(mailbox, office.google, [told(OLLE, cursor="9")])
    assert office.google.asked == ["", "1", ""]
    assert await office.names() == ["Olle Ek"]


async def test_a_round_that_was_not_told_to_its_end_takes_nobody_away_and_begins_again(office):
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(ANNA, OLLE)])
    await office.engine.app.stores.cursors.forget("example.com", mailbox.id, "people")
    await office.sync(mailbox, office.google, [told(OLLE, cursor="")])  # the last page is missing
    assert await office.names() == ["Anna Berg", "Olle Ek"]
    await office.sync(mailbox, office.google, [told(OLLE)])
    assert await office.names() == ["Olle Ek"]


async def test_telling_twice_and_at_once_keeps_one(office):
    mailbox = await office.connect("birger")
    office.google.rounds = [[told(ANNA, OLLE)] for _ in range(3)]
    app = office.engine.app
    await asyncio.gather(*(people.sync_people(app, mailbox.id) for _ in range(3)))
    assert await office.rows() == 2


async def test_what_cannot_be_kept_is_left_out_and_the_rest_comes(office):
    odd = Person(
        ref="odd",
        name="  Å\u0000s\u202ea  " + "x" * 300,
        phones=(("mobile", "ring mig"), ("mobile", MOBILE), ("work", MOBILE), ("other", "")),
        emails=("not an address", "ASA@example.net", "asa@example.net"),
        note="rad 1\n\x07rad 2",
        link="javascript:alert(1)",
    )
    nobody, only_number = Person(ref="nobody"), Person(ref="n", phones=(("work", WORK),))
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(odd, nobody, only_number)])
    number, asa = await office.book()
    assert number["name"] == WORK
    assert len(asa["name"]) == 120
    assert [each["e164"] for each in asa["phones"]] == ["+46701740605"]
    assert asa["emails"] == ["asa@example.net"]
    assert asa["note"] == "rad 1\nrad 2"
    assert asa["link"] == ""


async def test_who_several_sources_tell_of_is_one_and_no_source_is_lost(office):
    app, birger = office.engine.app, office.cast["birger"]
    first, second = await office.connect("birger"), await office.connect("birger", "microsoft")
    twin = Person(
        ref="m1",
        name="Berg, Anna",
        department="Inköp",
        phones=(("work", WORK), ("mobile", "+46 70 174 06 05")),
        link="https://outlook.example.com/anna",
    )
    await office.sync(first, office.google, [told(ANNA, OLLE)])
    await office.sync(second, office.microsoft, [told(twin)])
    own = await contacts.add(
        app, birger, "personal", {"name": "Anna", "emails": ["anna@example.net"], "note": "Ring"}
    )

    anna, olle = await office.book()
    assert olle["name"] == "Olle Ek"
    assert (anna["id"], anna["read_only"]) == (own["id"], False)  # what is one's own comes first
    assert anna["sources"][0] == {"provider": "manual", "link": "", "read_only": False}
    assert {each["provider"] for each in anna["sources"]} == {"manual", "google", "microsoft"}
    assert {each["e164"] for each in anna["phones"]} == {"+46701740605", "+46846500410"}
    assert (anna["title"], anna["department"], anna["note"]) == ("Inköpare", "Inköp", "Ring")
    assert await office.rows() == 4
    for query in ("Anna", "Berg", "0605", "08-465 004 10", "anna@example.net", "inköp"):
        found = [each["id"] for each in await office.find(query)]
        assert found.count(own["id"]) == 1, query
        assert len([each for each in found if each != olle["id"]]) == 1, query

    await contacts.remove(app, birger, own["id"])
    [anna, _olle] = await office.book()
    assert anna["read_only"]
    assert {each["provider"] for each in anna["sources"]} == {"google", "microsoft"}


async def test_colleagues_who_share_a_switchboard_or_an_address_stay_apart(office):
    mailbox = await office.connect("birger")
    some = [
        Person(
            ref=str(number),
            name=name,
            phones=(("work", WORK),),
            emails=("info@example.net",),
        )
        for number, name in enumerate(("Anna Berg", "Anna Ek", "Olle Berg"))
    ]
    await office.sync(mailbox, office.google, [told(*some)])
    assert await office.names() == ["Anna Berg", "Anna Ek", "Olle Berg"]


async def test_pages_show_each_once_however_the_pages_are_cut(office):
    first, second = await office.connect("birger"), await office.connect("birger", "microsoft")
    some = [
        Person(ref=f"{number}", name=f"{letter} Person", emails=(f"p{number}@example.net",))
        for number, letter in enumerate("ABCDEFGHIJ")
    ]
    turned = [replace(each, name=" ".join(each.name.split()[::-1])) for each in some]
    await office.sync(first, office.google, [told(*some)])
    await office.sync(second, office.microsoft, [told(*turned)])
    app, birger = office.engine.app, office.cast["birger"]
    for limit in (1, 3, 7, 10, 20):
        seen: list[str] = []
        cursor = None
        while True:
            found, cursor = await contacts.page(app, birger, None, None, cursor, limit)
            seen += [each["id"] for each in found]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 10, limit


async def test_two_that_somebody_wrote_by_hand_stay_two(office):
    app, birger = office.engine.app, office.cast["birger"]
    for _ in range(2):
        await contacts.add(app, birger, "personal", {"name": "Anna", "emails": ["a@example.net"]})
    assert await office.names() == ["Anna", "Anna"]


async def test_vip_counts_for_every_number_that_any_source_knows(office):
    app, birger = office.engine.app, office.cast["birger"]
    first = await office.connect("birger")
    await office.sync(first, office.google, [told(ANNA)])
    [anna] = await office.book()
    await favourites.mark_contact(app, birger, anna["id"], vip=True)
    assert set((await favourites.caller_rules(app, birger)).vip) == {"+46701740605"}

    second = await office.connect("birger", "microsoft")
    twin = replace(ANNA, ref="m", phones=(("work", WORK),))
    await office.sync(second, office.microsoft, [told(twin)])
    assert set((await favourites.caller_rules(app, birger)).vip) == {
        "+46701740605",
        "+46846500410",
    }
    [anna] = await office.book()
    assert anna["favourite"] == {"star": False, "vip": True, "blocked": False}

    await connections.end(app, (await app.stores.connections.of_user("example.com", birger.id))[1])
    assert set((await favourites.caller_rules(app, birger)).vip) == {"+46701740605"}


async def test_disconnecting_takes_the_contacts_and_what_was_decided_about_them(office):
    app, birger = office.engine.app, office.cast["birger"]
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(ANNA, OLLE)])
    [anna, _olle] = await office.book()
    await favourites.mark_contact(app, birger, anna["id"], blocked=True)
    own = await contacts.add(app, birger, "personal", {"name": "Egen"})

    await connections.disconnect(app, birger, mailbox.connection_id)

    assert [each["id"] for each in await office.book()] == [own["id"]]
    assert await favourites.listing(app, birger) == []
    assert (await favourites.caller_rules(app, birger)).blocked == frozenset()
    await people.sync_people(app, mailbox.id)  # a job that was late
    assert await office.rows() == 1


async def test_contacts_that_are_no_longer_wanted_go_and_come_back(office):
    app, birger = office.engine.app, office.cast["birger"]
    mailbox = await office.connect("birger")
    await office.sync(mailbox, office.google, [told(ANNA)])
    await connections.choose(app, birger, mailbox.connection_id, None, contacts=False)
    assert await office.names() == []
    await office.sync(mailbox, office.google, [told(ANNA)])
    assert await office.names() == []
    await connections.choose(app, birger, mailbox.connection_id, None, contacts=True)
    office.google.rounds.clear()
    await office.sync(mailbox, office.google, [told(ANNA)])
    assert await office.names() == ["Anna Berg"]
    assert office.google.asked == ["", ""]  # from the beginning


async def test_who_refuses_contacts_still_tells_of_calendars(office):
    mailbox = await office.connect("birger")
    office.google.refusal = AccessLost()
    await office.sync(mailbox, office.google)
    assert (await office.engine.mailbox(mailbox.id)).status == "new"


async def test_of_a_companys_grant_each_has_their_own_contacts(office):
    engine, cast = office.engine, office.cast
    first = await engine.connect(cast["birger"], "google", company=True, contacts=True)
    second = await engine.connect(
        cast["rebecka"], "google", company=True, contacts=True, connection_id=first.connection_id
    )
    await office.sync(first, office.google, [told(ANNA)])
    await office.sync(second, office.google, [told(OLLE)])
    assert await office.names("birger") == ["Anna Berg"]
    assert await office.names("rebecka") == ["Olle Ek"]
    await admin.shut_out(engine.app, None, cast["rebecka"])
    await attending.attend(engine.app, "example.com")
    rebecka = await engine.mailbox(second.id)
    assert (rebecka.status, rebecka.trouble) == ("lost", "blocked")
    assert (await engine.mailbox(first.id)).status == "new"


async def test_synced_contacts_are_changed_elsewhere_and_exported_once(settings):
    async with opened(settings) as office, run_server(settings) as live:
        mailbox = await office.connect("birger")
        other = await office.connect("birger", "microsoft")
        await office.sync(mailbox, office.google, [told(ANNA)])
        await office.sync(other, office.microsoft, [told(replace(ANNA, ref="m"))])
        [anna] = await office.book()
        async with calling(live.url) as http:
            birger = Caller(http, live.url, await make_token(live.app, office.cast["birger"]))
            path = f"/api/contacts/{anna['id']}"
            assert (await birger.get(path)).data == anna
            for refused in (await birger.patch(path, {"title": "x"}), await birger.delete(path)):
                assert refused.status == 403
                assert "ändras där den kommer ifrån" in refused.data["detail"]
            for kind in ("csv", "vcard"):
                query = {"scope": "personal", "format": kind}
                exported = await birger.get("/api/contacts/export", params=query)
                assert exported.data.decode().count("anna@example.net") == 1
            rebecka = Caller(http, live.url, await make_token(live.app, office.cast["rebecka"]))
            assert (await rebecka.get(path)).status == 404
            assert (await rebecka.patch(path, {"title": "x"})).status == 404


async def test_thousands_come_in_pages_and_stay_findable(office):
    mailbox = await office.connect("birger")
    pages = [
        People(
            people=tuple(
                Person(ref=f"{start + n}", name=f"Kontakt Nummer{start + n}") for n in range(500)
            ),
            full=True,
            cursor="1" if start == 1500 else "",
        )
        for start in range(0, 2000, 500)
    ]
    await office.sync(mailbox, office.google, pages)
    assert await office.rows() == 2000
    assert [each["name"] for each in await office.find("nummer1234")] == ["Kontakt Nummer1234"]
    await office.sync(mailbox, office.google, [since(removed=tuple(map(str, range(1999))))])
    assert await office.names() == ["Kontakt Nummer1999"]


async def test_who_was_told_of_a_meeting_while_contacts_were_read_is_synced_then(office):
    engine = office.engine
    mailbox = await office.connect("birger")

    async def page():
        await engine.app.sync_queue.mark(mailbox.id, engine.app.now())
        await engine.sync_now(mailbox)  # finds the mailbox taken
        assert (await engine.mailbox(mailbox.id)).synced_at is None

    office.google.meanwhile = page
    await office.sync(mailbox, office.google, [told(ANNA)])
    assert engine.handed.named(Job.CALENDAR_SYNC) == [{"mailbox_id": mailbox.id}]
    await engine.drain()
    assert (await engine.mailbox(mailbox.id)).synced_at is not None

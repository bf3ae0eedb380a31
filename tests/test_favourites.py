"""Favourites: stars, who rings through, and who never does."""

from __future__ import annotations

import asyncio

import pytest

from server.domain.contacts.favourites import CallerRules, caller_rules
from storage.telephony import CompanyNumber
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.clients import connected

ANNA = {
    "scope": "personal",
    "name": "Anna",
    "phones": [{"kind": "work", "number": "08-465 00 401"}],
}


@pytest.fixture
async def office(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        yield (
            {
                name: Caller(http, live.url, await make_token(live.app, user))
                for name, user in cast.items()
            },
            cast,
            live,
        )


async def test_a_favourite_is_kept_told_and_in_the_snapshot(office):
    callers, cast, live = office
    async with connected(live.url, await make_token(live.app, cast["birger"])) as (birger,):
        path = f"/api/favourites/person/{cast['astrid'].id}"
        made = await callers["birger"].call("PUT", path, json={"star": True})

        assert made.status == 200
        assert made.data["name"] == "Astrid Lind"
        assert made.data["star"]
        [told] = await birger.hears("favourites.changed")
        assert told["favourites"] == [made.data]
        assert (await birger.do("session.open"))["favourites"] == [made.data]
        assert (await callers["birger"].get("/api/favourites")).data == told

        await callers["birger"].call("PUT", path, json={"star": False})
        assert (await birger.hears("favourites.changed", 2))[-1] == {"favourites": []}
        assert (await callers["astrid"].get("/api/favourites")).data == {"favourites": []}


async def test_the_rules_for_callers_follow_every_change(office):
    callers, cast, live = office
    birger = callers["birger"]
    anna = (await birger.post("/api/contacts", ANNA)).data["id"]
    await live.app.stores.numbers.put(
        CompanyNumber(
            org_id="example.com", number="4012", kind="extension", user_id=cast["astrid"].id
        )
    )
    await birger.call("PUT", f"/api/favourites/person/{cast['astrid'].id}", json={"vip": True})
    await birger.call("PUT", f"/api/favourites/contact/{anna}", json={"vip": True})
    await birger.call(
        "PUT", "/api/favourites/number", json={"number": "070-174 06 05", "blocked": True}
    )
    await birger.call("PUT", "/api/favourites/number", json={"number": "+4631*", "blocked": True})
    await birger.call("PUT", "/api/favourites/anonymous", json={"blocked": True})

    rules = await caller_rules(live.app, cast["birger"])
    assert rules == CallerRules(
        vip={"4012": "Astrid Lind", "+46846500401": "Anna"},
        blocked=frozenset({"+46701740605"}),
        blocked_prefixes=("+4631",),
        block_anonymous=True,
    )

    await birger.patch(
        f"/api/contacts/{anna}", {"phones": [{"kind": "work", "number": "08-465 00 402"}]}
    )
    assert "+46846500402" in (await caller_rules(live.app, cast["birger"])).vip
    await birger.call("PUT", f"/api/favourites/contact/{anna}", json={"blocked": True})
    rules = await caller_rules(live.app, cast["birger"])
    assert "+46846500402" in rules.blocked
    assert "+46846500402" not in rules.vip
    await birger.delete(f"/api/contacts/{anna}")
    assert "+46846500402" not in (await caller_rules(live.app, cast["birger"])).blocked
    for each in (await birger.get("/api/favourites")).data["favourites"]:
        assert (await birger.delete(f"/api/favourites/{each['id']}")).status == 204
    assert await caller_rules(live.app, cast["birger"]) == CallerRules()
    assert await caller_rules(live.app, cast["astrid"]) == CallerRules()


async def test_two_devices_that_decide_at_once_make_one_favourite(office):
    callers, cast, _live = office
    path = f"/api/favourites/person/{cast['astrid'].id}"
    await asyncio.gather(
        *(callers["birger"].call("PUT", path, json={"star": True}) for _ in range(8)),
        *(callers["birger"].call("PUT", path, json={"vip": True}) for _ in range(8)),
    )
    [found] = (await callers["birger"].get("/api/favourites")).data["favourites"]
    assert (found["star"], found["vip"], found["blocked"]) == (True, True, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"number": "070-174 06 05", "vip": True, "blocked": True}, "blocked"),
        ({"number": "+4670*", "vip": True}, "vip"),
        ({"number": "4012", "blocked": True}, "number"),
        ({"number": "*", "blocked": True}, "number"),
        ({"number": "ring", "blocked": True}, "number"),
        ({"number": "0" * 41, "blocked": True}, "number"),
        ({"number": 46, "blocked": True}, "number"),
        ({"number": "070-174 06 05", "blocked": "yes"}, "blocked"),
        ({"number": "070-174 06 05", "star": True}, "star"),
        ({"number": "070-174 06 05", "blocked": True, "name": "x" * 121}, "name"),
        ({"blocked": True}, "number"),
    ],
)
async def test_what_cannot_be_decided_is_refused_by_name(office, body, field):
    callers, _cast, _live = office
    answer = await callers["birger"].call("PUT", "/api/favourites/number", json=body)
    assert answer.status == 422, answer
    assert answer.data["field"] == field
    assert (await callers["birger"].get("/api/favourites")).data == {"favourites": []}


async def test_a_favourite_is_of_ones_own_company_and_ones_own(office):
    callers, cast, _live = office
    birger, cecilia = callers["birger"], callers["cecilia"]
    anna = (await callers["astrid"].post("/api/contacts", ANNA)).data["id"]
    mine = await birger.call(
        "PUT", "/api/favourites/number", json={"number": "070-174 06 05", "blocked": True}
    )
    for path in (f"person/{cast['cecilia'].id}", "person/nobody", f"contact/{anna}"):
        answer = await birger.call("PUT", f"/api/favourites/{path}", json={"star": True})
        assert answer.status == 404, path
    for other in (callers["astrid"], cecilia):
        assert (await other.delete(f"/api/favourites/{mine.data['id']}")).status == 404
    assert len((await birger.get("/api/favourites")).data["favourites"]) == 1

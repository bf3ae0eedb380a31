"""Which activities there are: the company's, a person's own, and what becomes of those in use."""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.activities import current
from storage import migrations
from storage.models import OFFICE_HOURS
from tests.callers import Caller, calling
from tests.cast import make_company, make_token, make_user
from tests.clients import Client, connected

NEW = {
    "label": {"sv": "Hos kund", "en": "At a customer's"},
    "spoken": {"sv": "är hos en kund", "en": "is at a customer's"},
    "default_end": {"kind": "minutes", "minutes": 90},
    "colour": "lime",
    "icon": "car",
}


def by_id(kinds: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {kind["id"]: kind for kind in kinds}


async def heard(client: Client, count: int) -> dict[str, dict[str, Any]]:
    """The company's activities as of that many changes."""
    facts = await client.hears("activities.changed", count)
    opened = (await client.do("session.open"))["activities"]
    assert facts[count - 1]["activities"] == opened
    return by_id(opened)


async def test_the_company_adds_changes_hides_and_drops_an_activity(live):
    cast = await make_company(live.app)
    [astrids, birgers] = [await make_token(live.app, cast[name]) for name in ("astrid", "birger")]
    async with calling(live.url) as http, connected(live.url, birgers) as (birger,):
        astrid = Caller(http, live.url, astrids)
        standard = (await birger.do("session.open"))["activities"]
        assert [kind["position"] for kind in standard] == list(range(12))

        made = await astrid.post("/api/admin/activities", NEW)
        assert (made.status, made.data["scope"], made.data["position"]) == (201, "company", 12)
        assert (await heard(birger, 1))[made.data["id"]] == made.data
        chosen = await birger.do("activity.choose", activity_id=made.data["id"])
        assert chosen["activity"] == made.data["id"]

        lunch = await astrid.call("PUT", "/api/admin/activities/lunch", json={"hidden": True})
        assert (lunch.data["hidden"], lunch.data["scope"]) == (True, "company")
        assert (await heard(birger, 2))["lunch"]["hidden"]
        answer = await birger.ask("activity.choose", {"activity_id": "lunch"})
        assert answer["error"]["type"] == "/problems/not-found"
        assert (await astrid.delete("/api/admin/activities/lunch")).status == 204
        assert (await heard(birger, 3))["lunch"] == by_id(standard)["lunch"]
        assert (await astrid.delete("/api/admin/activities/lunch")).status == 404

        # Birger goes on with what is dropped, and everybody can still say what it is.
        await astrid.delete(f"/api/admin/activities/{made.data['id']}")
        assert (await heard(birger, 4))[made.data["id"]]["hidden"]
        state = await current.state_of(live.app, cast["birger"])
        assert (state.activity_id, state.closed) == (made.data["id"], True)
        left = (await astrid.get("/api/admin/activities")).data["company"]
        assert made.data["id"] not in by_id(left)


async def test_ones_own_version_is_seen_by_colleagues_and_counts_for_oneself_alone(live):
    cast = await make_company(live.app)
    [astrids, birgers] = [await make_token(live.app, cast[name]) for name in ("astrid", "birger")]
    async with calling(live.url) as http, connected(live.url, astrids) as (astrid,):
        birger = Caller(http, live.url, birgers)
        await astrid.do("session.open")
        opened = {"closes_phone": False, "label": {"sv": "Mat", "en": "Food"}}
        lunch = (await birger.call("PUT", "/api/activities/lunch", json=opened)).data
        assert (lunch["scope"], lunch["closes_phone"]) == ("own", False)
        assert lunch["spoken"]["sv"] == "är på lunch"  # what is left out stays
        [fact] = await astrid.hears("person.changed")
        assert fact["person"]["activity_types"] == [lunch]
        for name, closed in (("birger", False), ("astrid", True)):
            kinds = await current.types_of(live.app, cast[name])
            assert kinds["lunch"].closes_phone == closed

        made = (await birger.post("/api/activities", NEW)).data
        listed = (await birger.get("/api/activities")).data
        assert [kind["id"] for kind in listed["own"]] == ["lunch", made["id"]]
        assert len(listed["company"]) == 12
        for type_id in ("lunch", made["id"]):
            assert (await birger.delete(f"/api/activities/{type_id}")).status == 204
        facts = await astrid.hears("person.changed", 4)
        assert facts[3]["person"]["activity_types"] == []


@pytest.mark.parametrize(
    ("path", "change", "field"),
    [
        ("available", {"closes_phone": True}, "closes_phone"),
        ("available", {"hidden": True}, "hidden"),
        ("available", {"default_end": {"kind": "date"}}, "default_end"),
        ("lunch", {"label": {"sv": "Mat"}}, "label.en"),
        ("lunch", {"label": {"sv": "  ", "en": "x"}}, "label"),
        ("lunch", {"label": {"sv": "x" * 61, "en": "x"}}, "label.sv"),
        ("lunch", {"spoken": {"sv": "a\u202eb", "en": ""}}, "spoken"),
        ("lunch", {"colour": "black"}, "colour"),
        ("lunch", {"icon": "../x"}, "icon"),
        ("lunch", {"default_end": {"kind": "minutes", "minutes": 0}}, "default_end.minutes"),
        ("lunch", {"queue": "drop"}, "queue"),
        ("lunch", {"id": "other"}, "id"),
    ],
)
async def test_what_an_activity_cannot_be_is_refused(live, path, change, field):
    cast = await make_company(live.app)
    token = await make_token(live.app, cast["astrid"])
    async with calling(live.url) as http:
        for base in ("/api/activities", "/api/admin/activities"):
            answer = await Caller(http, live.url, token).call("PUT", f"{base}/{path}", json=change)
            assert (answer.status, answer.data["field"]) == (422, field)


async def test_members_do_not_decide_for_the_company_and_nobody_makes_too_many(live):
    cast = await make_company(live.app)
    token = await make_token(live.app, cast["birger"])
    async with calling(live.url) as http:
        birger = Caller(http, live.url, token)
        assert (await birger.post("/api/admin/activities", NEW)).status == 403
        answers = [await birger.post("/api/activities", NEW) for _number in range(51)]
        assert [each.status for each in answers].count(201) == 50
        assert answers[-1].data["type"] == "/problems/over-quota"


async def test_hours_that_everybody_was_given_become_the_companys(app):
    await make_company(app)
    own = OFFICE_HOURS | {"fri": [["08:00", "12:00"]]}
    given = await make_user(app, "given", working_hours=dict(OFFICE_HOURS))
    chosen = await make_user(app, "chosen", working_hours=own)
    [(number, _what, run)] = migrations.MIGRATIONS[:1]
    assert number == 1
    for _time in range(2):
        await run(app.stores.database)
    assert (await app.stores.users.find(given.id)).working_hours is None
    assert (await app.stores.users.find(chosen.id)).working_hours == own

"""The number plan, exchanges' credentials, and everybody's own rules for calls."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from server.boot import now
from server.domain.errors import OverQuota
from server.domain.telephony import exchanges
from server.http import outputs_pbx
from storage.telephony import PbxCredential
from tests.callers import Answer, Caller, calling
from tests.cast import make_company, make_token, make_user
from tests.clients import Client, connected
from tests.conftest import make_settings, run_server
from tests.exchange import Exchange

MOBILE, MAIN, OTHER_MAIN = "+46701740605", "+46846500400", "+46846500499"


async def caller(live: Any, http: Any, user: Any) -> Caller:
    return Caller(http, live.url, await make_token(live.app, user))


async def put(admin: Caller, number: str, kind: str, user: Any = None) -> Answer:
    body = {"kind": kind, "user_id": user.id if user else None}
    return await admin.call("PUT", f"/api/admin/numbers/{quote(number, safe='')}", json=body)


async def plan(admin: Caller) -> dict[str, tuple[str, str | None]]:
    data = (await admin.get("/api/admin/numbers")).data
    assert msgspec.to_builtins(msgspec.convert(data, outputs_pbx.Plan)) == data
    return {each["number"]: (each["kind"], each["user_id"]) for each in data["numbers"]}


def heard(client: Client, number: str) -> bool:
    """Whether the client was told of somebody who has the number."""
    told = [each["person"]["numbers"] for each in client.all("person.changed")]
    return number in [each["number"] for numbers in told for each in numbers]


async def test_a_persons_numbers_show_at_once_on_every_server(two):
    first, second = two
    cast = await make_company(first.app)
    birgers = await make_token(second.app, cast["birger"])
    async with calling(first.url) as http, connected(second.url, birgers) as (birger,):
        admin = await caller(first, http, cast["astrid"])
        await birger.do("session.open")
        made = await put(admin, "102", "extension", cast["basse"])
        assert made.data == {
            "number": "102",
            "kind": "extension",
            "user_id": cast["basse"].id,
            "display": "102",
        }
        await put(admin, "070-174 06 05", "mobile", cast["basse"])
        for wanted in ("102", MOBILE):
            await birger.until(partial(heard, birger, wanted))
        people = (await birger.do("session.open"))["people"]
        [basse] = [each for each in people if each["id"] == cast["basse"].id]
        assert basse["extension"] == "102"
        assert basse["numbers"] == [
            {"kind": "extension", "number": "102", "display": "102"},
            {"kind": "mobile", "number": MOBILE, "display": "070-174 06 05"},
        ]
        assert basse == birger.all("person.changed")[-1]["person"]
        await put(admin, "102", "extension", cast["rebecka"])  # taken from one, given to another
        found = (await birger.do("session.open"))["people"]
        extensions = {each["handle"]: each["extension"] for each in found}
        assert (extensions["basse"], extensions["rebecka"]) == (None, "102")
        assert (await admin.delete("/api/admin/numbers/102")).status == 204
        assert (await admin.delete("/api/admin/numbers/102")).status == 404
        assert list(await plan(admin)) == [MOBILE]


@pytest.mark.parametrize(
    ("written", "kind", "kept", "shown"),
    [
        ("070-174 06 05", "mobile", MOBILE, "070-174 06 05"),
        ("+46 70 174 06 05", "fixed", MOBILE, "070-174 06 05"),
        ("0046701740605", "mobile", MOBILE, "070-174 06 05"),
        ("08-465 004 00", "main", MAIN, "08-465 004 00"),
        ("08/465 004 00", "fixed", MAIN, "08-465 004 00"),
        ("10", "extension", "10", "10"),
        ("100001", "extension", "100001", "100001"),
        ("007", "extension", "007", "007"),
    ],
)
async def test_a_number_is_kept_in_one_writing_and_found_in_any(live, written, kind, kept, shown):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        admin = await caller(live, http, cast["astrid"])
        made = await put(admin, written, kind)
        assert (made.status, made.data["number"], made.data["display"]) == (200, kept, shown)
        assert list(await plan(admin)) == [kept]
        gone = await admin.delete(f"/api/admin/numbers/{quote(written, safe='')}")
        assert gone.status == 204
        assert await plan(admin) == {}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("1", "extension"),
        ("1234567", "extension"),
        ("10a", "extension"),
        ("+46701740605", "extension"),
        ("102", "fixed"),
        ("102", "main"),
        ("abc", "mobile"),
        ("+999", "mobile"),
        ("1 2", "extension"),
        ("١٠٢", "extension"),  # digits, but nobody dials them
        ("102", "pager"),
    ],
)
async def test_what_is_no_number_of_its_kind_is_refused(live, number, kind):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        answer = await put(await caller(live, http, cast["astrid"]), number, kind)
    assert answer.status == 422
    assert answer.data["field"] == ("kind" if kind == "pager" else "number")


async def test_a_company_is_known_by_one_main_number(two):
    first, second = two
    cast = await make_company(first.app)
    birgers = await make_token(second.app, cast["birger"])
    async with calling(first.url) as http, connected(second.url, birgers) as (birger,):
        admin = await caller(first, http, cast["astrid"])

        async def known_by(number: str | None) -> None:
            await birger.until(
                lambda: (
                    birger.all("org.changed")
                    and birger.all("org.changed")[-1]["org"]["main_number"] == number
                )
            )
            assert (await birger.do("session.open"))["org"]["main_number"] == number

        await put(admin, MAIN, "main")
        await known_by(MAIN)
        await put(admin, OTHER_MAIN, "main")
        await known_by(OTHER_MAIN)
        assert await plan(admin) == {OTHER_MAIN: ("main", None), MAIN: ("fixed", None)}
        await put(admin, OTHER_MAIN, "fixed", cast["birger"])
        await known_by(None)
        await put(admin, MAIN, "main")
        await admin.delete(f"/api/admin/numbers/{MAIN}")
        await known_by(None)


async def test_of_many_main_numbers_at_once_one_is_it(two):
    first, second = two
    cast = await make_company(first.app)
    async with calling(first.url) as http:
        admins = [await caller(each, http, cast["astrid"]) for each in two]
        numbers = [f"+4684650041{digit}" for digit in range(10)]
        answers = await asyncio.gather(
            *(put(admins[at % 2], number, "main") for at, number in enumerate(numbers))
        )
        assert {each.status for each in answers} == {200}
        mains = [
            number for number, (kind, _who) in (await plan(admins[0])).items() if kind == "main"
        ]
        assert len(mains) == 1
        org = await second.app.stores.orgs.find("example.com")
        assert org.main_number == mains[0]


async def test_two_companies_may_have_the_same_extension(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        ours = await caller(live, http, cast["astrid"])
        theirs = await caller(live, http, cast["cecilia"])
        await put(ours, "101", "extension", cast["astrid"])
        await put(theirs, "101", "extension", cast["cecilia"])
        assert await plan(ours) == {"101": ("extension", cast["astrid"].id)}
        assert (await theirs.delete("/api/admin/numbers/101")).status == 204
        assert await plan(ours) == {"101": ("extension", cast["astrid"].id)}
        assert (await put(ours, "102", "extension", cast["cecilia"])).status == 404
        bot = await make_user(live.app, "robot", role="bot")
        assert (await put(ours, "102", "extension", bot)).status == 409
        member = await caller(live, http, cast["birger"])
        assert (await member.get("/api/admin/numbers")).status == 403
        assert (await put(member, "103", "extension")).status == 403


async def test_the_log_of_changes_says_who_gave_whom_which_number(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        admin = await caller(live, http, cast["astrid"])
        await put(admin, "070-174 06 05", "mobile", cast["birger"])
        await put(admin, "070-174 06 05", "mobile", cast["birger"])  # nothing new
        await put(admin, MOBILE, "fixed", cast["basse"])
        await admin.delete(f"/api/admin/numbers/{MOBILE}")
        made = (await admin.post("/api/admin/pbx", {"name": "Källaren"})).data
        await admin.post(f"/api/admin/pbx/{made['id']}/rotate", {})
        await admin.delete(f"/api/admin/pbx/{made['id']}")
        entries = (await admin.get("/api/admin/audit")).data["entries"]
    removed, rotated, added, *numbers = entries
    assert [each["action"] for each in numbers] == [
        "number.removed",
        "number.changed",
        "number.added",
    ]
    assert {each["target_name"] for each in numbers} == {"070-174 06 05"}
    birger, basse = cast["birger"].name, cast["basse"].name
    assert [each["changes"] for each in numbers] == [
        {"number_kind": ["fixed", None], "owner": [basse, None]},
        {"number_kind": ["mobile", "fixed"], "owner": [birger, basse]},
        {"number_kind": [None, "mobile"], "owner": [None, birger]},
    ]
    assert [each["action"] for each in (added, rotated, removed)] == [
        *("exchange.added", "exchange.rotated", "exchange.removed")
    ]
    assert {each["target_name"] for each in (added, rotated, removed)} == {"Källaren"}
    assert made["secret"] not in json.dumps(entries)


async def test_an_exchange_gets_its_secret_once_and_it_is_kept_sealed(live):
    cast = await make_company(live.app)
    birgers = await make_token(live.app, cast["birger"])
    async with calling(live.url) as http, connected(live.url, birgers) as (birger,):
        admin = await caller(live, http, cast["astrid"])
        assert (await birger.do("session.open"))["org"]["pbx"] is False
        made = await admin.post("/api/admin/pbx", {"name": "  Källaren "})
        assert (made.status, made.data["name"]) == (201, "Källaren")
        msgspec.convert(made.data, outputs_pbx.NewSecret)
        listed = (await admin.get("/api/admin/pbx")).data
        assert msgspec.to_builtins(msgspec.convert(listed, outputs_pbx.Exchanges)) == listed
        assert listed["credentials"] == [
            {key: value for key, value in made.data.items() if key != "secret"}
        ]
        await birger.until(lambda: birger.all("org.changed"))
        assert birger.all("org.changed")[-1]["org"]["pbx"] is True
        assert made.data["secret"] not in json.dumps(birger.facts)
        [kept] = await live.app.stores.database["pbx_credentials"].find().to_list(None)
        assert made.data["secret"] not in repr(kept)
        [credential] = await live.app.stores.pbx.of_org("example.com")
        assert kept["sealed"] not in repr(credential)
        exchange = Exchange(http, live.url, made.data["key"], made.data["secret"], now)
        assert (await exchange.post("/pbx/v1/events", {"events": []})).status == 200
        [used] = (await admin.get("/api/admin/pbx")).data["credentials"]
        assert used["last_used_at"]
        assert (await admin.delete(f"/api/admin/pbx/{made.data['id']}")).status == 204
        assert (await exchange.post("/pbx/v1/events", {"events": []})).status == 401
        await birger.until(lambda: birger.all("org.changed")[-1]["org"]["pbx"] is False)
        people = (await birger.do("session.open"))["people"]
        assert {each["presence"]["line"] for each in people} == {None}


async def test_after_a_new_secret_the_old_one_is_good_for_as_long_as_was_said(settings):
    ahead = [timedelta(0)]
    async with (
        run_server(settings, clock=lambda: now() + ahead[0]) as live,
        calling(live.url) as http,
    ):
        cast = await make_company(live.app)
        admin = await caller(live, http, cast["astrid"])
        made = (await admin.post("/api/admin/pbx", {"name": "Källaren"})).data
        rotate = f"/api/admin/pbx/{made['id']}/rotate"
        old = Exchange(http, live.url, made["key"], made["secret"], live.app.now)

        async def works(exchange: Exchange) -> bool:
            return (await exchange.post("/pbx/v1/events", {"events": []})).status == 200

        second = (await admin.post(rotate, {"keep_hours": 1})).data
        new = Exchange(http, live.url, made["key"], second["secret"], live.app.now)
        assert second["before_until"]
        assert (await works(new), await works(old)) == (True, True)
        ahead[0] = timedelta(minutes=61)
        assert (await works(new), await works(old)) == (True, False)
        [listed] = (await admin.get("/api/admin/pbx")).data["credentials"]
        assert listed["before_until"] is None
        third = (await admin.post(rotate, {"keep_hours": 0})).data
        assert third["before_until"] is None
        newest = Exchange(http, live.url, made["key"], third["secret"], live.app.now)
        ahead[0] += timedelta(seconds=1)
        assert (await works(newest), await works(new)) == (True, False)
        for wrong in ({"keep_hours": -1}, {"keep_hours": 169}, {"keep": 1}):
            assert (await admin.post(rotate, wrong)).status == 422


async def test_another_companys_exchange_is_one_that_never_was(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        ours = await caller(live, http, cast["astrid"])
        theirs = await caller(live, http, cast["cecilia"])
        made = (await ours.post("/api/admin/pbx", {"name": "Vår"})).data
        assert (await theirs.get("/api/admin/pbx")).data == {"credentials": []}
        assert (await theirs.delete(f"/api/admin/pbx/{made['id']}")).status == 404
        assert (await theirs.post(f"/api/admin/pbx/{made['id']}/rotate", {})).status == 404
        member = await caller(live, http, cast["rebecka"])
        assert (await member.post("/api/admin/pbx", {"name": "X"})).status == 403
        for wrong in ({}, {"name": ""}, {"name": " "}, {"name": "x" * 121}, {"name": 1}):
            assert (await ours.post("/api/admin/pbx", wrong)).status == 422


async def test_there_is_an_end_to_how_many_exchanges_a_company_has(app):
    cast = await make_company(app)
    for number in range(exchanges.MOST):
        await app.stores.pbx.add(
            PbxCredential(
                id=app.new_id(),
                org_id="example.com",
                name=str(number),
                key=app.new_id(),
                sealed="",
                created_at=now(),
                created_by="",
            )
        )
    with pytest.raises(OverQuota):
        await exchanges.add(app, cast["astrid"], "En till")


async def test_without_a_key_to_keep_secrets_with_none_is_made(databases, tmp_path):
    bare = make_settings(databases, tmp_path, secret_keys="")
    async with run_server(bare) as live, calling(live.url) as http:
        cast = await make_company(live.app)
        admin = await caller(live, http, cast["astrid"])
        answer = await admin.post("/api/admin/pbx", {"name": "Källaren"})
        assert answer.status == 409
        assert "VAXEL_SECRET_KEYS" in answer.data["detail"]
        assert (await admin.get("/api/admin/pbx")).data == {"credentials": []}


BEGIN = {
    "ring_seconds": 20,
    "open_redirect": False,
    "busy": "announce",
    "no_answer": "voicemail",
    "offline": "voicemail",
    "after": {"voicemail": True, "colleague_id": None, "switchboard": False},
    "anonymous": "ring",
}


async def test_everybody_begins_with_the_same_rules_and_changes_their_own(two):
    first, second = two
    cast = await make_company(first.app)
    async with calling(first.url) as http:
        birger = await caller(first, http, cast["birger"])
        there = await caller(second, http, cast["birger"])
        assert (await there.get("/api/me/call-rules")).data == BEGIN
        wanted = {
            "ring_seconds": 30,
            "open_redirect": True,
            "busy": "busy",
            "no_answer": "announce",
            "offline": "announce",
            "after": {"voicemail": False, "colleague_id": cast["basse"].id, "switchboard": True},
            "anonymous": "block",
        }
        saved = await birger.call("PUT", "/api/me/call-rules", json=wanted)
        assert (saved.status, saved.data) == (200, wanted)

        for _ in range(500):  # until the other server was told
            if (await there.get("/api/me/call-rules")).data == wanted:
                break
            await asyncio.sleep(0.02)
        else:
            pytest.fail("the other server goes by old rules")
        [favourite] = (await birger.get("/api/favourites")).data["favourites"]
        assert (favourite["kind"], favourite["blocked"]) == ("anonymous", True)
        part = await birger.call("PUT", "/api/me/call-rules", json={"busy": "voicemail"})
        assert part.data == wanted | {"busy": "voicemail"}
        back = await birger.call("PUT", "/api/me/call-rules", json=BEGIN)
        assert back.data == BEGIN
        astrid = await caller(first, http, cast["astrid"])
        assert (await astrid.get("/api/me/call-rules")).data == BEGIN


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ring_seconds": 4}, "ring_seconds"),
        ({"ring_seconds": 61}, "ring_seconds"),
        ({"ring_seconds": "20"}, "ring_seconds"),
        ({"busy": "ring"}, "busy"),
        ({"anonymous": True}, "anonymous"),
        ({"after": {"voicemail": 1}}, "after.voicemail"),
        ({"after": {"pager": True}}, "after.pager"),
        ({"ring": 20}, "ring"),
    ],
)
async def test_rules_that_cannot_be_followed_are_refused(live, wrong, field):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        birger = await caller(live, http, cast["birger"])
        answer = await birger.call("PUT", "/api/me/call-rules", json=wrong)
        assert (answer.status, answer.data["field"]) == (422, field)
        assert (await birger.get("/api/me/call-rules")).data == BEGIN


async def test_calls_are_passed_on_to_colleagues_only(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        birger = await caller(live, http, cast["birger"])
        for user, status in (("cecilia", 404), ("birger", 422), ("basse", 200)):
            after = {"voicemail": True, "colleague_id": cast[user].id, "switchboard": False}
            answer = await birger.call("PUT", "/api/me/call-rules", json={"after": after})
            assert answer.status == status, user

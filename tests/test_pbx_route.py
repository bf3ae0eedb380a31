"""An exchange asks what should become of a call."""

from __future__ import annotations

import array
import asyncio
import io
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from storage.models import User
from storage.telephony import CallRules
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import Live
from tests.exchange import Exchange, give_number, make_exchange

OTHER_NUMBER = "+46317011111"
FAMILY = "+46701740699"


@dataclass
class Office:
    live: Live
    people: dict[str, User]
    exchange: Exchange
    birger: Caller

    async def choose(self, activity_id: str, minutes: int = 60) -> None:
        """Birger chooses an activity."""
        until = (self.live.app.now() + timedelta(minutes=minutes)).isoformat()
        answer = await self.birger.post(
            "/api/activity", {"activity_id": activity_id, "until": until}
        )
        assert answer.status == 200, answer

    async def rules(self, **changes: Any) -> None:
        """What Birger wants done with calls."""
        user = self.people["birger"]
        rules = CallRules(user_id=user.id, org_id=user.org_id)
        await self.live.app.stores.call_rules.put(replace(rules, **changes))


@pytest.fixture
async def office(live: Live) -> AsyncIterator[Office]:
    people = await make_company(live.app)
    async with calling(live.url) as http:
        exchange = await make_exchange(live.app, http, live.url, "example.com")
        for handle, extension in (("birger", "102"), ("astrid", "101"), ("rebecka", "100")):
            await give_number(live.app, "example.com", extension, people[handle].id, "extension")
        await give_number(live.app, "example.com", "+4684650402", people["birger"].id, "fixed")
        token = await make_token(live.app, people["birger"])
        yield Office(live, people, exchange, Caller(http, live.url, token))


def does(answer) -> list[str]:
    assert answer.status == 200, answer
    return [step["do"] for step in answer.data["steps"]]


async def test_an_open_telephone_rings(office: Office):
    answer = await office.exchange.route("102")
    assert does(answer) == ["ring", "ask_again"]
    assert answer.data["why"] == ["activity:available"]
    ring = answer.data["steps"][0]
    assert ring["user_id"] == office.people["birger"].id
    assert ring["numbers"] == ["102", "+4684650402"]


@pytest.mark.parametrize("written", ["102", "08-465 04 02", "+46 8 465 04 02", "004684650402"])
async def test_a_number_may_be_written_in_any_way(office: Office, written: str):
    assert does(await office.exchange.route(written)) == ["ring", "ask_again"]


async def test_a_caller_hears_of_lunch_in_a_sound_that_can_be_fetched_at_two_rates(office: Office):
    await office.choose("lunch")
    answer = await office.exchange.route("08-465 04 02")
    assert does(answer) == ["announce", "voicemail"]
    assert answer.data["why"] == ["activity:lunch", "source:manual"]
    said = answer.data["steps"][0]
    assert said["text"].startswith("Den du söker är på lunch och är åter")
    for rate in (8000, 16000):
        path = said["audio"][str(rate)].removeprefix(office.live.app.settings.address)
        sound = await office.birger.get(path, headers={"Authorization": ""})
        assert sound.status == 200
        with wave.open(io.BytesIO(sound.data)) as wav:
            assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, rate)
            frames = wav.readframes(wav.getnframes())
        samples = array.array("h", frames)
        assert max(abs(each) for each in samples[: rate // 2]) <= 32, "half a second of silence"
        assert max(abs(each) for each in samples) > 1000
        assert 1.5 < len(frames) / 2 / rate < 15


async def test_a_vip_rings_through_from_any_number_and_hears_the_same_when_nobody_answers(
    office: Office,
):
    body = {"number": FAMILY, "vip": True, "name": "Hemma"}
    assert (await office.birger.call("PUT", "/api/favourites/number", json=body)).status < 300
    await office.choose("meeting")

    answer = await office.exchange.route("102", FAMILY)
    assert does(answer) == ["ring", "ask_again"]
    assert answer.data["steps"][0]["vip"] is True
    assert answer.data["present"] == {"name": "Hemma", "tags": ["vip"]}
    again = await office.exchange.route("102", FAMILY, stage="no_answer")
    other = await office.exchange.route("102", OTHER_NUMBER)
    assert does(again) == does(other) == ["announce", "voicemail"]
    assert again.data["steps"][0] == other.data["steps"][0]

    assert does(await office.exchange.route("102", None)) == ["announce", "voicemail"]
    through = await office.exchange.route("102", FAMILY, via={"queue": "support"})
    assert does(through) == ["queue"]


async def test_do_not_disturb_holds_for_a_vip_too(office: Office):
    await office.birger.call("PUT", "/api/favourites/number", json={"number": FAMILY, "vip": True})
    await office.choose("do_not_disturb")
    assert does(await office.exchange.route("102", FAMILY)) == ["announce", "voicemail"]


async def test_a_blocked_caller_hears_busy(office: Office):
    await office.birger.call(
        "PUT", "/api/favourites/number", json={"number": OTHER_NUMBER, "blocked": True}
    )
    answer = await office.exchange.route("102", "031-701 11 11")
    assert answer.data["steps"] == [{"do": "reject", "cause": "busy"}]
    assert answer.data["why"] == ["blocked:number"]


async def test_a_number_that_nobody_has_is_rejected(office: Office):
    answer = await office.exchange.route("999")
    assert answer.data["steps"] == [{"do": "reject", "cause": "unknown"}]
    assert answer.data["why"] == ["number:unknown"]


async def test_another_company_s_numbers_are_nobody_s(office: Office):
    cecilia = office.people["cecilia"]
    await give_number(office.live.app, "example.org", "777", cecilia.id, "extension")
    await give_number(office.live.app, "example.org", "102", cecilia.id, "extension")
    assert does(await office.exchange.route("777")) == ["reject"]
    ring = (await office.exchange.route("102")).data["steps"][0]
    assert ring["user_id"] == office.people["birger"].id
    assert does(await office.exchange.route(cecilia.id)) == ["reject"]


async def test_after_the_announcement_the_caller_may_choose_a_colleague_or_the_switchboard(
    office: Office,
):
    app = office.live.app
    await app.stores.orgs.update("example.com", main_number="+4684650400")
    await office.rules(colleague_id=office.people["astrid"].id, switchboard=True, voicemail=False)
    await office.choose("meeting")
    answer = await office.exchange.route("102")
    assert does(answer) == ["announce", "choice", "hangup"]
    assert answer.data["steps"][1]["options"] == {"1": "101", "9": "+4684650400"}
    text = answer.data["steps"][0]["text"]
    assert text.endswith("Tryck ett för en kollega, nio för växeln.")

    chosen = await office.exchange.route("102", stage="digits", digits="1")
    assert chosen.data["steps"] == [{"do": "connect", "number": "101"}]
    wrong = await office.exchange.route("102", stage="digits", digits="5")
    assert does(wrong) == ["choice", "hangup"]
    tired = await office.exchange.route("102", via={"diversions": 5})
    assert does(tired) == ["announce", "hangup"]
    assert "Tryck" not in tired.data["steps"][0]["text"]
    assert does(await office.exchange.route("102", via={"diversions": 6})) == ["reject"]


async def test_an_attendant_may_override_after_a_confirmation(office: Office):
    await office.choose("meeting")
    via = {"transfer_by": "100"}
    asked = await office.exchange.route("102", via=via)
    assert does(asked) == ["announce", "voicemail"]
    assert asked.data["present"]["tags"] == ["override_possible"]
    rung = await office.exchange.route("102", via=via | {"override": True})
    assert does(rung) == ["ring", "ask_again"]
    nobody = await office.exchange.route("102", via={"transfer_by": "102", "override": True})
    assert does(nobody) == ["announce", "voicemail"]


@pytest.mark.parametrize(
    ("stage", "rule", "steps"),
    [
        ("no_answer", {"no_answer": "voicemail"}, ["voicemail"]),
        ("no_answer", {"no_answer": "announce"}, ["announce", "voicemail"]),
        ("busy", {"busy": "busy"}, ["reject"]),
        ("busy", {"busy": "announce", "voicemail": False}, ["announce", "hangup"]),
        ("offline", {"offline": "voicemail"}, ["voicemail"]),
    ],
)
async def test_an_open_telephone_that_is_not_answered_has_a_rule(office, stage, rule, steps):
    await office.rules(**rule)
    assert does(await office.exchange.route("102", stage=stage)) == steps


async def test_an_open_redirect_rings_first(office: Office):
    await office.rules(open_redirect=True, ring_seconds=12)
    await office.choose("lunch")
    answer = await office.exchange.route("102")
    assert does(answer) == ["ring", "ask_again"]
    assert answer.data["steps"][0]["seconds"] == 12
    later = await office.exchange.route("102", stage="no_answer")
    assert does(later) == ["announce", "voicemail"]


# Who may ask


def refused(answer) -> str:
    assert answer.status == 401, answer
    assert answer.data["type"] == "/problems/not-signed-in"
    return answer.data["detail"]


async def test_a_request_must_be_signed(office: Office):
    exchange, body = office.exchange, b'{"call_id":"a","to":"102"}'
    right = exchange.signed(body)
    wrong = [
        ({**right, "Vaxel-Key": "nobody"}, "Nyckeln är okänd."),
        ({**right, "Vaxel-Signature": "0" * 64}, "Signaturen stämmer inte."),
        ({**right, "Vaxel-Signature": "åäö"}, "Signaturen stämmer inte."),
        ({**right, "Vaxel-Timestamp": "yesterday"}, "Tidsstämpeln ska vara"),
        (exchange.signed(b"{}"), "Signaturen stämmer inte."),
        ({"Content-Type": "application/json"}, "Begäran saknar"),
    ]
    for headers, sentence in wrong:
        assert refused(await exchange.send("/pbx/v1/route", body, headers)).startswith(sentence)
    assert (await exchange.send("/pbx/v1/route", body, right)).status == 200
    assert "redan använts" in refused(await exchange.send("/pbx/v1/route", body, right))


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_signature_is_good_for_five_minutes(office: Office, minutes: int):
    moment = office.live.app.now() + timedelta(minutes=minutes)
    stamp = str(int(moment.timestamp()))
    answer = await office.exchange.post(
        "/pbx/v1/route", {"call_id": "a", "to": "102"}, **{"Vaxel-Timestamp": stamp}
    )
    assert refused(answer).startswith("Tidsstämpeln")


async def test_the_same_idempotency_key_gets_the_first_answer(office: Office):
    call = {"call_id": "a", "to": "102", "at": "2026-11-21T10:00:00Z"}
    once = {"Idempotency-Key": "call-a-start"}
    stamps = [f"{office.live.app.now().timestamp() - each:.3f}" for each in range(4)]
    answers = await asyncio.gather(
        *(
            office.exchange.post("/pbx/v1/route", call, **once, **{"Vaxel-Timestamp": stamp})
            for stamp in stamps
        )
    )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.data["decision_id"] for answer in answers}) == 1
    other = await office.exchange.post("/pbx/v1/route", call, **{"Idempotency-Key": "b"})
    assert other.data["decision_id"] != answers[0].data["decision_id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "data"),
        (b"[]", "data"),
        (b'{"to":"102"}', "call_id"),
        (b'{"call_id":"a","to":""}', "to"),
        (b'{"call_id":"a","to":"102","stage":"dreaming"}', "stage"),
        (b'{"call_id":"a","to":"102","via":{"diversions":-1}}', "via.diversions"),
        (b'{"call_id":"a","to":"102","from":{"number":7}}', "from.number"),
        (b'{"call_id":"a","to":"102","secret":1}', "secret"),
        (b'{"call_id":"a","to":"102","stage":"digits","digits":"a"}', "digits"),
    ],
)
async def test_a_malformed_call_is_refused_by_the_name_of_its_field(office, body, field):
    answer = await office.exchange.post("/pbx/v1/route", body)
    assert answer.status == 422
    assert answer.data["field"] == field


# Trying calls


async def test_administrators_try_anybody_s_telephone_and_others_their_own(office: Office):
    app, url = office.live.app, office.live.url
    astrid = Caller(office.exchange.http, url, await make_token(app, office.people["astrid"]))
    await office.choose("lunch")
    tried = await astrid.post("/api/routing/simulate", {"from": OTHER_NUMBER, "to": "102"})
    assert tried.status == 200
    assert [step["do"] for step in tried.data["decision"]["steps"]] == ["announce", "voicemail"]
    assert tried.data["why"][0] == {"code": "activity:lunch", "text": "Aktivitet: Lunch"}
    assert tried.data["announcement"]["text"].startswith("Den du söker är på lunch")

    later = (app.now() + timedelta(hours=3)).isoformat()
    ended = await astrid.post(
        "/api/routing/simulate",
        {"from": "", "anonymous": True, "to": office.people["birger"].id, "at": later},
    )
    assert ended.data["why"][0]["code"] == "activity:available"

    mine = await office.birger.post("/api/routing/simulate", {"to": office.people["birger"].id})
    assert mine.status == 200
    assert (await office.birger.post("/api/routing/simulate", {"to": "101"})).status == 403
    foreign = {"to": office.people["cecilia"].id}
    hidden = await astrid.post("/api/routing/simulate", foreign)
    assert [step["do"] for step in hidden.data["decision"]["steps"]] == ["reject"]


async def test_a_vip_s_second_number_rings_through_as_well(office: Office):
    contact = await office.birger.post(
        "/api/contacts",
        {
            "scope": "personal",
            "name": "Cecilia Berg",
            "phones": [
                {"kind": "work", "number": "031-390 06 01"},
                {"kind": "mobile", "number": "070-174 06 51"},
            ],
        },
    )
    assert contact.status == 201, contact
    path = f"/api/favourites/contact/{contact.data['id']}"
    assert (await office.birger.call("PUT", path, json={"vip": True})).status < 300
    await office.choose("meeting")
    for number in ("+46313900601", "070-174 06 51", "+46 70 174 06 51"):
        answer = await office.exchange.route("102", number)
        assert does(answer) == ["ring", "ask_again"], number
        assert answer.data["present"]["name"] == "Cecilia Berg"

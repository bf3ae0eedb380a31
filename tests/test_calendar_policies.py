"""What people and companies decide about calendars, over HTTP, and what becomes of it at once."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from integrations.contract import AutoReply
from server.boot import now
from server.domain.calendars import recomputing
from server.domain.jobs import Job
from server.http import outputs_policies as outputs
from storage.calendars import ChosenCalendar, Mailbox
from storage.models import timestamp
from storage.telephony import CompanyNumber
from tests.callers import Answer, Caller, calling
from tests.cast import make_company, make_token
from tests.clients import Client, connected
from tests.conftest import Live, make_settings, run_server
from tests.engine import MONDAY, Clock, Engine, Scripted, meeting, open_engine
from tests.exchange import Exchange, make_exchange
from tests.syncer import Syncer

OWN, COMPANY = "/api/me/calendar-policy", "/api/admin/calendar-policy"
SUBJECT = "Uppsägning av hyran"


@dataclass(frozen=True)
class Office:
    """A server, an engine beside it, and people who call."""

    live: Live
    engine: Engine
    provider: Scripted
    clock: Clock
    cast: dict[str, Any]
    http: Any

    async def caller(self, handle: str) -> Caller:
        return Caller(self.http, self.live.url, await make_token(self.live.app, self.cast[handle]))

    async def connect(self, handle: str, provider: str = "google") -> Mailbox:
        """A mailbox of that person's, synced."""
        mailbox = await self.engine.connect(self.cast[handle], provider)
        return await self.engine.sync_now(mailbox)

    async def exchange(self) -> Exchange:
        """Birger has 102."""
        stores = self.live.app.stores
        await stores.numbers.put(
            CompanyNumber(
                org_id="example.com",
                number="102",
                kind="extension",
                user_id=self.cast["birger"].id,
            )
        )
        return await make_exchange(self.live.app, self.http, self.live.url, "example.com")


@asynccontextmanager
async def opened(settings: Any) -> AsyncIterator[Office]:
    clock = Clock()
    provider = Scripted(now=clock)
    providers = dict.fromkeys(("google", "microsoft"), provider)
    async with (
        open_engine(settings, providers, clock) as engine,
        run_server(settings, clock=clock) as live,
        calling(live.url) as http,
    ):
        yield Office(live, engine, provider, clock, await make_company(live.app), http)


@pytest.fixture
async def office(settings) -> AsyncIterator[Office]:
    async with opened(settings) as found:
        yield found


async def put(caller: Caller, path: str, **body: Any) -> Any:
    answer = await caller.call("PUT", path, json=body)
    assert answer.status == 200, answer
    return answer.data


async def explained(caller: Caller, language: str = "sv") -> dict[str, Any]:
    answer = await caller.get("/api/me/calendar", headers={"Accept-Language": language})
    assert answer.status == 200, answer
    assert msgspec.to_builtins(msgspec.convert(answer.data, outputs.OwnCalendar)) == answer.data
    return answer.data


def sees(client: Client, user_id: str, **wanted: Any) -> dict[str, Any] | None:
    """What the client was last told of the person, if it is as wanted."""
    heard = [each for told in client.all("presence.changed") for each in told]
    theirs = [each for each in heard if each["user_id"] == user_id]
    return theirs[-1] if theirs and theirs[-1] | wanted == theirs[-1] else None


# One's own


async def test_everybody_begins_with_what_the_company_has(office: Office):
    birger, astrid = await office.caller("birger"), await office.caller("astrid")
    usual = {"tentative_closes": False, "privacy": "generic_with_time"}
    undecided = {"tentative_closes": None, "privacy": None, "show_subjects": False}
    assert (await birger.get(OWN)).data == undecided | {"effective": usual}
    await put(astrid, COMPANY, tentative_closes=True, privacy="ignore")
    effective = {"tentative_closes": True, "privacy": "ignore"}
    assert (await birger.get(OWN)).data == undecided | {"effective": effective}
    mine = await put(birger, OWN, tentative_closes=False, show_subjects=True)
    assert mine["effective"] == {"tentative_closes": False, "privacy": "ignore"}
    assert mine["show_subjects"]
    again = await put(birger, OWN, tentative_closes=None)  # what is left out stays
    assert again["effective"] == effective
    assert again["show_subjects"]
    assert (await (await office.caller("astrid")).get(OWN)).data["show_subjects"] is False


async def test_a_wish_counts_at_once_for_the_meeting_that_runs(office: Office):
    birger, astrids = (
        office.cast["birger"],
        await make_token(office.live.app, office.cast["astrid"]),
    )
    office.provider.put(meeting("a", MONDAY, 90, show_as="tentative", subject=SUBJECT))
    await office.connect("birger")
    caller = await office.caller("birger")
    async with connected(office.live.url, astrids) as (astrid,):
        await astrid.do("session.open")
        for wish, shown in (
            ({"show_subjects": True}, {"activity": "meeting", "note": SUBJECT}),
            ({"show_subjects": False}, {"activity": "meeting", "note": ""}),
        ):
            await put(caller, OWN, **wish)
            await astrid.until(partial(sees, astrid, birger.id, **shown))
        assert not await office.engine.is_closed(birger)
        await put(caller, OWN, tentative_closes=True)
        assert await office.engine.is_closed(birger)
        office.provider.put(meeting("a", MONDAY, 90, private=True))
        [mailbox] = await office.engine.app.stores.mailboxes.of_user("example.com", birger.id)
        await office.engine.sync_now(mailbox)
        await put(caller, OWN, privacy="ignore")
        await astrid.until(partial(sees, astrid, birger.id, activity="available"))


# The company's


async def test_a_company_decides_and_that_is_written_down(office: Office):
    astrid, birger = await office.caller("astrid"), await office.caller("birger")
    assert (await birger.get(COMPANY)).status == 403
    assert (await birger.call("PUT", COMPANY, json={"lead": 5})).status == 403
    begun = (await astrid.get(COMPANY)).data
    assert msgspec.to_builtins(msgspec.convert(begun, outputs.CalendarPolicy)) == begun
    assert begun["standard_keywords"]
    assert {"word": "LUN", "type_id": "lunch"} in begun["keywords"]
    words = [{"word": "fik", "type_id": "break"}]
    changed = await put(
        astrid,
        COMPANY,
        keywords=words,
        categories=[{"word": "Kund  besök", "type_id": "out"}],
        lead=5,
        providers=["caldav", "ics", "caldav"],
    )
    assert changed["keywords"] == [{"word": "FIK", "type_id": "break"}]
    assert changed["categories"] == [{"word": "Kund besök", "type_id": "out"}]
    assert (changed["lead"], changed["providers"]) == (5, ["caldav", "ics"])
    assert not changed["standard_keywords"]
    assert (await astrid.get(COMPANY)).data == changed
    [noted] = [
        each
        for each in (await astrid.get("/api/admin/audit")).data["entries"]
        if each["action"] == "calendar_policy.changed"
    ]
    assert noted["changes"]["keywords"] == [None, "FIK = break"]
    assert noted["changes"]["lead"] == [0, 5]
    again = await put(astrid, COMPANY, keywords=begun["keywords"])
    assert again["standard_keywords"]
    await put(astrid, COMPANY, keywords=words)
    assert (await put(astrid, COMPANY, keywords=None))["keywords"] == begun["keywords"]
    cecilia = await office.caller("cecilia")
    assert (await cecilia.get(COMPANY)).data == begun  # another company has its own


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"keywords": [{"word": "LUNCH", "type_id": "lunch"}]}, 422, "keywords"),
        ({"keywords": [{"word": "L1", "type_id": "lunch"}]}, 422, "keywords"),
        ({"keywords": [{"word": " ", "type_id": "lunch"}]}, 422, "keywords"),
        ({"keywords": [{"word": "LUN", "type_id": "nothing"}]}, 404, None),
        ({"keywords": [{"word": "LUN", "type_id": "available"}]}, 409, "keywords"),
        (
            {"keywords": [{"word": "fik", "type_id": "lunch"}, {"word": "FIK", "type_id": "out"}]},
            409,
            "keywords",
        ),
        ({"categories": [{"word": "\u202e", "type_id": "lunch"}]}, 422, "categories"),
        ({"categories": [{"word": "Kund", "type_id": "available"}]}, 409, "categories"),
        ({"keywords": [{"word": "FIK"}]}, 422, None),
        ({"lead": 16}, 422, "lead"),
        ({"lag": -1}, 422, "lag"),
        ({"privacy": "secret"}, 422, "privacy"),
        ({"privacy": None}, 422, "privacy"),
        ({"providers": ["carrier-pigeon"]}, 422, None),
        ({"colour": "red"}, 422, "colour"),
    ],
)
async def test_what_a_policy_cannot_be_is_refused_and_changes_nothing(live, body, status, field):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        astrid = Caller(http, live.url, await make_token(live.app, cast["astrid"]))
        before = (await astrid.get(COMPANY)).data
        answer = await astrid.call("PUT", COMPANY, json=body)
        assert (answer.status, answer.data.get("field") if field else None) == (status, field)
        assert (await astrid.get(COMPANY)).data == before


@pytest.mark.parametrize(
    "body", [{"privacy": "secret"}, {"show_subjects": None}, {"lead": 5}, {"tentative_closes": 1}]
)
async def test_a_wish_that_cannot_be_is_refused(live, body):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        birger = Caller(http, live.url, await make_token(live.app, cast["birger"]))
        assert (await birger.call("PUT", OWN, json=body)).status == 422


async def test_a_companys_policy_is_applied_to_everybody_in_batches(office: Office):
    app = office.engine.app
    office.provider.put(meeting("a", MONDAY, 90, show_as="tentative"))
    for handle in ("birger", "rebecka", "astrid", "cecilia"):
        await office.connect(handle)
    await app.stores.calendar_policies.put(
        replace(await app.stores.calendar_policies.find("example.com"), tentative_closes=True)
    )
    await recomputing.of_people(app, "example.com", at_once=2)
    batches = 1
    while todo := office.engine.handed.named(Job.CALENDAR_CLAIMS):
        office.engine.handed.jobs.clear()
        for arguments in todo:
            await recomputing.of_people(app, **arguments, at_once=2)
            batches += 1
    assert batches == 2
    closed = {name: await office.engine.is_closed(user) for name, user in office.cast.items()}
    assert {name for name, shut in closed.items() if shut} == {"birger", "rebecka", "astrid"}


async def test_a_worker_applies_a_companys_policy_and_colleagues_see_it(
    databases, janitor, tmp_path
):
    settings = make_settings(databases, tmp_path)
    provider, syncer = Scripted(now=now), Syncer(settings)
    start = now() - timedelta(minutes=10)
    provider.put(meeting("a", start, 90, private=True))
    async with (
        open_engine(settings, {"google": provider}, now) as engine,
        run_server(settings) as live,
        calling(live.url) as http,
    ):
        cast = await make_company(live.app)
        await engine.sync_now(await engine.connect(cast["birger"], "google"))
        tokens = [await make_token(live.app, cast[each]) for each in ("astrid", "rebecka")]
        await syncer.start()
        try:
            async with connected(live.url, tokens[1]) as (rebecka,):
                await put(Caller(http, live.url, tokens[0]), COMPANY, privacy="ignore")
                gone = partial(sees, rebecka, cast["birger"].id, activity="available")
                await rebecka.until(gone, 60)
                await put(Caller(http, live.url, tokens[0]), COMPANY, privacy="generic_with_time")
                back = partial(sees, rebecka, cast["birger"].id, activity="meeting")
                await rebecka.until(back, 60)
        finally:
            await syncer.end(signal.SIGKILL)
        assert "Traceback" not in syncer.log()
    janitor.drop_database(settings.mongo_db)


async def test_words_of_a_companys_own_are_for_its_own_activities_too(office: Office):
    astrid = await office.caller("astrid")
    label = {"sv": "Fika", "en": "Coffee"}
    made = (await astrid.post("/api/admin/activities", {"label": label})).data
    await put(astrid, COMPANY, keywords=[{"word": "FIK", "type_id": made["id"]}])
    office.provider.put(meeting("a", MONDAY, 30, subject="fik: i köket"))
    await office.connect("birger")
    assert await office.engine.activity_of(office.cast["birger"]) == made["id"]
    await astrid.delete(f"/api/admin/activities/{made['id']}")
    await recomputing.of_people(office.live.app, "example.com")  # what the job does
    assert await office.engine.activity_of(office.cast["birger"]) == "meeting"


# Against syncs that run at the same time


async def test_a_policy_that_changes_while_a_sync_runs_is_what_counts(office: Office):
    birger, caller = office.cast["birger"], await office.caller("birger")
    mailbox = await office.connect("birger")
    for number in range(6):
        closes = number % 2 == 0
        office.provider.put(meeting("a", MONDAY, 90 + number, show_as="tentative"))
        await asyncio.gather(
            office.engine.sync_now(mailbox), put(caller, OWN, tentative_closes=closes)
        )
        assert await office.engine.is_closed(birger) == closes
        until = (await office.engine.presence_of(birger))["until"]
        assert until == timestamp(MONDAY + timedelta(minutes=90 + number))


async def test_what_the_mailbox_answers_by_itself_outlives_a_change_of_policy(office: Office):
    birger = office.cast["birger"]
    office.provider.reply = AutoReply(start=MONDAY, end=MONDAY + timedelta(days=2))
    await office.connect("birger")
    assert await office.engine.is_closed(birger)
    await put(await office.caller("birger"), OWN, tentative_closes=True)
    assert await office.engine.is_closed(birger)


async def test_whole_days_follow_their_owner_to_another_zone(office: Office):
    birger, caller = office.cast["birger"], await office.caller("birger")
    day = meeting(
        "a", MONDAY, show_as="out_of_office", first_day=date(2026, 11, 24),
        last_day=date(2026, 11, 25),
    )  # fmt: skip
    office.provider.put(replace(day, start=None, end=None))
    await office.connect("birger")
    midnight = MONDAY.replace(hour=23)  # in Stockholm
    assert not await office.engine.is_closed(birger, midnight - timedelta(minutes=30))
    await caller.patch("/api/me", {"time_zone": "Europe/Helsinki"})
    await recomputing.of_people(office.engine.app, "example.com", birger.id)  # what the job does
    assert await office.engine.is_closed(birger, midnight - timedelta(minutes=30))
    assert not await office.engine.is_closed(birger, midnight + timedelta(hours=23, minutes=30))


# Trust


async def test_colleagues_are_told_when_a_calendar_was_not_read_for_a_day(office: Office):
    birger, astrids = (
        office.cast["birger"],
        await make_token(office.live.app, office.cast["astrid"]),
    )
    office.provider.put(meeting("a", MONDAY, 60 * 48, show_as="out_of_office"))
    await office.connect("birger")
    async with connected(office.live.url, astrids) as (astrid,):
        await astrid.do("session.open")
        office.clock.move(hours=24, minutes=-1)
        assert await office.engine.is_closed(birger)
        office.clock.move(minutes=1, seconds=1)
        await astrid.until(partial(sees, astrid, birger.id, activity="available"))
    told = await explained(await office.caller("birger"))
    [one] = told["occurrences"]
    assert (one["counts"], one["rule"]) == (False, "C13_stale")
    assert one["sentence"] == "Räknas inte: kalendern har inte gått att läsa på ett dygn."


# Calls


def does(answer: Answer) -> list[str]:
    assert answer.status == 200, answer
    return [step["do"] for step in answer.data["steps"]]


async def test_an_exchange_is_told_neither_subject_reason_nor_time_of_what_is_kept(
    office: Office, caplog
):
    exchange, caller = await office.exchange(), await office.caller("birger")
    await put(caller, OWN, show_subjects=True)
    office.provider.put(meeting("a", MONDAY, 90, private=True, subject=SUBJECT))
    await office.connect("birger")
    answer = await exchange.route("102")
    assert does(answer) == ["announce", "voicemail"]
    said = answer.data["steps"][0]["text"]
    assert "kan inte ta emot samtal just nu och är åter klockan elva och trettio" in said
    await put(caller, OWN, privacy="generic_without_time")
    answer = await exchange.route("102")
    said = answer.data["steps"][0]["text"]
    assert "kan inte ta emot samtal just nu." in said
    assert "klockan" not in said
    assert SUBJECT not in json.dumps(answer.data, ensure_ascii=False)
    tried = await caller.post("/api/routing/simulate", {"from": "+46701740605", "to": "102"})
    assert "klockan" not in tried.data["announcement"]["text"]
    assert SUBJECT not in json.dumps(tried.data, ensure_ascii=False)
    assert not any(SUBJECT in str(vars(each)) for each in caplog.records)
    await put(caller, OWN, privacy="ignore")
    assert does(await exchange.route("102")) == ["ring", "ask_again"]


async def test_a_meeting_that_grows_while_it_runs_has_other_words_and_another_sound(office: Office):
    exchange, mailbox = await office.exchange(), await office.connect("birger")
    said = []
    for minutes in (90, 150):
        office.provider.put(meeting("a", MONDAY, minutes))
        await office.engine.sync_now(mailbox)
        said.append((await exchange.route("102")).data["steps"][0])
    assert [each["text"].partition("åter ")[2].partition(".")[0] for each in said] == [
        "klockan elva och trettio",
        "klockan tolv och trettio",
    ]
    assert said[0]["audio"] != said[1]["audio"]
    office.provider.delete("a")
    await office.engine.sync_now(mailbox)
    assert does(await exchange.route("102")) == ["ring", "ask_again"]


async def test_a_vip_rings_through_a_meeting_from_any_number_but_not_hidden_nor_through_a_queue(
    office: Office,
):
    exchange, birger = await office.exchange(), await office.caller("birger")
    for number in ("070-174 06 05", "070-174 06 06"):
        answer = await birger.call(
            "PUT", "/api/favourites/number", json={"number": number, "vip": True}
        )
        assert answer.status == 200
    office.provider.put(meeting("a", MONDAY, 90))
    await office.connect("birger")
    for number in ("+46701740605", "+46701740606"):
        answer = await exchange.route("102", number)
        assert does(answer) == ["ring", "ask_again"]
        assert answer.data["present"]["tags"] == ["vip"]
    assert does(await exchange.route("102", None)) == ["announce", "voicemail"]
    assert does(await exchange.route("102", "+46701740607")) == ["announce", "voicemail"]
    queued = await exchange.route("102", "+46701740605", via={"queue": "support"})
    assert does(queued) == ["queue"]
    assert not queued.data["steps"][0]["offer"]


async def test_a_meeting_that_leaves_the_telephone_open_rings_and_keeps_queues(office: Office):
    exchange = await office.exchange()
    office.provider.put(meeting("a", MONDAY, 90, subject="MÖT; kom gärna in"))
    mailbox = await office.connect("birger")
    answer = await exchange.route("102")
    assert does(answer) == ["ring", "ask_again"]
    assert answer.data["why"] == ["activity:meeting", "source:calendar"]
    queued = await exchange.route("102", via={"queue": "support"})
    assert queued.data["steps"][0]["offer"]
    office.provider.put(meeting("a", MONDAY, 90, subject="MÖT: stör inte"))
    await office.engine.sync_now(mailbox)
    assert does(await exchange.route("102")) == ["announce", "voicemail"]
    queued = await exchange.route("102", via={"queue": "support"})
    assert not queued.data["steps"][0]["offer"]


async def test_a_call_can_be_tried_at_a_time_by_what_the_calendar_says_today(office: Office):
    """A calendar is read all the time: what it says of Thursday counts, if it is read now."""
    await office.exchange()
    caller, thursday = await office.caller("birger"), MONDAY + timedelta(days=3)
    office.provider.put(meeting("a", thursday, 60))
    await office.connect("birger")
    call = {"from": "+46701740605", "to": "102", "at": timestamp(thursday + timedelta(minutes=10))}
    tried = (await caller.post("/api/routing/simulate", call)).data
    assert tried["announcement"]["text"].startswith(
        "Den du söker är i möte och är åter klockan elva"
    )
    office.clock.move(hours=25)
    tried = (await caller.post("/api/routing/simulate", call)).data
    assert tried["announcement"] is None


# Why


async def test_every_decision_is_explained_in_both_languages(office: Office):
    hour = timedelta(hours=1)
    office.provider.put(
        meeting("now", MONDAY, 150, private=True, subject=SUBJECT),
        meeting("word", MONDAY + 3 * hour, 60, subject="LUN: med Rebecka"),
        meeting("maybe", MONDAY + 5 * hour, 60, show_as="tentative"),
        meeting("no", MONDAY + 6 * hour, 60, response="declined"),
        meeting("friday", MONDAY + timedelta(days=4), 60),
        meeting("over", MONDAY - timedelta(days=1, hours=-2), 60),
        meeting("far", MONDAY + timedelta(days=8), 60),
    )
    await office.connect("birger", "microsoft")
    birger = await office.caller("birger")
    told = await explained(birger)
    assert told["now"] == {
        "activity_id": "meeting",
        "until": timestamp(MONDAY + timedelta(minutes=150)),
        "sentence": "Möte från din Microsoft-kalender till 12.30; "
        "privat, så den som ringer hör ingen orsak.",
    }
    assert [(one["rule"], one["counts"], one["activity_id"]) for one in told["occurrences"]] == [
        ("C5_meeting", True, "meeting"),
        ("C4_keyword", True, "lunch"),
        ("C2_tentative", True, "meeting"),
        ("C1_declined", False, None),
        ("C5_meeting", True, "meeting"),
    ]
    said = [one["sentence"] for one in told["occurrences"]]
    assert said[1:] == [
        "Lunch från din Microsoft-kalender till 14.00; ordet i början av ämnet säger vad du gör.",
        "Möte från din Microsoft-kalender till 16.00; preliminärt, så telefonen är öppen.",
        "Räknas inte: du har tackat nej.",
        "Möte från din Microsoft-kalender till fredag 11.00.",
    ]
    assert said[0] == told["now"]["sentence"]
    assert SUBJECT not in json.dumps(told, ensure_ascii=False)
    assert told["occurrences"][1]["subject"] == "LUN: med Rebecka"
    assert {one["calendar"] for one in told["occurrences"]} == {"Kalender"}
    assert {one["provider"] for one in told["occurrences"]} == {"microsoft"}
    await birger.patch("/api/me", {"language": "en"})
    english = await explained(birger, "en")
    assert english["now"]["sentence"] == (
        "Meeting from your Microsoft calendar until 12:30; private, so callers hear no reason."
    )
    assert english["occurrences"][3]["sentence"] == "Does not count: you declined."


async def test_what_was_chosen_by_hand_explains_itself(office: Office):
    birger, astrid = await office.caller("birger"), await office.caller("astrid")
    assert (await explained(birger))["now"] == {
        "activity_id": "available",
        "until": None,
        "sentence": "Inget i dina kalendrar stänger telefonen.",
    }
    office.provider.put(meeting("a", MONDAY, 90), meeting("b", MONDAY + timedelta(minutes=90), 30))
    await office.connect("birger")
    assert (await explained(birger))["now"]["sentence"] == (
        "Möte från din Google-kalender till 11.30; åter 12.00, efter det som följer direkt på."
    )
    await birger.post("/api/activity", {"activity_id": "available"})
    told = await explained(birger)
    assert told["now"]["sentence"] == "Du valde Tillgänglig."
    assert [(one["rule"], one["counts"]) for one in told["occurrences"]] == [
        ("C10_suppressed", False),
        ("C5_meeting", True),
    ]
    chosen = {"activity_id": "lunch", "user_id": office.cast["birger"].id}
    await astrid.post("/api/activity", chosen)
    assert (await explained(birger))["now"]["sentence"] == "Astrid Lind valde Lunch åt dig."


async def test_the_same_meeting_in_two_calendars_is_told_as_one_and_its_twin(office: Office):
    office.provider.put(meeting("a", MONDAY, 90))
    await office.connect("birger", "google")
    await office.connect("birger", "microsoft")
    told = await explained(await office.caller("birger"))
    assert sorted(one["rule"] for one in told["occurrences"]) == ["C5_meeting", "C8_twin"]
    answer = await (await office.caller("birger")).get(
        f"/api/people/{office.cast['birger'].id}/activities"
    )
    assert len(answer.data["activities"]) == 1


async def test_calendars_decide_nothing_for_a_plan_without_them(office: Office):
    basse, astrid = office.cast["basse"], await office.caller("astrid")
    office.provider.put(meeting("a", MONDAY, 90))
    await astrid.patch(f"/api/admin/people/{basse.id}", {"plan": "pro"})
    main = ChosenCalendar(id="main", name="Kalender", primary=True, counts=True)
    mailbox = await office.engine.connect(basse, "google", calendars=(main,))
    await office.engine.sync_now(mailbox)
    assert await office.engine.is_closed(basse)
    await astrid.patch(f"/api/admin/people/{basse.id}", {"plan": "basic"})
    await recomputing.of_people(office.engine.app, "example.com", basse.id)  # what the job does
    assert not await office.engine.is_closed(basse)
    [one] = (await explained(await office.caller("basse")))["occurrences"]
    assert (one["rule"], one["counts"]) == ("no_plan", False)

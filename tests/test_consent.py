"""Asking for consent: once, within ten minutes, and for the session that asked alone."""

from __future__ import annotations

import asyncio

import pytest

from integrations.contract import AccessLost, BadAnswer, Granted, Onward, Unreachable
from server.domain.jobs import Job
from storage.calendars import CalendarPolicy
from tests.accounts_elsewhere import open_place
from tests.callers import Caller
from tests.cast import make_token
from tests.engine import Clock

BIRGERS = Granted(credentials={"refresh": "r-1"}, account="Birger@example.com")
COMPANYS = Granted(credentials={"app": "a-1"}, account="example.com", tenant="tenant-1")


@pytest.fixture
async def place(settings):
    async with open_place(settings) as found:
        yield found


async def connections_of(place, who):
    found = (await place.callers[who].get("/api/connections")).data["connections"]
    return [(each["id"], each["account"], each["status"]) for each in found]


async def test_who_consents_is_connected_and_the_first_sync_begins(place):
    place.asker.answers = [BIRGERS]
    state = await place.begin("birger")
    [kept] = await place.app.stores.database["consents"].find().to_list(None)
    assert "secret" not in repr(kept)
    assert state not in repr(kept)

    what, connection_id = await place.back(place.tokens["birger"], state, session="extra")

    assert what == "connected"
    [(flow, answer)] = place.asker.finished
    assert flow == {"state": state, "verifier": "secret", "company": False}
    assert answer == {"state": state, "code": "x", "session": "extra"}
    [shown] = (await place.callers["birger"].get("/api/connections")).data["connections"]
    assert shown["id"] == connection_id
    assert (shown["account"], shown["status"], shown["company"]) == (
        "Birger@example.com",
        "connecting",
        False,
    )
    assert [each["id"] for each in shown["calendars"] if each["counts"]] == ["main"]
    [mailbox] = await place.app.stores.mailboxes.of_user("example.com", place.cast["birger"].id)
    assert place.handed.named(Job.CALENDAR_SYNC) == [{"mailbox_id": mailbox.id}]
    [stored] = await place.app.stores.database["connections"].find().to_list(None)
    assert "r-1" not in repr(stored)


async def test_an_answer_counts_once(place):
    place.asker.answers = [BIRGERS, BIRGERS]
    state = await place.begin("birger")
    answers = await asyncio.gather(*(place.back(place.tokens["birger"], state) for _ in range(5)))
    assert sorted(what for what, _ in answers) == ["connect_error"] * 4 + ["connected"]
    assert await place.back(place.tokens["birger"], state) == ("connect_error", "state")
    assert len(place.asker.finished) == 1


async def test_an_answer_to_somebody_elses_question_connects_nothing(place):
    place.asker.answers = [BIRGERS]
    state = await place.begin("birger")
    another = await make_token(place.app, place.cast["birger"])
    for token in (place.tokens["rebecka"], place.tokens["cecilia"], another, "nobody", ""):
        assert await place.back(token, state) == ("connect_error", "state")
    assert await place.back(place.tokens["birger"], state, "microsoft") == (
        "connect_error",
        "state",
    )
    for wrong in ("", "state-99", state + "x"):
        assert await place.back(place.tokens["birger"], wrong) == ("connect_error", "state")
    assert place.asker.finished == []
    assert (await place.back(place.tokens["birger"], state))[0] == "connected"


async def test_an_answer_that_comes_after_ten_minutes_is_too_late(settings):
    clock = Clock()
    async with open_place(settings, clock) as place:
        state = await place.begin("birger")
        clock.move(minutes=10)
        assert await place.back(place.tokens["birger"], state) == ("connect_error", "state")
        assert place.asker.finished == []


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (AccessLost("no"), "refused"),
        (Unreachable(), "unreachable"),
        (BadAnswer(), "unusable"),
    ],
)
async def test_what_fails_is_told_in_a_word_and_may_be_asked_anew(place, failure, word):
    place.asker.answers = [failure, BIRGERS]
    token = place.tokens["birger"]
    assert await place.back(token, await place.begin("birger")) == ("connect_error", word)
    assert await connections_of(place, "birger") == []
    assert (await place.back(token, await place.begin("birger")))[0] == "connected"


async def test_who_says_no_at_the_provider_is_not_connected(place):
    state = await place.begin("birger")
    back = await place.back(place.tokens["birger"], state, error="access_denied")
    assert back == ("connect_error", "refused")


async def test_connecting_again_keeps_the_same_connection(place):
    place.asker.answers = [
        BIRGERS,
        Granted(credentials={"refresh": "r-2"}, account="birger@example.com"),
    ]
    token, app = place.tokens["birger"], place.app
    _, first = await place.back(token, await place.begin("birger"))
    await app.stores.connections.update(first, "example.com", status="lost", trouble="access_lost")
    [mailbox] = await app.stores.mailboxes.of_user("example.com", place.cast["birger"].id)
    await app.stores.mailboxes.update(mailbox.id, "example.com", status="lost", failures=3)
    assert [each[2] for each in await connections_of(place, "birger")] == ["reconnect"]

    _, again = await place.back(token, await place.begin("birger", connection_id=first))

    assert again == first
    assert await connections_of(place, "birger") == [(first, "Birger@example.com", "connecting")]
    found = await app.stores.mailboxes.get(mailbox.id)
    assert (found.status, found.failures, found.trouble) == ("new", 0, "")


async def test_asking_for_an_account_that_is_connected_already_makes_no_second_one(place):
    place.asker.answers = [BIRGERS, BIRGERS]
    ids = {(await place.back(place.tokens["birger"], await place.begin("birger")))[1] for _ in "ab"}
    assert len(ids) == len(await connections_of(place, "birger")) == 1


async def test_another_account_cannot_take_the_place_of_one_that_was_lost(place):
    other = Granted(credentials={"refresh": "r-9"}, account="privat@example.net")
    place.asker.answers = [BIRGERS, other]
    token = place.tokens["birger"]
    _, first = await place.back(token, await place.begin("birger"))
    state = await place.begin("birger", connection_id=first)
    assert await place.back(token, state) == ("connect_error", "other_account")
    assert [each[1] for each in await connections_of(place, "birger")] == ["Birger@example.com"]


async def test_nobody_connects_what_is_anothers_again(place):
    place.asker.answers = [BIRGERS]
    _, first = await place.back(place.tokens["birger"], await place.begin("birger"))
    for who, wish in (
        ("rebecka", {"connection_id": first}),
        ("cecilia", {"connection_id": first}),
        ("astrid", {"connection_id": first, "company": True}),
    ):
        refused = await place.callers[who].post("/api/connections/google/begin", wish)
        assert refused.status == 404, who
    wrong = await place.callers["birger"].post(
        "/api/connections/microsoft/begin", {"connection_id": first}
    )
    assert wrong.status == 404


async def test_a_second_trip_is_a_question_of_its_own(place):
    onward = Onward(url="https://login.example.com/2", flow={"state": "second", "verifier": "v2"})
    place.asker.answers = [onward, COMPANYS]
    token = place.tokens["astrid"]
    state = await place.begin("astrid", "microsoft", company=True)
    query = {"state": state, "admin_consent": "True"}
    assert await place.sent_to(token, query, "microsoft") == onward.url
    assert await place.back(token, state, "microsoft") == ("connect_error", "state")
    assert (await place.back(token, "second", "microsoft"))[0] == "connected"
    assert [flow["state"] for flow, _ in place.asker.finished] == [state, "second"]


async def test_what_the_company_switched_off_is_refused_also_on_the_way_back(place):
    place.asker.answers = [BIRGERS]
    token, policies = place.tokens["birger"], place.app.stores.calendar_policies
    state = await place.begin("birger")
    await policies.put(CalendarPolicy(id="example.com", providers=("caldav",)))
    assert await place.back(token, state) == ("connect_error", "not_allowed")
    refused = await place.callers["birger"].post("/api/connections/google/begin", {})
    assert refused.status == 403
    assert "stängt av" in refused.data["detail"]
    assert await connections_of(place, "birger") == []


async def test_only_administrators_ask_for_the_whole_company(place):
    for who in ("birger", "rebecka", "basse"):
        asked = await place.callers[who].post("/api/connections/microsoft/begin", {"company": True})
        assert asked.status == 403
    stranger = Caller(place.http, place.url)
    assert (await stranger.post("/api/connections/microsoft/begin", {})).status == 401


async def test_who_is_no_administrator_any_more_when_they_come_back_connects_nothing(place):
    place.asker.answers = [COMPANYS]
    state = await place.begin("astrid", "microsoft", company=True)
    astrid = place.cast["astrid"]
    await place.app.stores.users.update(astrid.id, "example.com", role="member")
    place.app.events.forget("user", astrid.id)
    back = await place.back(place.tokens["astrid"], state, "microsoft")
    assert back == ("connect_error", "not_allowed")
    assert await place.app.stores.connections.of_company("example.com") == []


BAD = [
    ("POST", "/api/connections/google/begin", {"company": "yes"}, "company"),
    ("POST", "/api/connections/google/begin", {"connection_id": ""}, "connection_id"),
    ("POST", "/api/connections/google/begin", {"connection_id": "x" * 65}, "connection_id"),
    ("POST", "/api/connections/google/begin", {"provider": "microsoft"}, "provider"),
    ("POST", "/api/connections/google/begin", {"more": 1}, "more"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), BAD)
async def test_what_cannot_be_read_is_refused_by_its_field(place, method, path, body, field):
    answer = await place.callers["birger"].call(method, path, json=body)
    assert (answer.status, answer.data["field"]) == (422, field)


async def test_other_providers_have_no_consent(place):
    assert (await place.callers["birger"].post("/api/connections/caldav/begin", {})).status == 404
    assert (await place.callers["birger"].post("/api/connections/yahoo/begin", {})).status == 404
    assert (await place.callers["birger"].get("/oauth/yahoo/callback")).status == 404

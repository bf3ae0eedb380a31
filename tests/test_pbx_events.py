"""What exchanges tell of calls, and what colleagues then see of each other's lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from server.boot import now
from server.domain.telephony import events
from server.domain.telephony.events import advance
from server.domain.telephony.lines import CallEvent, LineEvent
from storage.models import timestamp
from storage.telephony import LineState, PbxCredential
from tests.callers import Answer, Caller, calling
from tests.cast import make_company, make_token
from tests.clients import Client, connected
from tests.conftest import Live, run_server
from tests.exchange import Exchange
from worker.schedule import SCHEDULE

EXTENSIONS = {"astrid": "101", "birger": "102", "basse": "103", "cecilia": "101"}


@dataclass
class Office:
    """A company with extensions, and an exchange that tells."""

    live: Live
    http: ClientSession
    cast: dict[str, Any]
    exchange: Exchange

    async def admin(self, name: str = "astrid") -> Caller:
        return Caller(self.http, self.live.url, await make_token(self.live.app, self.cast[name]))

    async def another(self, name: str = "astrid") -> Exchange:
        return await connect(self.live, self.http, await self.admin(name))

    async def line(self, name: str, asked_by: str = "rebecka") -> str | None:
        """What a colleague sees of the line in a fresh answer."""
        someone = await self.admin(asked_by)
        found = await someone.get(f"/api/people/{self.cast[name].id}")
        state: str | None = found.data["presence"]["line"]
        return state


async def connect(live: Live, http: ClientSession, admin: Caller) -> Exchange:
    made = (await admin.post("/api/admin/pbx", {"name": "Växeln"})).data
    return Exchange(http, live.url, made["key"], made["secret"], live.app.now)


@asynccontextmanager
async def open_office(live: Live) -> AsyncIterator[Office]:
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        for boss in ("astrid", "cecilia"):
            admin = Caller(http, live.url, await make_token(live.app, cast[boss]))
            for name, number in EXTENSIONS.items():
                if cast[name].org_id == cast[boss].org_id:
                    body = {"kind": "extension", "user_id": cast[name].id}
                    put = await admin.call("PUT", f"/api/admin/numbers/{number}", json=body)
                    assert put.status == 200
        astrid = Caller(http, live.url, await make_token(live.app, cast["astrid"]))
        yield Office(live, http, cast, await connect(live, http, astrid))


@pytest.fixture
async def office(live: Live) -> AsyncIterator[Office]:
    async with open_office(live) as found:
        yield found


def call(seq: int, kind: str, user: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"seq": seq, "call_id": "c1", "type": kind, "at": timestamp(now())} | more
    return found | ({"user": user} if user else {})


def line(seq: int, user: str, state: str) -> dict[str, Any]:
    return {"seq": seq, "at": timestamp(now()), "line": {"user": user, "state": state}}


async def tell(exchange: Exchange, *told: dict[str, Any], stream: str | None = None) -> Any:
    data: dict[str, Any] = {"events": list(told)}
    if stream is not None:
        data["stream"] = stream
    answer = await exchange.post("/pbx/v1/events", data)
    assert answer.status == 200, answer.data
    return answer.data


async def sees(client: Client, user_id: str, state: str) -> None:
    """The client is told that the person's line does this."""

    def last() -> Any:
        told = [each for fact in client.all("presence.changed") for each in fact]
        return next((e["line"] for e in reversed(told) if e["user_id"] == user_id), None)

    await client.until(lambda: last() == state)


async def test_colleagues_on_another_server_see_a_call_from_its_ringing_to_its_end(two):
    first, second = two
    async with open_office(first) as office:
        rebecka = await make_token(first.app, office.cast["rebecka"])
        astrid = office.cast["astrid"].id
        async with connected(second.url, rebecka) as (client,):
            people = (await client.do("session.open"))["people"]
            assert {each["presence"]["line"] for each in people} == {"idle"}
            for seq, (kind, state) in enumerate(
                [
                    ("ringing", "ringing"),
                    ("answered", "in_call"),
                    ("held", "on_hold"),
                    ("resumed", "in_call"),
                    ("ended", "idle"),
                ],
                1,
            ):
                told = await tell(office.exchange, call(seq, kind, "101", peer="+46701740605"))
                assert told == {"applied": 1, "next_seq": seq + 1}
                await sees(client, astrid, state)
                people = (await client.do("session.open"))["people"]
                [shown] = [each["presence"] for each in people if each["id"] == astrid]
                assert shown["line"] == state
                assert shown["activity"] == "available"  # a call is no activity


async def test_a_person_is_named_by_id_by_extension_or_by_any_writing_of_a_number(office):
    admin = await office.admin()
    body = {"kind": "mobile", "user_id": office.cast["basse"].id}
    await admin.call("PUT", "/api/admin/numbers/070-174 06 07", json=body)
    for seq, name in enumerate(
        (office.cast["basse"].id, "103", "+46701740607", "0701740607", "070-174 06 07"), 1
    ):
        await tell(office.exchange, line(2 * seq - 1, name, "in_call"))
        assert await office.line("basse") == "in_call"
        await tell(office.exchange, line(2 * seq, name, "idle"))
        assert await office.line("basse") == "idle"


async def test_who_is_not_of_the_company_is_no_obstacle_and_is_not_touched(office):
    cecilia = office.cast["cecilia"].id
    told = await tell(
        office.exchange,
        call(1, "ringing", "999"),
        call(2, "ringing", cecilia),
        line(3, "+4684650049", "in_call"),
        call(4, "answered", "102"),
    )
    assert told == {"applied": 4, "next_seq": 5}
    assert await office.line("birger") == "in_call"
    await office.another("cecilia")
    assert await office.line("cecilia", "cecilia") == "idle"


async def test_two_companies_with_the_same_extension_see_their_own_calls(office):
    theirs = await office.another("cecilia")
    await tell(office.exchange, call(1, "answered", "101"))
    assert await office.line("cecilia", "cecilia") == "idle"
    await tell(theirs, call(1, "ringing", "101"))
    assert await office.line("cecilia", "cecilia") == "ringing"
    await tell(theirs, call(2, "ended"))  # the same id as a call of the others
    assert await office.line("cecilia", "cecilia") == "idle"
    assert await office.line("astrid") == "in_call"


async def test_two_exchanges_of_a_company_count_for_themselves(office):
    other = await office.another()
    await tell(office.exchange, call(1, "answered", "101"))
    await tell(other, call(1, "ringing", "101"))
    assert await office.line("astrid") == "in_call"
    await tell(office.exchange, call(2, "ended"))
    assert await office.line("astrid") == "ringing"
    await tell(other, call(2, "ended", "101"))
    assert await office.line("astrid") == "idle"


async def test_a_gap_is_asked_for_and_nothing_after_it_counts_until_it_is_filled(office):
    await tell(office.exchange, call(1, "ringing", "101"))
    told = await tell(office.exchange, call(2, "answered", "101"), call(5, "ended", "101"))
    assert told == {"applied": 1, "next_seq": 3, "missing": {"from": 3, "to": 4}}
    assert await office.line("astrid") == "in_call"
    told = await tell(
        office.exchange, call(5, "ended"), call(3, "held", "101"), call(4, "resumed", "101")
    )
    assert told == {"applied": 3, "next_seq": 6}
    assert await office.line("astrid") == "idle"


async def test_what_was_told_before_changes_nothing(office):
    batch = [call(1, "ringing", "101"), call(2, "answered", "101"), call(3, "ended", "101")]
    await tell(office.exchange, *batch)
    await tell(office.exchange, call(4, "ringing", "101", call_id="c2"))
    for _ in range(2):
        assert await tell(office.exchange, *batch) == {"applied": 0, "next_seq": 5}
    assert await tell(office.exchange, batch[2], call(5, "held", "102")) == {
        "applied": 1,
        "next_seq": 6,
    }
    assert await office.line("astrid") == "ringing"
    assert await tell(office.exchange) == {"applied": 0, "next_seq": 6}


async def test_the_same_batches_from_many_at_once_are_taken_once(two):
    first, second = two
    async with open_office(first) as office:
        there = Exchange(office.http, second.url, office.exchange.key, office.exchange.secret, now)
        told = [call(seq, "ringing", "101", call_id=f"c{seq}") for seq in range(1, 9)]

        async def all_of_it(exchange: Exchange) -> int:
            applied = 0
            for number in range(1, 9):
                answer = await tell(exchange, *told[:number])
                applied += answer["applied"]
            return applied

        taken = await asyncio.gather(*(all_of_it(each) for each in (office.exchange, there) * 2))
        assert sum(taken) == 8
        assert await office.line("astrid") == "ringing"
        ends = [call(seq + 8, "ended", call_id=f"c{seq}") for seq in range(1, 9)]
        assert (await tell(there, *ends))["applied"] == 8
        assert await office.line("astrid") == "idle"


async def test_exchanges_that_tell_of_one_person_at_once_are_all_heard(office):
    others = [office.exchange, *[await office.another() for _ in range(5)]]
    await asyncio.gather(*(tell(each, call(1, "ringing", "101")) for each in others))
    await asyncio.gather(*(tell(each, call(2, "answered", "101")) for each in others[1:]))
    assert await office.line("astrid") == "in_call"
    await asyncio.gather(*(tell(each, call(3, "ended", "101")) for each in others[1:]))
    assert await office.line("astrid") == "ringing"
    await tell(office.exchange, call(2, "ended"))
    assert await office.line("astrid") == "idle"


async def test_an_exchange_that_lost_count_begins_a_new_stream_with_everyone_idle(office):
    other = await office.another()
    await tell(other, call(1, "held", "103"))
    await tell(office.exchange, call(1, "answered", "101"), call(2, "ringing", "102"))
    told = await tell(office.exchange, call(1, "ringing", "102", call_id="new"), stream="b")
    assert told == {"applied": 1, "next_seq": 2}
    assert await office.line("astrid") == "idle"
    assert await office.line("birger") == "ringing"
    assert await office.line("basse") == "on_hold"  # told by another exchange
    late = await tell(office.exchange, call(3, "answered", "101"), stream="")
    assert late == {"applied": 0, "next_seq": 4}
    assert await office.line("astrid") == "idle"
    assert await tell(office.exchange, call(2, "ended"), stream="b") == {
        "applied": 1,
        "next_seq": 3,
    }


async def test_a_call_whose_end_was_never_told_is_swept_after_a_day(settings):
    ahead = [timedelta(0)]

    def clock() -> datetime:
        return now() + ahead[0]

    async with run_server(settings, clock=clock) as live, open_office(live) as office:
        rebecka = await make_token(live.app, office.cast["rebecka"])
        async with connected(live.url, rebecka) as (client,):
            await client.do("session.open")
            await tell(office.exchange, call(1, "answered", "101"), line(2, "102", "in_call"))
            ahead[0] = timedelta(hours=23)
            assert await events.sweep(live.app) == 0
            await tell(office.exchange, call(3, "ringing", "101", call_id="c2"))
            ahead[0] = timedelta(hours=25)
            assert await events.sweep(live.app) == 2
            await sees(client, office.cast["birger"].id, "idle")
            await sees(client, office.cast["astrid"].id, "ringing")
            assert await events.sweep(live.app) == 0
    assert "lines.sweep" in SCHEDULE


async def test_a_removed_exchange_leaves_nobody_in_a_call(office):
    admin = await office.admin()
    other = await office.another()
    [first, _second] = (await admin.get("/api/admin/pbx")).data["credentials"]
    await tell(office.exchange, call(1, "answered", "101"), call(2, "ringing", "102"))
    await tell(other, call(1, "held", "102"))
    token = await make_token(office.live.app, office.cast["rebecka"])
    async with connected(office.live.url, token) as (client,):
        await client.do("session.open")
        assert (await admin.delete(f"/api/admin/pbx/{first['id']}")).status == 204
        await sees(client, office.cast["astrid"].id, "idle")
        assert await office.line("birger") == "on_hold"
    answer = await office.exchange.post("/pbx/v1/events", {"events": [call(3, "ended")]})
    assert answer.status == 401


@pytest.mark.parametrize(
    "batch",
    [
        {},
        {"events": "x"},
        {"events": [{"seq": 1}]},
        {"events": [{"seq": 0, "at": "2026-11-18T11:00:00Z", "call_id": "c", "type": "ended"}]},
        {"events": [{"seq": 1, "at": "2026-11-18T11:00:00Z", "call_id": "c"}]},
        {"events": [{"seq": 1, "at": "2026-11-18T11:00:00Z", "type": "ended"}]},
        {"events": [{"seq": 1, "at": "2026-11-18T11:00:00", "call_id": "c", "type": "ended"}]},
        {"events": [{"seq": 1, "at": "noon", "call_id": "c", "type": "ended"}]},
        {"events": [{"seq": 1, "at": "2026-11-18T11:00:00Z", "call_id": "c", "type": "lost"}]},
        {"events": [{"seq": 1, "at": "2026-11-18T11:00:00Z", "call_id": "a\0", "type": "ended"}]},
        {"events": [line(1, "101", "busy")]},
        {"events": [line(1, "101", "idle") | {"call_id": "c", "type": "ended"}]},
        {"events": [call(1, "ended")], "streams": "x"},
        {"events": [call(seq, "ended") for seq in range(1, 502)]},
    ],
)
async def test_a_batch_that_cannot_be_read_is_refused_whole(office, batch):
    answer: Answer = await office.exchange.post("/pbx/v1/events", batch)
    assert answer.status == 422, answer.data
    assert answer.data["detail"]
    assert await tell(office.exchange, call(1, "ringing", "101")) == {"applied": 1, "next_seq": 2}


# The rules by themselves

AT = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
CREDENTIAL = PbxCredential(
    id="pbx", org_id="example.com", name="", key="k", sealed="", created_at=AT, created_by=""
)


def lines_after(*told: CallEvent | LineEvent) -> dict[str, str]:
    known: dict[str, LineState] = {}
    credential = CREDENTIAL
    for number in range(len(told)):  # one batch each, then all in one: the same
        taken = advance(credential, "", [told[number]], known, AT)
        known |= {each.user_id: each for each in taken.lines}
        credential = PbxCredential(
            **{
                **{n: getattr(credential, n) for n in credential.__slots__},
                "last_seq": taken.last_seq,
            }
        )
    at_once = {each.user_id: each for each in advance(CREDENTIAL, "", told, {}, AT).lines}
    busy = {user: each for user, each in known.items() if each.calls}
    assert {user: each.calls for user, each in busy.items()} == {
        user: each.calls for user, each in at_once.items() if each.calls
    }
    return {user: each.state for user, each in busy.items()}


def event(seq: int, kind: Any, user: str | None = None, **more: Any) -> CallEvent:
    return CallEvent(**{"seq": seq, "at": AT, "call_id": "c", "type": kind, "user": user} | more)


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ([event(1, "created", "a")], {"a": "in_call"}),
        ([event(1, "created", "a"), event(2, "ringing", "b")], {"a": "in_call", "b": "ringing"}),
        (  # it rang at two; the one who was quicker has it, the caller stays
            [
                event(1, "created", "a"),
                event(2, "ringing", "b"),
                event(3, "ringing", "c"),
                event(4, "answered", "b", peer="a"),
            ],
            {"a": "in_call", "b": "in_call"},
        ),
        ([event(1, "answered", "a"), event(2, "ended")], {}),
        ([event(1, "answered", "a"), event(2, "answered", "b"), event(3, "ended", "a")],
         {"b": "in_call"}),
        ([event(1, "answered", "a"), event(2, "transferred", "a", peer="b"),
          event(3, "ringing", "b")], {"b": "ringing"}),
        ([event(1, "ringing", "a"), event(2, "diverted", "a", peer="b")], {}),
        ([event(1, "held", "a"), event(2, "ringing", "a", call_id="d")], {"a": "on_hold"}),
        ([event(1, "held", "a"), event(2, "answered", "a", call_id="d")], {"a": "in_call"}),
        ([event(1, "answered", "a"), event(2, "answered", "a", call_id="d"), event(3, "ended")],
         {"a": "in_call"}),
        ([event(1, "answered", "a"), LineEvent(seq=2, at=AT, user="a", state="idle")], {}),
        ([LineEvent(seq=1, at=AT, user="a", state="on_hold")], {"a": "on_hold"}),
        ([LineEvent(seq=1, at=AT, user="a", state="in_call"), event(2, "ended", "a")], {}),
        ([event(1, "ended", "a"), event(2, "diverted"), event(3, "answered")], {}),
    ],
)  # fmt: skip  # a table of calls reads best so
def test_what_calls_make_of_lines(told, lines):
    assert lines_after(*told) == lines

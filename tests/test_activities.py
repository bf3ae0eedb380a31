"""Choosing what one does: who sees it, who may, when it ends, and what outlives a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.boot import now
from server.domain.activities import current
from server.domain.activities.state import MEETING
from storage.models import timestamp
from storage.telephony import Activity
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.clients import Client, Refused, connected
from tests.conftest import Live, run_server


class Clock:
    """The time, which a test moves."""

    def __init__(self, moment: datetime) -> None:
        self.ahead = moment - now()

    def __call__(self) -> datetime:
        return now() + self.ahead

    def move(self, **length: float) -> None:
        self.ahead += timedelta(**length)


# A Wednesday, 12:00 in Stockholm.
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def told(client: Client, user_id: str) -> dict[str, Any]:
    """What the client was last told of the person."""
    found = [each for fact in client.all("presence.changed") for each in fact]
    return next((each for each in reversed(found) if each["user_id"] == user_id), {})


async def shows(client: Client, user_id: str, activity: str) -> dict[str, Any]:
    """The fact, and the same in a fresh snapshot."""
    await client.until(lambda: told(client, user_id).get("activity") == activity)
    people = (await client.do("session.open"))["people"]
    [person] = [each for each in people if each["id"] == user_id]
    assert person["presence"] == told(client, user_id)
    return told(client, user_id)


async def tokens(live: Live, cast: dict[str, Any], *names: str) -> list[str]:
    return [await make_token(live.app, cast[name]) for name in names]


async def test_colleagues_on_another_server_see_what_one_does_and_until_when(two):
    first, second = two
    cast = await make_company(first.app)
    [astrids, birgers] = await tokens(first, cast, "astrid", "birger")
    async with connected(first.url, astrids) as (astrid,), connected(second.url, birgers) as (b,):
        await b.do("session.open")
        until = timestamp(now() + timedelta(minutes=30))
        mine = await astrid.do("activity.choose", activity_id="lunch", until=until, note="Pizza")
        assert (mine["activity"], mine["until"], mine["note"]) == ("lunch", until, "Pizza")
        assert await shows(b, cast["astrid"].id, "lunch") == mine
        back = await astrid.do("activity.choose", activity_id="available")
        assert (back["activity"], back["until"], back["note"]) == ("available", None, "")
        assert await shows(b, cast["astrid"].id, "available") == back
        changes = [each for fact in b.all("presence.changed") for each in fact]
        assert [each["activity"] for each in changes].count("lunch") == 1


async def test_choosing_over_http_is_the_same(live):
    cast = await make_company(live.app)
    [astrids, birgers] = await tokens(live, cast, "astrid", "birger")
    async with connected(live.url, birgers) as (birger,), calling(live.url) as http:
        await birger.do("session.open")
        astrid = Caller(http, live.url, astrids)
        answer = await astrid.post("/api/activity", {"activity_id": "meeting"})
        assert answer.status == 200
        assert await shows(birger, cast["astrid"].id, "meeting") == answer.data


async def test_what_was_chosen_ends_by_itself(settings):
    clock = Clock(NOON)
    async with run_server(settings, clock=clock) as live:
        cast = await make_company(live.app)
        [astrids, birgers] = await tokens(live, cast, "astrid", "birger")
        async with connected(live.url, astrids, birgers) as (astrid, birger):
            await astrid.do("activity.choose", activity_id="lunch")
            lunch = await shows(birger, cast["astrid"].id, "lunch")
            assert lunch["until"][:16] == "2026-11-18T12:00"
            clock.move(minutes=59)
            assert (await astrid.do("session.open"))["me"]["presence"]["activity"] == "lunch"
            clock.move(minutes=1, seconds=1)
            await shows(birger, cast["astrid"].id, "available")


async def test_a_coming_meeting_begins_and_ends_by_itself(settings):
    clock = Clock(NOON)
    async with run_server(settings, clock=clock) as live:
        cast = await make_company(live.app)
        astrid, [birgers] = cast["astrid"], await tokens(live, cast, "birger")
        meeting = calendar_row(live, astrid, clock() + timedelta(minutes=10), 50)
        await live.app.stores.activities.keep(meeting)
        async with connected(live.url, birgers) as (birger,):
            opened = await birger.do("session.open")
            assert {each["presence"]["activity"] for each in opened["people"]} == {"available"}
            clock.move(minutes=10, seconds=1)
            await shows(birger, astrid.id, "meeting")
            clock.move(minutes=50)
            await shows(birger, astrid.id, "available")


def calendar_row(live: Live, user: Any, start: datetime, minutes: float) -> Activity:
    return Activity(
        id=live.app.new_id(),
        org_id=user.org_id,
        user_id=user.id,
        type_id="meeting",
        start=start,
        end=start + timedelta(minutes=minutes),
        source="calendar",
        source_ref="a",
        priority=MEETING,
        set_at=start,
        set_by=user.id,
    )


async def test_available_opens_a_telephone_that_a_meeting_closed(live):
    cast = await make_company(live.app)
    birger = cast["birger"]
    row = calendar_row(live, birger, now() - timedelta(minutes=20), 60)
    await live.app.stores.activities.keep(row)
    [token] = await tokens(live, cast, "birger")
    async with connected(live.url, token) as (client,):
        me = (await client.do("session.open"))["me"]
        assert me["presence"]["activity"] == "meeting"
        chosen = await client.do("activity.choose", activity_id="available")
        assert chosen["activity"] == "available"
        await client.do("activity.choose", activity_id="break", until=soon(2))
        await client.until(lambda: told(client, birger.id).get("activity") == "break")
        await client.until(lambda: told(client, birger.id).get("activity") == "available")
        assert not (await current.state_of(live.app, birger)).closed


def soon(seconds: float) -> str:
    return timestamp(now() + timedelta(seconds=seconds))


async def test_a_restart_loses_nothing(settings):
    async with run_server(settings) as live:
        cast = await make_company(live.app)
        [token] = await tokens(live, cast, "astrid")
        async with connected(live.url, token) as (astrid,):
            chosen = await astrid.do("activity.choose", activity_id="vacation", until=soon(10**6))
    async with run_server(settings) as live, connected(live.url, token) as (astrid,):
        again = (await astrid.do("session.open"))["me"]["presence"]
        assert again == chosen | {"online": again["online"]}


async def test_what_ended_while_nothing_ran_has_ended(settings):
    clock = Clock(NOON)
    async with run_server(settings, clock=clock) as live:
        cast = await make_company(live.app)
        [token] = await tokens(live, cast, "astrid")
        async with connected(live.url, token) as (astrid,):
            await astrid.do("activity.choose", activity_id="lunch")
    clock.move(hours=2)
    async with run_server(settings, clock=clock) as live, connected(live.url, token) as (astrid,):
        assert (await astrid.do("session.open"))["me"]["presence"]["activity"] == "available"


@pytest.mark.parametrize(
    ("who", "whom", "kind"),
    [
        ("astrid", "birger", None),  # an administrator
        ("rebecka", "birger", None),  # an attendant
        ("birger", "astrid", "not-allowed"),
        ("basse", "birger", None),  # whom Birger asked to
        ("basse", "astrid", "not-allowed"),
        ("cecilia", "birger", "not-found"),  # of another company
        ("astrid", "cecilia", "not-found"),
    ],
)
async def test_only_some_may_choose_for_a_colleague(live, who, whom, kind):
    cast = await make_company(live.app)
    await live.app.stores.users.update(
        cast["birger"].id, "example.com", delegates=(cast["basse"].id,)
    )
    [token] = await tokens(live, cast, who)
    async with connected(live.url, token) as (client,), calling(live.url) as http:
        order: dict[str, Any] = {"activity_id": "meeting", "user_id": cast[whom].id}
        listed = await Caller(http, live.url, token).get(f"/api/people/{cast[whom].id}/activities")
        if kind is None:
            assert (await client.do("activity.choose", **order))["activity"] == "meeting"
            listed = await Caller(http, live.url, token).get(
                f"/api/people/{cast[whom].id}/activities"
            )
            [row] = listed.data["activities"]
            assert (row["source"], row["set_by"]) == ("admin", cast[who].id)
        else:
            assert listed.data["type"] == f"/problems/{kind}"
            with pytest.raises(Refused, match=kind):
                await client.do("activity.choose", **order)
            assert (await current.state_of(live.app, cast[whom])).activity_id == "available"


@pytest.mark.parametrize(
    ("order", "kind", "field"),
    [
        ({"activity_id": "nothing"}, "not-found", None),
        ({"activity_id": "vacation"}, "invalid", "until"),
        ({"activity_id": "lunch", "until": "2020-01-01T00:00:00Z"}, "invalid", "until"),
        ({"activity_id": "lunch", "until": "2099-01-01T00:00:00Z"}, "invalid", "until"),
        ({"activity_id": "lunch", "until": "2027-01-01T00:00:00"}, "invalid", "until"),
        ({"activity_id": "lunch", "until": "9999-12-31T23:59:59-14:00"}, "invalid", "until"),
        ({"activity_id": "lunch", "until": "0001-01-01T00:00:00+14:00"}, "invalid", "until"),
        ({"activity_id": "lunch", "until": "noon"}, "invalid", "until"),
        ({"activity_id": "available", "until": "2027-01-01T00:00:00Z"}, "invalid", "until"),
        ({"activity_id": "lunch", "note": "x" * 201}, "invalid", "note"),
        ({"activity_id": "lunch", "note": "a\x00b"}, "invalid", "note"),
        ({"activity_id": "lunch", "user_id": "2" * 32}, "not-found", None),
        ({"activity_id": "", "user_id": None}, "invalid", "activity_id"),
        ({"activity_id": "lunch", "type": "x"}, "invalid", "type"),
    ],
)
async def test_what_cannot_be_chosen_is_refused_in_words(live, order, kind, field):
    cast = await make_company(live.app)
    [token] = await tokens(live, cast, "astrid")
    async with connected(live.url, token) as (client,):
        answer = await client.ask("activity.choose", order)
    assert answer["error"]["type"] == f"/problems/{kind}"
    assert answer["error"].get("field") == field
    assert answer["error"]["detail"]


async def test_of_many_choices_at_once_on_two_servers_one_stands(two):
    first, second = two
    cast = await make_company(first.app)
    [token] = await tokens(first, cast, "astrid")
    async with connected(first.url, token) as (here,), connected(second.url, token) as (there,):
        kinds = ["lunch", "meeting", "break", "out", "home", "sick"] * 3
        await asyncio.gather(
            *(
                device.do("activity.choose", activity_id=kind)
                for kind in kinds
                for device in (here, there)
            )
        )
        rows = await first.app.stores.activities.coming("example.com", cast["astrid"].id, now(), 50)
        assert len(rows) == 1
        for device in (here, there):
            await shows(device, cast["astrid"].id, rows[0].type_id)


@asynccontextmanager
async def at_noon(settings: Any) -> AsyncIterator[tuple[Live, Clock, dict[str, Any]]]:
    clock = Clock(NOON)
    async with run_server(settings, clock=clock) as live:
        yield live, clock, await make_company(live.app)


async def test_who_turned_it_on_has_gone_when_work_ends_and_is_back_when_it_begins(settings):
    async with at_noon(settings) as (live, clock, cast), calling(live.url) as http:
        [astrids, birgers] = await tokens(live, cast, "astrid", "birger")
        async with connected(live.url, birgers) as (birger,):
            astrid = Caller(http, live.url, astrids)
            await birger.do("session.open")
            me = (await astrid.patch("/api/me", {"auto_gone": True})).data
            assert (me["auto_gone"], me["presence"]["activity"]) == (True, "available")
            clock.move(hours=5, seconds=1)
            gone = await shows(birger, cast["astrid"].id, "gone_for_day")
            assert gone["until"] == "2026-11-19T07:00:00.000Z"
            clock.move(hours=15)
            await shows(birger, cast["astrid"].id, "available")
            await astrid.patch("/api/admin/org", {"working_hours": {"mon": [["08:00", "12:00"]]}})
            await shows(birger, cast["astrid"].id, "gone_for_day")


async def test_who_works_when_is_the_companys_until_one_says_otherwise(live):
    cast = await make_company(live.app)
    [astrids, birgers] = await tokens(live, cast, "astrid", "birger")
    async with calling(live.url) as http, connected(live.url, birgers) as (client,):
        astrid, birger = Caller(http, live.url, astrids), Caller(http, live.url, birgers)
        assert (await birger.get("/api/me")).data["own_hours"] is False
        hours = {"fri": [["09:00", "15:00"]]}
        org = (await astrid.patch("/api/admin/org", {"working_hours": hours, "country": "FI"})).data
        assert (org["working_hours"]["fri"], org["country"]) == ([["09:00", "15:00"]], "FI")
        [told_org] = await client.hears("org.changed")
        assert told_org["org"] == org
        [told_me] = await client.hears("me.changed")
        assert told_me["me"]["working_hours"] == org["working_hours"]
        own = {"mon": [["10:00", "14:00"]]}
        me = (await birger.patch("/api/me", {"working_hours": own})).data
        assert (me["own_hours"], me["working_hours"]["mon"]) == (True, [["10:00", "14:00"]])
        schedule = await current.schedule_of(
            live.app, await live.app.stores.users.get(cast["birger"].id)
        )
        assert schedule.works_at(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
        me = (await birger.patch("/api/me", {"own_hours": False})).data
        assert (me["own_hours"], me["working_hours"]) == (False, org["working_hours"])


async def test_who_may_choose_for_another_is_told(live):
    cast = await make_company(live.app)
    [birgers, basses, rebeckas] = await tokens(live, cast, "birger", "basse", "rebecka")
    async with calling(live.url) as http, connected(live.url, basses) as (basse,):
        birger = Caller(http, live.url, birgers)
        assert (await basse.do("session.open"))["me"]["may_set"] == "none"
        me = (await birger.patch("/api/me", {"delegates": [cast["basse"].id]})).data
        assert me["delegates"] == [cast["basse"].id]
        assert (await basse.hears("me.changed"))[0]["me"]["may_set"] == "some"
        await birger.patch("/api/me", {"delegates": []})
        assert (await basse.hears("me.changed", 2))[1]["me"]["may_set"] == "none"
        assert (await Caller(http, live.url, rebeckas).get("/api/me")).data["may_set"] == "all"
        answer = await birger.patch("/api/me", {"delegates": [cast["cecilia"].id]})
        assert answer.status == 404


async def test_years_of_history_do_not_make_a_look_up_read_more(app):
    cast = await make_company(app)
    rows = app.stores.database["activities"]
    began = now() - timedelta(days=400)
    for index, user in enumerate((cast["astrid"], cast["birger"])):
        await rows.insert_many(
            [
                {
                    "_id": f"old-{index}-{number}",
                    "org_id": user.org_id,
                    "user_id": user.id,
                    "type_id": "lunch",
                    "start": began + timedelta(minutes=number),
                    "end": began + timedelta(minutes=number + 1),
                    "ends": began + timedelta(minutes=number + 1),
                    "turns": [began + timedelta(minutes=number + 1)],
                    "source": "manual",
                    "set_at": began,
                    "set_by": user.id,
                }
                for number in range(5000)
            ]
        )
    wanted = {
        "org_id": "example.com",
        "user_id": {"$in": [user.id for user in cast.values()]},
        "ends": {"$gt": now()},
        "start": {"$lte": now()},
    }
    turning = {"turns": {"$elemMatch": {"$gt": now() - timedelta(seconds=1), "$lte": now()}}}
    for query in (wanted, turning):
        explained = await rows.find(query).explain()
        assert explained["executionStats"]["totalDocsExamined"] == 0
        assert explained["executionStats"]["totalKeysExamined"] < 30

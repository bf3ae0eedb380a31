"""Microsoft's promises: made, kept, prolonged and told of by https, as the vendor does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from integrations.contract import BadAnswer, Hook, Watch
from integrations.microsoft import Microsoft
from server.domain.calendars import people
from server.domain.jobs import Job
from standins import tls
from standins.graph.server import Graph
from storage.calendars import Mailbox
from storage.models import User
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import Live, run_server
from tests.engine import MONDAY, Clock, Engine, open_engine
from tests.exchange import give_number, make_exchange
from tests.microsoft import (
    BIRGER,
    Keeper,
    consent,
    default_calendar,
    graph_with_people,
    let_in,
    registration,
)

SOON = 10.0  # seconds within which what was told has come


@dataclass
class Desk:
    """Birger's mailbox, and a server that Microsoft can reach."""

    engine: Engine
    graph: Graph
    user: User
    mailbox: Mailbox
    live: Live

    async def told(self) -> None:
        """Wait until the server was told of a change."""
        async with asyncio.timeout(SOON):
            while not await self.engine.app.sync_queue.marked(self.mailbox.id):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def watched(self) -> None:
        """Sync, and let the worker see to the promises."""
        await self.engine.sync_now(self.mailbox)
        await self.engine.drain(Job.CALENDAR_RENEW)


@pytest.fixture
async def desk(settings, tmp_path) -> AsyncIterator[Desk]:
    clock = Clock()
    async with (
        graph_with_people(tmp_path, clock) as graph,
        tls.front(graph.authority) as front,
    ):
        settings = replace(settings, public_url=front.url, **graph.settings())
        async with (
            run_server(settings, clock=clock) as live,
            open_engine(settings, None, clock) as engine,
        ):
            front.point_at(live.url)
            birger = (await make_company(engine.app))["birger"]
            granted = await consent(graph, BIRGER)
            mailbox = await engine.connect(
                birger,
                "microsoft",
                credentials=granted.credentials,
                account=granted.account,
                contacts=True,
            )
            yield Desk(engine, graph, birger, mailbox, live)


async def test_a_change_is_told_and_closes_the_phone(desk):
    await desk.watched()
    [promise] = desk.graph.subscriptions.kept.values()
    assert promise.state not in ("", None)
    await desk.engine.drain()

    desk.graph.subscriptions.told_each_change = 3
    desk.graph.mailbox(BIRGER).add(MONDAY, MONDAY + timedelta(hours=1))
    await desk.told()
    await desk.engine.sync_now(desk.mailbox)

    assert await desk.engine.activity_of(desk.user) == "meeting"
    assert desk.graph.subscriptions.posted == 1


@pytest.mark.parametrize("by_calendar", [True, False])
async def test_a_change_in_another_calendar_that_counts_is_told_too(desk, by_calendar):
    desk.graph.api.by_calendar = by_calendar
    box, mailboxes = desk.graph.mailbox(BIRGER), desk.engine.app.stores.mailboxes
    project = box.add_calendar("Projekt")
    await desk.engine.sync_now(desk.mailbox)
    found = (await desk.engine.mailbox(desk.mailbox.id)).calendars
    both = tuple(replace(each, counts=True) for each in found)
    await mailboxes.update(desk.mailbox.id, desk.user.org_id, calendars=both)
    await desk.watched()
    await desk.engine.drain()
    resources = {each.resource for each in desk.graph.subscriptions.kept.values()}
    single = f"/me/calendars/{project.id}/events"
    assert resources == {"/me/events", single if by_calendar else "/me/events"}

    box.add(MONDAY, MONDAY + timedelta(hours=1), calendar=project)
    await desk.told()
    await desk.engine.sync_now(desk.mailbox)
    assert await desk.engine.activity_of(desk.user) == "meeting"


async def test_who_is_vip_rings_through_a_meeting_from_either_number_of_a_contact_there(desk):
    box, app = desk.graph.mailbox(BIRGER), desk.live.app
    box.add(MONDAY, MONDAY + timedelta(hours=1))
    box.add_contact(
        displayName="Cecilia Berg",
        businessPhones=["031-390 06 01"],
        mobilePhone="070-174 06 51",
    )
    await desk.engine.sync_now(desk.mailbox)
    await people.sync_people(desk.engine.app, desk.mailbox.id)
    contact = await app.stores.database["contacts"].find_one({"name": "Cecilia Berg"})
    async with calling(desk.live.url) as http:
        exchange = await make_exchange(app, http, desk.live.url, desk.user.org_id)
        await give_number(app, desk.user.org_id, "102", desk.user.id, "extension")
        birger = Caller(http, desk.live.url, await make_token(app, desk.user))
        path = f"/api/favourites/contact/{contact['_id']}"
        assert (await birger.call("PUT", path, json={"vip": True})).status < 300

        async def does(caller: str | None, **more: Any) -> list[str]:
            answer = await exchange.route("102", caller, **more)
            return [step["do"] for step in answer.data["steps"]]

        for number in ("+46313900601", "+46701740651"):
            assert await does(number) == ["ring", "ask_again"]
        assert await does("+46317011111") == ["announce", "voicemail"]
        assert await does(None) == ["announce", "voicemail"]
        assert await does("+46313900601", via={"queue": "support"}) == ["queue"]
        answer = await exchange.route("102")
        assert answer.data["why"] == ["activity:meeting", "source:calendar"]


async def test_who_does_not_know_the_secret_is_not_believed(desk):
    await desk.watched()
    await desk.engine.drain()
    [promise] = desk.graph.subscriptions.kept.values()
    promise.state = "guessed"
    desk.graph.mailbox(BIRGER).add(MONDAY, MONDAY + timedelta(hours=1))
    async with asyncio.timeout(SOON):
        while not desk.graph.subscriptions.posted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    assert not await desk.engine.app.sync_queue.marked(desk.mailbox.id)


async def test_a_promise_is_prolonged_before_it_ends(desk):
    await desk.watched()
    [promise] = desk.graph.subscriptions.kept.values()
    before = promise.until
    desk.engine.clock.move(days=5, hours=6)
    await desk.engine.sweep()

    assert list(desk.graph.subscriptions.kept.values()) == [promise]
    assert promise.until > before + timedelta(days=4)


async def test_a_promise_that_is_gone_is_made_anew(desk):
    await desk.watched()
    desk.graph.subscriptions.kept.clear()
    desk.engine.clock.move(days=5, hours=6)
    await desk.engine.sweep()

    assert len(desk.graph.subscriptions.kept) == 1


async def test_a_promise_that_microsoft_takes_back_is_made_anew_at_once(desk):
    await desk.watched()
    [before] = desk.graph.subscriptions.kept
    desk.graph.subscriptions.lifecycle(desk.graph.mailbox(BIRGER), "subscriptionRemoved")
    stores = desk.engine.app.stores
    async with asyncio.timeout(SOON):
        while True:
            kept = await stores.watches.of_mailbox(desk.user.org_id, desk.mailbox.id)
            if not kept or kept[0].renew_at <= desk.engine.app.now():
                break
            await asyncio.sleep(0.02)
    await desk.engine.sweep()
    await desk.watched()

    assert len(desk.graph.subscriptions.kept) == 1
    assert before not in desk.graph.subscriptions.kept


async def test_what_was_missed_is_read_as_a_whole(desk):
    await desk.watched()
    await desk.engine.drain()
    desk.graph.subscriptions.silent = True
    desk.graph.mailbox(BIRGER).add(MONDAY, MONDAY + timedelta(hours=1))
    desk.graph.subscriptions.silent = False
    desk.graph.subscriptions.lifecycle(desk.graph.mailbox(BIRGER), "missed")
    await desk.told()
    await desk.engine.sync_now(desk.mailbox)

    assert await desk.engine.activity_of(desk.user) == "meeting"


async def test_a_door_that_does_not_answer_the_handshake_is_promised_nothing(tmp_path):
    async with graph_with_people(tmp_path) as graph, tls.front(graph.authority) as front:
        front.point_at(graph.url.replace("https", "http"))  # TLS is not what answers there
        keeper, microsoft = await let_in(graph), Microsoft(registration(graph))
        access = keeper.access()
        calendar = await default_calendar(microsoft, access)
        until = graph.now() + timedelta(days=6)
        for url, secret in ((front.url, "s"), ("http://127.0.0.1:1", "s"), (front.url, "s" * 129)):
            hook = Hook(url=url, lifecycle_url=url, secret=secret, id="w", until=until)
            with pytest.raises(BadAnswer):
                await microsoft.watch(access, calendar, hook)
        assert not graph.subscriptions.kept
        await _gone(microsoft, keeper)


async def _gone(microsoft: Microsoft, keeper: Keeper) -> None:
    """A promise that nobody knows is not prolonged, and ending it is no error."""
    gone = Watch(id="00000000-0000-4000-8000-000000000000", until=Clock().at)
    assert await microsoft.renew(keeper.access(), gone, Clock().at) is None
    await microsoft.unwatch(keeper.access(), gone)

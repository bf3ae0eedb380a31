"""From a calendar at an address to what callers hear, also when the address fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from integrations.ics import IcsFeeds
from integrations.safe_http import Network
from tests.cast import make_company
from tests.desk import Connected, moment
from tests.engine import Clock, open_engine
from tests.feeds import Feed, calendar, event, feed
from tests.test_caldav_sync import at, away


@dataclass
class Desk(Connected):
    """Somebody whose calendar is published at an address."""

    feed: Feed


@pytest.fixture
async def desk(settings) -> AsyncIterator[Desk]:
    clock = Clock(moment("2026-11-23 08:00"))
    async with open_engine(settings, {"ics": IcsFeeds(Network(private=True))}, clock) as engine:
        birger = (await make_company(engine.app))["birger"]
        async with feed() as served:
            credentials = {"url": served.url, "time_zone": birger.time_zone}
            mailbox = await engine.connect(birger, "ics", credentials=credentials)
            yield Desk(engine, clock, birger, mailbox, served)


async def test_a_meeting_in_a_feed_closes_and_opens_when_it_goes(desk):
    desk.feed.text = calendar(
        at("2026-11-23", "10:00", "11:00", uid="a", zone="W. Europe Standard Time"),
        away("2026-11-24", "2026-11-25", uid="b"),
    )
    await desk.sync("2026-11-23 09:00")
    assert "är åter klockan elva." in await desk.engine.announcement_of(
        desk.user, moment("2026-11-23 10:15")
    )

    desk.feed.text = calendar(away("2026-11-24", "2026-11-25", uid="b"))
    await desk.sync("2026-11-23 10:15")
    assert not await desk.closed("2026-11-23 10:16")
    await desk.sync("2026-11-24 08:00")
    assert await desk.engine.activity_of(desk.user, moment("2026-11-24 09:00")) == "out"


async def test_a_feed_that_did_not_change_is_not_read_and_stays_trusted(desk):
    desk.feed.text = calendar(at("2026-11-24", "10:00", "11:00"))
    desk.feed.etag = '"1"'
    await desk.sync("2026-11-23 09:00")
    for hour in ("12", "18", "23"):
        good = await desk.sync(f"2026-11-23 {hour}:00")
        assert good.trouble == ""

    assert desk.feed.asked[-1]["If-None-Match"] == '"1"'
    assert await desk.closed("2026-11-24 10:15")


async def test_a_feed_that_is_gone_for_a_while_empties_nothing(desk):
    desk.feed.text = calendar(at("2026-11-23", "10:00", "11:00"))
    await desk.sync("2026-11-23 09:00")

    async def gone(_request: Any) -> web.StreamResponse:
        return web.Response(status=404)

    desk.feed.answer = gone
    failed = await desk.sync("2026-11-23 09:30")

    assert (failed.trouble, failed.status) == ("unreachable", "active")
    assert await desk.closed("2026-11-23 10:15")
    assert not await desk.closed("2026-11-24 10:15")


async def test_a_page_in_its_place_empties_nothing_and_one_bad_event_harms_no_other(desk):
    bad = "UID:bad\nDTSTART:20261123T090000Z\nRRULE:FREQ=SECONDLY"
    desk.feed.text = calendar(event("a", "20261123T100000", "20261123T110000"), bad)
    await desk.sync("2026-11-23 09:00")
    assert await desk.closed("2026-11-23 10:15")
    letters = await desk.engine.app.stores.dead_letters.of_org(desk.user.org_id)
    assert [each.why for each in letters] == ["too_frequent"]

    desk.feed.text = "<html>Inloggning</html>"
    failed = await desk.sync("2026-11-23 09:30")
    assert failed.trouble == "bad_answer"
    assert await desk.closed("2026-11-23 10:15")

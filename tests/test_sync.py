"""The engine keeps a mailbox in step, whatever happens to it on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import make_company
from tests.engine import MONDAY, Clock, Scripted, meeting, open_engine


@pytest.fixture
async def office(settings):
    """An engine with one scripted provider, and the cast."""
    clock = Clock()
    provider = Scripted(now=clock)
    async with open_engine(settings, {"google": provider}, clock) as engine:
        yield engine, provider, await make_company(engine.app)


async def test_a_meeting_closes_the_phone_and_its_end_opens_it_with_nobody_touching_anything(
    office,
):
    engine, provider, cast = office
    birger = cast["birger"]
    provider.put(meeting("a", MONDAY, 90))
    mailbox = await engine.connect(birger, "google")
    assert await engine.activity_of(birger) == "available"

    synced = await engine.sync_now(mailbox)

    assert (synced.status, synced.trouble, synced.failures) == ("active", "", 0)
    assert [each.id for each in synced.calendars if each.counts] == ["main"]
    assert await engine.activity_of(birger) == "meeting"
    assert "klockan elva och trettio" in await engine.announcement_of(birger)
    assert await engine.activity_of(birger, MONDAY + timedelta(minutes=91)) == "available"

    provider.put(meeting("a", MONDAY, 30))
    await engine.sync_now(mailbox)
    assert await engine.activity_of(birger, MONDAY + timedelta(minutes=31)) == "available"
    provider.delete("a")
    await engine.sync_now(mailbox)
    assert await engine.activity_of(birger) == "available"
    assert provider.calls.count("full") == 1

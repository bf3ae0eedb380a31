"""What ends by itself, in the browsers of two people: the test moves the server's clock."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from server.boot import now
from server.settings import Settings
from tests.conftest import run_server
from tests.e2e.office import Office
from tests.e2e.test_activities import announcement_of, choose, my_button, person
from tests.test_activities import Clock


@pytest.fixture
async def clock() -> Clock:
    return Clock(now())


@pytest.fixture
async def clocked(settings: Settings, clock: Clock, browser: Browser) -> AsyncIterator[Office]:
    """A company on a server that goes by `clock`."""
    async with AsyncExitStack() as closing:
        live = await closing.enter_async_context(run_server(settings, clock=clock))
        http = await closing.enter_async_context(aiohttp.ClientSession())
        office = await Office(live.app, live, browser, http, closing).open()
        yield office
        assert office.complaints == []


async def test_when_lunch_is_over_both_are_shown_available_and_callers_hear_nothing(
    clocked: Office, clock: Clock
):
    astrid = await clocked.sign_in("astrid", "/people")
    birger = await clocked.sign_in("birger")
    await choose(birger, "Lunch")
    await expect(person(astrid, "Birger Holm")).to_contain_text(re.compile("Lunch åter .*:"))
    assert "är på lunch" in (await announcement_of(clocked, "astrid", "birger"))["text"]

    clock.move(minutes=59)
    assert (await announcement_of(clocked, "astrid", "birger"))["closed"]
    clock.move(minutes=1, seconds=1)
    await expect(person(astrid, "Birger Holm")).to_contain_text("Tillgänglig")
    await expect(my_button(birger)).to_have_accessible_name("Min aktivitet: Tillgänglig")
    heard = await announcement_of(clocked, "astrid", "birger")
    assert (heard["closed"], heard["text"], heard["audio"]) == (False, "", None)

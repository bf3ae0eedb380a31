"""One browser and one server process for the run; a company of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, async_playwright, expect

from server.app import App
from server.boot import open_app
from tests.conftest import Databases, make_settings
from tests.e2e.browsers import launch
from tests.e2e.office import Office
from tests.e2e.served import ROOT, Served, free_port

# Two cores with everything else on them: nothing here is about speed.
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def served(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """The server process of the run; who kills it starts it again."""
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        pytest.fail("The web client is not built: run make web (make test does it by itself).")
    folder = tmp_path_factory.mktemp("served")
    settings = make_settings(databases, folder, port=free_port())
    served = Served(settings, folder / "server.log")
    await served.start()
    yield served
    served.stop()
    assert served.traces() == []


@pytest.fixture(scope="session")
async def town(served: Served) -> AsyncIterator[App]:
    """An App over the server's databases, to make companies and people with."""
    async with open_app(served.settings) as app:
        yield app


@pytest.fixture
async def office(town: App, served: Served, browser: Browser) -> AsyncIterator[Office]:
    """A company of its own, and browsers that must not complain."""
    async with AsyncExitStack() as closing:
        http = await closing.enter_async_context(aiohttp.ClientSession())
        office = await Office(town, served, browser, http, closing).open()
        yield office
        assert office.complaints == []

"""A real worker of calendars: ended in the middle of a sync, as hard as it gets."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from server.boot import now
from server.domain.calendars import sweep
from server.domain.jobs import Job
from server.jobs import CeleryJobs
from storage.calendars import Mailbox
from tests.cast import make_company
from tests.conftest import make_settings
from tests.engine import Engine, open_engine
from tests.syncer import Syncer, until


@dataclass
class Feed:
    """A calendar at an address, which can hang."""

    url: str = ""
    asked: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        await self.open.wait()
        begins, ends = (f"{now() + timedelta(hours=each):%Y%m%dT%H%M%SZ}" for each in (-1, 1))
        text = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:a\r\n"
            f"DTSTAMP:{begins}\r\nDTSTART:{begins}\r\nDTEND:{ends}\r\nSUMMARY:Möte\r\n"
            "END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        return web.Response(text=text, content_type="text/calendar")


@contextlib.asynccontextmanager
async def feeding() -> AsyncIterator[Feed]:
    feed = Feed()
    application = web.Application()
    application.router.add_get("/feed.ics", feed.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    feed.url = f"http://127.0.0.1:{runner.addresses[0][1]}/feed.ics"
    try:
        yield feed
    finally:
        feed.open.set()
        await runner.cleanup()


@dataclass
class Place:
    engine: Engine
    feed: Feed
    syncer: Syncer
    mailbox: Mailbox
    birger: Any


@pytest.fixture
async def place(databases, janitor, tmp_path):
    settings = make_settings(databases, tmp_path, private_networks=True)
    jobs = CeleryJobs(settings.redis_url or "")
    async with open_engine(settings, clock=now) as engine, feeding() as feed:
        engine.app = replace(engine.app, jobs=jobs)
        birger = (await make_company(engine.app))["birger"]
        mailbox = await engine.connect(birger, "ics", credentials={"url": feed.url})
        syncer = Syncer(settings)
        await syncer.start()
        try:
            yield Place(engine, feed, syncer, mailbox, birger)
        finally:
            await syncer.end(signal.SIGKILL)
            jobs.close()
    janitor.drop_database(settings.mongo_db)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_sync_that_was_cut_off_is_done_by_the_next_worker(place, number):
    engine, feed, mailbox = place.engine, place.feed, place.mailbox
    app = engine.app
    await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="backfill", mailbox_id=mailbox.id)

    async def asked() -> bool:
        return feed.asked > 0

    await until(asked)
    await place.syncer.end(number)
    held = (await engine.mailbox(mailbox.id)).lease_until is not None
    assert held == (number == signal.SIGKILL)  # who is asked to stop lets go
    assert await engine.activity_of(place.birger) == "available"

    if held:
        await app.stores.mailboxes.update(
            mailbox.id, mailbox.org_id, lease_until=app.now() - timedelta(seconds=1)
        )
    feed.open.set()
    await place.syncer.start()
    later = replace(app, now=lambda: now() + sweep.LEFT)
    await sweep.sweep(later)

    async def closed() -> bool:
        return await engine.activity_of(place.birger) == "meeting"

    await until(closed)
    found = await engine.mailbox(mailbox.id)
    assert (found.status, found.failures, found.trouble) == ("active", 0, "")
    assert "Traceback" not in place.syncer.log()


async def test_many_jobs_for_one_mailbox_in_a_real_worker_are_few_fetches(place):
    engine, feed, mailbox = place.engine, place.feed, place.mailbox
    app = engine.app
    feed.open.set()
    for _ in range(40):
        await app.sync_queue.mark(mailbox.id, app.now())
        await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="webhook", mailbox_id=mailbox.id)

    async def closed() -> bool:
        return await engine.activity_of(place.birger) == "meeting"

    async def done() -> bool:
        return not await app.sync_queue.waiting("webhook")

    await until(closed)
    await until(done)
    assert feed.asked <= 30  # of 41 jobs; a second lies between two rounds
    assert "Traceback" not in place.syncer.log()

"""Whatever happens at random, on both sides: a good round later all is as the provider has it."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.contract import BadAnswer, Unreachable
from server.domain.calendars import leases, sync
from server.domain.calendars.claims import rows_of
from tests.cast import make_company
from tests.engine import MONDAY, Clock, Scripted, meeting, open_engine

STEPS = 60


@pytest.mark.parametrize("seed", range(6))
async def test_after_faults_in_any_order_all_is_as_the_provider_has_it(settings, seed):
    chance = random.Random(seed)
    clock = Clock()
    provider = Scripted(now=clock)
    async with open_engine(settings, {"google": provider}, clock) as engine:
        birger = (await make_company(engine.app))["birger"]
        mailbox = await engine.connect(birger, "google")
        for _ in range(STEPS):
            await _something(chance, engine, provider, mailbox.id)
        provider.failures, provider.before, provider.faulty = [], None, ()
        clock.move(hours=25)  # whoever slept has lost the mailbox, and every pause is over

        found = await engine.sync_now(mailbox)
        assert found.synced_at is not None

        assert (found.status, found.failures, found.trouble) == ("active", 0, "")
        stores = engine.app.stores
        kept = await stores.occurrences.of_mailbox(mailbox.org_id, mailbox.id)
        assert {each.ref: (each.start, each.subject) for each in kept} == {
            ref: (each.start, each.subject) for ref, each in provider.events.items()
        }
        wanted = await rows_of(engine.app, birger, kept, mailbox.id, found.synced_at)
        documents = stores.database["activities"].find({"mailbox_id": mailbox.id})
        rows = {
            each["_id"]: (each["start"], each["end"], each["type_id"])
            for each in await documents.to_list(None)
        }
        assert rows == {each.id: (each.start, each.end, each.type_id) for each in wanted}


async def _something(chance, engine, provider, mailbox_id):
    what = chance.choice(
        ["put"] * 4 + ["change"] * 3 + ["delete"] * 2
        + ["sync"] * 4 + ["two", "lost", "fail", "cancel", "sleep", "wait"]
    )  # fmt: skip
    refs = list(provider.events)
    if what == "put":
        start = MONDAY + timedelta(minutes=chance.randrange(10_000))
        provider.put(meeting(f"m{chance.randrange(60)}", start, chance.randrange(5, 200)))
    elif what == "change" and refs:
        event = provider.events[chance.choice(refs)]
        later = timedelta(minutes=chance.randrange(1, 90))
        provider.put(replace(event, start=event.start + later, end=event.end + later))
    elif what == "delete" and refs:
        provider.delete(chance.choice(refs))
    elif what == "sync":
        await engine.sync_now(mailbox_id)
    elif what == "two":
        await asyncio.gather(*(sync.sync(engine.app, mailbox_id) for _ in range(2)))
    elif what == "lost":
        provider.forget_cursors()
    elif what == "fail":
        provider.failures = [chance.choice([Unreachable(), BadAnswer(), KeyError(), None])]
    elif what == "cancel":
        await _cut_off(engine, mailbox_id, chance.random() * 0.03)
    elif what == "sleep":
        await _sleep_too_long(engine, provider, mailbox_id)
    else:
        engine.clock.move(seconds=chance.randrange(4000))


async def _cut_off(engine, mailbox_id, after):
    """End a round at any point of it."""
    worker = asyncio.create_task(sync.sync(engine.app, mailbox_id))
    await asyncio.sleep(after)
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker


async def _sleep_too_long(engine, provider, mailbox_id):
    """One worker sleeps in the middle of a round while another makes a whole one."""

    async def oversleep():
        provider.before = None
        engine.clock.move(seconds=leases.LASTS.total_seconds() + 1)
        provider.put(meeting("slept", engine.clock.at))
        await sync.sync(engine.app, mailbox_id)

    provider.before = oversleep
    await engine.sync_now(mailbox_id)
    provider.before = None

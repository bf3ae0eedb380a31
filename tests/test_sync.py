"""The engine keeps a mailbox in step, whatever happens to it on the way."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.contract import AccessLost, AutoReply, BadAnswer, Unreachable
from server.domain.calendars import connections, dead, failures, leases, sweep, sync
from server.domain.jobs import Job
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


async def test_what_is_as_it_was_is_not_written_again_and_costs_no_row(office):
    engine, provider, cast = office
    provider.put(meeting("a", MONDAY), meeting("b", MONDAY + timedelta(hours=3)))
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    database, told = engine.app.stores.database, []
    async with database["occurrences"].watch() as stream:
        provider.put(provider.events["a"], meeting("b", MONDAY + timedelta(hours=4)))
        await engine.sync_now(mailbox)
        while (change := await stream.try_next()) is not None:
            told.append((change["operationType"], change["fullDocument"]["ref"]))
    assert told == [("replace", "b")]


# Two at once, and death on the way


async def test_two_workers_and_one_mailbox_make_one_round(office):
    engine, provider, cast = office
    provider.put(meeting("a", MONDAY))
    mailbox = await engine.connect(cast["birger"], "google")
    provider.before = lambda: asyncio.sleep(0.1)

    await asyncio.gather(*(sync.sync(engine.app, mailbox.id) for _ in range(6)))

    assert provider.calls.count("full") == 1
    assert (await engine.mailbox(mailbox.id)).fence == 1


async def test_who_lost_the_mailbox_while_reading_keeps_nothing(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    stores = engine.app.stores
    provider.put(meeting("a", MONDAY))

    async def sleep_too_long() -> None:
        """The lease runs out, and another worker reads that the meeting is later."""
        provider.before = None
        engine.clock.move(seconds=leases.LASTS.total_seconds() + 1)
        provider.put(meeting("a", MONDAY + timedelta(hours=5)))
        await sync.sync(engine.app, mailbox.id)

    provider.before = sleep_too_long
    await engine.sync_now(mailbox)

    [kept] = await stores.occurrences.of_mailbox(mailbox.org_id, mailbox.id)
    assert kept.start == MONDAY + timedelta(hours=5)
    cursors = await stores.cursors.of_mailbox(mailbox.org_id, mailbox.id)
    assert cursors["main"].token == "2"
    found = await engine.mailbox(mailbox.id)
    assert (found.trouble, found.failures, found.lease_until) == ("", 0, None)


async def test_a_worker_that_is_stopped_between_a_page_and_the_cursor_leaves_all_to_the_next(
    office,
):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    provider.put(meeting("a", MONDAY))
    reading = asyncio.Event()

    async def stand_still() -> None:
        reading.set()
        await asyncio.sleep(60)

    provider.before = stand_still
    worker = asyncio.create_task(sync.sync(engine.app, mailbox.id))
    await reading.wait()
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker

    cursors = await engine.app.stores.cursors.of_mailbox(mailbox.org_id, mailbox.id)
    assert cursors["main"].token == "0"
    assert (await engine.mailbox(mailbox.id)).lease_until is None
    provider.before = None
    engine.clock.move(seconds=6)
    assert await engine.sweep() == 1
    assert await engine.activity_of(cast["birger"]) == "meeting"


async def test_a_mailbox_whose_worker_died_is_taken_up_when_its_lease_is_over(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    provider.put(meeting("a", MONDAY))
    now = engine.app.now()
    await engine.app.stores.mailboxes.lease(mailbox.id, now, now + leases.LASTS)  # and dies

    await engine.sync_now(mailbox)
    assert await engine.sweep() == 0
    assert await engine.activity_of(cast["birger"]) == "available"
    engine.clock.move(seconds=leases.LASTS.total_seconds() + 1)
    assert await engine.sweep() == 1
    assert await engine.activity_of(cast["birger"]) == "meeting"


async def test_a_storm_of_500_becomes_a_few_fetches_and_nothing_is_missed(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    provider.calls.clear()
    provider.before = lambda: asyncio.sleep(0.05)
    workers = []
    for number in range(500):
        provider.put(meeting(f"m{number}", MONDAY + timedelta(minutes=10 * number), 10))
        if await engine.app.sync_queue.mark(mailbox.id, engine.app.now()):
            workers.append(asyncio.create_task(sync.sync(engine.app, mailbox.id)))
        await asyncio.sleep(0.001)
    await asyncio.gather(*workers)

    assert 1 <= provider.calls.count("changes") <= 6
    kept = await engine.app.stores.occurrences.of_mailbox(mailbox.org_id, mailbox.id)
    assert len(kept) == 500
    assert not await engine.app.sync_queue.marked(mailbox.id)


# Cursors


async def test_a_lost_cursor_reads_everything_again_and_nobody_sees_a_flicker(office):
    engine, provider, cast = office
    birger = cast["birger"]
    provider.put(*(meeting(f"m{n}", MONDAY + timedelta(hours=n), 60) for n in range(-1, 40)))
    mailbox = await engine.connect(birger, "google")
    await engine.sync_now(mailbox)
    seen: set[tuple[str, str]] = set()
    watching = True

    async def watch() -> None:
        while watching:
            found = await engine.presence_of(birger, MONDAY + timedelta(minutes=5))
            seen.add((found["activity"], found["until"]))
            await asyncio.sleep(0)

    before = len(engine.told.facts)
    watcher = asyncio.create_task(watch())
    for _ in range(5):
        provider.forget_cursors()
        await engine.sync_now(mailbox)
    watching = False
    await watcher

    assert provider.calls.count("full") == 6
    assert len(seen) == 1
    assert next(iter(seen))[0] == "meeting"
    assert len(engine.told.facts) == before


async def test_a_deletion_that_went_unheard_is_seen_when_everything_is_read_again(office):
    engine, provider, cast = office
    provider.put(meeting("a", MONDAY), meeting("b", MONDAY + timedelta(hours=2)))
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    del provider.events["a"]
    provider.forget_cursors()
    await engine.sync_now(mailbox)
    kept = await engine.app.stores.occurrences.of_mailbox(mailbox.org_id, mailbox.id)
    assert [each.ref for each in kept] == ["b"]
    assert await engine.activity_of(cast["birger"], MONDAY + timedelta(minutes=5)) == "available"


async def test_after_a_week_everything_is_read_again_with_a_window_of_its_own(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    first = (await engine.app.stores.cursors.of_mailbox("example.com", mailbox.id))["main"]
    engine.clock.move(days=5)
    await engine.sync_now(mailbox)
    assert provider.calls.count("full") == 1
    engine.clock.move(days=2)
    await engine.sync_now(mailbox)
    assert provider.calls.count("full") == 2
    second = (await engine.app.stores.cursors.of_mailbox("example.com", mailbox.id))["main"]
    assert second.window_end - first.window_end == timedelta(days=7)


# Failures


async def test_throttling_that_never_ends_grows_stale_is_given_up_and_leaves_nothing_stuck(office):
    engine, provider, cast = office
    birger = cast["birger"]
    provider.put(meeting("a", MONDAY, 60 * 20))
    provider.put(meeting("b", MONDAY + timedelta(hours=23, minutes=30)))
    mailbox = await engine.connect(birger, "google")
    await engine.sync_now(mailbox)
    await engine.drain()
    provider.failures = [Unreachable("429", retry_after=60)] * 1000
    asked = provider.calls.count("changes")
    until = engine.app.now() + timedelta(hours=23, minutes=40)
    tries = []
    while engine.app.now() < until:
        engine.clock.move(seconds=60)
        if await engine.sweep():
            now = await engine.mailbox(mailbox.id)
            tries.append((now.failures, (now.next_at - engine.app.now()).total_seconds()))

    found = await engine.mailbox(mailbox.id)
    assert (found.status, found.trouble) == ("active", "busy")
    assert all(pause >= 59 for _failures, pause in tries)
    assert 40 < provider.calls.count("changes") - asked < 400
    [letter] = await dead.letters(engine.app, "example.com")
    assert (letter.mailbox_id, letter.why, letter.ref) == (mailbox.id, "busy", "")
    assert letter.tries == found.failures
    assert await engine.activity_of(birger) == "meeting"  # believed for a day
    engine.clock.move(minutes=25)
    assert await engine.activity_of(birger) == "available"

    provider.failures = []
    await dead.replay(engine.app, "example.com", letter.id)
    await engine.drain()
    found = await engine.mailbox(mailbox.id)
    assert (found.failures, found.trouble) == (0, "")
    assert await dead.letters(engine.app, "example.com") == []


async def test_a_tenant_that_asks_for_patience_gets_it_from_all_of_its_mailboxes(office):
    engine, provider, cast = office
    mailboxes = [
        await engine.connect(cast[name], "google", tenant="t1") for name in ("birger", "astrid")
    ]
    other = await engine.connect(cast["rebecka"], "google", tenant="t2")
    for each in (*mailboxes, other):
        await engine.sync_now(each)
    provider.calls.clear()
    provider.failures = [Unreachable("429", retry_after=300, scope="tenant")]
    await engine.sync_now(mailboxes[0])
    for each in (*mailboxes, other):
        await engine.app.sync_queue.mark(each.id, engine.app.now())
        await engine.sync_now(each)
    assert provider.calls.count("changes") == 2  # the one that was refused, and the other tenant's
    waiting = await engine.mailbox(mailboxes[1].id)
    assert waiting.next_at - engine.app.now() > timedelta(seconds=290)
    engine.clock.move(seconds=320)
    await engine.sweep()
    assert provider.calls.count("changes") >= 4


def test_pauses_grow_with_each_failure_and_are_never_shorter_than_was_asked_for():
    for number in range(1, 60):
        for _ in range(50):
            pause = failures.pause_of(number, 0)
            assert failures.SHORTEST <= pause <= failures.LONGEST + failures.SHORTEST
            assert pause <= failures.SHORTEST + failures.FIRST * 2.0**number
            assert failures.pause_of(number, 500) >= 500
    assert len({round(failures.pause_of(9, 0), 3) for _ in range(50)}) > 40


async def test_who_is_shut_out_is_told_once_and_asked_no_more(office):
    engine, provider, cast = office
    birger = cast["birger"]
    provider.put(meeting("a", MONDAY, 180))
    mailbox = await engine.connect(birger, "google")
    await engine.sync_now(mailbox)
    provider.failures = [AccessLost("invalid_grant")]
    found = await engine.sync_now(mailbox)
    assert (found.status, found.trouble) == ("lost", "access_lost")
    connection = await engine.app.stores.connections.in_org(found.connection_id, "example.com")
    assert (connection.status, connection.trouble) == ("lost", "access_lost")
    fact, _data, audience = engine.told.facts[-1]
    assert (fact, audience) == ("connections.changed", (f"user:{birger.id}",))

    calls = len(provider.calls)
    engine.clock.move(hours=2)
    await engine.app.sync_queue.mark(mailbox.id, engine.app.now())
    engine.clock.move(seconds=10)
    await engine.sweep()
    await engine.sync_now(mailbox)
    assert len(provider.calls) == calls
    assert not await engine.app.sync_queue.marked(mailbox.id)
    assert await engine.activity_of(birger, MONDAY + timedelta(hours=1)) == "meeting"
    assert await engine.activity_of(birger, MONDAY + timedelta(days=2)) == "available"


async def test_one_mailbox_that_a_companys_grant_does_not_reach_says_nothing_of_the_others(office):
    engine, provider, cast = office
    first = await engine.connect(cast["birger"], "google", company=True, address="b@example.com")
    second = await engine.connect(
        cast["astrid"], "google", connection_id=first.connection_id, address="a@example.com"
    )
    provider.failures = [AccessLost("ErrorAccessDenied")]
    assert (await engine.sync_now(first)).status == "lost"
    assert (await engine.sync_now(second)).status == "active"
    connection = await engine.app.stores.connections.in_org(first.connection_id, "example.com")
    assert connection.status == "active"


async def test_an_item_that_cannot_be_read_is_laid_aside_and_the_others_count(office):
    engine, provider, cast = office
    provider.put(meeting("good", MONDAY))
    provider.faulty = (("poison@hemligt.example", "recurrence"), ("worse", "Möte med Kim!"))
    mailbox = await engine.connect(cast["birger"], "google")
    found = await engine.sync_now(mailbox)
    assert (found.failures, found.trouble) == (0, "")
    assert await engine.activity_of(cast["birger"]) == "meeting"
    letters = await dead.letters(engine.app, "example.com")
    assert sorted(each.why for each in letters) == ["recurrence", "unreadable"]
    assert all(len(each.ref) == 32 and "poison" not in each.id for each in letters)

    provider.faulty = ()
    provider.put(meeting("poison@hemligt.example", MONDAY))
    await engine.sync_now(mailbox)
    assert len(await dead.letters(engine.app, "example.com")) == 1


async def test_a_fault_of_our_own_is_tried_again_and_says_nothing_of_what_it_saw(office, caplog):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    provider.failures = [KeyError("Möte om uppköpet"), BadAnswer("Möte om uppköpet")]
    found = await engine.sync_now(mailbox)
    assert (found.trouble, found.failures) == ("fault", 1)
    engine.clock.move(hours=1)
    found = await engine.sync_now(mailbox)
    assert (found.trouble, found.failures) == ("bad_answer", 2)
    engine.clock.move(hours=1)
    assert (await engine.sync_now(mailbox)).failures == 0
    assert "uppköpet" not in caplog.text
    assert all("uppköpet" not in str(vars(each)) for each in caplog.records)


async def test_a_server_that_hangs_holds_up_nobody_else(settings):
    clock = Clock()
    stuck, quick = Scripted(now=clock), Scripted(now=clock)
    async with open_engine(settings, {"caldav": stuck, "google": quick}, clock) as engine:
        cast = await make_company(engine.app)
        quick.put(meeting("a", MONDAY))
        hanging = await engine.connect(cast["astrid"], "caldav")
        other = await engine.connect(cast["birger"], "google")
        stuck.before = lambda: asyncio.sleep(600)
        job = asyncio.create_task(sync.sync_many(engine.app, f"{hanging.id},{other.id}"))
        async with asyncio.timeout(20):
            while await engine.activity_of(cast["birger"]) != "meeting":  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # whatever it is that tells us: state is computed
        assert not job.done()
        job.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await job


async def test_new_tokens_are_kept_sealed_before_anything_else_and_used_from_then_on(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google", credentials={"refresh": "r1"})
    provider.tokens = {"refresh": "hemlig-r2"}
    await engine.sync_now(mailbox)
    document = await engine.app.stores.database["connections"].find_one({})
    assert "hemlig" not in str(document)
    await engine.sync_now(mailbox)
    assert provider.seen[0] == {"refresh": "r1"}
    assert provider.seen[-1] == {"refresh": "hemlig-r2"}


async def test_tokens_of_who_lost_the_mailbox_are_not_kept(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google", credentials={"refresh": "r1"})
    async with leases.holding(engine.app, mailbox.id) as hold:
        assert hold is not None
        engine.clock.move(seconds=leases.LASTS.total_seconds() + 1)
        async with leases.holding(engine.app, mailbox.id) as other:
            assert other is not None
            await other.keep({"refresh": "r3"})
            with pytest.raises(leases.LeaseLost):
                await hold.keep({"refresh": "r2"})
    await engine.sync_now(mailbox)
    assert provider.seen[-1] == {"refresh": "r3"}


async def test_a_mailbox_that_is_gone_is_not_waited_for(office):
    engine, _provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await connections.disconnect(engine.app, cast["birger"], mailbox.connection_id)
    async with asyncio.timeout(30), leases.holding(engine.app, mailbox.id, 3600.0) as hold:
        assert hold is None


async def test_a_seal_that_does_not_open_is_a_lost_connection(office):
    engine, _provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.app.stores.connections.update(
        mailbox.connection_id, "example.com", sealed="gone:AAAA"
    )
    found = await engine.sync_now(mailbox)
    assert (found.status, found.trouble) == ("lost", "sealed")


# By the clock


async def test_each_mailbox_has_its_own_place_in_the_period_and_is_handed_out_once(office):
    engine, provider, cast = office
    mailboxes = [await engine.connect(cast["birger"], "google") for _ in range(30)]
    assert await engine.sweep() == 2  # newcomers, twenty to a job
    soon = [(await engine.mailbox(each.id)).next_at for each in mailboxes]
    spread = max(soon) - min(soon)
    assert spread > timedelta(seconds=engine.app.settings.poll_seconds / 2)
    assert provider.calls.count("full") == 30
    engine.clock.move(seconds=engine.app.settings.poll_seconds * 1.1 + 1)
    app = engine.app
    await asyncio.gather(*(sweep.sweep(app) for _ in range(4)))
    jobs = engine.handed.named(Job.CALENDAR_SYNC)
    handed = [each for job in jobs for each in job["mailbox_id"].split(",")]
    assert sorted(handed) == sorted(each.id for each in mailboxes)


async def test_while_the_worker_has_much_to_do_comparing_waits_and_what_was_told_does_not(office):
    engine, _provider, cast = office
    mailboxes = [await engine.connect(cast["birger"], "google") for _ in range(2)]
    for each in mailboxes:
        await engine.sync_now(each)
    engine.handed.jobs.clear()
    engine.clock.move(hours=1)
    queue = engine.app.sync_queue
    await queue.mark(mailboxes[0].id, engine.app.now())
    engine.clock.move(seconds=10)
    await queue._redis.lpush("sync", *(["job"] * sweep.LONGEST_QUEUE))
    await sweep.sweep(engine.app)
    assert engine.handed.jobs == [("calendar.sync", "webhook", {"mailbox_id": mailboxes[0].id})]
    await queue._redis.delete("sync")
    await sweep.sweep(engine.app)
    [_pushed, (_name, where, handed)] = engine.handed.jobs
    assert where == "sync"
    assert sorted(handed["mailbox_id"].split(",")) == sorted(each.id for each in mailboxes)


async def test_an_automatic_reply_with_an_end_is_an_absence_and_one_without_is_none(office):
    engine, provider, cast = office
    birger = cast["birger"]
    mailbox = await engine.connect(birger, "google")
    provider.reply = AutoReply(start=MONDAY, end=MONDAY + timedelta(days=2))
    provider.put(meeting("a", MONDAY))
    await engine.sync_now(mailbox)
    later = MONDAY + timedelta(hours=3)
    assert (await engine.presence_of(birger))["activity"] == "out"
    assert await engine.activity_of(birger, later) == "out"
    provider.reply = AutoReply()
    engine.clock.move(minutes=10)
    await engine.sync_now(mailbox)
    assert await engine.activity_of(birger) == "meeting"
    assert await engine.activity_of(birger, later) == "available"


async def test_a_calendar_that_counts_no_more_is_forgotten_at_the_next_round(office):
    engine, provider, cast = office
    provider.put(meeting("a", MONDAY))
    mailbox = await engine.connect(cast["birger"], "google")
    found = await engine.sync_now(mailbox)
    off = tuple(replace(each, counts=False) for each in found.calendars)
    await engine.app.stores.mailboxes.update(mailbox.id, "example.com", calendars=off)
    await engine.sync_now(mailbox)
    assert await engine.activity_of(cast["birger"]) == "available"
    assert await engine.app.stores.occurrences.of_mailbox("example.com", mailbox.id) == []


async def test_how_late_changes_were_seen_is_known_to_the_company(office):
    engine, provider, cast = office
    mailbox = await engine.connect(cast["birger"], "google")
    await engine.sync_now(mailbox)
    for number in range(3):
        provider.put(replace(meeting(f"m{number}", MONDAY), modified=engine.app.now()))
        engine.clock.move(seconds=number)
        await engine.sync_now(mailbox)
    assert sorted(await engine.app.sync_queue.lags("example.com")) == [1.0, 2.0, 3.0]
    assert await engine.app.sync_queue.lags("example.org") == []


async def test_a_clock_that_was_wrong_for_a_while_leaves_nothing_stuck(office):
    engine, provider, cast = office
    provider.put(meeting("a", MONDAY))
    mailbox = await engine.connect(cast["birger"], "google")
    engine.clock.move(days=300)
    await engine.sync_now(mailbox)
    engine.clock.at = MONDAY + timedelta(minutes=1)
    provider.put(meeting("a", MONDAY, 30))
    await engine.app.sync_queue.mark(mailbox.id, engine.app.now())
    engine.clock.move(seconds=10)
    assert await engine.sweep() >= 1
    assert await engine.activity_of(cast["birger"], MONDAY + timedelta(minutes=20)) == "meeting"
    assert await engine.activity_of(cast["birger"], MONDAY + timedelta(minutes=40)) == "available"

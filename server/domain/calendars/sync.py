"""Keeping a mailbox in step: rounds of reading what changed and keeping it at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.contract import Access, BadAnswer, CalendarProvider, Event
from server.app import App
from server.domain.calendars import failures, renewals, shape
from server.domain.calendars.choices import chosen
from server.domain.calendars.keeping import Findings, keep
from server.domain.calendars.leases import Hold, LeaseLost, holding
from server.domain.calendars.reading import BESIDE, Read, baseline_due, phase, read, read_reply
from server.domain.jobs import Job
from storage.activities import key_of
from storage.calendars import ChosenCalendar, Cursor, Mailbox
from storage.models import User

TOGETHER = 20  # mailboxes of one job that are read at the same time
LONGEST = 30.0  # seconds that one job goes round one mailbox, while it keeps changing
REST = timedelta(seconds=1)  # between two rounds of one mailbox
PATIENCE = 60.0  # seconds for a round that asks for changes
LONG_PATIENCE = 300.0  # seconds for one that reads everything
PEOPLE_EVERY = timedelta(hours=1)
LOOK_AGAIN = timedelta(seconds=15)  # providers may tell of a change before they show it
LATEST = timedelta(hours=1)  # a change that was told even later is no measure of ours
NOBODY_EVERY = timedelta(days=1)  # when the owner is gone, or the installation lacks the provider

log = logging.getLogger("vaxel.calendars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a round is for: *pushed* when its provider told of a change, *full* to read it all."""

    pushed: bool
    full: bool


async def sync_many(app: App, mailbox_ids: str) -> None:
    """Keep these mailboxes in step, ids with commas between, side by side.

    One whose server hangs holds up none of the others.
    """
    room = asyncio.Semaphore(TOGETHER)

    async def one(mailbox_id: str) -> None:
        async with room:
            await sync(app, mailbox_id)

    ids = list(dict.fromkeys(each for each in mailbox_ids.split(",") if each))
    done = await asyncio.gather(*(one(each) for each in ids), return_exceptions=True)
    for mailbox_id, error in zip(ids, done, strict=True):
        if error is not None:
            # Databases that are away. Their words may hold what was being written: kept from logs.
            facts = {"mailbox": mailbox_id, "error": type(error).__name__}
            log.error("sync.broken", extra=facts)


async def sync(app: App, mailbox_id: str) -> None:
    """Keep the mailbox in step with what its provider has now.

    Does nothing when another does it: who is told of a change meanwhile goes round once more. What
    fails is kept as such (see `failures`), and tried again when the mailbox's time comes.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST
    while loop.time() < until:
        if not await _go_round(app, mailbox_id):
            return
    await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="webhook", mailbox_id=mailbox_id)


async def _go_round(app: App, mailbox_id: str) -> bool:
    """One round; whether the mailbox changed again meanwhile."""
    async with holding(app, mailbox_id, looks_again=True) as hold:
        if hold is None:
            await _forget_if_over(app, mailbox_id)
            return False
        try:
            if await _waits(hold):
                return False
            await _rest(hold)
            dirty, full = await app.sync_queue.take(mailbox_id)
            if not await _try(hold, Wanted(pushed=dirty, full=full)):
                return False
        except LeaseLost:
            log.info("sync.lease_lost", extra={"mailbox": mailbox_id})
            return False
    return await app.sync_queue.marked(mailbox_id)


async def _forget_if_over(app: App, mailbox_id: str) -> None:
    """What is told of a mailbox that is lost or gone is told in vain: let it lie no longer."""
    mailbox = await app.stores.mailboxes.get(mailbox_id)
    if mailbox is not None and mailbox.status != "lost":
        found = await app.stores.connections.in_org(mailbox.connection_id, mailbox.org_id)
        if found is not None and found.status != "lost":
            return  # another holds it
    await app.sync_queue.take(mailbox_id)


async def _waits(hold: Hold) -> bool:
    """Whether it was asked to wait. What it was told meanwhile is found after the wait."""
    app, mailbox = hold.app, hold.mailbox
    whom = (mailbox.id, failures.tenant_key(hold.connection))
    until = await app.sync_queue.paused(whom)
    if until is None or until <= app.now():
        return False
    spread = timedelta(seconds=10 * phase(mailbox.id))
    _dirty, full = await app.sync_queue.take(mailbox.id)
    if full:
        await app.sync_queue.want_full(mailbox.id)
    await hold.check(next_at=until + spread)
    return True


async def _rest(hold: Hold) -> None:
    """Of a storm of changes most are seen by one round: a second lies between two."""
    synced_at = hold.mailbox.synced_at
    if synced_at is not None:
        left = synced_at + REST - hold.app.now()
        if timedelta(0) < left <= REST:
            await asyncio.sleep(left.total_seconds())


async def _try(hold: Hold, wanted: Wanted) -> bool:
    """Whether the round was good. Raises LeaseLost."""
    app, before = hold.app, hold.mailbox
    patience = LONG_PATIENCE if before.synced_at is None or wanted.full else PATIENCE
    try:
        async with asyncio.timeout(patience):
            await _round(hold, wanted)
    except LeaseLost:
        raise
    except asyncio.CancelledError:
        # Stopped in the middle: nothing was kept, and the next worker is told at once.
        await asyncio.shield(app.sync_queue.mark(before.id, app.now(), full=wanted.full))
        raise
    except Exception as error:  # noqa: BLE001  # an integration's fault must not stop the others
        if wanted.full:
            await app.sync_queue.want_full(before.id)
        await failures.note(hold, error)
        await shape.tell(app, before.org_id, [before.user_id])
        return False
    if before.failures or before.trouble or before.synced_at is None:
        await app.stores.dead_letters.erase(before.org_id, before.id, Job.CALENDAR_SYNC)
        await app.sync_queue.resume(before.id)
        await shape.tell(app, before.org_id, [before.user_id])
    return True


async def _round(hold: Hold, wanted: Wanted) -> None:
    """Ask for what changed, keep it, and tell who may want to know."""
    app, mailbox = hold.app, hold.mailbox
    user = await app.stores.users.in_org(mailbox.user_id, mailbox.org_id)
    provider = hold.provider
    if user is None or provider is None:
        await hold.check(next_at=app.now() + NOBODY_EVERY)
        return
    found, broken = await _findings(hold, provider, user, wanted)
    good = {"status": "active", "trouble": "", "failures": 0, "synced_at": app.now()}
    then = next_at(app, mailbox)
    if wanted.pushed and all(each.quiet for each in found.reads):
        then = min(then, app.now() + LOOK_AGAIN)
    changes = {} if broken else good | {"next_at": then}
    moved, news = await keep(hold, user, found, **changes)
    if moved or mailbox.synced_at is None:
        app.events.forget("activities", key_of(mailbox.org_id, mailbox.user_id))
        app.presence.touch(mailbox.org_id, [mailbox.user_id])
    await _note_lag(app, mailbox, news)
    if broken:
        raise broken
    await _follow(hold, provider)


async def _findings(
    hold: Hold, provider: CalendarProvider, user: User, wanted: Wanted
) -> tuple[Findings, Exception | None]:
    """What there is to keep, and why it is not all: one calendar's fault is not another's.

    Raises what concerns the whole mailbox.
    """
    app, mailbox, access, now = hold.app, hold.mailbox, hold.access(), hold.app.now()
    cursors = await app.stores.cursors.of_mailbox(mailbox.org_id, mailbox.id)
    calendars = mailbox.calendars
    anew = await _calendars_anew(provider, access, mailbox, user, cursors, wanted, now)
    broken: Exception | None = None
    reads: list[Read] = []
    for calendar in calendars if anew is None else anew:
        if not calendar.counts:
            continue
        cursor = cursors.get(calendar.id)
        full = wanted.full or baseline_due(mailbox, cursor, now)
        try:
            reads.append(await read(provider, access, mailbox, calendar, cursor, now, full=full))
        except BadAnswer as error:
            broken = error
            if anew is None:  # perhaps it is no longer there
                anew = chosen(await provider.calendars(access), calendars, user)
                gone = calendar.id not in {each.id for each in anew}
                broken = None if gone else error
    reply = None if wanted.pushed else await read_reply(provider, access, mailbox, cursors, now)
    return Findings(reads=reads, cursors=cursors, reply=reply, calendars=anew), broken


async def _calendars_anew(
    provider: CalendarProvider,
    access: Access,
    mailbox: Mailbox,
    user: User,
    cursors: Mapping[str, Cursor],
    wanted: Wanted,
    now: datetime,
) -> tuple[ChosenCalendar, ...] | None:
    """The list of calendars, now and then; None when the one at hand will do."""
    read_before = [each for name, each in cursors.items() if name not in BESIDE]
    old = any(baseline_due(mailbox, each, now) for each in read_before)
    if mailbox.calendars and read_before and not (wanted.full or old):
        return None
    return chosen(await provider.calendars(access), mailbox.calendars, user)


def next_at(app: App, mailbox: Mailbox) -> datetime:
    """When to compare it again without being told: each at its own place in the period."""
    settings = app.settings
    period = {
        "caldav": settings.caldav_poll_seconds,
        "exchange": settings.caldav_poll_seconds,  # nor does it tell of changes
        "ics": settings.ics_poll_seconds,
    }.get(mailbox.provider, settings.poll_seconds)
    now = app.now().timestamp()
    offset = period * phase(mailbox.id)
    left = period - (now - offset) % period
    return app.now() + timedelta(seconds=left if left >= period / 10 else left + period)


async def _note_lag(app: App, mailbox: Mailbox, news: list[Event]) -> None:
    """How long after its change an event counted here, for the admin's page."""
    now, since = app.now(), mailbox.synced_at
    if since is None:
        return
    lags = [
        (now - each.modified).total_seconds()
        for each in news
        if each.modified is not None and since - LATEST <= each.modified <= now
    ]
    await app.sync_queue.add_lag(mailbox.org_id, lags)


async def _follow(hold: Hold, provider: CalendarProvider) -> None:
    """After a good round: contacts now and then, and a promise to be told where there is none."""
    app, mailbox = hold.app, hold.mailbox
    if hold.connection.contacts and provider.has_people and _passed(mailbox, app.now()):
        await app.jobs.enqueue(Job.PEOPLE_SYNC, queue="backfill", mailbox_id=mailbox.id)
    if renewals.wants_watches(app, provider):
        current = await app.stores.mailboxes.get(mailbox.id) or mailbox
        if not await renewals.is_complete(app, current):
            await app.jobs.enqueue(Job.CALENDAR_RENEW, queue="renew", mailbox_id=mailbox.id)


def _passed(mailbox: Mailbox, now: datetime) -> bool:
    """Whether the mailbox's time for contacts has come since its last round."""
    if mailbox.synced_at is None:
        return True
    period = PEOPLE_EVERY.total_seconds()
    offset = period * phase(mailbox.id)
    times = [(each.timestamp() + offset) // period for each in (mailbox.synced_at, now)]
    return times[0] != times[1]

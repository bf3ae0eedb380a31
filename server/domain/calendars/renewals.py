"""Providers' promises to tell of changes: made after the first sync, prolonged in good time.

Between two promises, and where none can be had, comparing by the clock finds what changed.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from integrations.contract import (
    Access,
    AccessLost,
    BadAnswer,
    Calendar,
    CalendarProvider,
    Hook,
    IntegrationError,
    Unreachable,
    Watch,
)
from server.app import App
from server.domain import secrecy
from server.domain.calendars import failures, shape
from server.domain.calendars.leases import Hold, LeaseLost, holding
from server.domain.calendars.reading import phase
from server.domain.jobs import Job
from storage.calendars import ChosenCalendar, Mailbox, WatchKept
from storage.watches import key_of

LIFE = timedelta(days=6, hours=22)  # what we ask for; the provider's answer is what counts
FIRST, LAST = 0.60, 0.75  # of its life a promise is renewed
SOONEST = timedelta(seconds=30)
WAIT_FOR_SYNC = 30.0  # seconds
TOGETHER = 10
REFUSED = timedelta(hours=6)  # before asking again for what a provider does not do
PATIENCE = 60.0

log = logging.getLogger("vaxel.calendars")


async def renew_many(app: App, mailbox_ids: str) -> None:
    """See to the promises for these mailboxes, ids with commas between."""
    room = asyncio.Semaphore(TOGETHER)

    async def one(mailbox_id: str) -> None:
        async with room:
            await renew(app, mailbox_id)

    ids = list(dict.fromkeys(each for each in mailbox_ids.split(",") if each))
    done = await asyncio.gather(*(one(each) for each in ids), return_exceptions=True)
    for mailbox_id, error in zip(ids, done, strict=True):
        if error is not None:
            log.error("renew.broken", extra={"mailbox": mailbox_id, "error": type(error).__name__})


async def renew(app: App, mailbox_id: str) -> None:
    """See to it that each calendar that counts is watched, and no other.

    What fails is tried again by the clock; a refusal only after some hours.
    """
    async with holding(app, mailbox_id, WAIT_FOR_SYNC) as hold:
        if hold is None or hold.provider is None or not wants_watches(app, hold.provider):
            return
        paused = await app.sync_queue.paused([failures.tenant_key(hold.connection)])
        if paused is not None and paused > app.now():
            return  # the clock comes back to it
        try:
            async with asyncio.timeout(PATIENCE):
                changed = await _settle(hold, hold.provider)
        except (IntegrationError, TimeoutError) as error:
            await _note(hold, error)
            return
        except LeaseLost:
            return
        if changed:
            await shape.tell(app, hold.mailbox.org_id, [hold.mailbox.user_id])


def wants_watches(app: App, provider: CalendarProvider) -> bool:
    """Whether the provider can tell, and this installation has an address where it may."""
    return provider.pushes and app.settings.address.startswith("https:")


async def is_complete(app: App, mailbox: Mailbox) -> bool:
    """Whether all that should be watched is, or was refused lately."""
    counted = {each.id for each in mailbox.calendars if each.counts}
    kept = await app.stores.watches.of_mailbox(mailbox.org_id, mailbox.id)
    if {each.calendar_id for each in kept} == counted:
        return True
    until = await app.sync_queue.paused([_refused(mailbox.id)])
    return until is not None and until > app.now()


async def _settle(hold: Hold, provider: CalendarProvider) -> bool:
    """Renew, add and remove; whether there are other promises than before."""
    app, mailbox, access = hold.app, hold.mailbox, hold.access()
    counted = {each.id: each for each in mailbox.calendars if each.counts}
    kept = await app.stores.watches.of_mailbox(mailbox.org_id, mailbox.id)
    watched: set[str] = set()
    changed = False
    for watch in kept:
        calendar = counted.get(watch.calendar_id)
        if calendar is None or calendar.id in watched:
            await _drop(hold, provider, access, watch)
            changed = True
        else:
            watched.add(calendar.id)
            if watch.renew_at <= app.now():
                changed |= await _prolong(hold, provider, access, calendar, watch)
    for calendar_id, calendar in counted.items():
        if calendar_id not in watched:
            await _promise(hold, provider, access, calendar)
            changed = True
    return changed


async def _prolong(
    hold: Hold,
    provider: CalendarProvider,
    access: Access,
    calendar: ChosenCalendar,
    watch: WatchKept,
) -> bool:
    """Whether it had to be made anew: then the new one comes first, so that nothing is missed."""
    app = hold.app
    known = Watch(id=watch.remote_id, resource=watch.resource, until=watch.until)
    renewed = await provider.renew(access, known, app.now() + LIFE)
    if renewed is None:
        await _promise(hold, provider, access, calendar)
        await _drop(hold, provider, access, watch)
        return True
    due = renew_at(watch.id, app.now(), renewed.until)
    await app.stores.watches.update(watch, until=renewed.until, renew_at=due)
    app.events.forget("watch", key_of(watch.provider, watch.remote_id))
    return False


async def _promise(
    hold: Hold, provider: CalendarProvider, access: Access, calendar: ChosenCalendar
) -> None:
    app, mailbox = hold.app, hold.mailbox
    watch_id, secret = app.new_id(), secrecy.new_token()
    address = f"{app.settings.address}/hooks/{mailbox.provider}"
    hook = Hook(
        url=address,
        lifecycle_url=f"{address}/lifecycle",
        secret=secret,
        id=watch_id,
        until=app.now() + LIFE,
    )
    asked = Calendar(
        id=calendar.id,
        name=calendar.name,
        primary=calendar.primary,
        own=calendar.own,
        busy_only=calendar.busy_only,
    )
    made = await provider.watch(access, asked, hook)
    kept = WatchKept(
        id=watch_id,
        org_id=mailbox.org_id,
        mailbox_id=mailbox.id,
        calendar_id=calendar.id,
        provider=mailbox.provider,
        remote_id=made.id,
        resource=made.resource,
        secret_hash=secrecy.digest(secret),
        until=made.until,
        renew_at=renew_at(watch_id, app.now(), made.until),
    )
    await app.stores.watches.add(kept)
    # What changed between the promise and now was told to nobody who knew it. A sync follows when
    # we let the mailbox go.
    await app.sync_queue.mark(mailbox.id, app.now())


async def _drop(hold: Hold, provider: CalendarProvider, access: Access, watch: WatchKept) -> None:
    app = hold.app
    await app.stores.watches.remove(watch)
    app.events.forget("watch", key_of(watch.provider, watch.remote_id))
    known = Watch(id=watch.remote_id, resource=watch.resource, until=watch.until)
    try:
        await provider.unwatch(access, known)
    except (Unreachable, BadAnswer):  # it ends by itself, and what it tells is unknown here
        log.info("watch.left", extra={"mailbox": watch.mailbox_id})


def renew_at(watch_id: str, now: datetime, until: datetime) -> datetime:
    """When to renew: at 60 to 75 % of its life, at a place of the watch's own between."""
    share = FIRST + (LAST - FIRST) * phase(watch_id)
    return max(now + (until - now) * share, now + SOONEST)


async def _note(hold: Hold, error: BaseException) -> None:
    app, mailbox = hold.app, hold.mailbox
    facts = {"mailbox": mailbox.id, "error": type(error).__name__}
    log.info("renew.failed", extra=facts)
    if isinstance(error, AccessLost):
        # Whether the whole mailbox is lost is for a sync to find out.
        await app.sync_queue.pause(_refused(mailbox.id), app.now() + REFUSED)
        await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="sync", mailbox_id=mailbox.id)
    elif isinstance(error, Unreachable):
        failure = failures.failure_of(error)
        pause = timedelta(seconds=failures.pause_of(1, failure.retry_after))
        if failure.tenant:
            key = failures.tenant_key(hold.connection)
            await app.sync_queue.pause(key, app.now() + pause)
        await app.sync_queue.pause(_refused(mailbox.id), app.now() + pause)
    else:
        await app.sync_queue.pause(_refused(mailbox.id), app.now() + REFUSED)


def _refused(mailbox_id: str) -> str:
    return f"watch/{mailbox_id}"

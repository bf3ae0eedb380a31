"""Handing out work by the clock: mailboxes whose time has come, and what was left lying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from server.app import App
from server.domain.errors import NotFound
from server.domain.jobs import Job
from storage.calendars import Mailbox

BATCH = 20  # mailboxes in a job
AT_ONCE = 400  # mailboxes handed out by one sweep, of each kind
LONGEST_QUEUE = 40  # jobs waiting, from which on no more are handed out
AGAIN = timedelta(minutes=5)  # after which work that was handed out, and then lost, is due again
LEFT = timedelta(seconds=5)  # after which a mark is taken for forgotten


async def sweep(app: App) -> None:
    """Hand out what is due. May run as often and as many times at once as anyone likes."""
    now = app.now()
    stores, queue = app.stores, app.sync_queue
    left = await queue.left(now - LEFT, now, AT_ONCE)
    left += await stores.mailboxes.abandoned(now, AT_ONCE)
    await hand_out(app, left, "webhook")
    # Comparing waits while there is much to do: what is pushed goes before it, newcomers after.
    for status, name in (("active", "sync"), ("new", "backfill")):
        if await queue.waiting(name) < LONGEST_QUEUE:
            due = await stores.mailboxes.claim_due(status, now, now + AGAIN, AT_ONCE)
            await hand_out(app, [each.id for each in due], name)
    renewed = await stores.watches.claim_due(now, now + AGAIN, AT_ONCE)
    await hand_out(app, renewed, "renew", Job.CALENDAR_RENEW)


async def hand_out(
    app: App, mailbox_ids: Sequence[str], queue: str, job: Job = Job.CALENDAR_SYNC
) -> None:
    """Enqueue these mailboxes, several to a job."""
    for start in range(0, len(mailbox_ids), BATCH):
        some = ",".join(mailbox_ids[start : start + BATCH])
        await app.jobs.enqueue(job, queue=queue, mailbox_id=some)


async def hurry(app: App, org_id: str, mailbox_id: str, *, full: bool = False) -> Mailbox:
    """Somebody asks for the company's mailbox to be synced now, whatever it was waiting for.

    One that was lost is tried again if its connection is not. Raises NotFound.
    """
    mailbox = await app.stores.mailboxes.in_org(mailbox_id, org_id)
    if mailbox is None:
        raise NotFound("mailbox")
    connection = await app.stores.connections.in_org(mailbox.connection_id, org_id)
    if connection is None or connection.status == "lost":
        return mailbox
    now = app.now()
    changes: dict[str, Any] = {"next_at": now}
    if mailbox.status == "lost":
        changes |= {"status": "active" if mailbox.synced_at else "new"}
    mailbox = await app.stores.mailboxes.update(mailbox_id, org_id, **changes) or mailbox
    await app.sync_queue.resume(mailbox_id)
    await app.sync_queue.mark(mailbox_id, now, full=full)
    await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="webhook", mailbox_id=mailbox_id)
    return mailbox

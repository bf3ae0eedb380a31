"""Rows made anew from the occurrences that are kept: what was decided about them has changed."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain.calendars.claims import rows_of
from server.domain.jobs import Job
from storage.models import User
from storage.transactions import in_transaction

AT_ONCE = 100  # mailboxes in one job
TRIES = 5


async def of_person(app: App, user: User) -> None:
    """Make the rows of all of the person's calendars anew, and tell whoever sees them."""
    mailboxes = await app.stores.mailboxes.of_user(user.org_id, user.id)
    changed = [await _of_mailbox(app, user, each.id) for each in mailboxes]
    if any(changed):
        app.stores.activities.forget(user.org_id, user.id)
        app.presence.touch(user.org_id, [user.id])


async def of_people(
    app: App, org_id: str, user_id: str = "", after: str = "", *, at_once: int = AT_ONCE
) -> None:
    """The job: of *user_id*, or of all in the company whose id comes after *after*.

    So many mailboxes at a time; the next ones are another job's. Once more does no harm.
    """
    if user_id:
        await _of_some(app, org_id, [user_id])
        return
    found = await app.stores.calendar_policies.concerned(org_id, after, at_once)
    await _of_some(app, org_id, list(dict.fromkeys(found)))
    if len(found) == at_once:
        await app.jobs.enqueue(
            Job.CALENDAR_CLAIMS, queue="backfill", org_id=org_id, after=found[-1]
        )


async def _of_some(app: App, org_id: str, user_ids: list[str]) -> None:
    for user_id in user_ids:
        user = await app.stores.users.in_org(user_id, org_id)  # afresh: zone, plan
        if user is not None:
            await of_person(app, user)


async def _of_mailbox(app: App, user: User, mailbox_id: str) -> bool:
    """Whether anything but trust changed."""
    for _try in range(TRIES):
        changed = await _try_mailbox(app, user, mailbox_id)
        if changed is not None:
            return changed
    return False  # it is synced all the time: each sync makes the rows by what was decided


async def _try_mailbox(app: App, user: User, mailbox_id: str) -> bool | None:
    """None when a sync began in between."""
    stores = app.stores

    async def work(session: Any) -> bool | None:
        mailbox = await stores.mailboxes.in_org(mailbox_id, user.org_id)
        if mailbox is None or mailbox.synced_at is None:
            return False
        # A sync that commits at the same time collides with this write: one of the two comes
        # second, and reads what the first has left.
        if not await stores.mailboxes.held(mailbox, session, recomputed_at=app.now()):
            return None
        kept = await stores.occurrences.of_mailbox(user.org_id, mailbox_id, session)
        rows = await rows_of(app, user, kept, mailbox_id, mailbox.synced_at)
        return await stores.activities.replace_calendar(
            session, user.org_id, user.id, mailbox_id, rows, sources=("calendar",)
        )

    return await in_transaction(stores.database, work)

"""When people of a company come, leave, move or change plan, their mailboxes follow."""

from __future__ import annotations

from integrations.contract import AccessLost
from server.app import App
from server.domain.calendars import connections, erasing, grants, shape
from server.domain.jobs import Job
from storage.calendars import Mailbox
from storage.models import User


async def attend(app: App, org_id: str) -> None:
    """The job: people of the company came, left, moved, or changed plan or address.

    Who is blocked is synced no more, who is let in again goes on, and who has a plan without
    calendars keeps contacts alone.
    """
    users = {each.id: each for each in await app.stores.users.of_org(org_id)}
    for mailbox in await app.stores.mailboxes.of_org(org_id):
        owner = users.get(mailbox.user_id)
        if owner is None:
            await erasing.forget_mailbox(app, mailbox)
        else:
            await _fit(app, mailbox, owner)
            await _fit_zone(app, mailbox, owner)
    for connection in await app.stores.connections.of_company(org_id):
        await app.jobs.enqueue(Job.COMPANY_ADOPT, connection_id=connection.id)


async def _fit(app: App, mailbox: Mailbox, owner: User) -> None:
    """The mailbox as its owner may have it now."""
    if owner.blocked and mailbox.trouble != "blocked":
        await app.stores.mailboxes.update(
            mailbox.id, mailbox.org_id, status="lost", trouble="blocked"
        )
    elif not owner.blocked and mailbox.trouble == "blocked":
        await connections.revive(app, mailbox)
    may = shape.may_count(owner)
    if may != bool(mailbox.calendars):
        if not may:
            await app.stores.mailboxes.update(mailbox.id, mailbox.org_id, calendars=())
        await app.sync_queue.mark(mailbox.id, app.now(), full=True)
        await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="sync", mailbox_id=mailbox.id)


async def _fit_zone(app: App, mailbox: Mailbox, owner: User) -> None:
    """Times without a zone are read as its owner's, wherever they live now."""
    if mailbox.provider not in ("caldav", "ics", "exchange"):
        return
    connection = await app.stores.connections.in_org(mailbox.connection_id, mailbox.org_id)
    try:
        known = grants.credentials_of(app, connection) if connection else {}
    except AccessLost:
        return
    if connection is None or known.get("time_zone", owner.time_zone) == owner.time_zone:
        return
    again = grants.sealed(app, known | {"time_zone": owner.time_zone}, connection.id)
    if await app.stores.connections.replace_seal(connection, again):
        app.events.forget("connection", connection.id)
        await app.sync_queue.mark(mailbox.id, app.now(), full=True)
        await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="sync", mailbox_id=mailbox.id)

"""What people do with their connections: see them, choose within them, end them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.app import App
from server.domain.calendars import erasing, grants, shape
from server.domain.contacts import synced
from server.domain.errors import Conflict, NotAllowed, NotFound
from server.domain.jobs import Job
from storage.calendars import Connection, Mailbox, Provider
from storage.models import User

KINDS: tuple[Provider, ...] = ("microsoft", "google", "exchange", "caldav", "ics")


async def listing(app: App, actor: User) -> dict[str, Any]:
    """The actor's connections, and which kinds there are: {connections, providers}."""
    found = await shape.connections_of(app, actor)
    return {"connections": found, "providers": await offers(app, actor.org_id)}


async def offers(app: App, org_id: str) -> list[dict[str, Any]]:
    """The kinds of connection: whether the company lets people make them, and we can."""
    policy = await app.stores.calendar_policies.of_org(org_id)
    return [
        {
            "provider": kind,
            "on": kind in policy.providers,
            "configured": kind in (app.consents if kind in grants.OAUTH else app.calendars),
            "oauth": kind in grants.OAUTH,
        }
        for kind in KINDS
    ]


async def choose(
    app: App,
    actor: User,
    connection_id: str,
    calendars: list[str] | None,
    *,
    contacts: bool | None,
) -> dict[str, Any]:
    """Which calendars count, and whether contacts are kept in step; None leaves it as it is.

    Raises NotFound, NotAllowed, Invalid.
    """
    connection, mailbox = await seen(app, actor, connection_id)
    if calendars is not None:
        await _count(app, actor, mailbox, calendars)
    if contacts is not None and contacts != connection.contacts:
        if connection.user_id is None:
            raise NotAllowed("company_contacts")
        await _keep_contacts(app, connection, mailbox, wanted=contacts)
    return await one(app, actor, connection_id)


async def sync_now(app: App, actor: User, connection_id: str) -> dict[str, Any]:
    """Look at it soon. Raises NotFound, Conflict when it must be connected again first.

    A calendar at an address has nothing to be connected again with: it is tried once more.
    """
    connection, mailbox = await seen(app, actor, connection_id)
    if shape.status_of(connection, mailbox, app.now()) == "reconnect":
        if connection.provider != "ics":
            raise Conflict("reconnect")
        await app.stores.connections.update(
            connection.id, connection.org_id, status="active", trouble=""
        )
        app.events.forget("connection", connection.id)
        mailbox = await revive(app, mailbox) or mailbox
    await begin(app, connection, mailbox)
    return await one(app, actor, connection_id)


async def disconnect(app: App, actor: User, connection_id: str) -> None:
    """End a connection: give back what was granted, and erase all that came through it.

    Raises NotFound.
    """
    connection = await own(app, actor, connection_id)
    await end(app, connection)
    await share_anew(app, connection)
    await shape.tell(app, actor.org_id, [actor.id])


async def end(app: App, connection: Connection) -> list[str]:
    """Give back what was granted, and erase all that came of it; whose mailboxes there were."""
    mailboxes = await app.stores.mailboxes.of_connection(connection.org_id, connection.id)
    watches = [
        (watch, mailbox.address)
        for mailbox in mailboxes
        for watch in await app.stores.watches.of_mailbox(connection.org_id, mailbox.id)
    ]
    await grants.give_back(app, connection, watches)
    return await erasing.forget_connection(app, connection)


async def share_anew(app: App, connection: Connection) -> None:
    """Who connects an account by themselves is not to be reached by the company's grant as well."""
    for each in await app.stores.connections.of_company(connection.org_id):
        if each.provider == connection.provider:
            await app.jobs.enqueue(Job.COMPANY_ADOPT, connection_id=each.id)


async def own(app: App, actor: User, connection_id: str) -> Connection:
    """A connection that the actor made for themselves. Raises NotFound."""
    found = await app.stores.connections.in_org(connection_id, actor.org_id)
    if found is None or found.user_id != actor.id:
        raise NotFound("connection")
    return found


async def seen(app: App, actor: User, connection_id: str) -> tuple[Connection, Mailbox]:
    """A connection that the actor has a mailbox in, own or the company's. Raises NotFound."""
    found = await app.stores.connections.in_org(connection_id, actor.org_id)
    if found is None or found.user_id not in (None, actor.id):
        raise NotFound("connection")
    own_ones = await app.stores.mailboxes.of_user(actor.org_id, actor.id)
    mine = next((each for each in own_ones if each.connection_id == connection_id), None)
    if mine is None:
        raise NotFound("connection")
    return found, mine


async def one(app: App, actor: User, connection_id: str) -> dict[str, Any]:
    """One connection as its owner sees it. Raises NotFound."""
    for each in await shape.connections_of(app, actor):
        if each["id"] == connection_id:
            return each
    raise NotFound("connection")


async def revive(app: App, mailbox: Mailbox, **changes: Any) -> Mailbox | None:
    """Let a mailbox go on that was lost, with these changes; None when it is gone."""
    status = "active" if mailbox.synced_at else "new"
    good = {"status": status, "trouble": "", "failures": 0, "next_at": app.now()}
    return await app.stores.mailboxes.update(mailbox.id, mailbox.org_id, **good, **changes)


async def begin(app: App, connection: Connection, mailbox: Mailbox) -> None:
    """Have the mailbox synced soon, and its contacts, which the first sync itself asks for."""
    first = mailbox.synced_at is None
    await app.sync_queue.resume(mailbox.id)
    await app.stores.mailboxes.hasten([mailbox.id], app.now())
    await app.sync_queue.mark(mailbox.id, app.now())
    queue = "backfill" if first else "sync"
    await app.jobs.enqueue(Job.CALENDAR_SYNC, queue=queue, mailbox_id=mailbox.id)
    if connection.contacts and not first and _has_people(app, connection):
        await app.jobs.enqueue(Job.PEOPLE_SYNC, queue="backfill", mailbox_id=mailbox.id)


def _has_people(app: App, connection: Connection) -> bool:
    provider = app.calendars.get(connection.provider)
    return provider is not None and provider.has_people


async def _count(app: App, actor: User, mailbox: Mailbox, calendars: list[str]) -> None:
    wanted, known = set(calendars), {each.id for each in mailbox.calendars}
    if wanted and not shape.may_count(actor):
        raise NotAllowed("plan_calendars")
    if not wanted <= known:
        raise NotFound("calendar")
    now = tuple(replace(each, counts=each.id in wanted) for each in mailbox.calendars)
    if now == mailbox.calendars:
        return
    saved = await app.stores.mailboxes.update(mailbox.id, mailbox.org_id, calendars=now)
    if saved is None:
        raise NotFound("connection")
    # Read whole: what counts no more goes, what counts now comes.
    await app.sync_queue.mark(mailbox.id, app.now(), full=True)
    await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="webhook", mailbox_id=mailbox.id)
    await shape.tell(app, actor.org_id, [actor.id])


async def _keep_contacts(
    app: App, connection: Connection, mailbox: Mailbox, *, wanted: bool
) -> None:
    await app.stores.connections.update(connection.id, connection.org_id, contacts=wanted)
    app.events.forget("connection", connection.id)
    await app.stores.cursors.forget(connection.org_id, mailbox.id, "people")
    if wanted:
        await app.jobs.enqueue(Job.PEOPLE_SYNC, queue="backfill", mailbox_id=mailbox.id)
    else:
        await synced.forget(app, connection.org_id, connection.id, mailbox.user_id)
    await shape.tell(app, connection.org_id, [mailbox.user_id])

"""One writer at a time for each mailbox, with its credentials.

A lease ends by itself when its holder dies. It has a fence, a number that grows with each lease:
whoever lost it while they slept finds at the next write that it is another's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from integrations.contract import Access, CalendarProvider, Credentials
from server.app import App
from server.domain.jobs import Job
from storage.calendars import Connection, Mailbox
from storage.transactions import in_transaction

LASTS = timedelta(seconds=60)
PROLONG_EVERY = 20.0  # seconds
LOOK_EVERY = 0.1


class LeaseLost(Exception):
    """Another holds the mailbox now: nothing may be written."""


@dataclass(slots=True)
class Hold:
    """A mailbox that is ours for now, what it belongs to, and how to speak with its provider."""

    app: App
    mailbox: Mailbox
    connection: Connection

    @property
    def provider(self) -> CalendarProvider | None:
        """The integration; None when this installation does not have it any more."""
        return self.app.calendars.get(self.mailbox.provider)

    def access(self) -> Access:
        """What lets the integration in. Raises Unreadable when its seal does not open."""
        opened: dict[str, Any] = json.loads(
            self.app.vault.open(self.connection.sealed, self.connection.id)
        )
        return Access(opened, self.mailbox.address, self.keep)

    async def keep(self, credentials: Credentials) -> None:
        """Keep renewed tokens. Raises LeaseLost when the mailbox is no longer ours."""
        app = self.app
        sealed = app.vault.seal(json.dumps(dict(credentials)), self.connection.id)

        async def work(session: Any) -> None:
            await self.check(session)
            await app.stores.connections.reseal(self.connection, sealed, session)

        await in_transaction(app.stores.database, work)
        self.connection = replace(self.connection, sealed=sealed)
        app.events.forget("connection", self.connection.id)

    async def check(self, session: Any = None, **changes: Any) -> Mailbox:
        """Change the mailbox, and hold it for longer: the mailbox as it then is.

        Raises LeaseLost when it is not ours.
        """
        changes = {"lease_until": self.app.now() + LASTS} | changes
        found = await self.app.stores.mailboxes.held(self.mailbox, session, **changes)
        if found is None:
            raise LeaseLost
        return found


@contextlib.asynccontextmanager
async def holding(
    app: App, mailbox_id: str, patience: float = 0.0, *, looks_again: bool = False
) -> AsyncIterator[Hold | None]:
    """Hold the mailbox while the block runs; None when another does, or it is lost or gone.

    *patience*: seconds to wait for another to finish. The lease is prolonged while the block runs.
    Who came to sync it meanwhile found it held, and left: a sync is asked for once more, unless
    the caller *looks_again* for marks afterwards.
    """
    mailbox = await _take(app, mailbox_id, patience)
    if mailbox is None:
        yield None
        return
    found = await app.stores.connections.in_org(mailbox.connection_id, mailbox.org_id)
    hold = Hold(app, mailbox, found) if found and found.status == "active" else None
    watch = asyncio.create_task(_prolong(hold)) if hold else None
    try:
        yield hold
    finally:
        if watch is not None:
            watch.cancel()
        # Shielded: who is stopped in the middle lets go at once, and another goes on.
        await asyncio.shield(_release(app, mailbox, looks_again=looks_again))


async def _release(app: App, mailbox: Mailbox, *, looks_again: bool) -> None:
    await app.stores.mailboxes.held(mailbox, lease_until=None)
    if not looks_again and await app.sync_queue.marked(mailbox.id):
        await app.jobs.enqueue(Job.CALENDAR_SYNC, queue="webhook", mailbox_id=mailbox.id)


async def _take(app: App, mailbox_id: str, patience: float) -> Mailbox | None:
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while True:
        now = app.now()
        mailbox = await app.stores.mailboxes.lease(mailbox_id, now, now + LASTS)
        if mailbox is not None or loop.time() >= until:
            return mailbox
        if not await app.stores.mailboxes.may_be_leased(mailbox_id):
            return None
        await asyncio.sleep(LOOK_EVERY)


async def _prolong(hold: Hold) -> None:
    """Hold on until cancelled, or it is another's: the next write will find out."""
    while True:
        await asyncio.sleep(PROLONG_EVERY)
        with contextlib.suppress(Exception):  # a database that is away for a moment
            await hold.check()

"""Forgetting what was synced: nothing of a mailbox is left anywhere."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain.contacts import synced
from storage.activities import key_of
from storage.calendars import Connection, Mailbox, WatchKept
from storage.transactions import in_transaction


async def forget_mailbox(app: App, mailbox: Mailbox) -> None:
    """Erase a mailbox with its occurrences, rows, cursors, watches, dead letters and contacts."""
    stores, org_id, mailbox_id = app.stores, mailbox.org_id, mailbox.id
    # Whoever is syncing it just now has a lower fence than this, and writes nothing more.
    await stores.mailboxes.update(
        mailbox_id, org_id, status="lost", fence=mailbox.fence + 1_000_000, lease_until=None
    )

    async def work(session: Any) -> None:
        await stores.occurrences.erase(org_id, mailbox_id, session=session)
        await stores.cursors.forget(org_id, mailbox_id, session=session)
        await stores.dead_letters.erase(org_id, mailbox_id, session=session)
        await stores.activities.forget_mailbox(org_id, mailbox.user_id, mailbox_id, session)

    await in_transaction(stores.database, work)
    for watch in await stores.watches.of_mailbox(org_id, mailbox_id):
        await forget_watch(app, watch)
    await synced.forget(app, org_id, mailbox.connection_id, mailbox.user_id)
    await stores.mailboxes.remove(mailbox_id, org_id)
    await app.sync_queue.take(mailbox_id)
    show_again(app, org_id, mailbox.user_id)


async def forget_watch(app: App, watch: WatchKept) -> None:
    """Listen no more to what a provider tells."""
    await app.stores.watches.remove(watch)
    app.events.forget("watch", f"{watch.provider}/{watch.remote_id}")


async def forget_connection(app: App, connection: Connection) -> list[str]:
    """Erase a connection and all that came through it; whose mailboxes there were."""
    found = await app.stores.mailboxes.of_connection(connection.org_id, connection.id)
    for mailbox in found:
        await forget_mailbox(app, mailbox)
    await app.stores.connections.remove(connection.id, connection.org_id)
    app.events.forget("connection", connection.id)
    return [each.user_id for each in found]


def show_again(app: App, org_id: str, user_id: str) -> None:
    """What the person does is another thing now: every process reads it afresh and tells."""
    app.stores.activities.forget(org_id, user_id)
    app.events.forget("activities", key_of(org_id, user_id))
    app.presence.touch(org_id, [user_id])

"""Connections as their owners see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from server.app import App
from server.domain.accounts import shape
from server.domain.events import Fact, to_user
from server.domain.plans import can
from storage.calendars import Connection, Mailbox
from storage.models import User

Status = Literal["connecting", "synced", "stale", "reconnect"]

LEAVING = "disconnecting"  # the trouble of a company's connection that is being erased
STALE = timedelta(minutes=30)  # without a good sync (C13)


def status_of(connection: Connection, mailbox: Mailbox | None, now: datetime) -> Status:
    """How a connection is, for the owner of that mailbox of it."""
    if connection.status == "lost" or (mailbox is not None and mailbox.status == "lost"):
        return "reconnect"
    if mailbox is None or mailbox.synced_at is None:
        return "connecting"
    return "stale" if now - mailbox.synced_at > STALE else "synced"


async def connections_of(app: App, user: User) -> list[dict[str, Any]]:
    """What *user* is connected to, by own connections and the company's, oldest first.

    `trouble` is the key of a sentence, or None.
    """
    mailboxes = await app.stores.mailboxes.of_user(user.org_id, user.id)
    by_connection = {each.connection_id: each for each in mailboxes}
    own = await app.stores.connections.of_user(user.org_id, user.id)
    company = [
        each
        for each in await app.stores.connections.of_company(user.org_id)
        if each.id in by_connection and each.trouble != LEAVING
    ]
    watched = await app.stores.watches.of_mailboxes(user.org_id, [each.id for each in mailboxes])
    return [
        connection(each, by_connection.get(each.id), app.now(), watched) for each in own + company
    ]


def connection(
    found: Connection, mailbox: Mailbox | None, now: datetime, watched: set[str]
) -> dict[str, Any]:
    """A connection as the owner of *mailbox* sees it."""
    trouble = found.trouble or (mailbox.trouble if mailbox else "")
    return {
        "id": found.id,
        "provider": found.provider,
        "account": (mailbox.address if mailbox else "") or found.account,
        "company": found.user_id is None,
        "status": status_of(found, mailbox, now),
        "trouble": trouble or None,
        "synced_at": shape.moment(mailbox.synced_at) if mailbox else None,
        "push": mailbox is not None and mailbox.id in watched,
        "contacts": found.contacts,
        "calendars": [_calendar(each) for each in mailbox.calendars] if mailbox else [],
    }


def _calendar(found: Any) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "primary": found.primary,
        "colour": found.colour,
        "own": found.own,
        "busy_only": found.busy_only,
        "counts": found.counts,
    }


async def tell(app: App, org_id: str, user_ids: Sequence[str]) -> None:
    """Tell these people's devices how their connections are now, but for what went wrong in words.

    Sentences are in the language of who asks, so devices ask for them.
    """
    for user in await app.stores.users.get_many(user_ids):
        if user.org_id == org_id:
            found = [each | {"trouble": None} for each in await connections_of(app, user)]
            app.events.publish(Fact.CONNECTIONS_CHANGED, {"connections": found}, to_user(user.id))


def may_count(user: User) -> bool:
    """Whether the person's plan lets calendars decide for the telephone."""
    return can(user, "calendars")

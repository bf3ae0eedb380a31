"""What we were let in with: kept sealed, opened for an integration, tried, given back."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

from integrations.contract import (
    Access,
    AccessLost,
    Calendar,
    CalendarProvider,
    Credentials,
    IntegrationError,
    Unreachable,
    Watch,
)
from server.app import App
from server.domain.errors import Conflict, NotAllowed
from server.vault import Unreadable
from storage.calendars import Connection, WatchKept
from storage.models import User

Found = TypeVar("Found")

OAUTH = ("microsoft", "google")  # connected by sending a browser there
TRY_SECONDS = 25.0
GOODBYE_SECONDS = 10.0
GOODBYES = 4  # at a time

log = logging.getLogger("vaxel.calendars")


def provider_of(app: App, name: str) -> CalendarProvider:
    """The integration of that name. Raises Conflict when this installation has it not."""
    found = app.calendars.get(name)
    if found is None:
        raise Conflict("provider_unset")
    return found


async def must_be_on(app: App, actor: User, provider: str) -> None:
    """Raises NotAllowed when the company switched the provider off, or for a bot, Conflict."""
    if actor.role == "bot":
        raise NotAllowed("bot_calendar")
    policy = await app.stores.calendar_policies.of_org(actor.org_id)
    if provider not in policy.providers:
        raise NotAllowed("provider_off")
    if not app.vault.usable:
        raise Conflict("no_secret_keys")


def sealed(app: App, credentials: Credentials, connection_id: str) -> str:
    """Credentials for the database."""
    return app.vault.seal(json.dumps(dict(credentials), sort_keys=True), connection_id)


def credentials_of(app: App, connection: Connection) -> dict[str, Any]:
    """What the connection was let in with. Raises AccessLost when it does not open any more."""
    try:
        found: dict[str, Any] = json.loads(app.vault.open(connection.sealed, connection.id))
    except (Unreadable, ValueError):
        raise AccessLost("unreadable") from None
    return found


def access_to(app: App, connection: Connection, address: str = "") -> Access:
    """How an integration is let in; tokens that it renews are kept. Raises AccessLost."""

    async def keep(credentials: Credentials) -> None:
        again = sealed(app, credentials, connection.id)
        await app.stores.connections.update(connection.id, connection.org_id, sealed=again)
        app.events.forget("connection", connection.id)

    return Access(credentials_of(app, connection), address, keep)


async def calendars(app: App, provider: str, access: Access) -> list[Calendar]:
    """The calendars that are let into. Raises IntegrationError, within a time that one waits."""
    return await _within(TRY_SECONDS, provider_of(app, provider).calendars(access))


async def give_back(app: App, connection: Connection, watches: list[tuple[WatchKept, str]]) -> None:
    """End what was promised to us and give back what was granted, as far as they let us.

    *watches* come with the address of their mailbox. Whatever fails is over by itself one day:
    what is kept here is erased in any case.
    """
    provider = app.calendars.get(connection.provider)
    if provider is None:
        return
    room = asyncio.Semaphore(GOODBYES)

    async def unwatch(watch: WatchKept, address: str) -> None:
        told = Watch(id=watch.remote_id, resource=watch.resource, until=watch.until)
        async with room:
            work = provider.unwatch(access_to(app, connection, address), told)
            await _goodbye(work, connection)

    try:
        access = access_to(app, connection)
    except AccessLost:  # our own key does not open it any more: there is nothing to give back with
        return
    await asyncio.gather(*(unwatch(watch, address) for watch, address in watches))
    await _goodbye(provider.revoke(access), connection)


async def _goodbye(work: Awaitable[None], connection: Connection) -> None:
    try:
        await _within(GOODBYE_SECONDS, work)
    except IntegrationError as error:
        facts = {"connection_id": connection.id, "error": type(error).__name__}
        log.info("connection.goodbye_failed", extra=facts)


async def _within(seconds: float, work: Awaitable[Found]) -> Found:
    try:
        return await asyncio.wait_for(work, seconds)
    except TimeoutError:
        raise Unreachable("slow") from None

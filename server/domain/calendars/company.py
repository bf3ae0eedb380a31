"""A company lets us into all its mailboxes at once: whose they are is found by e-mail address."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from integrations.contract import (
    Access,
    AccessLost,
    BadAnswer,
    Credentials,
    Unreachable,
)
from server.app import App
from server.domain.accounts import admin, audit
from server.domain.calendars import connecting, connections, erasing, grants, shape
from server.domain.errors import Conflict, Invalid, NotFound, PartnerDown
from server.domain.jobs import Job
from storage.calendars import Connection, Mailbox, Provider
from storage.models import User

# Of a service account's file, what its library needs; where it goes with it is our setting.
ACCOUNT_FIELDS = (
    "type",
    "project_id",
    "private_key_id",
    "private_key",
    "client_email",
    "client_id",
)
LARGEST_ACCOUNT = 20_000
AT_ONCE = 500  # mailboxes made in one go
ERASED_AT_ONCE = 100  # and erased while somebody waits
OWNERS_SECONDS = 300.0

log = logging.getLogger("vaxel.calendars")


async def connect(
    app: App,
    actor: User,
    provider: Provider,
    account: str,
    credentials: Credentials,
    tenant: str = "",
    connection_id: str = "",
) -> Connection:
    """Keep what a company granted, in place of what it granted before.

    Raises NotAllowed, NotFound, and Conflict when it is another account than the one that there is.
    """
    admin.must_administer(actor)
    known = await own(app, actor, provider)
    if connection_id and (known is None or known.id != connection_id):
        raise NotFound("connection")
    if known is not None:
        if _whose(known.tenant, known.account) != _whose(tenant, account):
            raise Conflict("other_tenant")
        saved = await connecting.connect_again(app, known, credentials, [], tenant)
    else:
        saved = await _add(app, actor, provider, account, credentials, tenant)
    await note(app, actor, "connection.made" if known is None else "connection.again", saved)
    await app.jobs.enqueue(Job.COMPANY_ADOPT, connection_id=saved.id)
    return saved


async def connect_google(app: App, actor: User, account: Mapping[str, Any]) -> Connection:
    """Let us in by a service account with domain-wide delegation. It is tried at once.

    Raises NotAllowed, Invalid, Conflict, PartnerDown.
    """
    admin.must_administer(actor)
    await grants.must_be_on(app, actor, "google")
    tidy = _service_account(account)
    try:
        await grants.calendars(app, "google", Access(tidy, actor.email))
    except AccessLost:
        raise Invalid("service_account", "google_refused") from None
    except BadAnswer:  # an administrator without a calendar of their own
        log.info("connection.admin_without_calendar", extra={"org_id": actor.org_id})
    except Unreachable:
        raise PartnerDown("calendar") from None
    domain = actor.email.partition("@")[2]
    return await connect(app, actor, "google", tidy["client_email"], tidy, domain)


async def own(app: App, actor: User, provider: str) -> Connection | None:
    """What the company as a whole granted at this provider."""
    for each in await app.stores.connections.of_company(actor.org_id):
        if each.provider == provider and each.trouble != shape.LEAVING:
            return each
    return None


async def disconnect(app: App, actor: User, provider: str) -> None:
    """End the company's connection and erase what came through it. Raises NotAllowed, NotFound."""
    admin.must_administer(actor)
    connection = await own(app, actor, provider)
    if connection is None:
        raise NotFound("connection")
    await note(app, actor, "connection.ended", connection)
    mailboxes = await app.stores.mailboxes.of_connection(actor.org_id, connection.id)
    if len(mailboxes) <= ERASED_AT_ONCE:
        await shape.tell(app, actor.org_id, await connections.end(app, connection))
        return
    changes: dict[str, Any] = {"status": "lost", "trouble": shape.LEAVING}
    await app.stores.connections.update(connection.id, connection.org_id, **changes)
    app.events.forget("connection", connection.id)
    await app.jobs.enqueue(Job.COMPANY_ADOPT, connection_id=connection.id)


async def adopt(app: App, connection_id: str) -> None:
    """The job: make mailboxes of a company's grant for its people, and end those of who left.

    A blocked person has none, nor has who connected the same account by themselves. It may be done
    again at any time. Raises Unreachable when the provider cannot tell whose mailboxes there are.
    """
    known = await app.stores.connections.cache.get(connection_id)
    if known is None or known.user_id is not None:
        return
    connection = await app.stores.connections.in_org(connection_id, known.org_id)
    if connection is None:
        return
    if connection.trouble == shape.LEAVING:
        await shape.tell(app, connection.org_id, await connections.end(app, connection))
        return
    if connection.status == "lost":
        return
    try:
        addresses = await _addresses(app, connection)
    except AccessLost:
        await _lost(app, connection)
        return
    wanted = await _wanted(app, connection, addresses)
    within = await app.stores.mailboxes.of_connection(connection.org_id, connection.id)
    for mailbox in within:
        if wanted.get(mailbox.user_id, ("", None))[0] != mailbox.address:
            await erasing.forget_mailbox(app, mailbox)
    kept = {each.user_id for each in within if _is_of(each, wanted)}
    new = [found for user_id, found in wanted.items() if user_id not in kept]
    await _make(app, connection, new)


async def note(app: App, actor: User, action: str, connection: Connection) -> None:
    """Write in the log what an administrator did with the company's connection."""
    entry = audit.entry(app, actor, actor.org_id, action, None)
    named = replace(entry, target=connection.id, target_name=connection.provider)
    await app.stores.audit.add([named])


async def _add(
    app: App,
    actor: User,
    provider: Provider,
    account: str,
    credentials: Credentials,
    tenant: str,
) -> Connection:
    connection_id = app.new_id()
    return await app.stores.connections.add(
        Connection(
            id=connection_id,
            org_id=actor.org_id,
            user_id=None,
            provider=provider,
            account=account,
            tenant=tenant,
            sealed=grants.sealed(app, credentials, connection_id),
            created_at=app.now(),
            created_by=actor.id,
        )
    )


async def _addresses(app: App, connection: Connection) -> set[str] | None:
    """The mailboxes that there are, in small letters; None when the provider cannot list them."""
    provider = grants.provider_of(app, connection.provider)
    access = grants.access_to(app, connection)
    try:
        owners = await asyncio.wait_for(provider.owners(access), OWNERS_SECONDS)
    except BadAnswer:  # Google tells a service account nobody's names: each is simply tried
        return None
    except TimeoutError:
        raise Unreachable("slow") from None
    return {each.address.casefold() for each in owners}


async def _wanted(
    app: App, connection: Connection, addresses: set[str] | None
) -> dict[str, tuple[str, User]]:
    """Who is to have a mailbox, and at which address."""
    own_accounts = {
        (each.user_id, each.account.casefold())
        for each in await app.stores.connections.of_org(connection.org_id)
        if each.user_id is not None and each.provider == connection.provider
    }
    found = {}
    for user in await app.stores.users.of_org(connection.org_id):
        address = user.email.casefold()
        if user.blocked or user.role == "bot" or not address:
            continue
        if (user.id, address) in own_accounts:
            continue
        if addresses is None or address in addresses:
            found[user.id] = (address, user)
    return found


def _is_of(mailbox: Mailbox, wanted: dict[str, tuple[str, User]]) -> bool:
    return wanted.get(mailbox.user_id, ("", None))[0] == mailbox.address


async def _make(app: App, connection: Connection, new: list[tuple[str, User]]) -> None:
    """New mailboxes. The sweep has them synced, and the first sync asks for their calendars."""
    for start in range(0, len(new), AT_ONCE):
        some = new[start : start + AT_ONCE]
        made = [connecting.mailbox_of(app, connection, user, [], address) for address, user in some]
        await app.stores.mailboxes.add(*made)
        await shape.tell(app, connection.org_id, [user.id for _address, user in some])


async def _lost(app: App, connection: Connection) -> None:
    """The company takes its consent back: an administrator must give it anew."""
    await app.stores.connections.update(
        connection.id, connection.org_id, status="lost", trouble="access_lost"
    )
    app.events.forget("connection", connection.id)
    within = await app.stores.mailboxes.of_connection(connection.org_id, connection.id)
    await shape.tell(app, connection.org_id, [each.user_id for each in within])


def _service_account(account: Mapping[str, Any]) -> dict[str, str]:
    """The file that Google gives, what is needed of it. Raises Invalid."""
    found = {name: account.get(name) for name in ACCOUNT_FIELDS}
    if len(json.dumps(account, default=str)) > LARGEST_ACCOUNT:
        raise Invalid("service_account", "service_account")
    for name in ("type", "private_key", "client_email"):
        if not isinstance(found[name], str) or not found[name]:
            raise Invalid("service_account", "service_account")
    if found["type"] != "service_account":
        raise Invalid("service_account", "service_account")
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _whose(tenant: str, account: str) -> str:
    return (tenant or account).casefold()

"""Making connections: tried at once, kept sealed, synced from then on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from integrations.contract import (
    Access,
    AccessLost,
    BadAnswer,
    Calendar,
    Credentials,
    IntegrationError,
)
from server.app import App
from server.domain import texts
from server.domain.calendars import connections, grants, shape
from server.domain.calendars.choices import chosen
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound, OverQuota, TooFast
from storage.calendars import Connection, Mailbox, Provider
from storage.models import User

MOST = 10  # of one person
WITH_PASSWORD = ("caldav", "exchange")
ADDRESS_LENGTH = 2000
NAME_LENGTH = 120
SECRET_LENGTH = 500
# What an integration says of an address in a word, and which of our sentences that is.
UNUSABLE = {
    **dict.fromkeys(("address", "redirect", "redirects", "host"), "address_forbidden"),
    "too_large": "calendar_too_large",
    "no_calendars": "no_calendars",
    **dict.fromkeys(("not_exchange", "sign_in"), "not_exchange"),
}
TRIES = (30, 600.0)  # and seconds: whoever connects is no scanner of other people's servers


async def connect_caldav(
    app: App, actor: User, address: str, username: str, password: str
) -> dict[str, Any]:
    """Connect calendars (CalDAV) and contacts (CardDAV) at an address, or an e-mail address.

    It is tried at once. Raises NotAllowed, Invalid, Conflict, OverQuota, TooFast.
    """
    return await _with_password(app, actor, "caldav", address, username, password)


async def connect_exchange(
    app: App, actor: User, address: str, username: str, password: str
) -> dict[str, Any]:
    """Connect a mailbox on an Exchange Server: *address* is the server's.

    It is tried at once. Raises NotAllowed, Invalid, Conflict, OverQuota, TooFast.
    """
    if "@" in address:
        raise Invalid("address", "exchange_address")
    return await _with_password(app, actor, "exchange", address, username, password)


async def connect_ics(app: App, actor: User, url: str, name: str | None) -> dict[str, Any]:
    """Connect a calendar that is published at an address. It is tried at once.

    Raises NotAllowed, Invalid, Conflict, OverQuota, TooFast.
    """
    if not shape.may_count(actor):
        raise NotAllowed("plan_calendars")
    await grants.must_be_on(app, actor, "ics")
    where = texts.line(url, "url", ADDRESS_LENGTH, needed=True)
    called = texts.line(name or "", "name", NAME_LENGTH)
    credentials = {"url": where, "name": called, "time_zone": actor.time_zone}
    found = await _tried(app, actor, "ics", credentials, "url", "url")
    # The address is as secret as a password: only its server is told to anybody.
    return await _made(app, actor, "ics", called or _host(where), credentials, found)


async def new_password(app: App, actor: User, connection_id: str, password: str) -> dict[str, Any]:
    """Connect CalDAV or Exchange again with another password.

    Raises NotFound, Invalid, Conflict, TooFast.
    """
    connection = await connections.own(app, actor, connection_id)
    if connection.provider not in WITH_PASSWORD:
        raise Conflict("no_password")
    await grants.must_be_on(app, actor, connection.provider)
    try:
        known = grants.credentials_of(app, connection)
    except AccessLost:  # sealed with a key that is lost: what else there was is lost with it
        raise Conflict("connect_anew") from None
    credentials = known | {"password": _password(password)}
    found = await _tried(app, actor, connection.provider, credentials, "password", "password")
    saved = await connect_again(app, connection, credentials, found)
    return await connections.one(app, actor, saved.id)


async def room_for_one(app: App, actor: User) -> None:
    """Raises OverQuota when the person has as many as there may be."""
    if len(await app.stores.connections.of_user(actor.org_id, actor.id)) >= MOST:
        raise OverQuota("connections", limit=MOST)


async def not_too_often(app: App, actor: User) -> None:
    """Count a try. Raises TooFast."""
    wait = await app.throttle.hit(f"connect:{actor.id}", *TRIES)
    if wait > 0:
        raise TooFast(wait)


async def add(
    app: App,
    actor: User,
    provider: Provider,
    account: str,
    credentials: Credentials,
    found: list[Calendar],
    tenant: str = "",
) -> Connection:
    """Keep a new connection of the actor's own, and begin to sync it. Raises OverQuota."""
    await room_for_one(app, actor)
    connection_id = app.new_id()
    connection = Connection(
        id=connection_id,
        org_id=actor.org_id,
        user_id=actor.id,
        provider=provider,
        account=account,
        tenant=tenant,
        sealed=grants.sealed(app, credentials, connection_id),
        created_at=app.now(),
        created_by=actor.id,
    )
    await app.stores.connections.add(connection)
    mailbox = mailbox_of(app, connection, actor, found)
    await app.stores.mailboxes.add(mailbox)
    await connections.begin(app, connection, mailbox)
    await connections.share_anew(app, connection)
    await shape.tell(app, actor.org_id, [actor.id])
    return connection


def mailbox_of(
    app: App, connection: Connection, owner: User, found: list[Calendar], address: str = ""
) -> Mailbox:
    """A new mailbox of *owner*'s within the connection."""
    return Mailbox(
        id=app.new_id(),
        org_id=connection.org_id,
        user_id=owner.id,
        connection_id=connection.id,
        provider=connection.provider,
        address=address,
        calendars=chosen(found, (), owner),
        next_at=app.now(),
        created_at=app.now(),
    )


async def connect_again(
    app: App,
    connection: Connection,
    credentials: Credentials,
    found: list[Calendar],
    tenant: str = "",
) -> Connection:
    """The same connection, with new credentials: what was lost goes on from where it was."""
    changes: dict[str, Any] = {"sealed": grants.sealed(app, credentials, connection.id)}
    if tenant:
        changes["tenant"] = tenant
    saved = await app.stores.connections.update(
        connection.id, connection.org_id, status="active", trouble="", **changes
    )
    if saved is None:
        raise NotFound("connection")
    app.events.forget("connection", saved.id)
    if saved.user_id is None:  # as many as there are people: the sweep has them synced
        await app.stores.mailboxes.revive_all(saved.org_id, saved.id, app.now())
        return saved
    within = await app.stores.mailboxes.of_connection(saved.org_id, saved.id)
    owners = {each.id: each for each in await app.stores.users.get_many(m.user_id for m in within)}
    for mailbox in within:
        owner = owners.get(mailbox.user_id)
        if owner is not None and not owner.blocked:
            again = chosen(found, mailbox.calendars, owner) if found else mailbox.calendars
            revived = await connections.revive(app, mailbox, calendars=again)
            if revived is not None:
                await connections.begin(app, saved, revived)
    await shape.tell(app, saved.org_id, list(owners))
    return saved


async def _with_password(
    app: App, actor: User, provider: Provider, address: str, username: str, password: str
) -> dict[str, Any]:
    """Connect an account that has an address, a user and a password."""
    await grants.must_be_on(app, actor, provider)
    where = texts.line(address, "address", ADDRESS_LENGTH, needed=True)
    who = texts.line(username, "username", SECRET_LENGTH, needed=True)
    credentials = {
        "address": where,
        "username": who,
        "password": _password(password),
        "time_zone": actor.time_zone,  # of times that have none
    }
    found = await _tried(app, actor, provider, credentials, "address", "password")
    account = who if "@" in who else f"{who} ({_host(where)})"
    return await _made(app, actor, provider, account, credentials, found)


async def _made(
    app: App,
    actor: User,
    provider: Provider,
    account: str,
    credentials: Credentials,
    found: list[Calendar],
) -> dict[str, Any]:
    """A new connection, or the one that the person has to the same account already."""
    for known in await app.stores.connections.of_user(actor.org_id, actor.id):
        if known.provider == provider and _is_same(app, known, credentials):
            await connect_again(app, known, credentials, found)
            return await connections.one(app, actor, known.id)
    connection = await add(app, actor, provider, account, credentials, found)
    return await connections.one(app, actor, connection.id)


def _is_same(app: App, known: Connection, credentials: Credentials) -> bool:
    try:
        before = grants.credentials_of(app, known)
    except AccessLost:
        return False
    names = ("address", "username", "url")
    return all(before.get(name) == credentials.get(name) for name in names)


async def _tried(
    app: App,
    actor: User,
    provider: Provider,
    credentials: Credentials,
    where: str,
    secret: str,
) -> list[Calendar]:
    """The calendars there are; *where* and *secret* are the fields to blame.

    Raises Invalid, Conflict, TooFast.
    """
    await not_too_often(app, actor)
    try:
        return await grants.calendars(app, provider, Access(credentials))
    except AccessLost:
        raise Invalid(secret, "account_refused") from None
    except BadAnswer as error:
        raise Invalid(where, UNUSABLE.get(str(error), "not_a_calendar")) from None
    except IntegrationError:
        raise Invalid(where, "calendar_unreachable") from None


def _password(text: str) -> str:
    """A password as it was typed. Raises Invalid."""
    if not text:
        raise Invalid("password", "empty")
    if len(text) > SECRET_LENGTH:
        raise Invalid("password", "too_long", limit=SECRET_LENGTH)
    return text


def _host(address: str) -> str:
    """The server in an address, which may be an e-mail address."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        host = None
    return host or address[:NAME_LENGTH]

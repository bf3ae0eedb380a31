"""Asking for consent: the browser goes to a provider and back, and what it brings is kept.

The question is kept sealed here, counts once, for ten minutes, and for the session that asked it
alone: whoever is lured into following somebody else's answer connects nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from integrations.contract import (
    Access,
    AccessLost,
    Calendar,
    ConsentProvider,
    Granted,
    IntegrationError,
    Onward,
    Unreachable,
)
from server.app import App
from server.domain import secrecy
from server.domain.accounts import admin
from server.domain.calendars import company, connecting, connections, grants
from server.domain.errors import Conflict, DomainError, NotFound, PartnerDown
from server.domain.sessions import Identity
from server.vault import Unreadable
from storage.calendars import Connection, Provider
from storage.consents import Consent
from storage.models import User

Answered = TypeVar("Answered")

LASTS = timedelta(minutes=10)
PATIENCE = 25.0  # seconds
LONGEST_ANSWER = 20_000  # characters of what came back
# Of refusals by reason, how the client is told.
WORDS = {"connections": "too_many", "other_tenant": "other_account"}

log = logging.getLogger("vaxel.calendars")


class Failed(Exception):  # reads as what happened
    """Nothing was connected. *word* tells the client why.

    `state`: the answer is not to a question of this session, or comes too late; `refused`;
    `unreachable`; `unusable`: the provider answered what makes no sense; `other_account`: it was
    to connect an account again, and another came back; `not_allowed`: plan, role or the company's
    policy says no; `too_many`.
    """

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Done:
    """Connected: the connection's id."""

    connection_id: str


@dataclass(frozen=True, slots=True)
class Further:
    """The browser must go there and back once more."""

    url: str


async def begin(
    app: App,
    who: Identity,
    provider: Provider,
    *,
    company_wide: bool = False,
    connection_id: str | None = None,
) -> str:
    """The address to send the actor's browser to; *connection_id* is what to connect again.

    Raises NotAllowed, NotFound, Conflict, OverQuota, TooFast, PartnerDown.
    """
    actor = who.user
    if company_wide:
        admin.must_administer(actor)
    asker = _asker(app, provider)
    await grants.must_be_on(app, actor, provider)
    if connection_id is not None:
        await _again(app, actor, provider, connection_id, company_wide=company_wide)
    elif not company_wide:
        await connecting.room_for_one(app, actor)
    await connecting.not_too_often(app, actor)
    try:
        url, flow = await _patiently(asker.begin(redirect_uri(app, provider), company=company_wide))
    except IntegrationError:
        raise PartnerDown("calendar") from None
    await _keep(app, who, provider, flow, company_wide, connection_id or "")
    return url


async def finish(
    app: App, who: Identity, provider: Provider, answer: Mapping[str, str]
) -> Done | Further:
    """What the browser brought back, made a connection. Raises Failed."""
    if sum(map(len, answer.values())) > LONGEST_ANSWER:
        raise Failed("state")
    state = secrecy.digest(answer.get("state", ""))
    consent = await app.stores.consents.take(state, provider, who.session_id)
    if consent is None or consent.user_id != who.user.id or consent.expires_at <= app.now():
        raise Failed("state")
    try:
        found = await _answered(app, consent, answer)
        if isinstance(found, Onward):
            await _keep(app, who, provider, found.flow, consent.company, consent.connection_id)
            return Further(found.url)
        return Done((await _connected(app, who.user, consent, found)).id)
    except AccessLost:
        raise Failed("refused") from None
    except Unreachable:
        raise Failed("unreachable") from None
    except IntegrationError:
        raise Failed("unusable") from None
    except DomainError as error:
        raise Failed(WORDS.get(error.reason, "not_allowed")) from None


def redirect_uri(app: App, provider: str) -> str:
    """Where the provider sends the browser back to: an address to tell it beforehand."""
    return f"{app.settings.address}/oauth/{provider}/callback"


async def _answered(app: App, consent: Consent, answer: Mapping[str, str]) -> Granted | Onward:
    try:
        flow: dict[str, Any] = json.loads(app.vault.open(consent.sealed, consent.id))
    except Unreadable:
        raise Failed("state") from None
    return await _patiently(_asker(app, consent.provider).finish(flow, answer))


async def _connected(app: App, actor: User, consent: Consent, granted: Granted) -> Connection:
    """The connection that was asked for. Plan, role and policy may be others than then."""
    await grants.must_be_on(app, actor, consent.provider)
    if consent.company:
        return await company.connect(
            app,
            actor,
            consent.provider,
            granted.account,
            granted.credentials,
            granted.tenant,
            consent.connection_id,
        )
    known = await _known(app, actor, consent, granted)
    found = await _calendars(app, consent.provider, granted)
    if known is not None:
        return await connecting.connect_again(
            app, known, granted.credentials, found, granted.tenant
        )
    return await connecting.add(
        app,
        actor,
        consent.provider,
        granted.account,
        granted.credentials,
        found,
        granted.tenant,
    )


async def _known(app: App, actor: User, consent: Consent, granted: Granted) -> Connection | None:
    """The connection to the same account that there is. Raises Failed when it is another's."""
    account = granted.account.casefold()
    if consent.connection_id:
        again = await connections.own(app, actor, consent.connection_id)
        if again.account.casefold() != account:
            raise Failed("other_account")
        return again
    for each in await app.stores.connections.of_user(actor.org_id, actor.id):
        if each.provider == consent.provider and each.account.casefold() == account:
            return each
    return None


async def _calendars(app: App, provider: Provider, granted: Granted) -> list[Calendar]:
    """What calendars there are; none when they cannot be told yet: the first sync asks again."""
    try:
        return await grants.calendars(app, provider, Access(granted.credentials))
    except IntegrationError as error:
        facts = {"provider": provider, "error": type(error).__name__}
        log.info("connection.calendars_later", extra=facts)
        return []


async def _again(
    app: App, actor: User, provider: Provider, connection_id: str, *, company_wide: bool
) -> None:
    """Raises NotFound unless this can be connected again by the actor."""
    if company_wide:
        found = await company.own(app, actor, provider)
        if found is None or found.id != connection_id:
            raise NotFound("connection")
        return
    if (await connections.own(app, actor, connection_id)).provider != provider:
        raise NotFound("connection")


async def _keep(
    app: App,
    who: Identity,
    provider: Provider,
    flow: Mapping[str, Any],
    company_wide: bool,  # noqa: FBT001  # as the consent has it
    connection_id: str,
) -> None:
    consent_id = secrecy.digest(str(flow["state"]))
    await app.stores.consents.add(
        Consent(
            id=consent_id,
            org_id=who.user.org_id,
            user_id=who.user.id,
            session_id=who.session_id,
            provider=provider,
            company=company_wide,
            connection_id=connection_id,
            sealed=app.vault.seal(json.dumps(dict(flow)), consent_id),
            expires_at=app.now() + LASTS,
        )
    )


def _asker(app: App, provider: str) -> ConsentProvider:
    found = app.consents.get(provider)
    if found is None:
        raise Conflict("provider_unset")
    return found


async def _patiently(work: Awaitable[Answered]) -> Answered:
    try:
        return await asyncio.wait_for(work, PATIENCE)
    except TimeoutError:
        raise Unreachable("slow") from None

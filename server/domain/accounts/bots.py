"""Bots: members without a password that speak over HTTP with tokens made by an administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.app import App
from server.domain import secrecy
from server.domain.accounts import admin, audit, rules, shape, telling
from server.domain.errors import Conflict, NotFound, OverQuota
from storage.models import Session, User, timestamp
from storage.people import Taken

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
PREFIX = "vxb_"
MOST_TOKENS = 20


async def listing(app: App, actor: User) -> list[dict[str, Any]]:
    """The company's bots and their tokens, without the secrets. Raises NotAllowed."""
    admin.must_administer(actor)
    bots = [each for each in await app.stores.users.of_org(actor.org_id) if each.role == "bot"]
    found = await app.stores.sessions.of_org(actor.org_id, [bot.id for bot in bots])
    return [
        shown | {"tokens": [_shown(token) for token in found if token.user_id == shown["id"]]}
        for shown in await shape.people(app, bots)
    ]


def _shown(token: Session) -> dict[str, Any]:
    used = token.last_seen_at > token.created_at
    return {
        "id": token.id,
        "name": token.device,
        "created_at": timestamp(token.created_at),
        "last_used_at": timestamp(token.last_seen_at) if used else None,
    }


async def add(app: App, actor: User, name: str, handle: str | None) -> User:
    """A new bot. Raises NotAllowed, Invalid, Conflict for a taken handle."""
    admin.must_administer(actor)
    org = await admin.own_org(app, actor)
    tidy = rules.name(name)
    taken = await app.stores.users.handles(org.id)
    bot = User(
        id=app.new_id(),
        org_id=org.id,
        email="",
        name=tidy,
        handle=rules.handle(handle) if handle else rules.suggest_handle(tidy, taken),
        plan="pro",
        role="bot",
        language=org.language,
        time_zone=org.time_zone,
        created_at=app.now(),
    )
    try:
        await app.stores.users.add(bot)
    except Taken:
        raise Conflict("handle_taken", field="handle") from None
    await audit.record(app, actor, "bot.added", bot)
    await telling.person_changed(app, bot)
    return bot


async def _one(app: App, actor: User, user_id: str) -> User:
    bot = await admin.someone(app, actor, user_id)
    if bot.role != "bot":
        raise NotFound("bot")
    return bot


async def add_token(app: App, actor: User, user_id: str, name: str) -> dict[str, Any]:
    """A token for the bot: {id, name, token}; the token is shown this once.

    Raises NotAllowed, NotFound, Invalid, OverQuota.
    """
    bot = await _one(app, actor, user_id)
    tidy = rules.name(name)
    if len(await app.stores.sessions.of_user(bot.id, bot.org_id)) >= MOST_TOKENS:
        raise OverQuota("tokens", limit=MOST_TOKENS)
    token = secrecy.new_token(PREFIX)
    now = app.now()
    session = Session(
        id=app.new_id(),
        user_id=bot.id,
        org_id=bot.org_id,
        token_hash=secrecy.digest(token),
        device=tidy,
        created_at=now,
        last_seen_at=now,
        expires_at=NEVER,
    )
    await app.stores.sessions.add(session, MOST_TOKENS + 1)
    await audit.record(app, actor, "token.added", bot, {"token": [None, tidy]})
    return {"id": session.id, "name": tidy, "token": token}


async def remove_token(app: App, actor: User, user_id: str, token_id: str) -> None:
    """The token does not work any more. Raises NotAllowed, NotFound."""
    bot = await _one(app, actor, user_id)
    token = await app.stores.sessions.find(token_id)
    if token is None or not await app.stores.sessions.remove(token_id, bot.id):
        raise NotFound("token")
    app.events.forget("session", token_id)
    app.events.end_sessions(bot.id, "signed_out", only=token_id)
    await audit.record(app, actor, "token.removed", bot, {"token": [token.device, None]})

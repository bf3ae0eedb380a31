"""Inviting someone by mail, and what they do with it."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain import sessions
from server.domain.accounts import audit, links, mailing, passwords, rules, shape, telling
from server.domain.errors import Conflict, NotFound
from storage.models import Language, User


async def invite(app: App, actor: User | None, user: User) -> User:
    """Mail the person a link to choose their first password; earlier links stop working.

    Raises Conflict for a bot, or for someone who has a password already.
    """
    if user.role == "bot":
        raise Conflict("bot")
    if not shape.invited(user):
        raise Conflict("not_invited")
    if user.blocked:
        raise Conflict("blocked")
    org = await app.stores.orgs.get(user.org_id)
    link = await links.make(app, user, "invitation")
    by = actor.name if actor else app.settings.mail_from.partition("<")[0].strip()
    await mailing.post(app, "invitation", user, link=link, org=org.name if org else "", by=by)
    saved = await app.stores.users.update(user.id, user.org_id, invited_at=app.now())
    return saved or user


async def look(app: App, token: str) -> dict[str, Any]:
    """Who is invited, and where: {email, name, org, language}. Raises NotFound."""
    user = await links.look(app, "invitation", token)
    org = await app.stores.orgs.get(user.org_id)
    if org is None:
        raise NotFound("link")
    return {
        "email": user.email,
        "name": user.name,
        "org": org.name,
        "language": user.language,
    }


async def accept(
    app: App,
    token: str,
    password: str,
    name: str | None,
    language: Language | None,
    device: str,
    ip: str,
) -> tuple[str, User]:
    """Choose the first password and sign in: the session's token and the person.

    Raises NotFound, Invalid.
    """
    user = await links.look(app, "invitation", token)
    passwords.check(password, user.email, "password")
    changes: dict[str, Any] = {"name": rules.name(name)} if name is not None else {}
    if language is not None:
        changes["language"] = language
    user = await links.use(app, "invitation", token)
    saved = await passwords.choose(app, user, password)
    if changes:
        saved = await app.stores.users.update(user.id, user.org_id, **changes) or saved
    await audit.record(
        app, saved, "invitation.accepted", saved, audit.difference(user, saved, list(changes))
    )
    await telling.person_changed(app, saved, user)
    return await sessions.start(app, saved, device, ip), saved

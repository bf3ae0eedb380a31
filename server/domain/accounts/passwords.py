"""Choosing a password: at sign-up, by choice, or because the old one was forgotten."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from importlib import resources

from server.app import App
from server.domain import secrecy, sessions
from server.domain.accounts import audit, links, mailing
from server.domain.errors import Invalid, NotAllowed, TooFast
from server.domain.sessions import Identity
from storage.models import User

SHORTEST = 10
LONGEST = 200
ASKING_SECONDS = 0.3
FORGOT_BY_ADDRESS = (20, 3600.0)
FORGOT_BY_PERSON = (3, 3600.0)
RESET_BY_ADDRESS = (30, 600.0)
CURRENT_BY_PERSON = (5, 300.0)


def check(password: str, email: str, field: str = "new") -> None:
    """Raises Invalid for a password that is short, the e-mail address, or among the commonest."""
    if len(password) < SHORTEST:
        raise Invalid(field, "too_short", limit=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid(field, "too_long", limit=LONGEST)
    plain = password.casefold()
    if plain in {email.casefold(), email.partition("@")[0].casefold()}:
        raise Invalid(field, "password_email")
    if len(set(plain)) < 4 or plain in common() or _stem(plain) in common():
        raise Invalid(field, "password_common")


def _stem(password: str) -> str:
    """The word in `sommaren2026!`."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)


@cache
def common() -> frozenset[str]:
    """The commonest passwords, and the words that the rest of them are made of."""
    text = resources.files("server.domain.accounts").joinpath("common_passwords.txt")
    return frozenset(text.read_text("utf-8").split())


async def change(app: App, identity: Identity, current: str, new: str) -> None:
    """A new password by choice; all other sessions end. Raises Invalid, NotAllowed, TooFast."""
    user = identity.user
    key = f"password:{user.id}"
    wait = await app.throttle.hit(key, *CURRENT_BY_PERSON)
    if wait > 0:
        raise TooFast(wait)
    fresh = await app.stores.users.in_org(user.id, user.org_id)
    if not await secrecy.matches(fresh.password_hash if fresh else None, current):
        raise NotAllowed("wrong_password", field="current")
    check(new, user.email)
    await app.throttle.clear(key)
    await choose(app, user, new)
    await sessions.end_all(app, user, "password_changed", keep=identity.session_id)
    await audit.record(app, user, "password.changed", user)
    await mailing.post(app, "password_changed", user)


async def choose(app: App, user: User, new: str) -> User:
    """Keep the checked password; links that would set another stop working."""
    password_hash = await secrecy.hash_password(new)
    saved = await app.stores.users.update(
        user.id, user.org_id, password_hash=password_hash, demo=False
    )
    await app.stores.links.remove_all(user.id)
    app.events.forget("user", user.id)
    return saved or user


async def forgot(app: App, email: str, ip: str) -> None:
    """Mail a link, if there is such a person. What is seen from outside is the same if not.

    Raises TooFast for too many from one address.
    """
    wait = await app.throttle.hit(f"forgot:ip:{ip}", *FORGOT_BY_ADDRESS)
    if wait > 0:
        raise TooFast(wait)
    # The same time for all: how long it took must not tell whether the address is known.
    await asyncio.gather(_send_link(app, email), asyncio.sleep(ASKING_SECONDS))


async def _send_link(app: App, email: str) -> None:
    user = await app.stores.users.by_email(email)
    if user is None or user.blocked or user.role == "bot":
        return
    org = await app.stores.orgs.find(user.org_id)
    if org is None or org.blocked:
        return
    if await app.throttle.hit(f"forgot:user:{user.id}", *FORGOT_BY_PERSON) > 0:
        return
    link = await links.make(app, user, "reset")
    await mailing.post(app, "reset", user, link=link)


async def reset(app: App, token: str, new: str, ip: str) -> None:
    """A new password by a mailed link; all sessions end. Raises NotFound, Invalid, TooFast."""
    wait = await app.throttle.hit(f"reset:ip:{ip}", *RESET_BY_ADDRESS)
    if wait > 0:
        raise TooFast(wait)
    user = await links.look(app, "reset", token)
    check(new, user.email)
    user = await links.use(app, "reset", token)
    await choose(app, user, new)
    await sessions.end_all(app, user, "password_changed")
    await audit.record(app, user, "password.reset", user)
    await mailing.post(app, "password_changed", user)

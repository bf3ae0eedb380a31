"""Signing in and out. Each device has its own session; bots have one per token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from server.app import App
from server.domain import secrecy
from server.domain.errors import NotFound, NotSignedIn, TooFast
from storage.models import Session, User
from storage.signins import TOUCH_EVERY

LONGEST_TOKEN = 200
ADDRESS_LIMIT = (60, 300.0)
# Tries per person: a typing error costs nothing, a guesser waits longer and longer.
GUESSES = ((5, 60.0), (20, 3600.0), (60, 86400.0))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking, by which session."""

    user: User
    session_id: str


async def authenticate(app: App, token: str) -> Identity:
    """Whose token this is: a device's session or a bot's. Raises NotSignedIn."""
    if not token or len(token) > LONGEST_TOKEN:
        raise NotSignedIn
    session = await app.stores.sessions.by_token_hash(secrecy.digest(token))
    return Identity(await _owner(app, session), session.id if session else "")


async def current(app: App, session_id: str, user_id: str) -> User:
    """The person behind a connected device, as they are now. Raises NotSignedIn.

    Asked before every command, so nothing is fetched while all is at hand and fresh.
    """
    sessions = app.stores.sessions
    session = sessions.cache.peek(session_id) or await sessions.get(session_id)
    if session is not None and session.user_id != user_id:
        raise NotSignedIn
    return await _owner(app, session)


async def _owner(app: App, session: Session | None) -> User:
    now = app.now()
    if session is None or session.expires_at <= now:
        raise NotSignedIn
    stores = app.stores
    user = stores.users.cache.peek(session.user_id) or await stores.users.get(session.user_id)
    if user is None or user.blocked:
        raise NotSignedIn
    org = stores.orgs.cache.peek(user.org_id) or await stores.orgs.get(user.org_id)
    if org is None or org.blocked:
        raise NotSignedIn
    if now - session.last_seen_at >= TOUCH_EVERY:
        expires_at = now + timedelta(days=app.settings.session_days)
        if await stores.sessions.touch(session, now, expires_at):
            await stores.users.seen(user.id, now)
    return user


async def sign_in(app: App, email: str, password: str, device: str, ip: str) -> tuple[str, User]:
    """A new session: its token, shown this once, and the person.

    Raises NotSignedIn("credentials"), the same for a wrong password, an unknown address and a
    blocked person, and TooFast.
    """
    email = email.strip().lower()
    await _count_try(app, email, ip)
    user = await app.stores.users.by_email(email)
    right = await secrecy.matches(user.password_hash if user else None, password)
    if user is None or not right or not await _may_sign_in(app, user):
        raise NotSignedIn("credentials")
    await _forgive(app, email, ip)
    if user.password_hash and secrecy.outdated(user.password_hash):
        fresh = await secrecy.hash_password(password)
        user = await app.stores.users.update(user.id, user.org_id, password_hash=fresh) or user
    return await start(app, user, device, ip), user


async def _may_sign_in(app: App, user: User) -> bool:
    org = await app.stores.orgs.find(user.org_id)
    return not user.blocked and org is not None and not org.blocked


async def _count_try(app: App, email: str, ip: str) -> None:
    limits = [(f"sign-in:ip:{ip}", *ADDRESS_LIMIT)]
    limits += [(_guesses_key(email, period), limit, period) for limit, period in GUESSES]
    for key, limit, period in limits:
        wait = await app.throttle.hit(key, limit, period)
        if wait > 0:
            raise TooFast(wait)


async def _forgive(app: App, email: str, ip: str) -> None:
    await app.throttle.undo(f"sign-in:ip:{ip}", *ADDRESS_LIMIT)
    await app.throttle.clear(*(_guesses_key(email, period) for _, period in GUESSES))


def _guesses_key(email: str, period: float) -> str:
    return f"sign-in:{period:.0f}:{secrecy.digest(email)}"


async def start(app: App, user: User, device: str, ip: str) -> str:
    """A session for a person who has proven who they are; returns its token."""
    token = secrecy.new_token()
    now = app.now()
    session = Session(
        id=app.new_id(),
        user_id=user.id,
        org_id=user.org_id,
        token_hash=secrecy.digest(token),
        device=device[:120],
        ip=ip[:64],
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=app.settings.session_days),
    )
    gone = await app.stores.sessions.add(session, app.settings.sessions_per_user)
    await app.stores.users.seen(user.id, now)
    for old in gone:
        app.events.forget("session", old.id)
        app.events.end_sessions(user.id, "signed_out", only=old.id)
    return token


async def sign_out(app: App, identity: Identity) -> None:
    """End this session."""
    await end(app, identity.user, identity.session_id)


async def of(app: App, user: User) -> list[Session]:
    """The person's sessions, the latest used first; expired ones left out."""
    now = app.now()
    found = await app.stores.sessions.of_user(user.id, user.org_id)
    return [each for each in found if each.expires_at > now]


async def end(app: App, user: User, session_id: str, reason: str = "signed_out") -> None:
    """End one session of the person. Raises NotFound."""
    if not await app.stores.sessions.remove(session_id, user.id):
        raise NotFound("session")
    app.events.forget("session", session_id)
    app.events.end_sessions(user.id, reason, only=session_id)


async def end_all(
    app: App, user: User, reason: str = "signed_out", keep: str | None = None
) -> None:
    """End all the person's sessions, but for *keep*; their devices are disconnected at once."""
    for session_id in await app.stores.sessions.remove_all(user.id, keep):
        app.events.forget("session", session_id)
    app.events.end_sessions(user.id, reason, keep=keep)

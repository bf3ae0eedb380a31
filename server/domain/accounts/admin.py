"""What administrators do with the people of their own company, and with the company itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.app import App
from server.domain import sessions
from server.domain.accounts import audit, invitations, people, profile, rules, telling
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from server.domain.jobs import Job
from server.domain.plans import can
from storage.models import Org, Role, User
from storage.people import Taken

CHANGEABLE = ("name", "title", "department", "phones", "plan", "role", "language", "email")
WORK = frozenset({"working_hours", "country", "holidays"})
OF_PEOPLE_ONLY = frozenset({"plan", "role", "email", "language"})


def must_administer(actor: User) -> None:
    """Raises NotAllowed for who is not an administrator."""
    if not can(actor, "admin"):
        raise NotAllowed("admin")


async def someone(app: App, actor: User, user_id: str) -> User:
    """A person of the company whom the actor may change. Raises NotAllowed, NotFound.

    An operator is over all companies, so only operators may touch one.
    """
    must_administer(actor)
    user = await people.colleague(app, actor, user_id)
    if user.role == "operator" and actor.role != "operator":
        raise NotAllowed("operator")
    return user


def may_give(actor: User | None, role: Role) -> None:
    """Raises NotAllowed for a role that the actor may not give, Invalid for a bot's."""
    if role == "bot":
        raise Invalid("role", "not_a_choice")
    if role == "operator" and actor is not None and actor.role != "operator":
        raise NotAllowed("operator")


async def listing(app: App, actor: User) -> list[User]:
    """Everyone in the company, bots aside, by name. Raises NotAllowed."""
    must_administer(actor)
    found = await app.stores.users.of_org(actor.org_id)
    return [user for user in found if user.role != "bot"]


def newcomer(app: App, org: Org, taken: set[str], **fields: Any) -> User:
    """A person as they begin in the company, with a handle that none of *taken* has."""
    handle = rules.suggest_handle(fields["email"].partition("@")[0], taken)
    created_at: datetime = app.now()
    defaults: dict[str, Any] = {"language": org.language, "time_zone": org.time_zone}
    given = {name: value for name, value in fields.items() if value is not None}
    return User(
        id=app.new_id(), org_id=org.id, handle=handle, created_at=created_at, **defaults | given
    )


async def enrol(app: App, actor: User | None, org: Org, fields: dict[str, Any]) -> User:
    """Add a person to the company. Raises Invalid, NotAllowed, Conflict.

    *actor* None is someone at the server's own console.
    """
    may_give(actor, fields.get("role") or "member")
    tidy = profile.checked({key: value for key, value in fields.items() if value is not None})
    holder = await app.stores.users.by_email(tidy["email"])
    if holder is not None:
        reason = "email_taken" if holder.org_id == org.id else "email_unusable"
        raise Conflict(reason, field="email")
    try:
        taken = await app.stores.users.handles(org.id)
        user = await app.stores.users.add(newcomer(app, org, taken, **tidy))
    except Taken:
        raise Conflict("again") from None
    await audit.record(app, actor, "person.added", user, {"email": [None, user.email]})
    await telling.person_changed(app, user)
    return user


async def add(app: App, actor: User, fields: dict[str, Any], *, invite: bool) -> User:
    """Add a person to the actor's company, and mail them unless told not to.

    Raises NotAllowed, Invalid, Conflict.
    """
    must_administer(actor)
    org = await own_org(app, actor)
    user = await enrol(app, actor, org, fields)
    return await invitations.invite(app, actor, user) if invite else user


async def update(app: App, actor: User, user_id: str, fields: dict[str, Any]) -> User:
    """Change a person's profile, plan or role. Raises NotAllowed, NotFound, Invalid, Conflict."""
    user = await someone(app, actor, user_id)
    if user.role == "bot" and OF_PEOPLE_ONLY & set(fields):
        raise Conflict("bot")
    if fields.get("role", user.role) != user.role:
        may_give(actor, fields["role"])
    return await change(app, actor, user, profile.checked(fields))


async def change(app: App, actor: User | None, user: User, tidy: dict[str, Any]) -> User:
    """Save checked changes of a person, note them and tell. Raises Conflict, NotFound."""
    if not tidy:
        return user
    if "email" in tidy and tidy["email"] != user.email:
        await _free(app, user, tidy["email"])
        # A link in the old address's inbox must not open the account.
        await app.stores.links.remove_all(user.id)
    saved = await _save(app, user, tidy)
    found = audit.difference(user, saved, CHANGEABLE)
    if found:
        await audit.record(app, actor, "person.changed", saved, found)
        await telling.person_changed(app, saved, user)
    if saved.plan != user.plan:  # not every plan lets calendars decide for the telephone
        await app.jobs.enqueue(
            Job.CALENDAR_CLAIMS, queue="sync", org_id=saved.org_id, user_id=saved.id
        )
    return saved


async def _free(app: App, user: User, email: str) -> None:
    holder = await app.stores.users.by_email(email)
    if holder is not None and holder.id != user.id:
        reason = "email_taken" if holder.org_id == user.org_id else "email_unusable"
        raise Conflict(reason, field="email")


async def _save(app: App, user: User, changes: dict[str, Any]) -> User:
    guarded = user.role in ("admin", "operator")
    store = app.stores.users
    update = store.update_keeping_an_admin if guarded else store.update
    try:
        saved = await update(user.id, user.org_id, **changes)
    except Taken as error:
        if error.field == "admin":
            raise Conflict("last_admin", field="role") from None
        raise Conflict("email_taken", field="email") from None
    if saved is None:
        raise NotFound("user")
    return saved


async def block(app: App, actor: User, user_id: str) -> User:
    """Shut a person out, at once on every device. Raises NotAllowed, NotFound, Conflict."""
    user = await someone(app, actor, user_id)
    if user.id == actor.id:
        raise Conflict("block_self")
    return await shut_out(app, actor, user)


async def shut_out(app: App, actor: User | None, user: User) -> User:
    """Block the person: no session, link or token of theirs works. Raises Conflict."""
    saved = await _save(app, user, {"blocked": True})
    app.events.forget("user", user.id)
    if user.role == "bot":  # its tokens work again when it is let in
        app.events.end_sessions(user.id, "blocked")
    else:
        await sessions.end_all(app, user, "blocked")
        await app.stores.links.remove_all(user.id)
    if not user.blocked:
        await audit.record(app, actor, "person.blocked", saved, {"blocked": [False, True]})
        await telling.person_changed(app, saved, user)
    return saved


async def unblock(app: App, actor: User, user_id: str) -> User:
    """Let a person in again. Raises NotAllowed, NotFound."""
    return await let_in(app, actor, await someone(app, actor, user_id))


async def let_in(app: App, actor: User | None, user: User) -> User:
    """Unblock the person; they sign in anew."""
    saved = await _save(app, user, {"blocked": False})
    if user.blocked:
        await audit.record(app, actor, "person.unblocked", saved, {"blocked": [True, False]})
        await telling.person_changed(app, saved, user)
    return saved


async def invite(app: App, actor: User, user_id: str) -> User:
    """Mail the invitation again. Raises NotAllowed, NotFound, Conflict."""
    user = await invitations.invite(app, actor, await someone(app, actor, user_id))
    await audit.record(app, actor, "person.invited", user)
    return user


async def own_org(app: App, actor: User) -> Org:
    """The actor's company. Raises NotFound."""
    org = await app.stores.orgs.find(actor.org_id)
    if org is None:
        raise NotFound("org")
    return org


async def org_of(app: App, actor: User) -> Org:
    """The actor's company, for its administrators. Raises NotAllowed."""
    must_administer(actor)
    return await own_org(app, actor)


async def update_org(app: App, actor: User, fields: dict[str, Any]) -> Org:
    """Change the company's name, language, zone, or when it works. Raises NotAllowed, Invalid."""
    org = await org_of(app, actor)
    return await change_org(app, actor, org, fields)


async def _tell_of_work(app: App, org: Org) -> None:
    """The company works at other times: so do those who have no hours of their own."""
    users = [user for user in await app.stores.users.of_org(org.id) if user.role != "bot"]
    await telling.me_changed(app, [user for user in users if user.working_hours is None])
    app.presence.touch(org.id, [user.id for user in users if user.auto_gone])


async def change_org(app: App, actor: User | None, org: Org, fields: dict[str, Any]) -> Org:
    """Save changes of a company, note them and tell. Raises Invalid, NotFound."""
    tidy = profile.checked(fields)
    if not tidy:
        return org
    saved = await app.stores.orgs.update(org.id, **tidy)
    if saved is None:
        raise NotFound("org")
    found = audit.difference(org, saved, list(tidy))
    if found:
        await audit.record(app, actor, "org.changed", saved, found)
        telling.org_changed(app, saved)
        if not WORK.isdisjoint(found):
            await _tell_of_work(app, saved)
    return saved

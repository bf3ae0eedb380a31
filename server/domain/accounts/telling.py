"""Saying that a person or a company changed, to everyone whom it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from server.app import App
from server.domain.accounts import shape
from server.domain.events import Fact, to_org, to_user
from server.domain.jobs import Job
from server.domain.plans import can
from storage.models import Org, User

AT_ONCE = 200  # people told of before others get their turn
SYNCED_BY = ("email", "blocked", "plan", "role", "time_zone")


async def person_changed(app: App, user: User, before: User | None = None) -> None:
    """Tell colleagues and the person's own devices; *before* is None for someone new."""
    await people_changed(app, [(user, before)])


async def people_changed(app: App, changes: Sequence[tuple[User, User | None]]) -> None:
    """Tell of many people of one company: each as they are now, and were before.

    Who gains or loses chat hears other rooms from now on: their devices connect again, quietly.
    """
    for start in range(0, len(changes), AT_ONCE):
        some = changes[start : start + AT_ONCE]
        for user, _before in some:
            app.events.forget("user", user.id)
        found = await shape.all_me(app, [user for user, _before in some])
        people = await shape.people(app, [user for user, _before in some])
        for (user, before), me, person in zip(some, found, people, strict=True):
            app.events.publish(Fact.PERSON_CHANGED, {"person": person}, to_org(user.org_id))
            app.events.publish(Fact.ME_CHANGED, {"me": me}, to_user(user.id))
            if before is not None and can(before, "chat") != can(user, "chat"):
                app.events.end_sessions(user.id, "server_restart")
        await asyncio.sleep(0)
    await _take_mailboxes_along(app, changes)


async def _take_mailboxes_along(app: App, changes: Sequence[tuple[User, User | None]]) -> None:
    """Who came, left, or has another address or plan may be synced otherwise from now on."""
    orgs = {
        user.org_id
        for user, before in changes
        if before is None or any(getattr(user, name) != getattr(before, name) for name in SYNCED_BY)
    }
    for org_id in orgs:
        if await app.stores.connections.any_of_org(org_id):
            await app.jobs.enqueue(Job.COMPANY_ATTEND, org_id=org_id)


async def me_changed(app: App, users: Sequence[User]) -> None:
    """Tell people of one company what only they need to know of themselves."""
    for user, me in zip(users, await shape.all_me(app, users), strict=True):
        app.events.publish(Fact.ME_CHANGED, {"me": me}, to_user(user.id))


def org_changed(app: App, org: Org) -> None:
    """Tell everyone in the company."""
    app.events.forget("org", org.id)
    app.events.publish(Fact.ORG_CHANGED, {"org": shape.org(org)}, to_org(org.id))

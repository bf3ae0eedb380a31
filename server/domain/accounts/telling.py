"""Saying that a person or a company changed, to everyone whom it concerns."""

from __future__ import annotations

from server.app import App
from server.domain.accounts import shape
from server.domain.events import Fact, to_org, to_user
from server.domain.plans import can
from storage.models import Org, User


def person_changed(app: App, user: User, before: User | None = None) -> None:
    """Tell colleagues and the person's own devices; *before* is None for someone new.

    Who gains or loses chat hears other rooms from now on: their devices connect again, quietly.
    """
    app.events.forget("user", user.id)
    audience = to_org(user.org_id)
    app.events.publish(Fact.PERSON_CHANGED, {"person": shape.person(app, user)}, audience)
    app.events.publish(Fact.ME_CHANGED, {"me": shape.me(app, user)}, to_user(user.id))
    if before is not None and can(before, "chat") != can(user, "chat"):
        app.events.end_sessions(user.id, "server_restart")


def presence_changed(app: App, user: User) -> None:
    """Tell colleagues about the person's new note."""
    found = [shape.presence(app, user)]
    app.events.publish(Fact.PRESENCE_CHANGED, found, to_org(user.org_id))


def org_changed(app: App, org: Org) -> None:
    """Tell everyone in the company."""
    app.events.forget("org", org.id)
    app.events.publish(Fact.ORG_CHANGED, {"org": shape.org(org)}, to_org(org.id))

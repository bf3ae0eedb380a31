"""People, companies and sessions as clients see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.app import App
from server.domain import plans
from storage.models import OFFICE_HOURS, Org, Session, User, timestamp

DEMO_PASSWORD = "vaxel-demo"  # noqa: S105  # the demo's people are for anyone who tries Växel


def person(app: App, user: User) -> dict[str, Any]:
    """Person, as a colleague sees them, presence included."""
    return {
        "id": user.id,
        "handle": user.handle,
        "name": user.name,
        "title": user.title,
        "department": user.department,
        "phones": [{"kind": phone.kind, "number": phone.number} for phone in user.phones],
        "email": user.email,
        "picture": picture_address(user),
        "language": user.language,
        "time_zone": user.time_zone,
        "plan": user.plan,
        "role": user.role,
        "blocked": user.blocked,
        "presence": presence(app, user),
    }


def presence(app: App, user: User) -> dict[str, Any]:
    """Where the person is now: connected or not, and their note."""
    return {
        "user_id": user.id,
        "online": app.presence.of(user.id),
        "activity": None,
        "until": None,
        "line": None,
        "note": user.note,
    }


def me(app: App, user: User) -> dict[str, Any]:
    """Me: the person, and what only they need to know."""
    return person(app, user) | {
        "working_hours": user.working_hours or OFFICE_HOURS,
        "can": plans.abilities(user),
        "invited": invited(user),
        "demo": user.demo,
    }


def administered(app: App, user: User) -> dict[str, Any]:
    """The person, as their administrator sees them."""
    seen = moment(user.last_seen_at)
    return person(app, user) | {"invited": invited(user), "last_seen_at": seen}


def org(found: Org) -> dict[str, Any]:
    """Org, as its people see it."""
    return {
        "id": found.id,
        "name": found.name,
        "language": found.language,
        "time_zone": found.time_zone,
    }


def session(found: Session, current: str | None) -> dict[str, Any]:
    """A signed-in device, as its owner sees it."""
    return {
        "id": found.id,
        "device": found.device,
        "ip": found.ip,
        "created_at": timestamp(found.created_at),
        "last_seen_at": timestamp(found.last_seen_at),
        "current": found.id == current,
    }


def invited(user: User) -> bool:
    """Whether the person has yet to choose their first password."""
    return user.password_hash is None and user.role != "bot"


def picture_address(user: User) -> str | None:
    """Where the picture is; the address changes with the picture, so it may be kept forever."""
    return f"/api/people/{user.id}/picture?v={user.picture}" if user.picture else None


def moment(at: datetime | None) -> str | None:
    """A time on the wire, or null."""
    return timestamp(at) if at else None


async def demo_people(app: App) -> list[dict[str, Any]]:
    """The demo's people to sign in as; none unless this installation has a demo."""
    if not app.settings.demo:
        return []
    found = [user for user in await app.stores.users.of_demo() if user.password_hash]
    orgs = {org_id: await app.stores.orgs.get(org_id) for org_id in {u.org_id for u in found}}
    return [
        {
            "email": user.email,
            "password": DEMO_PASSWORD,
            "name": user.name,
            "role": user.role,
            "plan": user.plan,
            "org": company.name,
        }
        for user in found
        if (company := orgs[user.org_id]) is not None
    ]

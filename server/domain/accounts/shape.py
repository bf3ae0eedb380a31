"""People, companies and sessions as clients see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from server.app import App
from server.domain import plans
from server.domain.activities import current, views
from server.domain.numbers import shown
from storage.models import Org, Session, User, timestamp
from storage.telephony import CompanyNumber

DEMO_PASSWORD = "vaxel-demo"  # noqa: S105  # the demo's people are for anyone who tries Växel


async def people(app: App, users: Sequence[User]) -> list[dict[str, Any]]:
    """Persons, as colleagues see them, in the order given. A few queries however many they are."""
    presences = await views.presences(app, users)
    own = await views.own_types(app, users)
    numbers = await app.stores.numbers.of_users([user.id for user in users])
    return [
        _person(user, presence, own[user.id], numbers[user.id])
        for user, presence in zip(users, presences, strict=True)
    ]


async def person(app: App, user: User) -> dict[str, Any]:
    """Person, as a colleague sees them, presence included."""
    return (await people(app, [user]))[0]


def _person(
    user: User,
    presence: dict[str, Any],
    types: list[dict[str, Any]],
    numbers: Sequence[CompanyNumber],
) -> dict[str, Any]:
    extensions = [each.number for each in numbers if each.kind == "extension"]
    return {
        "id": user.id,
        "handle": user.handle,
        "name": user.name,
        "title": user.title,
        "department": user.department,
        "phones": [{"kind": phone.kind, "number": phone.number} for phone in user.phones],
        "extension": extensions[0] if extensions else None,
        "numbers": [_number(each) for each in numbers],
        "email": user.email,
        "picture": picture_address(user),
        "language": user.language,
        "time_zone": user.time_zone,
        "plan": user.plan,
        "role": user.role,
        "blocked": user.blocked,
        "activity_types": types,
        "presence": presence,
    }


def _number(found: CompanyNumber) -> dict[str, Any]:
    written = found.number if found.kind == "extension" else shown(found.number)
    return {"kind": found.kind, "number": found.number, "display": written}


async def me(app: App, user: User) -> dict[str, Any]:
    """Me: the person, and what only they need to know."""
    return (await all_me(app, [user]))[0]


async def all_me(app: App, users: Sequence[User]) -> list[dict[str, Any]]:
    """Me for each of them, all of one company, in the order given."""
    org = await app.stores.orgs.get(users[0].org_id) if users else None
    trusted = await _trusted(app, users)
    return [
        seen
        | {
            "note": user.note,
            "working_hours": current.hours(org, user),
            "own_hours": user.working_hours is not None,
            "auto_gone": user.auto_gone,
            "delegates": list(user.delegates),
            "may_set": _may_set(user, trusted),
            "can": plans.abilities(user),
            "invited": invited(user),
            "demo": user.demo,
        }
        for user, seen in zip(users, await people(app, users), strict=True)
    ]


async def _trusted(app: App, users: Sequence[User]) -> set[str]:
    """Who of them was asked by a colleague to choose activities."""
    if not users:
        return set()
    return await app.stores.users.delegates(users[0].org_id, [user.id for user in users])


def _may_set(user: User, trusted: set[str]) -> str:
    if plans.can(user, "others_activities"):
        return "all"
    return "some" if user.id in trusted else "none"


async def administered(app: App, users: Sequence[User]) -> list[dict[str, Any]]:
    """Persons, as their administrator sees them."""
    return [
        seen | {"invited": invited(user), "last_seen_at": moment(user.last_seen_at)}
        for user, seen in zip(users, await people(app, users), strict=True)
    ]


def org(found: Org) -> dict[str, Any]:
    """Org, as its people see it."""
    return {
        "id": found.id,
        "name": found.name,
        "language": found.language,
        "time_zone": found.time_zone,
        "working_hours": found.working_hours,
        "country": found.country,
        "holidays": found.holidays,
        "main_number": found.main_number,
        "pbx": found.pbx,
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

"""Activities and presence as clients see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from server.app import App
from server.domain.activities import current
from server.domain.activities.state import State
from server.domain.activities.types import STANDARD, merge
from storage.models import User, timestamp
from storage.telephony import Activity, ActivityType, Line


async def presences(app: App, users: Collection[User]) -> list[dict[str, Any]]:
    """Where each of these people is and what they do now, in the order given."""
    people = [user for user in users if user.role != "bot"]
    states = await current.states(app, people)
    lines = await _lines(app, people)
    return [_presence(app, user, states.get(user.id), lines.get(user.id)) for user in users]


async def company_types(app: App, org_id: str) -> list[dict[str, Any]]:
    """The company's activities, in their order; those hidden or removed are marked hidden."""
    kinds = await app.stores.activity_types.of_owners(org_id, [org_id])
    return types(merge(STANDARD, kinds[org_id], ()).values(), org_id)


async def own_types(app: App, users: Iterable[User]) -> dict[str, list[dict[str, Any]]]:
    """What each of these people changed or made, by user id."""
    by_company: dict[str, list[str]] = {}
    for user in users:
        by_company.setdefault(user.org_id, []).append(user.id)
    found: dict[str, list[dict[str, Any]]] = {}
    for org_id, ids in by_company.items():
        kinds = await app.stores.activity_types.of_owners(org_id, ids)
        found |= {user_id: types(theirs, org_id) for user_id, theirs in kinds.items()}
    return found


def types(kinds: Iterable[ActivityType], org_id: str) -> list[dict[str, Any]]:
    """ActivityTypes of the company *org_id* and its people, in their order."""
    ordered = sorted(kinds, key=lambda kind: (kind.position, kind.id))
    return [activity_type(kind, org_id) for kind in ordered]


def activity_type(kind: ActivityType, org_id: str) -> dict[str, Any]:
    """One kind of activity; `scope` tells whose version it is."""
    scope = "own"
    if kind.owner in ("", org_id):
        scope = "company" if kind.owner else "standard"
    return {
        "id": kind.id,
        "label": _wording(kind.label),
        "spoken": _wording(kind.spoken),
        "closes_phone": kind.closes_phone,
        "default_end": {"kind": kind.default_end.kind, "minutes": kind.default_end.minutes},
        "vip_through": kind.vip_through,
        "queue": kind.queue,
        "colour": kind.colour,
        "icon": kind.icon,
        "position": kind.position,
        "hidden": kind.hidden or kind.removed,
        "scope": scope,
    }


def activity(row: Activity) -> dict[str, Any]:
    """One row: what, when, and who said so."""
    return {
        "id": row.id,
        "activity": row.type_id,
        "start": timestamp(row.start),
        "end": timestamp(row.end) if row.end else None,
        "source": row.source,
        "note": row.note,
        "set_at": timestamp(row.set_at),
        "set_by": row.set_by,
    }


async def _lines(app: App, people: Iterable[User]) -> dict[str, Line]:
    """What the telephones do, of those whose company has an exchange that tells."""
    asked = []
    connected: dict[str, bool] = {}
    for user in people:
        if user.org_id not in connected:
            org = await app.stores.orgs.get(user.org_id)
            connected[user.org_id] = org is not None and org.pbx
        if connected[user.org_id]:
            asked.append(user.id)
    return await app.stores.lines.of_users(asked) if asked else {}


def _presence(app: App, user: User, state: State | None, line: Line | None) -> dict[str, Any]:
    row = state.row if state else None
    until = state.until if state else None
    return {
        "user_id": user.id,
        "online": app.presence.of(user.id),
        "activity": state.activity_id if state else None,
        "until": timestamp(until) if until else None,
        "line": line,
        "note": row.note if row and row.note else user.note,
    }


def _wording(words: dict[Any, str]) -> dict[str, str]:
    return {"sv": words.get("sv", ""), "en": words.get("en", "")}

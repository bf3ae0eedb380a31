"""Who does what now, of one person or of many, from the rows at hand."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from server.app import App
from server.domain.activities.holiday_dates import HolidaysOf
from server.domain.activities.state import State, state_at
from server.domain.activities.types import STANDARD, merge
from server.domain.schedule import Schedule
from storage.models import OFFICE_HOURS, Org, User, WorkingHours
from storage.telephony import ActivityType


async def states(
    app: App,
    users: Iterable[User],
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> dict[str, State]:
    """What each of these people does, by user id; now, or *at* another moment.

    They may be of several companies. A few queries however many they are. Calendars are believed
    as far as they are at *known_at*, at the moment itself unless told.
    """
    found: dict[str, State] = {}
    for org_id, people in _by_company(users).items():
        found |= await _states_in(app, org_id, people, at or app.now(), known_at)
    return found


async def state_of(
    app: App, user: User, at: datetime | None = None, known_at: datetime | None = None
) -> State:
    """What the person does; now, or *at* another moment, as far as is known at *known_at*."""
    return (await states(app, [user], at, known_at))[user.id]


async def schedule_of(app: App, user: User) -> Schedule:
    """When the person works."""
    return schedule(await app.stores.orgs.get(user.org_id), user)


async def types_of(app: App, user: User) -> dict[str, ActivityType]:
    """The activities of the person by id: the standard ones, the company's, their own."""
    kinds = await app.stores.activity_types.of_owners(user.org_id, [user.org_id, user.id])
    return merge(STANDARD, kinds[user.org_id], kinds[user.id])


def schedule(org: Org | None, user: User) -> Schedule:
    """When a person of *org* works: their own hours or the company's, on their own clock."""
    days: Container[date] = frozenset()
    if org is not None and org.holidays:
        days = HolidaysOf(org.country)
    return Schedule(hours(org, user), ZoneInfo(user.time_zone), days)


def hours(org: Org | None, user: User) -> WorkingHours:
    """The hours that count for the person."""
    if user.working_hours is not None:
        return user.working_hours
    return org.working_hours if org is not None else OFFICE_HOURS


async def _states_in(
    app: App,
    org_id: str,
    people: Mapping[str, User],
    at: datetime,
    known_at: datetime | None,
) -> dict[str, State]:
    org = await app.stores.orgs.get(org_id)
    rows = await app.stores.activities.of_users(org_id, people, at)
    kinds = await app.stores.activity_types.of_owners(org_id, [org_id, *people])
    ours = merge(STANDARD, kinds[org_id], ())
    found = {}
    for user_id, user in people.items():
        own = kinds[user_id]
        types = merge((), ours.values(), own) if own else ours
        found[user_id] = state_at(
            at,
            rows[user_id],
            types,
            schedule(org, user),
            auto_gone=user.auto_gone,
            known_at=known_at,
        )
    return found


def _by_company(users: Iterable[User]) -> dict[str, dict[str, User]]:
    found: dict[str, dict[str, User]] = {}
    for user in users:
        found.setdefault(user.org_id, {})[user.id] = user
    return found

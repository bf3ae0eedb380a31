"""Numbered migrations and indexes, run at start by whichever process comes first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pymongo.errors import DuplicateKeyError

from storage.contact_reach import contacts_found_by_reach
from storage.people_terms import people_found_by_terms

log = logging.getLogger("vaxel.migrations")

Migration = Callable[[Any], Awaitable[None]]

# What everybody was given before there were hours of a company.
_GIVEN_HOURS = {
    **{day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    **{day: [] for day in ("sat", "sun")},
}


async def _hours_of_the_company(database: Any) -> None:
    """Who never chose other hours than the standard ones has no hours of their own."""
    standard = {"working_hours": _GIVEN_HOURS}
    await database["users"].update_many(standard, {"$set": {"working_hours": None}})


# (number, what it does, the function). Numbers only grow; a released one is never changed.
MIGRATIONS: tuple[tuple[int, str, Migration], ...] = (
    (1, "standard hours are the company's", _hours_of_the_company),
    (2, "people are found by words and numbers", people_found_by_terms),
    (3, "contacts are found by what twins share", contacts_found_by_reach),
)

LEASE = timedelta(minutes=10)


class Prepared(Protocol):
    """A store that makes its own indexes."""

    async def prepare(self) -> None:
        """Create indexes; does nothing when they are there."""


class TooNew(Exception):
    """The database was written by a newer Växel; the message says so."""


async def migrate(database: Any, stores: Iterable[Prepared]) -> None:
    """Bring *database* up to date: migrations in order, then indexes. One process at a time.

    Raises TooNew when the database is ahead of this program.
    """
    state = database["migrations"]
    latest = max((number for number, _what, _run in MIGRATIONS), default=0)
    document = await state.find_one({"_id": "state"}) or {}
    done = document.get("number", 0)
    if done > latest:
        raise TooNew(
            f"The database is at version {done}, newer than this program's {latest}; "
            "start the newer program."
        )
    await _take_lease(state)
    try:
        done = (await state.find_one({"_id": "state"}) or {}).get("number", 0)
        for number, what, run in MIGRATIONS:
            if number > done:
                log.info("migration.run", extra={"number": number, "what": what})
                await run(database)
                await state.update_one({"_id": "state"}, {"$set": {"number": number}})
        # All end before the next process may begin, also when one fails.
        results = await asyncio.gather(
            *(store.prepare() for store in stores), return_exceptions=True
        )
        for error in results:
            if error is not None:
                raise error
    finally:
        await state.update_one({"_id": "state"}, {"$unset": {"busy_until": ""}})


async def _take_lease(state: Any) -> None:
    while True:
        now = datetime.now(UTC)
        free = {"_id": "state", "busy_until": {"$not": {"$gt": now}}}
        try:
            await state.update_one(free, {"$set": {"busy_until": now + LEASE}}, upsert=True)
        except DuplicateKeyError:
            await asyncio.sleep(0.1)
        else:
            return

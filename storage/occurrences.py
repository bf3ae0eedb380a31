"""What is in people's calendars, and how far each was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo import ReplaceOne

from storage.calendars import Cursor, Occurrence
from storage.documents import from_document, to_document


class OccurrenceStore:
    """Occurrences, by mailbox, calendar and the provider's name of the row."""

    def __init__(self, database: Any) -> None:
        self._occurrences = database["occurrences"]

    async def prepare(self) -> None:
        """Create the indexes: a person's, and a calendar's of a mailbox."""
        await self._occurrences.create_index([("org_id", 1), ("user_id", 1)])
        await self._occurrences.create_index([("mailbox_id", 1), ("calendar_id", 1)])

    async def of_user(self, org_id: str, user_id: str) -> list[Occurrence]:
        """All that is kept of a person's calendars, the earliest first."""
        return await self._found({"org_id": org_id, "user_id": user_id})

    async def of_mailbox(
        self, org_id: str, mailbox_id: str, session: Any = None
    ) -> list[Occurrence]:
        """All that is kept of a mailbox, the earliest first."""
        return await self._found({"mailbox_id": mailbox_id, "org_id": org_id}, session)

    async def write(
        self,
        session: Any,
        new: Iterable[Occurrence],
        changed: Iterable[Occurrence],
        removed: Iterable[str],
    ) -> None:
        """Keep these, which were not there and which were, and drop those by their ids."""
        inserted = [to_document(each) for each in new]
        if inserted:
            await self._occurrences.insert_many(inserted, ordered=False, session=session)
        replaced = [ReplaceOne({"_id": each.id}, to_document(each)) for each in changed]
        if replaced:
            await self._occurrences.bulk_write(replaced, ordered=False, session=session)
        gone = list(removed)
        if gone:
            await self._occurrences.delete_many({"_id": {"$in": gone}}, session=session)

    async def erase(self, org_id: str, mailbox_id: str, session: Any = None) -> int:
        """Drop all that is kept of a mailbox; how many there were."""
        wanted = {"mailbox_id": mailbox_id, "org_id": org_id}
        outcome = await self._occurrences.delete_many(wanted, session=session)
        return int(outcome.deleted_count)

    async def _found(self, wanted: dict[str, Any], session: Any = None) -> list[Occurrence]:
        found = self._occurrences.find(wanted, session=session).sort([("start", 1), ("_id", 1)])
        return [from_document(each, Occurrence) for each in await found.to_list(None)]


class CursorStore:
    """How far each collection of a mailbox was read."""

    def __init__(self, database: Any) -> None:
        self._cursors = database["cursors"]

    async def prepare(self) -> None:
        """Create the index: a mailbox's."""
        await self._cursors.create_index([("mailbox_id", 1)])

    async def of_mailbox(self, org_id: str, mailbox_id: str) -> dict[str, Cursor]:
        """The mailbox's cursors, by collection (a calendar's id, or "people")."""
        wanted = {"mailbox_id": mailbox_id, "org_id": org_id}
        found = [from_document(each, Cursor) async for each in self._cursors.find(wanted)]
        return {each.id.removeprefix(f"{mailbox_id}/"): each for each in found}

    async def get(self, org_id: str, mailbox_id: str, collection: str) -> Cursor | None:
        """How far that collection was read."""
        wanted = {"_id": cursor_id(mailbox_id, collection), "org_id": org_id}
        document = await self._cursors.find_one(wanted)
        return from_document(document, Cursor) if document else None

    async def save(self, *cursors: Cursor, session: Any = None) -> None:
        """Keep how far was read now."""
        replaced = [
            ReplaceOne({"_id": each.id}, to_document(each), upsert=True) for each in cursors
        ]
        if replaced:
            await self._cursors.bulk_write(replaced, ordered=False, session=session)

    async def forget(
        self, org_id: str, mailbox_id: str, *collections: str, session: Any = None
    ) -> None:
        """Read these collections from the beginning next time; all of them when none is named."""
        wanted: dict[str, Any] = {"mailbox_id": mailbox_id, "org_id": org_id}
        if collections:
            wanted["_id"] = {"$in": [cursor_id(mailbox_id, each) for each in collections]}
        await self._cursors.delete_many(wanted, session=session)


def cursor_id(mailbox_id: str, collection: str) -> str:
    """The id of a collection's cursor."""
    return f"{mailbox_id}/{collection}"


def occurrence_id(mailbox_id: str, calendar_id: str, ref: str) -> str:
    """The id of an occurrence: the same row is the same wherever it is told of again."""
    name = hashlib.blake2b(f"{calendar_id}\0{ref}".encode(), digest_size=16).hexdigest()
    return f"{mailbox_id}/{name}"


def to_millisecond(moment: datetime | None) -> datetime | None:
    """As precise as MongoDB keeps it."""
    if moment is None:
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

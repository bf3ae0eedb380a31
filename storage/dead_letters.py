"""Work that was given up, until an admin has it done again or drops it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo import UpdateOne

from storage.calendars import DeadLetter
from storage.documents import from_document, to_document

KEPT_SECONDS = 30 * 24 * 3600


class DeadLetterStore:
    """Dead letters. The same failure of the same item is one, however often it came."""

    def __init__(self, database: Any) -> None:
        self._letters = database["dead_letters"]

    async def prepare(self) -> None:
        """Create the indexes: a company's, a mailbox's; MongoDB drops what nobody asked for."""
        await self._letters.create_index([("org_id", 1), ("at", -1)])
        await self._letters.create_index([("mailbox_id", 1)])
        await self._letters.create_index("at", expireAfterSeconds=KEPT_SECONDS)

    async def add(self, letters: Iterable[DeadLetter], session: Any = None) -> None:
        """Keep these; of one that is there already, count the tries."""
        writes = [_kept(each) for each in letters]
        if writes:
            await self._letters.bulk_write(writes, ordered=False, session=session)

    async def in_org(self, letter_id: str, org_id: str) -> DeadLetter | None:
        """The dead letter, if it is this company's."""
        document = await self._letters.find_one({"_id": letter_id, "org_id": org_id})
        return from_document(document, DeadLetter) if document else None

    async def of_org(self, org_id: str, limit: int = 200) -> list[DeadLetter]:
        """The company's, the latest first."""
        found = self._letters.find({"org_id": org_id}).sort("at", -1).limit(limit)
        return [from_document(each, DeadLetter) async for each in found]

    async def remove(self, letter_id: str, org_id: str) -> bool:
        """Drop it; tell whether it was there."""
        outcome = await self._letters.delete_one({"_id": letter_id, "org_id": org_id})
        return bool(outcome.deleted_count)

    async def settle(
        self, org_id: str, mailbox_id: str, refs: Iterable[str], session: Any = None
    ) -> None:
        """These items can be read after all: drop what was told of them."""
        ids = [f"{mailbox_id}/{ref}" for ref in refs]
        if ids:
            wanted = {"_id": {"$in": ids}, "org_id": org_id}
            await self._letters.delete_many(wanted, session=session)

    async def erase(
        self, org_id: str, mailbox_id: str, job: str | None = None, session: Any = None
    ) -> None:
        """Drop a mailbox's: of one job, or all."""
        wanted: dict[str, Any] = {"mailbox_id": mailbox_id, "org_id": org_id}
        if job is not None:
            wanted |= {"job": job, "ref": ""}
        await self._letters.delete_many(wanted, session=session)


def _kept(letter: DeadLetter) -> UpdateOne:
    document = to_document(letter)
    latest = {"at": document.pop("at"), "why": document.pop("why")}
    tries = {"tries": document.pop("tries")}
    return UpdateOne(
        {"_id": document.pop("_id")},
        {"$setOnInsert": document, "$set": latest, "$inc": tries},
        upsert=True,
    )

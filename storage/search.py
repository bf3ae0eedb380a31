"""The search index: one document of terms per message, derived from the room logs.

Nothing here is the truth: every document can be made again from the log. `search_state` keeps how
far each room's log has been read into the index, so that a search can first catch up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bson.regex import Regex
from pymongo import DeleteOne, ReplaceOne
from pymongo.errors import DuplicateKeyError

LEASE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a message can be found by."""

    org_id: str
    room_id: str
    seq: int
    author_id: str
    sent_at: datetime
    terms: list[str]
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word to find: a term that begins so, or one of these terms."""

    beginning: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to find: every one of `words`; the rest narrows."""

    org_id: str
    room_ids: list[str]
    words: list[Word]
    author_id: str | None = None
    before: datetime | None = None
    after: datetime | None = None
    has_file: bool | None = None
    below: tuple[datetime, str, int] | None = None


class SearchStore:
    """Keeps and finds terms."""

    def __init__(self, database: Any) -> None:
        self._terms = database["search"]
        self._state = database["search_state"]

    async def prepare(self) -> None:
        """Create the indexes."""
        await self._terms.create_index([("org_id", 1), ("terms", 1), ("sent_at", -1)], name="terms")

    async def state(self, room_ids: Iterable[str]) -> dict[str, int]:
        """How far each of these rooms has been indexed."""
        cursor = self._state.find({"_id": {"$in": list(room_ids)}}, {"seq": 1})
        return {document["_id"]: document.get("seq", 0) async for document in cursor}

    async def lease(self, room_id: str, now: datetime) -> bool:
        """Take the room for indexing, so that an old text never overwrites a newer one."""
        free = {"_id": room_id, "busy_until": {"$not": {"$gt": now}}}
        try:
            await self._state.update_one(free, {"$set": {"busy_until": now + LEASE}}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def release(self, room_id: str, seq: int) -> None:
        """Give the room back, indexed up to *seq*."""
        change = {"$max": {"seq": seq}, "$unset": {"busy_until": ""}}
        await self._state.update_one({"_id": room_id}, change, upsert=True)

    async def write(self, kept: Iterable[Terms], gone: Iterable[tuple[str, int]]) -> None:
        """Replace the terms of some messages and drop those of others."""
        orders: list[Any] = [
            ReplaceOne(
                {"_id": f"{each.room_id}:{each.seq}"},
                {name: getattr(each, name) for name in Terms.__slots__},
                upsert=True,
            )
            for each in kept
        ]
        orders += [DeleteOne({"_id": f"{room_id}:{seq}"}) for room_id, seq in gone]
        if orders:
            await self._terms.bulk_write(orders, ordered=False)

    async def find(self, wanted: Wanted, limit: int) -> list[tuple[datetime, str, int]]:
        """(sent_at, room id, seq) of the newest matches."""
        query: dict[str, Any] = {"org_id": wanted.org_id, "room_id": {"$in": wanted.room_ids}}
        # A compiled pattern would carry flags, with which MongoDB looks through the whole index.
        query["$and"] = [
            {"terms": {"$in": [Regex(f"^{re.escape(word.beginning)}"), *word.terms]}}
            for word in wanted.words
        ]
        times = {
            name: moment
            for name, moment in (("$lt", wanted.before), ("$gte", wanted.after))
            if moment is not None
        }
        if times:
            query["sent_at"] = times
        if wanted.author_id is not None:
            query["author_id"] = wanted.author_id
        if wanted.has_file is not None:
            query["has_file"] = wanted.has_file
        if wanted.below is not None:
            query["$and"].append(_below(*wanted.below))
        order = [("sent_at", -1), ("room_id", -1), ("seq", -1)]
        cursor = self._terms.find(query, {"sent_at": 1, "room_id": 1, "seq": 1})
        return [
            (document["sent_at"], document["room_id"], document["seq"])
            async for document in cursor.sort(order).limit(limit)
        ]


def _below(sent_at: datetime, room_id: str, seq: int) -> dict[str, Any]:
    return {
        "$or": [
            {"sent_at": {"$lt": sent_at}},
            {"sent_at": sent_at, "room_id": {"$lt": room_id}},
            {"sent_at": sent_at, "room_id": room_id, "seq": {"$lt": seq}},
        ]
    }

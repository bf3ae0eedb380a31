"""Reading the room logs: pages, tails, and the counts that unread badges are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from storage.models import Entry


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a room's log ends: the last seq, messages so far, and the seq of the latest message."""

    seq: int = 0
    count: int = 0
    message: int = 0


class LogReader:
    """Reads the logs of all rooms."""

    def __init__(self, database: Any) -> None:
        self._entries = database["entries"]
        self._rooms = database["rooms"]

    async def prepare(self) -> None:
        """Create the indexes; does nothing when they are there."""
        await self._entries.create_index([("room_id", 1), ("seq", -1)], unique=True, name="order")
        await self._entries.create_index(
            [("author_id", 1), ("client_id", 1)],
            unique=True,
            name="once",
            partialFilterExpression={"client_id": {"$exists": True}},
        )
        await self._entries.create_index(
            [("author_id", 1), ("room_id", 1), ("seq", -1)],
            name="own",
            partialFilterExpression={"kind": "message"},
        )
        await self._entries.create_index(
            [("mentioned", 1), ("room_id", 1), ("seq", 1)],
            name="mentioned",
            partialFilterExpression={"mentioned": {"$exists": True}},
        )
        await self._entries.create_index(
            [("room_id", 1), ("target", 1)],
            name="edits",
            partialFilterExpression={"kind": "edited"},
        )
        await self._entries.create_index(
            [("room_id", 1), ("seq", -1)],
            name="pins",
            partialFilterExpression={"pinned": True},
        )

    async def tails(self, room_ids: Iterable[str]) -> dict[str, Tail]:
        """Where these logs end now, read from the database; rooms without entries are left out."""
        found: dict[str, Tail] = {}
        pipeline = [
            {"$match": {"room_id": {"$in": list(room_ids)}}},
            {"$sort": {"room_id": 1, "seq": -1}},
            {
                "$group": {
                    "_id": "$room_id",
                    "seq": {"$first": "$seq"},
                    "count": {"$first": "$count"},
                    "latest": {"$first": "$latest"},
                }
            },
        ]
        async for row in self._entries.aggregate(pipeline):
            found[row["_id"]] = Tail(row["seq"], row["count"], row["latest"])
        return found

    async def find(self, room_id: str, seq: int) -> Entry | None:
        """One entry."""
        return cast("Entry | None", await self._entries.find_one({"room_id": room_id, "seq": seq}))

    async def find_many(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
        """Entries by (room_id, seq)."""
        wanted = [{"room_id": room_id, "seq": seq} for room_id, seq in places]
        if not wanted:
            return {}
        return {
            (entry["room_id"], entry["seq"]): entry
            async for entry in self._entries.find({"$or": wanted}, hint="order")
        }

    async def after(self, room_id: str, seq: int, limit: int) -> list[Entry]:
        """Entries after *seq*, oldest first."""
        query = {"room_id": room_id, "seq": {"$gt": seq}}
        cursor = self._entries.find(query).sort("seq", 1).limit(limit)
        return cast("list[Entry]", await cursor.to_list(limit))

    async def before(self, room_id: str, seq: int | None, limit: int) -> list[Entry]:
        """Entries before *seq* (the newest ones when None), oldest first."""
        query: dict[str, Any] = {"room_id": room_id}
        if seq is not None:
            query["seq"] = {"$lt": seq}
        cursor = self._entries.find(query).sort("seq", -1).limit(limit)
        return cast("list[Entry]", await cursor.to_list(limit))[::-1]

    async def pins(self, room_id: str, limit: int) -> list[Entry]:
        """Pinned messages, newest first."""
        query = {"room_id": room_id, "pinned": True}
        cursor = self._entries.find(query).sort("seq", -1).limit(limit)
        return cast("list[Entry]", await cursor.to_list(limit))

    async def own_last(self, author_id: str, room_ids: list[str]) -> dict[str, tuple[int, int]]:
        """The author's last message in each of these rooms: room id to (seq, count)."""
        last = [
            {"$match": {"author_id": author_id, "kind": "message"}},
            {"$sort": {"seq": -1}},
            {"$limit": 1},
            {"$project": {"seq": 1, "count": 1}},
        ]
        # From the rooms: one step into the index per room. Grouping entries would read them all.
        pipeline = [
            {"$match": {"_id": {"$in": room_ids}}},
            {
                "$lookup": {
                    "from": "entries",
                    "localField": "_id",
                    "foreignField": "room_id",
                    "pipeline": last,
                    "as": "last",
                }
            },
            {"$project": {"last": 1}},
            {"$unwind": "$last"},
        ]
        return {
            row["_id"]: (row["last"]["seq"], row["last"]["count"])
            async for row in self._rooms.aggregate(pipeline)
        }

    async def mention_counts(
        self, user_id: str, spans: dict[str, tuple[int, int]]
    ) -> dict[str, int]:
        """How often the user (or all) was named in *spans*: room id to (after seq, up to seq)."""
        if not spans:
            return {}
        places = [
            {
                "mentioned": {"$in": [user_id, "all"]},
                "room_id": room_id,
                "seq": {"$gt": after, "$lte": up_to},
                "author_id": {"$ne": user_id},
            }
            for room_id, (after, up_to) in spans.items()
        ]
        pipeline = [{"$match": {"$or": places}}, {"$group": {"_id": "$room_id", "n": {"$sum": 1}}}]
        # Hinted: comparing plans for every branch would take longer than the count itself.
        counts = self._entries.aggregate(pipeline, hint="mentioned")
        return {row["_id"]: row["n"] async for row in counts}

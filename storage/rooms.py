"""Rooms, who is in them, and how far each member has read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import DuplicateKeyError

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.models import Marker, Notify, Room


class RoomStore:
    """Rooms by id, by pair and by member. `session` makes a change part of a transaction."""

    def __init__(self, database: Any) -> None:
        self._rooms = database["rooms"]
        self.cache: Cache[Room] = Cache(self._find_many)
        self.of_member_cache: Cache[tuple[str, ...]] = Cache(self._ids_of_members)

    async def prepare(self) -> None:
        """Create the indexes."""
        await self._rooms.create_index("member_ids", name="members")
        await self._rooms.create_index(
            "pair", unique=True, name="pair", partialFilterExpression={"pair": {"$type": "string"}}
        )

    async def get(self, room_id: str) -> Room | None:
        """The room, from the cache when it is at hand."""
        return await self.cache.get(room_id)

    async def find(self, room_id: str, session: Any = None) -> Room | None:
        """The room as it is in the database."""
        document = await self._rooms.find_one({"_id": room_id}, session=session)
        return None if document is None else from_document(document, Room)

    async def _find_many(self, room_ids: list[str]) -> dict[str, Room]:
        found = self._rooms.find({"_id": {"$in": room_ids}})
        return {document["_id"]: from_document(document, Room) async for document in found}

    async def of_member(self, org_id: str, user_id: str) -> list[Room]:
        """Every room that the user is in."""
        cursor = self._rooms.find({"member_ids": user_id, "org_id": org_id})
        return [from_document(document, Room) async for document in cursor]

    async def ids_of_member(self, user_id: str) -> tuple[str, ...]:
        """Ids of every room that the user is in, from the cache when they are at hand."""
        return await self.of_member_cache.get(user_id) or ()

    async def _ids_of_members(self, user_ids: list[str]) -> dict[str, tuple[str, ...]]:
        if len(user_ids) == 1:  # no need to read who else is in the rooms
            cursor = self._rooms.find({"member_ids": user_ids[0]}, {"_id": 1})
            return {user_ids[0]: tuple([document["_id"] async for document in cursor])}
        rooms: dict[str, list[str]] = {user_id: [] for user_id in user_ids}
        cursor = self._rooms.find({"member_ids": {"$in": user_ids}}, {"member_ids": 1})
        async for document in cursor:
            for user_id in rooms.keys() & set(document["member_ids"]):
                rooms[user_id].append(document["_id"])
        return {user_id: tuple(room_ids) for user_id, room_ids in rooms.items()}

    async def all_with(self, room_ids: Iterable[str], user_id: str) -> list[Room]:
        """Those of these rooms that the user is in."""
        cursor = self._rooms.find({"_id": {"$in": list(room_ids)}, "member_ids": user_id})
        return [from_document(document, Room) async for document in cursor]

    async def by_pair(self, pair: str) -> Room | None:
        """The 1-1 room of a pair."""
        document = await self._rooms.find_one({"pair": pair})
        return None if document is None else from_document(document, Room)

    async def add_direct(self, room: Room) -> tuple[Room, bool]:
        """Keep a 1-1 room once per pair; returns the kept one and whether it is this."""
        try:
            await self._rooms.insert_one(to_document(room))
        except DuplicateKeyError:
            first = await self.by_pair(room.pair or "")
            if first is None:
                raise
            return first, False
        return room, True

    async def add(self, room: Room, session: Any) -> None:
        """Keep a new group."""
        await self._rooms.replace_one(
            {"_id": room.id}, to_document(room), upsert=True, session=session
        )

    async def rename(self, room: Room, name: str, topic: str, session: Any) -> None:
        """Change name and topic."""
        change = {"$set": {"name": name, "topic": topic}}
        await self._rooms.update_one(
            {"_id": room.id, "org_id": room.org_id}, change, session=session
        )

    async def join(self, room: Room, user_ids: list[str], limit: int, session: Any) -> Room | None:
        """Add members unless that would pass *limit*; the room as it became, or None."""
        room_for = {"$expr": {"$lte": [{"$size": {"$setUnion": ["$member_ids", user_ids]}}, limit]}}
        return await self._change(
            room, room_for, {"$addToSet": {"member_ids": {"$each": user_ids}}}, session
        )

    async def part(self, room: Room, user_id: str, session: Any) -> Room | None:
        """Take a member out; the room as it became, or None when they were not in it."""
        return await self._change(
            room, {"member_ids": user_id}, {"$pull": {"member_ids": user_id}}, session
        )

    async def _change(
        self, room: Room, where: dict[str, Any], change: dict[str, Any], session: Any
    ) -> Room | None:
        document = await self._rooms.find_one_and_update(
            {"_id": room.id, "org_id": room.org_id, **where},
            change,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if document is None else from_document(document, Room)


class MarkerStore:
    """Read markers and notification settings, one document per member of a room."""

    def __init__(self, database: Any) -> None:
        self._markers = database["markers"]

    async def prepare(self) -> None:
        """Create the indexes."""
        await self._markers.create_index(
            [("room_id", 1), ("user_id", 1)], unique=True, name="member"
        )
        await self._markers.create_index("user_id", name="user")

    async def of_user(self, user_id: str, room_ids: Iterable[str]) -> dict[str, Marker]:
        """The user's markers by room id."""
        query = {"user_id": user_id, "room_id": {"$in": list(room_ids)}}
        return {
            document["room_id"]: from_document(document, Marker)
            async for document in self._markers.find(query)
        }

    async def of_room(self, room_id: str, user_ids: list[str]) -> dict[str, Marker]:
        """These members' markers in one room, by user id."""
        query = {"room_id": room_id, "user_id": {"$in": user_ids}}
        return {
            document["user_id"]: from_document(document, Marker)
            async for document in self._markers.find(query)
        }

    async def start(self, room_id: str, user_ids: list[str], seq: int, count: int) -> None:
        """New members begin at *seq*: what was said before they came is history, not unread."""
        updates = [
            UpdateOne(
                {"room_id": room_id, "user_id": user_id},
                {
                    "$max": {"seq": seq, "count": count},
                    "$setOnInsert": {"notify": "all", "muted_until": None},
                },
                upsert=True,
            )
            for user_id in user_ids
        ]
        if updates:
            await self._markers.bulk_write(updates, ordered=False)

    async def of_rooms(self, room_ids: Iterable[str]) -> dict[str, dict[str, int]]:
        """How far everyone has read in these rooms: room id to user id to seq."""
        found: dict[str, dict[str, int]] = {}
        query = {"room_id": {"$in": list(room_ids)}, "seq": {"$gt": 0}}
        async for document in self._markers.find(query, {"room_id": 1, "user_id": 1, "seq": 1}):
            found.setdefault(document["room_id"], {})[document["user_id"]] = document["seq"]
        return found

    async def advance(self, room_id: str, user_id: str, seq: int, count: int) -> Marker:
        """Move the marker forward; where it stands afterwards, which is never further back."""
        change = {
            "$max": {"seq": seq, "count": count},
            "$setOnInsert": {"notify": "all", "muted_until": None},
        }
        return from_document(await self._upsert(room_id, user_id, change), Marker)

    async def settle(
        self, room_id: str, user_id: str, notify: Notify, muted_until: datetime | None
    ) -> Marker:
        """Keep how the member wants to be told."""
        change = {"$set": {"notify": notify, "muted_until": muted_until}}
        return from_document(await self._upsert(room_id, user_id, change), Marker)

    async def _upsert(self, room_id: str, user_id: str, change: dict[str, Any]) -> dict[str, Any]:
        where = {"room_id": room_id, "user_id": user_id}
        while True:
            try:
                document: dict[str, Any] = await self._markers.find_one_and_update(
                    where, change, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                continue  # two devices at once: the second finds what the first made
            return document

"""What people decided about callers: star, VIP, block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from storage.cache import Cache
from storage.documents import from_document
from storage.telephony import Favourite

MARKS = ("star", "vip", "blocked")


class FavouriteStore:
    """Favourites, one per person and target. `cache` goes by the person's id: all of theirs."""

    def __init__(self, database: Any) -> None:
        self._favourites = database["favourites"]
        self.cache: Cache[tuple[Favourite, ...]] = Cache(self._of_many)

    async def prepare(self) -> None:
        """Create the indexes: one decision per person and target, and who decided about one."""
        await self._favourites.create_index(
            [("user_id", 1), ("kind", 1), ("target", 1)], unique=True
        )
        await self._favourites.create_index([("org_id", 1), ("kind", 1), ("target", 1)])

    async def of_user(self, user_id: str) -> tuple[Favourite, ...]:
        """Everything the person decided, oldest first, from memory when it is at hand."""
        return self.cache.peek(user_id) or await self.cache.get(user_id) or ()

    async def _of_many(self, user_ids: list[str]) -> dict[str, tuple[Favourite, ...]]:
        found: dict[str, list[Favourite]] = {user_id: [] for user_id in user_ids}
        cursor = self._favourites.find({"user_id": {"$in": user_ids}}).sort("_id", 1)
        async for document in cursor:
            found[document["user_id"]].append(from_document(document, Favourite))
        return {user_id: tuple(each) for user_id, each in found.items()}

    async def put(self, favourite: Favourite, changes: dict[str, Any]) -> Favourite:
        """Change what was decided about this target, or begin with *favourite* and the changes."""
        key = {
            "org_id": favourite.org_id,
            "user_id": favourite.user_id,
            "kind": favourite.kind,
            "target": favourite.target,
        }
        values = {name: getattr(favourite, name) for name in ("name", *MARKS, "created_at")}
        first = {name: value for name, value in values.items() if name not in changes}
        order = {"$setOnInsert": {"_id": favourite.id, **first}, "$set": changes}
        try:
            document = await self._change(key, order)
        except DuplicateKeyError:  # another device was first: now there is one to change
            document = await self._change(key, order)
        self.cache.forget(favourite.user_id)
        return from_document(document, Favourite)

    async def _change(self, key: dict[str, Any], order: dict[str, Any]) -> Any:
        return await self._favourites.find_one_and_update(
            key, order, upsert=True, return_document=ReturnDocument.AFTER
        )

    async def count(self, user_id: str, org_id: str) -> int:
        """How many the person has."""
        wanted = {"user_id": user_id, "org_id": org_id}
        count: int = await self._favourites.count_documents(wanted)
        return count

    async def remove(self, favourite_id: str, user_id: str, org_id: str) -> bool:
        """Drop one of the person's; tell whether it was there."""
        wanted = {"_id": favourite_id, "user_id": user_id, "org_id": org_id}
        outcome = await self._favourites.delete_one(wanted)
        self.cache.forget(user_id)
        return bool(outcome.deleted_count)

    async def remove_empty(self, favourite: Favourite) -> bool:
        """Drop it if it says nothing any more; tell whether it was dropped."""
        empty = {"_id": favourite.id, "org_id": favourite.org_id, **dict.fromkeys(MARKS, False)}
        outcome = await self._favourites.delete_one(empty)
        self.cache.forget(favourite.user_id)
        return bool(outcome.deleted_count)

    async def remove_target(self, org_id: str, kind: str, targets: Iterable[str]) -> set[str]:
        """Drop what anybody decided about these, which are gone; whose decisions they were."""
        wanted = {"org_id": org_id, "kind": kind, "target": {"$in": list(targets)}}
        whose = {each["user_id"] async for each in self._favourites.find(wanted, {"user_id": 1})}
        if whose:
            await self._favourites.delete_many(wanted)
        for user_id in whose:
            self.cache.forget(user_id)
        return whose

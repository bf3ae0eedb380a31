"""The number plan: which numbers a company has, and whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from pymongo import ReturnDocument

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.telephony import CompanyNumber

Numbers = tuple[CompanyNumber, ...]


class NumberStore:
    """Numbers of companies. A number is there once in a company; two may have the same extension.

    `cache` goes by `company:number`, `of_user_cache` by person.
    """

    def __init__(self, database: Any) -> None:
        self._numbers = database["numbers"]
        self.cache: Cache[CompanyNumber] = Cache(self._find_many)
        self.of_user_cache: Cache[Numbers] = Cache(self._of_users)

    async def prepare(self) -> None:
        """The id is the company and the number; people's numbers have an index."""
        await self._numbers.create_index([("user_id", 1)])
        await self._numbers.create_index([("org_id", 1), ("number", 1)])

    async def get(self, org_id: str, number: str) -> CompanyNumber | None:
        """The company's number, from memory when it is at hand."""
        key = key_of(org_id, number)
        return self.cache.peek(key) or await self.cache.get(key)

    async def _find_many(self, keys: list[str]) -> dict[str, CompanyNumber]:
        found = self._numbers.find({"_id": {"$in": keys}})
        return {each["_id"]: from_document(each, CompanyNumber) async for each in found}

    async def of_org(self, org_id: str) -> list[CompanyNumber]:
        """The company's whole plan, by number."""
        found = self._numbers.find({"org_id": org_id}).sort("number", 1)
        return [from_document(each, CompanyNumber) async for each in found]

    async def of_users(self, user_ids: Iterable[str]) -> dict[str, Numbers]:
        """The numbers of these people, extensions first; from memory when they are at hand."""
        found: dict[str, Numbers] = {}
        missing: list[str] = []
        for user_id in user_ids:
            numbers = self.of_user_cache.peek(user_id)
            if numbers is None:
                missing.append(user_id)
            else:
                found[user_id] = numbers
        if missing:
            loaded = await asyncio.gather(*(self.of_user_cache.get(each) for each in missing))
            found |= {user: numbers or () for user, numbers in zip(missing, loaded, strict=True)}
        return found

    async def _of_users(self, user_ids: list[str]) -> dict[str, Numbers]:
        # Having no number is worth remembering, too.
        lists: dict[str, list[CompanyNumber]] = {user_id: [] for user_id in user_ids}
        async for each in self._numbers.find({"user_id": {"$in": user_ids}}).sort("number", 1):
            lists[each["user_id"]].append(from_document(each, CompanyNumber))
        order = ("extension", "fixed", "mobile", "main")
        return {
            user_id: tuple(sorted(numbers, key=lambda each: order.index(each.kind)))
            for user_id, numbers in lists.items()
        }

    async def put(self, number: CompanyNumber) -> CompanyNumber | None:
        """Keep the number as it should be; what it was before, or None when it is new."""
        key = key_of(number.org_id, number.number)
        document = await self._numbers.find_one_and_replace(
            {"_id": key}, to_document(number), upsert=True, return_document=ReturnDocument.BEFORE
        )
        self._forget(number, document)
        return from_document(document, CompanyNumber) if document else None

    async def remove(self, org_id: str, number: str) -> CompanyNumber | None:
        """Take the number out of the plan; what it was, or None when there was none."""
        document = await self._numbers.find_one_and_delete({"_id": key_of(org_id, number)})
        if document is None:
            return None
        gone = from_document(document, CompanyNumber)
        self._forget(gone, document)
        return gone

    def _forget(self, number: CompanyNumber, before: Any) -> None:
        self.cache.forget(key_of(number.org_id, number.number))
        for user_id in {number.user_id, before["user_id"] if before else None} - {None}:
            self.of_user_cache.forget(str(user_id))


def key_of(org_id: str, number: str) -> str:
    """A number's id: the same number may be in the plans of two companies."""
    return f"{org_id}:{number}"

"""The number plan: which numbers a company has, and whose they are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any

from bson.regex import Regex
from pymongo import ReturnDocument

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.telephony import CompanyNumber
from storage.transactions import in_transaction

Numbers = tuple[CompanyNumber, ...]


class NumberStore:
    """Numbers of companies. A number is there once in a company; two may have the same extension.

    `cache` goes by `company:number`, `of_user_cache` by person.
    """

    def __init__(self, database: Any) -> None:
        self._database = database
        self._numbers = database["numbers"]
        self._orgs = database["orgs"]
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

    async def full(self, number: CompanyNumber, most: int) -> bool:
        """Whether the company has *most* numbers already, and this would be one more."""
        if await self._numbers.find_one({"_id": key_of(number.org_id, number.number)}):
            return False
        found: int = await self._numbers.count_documents({"org_id": number.org_id}, limit=most)
        return found >= most

    async def beginning(self, org_id: str, starts: Iterable[str], limit: int) -> set[str]:
        """Whose numbers in the company's plan begin so: ids of people."""
        choices = [Regex(f"^{re.escape(each)}") for each in starts]
        wanted = {"org_id": org_id, "number": {"$in": choices}, "user_id": {"$ne": None}}
        found = self._numbers.find(wanted, {"user_id": 1}).limit(limit)
        return {each["user_id"] for each in await found.to_list(None)}

    async def put(self, number: CompanyNumber) -> Numbers:
        """Keep the number as it should be; what this changed, as it was before.

        A company has one main number, which it is known by: the main one before becomes ordinary.
        """
        key = key_of(number.org_id, number.number)

        async def work(session: Any) -> Numbers:
            others: list[CompanyNumber] = []
            if number.kind == "main":
                others = await self._demote(number.org_id, key, session)
            document = await self._numbers.find_one_and_replace(
                {"_id": key},
                to_document(number),
                upsert=True,
                return_document=ReturnDocument.BEFORE,
                session=session,
            )
            same = [from_document(document, CompanyNumber)] if document else []
            if number.kind == "main":
                await self._known_by(number.org_id, number.number, session)
            elif same and same[0].kind == "main":
                await self._known_by(number.org_id, None, session)
            return (*others, *same)

        before = await in_transaction(self._database, work)
        self._forget(number, *before)
        return before

    async def remove(self, org_id: str, number: str) -> CompanyNumber | None:
        """Take the number out of the plan; what it was, or None when there was none."""

        async def work(session: Any) -> CompanyNumber | None:
            document = await self._numbers.find_one_and_delete(
                {"_id": key_of(org_id, number)}, session=session
            )
            gone = from_document(document, CompanyNumber) if document else None
            if gone and gone.kind == "main":
                await self._known_by(org_id, None, session)
            return gone

        gone = await in_transaction(self._database, work)
        if gone is not None:
            self._forget(gone)
        return gone

    async def _demote(self, org_id: str, key: str, session: Any) -> list[CompanyNumber]:
        query = {"org_id": org_id, "kind": "main", "_id": {"$ne": key}}
        found = [
            from_document(each, CompanyNumber)
            async for each in self._numbers.find(query, session=session)
        ]
        if found:
            await self._numbers.update_many(query, {"$set": {"kind": "fixed"}}, session=session)
        return found

    async def _known_by(self, org_id: str, number: str | None, session: Any) -> None:
        # Every change of it writes here: of two at once, the later one sees the other.
        await self._orgs.update_one(
            {"_id": org_id},
            {"$set": {"main_number": number}, "$inc": {"guard": 1}},
            session=session,
        )

    def _forget(self, *numbers: CompanyNumber) -> None:
        for each in numbers:
            self.cache.forget(key_of(each.org_id, each.number))
            if each.user_id:
                self.of_user_cache.forget(each.user_id)


def key_of(org_id: str, number: str) -> str:
    """A number's id: the same number may be in the plans of two companies."""
    return f"{org_id}:{number}"

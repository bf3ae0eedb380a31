"""What companies and people decided about their calendars."""

from __future__ import annotations

from typing import Any

from storage.cache import Cache
from storage.calendars import CalendarPolicy, OwnPolicy
from storage.documents import from_document, to_document


class CalendarPolicyStore:
    """One policy per company that ever decided; the others have what a new one says."""

    def __init__(self, database: Any) -> None:
        self._policies = database["calendar_policies"]
        self._mailboxes = database["mailboxes"]
        self.cache: Cache[CalendarPolicy] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Only the company is looked up, and that is the id."""

    async def of_org(self, org_id: str) -> CalendarPolicy:
        """The company's policy, from memory when it is at hand."""
        found = self.cache.peek(org_id) or await self.cache.get(org_id)
        return found or CalendarPolicy(id=org_id)

    async def find(self, org_id: str) -> CalendarPolicy:
        """The company's policy as it is kept now: rows made by one of yesterday would stay."""
        return (await self._find_many([org_id]))[org_id]

    async def concerned(self, org_id: str, after: str, limit: int) -> list[str]:
        """Whose calendars the company's policy is about: ids after *after*, in their order.

        As many mailboxes as *limit* are looked at: who has two is named twice.
        """
        wanted = {"org_id": org_id, "user_id": {"$gt": after}}
        found = self._mailboxes.find(wanted, {"user_id": 1}).sort("user_id", 1).limit(limit)
        return [each["user_id"] for each in await found.to_list(None)]

    async def put(self, policy: CalendarPolicy) -> None:
        """Keep a company's policy."""
        document = to_document(policy)
        await self._policies.replace_one({"_id": policy.id}, document, upsert=True)
        self.cache.forget(policy.id)

    async def _find_many(self, org_ids: list[str]) -> dict[str, CalendarPolicy]:
        # Not to have decided is remembered as well.
        found = {org_id: CalendarPolicy(id=org_id) for org_id in org_ids}
        async for each in self._policies.find({"_id": {"$in": org_ids}}):
            found[each["_id"]] = from_document(each, CalendarPolicy)
        return found


class OwnPolicyStore:
    """One policy per person who ever decided; the others go by their company's."""

    def __init__(self, database: Any) -> None:
        self._policies = database["own_policies"]
        self.cache: Cache[OwnPolicy] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Only the person is looked up, and that is the id."""

    async def of_user(self, user_id: str, org_id: str) -> OwnPolicy:
        """The person's policy, from memory when it is at hand."""
        found = self.cache.peek(user_id) or await self.cache.get(user_id)
        return _theirs(found, user_id, org_id)

    async def find(self, user_id: str, org_id: str) -> OwnPolicy:
        """The person's policy as it is kept now."""
        return _theirs((await self._find_many([user_id]))[user_id], user_id, org_id)

    async def put(self, policy: OwnPolicy) -> None:
        """Keep a person's policy."""
        document = to_document(policy)
        await self._policies.replace_one({"_id": policy.id}, document, upsert=True)
        self.cache.forget(policy.id)

    async def _find_many(self, user_ids: list[str]) -> dict[str, OwnPolicy]:
        # Not to have decided is remembered as well: `org_id` is then empty, and nobody's.
        found = {user_id: OwnPolicy(id=user_id, org_id="") for user_id in user_ids}
        async for each in self._policies.find({"_id": {"$in": user_ids}}):
            found[each["_id"]] = from_document(each, OwnPolicy)
        return found


def _theirs(found: OwnPolicy | None, user_id: str, org_id: str) -> OwnPolicy:
    if found is None or found.org_id != org_id:
        return OwnPolicy(id=user_id, org_id=org_id)
    return found

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
        self.cache: Cache[CalendarPolicy] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Only the company is looked up, and that is the id."""

    async def of_org(self, org_id: str) -> CalendarPolicy:
        """The company's policy, from memory when it is at hand."""
        found = self.cache.peek(org_id) or await self.cache.get(org_id)
        return found or CalendarPolicy(id=org_id)

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
        if found is None or found.org_id != org_id:
            return OwnPolicy(id=user_id, org_id=org_id)
        return found

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

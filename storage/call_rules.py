"""What people want done with calls that they do not answer."""

from __future__ import annotations

from typing import Any

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.telephony import CallRules


class CallRulesStore:
    """One set of rules per person who ever chose; the others have what a new one says."""

    def __init__(self, database: Any) -> None:
        self._rules = database["call_rules"]
        self.cache: Cache[CallRules] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Only the person is looked up, and that is the id."""

    async def of_user(self, user_id: str, org_id: str) -> CallRules:
        """The person's rules, from memory when they are at hand."""
        found = self.cache.peek(user_id) or await self.cache.get(user_id)
        if found is None or found.org_id != org_id:
            return CallRules(user_id=user_id, org_id=org_id)
        return found

    async def _find_many(self, user_ids: list[str]) -> dict[str, CallRules]:
        # Not to have chosen is remembered as well: `org_id` is then empty, and nobody's.
        rules = {user_id: CallRules(user_id=user_id, org_id="") for user_id in user_ids}
        async for each in self._rules.find({"_id": {"$in": user_ids}}):
            rules[each["_id"]] = from_document({**each, "user_id": each["_id"]}, CallRules)
        return rules

    async def put(self, rules: CallRules) -> None:
        """Keep a person's rules."""
        document = to_document(rules)
        user_id = document.pop("user_id")
        await self._rules.replace_one({"_id": user_id}, document, upsert=True)
        self.cache.forget(user_id)

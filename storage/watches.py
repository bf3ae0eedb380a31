"""Providers' promises to tell of changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storage.cache import Cache
from storage.calendars import WatchKept
from storage.documents import from_document, to_document


class WatchStore:
    """Watches; `cache` goes by `provider/remote id`, which is how a provider names them."""

    def __init__(self, database: Any) -> None:
        self._watches = database["watches"]
        self.cache: Cache[WatchKept] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Create the indexes: by the provider's name, a mailbox's, and those to renew."""
        await self._watches.create_index([("remote_id", 1), ("provider", 1)])
        await self._watches.create_index([("mailbox_id", 1)])
        await self._watches.create_index("renew_at")

    async def told_by(self, provider: str, remote_ids: Iterable[str]) -> dict[str, WatchKept]:
        """The watches that a provider names so, by that name; from memory when at hand."""
        keys = {key_of(provider, each): each for each in remote_ids}
        found = await self.cache.get_many(keys)
        return {keys[key]: watch for key, watch in found.items()}

    async def of_mailbox(self, org_id: str, mailbox_id: str) -> list[WatchKept]:
        """The mailbox's watches."""
        found = self._watches.find({"mailbox_id": mailbox_id, "org_id": org_id}).sort("_id", 1)
        return [from_document(each, WatchKept) async for each in found]

    async def of_mailboxes(self, org_id: str, mailbox_ids: Iterable[str]) -> set[str]:
        """Which of these mailboxes are watched."""
        wanted = {"mailbox_id": {"$in": list(mailbox_ids)}, "org_id": org_id}
        found: list[str] = await self._watches.distinct("mailbox_id", wanted)
        return set(found)

    async def claim_due(self, now: datetime, again: datetime, limit: int) -> list[str]:
        """Mailboxes with a watch to renew, each for one caller.

        They come again at *again*, unless they have been renewed by then.
        """
        due = {"renew_at": {"$lte": now}, "claimed_until": {"$not": {"$gt": now}}}
        found = await self._watches.find(due).sort("renew_at", 1).limit(limit).to_list(None)
        claimed: dict[str, None] = {}
        for each in found:
            outcome = await self._watches.update_one(
                {"_id": each["_id"], **due}, {"$set": {"claimed_until": again}}
            )
            if outcome.modified_count:
                claimed[each["mailbox_id"]] = None
        return list(claimed)

    async def add(self, watch: WatchKept) -> None:
        """Keep a new promise."""
        await self._watches.insert_one(to_document(watch))
        self.forget(watch)

    async def update(self, watch: WatchKept, **changes: Any) -> None:
        """Change these fields, if it is still there."""
        wanted = {"_id": watch.id, "org_id": watch.org_id}
        await self._watches.update_one(wanted, {"$set": changes, "$unset": {"claimed_until": ""}})
        self.forget(watch)

    async def remove(self, watch: WatchKept) -> bool:
        """Drop it; tell whether it was there."""
        outcome = await self._watches.delete_one({"_id": watch.id, "org_id": watch.org_id})
        self.forget(watch)
        return bool(outcome.deleted_count)

    def forget(self, watch: WatchKept) -> None:
        """Read it afresh."""
        self.cache.forget(key_of(watch.provider, watch.remote_id))

    async def _find_many(self, keys: list[str]) -> dict[str, WatchKept]:
        named = [key.partition("/") for key in keys]
        wanted = {"remote_id": {"$in": [remote_id for _provider, _, remote_id in named]}}
        found = [from_document(each, WatchKept) async for each in self._watches.find(wanted)]
        return {key_of(each.provider, each.remote_id): each for each in found}


def key_of(provider: str, remote_id: str) -> str:
    """How the cache names a watch."""
    return f"{provider}/{remote_id}"

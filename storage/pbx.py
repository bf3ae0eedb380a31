"""Telephone exchanges that may ask, by their keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.telephony import PbxCredential
from storage.transactions import in_transaction


class PbxStore:
    """Credentials of exchanges; `cache` goes by key. Secrets are kept sealed.

    Whether a company has any is kept on the company too.
    """

    def __init__(self, database: Any) -> None:
        self._database = database
        self._credentials = database["pbx_credentials"]
        self._orgs = database["orgs"]
        self.cache: Cache[PbxCredential] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Create the indexes: by key, and a company's."""
        await self._credentials.create_index("key", unique=True)
        await self._credentials.create_index([("org_id", 1), ("_id", 1)])

    async def by_key(self, key: str) -> PbxCredential | None:
        """Whose key this is, from memory when it is at hand."""
        return self.cache.peek(key) or await self.cache.get(key)

    async def _find_many(self, keys: list[str]) -> dict[str, PbxCredential]:
        found = self._credentials.find({"key": {"$in": keys}})
        return {each["key"]: from_document(each, PbxCredential) async for each in found}

    async def of_org(self, org_id: str) -> list[PbxCredential]:
        """The company's credentials, oldest first."""
        found = self._credentials.find({"org_id": org_id}).sort("_id", 1)
        return [from_document(each, PbxCredential) async for each in found]

    async def all(self) -> AsyncIterator[PbxCredential]:
        """Every company's, for the operator's own work."""
        async for each in self._credentials.find().sort("_id", 1):
            yield from_document(each, PbxCredential)

    async def replace_seals(
        self, credential: PbxCredential, sealed: str, before: str | None
    ) -> bool:
        """The same secrets under other seals; tell whether they are still the same."""
        wanted = {"_id": credential.id, "sealed": credential.sealed, "before": credential.before}
        changes = {"sealed": sealed, "before": before}
        outcome = await self._credentials.update_one(wanted, {"$set": changes})
        self.cache.forget(credential.key)
        return bool(outcome.matched_count)

    async def find(self, credential_id: str, org_id: str) -> PbxCredential | None:
        """The credential as it is now, if it is this company's."""
        document = await self._credentials.find_one({"_id": credential_id, "org_id": org_id})
        return from_document(document, PbxCredential) if document else None

    async def add(self, credential: PbxCredential) -> PbxCredential:
        """Keep a new credential; its company has an exchange from now on."""

        async def work(session: Any) -> None:
            await self._credentials.insert_one(to_document(credential), session=session)
            await self._mark(credential.org_id, session, has_any=True)

        await in_transaction(self._database, work)
        return credential

    async def replace_secret(
        self, credential: PbxCredential, sealed: str, before_until: datetime
    ) -> PbxCredential | None:
        """Give it a new secret; the one it has stays good until then.

        None when it is gone, or got another secret meanwhile.
        """
        document = await self._credentials.find_one_and_update(
            {"_id": credential.id, "org_id": credential.org_id, "sealed": credential.sealed},
            {"$set": {"sealed": sealed, "before": credential.sealed, "before_until": before_until}},
            return_document=ReturnDocument.AFTER,
        )
        self.cache.forget(credential.key)
        return from_document(document, PbxCredential) if document else None

    async def used(self, credential: PbxCredential, moment: datetime) -> None:
        """It was used at *moment*."""
        await self._credentials.update_one(
            {"_id": credential.id}, {"$max": {"last_used_at": moment}}
        )
        self.cache.forget(credential.key)

    async def remove(self, credential: PbxCredential) -> bool:
        """Shut the exchange out; tell whether it was there."""
        query = {"_id": credential.id, "org_id": credential.org_id}

        async def work(session: Any) -> bool:
            outcome = await self._credentials.delete_one(query, session=session)
            left = await self._credentials.find_one({"org_id": credential.org_id}, session=session)
            await self._mark(credential.org_id, session, has_any=left is not None)
            return bool(outcome.deleted_count)

        gone = await in_transaction(self._database, work)
        self.cache.forget(credential.key)
        return gone

    async def _mark(self, org_id: str, session: Any, *, has_any: bool) -> None:
        # Always a write: of an exchange that comes and one that goes, the later sees the other.
        await self._orgs.update_one(
            {"_id": org_id}, {"$set": {"pbx": has_any}, "$inc": {"guard": 1}}, session=session
        )

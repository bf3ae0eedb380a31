"""What lies beside people: who changed what, mail to be sent, pictures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from storage.documents import from_document, to_document
from storage.models import AuditEntry, Mail

UNSENT_SECONDS = 24 * 3600
CLAIM = timedelta(minutes=5)


class AuditStore:
    """Who changed what in a company. Added to, never changed."""

    def __init__(self, database: Any) -> None:
        self._audit = database["audit"]

    async def prepare(self) -> None:
        """Create the index that pages backwards."""
        await self._audit.create_index([("org_id", 1), ("_id", -1)])

    async def add(self, entries: list[AuditEntry]) -> None:
        """Keep these entries."""
        if entries:
            await self._audit.insert_many([to_document(each) for each in entries])

    async def page(self, org_id: str, before: str | None, limit: int) -> list[AuditEntry]:
        """The latest entries of the company, or the latest before an entry; latest first."""
        wanted: dict[str, Any] = {"org_id": org_id}
        if before is not None:
            wanted["_id"] = {"$lt": before}
        found = self._audit.find(wanted).sort("_id", -1).limit(limit)
        return [from_document(each, AuditEntry) async for each in found]


class MailStore:
    """Mail on its way out. A mail carries a secret link, so it is gone as soon as it is sent."""

    def __init__(self, database: Any) -> None:
        self._mails = database["mails"]

    async def prepare(self) -> None:
        """MongoDB itself sweeps what could not be sent in a day."""
        await self._mails.create_index("created_at", expireAfterSeconds=UNSENT_SECONDS)

    async def add(self, mail: Mail) -> None:
        """Keep a mail until it is sent."""
        await self._mails.insert_one(to_document(mail))

    async def claim(self, mail_id: str, now: datetime) -> Mail | None:
        """The mail, for this caller alone for a while; None when it is sent or being sent."""
        free = {"$or": [{"claimed_until": None}, {"claimed_until": {"$lte": now}}]}
        document = await self._mails.find_one_and_update(
            {"_id": mail_id, **free}, {"$set": {"claimed_until": now + CLAIM}}
        )
        return from_document(document, Mail) if document else None

    async def release(self, mail_id: str) -> None:
        """It was not sent: someone else may try."""
        await self._mails.update_one({"_id": mail_id}, {"$unset": {"claimed_until": ""}})

    async def waiting(self, before: datetime) -> list[str]:
        """The ids of mail from before that moment still to be sent, oldest first."""
        found = self._mails.find({"created_at": {"$lt": before}}, {"_id": 1}).sort("_id", 1)
        return [each["_id"] async for each in found]

    async def remove(self, mail_id: str) -> None:
        """The mail has been sent."""
        await self._mails.delete_one({"_id": mail_id})


class PictureStore:
    """One picture per person, by the hash of its content."""

    def __init__(self, database: Any) -> None:
        self._pictures = database["pictures"]

    async def prepare(self) -> None:
        """Create the index by person."""
        await self._pictures.create_index([("org_id", 1), ("user_id", 1)])

    async def put(self, org_id: str, user_id: str, digest: str, data: bytes) -> None:
        """Keep the person's picture."""
        key = f"{user_id}/{digest}"
        document = {"org_id": org_id, "user_id": user_id, "data": data}
        await self._pictures.replace_one({"_id": key}, document, upsert=True)

    async def get(self, org_id: str, user_id: str, digest: str) -> bytes | None:
        """The picture with this content, if it is that person's."""
        document = await self._pictures.find_one({"_id": f"{user_id}/{digest}", "org_id": org_id})
        return bytes(document["data"]) if document else None

    async def remove_others(self, org_id: str, user_id: str, keep: str | None) -> None:
        """Drop the person's pictures, but for *keep*."""
        kept = f"{user_id}/{keep}" if keep else None
        await self._pictures.delete_many(
            {"org_id": org_id, "user_id": user_id, "_id": {"$ne": kept}}
        )

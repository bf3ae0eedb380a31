"""Contacts that are kept in step with a connection: written by syncs alone, again without harm.

Their ids are made of whose they are and what their provider calls them, so that telling of one
twice changes nothing, and what somebody decided about one (VIP) lasts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from pymongo import ReplaceOne, UpdateMany
from pymongo.errors import BulkWriteError

from storage.contact_words import keep_words
from storage.contacts import document_of
from storage.telephony import Contact
from storage.terms import typed

TAKEN = 11000
NOT_CONTENT = ("_id", "created_at", "updated_at")


def synced_id(connection_id: str, owner_id: str, ref: str) -> str:
    """The id of a contact that a connection told of."""
    return hashlib.sha256(f"{connection_id}|{owner_id}|{ref}".encode()).hexdigest()[:32]


class SyncedContactStore:
    """The rows of `contacts` that came through connections."""

    def __init__(self, database: Any) -> None:
        self._contacts = database["contacts"]
        self._words = database["contact_words"]

    async def prepare(self) -> None:
        """Create the index: what a connection gave somebody, by the round that told of it last."""
        await self._contacts.create_index(
            [("connection_id", 1), ("whose", 1), ("round", 1)],
            name="synced",
            partialFilterExpression={"connection_id": {"$gt": ""}},
        )

    async def put(self, contacts: Sequence[Contact], told_in: str) -> tuple[int, list[str]]:
        """Keep these as the round *told_in* tells them: how many are new, the ids of those changed.

        All are of one connection and one owner.
        """
        documents = [_document(each) for each in contacts]
        known = {
            each["_id"]: each
            async for each in self._contacts.find(
                {"_id": {"$in": [each["_id"] for each in documents]}},
                {"digest": 1, "created_at": 1},
            )
        }
        changed, same = [], []
        for each in documents:
            before = known.get(each["_id"])
            if before is not None and before.get("digest") == each["digest"]:
                same.append(each["_id"])
                continue
            created = before["created_at"] if before else each["created_at"]
            changed.append(each | {"round": told_in, "created_at": created})
        await self._write(changed, same, told_in)
        if changed:
            words = {word for each in changed for word in typed(each["terms"])}
            await keep_words(self._words, changed[0]["org_id"], words)
        ids = [each["_id"] for each in changed]
        return len(set(ids) - set(known)), [each for each in ids if each in known]

    async def _write(self, changed: list[dict[str, Any]], same: list[str], told_in: str) -> None:
        writes: list[Any] = [
            ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in changed
        ]
        if same:
            writes.append(UpdateMany({"_id": {"$in": same}}, {"$set": {"round": told_in}}))
        if not writes:
            return
        try:
            await self._contacts.bulk_write(writes, ordered=False)
        except BulkWriteError as error:  # another worker was first, and told the same
            if any(each["code"] != TAKEN for each in error.details["writeErrors"]):
                raise

    async def remove(self, org_id: str, contact_ids: Iterable[str]) -> list[str]:
        """Drop those of these that came through a connection; the ids of those that were there."""
        wanted = {"_id": {"$in": list(contact_ids)}, "connection_id": {"$gt": ""}}
        return await self._drop({"org_id": org_id, **wanted})

    async def remove_untold(
        self, org_id: str, connection_id: str, owner_id: str, told_in: str
    ) -> list[str]:
        """Drop what the round *told_in*, which told everything, did not tell; their ids.

        Rounds sort by when they began: what a later one told stays.
        """
        of_it = {"connection_id": connection_id, "whose": owner_id}
        return await self._drop({"org_id": org_id, **of_it, "round": {"$lt": told_in}})

    async def remove_of(
        self, org_id: str, connection_id: str, owner_id: str | None = None
    ) -> list[str]:
        """Drop all that the connection gave this owner, or everybody; their ids."""
        whose = {} if owner_id is None else {"whose": owner_id}
        return await self._drop({"org_id": org_id, "connection_id": connection_id, **whose})

    async def count_of(self, org_id: str, connection_id: str, owner_id: str) -> int:
        """How many the connection gave this owner."""
        wanted = {"org_id": org_id, "connection_id": connection_id, "whose": owner_id}
        count: int = await self._contacts.count_documents(wanted)
        return count

    async def _drop(self, wanted: dict[str, Any]) -> list[str]:
        gone = [each["_id"] async for each in self._contacts.find(wanted, {"_id": 1})]
        if gone:
            await self._contacts.delete_many({**wanted, "_id": {"$in": gone}})
        return gone


def _document(contact: Contact) -> dict[str, Any]:
    document = document_of(contact)
    content = {name: value for name, value in document.items() if name not in NOT_CONTENT}
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {**document, "digest": digest}

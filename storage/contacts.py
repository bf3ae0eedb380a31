"""Contacts: the company's, and each person's own; and the words that they are found by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

from pymongo.errors import BulkWriteError

from storage.cache import Cache
from storage.contact_words import keep_words
from storage.documents import from_document, to_document
from storage.spelling import Vocabulary
from storage.telephony import Contact
from storage.terms import Wanted, found_by, query_of, sort_key, typed
from storage.twins import reaches

PATIENCE_MS = 2_000
TRIES = 8
COUNTED = 2_500  # terms of one word that are counted to tell rare words from common ones
BATCH = 1_000
DERIVED = {"terms": 0, "text": 0, "same": 0, "sort": 0, "reach": 0}  # not wanted back


class Busy(Exception):
    """Others kept changing the contact at the same time."""


class ContactStore:
    """Contacts. Rows of an import that is not done are there for nobody; `cache` goes by id."""

    def __init__(self, database: Any) -> None:
        self._contacts = database["contacts"]
        self._imports = database["contact_imports"]
        self._words = database["contact_words"]
        self.cache: Cache[Contact] = Cache(self._find_many)
        self.vocabulary = Vocabulary(self._words_since)

    async def prepare(self) -> None:
        """Create the indexes: by term, by name, by what makes two the same, and of an import."""
        whose = [("org_id", 1), ("whose", 1)]
        await self._contacts.create_index([*whose, ("terms", 1)], name="terms")
        await self._contacts.create_index([*whose, ("sort", 1), ("_id", 1)], name="by_name")
        await self._contacts.create_index([*whose, ("same", 1)], name="same")
        await self._contacts.create_index([*whose, ("reach", 1)], name="reach")
        await self._contacts.create_index("batch", sparse=True)
        await self._words.create_index([("org_id", 1), ("added", 1)])

    async def get(self, contact_id: str) -> Contact | None:
        """The contact, from memory when it is at hand. Callers check whose it is."""
        return self.cache.peek(contact_id) or await self.cache.get(contact_id)

    async def _find_many(self, contact_ids: list[str]) -> dict[str, Contact]:
        documents = await self._contacts.find({"_id": {"$in": contact_ids}}, DERIVED).to_list(None)
        batches = {each["batch"] for each in documents if "batch" in each}
        hidden: set[str] = set()
        if batches:
            undone = self._imports.find({"_id": {"$in": list(batches)}, "hidden": True}, {"_id": 1})
            hidden = {each["_id"] async for each in undone}
        return {
            each["_id"]: from_document(each, Contact)
            for each in documents
            if each.get("batch") not in hidden
        }

    async def hidden(self, org_id: str) -> list[str]:
        """The imports of the company whose rows nobody sees yet."""
        found = self._imports.find({"org_id": org_id, "hidden": True}, {"_id": 1})
        return [each["_id"] async for each in found]

    async def add(self, contact: Contact) -> Contact:
        """Keep a new contact."""
        document = document_of(contact)
        await self._contacts.insert_one(document)
        await keep_words(self._words, contact.org_id, typed(document["terms"]))
        return contact

    async def add_hidden(self, contacts: Sequence[Contact], batch: str) -> set[str]:
        """Keep rows of an import, for nobody to see yet; again without harm. Their words."""
        documents = [{**document_of(each), "batch": batch} for each in contacts]
        if documents:
            try:
                await self._contacts.insert_many(documents, ordered=False)
            except BulkWriteError as error:
                if any(each["code"] != 11000 for each in error.details["writeErrors"]):
                    raise
        return {word for each in documents for word in typed(each["terms"])}

    async def keep_words(self, org_id: str, words: Iterable[str]) -> None:
        """Words of contacts that were added, for those who will misspell them."""
        await keep_words(self._words, org_id, words)

    async def remove_batch(self, batch: str) -> int:
        """Drop the rows of an import; how many there were."""
        return int((await self._contacts.delete_many({"batch": batch})).deleted_count)

    async def batch(self, batch: str) -> AsyncIterator[list[tuple[str, list[str]]]]:
        """(id, what makes it the same as another) of the rows of an import, some at a time."""
        found = self._contacts.find({"batch": batch}, {"same": 1})
        while documents := await found.to_list(BATCH):
            yield [(each["_id"], each["same"]) for each in documents]

    async def remove_rows(self, batch: str, contact_ids: Sequence[str]) -> None:
        """Drop these rows of an import."""
        if contact_ids:
            await self._contacts.delete_many({"_id": {"$in": list(contact_ids)}, "batch": batch})

    async def count_batch(self, batch: str) -> int:
        """How many rows of an import there are."""
        return int(await self._contacts.count_documents({"batch": batch}))

    async def change(
        self, contact: Contact, changed: Callable[[Contact], Contact]
    ) -> Contact | None:
        """Make *changed* of the contact as it is now; None when it is gone. Raises Busy.

        Two who change different things at once both get their way.
        """
        key = {"_id": contact.id, "org_id": contact.org_id}
        for _try in range(TRIES):
            before = await self._contacts.find_one(key)
            if before is None:
                return None
            after = changed(from_document(before, Contact))
            document = document_of(after) | {"revision": before.get("revision", 0) + 1}
            if "batch" in before:
                document["batch"] = before["batch"]
            same = key | {"revision": before.get("revision")}
            if (await self._contacts.replace_one(same, document)).matched_count:
                self.cache.forget(contact.id)
                await keep_words(self._words, after.org_id, typed(document["terms"]))
                return after
        raise Busy

    async def remove(self, contact: Contact) -> bool:
        """Drop the contact; tell whether it was there."""
        outcome = await self._contacts.delete_one({"_id": contact.id, "org_id": contact.org_id})
        self.cache.forget(contact.id)
        return bool(outcome.deleted_count)

    async def find(
        self,
        org_id: str,
        owner_id: str | None,
        words: Sequence[Wanted],
        hidden: Sequence[str],
        limit: int,
    ) -> list[Contact]:
        """Contacts of this owner with every word; those whose name has the rarest of them first.

        *hidden* are the imports that nobody sees yet.
        """
        whose = {"org_id": org_id, "whose": owner_id or ""}
        bound = await self._rarest(whose, words)
        others = [word for word in words if word is not bound]
        query = {**whose, **query_of(bound, others), "batch": {"$nin": list(hidden)}}
        found = self._contacts.find(query, DERIVED).limit(limit).max_time_ms(PATIENCE_MS)
        return [from_document(each, Contact) for each in await found.to_list(None)]

    async def _rarest(self, whose: dict[str, Any], words: Sequence[Wanted]) -> Wanted:
        if len(words) == 1:
            return words[0]
        counts = await asyncio.gather(
            *(
                self._contacts.count_documents(
                    {**whose, "terms": {"$in": word.terms()}}, limit=COUNTED
                )
                for word in words
            )
        )
        return words[counts.index(min(counts))]

    async def among(
        self, org_id: str, contact_ids: Iterable[str], words: Sequence[Wanted]
    ) -> list[Contact]:
        """Those of these contacts that have every word. Callers check whose they are."""
        query: dict[str, Any] = {"_id": {"$in": list(contact_ids)}, "org_id": org_id}
        query["$and"] = [{"text": word.text()} for word in words]
        found = await self._contacts.find(query, DERIVED).to_list(None)
        return [from_document(each, Contact) for each in found]

    async def page(
        self,
        org_id: str,
        owners: Sequence[str | None],
        after: tuple[str, str] | None,
        limit: int,
    ) -> list[Contact]:
        """The next contacts of these owners by name, after a (sort key, id)."""
        query = await self._of(org_id, owners)
        if after is not None:
            name, contact_id = after
            query["$or"] = [{"sort": {"$gt": name}}, {"sort": name, "_id": {"$gt": contact_id}}]
            query["sort"] = {"$gte": name}
        order = [("sort", 1), ("_id", 1)]
        found = self._contacts.find(query, DERIVED).sort(order).limit(limit)
        return [from_document(each, Contact) async for each in found]

    async def all(self, org_id: str, owner_id: str | None) -> AsyncIterator[list[Contact]]:
        """Every contact of this owner by name, some at a time."""
        query = await self._of(org_id, [owner_id])
        found = self._contacts.find(query, DERIVED).sort([("sort", 1), ("_id", 1)])
        while documents := await found.to_list(BATCH):
            yield [from_document(each, Contact) for each in documents]

    async def count(self, org_id: str, owner_id: str | None) -> int:
        """How many contacts this owner has."""
        count: int = await self._contacts.count_documents(await self._of(org_id, [owner_id]))
        return count

    async def same(self, org_id: str, owner_id: str | None, keys: Iterable[str]) -> set[str]:
        """Those of *keys* (see `same_keys`) that a contact of this owner already has.

        One that is kept in step with a connection goes when that ends: it stands in for no other.
        """
        query = await self._of(org_id, [owner_id])
        query["connection_id"] = {"$not": {"$gt": ""}}
        wanted = set(keys)
        query["same"] = {"$in": list(wanted)}
        found = self._contacts.find(query, {"same": 1})
        return {key async for each in found for key in each["same"]} & wanted

    async def _of(self, org_id: str, owners: Sequence[str | None]) -> dict[str, Any]:
        hidden = await self.hidden(org_id)
        whose = [owner_id or "" for owner_id in owners]
        return {"org_id": org_id, "whose": {"$in": whose}, "batch": {"$nin": hidden}}

    async def _words_since(self, org_id: str, added: str) -> list[str]:
        wanted = {"org_id": org_id, "added": {"$gte": added}}
        found = self._words.find(wanted, {"_id": 0, "word": 1})
        return [each["word"] for each in await found.to_list(None)]


def document_of(contact: Contact) -> dict[str, Any]:
    """The contact and what it is found and sorted by."""
    numbers = [(phone.number, phone.e164) for phone in contact.phones]
    others = (
        *(contact.title, contact.department, contact.company, contact.note),
        *contact.emails,
    )
    return {
        **to_document(contact),
        **found_by(contact.name, others, numbers),
        "whose": contact.owner_id or "",  # null would make each query read what it need not
        "sort": sort_key(contact.name),
        "same": same_keys(contact),
        "reach": reaches(contact),
    }


def same_keys(contact: Contact) -> list[str]:
    """Two contacts of one owner that share a key are the same: a name and an address or number."""
    name = sort_key(contact.name)
    reached = [*contact.emails, *(phone.e164 or phone.number for phone in contact.phones)]
    return sorted({f"{name}|{each}" for each in reached}) or [name]

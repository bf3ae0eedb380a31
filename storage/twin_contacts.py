"""Finding contacts of one owner that are the same person (see `storage.twins`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storage.cache import Cache
from storage.contacts import DERIVED
from storage.documents import from_document
from storage.telephony import Contact
from storage.twins import Together, reaches, together

ROUNDS = 4  # a twin of a twin of a twin: who is farther away is somebody else
MOST = 2_000


class TwinStore:
    """Reads `contacts` alone. `numbers` goes by the id of the person whose contacts they are."""

    def __init__(self, database: Any) -> None:
        self._contacts = database["contacts"]
        self._imports = database["contact_imports"]
        self._favourites = database["favourites"]
        self.numbers: Cache[dict[str, tuple[str, ...]]] = Cache(self._numbers_of)

    async def prepare(self) -> None:
        """The index is among those of the contacts."""

    async def of(self, contacts: Iterable[Contact]) -> dict[str, Together]:
        """By the id of each of these, what it is shown as. The company's own stay as they are."""
        found = {each.id: each for each in contacts}
        books: dict[tuple[str, str], list[Contact]] = {}
        for each in found.values():
            if each.owner_id is not None:
                books.setdefault((each.org_id, each.owner_id), []).append(each)
        shown = {each.id: Together(each, (each,)) for each in found.values()}
        for (org_id, owner_id), some in books.items():
            shown |= await self._of_book(org_id, owner_id, some)
        return shown

    async def _of_book(
        self, org_id: str, owner_id: str, contacts: list[Contact]
    ) -> dict[str, Together]:
        known = {each.id: each for each in contacts}
        asked: set[str] = set()
        for _round in range(ROUNDS):
            seen = together(known.values())
            near = {one.id: one for each in contacts for one in seen[each.id].members}
            # One that is not synced is alone so far; its twin may be.
            wanted = {key for each in (*near.values(), *contacts) for key in reaches(each)} - asked
            if not wanted:
                break
            asked |= wanted
            known |= {each.id: each for each in await self._sharing(org_id, owner_id, wanted)}
        seen = together(known.values())
        return {each.id: seen[each.id] for each in contacts}

    async def _sharing(self, org_id: str, owner_id: str, keys: set[str]) -> list[Contact]:
        undone = self._imports.find({"org_id": org_id, "hidden": True}, {"_id": 1})
        hidden = [each["_id"] async for each in undone]
        wanted = {"org_id": org_id, "whose": owner_id, "reach": {"$in": sorted(keys)}}
        found = self._contacts.find({**wanted, "batch": {"$nin": hidden}}, DERIVED).limit(MOST)
        return [from_document(each, Contact) async for each in found]

    async def _numbers_of(self, user_ids: list[str]) -> dict[str, dict[str, tuple[str, ...]]]:
        """By person and contact, all numbers of those contacts that they let through or block."""
        decided = {"user_id": {"$in": user_ids}, "kind": "contact"}
        marked = {"$or": [{"vip": True}, {"blocked": True}]}
        targets = [
            each["target"]
            async for each in self._favourites.find({**decided, **marked}, {"target": 1})
        ]
        contacts = [
            from_document(each, Contact)
            async for each in self._contacts.find(
                {"_id": {"$in": targets}, "whose": {"$in": user_ids}}, DERIVED
            )
        ]
        found: dict[str, dict[str, tuple[str, ...]]] = {user_id: {} for user_id in user_ids}
        shown = await self.of(contacts)
        for each in contacts:
            phones = shown[each.id].shown.phones
            numbers = tuple(phone.e164 for phone in phones if phone.e164)
            found[each.owner_id or ""][each.id] = numbers
        return found

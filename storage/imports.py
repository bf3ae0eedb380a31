"""Files of contacts on their way in: the file itself in pieces, what was found, what was wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from storage.documents import from_document, to_document

Status = Literal["receiving", "reading", "read", "applying", "done", "failed"]

LEASE = timedelta(minutes=2)
PIECE = 1_000_000  # bytes; a document has room for sixteen times that
BATCH = 1_000


class Applying(Exception):
    """Another import into the same contacts is being applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file of contacts. `owner_id` is whose they will be; None: the company's.

    `merged` rows were the same as another in the file, `skipped` ones as a contact that is there.
    `reason` is why it failed: a key of our sentences, which `facts` fill.
    """

    id: str
    org_id: str
    owner_id: str | None
    user_id: str
    format: Literal["csv", "vcard"]
    status: Status = "receiving"
    rows: int = 0
    good: int = 0
    bad: int = 0
    merged: int = 0
    skipped: int = 0
    ignored: tuple[str, ...] = ()
    reason: str = ""
    facts: dict[str, Any] | None = None
    hidden: bool = True
    created_at: datetime
    changed_at: datetime


class ImportStore:
    """Imports, the pieces of their files, and the faults in them."""

    def __init__(self, database: Any) -> None:
        self._imports = database["contact_imports"]
        self._pieces = database["contact_import_pieces"]
        self._faults = database["contact_import_faults"]

    async def prepare(self) -> None:
        """Create the indexes: hidden ones, one applied at a time, and what belongs to one."""
        await self._imports.create_index(
            "org_id", name="hidden", partialFilterExpression={"hidden": True}
        )
        await self._imports.create_index(
            [("org_id", 1), ("owner_id", 1)],
            name="one_applies",
            unique=True,
            partialFilterExpression={"status": "applying"},
        )
        await self._imports.create_index([("status", 1), ("changed_at", 1)])
        await self._pieces.create_index([("import_id", 1), ("number", 1)])
        await self._faults.create_index([("import_id", 1), ("number", 1)])

    async def add(self, made: Import) -> Import:
        """Keep a new import."""
        await self._imports.insert_one(to_document(made))
        return made

    async def find(self, import_id: str, org_id: str) -> Import | None:
        """The import, if it is this company's."""
        document = await self._imports.find_one({"_id": import_id, "org_id": org_id})
        return from_document(document, Import) if document else None

    async def get(self, import_id: str) -> Import | None:
        """The import, for jobs."""
        document = await self._imports.find_one({"_id": import_id})
        return from_document(document, Import) if document else None

    async def add_piece(self, made: Import, number: int, data: bytes) -> None:
        """Keep the next piece of the file."""
        piece = {"org_id": made.org_id, "import_id": made.id, "number": number, "data": data}
        await self._pieces.insert_one({"_id": f"{made.id}:{number}", **piece})

    async def file(self, import_id: str) -> bytes:
        """The whole file."""
        found = self._pieces.find({"import_id": import_id}).sort("number", 1)
        return b"".join([each["data"] async for each in found])

    async def drop_file(self, import_id: str) -> None:
        """The file has been read."""
        await self._pieces.delete_many({"import_id": import_id})

    async def change(
        self, import_id: str, was: Iterable[Status], moment: datetime, **changes: Any
    ) -> Import | None:
        """Change an import that has one of these statuses; None when it has not.

        Raises Applying when it cannot begin to be applied beside another.
        """
        try:
            document = await self._imports.find_one_and_update(
                {"_id": import_id, "status": {"$in": list(was)}},
                {"$set": {**changes, "changed_at": moment}},
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            raise Applying from None
        return from_document(document, Import) if document else None

    async def claim(self, import_id: str, holder: str, now: datetime) -> bool:
        """Take the import for working on it, or keep it: nobody else does for a while."""
        free = {"$or": [{"holder": holder}, {"busy_until": None}, {"busy_until": {"$lt": now}}]}
        outcome = await self._imports.update_one(
            {"_id": import_id, **free}, {"$set": {"holder": holder, "busy_until": now + LEASE}}
        )
        return bool(outcome.matched_count)

    async def release(self, import_id: str, holder: str) -> None:
        """Let others work on it."""
        await self._imports.update_one(
            {"_id": import_id, "holder": holder}, {"$unset": {"holder": "", "busy_until": ""}}
        )

    async def add_faults(self, made: Import, first: int, faults: list[dict[str, Any]]) -> None:
        """Keep what is wrong, in order; the first of these is number *first*."""
        if not faults:
            return
        documents = [
            {
                "_id": f"{made.id}:{number}",
                "org_id": made.org_id,
                "import_id": made.id,
                "number": number,
                **each,
            }
            for number, each in enumerate(faults, start=first)
        ]
        await self._faults.insert_many(documents)

    async def faults(self, import_id: str, limit: int) -> list[dict[str, Any]]:
        """The first faults of the import."""
        found = self._faults.find({"import_id": import_id}).sort("number", 1).limit(limit)
        return [each async for each in found]

    async def all_faults(self, import_id: str) -> AsyncIterator[list[dict[str, Any]]]:
        """All faults of the import, some at a time."""
        found = self._faults.find({"import_id": import_id}).sort("number", 1)
        while some := await found.to_list(BATCH):
            yield some

    async def drop_faults(self, import_id: str) -> None:
        """Begin anew."""
        await self._faults.delete_many({"import_id": import_id})

    async def remove(self, import_id: str) -> None:
        """Drop the import and everything of it; its rows are dropped before."""
        await self._pieces.delete_many({"import_id": import_id})
        await self._faults.delete_many({"import_id": import_id})
        await self._imports.delete_one({"_id": import_id})

    async def waiting(self, now: datetime) -> list[Import]:
        """Imports that somebody should be working on, and nobody is."""
        free = {"$or": [{"busy_until": None}, {"busy_until": {"$lt": now}}]}
        wanted = {"status": {"$in": ["reading", "applying"]}, **free}
        return [from_document(each, Import) async for each in self._imports.find(wanted)]

    async def old(self, before: datetime) -> list[Import]:
        """Imports that nobody has touched since then, and nobody works on."""
        over = ["receiving", "read", "failed", "done"]
        wanted = {"status": {"$in": over}, "changed_at": {"$lt": before}}
        return [from_document(each, Import) async for each in self._imports.find(wanted)]

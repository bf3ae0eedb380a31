"""The words that occur in a company's contacts and people: kept, for those who misspell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo.errors import BulkWriteError

from storage.ids import new_id

BATCH = 1_000
TAKEN = 11000


async def keep_words(collection: Any, org_id: str, words: Iterable[str]) -> None:
    """Remember that these words occur in the company. They are never taken away again."""
    wanted = sorted(set(words))
    for start in range(0, len(wanted), BATCH):
        some = {f"{org_id}:{word}": word for word in wanted[start : start + BATCH]}
        known = {
            each["_id"] async for each in collection.find({"_id": {"$in": list(some)}}, {"_id": 1})
        }
        added = new_id()
        new = [
            {"_id": key, "org_id": org_id, "word": word, "added": added}
            for key, word in some.items()
            if key not in known
        ]
        if not new:
            continue
        try:
            await collection.insert_many(new, ordered=False)
        except BulkWriteError as error:  # somebody else was first with some of them
            if any(each["code"] != TAKEN for each in error.details["writeErrors"]):
                raise

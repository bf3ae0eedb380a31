"""The migration that makes contacts from before found by what twins share (see `twins.reaches`)."""

from __future__ import annotations

from typing import Any

from pymongo import UpdateOne

from storage.documents import from_document
from storage.telephony import Contact
from storage.twins import reaches

BATCH = 1_000


async def contacts_found_by_reach(database: Any) -> None:
    """Keep with every contact what it may share with another."""
    found = database["contacts"].find({"reach": {"$exists": False}}, {"terms": 0, "text": 0})
    while documents := await found.to_list(BATCH):
        orders = [
            UpdateOne(
                {"_id": each["_id"]}, {"$set": {"reach": reaches(from_document(each, Contact))}}
            )
            for each in documents
        ]
        await database["contacts"].bulk_write(orders, ordered=False)

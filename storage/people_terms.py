"""What colleagues are found by, in their own documents."""

from __future__ import annotations

from typing import Any

from pymongo import UpdateOne

from storage.contact_words import keep_words
from storage.documents import from_document, to_document
from storage.models import User
from storage.terms import e164, found_by, typed

SEARCHED = frozenset({"name", "title", "department", "email", "handle", "phones", "note"})
# Numbers are read as they are dialled where the person is.
COUNTRIES = {"Europe/Oslo": "NO", "Europe/Copenhagen": "DK", "Europe/Helsinki": "FI"}


def terms_of_person(user: User) -> dict[str, Any]:
    """What the person is found by, as fields of their document."""
    region = COUNTRIES.get(user.time_zone, "SE")
    numbers = [(phone.number, e164(phone.number, region)) for phone in user.phones]
    others = (user.title, user.department, user.email, user.handle, user.note)
    return found_by(user.name, others, numbers)


def searched_document(user: User) -> dict[str, Any]:
    """The person as a document, with what they are found by."""
    return to_document(user) | terms_of_person(user)


async def people_found_by_terms(database: Any) -> None:
    """The migration that makes those found who came before there was a search for them."""
    words: dict[str, set[str]] = {}
    orders = []
    async for document in database["users"].find():
        user = from_document(document, User)
        terms = terms_of_person(user)
        orders.append(UpdateOne({"_id": user.id}, {"$set": terms}))
        words.setdefault(user.org_id, set()).update(typed(terms["terms"]))
    if orders:
        await database["users"].bulk_write(orders, ordered=False)
    for org_id, found in words.items():
        await keep_words(database["contact_words"], org_id, found)

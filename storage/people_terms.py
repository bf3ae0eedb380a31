"""What colleagues are found by, in their own documents. Pure."""

from __future__ import annotations

from typing import Any

from storage.documents import to_document
from storage.models import User
from storage.terms import e164, found_by

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

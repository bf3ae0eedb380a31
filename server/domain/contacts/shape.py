"""Contacts as clients see them: those outside, and colleagues in the same dress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.domain.numbers import e164
from storage.models import User, timestamp
from storage.telephony import Contact, Favourite
from storage.twins import Together

Marks = Mapping[tuple[str, str], Favourite]


def contact(together: Together, marks: Marks) -> dict[str, Any]:
    """A contact of the company's or of one's own, with all its sources."""
    found = together.shown
    decided = (marks.get(("contact", each.id)) for each in together.members)
    return {
        "id": found.id,
        "scope": scope_of(found),
        "user_id": None,
        "name": found.name,
        "title": found.title,
        "department": found.department,
        "company": found.company,
        "phones": [
            {"kind": each.kind, "number": each.number, "e164": each.e164} for each in found.phones
        ],
        "emails": list(found.emails),
        "note": found.note,
        "source": found.source,
        "link": found.link,
        "read_only": is_read_only(found),
        "sources": [
            {"provider": each.source, "link": each.link, "read_only": is_read_only(each)}
            for each in together.members
        ],
        "updated_at": timestamp(found.updated_at),
        "favourite": _marks(next(filter(None, decided), None)),
    }


def colleague(
    user: User, company: str, region: str, numbers: tuple[str, ...], marks: Marks
) -> dict[str, Any]:
    """A colleague as a contact: *numbers* are theirs in the company's plan."""
    own = [(each.kind, each.number, e164(each.number, region)) for each in user.phones]
    known = {each[2] for each in own}
    phones = [
        *({"kind": kind, "number": number, "e164": full} for kind, number, full in own),
        *(
            {"kind": "work", "number": number, "e164": e164(number, region)}
            for number in numbers
            if number not in known
        ),
    ]
    return {
        "id": user.id,
        "scope": "internal",
        "user_id": user.id,
        "name": user.name,
        "title": user.title,
        "department": user.department,
        "company": company,
        "phones": phones,
        "emails": [user.email] if user.email else [],
        "note": user.note,
        "source": "internal",
        "link": "",
        "read_only": True,
        "sources": [{"provider": "internal", "link": "", "read_only": True}],
        "updated_at": timestamp(user.created_at),
        "favourite": _marks(marks.get(("person", user.id))),
    }


def is_read_only(found: Contact) -> bool:
    """Whether it is changed where it comes from, and nowhere else."""
    return found.connection_id != ""


def scope_of(found: Contact) -> str:
    """`global` for the company's, `personal` for one's own."""
    return "global" if found.owner_id is None else "personal"


def _marks(found: Favourite | None) -> dict[str, bool] | None:
    if found is None:
        return None
    return {"star": found.star, "vip": found.vip, "blocked": found.blocked}

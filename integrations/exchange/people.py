"""Contacts of Exchange in our words. Pure.

Elements: https://learn.microsoft.com/exchange/client-developer/web-service-reference/contact
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from integrations.contract import Person
from integrations.exchange.events import tag

NUMBERS: Mapping[str, Literal["work", "mobile", "other"]] = {
    "BusinessPhone": "work",
    "BusinessPhone2": "work",
    "CompanyMainPhone": "work",
    "MobilePhone": "mobile",
    "HomePhone": "other",
    "HomePhone2": "other",
    "OtherTelephone": "other",
    "PrimaryPhone": "other",
}


def is_person(item: Any) -> bool:
    """Whether it is a contact: a book also holds lists of recipients."""
    return bool(item.tag == tag("Contact"))


def person_of(item: Any) -> Person:
    """A contact. Raises ValueError when it cannot be read."""
    ref = item.find(tag("ItemId"))
    if ref is None or not ref.get("Id"):
        raise ValueError("no id")
    name = _text(item, "DisplayName") or " ".join(
        part for part in (_text(item, "GivenName"), _text(item, "Surname")) if part
    )
    emails = (text for _key, text in _entries(item, "EmailAddresses"))
    return Person(
        ref=str(ref.get("Id")),
        name=name,
        title=_text(item, "JobTitle"),
        department=_text(item, "Department"),
        company=_text(item, "CompanyName"),
        phones=tuple(
            (NUMBERS[key], text) for key, text in _entries(item, "PhoneNumbers") if key in NUMBERS
        ),
        # Colleagues are told by their place in the directory instead.
        emails=tuple(dict.fromkeys(each for each in emails if "@" in each)),
    )


def _entries(item: Any, name: str) -> list[tuple[str, str]]:
    found = item.iterfind(f"{tag(name)}/{tag('Entry')}")
    return [(each.get("Key", ""), each.text.strip()) for each in found if (each.text or "").strip()]


def _text(item: Any, name: str) -> str:
    return (item.findtext(tag(name)) or "").strip()

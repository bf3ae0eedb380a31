"""Contacts of one owner that are the same person, told by several sources: who they are. Pure.

Each stays as it is kept; together they are shown as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import phonenumbers

from storage.telephony import Contact, ContactPhone
from storage.terms import words_of

# A mailbox such as info@ is shared by many: beyond so many, only equal names are the same person.
CROWD = 30
OWN_NUMBERS = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
)


@dataclass(frozen=True, slots=True)
class Together:
    """Contacts that are shown as one: `shown` is the first of them, with what the others add."""

    shown: Contact
    members: tuple[Contact, ...]


def reaches(contact: Contact) -> list[str]:
    """Who shares one of these may be the same person: addresses, mobile numbers, and others.

    A number that is not a mobile's may be a switchboard's: it counts together with the name.
    """
    name = " ".join(sorted(_words(contact)))
    found = set(contact.emails)
    for phone in contact.phones:
        if phone.e164 is not None:
            found.add(phone.e164 if _is_own(phone.e164) else f"{name}|{phone.e164}")
    return sorted(found)


def together(contacts: Iterable[Contact]) -> dict[str, Together]:
    """By the id of each of *contacts*, what it is shown as.

    Only what comes from a connection is put together with others: what somebody wrote twice by
    hand is theirs to tidy.
    """
    known = {each.id: each for each in contacts}
    leader = {contact_id: contact_id for contact_id in known}

    def root(contact_id: str) -> str:
        while leader[contact_id] != contact_id:
            leader[contact_id] = leader[leader[contact_id]]
            contact_id = leader[contact_id]
        return contact_id

    for one, other in _pairs(known.values()):
        leader[root(one.id)] = root(other.id)
    groups: dict[str, list[Contact]] = {}
    for contact_id, contact in known.items():
        groups.setdefault(root(contact_id), []).append(contact)
    found: dict[str, Together] = {}
    for group in groups.values():
        synced = any(each.connection_id for each in group)
        for some in [group] if synced else [[each] for each in group]:
            shown = _as_one(some)
            found |= {each.id: shown for each in some}
    return found


def _pairs(contacts: Iterable[Contact]) -> Iterable[tuple[Contact, Contact]]:
    shared: dict[str, list[Contact]] = {}
    for contact in contacts:
        for key in reaches(contact):
            shared.setdefault(key, []).append(contact)
    for some in shared.values():
        if len(some) <= CROWD:
            for place, one in enumerate(some):
                yield from ((one, other) for other in some[place + 1 :] if _fit(one, other))
            continue
        named: dict[frozenset[str], Contact] = {}
        for one in some:
            other = named.setdefault(_words(one), one)
            if other is not one:
                yield one, other


def _fit(one: Contact, other: Contact) -> bool:
    """Whether the names may be one person's: one says all that the other says."""
    first, second = _words(one), _words(other)
    return first <= second or second <= first


def _words(contact: Contact) -> frozenset[str]:
    """The words of the name; none when it is but an address or a number."""
    if "@" in contact.name or not any(letter.isalpha() for letter in contact.name):
        return frozenset()
    return frozenset(words_of(contact.name))


def _as_one(group: Sequence[Contact]) -> Together:
    """What was written by hand comes first, since its owner may change it; then the oldest."""
    members = tuple(sorted(group, key=lambda each: (each.connection_id != "", each.id)))
    first, *others = members
    if not others:
        return Together(first, members)
    phones: dict[str, ContactPhone] = {}
    for phone in (phone for each in members for phone in each.phones):
        phones.setdefault(phone.e164 or phone.number, phone)
    texts: dict[str, Any] = {
        name: next((text for each in members if (text := getattr(each, name))), "")
        for name in ("title", "department", "company", "note")
    }
    shown = replace(
        first,
        **texts,
        phones=tuple(phones.values()),
        emails=tuple(dict.fromkeys(address for each in members for address in each.emails)),
    )
    return Together(shown, members)


@lru_cache(maxsize=50_000)
def _is_own(number: str) -> bool:
    """Whether the number is of a kind that one person has."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in OWN_NUMBERS
    except phonenumbers.NumberParseException:
        return False

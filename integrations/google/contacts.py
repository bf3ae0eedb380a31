"""Google's contacts in our words. Pure.

Fields: https://developers.google.com/people/api/rest/v1/people
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from integrations.contract import People, Person

Item = Mapping[str, Any]
Kind = Literal["work", "mobile", "other"]

FIELDS = "names,phoneNumbers,emailAddresses,organizations,metadata"
KINDS: Mapping[str, Kind] = {
    "mobile": "mobile",
    "workMobile": "mobile",
    "work": "work",
    "main": "work",
}
NOT_SPOKEN_TO = {"homeFax", "workFax", "otherFax", "pager", "workPager"}
BOOK = "https://contacts.google.com/person/"
PREFIX = "people/"


def people_of(items: Iterable[Any], *, full: bool, cursor: str) -> People:
    """A page of contacts. A contact that goes by another name now is gone under its old ones."""
    people: dict[str, Person] = {}
    removed: dict[str, None] = {}
    faulty: list[tuple[str, str]] = []
    for item in items:
        ref = item.get("resourceName") if isinstance(item, Mapping) else None
        if not isinstance(ref, str) or not ref:
            faulty.append(("", "no_name"))
            continue
        try:
            known = item.get("metadata", {})
            removed |= dict.fromkeys(known.get("previousResourceNames", ()))
            if known.get("deleted"):
                removed[ref] = None
            else:
                people[ref] = person_of(item)
        except (LookupError, ValueError, TypeError, AttributeError):
            faulty.append((ref, "fields"))
    gone = tuple(each for each in removed if each not in people)
    return People(
        people=tuple(people.values()),
        removed=gone,
        full=full,
        cursor=cursor,
        faulty=tuple(faulty),
    )


def person_of(item: Item) -> Person:
    """A contact. Raises KeyError, TypeError or AttributeError when it cannot be read."""
    work = _first(item.get("organizations", ()))
    company = work.get("name", "")
    return Person(
        ref=item["resourceName"],
        name=_first(item.get("names", ())).get("displayName", "") or company,
        title=work.get("title", ""),
        department=work.get("department", ""),
        company=company,
        phones=_phones(item.get("phoneNumbers", ())),
        emails=_once(each.get("value", "") for each in item.get("emailAddresses", ())),
        link=BOOK + item["resourceName"].removeprefix(PREFIX),
    )


def _first(items: Iterable[Item]) -> Item:
    """The primary one, or the first."""
    found = list(items)
    primary = (each for each in found if each.get("metadata", {}).get("primary"))
    return next(primary, found[0] if found else {})


def _phones(items: Iterable[Item]) -> tuple[tuple[Kind, str], ...]:
    """Each number once. Google knows how its owner's country reads them: E.164, where it does."""
    phones: dict[str, Kind] = {}
    for each in items:
        number = each.get("canonicalForm") or each.get("value") or ""
        kind = each.get("type", "")
        if number and kind not in NOT_SPOKEN_TO:
            phones.setdefault(number, KINDS.get(kind, "other"))
    return tuple((kind, number) for number, kind in phones.items())


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in values if each))

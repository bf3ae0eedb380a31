"""A contact book, and people.connections.list as the real one answers it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from standins.google import refusals
from standins.google.opaque import Sealer, fingerprint

FIELDS = {"names", "phoneNumbers", "emailAddresses", "organizations", "metadata", "biographies"}
TOKEN_LIFE = timedelta(days=7)
SAME = ("personFields", "sources", "sortOrder", "requestSyncToken")
LARGEST_PAGE = 1000


@dataclass
class Book:
    """One account's contacts; each change has a version. *spared* full syncs may begin."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    version: int = 1
    generation: int = 0
    spared: int | None = None  # None: as many as one likes
    expiry_status: int = 400

    def add(self, name: str, **fields: Any) -> str:
        """A new contact; *fields* as Google has them. Its resource name."""
        resource_name = f"people/c{secrets.randbelow(10**18):018d}"
        person = {"names": [{"displayName": name, "metadata": {"primary": True}}], **fields}
        if not name:
            del person["names"]
        self._put(resource_name, person)
        return resource_name

    def change(self, resource_name: str, **fields: Any) -> None:
        """Other values for fields."""
        self._put(resource_name, {**self.people[resource_name], **fields})

    def delete(self, resource_name: str) -> None:
        """It is told as deleted."""
        self._put(resource_name, {"metadata": {"deleted": True}})

    def rename(self, resource_name: str) -> str:
        """It has another name from now on (two were merged): the new one tells of the old."""
        person = dict(self.people.pop(resource_name))
        del self.versions[resource_name]
        person["metadata"] = {"previousResourceNames": [resource_name]}
        renamed = f"people/c{secrets.randbelow(10**18):018d}"
        self._put(renamed, person)
        return renamed

    def expire_tokens(self) -> None:
        """Sync tokens that were given are no longer good."""
        self.generation += 1

    def _put(self, resource_name: str, person: Mapping[str, Any]) -> None:
        self.version += 1
        self.people[resource_name] = {**person, "resourceName": resource_name}
        self.versions[resource_name] = self.version


def connections(
    book: Book, query: Mapping[str, str], sealer: Sealer, now: datetime
) -> dict[str, Any]:
    """The answer of people.connections.list. Raises Refused."""
    _check(query)
    same = fingerprint(*[query.get(each) for each in SAME])
    page = _opened(query.get("pageToken"), sealer, same, "pageToken")
    sync = _opened(query.get("syncToken"), sealer, same, "syncToken")
    if sync is not None and not _good(sync, book, now):
        raise refusals.people(
            book.expiry_status,
            "FAILED_PRECONDITION",
            "Sync token is expired. Clear local cache and retry call without the sync token.",
            "EXPIRED_SYNC_TOKEN",
        )
    if sync is None and page is None:
        _spare(book)
    since = sync["version"] if sync else 0
    until = page["until"] if page else book.version
    began = sync["began"] if sync else page["began"] if page else now.isoformat()
    found = [
        book.people[key]
        for key, version in sorted(book.versions.items())
        if since < version <= until and (sync or not _deleted(book.people[key]))
    ]
    first = page["first"] if page else 0
    size = int(query.get("pageSize") or 100)
    answer: dict[str, Any] = {"totalItems": len(book.people), "totalPeople": len(book.people)}
    if shown := found[first : first + size]:
        answer["connections"] = [_masked(each, query["personFields"]) for each in shown]
    if first + size < len(found):
        answer["nextPageToken"] = sealer.seal(
            first=first + size, until=until, same=same, began=began
        )
    elif query.get("requestSyncToken") == "true":
        answer["nextSyncToken"] = sealer.seal(
            version=until, same=same, generation=book.generation, began=began
        )
    return answer


def _check(query: Mapping[str, str]) -> None:
    invalid = "INVALID_ARGUMENT"
    if not query.get("personFields"):
        raise refusals.people(400, invalid, "personFields mask is required.")
    if unknown := set(query["personFields"].split(",")) - FIELDS:
        raise refusals.people(400, invalid, f"Invalid personFields mask path: {min(unknown)}")
    size = query.get("pageSize", "0")
    if not size.isdecimal() or int(size) > LARGEST_PAGE:
        raise refusals.people(400, invalid, "Page size must be less than or equal to 1000.")


def _opened(token: str | None, sealer: Sealer, same: str, name: str) -> dict[str, Any] | None:
    if token is None:
        return None
    held = sealer.open(token)
    if held is None:
        raise refusals.people(400, "INVALID_ARGUMENT", f"Invalid {name}.")
    if held["same"] != same:
        message = "Request parameters must match the first call."
        raise refusals.people(400, "INVALID_ARGUMENT", message)
    return held


def _good(sync: Mapping[str, Any], book: Book, now: datetime) -> bool:
    young = now < datetime.fromisoformat(sync["began"]) + TOKEN_LIFE
    return young and sync["generation"] == book.generation


def _spare(book: Book) -> None:
    if book.spared is None:
        return
    if book.spared < 1:
        message = "Quota exceeded for quota metric 'Full sync' and limit 'Full sync per minute'."
        raise refusals.people(429, "RESOURCE_EXHAUSTED", message, "RATE_LIMIT_EXCEEDED")
    book.spared -= 1


def _deleted(person: Mapping[str, Any]) -> bool:
    return bool(person.get("metadata", {}).get("deleted"))


def _masked(person: Mapping[str, Any], mask: str) -> dict[str, Any]:
    wanted = {"resourceName", "etag", *mask.split(",")}
    return {key: value for key, value in person.items() if key in wanted}

"""Consents that are being asked for: a browser is on its way to a provider and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.calendars import Provider
from storage.documents import from_document, to_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A question that a provider was asked in somebody's name.

    `id` is the SHA-256 of the `state` that comes back with the browser. It counts for the session
    that began it alone. `connection_id` is what is connected again; "" when it is new. `sealed`
    holds what the provider's library needs to finish (see server.vault; about the id).
    """

    id: str
    org_id: str
    user_id: str
    session_id: str
    provider: Provider
    company: bool
    connection_id: str = ""
    sealed: str = field(repr=False)
    expires_at: datetime


class ConsentStore:
    """Consents, each taken at most once."""

    def __init__(self, database: Any) -> None:
        self._consents = database["consents"]

    async def prepare(self) -> None:
        """MongoDB itself sweeps what nobody came back from."""
        await self._consents.create_index("expires_at", expireAfterSeconds=0)

    async def add(self, consent: Consent) -> None:
        """Keep a new one."""
        await self._consents.insert_one(to_document(consent))

    async def all(self) -> AsyncIterator[Consent]:
        """Every company's, for the operator's own work."""
        async for each in self._consents.find():
            yield from_document(each, Consent)

    async def replace_seal(self, consent: Consent, sealed: str) -> bool:
        """The same under another seal; tell whether it is still there."""
        wanted = {"_id": consent.id, "sealed": consent.sealed}
        outcome = await self._consents.update_one(wanted, {"$set": {"sealed": sealed}})
        return bool(outcome.matched_count)

    async def take(self, consent_id: str, provider: str, session_id: str) -> Consent | None:
        """The consent that this session began, expired or not: nobody gets it a second time."""
        wanted = {"_id": consent_id, "provider": provider, "session_id": session_id}
        document = await self._consents.find_one_and_delete(wanted)
        return from_document(document, Consent) if document else None

"""What the API is asked, and how it refuses: Graph's own codes and shapes of errors."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Answer = tuple[int, dict[str, str], Any]  # status, headers, JSON or None


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token lets its bearer do: a person's own mailbox, or all of a tenant."""

    tenant: str
    user: str | None  # None: the application itself
    scopes: frozenset[str]
    expires: float  # of time.time()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, by itself or within a batch."""

    method: str
    path: tuple[str, ...]  # after the version: ("me", "events")
    query: Mapping[str, str]
    prefer: tuple[str, ...]
    body: Any
    grant: Grant
    base: str  # https://host:port/v1.0

    def asks(self, name: str) -> str | None:
        """A parameter, whatever the case of its name: the documentation itself uses two."""
        wanted = name.lower()
        return next((value for key, value in self.query.items() if key.lower() == wanted), None)

    def prefers(self, name: str) -> str | None:
        """The value of a preference, without quotes."""
        for each in self.prefer:
            key, _, value = each.partition("=")
            if key.strip().lower() == name.lower():
                return value.strip().strip('"')
        return None

    @property
    def immutable(self) -> bool:
        """Whether ids that outlive a move are wanted."""
        return self.prefers("IdType") == "ImmutableId"


@dataclass(slots=True)
class Refused(Exception):
    """An answer that is an error."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """As Graph writes it."""
        return self.status, self.headers, error_body(self.code, self.message)


def error_body(code: str, message: str) -> dict[str, Any]:
    """The body of every error of Graph's."""
    request_id = secrets.token_hex(16)
    return {
        "error": {
            "code": code,
            "message": message,
            "innerError": {
                "date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
                "request-id": request_id,
                "client-request-id": request_id,
            },
        }
    }


def not_found() -> Refused:
    """There is no such item, or not for you."""
    return Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")

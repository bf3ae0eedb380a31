"""DomainError -> RFC 9457 problem. The only file that knows HTTP statuses and problem types."""

from __future__ import annotations

from typing import Any

from server.domain.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OverQuota,
    PartnerDown,
    TooFast,
)
from server.i18n import has, say

KINDS: dict[type[Exception], tuple[str, int]] = {
    Invalid: ("invalid", 422),
    NotSignedIn: ("not-signed-in", 401),
    NotAllowed: ("not-allowed", 403),
    NotFound: ("not-found", 404),
    Conflict: ("conflict", 409),
    OverQuota: ("over-quota", 413),
    TooFast: ("too-fast", 429),
    PartnerDown: ("partner-down", 503),
}


def problem(error: Exception, locale: str) -> dict[str, Any]:
    """The problem that *error* is, worded in *locale*; anything unknown is `unexpected`, 500."""
    name, status = KINDS.get(type(error), ("unexpected", 500))
    found = {
        "type": f"/problems/{name}",
        "title": say(f"problems.{name}.title", locale),
        "status": status,
        "detail": _detail(error, name, locale),
    }
    if isinstance(error, DomainError) and "field" in error.facts:
        found["field"] = error.facts["field"]
    # A taken address or handle is the fault of one field, too: clients show it there.
    if isinstance(error, Conflict) and "field" in error.facts:
        found["field"] = error.facts["field"]
    if isinstance(error, TooFast):
        found["retry_after"] = error.retry_after
    return found


def _detail(error: Exception, name: str, locale: str) -> str:
    if not isinstance(error, DomainError):
        return say("problems.unexpected.detail", locale)
    facts = dict(error.facts)
    if isinstance(error, NotFound):
        noun = f"nouns.{error.what}"
        facts["what"] = say(noun if has(noun) else "nouns.thing", locale)
    reason = f"problems.{name}.{error.reason}"
    if error.reason and has(reason):
        return say(reason, locale, **facts)
    return say(f"problems.{name}.detail", locale, **facts)

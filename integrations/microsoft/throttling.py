"""What answers mean that are not the answer: come back later, no longer let in, start again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from integrations.contract import (
    AccessLost,
    BadAnswer,
    CursorLost,
    IntegrationError,
    Scope,
    Unreachable,
)

LONGEST = 86_400.0
WORD = re.compile(r"[A-Za-z0-9_.]{1,64}")
# By which Graph says that what we go on from is no longer known ("40X series" in its guide).
LOST_CURSORS = {
    "syncstatenotfound",
    "syncstateinvalid",
    "resyncrequired",
    "resyncchangesapplydifferences",
    "resyncchangesuploaddifferences",
    "errorinvalidsyncstatedata",
    "errorsyncfoldernotfound",
}
# A thing in a mailbox that is gone is another matter: that is ErrorItemNotFound.
NO_MAILBOX = {
    "ErrorInvalidUser",
    "Request_ResourceNotFound",
    "MailboxNotEnabledForRESTAPI",
    "MailboxNotSupportedForRESTAPI",
}


class Unauthorized(AccessLost):  # reads as what happened
    """The token is not taken: another one may be."""


class Denied(AccessLost):  # reads as what happened
    """The token is good, but not for this."""


class Missing(BadAnswer):  # reads as what happened
    """There is no such thing (any more)."""


class NoMailbox(BadAnswer):  # reads as what happened
    """Nobody goes by that name, or who does has no mailbox in the cloud."""


def error_of(status: int, headers: Mapping[str, str], body: Any) -> IntegrationError:
    """What an answer with *status* of 300 or more means. Its text is never kept, only its code."""
    code = code_of(body)
    if code.lower() in LOST_CURSORS or status == 410:
        return CursorLost(code or status)
    if status in (408, 429) or status >= 500:
        after = seconds_of(headers.get("Retry-After") or headers.get("retry-after"))
        return Unreachable(code or status, after, _scope(status, headers, code))
    if status == 404 and code in NO_MAILBOX:
        return NoMailbox(code)
    meanings = {401: Unauthorized, 403: Denied, 404: Missing}
    return meanings.get(status, BadAnswer)(code or status)


def code_of(body: Any) -> str:
    """Graph's word for what went wrong; "" when it has none, or what may be more than a word."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and WORD.fullmatch(code) else ""


def seconds_of(retry_after: str | None) -> float | None:
    """How long to wait; dates are not used by Microsoft, and anything odd is no word at all."""
    try:
        return min(max(float(retry_after or ""), 0.0), LONGEST)
    except ValueError:
        return None


def _scope(status: int, headers: Mapping[str, str], code: str) -> Scope:
    """Who must wait: a mailbox has limits of its own, and so has the application in a tenant."""
    told = {key.lower(): value for key, value in headers.items()}.get("x-ms-throttle-scope", "")
    if status == 429 and (told.startswith(("Tenant", "Application")) or code == "TooManyRequests"):
        return "tenant"
    return "mailbox"

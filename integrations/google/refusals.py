"""What Google's refusals mean here. Their texts are dropped: they may tell whose mailbox it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

import httplib2
from google.auth.exceptions import RefreshError, TransportError
from googleapiclient.errors import HttpError

from integrations.contract import (
    AccessLost,
    BadAnswer,
    CursorLost,
    IntegrationError,
    Scope,
    Unreachable,
)

# https://developers.google.com/workspace/calendar/api/guides/errors
OF_MAILBOX = {"userRateLimitExceeded", "quotaExceeded", "calendarUsageLimits"}
OF_PROJECT = {"rateLimitExceeded", "dailyLimitExceeded", "RATE_LIMIT_EXCEEDED"}
NOT_GRANTED = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
SWITCHED_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}  # the operator must switch the API on
STALE = {"fullSyncRequired", "updatedMinTooLongAgo", "EXPIRED_SYNC_TOKEN"}
REFUSED = {
    "invalid_grant",
    "access_denied",
    "unauthorized_client",
    "admin_policy_enforced",
    "org_internal",
    "invalid_scope",
}
BUSY = 10.0  # seconds, where it does not say how long to wait
DAILY = 3600.0
SWITCH = 600.0


class Expired(AccessLost):
    """The access token is not taken: a new one may be."""


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to know of a refusal."""

    status: int
    reason: str
    message: str
    location: str
    retry_after: float | None


def told(error: Exception) -> Exception:
    """What *error* means; a fault of our own stays what it is."""
    if isinstance(error, IntegrationError):
        return error
    if isinstance(error, RefreshError):
        return _of_token(error)
    if isinstance(error, HttpError):
        return _of_answer(_read(error))
    if isinstance(error, TransportError | httplib2.HttpLib2Error | OSError | HTTPException):
        return Unreachable(type(error).__name__)
    if isinstance(error, ValueError | LookupError):  # of an answer that is no JSON, say
        return BadAnswer(type(error).__name__)
    return error


def _of_answer(answer: Told) -> IntegrationError:
    status, reason = answer.status, answer.reason
    if reason in STALE or (status in (400, 410) and answer.location == "syncToken"):
        return CursorLost(reason)
    if status == 401:
        return Expired(reason)
    if status == 429:
        return _busy(answer)
    if status == 403:
        return _forbidden(answer)
    if status == 408 or status >= 500:
        return Unreachable(status, answer.retry_after)
    return BadAnswer(reason or status)


def _forbidden(answer: Told) -> IntegrationError:
    """403 is many things: too much, not switched on, not granted, or simply not for us."""
    if answer.reason in OF_MAILBOX | OF_PROJECT:
        return _busy(answer)
    if answer.reason in SWITCHED_OFF:
        return Unreachable(answer.reason, SWITCH, "tenant")
    if answer.reason in NOT_GRANTED:
        return AccessLost(answer.reason)
    return BadAnswer(answer.reason or answer.status)


def _busy(answer: Told) -> Unreachable:
    """Whose quota it was: of newer projects only the message tells a user's from the project's."""
    of_user = answer.reason not in OF_PROJECT or "per user" in answer.message
    scope: Scope = "mailbox" if of_user else "tenant"
    usual = DAILY if answer.reason == "dailyLimitExceeded" else BUSY
    return Unreachable(answer.reason, answer.retry_after or usual, scope)


def _read(error: HttpError) -> Told:
    retry_after = error.resp.get("retry-after", "")
    reason = message = location = ""
    try:
        body = json.loads(error.content)["error"]
        message = str(body.get("message", ""))
        items: list[Mapping[str, Any]] = [*body.get("errors", []), *body.get("details", [])]
        for each in items:
            reason = reason or str(each.get("reason", ""))
            location = location or str(each.get("location", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        pass  # an answer of somebody between us and Google
    wait = float(retry_after) if retry_after.isdecimal() else None
    return Told(error.resp.status, reason, message, location, wait)


def _of_token(error: RefreshError) -> IntegrationError:
    """Why there is no token. A client that is wrong is ours to mend, and no owner's."""
    found = error.args[1] if len(error.args) > 1 else None
    if error.retryable:
        return Unreachable("token")
    if not isinstance(found, Mapping):
        # No answer of Google's: the credentials have nothing to renew with.
        return AccessLost("token") if found is None else Unreachable("token")
    code = str(found.get("error", ""))
    if code == "invalid_grant" and "user id" in str(found.get("error_description", "")).lower():
        return BadAnswer("unknown_person")  # of a company's people, this one has no such account
    if code in REFUSED:
        return AccessLost(code)
    return Unreachable(code, SWITCH, "tenant")

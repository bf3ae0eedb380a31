"""What Exchange's refusals mean here. Their texts are dropped: they may tell of whom, and what.

Codes: https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
"""

from __future__ import annotations

from xml.etree.ElementTree import ParseError

from exchangelib import errors
from requests import RequestException
from spnego.exceptions import SpnegoError

from integrations.contract import (
    AccessLost,
    BadAnswer,
    CursorLost,
    IntegrationError,
    Unreachable,
)
from integrations.safe_http import told as told_by_http

REFUSED = (
    errors.UnauthorizedError,
    errors.ErrorAccessDenied,
    errors.ErrorAccountDisabled,
    errors.ErrorPasswordExpired,
    errors.ErrorNonExistentMailbox,
    errors.ErrorMissingEmailAddress,
)
STALE = (errors.ErrorInvalidSyncStateData, errors.ErrorSyncFolderNotFound)
LATER = (
    errors.ErrorTimeoutExpired,
    errors.ErrorExceededConnectionCount,
    errors.ErrorTooManyObjectsOpened,
    errors.ErrorInternalServerError,
    errors.ErrorInternalServerTransientError,
    errors.ErrorMailboxMoveInProgress,
    errors.ErrorMailboxStoreUnavailable,
    errors.ErrorInsufficientResources,
    errors.RateLimitError,
)
NO_EXCHANGE = (errors.SOAPError, errors.MalformedResponseError, ParseError)  # no words of its own
MEANINGS: tuple[tuple[tuple[type[Exception], ...], type[IntegrationError]], ...] = (
    (REFUSED, AccessLost),
    (STALE, CursorLost),
    (LATER, Unreachable),
    ((errors.EWSError,), BadAnswer),  # of a folder that is gone, say
)


def told(error: Exception) -> Exception:
    """What *error* means; a fault of our own stays what it is."""
    if (inner := _of_transport(error)) is not None:
        return inner
    if isinstance(error, PermissionError | SpnegoError):  # no sign-in came about
        return AccessLost("sign_in")
    if isinstance(error, NO_EXCHANGE):
        return BadAnswer("not_exchange")
    name = type(error).__name__
    if isinstance(error, errors.ErrorServerBusy):
        return Unreachable(name, retry_after=error.back_off or None)
    for kinds, meaning in MEANINGS:
        if isinstance(error, kinds):
            return meaning(name)
    return error


def _of_transport(error: BaseException) -> IntegrationError | None:
    """What became of a connection: the library tells it in other words, the first lie behind."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, IntegrationError):
            return seen
        if isinstance(seen, RequestException):
            return told_by_http(seen)
        seen = seen.__cause__ or seen.__context__
    return None

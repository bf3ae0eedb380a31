"""Every way the domain can refuse. `server.problems` turns them into words and statuses."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal. *facts* fill the sentence that the person reads."""

    def __init__(self, reason: str = "", **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class Invalid(DomainError):
    """The input cannot be used. *field* names the culprit, *reason* a key of our sentences."""

    def __init__(self, field: str, reason: str, **facts: object) -> None:
        super().__init__(reason, field=field, **facts)
        self.field = field


class NotSignedIn(DomainError):
    """No session, an ended session, or a blocked user."""


class NotAllowed(DomainError):
    """Signed in, and the thing exists for them, but plan or role says no."""


class NotFound(DomainError):
    """Missing, or not theirs to see: the two look the same. *what* is a noun we can say."""

    def __init__(self, what: str = "thing", reason: str = "") -> None:
        super().__init__(reason, what=what)
        self.what = what


class Conflict(DomainError):
    """The state does not permit it now (taken address, last admin …)."""


class OverQuota(DomainError):
    """It would pass a limit on size or number."""


class TooFast(DomainError):
    """Throttled; *retry_after* is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("", retry_after=max(1, round(retry_after)))
        self.retry_after = round(max(retry_after, 0.05), 2)


class PartnerDown(DomainError):
    """A service that this needs does not answer; nothing was changed."""

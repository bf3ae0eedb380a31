"""Where Google is, and who we are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

CALENDAR_SCOPE = "https://www.googleapis.com/auth/calendar.readonly"
CONTACTS_SCOPE = "https://www.googleapis.com/auth/contacts.readonly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """`client_id` "" : nobody can be asked for consent, service accounts still work.

    `calendar` includes the service's path, `people` is the bare root. `ca_file` holds certificates
    (PEM) to trust beside the usual ones. `patience`: seconds for connecting, and for each part of
    an answer.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    consent: str
    token: str
    revoke: str
    calendar: str
    people: str
    ca_file: Path | None = None
    patience: float = 20.0

    @property
    def project(self) -> str:
        """Whose quota our requests count against: the number that a client id begins with."""
        return self.client_id.partition("-")[0]

"""How this installation is registered at Microsoft, and what it asks for."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

# Microsoft adds openid, profile and offline_access by itself.
SCOPES = ("Calendars.Read", "Contacts.Read", "MailboxSettings.Read", "User.Read")
APPLICATION_SCOPE = "https://graph.microsoft.com/.default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """An application at Microsoft Entra, and where Microsoft is reached."""

    client_id: str
    client_secret: str = field(repr=False)
    authority: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com"
    ca_file: Path | None = None  # certificates to trust beside the usual ones

    @property
    def context(self) -> ssl.SSLContext:
        """Whom to trust."""
        return _context(self.ca_file)


@lru_cache(maxsize=4)
def _context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context

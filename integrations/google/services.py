"""Google's own descriptions of its services, read from the files of its library."""

from __future__ import annotations

from typing import Any

from googleapiclient.discovery import build

from integrations.google.addresses import Addresses
from integrations.google.transport import Http


def calendar(addresses: Addresses) -> Any:
    """Calendar v3. Its requests may be made anywhere; each is executed by a session."""
    return _service("calendar", "v3", addresses.calendar)


def people(addresses: Addresses) -> Any:
    """People v1."""
    return _service("people", "v1", addresses.people)


def _service(name: str, version: str, endpoint: str) -> Any:
    # Never use its new_batch_http_request: it asks www.googleapis.com, whatever the endpoint.
    return build(
        name,
        version,
        http=Http(),
        client_options={"api_endpoint": endpoint},
        static_discovery=True,
        cache_discovery=False,
    )

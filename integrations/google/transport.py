"""Connections for Google's libraries: with timeouts, whom to trust, and nothing told to logs."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path
from typing import Any

import httplib2
from requests import Session
from requests.adapters import HTTPAdapter

SECONDS = 20.0  # for connecting, and for each part of an answer
# At DEBUG they tell addresses of mailboxes, bodies and tokens.
TALKATIVE = (
    "google",
    "google_auth_httplib2",
    "google_auth_oauthlib",
    "googleapiclient",
    "httplib2",
    "oauthlib",
    "requests_oauthlib",
    "urllib3",
)

for _name in TALKATIVE:
    logging.getLogger(_name).setLevel(logging.WARNING)


class Http(httplib2.Http):
    """As the library's, but trusts *ca_file* too and follows no redirect: tokens stay where sent.

    It is not thread safe: one for each round, used by one thread at a time.
    """

    def __init__(self, ca_file: Path | None = None) -> None:
        super().__init__(timeout=SECONDS)
        self.follow_redirects = False
        self._https = _trusting(ca_file) if ca_file else None

    def request(
        self, uri: str, method: str = "GET", *args: Any, **kwargs: Any
    ) -> tuple[httplib2.Response, bytes]:
        """As the library's."""
        if self._https is not None and uri.startswith("https:"):
            kwargs["connection_type"] = self._https
        answer: tuple[httplib2.Response, bytes] = super().request(uri, method, *args, **kwargs)
        return answer


def _trusting(ca_file: Path) -> type[httplib2.HTTPSConnectionWithTimeout]:
    class Trusting(httplib2.HTTPSConnectionWithTimeout):
        """Its context has the usual certificates already; the library takes one file of them."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            context: ssl.SSLContext = self._context  # type: ignore[attr-defined]  # http.client's
            context.load_verify_locations(cafile=str(ca_file))

    return Trusting


def trust(session: Session, ca_file: Path | None) -> None:
    """Let *session* trust *ca_file* too, whatever the environment says of certificates."""
    if ca_file is not None:
        session.mount("https://", _Adapter(ca_file))


class _Adapter(HTTPAdapter):
    def __init__(self, ca_file: Path) -> None:
        self._ca_file = ca_file
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """With a context that trusts the file."""
        context = ssl.create_default_context()
        context.load_verify_locations(cafile=str(self._ca_file))
        super().init_poolmanager(*args, **kwargs, ssl_context=context)

"""Connections for Google's libraries: with timeouts, whom to trust, and nothing told to logs."""

from __future__ import annotations

import logging
import ssl
from functools import cache
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import httplib2
from requests import Session
from requests.adapters import HTTPAdapter

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

    It is not thread safe: one for each round, used by one thread at a time. *patience*: seconds
    for connecting, and for each part of an answer.
    """

    def __init__(self, ca_file: Path | None = None, patience: float | None = None) -> None:
        super().__init__(timeout=patience)
        self.follow_redirects = False
        self._https = _connection(ca_file)

    def request(
        self, uri: str, method: str = "GET", *args: Any, **kwargs: Any
    ) -> tuple[httplib2.Response, bytes]:
        """As the library's."""
        if uri.startswith("https:"):
            kwargs["connection_type"] = self._https
        answer: tuple[httplib2.Response, bytes] = super().request(uri, method, *args, **kwargs)
        return answer


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
        super().init_poolmanager(*args, **kwargs, ssl_context=_context(self._ca_file))


@cache
def _connection(ca_file: Path | None) -> type[httplib2.HTTPSConnectionWithTimeout]:
    """A kind of connection whose certificates are read once: the library does for each of them.

    That takes longer than all else in a round that finds no change.
    """
    context = _context(ca_file)

    class Connection(httplib2.HTTPSConnectionWithTimeout):
        def __init__(
            self,
            host: str,
            port: int | None = None,
            timeout: float | None = None,
            proxy_info: Any = None,
            **_more: Any,
        ) -> None:
            self.disable_ssl_certificate_validation = False
            # The library gives what is known, or how to find out.
            self.proxy_info = proxy_info("https") if callable(proxy_info) else proxy_info
            HTTPSConnection.__init__(self, host, port, timeout=timeout, context=context)

    return Connection


def _context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=httplib2.CA_CERTS)
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context

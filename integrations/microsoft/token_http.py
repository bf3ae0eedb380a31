"""How msal reaches the token endpoint: with our trust and timeouts, and errors of ours.

msal ignores its own `verify` when the environment names certificates, has no timeout, and reads
where everything is anew for every account.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from integrations.contract import Unreachable
from integrations.microsoft.throttling import seconds_of

TIMEOUT = (5.0, 15.0)  # to connect, to read; in seconds
DISCOVERY_LIFE = 3600.0
DISCOVERY = "/.well-known/openid-configuration"

# It writes what a server answered into its log when it is not JSON: that may be a token.
logging.getLogger("msal").setLevel(logging.CRITICAL)


class TokenHttp:
    """Has the two methods that msal wants of an HTTP client. Threads may share it.

    They raise Unreachable when the server is away, busy, or wants to be left alone for a while.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._discovered: dict[str, tuple[float, requests.Response]] = {}

    def post(self, url: str, **options: Any) -> requests.Response:
        """As requests does it."""
        return self._ask("POST", url, **options)

    def get(self, url: str, **options: Any) -> requests.Response:
        """As requests does it; where everything is stays known for an hour."""
        if not url.endswith(DISCOVERY):
            return self._ask("GET", url, **options)
        with self._lock:
            until, known = self._discovered.get(url, (0.0, None))
        if known is not None and until > time.monotonic():
            return known
        found = self._ask("GET", url, **options)
        if found.status_code == 200:
            with self._lock:
                self._discovered[url] = (time.monotonic() + DISCOVERY_LIFE, found)
        return found

    def close(self) -> None:
        """Nothing is kept open."""

    def _ask(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            with requests.Session() as session:
                session.mount("https://", _Trusting(self._context))
                options = {**options, "timeout": TIMEOUT, "allow_redirects": False}
                answer = session.request(method, url, **options)
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from None
        if answer.status_code == 429 or answer.status_code >= 500:
            after = seconds_of(answer.headers.get("Retry-After"))
            raise Unreachable(answer.status_code, after, "tenant")
        return answer


class _Trusting(HTTPAdapter):
    """Trusts whom the context does, beside whom the library trusts."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Pools with that context."""
        super().init_poolmanager(*arguments, **options, ssl_context=self._context)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Likewise through a proxy."""
        return super().proxy_manager_for(*arguments, **options, ssl_context=self._context)

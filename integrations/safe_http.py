"""Fetching from addresses that people typed: never from the inside of the network that we are in.

What is checked is the address that is connected to, at every connection: a name may mean another
address the second time it is asked for (DNS rebinding), and a redirect may lead anywhere. Answers
are limited in size, and a whole exchange in time: whoever sends a byte now and then is cut off.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.timeout import Timeout

from integrations.contract import AccessLost, BadAnswer, IntegrationError, Unreachable

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
WHOLE_SECONDS = 60.0
LARGEST = 20_000_000
REDIRECTS = 5
CHUNK = 65_536
PORTS = {"http": 80, "https": 443}

logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)  # below, it tells addresses


class Forbidden(BadAnswer):  # reads as what happened
    """An address on the inside, or not of the web: it is not fetched."""


class TooLarge(BadAnswer):  # reads as what happened
    """More than we read."""


@dataclass(frozen=True, slots=True)
class Network:
    """What may be reached: the public internet, and *private* networks if an operator says so.

    *allowed* are origins such as http://127.0.0.1:5232, which may be reached wherever they are.
    *ca_file* holds certificates (PEM) to trust beside the usual ones.
    """

    private: bool = False
    allowed: frozenset[str] = field(default_factory=frozenset)
    ca_file: Path | None = None

    def permits(self, scheme: str, host: str, port: int, address: str) -> bool:
        """Whether to connect to *address* for that host."""
        if self.private or f"{scheme}://{host}:{port}" in self.allowed:
            return True
        return is_public(address)


def origin_of(url: str) -> str:
    """`http://127.0.0.1:5232/anna/` -> `http://127.0.0.1:5232`, the port always told."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or PORTS.get(parts.scheme, 0)}"


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet, not to this machine or a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _within(found)
    return found.is_global and not found.is_multicast and (inner is None or is_public(str(inner)))


def checked(url: str) -> str:
    """*url* as it may be fetched. Raises Forbidden unless it is a whole http or https address."""
    text = url.strip()
    if text.lower().startswith(("webcal://", "webcals://")):
        text = "https://" + text.partition("://")[2]
    try:
        parts = urlsplit(text)
        usable = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(letter.isspace() for letter in text):
        raise Forbidden("address")
    return text


class Session(requests.Session):
    """As the library's, within *network*: no proxy, no .netrc, no cookies, size and time limited.

    Answers are read whole before they are handed out.
    """

    def __init__(self, network: Network, largest: int = LARGEST) -> None:
        super().__init__()
        self.trust_env = False  # a proxy would connect for us, unchecked
        self.max_redirects = REDIRECTS
        self._open: list[socket.socket] = []
        adapter = _Adapter(network, self._open, largest)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    @contextmanager
    def within(self, seconds: float = WHOLE_SECONDS) -> Iterator[None]:
        """What is exchanged in the block has ended by then. Errors become integrations' own."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except IntegrationError:
            raise
        except requests.RequestException as error:
            raise told(error) from error
        finally:
            timer.cancel()

    def close(self) -> None:
        """End its connections."""
        super().close()
        while self._open:
            self._open.pop().close()

    def _cut(self) -> None:
        for each in [*self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def refuse(status: int, retry_after: str | None = None) -> None:
    """Raise what an HTTP status means: AccessLost, Unreachable or BadAnswer; nothing below 400."""
    if status < 400:
        return
    if status in (401, 403):
        raise AccessLost(status)
    if status in (408, 425, 429) or status >= 500:
        raise Unreachable(status, retry_after=_seconds(retry_after))
    raise BadAnswer(status)


def _seconds(retry_after: str | None) -> float | None:
    """How long a server asks us to wait: it tells seconds, or a date."""
    text = (retry_after or "").strip()
    with suppress(TypeError, ValueError, OverflowError):
        if text.isdigit():
            asked = float(text)
        else:
            asked = parsedate_to_datetime(text).timestamp() - time.time()
        return min(max(asked, 0.0), 86_400.0)
    return None


def _within(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Any:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in ipaddress.ip_network("64:ff9b::/96"):  # NAT64
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def told(error: BaseException) -> IntegrationError:
    """A library's error as ours, without its text: addresses may hold secrets."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, Forbidden):
            return seen
        reason = getattr(seen, "reason", None)
        inner = next((each for each in seen.args if isinstance(each, Exception)), None)
        follow = reason if isinstance(reason, Exception) else inner
        seen = seen.__cause__ or seen.__context__ or follow
    if isinstance(error, requests.TooManyRedirects):
        return BadAnswer("redirects")
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("certificate")
    if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL):
        return Forbidden("address")
    return Unreachable(type(error).__name__)


class _Adapter(HTTPAdapter):
    """Connects within a network, and reads no more than *largest* bytes of an answer."""

    def __init__(self, network: Network, opened: list[socket.socket], largest: int) -> None:
        self._network, self._opened, self._largest = network, opened, largest
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Pools whose connections look where they go."""
        super().init_poolmanager(*arguments, **options, ssl_context=_trust(self._network.ca_file))
        plain, secure = _connections(self._network, self._opened)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Plain", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("Secure", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    def send(
        self, request: requests.PreparedRequest, *options: Any, **named: Any
    ) -> requests.Response:
        """Send, and read the answer whole. Raises BadAnswer when it is too large."""
        named["stream"] = True
        named["timeout"] = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        answer = super().send(request, *options, **named)
        # What NTLM is bound to is known here alone, and the library has no place for it: a field of
        # our own on its answer, for _Ntlm in integrations/exchange.
        vars(answer)["certificate"] = _certificate(answer)
        until = time.monotonic() + WHOLE_SECONDS
        body = bytearray()
        with answer:
            for chunk in answer.iter_content(CHUNK):
                body += chunk
                if len(body) > self._largest:
                    raise TooLarge("too_large")
                if time.monotonic() > until:
                    raise Unreachable("slow")
        answer._content = bytes(body)  # noqa: SLF001  # as the library does when it reads it whole
        return answer


def _certificate(answer: requests.Response) -> bytes | None:
    """The server's, as long as its answer is not read: sign-ins may be bound to it."""
    connected = getattr(getattr(answer.raw, "connection", None), "sock", None)
    return connected.getpeercert(True) if isinstance(connected, ssl.SSLSocket) else None


def _connections(network: Network, opened: list[socket.socket]) -> tuple[Any, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, network, "http", opened)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, network, "https", opened)

    return Plain, Secure


def _connect(
    connection: Any, network: Network, scheme: str, opened: list[socket.socket]
) -> socket.socket:
    """Resolve, check each address, and connect to one that was checked."""
    host, port = connection.host, connection.port
    failure: Exception = Forbidden("address")
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NewConnectionError(connection, "unknown host") from error
    for family, kind, protocol, _name, address in found:
        if not network.permits(scheme, host, port, str(address[0])):
            continue
        attempt = socket.socket(family, kind, protocol)
        attempt.settimeout(CONNECT_SECONDS)
        try:
            attempt.connect(address)
        except OSError as error:
            attempt.close()
            failure = NewConnectionError(connection, type(error).__name__)
            continue
        attempt.settimeout(READ_SECONDS)
        opened.append(attempt.dup())
        return attempt
    raise failure


@lru_cache(maxsize=8)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    for more in (ca_file, os.environ.get("REQUESTS_CA_BUNDLE")):
        if more and Path(more).is_file():
            context.load_verify_locations(more)
    return context

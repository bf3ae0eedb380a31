"""Speaking EWS to a server whose address somebody typed, by the library's own services.

What the library would do with connections is done here: it connects within our network's rules,
keeps no credentials in its cache of servers, tries nothing twice and is through in time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

from exchangelib import DELEGATE, UTC, Account, Build, Configuration, Version
from exchangelib.account import Identity
from exchangelib.protocol import CachingProtocol, FailFast, Protocol
from exchangelib.transport import DEFAULT_HEADERS, NOAUTH
from requests.auth import AuthBase, HTTPBasicAuth
from requests_ntlm import HttpNtlmAuth
from requests_ntlm.requests_ntlm import _get_certificate_hash

from integrations.contract import BadAnswer, Credentials, Unreachable
from integrations.exchange.refusals import told
from integrations.safe_http import Network, Session, checked, refuse

AGENT = "Vaxel"
PATH = "/EWS/Exchange.asmx"
SECONDS = 50.0  # for asking what changed: shorter than a round's patience
LONG_SECONDS = 240.0  # for reading everything
NOWHERE = "https://exchange.invalid" + PATH

# Whatever goes wrong, they write whole requests and answers, and who asked.
for _name in ("exchangelib", "spnego"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out about a server and an account on it."""

    sign: str  # "basic" or "ntlm"
    version: str
    build: tuple[int, int, int, int]
    mailbox: str = field(default="", repr=False)  # its e-mail address, where that could be found

    @classmethod
    def from_json(cls, found: Any) -> Known | None:
        """As it was kept; None when there is nothing, or of another shape."""
        try:
            first, second, third, fourth = (int(each) for each in found["build"])
            sign, version, mailbox = found["sign"], found["version"], found["mailbox"]
        except (TypeError, KeyError, ValueError):
            return None
        return cls(str(sign), str(version), (first, second, third, fourth), str(mailbox))

    def as_json(self) -> dict[str, Any]:
        """To be kept with the credentials."""
        return {
            "sign": self.sign,
            "version": self.version,
            "build": [*self.build],
            "mailbox": self.mailbox,
        }


@contextmanager
def asking(
    network: Network, credentials: Credentials, known: Known | None, seconds: float
) -> Iterator[Any]:
    """The library's account, to hand to its services, until *seconds* have passed.

    Raises what integrations.contract names; errors in the block become that too.
    """
    endpoint = endpoint_of(str(credentials.get("address") or ""))
    who = (str(credentials.get("username") or ""), str(credentials.get("password") or ""))
    with Session(network) as session:
        session.headers.update(DEFAULT_HEADERS | {"User-Agent": AGENT})
        line = _Line(endpoint, session, who, known, time.monotonic() + seconds)
        try:
            with session.within(seconds):
                yield _account(line)
        except Exception as error:
            meant = told(error)
            if meant is error:
                raise
            raise meant from None  # the library's words hold what was asked and answered


def endpoint_of(address: str) -> str:
    """Where a server answers: its own path when only its name was typed.

    Raises Forbidden for no address of the web, BadAnswer for an e-mail address: which server that
    means would have to be looked up on servers of the domain's own choosing.
    """
    text = address.strip()
    url = checked(text if "://" in text else f"https://{text}")
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise BadAnswer("exchange_address")
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}{PATH}"


def known_of(account: Any, mailbox: str) -> Known:
    """What was found out about the server, for the next time."""
    version = account.protocol.version
    build = version.build
    numbers = (build.major_version, build.minor_version, build.major_build, build.minor_build)
    return Known(account.protocol.sign, version.api_version, numbers, mailbox)


def _account(line: _Line) -> Any:
    """The library's account at the end of *line*; it has no address, so that no wrong one is told.

    The library would keep the line among its own, with the password: one that leads nowhere is
    kept instead.
    """
    nowhere = Configuration(service_endpoint=NOWHERE, auth_type=NOAUTH)
    account = Account(
        "nobody@example.com",
        access_type=DELEGATE,
        config=nowhere,
        locale="en",
        default_timezone=UTC,
    )
    account.identity = Identity()
    account.protocol = line
    return account


class _Unkept(CachingProtocol):
    """Makes protocols that are kept nowhere."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return type.__call__(self, *arguments, **named)


class _Line(Protocol, metaclass=_Unkept):
    """A line to one server for one account, of one session."""

    def __init__(
        self,
        endpoint: str,
        session: Session,
        who: tuple[str, str],
        known: Known | None,
        until: float,
    ) -> None:
        version = Version(Build(*known.build), known.version) if known else None
        super().__init__(
            config=Configuration(
                service_endpoint=endpoint,
                auth_type=NOAUTH,  # as far as the library knows
                version=version,
                retry_policy=_Once(until),
                max_connections=1,
            )
        )
        self._session, self._who = session, who
        self.sign = known.sign if known else ""

    def create_session(self) -> Session:
        """The one there is, signed as its server wants it."""
        session: Any = self._session  # the library hangs two fields of its own on it
        if session.auth is None:
            self.sign = self.sign or self._wanted()
            session.auth = _signature(self.sign, *self._who)
        session.session_id = session.usage_count = 0
        return self._session

    def close_session(self, session: Session) -> None:
        """Its connections go."""
        session.close()

    def _wanted(self) -> str:
        """How the server wants to know who asks: a question without any name tells."""
        answer = self._session.post(self.service_endpoint, data=b"", allow_redirects=False)
        if answer.status_code != 401:
            _refuse(answer)
        offered = answer.headers.get("WWW-Authenticate", "").lower()
        if "ntlm" in offered or "negotiate" in offered:
            return "ntlm"
        if "basic" in offered:
            return "basic"
        raise BadAnswer("sign_in")


def _signature(sign: str, username: str, password: str) -> AuthBase:
    if sign == "ntlm":
        return _Ntlm(username, password)
    return HTTPBasicAuth(username.encode(), password.encode())


class _Ntlm(HttpNtlmAuth):
    """Signs each connection, bound to its server's certificate, as Exchange may insist."""

    def _get_server_cert(self, response: Any) -> bytes | None:
        """A digest of the certificate: the library would look for it where it was read away."""
        certificate = getattr(response, "certificate", None)
        return _get_certificate_hash(certificate) if certificate else None


class _Once(FailFast):
    """Nothing is tried again here: whoever asked knows when."""

    def __init__(self, until: float) -> None:
        self._until = until

    def raise_response_errors(self, response: Any) -> None:
        """Raise what an answer's status means; faults in words come with status 500."""
        if time.monotonic() > self._until:
            raise Unreachable("slow")
        status = response.status_code
        if status != 200 and not (status == 500 and response.content.lstrip()[:1] == b"<"):
            _refuse(response)


def _refuse(answer: Any) -> NoReturn:
    """Raise what an answer's status means: there is no Exchange where there is nothing, say."""
    status = answer.status_code
    if status in (401, 403) or status == 429 or status >= 500:
        refuse(status, answer.headers.get("Retry-After"))
    raise BadAnswer("not_exchange")


def told_of(found: Mapping[str, Any]) -> Known | None:
    """What is known, of credentials."""
    return Known.from_json(found.get("found"))

"""Speaking WebDAV (RFC 4918) to a server whose address somebody typed.

The library `caldav` gives the words; its client is not used, because it writes what servers answer
into logs and follows redirects wherever they lead. A password goes where its owner said, and where
that server sends us on: to the same host, or over https.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, unquote, urljoin, urlsplit

import defusedxml.ElementTree as ET  # noqa: N817  # its usual name
import requests
from caldav.elements import dav
from caldav.elements.base import BaseElement
from defusedxml import DefusedXmlException

from integrations.contract import AccessLost, BadAnswer, CursorLost, Unreachable
from integrations.safe_http import Forbidden, Network, Session, checked, origin_of, refuse

AGENT = "Vaxel"
HOPS = 5
MULTISTATUS = 207
NO_LONGER = (400, 403, 405, 409, 410, 412, 415, 418, 422, 501, 507)
NOT_YOURS = "{DAV:}need-privileges"
STALE = "{DAV:}valid-sync-token"


class Missing(BadAnswer):  # reads as what happened
    """There is nothing at that address, or it does not do what was asked."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a server says of one resource: its path, the status told for it, its properties."""

    path: str
    href: str
    status: int
    props: dict[str, Any]

    def text(self, tag: str) -> str:
        """The text of a property, "" when it has none."""
        found = self.props.get(tag)
        return "" if found is None else (found.text or "").strip()

    def hrefs(self, tag: str) -> list[str]:
        """The addresses within a property."""
        found = self.props.get(tag)
        if found is None:
            return []
        return [each.text.strip() for each in found.iter(dav.Href.tag) if each.text]

    def has(self, tag: str, word: str) -> bool:
        """Whether a property holds that element."""
        found = self.props.get(tag)
        return found is not None and found.find(f".//{word}") is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A multistatus: where it came from in the end, what it tells, and its sync-token."""

    url: str
    items: tuple[Item, ...]
    token: str


class Client:
    """One round of questions to one server. Raises what integrations.contract names, and Missing.

    *scheme* is how it wanted the password last time ("basic" or "digest"); "" asks first.
    """

    def __init__(self, network: Network, username: str, password: str, scheme: str = "") -> None:
        self.session = Session(network)
        self.scheme = ""
        self._who = (username, password)
        if scheme:
            self.sign(scheme)

    def __enter__(self) -> Self:
        """Its connections are closed when the block ends."""
        return self

    def __exit__(self, *_ended: object) -> None:
        """Close them."""
        self.session.close()

    def propfind(self, url: str, properties: Iterable[BaseElement], depth: int = 0) -> Answer:
        """Ask for properties of a resource, or with *depth* 1 of what is in it."""
        return self._ask(
            "PROPFIND", url, holding(dav.Propfind(), holding(dav.Prop(), *properties)), depth
        )

    def report(self, url: str, query: BaseElement, depth: int = 1) -> Answer:
        """Ask a question of a collection."""
        return self._ask("REPORT", url, query, depth)

    def synced(
        self, url: str, token: str, data: BaseElement | None = None
    ) -> tuple[list[Item], str]:
        """What changed in a collection since *token*, and the token of now (RFC 6578).

        Items with status 404 are gone. Raises CursorLost when the server does not know the token,
        or cannot do this at all.
        """
        found: dict[str, Item] = {}
        for _part in range(100):
            try:
                answer = self.report(url, _sync_query(token, data), 0)
            except Missing as error:
                raise CursorLost(*error.args) from error
            here = _path(answer.url)
            cut = any(item.status == 507 and _path(item.path) == here for item in answer.items)
            found.update(
                (item.path, item)
                for item in answer.items
                if item.path.rstrip("/") != here.rstrip("/")
            )
            if not answer.token:
                raise CursorLost("no_token")
            if not cut or answer.token == token:
                return [*found.values()], answer.token
            token = answer.token
        raise CursorLost("too_many")

    def _ask(self, method: str, url: str, body: BaseElement, depth: int) -> Answer:
        answer = self._exchange(method, checked(url), str(body), depth)
        if answer.status_code in NO_LONGER or answer.status_code == 404:
            _refuse_precondition(answer)
        if answer.status_code != MULTISTATUS:
            refuse(answer.status_code, answer.headers.get("Retry-After"))
            raise Missing(answer.status_code)
        return _read(answer)

    def _exchange(self, method: str, url: str, body: str, depth: int) -> requests.Response:
        """Send it, sign when asked to, and follow redirects with the same method."""
        asked = False
        for _hop in range(HOPS):
            answer = self._send(method, url, body, depth)
            if answer.status_code == 401 and not asked and self.sign(_wanted(answer)):
                asked = True
                answer = self._send(method, url, body, depth)
            if not answer.is_redirect:
                return answer
            target = checked(urljoin(url, answer.headers["Location"]))
            moved = urlsplit(target)
            if moved.hostname != urlsplit(url).hostname and moved.scheme != "https":
                raise Forbidden("redirect")
            url = target
        raise BadAnswer("redirects")

    def _send(self, method: str, url: str, body: str, depth: int) -> requests.Response:
        headers = {
            "Depth": str(depth),
            "Content-Type": 'application/xml; charset="utf-8"',
            "User-Agent": AGENT,
        }
        with self.session.within():
            return self.session.request(
                method, url, data=body.encode(), headers=headers, allow_redirects=False
            )

    def sign(self, scheme: str) -> bool:
        """From now on, show the password in that way; False when we cannot, or do already."""
        username, password = (part.encode() for part in self._who)
        if scheme not in ("basic", "digest") or scheme == self.scheme:
            return False
        sign = requests.auth.HTTPDigestAuth if scheme == "digest" else requests.auth.HTTPBasicAuth
        self.session.auth = sign(username, password)
        self.scheme = scheme
        return True


def holding(element: BaseElement, *inner: BaseElement) -> BaseElement:
    """*element* with these in it."""
    for each in inner:
        element.append(each)
    return element


def path_of(url: str, href: str = "") -> str:
    """The path of a resource, always written the same way: servers quote letters as they please."""
    return _path(urljoin(url, href))


def same_server(url: str, href: str) -> str:
    """The whole address of *href* on the server at *url*. Raises Forbidden for another host."""
    found = urljoin(url, quote(href, safe="/:?&=%~!$'()*+,;@[]"))
    if origin_of(found) != origin_of(url) and not found.startswith("https://"):
        raise Forbidden("host")
    return checked(found)


def quoted(href: str) -> str:
    """As it is written in a request; what a server quoted stays as it wrote it."""
    return href if "%" in href else quote(href, safe="/:?&=~!$'()*+,;@")


def short(etag: str) -> str:
    """A word for an etag: large collections have many, and cursors are kept."""
    return hashlib.sha256(etag.encode()).hexdigest()[:12]


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)


def _sync_query(token: str, data: BaseElement | None) -> BaseElement:
    wanted = [dav.GetEtag()] if data is None else [dav.GetEtag(), data]
    return holding(
        dav.SyncCollection(),
        dav.SyncToken(value=token),
        dav.SyncLevel(value="1"),
        holding(dav.Prop(), *wanted),
    )


def _refuse_precondition(answer: requests.Response) -> None:
    """Tell a server's "not like that" from its "you may not"."""
    tree = _tree(answer.content, quiet=True)
    if tree is not None and tree.find(f".//{STALE}") is not None:
        raise CursorLost(answer.status_code)
    told = list(tree) if tree is not None and tree.tag == "{DAV:}error" else []
    if answer.status_code == 403 and (not told or told[0].tag == NOT_YOURS):
        raise AccessLost(403)
    raise Missing(answer.status_code)


def _wanted(answer: requests.Response) -> str:
    """How the server wants the password: digest before basic."""
    header = answer.headers.get("WWW-Authenticate", "").lower()
    return next((word for word in ("digest", "basic") if word in header), "")


def _read(answer: requests.Response) -> Answer:
    tree = _tree(answer.content)
    items = tuple(_items(answer.url, tree))
    return Answer(answer.url, items, (tree.findtext(dav.SyncToken.tag) or "").strip())


def _tree(content: bytes, *, quiet: bool = False) -> Any:
    try:
        return ET.fromstring(content, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        if quiet:
            return None
        raise BadAnswer("not_xml") from error


def _items(url: str, tree: Any) -> Iterator[Item]:
    for response in tree.findall(dav.Response.tag):
        href = (response.findtext(dav.Href.tag) or "").strip()
        props = {}
        for propstat in response.findall(dav.PropStat.tag):
            if _status(propstat) == 200:
                props.update(
                    {prop.tag: prop for each in propstat.findall(dav.Prop.tag) for prop in each}
                )
        yield Item(path_of(url, href), href, _status(response), props)


def _status(element: Any) -> int:
    """HTTP/1.1 404 Not Found -> 404; 200 when none is told."""
    words = (element.findtext(dav.Status.tag) or "").split()
    try:
        return int(words[1]) if len(words) > 1 else 200
    except ValueError as error:
        raise Unreachable("status") from error

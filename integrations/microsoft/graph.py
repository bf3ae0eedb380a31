"""Graph over HTTP: one mailbox at a time, never to another host, never without a limit."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from yarl import URL

from integrations.contract import Access, BadAnswer, Unreachable
from integrations.microsoft.registration import Registration
from integrations.microsoft.throttling import NoMailbox, Unauthorized, error_of
from integrations.microsoft.tokens import Tokens

TIMEOUT = ClientTimeout(total=40, sock_connect=10, sock_read=25)
LARGEST = 20_000_000  # bytes of one answer
CHUNK = 65_536
PAGES = 2_000  # of one walk; a list that never ends is not one
SHORT_WAIT = 5.0  # seconds that a walk under way waits by itself, rather than begin again
WAITS = 3
BATCH = 20
NAMES = 10_000  # of people whose address is not their sign-in name
# Ids that stay when an item moves; times in UTC. Both are asked for anew with every request.
PREFERENCES = ('IdType="ImmutableId"', 'outlook.timezone="UTC"')


class Line:
    """Connections to Graph, open as long as somebody uses them."""

    def __init__(self, registration: Registration) -> None:
        self.base = f"{registration.graph_url.rstrip('/')}/v1.0"
        self._registration = registration
        self.names: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._session: ClientSession | None = None
        self._users = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ClientSession]:
        """The session that all who are in here share; the last one out closes it."""
        if self._session is None:
            connector = TCPConnector(ssl=self._registration.context, limit=100)
            self._session = ClientSession(connector=connector, timeout=TIMEOUT, trust_env=True)
        self._users += 1
        try:
            yield self._session
        finally:
            self._users -= 1
            if self._users == 0:
                session, self._session = self._session, None
                await asyncio.shield(session.close())


class Graph:
    """What may be asked with one access. A token that is refused is renewed once."""

    def __init__(self, line: Line, http: ClientSession, tokens: Tokens, access: Access) -> None:
        self._base = line.base
        self._http = http
        self._tokens = tokens
        self._access = access
        self._line = line
        self._token = ""
        self._renewed = False
        self._whose = (str(access.credentials.get("tenant", "")), access.address.casefold())

    @property
    def root(self) -> str:
        """Where the mailbox is: the signed-in person's own, or one of a company's."""
        if self._access.credentials.get("kind") != "company":
            return "/me"
        return f"/users/{quote(self._line.names.get(self._whose, self._access.address), safe='@')}"

    async def get(self, path: str, page: int = 0, **query: str) -> dict[str, Any]:
        """What is at *path*, which is below the version. Raises IntegrationError."""
        return await self.ask("GET", self.url(path, **query), page=page)

    async def pages(
        self, url: str, page: int = 0, *, wanted: str = "value"
    ) -> AsyncIterator[dict[str, Any]]:
        """That page and those after it. Once under way, a short wait does not end the walk."""
        seen: set[str] = set()
        waits = WAITS
        for number in range(PAGES):
            while True:
                try:
                    found = await self.ask("GET", url, page=page)
                    break
                except Unreachable as error:
                    short = error.retry_after is not None and error.retry_after <= SHORT_WAIT
                    if number == 0 or waits == 0 or not short:
                        raise
                    waits -= 1
                    await asyncio.sleep(error.retry_after or 0)
            if not isinstance(found.get(wanted), list):
                raise BadAnswer("no_list")
            yield found
            following = found.get("@odata.nextLink")
            if following is None:
                return
            url = self.own(following)
            if url in seen:
                raise BadAnswer("endless")
            seen.add(url)
        raise BadAnswer("endless")

    async def batch(self, paths: Sequence[str]) -> list[tuple[int, Mapping[str, str], Any]]:
        """What is at each path of the mailbox's, in their order: status, headers, body of each."""
        found: list[tuple[int, Mapping[str, str], Any]] = []
        for start in range(0, len(paths), BATCH):
            part = paths[start : start + BATCH]
            answers = await self._part(part)
            if any(_lacks_mailbox(each) for each in answers) and await self._find_name():
                answers = await self._part(part)
            found += answers
        return found

    async def _part(self, part: Sequence[str]) -> list[tuple[int, Mapping[str, str], Any]]:
        found: list[tuple[int, Mapping[str, str], Any]] = []
        requests = [
            {
                "id": str(n),
                "method": "GET",
                "url": f"{self.root}{path}",
                "headers": {"Prefer": _prefer()},
            }
            for n, path in enumerate(part)
        ]
        body = await self.ask("POST", self.url("/$batch"), body={"requests": requests})
        answers = {
            str(each.get("id")): each
            for each in body.get("responses", [])
            if isinstance(each, dict)
        }
        for n in range(len(part)):
            each = answers.get(str(n), {})
            status = each.get("status")
            if not isinstance(status, int):
                raise BadAnswer("batch")
            found.append((status, each.get("headers") or {}, each.get("body")))
        return found

    async def ask(
        self, method: str, url: str, *, body: Any = None, page: int = 0
    ) -> dict[str, Any]:
        """The answer's object, empty if it has none. Raises IntegrationError."""
        before = self.root
        try:
            return await self._taken(method, url, body, page)
        except NoMailbox:
            if not await self._find_name():
                raise
            return await self._taken(method, url.replace(before, self.root, 1), body, page)

    async def _taken(self, method: str, url: str, body: Any, page: int) -> dict[str, Any]:
        """With a token that is taken."""
        if not self._token:
            self._token = await self._tokens.get(self._access)
        try:
            return await self._once(method, url, body, page)
        except Unauthorized:
            if self._renewed:
                raise
            self._renewed = True
            self._token = await self._tokens.get(self._access, anew=True)
            return await self._once(method, url, body, page)

    def url(self, path: str, **query: str) -> str:
        """The whole address of *path*, whose parts are quoted already."""
        told = urlencode(query, safe="$,:", quote_via=quote)
        return f"{self._base}{path}?{told}" if told else f"{self._base}{path}"

    def own(self, link: Any) -> str:
        """A link that we were told to follow. Raises BadAnswer if our token would leave Graph."""
        base = urlsplit(self._base)
        try:
            told = urlsplit(link)
            same = (told.scheme, told.netloc) == (base.scheme, base.netloc)
        except (ValueError, TypeError, AttributeError):
            raise BadAnswer("foreign_link") from None
        if not same or not told.path.startswith(f"{base.path}/") or "/../" in told.path:
            raise BadAnswer("foreign_link")
        return str(link)

    async def _find_name(self) -> bool:
        """Find what Graph calls the owner of an address: it knows people by sign-in names alone.

        Whether there is one that is news.
        """
        tenant, address = self._whose
        if self.root == "/me" or self._whose in self._line.names or "'" in address:
            return False
        wanted = {"$filter": f"mail eq '{address}'", "$select": "id", "$top": "2"}
        found = (await self._taken("GET", self.url("/users", **wanted), None, 0)).get("value")
        if not isinstance(found, list) or len(found) != 1 or not found[0].get("id"):
            return False
        names = self._line.names
        names[tenant, address] = str(found[0]["id"])
        while len(names) > NAMES:
            names.popitem(last=False)
        return True

    async def _once(self, method: str, url: str, body: Any, page: int) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "Prefer": _prefer(page),
        }
        try:
            async with self._http.request(
                method, URL(url, encoded=True), json=body, headers=headers, allow_redirects=False
            ) as answer:
                data = await _read(answer.content)
        except (ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        found: Any = None
        with contextlib.suppress(ValueError):
            found = json.loads(data) if data else {}
        if answer.status >= 300:
            raise error_of(answer.status, answer.headers, found)
        if not isinstance(found, dict):
            raise BadAnswer("not_json")
        return found


def _lacks_mailbox(answer: tuple[int, Mapping[str, str], Any]) -> bool:
    status, headers, body = answer
    return status == 404 and isinstance(error_of(status, headers, body), NoMailbox)


async def _read(content: Any) -> bytes:
    body = bytearray()
    while chunk := await content.read(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise BadAnswer("too_large")
    return bytes(body)


def _prefer(page: int = 0) -> str:
    return ", ".join([*PREFERENCES, *([f"odata.maxpagesize={page}"] if page else [])])

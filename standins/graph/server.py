"""The stand-in as a whole: one HTTPS server for signing in and for Graph."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

from standins import tls
from standins.graph.api import Api
from standins.graph.asked import Asked, Refused
from standins.graph.control import Control
from standins.graph.directory import Account, Directory, Tenant
from standins.graph.faults import Faults
from standins.graph.login import Login
from standins.graph.mailbox import CalendarKept, Change, Folder, MailboxKept
from standins.graph.subscriptions import Subscriptions
from standins.pki import Authority


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Graph:
    """A running stand-in: where it is, what it keeps, and what is to go wrong."""

    url: str
    authority: Authority
    directory: Directory
    api: Api
    login: Login
    subscriptions: Subscriptions
    http: ClientSession
    clock: Callable[[], datetime]

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.api.faults

    def add_tenant(self, name: str = "example.com") -> Tenant:
        """An organisation."""
        made = Tenant(name)
        self.directory.tenants[made.id] = made
        return made

    def add_account(
        self,
        address: str,
        name: str = "",
        *,
        tenant: Tenant | None = None,
        admin: bool = False,
        mailbox: bool = True,
        sign_in: str = "",
    ) -> Account:
        """A person, of the first tenant if no other is named."""
        tenants = list(self.directory.tenants.values())
        home = tenant or (tenants[0] if tenants else self.add_tenant())
        made = Account(
            address, name or address.partition("@")[0].title(), home, None, admin, sign_in=sign_in
        )
        if mailbox:
            made.mailbox = MailboxKept(address, made.name, made.id, self.now, self._happened)
        self.directory.add(made)
        return made

    def mailbox(self, address: str) -> MailboxKept:
        """A person's mailbox."""
        found = self.directory.accounts[address.lower()].mailbox
        if found is None:
            raise KeyError(address)
        return found

    def now(self) -> datetime:
        """What time it is here: tests move `clock`."""
        return self.clock()

    def settings(self, **others: Any) -> dict[str, Any]:
        """Settings of an installation that takes this for Microsoft."""
        application = self.directory.application
        return {
            "microsoft_client_id": application.client_id,
            "microsoft_client_secret": application.client_secret,
            "microsoft_authority": self.url,
            "microsoft_graph_url": self.url,
            "ca_file": self.authority.ca_file,
            **others,
        }

    async def click(self, url: str, address: str, button: str = "accept") -> dict[str, str]:
        """Do what a person's browser does on the page at *url*: what it then brings back."""
        page = URL(url, encoded=True)
        async with self.http.get(page) as shown:
            if shown.status != 200:
                raise ValueError(f"The page says {shown.status}")
        form = {"account": address, "consent": button}
        async with self.http.post(page, data=form, allow_redirects=False) as answer:
            return dict(URL(answer.headers["Location"]).query)

    def _happened(
        self, mailbox: MailboxKept, home: CalendarKept | Folder, item_id: str, change: Change
    ) -> None:
        self.subscriptions.happened(mailbox, home, item_id, change)


@asynccontextmanager
async def open_graph(
    authority: Authority, clock: Callable[[], datetime] = _now, port: int = 0
) -> AsyncIterator[Graph]:
    """Serve a stand-in without people while the block runs."""
    directory = Directory()
    connector = TCPConnector(ssl=authority.client_context())
    async with ClientSession(connector=connector) as http:
        subscriptions = Subscriptions(http, clock)
        api, login = Api(directory, subscriptions), Login(directory)
        graph = Graph("", authority, directory, api, login, subscriptions, http, clock)
        subscriptions.now = graph.now
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.add_routes(Control(graph).routes())
        app.add_routes(login.routes())

        async def answer(request: web.Request) -> web.Response:
            return await _answer(graph, request)

        app.router.add_route("*", "/v1.0/{path:.*}", answer)
        async with tls.serve(app, authority, port) as url:
            graph.url = url
            try:
                yield graph
            finally:
                await subscriptions.close()


async def _answer(graph: Graph, request: web.Request) -> web.Response:
    try:
        grant = graph.directory.grant_of(request.headers.get("Authorization", ""))
    except Refused as refused:
        return _response(*refused.answer())
    body = await request.json() if request.can_read_body else None
    asked = Asked(
        method=request.method,
        path=tuple(each for each in request.match_info["path"].split("/") if each),
        query=request.query,
        prefer=tuple(
            each.strip()
            for line in request.headers.getall("Prefer", [])
            for each in line.split(",")
        ),
        body=body,
        grant=grant,
        base=f"https://{request.host}/v1.0",
    )
    return _response(*await graph.api.answer(asked))


def _response(status: int, headers: Mapping[str, str], body: Any) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.json_response(body, status=status, headers=headers)

"""A server whose providers do what a test says, and a browser that asks them for consent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from integrations.contract import Access, AccessLost, Calendar, Granted, Onward, Owner, Watch
from server.app import App
from server.boot import Clock, now
from server.http import base
from server.serve import open_server
from server.settings import Settings
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.engine import Handed, Scripted

CALENDARS = [
    Calendar(id="main", name="Kalender", primary=True, colour="#3367d6"),
    Calendar(id="team", name="Laget", own=False),
    Calendar(id="boss", name="Chefens", own=False, busy_only=True),
]


@dataclass
class Elsewhere(Scripted):
    """A provider of calendars; it can be told to refuse, and tells what it was asked."""

    has_people: bool = True
    there: list[Calendar] = field(default_factory=lambda: list(CALENDARS))
    mailboxes: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    revoked: list[Mapping[str, Any]] = field(default_factory=list)
    unwatched: list[str] = field(default_factory=list)

    async def calendars(self, access: Access) -> list[Calendar]:
        self._called("calendars", access)
        if self.refusals:
            raise self.refusals.pop(0)
        return self.there

    async def owners(self, access: Access) -> list[Owner]:
        self._called("owners", access)
        if self.refusals:
            raise self.refusals.pop(0)
        return [Owner(address=each) for each in self.mailboxes]

    async def unwatch(self, access: Access, watch: Watch) -> None:
        self.unwatched.append(watch.id)

    async def revoke(self, access: Access) -> None:
        self.revoked.append(dict(access.credentials))
        if self.refusals:
            raise self.refusals.pop(0)


@dataclass
class Asker:
    """A provider of consent: what comes of a question is told beforehand."""

    answers: list[Granted | Onward | Exception] = field(default_factory=list)
    finished: list[tuple[Mapping[str, Any], Mapping[str, str]]] = field(default_factory=list)
    asked: int = 0

    async def begin(self, redirect_uri: str, *, company: bool) -> tuple[str, dict[str, Any]]:
        self.asked += 1
        flow = {"state": f"state-{self.asked}", "verifier": "secret", "company": company}
        return f"https://login.example.com/?state={flow['state']}&to={redirect_uri}", flow

    async def finish(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> Granted | Onward:
        self.finished.append((flow, answer))
        if answer.get("error"):
            raise AccessLost(answer["error"])
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Place:
    """The server, its people, and what lies elsewhere."""

    url: str
    app: App
    cast: dict[str, Any]
    callers: dict[str, Caller]
    tokens: dict[str, str]
    elsewhere: Elsewhere
    asker: Asker
    handed: Handed
    http: Any

    async def begin(self, who: str, provider: str = "google", **wish: Any) -> str:
        """The `state` of a question that was asked in *who*'s browser."""
        answer = await self.callers[who].post(f"/api/connections/{provider}/begin", wish)
        assert answer.status == 200, answer
        return parse_qs(urlsplit(answer.data["url"]).query)["state"][0]

    async def back(
        self, token: str, state: str, provider: str = "google", **more: str
    ) -> tuple[str, str]:
        """Where the browser of that session is sent when it comes back: (what, which)."""
        location = await self.sent_to(token, {"state": state, "code": "x"} | more, provider)
        [(what, [which])] = parse_qs(urlsplit(location).query).items()
        assert urlsplit(location).path == "/"
        return what, which

    async def sent_to(self, token: str, query: Mapping[str, str], provider: str = "google") -> str:
        async with self.http.get(
            f"{self.url}/oauth/{provider}/callback",
            params=query,
            headers={"Cookie": f"vaxel_session={token}"},
            allow_redirects=False,
        ) as answer:
            assert answer.status == 303
            return str(answer.headers["Location"])


@asynccontextmanager
async def open_place(settings: Settings, clock: Clock = now) -> AsyncIterator[Place]:
    """A listening server with a provider of each kind that does what the test says."""
    elsewhere, asker, handed = Elsewhere(), Asker(), Handed()
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(open_server(settings, 0, clock))
        kinds = ("microsoft", "google", "caldav", "ics")
        app = replace(
            serving.app,
            calendars=dict.fromkeys(kinds, elsewhere),
            consents=dict.fromkeys(("microsoft", "google"), asker),
            jobs=handed,
        )
        serving.web[base.APP] = app
        runner = web.AppRunner(serving.web, access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        stack.push_async_callback(serving.doorkeeper.end_all)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        http = await stack.enter_async_context(calling(url))
        cast = await make_company(app)
        tokens = {name: await make_token(app, user) for name, user in cast.items()}
        callers = {name: Caller(http, url, token) for name, token in tokens.items()}
        yield Place(url, app, cast, callers, tokens, elsewhere, asker, handed, http)

"""A real Radicale, and the vendors' own client to change calendars with, as their owners do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import caldav
import requests
from aiohttp import ClientSession, web
from yarl import URL

from integrations.contract import Access
from server.embedded import Daemon, radicale

_numbers = count(1)


@dataclass
class Radicale:
    """A server that runs; `person` makes accounts on it."""

    daemon: Daemon
    data_dir: Path

    @property
    def url(self) -> str:
        return self.daemon.url

    def person(self, name: str = "") -> Account:
        """Somebody with a calendar and an address book of their own."""
        user = name or f"person{next(_numbers)}@example.com"
        return Account(self.url, user, radicale.add_users(self.data_dir, [user]))


@dataclass
class Account:
    """Somebody's account: what they would type, and what they do with their own client."""

    url: str
    user: str
    password: str
    kept: dict[str, Any] = field(default_factory=dict)

    def at(self, url: str, **other: Any) -> Access:
        """As if they had typed this address."""
        return Access({**self.credentials, "address": url, **other})

    @property
    def credentials(self) -> dict[str, Any]:
        return {"address": self.url, "username": self.user, "password": self.password}

    @property
    def access(self) -> Access:
        async def keep(credentials: Any) -> None:
            self.kept = dict(credentials)

        return Access(self.kept or self.credentials, keep=keep)

    async def put(self, name: str, text: str, collection: str = radicale.CALENDAR) -> None:
        """Save an object: a calendar file with an event, or a vCard."""
        kind = "text/vcard" if collection == radicale.BOOK else "text/calendar"
        answer = await asyncio.to_thread(self._send, "PUT", f"{collection}/{name}", text, kind)
        assert answer.status_code in (201, 204), (answer.status_code, answer.text)

    async def delete(self, name: str, collection: str = radicale.CALENDAR) -> None:
        answer = await asyncio.to_thread(self._send, "DELETE", f"{collection}/{name}", "", "")
        assert answer.status_code in (200, 204), answer.status_code

    async def calendar(self, name: str) -> str:
        """Make another calendar; its address."""
        return str(await asyncio.to_thread(self._calendar, name))

    def client(self) -> caldav.DAVClient:
        return caldav.DAVClient(url=self.url, username=self.user, password=self.password)

    def _calendar(self, name: str) -> Any:
        with self.client() as client:
            return client.principal().make_calendar(name=name, cal_id=name).url

    def _send(self, method: str, path: str, text: str, kind: str) -> requests.Response:
        return requests.request(
            method,
            f"{self.url}{self.user}/{path}",
            data=text.encode(),
            headers={"Content-Type": kind},
            auth=(self.user, self.password),
            timeout=20,
        )


@asynccontextmanager
async def radicale_at(data_dir: Path) -> AsyncIterator[Radicale]:
    """A Radicale with its data in that folder, for the length of the block."""
    daemon = radicale.begin(data_dir)
    try:
        await asyncio.to_thread(daemon.wait_ready)
        yield Radicale(daemon, data_dir)
    finally:
        daemon.stop()


Hear = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass
class Between:
    """Between us and a Radicale: does what other servers do, and what goes wrong on the way.

    `hear` may answer in the server's stead; `edit` changes what it answers. `heard` are the
    requests: method, path, and whether a password was shown.
    """

    behind: str
    url: str = ""
    hear: Hear | None = None
    edit: Callable[[str], str] | None = None
    heard: list[tuple[str, str, bool]] = field(default_factory=list)

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        self.heard.append((request.method, request.path, "Authorization" in request.headers))
        answer = await self.hear(request) if self.hear else None
        if answer is not None:
            return answer
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in ("Authorization", "Depth", "Content-Type")
        }
        url = self.behind.rstrip("/") + request.raw_path
        async with (
            ClientSession() as http,
            http.request(
                request.method,
                URL(url, encoded=True),
                data=await request.read(),
                headers=headers,
                allow_redirects=False,
            ) as found,
        ):
            text = await found.text()
            kept = {
                name: found.headers[name]
                for name in ("WWW-Authenticate", "ETag")
                if name in found.headers
            }
            return web.Response(
                status=found.status,
                text=self.edit(text) if self.edit else text,
                content_type=found.content_type,
                headers=kept,
            )


@asynccontextmanager
async def between(behind: str) -> AsyncIterator[Between]:
    """A server on a free port that passes on to *behind*."""
    one = Between(behind)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield one
    finally:
        await runner.cleanup()

"""A company for one test, and its people in front of their browsers."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

import aiohttp
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from server.app import App
from server.domain import secrecy
from storage.models import Org, User
from tests.callers import Caller
from tests.cast import PEOPLE, make_token, make_user

PASSWORD = "tre gröna bananer"
COOKIE = "vaxel_session"
# What Chromium itself writes when an address does not answer; never a word of ours.
NETWORK_NOISE = ("net::ERR_", "WebSocket connection to")
HASHED: list[str] = []


class Listening(Protocol):
    """A server: a process of its own, or one in this process with a clock that the test moves."""

    @property
    def url(self) -> str: ...


@dataclass
class Office:
    """A company of its own on the server, with the fixed cast."""

    app: App
    served: Listening
    browser: Browser
    http: aiohttp.ClientSession
    closing: AsyncExitStack
    domain: str = ""
    people: dict[str, User] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    """What the browsers' consoles said that they should not have."""
    server_may_be_away: bool = False
    """Set by tests that cut the connection: failed requests are then expected."""
    refusals_expected: bool = False
    """Set by tests in which the server says no over HTTP: Chromium logs each."""

    async def open(self) -> Office:
        """Create the company and its people."""
        self.domain = f"{secrets.token_hex(4)}.example.com"
        org = Org(id=self.app.new_id(), name="Exempelbolaget", created_at=self.app.now())
        await self.app.stores.orgs.add(org)
        if not HASHED:
            HASHED.append(await secrecy.hash_password(PASSWORD))
        for handle, (domain, name, plan, role) in PEOPLE.items():
            if domain == "example.com":
                self.people[handle] = await make_user(
                    self.app,
                    handle,
                    org_id=org.id,
                    email=self.email(handle),
                    name=name,
                    plan=plan,
                    role=role,
                    password_hash=HASHED[0],
                )
        return self

    def email(self, handle: str) -> str:
        return f"{handle}@{self.domain}"

    async def context(self, **options: Any) -> BrowserContext:
        """A browser of somebody who is not signed in; its console is listened to."""
        chosen = {
            "locale": "sv-SE",
            "timezone_id": "Europe/Stockholm",
            "viewport": {"width": 1280, "height": 800},
            "reduced_motion": "reduce",
            "service_workers": "block",
            "base_url": self.served.url,
            **options,
        }
        context = await self.browser.new_context(**chosen)
        context.set_default_timeout(20_000)
        self.closing.push_async_callback(context.close)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"thrown: {error.error}"))
        return context

    async def sign_in(
        self, handle: str, path: str = "/", context: BrowserContext | None = None, **options: Any
    ) -> Page:
        """A page of *handle*'s in a browser of their own, signed in by cookie."""
        context = context or await self.context(**options)
        token = await make_token(self.app, self.people[handle])
        await context.add_cookies([{"name": COOKIE, "value": token, "url": self.served.url}])
        page = await context.new_page()
        await page.goto(path)
        return page

    async def caller(self, handle: str) -> Caller:
        """*handle* as a program."""
        token = await make_token(self.app, self.people[handle])
        return Caller(self.http, self.served.url, token)

    async def group(self, name: str, *handles: str) -> str:
        """A group that the first of *handles* makes; its id."""
        creator = await self.caller(handles[0])
        members = [self.people[handle].id for handle in handles[1:]]
        made = await creator.post("/api/rooms", {"name": name, "member_ids": members})
        assert made.status == 201, made
        return str(made.data["id"])

    async def direct(self, handle: str, other: str) -> str:
        """The 1-1 chat of two; its id."""
        caller = await self.caller(handle)
        made = await caller.post("/api/rooms/direct", {"user_id": self.people[other].id})
        assert made.status in (200, 201), made
        return str(made.data["id"])

    async def say(self, handle: str, room_id: str, *bodies: str) -> None:
        """Say *bodies* in order."""
        caller = await self.caller(handle)
        for body in bodies:
            data = {"body": body, "client_id": str(uuid4())}
            sent = await caller.post(f"/api/rooms/{room_id}/messages", data)
            assert sent.status == 201, sent

    async def said(self, room_id: str, handle: str = "astrid") -> list[str]:
        """What the log of the room holds, oldest first."""
        caller = await self.caller(handle)
        found = await caller.get(f"/api/rooms/{room_id}/messages?limit=200")
        assert found.status == 200, found
        entries = found.data["entries"]
        return [entry["body"] for entry in entries if entry["kind"] == "message"]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        text, address = message.text, message.location.get("url", "")
        first_question = address.endswith("/api/me") and "401" in text
        away = self.server_may_be_away and any(noise in text for noise in NETWORK_NOISE)
        refused = self.refusals_expected and "Failed to load resource" in text
        ours = text.startswith("Service Worker registration blocked by Playwright")
        # A dialog that was closed again before Mantine's timer came to put the focus in it.
        closed = "use-focus-trap] Failed to find focusable element" in text
        if not (first_question or away or refused or ours or closed):
            self.complaints.append(f"{message.type}: {text} ({address})")

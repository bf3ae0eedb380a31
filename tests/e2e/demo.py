"""The demo as anybody starts it, and its people in front of their browsers."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page

from server.domain.accounts.shape import DEMO_PASSWORD
from server.embedded import radicale
from tests.e2e.office import COOKIE
from tests.installation import Installation


@dataclass
class Demo:
    """A whole installation that runs, and browsers that must not complain."""

    installation: Installation
    browser: Browser
    closing: AsyncExitStack
    complaints: list[str] = field(default_factory=list)
    refusals_expected: bool = False
    """Set by tests in which the server says no over HTTP: Chromium logs each."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.installation.environ['VAXEL_PORT']}"

    @property
    def calendars(self) -> str:
        """Where the people's calendars are."""
        port = (self.installation.data_dir / radicale.NAME / "port").read_text()
        return radicale.url_of(int(port))

    def password(self, email: str) -> str:
        return radicale.users(self.installation.data_dir)[email]

    async def sign_in(self, handle: str, path: str = "/", **options: Any) -> Page:
        """A page of one of the demo's people, in a browser of their own."""
        chosen = {
            "locale": "sv-SE",
            "timezone_id": "Europe/Stockholm",
            "viewport": {"width": 1280, "height": 800},
            "reduced_motion": "reduce",
            "service_workers": "block",
            "base_url": self.url,
            **options,
        }
        context = await self.browser.new_context(**chosen)
        context.set_default_timeout(20_000)
        self.closing.push_async_callback(context.close)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"thrown: {error.error}"))
        answer = await context.request.post(
            "/api/session",
            data={"email": f"{handle}@example.com", "password": DEMO_PASSWORD},
            headers={"Origin": self.url},
        )
        assert answer.status == 200, await answer.text()
        assert any(each.get("name") == COOKIE for each in await context.cookies())
        page = await context.new_page()
        await page.goto(path)
        return page

    def _on_console(self, message: ConsoleMessage) -> None:
        noise = ["Service Worker registration blocked", "Failed to find focusable element"]
        if self.refusals_expected:
            noise.append("Failed to load resource")
        elsewhere = not message.location.get("url", "").startswith(self.url)
        quiet = elsewhere and "Failed to load resource" in message.text  # others' icons
        if message.type not in ("error", "warning") or quiet:
            return
        if not any(each in message.text for each in noise):
            self.complaints.append(f"{message.type}: {message.text}")

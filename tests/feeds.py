"""Calendars at an address: a small web server whose answers a test writes."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Feed:
    """What is at `url`; `asked` are the headers of each request."""

    url: str = ""
    text: str = ""
    etag: str = ""
    modified: str = ""
    answer: Answer | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        if self.answer is not None:
            return await self.answer(request)
        headers = {
            name: value
            for name, value in (("ETag", self.etag), ("Last-Modified", self.modified))
            if value
        }
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304, headers=headers)
        if self.modified and request.headers.get("If-Modified-Since") == self.modified:
            return web.Response(status=304, headers=headers)
        return web.Response(text=self.text, content_type="text/calendar", headers=headers)


@asynccontextmanager
async def feed() -> AsyncIterator[Feed]:
    """A feed on a free port of this machine."""
    one = Feed()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    one.url = f"http://127.0.0.1:{port}/calendar.ics"
    try:
        yield one
    finally:
        await runner.cleanup()


def calendar(*events: str, head: str = "") -> str:
    """A calendar file with these events: the lines within VEVENT, without a stamp."""
    inner = "\n".join(
        f"BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n{textwrap.dedent(each).strip()}\nEND:VEVENT"
        for each in events
    )
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//SV\n{head}{inner}\nEND:VCALENDAR\n"
    return lines.replace("\n", "\r\n")


def event(uid: str, start: str, end: str, *more: str, zone: str = "Europe/Stockholm") -> str:
    """The lines of an event with local times such as 20261123T090000."""
    where = f";TZID={zone}" if zone else ""
    return "\n".join(
        [f"UID:{uid}", f"DTSTART{where}:{start}", f"DTEND{where}:{end}", f"SUMMARY:{uid}", *more]
    )

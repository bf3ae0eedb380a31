"""A person calling the HTTP side, for tests: `await astrid.get("/api/me")`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, DummyCookieJar


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    data: Any
    headers: Any


class Caller:
    """Speaks with a bearer token, or with none."""

    def __init__(self, http: ClientSession, url: str, token: str = "") -> None:
        self._http, self._url = http, url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def call(self, method: str, path: str, **more: Any) -> Answer:
        headers = self._headers | more.pop("headers", {})
        async with self._http.request(method, self._url + path, headers=headers, **more) as found:
            kind = found.headers.get("Content-Type", "")
            data = await found.json(content_type=None) if "json" in kind else await found.read()
            return Answer(found.status, data, found.headers)

    async def get(self, path: str, **more: Any) -> Answer:
        return await self.call("GET", path, **more)

    async def post(self, path: str, data: Any = None, **more: Any) -> Answer:
        return await self.call("POST", path, json=data, **more)

    async def patch(self, path: str, data: Any = None) -> Answer:
        return await self.call("PATCH", path, json=data)

    async def delete(self, path: str) -> Answer:
        return await self.call("DELETE", path)


@asynccontextmanager
async def calling(url: str) -> AsyncIterator[ClientSession]:
    """Without a cookie jar: each call carries what the test says and nothing more."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        yield http

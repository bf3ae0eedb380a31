"""Asking Google: its library is synchronous, so every request runs in a thread of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from google.auth.credentials import Credentials as Key
from google_auth_httplib2 import AuthorizedHttp, Request

from integrations.contract import Access
from integrations.google.addresses import Addresses
from integrations.google.keys import credentials_of, key_of
from integrations.google.refusals import Expired, told
from integrations.google.tokens import Tokens
from integrations.google.transport import Http

THREADS = 16  # of their own: a Google that is slow keeps nothing else waiting

Answer = TypeVar("Answer")


class Session:
    """One round with one account: its connections are used again, its tokens renewed and kept."""

    def __init__(self, door: Door, access: Access, scope: str, key: Key, http: Http) -> None:
        self._pool = door.pool
        self._tokens = door.tokens
        self._access = access
        self._scope = scope
        self._key = key
        self._plain = http
        self._tokens.lend(access, scope, key)
        # The library would renew tokens by itself, and nobody would keep them.
        self._running: Future[Any] | None = None
        self._http = AuthorizedHttp(key, http=http, refresh_status_codes=(), max_refresh_attempts=0)

    async def ask(self, request: Callable[[], Any]) -> Any:
        """The answer to the library's *request*.

        Nothing is tried again here: a thread that waits is a thread less, and the whole project may
        be asked to wait. Raises what integrations raise.
        """
        if not self._key.valid:
            await self._renew()
        try:
            return await self._run(lambda: request().execute(http=self._http, num_retries=0))
        except Expired:
            self._tokens.drop(self._access, self._scope)
            await self._renew()
            return await self._run(lambda: request().execute(http=self._http, num_retries=0))

    async def post(self, url: str, body: str) -> int:
        """Post a form without any token; the status of the answer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer, _ = await self._run(
            lambda: self._plain.request(url, "POST", body=body, headers=headers)
        )
        return int(answer.status)

    async def _renew(self) -> None:
        key: Any = self._key  # google-auth types the method on some classes only
        await self._run(lambda: key.refresh(Request(self._plain)))
        self._tokens.keep(self._access, self._scope, self._key)
        kept = credentials_of(self._key, self._access.credentials)
        if kept is not None:
            await self._access.keep(kept)

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        def guarded() -> Answer:
            try:
                return work()
            except Exception as error:  # noqa: BLE001  # the libraries' are many: told() knows them
                raise told(error) from None

        running = self._pool.submit(guarded)
        self._running = running
        return await asyncio.wrap_future(running)

    def close(self) -> None:
        """Close the connections; if a thread still uses one, because we were stopped, after it."""
        if self._running is None or self._running.done():
            self._plain.close()
        else:
            self._running.add_done_callback(lambda _done: self._plain.close())


class Door:
    """Opens sessions. Its threads are shared by all accounts, and begin when they are needed."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="google")
        self.tokens = Tokens()

    @asynccontextmanager
    async def open(self, access: Access, scope: str) -> AsyncIterator[Session]:
        """A session for *scope* while the block runs."""
        key = key_of(access, self.addresses, scope)
        http = Http(self.addresses.ca_file, self.addresses.patience)
        session = Session(self, access, scope, key, http)
        try:
            yield session
        finally:
            session.close()

"""Tokens for Graph, by msal: a person's, renewed as they end, or a company's.

msal is synchronous: it works in threads, and every account has a cache of its own, which is kept as
credentials wherever they are sealed.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import msal

from integrations.contract import Access, AccessLost, BadAnswer, Credentials, Unreachable
from integrations.microsoft.registration import APPLICATION_SCOPE, SCOPES, Registration
from integrations.microsoft.token_http import TokenHttp

Worked = TypeVar("Worked")

ANY_TENANT = "common"  # people of companies and people with an account of their own
THREADS = 8
GRACE = 10.0  # seconds that a renewal under way has left when its caller is stopped
EARLY = 300.0  # seconds before its end a token is taken for ended
COMPANIES = 500  # whose tokens are remembered
OURS = {"invalid_client"}  # our own secret is wrong or has ended: nobody needs to consent anew
OURS_WAIT = 900.0
FOR_A_WHILE = {"temporarily_unavailable", "server_error"}


class Tokens:
    """Finds the token for an access, with as few questions as can be."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration
        self._http = TokenHttp(registration.context)
        self._companies: OrderedDict[str, Any] = OrderedDict()
        self._given: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._lock = threading.Lock()
        # Threads of its own: a sign-in that hangs must not keep others' threads.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="msal")

    async def get(self, access: Access, *, anew: bool = False) -> str:
        """A token for *access*; *anew* even if there seems to be a good one.

        Renewed credentials are kept before this returns, and put into the access's own, so that who
        goes on with it has them. Raises AccessLost, Unreachable, BadAnswer.
        """
        before = access.credentials
        if before.get("kind") == "company":
            return await self.of_company(str(before.get("tenant", "")), anew=anew)
        renewal = asyncio.ensure_future(self._for_person(access, anew=anew))
        try:
            return await asyncio.shield(renewal)
        except asyncio.CancelledError:
            # The old token may be spent: what came in its place is kept before anybody gives up.
            await asyncio.wait([renewal], timeout=GRACE)
            if renewal.done() and not renewal.cancelled():
                renewal.exception()  # it is nobody's concern any more
            raise

    async def _for_person(self, access: Access, *, anew: bool) -> str:
        before = access.credentials
        token, renewed = await self.work(partial(self._of_person, before, anew=anew))
        if renewed is not None:
            await access.keep(renewed)
            if isinstance(before, MutableMapping):
                before.update(renewed)
        return token

    async def of_company(self, tenant: str, *, anew: bool = False) -> str:
        """A token of the application's own in *tenant*. Raises as `get` does."""
        until, known = self._given.get(tenant, (0.0, ""))
        if not anew and until > time.monotonic():
            return known
        life, token = await self.work(partial(self._of_company, tenant, anew=anew))
        self._given[tenant] = (time.monotonic() + life - EARLY, token)
        self._given.move_to_end(tenant)
        while len(self._given) > COMPANIES:
            self._given.popitem(last=False)
        return token

    async def work(self, blocking: Callable[[], Worked]) -> Worked:
        """Do what blocks elsewhere."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, blocking)

    def forget(self, access: Access) -> None:
        """Drop what is remembered of a company."""
        tenant = str(access.credentials.get("tenant", ""))
        self._given.pop(tenant, None)
        with self._lock:
            self._companies.pop(tenant, None)

    def application(self, tenant: str, cache: Any = None) -> Any:
        """The library's client for *tenant*. Blocks: it may have to ask where everything is."""
        try:
            return msal.ConfidentialClientApplication(
                self._registration.client_id,
                client_credential=self._registration.client_secret,
                authority=f"{self._registration.authority.rstrip('/')}/{tenant}",
                instance_discovery=False,  # the authority is this installation's own setting
                token_cache=cache,
                http_client=self._http,
            )
        except ValueError:
            raise AccessLost("unknown_tenant") from None

    def _of_person(self, credentials: Credentials, *, anew: bool) -> tuple[str, Credentials | None]:
        cache = msal.SerializableTokenCache()
        try:
            cache.deserialize(credentials["cache"])
        except (KeyError, ValueError, TypeError):
            raise AccessLost("no_tokens") from None
        application = self.application(str(credentials.get("authority") or ANY_TENANT), cache)
        accounts = application.get_accounts()
        if not accounts:
            raise AccessLost("no_account")
        result = application.acquire_token_silent_with_error(
            list(SCOPES), account=accounts[0], force_refresh=anew
        )
        token = token_of(result)
        if not cache.has_state_changed:
            return token, None
        return token, {**credentials, "cache": cache.serialize()}

    def _of_company(self, tenant: str, *, anew: bool) -> tuple[float, str]:
        """For how many seconds it is good, and the token."""
        with self._lock:
            application = self._companies.get(tenant)
        if application is None:
            application = self.application(tenant)
        if anew:
            application.remove_tokens_for_client()
        result = application.acquire_token_for_client([APPLICATION_SCOPE])
        token = token_of(result)
        with self._lock:
            self._companies[tenant] = application
            self._companies.move_to_end(tenant)
            while len(self._companies) > COMPANIES:
                self._companies.popitem(last=False)
        return float(result.get("expires_in") or 0), token


def token_of(result: Any) -> str:
    """The access token in msal's answer. Raises AccessLost, Unreachable or BadAnswer.

    Of what went wrong only the code is kept: the description names people.
    """
    if not isinstance(result, dict):
        raise AccessLost("no_tokens")
    if isinstance(token := result.get("access_token"), str):
        return token
    error = str(result.get("error", ""))
    if error in OURS:
        raise Unreachable("client_secret", OURS_WAIT, "tenant")
    if error in FOR_A_WHILE:
        raise Unreachable(error)
    if not error:
        raise BadAnswer("no_token")
    raise AccessLost(error if error.replace("_", "").isalnum() else "refused")

"""Asking an account's owner to let us in: there and back with their browser."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import Any

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

from integrations.contract import (
    Access,
    AccessLost,
    BadAnswer,
    Granted,
    Unreachable,
)
from integrations.google import services
from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE, Addresses
from integrations.google.keys import dumped
from integrations.google.session import Door
from integrations.google.transport import trust

SCOPES = (CALENDAR_SCOPE, CONTACTS_SCOPE)
OURS = {"invalid_client", "deleted_client", "redirect_uri_mismatch"}  # for the operator to mend


class GoogleConsent:
    """OAuth's authorization code with PKCE, as google-auth-oauthlib does it."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._door = Door(addresses)

    async def begin(self, redirect_uri: str, *, company: bool) -> tuple[str, dict[str, Any]]:
        """Where to send the browser. Raises BadAnswer for a company: it has service accounts."""
        if company:
            raise BadAnswer("service_account")
        flow = self._flow(redirect_uri)
        # Without both of these Google gives a refresh token the first time only.
        url, state = flow.authorization_url(access_type="offline", prompt="consent")
        kept = {"state": state, "verifier": flow.code_verifier, "redirect_uri": redirect_uri}
        return url, kept

    async def finish(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> Granted:
        """Tokens for the code that came with the browser, and whose they are."""
        if not hmac.compare_digest(flow["state"].encode(), answer.get("state", "").encode()):
            raise AccessLost("state")
        if "code" not in answer:
            raise AccessLost(answer.get("error", "no_code"))
        asking = self._flow(flow["redirect_uri"], flow["state"], flow["verifier"])
        credentials = await asyncio.to_thread(self._fetch, asking, answer["code"])
        return Granted(
            credentials=credentials,
            account=await self._account(credentials),
            tenant=self._addresses.project,
        )

    def _flow(self, redirect_uri: str, state: str | None = None, verifier: str = "") -> Flow:
        where = self._addresses
        client = {
            "client_id": where.client_id,
            "client_secret": where.client_secret,
            "auth_uri": where.consent,
            "token_uri": where.token,
        }
        flow = Flow.from_client_config(
            {"web": client},
            SCOPES,
            redirect_uri=redirect_uri,
            state=state,
            code_verifier=verifier or None,
            autogenerate_code_verifier=True,
        )
        trust(flow.oauth2session, where.ca_file)
        return flow

    def _fetch(self, flow: Flow, code: str) -> dict[str, Any]:
        try:
            token = _token(flow, code, self._addresses.patience)
            key = flow.credentials
        except OAuth2Error as error:
            if error.error in OURS:
                raise Unreachable(error.error) from None
            raise AccessLost(error.error) from None
        except (requests.RequestException, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        except ValueError:
            raise BadAnswer("token") from None
        scopes = token.get("scope", [])
        granted = scopes.split() if isinstance(scopes, str) else list(scopes)
        if CALENDAR_SCOPE not in granted:  # each may be left unticked
            raise AccessLost("calendar")
        if not key.refresh_token:
            raise AccessLost("no_refresh_token")
        return {**dumped(key), "scopes": [each for each in SCOPES if each in granted]}

    async def _account(self, credentials: Mapping[str, Any]) -> str:
        """The primary calendar goes by the account's address: no other scope need be asked for."""
        calendar = services.calendar(self._addresses)
        async with self._door.open(Access(credentials), CALENDAR_SCOPE) as session:
            answer = await session.ask(
                lambda: calendar.calendarList().get(calendarId="primary", fields="id")
            )
        account = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(account, str) or not account:
            raise BadAnswer("no_account")
        return account


def _token(flow: Flow, code: str, patience: float) -> Mapping[str, Any]:
    """The tokens for *code*. That fewer scopes were granted is no error."""
    try:
        token: Mapping[str, Any] = flow.fetch_token(code=code, timeout=patience)
    except Warning as other_scopes:  # oauthlib's way of telling: it carries the tokens
        token = getattr(other_scopes, "token", {})
        flow.oauth2session.token = token
    return token

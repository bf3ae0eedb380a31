"""Asking a person, or a company's administrator, to let us in.

An administrator's consent comes back as words in an address, which anybody could write: it names
a tenant, and proves nothing. So whoever gave it signs in there, and has to be an administrator of
that tenant; only then are its mailboxes opened. For that the registration tells roles in id
tokens (`groupMembershipClaims: DirectoryRole`).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import warnings
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import msal

from integrations.contract import AccessLost, Granted, IntegrationError, Onward
from integrations.microsoft.registration import APPLICATION_SCOPE, SCOPES, Registration
from integrations.microsoft.tokens import ANY_TENANT, Tokens, token_of

# A form that Microsoft's page posts to us would come without our cookie, which is SameSite=Lax.
warnings.filterwarnings("ignore", message="response_mode='form_post' is recommended")

COMPANIES: Final = "organizations"
# Entra's built-in roles whose holders may consent for their company.
ADMINISTRATORS: Final = {
    "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
}
TRIES = (0.0, 1.0, 3.0)  # a consent that was just given is known everywhere only after a while


class MicrosoftConsent:
    """A ConsentProvider (see integrations.contract)."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration
        self._tokens = Tokens(registration)

    async def begin(self, redirect_uri: str, *, company: bool) -> tuple[str, dict[str, Any]]:
        """Where to send the browser: to sign in and consent, or to consent for a company."""
        if not company:
            return await self._sign_in(redirect_uri, ANY_TENANT, "account", SCOPES)
        state = secrets.token_urlsafe(32)
        query = {
            "client_id": self._registration.client_id,
            "redirect_uri": redirect_uri,
            "scope": APPLICATION_SCOPE,
            "state": state,
        }
        authority = self._registration.authority.rstrip("/")
        url = f"{authority}/{COMPANIES}/v2.0/adminconsent?{urlencode(query)}"
        return url, {"kind": "company", "state": state, "redirect_uri": redirect_uri}

    async def finish(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> Granted | Onward:
        """Credentials for what came back, or the second trip of an administrator."""
        if not hmac.compare_digest(str(flow["state"]).encode(), answer.get("state", "").encode()):
            raise AccessLost("state")
        if "error" in answer:
            raise AccessLost("refused")
        if flow["kind"] == "company":
            return await self._onward(flow, answer)
        cache, result = await self._tokens.work(partial(self._redeem, flow, answer))
        token_of(result)
        claims = result.get("id_token_claims") or {}
        if flow["kind"] == "administrator":
            return await self._company(flow, claims)
        account = str(claims.get("preferred_username") or claims.get("email") or "")
        if not account:
            raise AccessLost("no_account")
        credentials = {"kind": "account", "authority": flow["authority"], "cache": cache}
        tenant = str(claims.get("tid") or "")
        return Granted(credentials=credentials, account=account, tenant=tenant)

    async def _onward(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> Onward:
        tenant = answer.get("tenant", "")
        if answer.get("admin_consent", "").lower() != "true" or not _is_id(tenant):
            raise AccessLost("refused")
        scopes = ("User.Read",)
        url, further = await self._sign_in(flow["redirect_uri"], tenant, "administrator", scopes)
        return Onward(url=url, flow=further)

    async def _company(self, flow: Mapping[str, Any], claims: Mapping[str, Any]) -> Granted:
        """Raises AccessLost unless these are an administrator's of the tenant that consented."""
        tenant = str(claims.get("tid") or "")
        if tenant != flow["authority"]:
            raise AccessLost("tenant")
        if not ADMINISTRATORS & {str(each) for each in claims.get("wids") or ()}:
            raise AccessLost("no_administrator")
        granted = Granted(
            credentials={"kind": "company", "tenant": tenant},
            account=str(claims.get("preferred_username") or "").rpartition("@")[2] or tenant,
            tenant=tenant,
        )
        await self._try(granted)
        return granted

    async def _try(self, granted: Granted) -> None:
        error: IntegrationError | None = None
        for pause in TRIES:
            await asyncio.sleep(pause)
            try:
                await self._tokens.of_company(granted.tenant)
            except AccessLost as lost:
                error = lost
            else:
                return
        raise error or AccessLost("refused")

    async def _sign_in(
        self, redirect_uri: str, tenant: str, kind: str, scopes: tuple[str, ...]
    ) -> tuple[str, dict[str, Any]]:
        """The library makes state, nonce and the PKCE challenge, and tells what to remember."""
        application = await self._tokens.work(partial(self._tokens.application, tenant))
        made: dict[str, Any] = application.initiate_auth_code_flow(
            list(scopes), redirect_uri=redirect_uri, prompt="select_account"
        )
        flow = {"kind": kind, "state": made["state"], "authority": tenant, "msal": made}
        return str(made["auth_uri"]), flow

    def _redeem(self, flow: Mapping[str, Any], answer: Mapping[str, str]) -> tuple[str, Any]:
        cache = msal.SerializableTokenCache()
        application = self._tokens.application(str(flow["authority"]), cache)
        try:
            result = application.acquire_token_by_auth_code_flow(dict(flow["msal"]), dict(answer))
        except (ValueError, RuntimeError, KeyError, TypeError):
            raise AccessLost("answer") from None  # not to our question, or made by somebody else
        return cache.serialize(), result


def _is_id(tenant: str) -> bool:
    return 0 < len(tenant) <= 64 and tenant.replace("-", "").isalnum()

"""Google's OAuth: a page that asks for consent, and the endpoints of tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import BasicAuth, web

from standins.google import refusals
from standins.google.accounts import Accounts, Code, Grant

GRANT_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REAL_AUDIENCE = "https://oauth2.googleapis.com/token"  # Google's library names no other
LEEWAY = 10  # seconds

PAGE = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>Google</title>
<meta name="viewport" content="width=device-width"><h1>{title}</h1>{body}</html>"""


@dataclass(frozen=True)
class Client:
    """A program that was registered, with the addresses that it may send browsers back to."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]


class Login:
    """The doors. `url` is where they are, without a slash at the end."""

    def __init__(self, accounts: Accounts, base: Callable[[], str]) -> None:
        self._accounts = accounts
        self._base = base
        self.clients: dict[str, Client] = {}
        self._asked: dict[str, dict[str, str]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Where browsers and programs come in."""
        return [
            web.get("/o/oauth2/v2/auth", self.ask),
            web.post("/o/oauth2/consent", self.consent),
            web.post("/token", self.token),
            web.post("/revoke", self.revoke),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        """The page that asks whether a program may be let in."""
        query = dict(request.query)
        client = self.clients.get(query.get("client_id", ""))
        if client is None:
            return _page("Åtkomst blockerad", "Error 401: invalid_client", 401)
        if query.get("redirect_uri") not in client.redirect_uris:
            return _page("Åtkomst blockerad", "Error 400: redirect_uri_mismatch", 400)
        if query.get("response_type") != "code" or not query.get("scope"):
            return _page("Åtkomst blockerad", "Error 400: invalid_request", 400)
        if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
            return _page("Åtkomst blockerad", "Error 400: invalid_request", 400)
        key = secrets.token_urlsafe(16)
        self._asked[key] = query
        return _page("Vill du ge åtkomst?", self._form(key, query))

    async def consent(self, request: web.Request) -> web.Response:
        """What the person chose: back to the program, with a code or a refusal."""
        form = await request.post()
        query = self._asked.pop(str(form.get("key")), None)
        account = self._accounts.people.get(str(form.get("account")))
        if query is None or account is None:
            return _page("Åtkomst blockerad", "Error 400: invalid_request", 400)
        answer = {"state": query["state"]} if "state" in query else {}
        if form.get("answer") != "allow":
            return _away(query["redirect_uri"], {**answer, "error": "access_denied"})
        scopes = frozenset(str(each) for each in form.getall("scope", []))
        code = f"4/0{secrets.token_urlsafe(32)}"
        self._accounts.codes[code] = Code(
            account=account,
            scopes=scopes,
            client_id=query["client_id"],
            redirect_uri=query["redirect_uri"],
            challenge=query.get("code_challenge", ""),
            offline=query.get("access_type") == "offline",
            asks_again="consent" in query.get("prompt", "").split(),
        )
        told = {**answer, "code": code, "scope": " ".join(sorted(scopes))}
        return _away(query["redirect_uri"], told)

    async def token(self, request: web.Request) -> web.Response:
        """Tokens for a code, a refresh token or a service account's assertion."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        kind = form.get("grant_type")
        if kind == GRANT_JWT:
            return web.json_response(self._for_assertion(form.get("assertion", "")))
        client = self._client(request, form)
        if kind == "authorization_code":
            return web.json_response(self._for_code(client, form))
        if kind == "refresh_token":
            return web.json_response(self._for_refresh(form))
        raise refusals.oauth(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")

    async def revoke(self, request: web.Request) -> web.Response:
        """Take a grant back."""
        form = await request.post()
        token = str(form.get("token") or request.query.get("token", ""))
        if not self._accounts.revoke(token):
            raise refusals.oauth(400, "invalid_token", "Token expired or revoked")
        return web.json_response({})

    def _form(self, key: str, query: Mapping[str, str]) -> str:
        known = self._accounts.people.values()
        hint = query.get("login_hint")
        options = "".join(
            f"<option{' selected' if each.email == hint else ''}>{html.escape(each.email)}</option>"
            for each in known
        )
        boxes = "".join(
            f'<p><label><input type="checkbox" name="scope" value="{html.escape(each)}" checked> '
            f"{html.escape(each)}</label></p>"
            for each in query["scope"].split()
        )
        return (
            '<form method="post" action="/o/oauth2/consent">'
            f'<input type="hidden" name="key" value="{key}">'
            f'<p><label>Konto <select name="account">{options}</select></label></p>{boxes}'
            '<button name="answer" value="allow">Tillåt</button> '
            '<button name="answer" value="deny">Avbryt</button></form>'
        )

    def _client(self, request: web.Request, form: Mapping[str, str]) -> Client:
        given_id, given_secret = form.get("client_id", ""), form.get("client_secret", "")
        if header := request.headers.get("Authorization"):
            basic = BasicAuth.decode(header)
            given_id, given_secret = basic.login, basic.password
        client = self.clients.get(given_id)
        if client is None:
            raise refusals.oauth(401, "invalid_client", "The OAuth client was not found.")
        if not hmac.compare_digest(client.secret, given_secret):
            raise refusals.oauth(401, "invalid_client", "Unauthorized")
        return client

    def _for_code(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        code = self._accounts.codes.pop(form.get("code", ""), None)
        if code is None or code.client_id != client.id:
            raise refusals.oauth(400, "invalid_grant", "Malformed auth code.")
        if code.redirect_uri != form.get("redirect_uri"):
            raise refusals.oauth(400, "redirect_uri_mismatch", "Bad Request")
        if code.challenge and code.challenge != _challenge(form.get("code_verifier", "")):
            raise refusals.oauth(400, "invalid_grant", "Invalid code verifier.")
        first = self._accounts.first_time(code.account, client.id)
        grant = self._accounts.grant(
            code.account, code.scopes, refresh=code.offline and (first or code.asks_again)
        )
        answer = self._answer(grant)
        return {**answer, "refresh_token": grant.refresh_token} if grant.refresh_token else answer

    def _for_refresh(self, form: Mapping[str, str]) -> dict[str, Any]:
        grant = self._accounts.refreshes.get(form.get("refresh_token", ""))
        if grant is None or not grant.alive:
            raise refusals.oauth(400, "invalid_grant", "Token has been expired or revoked.")
        return self._answer(grant)

    def _for_assertion(self, assertion: str) -> dict[str, Any]:
        claims = self._claims(assertion)
        service = self._accounts.services[claims["iss"]]
        scopes = frozenset(claims.get("scope", "").split())
        if not scopes or not scopes <= service.delegated:
            raise refusals.oauth(
                401,
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client "
                "not authorized for any of the scopes requested.",
            )
        account = self._accounts.people.get(claims.get("sub", ""))
        if account is None:
            raise refusals.oauth(400, "invalid_grant", "Invalid email or User ID")
        return self._answer(self._accounts.grant(account, scopes, refresh=False))

    def _claims(self, assertion: str) -> dict[str, Any]:
        """What the assertion says, if its service account signed it for us. Raises Refused."""
        try:
            issuer = jwt.decode(assertion, options={"verify_signature": False})["iss"]
            service = self._accounts.services[issuer]
            claims: dict[str, Any] = jwt.decode(
                assertion,
                service.key.public_key(),
                algorithms=["RS256"],
                audience=[f"{self._base()}/token", REAL_AUDIENCE],
                leeway=LEEWAY,
                options={"require": ["exp", "iat"]},
            )
        except (jwt.PyJWTError, KeyError):
            raise refusals.oauth(400, "invalid_grant", "Invalid JWT Signature.") from None
        if claims["exp"] - claims["iat"] > 3600:
            raise refusals.oauth(400, "invalid_grant", "Invalid JWT: it must be short-lived")
        return claims

    def _answer(self, grant: Grant) -> dict[str, Any]:
        return {
            "access_token": self._accounts.token(grant),
            "expires_in": 3599,
            "scope": " ".join(sorted(grant.scopes)),
            "token_type": "Bearer",
        }


def bearer(accounts: Accounts, request: web.Request) -> Grant:
    """What the request's token lets in to. Raises Refused."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    grant = accounts.holder(token) if kind == "Bearer" else None
    if grant is None:
        raise refusals.unauthorized()
    return grant


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _page(title: str, body: str, status: int = 200) -> web.Response:
    return web.Response(
        text=PAGE.format(title=title, body=body), content_type="text/html", status=status
    )


def _away(redirect_uri: str, answer: Mapping[str, str]) -> web.Response:
    sign = "&" if "?" in redirect_uri else "?"
    where = f"{redirect_uri}{sign}{urlencode(answer)}"
    return web.Response(status=302, headers={"Location": where})

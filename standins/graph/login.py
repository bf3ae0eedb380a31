"""Signing in and consent: the pages a browser sees, and the token endpoint behind them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
from html import escape

from aiohttp import web

from standins.graph.directory import CODE_LIFE, Account, Code, Directory, Tenant
from standins.graph.login_answers import back, client_info, id_token, page, token_error

SHARED = {"common", "organizations", "consumers"}
ALWAYS = {"openid", "profile", "offline_access"}
GRAPH = "https://graph.microsoft.com/"


class Login:
    """The doors of login.microsoftonline.com."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.down = 0  # so many token requests are answered with 503
        self.delay = 0.0  # seconds before each is answered
        self.asked = 0  # token requests so far

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self.configuration),
            web.get("/{tenant}/oauth2/v2.0/authorize", self.ask),
            web.post("/{tenant}/oauth2/v2.0/authorize", self.decide),
            web.get("/{tenant}/v2.0/adminconsent", self.ask_admin),
            web.post("/{tenant}/v2.0/adminconsent", self.decide_admin),
            web.post("/{tenant}/oauth2/v2.0/token", self.token),
        ]

    async def configuration(self, request: web.Request) -> web.Response:
        """Where everything is; `issuer` has the real tenant's id, or a placeholder for it."""
        name = request.match_info["tenant"]
        tenant = self._tenant(name)
        if tenant is None and name not in SHARED:
            return token_error("invalid_tenant", 90002, f"Tenant '{name}' not found.")
        base, at = f"https://{request.host}", tenant.id if tenant else name
        return web.json_response(
            {
                "issuer": f"{base}/{tenant.id if tenant else '{tenantid}'}/v2.0",
                "authorization_endpoint": f"{base}/{at}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/{at}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/{at}/oauth2/v2.0/devicecode",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "response_types_supported": ["code"],
            }
        )

    async def ask(self, request: web.Request) -> web.Response:
        """The page that asks a person who they are and whether the application may."""
        if (refusal := self._unusable(request)) is not None:
            return refusal
        if request.query.get("response_type") != "code":
            return page("AADSTS70011", "Only response_type=code is known here.", status=400)
        if request.query.get("code_challenge_method") != "S256":
            return page("AADSTS9002325", "Proof Key for Code Exchange is required.", status=400)
        return self._choice(request, admins=False)

    async def ask_admin(self, request: web.Request) -> web.Response:
        """The same, for a whole organisation."""
        return self._unusable(request) or self._choice(request, admins=True)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """A button of that page was pressed: back to the application with a code, or without."""
        form = await request.post()
        query, state = request.query, request.query.get("state", "")
        account = self._directory.accounts.get(str(form.get("account", "")).lower())
        if form.get("consent") != "accept" or account is None:
            why = "AADSTS65004: User declined to consent to access the app."
            return back(
                query["redirect_uri"], error="access_denied", error_description=why, state=state
            )
        code = secrets.token_urlsafe(32)
        self._directory.codes[code] = Code(
            account=account,
            tenant=request.match_info["tenant"],
            redirect_uri=query["redirect_uri"],
            challenge=query["code_challenge"],
            nonce=query.get("nonce", ""),
            scopes=_short(query.get("scope", "")),
            expires=time.time() + CODE_LIFE,
        )
        info = client_info(account)
        return back(query["redirect_uri"], code=code, client_info=info, state=state)

    async def decide_admin(self, request: web.Request) -> web.StreamResponse:
        """An administrator let the application in, or did not."""
        form = await request.post()
        query, state = request.query, request.query.get("state", "")
        account = self._directory.accounts.get(str(form.get("account", "")).lower())
        if form.get("consent") != "accept" or account is None or not account.admin:
            why = "AADSTS65004: The resource owner or authorization server denied the request."
            return back(
                query["redirect_uri"], error="access_denied", error_description=why, state=state
            )
        account.tenant.consented = True
        return back(
            query["redirect_uri"],
            admin_consent="True",
            tenant=account.tenant.id,
            scope=f"{GRAPH}.default",
            state=state,
        )

    async def token(self, request: web.Request) -> web.Response:
        """Tokens for a code, a refresh token or the application itself."""
        self.asked += 1
        await asyncio.sleep(self.delay)
        if self.down:
            self.down -= 1
            return web.Response(status=503, headers={"Retry-After": "7"}, text="Busy")
        form = {key: str(value) for key, value in (await request.post()).items()}
        application = self._directory.application
        if form.get("client_id") != application.client_id:
            return token_error("unauthorized_client", 700016, "Application was not found.")
        if form.get("client_secret") != application.client_secret:
            return token_error("invalid_client", 7000215, "Invalid client secret provided.", 401)
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
            "client_credentials": self._by_client,
        }
        give = grants.get(form.get("grant_type", ""))
        if give is None:
            return token_error("unsupported_grant_type", 70003, "The grant is not supported.")
        return give(request, form)

    def _by_code(self, request: web.Request, form: dict[str, str]) -> web.Response:
        code = self._directory.codes.pop(form.get("code", ""), None)
        if code is None or code.expires <= time.time():
            return token_error("invalid_grant", 54005, "The code was already redeemed.")
        if form.get("redirect_uri") != code.redirect_uri:
            return token_error("invalid_grant", 50011, "The reply address does not match.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
            return token_error("invalid_grant", 501481, "The Code_Verifier does not match.")
        return self._tokens(request, code.account, code.scopes, code.nonce)

    def _by_refresh_token(self, request: web.Request, form: dict[str, str]) -> web.Response:
        token = form.get("refresh_token", "")
        known = self._directory.refresh.get(token)
        if known is None:
            spent = token in self._directory.spent
            why = "The refresh token was used already." if spent else "The token has been revoked."
            return token_error("invalid_grant", 700082 if spent else 50173, why)
        if not self._directory.keep_spent:
            del self._directory.refresh[token]
            self._directory.spent.add(token)
        account, scopes = known
        return self._tokens(
            request, account, (_short(form.get("scope", "")) & scopes) or scopes, ""
        )

    def _by_client(self, request: web.Request, form: dict[str, str]) -> web.Response:
        tenant = self._tenant(request.match_info["tenant"])
        if tenant is None or form.get("scope") != f"{GRAPH}.default":
            return token_error("invalid_scope", 70011, "The scope is not valid.")
        if not tenant.consented:
            return token_error(
                "unauthorized_client", 7000229, "The application has no service principal.", 401
            )
        roles = self._directory.application.roles
        life = self._directory.token_life
        return web.json_response(
            {
                "token_type": "Bearer",
                "expires_in": life,
                "ext_expires_in": life,
                "access_token": self._directory.token_for(tenant.id, None, roles),
            }
        )

    def _tokens(
        self, request: web.Request, account: Account, scopes: frozenset[str], nonce: str
    ) -> web.Response:
        directory = self._directory
        refresh = f"rt.{secrets.token_urlsafe(48)}"
        directory.refresh[refresh] = (account, scopes)
        life = directory.token_life
        return web.json_response(
            {
                "token_type": "Bearer",
                "scope": " ".join(sorted(scopes - {"offline_access"})),
                "expires_in": life,
                "ext_expires_in": life,
                "access_token": directory.token_for(account.tenant.id, account, scopes),
                "refresh_token": refresh,
                "id_token": id_token(request.host, directory.application, account, nonce),
                "client_info": client_info(account),
            }
        )

    def _tenant(self, name: str) -> Tenant | None:
        tenants = self._directory.tenants
        return tenants.get(name) or next((e for e in tenants.values() if e.name == name), None)

    def _unusable(self, request: web.Request) -> web.Response | None:
        """A page for what must not be sent back: the application itself is not known."""
        application = self._directory.application
        if request.query.get("client_id") != application.client_id:
            return page("AADSTS700016", "Application was not found in the directory.", status=400)
        address = request.query.get("redirect_uri", "")
        known = application.redirect_uris
        if not address or (known and address not in known):
            return page("AADSTS50011", "The redirect URI does not match.", status=400)
        return None

    def _choice(self, request: web.Request, *, admins: bool) -> web.Response:
        tenant = self._tenant(request.match_info["tenant"])
        hint = request.query.get("login_hint", "").lower()
        options = "".join(
            f'<p><label><input type="radio" name="account" value="{escape(each.address)}" '
            f"{'checked' if number == 0 else ''}> {escape(each.name)} {escape(each.address)}"
            "</label></p>"
            for number, each in enumerate(
                sorted(
                    (
                        each
                        for each in self._directory.accounts.values()
                        if (each.admin or not admins) and tenant in (None, each.tenant)
                    ),
                    key=lambda each: each.address != hint,
                )
            )
        )
        wanted = "".join(
            f"<li>{escape(each)}</li>"
            for each in sorted(_short(request.query.get("scope", "")) - ALWAYS)
        )
        return page(
            "Permissions requested"
            if not admins
            else "Permissions requested for your organization",
            f"<ul>{wanted}</ul><form method='post'>{options}"
            '<button id="accept" name="consent" value="accept">Accept</button> '
            '<button id="cancel" name="consent" value="cancel">Cancel</button></form>',
            markup=True,
        )


def _short(scope: str) -> frozenset[str]:
    return frozenset(each.removeprefix(GRAPH) for each in scope.split())

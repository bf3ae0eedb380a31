"""What signing in answers: tokens about people, errors by number, pages, and the way back."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import web

from standins.graph.directory import GLOBAL_ADMINISTRATOR, Account, Application

SIGNING_KEY = secrets.token_hex(32)


def client_info(account: Account) -> str:
    """Which account of which tenant, as msal wants it."""
    info = json.dumps({"uid": account.id, "utid": account.tenant.id}).encode()
    return base64.urlsafe_b64encode(info).decode().rstrip("=")


def id_token(host: str, application: Application, account: Account, nonce: str) -> str:
    """Who signed in, told to the application. Signed by a key that nobody checks here."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "aud": application.client_id,
        "iss": f"https://{host}/{account.tenant.id}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "name": account.name,
        "oid": account.id,
        "preferred_username": account.principal,
        "sub": hashlib.sha256(account.id.encode()).hexdigest(),
        "tid": account.tenant.id,
        "ver": "2.0",
        "wids": [GLOBAL_ADMINISTRATOR] if account.admin else [],
        **({"nonce": nonce} if nonce else {}),
    }
    return jwt.encode(claims, SIGNING_KEY, algorithm="HS256")


def token_error(error: str, number: int, why: str, status: int = 400) -> web.Response:
    """A refusal of the token endpoint's."""
    trace = secrets.token_hex(16)
    return web.json_response(
        {
            "error": error,
            "error_description": f"AADSTS{number}: {why} Trace ID: {trace}",
            "error_codes": [number],
            "timestamp": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}",
            "trace_id": trace,
            "correlation_id": trace,
            **({"suberror": "bad_token"} if error == "invalid_grant" else {}),
        },
        status=status,
    )


def back(address: str, **answer: str) -> web.Response:
    """Send the browser back to the application with an answer."""
    there = f"{address}{'&' if '?' in address else '?'}{urlencode(answer)}"
    return web.Response(status=302, headers={"Location": there})


def page(title: str, text: str, *, status: int = 200, markup: bool = False) -> web.Response:
    """What a person sees."""
    body = text if markup else f"<p>{escape(text)}</p>"
    return web.Response(
        status=status,
        content_type="text/html",
        text=f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title>"
        f"<main><h1>{escape(title)}</h1>{body}</main>",
    )

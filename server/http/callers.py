"""Where a request comes from, and the cookie that comes back with it."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta

from aiohttp import web

from server.domain.errors import OverQuota
from server.http.base import APP
from server.origins import COOKIE

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def address_of(request: web.Request) -> str:
    """The caller's IP address; a proxy's word counts only when the settings trust it."""
    if request.app[APP].settings.trust_proxy:
        # The last one is what our own proxy saw; what stands before it anyone may have written.
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        try:
            return str(ipaddress.ip_address(last))
        except ValueError:
            pass
    return request.remote or ""


def device_of(request: web.Request, named: str | None) -> str:
    """What to call the device: as it calls itself, or browser and system in two words."""
    if named:
        return " ".join(named.split())
    agent = request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser}, {system}"
    return browser or system or re.sub(r"[^\w ./;-]", "", agent)[:60]


def remember(request: web.Request, response: web.Response, token: str) -> web.Response:
    """Give the browser the session's cookie, out of reach of scripts and of other sites."""
    settings = request.app[APP].settings
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(timedelta(days=settings.session_days).total_seconds()),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.address.startswith("https:"),
    )
    return response


def forget(request: web.Request, response: web.Response) -> web.Response:
    """Take the session's cookie back."""
    secure = request.app[APP].settings.address.startswith("https:")
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=secure)
    return response


async def raw_body(request: web.Request, limit: int) -> bytes:
    """A body of up to *limit* bytes that is not JSON. Raises OverQuota as soon as it is longer."""
    if (request.content_length or 0) > limit:
        raise OverQuota("payload")
    parts = bytearray()
    async for part in request.content.iter_chunked(65536):
        parts += part
        if len(parts) > limit:
            raise OverQuota("payload")
    return bytes(parts)

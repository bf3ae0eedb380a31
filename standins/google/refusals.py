"""How Google says no: the shapes of Calendar, of People and of OAuth."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """An answer that is no success: its status and body as the real one sends them."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def calendar(
    status: int, reason: str, message: str, domain: str = "global", **where: str
) -> Refused:
    """A refusal of Calendar's; *where* are locationType and location."""
    error = {"domain": domain, "reason": reason, "message": message, **where}
    return Refused(status, {"error": {"errors": [error], "code": status, "message": message}})


def bad_parameter(name: str, message: str = "Invalid Value", reason: str = "invalid") -> Refused:
    """A parameter that cannot be."""
    return calendar(400, reason, message, locationType="parameter", location=name)


def full_sync_required() -> Refused:
    """The sync token is no longer good."""
    return calendar(
        410,
        "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.",
        "calendar",
        locationType="parameter",
        location="syncToken",
    )


def not_found() -> Refused:
    """There is no such thing, or none that this account may see."""
    return calendar(404, "notFound", "Not Found")


def unauthorized() -> Refused:
    """No token, one that is not ours, or an old one."""
    refused = calendar(
        401, "authError", "Invalid Credentials", locationType="header", location="Authorization"
    )
    refused.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/"'
    return refused


def quota(status: int, reason: str, message: str = "Rate Limit Exceeded") -> Refused:
    """Too much at a time: 403 or 429, told alike."""
    return calendar(status, reason, message, "usageLimits")


def people(status: int, name: str, message: str, reason: str = "") -> Refused:
    """A refusal of People's: google.rpc.Status, with an ErrorInfo if there is a *reason*."""
    error: dict[str, Any] = {"code": status, "message": message, "status": name}
    if reason:
        info = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": info, "reason": reason, "domain": "googleapis.com"}]
    return Refused(status, {"error": error})


def oauth(status: int, error: str, description: str = "") -> Refused:
    """A refusal of the token endpoint's."""
    body = {"error": error}
    if description:
        body["error_description"] = description
    return Refused(status, body)


@web.middleware
async def speaking(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell refusals as Google does."""
    try:
        return await handler(request)
    except Refused as refused:
        return web.json_response(
            refused.body, status=refused.status, headers=refused.headers, dumps=json.dumps
        )

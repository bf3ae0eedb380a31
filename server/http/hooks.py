"""Where Microsoft and Google tell that a calendar changed: no sign-in, a secret in each notice.

Always answered at once, and in the same way whatever became of the notices, so that who guesses
learns nothing; Google alone is told when it speaks of a channel that is none of ours.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from aiohttp import web
from redis.exceptions import RedisError

from server import metrics
from server.domain.calendars import push
from server.domain.calendars.push import Lifecycle, Notice
from server.domain.errors import Invalid
from server.http.base import APP

LARGEST = 1_000_000  # bytes
MOST = 1_000  # notices in a request
LONGEST = 2_000  # characters of a token that Microsoft wants repeated

log = logging.getLogger("vaxel.hooks")
routes = web.RouteTableDef()


class Told(msgspec.Struct, rename="camel"):
    """One notice of Microsoft's, as far as we read it."""

    subscription_id: str
    client_state: str | None = None
    id: str | None = None
    lifecycle_event: str | None = None


class Body(msgspec.Struct):
    """What Microsoft posts: notices of several promises together."""

    value: list[Told]


READER = msgspec.json.Decoder(Body)
LIFECYCLE: dict[str, Lifecycle] = {
    "reauthorizationRequired": "reauthorizationRequired",
    "subscriptionRemoved": "subscriptionRemoved",
    "missed": "missed",
}


@routes.post("/hooks/microsoft")
@routes.post("/hooks/microsoft/lifecycle")
async def microsoft(request: web.Request) -> web.Response:
    """Notices of Microsoft Graph, about changes and about its own promises."""
    token = request.query.get("validationToken")
    if token is not None:
        return web.Response(text=token[:LONGEST], headers={"X-Content-Type-Options": "nosniff"})
    lifecycle = request.path.endswith("/lifecycle")
    notices = [
        Notice(
            remote_id=each.subscription_id,
            secret=each.client_state or "",
            name=each.id or "",
            lifecycle=LIFECYCLE.get(each.lifecycle_event or "", "") if lifecycle else "",
        )
        for each in _read(await _body(request)).value[:MOST]
    ]
    await _hear(request, "microsoft", notices)
    return web.Response(status=202)


@routes.post("/hooks/google")
async def google(request: web.Request) -> web.Response:
    """A notice of Google's: all that it says is in the headers."""
    headers = request.headers
    number = headers.get("X-Goog-Message-Number", "")
    notice = Notice(
        remote_id=headers.get("X-Goog-Channel-ID", ""),
        secret=headers.get("X-Goog-Channel-Token", ""),
        resource=headers.get("X-Goog-Resource-ID", ""),
        number=int(number) if number.isdecimal() and len(number) < 16 else 0,
        began=headers.get("X-Goog-Resource-State") == "sync",
    )
    outcomes = await _hear(request, "google", [notice])
    refused = outcomes.get("unknown") or outcomes.get("forged")
    return web.Response(status=404 if refused else 202)


async def _hear(request: web.Request, provider: str, notices: list[Notice]) -> dict[Any, int]:
    try:
        outcomes = await push.hear(request.app[APP], provider, notices)
    except (RedisError, OSError) as error:
        # It is not marked: the provider tells again, or comparing by the clock finds it.
        log.warning("hook.lost", extra={"provider": provider, "error": type(error).__name__})
        raise web.HTTPServiceUnavailable from None
    for outcome, count in outcomes.items():
        metrics.HOOKS.labels(provider, outcome).inc(count)
    return outcomes


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
    return await request.read()


def _read(raw: bytes) -> Body:
    try:
        return READER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("data", "unreadable") from None

"""A company's calendars as its administrators see and set them up."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server import connection_inputs
from server.domain.calendars import company, health
from server.http import outputs_connections
from server.http.base import APP, answer, body_of, locale_of, query_of, signed_in
from server.http.connections import sentence, worded
from server.http.describe import describe
from server.i18n import has, say
from server.inputs import Empty

routes = web.RouteTableDef()


@routes.get("/api/admin/integrations")
@describe(
    summary="How the company's calendars are kept in step.",
    tags="admin",
    returns=outputs_connections.Integrations,
    problems=(403,),
)
async def page(request: web.Request) -> web.Response:
    """Kinds of account, counts, lag, troubles, and work that was given up."""
    return answer(await _page(request))


@routes.put("/api/admin/integrations/google")
@describe(
    summary="Let Växel into the company's Google mailboxes by a service account.",
    tags="admin",
    body=connection_inputs.CompanyGoogle,
    returns=outputs_connections.Integrations,
    problems=(403, 409, 413, 503),
)
async def connect_google(request: web.Request) -> web.Response:
    """Tried at once, with the administrator's own mailbox. Whose the others are, addresses tell."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.CompanyGoogle)
    await company.connect_google(request.app[APP], actor, data.service_account)
    return answer(await _page(request))


@routes.delete("/api/admin/integrations/google")
@describe(
    summary="End the company's connection to Google, and erase all that came through it.",
    tags="admin",
    query=Empty,
    status=204,
    problems=(403, 404),
)
async def disconnect_google(request: web.Request) -> web.Response:
    """What people connected by themselves stays."""
    return await _disconnect(request, "google")


@routes.delete("/api/admin/integrations/microsoft")
@describe(
    summary="End the company's connection to Microsoft, and erase all that came through it.",
    tags="admin",
    query=Empty,
    status=204,
    problems=(403, 404),
)
async def disconnect_microsoft(request: web.Request) -> web.Response:
    """What people connected by themselves stays."""
    return await _disconnect(request, "microsoft")


@routes.post("/api/admin/integrations/mailboxes/{mailbox_id}/sync")
@describe(
    summary="Look at somebody's mailbox now.",
    tags="admin",
    body=connection_inputs.OneMailbox,
    status=202,
    problems=(403, 404, 409),
    empty=True,
)
async def sync(request: web.Request) -> web.Response:
    """Soon."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.OneMailbox)
    await health.sync(request.app[APP], actor, data.mailbox_id)
    return web.Response(status=202)


@routes.post("/api/admin/integrations/dead/{letter_id}/replay")
@describe(
    summary="Have work done again that was given up.",
    tags="admin",
    body=connection_inputs.OneDeadLetter,
    status=202,
    problems=(403, 404),
    empty=True,
)
async def replay(request: web.Request) -> web.Response:
    """Should it fail again, it comes back."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.OneDeadLetter)
    await health.replay(request.app[APP], actor, data.letter_id)
    return web.Response(status=202)


@routes.delete("/api/admin/integrations/dead/{letter_id}")
@describe(
    summary="Forget work that was given up.",
    tags="admin",
    query=connection_inputs.OneDeadLetter,
    status=204,
    problems=(403, 404),
)
async def drop(request: web.Request) -> web.Response:
    """The item may come again."""
    actor = await signed_in(request)
    data = query_of(request, connection_inputs.OneDeadLetter)
    await health.drop(request.app[APP], actor, data.letter_id)
    return web.Response(status=204)


async def _disconnect(request: web.Request, provider: str) -> web.Response:
    actor = await signed_in(request)
    query_of(request, Empty)
    await company.disconnect(request.app[APP], actor, provider)
    return web.Response(status=204)


async def _page(request: web.Request) -> dict[str, Any]:
    actor = await signed_in(request)
    found = await health.page(request.app[APP], actor)
    for each in found["providers"]:
        if each["company"] is not None:
            each["company"] = worded(each["company"], request)
    for each in found["troubles"]:
        each["sentence"] = sentence(each.pop("trouble"), request)
    for each in found["dead"]:
        each["sentence"] = _given_up(each.pop("why"), request, item=each.pop("item"))
    return found


def _given_up(why: str, request: web.Request, *, item: bool) -> str:
    """Why work was given up: one entry of a calendar that cannot be read, or a whole mailbox."""
    if not item:
        return sentence(why, request) or ""
    key = f"calendar_item.{why}"
    return say(key if has(key) else "calendar_item.unreadable", locale_of(request))

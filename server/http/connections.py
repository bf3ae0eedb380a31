"""Own connections: calendars and contacts elsewhere that are kept in step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import quote

from aiohttp import web

from server import connection_inputs
from server.app import App
from server.domain.calendars import connecting, connections, consent
from server.domain.errors import NotSignedIn
from server.http import outputs_connections
from server.http.base import APP, answer, body_of, identity, locale_of, query_of, signed_in
from server.http.describe import describe
from server.i18n import has, say
from storage.models import User

routes = web.RouteTableDef()

# The others are routes of their own.
CONNECTION = "/api/connections/{connection_id:(?!(?:caldav|ics|exchange)$)[^{}/]+}"


@routes.get("/api/connections")
@describe(
    summary="What I am connected to, and what I may connect.",
    tags="connections",
    returns=outputs_connections.Connections,
)
async def listing(request: web.Request) -> web.Response:
    """Own connections first, then the company's that reach me."""
    actor = await signed_in(request)
    found = await connections.listing(request.app[APP], actor)
    found["connections"] = [worded(each, request) for each in found["connections"]]
    return answer(found)


@routes.post("/api/connections/{provider:microsoft|google}/begin")
@describe(
    summary="Where to send the browser for consent; it comes back to this address.",
    tags="connections",
    body=connection_inputs.BeginConsent,
    returns=outputs_connections.ConsentAddress,
    problems=(403, 404, 409, 413, 503),
)
async def begin(request: web.Request) -> web.Response:
    """For the whole company only administrators may ask."""
    who = await identity(request)
    data = await body_of(request, connection_inputs.BeginConsent)
    url = await consent.begin(
        request.app[APP],
        who,
        data.provider,
        company_wide=data.company,
        connection_id=data.connection_id,
    )
    return answer({"url": url})


@routes.get("/oauth/{provider:microsoft|google}/callback")
async def callback(request: web.Request) -> web.Response:
    """Back from a provider: on to the client, which says how it went."""
    provider = cast("Any", request.match_info["provider"])
    try:
        who = await identity(request)
        done = await consent.finish(request.app[APP], who, provider, dict(request.query))
    except (consent.Failed, NotSignedIn) as error:
        word = error.word if isinstance(error, consent.Failed) else "state"
        return _on(f"/?connect_error={quote(word)}")
    if isinstance(done, consent.Further):
        return _on(done.url)
    return _on(f"/?connected={quote(done.connection_id)}")


@routes.post("/api/connections/caldav")
@describe(
    summary="Connect calendars and contacts on a server that speaks CalDAV.",
    tags="connections",
    body=connection_inputs.ConnectCaldav,
    status=201,
    returns=outputs_connections.CalendarConnection,
    problems=(403, 409, 413),
)
async def connect_caldav(request: web.Request) -> web.Response:
    """Tried at once."""
    return await _with_password(request, connection_inputs.ConnectCaldav, connecting.connect_caldav)


@routes.post("/api/connections/exchange")
@describe(
    summary="Connect a mailbox on an Exchange Server of one's own.",
    tags="connections",
    body=connection_inputs.ConnectExchange,
    status=201,
    returns=outputs_connections.CalendarConnection,
    problems=(403, 409, 413),
)
async def connect_exchange(request: web.Request) -> web.Response:
    """Tried at once."""
    return await _with_password(
        request, connection_inputs.ConnectExchange, connecting.connect_exchange
    )


@routes.post("/api/connections/ics")
@describe(
    summary="Connect a calendar that is published at an address.",
    tags="connections",
    body=connection_inputs.ConnectIcs,
    status=201,
    returns=outputs_connections.CalendarConnection,
    problems=(403, 409, 413),
)
async def connect_ics(request: web.Request) -> web.Response:
    """Tried at once."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.ConnectIcs)
    made = await connecting.connect_ics(request.app[APP], actor, data.url, data.name)
    return answer(worded(made, request), 201)


@routes.patch(CONNECTION)
@describe(
    summary="Choose which calendars count, and whether contacts are kept in step.",
    tags="connections",
    body=connection_inputs.ChooseWithin,
    returns=outputs_connections.CalendarConnection,
    problems=(403, 404),
)
async def choose(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.ChooseWithin)
    found = await connections.choose(
        request.app[APP], actor, data.connection_id, data.calendars, contacts=data.contacts
    )
    return answer(worded(found, request))


@routes.post("/api/connections/{connection_id}/sync")
@describe(
    summary="Look at a connection now.",
    tags="connections",
    body=connection_inputs.OneConnection,
    status=202,
    returns=outputs_connections.CalendarConnection,
    problems=(404, 409),
    empty=True,
)
async def sync(request: web.Request) -> web.Response:
    """Soon."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.OneConnection)
    found = await connections.sync_now(request.app[APP], actor, data.connection_id)
    return answer(worded(found, request), 202)


@routes.put("/api/connections/{connection_id}/password")
@describe(
    summary="Connect CalDAV or Exchange again with another password.",
    tags="connections",
    body=connection_inputs.NewPassword,
    returns=outputs_connections.CalendarConnection,
    problems=(403, 404, 409),
)
async def new_password(request: web.Request) -> web.Response:
    """Tried at once."""
    actor = await signed_in(request)
    data = await body_of(request, connection_inputs.NewPassword)
    found = await connecting.new_password(
        request.app[APP], actor, data.connection_id, data.password
    )
    return answer(worded(found, request))


@routes.delete(CONNECTION)
@describe(
    summary="End a connection, and erase all that came through it.",
    tags="connections",
    query=connection_inputs.OneConnection,
    status=204,
    problems=(404,),
)
async def disconnect(request: web.Request) -> web.Response:
    """What was granted is given back, as far as the provider lets us."""
    actor = await signed_in(request)
    data = query_of(request, connection_inputs.OneConnection)
    await connections.disconnect(request.app[APP], actor, data.connection_id)
    return web.Response(status=204)


def worded(found: dict[str, Any], request: web.Request) -> dict[str, Any]:
    """A connection with what went wrong in the person's words."""
    return found | {"trouble": sentence(found["trouble"], request)}


def sentence(trouble: str | None, request: web.Request) -> str | None:
    """What went wrong, in words; None when nothing did."""
    if not trouble:
        return None
    key = f"calendar_trouble.{trouble}"
    return say(key if has(key) else "calendar_trouble.fault", locale_of(request))


async def _with_password(
    request: web.Request,
    kind: type[connection_inputs.ConnectCaldav | connection_inputs.ConnectExchange],
    connect: Callable[[App, User, str, str, str], Awaitable[dict[str, Any]]],
) -> web.Response:
    actor = await signed_in(request)
    data = await body_of(request, kind)
    made = await connect(request.app[APP], actor, data.address, data.username, data.password)
    return answer(worded(made, request), 201)


def _on(address: str) -> web.Response:
    """Go on there. The address we came from names a state: it is told to nobody."""
    headers = {"Location": address, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return web.Response(status=303, headers=headers)

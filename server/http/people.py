"""Colleagues."""

from __future__ import annotations

from aiohttp import web

from server import account_inputs
from server.domain.accounts import people, shape
from server.http import outputs
from server.http.base import APP, answer, query_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()

FOREVER = "private, max-age=31536000, immutable"


@routes.get("/api/people")
@describe(summary="Everyone in my company.", tags="people", returns=outputs.People)
async def colleagues(request: web.Request) -> web.Response:
    """By name; bots and blocked people too, since they have said things."""
    app = request.app[APP]
    found = await people.colleagues(app, await signed_in(request))
    return answer({"people": await shape.people(app, found)})


@routes.get("/api/people/{user_id}")
@describe(
    summary="A colleague.",
    tags="people",
    query=account_inputs.OnePerson,
    returns=outputs.Person,
)
async def colleague(request: web.Request) -> web.Response:
    """Someone in my company."""
    actor = await signed_in(request)
    data = query_of(request, account_inputs.OnePerson)
    app = request.app[APP]
    return answer(await shape.person(app, await people.colleague(app, actor, data.user_id)))


@routes.get("/api/people/{user_id}/picture")
@describe(
    summary="A colleague's picture.",
    tags="people",
    query=account_inputs.OnePicture,
    returns=bytes,
    content="image/webp",
)
async def picture(request: web.Request) -> web.Response:
    """A square WebP. With its version in the address it never changes, so it is kept for good."""
    actor = await signed_in(request)
    data = query_of(request, account_inputs.OnePicture)
    found, versioned = await people.picture(request.app[APP], actor, data.user_id, data.v)
    return web.Response(
        body=found,
        content_type="image/webp",
        headers={
            "Cache-Control": FOREVER if versioned else "private, no-cache",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )

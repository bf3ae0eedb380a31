"""Favourites: star, VIP, block."""

from __future__ import annotations

from aiohttp import web

from server import contact_inputs
from server.contact_inputs import given
from server.domain.contacts import favourites
from server.http import outputs_contacts
from server.http.base import APP, answer, body_of, query_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()

# The others are routes of their own.
FAVOURITE = "/api/favourites/{favourite_id:(?!(?:number|anonymous)$)[^{}/]+}"


@routes.get("/api/favourites")
@describe(
    summary="Everything I decided about callers.",
    tags="contacts",
    returns=outputs_contacts.Favourites,
)
async def listing(request: web.Request) -> web.Response:
    """Oldest first."""
    actor = await signed_in(request)
    return answer({"favourites": await favourites.listing(request.app[APP], actor)})


@routes.put("/api/favourites/person/{user_id}")
@describe(
    summary="Star, VIP or block a colleague.",
    tags="contacts",
    body=contact_inputs.MarkPerson,
    returns=outputs_contacts.Favourite,
)
async def mark_person(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, contact_inputs.MarkPerson)
    marks = given(data, "user_id")
    return answer(await favourites.mark_person(request.app[APP], actor, data.user_id, **marks))


@routes.put("/api/favourites/contact/{contact_id}")
@describe(
    summary="Star, VIP or block a contact.",
    tags="contacts",
    body=contact_inputs.MarkContact,
    returns=outputs_contacts.Favourite,
)
async def mark_contact(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, contact_inputs.MarkContact)
    marks = given(data, "contact_id")
    return answer(await favourites.mark_contact(request.app[APP], actor, data.contact_id, **marks))


@routes.put("/api/favourites/number")
@describe(
    summary="VIP or block a number, or with * at its end all that begin so.",
    tags="contacts",
    body=contact_inputs.MarkNumber,
    returns=outputs_contacts.Favourite,
)
async def mark_number(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, contact_inputs.MarkNumber)
    marks = given(data, "number")
    return answer(await favourites.mark_number(request.app[APP], actor, data.number, **marks))


@routes.put("/api/favourites/anonymous")
@describe(
    summary="Block callers who hide their number, or let them through.",
    tags="contacts",
    body=contact_inputs.MarkAnonymous,
    returns=outputs_contacts.Favourite,
)
async def mark_anonymous(request: web.Request) -> web.Response:
    """At once."""
    actor = await signed_in(request)
    data = await body_of(request, contact_inputs.MarkAnonymous)
    app = request.app[APP]
    return answer(await favourites.mark_anonymous(app, actor, blocked=data.blocked))


@routes.delete(FAVOURITE)
@describe(
    summary="Decide nothing about a caller any more.",
    tags="contacts",
    query=contact_inputs.OneFavourite,
    status=204,
)
async def remove(request: web.Request) -> web.Response:
    """They are as everybody else."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneFavourite)
    await favourites.remove(request.app[APP], actor, data.favourite_id)
    return web.Response(status=204)

"""Contacts: the company's, and one's own; and the search over them and colleagues."""

from __future__ import annotations

from aiohttp import web

from server import contact_inputs
from server.contact_inputs import given
from server.domain.contacts import contacts, search
from server.domain.errors import Invalid
from server.http import outputs_contacts
from server.http.base import APP, answer, body_of, query_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()

# The others are routes of their own.
CONTACT = "/api/contacts/{contact_id:(?!(?:search|import|imports|export)$)[^{}/]+}"


@routes.get("/api/contacts/search")
@describe(
    summary="Find colleagues and contacts by anything that is known of them.",
    tags="contacts",
    query=contact_inputs.SearchContacts,
    returns=outputs_contacts.FoundContacts,
)
async def find(request: web.Request) -> web.Response:
    """Colleagues first."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.SearchContacts)
    found = await search.find(request.app[APP], actor, data.query, data.limit)
    return answer({"contacts": found})


@routes.get("/api/contacts")
@describe(
    summary="Contacts by name, a page at a time.",
    tags="contacts",
    query=contact_inputs.ListContacts,
    returns=outputs_contacts.ContactPage,
)
async def listing(request: web.Request) -> web.Response:
    """The company's and my own together, unless a scope is given."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.ListContacts)
    found, last = await contacts.page(
        request.app[APP], actor, data.scope, data.query, _place(data.cursor), data.limit
    )
    if last is None:
        return answer({"contacts": found})
    name, contact_id = last
    return answer({"contacts": found, "cursor": f"{name.encode().hex()}.{contact_id}"})


def _place(cursor: str | None) -> tuple[str, str] | None:
    """Where the page before ended. Raises Invalid."""
    if cursor is None:
        return None
    name, dot, contact_id = cursor.partition(".")
    try:
        key = bytes.fromhex(name).decode("utf-8", "replace")
    except ValueError:
        raise Invalid("cursor", "bad_format") from None
    if not dot:
        raise Invalid("cursor", "bad_format")
    return key, contact_id


@routes.post("/api/contacts")
@describe(
    summary="Add a contact.",
    tags="contacts",
    body=contact_inputs.AddContact,
    status=201,
    returns=outputs_contacts.Contact,
)
async def add(request: web.Request) -> web.Response:
    """The company's are kept by administrators."""
    actor = await signed_in(request)
    data = await body_of(request, contact_inputs.AddContact)
    made = await contacts.add(request.app[APP], actor, data.scope, given(data, "scope"))
    return answer(made, status=201)


@routes.get(CONTACT)
@describe(
    summary="A contact.",
    tags="contacts",
    query=contact_inputs.OneContact,
    returns=outputs_contacts.Contact,
)
async def one(request: web.Request) -> web.Response:
    """Or a colleague, by their id."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneContact)
    return answer(await contacts.get(request.app[APP], actor, data.contact_id))


@routes.patch(CONTACT)
@describe(
    summary="Change a contact.",
    tags="contacts",
    body=contact_inputs.UpdateContact,
    returns=outputs_contacts.Contact,
)
async def update(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, contact_inputs.UpdateContact)
    changes = given(data, "contact_id")
    return answer(await contacts.update(request.app[APP], actor, data.contact_id, changes))


@routes.delete(CONTACT)
@describe(
    summary="Remove a contact.",
    tags="contacts",
    query=contact_inputs.OneContact,
    status=204,
)
async def remove(request: web.Request) -> web.Response:
    """And what anybody decided about it."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneContact)
    await contacts.remove(request.app[APP], actor, data.contact_id)
    return web.Response(status=204)

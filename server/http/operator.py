"""What operators do with all companies."""

from __future__ import annotations

from aiohttp import web

from server import account_inputs
from server.domain.accounts import operator
from server.http import outputs
from server.http.base import APP, answer, body_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()


@routes.get("/api/operator/orgs")
@describe(summary="All companies.", tags="operator", returns=outputs.Companies, problems=(403,))
async def listing(request: web.Request) -> web.Response:
    """Oldest first."""
    found = await operator.listing(request.app[APP], await signed_in(request))
    return answer({"orgs": found})


@routes.post("/api/operator/orgs")
@describe(
    summary="A new company; its first administrator is invited by mail.",
    tags="operator",
    body=account_inputs.AddOrg,
    status=201,
    returns=outputs.OperatedCompany,
    problems=(403, 409),
)
async def add(request: web.Request) -> web.Response:
    """Empty but for its administrator."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.AddOrg)
    first = data.admin
    made = await operator.add(
        request.app[APP], actor, data.name, data.language, data.time_zone, first.email, first.name
    )
    return answer(made, status=201)


@routes.patch("/api/operator/orgs/{org_id}")
@describe(
    summary="Rename a company, or shut it out or let it in.",
    tags="operator",
    body=account_inputs.OperateOrg,
    returns=outputs.OperatedCompany,
    problems=(403, 409),
)
async def update(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.OperateOrg)
    changed = await operator.update(
        request.app[APP], actor, data.org_id, name=data.name, blocked=data.blocked
    )
    return answer(changed)

"""Telephony as its administrators set it up, and everybody's own rules for calls."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from server import pbx_inputs
from server.domain.telephony import call_rules, exchanges, plan
from server.http import outputs_pbx
from server.http.base import APP, answer, body_of, query_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()


@routes.get("/api/admin/numbers")
@describe(
    summary="The number plan: which numbers the company has, and whose they are.",
    tags="admin",
    returns=outputs_pbx.Plan,
    problems=(403,),
)
async def numbers(request: web.Request) -> web.Response:
    """The main number first."""
    return answer({"numbers": await plan.listing(request.app[APP], await signed_in(request))})


@routes.put("/api/admin/numbers/{number}")
@describe(
    summary="Put a number into the plan, or make it somebody else's.",
    tags="admin",
    body=pbx_inputs.PutNumber,
    returns=outputs_pbx.PlanNumber,
    problems=(403, 404, 409, 413),
)
async def put_number(request: web.Request) -> web.Response:
    """A new main number makes the one before an ordinary number."""
    actor = await signed_in(request)
    data = await body_of(request, pbx_inputs.PutNumber)
    return answer(
        await plan.put(request.app[APP], actor, data.number, data.kind, data.user_id),
    )


@routes.delete("/api/admin/numbers/{number}")
@describe(
    summary="Take a number out of the plan.",
    tags="admin",
    query=pbx_inputs.OneNumber,
    status=204,
    problems=(403, 404),
)
async def remove_number(request: web.Request) -> web.Response:
    """Calls to it are turned away from then on."""
    actor = await signed_in(request)
    data = query_of(request, pbx_inputs.OneNumber)
    await plan.remove(request.app[APP], actor, data.number)
    return web.Response(status=204)


@routes.get("/api/admin/pbx")
@describe(
    summary="The telephone exchanges that may ask about the company's calls.",
    tags="admin",
    returns=outputs_pbx.Exchanges,
    problems=(403,),
)
async def listing(request: web.Request) -> web.Response:
    """Without their secrets."""
    found = await exchanges.listing(request.app[APP], await signed_in(request))
    return answer({"credentials": found})


@routes.post("/api/admin/pbx")
@describe(
    summary="Let an exchange in: its key and secret, which is shown this once.",
    tags="admin",
    body=pbx_inputs.AddExchange,
    status=201,
    returns=outputs_pbx.NewSecret,
    problems=(403, 409, 413),
)
async def add(request: web.Request) -> web.Response:
    """It signs its requests with the secret, see docs/pbx.md."""
    actor = await signed_in(request)
    data = await body_of(request, pbx_inputs.AddExchange)
    return answer(await exchanges.add(request.app[APP], actor, data.name), 201)


@routes.post("/api/admin/pbx/{credential_id}/rotate")
@describe(
    summary="A new secret for an exchange; the one before stays good for a while.",
    tags="admin",
    body=pbx_inputs.RotateExchange,
    returns=outputs_pbx.NewSecret,
    problems=(403, 404, 409),
)
async def rotate(request: web.Request) -> web.Response:
    """Shown this once."""
    actor = await signed_in(request)
    data = await body_of(request, pbx_inputs.RotateExchange)
    keep = timedelta(hours=data.keep_hours)
    return answer(await exchanges.rotate(request.app[APP], actor, data.credential_id, keep))


@routes.delete("/api/admin/pbx/{credential_id}")
@describe(
    summary="Shut an exchange out.",
    tags="admin",
    query=pbx_inputs.OneExchange,
    status=204,
    problems=(403, 404),
)
async def remove(request: web.Request) -> web.Response:
    """At once; it goes on by its own settings."""
    actor = await signed_in(request)
    data = query_of(request, pbx_inputs.OneExchange)
    await exchanges.remove(request.app[APP], actor, data.credential_id)
    return web.Response(status=204)


@routes.get("/api/me/call-rules")
@describe(
    summary="What becomes of calls that I do not answer.",
    tags="me",
    returns=outputs_pbx.CallRules,
)
async def own_rules(request: web.Request) -> web.Response:
    """As I chose, or as everybody begins."""
    return answer(await call_rules.own(request.app[APP], await signed_in(request)))


@routes.put("/api/me/call-rules")
@describe(
    summary="Change what becomes of calls that I do not answer.",
    tags="me",
    body=pbx_inputs.PutCallRules,
    returns=outputs_pbx.CallRules,
    problems=(404, 409),
)
async def put_rules(request: web.Request) -> web.Response:
    """From the next call on."""
    actor = await signed_in(request)
    data = await body_of(request, pbx_inputs.PutCallRules)
    blocked = None if data.anonymous is None else data.anonymous == "block"
    changes = pbx_inputs.rules_given(data)
    return answer(await call_rules.put(request.app[APP], actor, changes, block_anonymous=blocked))

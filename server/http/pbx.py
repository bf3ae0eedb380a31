"""The door of telephone exchanges: signed requests, answered at once."""

from __future__ import annotations

import logging

from aiohttp import web
from redis.exceptions import RedisError

from server import pbx_inputs, route_inputs
from server.domain.errors import DomainError, NotSignedIn
from server.domain.routing import route
from server.domain.routing.decision import Call
from server.domain.routing.signing import LONGEST_KEY, Signed, exchange_of
from server.domain.telephony import events
from server.http import outputs_pbx, outputs_route
from server.http.base import APP, Handler, answer, body_of
from server.http.describe import describe
from storage.signed_requests import Claim
from storage.telephony import PbxCredential

routes = web.RouteTableDef()

log = logging.getLogger("vaxel.pbx")

EXCHANGE = "exchange"


def signed(handler: Handler) -> Handler:
    """Let exchanges in that sign; answer a repeated `Idempotency-Key` as the first time.

    The request then carries the credential, see `exchange`. Raises NotSignedIn.
    """

    async def answered(request: web.Request) -> web.StreamResponse:
        app = request.app[APP]
        headers = request.headers
        given = Signed(
            headers.get("Vaxel-Key", ""),
            headers.get("Vaxel-Timestamp", ""),
            headers.get("Vaxel-Signature", ""),
        )
        credential = await exchange_of(app, given, await request.read())
        request[EXCHANGE] = credential
        org = await app.stores.orgs.get(credential.org_id)
        if org is None or org.blocked:
            raise NotSignedIn("pbx_key")
        request["locale"] = org.language
        once = _once(request, credential)
        claim = await _claim(request, f"{credential.id}:{given.signature.lower()}", once)
        if claim.outcome == "replay":
            raise NotSignedIn("pbx_replay")
        if claim.outcome == "known":
            return web.Response(body=claim.answer, content_type="application/json", charset="utf-8")
        try:
            response = await handler(request)
        except DomainError:
            app.signed_requests.release(once)
            raise
        if once and isinstance(response, web.Response) and isinstance(response.body, bytes):
            app.signed_requests.keep(once, response.body)
        return response

    vars(answered).update(vars(handler))  # its description
    return answered


def exchange(request: web.Request) -> PbxCredential:
    """Whose request it is; of a handler that is `signed`."""
    found: PbxCredential = request[EXCHANGE]
    return found


def _once(request: web.Request, credential: PbxCredential) -> str:
    key = request.headers.get("Idempotency-Key", "")[:LONGEST_KEY]
    return f"{credential.id}:{request.path}:{key}" if key else ""


async def _claim(request: web.Request, signature: str, once: str) -> Claim:
    """Without Redis a call is still answered: that it may be asked twice is the lesser evil."""
    try:
        return await request.app[APP].signed_requests.claim(signature, once)
    except (RedisError, OSError) as error:
        log.warning("pbx.unclaimed", extra={"error": str(error)})
        return Claim("new")


@routes.post("/pbx/v1/route")
@signed
@describe(
    summary="What should become of a call.",
    tags="pbx",
    body=route_inputs.RouteCall,
    returns=outputs_route.Decision,
    problems=(401, 422),
    public=True,
)
async def routed(request: web.Request) -> web.Response:
    """Signed by an exchange; see docs/pbx.md."""
    data = await body_of(request, route_inputs.RouteCall)
    app = request.app[APP]
    caller, via = data.from_, data.via
    call = Call(
        call_id=data.call_id,
        number=None if caller.privacy else caller.number,
        name=caller.name or "",
        anonymous=caller.privacy,
        to=data.to,
        stage=data.stage,
        digits=data.digits,
        queue=via.queue,
        diversions=via.diversions,
        override=via.override,
    )
    org_id = exchange(request).org_id
    found = await route.route(app, org_id, call, app.now(), via.transfer_by)
    return answer(route.shape(app, found))


@routes.post("/pbx/v1/events")
@signed
@describe(
    summary="What happened to calls and telephones.",
    tags="pbx",
    body=pbx_inputs.ToldEvents,
    returns=outputs_pbx.TakenEvents,
    problems=(401, 422),
    public=True,
)
async def told(request: web.Request) -> web.Response:
    """Signed by an exchange; see docs/pbx.md."""
    data = await body_of(request, pbx_inputs.ToldEvents)
    batch = pbx_inputs.told(data)
    return answer(await events.take(request.app[APP], exchange(request), data.stream, batch))

"""Trying a call: what would become of it, why, and what the caller would hear."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server import route_inputs
from server.app import App
from server.domain.activities import current
from server.domain.routing import route
from server.domain.routing.decision import Call
from server.domain.routing.route import Routed
from server.http import outputs_route
from server.http.base import APP, answer, body_of, locale_of, signed_in
from server.http.describe import describe
from server.i18n import has, say
from storage.models import User

routes = web.RouteTableDef()


@routes.post("/api/routing/simulate")
@describe(
    summary="What would become of a call.",
    tags="telephony",
    body=route_inputs.Simulate,
    returns=outputs_route.Simulated,
    problems=(403,),
)
async def simulate(request: web.Request) -> web.Response:
    """Administrators try anybody's telephone, others their own."""
    actor = await signed_in(request)
    data = await body_of(request, route_inputs.Simulate)
    app = request.app[APP]
    call = Call(
        number=None if data.anonymous else data.from_,
        anonymous=data.anonymous,
        to=data.to,
        queue=data.queue,
    )
    found = await route.simulate(app, actor, call, data.at)
    labels = {key: kind.label for key, kind in (await current.types_of(app, actor)).items()}
    return answer(_shape(app, actor, found, labels, locale_of(request)))


def _shape(
    app: App, actor: User, found: Routed, labels: dict[str, Any], locale: str
) -> dict[str, Any]:
    said = found.announcement
    names = {key: label.get(actor.language, key) for key, label in labels.items()}
    return {
        "decision": route.shape(app, found),
        "why": [{"code": code, "text": reason(code, names, locale)} for code in found.decision.why],
        "announcement": said
        and {"text": said.text, "language": said.language, "audio": said.audio},
    }


def reason(code: str, activities: dict[str, str], locale: str) -> str:
    """A reason of a decision in words; *activities* are their labels by id."""
    kind, _, rest = code.partition(":")
    if kind == "activity":
        return say("routing.activity", locale, name=activities.get(rest, rest))
    if rest.startswith("paused:"):
        name = rest.removeprefix("paused:")
        return say("routing.queue.paused", locale, name=activities.get(name, name))
    key = "routing.queue.itself" if code == "queue" else f"routing.{code.replace(':', '.')}"
    return say(key, locale) if has(key) else code

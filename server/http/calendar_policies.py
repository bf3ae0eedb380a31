"""How calendars count, for a person and for a company; and why one is shown as one is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from server import policy_inputs
from server.domain.calendars import explain, policies
from server.domain.calendars.explain import Explained, OwnCalendar, Part
from server.http import outputs_policies as outputs
from server.http.base import APP, answer, body_of, locale_of, signed_in
from server.http.describe import describe
from server.i18n import say
from storage.models import Language, timestamp

routes = web.RouteTableDef()


@routes.get("/api/me/calendar")
@describe(
    summary="What I do now and why, and what each meeting of today and the week to come does.",
    tags="me",
    returns=outputs.OwnCalendar,
)
async def own_calendar(request: web.Request) -> web.Response:
    """Every decision in a sentence. Private subjects are left out."""
    actor = await signed_in(request)
    language: Language = "en" if locale_of(request) == "en" else "sv"
    found = await explain.own_calendar(request.app[APP], actor, language)
    return answer(_calendar(found, language))


@routes.get("/api/me/calendar-policy")
@describe(
    summary="How my meetings count, and what others may know of them.",
    tags="me",
    returns=outputs.OwnPolicy,
)
async def own_policy(request: web.Request) -> web.Response:
    """As I chose, and what counts together with the company's policy."""
    return answer(await policies.own(request.app[APP], await signed_in(request)))


@routes.put("/api/me/calendar-policy")
@describe(
    summary="Change how my meetings count.",
    tags="me",
    body=policy_inputs.PutOwnPolicy,
    returns=outputs.OwnPolicy,
    problems=(409,),
)
async def put_own_policy(request: web.Request) -> web.Response:
    """At once, for the meeting that is running, too."""
    actor = await signed_in(request)
    data = await body_of(request, policy_inputs.PutOwnPolicy)
    changes = policy_inputs.policy_given(data)
    return answer(await policies.put_own(request.app[APP], actor, changes))


@routes.get("/api/admin/calendar-policy")
@describe(
    summary="How everybody's meetings count.",
    tags="admin",
    returns=outputs.CalendarPolicy,
    problems=(403,),
)
async def company_policy(request: web.Request) -> web.Response:
    """With the words that stand for activities."""
    return answer(await policies.company(request.app[APP], await signed_in(request)))


@routes.put("/api/admin/calendar-policy")
@describe(
    summary="Change how everybody's meetings count.",
    tags="admin",
    body=policy_inputs.PutCalendarPolicy,
    returns=outputs.CalendarPolicy,
    problems=(403, 404, 409, 413),
)
async def put_company_policy(request: web.Request) -> web.Response:
    """Within a moment for small companies; people's own wishes come first."""
    actor = await signed_in(request)
    data = await body_of(request, policy_inputs.PutCalendarPolicy)
    changes = policy_inputs.policy_given(data)
    return answer(await policies.put_company(request.app[APP], actor, changes))


def _calendar(found: OwnCalendar, language: Language) -> dict[str, Any]:
    return {
        "now": {
            "activity_id": found.activity_id,
            "sentence": sentence(found.parts, language),
            "until": timestamp(found.until) if found.until else None,
        },
        "occurrences": [_occurrence(each, language) for each in found.occurrences],
    }


def _occurrence(found: Explained, language: Language) -> dict[str, Any]:
    return {
        "id": found.occurrence.id,
        "start": timestamp(found.start),
        "end": timestamp(found.end),
        "all_day": bool(found.occurrence.first_day),
        "subject": "" if found.occurrence.private else found.occurrence.subject,
        "calendar": found.calendar,
        "provider": found.provider,
        "counts": found.counts,
        "rule": found.rule,
        "sentence": sentence(found.parts, language),
        "activity_id": found.activity_id,
    }


def sentence(parts: Iterable[Part], language: Language) -> str:
    """The parts as one sentence in *language*."""
    said = []
    for key, facts in parts:
        named = dict(facts)
        if "provider" in named:
            named["calendar"] = say(f"calendar.provider.{named['provider']}", language)
        said.append(say(f"calendar.why.{key}", language, **named))
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."

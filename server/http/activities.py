"""Activities: choosing, and which there are."""

from __future__ import annotations

from aiohttp import web

from server import activity_inputs
from server.activity_inputs import given
from server.domain import activity_types
from server.domain.activities import choosing
from server.http import outputs_activities as outputs
from server.http.base import APP, answer, body_of, query_of, signed_in
from server.http.describe import describe

routes = web.RouteTableDef()


@routes.post("/api/activity")
@describe(
    summary="Choose an activity, of mine or of a colleague's.",
    tags="activities",
    body=activity_inputs.Choose,
    returns=outputs.Presence,
    problems=(403, 404),
)
async def choose(request: web.Request) -> web.Response:
    """The twin of `activity.choose`: the person's presence as it now is."""
    actor = await signed_in(request)
    data = await body_of(request, activity_inputs.Choose)
    return answer(
        await choosing.choose(
            request.app[APP], actor, data.activity_id, data.until, data.note, data.user_id
        )
    )


@routes.get("/api/people/{user_id}/activities")
@describe(
    summary="What I do and will do, or a colleague for whom I may choose.",
    tags="activities",
    query=activity_inputs.Coming,
    returns=outputs.ActivityRows,
    problems=(403,),
)
async def coming(request: web.Request) -> web.Response:
    """Earliest first."""
    actor = await signed_in(request)
    data = query_of(request, activity_inputs.Coming)
    found = await choosing.coming(request.app[APP], actor, data.user_id, data.limit)
    return answer({"activities": found})


@routes.get("/api/activities")
@describe(
    summary="The company's activities, and what I changed or added.",
    tags="activities",
    returns=outputs.ActivityKinds,
)
async def lists(request: web.Request) -> web.Response:
    """In their order."""
    return answer(await activity_types.lists(request.app[APP], await signed_in(request)))


@routes.post("/api/activities")
@describe(
    summary="Add an activity of my own.",
    tags="activities",
    body=activity_inputs.AddActivity,
    status=201,
    returns=outputs.ActivityKind,
    problems=(413,),
)
async def add(request: web.Request) -> web.Response:
    """Colleagues see it when I choose it."""
    actor = await signed_in(request)
    fields = given(await body_of(request, activity_inputs.AddActivity))
    return answer(await activity_types.add(request.app[APP], actor, fields, company=False), 201)


@routes.put("/api/activities/{activity_id}")
@describe(
    summary="Change an activity for myself.",
    tags="activities",
    body=activity_inputs.EditActivity,
    returns=outputs.ActivityKind,
    problems=(404,),
)
async def edit(request: web.Request) -> web.Response:
    """My own copy of any; what is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, activity_inputs.EditActivity)
    return answer(
        await activity_types.edit(
            request.app[APP], actor, data.activity_id, given(data), company=False
        )
    )


@routes.delete("/api/activities/{activity_id}")
@describe(
    summary="Drop my own activity, or go back to the company's.",
    tags="activities",
    query=activity_inputs.OneActivity,
    status=204,
    problems=(404,),
)
async def remove(request: web.Request) -> web.Response:
    """While I still do it, it stays visible."""
    actor = await signed_in(request)
    data = query_of(request, activity_inputs.OneActivity)
    await activity_types.remove(request.app[APP], actor, data.activity_id, company=False)
    return web.Response(status=204)


@routes.get("/api/admin/activities")
@describe(
    summary="The company's activities.",
    tags="admin",
    returns=outputs.CompanyKinds,
    problems=(403,),
)
async def company_lists(request: web.Request) -> web.Response:
    """In their order, hidden ones too."""
    actor = await signed_in(request)
    return answer({"company": await activity_types.company_list(request.app[APP], actor)})


@routes.post("/api/admin/activities")
@describe(
    summary="Add an activity for everyone in the company.",
    tags="admin",
    body=activity_inputs.AddActivity,
    status=201,
    returns=outputs.ActivityKind,
    problems=(403, 413),
)
async def company_add(request: web.Request) -> web.Response:
    """At once in everyone's menu."""
    actor = await signed_in(request)
    fields = given(await body_of(request, activity_inputs.AddActivity))
    return answer(await activity_types.add(request.app[APP], actor, fields, company=True), 201)


@routes.put("/api/admin/activities/{activity_id}")
@describe(
    summary="Change or hide an activity for everyone in the company.",
    tags="admin",
    body=activity_inputs.EditActivity,
    returns=outputs.ActivityKind,
    problems=(403, 404),
)
async def company_edit(request: web.Request) -> web.Response:
    """Who has an own version keeps it; what is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, activity_inputs.EditActivity)
    return answer(
        await activity_types.edit(
            request.app[APP], actor, data.activity_id, given(data), company=True
        )
    )


@routes.delete("/api/admin/activities/{activity_id}")
@describe(
    summary="Drop an activity of the company's, or go back to the standard one.",
    tags="admin",
    query=activity_inputs.OneActivity,
    status=204,
    problems=(403, 404),
)
async def company_remove(request: web.Request) -> web.Response:
    """Who still does it goes on doing it."""
    actor = await signed_in(request)
    data = query_of(request, activity_inputs.OneActivity)
    await activity_types.remove(request.app[APP], actor, data.activity_id, company=True)
    return web.Response(status=204)

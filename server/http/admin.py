"""What administrators do with their own company."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server import account_inputs
from server.account_inputs import given
from server.domain.accounts import admin, audit, bots, imports, shape, tables
from server.domain.errors import Invalid
from server.http import outputs
from server.http.base import APP, answer, body_of, locale_of, query_of, signed_in
from server.http.callers import raw_body
from server.http.describe import describe
from server.i18n import has, say

routes = web.RouteTableDef()

PERSON = "/api/admin/people/{user_id:(?!import$)[^{}/]+}"  # /import is a route of its own
MOST_FAULTS = 500
TABLES = ("text/csv", "text/plain", "application/octet-stream", "application/vnd.ms-excel")


@routes.get("/api/admin/people")
@describe(
    summary="Everyone in the company, with what administrators need.",
    tags="admin",
    returns=outputs.AdminPeople,
    problems=(403,),
)
async def listing(request: web.Request) -> web.Response:
    """Bots have their own list."""
    app = request.app[APP]
    found = await admin.listing(app, await signed_in(request))
    return answer({"people": await shape.administered(app, found)})


@routes.post("/api/admin/people")
@describe(
    summary="Add a person.",
    tags="admin",
    body=account_inputs.AddPerson,
    status=201,
    returns=outputs.Person,
    problems=(403, 409),
)
async def add(request: web.Request) -> web.Response:
    """They are mailed an invitation unless told otherwise."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.AddPerson)
    app = request.app[APP]
    user = await admin.add(app, actor, given(data, "invite"), invite=data.invite)
    return answer(await shape.person(app, user), status=201)


@routes.patch(PERSON)
@describe(
    summary="Change a person's profile, plan or role.",
    tags="admin",
    body=account_inputs.UpdatePerson,
    returns=outputs.Person,
    problems=(403, 409),
)
async def update(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.UpdatePerson)
    app = request.app[APP]
    user = await admin.update(app, actor, data.user_id, given(data, "user_id"))
    return answer(await shape.person(app, user))


@routes.post("/api/admin/people/import")
@describe(
    summary="Add and change people from a CSV file: all, or nothing when a cell is wrong.",
    tags="admin",
    query=account_inputs.ImportPeople,
    takes=("text/csv",),
    empty=True,
    returns=outputs.ImportResult,
    problems=(403, 409, 413),
)
async def import_people(request: web.Request) -> web.Response:
    """A dry run, unless told otherwise."""
    actor = await signed_in(request)
    admin.must_administer(actor)
    data = query_of(request, account_inputs.ImportPeople)
    if request.content_type not in TABLES:
        raise Invalid("file", "content_type")
    body = await raw_body(request, tables.MOST_BYTES)
    plan = await imports.run(
        request.app[APP], actor, body, dry_run=data.dry_run, invite=data.invite
    )
    return answer(
        {
            "dry_run": data.dry_run,
            "rows": plan.rows,
            "created": len(plan.added),
            "updated": len(plan.changed),
            "unchanged": plan.unchanged,
            "errors": [_worded(each, locale_of(request)) for each in plan.faults[:MOST_FAULTS]],
        }
    )


def _worded(fault: tables.Fault, locale: str) -> dict[str, Any]:
    key = f"import.{fault.reason}"
    problem = say(key if has(key) else "import.other", locale, **fault.facts)
    return {
        "row": fault.row,
        "column": fault.column,
        "value": fault.value[:200],
        "problem": problem,
    }


@routes.post(PERSON + "/block")
@describe(
    summary="Shut a person out, at once on every device.",
    tags="admin",
    body=account_inputs.OnePerson,
    returns=outputs.Person,
    problems=(403, 409),
)
async def block(request: web.Request) -> web.Response:
    """No session, link or token of theirs works any more."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.OnePerson)
    app = request.app[APP]
    return answer(await shape.person(app, await admin.block(app, actor, data.user_id)))


@routes.post(PERSON + "/unblock")
@describe(
    summary="Let a person in again.",
    tags="admin",
    body=account_inputs.OnePerson,
    returns=outputs.Person,
    problems=(403,),
)
async def unblock(request: web.Request) -> web.Response:
    """They sign in anew."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.OnePerson)
    app = request.app[APP]
    return answer(await shape.person(app, await admin.unblock(app, actor, data.user_id)))


@routes.post(PERSON + "/invitation")
@describe(
    summary="Mail the invitation again; earlier links stop working.",
    tags="admin",
    body=account_inputs.OnePerson,
    returns=outputs.Person,
    problems=(403, 409),
)
async def invite(request: web.Request) -> web.Response:
    """For those who have not chosen a password yet."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.OnePerson)
    app = request.app[APP]
    return answer(await shape.person(app, await admin.invite(app, actor, data.user_id)))


@routes.get("/api/admin/audit")
@describe(
    summary="Who changed what, latest first.",
    tags="admin",
    query=account_inputs.AuditPage,
    returns=outputs.AuditNotes,
    problems=(403,),
)
async def audit_page(request: web.Request) -> web.Response:
    """A page at a time."""
    actor = await signed_in(request)
    data = query_of(request, account_inputs.AuditPage)
    return answer(await audit.page(request.app[APP], actor, data.before, data.limit))


@routes.get("/api/admin/org")
@describe(summary="My company.", tags="admin", returns=outputs.Company, problems=(403,))
async def org(request: web.Request) -> web.Response:
    """Its name and what newcomers begin with."""
    return answer(shape.org(await admin.org_of(request.app[APP], await signed_in(request))))


@routes.patch("/api/admin/org")
@describe(
    summary="Change my company's name, language, time zone, or when it works.",
    tags="admin",
    body=account_inputs.UpdateOrg,
    returns=outputs.Company,
    problems=(403,),
)
async def update_org(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.UpdateOrg)
    return answer(shape.org(await admin.update_org(request.app[APP], actor, given(data))))


@routes.get("/api/admin/bots")
@describe(
    summary="The company's bots and their tokens.",
    tags="admin",
    returns=outputs.Bots,
    problems=(403,),
)
async def bot_listing(request: web.Request) -> web.Response:
    """Tokens without their secrets."""
    return answer({"bots": await bots.listing(request.app[APP], await signed_in(request))})


@routes.post("/api/admin/bots")
@describe(
    summary="Add a bot.",
    tags="admin",
    body=account_inputs.AddBot,
    status=201,
    returns=outputs.Person,
    problems=(403, 409),
)
async def add_bot(request: web.Request) -> web.Response:
    """A member that speaks over HTTP."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.AddBot)
    app = request.app[APP]
    bot = await bots.add(app, actor, data.name, data.handle)
    return answer(await shape.person(app, bot), status=201)


@routes.post("/api/admin/bots/{user_id}/tokens")
@describe(
    summary="Make a token for a bot; it is shown this once.",
    tags="admin",
    body=account_inputs.AddToken,
    status=201,
    returns=outputs.NewToken,
    problems=(403, 413),
)
async def add_token(request: web.Request) -> web.Response:
    """To be sent as `Authorization: Bearer`."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.AddToken)
    made = await bots.add_token(request.app[APP], actor, data.user_id, data.name)
    return answer(made, status=201)


@routes.delete("/api/admin/bots/{user_id}/tokens/{token_id}")
@describe(
    summary="Make a bot's token useless.",
    tags="admin",
    query=account_inputs.OneToken,
    status=204,
    problems=(403,),
)
async def remove_token(request: web.Request) -> web.Response:
    """At once."""
    actor = await signed_in(request)
    data = query_of(request, account_inputs.OneToken)
    await bots.remove_token(request.app[APP], actor, data.user_id, data.token_id)
    return web.Response(status=204)

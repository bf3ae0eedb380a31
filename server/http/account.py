"""Signing in and out, passwords, invitations, one's own profile."""

from __future__ import annotations

from aiohttp import web

from server import __version__, account_inputs
from server.account_inputs import given
from server.domain import sessions
from server.domain.accounts import invitations, passwords, profile, shape
from server.domain.accounts.pictures import LARGEST_BYTES
from server.domain.errors import Invalid
from server.http import outputs
from server.http.base import APP, answer, body_of, identity, query_of, signed_in
from server.http.callers import address_of, device_of, forget, raw_body, remember
from server.http.describe import describe
from server.i18n import LANGUAGES

routes = web.RouteTableDef()

PICTURES = ("image/png", "image/jpeg", "image/webp")


@routes.get("/api/config")
@describe(
    summary="What a client needs before anyone has signed in.",
    tags="account",
    returns=outputs.Config,
    public=True,
)
async def config(request: web.Request) -> web.Response:
    """The product, its languages, and the demo's people if there is a demo."""
    shown = await shape.demo_people(request.app[APP])
    return answer(
        {"name": "Växel", "version": __version__, "demo": shown, "languages": list(LANGUAGES)}
    )


@routes.post("/api/session")
@describe(
    summary="Sign in.",
    tags="account",
    body=account_inputs.SignIn,
    returns=outputs.SignedIn,
    problems=(401, 429),
    public=True,
)
async def sign_in(request: web.Request) -> web.Response:
    """A session for this device, as a token and as a cookie."""
    data = await body_of(request, account_inputs.SignIn)
    app, ip = request.app[APP], address_of(request)
    device = device_of(request, data.device)
    token, user = await sessions.sign_in(app, data.email, data.password, device, ip)
    return remember(request, answer({"token": token, "user": await shape.me(app, user)}), token)


@routes.delete("/api/session")
@describe(summary="Sign out on this device.", tags="account", status=204)
async def sign_out(request: web.Request) -> web.Response:
    """End this session."""
    await sessions.sign_out(request.app[APP], await identity(request))
    return forget(request, web.Response(status=204))


@routes.get("/api/sessions")
@describe(summary="My signed-in devices.", tags="account", returns=outputs.Devices)
async def devices(request: web.Request) -> web.Response:
    """The latest used first."""
    who = await identity(request)
    found = await sessions.of(request.app[APP], who.user)
    return answer({"sessions": [shape.session(each, who.session_id) for each in found]})


@routes.delete("/api/sessions")
@describe(summary="Sign out everywhere.", tags="account", status=204)
async def sign_out_everywhere(request: web.Request) -> web.Response:
    """End all sessions, this one too."""
    await sessions.end_all(request.app[APP], await signed_in(request))
    return forget(request, web.Response(status=204))


@routes.delete("/api/sessions/{session_id}")
@describe(
    summary="Sign out on one device.", tags="account", query=account_inputs.OneSession, status=204
)
async def end_session(request: web.Request) -> web.Response:
    """End one of my sessions."""
    actor = await signed_in(request)
    data = query_of(request, account_inputs.OneSession)
    await sessions.end(request.app[APP], actor, data.session_id)
    return web.Response(status=204)


@routes.post("/api/password")
@describe(
    summary="Change my password; my other devices are signed out.",
    tags="account",
    body=account_inputs.ChangePassword,
    status=204,
    problems=(429,),
)
async def change_password(request: web.Request) -> web.Response:
    """A new password by choice."""
    who = await identity(request)
    data = await body_of(request, account_inputs.ChangePassword)
    await passwords.change(request.app[APP], who, data.current, data.new)
    return web.Response(status=204)


@routes.post("/api/password/forgot")
@describe(
    summary="Have a link for a new password mailed; the answer is the same for every address.",
    tags="account",
    body=account_inputs.ForgotPassword,
    status=202,
    problems=(429,),
    public=True,
)
async def forgot_password(request: web.Request) -> web.Response:
    """202, whether or not there is such a person."""
    data = await body_of(request, account_inputs.ForgotPassword)
    await passwords.forgot(request.app[APP], data.email, address_of(request))
    return web.Response(status=202)


@routes.post("/api/password/reset")
@describe(
    summary="Choose a new password by a mailed link; all my devices are signed out.",
    tags="account",
    body=account_inputs.ResetPassword,
    status=204,
    problems=(404, 429),
    public=True,
)
async def reset_password(request: web.Request) -> web.Response:
    """A new password by a link that works once."""
    data = await body_of(request, account_inputs.ResetPassword)
    await passwords.reset(request.app[APP], data.token, data.new, address_of(request))
    return web.Response(status=204)


@routes.get("/api/invitations/{token}")
@describe(
    summary="Who is invited, and where.",
    tags="account",
    query=account_inputs.OneInvitation,
    returns=outputs.Invitation,
    problems=(404,),
    public=True,
)
async def invitation(request: web.Request) -> web.Response:
    """What the page shows before a password is chosen."""
    data = query_of(request, account_inputs.OneInvitation)
    return answer(await invitations.look(request.app[APP], data.token))


@routes.post("/api/invitations/{token}")
@describe(
    summary="Choose my first password and sign in.",
    tags="account",
    body=account_inputs.AcceptInvitation,
    returns=outputs.SignedIn,
    problems=(404,),
    public=True,
)
async def accept(request: web.Request) -> web.Response:
    """A session, as after signing in."""
    data = await body_of(request, account_inputs.AcceptInvitation)
    app = request.app[APP]
    token, user = await invitations.accept(
        app,
        data.token,
        data.password,
        data.name,
        data.language,
        device_of(request, None),
        address_of(request),
    )
    return remember(request, answer({"token": token, "user": await shape.me(app, user)}), token)


@routes.get("/api/me")
@describe(summary="Who I am and what I may do.", tags="me", returns=outputs.Me)
async def me(request: web.Request) -> web.Response:
    """Oneself."""
    return answer(await shape.me(request.app[APP], await signed_in(request)))


@routes.patch("/api/me")
@describe(
    summary="Change my profile.",
    tags="me",
    body=account_inputs.UpdateMe,
    returns=outputs.Me,
    problems=(409,),
)
async def update_me(request: web.Request) -> web.Response:
    """What is left out stays as it is."""
    actor = await signed_in(request)
    data = await body_of(request, account_inputs.UpdateMe)
    app = request.app[APP]
    return answer(await shape.me(app, await profile.update(app, actor, given(data))))


@routes.put("/api/me/picture")
@describe(
    summary="Use this picture of me; it is made square and small.",
    tags="me",
    takes=PICTURES,
    returns=outputs.Me,
    problems=(413,),
)
async def put_picture(request: web.Request) -> web.Response:
    """The body is the file itself."""
    actor = await signed_in(request)
    if request.content_type not in PICTURES:
        raise Invalid("picture", "not_a_picture")
    app = request.app[APP]
    data = await raw_body(request, LARGEST_BYTES)
    return answer(await shape.me(app, await profile.set_picture(app, actor, data)))


@routes.delete("/api/me/picture")
@describe(summary="Be without a picture.", tags="me", returns=outputs.Me)
async def remove_picture(request: web.Request) -> web.Response:
    """Initials are shown instead."""
    app = request.app[APP]
    actor = await signed_in(request)
    return answer(await shape.me(app, await profile.remove_picture(app, actor)))

"""What every HTTP route shares: the App, who is asking, how to read and answer, how to refuse."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
import orjson
from aiohttp import web

from server.app import App
from server.domain import sessions
from server.domain.errors import DomainError, Invalid, NotAllowed, NotFound, OverQuota
from server.domain.sessions import Identity
from server.i18n import language_of
from server.inputs import parse, read
from server.origins import COOKIE, same_origin
from server.problems import problem
from storage.models import User

APP = web.AppKey("app", App)
DEEPEST = 8  # levels of an input; JSON may have a thousand, which Python's stack has not
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Input = TypeVar("Input", bound=msgspec.Struct)

log = logging.getLogger("vaxel.http")


def token_of(request: web.Request) -> str | None:
    """The bearer token, or else the session cookie's."""
    return _bearer(request) or request.cookies.get(COOKIE)


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def identity(request: web.Request) -> Identity:
    """Who is asking, by which session. Raises NotSignedIn."""
    found = await sessions.authenticate(request.app[APP], token_of(request) or "")
    request["locale"] = found.user.language
    return found


async def signed_in(request: web.Request) -> User:
    """Who is asking. Raises NotSignedIn."""
    return (await identity(request)).user


async def body_of(request: web.Request, kind: type[Input], **more: Any) -> Input:
    """The JSON body and the names in the path (and *more*) as one input. Raises Invalid."""
    raw = await request.read()
    data = parse(raw) if raw.strip() else {}
    if not isinstance(data, dict):
        raise Invalid("data", "not_object")
    for name in {**request.match_info, **more}:
        if name in data:
            raise Invalid(name, "unknown_field")
    return read({**_numbers(request.match_info), **_whole(data), **more}, kind)


def query_of(request: web.Request, kind: type[Input]) -> Input:
    """The query and the names in the path as one input. Raises Invalid."""
    for name, text in request.query.items():
        twice = len(request.query.getall(name)) > 1
        if twice or text.lower() == "null":  # which would be read as if it had been left out
            raise Invalid(name, "wrong_type")
    return read({**request.query, **request.match_info}, kind, strict=False)


def _numbers(names: Any) -> dict[str, Any]:
    return {name: int(text) if name == "seq" else text for name, text in names.items()}


def _whole(data: Any, depth: int = DEEPEST) -> Any:
    """In JSON 3.0 is a whole number too. No input has a number below *depth*."""
    if isinstance(data, float) and data.is_integer():
        return int(data)
    if depth and isinstance(data, dict):
        return {name: _whole(each, depth - 1) for name, each in data.items()}
    if depth and isinstance(data, list):
        return [_whole(each, depth - 1) for each in data]
    return data


def answer(data: Any, status: int = 200) -> web.Response:
    """*data* as JSON."""
    return web.Response(
        body=orjson.dumps(data), status=status, content_type="application/json", charset="utf-8"
    )


def locale_of(request: web.Request) -> str:
    """The signed-in person's language, else the browser's."""
    found: str = request.get("locale") or language_of(request.headers.get("Accept-Language"))
    return found


def refuse(error: Exception, request: web.Request, status: int | None = None) -> web.Response:
    """The problem that *error* is, as application/problem+json; *status* if HTTP knows better."""
    found = problem(error, locale_of(request))
    if status is not None:
        found["status"] = status
    if "request_id" in request:
        found["request_id"] = request["request_id"]
    headers = {"Cache-Control": "no-store"}
    if "retry_after" in found:
        headers["Retry-After"] = str(max(1, round(found["retry_after"])))
    return web.Response(
        body=orjson.dumps(found),
        status=found["status"],
        content_type="application/problem+json",
        headers=headers,
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal and every fault becomes a problem; a fault is logged with its trace."""
    try:
        _same_origin(request)
        return await handler(request)
    except DomainError as error:
        return refuse(error, request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _refuse_http(error, request)
    except web.RequestPayloadError:  # compressed or cut in pieces in a way that cannot be undone
        return refuse(Invalid("data", "unreadable"), request, 400)
    except ConnectionResetError:
        raise
    except Exception as error:
        log.exception("http.failed", extra={"method": request.method, "path": request.path})
        return refuse(error, request)


def _refuse_http(error: web.HTTPException, request: web.Request) -> web.Response:
    """What aiohttp itself refuses, as a problem."""
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return refuse(OverQuota("payload"), request)
    if isinstance(error, web.HTTPNotFound):
        return refuse(NotFound("route"), request)
    if isinstance(error, web.HTTPMethodNotAllowed):
        found = refuse(NotFound("route", "method"), request, 405)
        found.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return found
    return refuse(Invalid("data", "unreadable"), request, error.status)


def _same_origin(request: web.Request) -> None:
    """A foreign page may not act with the visitor's cookie; a bearer token it would need."""
    origin = request.headers.get("Origin")
    if request.method not in UNSAFE or origin is None or _bearer(request):
        return
    if not same_origin(request.app[APP].settings.address, request.host, origin):
        raise NotAllowed("origin")

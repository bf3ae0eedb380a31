"""The description of the HTTP side (OpenAPI 3.1), made from what the routes say of themselves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from server import __version__
from server.http.base import answer
from server.http.describe import Description, describe, description_of
from server.http.docs_page import STYLE, page
from server.http.refine import refine
from server.origins import COOKIE

REF = "#/components/schemas/"
PATH_NAME = re.compile(r"{(\w+)}")
PROBLEM_TYPE = "application/problem+json"
TAGS = {
    "account": "Signing in, passwords, invitations.",
    "me": "My own profile.",
    "people": "Colleagues.",
    "activities": "What people do, and the kinds of it.",
    "connections": "Calendars and contacts elsewhere that are kept in step.",
    "contacts": "People outside, and what I decided about who calls.",
    "rooms": "Rooms: who is in them.",
    "messages": "What is said in them.",
    "admin": "For administrators of a company.",
    "operator": "For operators of the installation.",
    "telephony": "Numbers, exchanges and calls.",
    "pbx": "For telephone exchanges, which sign their requests.",
    "operation": "For load balancers and monitoring.",
}

routes = web.RouteTableDef()


class Problem(msgspec.Struct, omit_defaults=True):
    """Why something was refused (RFC 9457), in the person's language."""

    type: str
    title: str
    status: int
    detail: str
    field: str = ""
    retry_after: float = 0.0
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A described route of the application."""

    method: str
    path: str
    name: str
    said: Description


@routes.get("/api/openapi.json")
@describe(summary="This description.", tags="operation", returns=dict[str, Any], public=True)
async def openapi(request: web.Request) -> web.Response:
    """Made once, at the first asking."""
    return answer(await asyncio.to_thread(_document_of, request.app))


@routes.get("/api/docs")
@describe(
    summary="This description, to be read.",
    tags="operation",
    returns=str,
    content="text/html",
    public=True,
)
async def docs(request: web.Request) -> web.Response:
    """A page without scripts."""
    return web.Response(
        text=page(await asyncio.to_thread(_document_of, request.app)),
        content_type="text/html",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'self'"},
    )


@routes.get("/api/docs.css")
async def style(_request: web.Request) -> web.Response:
    """How the page looks; apart from it, so that no inline style is needed."""
    return web.Response(text=STYLE, content_type="text/css")


@cache
def _document_of(app: web.Application) -> dict[str, Any]:
    return document(described(app))


def described(app: web.Application) -> list[Route]:
    """Every route of the application that says what it takes and gives."""
    found = []
    for route in app.router.routes():
        said = description_of(route.handler)
        if said is None or route.resource is None or route.method == "HEAD":
            continue
        name = route.handler.__name__
        found.append(Route(route.method, route.resource.canonical, name, said))
    return found


def document(found: Iterable[Route]) -> dict[str, Any]:
    """The whole description."""
    listed = list(found)
    kinds = [kind for route in listed for kind in _kinds(route.said)]
    schemas, components = msgspec.json.schema_components(
        [*kinds, Problem], ref_template=REF + "{name}"
    )
    known = dict(zip(kinds, schemas, strict=False))
    taken = [kind for route in listed for kind in (route.said.body, route.said.query) if kind]
    refine([known[kind] for kind in taken], components)
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        made = _operation(route, known, components)
        paths.setdefault(route.path, {})[route.method.lower()] = made
    used = {tag for route in listed for tag in route.said.tags}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Växel",
            "version": __version__,
            "description": "The HTTP side of Växel. What happens while one is connected comes "
            "over Socket.IO; each order there has its twin here.",
        },
        "tags": [{"name": tag, "description": TAGS[tag]} for tag in TAGS if tag in used],
        "paths": paths,
        "components": {
            "schemas": _reachable(paths, components) | {"Problem": components["Problem"]},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
    }


def _kinds(said: Description) -> list[Any]:
    named = (said.body, said.query, said.returns, *said.others.values())
    return [kind for kind in named if kind is not None]


def _operation(route: Route, known: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    said = route.said
    in_path = PATH_NAME.findall(route.path)
    taken = said.body or said.query
    fields = _resolved(known[taken], components) if taken else {}
    made: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": said.summary,
        "tags": list(said.tags),
        "parameters": [_path_parameter(name, fields) for name in in_path],
        "responses": _responses(route, known),
    }
    if said.query:
        query = _resolved(known[said.query], components)
        made["parameters"] += _query_parameters(query, in_path)
    body = _body(said, known, components, in_path)
    if body:
        made["requestBody"] = body
    made["security"] = [] if said.public else [{"bearer": []}, {"cookie": []}]
    return made


def _operation_id(route: Route) -> str:
    """Unique and stable: the method and the path, in one word."""
    words = re.sub(r"[^a-z0-9]+", "_", route.path.lower().removeprefix("/api/")).strip("_")
    return f"{route.method.lower()}_{words}"


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    ref = schema.get("$ref", "")
    found: dict[str, Any] = components[ref.removeprefix(REF)] if ref else schema
    return found


def _path_parameter(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    schema = fields.get("properties", {}).get(name, {"type": "string"})
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(query: dict[str, Any], in_path: list[str]) -> list[dict[str, Any]]:
    required = query.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(schema)}
        for name, schema in query.get("properties", {}).items()
        if name not in in_path
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """In an address a value is there or it is not; null cannot be written."""
    choices = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key != "anyOf"}
    if kept.get("default", 0) is None:
        del kept["default"]
    if len(choices) == 1:
        return {**choices[0], **kept}
    return kept | ({"anyOf": choices} if choices else {})


def _body(
    said: Description, known: dict[Any, Any], components: dict[str, Any], in_path: list[str]
) -> dict[str, Any] | None:
    if said.takes:
        raw = {"schema": {"type": "string", "format": "binary"}}
        return {"required": not said.empty, "content": dict.fromkeys(said.takes, raw)}
    if said.body is None:
        return None
    schema = _resolved(known[said.body], components)
    left = {key: each for key, each in schema["properties"].items() if key not in in_path}
    if not left:
        return None
    required = [name for name in schema.get("required", []) if name not in in_path]
    inline = schema | {"properties": left, "required": required}
    return {
        "required": bool(required),
        "content": {"application/json": {"schema": inline if in_path else known[said.body]}},
    }


def _responses(route: Route, known: dict[Any, Any]) -> dict[str, Any]:
    said = route.said
    good: dict[str, Any] = {"description": HTTPStatus(said.status).phrase}
    if said.returns is not None:
        schema = {"schema": known[said.returns]}
        good["content"] = dict.fromkeys(said.content.split(", "), schema)
    responses = {str(said.status): good}
    for status, kind in said.others.items():
        content = {said.content: {"schema": known[kind]}}
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    for status in sorted(_problems(route)):
        responses[str(status)] = _problem(HTTPStatus(status).phrase)
    responses["5XX"] = _problem("A fault of ours, or a service that does not answer")
    return responses


def _problems(route: Route) -> set[int]:
    """What such a route can always refuse with, and what it says itself."""
    said = route.said
    found = set(said.problems)
    if not said.public:
        found |= {401, 403, 404}
        if route.method != "GET":
            found |= {409, 429}
    if "{" in route.path:
        found |= {404, 422}
    if said.body or said.query or said.takes:
        found |= {422}
    if route.method in {"POST", "PUT", "PATCH"}:
        found |= {413}
    if route.method != "GET":  # a foreign page may not act with the visitor's cookie
        found |= {403}
    return found


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": f"{REF}Problem"}
    return {"description": text, "content": {PROBLEM_TYPE: {"schema": schema}}}


def _reachable(paths: Any, components: dict[str, Any]) -> dict[str, Any]:
    """The components that the paths lead to; inputs shown in place are left out."""
    found: dict[str, Any] = {}
    waiting = [paths]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix(REF)
            if name in components and name not in found:
                found[name] = components[name]
                waiting.append(components[name])
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return dict(sorted(found.items()))

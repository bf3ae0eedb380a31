"""The web client's files, and the headers that keep a page from doing what it should not."""

from __future__ import annotations

import re
from pathlib import Path

from aiohttp import web

from server.domain.errors import NotFound

DIST = Path(__file__).resolve().parents[2] / "web" / "dist"
FOREVER = "public, max-age=31536000, immutable"

# Everything from here and nothing inline. Mantine writes its measured sizes as style attributes,
# which cannot run anything.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), payment=(), usb=()",
}
RESERVED = ("api", "audio", "health", "internal", "metrics", "socket.io", "pbx", "oauth", "hooks")
# What is reserved is not the client's at all, so that a wrong address there is told as such.
ANYWHERE = "/{path:(?!(?:" + "|".join(re.escape(each) for each in RESERVED) + ")(?:/|$)).*}"

routes = web.RouteTableDef()


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For `app.on_response_prepare`: what every answer carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "vaxel"  # and not which versions of what
    if not request.path.startswith("/socket.io"):
        response.headers.setdefault("Content-Security-Policy", POLICY)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")


@routes.get(ANYWHERE)
async def page(request: web.Request) -> web.StreamResponse:
    """A file of the built client, or its page for any address within it. Raises NotFound."""
    path = request.match_info["path"]
    found = _file(path)
    if found is None:
        if "." in path.rsplit("/", 1)[-1]:
            raise NotFound("route")
        found = _file("index.html")
    if found is None:
        return web.Response(text="The web client is not built: run `make web`.\n", status=503)
    kept = FOREVER if path.startswith("assets/") else "no-cache"
    return web.FileResponse(found, headers={"Cache-Control": kept})


def _file(path: str) -> Path | None:
    try:
        found = (DIST / path).resolve()
        return found if found.is_relative_to(DIST.resolve()) and found.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None

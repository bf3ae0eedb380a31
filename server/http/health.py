"""For operators and load balancers: alive, ready, numbers."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import socket
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from server import heartbeat, metrics
from server.domain.errors import NotFound, NotSignedIn
from server.http.base import APP, answer, token_of
from server.http.describe import describe

PATIENCE = 2.0

log = logging.getLogger("vaxel.health")
routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class Operation:
    """What these routes look at: the connections, and this process's place among its siblings."""

    database: Any
    redis: Any
    index: int
    processes: int
    run_dir: Path


class Live(msgspec.Struct):
    """This process answers."""

    status: str


class Ready(msgspec.Struct):
    """Each part is `ok` or `down`."""

    status: str
    mongo: str
    redis: str
    worker: str


OPERATION = web.AppKey("operation", Operation)


@routes.get("/health/live")
@describe(summary="Does this process answer?", tags="operation", returns=Live, public=True)
async def live(_request: web.Request) -> web.Response:
    """200 as long as this process answers."""
    return answer({"status": "ok"})


@routes.get("/health/ready")
@describe(
    summary="Do MongoDB, Redis and the worker answer?",
    tags="operation",
    returns=Ready,
    others={503: Ready},
    public=True,
)
async def ready(request: web.Request) -> web.Response:
    """200 when MongoDB, Redis and a worker answer, else 503; which one is in the body."""
    operation = request.app[OPERATION]
    names = ("mongo", "redis", "worker")
    asked = (
        operation.database.command("ping"),
        operation.redis.ping(),
        operation.redis.exists(heartbeat.KEY),
    )
    works = await asyncio.gather(*map(_works, names, asked))
    parts = {name: "ok" if well else "down" for name, well in zip(names, works, strict=True)}
    status = "ok" if all(works) else "down"
    return answer({"status": status, **parts}, status=200 if all(works) else 503)


@routes.get("/metrics")
@describe(
    summary="Numbers for Prometheus, from all processes.",
    tags="operation",
    returns=str,
    content="text/plain",
    public=True,
    problems=(401,),
)
async def numbers(request: web.Request) -> web.Response:
    """Every process's numbers for Prometheus. Raises NotSignedIn to those who may not read them."""
    operation = request.app[OPERATION]
    _may_read_numbers(request)
    text = await metrics.all_numbers(operation.index, operation.processes, operation.run_dir)
    return web.Response(body=text, headers={"Content-Type": metrics.CONTENT_TYPE})


@routes.get(metrics.OWN)
async def own_numbers(request: web.Request) -> web.Response:
    """This process's numbers for a sibling. Raises NotFound to anyone else."""
    if not _from_sibling(request):
        raise NotFound("route")
    return web.Response(body=metrics.own_numbers(), headers={"Content-Type": metrics.CONTENT_TYPE})


async def _works(name: str, asked: Awaitable[Any]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return bool(await asked)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it, it does not work
        log.warning("health.down", extra={"part": name, "reason": str(error)})
        return False


def _may_read_numbers(request: web.Request) -> None:
    """By the token when there is one, else from this machine and not through a proxy."""
    wanted = request.app[APP].settings.metrics_token
    if wanted is not None:
        given = token_of(request) or ""
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise NotSignedIn
    elif "X-Forwarded-For" in request.headers or not _is_loopback(request.remote):
        raise NotSignedIn


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _from_sibling(request: web.Request) -> bool:
    listener = request.transport.get_extra_info("socket") if request.transport else None
    return listener is not None and listener.family == socket.AF_UNIX

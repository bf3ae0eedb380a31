"""What Prometheus reads. Each process counts for itself; /metrics on any of them answers for all.

The process that is asked fetches its siblings' numbers over their unix sockets and labels every
sample with the process it came from.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, UnixConnector, web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from server.ports import socket_path
from storage.log import RoomLog

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OWN = "/internal/metrics"  # answered on the unix socket only
SIBLING_PATIENCE = ClientTimeout(total=2)

disable_created_metrics()
REGISTRY = CollectorRegistry()
ProcessCollector(namespace="vaxel", registry=REGISTRY)

HTTP_SECONDS = Histogram(
    "vaxel_http_seconds", "Time to answer an HTTP request.", ["method", "route", "status"],
    registry=REGISTRY, buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip  # name, help and labels; then where and how finely it is counted
COMMAND_SECONDS = Histogram(
    "vaxel_command_seconds", "Time from a socket command to its ack.", ["command", "outcome"],
    registry=REGISTRY, buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)  # fmt: skip  # as above
CONNECTIONS = Gauge("vaxel_connections", "Connected devices.", registry=REGISTRY)
DELIVERIES = Counter("vaxel_deliveries_total", "Facts written to devices.", registry=REGISTRY)
DROPPED = Counter(
    "vaxel_slow_clients_total", "Devices disconnected for never reading.", registry=REGISTRY
)
HOOKS = Counter(
    "vaxel_hooks_total", "Notices of calendar providers, by what became of them.",
    ["provider", "outcome"], registry=REGISTRY,
)  # fmt: skip  # as above


class LogNumbers:
    """A Prometheus collector of what a room log counts itself: storage knows no Prometheus."""

    def __init__(self, log: RoomLog) -> None:
        """Report of *log*."""
        self._log = log

    def collect(self) -> Iterator[Metric]:
        """The two counters."""
        appended, commits = self._log.appended, self._log.commits
        yield CounterMetricFamily("vaxel_entries", "Entries appended by group commits.", appended)
        yield CounterMetricFamily("vaxel_commits", "Group commits to room logs.", commits)


@asynccontextmanager
async def counting(log: RoomLog) -> AsyncIterator[None]:
    """Report of *log* while the block runs."""
    numbers = LogNumbers(log)
    REGISTRY.register(numbers)
    try:
        yield
    finally:
        REGISTRY.unregister(numbers)


@cache
def command_seconds(command: str, outcome: str) -> Histogram:
    """The histogram of one command and outcome, found once."""
    return COMMAND_SECONDS.labels(command, outcome)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Time each HTTP request under its route (never its address: ids would be labels)."""
    began, status = time.perf_counter(), 500
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    else:
        return response
    finally:
        resource = request.match_info.route.resource
        route = resource.canonical if resource else "unknown"
        if not route.startswith("/socket.io"):  # a long poll's or a WebSocket's life is no latency
            HTTP_SECONDS.labels(request.method, route, str(status)).observe(
                time.perf_counter() - began
            )


def own_numbers() -> bytes:
    """This process's numbers as Prometheus text."""
    return generate_latest(REGISTRY)


async def all_numbers(index: int, processes: int, run_dir: Path) -> bytes:
    """The numbers of all processes as one Prometheus text; one that is silent is left out."""
    siblings = [other for other in range(processes) if other != index]
    texts = await asyncio.gather(*(_ask(socket_path(run_dir, other)) for other in siblings))
    answered = {other: text for other, text in zip(siblings, texts, strict=True) if text}
    return merge({index: own_numbers().decode(), **answered})


def merge(texts: dict[int, str]) -> bytes:
    """One text out of one per process, each sample labelled `process`."""
    registry = CollectorRegistry()
    registry.register(_Merged(texts))
    return generate_latest(registry)


class _Merged:
    """A Prometheus collector over texts that others collected."""

    def __init__(self, texts: dict[int, str]) -> None:
        self._texts = texts

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for process, text in sorted(self._texts.items()):
            for family in text_string_to_metric_families(text):
                known = families.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                for sample in family.samples:
                    labels = {**sample.labels, "process": str(process)}
                    known.add_sample(sample.name, labels, sample.value)
        yield from families.values()


async def _ask(path: Path) -> str:
    try:
        async with (
            ClientSession(connector=UnixConnector(str(path)), timeout=SIBLING_PATIENCE) as http,
            http.get(f"http://sibling{OWN}") as answer,
        ):
            return await answer.text() if answer.status == 200 else ""
    except (ClientError, OSError, TimeoutError):
        return ""

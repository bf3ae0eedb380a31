"""Logs: one JSON object a line, an event's name plus its fields, with the request's id."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from server.settings import Settings

HEADER = "X-Request-Id"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")

_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "color_message"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: its event, the fields given in `extra`, the trace if any."""

    def format(self, record: logging.LogRecord) -> str:
        """*record* as JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if asked := request_id.get():
            line["request_id"] = asked
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class BrokenRequests(logging.Filter):
    """What is not HTTP is the sender's fault: worth a line, never a trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record; those of broken requests in few words."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | web.RequestPayloadError):
            record.msg, record.args = "http.broken", ()
            record.exc_info = None
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


BROKEN_REQUESTS = BrokenRequests()


def quiet_broken_requests() -> None:
    """Let aiohttp log what is not HTTP without a trace."""
    logging.getLogger("aiohttp.server").addFilter(BROKEN_REQUESTS)


def configure(settings: Settings, **always: Any) -> None:
    """Send every log of this process to stderr as JSON; fields in *always* go on every line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    if always:
        handler.addFilter(_adding(always))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for noisy in (
        "pymongo",
        "asyncio",
        "socketio",
        "engineio",
        "aiohttp.access",
        "celery",
        "kombu",
    ):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def named_request(request: web.Request) -> str:
    """The id that the caller or a proxy gave the request, if it is a sane one, or a new one."""
    given = request.headers.get(HEADER, "")
    return given if ACCEPTED.fullmatch(given) else token_hex(8)


@web.middleware
async def request_ids(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give each request an id: in `request["request_id"]`, on every log line, in the answer."""
    request["request_id"] = named_request(request)
    token = request_id.set(request["request_id"])
    try:
        return await handler(request)
    finally:
        request_id.reset(token)


async def add_request_id(request: web.Request, response: web.StreamResponse) -> None:
    """For `app.on_response_prepare`: also streamed answers carry the id."""
    if "request_id" in request:
        response.headers[HEADER] = request["request_id"]


def _adding(fields: dict[str, Any]) -> Callable[[logging.LogRecord], bool]:
    def add(record: logging.LogRecord) -> bool:
        vars(record).update(
            {key: value for key, value in fields.items() if key not in vars(record)}
        )
        return True

    return add

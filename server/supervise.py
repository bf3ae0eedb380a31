"""`python -m server run`: check, start everything, keep it running, end it in order.

The embedded databases first, both at once; then the server processes and the worker, all at once.
Each child has its own session, so Ctrl-C reaches us alone.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

from server import embedded, ports
from server.crew import Crew, Say, ask
from server.embedded import radicale, secret_file
from server.ports import socket_dir, socket_path
from server.settings import Settings, environment_name
from server.signals import AskedToStop, Signals
from server.startup import StartupError

ROOT = Path(__file__).resolve().parents[1]
DEMO_POLL_SECONDS = 2  # a meeting that is moved in the demo is seen to move

log = logging.getLogger("vaxel.supervise")


def run(settings: Settings) -> int:
    """Run Växel until SIGTERM, SIGINT or SIGHUP. The exit code: 0, or 2 when it cannot start.

    Why it cannot is one sentence on stderr.
    """
    say = _speaker(settings)
    signals = Signals()
    try:
        with ExitStack() as closing:
            _run(settings, say, signals, closing)
    except StartupError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    except AskedToStop:
        say("Stopped.")
    return 0


def _run(settings: Settings, say: Say, signals: Signals, closing: ExitStack) -> None:
    began = time.monotonic()
    data_dir = embedded.DataDir(settings.data_dir)
    closing.callback(data_dir.release)
    port = closing.enter_context(ports.reserve(settings.host, settings.port))
    services = embedded.start(settings, say, signals.pause)
    closing.callback(services.stop)
    environ = _environ(settings, services, data_dir.path, port.getsockname()[1])
    crew = Crew(settings, data_dir.path, environ, say)
    closing.callback(crew.stop)
    signals.hurry = crew.hurry
    try:
        crew.start()
        crew.wait_ready(signals.pause)
        _announce(settings, environ, data_dir.path, say, time.monotonic() - began)
        crew.watch(services.daemons, signals.pause)
    except AskedToStop:
        say("Stopping …")
        raise


def _speaker(settings: Settings) -> Say:
    """Sentences for a person at a terminal; log lines where machines read."""
    if not settings.embedded:
        from server import logs  # noqa: PLC0415  # an embedded start need not wait for it

        logs.configure(settings, process="supervisor")
        return log.info

    def say(sentence: str) -> None:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()

    return say


def _environ(
    settings: Settings, services: embedded.Embedded, data_dir: Path, port: int
) -> dict[str, str]:
    """Every setting as our children read it: with the real addresses.

    The demo is on for them only when it is both wanted and allowed, that is when embedded.
    """
    values: dict[str, Any] = {each.name: getattr(settings, each.name) for each in fields(settings)}
    values |= {
        "mongo_url": services.mongo_url,
        "redis_url": services.redis_url,
        "data_dir": data_dir,
        "port": port,
        "demo": settings.demo and settings.embedded,
        "calendar_url": services.calendar_url,
    }
    if _has_calendars(services) and environment_name("caldav_poll_seconds") not in os.environ:
        values["caldav_poll_seconds"] = DEMO_POLL_SECONDS
    if settings.secret_keys is None and settings.embedded:
        values["secret_keys"] = secret_file.keys_in(data_dir)
    environ = {name: text for name, text in os.environ.items() if not name.startswith("VAXEL_")}
    for name, value in values.items():
        if value is not None:
            text = str(int(value) if isinstance(value, bool) else value)
            environ[environment_name(name)] = text
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environ.get("PYTHONPATH"))))
    return environ


def _has_calendars(services: embedded.Embedded) -> bool:
    return any(daemon.name == radicale.NAME for daemon in services.daemons)


def _announce(
    settings: Settings, environ: dict[str, str], data_dir: Path, say: Say, seconds: float
) -> None:
    """The line that people wait for, and how to sign in."""
    address = settings.public_url or f"http://{settings.host}:{environ['VAXEL_PORT']}"
    say(f"Växel is ready at {address} after {seconds:.1f} s.")
    config = ask(socket_path(socket_dir(data_dir), 0), "/api/config") or {}
    people = config.get("demo") or []
    if people:
        say(f"Sign in as one of these; the password is {people[0]['password']}:")
    for person in people:
        say(f"  {person['email']:<22} {person['name']}, {person['role']}, {person['plan']}")
    known = radicale.users(data_dir)
    if people and radicale.serves(data_dir, environ.get("VAXEL_CALENDAR_URL", "")) and known:
        password = next(iter(known.values()))
        say(f"Their calendars are for any CalDAV client, at {environ['VAXEL_CALENDAR_URL']}")
        say(f"with the same user names; there the password is {password}.")
    if settings.embedded:
        say(f"Logs are in {data_dir / 'log'}. Ctrl-C stops everything.")

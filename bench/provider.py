"""The stand-in for Microsoft, and the workers beside a server, as children of the bench."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import redis

from bench import machine
from bench.candidates import ROOT
from bench.databases import Databases
from server.crew import syncer_command, worker_command
from server.domain.jobs import Job
from server.jobs import CeleryJobs

LONGEST_ANSWER = 2**26
PATIENCE = 20
READY_SECONDS = 60


@dataclass(frozen=True)
class Provider:
    """The stand-in's process; `settings` make an installation take it for Microsoft."""

    process: asyncio.subprocess.Process
    settings: dict[str, str]
    front: str

    async def order(self, do: str, **details: Any) -> Any:
        """Its answer to an order of bench.standin."""
        if self.process.stdin is None:
            raise RuntimeError("The stand-in does not listen.")
        self.process.stdin.write(json.dumps({"do": do, **details}).encode() + b"\n")
        line = await self.process.stdout.readline() if self.process.stdout else b""
        if not line:
            raise RuntimeError("The stand-in ended; see its words above.")
        return json.loads(line)


@asynccontextmanager
async def providing(databases: Databases) -> AsyncIterator[Provider]:
    """The stand-in while the block runs, on the core of the generator and the databases."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.standin", str(databases.folder / "pki")),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        limit=LONGEST_ANSWER,
    )
    try:
        told = json.loads(await process.stdout.readline() if process.stdout else b"{}")
        settings = told["settings"] | {"private_networks": "1"}
        yield Provider(process, settings, told["front"])
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            process.kill()


@dataclass(frozen=True)
class Workers:
    """Both workers of an installation: the one with the clock, and the one for calendars."""

    redis_url: str
    children: dict[str, subprocess.Popen[bytes]]

    async def ready(self, jobs: CeleryJobs) -> None:
        """Return when both take jobs. Raises RuntimeError when they do not."""
        await jobs.enqueue(Job.COMPANY_ADOPT, queue="default", connection_id="nobody's")
        await jobs.enqueue(Job.CALENDAR_SYNC, queue="backfill", mailbox_id="nobody's")
        end = time.monotonic() + READY_SECONDS
        with redis.Redis.from_url(self.redis_url) as client:
            while client.exists("default", "backfill", "unacked"):
                if time.monotonic() > end:
                    raise RuntimeError("The workers did not begin; see their logs.")
                await asyncio.sleep(0.1)

    def peak_bytes(self) -> dict[str, int]:
        """The most memory that each ever had resident."""
        return {name: machine.peak_bytes(child.pid) for name, child in self.children.items()}

    def cpu_seconds(self) -> float:
        return sum(machine.cpu_seconds(child.pid) for child in self.children.values())


@contextmanager
def working(databases: Databases, env: dict[str, str]) -> Iterator[Workers]:
    """Real workers while the block runs, on any core; nothing of earlier installations waits."""
    with redis.Redis.from_url(databases.redis.url) as client:
        client.flushdb()
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in (("worker", worker_command()), ("syncer", syncer_command())):
            log = databases.folder / f"{env['VAXEL_MONGO_DB']}-{name}.log"
            children[name] = machine.start(command, set(machine.CORES), log, env, ROOT)
        yield Workers(databases.redis.url, children)
    finally:
        for child in children.values():
            machine.stop(child)

"""The three servers under test, started alike: one process on the server core."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import machine
from bench.databases import Databases
from server.settings import environment_name

HERE = Path(__file__).parent
ROOT = HERE.parent
VAXEL, NODE, STOCK = "vaxel", "node", "stock"


@dataclass(frozen=True)
class Ground:
    """What a scenario wants to exist: how many people, and who of them is in which room."""

    people: int
    rooms: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Server:
    """A candidate that runs: what to connect with, and which rooms there are."""

    name: str
    port: int
    child: subprocess.Popen[bytes]
    auths: list[dict[str, Any]]
    room_ids: list[str]


def present() -> list[str]:
    """The candidates that this machine can run."""
    names = [VAXEL, NODE, STOCK]
    if not _install_node():
        names.remove(NODE)
    return names


def start(name: str, databases: Databases, ground: Ground) -> Server:
    """Start candidate *name* with the people and rooms of *ground*."""
    if name == VAXEL:
        return _start_vaxel(databases, ground)
    port = machine.free_port()
    mongo_url = databases.mongod.url
    if name == NODE:
        arguments: list[str | Path] = ["node", HERE / "node" / "server.js", str(port), mongo_url]
    else:
        arguments = [sys.executable, "-m", "bench.stock", str(port), mongo_url]
    log = databases.folder / f"{name}.log"
    child = machine.start(arguments, machine.SERVER_CORES, log, cwd=ROOT)
    machine.wait_for_port(port, child, log, 30)
    room_ids = [f"{child.pid}-{number:032d}" for number in range(len(ground.rooms))]
    return Server(name, port, child, _open_auths(ground, room_ids), room_ids)


def _open_auths(ground: Ground, room_ids: list[str]) -> list[dict[str, Any]]:
    """The baselines let anybody in and join them to the rooms that they name."""
    mine: list[list[str]] = [[] for _ in range(ground.people)]
    for room_id, members in zip(room_ids, ground.rooms, strict=True):
        for member in members:
            mine[member].append(room_id)
    return [{"token": f"{person:043d}", "rooms": rooms} for person, rooms in enumerate(mine)]


def _install_node() -> bool:
    """Install exactly what the lock file names, once per lock file; tell whether Node can run."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        print("Node is not here: its baseline is left out, and targets against it are not judged.")
        return False
    folder = HERE / "node"
    installed = folder / "node_modules" / ".package-lock.json"
    lock = folder / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return True
    print("Installing the Node baseline …", flush=True)
    npm = subprocess.run(["npm", "ci", "--no-fund", "--no-audit"], cwd=folder, check=False)
    if npm.returncode:
        print("npm could not install the Node baseline: it is left out.")
    return npm.returncode == 0


def _start_vaxel(databases: Databases, ground: Ground) -> Server:
    rooms = [list(members) for members in ground.rooms]
    port, child, found = start_vaxel(
        databases, "bench.seed", {"people": ground.people, "rooms": rooms}
    )
    auths = [{"token": token} for token in found["tokens"]]
    return Server(VAXEL, port, child, auths, found["room_ids"])


def start_vaxel(
    databases: Databases, seed: str, wanted: dict[str, Any]
) -> tuple[int, subprocess.Popen[bytes], dict[str, Any]]:
    """The product's own server process, with limits that people never reach set aside.

    Its database is filled by module *seed*, which is told what is *wanted*; the port, the process
    and what the seed answered.
    """
    port = machine.free_port()
    env = environment(databases, port)
    found = fill(env, seed, wanted)
    return port, launch(databases, env), found


def environment(databases: Databases, port: int, **others: object) -> dict[str, str]:
    """The settings of an installation of Växel that is to listen on *port*; *others* by field."""
    name = f"bench_{port}"
    env = {
        "VAXEL_MONGO_URL": databases.mongod.url,
        "VAXEL_MONGO_DB": name,
        "VAXEL_REDIS_URL": databases.redis.url,
        "VAXEL_PORT": str(port),
        "VAXEL_DATA_DIR": str(databases.folder / name),
        "VAXEL_PROCESSES": "1",
        "VAXEL_DEMO": "0",
        "VAXEL_SECRET_KEYS": f"bench:{base64.b64encode(bytes(32)).decode()}",
        "VAXEL_SEND_RATE": "1000000",
        "VAXEL_SEND_BURST": "1000000",
        "VAXEL_GROUP_MEMBERS": "2000",
        "VAXEL_LOG_LEVEL": "WARNING",
    }
    return env | {environment_name(field): str(value) for field, value in others.items()}


def fill(env: dict[str, str], seed: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """What module *seed* answers, once it has filled the installation with what is *wanted*."""
    seeded = subprocess.run(
        [sys.executable, "-m", seed],
        input=json.dumps(wanted).encode(),
        env={**os.environ, **env},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(seeded.stdout)
    return found


def launch(databases: Databases, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """One server process of that installation, once it answers."""
    log = databases.folder / f"{env['VAXEL_MONGO_DB']}.log"
    arguments = [sys.executable, "-m", "server.child", "0"]
    child = machine.start(arguments, machine.SERVER_CORES, log, env, ROOT)
    machine.wait_for_port(int(env["VAXEL_PORT"]), child, log, 60)
    return child

"""`python -m bench`: measure Växel beside the baselines and print one table."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import uvloop

from bench import (
    arena,
    backfill,
    burst,
    candidates,
    contacts,
    databases,
    fanout,
    hour,
    idle,
    machine,
    pairs,
    push,
    reconnect,
    route,
)
from bench.results import Results

SCENARIOS = {
    "S1": fanout,
    "S2": pairs,
    "S3": idle,
    "S4": reconnect,
    "S5": route,
    "S6": contacts,
    "S7": burst,
    "S8": push,
    "S9": backfill,
    "S10": hour,
}
MOST_FILES = 7000
LATEST = Path(__file__).parent / "results" / "latest.json"


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen scenarios; 0 when every message arrived, whatever the speed."""
    chosen = _parse(arguments)
    pace = arena.QUICK if chosen.quick else arena.FULL
    results = Results()
    names = [name for name in candidates.present() if name in chosen.candidates]
    _prepare()
    _print_head(pace, names)
    with databases.running() as servers:
        for name in chosen.only:
            uvloop.run(SCENARIOS[name].run(names, servers, pace, results))
    print(f"\n{results.table()}")
    LATEST.parent.mkdir(exist_ok=True)
    record = {"at": datetime.now(UTC).isoformat(), "quick": chosen.quick, **results.as_json()}
    LATEST.write_text(json.dumps(record, indent=2, ensure_ascii=False))
    return 1 if results.lost else 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="short runs, for a look (some minutes)"
    )
    parser.add_argument(
        "--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS), help="these scenarios"
    )
    parser.add_argument(
        "--candidates",
        nargs="+",
        choices=(candidates.VAXEL, candidates.NODE, candidates.STOCK),
        default=[candidates.VAXEL, candidates.NODE, candidates.STOCK],
        help="whom to measure",
    )
    return parser.parse_args(arguments)


def _prepare() -> None:
    """Bind the generator to its core, allow many connections, and have no pauses of its own."""
    os.sched_setaffinity(0, machine.OTHER_CORES)
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < MOST_FILES:
        sys.exit(f"The bench opens {MOST_FILES} connections at once; this shell allows {hard}.")
    gc.disable()  # a pause of the generator's would count as the server's; runs are short


def _print_head(pace: arena.Pace, names: list[str]) -> None:
    length = "quick look" if pace.quick else f"{pace.runs} runs of {pace.seconds} s, medians"
    print(
        f"{', '.join(names)} on {len(machine.CORES)} cores ({platform.machine()}): server on core "
        f"{min(machine.SERVER_CORES)}, mongod and generator on core {min(machine.OTHER_CORES)}; "
        f"{length}. Python {platform.python_version()}, python-socketio "
        f"{version('python-socketio')}, aiohttp {version('aiohttp')}.",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())

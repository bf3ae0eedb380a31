"""By hand: `python -m standins.graph [--port 9443] [--folder data/standins]`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from pathlib import Path

from standins.graph.server import open_graph
from standins.pki import make_authority

PEOPLE = ("Astrid Lind", "Birger Holm", "Rebecka Sund")


async def main() -> None:
    """Serve until interrupted, and tell how to use it."""
    parser = argparse.ArgumentParser(prog="python -m standins.graph", description=__doc__)
    parser.add_argument("--port", type=int, default=9443)
    parser.add_argument("--folder", type=Path, default=Path("data/standins"))
    chosen = parser.parse_args()
    async with open_graph(make_authority(chosen.folder), port=chosen.port) as graph:
        for number, name in enumerate(PEOPLE):
            handle = name.partition(" ")[0].lower()
            graph.add_account(f"{handle}@example.com", name, admin=number == 0)
        print("Start Växel with these settings:\n")
        for setting, value in graph.settings().items():
            print(f"export VAXEL_{setting.upper()}={value}")
        curl = f"curl --cacert {graph.authority.ca_file} {graph.url}/control"
        print(f"\nPeople and their events: {curl}")
        await asyncio.Event().wait()


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main())

"""An exchange in a process of its own: whoever also reads what a crowd is told asks too late.

Run as `python -m bench.asking`: reads {port, key, secret, numbers, rate, seconds} as JSON from
stdin, writes {asked: [[due, wait]], refused, first_refusal} to stdout, in microseconds of the clock
that the whole machine shares.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

from bench.candidates import ROOT
from bench.route import LINES, Exchange, flat_out, steady

WARM_SECONDS = 2.0
LONGEST_ANSWER = 2**26


async def ask_elsewhere(exchange: Exchange, rate: float, seconds: float) -> dict[str, Any]:
    """What a child of the bench was answered that signs as *exchange* does."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.asking"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        limit=LONGEST_ANSWER,
    )
    wanted = {
        "port": exchange.port,
        "key": exchange.key,
        "secret": exchange.secret.decode(),
        "numbers": exchange.numbers,
        "rate": rate,
        "seconds": seconds,
    }
    answer, _ = await child.communicate(json.dumps(wanted).encode())
    found: dict[str, Any] = json.loads(answer)
    return found


async def main() -> None:
    """Ask flat out until all is in memory, then at the rate, and tell."""
    told = json.load(sys.stdin)
    exchange = Exchange(told["port"], told["key"], told["secret"].encode(), told["numbers"])
    lines = [await asyncio.open_connection("127.0.0.1", exchange.port) for _ in range(LINES)]
    await flat_out(exchange, lines, WARM_SECONDS)
    asked = await steady(exchange.ask, lines, told["rate"], told["seconds"])
    answer = {
        "asked": asked,
        "refused": exchange.refused,
        "first_refusal": exchange.first_refusal.decode(errors="replace")[:300],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())

"""What S1 and S2 have in common: candidates take turns, flat out and then at one steady rate."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.arena import Pace, Saturated, Side, half_rate, percentile, saturate, waits
from bench.databases import Databases
from bench.results import Measure, Results


@dataclass(frozen=True)
class Race:
    """The rules of one scenario: windows to try, and what counts as speed."""

    windows: Sequence[int]
    unit: str
    speed: Callable[[Saturated], float]
    per_message: int  # how many of what `speed` counts each message brings


@dataclass(frozen=True)
class Lines:
    """Where the figures go."""

    rate: Measure
    cost: Measure
    slowest: Measure


async def run(
    race: Race,
    sides: list[Side],
    databases: Databases,
    pace: Pace,
    results: Results,
    into: Lines,
) -> None:
    """Find each candidate's best window, then let them take turns: saturated, then steady."""
    for side in sides:
        side.window = await _best_window(race, side, databases, pace, results)
    for number in range(pace.runs):
        for side in sides:
            got = await saturate(side, databases, results, side.window, pace.seconds)
            _note(race, side, got, into, number)
    rates = {name: statistics.median(values) for name, values in into.rate.runs.items()}
    messages = half_rate(rates) / race.per_message
    for _ in range(pace.runs):
        for side in sides:
            databases.rest()  # flat out leaves mongod seconds of work, for whoever comes next
            await _steady(side, pace, results, messages, into.slowest)


async def _best_window(
    race: Race, side: Side, databases: Databases, pace: Pace, results: Results
) -> int:
    """The number of messages in flight at which this candidate gets most through."""
    await saturate(side, databases, results, race.windows[0], pace.sweep_seconds)  # to warm up
    if pace.quick:
        return race.windows[0]
    rates = {}
    for window in race.windows:
        got = await saturate(side, databases, results, window, pace.sweep_seconds)
        rates[window] = race.speed(got)
    shown = ", ".join(f"{window} in flight: {rate:,.0f}" for window, rate in rates.items())
    print(f"  {side.server.name:6} {shown}", flush=True)
    return max(rates, key=lambda window: rates[window])


def _note(race: Race, side: Side, got: Saturated, into: Lines, number: int) -> None:
    name, use, speed = side.server.name, got.use, race.speed(got)
    note = (
        f"{side.window} in flight, CPU: server {use.server:.0%}, "
        f"generator {use.generator:.0%}, mongod {use.mongod:.0%}"
    )
    into.rate.add(name, speed, note)
    into.cost.add(name, use.server * 1e6 / speed)
    print(f"  {number + 1} {name:6} {speed:10,.0f} {race.unit}  {note}", flush=True)


async def _steady(side: Side, pace: Pace, results: Results, messages: float, into: Measure) -> None:
    found = await waits(side, results, messages, pace.seconds)
    if not found:
        return
    note = f"{messages:.0f} messages/s, p50 {percentile(found, 0.5):.2f} ms"
    into.add(side.server.name, percentile(found, 0.99), note)
    print(f"    {side.server.name:6} p99 {percentile(found, 0.99):8.2f} ms  {note}", flush=True)

"""What was measured, its targets, and the table that shows both."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench.candidates import NODE, STOCK, VAXEL


@dataclass(frozen=True)
class Measure:
    """One line of the table. *better* says which way is good: `more` or `less`."""

    scenario: str
    name: str
    unit: str
    better: str
    runs: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, candidate: str, value: float, note: str = "") -> None:
        self.runs[candidate].append(value)
        if note:
            self.notes[candidate].append(note)

    def median(self, candidate: str) -> float | None:
        return statistics.median(self.runs[candidate]) if self.runs.get(candidate) else None

    def ratio(self, other: str) -> float | None:
        """How many times *other* Växel is; run by run, so that a slow minute weighs on both."""
        pairs = list(zip(self.runs.get(VAXEL, ()), self.runs.get(other, ()), strict=False))
        return statistics.median(a / b for a, b in pairs if b) if pairs else None


@dataclass(frozen=True)
class Target:
    """A promise about Växel: a bound on its own figure (`against` None) or on a ratio."""

    against: str | None
    bound: float

    def verdict(self, measure: Measure) -> tuple[str, bool] | None:
        """The promise in words and whether it was kept; None when it could not be judged."""
        value = measure.ratio(self.against) if self.against else measure.median(VAXEL)
        if value is None:
            return None
        sign, kept = (
            (">=", value >= self.bound) if measure.better == "more" else ("<=", value <= self.bound)
        )
        of = f" x {self.against}" if self.against else f" {measure.unit}"
        return f"{sign} {self.bound:g}{of}", kept


class Results:
    """All measures of a run, by scenario and name."""

    def __init__(self) -> None:
        self.measures: list[tuple[Measure, tuple[Target, ...]]] = []
        self.lost: list[str] = []

    def measure(self, scenario: str, name: str, unit: str, better: str, *to: Target) -> Measure:
        measure = Measure(scenario, name, unit, better)
        self.measures.append((measure, to))
        return measure

    def complain(self, sentence: str) -> None:
        """Something was not delivered: no figure excuses that."""
        self.lost.append(sentence)
        print(f"  ! {sentence}", flush=True)

    def as_json(self) -> dict[str, Any]:
        return {"measures": [_as_json(*both) for both in self.measures], "lost": self.lost}

    def table(self) -> str:
        """The table as text."""
        head = ("", "", "Växel", "Node", "stock", "x Node", "x stock", "target")
        rows: list[tuple[str, ...]] = [head]
        shown = ""
        for measure, targets in self.measures:
            if not measure.runs:
                continue
            rows.append(
                _row(measure, targets, "" if measure.scenario == shown else measure.scenario)
            )
            shown = measure.scenario
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = ["  ".join(_pad(cell, widths, i) for i, cell in enumerate(row)) for row in rows]
        lines.insert(1, "-" * len(lines[0]))
        return "\n".join([*(line.rstrip() for line in lines), "", self._summary()])

    def _summary(self) -> str:
        if self.lost:
            return f"LOST: {len(self.lost)} counts were not complete; see above."
        return "Every message was acked, and delivered to everyone, in all runs."


def _row(measure: Measure, targets: tuple[Target, ...], scenario: str) -> tuple[str, ...]:
    verdicts = [verdict for target in targets if (verdict := target.verdict(measure))]
    said = ", ".join(f"{words} {'ok' if kept else 'MISSED'}" for words, kept in verdicts)
    figures = (_figure(measure.median(name)) for name in (VAXEL, NODE, STOCK))
    ratios = (_figure(measure.ratio(name)) for name in (NODE, STOCK))
    return (scenario, f"{measure.name}, {measure.unit}", *figures, *ratios, said)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def _pad(cell: str, widths: list[int], column: int) -> str:
    return cell.rjust(widths[column]) if 2 <= column <= 6 else cell.ljust(widths[column])


def _as_json(measure: Measure, targets: tuple[Target, ...]) -> dict[str, Any]:
    return {
        "scenario": measure.scenario,
        "name": measure.name,
        "unit": measure.unit,
        "median": {name: measure.median(name) for name in measure.runs},
        "runs": dict(measure.runs),
        "notes": dict(measure.notes),
        "ratio": {name: measure.ratio(name) for name in (NODE, STOCK)},
        "targets": [verdict for target in targets if (verdict := target.verdict(measure))],
    }

"""What the pages of one round over a calendar come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.contract import Event, Window
from integrations.google.events import BUSY_ONLY, CANCELLED, Item, event_of, is_within


@dataclass(slots=True)
class Round:
    """What a round over one calendar has found: of each ref an event, or that it is gone.

    `told` counts instances by their series; `gone` are cancelled events, perhaps whole series.
    """

    window: Window
    busy_only: bool
    found: dict[str, Event | None] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    gone: set[str] = field(default_factory=set)
    faulty: dict[str, str] = field(default_factory=dict)

    def take(self, answer: Item) -> None:
        """Read a page."""
        busy_only = self.busy_only or answer.get("accessRole") == BUSY_ONLY
        for item in answer.get("items", ()):
            ref = str(item.get("id", "")) if isinstance(item, Mapping) else ""
            try:
                self._take(item, busy_only=busy_only)
                self.faulty.pop(ref, None)
            except (LookupError, ValueError, TypeError, AttributeError):
                self.faulty[ref] = "fields"

    def _take(self, item: Item, *, busy_only: bool) -> None:
        ref, series = item["id"], item.get("recurringEventId", "")
        if series:
            self.told[series] += 1
        if item.get("status") == CANCELLED:
            self.found[ref] = None
            if not series:
                self.gone.add(ref)
            return
        event = event_of(item, busy_only=busy_only)
        self.found[ref] = event if is_within(event, self.window) else None

    def replace(self, series: str, anew: Round) -> None:
        """Of this series, *anew* is all that there is."""
        self.found = {
            ref: event
            for ref, event in self.found.items()
            if event is None or event.series != series
        } | anew.found
        self.faulty |= anew.faulty

"""Events as a mailbox keeps them: single ones, series, and what differs from its series."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from standins.graph.recurrence import Recurrence

NEVER = datetime.min.replace(tzinfo=UTC)


def new_id(prefix: str = "AAkA") -> str:
    """An id that stays the same when its item moves; its letters' case matters."""
    return prefix + secrets.token_urlsafe(24)


@dataclass(slots=True, kw_only=True)
class Item:
    """An event: single, the master of a series, or an occurrence that differs from it."""

    id: str = field(default_factory=new_id)
    uid: str = field(default_factory=lambda: secrets.token_hex(28).upper())
    subject: str = ""
    start: datetime  # UTC; of an all-day event midnight, "floating"
    end: datetime
    all_day: bool = False
    show_as: str = "busy"
    sensitivity: str = "normal"
    response: str = "organizer"
    cancelled: bool = False
    categories: tuple[str, ...] = ()
    zone: str = "Europe/Stockholm"
    recurrence: Recurrence | None = None
    exceptions: dict[datetime, Item] = field(default_factory=dict)
    deleted: set[datetime] = field(default_factory=set)
    master: Item | None = None
    original_start: datetime | None = None
    modified: datetime = NEVER
    number: int = 0  # of its last change
    created: int = 0  # of its first

    @property
    def type(self) -> str:
        """As Graph calls it."""
        if self.recurrence is not None:
            return "seriesMaster"
        return "exception" if self.master is not None else "singleInstance"

    def within(self, start: datetime, end: datetime) -> bool:
        """Whether any of it is in that time."""
        return self.start < end and self.end > start

    def occurrences(self, start: datetime, end: datetime) -> Iterator[Item]:
        """Of a series: those in that time, those that differ as they are now."""
        if self.recurrence is None:
            return
        length = self.recurrence.length
        for moment in self.recurrence.starts(end + timedelta(days=370)):
            if moment in self.deleted:
                continue
            found = self.exceptions.get(moment) or self.plain(moment, length)
            if found.within(start, end):
                yield found

    def plain(self, moment: datetime, length: timedelta) -> Item:
        """Of a series: the occurrence at *moment*, as its series has it."""
        return replace(
            self,
            id=self.occurrence_id(moment),
            start=moment,
            end=moment + length,
            recurrence=None,
            exceptions={},
            deleted=set(),
            master=self,
            original_start=None,
        )

    def occurrence_id(self, moment: datetime) -> str:
        """Of the occurrence that began at *moment* before anybody moved it."""
        return f"{self.id}O{moment:%Y%m%d%H%M}"


def occurrence_of(master: Item, item_id: str) -> Item | None:
    """The occurrence of that id: looked for a year around when it was to begin."""
    if master.recurrence is None or not item_id.startswith(f"{master.id}O"):
        return None
    try:
        moment = datetime.strptime(item_id[len(master.id) + 1 :], "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
    year = timedelta(days=370)
    return next(
        (each for each in master.occurrences(moment - year, moment + year) if each.id == item_id),
        None,
    )

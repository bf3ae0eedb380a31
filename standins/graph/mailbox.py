"""What a mailbox keeps: calendars with events and series, contacts in folders, settings.

Changes are made by these methods; each gets a number, and deltas tell what came after a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from standins.graph.item import Item, new_id, occurrence_of
from standins.graph.recurrence import Recurrence

__all__ = ["CalendarKept", "Change", "Folder", "Item", "MailboxKept"]

Change = Literal["created", "updated", "deleted"]


@dataclass(slots=True, kw_only=True)
class CalendarKept:
    """One calendar of a mailbox."""

    id: str = field(default_factory=lambda: new_id("AAkC"))
    name: str = "Calendar"
    default: bool = False
    owner: str = ""
    can_edit: bool = True
    can_see_details: bool = True
    items: dict[str, Item] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)  # id -> number of the removal


@dataclass(slots=True, kw_only=True)
class Folder:
    """Contacts: the default folder or one that somebody made."""

    id: str = field(default_factory=lambda: new_id("AAkF"))
    name: str = "Contacts"
    default: bool = False
    contacts: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class MailboxKept:
    """A person's mailbox. `on_change` hears of every change."""

    address: str
    name: str
    user_id: str
    now: Callable[[], datetime]
    on_change: Callable[[MailboxKept, CalendarKept | Folder, str, Change], None]
    zone: str = "Europe/Stockholm"
    auto_reply: dict[str, Any] = field(default_factory=lambda: {"status": "disabled"})
    calendars: list[CalendarKept] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    generation: int = 0  # deltas of an older one are no longer known
    number: int = 0

    def __post_init__(self) -> None:
        self.calendars.append(CalendarKept(default=True, owner=self.address))
        self.folders.append(Folder(default=True))

    @property
    def calendar(self) -> CalendarKept:
        """The default one."""
        return self.calendars[0]

    def add_calendar(self, name: str, **details: Any) -> CalendarKept:
        """Another calendar, the person's own unless *details* say otherwise."""
        made = CalendarKept(name=name, **{"owner": self.address, **details})
        self.calendars.append(made)
        return made

    def add(
        self,
        start: datetime | date,
        end: datetime | date,
        subject: str = "",
        calendar: CalendarKept | None = None,
        **details: Any,
    ) -> Item:
        """A single event; plain dates make one of whole days, the last one exclusive."""
        all_day = not isinstance(start, datetime)
        item = Item(
            subject=subject, start=_moment(start), end=_moment(end), all_day=all_day, **details
        )
        return self._put(calendar or self.calendar, item)

    def add_series(
        self,
        recurrence: Recurrence,
        subject: str = "",
        calendar: CalendarKept | None = None,
        **details: Any,
    ) -> Item:
        """A series; its master carries the times of its first occurrence."""
        start = next(recurrence.starts(datetime.max.replace(tzinfo=UTC)))
        item = Item(
            subject=subject,
            start=start,
            end=start + recurrence.length,
            recurrence=recurrence,
            zone=recurrence.zone,
            **details,
        )
        return self._put(calendar or self.calendar, item)

    def change(self, item: Item, **details: Any) -> Item:
        """Change an event or a whole series."""
        for name, value in details.items():
            setattr(item, name, value)
        if item.recurrence is not None and "recurrence" in details:
            item.start = next(item.recurrence.starts(datetime.max.replace(tzinfo=UTC)))
            item.end = item.start + item.recurrence.length
        self._stamp(item.master or item, item)
        self.on_change(self, self._home(item), item.id, "updated")
        return item

    def remove(self, item: Item) -> None:
        """Delete an event or a whole series."""
        home = self._home(item)
        del home.items[item.id]
        self.number += 1
        home.gone[item.id] = self.number
        self.on_change(self, home, item.id, "deleted")

    def change_occurrence(self, series: Item, original: datetime, **details: Any) -> Item:
        """Make one occurrence differ from its series: other times, other anything."""
        original = original.astimezone(UTC)
        if series.recurrence is None:
            raise ValueError("Not a series")
        found = series.exceptions.get(original)
        if found is None:
            found = series.plain(original, series.recurrence.length)
            found.original_start = original
            series.exceptions[original] = found
        return self.change(found, **details)

    def cancel_occurrence(self, series: Item, original: datetime) -> None:
        """Delete one occurrence: deltas tell that its series changed, not which one is gone."""
        series.deleted.add(original.astimezone(UTC))
        series.exceptions.pop(original.astimezone(UTC), None)
        self.change(series)

    def move(self, item: Item, calendar: CalendarKept) -> None:
        """Into another calendar; ids stay, if they are of the kind that does."""
        home = self._home(item)
        del home.items[item.id]
        self.number += 1
        home.gone[item.id] = self.number
        self.on_change(self, home, item.id, "deleted")
        self._put(calendar, item)

    def add_contact(self, folder: Folder | None = None, **fields: Any) -> str:
        """A contact with Graph's own fields; its id."""
        contact_id = new_id("AAkP")
        self.change_contact(contact_id, folder, **fields)
        return contact_id

    def change_contact(self, contact_id: str, folder: Folder | None = None, **fields: Any) -> None:
        """Change a contact, or add one by that id."""
        home = folder or self.folders[0]
        self.number += 1
        known = home.contacts.get(contact_id)
        home.contacts[contact_id] = (self.number, {**(known[1] if known else {}), **fields})
        self.on_change(self, home, contact_id, "updated" if known else "created")

    def remove_contact(self, contact_id: str, folder: Folder | None = None) -> None:
        """Delete a contact."""
        home = folder or self.folders[0]
        del home.contacts[contact_id]
        self.number += 1
        home.gone[contact_id] = self.number
        self.on_change(self, home, contact_id, "deleted")

    def forget_tokens(self) -> None:
        """All that clients were given to go on from is unknown from now on: 410."""
        self.generation += 1

    def find(self, item_id: str) -> tuple[CalendarKept, Item] | None:
        """An event, a series, or an occurrence of one."""
        for calendar in self.calendars:
            if found := calendar.items.get(item_id):
                return calendar, found
            for master in calendar.items.values():
                if occurrence := occurrence_of(master, item_id):
                    return calendar, occurrence
        return None

    def _home(self, item: Item) -> CalendarKept:
        wanted = (item.master or item).id
        return next(each for each in self.calendars if wanted in each.items)

    def _put(self, calendar: CalendarKept, item: Item) -> Item:
        self._stamp(item)
        item.created = item.number
        calendar.items[item.id] = item
        calendar.gone.pop(item.id, None)
        self.on_change(self, calendar, item.id, "created")
        return item

    def _stamp(self, *items: Item) -> None:
        self.number += 1
        for each in items:
            each.number = self.number
            each.modified = self.now()


def _moment(when: datetime | date) -> datetime:
    if isinstance(when, datetime):
        return when.astimezone(UTC)
    return datetime(when.year, when.month, when.day, tzinfo=UTC)

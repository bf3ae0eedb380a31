"""A mailbox: folders, meetings and contacts in them, and what changed when."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from dateutil.rrule import rrulestr

_numbers = count(1)


class StaleState(Exception):  # reads as what happened
    """A sync state that is not known, or no longer."""


@dataclass(frozen=True)
class Folder:
    """A folder of a mailbox; `distinguished` is the name that every mailbox has it by."""

    id: str
    name: str
    kind: str = "Folder"  # the element
    cls: str = "IPF.Note"
    parent: str = ""
    distinguished: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting, or a series when it has a `rule`; an occurrence has `original`."""

    id: str
    folder: str
    uid: str
    subject: str
    start: datetime
    end: datetime
    all_day: bool = False
    status: str = "Busy"
    response: str = "Organizer"
    sensitivity: str = "Normal"
    cancelled: bool = False
    categories: tuple[str, ...] = ()
    rule: str = ""
    zone_id: str = "W. Europe Standard Time"
    modified: datetime
    kind: str = "Single"
    original: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Card:
    """A contact, or a list of recipients."""

    id: str
    folder: str
    name: str = ""
    title: str = ""
    department: str = ""
    company: str = ""
    phones: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()
    is_list: bool = False


@dataclass
class Reply:
    """Automatic replies."""

    state: str = "Disabled"
    start: datetime | None = None
    end: datetime | None = None


def now() -> datetime:
    """The clock of mailboxes that are given no other."""
    return datetime.now(UTC)


@dataclass
class Mailbox:
    """Somebody's, with what it kept. Changes are told by `SyncFolderItems` in their order."""

    address: str
    user: str
    password: str
    clock: Callable[[], datetime] = now
    reply: Reply = field(default_factory=Reply)
    folders: dict[str, Folder] = field(default_factory=dict)
    items: dict[str, Meeting | Card] = field(default_factory=dict)
    moved: dict[str, dict[datetime, dict[str, Any] | None]] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)  # folder, item
    epoch: int = 0

    def __post_init__(self) -> None:
        """The folders that every mailbox has."""
        self.root = self.folder("Postlåda", distinguished="msgfolderroot")
        self.calendar = self.folder(
            "Kalender", "CalendarFolder", "IPF.Appointment", distinguished="calendar"
        )
        self.contacts = self.folder(
            "Kontakter", "ContactsFolder", "IPF.Contact", distinguished="contacts"
        )
        self.folder("Inkorg", distinguished="inbox")
        self.deleted = self.folder("Borttaget", distinguished="deleteditems")

    def folder(
        self,
        name: str,
        kind: str = "Folder",
        cls: str = "IPF.Note",
        parent: str = "",
        distinguished: str = "",
    ) -> str:
        """A new folder; its id."""
        folder_id = _new_id("folder", self.address)
        root = getattr(self, "root", "")
        self.folders[folder_id] = Folder(folder_id, name, kind, cls, parent or root, distinguished)
        return folder_id

    def other_calendar(self, name: str, parent: str = "") -> str:
        """Another calendar; its id."""
        return self.folder(name, "CalendarFolder", "IPF.Appointment", parent or self.calendar)

    def drop_folder(self, folder_id: str) -> None:
        """It is gone, with what was in it."""
        del self.folders[folder_id]
        self.items = {name: each for name, each in self.items.items() if each.folder != folder_id}

    def add(self, subject: str, start: datetime, end: datetime, **more: Any) -> str:
        """A meeting, or with `rule` (an RRULE in the time of *start*'s zone) a series; its id."""
        item_id = _new_id("item", self.address)
        values = {"folder": self.calendar, "uid": f"{item_id}@example.com", **more}
        self.items[item_id] = Meeting(
            id=item_id, subject=subject, start=start, end=end, modified=self.clock(), **values
        )
        self._note(item_id)
        return item_id

    def change(self, item_id: str, **changes: Any) -> None:
        """A meeting, a whole series or a contact is otherwise from now on."""
        item = self.items[item_id]
        if isinstance(item, Meeting):
            changes = {"modified": self.clock(), **changes}
        self.items[item_id] = replace(item, **changes)
        self._note(item_id)

    def change_occurrence(self, item_id: str, original: datetime, **changes: Any) -> None:
        """One of a series is otherwise than the others."""
        values = {"modified": self.clock(), **changes}
        self.moved.setdefault(item_id, {})[original.astimezone(UTC)] = values
        self._note(item_id)

    def delete_occurrence(self, item_id: str, original: datetime) -> None:
        """One of a series is gone."""
        self.moved.setdefault(item_id, {})[original.astimezone(UTC)] = None
        self._note(item_id)

    def delete(self, item_id: str) -> None:
        """It is gone; of a series, all of it."""
        self.log.append((self.items.pop(item_id).folder, item_id))

    def add_card(self, name: str, **more: Any) -> str:
        """A contact; its id."""
        item_id = _new_id("card", self.address)
        self.items[item_id] = Card(id=item_id, folder=self.contacts, name=name, **more)
        self._note(item_id)
        return item_id

    def forget_states(self) -> None:
        """No sync state that was given out is known any longer."""
        self.epoch += 1

    def view(self, folder: str, start: datetime, end: datetime) -> list[Meeting]:
        """What is in a calendar then, series told one by one."""
        found = [
            each
            for item in self.items.values()
            if isinstance(item, Meeting) and item.folder == folder
            for each in self._each(item, end)
            if each.start < end and (each.end > start or each.start >= start)
        ]
        return sorted(found, key=lambda each: each.start)

    def find(self, item_id: str) -> Meeting | Card | None:
        """An item, or an occurrence."""
        master, _, _number = item_id.partition(".")
        item = self.items.get(master)
        if item is None or master == item_id:
            return item
        if not isinstance(item, Meeting):
            return None
        far = item.start + timedelta(days=1000)
        return next((each for each in self._each(item, far) if each.id == item_id), None)

    def since(self, folder: str, state: str, most: int) -> tuple[list[tuple[str, str]], str, bool]:
        """What changed since *state*: (kind, id) of each, the next state, and if that was all."""
        before = self._position(folder, state) if state else 0
        known = {item for where, item in self.log[:before] if where == folder}
        told: list[tuple[str, str]] = []
        position = before
        for number, (where, item) in enumerate(self.log[before:], before):
            if len(told) == most:
                break
            position = number + 1
            if where != folder or item in self._later(folder, position):
                continue
            if item in self.items:
                told.append(("Update" if item in known else "Create", item))
            elif item in known:
                told.append(("Delete", item))
        return told, self._state(folder, position), position == len(self.log)

    def _later(self, folder: str, position: int) -> set[str]:
        return {item for where, item in self.log[position:] if where == folder}

    def _each(self, item: Meeting, until: datetime) -> Iterator[Meeting]:
        if not item.rule:
            yield item
            return
        zone = item.start.tzinfo or UTC
        length = item.end - item.start
        changes = self.moved.get(item.id, {})
        rule = rrulestr(item.rule, dtstart=item.start.replace(tzinfo=None))
        for number, local in enumerate(rule):
            start = local.replace(tzinfo=zone)
            original = start.astimezone(UTC)
            if original >= until + timedelta(days=60) or number > 2000:
                return
            changed = changes.get(original, {})
            if changed is None:
                continue
            end = (original + length).astimezone(zone)
            values: dict[str, Any] = {"start": start, "end": end} | changed
            yield replace(
                item,
                id=f"{item.id}.{number}",
                kind="Exception" if changed else "Occurrence",
                original=original,
                rule="",
                **values,
            )

    def _note(self, item_id: str) -> None:
        self.log.append((self.items[item_id].folder, item_id))

    def _state(self, folder: str, position: int) -> str:
        told = [self.address, folder, self.epoch, position]
        return base64.b64encode(json.dumps(told).encode()).decode()

    def _position(self, folder: str, state: str) -> int:
        try:
            address, where, epoch, position = json.loads(base64.b64decode(state, validate=True))
        except ValueError:
            raise StaleState from None
        if (address, where, epoch) != (self.address, folder, self.epoch):
            raise StaleState
        return int(position)


def _new_id(kind: str, address: str) -> str:
    """As opaque as Exchange's: base64 with + and / in it."""
    text = f"\xfb\xef\xff{kind}-{address}-{next(_numbers)}"
    return base64.b64encode(text.encode("latin-1")).decode()

"""A row of a file of contacts: what it says, before anything is checked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from server.domain.contacts import contacts
from server.domain.errors import Invalid
from storage.models import PhoneKind

# What telephones put around a number that is copied from them.
MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SHOWN = 200  # characters of a value that a report repeats


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the column, as the file calls it, where it stood."""

    column: str
    value: str


@dataclass(slots=True)
class RawRow:
    """One contact of the file. Rows are counted as a spreadsheet does: the header is row 1."""

    number: int
    texts: dict[str, Cell] = field(default_factory=dict)
    phones: list[tuple[PhoneKind, Cell]] = field(default_factory=list)
    emails: list[Cell] = field(default_factory=list)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell: *reason* is a key of our sentences, which *facts* fill."""

    row: int
    column: str
    value: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Checked:
    """What a row came to: fields of a contact, or all that is wrong with it."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def check(row: RawRow, region: str) -> Checked:
    """The row as fields of a contact, tidied; a row with any fault is no contact."""
    checked = Checked(row.number)
    if row.fault is not None:
        checked.faults.append(row.fault)
        return checked
    for name, cell in row.texts.items():
        _try(checked, name, cell, region, cell.value)
    numbers = [
        _try(checked, "phones", cell, region, [(kind, MARKS.sub("", cell.value))])
        for kind, cell in row.phones
    ]
    addresses = [_try(checked, "emails", cell, region, [cell.value]) for cell in row.emails]
    if checked.faults:
        return checked
    fields = checked.fields
    # By number and by address, so that what the file says twice is there once.
    fields["phones"] = tuple({p.e164 or p.number: p for each in numbers for p in each}.values())
    fields["emails"] = tuple(dict.fromkeys(each for found in addresses for each in found))
    _limit(checked, "phones", contacts.MOST_PHONES)
    _limit(checked, "emails", contacts.MOST_EMAILS)
    # A company has a number too.
    fields["name"] = fields.get("name") or fields.get("company") or next(iter(fields["emails"]), "")
    if not fields["name"]:
        column = row.texts["name"].column if "name" in row.texts else ""
        checked.faults.append(Fault(row.number, column, "", "nameless"))
    return checked


def _try(checked: Checked, name: str, cell: Cell, region: str, value: Any) -> Any:
    try:
        tidy = contacts.checked({name: value}, region)[name] if value else ""
    except Invalid as error:
        facts = {key: fact for key, fact in error.facts.items() if key != "field"}
        value = cell.value[:SHOWN]
        checked.faults.append(Fault(checked.number, cell.column, value, error.reason, facts))
        return ()
    if name not in ("phones", "emails"):
        checked.fields[name] = tidy
    return tidy


def _limit(checked: Checked, name: str, most: int) -> None:
    if len(checked.fields[name]) > most:
        facts = {"limit": most}
        checked.faults.append(Fault(checked.number, name, "", "too_many", facts))

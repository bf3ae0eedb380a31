"""A spreadsheet of people, as text: read, and checked cell by cell. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from server.domain.accounts import profile, rules
from server.domain.errors import Invalid, OverQuota
from storage.models import PhoneKind

COLUMNS = ("email", "name", "plan", "role", "title", "department", "work", "mobile", "language")
NEEDED = ("email", "name")
CHOICES = {
    "plan": ("basic", "pro", "business", "enterprise"),
    "role": ("member", "admin", "attendant"),
    "language": ("sv", "en"),
}
PHONES: tuple[PhoneKind, ...] = ("work", "mobile")
MOST_ROWS = 5000
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell. Rows are counted as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    value: str
    reason: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the file. A column that the file lacks, or a choice left empty, is absent."""

    number: int
    fields: dict[str, Any]
    phones: dict[PhoneKind, str]


@dataclass(slots=True)
class Table:
    """What the file says, and all that is wrong with it."""

    rows: list[Row]
    faults: list[Fault]


def decode(data: bytes) -> str:
    """The file's text: UTF-8 with or without its mark, else Windows-1252. Raises OverQuota."""
    if len(data) > MOST_BYTES:
        raise OverQuota("payload")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(data: bytes) -> Table:
    """The people in a CSV file with `,` or `;` between cells.

    Raises OverQuota when it is too long.
    """
    lines = _lines(decode(data))
    table = Table([], [])
    try:
        columns = [cell.strip().lower() for cell in next(lines, [])]
        table.faults += _header_faults(columns)
        if not table.faults:
            _read_rows(lines, columns, table)
    except csv.Error:
        last = table.rows[-1].number if table.rows else 0
        table.faults.append(Fault(last + 1, "", "", "csv"))
    return table


def _lines(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _header_faults(columns: list[str]) -> list[Fault]:
    known = ", ".join(COLUMNS)
    faults = [
        Fault(1, name, name, "column_unknown", {"columns": known})
        for name in columns
        if name not in COLUMNS
    ]
    faults += [Fault(1, name, name, "column_twice") for name in COLUMNS if columns.count(name) > 1]
    faults += [Fault(1, name, "", "column_missing") for name in NEEDED if name not in columns]
    return faults


def _read_rows(lines: Iterator[list[str]], columns: list[str], table: Table) -> None:
    seen: dict[str, int] = {}
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.rows) >= MOST_ROWS:
            raise OverQuota("rows", limit=MOST_ROWS)
        if len(cells) > len(columns):
            extra = cells[len(columns)]
            table.faults.append(Fault(number, columns[-1], extra, "too_many_cells"))
        named = dict(zip(columns, cells, strict=False))
        row = _read_row(number, named, table.faults)
        table.rows.append(row)
        email = row.fields.get("email")
        if email in seen:
            facts: dict[str, object] = {"first": seen[email]}
            table.faults.append(Fault(number, "email", email, "email_twice", facts))
        elif email:
            seen[email] = number


def _read_row(number: int, cells: dict[str, str], faults: list[Fault]) -> Row:
    row = Row(number, {}, {})
    for column in COLUMNS:
        if column not in cells and column not in NEEDED:
            continue
        value = cells.get(column, "").strip()
        try:
            _take(column, value, row)
        except Invalid as error:
            facts = {key: fact for key, fact in error.facts.items() if key != "field"}
            faults.append(Fault(number, column, value, error.reason, facts))
    return row


def _take(column: str, value: str, row: Row) -> None:
    """Check one cell and put it where it belongs. Raises Invalid."""
    if column in CHOICES:
        if value:
            row.fields[column] = _choice(column, value)
    elif column in PHONES:
        kind: PhoneKind = "work" if column == "work" else "mobile"
        row.phones[kind] = rules.number(value, column) if value else ""
    else:
        row.fields.update(profile.checked({column: value}))


def _choice(column: str, value: str) -> str:
    plain = value.lower()
    if plain not in CHOICES[column]:
        raise Invalid(column, "cell_choice", choices=", ".join(CHOICES[column]))
    return plain

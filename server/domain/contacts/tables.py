"""A spreadsheet of contacts, as text: whose dialect it is, and what each row says. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from server.domain.contacts.columns import kind_of, meaning, plain
from server.domain.contacts.rows import SHOWN, Cell, Fault, RawRow
from storage.models import PhoneKind

DELIMITERS = ",;\t"
NAMES = ("name", "first", "middle", "last", "company")
NUMBERS: dict[str, PhoneKind | None] = {
    "phone:work": "work",
    "phone:mobile": "mobile",
    "phone:other": "other",
    "phone:typed": None,  # the column before it told
}
SEVERAL = re.compile(r"\s*(?: ::: |[;,\n])\s*")
GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
LARGEST_CELL = 200_000

csv.field_size_limit(LARGEST_CELL)


class Unreadable(Exception):
    """The file as a whole cannot be used; the message is a key of our sentences."""


@dataclass(slots=True)
class Table:
    """The file's rows, read as they are asked for; columns that mean nothing to us."""

    rows: Iterator[RawRow]
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    meaning: str | None


def decode(data: bytes) -> str:
    """The file's text: UTF-8 with or without its mark, UTF-16, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    start = data[:400]
    if start and start[1::2].count(0) > len(start) // 4:
        return data.decode("utf-16-le", "replace")
    if start and start[::2].count(0) > len(start) // 4:
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> Table:
    """The contacts of a CSV file with `,`, `;` or tab between cells. Raises Unreadable."""
    lines = io.StringIO(text, newline="").readlines()
    while lines and not lines[0].strip():
        del lines[0]
    if not lines:
        raise Unreadable("no_rows")
    delimiter = max(DELIMITERS, key=_unquoted(lines[0]).count)
    records = _records(lines, delimiter)
    _number, header, _wrong = next(records)
    columns = [_Column(each.strip(), meaning(each)) for each in header or ()]
    columns = _without_honorific(columns)
    if not any(each.meaning in NAMES for each in columns):
        raise Unreadable("no_name_column")
    kept = {"phone type"} | {each.meaning for each in columns if each.meaning}
    ignored = [each.header for each in columns if each.meaning not in kept and each.header]
    return Table(_rows(records, columns), ignored)


def _unquoted(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _without_honorific(columns: list[_Column]) -> list[_Column]:
    """Outlook has both Title, which is Mr or Ms, and Job Title."""
    titles = [each for each in columns if each.meaning == "title"]
    if len(titles) < 2:
        return columns
    return [_Column(c.header, None) if plain(c.header) == "title" else c for c in columns]


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str] | None, str]]:
    """(row, its cells or None, the text) of each; after one that is broken, from its next line."""
    at, number = 0, 0
    taken = [0]

    def feed() -> Iterator[str]:
        for index in range(at, len(lines)):
            taken[0] = index + 1
            yield lines[index]

    while at < len(lines):
        reader = csv.reader(feed(), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                number += 1
                at = taken[0]
                yield number, cells, ""
        except csv.Error:
            number += 1
            broken = lines[at]
            at += 1
            yield number, None, broken
        else:
            return


def _rows(
    records: Iterator[tuple[int, list[str] | None, str]], columns: list[_Column]
) -> Iterator[RawRow]:
    for number, cells, broken in records:
        if cells is None:
            fault = Fault(number, "", broken.strip()[:SHOWN], "csv")
            yield RawRow(number, fault=fault)
        elif any(cell.strip() for cell in cells):
            yield _row(number, cells, columns)


def _row(number: int, cells: list[str], columns: list[_Column]) -> RawRow:
    row = RawRow(number)
    if any(cell.strip() for cell in cells[len(columns) :]):
        extra = next(cell for cell in cells[len(columns) :] if cell.strip())
        row.fault = Fault(number, columns[-1].header, extra[:SHOWN], "too_many_cells")
        return row
    parts: dict[str, Cell] = {}
    kind: PhoneKind = "other"
    for column, raw in zip(columns, cells, strict=False):
        value = GUARDED.sub("", raw.strip(), count=1)
        if column.meaning is None or not value:
            continue
        if column.meaning == "phone type":
            kind = kind_of(value)
        elif column.meaning in NUMBERS:
            found: PhoneKind = NUMBERS[column.meaning] or kind
            row.phones += [(found, cell) for cell in _several(column, value)]
        elif column.meaning == "email":
            row.emails += _several(column, value)
        else:
            parts.setdefault(column.meaning, Cell(column.header, value))
    _name(row, parts, columns)
    return row


def _several(column: _Column, value: str) -> list[Cell]:
    found = [GUARDED.sub("", each, count=1) for each in SEVERAL.split(value)]
    return [Cell(column.header, each) for each in found if each]


def _name(row: RawRow, parts: dict[str, Cell], columns: list[_Column]) -> None:
    pieces = [parts.pop(each) for each in ("first", "middle", "last") if each in parts]
    if "name" not in parts and pieces:
        whole = " ".join(each.value for each in pieces)
        parts["name"] = Cell(pieces[0].column, whole)
    if "name" not in parts:
        first = next(each for each in columns if each.meaning in NAMES)
        parts["name"] = Cell(first.header, "")
    row.texts = parts

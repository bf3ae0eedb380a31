"""Contacts as vCards (RFC 2426 and RFC 6350, and the older 2.1): read and written. Pure."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator
from typing import Any

import vobject

from server.domain.contacts.columns import kind_of
from server.domain.contacts.rows import SHOWN, Cell, Fault, RawRow
from server.domain.contacts.tables import Unreadable
from storage.models import PhoneKind
from storage.telephony import Contact

BEGIN = re.compile(r"^BEGIN:VCARD\s*$", re.IGNORECASE)
END = re.compile(r"^END:VCARD\s*$", re.IGNORECASE)
HEAVY = re.compile(r"^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
QUOTED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE(?=[;:])", re.IGNORECASE)
CHARSET = re.compile(r';CHARSET="?([\w-]+)"?(?=[;:])', re.IGNORECASE)
TYPE: dict[PhoneKind, str] = {"work": "WORK,VOICE", "mobile": "CELL,VOICE", "other": "VOICE"}
LINE_END = re.compile(r"\r\n|\r|\n")
FOLD = 75  # octets of a line


def read(text: str) -> Iterator[RawRow]:
    """The cards of the file, counted from 1. Raises Unreadable when there is none."""
    cards = _cards(text)
    first = next(cards, None)
    if first is None:
        raise Unreadable("no_cards")
    return _rows(first, cards)


def _rows(first: list[str], others: Iterator[list[str]]) -> Iterator[RawRow]:
    yield _row(1, first)
    for number, card in enumerate(others, start=2):
        yield _row(number, card)


def _cards(text: str) -> Iterator[list[str]]:
    """The lines of each card, without pictures and the like."""
    card: list[str] | None = None
    heavy = False
    for line in LINE_END.split(text):
        if BEGIN.match(line):
            if card is not None:
                yield card  # it was never ended
            card, heavy = [], False
        elif END.match(line):
            if card is not None:
                yield card
            card = None
        elif card is not None:
            folded = line[:1] in (" ", "\t")
            heavy = heavy if folded else bool(HEAVY.match(line))
            if not heavy:
                card.append(line)
    if card is not None:
        yield card


def _row(number: int, lines: list[str]) -> RawRow:
    row = RawRow(number)
    try:
        body = "\r\n".join(["BEGIN:VCARD", *_decoded(lines), "END:VCARD", ""])
        card = vobject.readOne(body)
        for line in card.getChildren():
            _take(row, line)
    except Exception:  # noqa: BLE001 - whatever the library makes of a broken card, it is one fault
        shown = next((line for line in lines if ":" in line), "")[:SHOWN]
        return RawRow(number, fault=Fault(number, "vCard", shown, "vcard"))
    if not row.texts.get("name"):
        row.texts["name"] = Cell("FN", "")
    return row


def _take(row: RawRow, line: Any) -> None:
    name, value = line.name, line.value
    if name == "FN" and str(value).strip():
        row.texts["name"] = Cell("FN", str(value))
    elif name == "N" and "name" not in row.texts:
        parts = (value.given, value.additional, value.family)
        words = [" ".join(each) if isinstance(each, list) else str(each) for each in parts]
        whole = " ".join(word for word in words if word.strip())
        if whole:
            row.texts["name"] = Cell("N", whole)
    elif name == "ORG":
        units = value if isinstance(value, list) else str(value).split(";")
        for field, text in zip(("company", "department"), units, strict=False):
            row.texts[field] = Cell("ORG", text)
    elif name in ("TITLE", "NOTE"):
        row.texts[name.lower()] = Cell(name, str(value))
    elif name == "TEL" and str(value).strip():
        kinds = ",".join([*_types(line), *getattr(line, "singletonparams", [])])
        if "fax" not in kinds.casefold():
            row.phones.append((kind_of(kinds), Cell("TEL", _uri(str(value)))))
    elif name == "EMAIL" and str(value).strip():
        row.emails.append(Cell("EMAIL", str(value).removeprefix("mailto:")))


def _types(line: Any) -> list[str]:
    found: list[str] = line.params.get("TYPE", [])
    return found


def _uri(value: str) -> str:
    """`tel:+46-70-174-06-05;ext=1` as a number."""
    return value.removeprefix("tel:").partition(";")[0] if value.startswith("tel:") else value


def _decoded(lines: list[str]) -> Iterator[str]:
    """Lines of vCard 2.1 as a newer one has them: quoted-printable undone."""
    waiting = iter(lines)
    for line in waiting:
        head, colon, value = line.partition(":")
        quoted = QUOTED.search(head + colon)
        if not quoted:
            yield CHARSET.sub("", head + colon) + value if colon else line
            continue
        while value.endswith("="):
            value = value[:-1] + next(waiting, "").lstrip(" \t")
        charset = CHARSET.search(head + colon)
        raw = quopri.decodestring(value.encode("latin-1", "replace"))
        plain = _text(raw, charset[1] if charset else "utf-8")
        head = CHARSET.sub("", QUOTED.sub("", head + colon))
        yield head + re.sub(r"\r\n?|\n", r"\\n", plain)


def _text(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return raw.decode("cp1252", "replace")


def write(contacts: Iterable[Contact]) -> str:
    """These contacts as vCards 3.0, lines folded and ended as the standard has it."""
    return "".join(_card(each) for each in contacts)


def _card(contact: Contact) -> str:
    first, _, last = contact.name.rpartition(" ")
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_escaped(contact.name)}",
        f"N:{_escaped(last)};{_escaped(first)};;;",
    ]
    if contact.company or contact.department:
        lines.append(f"ORG:{_escaped(contact.company)};{_escaped(contact.department)}")
    if contact.title:
        lines.append(f"TITLE:{_escaped(contact.title)}")
    lines += [f"TEL;TYPE={TYPE[each.kind]}:{_escaped(each.number)}" for each in contact.phones]
    lines += [f"EMAIL;TYPE=INTERNET:{_escaped(each)}" for each in contact.emails]
    if contact.note:
        lines.append(f"NOTE:{_escaped(contact.note)}")
    lines.append("END:VCARD")
    return "".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", r"\n")


def _folded(line: str) -> str:
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += octets
    return "\r\n".join([*pieces, piece]) + "\r\n"

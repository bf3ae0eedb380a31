"""Contacts as files to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence

from server.app import App
from server.domain.accounts.rules import NUMBER
from server.domain.contacts import vcards
from storage.models import PhoneKind, User
from storage.telephony import Contact

FIELDS = ("name", "title", "department", "company", "work", "mobile", "other", "email", "note")
MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
RISKY = ("=", "+", "-", "@", "\t", "\r")
JOINED = " ::: "  # between several in one cell, as Google does


async def vcard(app: App, actor: User, scope: str) -> AsyncIterator[str]:
    """The contacts of *scope* as vCards, some at a time."""
    async for some in _all(app, actor, scope):
        yield vcards.write(some)


async def table(
    app: App, actor: User, scope: str, headers: Sequence[str], delimiter: str
) -> AsyncIterator[str]:
    """The contacts of *scope* as CSV, some at a time; *headers* name `FIELDS`."""
    yield MARK + lines([headers], delimiter)
    async for some in _all(app, actor, scope):
        yield lines((_cells(each) for each in some), delimiter)


def lines(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Rows of CSV that no spreadsheet runs as a formula."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return target.getvalue()


def guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run; a number keeps its plus."""
    if not text.startswith(RISKY):
        return text
    return text if all(NUMBER.fullmatch(each) for each in text.split(JOINED)) else f"'{text}"


def _cells(contact: Contact) -> list[str]:
    return [
        contact.name,
        contact.title,
        contact.department,
        contact.company,
        _numbers(contact, "work"),
        _numbers(contact, "mobile"),
        _numbers(contact, "other"),
        JOINED.join(contact.emails),
        contact.note,
    ]


def _numbers(contact: Contact, kind: PhoneKind) -> str:
    return JOINED.join(each.number for each in contact.phones if each.kind == kind)


async def _all(app: App, actor: User, scope: str) -> AsyncIterator[list[Contact]]:
    """Every contact, some at a time; who is told by several sources, once."""
    owner_id = None if scope == "global" else actor.id
    async for some in app.stores.contacts.all(actor.org_id, owner_id):
        together = await app.stores.twins.of(some)
        shown = (together[each.id].shown for each in some)
        yield [one for one, each in zip(shown, some, strict=True) if one.id == each.id]

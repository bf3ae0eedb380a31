"""Contacts on a CardDAV server (RFC 6352), by sync-token, else by etags.

A cursor tells how far each book was read. When the books are others than last time, all are read
again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from caldav.elements import dav
from caldav.elements.base import BaseElement

from integrations.contract import CursorLost, People, Person
from integrations.dav import Client, Item, holding, path_of, quoted, same_server, short

CARDDAV = "{urn:ietf:params:xml:ns:carddav}"
AT_A_TIME = 200
MOST_PHONES = 20

Kind = Literal["work", "mobile", "other"]


class AddressData(BaseElement):
    """A contact as vCard."""

    tag = f"{CARDDAV}address-data"


class Multiget(BaseElement):
    """Several contacts at once."""

    tag = f"{CARDDAV}addressbook-multiget"


def books(client: Client, home: str) -> list[str]:
    """The addresses of somebody's address books."""
    if not home:
        return []
    answer = client.propfind(home, [dav.ResourceType()], 1)
    return [
        same_server(answer.url, item.href)
        for item in answer.items
        if item.has(dav.ResourceType.tag, f"{CARDDAV}addressbook")
    ]


@dataclass(slots=True)
class Plan:
    """What is left to read, page by page."""

    books: list[str]
    cursor: str
    done: bool = False
    _known: dict[str, Any] = field(default_factory=dict)
    _after: dict[str, Any] = field(default_factory=dict)
    _waiting: list[tuple[str, Item]] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raises CursorLost when the books are others than those that were read."""
        self._known = json.loads(self.cursor) if self.cursor else {}
        if self.cursor and set(self._known) != {path_of(book) for book in self.books}:
            raise CursorLost("books")
        self._left = [*self.books]

    def page(self, client: Client) -> People:
        """The next contacts; the last page tells the cursor, also when there are none."""
        removed: list[str] = []
        if not self._waiting and self._left:
            removed = self._begin(client, self._left.pop(0))
        part, self._waiting = self._waiting[:AT_A_TIME], self._waiting[AT_A_TIME:]
        people, faulty = _read(client, part)
        self.done = not self._waiting and not self._left
        return People(
            people=tuple(people),
            removed=tuple(removed),
            faulty=tuple(faulty),
            full=not self.cursor,
            cursor=json.dumps(self._after) if self.done else "",
        )

    def _begin(self, client: Client, book: str) -> list[str]:
        """Find out what changed in a book; tells what is gone."""
        path = path_of(book)
        known = self._known.get(path) or {}
        if "etags" in known:
            return self._compare(client, book, known["etags"])
        try:
            items, token = client.synced(book, str(known.get("token") or ""))
        except CursorLost:
            if known:
                raise
            return self._compare(client, book, {})
        self._after[path] = {"token": token}
        self._waiting = [(book, item) for item in items if item.status != 404]
        return [item.path for item in items if item.status == 404]

    def _compare(self, client: Client, book: str, before: dict[str, str]) -> list[str]:
        answer = client.propfind(book, [dav.GetEtag(), dav.ResourceType()], 1)
        found = {
            item.path: item
            for item in answer.items
            if not item.has(dav.ResourceType.tag, dav.Collection.tag)
        }
        after = {path: short(item.text(dav.GetEtag.tag)) for path, item in found.items()}
        self._after[path_of(book)] = {"etags": after}
        self._waiting = [(book, found[path]) for path in after if before.get(path) != after[path]]
        return [path for path in before if path not in after]


def person_of(ref: str, text: str) -> Person:
    """A vCard as a contact. Raises ValueError when it is none."""
    import vobject  # noqa: PLC0415  # every start would wait for what contacts alone need

    try:
        card = vobject.readOne(text)
    except Exception as error:  # whatever the library makes of somebody's broken card
        raise ValueError("vcard") from error
    if card is None or card.name != "VCARD":
        raise ValueError("vcard")
    company, department = [*_words(card, "org"), "", ""][:2]
    return Person(
        ref=ref,
        name=_text(card, "fn"),
        title=_text(card, "title"),
        company=company,
        department=department,
        phones=tuple(_phones(card)),
        emails=tuple(str(each.value) for each in card.contents.get("email", []) if each.value),
        note=_text(card, "note"),
    )


def _read(
    client: Client, wanted: list[tuple[str, Item]]
) -> tuple[list[Person], list[tuple[str, str]]]:
    people: list[Person] = []
    faulty: list[tuple[str, str]] = []
    if not wanted:
        return people, faulty
    hrefs = [dav.Href(value=quoted(item.href)) for _book, item in wanted]
    query = holding(Multiget(), holding(dav.Prop(), dav.GetEtag(), AddressData()), *hrefs)
    for item in client.report(wanted[0][0], query).items:
        text = item.text(AddressData.tag)
        if item.status == 404 or not text:
            continue
        try:
            people.append(person_of(item.path, text))
        except ValueError:
            faulty.append((item.path, "unreadable"))
    return people, faulty


def _phones(card: Any) -> list[tuple[Kind, str]]:
    found: list[tuple[Kind, str]] = []
    for each in card.contents.get("tel", [])[:MOST_PHONES]:
        kinds = {str(word).upper() for word in each.params.get("TYPE", [])}
        number = str(each.value).strip().removeprefix("tel:")
        if not number or kinds & {"FAX", "PAGER"}:
            continue
        found.append(
            ("mobile" if "CELL" in kinds else "work" if "WORK" in kinds else "other", number)
        )
    return found


def _text(card: Any, name: str) -> str:
    found = card.contents.get(name)
    return str(found[0].value).strip() if found else ""


def _words(card: Any, name: str) -> list[str]:
    found = card.contents.get(name)
    value = found[0].value if found else []
    return [str(each).strip() for each in value] if isinstance(value, list) else [str(value)]

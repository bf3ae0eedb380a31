"""What changed since a token, page by page, with all the oddities that clients must bear."""

from __future__ import annotations

import base64
import json
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from standins.graph import wire
from standins.graph.asked import Asked, Refused
from standins.graph.item import Item
from standins.graph.mailbox import CalendarKept, Folder, MailboxKept

KEPT_ROUNDS = 2000
USUAL_PAGE = 10
LARGEST_PAGE = 1000

Row = tuple[Literal["event", "stub", "contact", "deleted", "changed"], Any]


@dataclass(slots=True)
class Round:
    """One walk through the pages; asking for a page again gives the same page."""

    token: dict[str, Any]
    rows: list[Row]
    size: int  # of a page, as the first request wanted it
    empty_at: frozenset[int]


@dataclass(slots=True)
class Deltas:
    """The walks that are going on. `empty_pages` are put into every walk."""

    empty_pages: int = 0
    repeated: int = 0  # rows that are told twice in every walk
    seed: int = 1
    _rounds: OrderedDict[str, Round] = field(default_factory=OrderedDict)

    def events(self, asked: Asked, mailbox: MailboxKept, calendar: CalendarKept) -> dict[str, Any]:
        """A page of /calendarView/delta."""
        return self._page(asked, mailbox, calendar, _event_rows, "Collection(event)")

    def contacts(self, asked: Asked, mailbox: MailboxKept, folder: Folder) -> dict[str, Any]:
        """A page of /contacts/delta."""
        return self._page(asked, mailbox, folder, _contact_rows, "Collection(contact)")

    def _page(
        self,
        asked: Asked,
        mailbox: MailboxKept,
        home: Any,
        rows_of: Callable[[Any, dict[str, Any]], list[Row]],
        kind: str,
    ) -> dict[str, Any]:
        skip = asked.asks("$skiptoken")
        if skip is not None:
            name, _, at = skip.rpartition(".")
            walk = self._rounds.get(name)
            if walk is None or walk.token["generation"] != mailbox.generation:
                raise sync_state_not_found()
            return self._answer(asked, name, walk, int(at), kind)
        token = _begin(asked, mailbox, home)
        now = {**token, "since": mailbox.number}
        rows = rows_of(home, token)
        random.Random(self.seed + len(rows)).shuffle(rows)
        rows += rows[: self.repeated]
        name = f"r{len(self._rounds)}x{random.getrandbits(64):x}"
        self._rounds[name] = Round(
            now, rows, _size(asked), frozenset(range(1, self.empty_pages + 1))
        )
        while len(self._rounds) > KEPT_ROUNDS:
            self._rounds.popitem(last=False)
        return self._answer(asked, name, self._rounds[name], 0, kind)

    def _answer(self, asked: Asked, name: str, walk: Round, at: int, kind: str) -> dict[str, Any]:
        size, page = walk.size, at - sum(1 for each in walk.empty_at if each <= at)
        rows = [] if at in walk.empty_at else walk.rows[page * size : (page + 1) * size]
        last = max([(max(len(walk.rows), 1) - 1) // size + len(walk.empty_at), *walk.empty_at])
        body: dict[str, Any] = {
            "@odata.context": f"{asked.base}/$metadata#{kind}",
            "value": [_written(each, asked) for each in rows],
        }
        here = f"{asked.base}/{'/'.join(asked.path)}"
        if at < last:
            body["@odata.nextLink"] = f"{here}?$skiptoken={name}.{at + 1}"
        else:
            body["@odata.deltaLink"] = f"{here}?$deltatoken={_sealed(walk.token)}"
            select = asked.asks("$select")
            if select and kind.endswith("(contact)"):
                body["@odata.deltaLink"] += f"&$select={select}"
        return body


def sync_state_not_found() -> Refused:
    """The token is too old: all must be read again."""
    return Refused(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; generation=1; a full synchronization is required.",
    )


def _size(asked: Asked) -> int:
    return min(int(asked.prefers("odata.maxpagesize") or USUAL_PAGE), LARGEST_PAGE)


def _begin(asked: Asked, mailbox: MailboxKept, home: Any) -> dict[str, Any]:
    written = asked.asks("$deltatoken")
    if written is not None:
        token = _opened(written)
        if token["generation"] != mailbox.generation or token["home"] != home.id:
            raise sync_state_not_found()
        return token
    token = {"home": home.id, "generation": mailbox.generation, "since": 0}
    if isinstance(home, CalendarKept):
        if asked.asks("$select") or asked.asks("$filter") or asked.asks("$orderby"):
            raise Refused(
                400, "ErrorInvalidUrlQuery", "The query parameter is not supported with 'Delta'."
            )
        token |= {name: _day(asked, name) for name in ("startDateTime", "endDateTime")}
    return token


def _day(asked: Asked, name: str) -> str:
    written = asked.asks(name)
    if written is None:
        raise Refused(
            400,
            "ErrorInvalidParameter",
            "This request requires a time window specified by the query string parameters "
            "StartDateTime and EndDateTime.",
        )
    return moment_of(written).isoformat()


def moment_of(written: str) -> datetime:
    """A moment that a client wrote; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Refused(400, "ErrorInvalidParameter", "The time is not a valid date.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _event_rows(calendar: CalendarKept, token: dict[str, Any]) -> list[Row]:
    start, end = (moment_of(token[each]) for each in ("startDateTime", "endDateTime"))
    since = token["since"]
    rows: list[Row] = [("deleted", gone) for gone, at in calendar.gone.items() if at > since > 0]
    for item in calendar.items.values():
        if item.recurrence is not None:
            rows += _series_rows(item, start, end, since)
        elif item.number > since:
            if item.within(start, end):
                rows.append(("event", item))
            elif since and item.created <= since:
                rows.append(("changed", item.id))
    return rows


def _series_rows(master: Item, start: datetime, end: datetime, since: int) -> list[Row]:
    """A new series is told with its occurrences; of an old one only what changed by itself."""
    if master.number <= since:
        return []
    found = list(master.occurrences(start, end))
    rows: list[Row] = [("event", master)] if found or since else []
    for each in found:
        differs = each.original_start is not None
        if differs and each.number > since:
            rows.append(("event", each))
        elif not differs and master.created > since:
            rows.append(("stub", each))
    if since:
        shown = {each.id for each in found}
        rows += [
            ("changed", each.id)
            for each in master.exceptions.values()
            if each.number > since and each.id not in shown
        ]
    return rows


def _contact_rows(folder: Folder, token: dict[str, Any]) -> list[Row]:
    since = token["since"]
    rows: list[Row] = [("deleted", gone) for gone, at in folder.gone.items() if at > since > 0]
    for contact_id, (number, fields) in folder.contacts.items():
        if number > since:
            rows.append(("contact", (contact_id, number, fields)))
    return rows


def _written(row: Row, asked: Asked) -> dict[str, Any]:
    kind, what = row
    if kind == "event":
        return wire.event(what, asked)
    if kind == "stub":
        return wire.stub(what, asked)
    if kind == "contact":
        return wire.selected(wire.contact(*what), asked.asks("$select"))
    return {"id": wire.spell(what, asked), "@removed": {"reason": kind}}


def _sealed(token: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode().rstrip("=")


def _opened(written: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(written + "=="))
    except ValueError as error:
        raise Refused(
            400, "SyncStateInvalid", "The sync state is invalid; a full sync is required."
        ) from error
    return found

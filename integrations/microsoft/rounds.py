"""What changed in a calendar: a walk through /calendarView/delta to its last page.

A delta tells too little of series. Occurrences come as stubs, a deleted one is not told of at all,
and the master's row carries the times of the first. So a series of which anything changed is listed
anew as a whole, and a full round completes stubs from their masters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from integrations.contract import (
    BadAnswer,
    Calendar,
    Changes,
    CursorLost,
    Event,
    Unreachable,
    Window,
)
from integrations.microsoft.events import (
    FIELDS,
    Row,
    event_of,
    is_master,
    is_removal,
    series_of,
)
from integrations.microsoft.graph import Graph
from integrations.microsoft.throttling import Missing, error_of

PAGE = 200
MOST = 20_000  # events of one calendar in a window of some weeks


@dataclass(slots=True)
class Walk:
    """What the pages of one round said. A row that comes again is the truer one."""

    rows: dict[str, Row] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    link: str = ""

    def take(self, page: Mapping[str, Any]) -> None:
        """One page more."""
        for row in page["value"]:
            name = row.get("id") if isinstance(row, dict) else None
            if not isinstance(name, str):
                continue
            if is_removal(row):
                self.rows.pop(name, None)
                self.removed.add(name)
            else:
                self.removed.discard(name)
                self.rows[name] = row
        if len(self.rows) > MOST:
            raise BadAnswer("too_many")

    def masters(self) -> dict[str, Row]:
        """The series that were told of."""
        return {name: row for name, row in self.rows.items() if is_master(row)}


@dataclass(slots=True)
class Told:
    """Rows made events; those that cannot be are counted."""

    private: bool
    events: list[Event] = field(default_factory=list)
    faulty: list[tuple[str, str]] = field(default_factory=list)

    def add(self, row: Row, master: Row | None = None) -> None:
        """One event or occurrence more."""
        try:
            self.events.append(event_of(row, master, private=self.private))
        except ValueError as error:
            self.faulty.append((str(row.get("id") or ""), str(error)))
        except (TypeError, AttributeError, OverflowError):
            self.faulty.append((str(row.get("id") or ""), "shape"))


async def full_round(graph: Graph, calendar: Calendar, window: Window) -> Changes:
    """Everything in *window*, and a cursor to go on from."""
    home = _home(calendar)
    path = f"{graph.root}{home}/calendarView/delta"
    start, end = (each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in (window.start, window.end))
    walk = await _walk(graph, graph.url(path, startDateTime=start, endDateTime=end))
    masters = walk.masters()
    singles = [row for row in walk.rows.values() if not is_master(row)]
    unknown = {series_of(row) for row in singles} - {""} - set(masters)
    masters |= await _masters(graph, home, sorted(unknown))
    told = Told(calendar.busy_only)
    for row in singles:
        series = series_of(row)
        if series and series not in masters:
            continue  # it went while we were reading
        told.add(row, masters.get(series))
    return Changes(
        events=tuple(told.events),
        full=True,
        cursor=_cursor(walk.link),
        faulty=tuple(told.faulty),
    )


async def next_round(graph: Graph, calendar: Calendar, window: Window, cursor: str) -> Changes:
    """What changed since *cursor*. Raises CursorLost."""
    walk = await _walk(graph, graph.own(_link(cursor)))
    told = Told(calendar.busy_only)
    touched: set[str] = set()
    for row in walk.rows.values():
        if series := series_of(row):
            touched.add(series)
        else:
            told.add(row)
    again = await _again(graph, _home(calendar), sorted(touched), walk.masters(), window, told)
    listed = {event.ref for event in told.events}
    return Changes(
        events=tuple(told.events),
        removed=tuple(sorted((walk.removed | (touched - again)) - listed)),
        series=tuple(sorted(again)),
        cursor=_cursor(walk.link),
        faulty=tuple(told.faulty),
    )


async def _walk(graph: Graph, url: str) -> Walk:
    walk = Walk()
    async for page in graph.pages(url, PAGE):
        walk.take(page)  # a page may be empty and yet not the last
        walk.link = page.get("@odata.deltaLink") or ""
    if not walk.link:
        raise BadAnswer("no_cursor")
    graph.own(walk.link)
    return walk


async def _again(
    graph: Graph,
    home: str,
    series: Sequence[str],
    known: Mapping[str, Row],
    window: Window,
    told: Told,
) -> set[str]:
    """Tell all occurrences of these series; those that still are."""
    masters = {name: known[name] for name in series if name in known}
    masters |= await _masters(graph, home, [name for name in series if name not in known])
    start, end = (each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in (window.start, window.end))
    query = f"startDateTime={start}&endDateTime={end}&$top={PAGE}&$select={FIELDS}"
    names = [name for name in series if name in masters]
    paths = [f"{home}/events/{quote(each, safe='')}/instances?{query}" for each in names]
    still: set[str] = set()
    for name, answer in zip(names, await graph.batch(paths), strict=True):
        page = _good(answer)
        if page is None:
            continue
        still.add(name)
        for row in await _rows(graph, page):
            # A reader of one occurrence is not told its series: it is the one we asked for.
            told.add({**row, "seriesMasterId": name}, masters[name])
    return still


async def _rows(graph: Graph, page: Mapping[str, Any]) -> list[Row]:
    """The rows of a page at hand and of those after it."""
    rows = list(page.get("value") or ())
    following = page.get("@odata.nextLink")
    if following is not None:
        async for each in graph.pages(graph.own(following)):
            rows += each["value"]
    return [row for row in rows if isinstance(row, dict)]


async def _masters(graph: Graph, home: str, series: Sequence[str]) -> dict[str, Row]:
    """The series' own rows; those that are gone are left out."""
    paths = [f"{home}/events/{quote(each, safe='')}?$select={FIELDS}" for each in series]
    found = {
        name: _good(answer) for name, answer in zip(series, await graph.batch(paths), strict=True)
    }
    return {name: row for name, row in found.items() if row is not None}


def _good(answer: tuple[int, Mapping[str, str], Any]) -> dict[str, Any] | None:
    """A part of a batch; None when there is no such thing."""
    status, headers, body = answer
    if status == 200 and isinstance(body, dict):
        return body
    error = error_of(status, headers, body) if status >= 300 else BadAnswer("batch")
    if isinstance(error, Missing):
        return None
    if isinstance(error, CursorLost):
        raise Unreachable(status)
    raise error


def _home(calendar: Calendar) -> str:
    """Of a mailbox; what is in a calendar that somebody shares is only found there."""
    return f"/calendars/{quote(calendar.id, safe='')}"


def _cursor(link: str) -> str:
    return json.dumps({"link": link})


def _link(cursor: str) -> str:
    try:
        link = json.loads(cursor)["link"]
    except (ValueError, KeyError, TypeError):
        raise CursorLost("unreadable") from None
    return str(link)

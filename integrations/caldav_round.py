"""One CalDAV calendar, read once: all of it, or what changed since a cursor.

A cursor is a sync-token (RFC 6578) where the server has them, else the ctag and all etags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement

from integrations.contract import BadAnswer, Changes, CursorLost, Event, Unreachable
from integrations.dav import Client, Item, Missing, holding, path_of, quoted, short
from integrations.ical import Reading, events_of
from integrations.ical_times import DAY
from integrations.safe_http import TooLarge

AT_A_TIME = 100  # objects in a multiget
MOST_OBJECTS = 20_000
ZONE = re.compile(r"^TZID:(.{1,100})$", re.MULTILINE)
CTAG = "{http://calendarserver.org/ns/}getctag"


class GetCtag(BaseElement):
    """A word that changes whenever anything in a collection does."""

    tag = CTAG


@dataclass(frozen=True, slots=True)
class Round:
    """A calendar at an address, and how to read it."""

    client: Client
    url: str
    reading: Reading

    def changes(self, cursor: str) -> Changes:
        """What changed since *cursor*; all of it when that is "".

        Raises CursorLost, and what integrations.contract names.
        """
        known = _known(cursor)
        try:
            if known is None:
                return self._full()
            return self._synced(known) if "token" in known else self._compared(known)
        except Missing as error:
            if known is None:
                raise
            raise CursorLost(*error.args) from error

    def _full(self) -> Changes:
        """Everything in the window. The cursor is of before it was read: nothing falls between."""
        wanted = [dav.SyncToken(), GetCtag(), cdav.CalendarTimeZone()]
        top = self.client.propfind(self.url, wanted)
        here = top.items[0] if top.items else Item("", "", 200, {})
        token = here.text(dav.SyncToken.tag)
        known: dict[str, Any] = {"token": token}
        if not token or not self._understands(token):
            known = {"ctag": here.text(CTAG), "etags": self._etags()}
        named = ZONE.search(here.text(cdav.CalendarTimeZone.tag))
        known["zone"] = named[1].strip() if named else ""
        events, faulty, _series = self._read(self._query(), known["zone"])
        return Changes(events=events, faulty=faulty, full=True, cursor=json.dumps(known))

    def _understands(self, token: str) -> bool:
        try:
            self.client.synced(self.url, token)
        except CursorLost:
            return False
        return True

    def _synced(self, known: dict[str, Any]) -> Changes:
        items, after = self.client.synced(self.url, known["token"])
        gone = [item.path for item in items if item.status == 404]
        changed = [item for item in items if item.status != 404]
        return self._told(changed, gone, {**known, "token": after})

    def _compared(self, known: dict[str, Any]) -> Changes:
        top = self.client.propfind(self.url, [GetCtag()])
        ctag = top.items[0].text(CTAG) if top.items else ""
        if ctag and ctag == known.get("ctag"):
            return Changes(cursor=json.dumps(known))
        before: dict[str, str] = known.get("etags") or {}
        after = self._etags()
        gone = [path for path in before if path not in after]
        changed = [
            Item(path, path, 200, {}) for path, etag in after.items() if before.get(path) != etag
        ]
        return self._told(changed, gone, {**known, "ctag": ctag, "etags": after})

    def _told(self, changed: list[Item], gone: list[str], known: dict[str, Any]) -> Changes:
        events, faulty, series = self._read(self._get(changed), str(known.get("zone") or ""))
        missing = {item.path for item in changed} - set(series)
        return Changes(
            events=events,
            faulty=faulty,
            series=(*series, *gone, *sorted(missing)),
            cursor=json.dumps(known),
        )

    def _etags(self) -> dict[str, str]:
        answer = self.client.propfind(self.url, [dav.GetEtag(), dav.ResourceType()], 1)
        return {
            item.path: short(item.text(dav.GetEtag.tag))
            for item in answer.items
            if not item.has(dav.ResourceType.tag, dav.Collection.tag)
            and item.path.rstrip("/") != path_of(self.url).rstrip("/")
        }

    def _query(self) -> Iterator[Item]:
        """Objects with something in the window; all of them where a server cannot search."""
        window = self.reading.window
        span = cdav.TimeRange(window.start - DAY, window.end + DAY)
        events = holding(cdav.CompFilter("VCALENDAR"), holding(cdav.CompFilter("VEVENT"), span))
        query = holding(cdav.CalendarQuery(), _data(), holding(cdav.Filter(), events))
        try:
            answer = self.client.report(self.url, query)
        except (Missing, TooLarge):
            yield from self._get([Item(path, path, 200, {}) for path in self._etags()])
        else:
            yield from answer.items

    def _get(self, wanted: list[Item]) -> Iterator[Item]:
        for start in range(0, len(wanted), AT_A_TIME):
            yield from self._multiget(wanted[start : start + AT_A_TIME])

    def _multiget(self, wanted: list[Item]) -> Iterator[Item]:
        """These objects; fewer at a time when together they are too large (what is attached)."""
        hrefs = [dav.Href(value=quoted(item.href)) for item in wanted]
        query = holding(cdav.CalendarMultiGet(), _data(), *hrefs)
        try:
            answer = self.client.report(self.url, query)
        except TooLarge:
            if len(wanted) == 1:
                yield replace(wanted[0], status=413)
                return
            yield from self._multiget(wanted[: len(wanted) // 2])
            yield from self._multiget(wanted[len(wanted) // 2 :])
        else:
            yield from answer.items

    def _read(
        self, items: Iterable[Item], zone: str
    ) -> tuple[tuple[Event, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
        """Their occurrences, what could not be read, and the paths of those that are there.

        *zone* is the calendar's own, for times that have none.
        """
        reading = replace(self.reading, zone=zone) if zone else self.reading
        events: list[Event] = []
        faulty: list[tuple[str, str]] = []
        series: list[str] = []
        for item in items:
            text = item.text(cdav.CalendarData.tag)
            if item.status == 413:
                faulty.append((item.path, "too_large"))
                series.append(item.path)
                continue
            if item.status >= 500:  # a moment's fault of theirs deletes nothing
                raise Unreachable(item.status)
            if item.status == 404 or not text:
                continue
            series.append(item.path)
            if len(series) > MOST_OBJECTS:
                raise BadAnswer("too_large")
            try:
                found = events_of(text, reading, item.path)
            except BadAnswer as error:
                faulty.append((item.path, str(error)))
                continue
            events += found.events
            faulty += found.faulty
        return tuple(events), tuple(faulty), tuple(series)


def _data() -> BaseElement:
    return holding(dav.Prop(), dav.GetEtag(), cdav.CalendarData())


def _known(cursor: str) -> dict[str, Any] | None:
    try:
        found = json.loads(cursor) if cursor else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

"""Calendars on a CalDAV server (RFC 4791): what changed by sync-token, else by ctag and etags.

Credentials: `{address, username, password, time_zone?}`, the address a URL or an e-mail; what was
found out about the server is added as `found`. A whole object (`series`, its path) is always told
anew, so that a series that became one event, or none, leaves nothing behind.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement

from integrations import carddav, dav_discovery
from integrations.contract import (
    Access,
    BadAnswer,
    Calendar,
    Changes,
    CursorLost,
    Event,
    People,
    Window,
)
from integrations.dav import (
    Client,
    Item,
    Missing,
    holding,
    path_of,
    quoted,
    same_server,
    short,
)
from integrations.dav_discovery import Lookup, Place
from integrations.ical import DEFAULT_ZONE, Reading, events_of
from integrations.safe_http import Network, TooLarge
from integrations.threads import in_thread
from integrations.unpushed import Unpushed

AT_A_TIME = 100  # objects in a multiget
MOST_OBJECTS = 20_000
DAY = timedelta(days=1)
READ_BUSY = "{urn:ietf:params:xml:ns:caldav}read-free-busy"
PRIVILEGES = "{DAV:}current-user-privilege-set"
COLOUR = "{http://apple.com/ns/ical/}calendar-color"
CTAG = "{http://calendarserver.org/ns/}getctag"
SHARED = "{http://calendarserver.org/ns/}shared"

T = TypeVar("T")


class GetCtag(BaseElement):
    """A word that changes whenever anything in a collection does."""

    tag = CTAG


class CalendarColor(BaseElement):
    """The colour that its owner gave a calendar."""

    tag = COLOUR


class Privileges(BaseElement):
    """What we may do with it."""

    tag = PRIVILEGES


@dataclass(frozen=True, slots=True)
class _Account:
    """Somebody's account while it is being asked: where it is and who they are."""

    client: Client
    place: Place
    me: frozenset[str]
    zone: str


class CalDav(Unpushed):
    """Calendars and address books on a server of somebody's own.

    See integrations.contract.CalendarProvider.
    """

    has_people = True

    def __init__(self, network: Network, lookup: Lookup = dav_discovery.look_up) -> None:
        """*lookup* asks DNS where a domain's calendars are."""
        self._network, self._lookup = network, lookup

    async def calendars(self, access: Access) -> list[Calendar]:
        """The calendars that hold events, in the server's order; the first is the primary one."""
        return await self._do(access, _calendars)

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """Objects that changed, each with all its occurrences in the window."""

        def work(account: _Account) -> Changes:
            reading = Reading(window=window, me=account.me, zone=account.zone)
            url = same_server(account.place.calendars, calendar.id)
            return _Round(account, url, reading).changes(cursor)

        return await self._do(access, work)

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        """The contacts in the account's address books."""
        place = await self._do(access, lambda account: account.place)
        found = {**access.credentials, "found": dav_discovery.as_json(place)}
        here = Access(found, access.address, access.keep)
        books = await self._do(here, lambda account: carddav.books(account.client, place.books))
        plan = carddav.Plan(books, cursor)
        while not plan.done:
            yield await self._do(here, lambda account: plan.page(account.client))

    async def _do(self, access: Access, work: Callable[[_Account], T]) -> T:
        """Run *work* in a thread; keep what was found out about the server."""
        known = dav_discovery.from_json(access.credentials.get("found"))
        found, result = await in_thread(self._within, access, known, work)
        if found != known:
            await access.keep({**access.credentials, "found": dav_discovery.as_json(found)})
        return result

    def _within(
        self, access: Access, known: Place | None, work: Callable[[_Account], T]
    ) -> tuple[Place, T]:
        told = {key: str(access.credentials.get(key) or "") for key in KEYS}
        scheme = known.scheme if known else ""
        with Client(self._network, told["username"], told["password"], scheme) as client:
            place = known or dav_discovery.find(client, told["address"], self._lookup)
            mine = {*place.addresses, told["username"].lower(), told["address"].lower()}
            account = _Account(
                client,
                place,
                frozenset(each for each in mine if "@" in each and "/" not in each),
                told["time_zone"] or DEFAULT_ZONE,
            )
            return place, work(account)


KEYS = ("address", "username", "password", "time_zone")


def _calendars(account: _Account) -> list[Calendar]:
    wanted = [
        dav.ResourceType(),
        dav.DisplayName(),
        CalendarColor(),
        Privileges(),
        cdav.SupportedCalendarComponentSet(),
    ]
    answer = account.client.propfind(account.place.calendars, wanted, 1)
    found = [
        _calendar(item)
        for item in answer.items
        if item.has(dav.ResourceType.tag, cdav.Calendar.tag) and _holds_events(item)
    ]
    found.sort(key=lambda each: not each.own)
    if found and found[0].own:
        first = found[0]
        found[0] = Calendar(
            id=first.id,
            name=first.name,
            primary=True,
            colour=first.colour,
            busy_only=first.busy_only,
        )
    return found


def _calendar(item: Item) -> Calendar:
    last = item.path.rstrip("/").rpartition("/")[2]
    privileges = item.props.get(PRIVILEGES)
    may = [each.tag for each in privileges.iter()] if privileges is not None else []
    return Calendar(
        id=item.href,  # a server that moves keeps its paths
        name=item.text(dav.DisplayName.tag) or last,
        colour=item.text(COLOUR)[:7],
        own=not item.has(dav.ResourceType.tag, SHARED),
        busy_only=READ_BUSY in may and "{DAV:}read" not in may and "{DAV:}all" not in may,
    )


def _holds_events(item: Item) -> bool:
    """A server that does not say may hold anything."""
    kinds = item.props.get(cdav.SupportedCalendarComponentSet.tag)
    names = [each.get("name") for each in kinds] if kinds is not None else []
    return not names or "VEVENT" in names


@dataclass(frozen=True, slots=True)
class _Round:
    """One calendar, read once."""

    account: _Account
    url: str
    reading: Reading

    def changes(self, cursor: str) -> Changes:
        known = _known(cursor)
        try:
            if known is None:
                return self._full()
            if "token" in known:
                return self._synced(known["token"])
            return self._compared(known)
        except Missing as error:
            if known is None:
                raise
            raise CursorLost(*error.args) from error

    def _full(self) -> Changes:
        """Everything in the window. The cursor is of before it was read: nothing falls between."""
        client = self.account.client
        top = client.propfind(self.url, [dav.SyncToken(), GetCtag()])
        here = top.items[0] if top.items else Item("", "", 200, {})
        token = here.text(dav.SyncToken.tag)
        known: dict[str, Any] = {"token": token}
        if not token or not self._understands(token):
            known = {"ctag": here.text(CTAG), "etags": self._etags()}
        events, faulty, _series = self._read(self._query())
        return Changes(events=events, faulty=faulty, full=True, cursor=json.dumps(known))

    def _understands(self, token: str) -> bool:
        try:
            self.account.client.synced(self.url, token)
        except CursorLost:
            return False
        return True

    def _synced(self, token: str) -> Changes:
        items, after = self.account.client.synced(self.url, token)
        gone = [item.path for item in items if item.status == 404]
        changed = [item for item in items if item.status != 404]
        return self._told(changed, gone, {"token": after})

    def _compared(self, known: dict[str, Any]) -> Changes:
        top = self.account.client.propfind(self.url, [GetCtag()])
        ctag = top.items[0].text(CTAG) if top.items else ""
        if ctag and ctag == known.get("ctag"):
            return Changes(cursor=json.dumps(known))
        before: dict[str, str] = known.get("etags") or {}
        after = self._etags()
        gone = [path for path in before if path not in after]
        changed = [
            Item(path, path, 200, {}) for path, etag in after.items() if before.get(path) != etag
        ]
        return self._told(changed, gone, {"ctag": ctag, "etags": after})

    def _told(self, changed: list[Item], gone: list[str], known: dict[str, Any]) -> Changes:
        events, faulty, series = self._read(self._get(changed))
        missing = {item.path for item in changed} - set(series)
        return Changes(
            events=events,
            faulty=faulty,
            series=(*series, *gone, *sorted(missing)),
            cursor=json.dumps(known),
        )

    def _etags(self) -> dict[str, str]:
        answer = self.account.client.propfind(self.url, [dav.GetEtag(), dav.ResourceType()], 1)
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
            answer = self.account.client.report(self.url, query)
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
            answer = self.account.client.report(self.url, query)
        except TooLarge:
            if len(wanted) == 1:
                yield replace(wanted[0], status=413)
                return
            yield from self._multiget(wanted[: len(wanted) // 2])
            yield from self._multiget(wanted[len(wanted) // 2 :])
        else:
            yield from answer.items

    def _read(
        self, items: Iterable[Item]
    ) -> tuple[tuple[Event, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
        """Their occurrences, what could not be read, and the paths of those that are there."""
        events: list[Event] = []
        faulty: list[tuple[str, str]] = []
        series: list[str] = []
        for item in items:
            text = item.text(cdav.CalendarData.tag)
            if item.status == 413:
                faulty.append((item.path, "too_large"))
                series.append(item.path)
                continue
            if item.status == 404 or not text:
                continue
            series.append(item.path)
            if len(series) > MOST_OBJECTS:
                raise BadAnswer("too_large")
            try:
                found = events_of(text, self.reading, item.path)
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

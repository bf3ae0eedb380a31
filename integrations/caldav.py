"""Calendars on a CalDAV server (RFC 4791): what changed by sync-token, else by ctag and etags.

Credentials: `{address, username, password, time_zone?}`, the address a URL or an e-mail; what was
found out about the server is added as `found`. A whole object (`series`, its path) is always told
anew, so that a series that became one event, or none, leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement

from integrations import carddav, dav_discovery
from integrations.caldav_round import Round
from integrations.contract import Access, Calendar, Changes, People, Window
from integrations.dav import Client, Item, Missing, same_server
from integrations.dav_discovery import Lookup, Place
from integrations.ical import Reading
from integrations.ical_times import DEFAULT_ZONE
from integrations.safe_http import Network
from integrations.threads import in_thread
from integrations.unpushed import Unpushed

READ_BUSY = "{urn:ietf:params:xml:ns:caldav}read-free-busy"
PRIVILEGES = "{DAV:}current-user-privilege-set"
COLOUR = "{http://apple.com/ns/ical/}calendar-color"
SHARED = "{http://calendarserver.org/ns/}shared"

T = TypeVar("T")


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
        try:
            return await self._do(access, _calendars)
        except Missing:
            if "found" not in access.credentials:
                raise
        anew = {key: value for key, value in access.credentials.items() if key != "found"}
        return await self._do(Access(anew, access.address, access.keep), _calendars)

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """Objects that changed, each with all its occurrences in the window."""

        def work(account: _Account) -> Changes:
            reading = Reading(window=window, me=account.me, zone=account.zone)
            url = same_server(account.place.calendars, calendar.id)
            return Round(account.client, url, reading).changes(cursor)

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

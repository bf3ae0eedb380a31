"""Google as a provider of calendars and contacts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from integrations.contract import (
    Access,
    AccessLost,
    AutoReply,
    BadAnswer,
    Calendar,
    Changes,
    CursorLost,
    Hook,
    Owner,
    People,
    Unreachable,
    Watch,
    Window,
)
from integrations.google import contacts, services
from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE, Addresses
from integrations.google.events import calendar_of
from integrations.google.keys import grants, is_service_account
from integrations.google.rounds import Round
from integrations.google.session import Door, Session

PAGE = 1000
PEOPLE_PAGE = 500
PAGES = 100  # in one answer; whoever has more never ends
MANY = 10  # pages of changes; reading the window alone is then less
SEVERAL = 2  # instances of a series told at a time: the series itself was changed
MOST_SERIES = 40  # asked for one by one; then reading everything is less
STOPPED = {"404", "notFound"}
# What is asked for of each event: no place, no text, no guests but the calendar's owner.
ITEM = (
    "id,status,iCalUID,recurringEventId,originalStartTime,start,end,transparency,visibility,"
    "eventType,summary,updated,organizer(self),attendees(self,responseStatus)"
)
EVENTS = f"accessRole,nextPageToken,nextSyncToken,items({ITEM})"
CALENDARS = "nextPageToken,items(id,summary,summaryOverride,primary,backgroundColor,accessRole)"
# Sync tokens are only good for the same question: whoever changes it counts this up.
EDITION = "1:"
NOTHING_GRANTED = "none"


class Google:
    """One for the installation; it holds no state of any account.

    Company-wide grants are service accounts: they name no owners, so a company's own people are
    tried by their addresses instead.
    """

    pushes = True
    has_people = True

    def __init__(
        self, addresses: Addresses, page: int = PAGE, people_page: int = PEOPLE_PAGE
    ) -> None:
        self._addresses = addresses
        self._page = page
        self._people_page = people_page
        self._door = Door(addresses)

    @cached_property
    def _calendar(self) -> Any:
        return services.calendar(self._addresses)

    @cached_property
    def _people(self) -> Any:
        return services.people(self._addresses)

    async def calendars(self, access: Access) -> list[Calendar]:
        """The account's list, the primary one first."""
        found: list[Calendar] = []
        async with self._door.open(access, CALENDAR_SCOPE) as session:
            query = {"maxResults": 250, "fields": CALENDARS}
            async for answer in _pages(session, lambda: self._calendar.calendarList().list, query):
                found += _readable(answer.get("items", ()))
        return sorted(found, key=lambda each: (not each.primary, not each.own, each.name))

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """What changed since *cursor*; without one, everything in *window*.

        With a sync token no times may be given: what lies outside the window is told as removed,
        since it may have been inside before.
        """
        if cursor and not cursor.startswith(EDITION):
            raise CursorLost("edition")
        query: dict[str, Any] = {
            "calendarId": calendar.id,
            "singleEvents": True,
            "maxResults": self._page,
            "maxAttendees": 1,
            "fields": EVENTS,
        }
        if cursor:
            query["syncToken"] = cursor.removeprefix(EDITION)
        else:
            query |= _times(window)
        token, pages = "", 0
        reading = Round(window, calendar.busy_only)
        series: list[str] = []
        async with self._door.open(access, CALENDAR_SCOPE) as session:
            async for answer in _pages(session, lambda: self._calendar.events().list, query):
                reading.take(answer)
                pages += 1
                if cursor and pages > MANY:
                    raise CursorLost("many_pages")
                token = answer.get("nextSyncToken", "")
            if cursor:
                series = await self._several(session, calendar, reading)
        if not token:
            raise BadAnswer("no_sync_token")
        return Changes(
            events=tuple(each for each in reading.found.values() if each is not None),
            removed=tuple(ref for ref, each in reading.found.items() if each is None)
            if cursor
            else (),
            series=(*series, *reading.gone) if cursor else (),
            full=not cursor,
            cursor=EDITION + token,
            faulty=tuple(reading.faulty.items()),
        )

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        """Contacts that changed since *cursor*, page by page; all without one.

        An account whose owner did not let us into contacts has none.
        """
        if not grants(access.credentials, CONTACTS_SCOPE):
            yield People(full=True, cursor=NOTHING_GRANTED)
            return
        if cursor and not cursor.startswith(EDITION):
            raise CursorLost("edition")
        query: dict[str, Any] = {
            "resourceName": "people/me",
            "personFields": contacts.FIELDS,
            "pageSize": self._people_page,
            "requestSyncToken": True,
        }
        if cursor:
            query["syncToken"] = cursor.removeprefix(EDITION)
        async with self._door.open(access, CONTACTS_SCOPE) as session:
            try:
                async for answer in _pages(
                    session, lambda: self._people.people().connections().list, query
                ):
                    token = answer.get("nextSyncToken", "")
                    yield contacts.people_of(
                        answer.get("connections", ()),
                        full=not cursor,
                        cursor=EDITION + token if token else "",
                    )
            except AccessLost as error:
                if not is_service_account(access.credentials) or not _only_contacts(error):
                    raise
                yield People(full=True, cursor=NOTHING_GRANTED)

    async def auto_reply(self, access: Access) -> AutoReply | None:
        """Gmail's, which calendars and contacts do not let us see: none."""
        del access
        return None

    async def watch(self, access: Access, calendar: Calendar, hook: Hook) -> Watch:
        """Open a channel with the id of *hook*; how long it is good, Google decides."""
        body = {
            "id": hook.id,
            "type": "web_hook",
            "address": hook.url,
            "token": hook.secret,
            "expiration": str(int(hook.until.timestamp() * 1000)),
        }
        async with self._door.open(access, CALENDAR_SCOPE) as session:
            answer = await session.ask(
                lambda: self._calendar.events().watch(calendarId=calendar.id, body=body)
            )
        try:
            until = datetime.fromtimestamp(int(answer["expiration"]) / 1000, UTC)
            return Watch(id=str(answer["id"]), resource=str(answer["resourceId"]), until=until)
        except (KeyError, ValueError, OverflowError):
            raise BadAnswer("channel") from None

    async def renew(self, access: Access, watch: Watch, until: datetime) -> Watch | None:
        """Channels cannot be prolonged: make a new one, then stop this."""
        del access, watch, until
        return None

    async def unwatch(self, access: Access, watch: Watch) -> None:
        """Close a channel; one that is gone is no error."""
        body = {"id": watch.id, "resourceId": watch.resource}
        async with self._door.open(access, CALENDAR_SCOPE) as session:
            try:
                await session.ask(lambda: self._calendar.channels().stop(body=body))
            except BadAnswer as error:
                if str(error) not in STOPPED:
                    raise

    async def owners(self, access: Access) -> list[Owner]:
        """Not to be had from a service account: match a company's people by address instead."""
        del access
        raise BadAnswer("owners")

    async def revoke(self, access: Access) -> None:
        """Give a consent back. A service account's reach is taken back by its company's admin."""
        token = access.credentials.get("refresh_token")
        if is_service_account(access.credentials) or not token:
            return
        async with self._door.open(access, CALENDAR_SCOPE) as session:
            status = await session.post(self._addresses.revoke, urlencode({"token": token}))
        if status == 429 or status >= 500:
            raise Unreachable(status)

    async def _several(self, session: Session, calendar: Calendar, reading: Round) -> list[str]:
        """Ask for series that were changed as a whole once more; which they were.

        It is nowhere promised that each instance that a changed series no longer has is told.
        """
        series = [each for each, count in reading.told.items() if count >= SEVERAL]
        if len(series) > MOST_SERIES:
            raise CursorLost("many_series")
        anew = []
        for each in series:
            try:
                reading.replace(each, await self._instances(session, calendar, each, reading))
            except BadAnswer:
                # Deleted, or its owner was invited to some instances alone: what was told counts.
                continue
            anew.append(each)
        return anew

    async def _instances(
        self, session: Session, calendar: Calendar, series: str, reading: Round
    ) -> Round:
        query = {
            "calendarId": calendar.id,
            "eventId": series,
            "maxResults": self._page,
            "maxAttendees": 1,
            "fields": EVENTS,
            **_times(reading.window),
        }
        anew = Round(reading.window, reading.busy_only)
        async for answer in _pages(session, lambda: self._calendar.events().instances, query):
            anew.take(answer)
        return anew


async def _pages(
    session: Session, method: Callable[[], Callable[..., Any]], query: Mapping[str, Any]
) -> AsyncIterator[dict[str, Any]]:
    """The answers to *query*, to the last page."""
    asked = dict(query)
    for _page in range(PAGES):
        answer = await session.ask(lambda: method()(**asked))
        if not isinstance(answer, dict):
            raise BadAnswer("no_object")
        yield answer
        token = answer.get("nextPageToken")
        if not token:
            return
        asked["pageToken"] = token
        await asyncio.sleep(0)
    raise BadAnswer("endless")


def _times(window: Window) -> dict[str, str]:
    return {"timeMin": window.start.isoformat(), "timeMax": window.end.isoformat()}


def _readable(items: Iterable[Any]) -> list[Calendar]:
    return [calendar_of(each) for each in items if isinstance(each, Mapping) and each.get("id")]


def _only_contacts(error: AccessLost) -> bool:
    """A company may let us into calendars and not into contacts."""
    return str(error) == "unauthorized_client"

"""Exchange on a company's own premises, over EWS.

Credentials: `{address, username, password, time_zone?}`; what was found out about the server is
added as `found`. A calendar's cursor is the server's sync state: when that tells of any change, all
of the window is read, because a change in a series does not tell which occurrences it moved.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from integrations.contract import (
    Access,
    AutoReply,
    BadAnswer,
    Calendar,
    Changes,
    Event,
    People,
    Window,
)
from integrations.exchange import events, people, services
from integrations.exchange.asking import (
    LONG_SECONDS,
    SECONDS,
    Known,
    asking,
    known_of,
    told_of,
)
from integrations.safe_http import Network
from integrations.threads import in_thread
from integrations.unpushed import Unpushed

T = TypeVar("T")


class Exchange(Unpushed):
    """Calendars and contacts on Exchange Server.

    See integrations.contract.CalendarProvider.
    """

    has_people = True

    def __init__(self, network: Network) -> None:
        self._network = network

    async def calendars(self, access: Access) -> list[Calendar]:
        """The mailbox's calendars. What is known of the server is found out anew."""
        known, found = await in_thread(self._look, access)
        if access.credentials.get("found") != known.as_json():
            await access.keep({**access.credentials, "found": known.as_json()})
        return found

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """All of the window when anything changed in the calendar, else nothing."""
        zone = str(access.credentials.get("time_zone") or "")

        def work(account: Any) -> Changes:
            return _changes(account, calendar.id, window, cursor, zone)

        return await in_thread(self._ask, access, work, SECONDS if cursor else LONG_SECONDS)

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        """The contacts in the mailbox's own book, page by page."""
        full, state, book = not cursor, cursor, ""
        while True:
            book, page, state, last = await in_thread(
                self._ask, access, _page(book, state), LONG_SECONDS
            )
            there, gone, faulty = page
            yield People(
                people=there,
                removed=gone,
                full=full,
                cursor=state if last else "",
                faulty=faulty,
            )
            if last:
                return

    async def auto_reply(self, access: Access) -> AutoReply | None:
        """How the mailbox answers by itself, when its address is known."""
        known = told_of(access.credentials)
        username = str(access.credentials.get("username") or "")

        def work(account: Any) -> AutoReply | None:
            address = known.mailbox if known else _mailbox(account, username)
            if not address:
                return None
            try:
                return events.reply_of(services.oof_settings(account, address))
            except (ValueError, LookupError):
                raise BadAnswer("reply") from None

        return await in_thread(self._ask, access, work, SECONDS)

    def _look(self, access: Access) -> tuple[Known, list[Calendar]]:
        """The calendars, and what was found out on the way."""
        with asking(self._network, access.credentials, None, SECONDS) as account:
            primary, deleted = services.named_folders(account, "calendar", "deleteditems")
            folders = services.folders_within(account, "msgfolderroot")
            try:
                found = events.calendars_of(primary, deleted, folders)
            except ValueError:
                raise BadAnswer("folders") from None
            mailbox = _mailbox(account, str(access.credentials.get("username") or ""))
            return known_of(account, mailbox), found

    def _ask(self, access: Access, work: Callable[[Any], T], seconds: float) -> T:
        known = told_of(access.credentials)
        with asking(self._network, access.credentials, known, seconds) as account:
            return work(account)


def _mailbox(account: Any, username: str) -> str:
    """The e-mail address of whoever asks: as they typed it, or as the directory knows their name.

    "" when neither tells.
    """
    if "@" in username:
        return username
    name = username.rpartition("\\")[2]
    found = services.addresses_of(account, name)
    return found[0] if len(found) == 1 else ""


def _changes(account: Any, folder: str, window: Window, cursor: str, zone: str) -> Changes:
    """The state comes first: what changes while the window is read is told the next time."""
    state, touched = cursor, not cursor
    for there, gone, after in services.changed(account, folder, cursor):
        state, touched = after, touched or bool(there or gone)
    if not touched:
        return Changes(cursor=state)
    found: list[Event] = []
    faulty: list[tuple[str, str]] = []
    for item in services.meetings(account, services.occurrences(account, folder, window)):
        try:
            found.append(events.event_of(item, zone))
        except ValueError as error:
            faulty.append((services.ref_of(item), str(error)[:40]))
    return Changes(events=tuple(found), full=True, cursor=state, faulty=tuple(faulty))


Page = tuple[tuple[Any, ...], tuple[str, ...], tuple[tuple[str, str], ...]]


def _page(book: str, state: str) -> Callable[[Any], tuple[str, Page, str, bool]]:
    """Work that reads the next page of contacts: the book, what it tells, its state, if last."""

    def work(account: Any) -> tuple[str, Page, str, bool]:
        folder = book or events.folder_id(services.named_folders(account, "contacts")[0])
        there, gone, after, last = services.changed_once(account, folder, state)
        found: list[Any] = []
        faulty: list[tuple[str, str]] = []
        for item in services.contacts(account, there):
            if not people.is_person(item):
                continue
            try:
                found.append(people.person_of(item))
            except ValueError as error:
                faulty.append((services.ref_of(item), str(error)[:40]))
        return folder, (tuple(found), tuple(gone), tuple(faulty)), after, last

    return work

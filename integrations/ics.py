"""A calendar published as a file at an address (ICS): fetched when it has changed, read whole.

Credentials: `{url, name?, time_zone?}`; the zone is for times that have none (see integrations.ical
for what comes before it).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from integrations.contract import (
    Access,
    BadAnswer,
    Calendar,
    Changes,
    People,
    Unreachable,
    Window,
)
from integrations.ical import LARGEST, Reading, events_of
from integrations.ical_times import DEFAULT_ZONE
from integrations.safe_http import Network, Session, checked, refuse
from integrations.threads import in_thread
from integrations.unpushed import Unpushed

FEED = "feed"  # the one calendar that there is
NAME = re.compile(rb"^X-WR-CALNAME[^:\r\n]*:([^\r\n]{1,200})", re.MULTILINE)
NOBODY: tuple[People, ...] = ()
HEADERS = {"Accept": "text/calendar, */*;q=0.5", "User-Agent": "Vaxel"}


class IcsFeeds(Unpushed):
    """Calendars at an address. See integrations.contract.CalendarProvider."""

    has_people = False

    def __init__(self, network: Network) -> None:
        self._network = network

    async def calendars(self, access: Access) -> list[Calendar]:
        """The one calendar, under the name that its owner or the file gives it."""
        url = _url(access)
        data, _cursor = await in_thread(self._fetch, url, {})
        if data is None or not data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"BEGIN:VCALENDAR"):
            raise BadAnswer("not_a_calendar")
        named = NAME.search(data)
        name = str(access.credentials.get("name") or "")
        if not name and named:
            name = named[1].decode("utf-8", "replace").replace("\\,", ",").strip()
        host = urlsplit(url).hostname or FEED
        return [Calendar(id=FEED, name=name or host, primary=True)]

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """All of the feed when it is another than last time; otherwise nothing."""
        del calendar  # there is one
        zone = str(access.credentials.get("time_zone") or DEFAULT_ZONE)
        reading = Reading(window=window, zone=zone)
        return await in_thread(self._changes, _url(access), reading, cursor)

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        """A feed holds no contacts."""
        del access, cursor
        for page in NOBODY:
            yield page

    def _changes(self, url: str, reading: Reading, cursor: str) -> Changes:
        known = _known(cursor)
        data, found = self._fetch(url, known)
        if data is None or (found["hash"] == known.get("hash")):
            return Changes(cursor=json.dumps(found))
        occurrences = events_of(data, reading)
        return Changes(
            events=occurrences.events,
            faulty=occurrences.faulty,
            full=True,
            cursor=json.dumps(found),
        )

    def _fetch(self, url: str, known: dict[str, str]) -> tuple[bytes | None, dict[str, str]]:
        """What is at the address, or None when it is as we know it; and how to ask next time."""
        headers = dict(HEADERS)
        if known.get("etag"):
            headers["If-None-Match"] = known["etag"]
        if known.get("modified"):
            headers["If-Modified-Since"] = known["modified"]
        with Session(self._network, LARGEST) as session, session.within():
            answer = session.get(url, headers=headers)
        if answer.status_code == 304 and known:
            return None, known
        if answer.status_code in (404, 410):  # a moment's fault of theirs empties no calendar
            raise Unreachable(answer.status_code)
        refuse(answer.status_code, answer.headers.get("Retry-After"))
        if answer.status_code != 200:
            raise Unreachable(answer.status_code)
        body = answer.content
        return body, {
            "etag": answer.headers.get("ETag", "")[:500],
            "modified": answer.headers.get("Last-Modified", "")[:100],
            "hash": hashlib.sha256(body).hexdigest(),
        }


def _url(access: Access) -> str:
    return checked(str(access.credentials.get("url") or ""))


def _known(cursor: str) -> dict[str, str]:
    try:
        found = json.loads(cursor) if cursor else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

"""Calendars of the demo's people, on the Radicale beside us: real ones, to be moved by any client.

When the demo begins Birger is in a meeting. Each start puts that meeting anew unless it still goes
on, so that whoever tries Växel finds somebody whose calendar answers the telephone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from integrations.contract import AccessLost, BadAnswer, IntegrationError, Window
from integrations.ical import Reading, events_of
from integrations.safe_http import Network, Session, origin_of, refuse
from server.app import App
from server.domain.calendars import connecting, connections, grants
from server.domain.errors import DomainError
from server.domain.plans import can
from server.embedded import radicale
from storage.calendars import Connection
from storage.models import User

LEAST = timedelta(minutes=20)  # that a meeting which has begun still lasts
HALF_HOUR = timedelta(minutes=30)
RUNNING = "demo-nu"
FOLDED = "\r\n"

log = logging.getLogger("vaxel.demo")


@dataclass(frozen=True, slots=True)
class Meeting:
    """What stands in somebody's calendar: how many days ahead, from when to when, local time."""

    name: str
    days: int
    start: str
    end: str
    subject: str
    more: str = ""


MEETINGS = {
    "astrid": (
        Meeting("demo-ledning", 1, "09:00", "10:00", "Ledningsgrupp", "RRULE:FREQ=WEEKLY"),
        Meeting("demo-massa", 1, "14:00", "15:30", "Kanske mässan", "STATUS:TENTATIVE"),
    ),
    "birger": (
        Meeting("demo-kund", 1, "13:00", "14:30", "Offert till Provbolaget"),
        Meeting("demo-tandlakare", 2, "08:00", "09:00", "Tandläkare", "CLASS:PRIVATE"),
    ),
    "rebecka": (
        Meeting("demo-lunch", 1, "11:30", "12:30", "LUN: lunch", "RRULE:FREQ=DAILY"),
        Meeting("demo-kurs", 3, "13:00", "16:00", "UTB: brandskydd"),
    ),
    "cecilia": (
        Meeting("demo-bokslut", 1, "09:00", "11:00", "Bokslut"),
        Meeting("demo-revisor", 1, "15:00", "16:00", "Revisorn"),
    ),
}


async def open_calendars(app: App) -> None:
    """Give the demo's people accounts at the embedded server, and connect them the first time.

    Does nothing where there is no such server. Whatever fails is logged: the demo goes on.
    """
    url, data_dir = app.settings.calendar_url, app.settings.data_dir
    if url is None or not radicale.serves(data_dir, url):
        return
    people = [user for user in await app.stores.users.of_demo() if can(user, "calendars")]
    known = radicale.users(data_dir)
    password = radicale.add_users(data_dir, [user.email for user in people])
    for user in people:
        account = _Account(url, user, password, app.now())
        try:
            await asyncio.to_thread(account.fill)
            await _connect(app, account, new=user.email not in known)
        except (IntegrationError, DomainError) as error:
            log.warning("demo.calendar", extra={"error": type(error).__name__})


async def _connect(app: App, account: _Account, *, new: bool) -> None:
    """Connect it the first time, and when its address or password is another than before."""
    user = account.user
    wanted = {"address": account.url, "username": user.email, "password": account.password}
    before = await _known(app, user)
    if before is None and not new:
        return  # its owner ended it
    if before is not None:
        connection, credentials = before
        if all(credentials.get(name) == value for name, value in wanted.items()):
            return
        if credentials.get("address") != account.url:
            await connections.disconnect(app, user, connection.id)
    await connecting.connect_caldav(app, user, **wanted)


async def _known(app: App, user: User) -> tuple[Connection, dict[str, Any]] | None:
    """The person's connection to a server on this machine, and what it was let in with."""
    for connection in await app.stores.connections.of_user(user.org_id, user.id):
        if connection.provider == "caldav" and connection.account == user.email:
            with suppress(AccessLost):
                credentials = grants.credentials_of(app, connection)
                if urlsplit(str(credentials.get("address"))).hostname == "127.0.0.1":
                    return connection, credentials
    return None


@dataclass(frozen=True, slots=True)
class _Account:
    """Somebody's account on the server beside us."""

    url: str
    user: User
    password: str
    now: datetime

    def fill(self) -> None:
        """Put what should be there and is not. Raises Unreachable."""
        network = Network(allowed=frozenset({origin_of(self.url)}))
        with Session(network) as session, session.within(20):
            session.auth = (self.user.email, self.password)
            for name, text in self._objects():
                where = self._address(name)
                known = session.get(where)
                if known.status_code == 404 or (name == RUNNING and self._over(known.content)):
                    headers = {"Content-Type": "text/calendar; charset=utf-8"}
                    answer = session.put(where, data=text.encode(), headers=headers)
                    refuse(answer.status_code)

    def _address(self, name: str) -> str:
        folder = f"{quote(self.user.email, safe='@')}/{radicale.CALENDAR}/"
        return urljoin(self.url, f"{folder}{name}.ics")

    def _objects(self) -> Iterator[tuple[str, str]]:
        zone = ZoneInfo(self.user.time_zone)
        local = self.now.astimezone(zone)
        if self.user.handle == "birger":
            yield RUNNING, _object(RUNNING, *around(local), "Avstämning med Astrid")
        for each in MEETINGS.get(self.user.handle, ()):
            day = (local + timedelta(days=each.days)).date()
            start, end = (
                datetime.combine(day, time.fromisoformat(clock), zone)
                for clock in (each.start, each.end)
            )
            yield each.name, _object(each.name, start, end, each.subject, each.more)

    def _over(self, text: bytes) -> bool:
        """Whether the meeting in that object has ended by now."""
        try:
            ahead = Window(start=self.now, end=self.now + timedelta(days=365))
            return not events_of(text, Reading(window=ahead)).events
        except BadAnswer:
            return True


def around(now: datetime) -> tuple[datetime, datetime]:
    """A meeting that goes on now: until a half hour that is far enough away."""
    begins = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    ends = begins + HALF_HOUR
    while ends - now < LEAST:
        ends += HALF_HOUR
    return begins, ends


def _object(name: str, start: datetime, end: datetime, subject: str, more: str = "") -> str:
    """A calendar file with one event, in UTC or, if it recurs, by the clock where it is held."""
    zone = getattr(start.tzinfo, "key", "UTC")
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vaxel//Demo//SV", "BEGIN:VEVENT"),
        f"UID:{name}@vaxel.example.com",
        f"DTSTAMP:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}",
        f"SUMMARY:{subject}",
        *([more] if more else []),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return FOLDED.join(lines)

"""Calendars kept in step, in tests: an App whose clock moves, jobs that are run by hand.

`open_engine` gives an `Engine` over an installation's databases: connect a mailbox of a provider,
sync it, and see what colleagues see and callers hear. A real server over the same settings sees
the same.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.contract import (
    Access,
    AutoReply,
    Calendar,
    CalendarProvider,
    Changes,
    CursorLost,
    Event,
    Owner,
    People,
    Watch,
    Window,
)
from server.app import App
from server.boot import Nobody, open_parts
from server.domain.activities import current, views
from server.domain.announcements.speaking import announce
from server.domain.calendars import renewals, sweep, sync
from server.domain.jobs import QUEUES, Job
from server.settings import Settings
from storage.calendars import ChosenCalendar, Connection, Mailbox
from storage.models import User
from tests.conftest import Told

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Stockholm


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Handed:
    """Jobs that were handed to the worker, which nobody runs but the test."""

    jobs: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    async def enqueue(self, job: str, *, queue: str = "default", **arguments: str) -> None:
        self.jobs.append((str(job), queue, arguments))

    def named(self, job: Job) -> list[dict[str, str]]:
        return [arguments for name, _queue, arguments in self.jobs if name == job]


RUN: dict[str, Callable[..., Any]] = {
    Job.CALENDAR_SYNC: sync.sync_many,
    Job.CALENDAR_RENEW: renewals.renew_many,
    Job.CALENDAR_SWEEP: sweep.sweep,
}


@dataclass
class Engine:
    """The App, its clock, its jobs, and what it told."""

    app: App
    clock: Callable[[], datetime]
    handed: Handed
    told: Told

    async def connect(
        self,
        user: User,
        provider: str,
        *,
        credentials: Mapping[str, Any] | None = None,
        account: str = "",
        tenant: str = "",
        company: bool = False,
        address: str = "",
        calendars: tuple[ChosenCalendar, ...] = (),
        contacts: bool = False,
        connection_id: str | None = None,
    ) -> Mailbox:
        """A connection as it is kept once consent was given, and the user's mailbox of it.

        Of a *company*'s connection there may be several mailboxes: name it by *connection_id*.
        """
        app, stores = self.app, self.app.stores
        if connection_id is None:
            connection_id = app.new_id()
            await stores.connections.add(
                Connection(
                    id=connection_id,
                    org_id=user.org_id,
                    user_id=None if company else user.id,
                    provider=provider,  # type: ignore[arg-type]  # a scripted one has any name
                    account=account or user.email,
                    tenant=tenant,
                    sealed=app.vault.seal(json.dumps(dict(credentials or {})), connection_id),
                    contacts=contacts,
                    created_at=app.now(),
                    created_by=user.id,
                )
            )
        mailbox = Mailbox(
            id=app.new_id(),
            org_id=user.org_id,
            user_id=user.id,
            connection_id=connection_id,
            provider=provider,  # type: ignore[arg-type]  # see above
            address=address,
            calendars=calendars,
            next_at=app.now(),
            created_at=app.now(),
        )
        await stores.mailboxes.add(mailbox)
        return mailbox

    async def sync_now(self, mailbox: Mailbox | str) -> Mailbox:
        """Sync as the worker does: the mailbox then. A clock that stands moves by a second."""
        mailbox_id = mailbox if isinstance(mailbox, str) else mailbox.id
        if isinstance(self.clock, Clock):
            self.clock.move(seconds=1)  # two rounds have a second between them
        await sync.sync(self.app, mailbox_id)
        return await self.mailbox(mailbox_id)

    async def drain(self, *jobs: Job) -> int:
        """Run what was handed to the worker until nothing is left, if it is one of *jobs*.

        Without any named: syncs and renewals. Returns how many jobs were run.
        """
        wanted = jobs or (Job.CALENDAR_SYNC, Job.CALENDAR_RENEW)
        count = 0
        while todo := [each for each in self.handed.jobs if each[0] in wanted]:
            for each in todo:
                self.handed.jobs.remove(each)
                if isinstance(self.clock, Clock):
                    self.clock.move(seconds=1)
                await RUN[each[0]](self.app, *each[2].values())
                count += 1
        return count

    async def sweep(self) -> int:
        """What the clock of the worker does every two seconds; how many jobs came of it."""
        await sweep.sweep(self.app)
        return await self.drain()

    async def mailbox(self, mailbox_id: str) -> Mailbox:
        found = await self.app.stores.mailboxes.get(mailbox_id)
        assert found is not None
        return found

    async def presence_of(self, user: User, at: datetime | None = None) -> dict[str, Any]:
        """What colleagues see of the user: `activity`, `until` and so on."""
        app = replace(self.app, now=lambda: at) if at else self.app
        return (await views.presences(app, [await self._afresh(user)]))[0]

    async def activity_of(self, user: User, at: datetime | None = None) -> str:
        return str((await self.presence_of(user, at))["activity"])

    async def announcement_of(
        self, user: User, at: datetime | None = None, language: Any = None
    ) -> str:
        """What somebody who calls the user hears."""
        user, moment = await self._afresh(user), at or self.app.now()
        app = replace(self.app, now=lambda: moment)
        state = (await current.states(app, [user]))[user.id]
        return (await announce(app, user, state, moment, language=language)).text

    async def is_closed(self, user: User, at: datetime | None = None) -> bool:
        """Whether the user's telephone is closed."""
        app = replace(self.app, now=lambda: at) if at else self.app
        return (await current.states(app, [await self._afresh(user)]))[user.id].closed

    async def _afresh(self, user: User) -> User:
        self.app.stores.activities.forget(user.org_id, user.id)
        found = await self.app.stores.users.find(user.id)
        assert found is not None
        return found


@asynccontextmanager
async def open_engine(
    settings: Settings,
    calendars: Mapping[str, CalendarProvider] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> AsyncIterator[Engine]:
    """An Engine over *settings*' databases; *calendars* instead of the installation's providers."""
    found = clock or Clock()
    async with open_parts(settings, "engine", found) as parts:
        told, handed = Told(parts=parts), Handed()
        await parts.redis.delete(*QUEUES)  # what other tests left there for no worker
        app = replace(parts.app(told, Nobody()), jobs=handed)
        if calendars is not None:
            app = replace(app, calendars=calendars)
        yield Engine(app, found, handed, told)


# A provider that does what a test says


@dataclass
class Scripted:
    """A provider whose one calendar is kept here; it can be told to fail.

    Cursors are numbers of versions. `failures` are raised one by one, the next at each call;
    `before` is awaited in the middle of each reading.
    """

    pushes: bool = True
    has_people: bool = False
    events: dict[str, Event] = field(default_factory=dict)
    log: list[tuple[int, str]] = field(default_factory=list)
    version: int = 0
    oldest: int = 0
    calls: list[str] = field(default_factory=list)
    failures: list[Exception | None] = field(default_factory=list)
    before: Callable[[], Any] | None = None
    reply: AutoReply | None = None
    faulty: tuple[tuple[str, str], ...] = ()
    tokens: dict[str, Any] | None = None
    watches: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    renews: bool = True
    life: timedelta = timedelta(days=7)
    now: Callable[[], datetime] = field(default_factory=Clock)
    seen: list[Mapping[str, Any]] = field(default_factory=list)

    def put(self, *events: Event) -> None:
        """Events that are new, or as they are now."""
        for event in events:
            self.version += 1
            self.events[event.ref] = event
            self.log.append((self.version, event.ref))

    def delete(self, ref: str) -> None:
        self.version += 1
        del self.events[ref]
        self.log.append((self.version, ref))

    def forget_cursors(self) -> None:
        """Every cursor is too old from now on."""
        self.oldest = self.version = self.version + 1

    async def calendars(self, access: Access) -> list[Calendar]:
        self._called("calendars", access)
        return [Calendar(id="main", name="Kalender", primary=True)]

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        self._called("changes" if cursor else "full", access)
        if self.tokens is not None:
            kept, self.tokens = self.tokens, None
            await access.keep(kept)
        if cursor and int(cursor) < self.oldest:
            raise CursorLost
        version = self.version
        if cursor:
            touched = {ref for number, ref in self.log if number > int(cursor)}
            events = tuple(each for ref, each in self.events.items() if ref in touched)
            removed = tuple(touched - set(self.events))
        else:
            events, removed = tuple(self.events.values()), ()
        if self.before is not None:
            await self.before()
        return Changes(
            events=events,
            removed=removed,
            full=not cursor,
            cursor=str(version),
            faulty=self.faulty,
        )

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        self._called("people", access)
        yield People(full=not cursor, cursor="1")

    async def auto_reply(self, access: Access) -> AutoReply | None:
        return self.reply

    async def watch(self, access: Access, calendar: Calendar, hook: Any) -> Watch:
        self._called("watch", access)
        self.order.append(f"watch {hook.id}")
        self.watches[hook.id] = calendar.id
        self.secrets[hook.id] = hook.secret
        return Watch(id=hook.id, resource=f"r-{calendar.id}", until=self.now() + self.life)

    async def renew(self, access: Access, watch: Watch, until: datetime) -> Watch | None:
        self._called("renew", access)
        if not self.renews or watch.id not in self.watches:
            return None
        return replace(watch, until=self.now() + self.life)

    async def unwatch(self, access: Access, watch: Watch) -> None:
        self._called("unwatch", access)
        self.order.append(f"stop {watch.id}")
        self.watches.pop(watch.id, None)
        self.stopped.append(watch.id)

    async def owners(self, access: Access) -> list[Owner]:
        return []

    async def revoke(self, access: Access) -> None:
        self._called("revoke", access)

    def _called(self, what: str, access: Access) -> None:
        self.calls.append(what)
        self.seen.append(dict(access.credentials))
        if self.failures:
            failure = self.failures.pop(0)
            if failure is not None:
                raise failure


def meeting(ref: str, start: datetime, minutes: float = 60, **changes: Any) -> Event:
    """A meeting in the scripted calendar."""
    values: dict[str, Any] = {
        "uid": f"{ref}@example.com",
        "start": start,
        "end": start + timedelta(minutes=minutes),
        "subject": f"Möte om {ref}",
        "response": "organizer",
        "modified": start - timedelta(days=1),
    }
    return Event(ref=ref, **{**values, **changes})

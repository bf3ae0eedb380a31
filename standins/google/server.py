"""Google in small: sign-in, Calendar, People and push, over HTTP or HTTPS on this machine."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, TCPConnector, web

from standins import tls
from standins.google import contacts, listing, partial, refusals, writing
from standins.google.accounts import Account, Accounts, ServiceAccount
from standins.google.calendars import Calendar
from standins.google.channels import Channels
from standins.google.login import Client, Login, bearer
from standins.google.opaque import Sealer
from standins.google.series import Resource
from standins.pki import Authority

SCOPE = "https://www.googleapis.com/auth/"
WRITING_SCOPES = frozenset({f"{SCOPE}calendar", f"{SCOPE}calendar.events"})
READING_SCOPES = WRITING_SCOPES | {f"{SCOPE}calendar.readonly", f"{SCOPE}calendar.events.readonly"}
CONTACT_SCOPES = {f"{SCOPE}contacts", f"{SCOPE}contacts.readonly"}
ZONE = "Europe/Stockholm"


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass
class Trouble:
    """An answer that is given instead of the true one, *times* times.

    To requests whose path has *where* in it, after *spared* of them.
    """

    refused: refusals.Refused
    where: str = ""
    spared: int = 0
    times: int = 1


class Google:
    """All that there is. Its methods change things as people would."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.url = ""
        self.clock = clock
        self.accounts = Accounts(clock)
        self.channels = Channels(clock)
        self.login = Login(self.accounts, lambda: self.url)
        self.calendars: dict[str, Calendar] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.troubles: list[Trouble] = []
        self.sealer = Sealer()

    def add_client(self, client_id: str, secret: str, *redirect_uris: str) -> None:
        """Register a program."""
        self.login.clients[client_id] = Client(client_id, secret, redirect_uris)

    def add_service_account(self, *scopes: str, project: str = "vaxel-demo") -> ServiceAccount:
        """A service account that may act for anybody within *scopes*."""
        return self.accounts.service(project, set(scopes))

    def add_account(
        self, email: str, name: str = "", *, zone: str = ZONE, has_calendar: bool = True
    ) -> Calendar:
        """A person; their own calendar."""
        account = Account(email, name or email, has_calendar)
        self.accounts.people[email] = account
        calendar = Calendar(email, name or email, zone, self.clock, self._changed)
        self.calendars[email] = calendar
        account.shares[email] = "owner"
        return calendar

    def add_calendar(self, calendar_id: str, summary: str, zone: str = ZONE) -> Calendar:
        """Another calendar; nobody sees it before it is shared."""
        calendar = Calendar(calendar_id, summary, zone, self.clock, self._changed)
        self.calendars[calendar_id] = calendar
        return calendar

    def share(self, calendar_id: str, email: str, role: str) -> None:
        """Put a calendar on a person's list, with the role that they have in it."""
        self.accounts.people[email].shares[calendar_id] = role

    def book(self, email: str) -> contacts.Book:
        """A person's contacts."""
        return self.accounts.people[email].book

    def fail(
        self, refused: refusals.Refused, where: str = "", *, spared: int = 0, times: int = 1
    ) -> None:
        """Answer that to the next requests whose path has *where* in it."""
        self.troubles.append(Trouble(refused, where, spared, times))

    def count(self, where: str) -> int:
        """How many requests had *where* in their path."""
        return sum(where in path for _, path, _ in self.requests)

    def application(self) -> web.Application:
        """The doors."""
        app = web.Application(middlewares=[refusals.speaking, self._noting])
        base = "/calendar/v3"
        of_calendar = f"{base}/calendars/{{calendar_id}}"
        app.add_routes(
            [
                *self.login.routes(),
                web.get(f"{base}/users/me/calendarList", self.list_calendars),
                web.get(f"{base}/users/me/calendarList/{{calendar_id}}", self.one_calendar),
                web.get(f"{of_calendar}/events", self.list_events),
                web.post(f"{of_calendar}/events", self.insert),
                web.patch(f"{of_calendar}/events/{{event_id}}", self.patch),
                web.delete(f"{of_calendar}/events/{{event_id}}", self.delete),
                web.get(f"{of_calendar}/events/{{event_id}}/instances", self.list_instances),
                web.post(f"{of_calendar}/events/watch", self.watch),
                web.post(f"{base}/channels/stop", self.stop),
                web.get("/v1/people/me/connections", self.list_people),
            ]
        )
        return app

    async def list_calendars(self, request: web.Request) -> web.Response:
        """calendarList.list."""
        account = self._calendar_user(request)
        size = min(int(request.query.get("maxResults", "100")), 250)
        first = int(request.query.get("pageToken", "0"))
        entries = [self._entry(account, each) for each in sorted(account.shares)]
        answer: dict[str, Any] = {
            "kind": "calendar#calendarList",
            "items": entries[first : first + size],
        }
        if first + size < len(entries):
            answer["nextPageToken"] = str(first + size)
        else:
            answer["nextSyncToken"] = self.sealer.seal(list=account.email)
        return self._json(request, answer)

    async def one_calendar(self, request: web.Request) -> web.Response:
        """calendarList.get."""
        account = self._calendar_user(request)
        calendar, _role = self._calendar(request, account)
        return self._json(request, self._entry(account, calendar.id))

    async def list_events(self, request: web.Request) -> web.Response:
        """events.list."""
        calendar, role = self._calendar(request, self._calendar_user(request))
        return self._json(request, listing.events(calendar, request.query, role, self.sealer))

    async def list_instances(self, request: web.Request) -> web.Response:
        """events.instances."""
        calendar, role = self._calendar(request, self._calendar_user(request))
        series_id = request.match_info["event_id"]
        return self._json(request, listing.instances(calendar, series_id, request.query, role))

    async def insert(self, request: web.Request) -> web.Response:
        """events.insert."""
        calendar, role = self._calendar(request, self._calendar_user(request, WRITING_SCOPES))
        return web.json_response(writing.insert(calendar, role, await request.json()))

    async def patch(self, request: web.Request) -> web.Response:
        """events.patch."""
        calendar, role = self._calendar(request, self._calendar_user(request, WRITING_SCOPES))
        event_id = request.match_info["event_id"]
        return web.json_response(writing.patch(calendar, role, event_id, await request.json()))

    async def delete(self, request: web.Request) -> web.Response:
        """events.delete."""
        calendar, role = self._calendar(request, self._calendar_user(request, WRITING_SCOPES))
        writing.delete(calendar, role, request.match_info["event_id"])
        return web.Response(status=204)

    async def watch(self, request: web.Request) -> web.Response:
        """events.watch."""
        account = self._calendar_user(request)
        calendar, _role = self._calendar(request, account)
        if not calendar.pushable:
            message = "Push notifications are not supported by this resource."
            raise refusals.calendar(400, "pushNotSupportedForRequestedResource", message)
        uri = f"{self.url}/calendar/v3/calendars/{calendar.id}/events?alt=json"
        answer = self.channels.watch(account, calendar.id, uri, await request.json())
        return web.json_response(answer)

    async def stop(self, request: web.Request) -> web.Response:
        """channels.stop."""
        self.channels.stop(self._calendar_user(request), await request.json())
        return web.Response(status=204)

    async def list_people(self, request: web.Request) -> web.Response:
        """people.connections.list."""
        try:
            grant = bearer(self.accounts, request)
        except refusals.Refused:
            message = "Request had invalid authentication credentials."
            raise refusals.people(401, "UNAUTHENTICATED", message) from None
        if not grant.scopes & CONTACT_SCOPES:
            message = "Request had insufficient authentication scopes."
            raise refusals.people(
                403, "PERMISSION_DENIED", message, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
            )
        book = grant.account.book
        answer = contacts.connections(book, request.query, self.sealer, self.clock())
        return web.json_response(answer)

    def _calendar_user(
        self, request: web.Request, scopes: frozenset[str] = READING_SCOPES
    ) -> Account:
        grant = bearer(self.accounts, request)
        if not grant.scopes & scopes:
            message = "Request had insufficient authentication scopes."
            raise refusals.calendar(403, "insufficientPermissions", message)
        if not grant.account.has_calendar:
            message = "The user must be signed up for Google Calendar."
            raise refusals.calendar(403, "notACalendarUser", message, "calendar")
        return grant.account

    def _calendar(self, request: web.Request, account: Account) -> tuple[Calendar, str]:
        calendar_id = request.match_info["calendar_id"]
        if calendar_id == "primary":
            calendar_id = account.email
        if calendar_id not in account.shares or calendar_id not in self.calendars:
            raise refusals.not_found()
        return self.calendars[calendar_id], account.shares[calendar_id]

    def _entry(self, account: Account, calendar_id: str) -> Resource:
        calendar = self.calendars[calendar_id]
        entry: Resource = {
            "kind": "calendar#calendarListEntry",
            "id": calendar_id,
            "summary": calendar.summary,
            "timeZone": calendar.zone,
            "backgroundColor": calendar.colour,
            "accessRole": account.shares[calendar_id],
            "selected": True,
        }
        return {**entry, "primary": True} if calendar_id == account.email else entry

    def _json(self, request: web.Request, answer: dict[str, Any]) -> web.Response:
        if text := request.query.get("fields"):
            try:
                answer = partial.apply(partial.read(text), answer)
            except ValueError:
                raise refusals.bad_parameter("fields", f"Invalid field selection {text}") from None
        return web.json_response(answer)

    def _changed(self, calendar: Calendar) -> None:
        self.channels.changed(calendar.id)

    @web.middleware
    async def _noting(self, request: web.Request, handler: refusals.Handler) -> web.StreamResponse:
        """Note what was asked, and answer with a trouble if one was planned."""
        self.requests.append((request.method, request.path, dict(request.query)))
        for trouble in self.troubles:
            if trouble.times < 1 or trouble.where not in request.path:
                continue
            if trouble.spared > 0:
                trouble.spared -= 1
                continue
            trouble.times -= 1
            raise trouble.refused
        return await handler(request)


@asynccontextmanager
async def serve(
    google: Google, authority: Authority | None = None, port: int = 0
) -> AsyncIterator[Google]:
    """Listen while the block runs: over TLS with *authority*, which is then trusted at push."""
    trust = authority.client_context() if authority else ssl.create_default_context()
    async with ClientSession(connector=TCPConnector(ssl=trust)) as http:
        google.channels.http = http
        try:
            if authority:
                async with tls.serve(google.application(), authority, port) as google.url:
                    yield google
            else:
                async with _plain(google.application(), port) as google.url:
                    yield google
        finally:
            google.channels.close()
            google.channels.http = None


@asynccontextmanager
async def _plain(app: web.Application, port: int) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

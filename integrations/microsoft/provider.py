"""Microsoft 365 as a kind of account."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from integrations.contract import (
    Access,
    AutoReply,
    BadAnswer,
    Calendar,
    Changes,
    CursorLost,
    Hook,
    Owner,
    People,
    Watch,
    Window,
)
from integrations.microsoft import people, rounds, times
from integrations.microsoft.graph import Graph, Line
from integrations.microsoft.registration import Registration
from integrations.microsoft.throttling import Denied, Missing, NoMailbox
from integrations.microsoft.tokens import Tokens

CALENDAR_FIELDS: Final = "id,name,color,hexColor,isDefaultCalendar,canEdit,owner"
USER_FIELDS: Final = "mail,displayName,accountEnabled,userType"
CHANGES: Final = "created,updated,deleted"


class Microsoft:
    """A CalendarProvider (see integrations.contract) for people's own accounts and companies'."""

    pushes = True
    has_people = True

    def __init__(self, registration: Registration) -> None:
        self._line = Line(registration)
        self._tokens = Tokens(registration)

    async def calendars(self, access: Access) -> list[Calendar]:
        """The mailbox's calendars, the default one first."""
        query = {"$top": "100", "$select": CALENDAR_FIELDS}
        rows: list[Mapping[str, Any]] = []
        async with self._graph(access) as graph:
            async for page in graph.pages(graph.url(f"{graph.root}/calendars", **query)):
                rows += [each for each in page["value"] if isinstance(each, dict)]
        default = next((each for each in rows if each.get("isDefaultCalendar") is True), {})
        found = [_calendar(each, _owner(default)) for each in rows if each.get("id")]
        return sorted(found, key=lambda each: not each.primary)

    async def changes(
        self, access: Access, calendar: Calendar, window: Window, cursor: str
    ) -> Changes:
        """What changed since *cursor*; everything in *window* when it is ""."""
        async with self._graph(access) as graph:
            try:
                if cursor:
                    return await rounds.next_round(graph, calendar, window, cursor)
                return await rounds.full_round(graph, calendar, window)
            except Missing:
                if cursor:  # what we went on from is gone; whether the calendar is, will be seen
                    raise CursorLost("gone") from None
                raise
            except Denied as error:
                if calendar.primary:
                    raise
                # A colleague's calendar that is no longer shared says nothing of the mailbox.
                raise BadAnswer(error) from None

    async def people(self, access: Access, cursor: str) -> AsyncIterator[People]:
        """Contacts that changed since *cursor*, page by page; all when it is ""."""
        async with self._graph(access) as graph:
            async for page in people.people(graph, cursor):
                yield page

    async def auto_reply(self, access: Access) -> AutoReply | None:
        """How the mailbox answers by itself; None also when we are not let into its settings."""
        async with self._graph(access) as graph:
            try:
                settings = await graph.get(f"{graph.root}/mailboxSettings")
            except (Denied, Missing, NoMailbox):
                return None
        told = settings.get("automaticRepliesSetting")
        status = told.get("status") if isinstance(told, dict) else None
        if status == "alwaysEnabled":
            return AutoReply()
        if status != "scheduled" or not isinstance(told, dict):
            return None
        try:
            start = times.moment(told.get("scheduledStartDateTime"))
            end = times.moment(told.get("scheduledEndDateTime"))
        except ValueError:
            raise BadAnswer("time") from None
        return AutoReply(start=start, end=end) if start < end else None

    async def watch(self, access: Access, calendar: Calendar, hook: Hook) -> Watch:
        """Ask to be told of changes. Graph calls both our addresses before it answers."""
        wanted = {
            "changeType": CHANGES,
            "notificationUrl": hook.url,
            "lifecycleNotificationUrl": hook.lifecycle_url,
            "expirationDateTime": _written(hook.until),
            "clientState": hook.secret,
        }
        async with self._graph(access) as graph:
            made = await _promised(graph, calendar, wanted)
        if not isinstance(made.get("id"), str):
            raise BadAnswer("no_subscription")
        return Watch(id=made["id"], resource=calendar.id, until=_until(made, hook.until))

    async def renew(self, access: Access, watch: Watch, until: datetime) -> Watch | None:
        """Prolong a promise; None when there is none any more."""
        body = {"expirationDateTime": _written(until)}
        async with self._graph(access) as graph:
            try:
                kept = await graph.ask("PATCH", _subscription(graph, watch), body=body)
            except (Missing, CursorLost):
                return None
        return Watch(id=watch.id, resource=watch.resource, until=_until(kept, until))

    async def unwatch(self, access: Access, watch: Watch) -> None:
        """Ask to be told no more; a promise that is gone is no error."""
        async with self._graph(access) as graph:
            try:
                await graph.ask("DELETE", _subscription(graph, watch))
            except (Missing, CursorLost):
                return

    async def owners(self, access: Access) -> list[Owner]:
        """The company's people who have a mailbox, and may sign in."""
        query = {"$top": "999", "$select": USER_FIELDS}
        found: dict[str, Owner] = {}
        async with self._graph(access) as graph:
            async for page in graph.pages(graph.url("/users", **query)):
                for each in page["value"]:
                    mail = each.get("mail")
                    guest = each.get("userType") == "Guest"  # whose mailbox is elsewhere
                    if mail and not guest and each.get("accountEnabled") is not False:
                        name = str(each.get("displayName") or "")
                        found[mail.casefold()] = Owner(address=str(mail), name=name)
        return list(found.values())

    async def revoke(self, access: Access) -> None:
        """Microsoft has no way for an application to give back a consent or a token.

        What we hold is erased where it is kept. Its owner ends the consent at
        myapplications.microsoft.com, a company's administrator in Entra's enterprise applications.
        """
        self._tokens.forget(access)

    @asynccontextmanager
    async def _graph(self, access: Access) -> AsyncIterator[Graph]:
        async with self._line.open() as http:
            yield Graph(self._line, http, self._tokens, access)


def _calendar(row: Mapping[str, Any], myself: str) -> Calendar:
    primary = row.get("isDefaultCalendar") is True
    return Calendar(
        id=str(row["id"]),
        name=str(row.get("name") or ""),
        primary=primary,
        colour=str(row.get("hexColor") or ""),
        own=primary or (row.get("canEdit") is not False and _owner(row) in ("", myself)),
    )


def _owner(row: Mapping[str, Any]) -> str:
    owner = row.get("owner")
    return str(owner.get("address") or "").casefold() if isinstance(owner, dict) else ""


async def _promised(graph: Graph, calendar: Calendar, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Watch that calendar alone, or all of the mailbox's where Graph does no less."""
    if not calendar.primary:
        with contextlib.suppress(BadAnswer):
            path = f"calendars/{quote(calendar.id, safe='')}/events"
            return await _subscribed(graph, path, wanted)
    return await _subscribed(graph, "events", wanted)


async def _subscribed(graph: Graph, path: str, wanted: Mapping[str, str]) -> dict[str, Any]:
    root = graph.root
    body = {**wanted, "resource": f"{root}/{path}"}
    try:
        return await graph.ask("POST", graph.url("/subscriptions"), body=body)
    except NoMailbox:
        if graph.root == root:
            raise
        body["resource"] = f"{graph.root}/{path}"  # the name was found in the meantime
        return await graph.ask("POST", graph.url("/subscriptions"), body=body)


def _subscription(graph: Graph, watch: Watch) -> str:
    return graph.url(f"/subscriptions/{quote(watch.id, safe='')}")


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _until(told: Mapping[str, Any], otherwise: datetime) -> datetime:
    return times.stamp(told.get("expirationDateTime")) or otherwise

"""Graph's answers: which address answers what, and who may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from standins.graph import lists, wire
from standins.graph.asked import Answer, Asked, Refused, error_body, not_found
from standins.graph.delta import Deltas
from standins.graph.directory import Account, Directory
from standins.graph.faults import Faults
from standins.graph.item import Item
from standins.graph.mailbox import CalendarKept, Folder, MailboxKept
from standins.graph.subscriptions import Subscriptions

BATCH = 20
AT_ONCE = 4  # requests of one application to one mailbox
Kept = TypeVar("Kept", CalendarKept, Folder)
DELTAS = {"delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()"}
NEEDS = {
    "calendar": "Calendars.Read",
    "calendars": "Calendars.Read",
    "calendarView": "Calendars.Read",
    "events": "Calendars.Read",
    "contacts": "Contacts.Read",
    "contactFolders": "Contacts.Read",
    "mailboxSettings": "MailboxSettings.Read",
}


@dataclass(slots=True)
class Api:
    """Everything below /v1.0."""

    directory: Directory
    subscriptions: Subscriptions
    deltas: Deltas = field(default_factory=Deltas)
    faults: Faults = field(default_factory=Faults)
    by_calendar: bool = True  # whether a single calendar can be watched: reports differ
    busy: dict[str, int] = field(default_factory=dict)

    async def answer(self, asked: Asked) -> Answer:
        """Answer one request, with an error if need be."""
        try:
            if (fault := self.faults.take(asked)) is not None:
                await asyncio.sleep(fault.delay)
                if fault.status:
                    return fault.answer()
            return await self._route(asked)
        except Refused as refused:
            return refused.answer()

    async def _route(self, asked: Asked) -> Answer:
        match asked.path:
            case ("$batch",):
                return await self._batch(asked)
            case ("users",):
                return 200, {}, self._users(asked)
            case ("subscriptions", *rest):
                return await self._subscription(asked, rest)
            case ("me", *rest):
                if asked.grant.user is None:
                    why = "/me request is only valid with delegated authentication flow."
                    raise Refused(400, "BadRequest", why)
                return await self._in_mailbox(asked, asked.grant.user, rest)
            case ("users", user, *rest):
                return await self._in_mailbox(asked, user, rest)
        raise Refused(400, "BadRequest", "Resource not found for the segment.")

    async def _in_mailbox(self, asked: Asked, user: str, rest: list[str]) -> Answer:
        account, mailbox = self._mailbox(asked, user, rest[0] if rest else "")
        if not rest:
            return 200, {}, wire.selected(lists.user(account), asked.asks("$select"))
        if asked.method != "GET":
            raise Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
        if mailbox is None:
            message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            raise Refused(404, "MailboxNotEnabledForRESTAPI", message)
        if self.busy.get(mailbox.address, 0) >= AT_ONCE:
            message = "Application is over its MailboxConcurrency limit."
            raise Refused(429, "ApplicationThrottled", message, {"Retry-After": "1"})
        self.busy[mailbox.address] = self.busy.get(mailbox.address, 0) + 1
        try:
            await asyncio.sleep(0)
            return 200, {}, self.faults.links(self._read(asked, mailbox, rest))
        finally:
            self.busy[mailbox.address] -= 1

    def _mailbox(self, asked: Asked, user: str, what: str) -> tuple[Account, MailboxKept | None]:
        account = self.directory.by_id(user)
        grant = asked.grant
        if account is None or account.tenant.id != grant.tenant:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        if grant.user not in (None, account.id):
            raise Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
        if grant.user is None and account.address in account.tenant.denied and what:
            raise Refused(403, "ErrorAccessDenied", "Access to OData is disabled.")
        need = NEEDS.get(what, "User.Read")
        if not {need, f"{need}.All", need.replace("Read", "ReadWrite")} & grant.scopes:
            raise Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
        return account, account.mailbox

    def _read(self, asked: Asked, mailbox: MailboxKept, path: list[str]) -> dict[str, Any]:
        match path:
            case ["mailboxSettings"]:
                return lists.settings(mailbox)
            case ["calendars"]:
                found = [wire.calendar(each, mailbox) for each in mailbox.calendars]
                return lists.paged(asked, found, "calendars")
            case ["calendar"]:
                return wire.calendar(mailbox.calendar, mailbox)
            case ["calendars", calendar_id, *rest] if rest:
                calendar = _one(mailbox.calendars, calendar_id)
                return self._in_calendar(asked, mailbox, calendar, rest)
            case ["calendar" | "calendarView" | "events", *rest]:
                inner = rest if path[0] == "calendar" else path
                return self._in_calendar(asked, mailbox, mailbox.calendar, inner)
            case ["contactFolders" | "contacts", *_]:
                return self._contacts(asked, mailbox, path)
        raise Refused(400, "BadRequest", "Resource not found for the segment.")

    def _contacts(self, asked: Asked, mailbox: MailboxKept, path: list[str]) -> dict[str, Any]:
        match path:
            case ["contactFolders"]:
                found = [
                    {"id": each.id, "displayName": each.name}
                    for each in mailbox.folders
                    if not each.default  # the default one is the folder that these are in
                ]
                return lists.paged(asked, found, "contactFolders")
            case ["contactFolders", folder_id, "contacts", delta] if delta in DELTAS:
                return self.deltas.contacts(asked, mailbox, _one(mailbox.folders, folder_id))
            case ["contacts", delta] if delta in DELTAS:
                return self.deltas.contacts(asked, mailbox, mailbox.folders[0])
        raise Refused(400, "BadRequest", "Resource not found for the segment.")

    def _in_calendar(
        self, asked: Asked, mailbox: MailboxKept, calendar: CalendarKept, path: list[str]
    ) -> dict[str, Any]:
        match path:
            case ["calendarView", delta] if delta in DELTAS:
                return self.deltas.events(asked, mailbox, calendar)
            case ["calendarView"]:
                start, end = lists.window(asked)
                found = [
                    each
                    for item in calendar.items.values()
                    for each in (item.occurrences(start, end) if item.recurrence else [item])
                    if each.within(start, end)
                ]
                return lists.events(asked, found)
            case ["events", item_id]:
                return wire.selected(
                    wire.event(_item(mailbox, item_id), asked), asked.asks("$select")
                )
            case ["events", item_id, "instances"]:
                item = _item(mailbox, item_id)
                if item.recurrence is None:
                    raise Refused(400, "ErrorInvalidRequest", "The item is not a recurring master.")
                return lists.events(asked, list(item.occurrences(*lists.window(asked))))
        raise Refused(400, "BadRequest", "Resource not found for the segment.")

    def _users(self, asked: Asked) -> dict[str, Any]:
        if "User.Read.All" not in asked.grant.scopes:
            why = "Insufficient privileges to complete the operation."
            raise Refused(403, "Authorization_RequestDenied", why)
        found = [
            lists.user(each)
            for each in self.directory.accounts.values()
            if each.tenant.id == asked.grant.tenant
        ]
        if (wanted := asked.asks("$filter")) is not None:
            field_name, _, value = wanted.partition(" eq ")
            found = [each for each in found if f"'{each.get(field_name)}'" == value]
        return self.faults.links(lists.paged(asked, found, "users"))

    async def _subscription(self, asked: Asked, rest: list[str]) -> Answer:
        kept = self.subscriptions
        match asked.method, rest:
            case "POST", []:
                mailbox, home = self._watched(asked)
                made = await kept.create(asked, mailbox, home)
                return 201, {}, made.wire()
            case "GET", []:
                mine = [each for each in kept.kept.values() if each.tenant == asked.grant.tenant]
                return 200, {}, wire.collection(asked, (e.wire() for e in mine), "subscriptions")
            case "GET", [subscription_id]:
                return 200, {}, kept.find(asked, subscription_id).wire()
            case "PATCH", [subscription_id]:
                found = kept.prolong(asked, kept.find(asked, subscription_id))
                return 200, {}, found.wire()
            case "POST", [subscription_id, "reauthorize"]:
                kept.find(asked, subscription_id)
                return 204, {}, None
            case "DELETE", [subscription_id]:
                del kept.kept[kept.find(asked, subscription_id).id]
                return 204, {}, None
        raise Refused(405, "Request_BadRequest", "The method is not allowed.")

    def _watched(self, asked: Asked) -> tuple[MailboxKept, str]:
        resource = str((asked.body or {}).get("resource", "")).strip("/").split("/")
        user, rest = (
            (asked.grant.user, resource[1:])
            if resource[0] == "me"
            else (
                resource[1] if len(resource) > 1 else "",
                resource[2:],
            )
        )
        _account, mailbox = self._mailbox(asked, user or "", rest[0] if rest else "")
        if mailbox is not None:
            match rest:
                case ["events"] | ["calendar", "events"]:
                    return mailbox, mailbox.user_id  # events of all its calendars
                case ["calendars", calendar_id, "events"] if self.by_calendar:
                    return mailbox, _one(mailbox.calendars, calendar_id).id
                case ["contacts"]:
                    return mailbox, mailbox.folders[0].id
        raise Refused(400, "ExtensionError", "Resource is not supported for subscriptions.")

    async def _batch(self, asked: Asked) -> Answer:
        """Answers come in any order; who depends on a failure fails too."""
        wanted = (asked.body or {}).get("requests", [])
        if not 0 < len(wanted) <= BATCH:
            raise Refused(400, "BadRequest", f"A batch has 1 to {BATCH} requests.")
        answers: dict[str, Answer] = {}
        for each in wanted:
            if any(answers.get(name, (424,))[0] >= 400 for name in each.get("dependsOn", ())):
                message = "A request that this one depends on failed."
                answers[each["id"]] = (424, {}, error_body("FailedDependency", message))
            else:
                answers[each["id"]] = await self.answer(_part(asked, each))
        responses = [
            {"id": name, "status": status, "headers": headers, "body": body}
            for name, (status, headers, body) in reversed(answers.items())
        ]
        return 200, {}, {"responses": responses}


def _part(asked: Asked, part: dict[str, Any]) -> Asked:
    url = urlsplit(part["url"])
    headers = {key.lower(): value for key, value in part.get("headers", {}).items()}
    return Asked(
        method=part["method"].upper(),
        path=tuple(url.path.strip("/").split("/")),
        query=dict(parse_qsl(url.query)),
        prefer=tuple(each.strip() for each in headers.get("prefer", "").split(",")),
        body=part.get("body"),
        grant=asked.grant,
        base=asked.base,
    )


def _item(mailbox: MailboxKept, item_id: str) -> Item:
    found = mailbox.find(wire.unspell(item_id))
    if found is None:
        raise not_found()
    return found[1]


def _one(kept: Iterable[Kept], wanted: str) -> Kept:
    found = next((each for each in kept if each.id == wanted), None)
    if found is None:
        raise not_found()
    return found

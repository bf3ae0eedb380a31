"""Promises to tell: made after a handshake, kept by posting, several at a time, until they end."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientTimeout

from standins.graph.asked import Asked, Refused
from standins.graph.delta import moment_of
from standins.graph.mailbox import CalendarKept, Change, Folder, MailboxKept

LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)
STATE_LENGTH = 128
HANDSHAKE = ClientTimeout(total=10)
POST = ClientTimeout(total=3)
GATHER = 0.02  # seconds in which what happens is posted together
TRIES = (0.0, 0.3, 1.0, 3.0)


@dataclass(slots=True, kw_only=True)
class Subscription:
    """One promise."""

    id: str = field(default_factory=lambda: str(uuid4()))
    tenant: str
    mailbox: MailboxKept
    resource: str
    home: str  # the id of the calendar or folder; of all events, the mailbox's owner
    changes: frozenset[str]
    url: str
    lifecycle_url: str | None
    state: str | None
    until: datetime

    def wire(self) -> dict[str, Any]:
        """As it is told to who made it."""
        return {
            "id": self.id,
            "resource": self.resource,
            "applicationId": None,
            "changeType": ",".join(sorted(self.changes)),
            "clientState": self.state,
            "notificationUrl": self.url,
            "lifecycleNotificationUrl": self.lifecycle_url,
            "expirationDateTime": f"{self.until:%Y-%m-%dT%H:%M:%SZ}",
            "creatorId": self.mailbox.user_id,
        }


@dataclass(slots=True)
class Subscriptions:
    """All of them, and what is on its way."""

    http: Any  # a ClientSession, or what stands before one and has its `post`
    now: Callable[[], datetime]
    kept: dict[str, Subscription] = field(default_factory=dict)
    told_each_change: int = 1  # one edit is told up to three times by the real one
    posted: int = 0
    silent: bool = False  # True loses every notification
    _of_home: dict[str, list[Subscription]] = field(default_factory=dict)
    _waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def create(self, asked: Asked, mailbox: MailboxKept, home: str) -> Subscription:
        """Check what is wanted, shake hands with both addresses, and promise."""
        body = asked.body or {}
        url, lifecycle = body.get("notificationUrl", ""), body.get("lifecycleNotificationUrl")
        for each in (url, *([lifecycle] if lifecycle else [])):
            if not each.startswith("https://"):
                raise _invalid("Notification URL must be an absolute https address.")
        if len(body.get("clientState") or "") > STATE_LENGTH:
            raise _invalid("clientState must not be longer than 128 characters.")
        made = Subscription(
            tenant=asked.grant.tenant,
            mailbox=mailbox,
            home=home,
            resource=body["resource"],
            changes=frozenset(body.get("changeType", "").split(",")),
            url=url,
            lifecycle_url=lifecycle,
            state=body.get("clientState"),
            until=self._until(body.get("expirationDateTime")),
        )
        if not made.changes <= {"created", "updated", "deleted"}:
            raise _invalid("changeType is not valid.")
        for each in (url, *([lifecycle] if lifecycle else [])):
            await self._shake_hands(each)
        self.kept[made.id] = made
        self._of_home.setdefault(made.home, []).append(made)
        return made

    def find(self, asked: Asked, subscription_id: str) -> Subscription:
        """One of the asker's own; gone, ended and foreign look the same."""
        found = self.kept.get(subscription_id)
        if found is None or found.tenant != asked.grant.tenant or found.until <= self.now():
            raise Refused(404, "ResourceNotFound", "The object was not found.")
        if asked.grant.user not in (None, found.mailbox.user_id):
            raise Refused(404, "ResourceNotFound", "The object was not found.")
        return found

    def prolong(self, asked: Asked, found: Subscription) -> Subscription:
        """Another end."""
        found.until = self._until((asked.body or {}).get("expirationDateTime"))
        return found

    def happened(
        self, mailbox: MailboxKept, home: CalendarKept | Folder, item_id: str, change: Change
    ) -> None:
        """Tell everybody who was promised to hear of it."""
        wide = self._of_home.get(mailbox.user_id, []) if isinstance(home, CalendarKept) else []
        for each in [*wide, *self._of_home.get(home.id, [])]:
            if each.id not in self.kept or change not in each.changes:
                continue
            kind = "Contact" if isinstance(home, Folder) else "Event"
            resource = f"Users/{mailbox.user_id}/{kind}s/{item_id}"
            for _ in range(self.told_each_change):
                self._tell(each, each.url, _change_of(each, change, resource, kind, item_id))

    def lifecycle(self, mailbox: MailboxKept, event: str) -> None:
        """Tell what became of a mailbox's promises: reauthorizationRequired and the like."""
        for each in [one for one in self.kept.values() if one.mailbox is mailbox]:
            if each.lifecycle_url is not None:
                self._tell(each, each.lifecycle_url, {**_common(each), "lifecycleEvent": event})
            if event == "subscriptionRemoved":
                del self.kept[each.id]

    async def close(self) -> None:
        """Stop telling."""
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _until(self, written: str | None) -> datetime:
        if not written:
            raise _invalid("expirationDateTime is required.")
        until, now = moment_of(written), self.now()
        if until > now + LONGEST:
            raise _invalid("Subscription expiration can only be 10080 minutes in the future.")
        if until <= now:
            raise _invalid("Subscription expiration must be in the future.")
        return max(until, now + SHORTEST)

    async def _shake_hands(self, url: str) -> None:
        token = f"Validation: Testing client application reachability. {secrets.token_hex(8)} å&?"
        try:
            async with self.http.post(
                url,
                params={"validationToken": token},
                data=b"",
                headers={"Content-Type": "text/plain; charset=utf-8"},
                timeout=HANDSHAKE,
            ) as answer:
                text = await answer.text()
                plain = answer.content_type == "text/plain"
                if answer.status == 200 and text == token and plain:
                    return
                why = f"HTTP status {answer.status}, {answer.content_type}"
        except (ClientError, TimeoutError) as error:
            why = type(error).__name__
        raise Refused(
            400,
            "ValidationError",
            "Subscription validation request failed. Notification endpoint must respond with "
            f"200 OK to validation request. ({why})",
        )

    def _tell(self, told: Subscription, url: str, notification: dict[str, Any]) -> None:
        if self.silent or told.until <= self.now():
            return
        waiting = self._waiting.setdefault(url, [])
        waiting.append(notification)
        if len(waiting) == 1:
            task = asyncio.get_running_loop().create_task(self._post(url))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self, url: str) -> None:
        await asyncio.sleep(GATHER)
        body = {"value": self._waiting.pop(url, [])}
        for pause in TRIES:
            await asyncio.sleep(pause)
            with contextlib.suppress(ClientError, TimeoutError):
                async with self.http.post(url, json=body, timeout=POST) as answer:
                    self.posted += 1
                    if answer.status < 300:
                        return


def _common(told: Subscription) -> dict[str, Any]:
    return {
        "subscriptionId": told.id,
        "subscriptionExpirationDateTime": f"{told.until:%Y-%m-%dT%H:%M:%SZ}",
        "clientState": told.state,
        "tenantId": told.tenant,
    }


def _change_of(
    told: Subscription, change: str, resource: str, kind: str, item_id: str
) -> dict[str, Any]:
    return {
        **_common(told),
        "id": str(uuid4()),
        "changeType": change,
        "resource": resource,
        "resourceData": {
            "@odata.type": f"#Microsoft.Graph.{kind}",
            "@odata.id": resource,
            "@odata.etag": 'W/"1"',
            "id": item_id,
        },
    }


def _invalid(message: str) -> Refused:
    return Refused(400, "InvalidRequest", message)

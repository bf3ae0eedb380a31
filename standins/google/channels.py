"""Push: who asked to be told of which calendar, and telling them."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from standins.google import refusals
from standins.google.accounts import Account
from standins.google.opaque import fingerprint

ID = re.compile(r"[A-Za-z0-9\-_+/=]{1,64}")
LIFE = timedelta(days=7)
LONGEST = timedelta(days=30)
PATIENCE = ClientTimeout(total=5)
WAITS = (0.05, 0.2, 0.5)  # the real one waits longer between tries


@dataclass
class Channel:
    """A promise to tell: of *calendar_id*, to *address*."""

    id: str
    owner: Account
    calendar_id: str
    resource_id: str
    resource_uri: str
    address: str
    token: str
    until: datetime
    number: int = 0


class Channels:
    """The channels that are open. `told` are the answers that notifications got."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._open: dict[str, Channel] = {}
        self._used: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.http: ClientSession | None = None
        self.silent = False  # "not all changes are pushed"
        self.told: list[tuple[str, str, int]] = []  # channel, state, status

    def watch(
        self, account: Account, calendar_id: str, uri: str, body: Mapping[str, Any]
    ) -> dict[str, str]:
        """Open a channel as asked; tells of it at once. Raises Refused."""
        self._check(body)
        until = self._until(body)
        channel = Channel(
            id=body["id"],
            owner=account,
            calendar_id=calendar_id,
            resource_id=fingerprint("resource", calendar_id),
            resource_uri=uri,
            address=body["address"],
            token=body.get("token", ""),
            until=until,
        )
        self._open[channel.id] = channel
        self._used.add(channel.id)
        self._tell(channel, "sync")
        answer = {
            "kind": "api#channel",
            "id": channel.id,
            "resourceId": channel.resource_id,
            "resourceUri": uri,
            "expiration": str(int(until.timestamp() * 1000)),
        }
        return {**answer, "token": channel.token} if channel.token else answer

    def stop(self, account: Account, body: Mapping[str, Any]) -> None:
        """Close a channel. Raises Refused."""
        channel = self._open.get(str(body.get("id")))
        if (
            channel is None
            or channel.resource_id != body.get("resourceId")
            or channel.owner is not account
        ):
            message = f"Channel '{body.get('id')}' not found for project"
            raise refusals.calendar(404, "notFound", message)
        del self._open[channel.id]

    def open_on(self, calendar_id: str) -> list[Channel]:
        """The channels that watch a calendar now."""
        now = self._clock()
        return [
            each
            for each in self._open.values()
            if each.calendar_id == calendar_id and each.until > now
        ]

    def changed(self, calendar_id: str) -> None:
        """Tell everybody who watches the calendar."""
        if not self.silent:
            for channel in self.open_on(calendar_id):
                self._tell(channel, "exists")

    async def settled(self) -> None:
        """Return when everything was told that is to be told."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Tell nobody any more."""
        for task in self._tasks:
            task.cancel()

    def headers(self, channel: Channel, state: str) -> dict[str, str]:
        """Those of a notification, which has no body."""
        made = {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Message-Number": str(channel.number),
            "X-Goog-Resource-ID": channel.resource_id,
            "X-Goog-Resource-State": state,
            "X-Goog-Resource-URI": channel.resource_uri,
            "X-Goog-Channel-Expiration": format_datetime(
                channel.until.astimezone(UTC).replace(microsecond=0), usegmt=True
            ),
        }
        return {**made, "X-Goog-Channel-Token": channel.token} if channel.token else made

    def _check(self, body: Mapping[str, Any]) -> None:
        if body.get("type") not in ("web_hook", "webhook"):
            raise refusals.calendar(400, "channelUnknownType", "Unknown channel type", "push")
        if not ID.fullmatch(str(body.get("id", ""))):
            raise refusals.calendar(400, "channelIdInvalid", "Invalid channel id", "push")
        if body["id"] in self._used:
            message = f"Channel id {body['id']} not unique"
            raise refusals.calendar(400, "channelIdNotUnique", message, "push")
        address = urlsplit(str(body.get("address", "")))
        if address.scheme != "https":
            message = f"WebHook callback must be HTTPS: {body.get('address')}"
            raise refusals.calendar(400, "push.webhookUrlNotHttps", message, "global")
        if len(body.get("token", "")) > 256:
            raise refusals.calendar(400, "channelTokenTooLong", "Token too long", "push")

    def _until(self, body: Mapping[str, Any]) -> datetime:
        now = self._clock()
        wanted = now + LIFE
        if "expiration" in body:
            wanted = datetime.fromtimestamp(int(body["expiration"]) / 1000, UTC)
        elif ttl := body.get("params", {}).get("ttl"):
            wanted = now + timedelta(seconds=int(ttl))
        if wanted <= now:
            raise refusals.calendar(400, "invalidValue", "Expiration is in the past", "push")
        return min(wanted, now + LONGEST)

    def _tell(self, channel: Channel, state: str) -> None:
        channel.number += 1
        task = asyncio.create_task(self._post(channel, state, self.headers(channel, state)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post(self, channel: Channel, state: str, headers: dict[str, str]) -> None:
        for wait in (*WAITS, None):
            status = 0
            with contextlib.suppress(ClientError, TimeoutError, OSError):
                status = await self._answer(channel.address, headers)
            self.told.append((channel.id, state, status))
            if wait is None or (status and status < 500):
                return
            await asyncio.sleep(wait)

    async def _answer(self, address: str, headers: dict[str, str]) -> int:
        if self.http is None:
            return 0
        async with self.http.post(
            address, headers=headers, timeout=PATIENCE, allow_redirects=False
        ) as answer:
            return answer.status

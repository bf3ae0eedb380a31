"""Somebody whose calendar is kept in step, in tests of every provider; times as on their clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from storage.calendars import Mailbox
from storage.models import User
from tests.engine import Clock, Engine

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local(text: str) -> datetime:
    """ "2026-11-23 10:15" in Stockholm."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def moment(text: str) -> datetime:
    """The same in UTC."""
    return local(text).astimezone(UTC)


@dataclass
class Connected:
    """What a desk of any provider has; its own kind adds the provider's side."""

    engine: Engine
    clock: Clock
    user: User
    mailbox: Mailbox

    async def sync(self, at: str) -> Mailbox:
        """It is that time in Stockholm; the calendar is compared."""
        self.clock.at = moment(at)
        return await self.engine.sync_now(self.mailbox)

    async def does(self, at: str) -> str:
        """The activity that colleagues see at that time in Stockholm."""
        return await self.engine.activity_of(self.user, moment(at))

    async def says(self, at: str) -> str:
        """What callers hear at that time."""
        return await self.engine.announcement_of(self.user, moment(at))

    async def closed(self, at: str) -> bool:
        return await self.engine.is_closed(self.user, moment(at))

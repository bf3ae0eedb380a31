"""Noticing what begins and ends by itself: activities, and work for those who then have gone.

Every process looks for itself and tells its own clients. Nothing is changed, since everybody's
state is computed from the time: a late look makes no wrong answer, only late news.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from server.app import App
from server.domain.activities import current
from server.domain.events import to_org
from server.sockets.connections import Connections
from server.sockets.presence import PresenceBoard
from storage.models import Org, User

log = logging.getLogger("vaxel.presence")

EVERY = 1.0  # seconds between looks
LONG = timedelta(minutes=2)
AT_ONCE = 500  # people looked at before others get their turn


class Turns:
    """Looks once a second at what turned since the last look."""

    def __init__(self, app: App, board: PresenceBoard, connections: Connections) -> None:
        self._app = app
        self._board = board
        self._connections = connections

    async def run(self) -> None:
        """Look until cancelled; what a database that is away kept from us is seen when it is back.

        After a clock was set back, what turns twice is told twice, which does no harm.
        """
        last = self._app.now()
        while True:
            await asyncio.sleep(EVERY)
            now = self._app.now()
            try:
                await self.look(min(last, now), now)
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look makes up for it
                log.warning("turns.failed", extra={"error": str(error)})
            else:
                last = now

    async def look(self, after: datetime, until: datetime) -> None:
        """Tell of everything that turned after one moment, up to another."""
        turned = await self._app.stores.activities.turning(after, until)
        for org_id, user_ids in turned.items():
            self._board.mark(org_id, user_ids)
        if _minute(after) != _minute(until):  # work begins and ends on the minute
            await self._look_at_work(after, until)

    async def _look_at_work(self, after: datetime, until: datetime) -> None:
        heard = sorted({connection.org_id for connection in self._connections.all()})
        if not heard:
            return
        users = await self._app.stores.users.leaving_by_themselves(heard)
        known: dict[Any, bool] = {}
        for index, user in enumerate(users):
            if index % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
            org = await self._app.stores.orgs.get(user.org_id)
            key = (user.org_id, user.time_zone, str(user.working_hours))
            if key not in known:
                known[key] = _turns(org, user, after, until)
            if known[key] and self._connections.hearing(to_org(user.org_id)):
                self._board.mark(user.org_id, [user.id])


def _turns(org: Org | None, user: User, after: datetime, until: datetime) -> bool:
    if until - after > LONG:
        return True  # it may have turned there and back, and somebody asked in between
    work = current.schedule(org, user)
    return work.works_at(after) != work.works_at(until)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)

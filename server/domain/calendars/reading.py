"""What changed in the calendars of a mailbox, as its provider tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.contract import (
    Access,
    AccessLost,
    AutoReply,
    BadAnswer,
    Calendar,
    CalendarProvider,
    Changes,
    CursorLost,
    Window,
)
from storage.calendars import ChosenCalendar, Cursor, Mailbox
from storage.occurrences import cursor_id

BEHIND = timedelta(days=1)
AHEAD = timedelta(days=14)
BASELINE = timedelta(days=7)  # a window's far end comes no nearer than this
EARLIER = 0.2  # of it: mailboxes that came together are read anew at different times
REPLY = "auto_reply"  # a collection beside the calendars
BESIDE = frozenset({REPLY, "people"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a calendar's provider told, and how far it is read with that. *full*: it was all."""

    calendar_id: str
    changes: Changes
    cursor: Cursor
    full: bool
    moved: bool  # the cursor is another than before

    @property
    def quiet(self) -> bool:
        """Whether nothing was told."""
        told = self.changes
        return not (self.full or told.events or told.removed or told.series or told.faulty)


def phase(mailbox_id: str) -> float:
    """Where between 0 and 1 the mailbox has its place, so that not all are read at once."""
    digest = hashlib.blake2b(mailbox_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def baseline_due(mailbox: Mailbox, cursor: Cursor | None, now: datetime) -> bool:
    """Whether everything must be read again: never read, or the window is a week old."""
    if cursor is None or cursor.window_end is None:
        return True
    age = BASELINE * (1 - EARLIER * phase(mailbox.id))
    return now - cursor.baselined_at >= age


async def read(
    provider: CalendarProvider,
    access: Access,
    mailbox: Mailbox,
    calendar: ChosenCalendar,
    cursor: Cursor | None,
    now: datetime,
    *,
    full: bool,
) -> Read:
    """What changed in one calendar since *cursor*; all of it when that is too old, or is lost.

    Raises what the provider does, but CursorLost.
    """
    asked = Calendar(
        id=calendar.id,
        name=calendar.name,
        primary=calendar.primary,
        colour=calendar.colour,
        own=calendar.own,
        busy_only=calendar.busy_only,
    )
    if not full and cursor is not None and cursor.window_start and cursor.window_end:
        window = Window(start=cursor.window_start, end=cursor.window_end)
        try:
            changes = await provider.changes(access, asked, window, cursor.token)
        except CursorLost:
            pass
        else:
            return _read(mailbox, calendar.id, changes, window, cursor.baselined_at, cursor.token)
    window = window_at(now)
    try:
        changes = await provider.changes(access, asked, window, "")
    except CursorLost:
        raise BadAnswer("cursor") from None  # of no cursor at all
    return _read(mailbox, calendar.id, changes, window, now, None)


def _read(
    mailbox: Mailbox,
    calendar_id: str,
    changes: Changes,
    window: Window,
    baselined_at: datetime,
    before: str | None,
) -> Read:
    cursor = Cursor(
        id=cursor_id(mailbox.id, calendar_id),
        mailbox_id=mailbox.id,
        org_id=mailbox.org_id,
        token=changes.cursor,
        window_start=window.start,
        window_end=window.end,
        baselined_at=baselined_at,
    )
    return Read(
        calendar_id=calendar_id,
        changes=changes,
        cursor=cursor,
        full=changes.full or before is None,
        moved=before != changes.cursor,
    )


def window_at(now: datetime) -> Window:
    """The time whose occurrences are wanted, by whole hours."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return Window(start=hour - BEHIND, end=hour + AHEAD)


async def read_reply(
    provider: CalendarProvider,
    access: Access,
    mailbox: Mailbox,
    cursors: Mapping[str, Cursor],
    now: datetime,
) -> Cursor:
    """How the mailbox answers by itself, as a cursor whose token `reply_of` reads.

    Who may not ask, or cannot be told, is taken to have no such reply.
    """
    try:
        reply = await provider.auto_reply(access)
    except (AccessLost, BadAnswer):
        reply = None
    token = _written(reply)
    known = cursors.get(REPLY)
    if known is not None and known.token == token:
        return known
    return Cursor(
        id=cursor_id(mailbox.id, REPLY),
        mailbox_id=mailbox.id,
        org_id=mailbox.org_id,
        token=token,
        baselined_at=now,
    )


def _written(reply: AutoReply | None) -> str:
    if reply is None:
        return ""
    return f"{reply.start.isoformat() if reply.start else ''}/" + (
        reply.end.isoformat() if reply.end else ""
    )


def reply_of(cursor: Cursor | None) -> tuple[datetime, datetime] | None:
    """During what time the mailbox answers by itself, when that has an end (C11)."""
    if cursor is None or not cursor.token:
        return None
    start, _, end = cursor.token.partition("/")
    if not end:
        return None
    begins = datetime.fromisoformat(start) if start else cursor.baselined_at
    return begins, datetime.fromisoformat(end)

"""What was read of a mailbox, kept: all of it or nothing, and only by who holds the mailbox."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from integrations.contract import Changes, Event
from server.app import App
from server.domain.activities.state import AUTO_REPLY
from server.domain.calendars import claims
from server.domain.calendars.leases import Hold
from server.domain.calendars.reading import BESIDE, REPLY, Read, phase, reply_of
from server.domain.jobs import Job
from server.domain.plans import can
from storage.calendars import ChosenCalendar, Cursor, DeadLetter, Mailbox, Occurrence
from storage.models import User
from storage.occurrences import occurrence_id, to_millisecond
from storage.telephony import Activity
from storage.transactions import in_transaction

MOST = 20_000  # occurrences of one calendar within its window
TRUST_STEP = timedelta(minutes=30)  # rows are believed for longer in such steps
WORD = re.compile(r"[a-z_]{1,40}")
AWAY = "out"  # what an automatic reply says of its owner, as an event "out of office" does


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a round found out. `calendars`: the list anew, or None when it was not asked for."""

    reads: Sequence[Read]
    cursors: Mapping[str, Cursor]  # as they were before
    reply: Cursor | None = None
    calendars: tuple[ChosenCalendar, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is to be written of the occurrences of a mailbox, and what is then kept."""

    new: tuple[Occurrence, ...]
    changed: tuple[Occurrence, ...]
    removed: tuple[str, ...]
    kept: tuple[Occurrence, ...]


def is_quiet(mailbox: Mailbox, found: Findings, now: datetime) -> bool:
    """Whether nothing of it can change a row: then the rows need not be looked at."""
    if mailbox.synced_at is None or found.calendars is not None:
        return False
    counted = {each.id for each in mailbox.calendars if each.counts}
    if set(found.cursors) - BESIDE != counted or not all(each.quiet for each in found.reads):
        return False
    if found.reply is not None and found.reply != found.cursors.get(REPLY):
        return False
    offset = TRUST_STEP.total_seconds() * phase(mailbox.id)
    steps = [
        (each.timestamp() + offset) // TRUST_STEP.total_seconds()
        for each in (mailbox.synced_at, now)
    ]
    return steps[0] == steps[1]


async def keep(hold: Hold, user: User, found: Findings, **changes: Any) -> tuple[bool, list[Event]]:
    """Keep the findings, and change these fields of the mailbox, at once.

    Returns whether a row changed, and which events were new or other than before. Raises
    LeaseLost, and then nothing is kept.
    """
    app, now = hold.app, hold.app.now()
    quiet = is_quiet(hold.mailbox, found, now)

    async def work(session: Any) -> tuple[bool, list[Event]]:
        mailbox = await hold.check(session, **changes)
        if quiet:
            moved = [each.cursor for each in found.reads if each.moved]
            await app.stores.cursors.save(*moved, session=session)
            return False, []
        if found.calendars is not None:
            calendars = _as_chosen_now(mailbox, found.calendars)
            mailbox = await hold.check(session, **changes, calendars=calendars)
        return await _keep_all(app, session, mailbox, user, found)

    async with app.sync_queue.writing:
        return await in_transaction(app.stores.database, work)


async def _keep_all(
    app: App, session: Any, mailbox: Mailbox, user: User, found: Findings
) -> tuple[bool, list[Event]]:
    stores = app.stores
    counted = {each.id for each in mailbox.calendars if each.counts and can(user, "calendars")}
    before = await stores.occurrences.of_mailbox(mailbox.org_id, mailbox.id, session)
    reads = [each for each in found.reads if each.calendar_id in counted]
    differs = difference(mailbox, before, reads, counted)
    await stores.occurrences.write(session, differs.new, differs.changed, differs.removed)
    await _keep_cursors(app, session, mailbox, found, reads, counted)
    await _keep_letters(app, session, mailbox, reads)
    rows = await rows_of(app, user, mailbox, differs.kept, found.reply or found.cursors.get(REPLY))
    moved = await stores.activities.replace_calendar(
        session, mailbox.org_id, mailbox.user_id, mailbox.id, rows
    )
    written = {each.id for each in (*differs.new, *differs.changed)}
    news = [
        event
        for each in reads
        if not each.full
        for event in each.changes.events
        if occurrence_id(mailbox.id, each.calendar_id, event.ref) in written
    ]
    return moved, news


async def rows_of(
    app: App, user: User, mailbox: Mailbox, kept: Iterable[Occurrence], reply: Cursor | None
) -> list[Activity]:
    """Everything that a mailbox says of its owner's time: its occurrences, and its own reply."""
    synced_at = mailbox.synced_at or mailbox.created_at
    rows = await claims.rows_of(app, user, kept, mailbox.id, synced_at)
    span = reply_of(reply)
    if span is None or not can(user, "calendars"):
        return rows
    away = Activity(
        id=claims.row_id(mailbox.id, REPLY),
        org_id=user.org_id,
        user_id=user.id,
        type_id=AWAY,
        start=span[0],
        end=span[1],
        source="auto_reply",
        source_ref=REPLY,
        priority=AUTO_REPLY,
        mailbox_id=mailbox.id,
        trusted_until=to_millisecond(synced_at + claims.TRUSTED),
        set_at=span[0],
        set_by=user.id,
    )
    return [*rows, away]


def difference(
    mailbox: Mailbox, before: Iterable[Occurrence], reads: Iterable[Read], counted: set[str]
) -> Difference:
    """What these reads make of what was kept. What is as it was is not written again.

    Of calendars that no longer count nothing is kept. Pure.
    """
    kept = {each.id: each for each in before}
    after = {key: each for key, each in kept.items() if each.calendar_id in counted}
    for each in reads:
        _apply(mailbox, after, each)
    return Difference(
        new=tuple(each for key, each in after.items() if key not in kept),
        changed=tuple(each for key, each in after.items() if key in kept and kept[key] != each),
        removed=tuple(key for key in kept if key not in after),
        kept=tuple(after.values()),
    )


def _apply(mailbox: Mailbox, after: dict[str, Occurrence], read: Read) -> None:
    changes, calendar_id = read.changes, read.calendar_id
    told = {}
    for event in changes.events[:MOST]:
        made = _occurrence(mailbox, calendar_id, event)
        told[made.id] = made
    theirs = [each for each in after.values() if each.calendar_id == calendar_id]
    for each in theirs:
        if each.id not in told and _is_gone(each, changes, full=read.full):
            del after[each.id]
    after.update(told)


def _is_gone(kept: Occurrence, changes: Changes, *, full: bool) -> bool:
    if full:
        # What could not be read is not gone: it stays as it was known.
        return all(ref != kept.ref for ref, _why in changes.faulty)
    removed = changes.removed
    return kept.ref in removed or (
        kept.series != "" and (kept.series in changes.series or kept.series in removed)
    )


def _occurrence(mailbox: Mailbox, calendar_id: str, event: Event) -> Occurrence:
    return Occurrence(
        id=occurrence_id(mailbox.id, calendar_id, event.ref),
        org_id=mailbox.org_id,
        user_id=mailbox.user_id,
        mailbox_id=mailbox.id,
        calendar_id=calendar_id,
        ref=event.ref,
        uid=event.uid,
        recurrence_id=event.recurrence_id,
        series=event.series,
        start=to_millisecond(event.start),
        end=to_millisecond(event.end),
        first_day=_written(event.first_day),
        last_day=_written(event.last_day),
        time_zone=event.time_zone,
        show_as=event.show_as,
        response=event.response,
        cancelled=event.cancelled,
        private=event.private,
        kind=event.kind,
        subject=event.subject,
        categories=event.categories,
        modified=to_millisecond(event.modified),
    )


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _as_chosen_now(mailbox: Mailbox, found: Iterable[ChosenCalendar]) -> tuple[ChosenCalendar, ...]:
    """The calendars as found, each counting as its owner has it at this moment."""
    counts = {each.id: each.counts for each in mailbox.calendars}
    return tuple(replace(each, counts=counts.get(each.id, each.counts)) for each in found)


async def _keep_cursors(
    app: App,
    session: Any,
    mailbox: Mailbox,
    found: Findings,
    reads: Iterable[Read],
    counted: set[str],
) -> None:
    saved = [each.cursor for each in reads]
    if found.reply is not None:
        saved.append(found.reply)
    await app.stores.cursors.save(*saved, session=session)
    over = set(found.cursors) - BESIDE - counted
    if over:
        await app.stores.cursors.forget(mailbox.org_id, mailbox.id, *over, session=session)


async def _keep_letters(app: App, session: Any, mailbox: Mailbox, reads: Iterable[Read]) -> None:
    """Items that could not be read are told of, and those that can be now no more."""
    faulty, good = [], []
    for each in reads:
        faulty += [(ref_hash(each.calendar_id, ref), why) for ref, why in each.changes.faulty]
        good += [ref_hash(each.calendar_id, event.ref) for event in each.changes.events]
    await app.stores.dead_letters.settle(mailbox.org_id, mailbox.id, good, session)
    letters = [
        DeadLetter(
            id=f"{mailbox.id}/{ref}",
            org_id=mailbox.org_id,
            mailbox_id=mailbox.id,
            job=Job.CALENDAR_SYNC,
            why=why if WORD.fullmatch(why) else "unreadable",
            ref=ref,
            at=app.now(),
        )
        for ref, why in faulty
    ]
    await app.stores.dead_letters.add(letters, session)


def ref_hash(calendar_id: str, ref: str) -> str:
    """An item's name that tells nobody anything about it."""
    return hashlib.blake2b(f"{calendar_id}\0{ref}".encode(), digest_size=16).hexdigest()

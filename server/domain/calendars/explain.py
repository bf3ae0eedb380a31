"""Why one is shown as one is, and what each occurrence of one's calendars does.

A decision is told as parts of a sentence: keys of the locale files (below "calendar.why") with
their facts. The subject of a private occurrence is told to nobody, not even here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.app import App
from server.domain.activities import current
from server.domain.activities.state import State, still_suppressed
from server.domain.calendars import rules
from server.domain.calendars.claims import TRUSTED, rules_of
from server.domain.calendars.rules import Judgement, Rules, Span
from server.domain.calendars.times import when
from server.domain.plans import can
from storage.calendars import Mailbox, Occurrence
from storage.models import Language, User
from storage.telephony import ActivityType

DAYS = 8  # today and seven more

Part = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An occurrence and what it does. *parts* make the sentence."""

    occurrence: Occurrence
    reference: str
    start: datetime
    end: datetime
    calendar: str
    provider: str
    counts: bool
    rule: str
    activity_id: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendar:
    """What one does now and why, and the occurrences of today and the days that follow."""

    activity_id: str
    until: datetime | None
    parts: tuple[Part, ...]
    occurrences: tuple[Explained, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose calendars are explained, when, and by which rules; *suppressed* are references (C10).

    *may_count*: whether the person's plan lets calendars decide.
    """

    now: datetime
    zone: ZoneInfo
    language: Language
    rules: Rules
    types: Mapping[str, ActivityType]
    mailboxes: Mapping[str, Mailbox]
    suppressed: frozenset[str] = frozenset()
    may_count: bool = True


async def own_calendar(app: App, actor: User, language: Language) -> OwnCalendar:
    """The actor's decisions, with times and activities in the words of *language*."""
    now = app.now()
    rows = (await app.stores.activities.of_users(actor.org_id, [actor.id], now))[actor.id]
    mailboxes = await app.stores.mailboxes.of_user(actor.org_id, actor.id)
    reader = Reader(
        now=now,
        zone=ZoneInfo(actor.time_zone),
        language=language,
        rules=await rules_of(app, actor),
        types=await current.types_of(app, actor),
        mailboxes={each.id: each for each in mailboxes},
        suppressed=frozenset(still_suppressed(rows, now)),
        may_count=can(actor, "calendars"),
    )
    kept = await app.stores.occurrences.of_user(actor.org_id, actor.id) if mailboxes else []
    found = explained(kept, reader)
    state = await current.state_of(app, actor, now)
    return OwnCalendar(
        activity_id=state.activity_id,
        until=state.until,
        parts=_now(state, found, reader, await _who(app, actor, state)),
        occurrences=found,
    )


def explained(occurrences: Iterable[Occurrence], reader: Reader) -> tuple[Explained, ...]:
    """Those of today and the days that follow, earliest first. Pure."""
    today = reader.now.astimezone(reader.zone).date()
    first = rules.midnight(today, reader.zone)
    last = rules.midnight(today + timedelta(days=DAYS), reader.zone)
    found = [
        _explained(each, span, reader)
        for each in occurrences
        if (span := rules.span_of(each, reader.zone))
        and each.mailbox_id in reader.mailboxes
        and span[0] < last
        and first < span[1]
    ]
    # Of the same occurrence in two calendars the one that counts more is told as it is.
    found.sort(key=lambda each: (not each.counts, each.occurrence.mailbox_id, each.occurrence.id))
    counted: set[str] = set()
    told = []
    for each in found:
        twin = each.counts and each.reference in counted
        told.append(_dropped(each, "C8_twin") if twin else each)
        counted.update({each.reference} if each.counts else ())
    return tuple(sorted(told, key=lambda each: (each.start, each.end, each.occurrence.id)))


def _explained(occurrence: Occurrence, span: Span, reader: Reader) -> Explained:
    mailbox = reader.mailboxes[occurrence.mailbox_id]
    names = {each.id: each.name for each in mailbox.calendars}
    judged = rules.judge(occurrence, reader.rules, reader.zone)
    found = Explained(
        occurrence=occurrence,
        reference=rules.reference(occurrence),
        start=span[0],
        end=span[1],
        calendar=names.get(occurrence.calendar_id, ""),
        provider=mailbox.provider,
        counts=judged.counts,
        rule=judged.rule,
        activity_id=judged.type_id or None,
        parts=(),
    )
    other = _not_even_so(found, judged, mailbox, reader)
    if other or not judged.counts:
        return _dropped(found, other or judged.rule)
    return replace(found, parts=_counted(found, judged, reader))


def _not_even_so(found: Explained, judged: Judgement, mailbox: Mailbox, reader: Reader) -> str:
    """Why an occurrence that would count does not, or nothing."""
    if not judged.counts:
        return ""
    if not reader.may_count:
        return "no_plan"
    if mailbox.synced_at is None or reader.now - mailbox.synced_at >= TRUSTED:
        return "C13_stale"
    running = found.start <= reader.now < found.end
    return "C10_suppressed" if running and found.reference in reader.suppressed else ""


def _dropped(found: Explained, rule: str) -> Explained:
    return replace(found, counts=False, rule=rule, activity_id=None, parts=((rule, {}),))


def _counted(found: Explained, judged: Judgement, reader: Reader) -> tuple[Part, ...]:
    kind = reader.types.get(judged.type_id)
    facts = {
        "activity": kind.label.get(reader.language, "") if kind else judged.type_id,
        "provider": found.provider,
        "time": when(judged.end or found.end, reader.now, reader.zone, reader.language),
    }
    whole = rules.all_day(found.occurrence)
    parts: list[Part] = [("all_day" if whole else "until", facts)]
    if judged.rule != "C5_meeting":
        parts.append((judged.rule, {}))
    closes = kind is not None and kind.closes_phone and not judged.opens
    if not closes and not judged.opens:
        parts.append(("open", {}))
    if closes and judged.private:
        parts.append(("private_without_time" if judged.hide_time else "private", {}))
    return tuple(parts)


async def _who(app: App, actor: User, state: State) -> str:
    """The name of the colleague who chose what the actor does."""
    if state.row is None or state.row.source != "admin":
        return ""
    user = await app.stores.users.get(state.row.set_by)
    return user.name if user is not None and user.org_id == actor.org_id else ""


def _now(
    state: State, found: Iterable[Explained], reader: Reader, chosen_by: str
) -> tuple[Part, ...]:
    row = state.row
    facts = {"activity": state.type.label.get(reader.language, "")}
    if row is None:
        return (("now_gone" if state.closed else "now_nothing", facts),)
    if row.source == "admin":
        return (("now_admin", facts | {"name": chosen_by}) if chosen_by else ("now_chosen", facts),)
    if row.source != "calendar":
        return (("now_auto_reply" if row.source == "auto_reply" else "now_manual", facts),)
    same = (each for each in found if each.counts and each.reference == row.source_ref)
    parts = next((each.parts for each in same), (("now_calendar", facts),))
    if state.closed and state.until is not None and state.until != row.end:
        back = when(state.until, reader.now, reader.zone, reader.language)
        parts = (*parts, ("back", {"time": back}))
    return parts

"""Occurrences of a person's calendars as rows of their activities."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.app import App
from server.domain.activities import current
from server.domain.calendars import keywords
from server.domain.calendars.rules import Claim, Rules, claims
from server.domain.plans import can
from storage.calendars import CalendarPolicy, Occurrence, OwnPolicy
from storage.models import User
from storage.telephony import Activity

TRUSTED = timedelta(hours=24)  # how long a calendar is believed after it was last read (C13)


async def rows_of(
    app: App,
    user: User,
    occurrences: Iterable[Occurrence],
    mailbox_id: str,
    synced_at: datetime,
) -> list[Activity]:
    """The rows of all *occurrences* that are kept of the mailbox, read last at *synced_at*.

    The same occurrences and policies give the same rows with the same ids, in any process. There
    are none for whose plan has no calendars.
    """
    if not can(user, "calendars"):
        return []
    rules = await rules_of(app, user)
    found = claims(occurrences, rules, ZoneInfo(user.time_zone))
    return rows_from(found, user, mailbox_id, synced_at)


def rows_from(
    found: Iterable[Claim], user: User, mailbox_id: str, synced_at: datetime
) -> list[Activity]:
    """The bids of a mailbox that was read at *synced_at*, as its owner's rows. Pure."""
    trusted_until = _millisecond(synced_at + TRUSTED)
    return [_row(user, claim, mailbox_id, trusted_until) for claim in found]


async def rules_of(app: App, user: User) -> Rules:
    """The rules for the person: the company's, with what they decided for themselves.

    Read as they are kept now: of a change of policies a worker hears no sooner.
    """
    company = await app.stores.calendar_policies.find(user.org_id)
    own = await app.stores.own_policies.find(user.id, user.org_id)
    kinds = await current.types_of(app, user)
    known = frozenset(kind.id for kind in kinds.values() if not kind.removed)
    return combined(company, own, known)


def combined(company: CalendarPolicy, own: OwnPolicy, known: frozenset[str]) -> Rules:
    """One set of rules. Words for activities that are no longer *known* mean nothing."""
    words = keywords.STANDARD if company.keywords is None else company.keywords
    closes = own.tentative_closes
    return Rules(
        keywords=keywords.table(each for each in words if each.type_id in known),
        categories=keywords.table(each for each in company.categories if each.type_id in known),
        tentative_closes=company.tentative_closes if closes is None else closes,
        focus_closes=company.focus_closes,
        privacy=own.privacy or company.privacy,
        lead=timedelta(minutes=company.lead),
        lag=timedelta(minutes=company.lag),
        show_subjects=own.show_subjects,
    )


def row_id(mailbox_id: str, reference: str) -> str:
    """The id of the row of an occurrence: the same whenever and wherever it is made."""
    return hashlib.sha256(f"{mailbox_id}\n{reference}".encode()).hexdigest()[:32]


def _row(user: User, claim: Claim, mailbox_id: str, trusted_until: datetime) -> Activity:
    judged = claim.judgement
    return Activity(
        id=row_id(mailbox_id, claim.reference),
        org_id=user.org_id,
        user_id=user.id,
        type_id=judged.type_id,
        start=claim.start,
        end=claim.end,
        source="calendar",
        source_ref=claim.reference,
        priority=judged.priority,
        private=judged.private,
        hide_time=judged.hide_time,
        opens=judged.opens,
        mailbox_id=mailbox_id,
        trusted_until=trusted_until,
        set_at=_millisecond(claim.occurrence.modified or claim.start),
        set_by=user.id,
        note=judged.note,
    )


def _millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

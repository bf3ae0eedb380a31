"""What a caller is told about somebody who does not answer: who, why, when back, what then. Pure.

    [recorded name | "Den du söker" | "The person you are calling"] + reason + back + after

A caller is never told a time when nobody works: such a time becomes the next beginning of work,
and nothing when work never begins. All is rendered on the callee's clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.domain.announcements import phrases
from server.domain.announcements.phrases import SENTENCE, Phrase, fixed
from server.domain.schedule import Schedule
from storage.models import Language

SOON = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
WEEK = 7  # days from which on a weekday's name would be ambiguous


@dataclass(frozen=True, slots=True)
class After:
    """What the caller may do next."""

    voicemail: bool = False
    colleague: bool = False
    switchboard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known when an announcement is made.

    *reason* is the spoken phrase of the activity; None is worded so that nothing is given away.
    *back_at* None is an activity without an end. *name* is the person's name if they recorded it.
    """

    language: Language
    reason: str | None
    back_at: datetime | None
    now: datetime
    schedule: Schedule
    name: str | None = None
    after: After = field(default_factory=After)


def compose(said: Said) -> tuple[Phrase, ...]:
    """The announcement, piece by piece."""
    who = Phrase(phrases.NAME, said.name) if said.name else fixed("who", said.language)
    return (who, *_why_and_back(said), *_after(said.after, said.language))


def text_of(pieces: Iterable[Phrase]) -> str:
    """The pieces as a text that can be read, and read aloud."""
    text = ""
    for piece in pieces:
        lead = piece.lead if text else ""
        if text.endswith(".") and lead.startswith("."):  # "… p.m." is already an end
            lead = lead[1:]
        text += lead + piece.text
    return text if not text or text.endswith(".") else f"{text}."


def next_free(back_at: datetime | None, now: datetime, schedule: Schedule) -> datetime | None:
    """When the person can be reached again: within work, at a whole minute; None when unknown."""
    if back_at is None:
        return None
    moment = _whole_minute(max(back_at, now).astimezone(UTC))
    return moment if schedule.works_at(moment) else schedule.next_start(moment)


def _whole_minute(moment: datetime) -> datetime:
    """The next one: who is back half a minute past is not back before."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + MINUTE


def _why_and_back(said: Said) -> tuple[Phrase, ...]:
    back = next_free(said.back_at, said.now, said.schedule)
    if back is not None and _is_soon(back, said):
        return (fixed("soon", said.language),)
    why = phrases.reason(said.reason) if said.reason else fixed("private", said.language)
    if back is None:
        return (why,)
    return (why, fixed("back", said.language), *_when(back, said))


def _is_soon(back: datetime, said: Said) -> bool:
    """By the second, unless it is not when the activity ends but when work begins."""
    exact = said.back_at if said.back_at and back - said.back_at < MINUTE else back
    return exact - said.now <= SOON


def _when(back: datetime, said: Said) -> tuple[Phrase, ...]:
    there, here = said.schedule.local(back), said.schedule.local(said.now)
    days = (there.date() - here.date()).days
    if days >= WEEK:
        return _date(there, here, said.language)
    clock = _clock(there, said.language)
    if days == 0:
        return clock
    if days == 1:
        return (fixed("tomorrow", said.language), *clock)
    return (phrases.on_weekday(there.weekday(), said.language), *clock)


def _clock(there: datetime, language: Language) -> tuple[Phrase, ...]:
    minute = (phrases.minute(there.minute, language),) if there.minute else ()
    half = (phrases.half(there.hour),) if language == "en" else ()
    return (phrases.hour(there.hour, language), *minute, *half)


def _date(there: datetime, here: datetime, language: Language) -> tuple[Phrase, ...]:
    weekday = phrases.weekday(there.weekday(), language)
    day, month = phrases.day(there.day, language), phrases.month(there.month, language)
    year = (phrases.in_year(there.year, language),) if there.year != here.year else ()
    order = (day, month) if language == "sv" else (month, day)
    return (weekday, *order, *year)


def _after(after: After, language: Language) -> tuple[Phrase, ...]:
    found = []
    if after.voicemail:
        found.append(fixed("after.voicemail", language, SENTENCE))
    if after.colleague:
        found.append(fixed("after.colleague", language, SENTENCE))
    if after.switchboard and after.colleague:
        found.append(fixed("after.switchboard_too", language, ", "))
    elif after.switchboard:
        found.append(fixed("after.switchboard", language, SENTENCE))
    return tuple(found)

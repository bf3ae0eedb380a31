"""What the routes of policies and of one's own calendar answer. Describes only."""

from __future__ import annotations

from msgspec import Struct

from server.http.outputs_activities import Time
from storage.calendars import Privacy, Provider


class Effective(Struct):
    """What counts: my own wish, or else the company's."""

    tentative_closes: bool
    privacy: Privacy


class OwnPolicy(Struct):
    """How my meetings count; null is as the company has it."""

    tentative_closes: bool | None
    privacy: Privacy | None
    show_subjects: bool
    effective: Effective


class Keyword(Struct):
    """A word, or the name of a category, and the activity that it stands for."""

    word: str
    type_id: str


class CalendarPolicy(Struct):
    """How everybody's meetings count."""

    keywords: list[Keyword]
    standard_keywords: bool
    categories: list[Keyword]
    tentative_closes: bool
    focus_closes: bool
    privacy: Privacy
    lead: int
    lag: int
    providers: list[Provider]


class Now(Struct):
    """What I do now, and why, in a sentence."""

    activity_id: str
    sentence: str
    until: Time | None


class Explained(Struct):
    """An occurrence of my calendars: whether it counts, as what, by which rule, in a sentence."""

    id: str
    start: Time
    end: Time
    all_day: bool
    subject: str
    calendar: str
    provider: Provider
    counts: bool
    rule: str
    sentence: str
    activity_id: str | None


class OwnCalendar(Struct):
    """Today and the seven days that follow, explained."""

    now: Now
    occurrences: list[Explained]

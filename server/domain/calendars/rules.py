"""What an occurrence in a calendar means for the telephone (C1-C7, C9). Pure.

An occurrence that counts bids for the telephone: it becomes a row of its owner's activities. What
wins at a moment, against other occurrences and what was chosen by hand (C8, C10), is decided from
the rows when somebody asks, in `domain.activities.state`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.activities.state import FOCUS, KEYWORD, MEETING, OUT_OF_OFFICE
from server.domain.calendars.keywords import Mapped, mapped
from server.domain.texts import TURNING, UNWANTED
from storage.calendars import Occurrence, Privacy

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
NOTE_LENGTH = 200
NOTHING = timedelta(0)
NOT_WORK = frozenset({"working_location", "birthday", "from_mail"})
NO_LONGER = "C1_no_time"

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a company and a person decided, together.

    *keywords* and *categories* tell activities by words in their normal writing.
    """

    keywords: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    tentative_closes: bool = False
    focus_closes: bool = True
    privacy: Privacy = "generic_with_time"
    lead: timedelta = NOTHING
    lag: timedelta = NOTHING
    show_subjects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an occurrence counts, and by which rule; if it does, as what and from when to when.

    *opens* leaves the telephone open whatever the activity says; *private* and *hide_time* keep
    the reason and the time from callers; *note* is what colleagues may read.
    """

    counts: bool
    rule: str
    type_id: str = ""
    priority: int = 0
    start: datetime | None = None
    end: datetime | None = None
    opens: bool = False
    private: bool = False
    hide_time: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A bid for the telephone. The same occurrence in two calendars is one, by its *reference*."""

    reference: str
    occurrence: Occurrence
    judgement: Judgement
    start: datetime
    end: datetime


def claims(occurrences: Iterable[Occurrence], rules: Rules, zone: ZoneInfo) -> list[Claim]:
    """The bids of these occurrences, earliest first, one for each reference."""
    found: dict[str, Claim] = {}
    for occurrence in occurrences:
        judged = judge(occurrence, rules, zone)
        if not judged.counts or judged.start is None or judged.end is None:
            continue
        claim = Claim(
            reference=reference(occurrence),
            occurrence=occurrence,
            judgement=judged,
            start=judged.start,
            end=judged.end,
        )
        twin = found.get(claim.reference)
        found[claim.reference] = _one_of(twin, claim) if twin else claim
    return sorted(found.values(), key=lambda claim: (claim.start, claim.reference))


def reference(occurrence: Occurrence) -> str:
    """The occurrence's name in every calendar that has it (C10 suppresses by it)."""
    if not occurrence.uid:
        return occurrence.id
    return f"{occurrence.uid}/{occurrence.recurrence_id}"


def judge(occurrence: Occurrence, rules: Rules, zone: ZoneInfo) -> Judgement:
    """What *occurrence* means to its owner, whose clock is that of *zone*. Never raises."""
    span = span_of(occurrence, zone)
    word = mapped(occurrence.subject, occurrence.categories, rules.keywords, rules.categories)
    dropped = _dropped(occurrence, rules, span, word)
    if dropped or span is None:
        return Judgement(counts=False, rule=dropped or NO_LONGER, private=occurrence.private)
    return _counted(occurrence, rules, span, word)


def all_day(occurrence: Occurrence) -> bool:
    """Whether it lasts whole days instead of having times."""
    return bool(occurrence.first_day)


def span_of(occurrence: Occurrence, zone: ZoneInfo) -> Span | None:
    """From when to when, in UTC; None when it has no time that can be.

    Whole days are those of its owner's clock, from midnight to midnight: 23 or 25 hours when the
    clocks change (C3).
    """
    try:
        if all_day(occurrence):
            first = date.fromisoformat(occurrence.first_day)
            last = date.fromisoformat(occurrence.last_day or occurrence.first_day)
            last = max(last, first + timedelta(days=1))
            span = midnight(first, zone), midnight(last, zone)
        elif occurrence.start is None or occurrence.end is None:
            return None
        else:
            span = _utc(occurrence.start), _utc(occurrence.end)
    except (ValueError, OverflowError):
        return None
    return span if span[0] < span[1] else None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When *day* begins on the clock of *zone*, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _utc(moment: datetime) -> datetime:
    """In UTC, to the millisecond: as precise as rows are kept."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    tidy = aware.replace(microsecond=aware.microsecond // 1000 * 1000)
    return tidy.astimezone(UTC)


def _dropped(occurrence: Occurrence, rules: Rules, span: Span | None, word: Mapped | None) -> str:
    """The rule by which it does not count, or nothing."""
    if occurrence.cancelled:
        return "C1_cancelled"
    if occurrence.response == "declined":
        return "C1_declined"
    if span is None:
        return NO_LONGER
    if occurrence.private and rules.privacy == "ignore":
        return "C6_ignored"
    keyword = word is not None and word.by == "keyword"
    # Programs mark whole days as free by themselves: a category says more than that.
    said = keyword or (word is not None and all_day(occurrence))
    if occurrence.show_as == "free" and not said:
        return "C1_free"
    return "" if word else _dropped_by_kind(occurrence, span)


def _dropped_by_kind(occurrence: Occurrence, span: Span) -> str:
    if occurrence.kind in NOT_WORK:
        return f"C1_{occurrence.kind}"
    if span[1] - span[0] < SHORTEST:
        return "C1_short"
    if _is_away(occurrence):
        return ""
    if all_day(occurrence):
        return "C3_all_day"
    return "C1_long" if span[1] - span[0] > LONGEST else ""


def _counted(occurrence: Occurrence, rules: Rules, span: Span, word: Mapped | None) -> Judgement:
    type_id, priority, rule = _kind(occurrence)
    if word is not None:
        type_id, rule = word.type_id, f"C4_{word.by}"
        priority = OUT_OF_OFFICE if _is_away(occurrence) else KEYWORD
    open_rule = _leaves_open(occurrence, rules, word)
    if not open_rule and not all_day(occurrence):
        span = _widened(span, rules)
    private = occurrence.private
    return Judgement(
        counts=True,
        rule=open_rule or rule,
        type_id=type_id,
        priority=priority,
        start=span[0],
        end=span[1],
        opens=bool(open_rule),
        private=private,
        hide_time=private and rules.privacy == "generic_without_time",
        note=_line(occurrence.subject) if rules.show_subjects and not private else "",
    )


def _kind(occurrence: Occurrence) -> tuple[str, int, str]:
    """Which activity, what outranks what, and by which rule (C5)."""
    if _is_away(occurrence):
        return "out", OUT_OF_OFFICE, "C5_out_of_office"
    if occurrence.kind == "focus":
        return "do_not_disturb", FOCUS, "C5_focus"
    if occurrence.show_as == "working_elsewhere":
        return "home", MEETING, "C2_elsewhere"
    return "meeting", MEETING, "C5_meeting"


def _leaves_open(occurrence: Occurrence, rules: Rules, word: Mapped | None) -> str:
    """The rule by which it is shown only, and the telephone left open; or nothing (C2)."""
    if word is not None and word.by == "keyword":
        return "C4_keyword_open" if word.opens else ""
    if not rules.tentative_closes:
        if "tentative" in (occurrence.show_as, occurrence.response):
            return "C2_tentative"
        if occurrence.response == "not_responded":
            return "C2_not_responded"
    if word is not None or _is_away(occurrence):
        return ""
    if occurrence.kind == "focus":
        return "" if rules.focus_closes else "C5_focus_open"
    return "C2_elsewhere" if occurrence.show_as == "working_elsewhere" else ""


def _is_away(occurrence: Occurrence) -> bool:
    return "out_of_office" in (occurrence.show_as, occurrence.kind)


def _widened(span: Span, rules: Rules) -> Span:
    """With the minutes before and after that a company adds (C9)."""
    try:
        return span[0] - rules.lead, span[1] + rules.lag
    except OverflowError:  # at the ends of the calendar
        return span


def _line(text: str) -> str:
    """A subject as one line, without what could disturb the text around it."""
    tidy = " ".join("".join(each if _is_plain(each) else " " for each in text).split())
    return tidy[:NOTE_LENGTH].rstrip()


def _is_plain(char: str) -> bool:
    return char not in TURNING and unicodedata.category(char) not in UNWANTED


def _one_of(one: Claim, other: Claim) -> Claim:
    """The stronger bid of the same occurrence; what either keeps from callers is kept."""
    best = max(one, other, key=_strength)
    private = one.judgement.private or other.judgement.private
    hide_time = one.judgement.hide_time or other.judgement.hide_time
    note = "" if private else best.judgement.note
    judged = replace(best.judgement, private=private, hide_time=hide_time, note=note)
    return replace(best, judgement=judged)


def _strength(claim: Claim) -> tuple[bool, int, datetime, str]:
    judged = claim.judgement
    return not judged.opens, judged.priority, claim.end, claim.occurrence.id

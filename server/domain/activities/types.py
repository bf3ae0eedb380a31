"""The twelve activities that everybody has, and how a company and a person change them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from storage.telephony import ActivityType, DefaultEnd, Wording

AVAILABLE = "available"
GONE = "gone_for_day"
NOT_SPOKEN: Wording = {}

END_OF_WORK = DefaultEnd(kind="end_of_work")
NEXT_WORK_START = DefaultEnd(kind="next_work_start")
ASKS_A_DATE = DefaultEnd(kind="date")
NO_END = DefaultEnd(kind="none")


def _minutes(count: int) -> DefaultEnd:
    return DefaultEnd(kind="minutes", minutes=count)


def _open(
    type_id: str, sv: str, en: str, end: DefaultEnd, colour: str, icon: str, position: int
) -> ActivityType:
    return ActivityType(
        id=type_id,
        label={"sv": sv, "en": en},
        spoken=NOT_SPOKEN,
        closes_phone=False,
        default_end=end,
        colour=colour,
        icon=icon,
        position=position,
    )


def _closed(
    type_id: str,
    label: tuple[str, str],
    spoken: tuple[str, str],
    end: DefaultEnd,
    look: tuple[str, str],
    position: int,
    *,
    vip_through: bool = True,
) -> ActivityType:
    return ActivityType(
        id=type_id,
        label={"sv": label[0], "en": label[1]},
        spoken={"sv": spoken[0], "en": spoken[1]},
        default_end=end,
        vip_through=vip_through,
        # A queue should not ring somebody whose own telephone is closed.
        queue="pause",
        colour=look[0],
        icon=look[1],
        position=position,
    )


STANDARD: tuple[ActivityType, ...] = (
    _open(AVAILABLE, "Tillgänglig", "Available", NO_END, "green", "check", 0),
    _closed("meeting", ("Möte", "Meeting"), ("är i möte", "is in a meeting"),
            _minutes(60), ("red", "users"), 1),
    _closed("lunch", ("Lunch", "Lunch"), ("är på lunch", "is at lunch"),
            _minutes(60), ("orange", "tools-kitchen"), 2),
    _closed("break", ("Rast", "Break"), ("har rast", "is on a break"),
            _minutes(15), ("yellow", "coffee"), 3),
    _closed("out", ("Tillfälligt ute", "Out for a while"),
            ("är tillfälligt ute", "is out of the office for a while"),
            _minutes(60), ("grape", "door-exit"), 4),
    _closed("business_trip", ("Tjänsteresa", "Business trip"),
            ("är på tjänsteresa", "is on a business trip"),
            ASKS_A_DATE, ("blue", "plane"), 5),
    _open("home", "Arbetar hemifrån", "Working from home", END_OF_WORK, "teal", "home", 6),
    _closed("training", ("Utbildning", "Training"), ("är på utbildning", "is at a training"),
            END_OF_WORK, ("indigo", "school"), 7),
    _closed(GONE, ("Gått för dagen", "Gone for the day"),
            ("har gått för dagen", "has left for the day"),
            NEXT_WORK_START, ("gray", "sunset"), 8),
    _closed("vacation", ("Semester", "Vacation"), ("har semester", "is on vacation"),
            ASKS_A_DATE, ("cyan", "beach"), 9),
    _closed("sick", ("Sjuk", "Sick"), ("är frånvarande", "is away"),
            END_OF_WORK, ("pink", "thermometer"), 10),
    _closed("do_not_disturb", ("Stör ej", "Do not disturb"),
            ("kan inte ta emot samtal just nu", "cannot take calls right now"),
            _minutes(60), ("violet", "bell-off"), 11, vip_through=False),
)  # fmt: skip  # a table reads best with one activity on two or three lines
STANDARD_IDS = frozenset(each.id for each in STANDARD)


def merge(
    standard: Iterable[ActivityType], company: Iterable[ActivityType], own: Iterable[ActivityType]
) -> dict[str, ActivityType]:
    """The activities of one person by id: what is nearest to the person counts.

    Removed ones stay, so that who still has one is shown as they chose.
    """
    return {each.id: each for each in (*standard, *company, *own)}


def choosable(types: dict[str, ActivityType], type_id: str) -> ActivityType | None:
    """The activity if it may be chosen now: there, and neither hidden nor removed."""
    found = types.get(type_id)
    return None if found is None or found.hidden or found.removed else found

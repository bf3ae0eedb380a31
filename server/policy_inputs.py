"""What clients may send about how calendars count: unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from server.activity_inputs import ActivityId, Label
from server.inputs import Command
from storage.calendars import Privacy, Provider

_WORD = {"pattern": r"^\s*[A-Za-zÅÄÖåäö]{1,4}\s*$"}

Word = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=20,
        description="One to four letters, such as LUN.",
        extra_json_schema=_WORD,
    ),
]
Minutes = Annotated[int, Meta(ge=0, le=15)]


class PutKeyword(Command):
    """A word at the start of a subject, and the activity that it stands for."""

    word: Word
    type_id: ActivityId


class PutCategory(Command):
    """A category of events, and the activity that it stands for."""

    word: Label
    type_id: ActivityId


class PutOwnPolicy(Command):
    """How my meetings count; null is as the company has it, what is left out stays."""

    tentative_closes: bool | UnsetType | None = UNSET
    privacy: Privacy | UnsetType | None = UNSET
    show_subjects: bool | UnsetType = UNSET


class PutCalendarPolicy(Command):
    """How everybody's meetings count; what is left out stays.

    `keywords` null is the standard table, else both tables go whole. `lead` and `lag`: minutes
    before and after meetings. `providers`: which kinds of account people may connect.
    """

    keywords: Annotated[list[PutKeyword], Meta(max_length=100)] | UnsetType | None = UNSET
    categories: Annotated[list[PutCategory], Meta(max_length=100)] | UnsetType = UNSET
    tentative_closes: bool | UnsetType = UNSET
    focus_closes: bool | UnsetType = UNSET
    privacy: Privacy | UnsetType = UNSET
    lead: Minutes | UnsetType = UNSET
    lag: Minutes | UnsetType = UNSET
    providers: Annotated[list[Provider], Meta(max_length=10)] | UnsetType = UNSET


def policy_given(data: Struct) -> dict[str, Any]:
    """The fields that were given; words as pairs with their activities."""
    found = {}
    for name in data.__struct_fields__:
        value = getattr(data, name)
        if value is UNSET:
            continue
        if name in ("keywords", "categories") and value is not None:
            value = [(each.word, each.type_id) for each in value]
        found[name] = value
    return found

"""What clients may send about activities: one type per order, unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from server.inputs import Command, Id, Time

_UNWANTED = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069"
_LINE = {"pattern": rf"^[^{_UNWANTED}]*$"}
_WORDS = {"pattern": rf"^[^{_UNWANTED}]*[^\s{_UNWANTED}][^{_UNWANTED}]*$"}

ActivityId = Annotated[
    str, Meta(min_length=1, max_length=64, description="`lunch`, or an id minted by the server.")
]
Note = Annotated[str, Meta(max_length=200, extra_json_schema=_LINE)]
Label = Annotated[str, Meta(min_length=1, max_length=60, extra_json_schema=_WORDS)]
Phrase = Annotated[str, Meta(max_length=120, extra_json_schema=_LINE)]
Colour = Literal[
    "green",
    "red",
    "orange",
    "yellow",
    "lime",
    "teal",
    "cyan",
    "blue",
    "indigo",
    "violet",
    "grape",
    "pink",
    "gray",
]
Icon = Literal[
    "check",
    "users",
    "tools-kitchen",
    "coffee",
    "door-exit",
    "plane",
    "home",
    "school",
    "sunset",
    "beach",
    "thermometer",
    "bell-off",
    "car",
    "phone",
    "baby",
    "dumbbell",
    "star",
    "clock",
]


class Choose(Command):
    """An activity from now on, of mine or of a colleague's; without `until` its kind says."""

    activity_id: ActivityId
    until: Time | None = None
    note: Note = ""
    user_id: Id | None = None


class Labels(Command):
    """What is shown, in both languages."""

    sv: Label
    en: Label


class Phrases(Command):
    """What callers hear after the name, in both languages; empty tells no reason."""

    sv: Phrase = ""
    en: Phrase = ""


class End(Command):
    """When it ends unless somebody says; `minutes` go with the kind of that name (60)."""

    kind: Literal["minutes", "end_of_work", "next_work_start", "date", "none"]
    minutes: Annotated[int, Meta(ge=1, le=10_080)] | None = None


class AddActivity(Command):
    """A new kind of activity."""

    label: Labels
    spoken: Phrases | None = None
    closes_phone: bool = True
    default_end: End | None = None
    vip_through: bool = True
    queue: Literal["keep", "pause"] = "keep"
    colour: Colour = "gray"
    icon: Icon = "clock"
    position: Annotated[int, Meta(ge=0, le=1000)] | None = None


class EditActivity(Command):
    """What to change about a kind of activity; what is left out stays."""

    activity_id: ActivityId
    label: Labels | None = None
    spoken: Phrases | None = None
    closes_phone: bool | None = None
    default_end: End | None = None
    vip_through: bool | None = None
    queue: Literal["keep", "pause"] | None = None
    colour: Colour | None = None
    icon: Icon | None = None
    position: Annotated[int, Meta(ge=0, le=1000)] | None = None
    hidden: bool | None = None


class OneActivity(Command):
    """Names a kind of activity."""

    activity_id: ActivityId


class Coming(Command):
    """How much of what a person does and will do."""

    user_id: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


def given(data: msgspec.Struct) -> dict[str, Any]:
    """The fields of an activity that the client gave, nested ones as dictionaries."""
    return {
        name: msgspec.to_builtins(value)
        for name in data.__struct_fields__
        if name != "activity_id" and (value := getattr(data, name)) is not None
    }

"""What the routes of announcements answer. Nothing is made from these: they describe."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from storage.models import Language

Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


class Addresses(Struct):
    """Where the same sound is fetched at two rates."""

    low: str = field(name="8000")
    high: str = field(name="16000")


class Announcement(Struct):
    """What callers hear just now; nothing when the telephone is open."""

    closed: bool
    text: str
    language: Language
    activity: str
    back_at: Moment | None
    next_free: Moment | None
    audio: Addresses | None


class RecordedPhrase(Struct):
    """A phrase of announcements, and its recording if there is one."""

    key: str
    text: str
    language: Language
    recorded: bool
    seconds: float | None
    url: str | None


class RecordedPhrases(Struct):
    """Every phrase that can be recorded."""

    clips: list[RecordedPhrase]


class RecordedName(Struct):
    """My recorded name."""

    recorded: bool
    seconds: float
    url: str

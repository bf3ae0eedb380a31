"""What presence and activities look like to clients. Describes only; tests hold it true."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from storage.telephony import Line, Source

Time = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


class Presence(Struct):
    """Where a person is now, and what they do until when."""

    user_id: str
    online: Literal["online", "away", "offline"]
    activity: str | None
    until: Time | None
    line: Line | None
    note: str


class Words(Struct):
    """The same words in both languages."""

    sv: str
    en: str


class DefaultEnd(Struct):
    """When the activity ends unless somebody says."""

    kind: Literal["minutes", "end_of_work", "next_work_start", "date", "none"]
    minutes: int | None


class ActivityKind(Struct):
    """A kind of activity, and whose version of it this is."""

    id: str
    label: Words
    spoken: Words
    closes_phone: bool
    default_end: DefaultEnd
    vip_through: bool
    queue: Literal["keep", "pause"]
    colour: str
    icon: str
    position: int
    hidden: bool
    scope: Literal["standard", "company", "own"]


class ActivityKinds(Struct):
    """The company's activities, and what I changed or added."""

    company: list[ActivityKind]
    own: list[ActivityKind]


class CompanyKinds(Struct):
    """The company's activities."""

    company: list[ActivityKind]


class ActivityRow(Struct):
    """What a person does, or will do, and who said so."""

    id: str
    activity: str
    start: Time
    end: Time | None
    source: Source
    note: str
    set_at: Time
    set_by: str


class ActivityRows(Struct):
    """What a person does and will do, earliest first."""

    activities: list[ActivityRow]

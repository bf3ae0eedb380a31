"""What the door of exchanges answers. Nothing is made from these: they describe."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from server.http.outputs_speech import Addresses
from storage.models import Language


class Present(Struct):
    """Whom to show who answers. Tags: vip, override_possible."""

    name: str
    tags: list[str]


class Step(Struct):
    """One thing to do. Which of the particulars there are goes by `do`."""

    do: str
    user_id: str | UnsetType = UNSET
    numbers: list[str] | UnsetType = UNSET
    number: str | UnsetType = UNSET
    queue: str | UnsetType = UNSET
    offer: bool | UnsetType = UNSET
    seconds: int | UnsetType = UNSET
    vip: bool | UnsetType = UNSET
    text: str | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    audio: Addresses | UnsetType = UNSET
    options: dict[str, str] | UnsetType = UNSET
    cause: str | UnsetType = UNSET
    stage: str | UnsetType = UNSET


class Decision(Struct):
    """What to do, in order, and why, as codes."""

    decision_id: str
    why: list[str]
    present: Present
    steps: list[Step]


class Reason(Struct):
    """A code, and what it means."""

    code: str
    text: str


class HeardWords(Struct):
    """What the caller hears."""

    text: str
    language: Language
    audio: Addresses


class Simulated(Struct):
    """What would become of a call."""

    decision: Decision
    why: list[Reason]
    announcement: HeardWords | None

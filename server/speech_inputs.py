"""What clients may send about announcements and their recordings."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from server.inputs import Command, Id
from storage.models import Language

Key = Annotated[str, Meta(min_length=1, max_length=64, description="A phrase, as listed.")]


class MyAnnouncement(Command):
    """In which language; without one, in mine."""

    language: Language | None = None


class OneAnnouncement(Command):
    """Whose announcement, and in which language; without one, in theirs."""

    user_id: Id
    language: Language | None = None


class ClipList(Command):
    """In which language; without one, in mine."""

    language: Language | None = None


class OneClip(Command):
    """Names a phrase in a language."""

    language: Language
    key: Key


class HeardClip(Command):
    """Names a phrase in a language; `v` is the version, in the address that a list gives."""

    language: Language
    key: Key
    v: Annotated[str, Meta(max_length=64)] | None = None


class OneSound(Command):
    """Names a sound at 8,000 or 16,000 Hz."""

    key: Annotated[str, Meta(min_length=1, max_length=64)]
    rate: Annotated[str, Meta(pattern="^(8000|16000)$")]

"""Recorded pieces of announcements: a company's phrases by its administrators, one's own name."""

from __future__ import annotations

import hashlib
import wave
from io import BytesIO
from typing import Any

from integrations.contract import BadAnswer
from server.app import App
from server.domain.accounts import audit
from server.domain.activities.types import STANDARD, merge
from server.domain.announcements import phrases
from server.domain.announcements.phrases import Phrase
from server.domain.errors import Invalid, NotAllowed, NotFound, OverQuota
from server.domain.plans import can
from storage.models import Language, User
from storage.telephony import Clip

LARGEST_BYTES = 2_000_000
LONGEST_PHRASE = 15.0
LONGEST_NAME = 8.0
YEARS_AHEAD = 3
NAMES: Language = "sv"  # a name is the same in every language: there is one recording of it


async def listing(app: App, actor: User, language: Language) -> list[dict[str, Any]]:
    """Every phrase that can be recorded in this language, and whether it is. Raises NotAllowed."""
    _demand_admin(actor)
    clips = await app.stores.clips.of(actor.org_id, actor.org_id)
    return [
        _shown(language, phrase, clips.get(f"{language}/{phrase.key}"))
        for phrase in await _vocabulary(app, actor.org_id, language)
    ]


async def record(
    app: App, actor: User, language: Language, key: str, data: bytes
) -> dict[str, Any]:
    """Use this recording of the phrase from now on. Raises NotAllowed, NotFound, Invalid."""
    _demand_admin(actor)
    phrase = await _phrase(app, actor.org_id, language, key)
    clip = await _keep(app, actor, actor.org_id, language, key, data, LONGEST_PHRASE)
    await audit.record(app, actor, "clip.recorded", None, {phrase.text: [None, clip.seconds]})
    return _shown(language, phrase, clip)


async def sound(app: App, actor: User, language: Language, key: str) -> bytes:
    """The recording of a phrase, as WAV. Raises NotAllowed, NotFound."""
    _demand_admin(actor)
    clips = await app.stores.clips.of(actor.org_id, actor.org_id)
    return await _data(app, clips.get(f"{language}/{key}"))


async def remove(app: App, actor: User, language: Language, key: str) -> None:
    """Let the phrase be spoken by the voice again. Raises NotAllowed, NotFound."""
    _demand_admin(actor)
    if not await app.stores.clips.remove(actor.org_id, actor.org_id, language, key):
        raise NotFound("clip")
    _forget(app, actor.org_id, actor.org_id)
    await audit.record(app, actor, "clip.removed", None, {key: [language, None]})


async def record_name(app: App, actor: User, data: bytes) -> dict[str, Any]:
    """Say one's own name: callers hear it instead of "the person you are calling"."""
    clip = await _keep(app, actor, actor.id, NAMES, phrases.NAME, data, LONGEST_NAME)
    return {"recorded": True, "seconds": clip.seconds, "url": "/api/me/recorded-name"}


async def name_sound(app: App, actor: User) -> bytes:
    """One's own recorded name, as WAV. Raises NotFound."""
    own = await app.stores.clips.of(actor.org_id, actor.id)
    return await _data(app, next(iter(own.values()), None))


async def remove_name(app: App, actor: User) -> None:
    """Be "the person you are calling" again. Raises NotFound."""
    if not await app.stores.clips.remove(actor.org_id, actor.id, NAMES, phrases.NAME):
        raise NotFound("clip")
    _forget(app, actor.org_id, actor.id)


def _demand_admin(actor: User) -> None:
    if not can(actor, "admin"):
        raise NotAllowed("admin")


async def _vocabulary(app: App, org_id: str, language: Language) -> tuple[Phrase, ...]:
    """With the reasons of the company's own activities, in its own words."""
    kinds = await app.stores.activity_types.of_owners(org_id, [org_id])
    types = sorted(merge(STANDARD, kinds[org_id], ()).values(), key=lambda each: each.position)
    spoken = [each.spoken.get(language, "") for each in types if not each.removed]
    this_year = app.now().year
    years = range(this_year, this_year + YEARS_AHEAD)
    return phrases.vocabulary(language, filter(None, spoken), years)


async def _phrase(app: App, org_id: str, language: Language, key: str) -> Phrase:
    for phrase in await _vocabulary(app, org_id, language):
        if phrase.key == key:
            return phrase
    raise NotFound("clip")


async def _keep(
    app: App, actor: User, owner: str, language: Language, key: str, data: bytes, longest: float
) -> Clip:
    if len(data) > LARGEST_BYTES:
        raise OverQuota("payload")
    try:
        made = await app.speech.recording(data, longest)
    except BadAnswer as error:
        raise Invalid("sound", str(error), limit=round(longest)) from None
    clip = Clip(
        id=app.new_id(),
        org_id=actor.org_id,
        owner=owner,
        language=language,
        key=key,
        seconds=_seconds(made),
        digest=hashlib.sha256(made).hexdigest()[:32],
        updated_at=app.now(),
    )
    await app.stores.clips.put(clip, made)
    _forget(app, actor.org_id, owner)
    return clip


def _seconds(made: bytes) -> float:
    with wave.open(BytesIO(made)) as file:
        frames, rate = file.getnframes(), file.getframerate()
    return float(round(frames / rate, 2))


async def _data(app: App, clip: Clip | None) -> bytes:
    if clip is None:
        raise NotFound("clip")
    found = (await app.stores.clips.data(clip.org_id, [clip.digest])).get(clip.digest)
    if found is None:
        raise NotFound("clip")
    return found


def _forget(app: App, org_id: str, owner: str) -> None:
    app.events.forget("clips", f"{org_id}/{owner}")


def _shown(language: Language, phrase: Phrase, clip: Clip | None) -> dict[str, Any]:
    address = f"/api/admin/clips/{language}/{phrase.key}"
    return {
        "key": phrase.key,
        "text": phrase.text,
        "language": language,
        "recorded": clip is not None,
        "seconds": clip.seconds if clip else None,
        "url": f"{address}?v={clip.digest}" if clip else None,
    }

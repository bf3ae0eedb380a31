"""Announcements of people: from what they do to words, and to the address of a sound."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from server.app import App
from server.domain.activities import current
from server.domain.activities.state import State, state_at
from server.domain.announcements import phrases
from server.domain.announcements.grammar import After, Said, compose, next_free, text_of
from server.domain.announcements.phrases import SENTENCE, Phrase
from server.domain.schedule import Schedule
from storage.models import Language, User, timestamp
from storage.sounds import RATES, Clips, Part, Script
from storage.telephony import Activity, ActivityType

FORMAT = "1"  # part of every key: another way of making sounds gives other addresses
NOTHING_MORE = After()


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a caller hears. `audio` are whole addresses of WAVs, by rate as text.

    `back_at` is when the activity ends, `next_free` the time that the caller is told or could be:
    within work; both None when unknown, or kept from callers.
    """

    text: str
    language: Language
    key: str
    closed: bool
    back_at: datetime | None
    next_free: datetime | None
    audio: dict[str, str]


async def announce(
    app: App,
    user: User,
    state: State,
    at: datetime,
    after: After = NOTHING_MORE,
    language: Language | None = None,
) -> Announcement:
    """What a caller of *user* hears at *at*, in the user's own *language* unless another is named.

    A state that leaves the telephone open is worded as "cannot take calls right now", for calls
    that were not answered. Never waits for a synthesiser: the sound is made in the background, or
    else when it is fetched. Once the words have been known for a call, only memory is read.
    """
    spoken_in = language or user.language
    schedule = await current.schedule_of(app, user)
    company, own = await _clips_of(app, user)
    recorded = _recorded_name(own)
    back_at = await _back(app, user, state, at, schedule)
    said = Said(
        language=spoken_in,
        reason=spoken_reason(state, spoken_in),
        back_at=back_at,
        now=at,
        schedule=schedule,
        name=user.name if recorded else None,
        after=after,
    )
    pieces = compose(said)
    key = await _known(app, user.org_id, spoken_in, parts_of(pieces, spoken_in, company, recorded))
    return Announcement(
        text=text_of(pieces),
        language=spoken_in,
        key=key,
        closed=state.closed,
        back_at=state.until if state.closed and state.time_public else None,
        next_free=next_free(back_at, at, schedule),
        audio={str(rate): app.settings.address + address(key, rate) for rate in RATES},
    )


async def heard(app: App, user: User, language: Language | None = None) -> dict[str, Any]:
    """What callers of *user* hear just now, for a client; no words when the telephone is open."""
    at = app.now()
    state = await current.state_of(app, user, at)
    shown: dict[str, Any] = {
        "closed": state.closed,
        "text": "",
        "language": language or user.language,
        "activity": state.activity_id,
        "back_at": timestamp(state.until) if state.until else None,
        "next_free": None,
        "audio": None,
    }
    if not state.closed:
        return shown
    made = await announce(app, user, state, at, await _after(app, user), language)
    return shown | {
        "text": made.text,
        "next_free": timestamp(made.next_free) if made.next_free else None,
        "audio": {str(rate): address(made.key, rate) for rate in RATES},
    }


def spoken_reason(state: State, language: Language) -> str | None:
    """The words for callers; None when they should not know why, or there are none."""
    if not (state.closed and state.reason_public):
        return None
    return state.type.spoken.get(language) or None


def address(key: str, rate: int) -> str:
    """Where the sound is fetched, within this installation."""
    return f"/audio/{key}/{rate}.wav"


def parts_of(
    pieces: Iterable[Phrase], language: Language, company: Clips, recorded_name: str = ""
) -> tuple[Part, ...]:
    """Pieces with a clip one by one; those between are spoken in one breath.

    A name is only ever heard from its recording: without it, "the person you are calling" is.
    """
    found: list[Part] = []
    run: list[Phrase] = []
    for piece in pieces:
        named = piece.key == phrases.NAME
        heard = phrases.fixed("who", language) if named else piece
        clip = recorded_name if named else _digest(company, language, piece)
        if not clip:
            run.append(heard)
            continue
        begins = piece.lead == SENTENCE
        found += [*_spoken(run, ends=begins), Part(text=heard.text, clip=clip, sentence=begins)]
        run = []
    return (*found, *_spoken(run, ends=True))


async def _after(app: App, user: User) -> After:
    """What a caller may do next: what the person chose, as far as there is a number for it."""
    rules = await app.stores.call_rules.of_user(user.id, user.org_id)
    org = await app.stores.orgs.get(user.org_id)
    colleague = rules.colleague_id
    numbers = await app.stores.numbers.of_users([colleague]) if colleague else {}
    return After(
        voicemail=rules.voicemail,
        colleague=bool(colleague and numbers.get(colleague)),
        switchboard=rules.switchboard and org is not None and org.main_number is not None,
    )


def _spoken(run: list[Phrase], *, ends: bool) -> list[Part]:
    """The run as one part. In the middle of a sentence a comma keeps the voice up."""
    if not run:
        return []
    text = text_of(run)
    text = text if ends else text.removesuffix(".") + ","
    return [Part(text=text, sentence=run[0].lead == SENTENCE)]


async def _back(
    app: App, user: User, state: State, at: datetime, schedule: Schedule
) -> datetime | None:
    """When the person is back: if work begins only later, nothing else may be on by then.

    None when nobody knows, or callers should not.
    """
    if not (state.closed and state.time_public) or state.until is None:
        return None
    if schedule.works_at(state.until):
        return state.until
    rows = (await app.stores.activities.of_users(user.org_id, [user.id], at))[user.id]
    types = await current.types_of(app, user)
    return back_after(state.until, at, rows, types, schedule, known_at=min(at, app.now()))


def back_after(
    until: datetime,
    now: datetime,
    rows: Iterable[Activity],
    types: Mapping[str, ActivityType],
    schedule: Schedule,
    known_at: datetime | None = None,
) -> datetime | None:
    """The end of the last absence that follows, each when work would have begun again.

    Calendars are believed as they are at *known_at*, or *now*. None when nobody knows, or callers
    should not.
    """
    known = tuple(rows)
    for _absence in known:
        free = next_free(until, now, schedule)
        if free is None:
            return None
        then = state_at(free, known, types, schedule, known_at=known_at or now)
        if not then.closed:
            return until
        if then.until is None or not then.time_public:
            return None
        until = then.until
    return until


async def _clips_of(app: App, user: User) -> tuple[Clips, Clips]:
    clips = app.stores.clips
    return await clips.of(user.org_id, user.org_id), await clips.of(user.org_id, user.id)


def _recorded_name(own: Clips) -> str:
    """A name is the same in every language."""
    return next((each.digest for each in own.values() if each.key == phrases.NAME), "")


def _digest(company: Clips, language: Language, piece: Phrase) -> str:
    clip = company.get(f"{language}/{piece.key}")
    return clip.digest if clip else ""


async def _known(app: App, org_id: str, language: Language, parts: tuple[Part, ...]) -> str:
    """The key of what is to be said, kept so that the sound can be made by any process."""
    voice = app.speech.voice(language)
    what = json.dumps([FORMAT, org_id, voice, [asdict(part) for part in parts]])
    salt = await app.stores.sounds.salt(org_id)
    key = hmac.new(salt, what.encode(), hashlib.sha256).hexdigest()[:48]
    if not app.stores.sounds.knows(key):
        script = Script(
            id=key, org_id=org_id, language=language, voice=voice, parts=parts, used_at=app.now()
        )
        await app.stores.sounds.keep(script)
        app.speech.prepare(key)
    return key

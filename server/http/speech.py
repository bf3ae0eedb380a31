"""What callers hear: the words, the sounds, and their recordings."""

from __future__ import annotations

import hashlib
from typing import Any

from aiohttp import web

from server import speech_inputs
from server.domain.accounts import people
from server.domain.announcements import recordings, speaking
from server.domain.announcements.recordings import LARGEST_BYTES
from server.domain.errors import Invalid, NotFound
from server.http import outputs_speech
from server.http.base import APP, answer, query_of, signed_in
from server.http.callers import raw_body
from server.http.describe import describe

routes = web.RouteTableDef()

FOREVER = "public, max-age=31536000, immutable"
WAV = "audio/wav"
SOUNDS = (
    *("audio/wav", "audio/x-wav", "audio/wave", "audio/flac", "audio/ogg", "audio/mpeg"),
    "application/octet-stream",
)


@routes.get("/api/me/announcement")
@describe(
    summary="What callers of mine hear just now.",
    tags="me",
    query=speech_inputs.MyAnnouncement,
    returns=outputs_speech.Announcement,
)
async def mine(request: web.Request) -> web.Response:
    """Nothing when my telephone is open."""
    actor = await signed_in(request)
    data = query_of(request, speech_inputs.MyAnnouncement)
    return answer(await speaking.heard(request.app[APP], actor, data.language))


@routes.get("/api/people/{user_id}/announcement")
@describe(
    summary="What callers of a colleague hear just now.",
    tags="people",
    query=speech_inputs.OneAnnouncement,
    returns=outputs_speech.Announcement,
)
async def theirs(request: web.Request) -> web.Response:
    """Nothing when their telephone is open."""
    actor = await signed_in(request)
    data = query_of(request, speech_inputs.OneAnnouncement)
    app = request.app[APP]
    user = await people.colleague(app, actor, data.user_id)
    return answer(await speaking.heard(app, user, data.language))


@routes.get("/audio/{key}/{rate}.wav")
@describe(
    summary="The sound of an announcement, PCM16 mono at 8,000 or 16,000 Hz. Its address is a "
    "secret in itself, and the sound behind it never changes.",
    tags="people",
    query=speech_inputs.OneSound,
    returns=bytes,
    content=WAV,
    problems=(404,),
    others={206: bytes},
    public=True,
)
async def audio(request: web.Request) -> web.Response:
    """An exchange and a browser fetch it alike, without signing in."""
    data = query_of(request, speech_inputs.OneSound)
    found = await request.app[APP].speech.wave(data.key, int(data.rate))
    if found is None:
        raise NotFound("sound")
    return _sound(request, found, FOREVER, f'"{data.key}-{data.rate}"')


@routes.get("/api/admin/clips")
@describe(
    summary="Every phrase of announcements that can be recorded, and whether it is.",
    tags="admin",
    query=speech_inputs.ClipList,
    returns=outputs_speech.RecordedPhrases,
)
async def clips(request: web.Request) -> web.Response:
    """Those heard most often first."""
    actor = await signed_in(request)
    data = query_of(request, speech_inputs.ClipList)
    found = await recordings.listing(request.app[APP], actor, data.language or actor.language)
    return answer({"clips": found})


@routes.get("/api/admin/clips/{language}/{key}")
@describe(
    summary="The recording of a phrase.",
    tags="admin",
    query=speech_inputs.HeardClip,
    returns=bytes,
    content=WAV,
    others={206: bytes},
)
async def clip(request: web.Request) -> web.Response:
    """A WAV."""
    actor = await signed_in(request)
    data = query_of(request, speech_inputs.HeardClip)
    found = await recordings.sound(request.app[APP], actor, data.language, data.key)
    return _sound(request, found, "private, no-cache")


@routes.put("/api/admin/clips/{language}/{key}")
@describe(
    summary="Use this recording of a phrase; silence around it is cut off, the level made even.",
    tags="admin",
    query=speech_inputs.OneClip,
    takes=SOUNDS,
    returns=outputs_speech.RecordedPhrase,
)
async def record(request: web.Request) -> web.Response:
    """The body is the file itself, up to 2 MB: WAV, FLAC, OGG or MP3."""
    actor = await signed_in(request)
    data = query_of(request, speech_inputs.OneClip)
    body = await _recording(request)
    return answer(await recordings.record(request.app[APP], actor, data.language, data.key, body))


@routes.delete("/api/admin/clips/{language}/{key}")
@describe(
    summary="Let the voice speak a phrase again.",
    tags="admin",
    query=speech_inputs.OneClip,
    status=204,
)
async def remove(request: web.Request) -> web.Response:
    """The recording is gone."""
    actor = await signed_in(request)
    data = query_of(request, speech_inputs.OneClip)
    await recordings.remove(request.app[APP], actor, data.language, data.key)
    return web.Response(status=204)


@routes.get("/api/me/recorded-name")
@describe(summary="My recorded name.", tags="me", returns=bytes, content=WAV, others={206: bytes})
async def my_name(request: web.Request) -> web.Response:
    """A WAV; not found when there is none."""
    actor = await signed_in(request)
    found = await recordings.name_sound(request.app[APP], actor)
    return _sound(request, found, "private, no-cache")


@routes.put("/api/me/recorded-name")
@describe(
    summary="Use this recording of my name; callers hear it first.",
    tags="me",
    takes=SOUNDS,
    returns=outputs_speech.RecordedName,
)
async def record_name(request: web.Request) -> web.Response:
    """The body is the file itself, up to 2 MB."""
    actor = await signed_in(request)
    body = await _recording(request)
    return answer(await recordings.record_name(request.app[APP], actor, body))


@routes.delete("/api/me/recorded-name")
@describe(summary="Be without a recorded name.", tags="me", status=204)
async def remove_name(request: web.Request) -> web.Response:
    """Callers hear "the person you are calling" again."""
    actor = await signed_in(request)
    await recordings.remove_name(request.app[APP], actor)
    return web.Response(status=204)


async def _recording(request: web.Request) -> bytes:
    if request.content_type not in SOUNDS:
        raise Invalid("sound", "not_sound")
    return await raw_body(request, LARGEST_BYTES)


def _sound(request: web.Request, found: bytes, kept: str, tag: str = "") -> web.Response:
    """The WAV, or the stretch of it that was asked for: some players fetch nothing else."""
    tag = tag or f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    headers: dict[str, Any] = {"Cache-Control": kept, "ETag": tag, "Accept-Ranges": "bytes"}
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    start, stop = _range(request, len(found))
    if (start, stop) == (0, len(found)):
        return web.Response(body=found, content_type=WAV, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(found)}"
    return web.Response(body=found[start:stop], status=206, content_type=WAV, headers=headers)


def _range(request: web.Request, size: int) -> tuple[int, int]:
    """From and up to which byte; all of them when the wish cannot be read or met."""
    try:
        wish = request.http_range
    except ValueError:
        return 0, size
    start, stop, _step = slice(wish.start, wish.stop).indices(size)
    return (start, stop) if start < stop else (0, size)

"""The studio: makes the sound of scripts, a few at a time, and keeps it.

Whoever fetches a sound goes before what is made in advance. However many are wanted at once, there
are never more voices than `VOICES_AT_ONCE`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from integrations.contract import IntegrationError
from server.domain.errors import PartnerDown
from server.settings import Settings
from server.speech.audio import Samples, from_wav, joined, wav
from server.speech.espeak import EspeakSpeaker
from server.speech.recording import read_apart
from server.speech.voices import voices_of
from storage.models import Language
from storage.mongo import Stores
from storage.sounds import RATES, Part, Script

VOICES_AT_ONCE = 2
READ_AT_ONCE = 2
MOST_AHEAD = 200  # more is made when it is fetched
REST = 3.0  # times as long as it took: making in advance is never most of what a process does
SHORT_PAUSE, SENTENCE_PAUSE = 0.06, 0.45
REST_SECONDS = 30.0  # in which a service that failed is not asked again

log = logging.getLogger("vaxel.speech")


class Speaker(Protocol):
    """A voice. One text at a time."""

    def voice(self, language: Language) -> str:
        """What names it in the key of a sound."""

    async def speak(self, text: str, language: Language) -> Samples:
        """The text as sound. Raises IntegrationError."""

    async def close(self) -> None:
        """Let go of what it holds."""


class _Wanted:
    """A script to be made: waves by rate, or None when there is no such script."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.begun = False
        self.waves: asyncio.Future[dict[int, bytes] | None] = (
            asyncio.get_running_loop().create_future()
        )


class Studio:
    """Makes and remembers the sounds of one process."""

    def __init__(self, settings: Settings, stores: Stores, now: Callable[[], datetime]) -> None:
        self._stores, self._now = stores, now
        chosen = voices_of(settings.speech_voice or "")
        offline = chosen if settings.speech == "espeak" else {}
        self._offline = [
            EspeakSpeaker(offline, settings.speech_speed) for _each in range(VOICES_AT_ONCE)
        ]
        self._service: Speaker | None = _service(settings, chosen)
        self._rests_until = 0.0
        self._urgent: deque[_Wanted] = deque()
        self._ahead: deque[_Wanted] = deque()
        self._wanted: dict[str, _Wanted] = {}
        self._reading = asyncio.Semaphore(READ_AT_ONCE)
        self._makers: dict[int, asyncio.Task[None]] = {}

    def voice(self, language: Language) -> str:
        """The name of the voice, and how it speaks: another name sounds otherwise."""
        return (self._service or self._offline[0]).voice(language)

    def prepare(self, key: str) -> None:
        """Make the sound of that script soon; somebody may fetch it. Returns at once."""
        if key not in self._wanted and len(self._ahead) < MOST_AHEAD:
            self._ahead.append(self._want(key))
            self._call_makers()

    async def wave(self, key: str, rate: int) -> bytes | None:
        """The sound as WAV at that rate, made if need be; None when no script has that key.

        Raises PartnerDown when no voice can be had.
        """
        kept = await self._stores.sounds.wave(key, rate)
        if kept is not None:
            return kept
        if await self._stores.sounds.script(key) is None:  # guessing does not stand in line
            return None
        wanted = self._wanted.get(key) or self._want(key)
        self._urgent.append(wanted)
        self._call_makers()
        waves = await asyncio.shield(wanted.waves)
        return waves[rate] if waves else None

    async def recording(self, data: bytes, longest: float) -> bytes:
        """What somebody recorded, of up to *longest* seconds, as a clip: tidied, and as WAV.

        Raises BadAnswer with a key of our sentences when it cannot be used.
        """
        async with self._reading:
            return await read_apart(data, longest)

    async def close(self) -> None:
        """Stop making, and end every voice."""
        makers = list(self._makers.values())
        for maker in makers:
            maker.cancel()
        await asyncio.gather(*makers, return_exceptions=True)
        for wanted in list(self._wanted.values()):
            self._settle_with(wanted, PartnerDown("voice"))
        for speaker in (*self._offline, self._service):
            if speaker is not None:
                await speaker.close()

    def _want(self, key: str) -> _Wanted:
        wanted = self._wanted[key] = _Wanted(key)
        return wanted

    def _call_makers(self) -> None:
        """The first makes what somebody waits for; the others also what is made in advance."""
        for number in range(VOICES_AT_ONCE):
            if not (self._urgent or (number and self._ahead)):
                continue
            maker = self._makers.get(number)
            if maker is None or maker.done():
                self._makers[number] = asyncio.create_task(self._make_all(number))

    async def _make_all(self, number: int) -> None:
        while self._urgent or (number and self._ahead):
            if self._urgent:
                await self._make(self._urgent.popleft(), number)
                continue
            begun = time.monotonic()
            await self._make(self._ahead.popleft(), number)
            await asyncio.sleep((time.monotonic() - begun) * REST)

    async def _make(self, wanted: _Wanted, number: int) -> None:
        if wanted.begun:  # it stands in both lines
            return
        wanted.begun = True
        try:
            waves = await self._made(wanted.key, self._offline[number])
        except Exception as error:  # noqa: BLE001  # whatever it was, those who wait are told
            self._refuse(wanted, error)
        else:
            self._settle(wanted, waves)

    def _refuse(self, wanted: _Wanted, error: Exception) -> None:
        if isinstance(error, IntegrationError):
            log.error("speech.failed", extra={"reason": str(error)})
            error = PartnerDown("voice")
        else:
            log.error("speech.failed", exc_info=error)
        self._settle_with(wanted, error)

    def _settle_with(self, wanted: _Wanted, error: Exception) -> None:
        del self._wanted[wanted.key]
        if not wanted.waves.done():
            wanted.waves.set_exception(error)
            wanted.waves.exception()  # nobody may be waiting

    def _settle(self, wanted: _Wanted, waves: dict[int, bytes] | None) -> None:
        del self._wanted[wanted.key]
        if not wanted.waves.done():
            wanted.waves.set_result(waves)

    async def _made(self, key: str, offline: Speaker) -> dict[int, bytes] | None:
        script = await self._stores.sounds.script(key)
        if script is None:
            return None
        kept = {rate: await self._stores.sounds.wave(key, rate) for rate in RATES}
        if all(kept.values()):  # another process has made it meanwhile
            return {rate: data for rate, data in kept.items() if data}
        stretches, lasting = await self._stretches(script, offline)
        waves = await asyncio.to_thread(_waves, stretches)
        if lasting:
            return await self._stores.sounds.put_waves(script, waves, self._now())
        return waves

    async def _stretches(
        self, script: Script, offline: Speaker
    ) -> tuple[list[tuple[Samples, float]], bool]:
        """The sounds with the pauses before them, and whether they are as they should be."""
        digests = [part.clip for part in script.parts if part.clip]
        clips = await self._stores.clips.data(script.org_id, digests) if digests else {}
        found: list[tuple[Samples, float]] = []
        lasting = True
        for part in script.parts:
            pause = SENTENCE_PAUSE if part.sentence else SHORT_PAUSE
            if part.clip in clips:
                samples = await asyncio.to_thread(from_wav, clips[part.clip])
            else:
                samples, good = await self._spoken(part, script, offline)
                lasting = lasting and good
            found.append((samples, pause if found else 0.0))
        return found, lasting

    async def _spoken(self, part: Part, script: Script, offline: Speaker) -> tuple[Samples, bool]:
        """By the service if there is one that answers; what the stand-in says is not kept."""
        if self._service is None:
            return await offline.speak(part.text, script.language), True
        if time.monotonic() >= self._rests_until:
            try:
                return await self._service.speak(part.text, script.language), True
            except IntegrationError as error:
                self._rests_until = time.monotonic() + REST_SECONDS
                log.warning("speech.service_failed", extra={"reason": str(error)})
        return await offline.speak(part.text, script.language), False


def _service(settings: Settings, chosen: dict[Language, str]) -> Speaker | None:
    if settings.speech != "polly":
        return None
    from server.speech.polly import PollySpeaker  # noqa: PLC0415  # boto3 is large, and opt-in

    return PollySpeaker(settings, chosen)


def _waves(stretches: list[tuple[Samples, float]]) -> dict[int, bytes]:
    whole = joined(stretches)
    return {rate: wav(whole, rate) for rate in RATES}

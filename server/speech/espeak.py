"""espeak-ng, offline: the program if it is on PATH, else the library in a process of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from integrations.contract import Unreachable
from server.speech import apart
from server.speech.audio import Samples, from_pcm, levelled, trimmed
from server.speech.espeak_child import HEADER
from storage.models import Language

VOICES: dict[Language, str] = {"sv": "sv", "en": "en"}
PATIENCE = 10.0  # seconds for one text
LONGEST_ANSWER = 20_000_000
WAV_HEADER = 44
ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger("vaxel.speech")


class EspeakSpeaker:
    """One voice that speaks one text at a time; make several to speak at the same time.

    A child that crashes or hangs is ended and reported; the next text gets a new one.
    """

    def __init__(self, voices: dict[Language, str], speed: int, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._voices = VOICES | voices
        self._speed = speed
        self._program = shutil.which("espeak-ng")
        self._child: Process | None = None

    def voice(self, language: Language) -> str:
        """What names this voice in the key of a sound."""
        return f"espeak:{self._voices[language]}:{self._speed}"

    async def speak(self, text: str, language: Language) -> Samples:
        """The text as sound, without silence around it. Raises Unreachable."""
        try:
            async with asyncio.timeout(self._patience):
                if self._program:
                    rate, pcm = await self._by_program(self._program, text, language)
                else:
                    rate, pcm = await self._by_library(text, language)
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise Unreachable(f"espeak-ng: {type(error).__name__}") from error
        except asyncio.CancelledError:  # an answer is still to come: it belongs to nobody
            await self.close()
            raise
        return await asyncio.to_thread(_tidied, pcm, rate)

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            await apart.end(child)

    async def _by_library(self, text: str, language: Language) -> tuple[int, bytes]:
        child = self._child
        if child is None or child.returncode is not None:
            child = self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "server.speech.espeak_child"),
                cwd=ROOT,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
            )
        reader, writer = child.stdout, child.stdin
        if reader is None or writer is None:
            raise OSError("no pipes")
        order = {"text": text, "voice": self._voices[language], "speed": self._speed}
        writer.write(json.dumps(order).encode() + b"\n")
        await writer.drain()
        rate, length = HEADER.unpack(await reader.readexactly(HEADER.size))
        if length > LONGEST_ANSWER:
            raise OSError("too much")
        found = await reader.readexactly(length)
        if rate == 0:
            raise Unreachable(found.decode("utf-8", "replace"))
        return rate, found

    async def _by_program(self, program: str, text: str, language: Language) -> tuple[int, bytes]:
        self._child = child = await asyncio.create_subprocess_exec(
            *(program, "-v", self._voices[language], "-s", str(self._speed), "--stdin", "--stdout"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
        )
        found, _nothing = await child.communicate(text.encode())
        if child.returncode or len(found) <= WAV_HEADER or not found.startswith(b"RIFF"):
            raise OSError(f"exit {child.returncode}")
        # Written to a pipe, the header does not know the length; its rate is true.
        return int.from_bytes(found[24:28], "little"), found[WAV_HEADER:]


def _tidied(pcm: bytes, rate: int) -> Samples:
    return levelled(trimmed(from_pcm(pcm, rate)))

"""The library espeak-ng in a process of its own: `python -m server.speech.espeak_child`.

Orders come on stdin, a line of JSON each: {"text", "voice", "speed"}. Each is answered on stdout
with a header (rate, length: two unsigned 32-bit numbers, big-endian) and so many bytes of 16-bit
PCM; rate 0 is a fault, told in words. The process ends with its stdin, so it never outlives us.
The library is C and not thread-safe: should it crash, only this process is lost.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from typing import Any, BinaryIO

import espeakng_loader

HEADER = struct.Struct(">II")

NICE = 5  # who types comes before who is spoken for
SYNCHRONOUS = 2  # espeak_Synth returns when all samples have been handed over
DONT_EXIT = 0x8000
RATE_PARAMETER = 1
CHARACTERS_UTF8 = 1
POSITION_CHARACTER = 1

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Espeak:
    """The library, opened. `rate` is that of its samples."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate = int(self._library.espeak_Initialize(SYNCHRONOUS, 0, data, DONT_EXIT))
        if self.rate <= 0:
            raise RuntimeError("espeak-ng does not find its data.")
        self._heard = bytearray()
        self._callback = _Callback(self._hear)  # kept: the library holds on to it
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, speed: int) -> bytes:
        """16-bit PCM of *text*. Raises RuntimeError when there is no such voice."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise RuntimeError(f"espeak-ng has no voice {voice}.")
        self._library.espeak_SetParameter(RATE_PARAMETER, speed, 0)
        self._heard.clear()
        spoken = text.replace("\0", " ").encode()
        failed = self._library.espeak_Synth(
            *(spoken, len(spoken) + 1, 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8, None, None)
        )
        if failed:
            raise RuntimeError(f"espeak-ng says {failed}.")
        self._library.espeak_Synchronize()
        return bytes(self._heard)

    def _hear(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._heard += ctypes.string_at(samples, count * 2)
        return 0


def main() -> None:
    """Answer orders until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the library prints is no answer
    os.nice(NICE)
    espeak = Espeak()
    for line in sys.stdin.buffer:
        _answer(espeak, line, answers)


def _answer(espeak: Espeak, line: bytes, answers: BinaryIO) -> None:
    try:
        order = json.loads(line)
        rate, found = espeak.rate, espeak.speak(order["text"], order["voice"], order["speed"])
    except (RuntimeError, ValueError, KeyError) as error:
        rate, found = 0, str(error).encode()
    answers.write(HEADER.pack(rate, len(found)) + found)
    answers.flush()


if __name__ == "__main__":
    main()

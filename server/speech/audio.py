"""Sound as numbers: mono, 32-bit floats from -1 to 1, at `RATE` unless another rate is named."""

from __future__ import annotations

from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]

RATE = 16000
LEAD_SECONDS = 0.5  # a telephone in a browser clips the first quarter of a second
TAIL_SECONDS = 0.2
LEVEL = 10 ** (-20 / 20)  # of speech, as root mean square: -20 dBFS
CEILING = 10 ** (-1 / 20)  # of any sample
QUIET = 10 ** (-38 / 20)  # against the loudest moment: what lies below is not speech
MARGIN_SECONDS = 0.03  # kept around speech
FRAME_SECONDS = 0.01
FADE_SECONDS = 0.005
LONGEST_SECONDS = 60.0
MOST_CHANNELS = 2
RATES_READ = (4000, 192_000)


class NotSound(Exception):
    """What cannot be read as a recording; *reason* is a key of our sentences."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_recording(data: bytes, longest: float) -> Samples:
    """A recording in any format that libsndfile reads (WAV, FLAC, OGG, MP3), ready to be used.

    Mono, at `RATE`, without the silence around it, at the common level. Raises NotSound: not_sound,
    sound_long (more than *longest* seconds), sound_silent.
    """
    try:
        with soundfile.SoundFile(BytesIO(data)) as file:
            rate, usable = file.samplerate, _is_usable(file)
            # The length in a header is only a claim: no more is read than is wanted.
            most = int(longest * rate) + 1 if usable else 0
            found = file.read(most, dtype="float32", always_2d=True)
    except Exception:  # noqa: BLE001  # a broken file can make a decoder fail in any way
        raise NotSound("not_sound") from None
    if not usable:
        raise NotSound("not_sound")
    if len(found) > longest * rate:
        raise NotSound("sound_long")
    mono = np.nan_to_num(found.mean(axis=1), nan=0.0, posinf=0.0, neginf=0.0)
    return tidy(resampled(mono.astype(np.float32), rate, RATE))


def _is_usable(file: Any) -> bool:
    low, high = RATES_READ
    return bool(low <= file.samplerate <= high and file.channels <= MOST_CHANNELS)


def tidy(samples: Samples) -> Samples:
    """Without the silence around it, at the common level. Raises NotSound when all is silence."""
    spoken = trimmed(samples)
    if len(spoken) < FRAME_SECONDS * RATE * 5:
        raise NotSound("sound_silent")
    return levelled(spoken)


def from_pcm(data: bytes, rate: int) -> Samples:
    """16-bit little-endian mono PCM at *rate*."""
    whole = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
    return resampled((whole / 32768.0).astype(np.float32), rate, RATE)


def from_wav(data: bytes) -> Samples:
    """A WAV of ours, mono."""
    found, rate = soundfile.read(BytesIO(data), dtype="float32")
    return resampled(found, rate, RATE)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another rate."""
    if rate == wanted or not len(samples):
        return samples
    made: Samples = soxr.resample(samples, rate, wanted, quality="HQ").astype(np.float32)
    return made


def trimmed(samples: Samples) -> Samples:
    """From a little before the first sound of speech to a little after the last."""
    frames = _frames(samples)
    if not len(frames) or frames.max() < 1e-4:
        return samples[:0]
    loud = np.flatnonzero(frames > frames.max() * QUIET)
    size, margin = int(FRAME_SECONDS * RATE), int(MARGIN_SECONDS * RATE)
    start = max(0, int(loud[0]) * size - margin)
    return samples[start : (int(loud[-1]) + 1) * size + margin]


def levelled(samples: Samples) -> Samples:
    """At the common level of speech: pauses do not count, and nothing is cut off at the top."""
    frames = _frames(samples)
    if not len(frames) or frames.max() < 1e-4:
        return samples
    speech = frames[frames > frames.max() * 0.1]
    level = float(np.sqrt(np.mean(speech**2)))
    loudest = float(np.abs(samples).max())
    gain = min(LEVEL / level, CEILING / loudest)
    return (samples * np.float32(gain)).astype(np.float32)


def joined(stretches: list[tuple[Samples, float]]) -> Samples:
    """Stretches of speech, each after so many seconds of silence, between the lead and the tail."""
    made = [silence(LEAD_SECONDS)]
    for samples, pause in stretches:
        made += [silence(pause), _faded(samples)]
    return np.concatenate([*made, silence(TAIL_SECONDS)])


def silence(seconds: float) -> Samples:
    """Nothing to be heard."""
    return np.zeros(int(seconds * RATE), dtype=np.float32)


def wav(samples: Samples, rate: int = RATE) -> bytes:
    """A WAV file, PCM16 mono at *rate*."""
    found = resampled(samples, RATE, rate)
    target = BytesIO()
    soundfile.write(target, np.clip(found, -1.0, 1.0), rate, format="WAV", subtype="PCM_16")
    return target.getvalue()


def _frames(samples: Samples) -> Samples:
    """The loudness of each hundredth of a second."""
    size = int(FRAME_SECONDS * RATE)
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    found: Samples = np.sqrt(np.mean(whole**2, axis=1))
    return found


def _faded(samples: Samples) -> Samples:
    """Without a click where it begins and ends."""
    size = min(int(FADE_SECONDS * RATE), len(samples) // 2)
    shape = np.ones(len(samples), dtype=np.float32)
    shape[:size] = np.linspace(0.0, 1.0, size, dtype=np.float32)
    shape[len(shape) - size :] = np.linspace(1.0, 0.0, size, dtype=np.float32)
    return samples * shape

"""The voices themselves: espeak-ng in processes of its own, Polly, and the studio over both."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import os
import signal
import stat
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from aiohttp import web

from integrations.contract import Unreachable
from server.domain.errors import PartnerDown
from server.settings import SettingsError, read_settings
from server.speech import apart, audio
from server.speech.espeak import EspeakSpeaker
from server.speech.polly import PollySpeaker
from server.speech.studio import VOICES_AT_ONCE, Studio
from storage.sounds import Part, Script
from tests.conftest import make_settings

ROOT = Path(__file__).resolve().parents[1]
KEY_ID, SECRET = "example-key", "example-secret"
TEXT = "Den du söker är i möte och är åter klockan fjorton och trettio."


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


def children() -> set[int]:
    """The processes that this one has started and that have not ended."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("utf-8").split()
    return {pid for pid in map(int, found) if runs(pid)}


def runs(pid: int) -> bool:
    """Whether the process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


async def keep(app, key: str, *parts: Part) -> str:
    script = Script(
        id=key,
        org_id="example.com",
        language="sv",
        voice="test",
        parts=parts,
        used_at=app.now(),
    )
    await app.stores.sounds.keep(script)
    return key


# Sound as numbers


def test_a_wav_begins_with_half_a_second_of_silence_at_every_rate():
    speech = audio.levelled(np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32))
    whole = audio.joined([(speech, 0.0), (speech, 0.3)])
    for rate in (8000, 16000):
        samples, found = soundfile.read(io.BytesIO(audio.wav(whole, rate)))
        assert found == rate
        assert np.abs(samples[: int(0.49 * rate)]).max() < 0.003
        assert abs(len(samples) / rate - 3.0) < 0.02
        assert soundfile.info(io.BytesIO(audio.wav(whole, rate))).subtype == "PCM_16"


@pytest.mark.parametrize("gain", [0.001, 0.05, 0.9])
def test_recordings_of_any_level_come_out_alike(gain):
    whistle = gain * np.sin(np.arange(48000) * 0.05)
    target = io.BytesIO()
    soundfile.write(target, whistle, 48000, format="WAV", subtype="FLOAT")
    found = audio.read_recording(target.getvalue(), 5.0)
    assert abs(loudness(found) - audio.LEVEL) < 0.01
    assert np.abs(found).max() <= audio.CEILING + 0.01


def test_a_single_click_does_not_make_the_rest_inaudible():
    whistle = 0.02 * np.sin(np.arange(32000) * 0.1)
    whistle[100] = 1.0
    found = audio.levelled(whistle.astype(np.float32))
    assert np.abs(found).max() <= 1.0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_sound"),
        (b"\xff\xfb\x90\x00" + bytes(400), "not_sound"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00", "not_sound"),
    ],
)
def test_what_is_no_sound_is_refused(data, reason):
    with pytest.raises(audio.NotSound) as refused:
        audio.read_recording(data, 5.0)
    assert refused.value.reason in (reason, "sound_silent")


def test_numbers_that_are_no_numbers_are_silence():
    target = io.BytesIO()
    soundfile.write(target, np.full(48000, np.nan), 48000, format="WAV", subtype="FLOAT")
    with pytest.raises(audio.NotSound):
        audio.read_recording(target.getvalue(), 5.0)


# espeak-ng


@pytest.fixture
async def espeak():
    speaker = EspeakSpeaker({}, 150)
    yield speaker
    await speaker.close()


async def test_a_text_is_spoken_in_both_languages_by_one_process(espeak):
    before = children()
    for language, text in (("sv", TEXT), ("en", "The person you are calling is at lunch.")):
        samples = await espeak.speak(text, language)
        assert 1 < len(samples) / audio.RATE < 15
        assert loudness(samples) > 0.03
    assert len(children() - before) == 1
    await espeak.close()
    assert children() == before


async def test_markup_and_odd_characters_are_only_text(espeak):
    for text in ("<speak>hej</speak> [[h@l'oU]] & \x00 åäö 🎈", "\n\n", "a" * 2000):
        await espeak.speak(text, "sv")
    assert len(await espeak.speak(TEXT, "sv")) > audio.RATE


async def test_a_process_that_crashes_is_replaced(espeak):
    await espeak.speak(TEXT, "sv")
    os.kill(espeak._child.pid, signal.SIGKILL)
    with pytest.raises(Unreachable):
        await espeak.speak(TEXT, "sv")
    assert len(await espeak.speak(TEXT, "sv")) > audio.RATE


async def test_a_process_that_hangs_is_ended():
    speaker = EspeakSpeaker({}, 150, patience=1.5)
    await speaker.speak(TEXT, "sv")
    child = speaker._child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(Unreachable):
        await speaker.speak(TEXT, "sv")
    assert child.returncode is not None
    assert len(await speaker.speak(TEXT, "sv")) > audio.RATE
    await speaker.close()


async def test_a_process_that_had_much_to_say_to_nobody_is_ended_all_the_same():
    """Called away in the middle of an answer, its reader leaves the pipe full."""
    talker = "import sys, time; sys.stdout.write('x' * 10_000_000); time.sleep(60)"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", talker, stdout=PIPE)
    assert child.stdout
    await child.stdout.readexactly(1)
    await asyncio.sleep(0.2)  # what follows is more than a reader takes unasked
    async with asyncio.timeout(4):
        await apart.end(child)
    assert not runs(child.pid)


async def test_the_voice_ends_with_its_server_however_that_ends():
    program = (
        "import asyncio, os\n"
        "from server.speech.espeak import EspeakSpeaker\n"
        "async def main():\n"
        "    speaker = EspeakSpeaker({}, 150)\n"
        "    await speaker.speak('Hej.', 'sv')\n"
        "    print(speaker._child.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    child = int(await server.stdout.readline())
    assert runs(child)
    server.kill()
    await server.wait()
    for _each in range(100):
        if not runs(child):
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("the voice lives on")


async def test_a_voice_that_does_not_exist_is_reported():
    speaker = EspeakSpeaker({"sv": "nonsense"}, 150)
    with pytest.raises(Unreachable, match="nonsense"):
        await speaker.speak(TEXT, "sv")
    await speaker.close()


async def test_who_stops_waiting_does_not_get_the_next_one_the_wrong_answer(espeak):
    long = await espeak.speak(TEXT, "sv")
    waiting = asyncio.create_task(espeak.speak(TEXT, "sv"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    short = await espeak.speak("Hej.", "sv")
    assert len(short) < len(long) / 2


async def test_the_program_is_used_when_it_is_on_the_path(tmp_path, monkeypatch):
    program = tmp_path / "espeak-ng"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys, wave\n"
        "sys.path.insert(0, " + repr(str(ROOT)) + ")\n"
        "from server.speech.espeak_child import Espeak\n"
        "assert sys.argv[1:] == ['-v', 'sv', '-s', '140', '--stdin', '--stdout'], sys.argv\n"
        "espeak = Espeak()\n"
        "pcm = espeak.speak(sys.stdin.read(), 'sv', 140)\n"
        "head = b'RIFF\\x24\\xf0\\xff\\x7fWAVEfmt \\x10\\0\\0\\0\\x01\\0\\x01\\0'\n"
        "head += (espeak.rate).to_bytes(4, 'little') + (espeak.rate * 2).to_bytes(4, 'little')\n"
        "head += b'\\x02\\0\\x10\\0data\\x00\\xf0\\xff\\x7f'\n"
        "sys.stdout.buffer.write(head + pcm)\n",
        "utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    speaker = EspeakSpeaker({}, 140)
    samples = await speaker.speak(TEXT, "sv")
    assert 1 < len(samples) / audio.RATE < 15
    program.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    with pytest.raises(Unreachable):
        await speaker.speak(TEXT, "sv")
    await speaker.close()


# The studio


async def test_five_hundred_texts_at_once_start_two_processes(app):
    before = children()
    keys = [
        await keep(app, f"storm-{number}", Part(text=f"Nummer {number}.")) for number in range(500)
    ]
    most = 0
    making = asyncio.gather(*(app.speech.wave(key, 8000) for key in keys))
    while not making.done():
        most = max(most, len(children() - before))
        await asyncio.sleep(0.05)
    waves = await making
    assert most <= VOICES_AT_ONCE
    assert all(wave and wave.startswith(b"RIFF") for wave in waves)
    assert len(set(waves)) > 400


async def test_many_who_fetch_the_same_sound_get_the_same_bytes(app):
    key = await keep(app, "same", Part(text=TEXT))
    waves = await asyncio.gather(*(app.speech.wave(key, 16000) for _each in range(20)))
    assert len(set(waves)) == 1
    assert await app.speech.wave(key, 16000) == waves[0]


async def test_two_processes_that_make_a_sound_at_once_agree_on_it(two):
    first, second = two
    key = await keep(first.app, "both", Part(text=TEXT))
    waves = await asyncio.gather(
        *(each.app.speech.wave(key, rate) for each in two for rate in (8000, 16000))
    )
    kept = [await second.app.speech.wave(key, rate) for rate in (8000, 16000)]
    assert [waves[0], waves[1]] == [waves[2], waves[3]] == kept


async def test_what_is_prepared_is_there_before_it_is_fetched(app):
    key = await keep(app, "ahead", Part(text="Hej."))
    app.speech.prepare(key)
    app.speech.prepare(key)
    for _each in range(200):
        if await app.stores.sounds.wave(key, 8000):
            break
        await asyncio.sleep(0.05)
    assert await app.stores.sounds.wave(key, 16000)


async def test_a_voice_that_fails_is_told_and_the_next_try_is_a_new_one(app, settings, caplog):
    broken = read_settings({}, speech_voice="sv=nonsense", mongo_url="x", redis_url="x")
    studio = Studio(broken, app.stores, app.now)
    key = await keep(app, "broken", Part(text="Hej."))
    with pytest.raises(PartnerDown):
        await studio.wave(key, 8000)
    assert "speech.failed" in caplog.text
    await studio.close()
    assert await app.speech.wave(key, 8000)


async def test_what_nobody_has_used_for_a_month_is_swept(app):
    database = app.stores.database
    for name in ("sound_scripts", "sound_waves"):
        indexes = await database[name].index_information()
        assert indexes["used_at_1"]["expireAfterSeconds"] == 30 * 24 * 3600
    key = await keep(app, "old", Part(text="Hej."))
    assert await app.speech.wave(key, 8000)
    long_ago = app.now() - timedelta(days=20)
    for name in ("sound_scripts", "sound_waves"):
        await database[name].update_many({}, {"$set": {"used_at": long_ago}})
    await keep(app, "old", Part(text="Hej."))
    for name, count in (("sound_scripts", 1), ("sound_waves", 2)):
        assert await database[name].count_documents({"used_at": {"$gt": long_ago}}) == count


async def test_a_key_that_never_was_has_no_sound(app):
    assert await app.speech.wave("never", 8000) is None


# Polly


class Stand:
    """A stand-in for Polly that checks who signs, and answers PCM."""

    def __init__(self) -> None:
        self.orders: list[dict[str, str]] = []
        self.failing = False
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.failing:
            return web.json_response({"message": "busy"}, status=503)
        if not signed(request, body):
            return web.json_response(
                {"message": "no"},
                status=403,
                headers={"x-amzn-ErrorType": "InvalidSignatureException"},
            )
        self.orders.append(await request.json())
        moments = np.arange(16000) / 16000
        pcm = (8000 * np.sin(2 * np.pi * 300 * moments)).astype("<i2").tobytes()
        return web.Response(body=pcm, content_type="audio/pcm")


def signed(request: web.Request, body: bytes) -> bool:
    """Whether the request carries a signature of AWS, version 4, made with our secret."""
    scheme, _, rest = request.headers["Authorization"].partition(" ")
    parts = dict(each.strip().split("=", 1) for each in rest.split(","))
    credential = parts["Credential"].split("/")
    key_id, scope = credential[0], "/".join(credential[1:])
    names = parts["SignedHeaders"].split(";")
    canonical = "\n".join(
        [
            request.method,
            request.path,
            "",
            *(f"{name}:{request.headers[name].strip()}" for name in names),
            "",
            parts["SignedHeaders"],
            hashlib.sha256(body).hexdigest(),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join([scheme, request.headers["X-Amz-Date"], scope, digest])
    key = f"AWS4{SECRET}".encode()
    for word in scope.split("/"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    found = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return key_id == KEY_ID and hmac.compare_digest(found, parts["Signature"])


@asynccontextmanager
async def standing():
    stand = Stand()
    application = web.Application()
    application.router.add_post("/v1/speech", stand.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stand.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield stand
    finally:
        await runner.cleanup()


def with_polly(databases, folder: Path, url: str, secret: str = SECRET):
    return make_settings(
        databases,
        folder,
        speech="polly",
        aws_key_id=KEY_ID,
        aws_secret_key=secret,
        aws_url=url,
        aws_region="eu-central-1",
    )


async def test_polly_is_asked_for_a_neural_voice_and_what_it_says_is_kept(app, databases, tmp_path):
    async with standing() as stand:
        settings = with_polly(databases, tmp_path, stand.url)
        studio = Studio(settings, app.stores, app.now)
        assert studio.voice("sv") == "polly:Elin"
        key = await keep(app, "polly", Part(text=TEXT))
        wave = await studio.wave(key, 16000)
        assert wave
        assert await studio.wave(key, 8000)
        assert stand.orders == [
            {
                "Engine": "neural",
                "LanguageCode": "sv-SE",
                "OutputFormat": "pcm",
                "SampleRate": "16000",
                "Text": TEXT,
                "VoiceId": "Elin",
            }
        ]
        samples, _rate = soundfile.read(io.BytesIO(wave))
        assert 1.5 < len(samples) / 16000 < 2.0
        await studio.close()


async def test_when_polly_fails_espeak_speaks_and_polly_gets_another_chance(
    app, databases, tmp_path, caplog
):
    async with standing() as stand:
        stand.failing = True
        studio = Studio(with_polly(databases, tmp_path, stand.url), app.stores, app.now)
        key = await keep(app, "failing", Part(text=TEXT))
        assert await studio.wave(key, 8000)
        assert "speech.service_failed" in caplog.text
        assert await app.stores.sounds.wave(key, 8000) is None  # the stand-in is not kept
        await studio.close()
        stand.failing = False
        studio = Studio(with_polly(databases, tmp_path, stand.url), app.stores, app.now)
        assert await studio.wave(key, 8000)
        assert await app.stores.sounds.wave(key, 8000)
        assert len(stand.orders) == 1
        await studio.close()


async def test_polly_that_refuses_our_key_or_is_not_there_is_reported(databases, tmp_path):
    async with standing() as stand:
        wrong = PollySpeaker(with_polly(databases, tmp_path, stand.url, "another"), {})
        with pytest.raises(Exception, match="InvalidSignature"):
            await wrong.speak(TEXT, "sv")
        assert stand.orders == []
    nowhere = PollySpeaker(with_polly(databases, tmp_path, "http://127.0.0.1:9"), {})
    with pytest.raises(Unreachable):
        await nowhere.speak(TEXT, "sv")


# Settings


@pytest.mark.parametrize(
    "environ",
    [
        {"VAXEL_SPEECH": "festival"},
        {"VAXEL_SPEECH_VOICE": "Elin"},
        {"VAXEL_SPEECH_VOICE": "de=Hans"},
        {"VAXEL_SPEECH_VOICE": "sv=../../etc"},
        {"VAXEL_SPEECH_SPEED": "9"},
    ],
)
def test_a_voice_that_cannot_be_stops_the_start_in_one_sentence(environ):
    with pytest.raises(SettingsError) as refused:
        read_settings(environ)
    assert next(iter(environ)) in str(refused.value)


def test_the_secret_key_of_aws_is_never_shown():
    assert "hemligt" not in repr(read_settings({"VAXEL_AWS_SECRET_KEY": "hemligt"}))

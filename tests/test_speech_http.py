"""What callers hear, by HTTP, with the real espeak-ng."""

from __future__ import annotations

import asyncio
import io
import wave
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import soundfile

from server.domain.activities import choosing
from storage.telephony import Activity, CallRules, CompanyNumber
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import make_settings, run_server


async def busy(app, user, activity_id: str = "lunch", until: Any = None) -> None:
    """*user* is away from now on."""
    await choosing.choose(app, user, activity_id, until=until)


def read(data: bytes) -> tuple[int, np.ndarray]:
    """Rate and samples of a WAV, which must be PCM16 mono."""
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getcomptype()) == (1, 2, "NONE")
        frames = file.readframes(file.getnframes())
        assert len(frames) == file.getnframes() * 2
        return file.getframerate(), np.frombuffer(frames, dtype="<i2")


def tone(seconds: float, rate: int = 44100, kind: str = "WAV", channels: int = 2) -> bytes:
    """A recording of a whistle with silence around it, at a low level."""
    moments = np.arange(int(seconds * rate)) / rate
    whistle = 0.05 * np.sin(2 * np.pi * 440 * moments)
    quiet = np.zeros(rate // 2)
    whole = np.concatenate([quiet, whistle, quiet])
    target = io.BytesIO()
    soundfile.write(target, np.column_stack([whole] * channels), rate, format=kind)
    return target.getvalue()


@pytest.fixture
async def office(live):
    """Astrid (administrator), Birger, and a stranger, calling."""
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        callers = {
            name: Caller(http, live.url, await make_token(live.app, cast[name]))
            for name in ("astrid", "birger", "cecilia")
        }
        yield live.app, cast, callers | {"stranger": Caller(http, live.url)}


async def test_an_open_telephone_has_nothing_to_say(office):
    _app, cast, callers = office
    for path in ("/api/me/announcement", f"/api/people/{cast['birger'].id}/announcement"):
        found = (await callers["birger"].get(path)).data
        assert found == {
            "closed": False,
            "text": "",
            "language": "sv",
            "activity": "available",
            "back_at": None,
            "next_free": None,
            "audio": None,
        }


NOON = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # a Friday, 11:30 in Stockholm


async def test_the_words_are_those_of_the_clock(databases, tmp_path):
    moment = [NOON]
    async with run_server(make_settings(databases, tmp_path), clock=lambda: moment[0]) as live:
        cast = await make_company(live.app)
        async with calling(live.url) as http:
            birger = Caller(http, live.url, await make_token(live.app, cast["birger"]))

            async def heard(language: str = "sv") -> dict[str, Any]:
                return (await birger.get(f"/api/me/announcement?language={language}")).data

            await busy(live.app, cast["birger"])
            lunch, english = await heard(), await heard("en")
            after = " Lämna ett meddelande efter tonen."
            assert lunch["text"] == (
                "Den du söker är på lunch och är åter klockan tolv och trettio." + after
            )
            assert english["text"].startswith(
                "The person you are calling is at lunch and will be back at twelve thirty p.m."
            )
            assert lunch["back_at"] == lunch["next_free"] == "2026-11-20T11:30:00.000Z"
            moment[0] = NOON + timedelta(minutes=58, seconds=30)
            assert (await heard())["text"] == "Den du söker är strax tillbaka." + after
            moment[0] = NOON + timedelta(minutes=60)
            assert not (await heard())["closed"]

            await busy(live.app, cast["birger"], "gone_for_day")
            gone = await heard()
            assert gone["text"].startswith(
                "Den du söker har gått för dagen och är åter på måndag klockan åtta."
            )
            assert gone["next_free"] == "2026-11-23T07:00:00.000Z"
            evening = NOON + timedelta(hours=9)
            await busy(live.app, cast["birger"], "meeting", until=evening)
            late = await heard()
            assert late["back_at"] == "2026-11-20T19:30:00.000Z"
            assert late["next_free"] == "2026-11-23T07:00:00.000Z"
            assert "på måndag klockan åtta" in late["text"]


async def test_what_a_caller_may_do_next_is_as_the_person_chose(office):
    app, cast, callers = office
    birger = cast["birger"]
    await busy(app, birger)
    rules = CallRules(
        user_id=birger.id,
        org_id=birger.org_id,
        voicemail=False,
        colleague_id=cast["astrid"].id,
        switchboard=True,
    )
    await app.stores.call_rules.put(rules)
    nowhere = (await callers["birger"].get("/api/me/announcement")).data
    assert "Tryck" not in nowhere["text"]  # neither has a number yet
    number = CompanyNumber(
        org_id="example.com", number="201", kind="extension", user_id=cast["astrid"].id
    )
    await app.stores.numbers.put(number)
    await app.stores.orgs.update("example.com", main_number="+46846500400")
    app.stores.numbers.of_user_cache.clear()
    app.stores.orgs.cache.clear()
    found = (await callers["birger"].get("/api/me/announcement")).data
    assert found["text"].endswith(". Tryck ett för en kollega, nio för växeln.")


async def test_subjects_and_notes_are_never_told(office):
    app, cast, callers = office
    now = app.now()
    await app.stores.activities.keep(
        Activity(
            id=app.new_id(),
            org_id="example.com",
            user_id=cast["birger"].id,
            type_id="sick",
            start=now - timedelta(minutes=5),
            end=now + timedelta(days=3),
            source="calendar",
            private=True,
            note="Tandläkare",
            set_at=now,
            set_by=cast["birger"].id,
        )
    )
    found = (await callers["birger"].get("/api/me/announcement")).data
    assert found["text"].startswith("Den du söker kan inte ta emot samtal just nu och är åter")
    assert "Tandläkare" not in found["text"]
    await choosing.choose(app, cast["birger"], "sick", note="Tandläkare")
    found = (await callers["birger"].get("/api/me/announcement")).data
    assert "är frånvarande" in found["text"]
    assert "Tandläkare" not in str(found)
    assert "Sjuk" not in found["text"]


async def test_a_closed_telephone_is_heard_at_both_rates_after_half_a_second(office):
    app, cast, callers = office
    await busy(app, cast["birger"])
    found = (await callers["astrid"].get(f"/api/people/{cast['birger'].id}/announcement")).data
    assert found["closed"]
    assert found["activity"] == "lunch"
    assert found["text"].startswith("Den du söker är på lunch och är åter ")
    assert found["text"].endswith("Lämna ett meddelande efter tonen.")
    durations = []
    for rate, path in found["audio"].items():
        heard = await callers["stranger"].get(path)
        assert heard.status == 200
        assert heard.headers["Content-Type"] == "audio/wav"
        assert heard.data[:4] == b"RIFF"
        assert heard.data[8:12] == b"WAVE"
        frequency, samples = read(heard.data)
        assert frequency == int(rate)
        assert np.abs(samples[: frequency // 2]).max() < 100
        assert np.abs(samples).max() > 3000
        durations.append(len(samples) / frequency)
        assert 1 < durations[-1] < 15
        assert len(heard.data) < 2_000_000
    assert abs(durations[0] - durations[1]) < 0.05


async def test_the_same_words_have_the_same_address_and_other_words_another(office):
    app, cast, callers = office
    path = "/api/me/announcement"
    until = app.now() + timedelta(days=30)
    await busy(app, cast["birger"], "vacation", until)
    first = (await callers["birger"].get(path)).data
    again = (await callers["birger"].get(path)).data
    assert first["audio"] == again["audio"]
    await busy(app, cast["birger"], "vacation", until + timedelta(days=7))
    moved = (await callers["birger"].get(path)).data
    assert moved["text"] != first["text"]
    assert moved["audio"] != first["audio"]
    english = (await callers["birger"].get(path + "?language=en")).data
    assert english["text"].startswith("The person you are calling is on vacation and will be back")
    assert english["audio"] != moved["audio"]


async def test_a_sound_is_kept_for_good_and_read_in_stretches(office):
    app, cast, callers = office
    await busy(app, cast["birger"])
    found = (await callers["birger"].get("/api/me/announcement")).data
    path = found["audio"]["8000"]
    whole = await callers["stranger"].get(path)
    assert "immutable" in whole.headers["Cache-Control"]
    kept = await callers["stranger"].get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert kept.status == 304
    head = await callers["stranger"].call("HEAD", path)
    assert head.status == 200
    assert int(head.headers["Content-Length"]) == len(whole.data)
    part = await callers["stranger"].get(path, headers={"Range": "bytes=10-19"})
    assert part.status == 206
    assert part.data == whole.data[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"


@pytest.mark.parametrize(
    "path",
    ["/audio/" + "0" * 48 + "/8000.wav", "/audio/x/16000.wav", "/audio/x/8000", "/audio/x"],
)
async def test_an_address_that_never_was_is_not_found(office, path):
    _app, _cast, callers = office
    answer = await callers["stranger"].get(path)
    assert answer.status == 404
    assert answer.data["type"] == "/problems/not-found"


async def test_another_rate_is_refused(office):
    _app, _cast, callers = office
    answer = await callers["stranger"].get("/audio/" + "0" * 48 + "/44100.wav")
    assert answer.status == 422
    assert answer.data["field"] == "rate"


async def test_another_companys_people_are_not_found(office):
    app, cast, callers = office
    await busy(app, cast["birger"])
    answer = await callers["cecilia"].get(f"/api/people/{cast['birger'].id}/announcement")
    assert answer.status == 404


async def test_two_companies_that_say_the_same_have_different_addresses(office):
    app, cast, callers = office
    until = app.now() + timedelta(days=40)
    for name in ("birger", "cecilia"):
        await busy(app, cast[name], "vacation", until)
    ours = (await callers["birger"].get("/api/me/announcement")).data
    theirs = (await callers["cecilia"].get("/api/me/announcement")).data
    assert ours["text"] == theirs["text"]
    assert ours["audio"] != theirs["audio"]


# Recordings


async def test_a_recorded_phrase_is_heard_instead_of_the_voice(office):
    app, cast, callers = office
    astrid = callers["astrid"]
    await busy(app, cast["birger"])
    before = (await callers["birger"].get("/api/me/announcement")).data
    listed = (await astrid.get("/api/admin/clips?language=sv")).data["clips"]
    assert len(listed) > 150
    [lunch] = [each for each in listed if each["text"] == "är på lunch"]
    assert not lunch["recorded"]
    assert lunch["url"] is None
    path = f"/api/admin/clips/sv/{lunch['key']}"
    kind = {"Content-Type": "audio/wav"}
    put = await astrid.call("PUT", path, data=tone(2.0), headers=kind)
    assert put.status == 200
    assert put.data["recorded"]
    assert 2.0 <= put.data["seconds"] <= 2.2  # the silence around it is gone
    heard = await astrid.get(put.data["url"])
    rate, samples = read(heard.data)
    assert rate == 16000
    assert 2000 < np.sqrt(np.mean(samples.astype(float) ** 2)) < 5000  # -20 dBFS

    after = (await callers["birger"].get("/api/me/announcement")).data
    assert after["text"] == before["text"]
    assert after["audio"] != before["audio"]
    _rate, spoken = read((await callers["stranger"].get(after["audio"]["16000"])).data)
    _rate, all_spoken = read((await callers["stranger"].get(before["audio"]["16000"])).data)
    assert _whistles(spoken) > 1.5
    assert _whistles(all_spoken) < 0.3

    assert (await astrid.delete(path)).status == 204
    assert (await astrid.delete(path)).status == 404
    back = (await callers["birger"].get("/api/me/announcement")).data
    assert back["audio"] == before["audio"]


def _whistles(samples: np.ndarray) -> float:
    """For how many seconds 440 Hz is nearly all there is, at 16 kHz."""
    frames = samples[: len(samples) // 800 * 800].reshape(-1, 800).astype(float)
    power = np.abs(np.fft.rfft(frames * np.hanning(800), axis=1)) ** 2
    near = power[:, 20:25].sum(axis=1)
    return float(np.sum(near > 0.9 * (power.sum(axis=1) + 1e3)) * 0.05)


async def test_ones_own_name_begins_the_announcement_in_every_language(office):
    app, cast, callers = office
    birger = callers["birger"]
    assert (await birger.get("/api/me/recorded-name")).status == 404
    put = await birger.call(
        "PUT", "/api/me/recorded-name", data=tone(1.0), headers={"Content-Type": "audio/wav"}
    )
    assert put.status == 200
    assert put.data["recorded"]
    assert read((await birger.get(put.data["url"])).data)[0] == 16000
    await busy(app, cast["birger"])
    swedish = (await birger.get("/api/me/announcement")).data
    english = (await birger.get("/api/me/announcement?language=en")).data
    assert swedish["text"].startswith("Birger Holm är på lunch")
    assert english["text"].startswith("Birger Holm is at lunch")
    _rate, samples = read((await birger.get(english["audio"]["16000"])).data)
    assert _whistles(samples[: 16000 * 2]) > 0.7
    assert (await birger.delete("/api/me/recorded-name")).status == 204
    without = (await birger.get("/api/me/announcement")).data
    assert without["text"].startswith("Den du söker är på lunch")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "WAV"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt garbage", "WAV"),
        (b"\x00" * 5000, "WAV"),
        (tone(20.0, rate=8000, channels=1), "15"),
        (tone(0.0), "hörs"),
    ],
    ids=["empty", "cut", "zeros", "long", "silent"],
)
async def test_what_is_no_recording_is_refused_with_a_reason(office, data, reason):
    _app, _cast, callers = office
    answer = await callers["astrid"].call(
        "PUT", "/api/admin/clips/sv/who", data=data, headers={"Content-Type": "audio/wav"}
    )
    assert answer.status == 422
    assert answer.data["field"] == "sound"
    assert reason in answer.data["detail"]


async def test_a_broken_file_is_refused_in_silence(office, capfd):
    _app, _cast, callers = office
    broken = bytearray(tone(1.0, kind="MP3"))
    broken[200:4000:7] = bytes(len(broken[200:4000:7]))
    for data in (bytes(broken), bytes(broken[:900]), tone(1.0, kind="FLAC")[:500]):
        answer = await callers["birger"].call(
            "PUT", "/api/me/recorded-name", data=data, headers={"Content-Type": "audio/mpeg"}
        )
        assert answer.status in (200, 422)
    assert "mpg123" not in capfd.readouterr().err  # the log of a server is its own


@pytest.mark.parametrize("kind", ["FLAC", "OGG", "MP3"])
async def test_other_formats_are_read_too(office, kind):
    _app, _cast, callers = office
    answer = await callers["astrid"].call(
        "PUT",
        "/api/admin/clips/en/who",
        data=tone(1.0, kind=kind),
        headers={"Content-Type": "application/octet-stream"},
    )
    assert answer.status == 200
    assert 0.9 < answer.data["seconds"] < 1.3


async def test_too_large_a_recording_is_refused(office):
    _app, _cast, callers = office
    answer = await callers["birger"].call(
        "PUT",
        "/api/me/recorded-name",
        data=b"\x00" * 2_100_000,
        headers={"Content-Type": "audio/wav"},
    )
    assert answer.status == 413


async def test_only_administrators_record_and_only_phrases_that_exist(office):
    _app, _cast, callers = office
    kind = {"Content-Type": "audio/wav"}
    for method in ("GET", "PUT", "DELETE"):
        more = {"data": tone(1.0), "headers": kind} if method == "PUT" else {}
        refused = await callers["birger"].call(method, "/api/admin/clips/sv/who", **more)
        assert refused.status == 403, method
    assert (await callers["birger"].get("/api/admin/clips")).status == 403
    unknown = await callers["astrid"].call(
        "PUT", "/api/admin/clips/sv/nonsense", data=tone(1.0), headers=kind
    )
    assert unknown.status == 404
    wrong = await callers["astrid"].get("/api/admin/clips?language=de")
    assert wrong.status == 422


async def test_a_recording_is_heard_from_every_process_at_once(two):
    first, second = two
    cast = await make_company(first.app)
    await busy(first.app, cast["birger"])
    tokens = [await make_token(first.app, cast[name]) for name in ("astrid", "birger")]
    async with calling(first.url) as http:
        astrid = Caller(http, first.url, tokens[0])
        birger = Caller(http, second.url, tokens[1])
        before = (await birger.get("/api/me/announcement")).data["audio"]
        kind = {"Content-Type": "audio/wav"}
        await astrid.call("PUT", "/api/admin/clips/sv/who", data=tone(1.0), headers=kind)
        for _each in range(100):
            after = (await birger.get("/api/me/announcement")).data["audio"]
            if after != before:
                break
            await asyncio.sleep(0.02)
        assert after != before
        assert (await astrid.get(after["8000"])).data == (await birger.get(after["8000"])).data


async def test_recordings_of_one_company_are_not_the_others(office):
    app, cast, callers = office
    kind = {"Content-Type": "audio/wav"}
    await callers["astrid"].call("PUT", "/api/admin/clips/sv/who", data=tone(1.0), headers=kind)
    theirs = (await callers["cecilia"].get("/api/admin/clips?language=sv")).data["clips"]
    assert not any(each["recorded"] for each in theirs)
    assert (await callers["cecilia"].get("/api/admin/clips/sv/who")).status == 404
    assert (await callers["cecilia"].delete("/api/admin/clips/sv/who")).status == 404
    assert (await callers["astrid"].get("/api/admin/clips/sv/who")).status == 200
    await busy(app, cast["cecilia"])
    found = (await callers["cecilia"].get("/api/me/announcement")).data
    _rate, samples = read((await callers["stranger"].get(found["audio"]["16000"])).data)
    assert _whistles(samples) < 0.3


@pytest.mark.parametrize(
    ("method", "path", "status", "field"),
    [
        ("GET", "/api/me/announcement?language=xx", 422, "language"),
        ("GET", "/api/me/announcement?language=null", 422, "language"),
        ("GET", "/api/me/announcement?language=sv&language=en", 422, "language"),
        ("GET", "/api/me/announcement?nonsense=1", 422, "nonsense"),
        ("GET", "/api/people/never/announcement", 404, None),
        ("GET", "/api/people/" + "x" * 65 + "/announcement", 422, "user_id"),
        ("GET", "/api/admin/clips/de/who", 422, "language"),
        ("GET", "/api/admin/clips/sv/" + "x" * 65, 422, "key"),
        ("GET", "/api/admin/clips/sv/who?v=" + "x" * 65, 422, "v"),
        ("PUT", "/api/admin/clips/sv/who", 422, "sound"),  # JSON is no sound
        ("PUT", "/api/me/recorded-name", 422, "sound"),
        ("POST", "/api/me/recorded-name", 405, None),
        ("GET", "/audio/" + "x" * 65 + "/8000.wav", 422, "key"),
        ("GET", "/audio/x/8000.wav/", 404, None),
        ("POST", "/audio/x/8000.wav", 405, None),
    ],
)
async def test_calls_that_are_wrong_are_refused_in_words(office, method, path, status, field):
    _app, _cast, callers = office
    more = {"json": {"sound": "x"}} if method != "GET" else {}
    answer = await callers["astrid"].call(method, path, **more)
    assert answer.status == status
    assert answer.data["type"].startswith("/problems/")
    assert answer.data["detail"]
    assert answer.data.get("field") == field


async def test_without_signing_in_only_sounds_are_heard(office):
    _app, cast, callers = office
    stranger = callers["stranger"]
    for path in (
        "/api/me/announcement",
        f"/api/people/{cast['birger'].id}/announcement",
        "/api/admin/clips",
        "/api/admin/clips/sv/who",
        "/api/me/recorded-name",
    ):
        assert (await stranger.get(path)).status == 401

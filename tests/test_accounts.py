"""Signing in and out, sessions, and one's own profile: use cases on a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from server.domain import secrecy, sessions
from server.domain.accounts import people, profile, rules
from server.domain.errors import Conflict, Invalid, NotFound, NotSignedIn, OverQuota, TooFast
from server.domain.events import Fact, to_org, to_user
from storage.models import User
from tests.cast import PASSWORD, make_company, make_user


async def sign_in(app, email="astrid@example.com", password=PASSWORD, ip="192.0.2.1"):
    return await sessions.sign_in(app, email, password, "Firefox, Linux", ip)


async def test_signing_in_gives_a_token_that_is_kept_only_as_its_hash(app):
    cast = await make_company(app)

    token, user = await sign_in(app, " Astrid@EXAMPLE.com ")

    assert user.id == cast["astrid"].id
    assert (await sessions.authenticate(app, token)).user.id == user.id
    kept = await app.stores.database["sessions"].find_one({})
    assert token not in str(kept)
    assert kept["token_hash"] == secrecy.digest(token)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("astrid@example.com", "wrong-password"),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        ("basse@example.com", PASSWORD),
        ("weather", ""),
    ],
)
async def test_every_refused_sign_in_is_told_the_same(app, email, password):
    cast = await make_company(app)
    await app.stores.users.update(cast["basse"].id, "example.com", blocked=True)
    await make_user(app, "weather", role="bot", email="")

    with pytest.raises(NotSignedIn) as refusal:
        await sign_in(app, email, password)

    assert refusal.value.reason == "credentials"


async def test_an_unknown_address_takes_as_long_as_a_wrong_password():
    assert not secrecy.outdated(secrecy.NOBODY)
    assert not await secrecy.matches(None, "anything")


async def test_guessing_has_to_wait_and_signing_in_clears_the_count(app):
    await make_company(app)
    for _ in range(4):
        with pytest.raises(NotSignedIn):
            await sign_in(app, password="guess")
    await sign_in(app)
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await sign_in(app, password="guess")

    with pytest.raises(TooFast) as refusal:
        await sign_in(app)

    assert 1 < refusal.value.retry_after <= 60
    with pytest.raises(TooFast):  # from elsewhere too: it is the person who is guessed at
        await sign_in(app, ip="192.0.2.99")
    await sign_in(app, "birger@example.com")


async def test_a_thousand_guesses_at_once_are_counted_one_by_one(app):
    await make_company(app)

    answers = await asyncio.gather(
        *(sign_in(app, password=f"guess {n}") for n in range(50)), return_exceptions=True
    )

    assert sum(isinstance(each, NotSignedIn) for each in answers) == 5


async def test_one_address_may_not_try_every_person(app):
    await make_company(app)

    answers = await asyncio.gather(
        *(sign_in(app, f"{n}@example.com", "guess") for n in range(70)), return_exceptions=True
    )

    assert sum(isinstance(each, TooFast) for each in answers) >= 9
    await sign_in(app, ip="192.0.2.2")


async def test_a_hash_with_weaker_parameters_is_made_anew_at_sign_in(app):
    cast = await make_company(app)
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await app.stores.users.update(cast["astrid"].id, "example.com", password_hash=weak)

    _token, user = await sign_in(app)

    assert not secrecy.outdated(user.password_hash)
    await sign_in(app)


async def test_an_expired_session_is_not_signed_in_and_use_prolongs_it(app):
    await make_company(app)
    token, user = await sign_in(app)
    later = replace(app, now=lambda: app.now() + timedelta(days=29))
    await sessions.authenticate(later, token)
    app.stores.sessions.cache.clear()
    much_later = replace(app, now=lambda: app.now() + timedelta(days=58))
    assert (await sessions.authenticate(much_later, token)).user.id == user.id

    too_late = replace(app, now=lambda: app.now() + timedelta(days=89))
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(too_late, token)


@pytest.mark.parametrize("token", ["", "x", "å" * 100, "\udcff", "x" * 10_000])
async def test_a_token_that_was_never_given_is_not_signed_in(app, token):
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, token)


async def test_a_connected_device_is_known_without_asking_the_database(app, monkeypatch):
    await make_company(app)
    token, user = await sign_in(app)
    session_id = (await sessions.authenticate(app, token)).session_id

    monkeypatch.setattr(app.stores.sessions, "_sessions", None)
    monkeypatch.setattr(app.stores.users, "_users", None)

    assert (await sessions.current(app, session_id, user.id)).id == user.id


async def test_a_session_is_nobody_elses(app):
    cast = await make_company(app)
    token, _user = await sign_in(app)
    session_id = (await sessions.authenticate(app, token)).session_id

    with pytest.raises(NotSignedIn):
        await sessions.current(app, session_id, cast["cecilia"].id)
    with pytest.raises(NotFound):
        await sessions.end(app, cast["birger"], session_id)


async def test_signing_out_ends_the_session_at_once(app):
    await make_company(app)
    token, user = await sign_in(app)
    who = await sessions.authenticate(app, token)

    await sessions.sign_out(app, who)

    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, token)
    with pytest.raises(NotSignedIn):
        await sessions.current(app, who.session_id, user.id)
    assert app.events.ended == [(user.id, "signed_out")]


async def test_signing_out_everywhere_ends_every_device(app):
    await make_company(app)
    tokens = [(await sign_in(app))[0] for _ in range(3)]
    user = (await sessions.authenticate(app, tokens[0])).user

    await sessions.end_all(app, user)

    for token in tokens:
        with pytest.raises(NotSignedIn):
            await sessions.authenticate(app, token)


async def test_the_oldest_session_gives_way(app):
    cast = await make_company(app)
    small = replace(app, settings=replace(app.settings, sessions_per_user=3))
    tokens = [await sessions.start(small, cast["birger"], f"{n}", "") for n in range(5)]

    kept = await sessions.of(small, cast["birger"])

    assert sorted(each.device for each in kept) == ["2", "3", "4"]
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(small, tokens[0])


async def test_a_blocked_company_is_out_at_once(app):
    await make_company(app)
    token, _user = await sign_in(app)
    await sessions.authenticate(app, token)

    await app.stores.orgs.update("example.com", blocked=True)

    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, token)
    with pytest.raises(NotSignedIn):
        await sign_in(app)


async def test_a_changed_profile_is_told_to_colleagues_and_to_own_devices(app):
    cast = await make_company(app)

    saved = await profile.update(
        app,
        cast["birger"],
        {"name": "  Birger   Holm ", "note": "Hos kund", "phones": [("work", "08-12 34 56")]},
    )

    assert saved.name == "Birger Holm"
    told = {fact: (data, to) for fact, data, to in app.events.facts}
    person, to = told[Fact.PERSON_CHANGED]
    assert (person["person"]["name"], to) == ("Birger Holm", (to_org("example.com"),))
    assert told[Fact.ME_CHANGED][1] == (to_user(saved.id),)
    assert person["person"]["presence"]["note"] == "Hos kund"
    assert await people.colleague(app, cast["astrid"], saved.id) == saved


async def test_two_colleagues_cannot_have_the_same_handle_but_companies_can(app):
    cast = await make_company(app)

    with pytest.raises(Conflict):
        await profile.update(app, cast["birger"], {"handle": "ASTRID"})
    saved = await profile.update(app, cast["cecilia"], {"handle": "astrid"})

    assert saved.handle == "astrid"
    found = await app.stores.users.by_handles("example.org", ["Astrid"])
    assert [user.id for user in found] == [cast["cecilia"].id]


async def test_another_companys_people_do_not_exist(app):
    cast = await make_company(app)
    with pytest.raises(NotFound):
        await people.colleague(app, cast["astrid"], cast["cecilia"].id)
    assert cast["cecilia"] not in await people.colleagues(app, cast["astrid"])


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "empty"),
        ("name", " \t ", "empty"),
        ("name", "x" * 121, "too_long"),
        ("name", "Astrid\u202egnp", "bad_text"),
        ("name", "Astrid\x07", "bad_text"),
        ("name", "\ud800", "bad_text"),
        ("handle", "", "empty"),
        ("handle", ".astrid", "handle"),
        ("handle", "astrid.", "handle"),
        ("handle", "två ord", "handle"),
        ("handle", "Alla", "handle_reserved"),
        ("time_zone", "Mars/Olympus", "time_zone"),
        ("time_zone", "../../etc/passwd", "time_zone"),
        ("phones", [("work", "ring mig")], "phone"),
        ("phones", [("work", "1")], "phone"),
        ("phones", [("work", "+46" + "1" * 20)], "phone"),
        ("working_hours", {"mon": [["08:00"]]}, "clock"),
        ("working_hours", {"mon": [["8:00", "9:00"]]}, "clock"),
        ("working_hours", {"mon": [["08:00", "17:00"]] * 7}, "too_many"),
        ("working_hours", {"noday": []}, "weekday"),
        ("email", "astrid", "email"),
        ("email", "astrid@localhost", "email"),
        ("email", "a b@example.com", "email"),
        ("email", "a@example.com\nBcc: b@example.com", "email"),
        ("email", '"a"@example.com', "email"),
    ],
)
def test_a_profile_that_cannot_be_used_names_the_field_and_why(field, value, reason):
    with pytest.raises(Invalid) as refusal:
        profile.checked({field: value})
    assert (refusal.value.field, refusal.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("wanted", "taken", "handle"),
    [
        ("astrid", (), "astrid"),
        ("Åsa.Öberg", (), "asa.oberg"),
        ("astrid", ("astrid", "astrid2"), "astrid3"),
        ("alla", (), "alla2"),
        ("+++", (), "person"),
        ("x" * 60, (), "x" * 24),
    ],
)
def test_a_handle_is_suggested_that_nobody_has(wanted, taken, handle):
    assert rules.suggest_handle(wanted, taken) == handle
    assert rules.handle(handle) == handle


@pytest.mark.parametrize("email", ["Åsa.Öberg@räksmörgås.se", "a+b@sub.example.com", "x@y.co"])
def test_addresses_that_exist_may_be_used(email):
    assert rules.email(f" {email} ") == email.lower()


async def test_a_picture_becomes_a_small_square_without_what_it_knew(app):
    cast = await make_company(app)
    photo = _photo()
    assert b"secret place" in photo

    saved = await profile.set_picture(app, cast["astrid"], photo)

    data, _versioned = await people.picture(app, cast["birger"], saved.id, saved.picture)
    assert data[8:12] == b"WEBP"
    assert b"secret place" not in data
    from PIL import Image

    with Image.open(_file(data)) as picture:
        assert picture.size == (256, 256)
        assert not picture.getexif()
    with pytest.raises(NotFound):
        await people.picture(app, cast["cecilia"], saved.id, saved.picture)


async def test_a_new_picture_takes_the_place_of_the_old(app):
    cast = await make_company(app)
    first = await profile.set_picture(app, cast["astrid"], _photo("red"))
    second = await profile.set_picture(app, first, _photo("blue"))

    assert await app.stores.database["pictures"].count_documents({}) == 1
    await profile.remove_picture(app, second)
    assert await app.stores.database["pictures"].count_documents({}) == 0
    with pytest.raises(NotFound):
        await people.picture(app, cast["birger"], second.id, None)


@pytest.mark.parametrize("data", [b"", b"hej", b"\x89PNG\r\n\x1a\n" + b"x" * 100, b"GIF89a" * 50])
async def test_what_is_no_picture_is_refused(app, data):
    cast = await make_company(app)
    with pytest.raises(Invalid):
        await profile.set_picture(app, cast["astrid"], data)


async def test_a_picture_that_would_unfold_to_gigabytes_is_refused(app):
    cast = await make_company(app)
    with pytest.raises(Invalid) as refusal:
        await profile.set_picture(app, cast["astrid"], _bomb())
    assert refusal.value.reason == "picture_pixels"
    with pytest.raises(OverQuota):
        await profile.set_picture(app, cast["astrid"], b"x" * 5_000_001)


def _file(data: bytes):
    from io import BytesIO

    return BytesIO(data)


def _photo(colour: str = "teal") -> bytes:
    from PIL import Image

    picture = Image.new("RGB", (640, 480), colour)
    exif = picture.getexif()
    exif[0x010E] = "secret place"
    target = _file(b"")
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def _bomb() -> bytes:
    """A PNG whose header claims 8,000 x 8,000 pixels."""
    import struct
    import zlib

    header = struct.pack(">IIBBBBB", 8_000, 8_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + b"\x00\x00\x00\x00IEND\xaeB`\x82"
    )


async def test_what_was_kept_before_a_field_existed_can_still_be_read(app):
    cast = await make_company(app)
    await app.stores.database["users"].update_one(
        {"_id": cast["birger"].id}, {"$unset": {"note": ""}, "$set": {"later": 1}}
    )
    found = await app.stores.users.find(cast["birger"].id)
    assert isinstance(found, User)
    assert found.note == ""

"""Choosing passwords: by choice, by invitation, because the old one was forgotten."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from server import letters
from server.domain import sessions
from server.domain.accounts import admin, invitations, mailing, passwords
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, TooFast
from tests.cast import PASSWORD, make_company

NEW = "ett-riktigt-bra-losenord"


async def read_mail(app) -> list[email.message.EmailMessage]:
    """Send what waits, as the worker does, and open the files."""
    waiting = await app.stores.database["mails"].find({}).to_list(None)
    for mail in waiting:
        await letters.send_mail(app, mail["_id"])
    files = sorted((app.settings.data_dir / "mail").glob("*.eml"))
    return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


def link_in(mail) -> str:
    """The token at the end of the link in the mail."""
    [found] = re.findall(r"https?://\S+/(\S+)", part(mail, "plain"))
    return str(found)


def part(mail, kind: str) -> str:
    """The mail as `plain` text or as `html`."""
    return str(mail.get_body((kind,)).get_content())


async def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(app):
    cast = await make_company(app)
    here = await sessions.start(app, cast["birger"], "here", "")
    there = await sessions.start(app, cast["birger"], "there", "")
    who = await sessions.authenticate(app, here)

    await passwords.change(app, who, PASSWORD, NEW)

    assert (await sessions.authenticate(app, here)).user.id == cast["birger"].id
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, there)
    with pytest.raises(NotSignedIn):
        await sessions.sign_in(app, "birger@example.com", PASSWORD, "", "")
    await sessions.sign_in(app, "birger@example.com", NEW, "", "")
    [note] = await read_mail(app)
    assert note["To"] == "birger@example.com"
    assert NEW not in note.as_string()


async def test_a_wrong_current_password_changes_nothing_and_guessing_it_has_to_wait(app):
    cast = await make_company(app)
    who = await sessions.authenticate(app, await sessions.start(app, cast["birger"], "", ""))

    for _ in range(5):
        with pytest.raises(NotAllowed) as refusal:
            await passwords.change(app, who, "wrong", NEW)
        assert (refusal.value.facts["field"], refusal.value.reason) == ("current", "wrong_password")

    with pytest.raises(TooFast):
        await passwords.change(app, who, PASSWORD, NEW)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kort", "too_short"),
        ("x" * 201, "too_long"),
        ("birger@example.com", "password_email"),
        ("BIRGER@example.com", "password_email"),
        ("1234567890", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("Sommaren2026!", "password_common"),
        ("lösenord123", "password_common"),
        ("Password1234", "password_common"),
        ("vaxel-demo", "password_common"),
        ("qwertyuiop", "password_common"),
    ],
)
def test_a_password_that_others_guess_is_refused(password, reason):
    with pytest.raises(Invalid) as refusal:
        passwords.check(password, "birger@example.com")
    assert (refusal.value.field, refusal.value.reason) == ("new", reason)


@pytest.mark.parametrize(
    "password", [NEW, "fyra ord på svenska", "Xk2#pq9!vB", "🐎🔋📎✅ korrekt häst"]
)
def test_a_password_that_others_do_not_guess_is_fine(password):
    passwords.check(password, "birger@example.com")


async def test_a_forgotten_password_is_chosen_anew_by_a_mailed_link_that_works_once(app):
    cast = await make_company(app)
    token = await sessions.start(app, cast["birger"], "", "")

    await passwords.forgot(app, "Birger@example.com", "192.0.2.1")
    [mail] = await read_mail(app)
    link = link_in(mail)
    await passwords.reset(app, link, NEW, "192.0.2.1")

    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, token)
    await sessions.sign_in(app, "birger@example.com", NEW, "", "")
    with pytest.raises(NotFound):
        await passwords.reset(app, link, NEW + "2", "192.0.2.1")


async def test_a_link_taken_twice_at_once_works_for_one(app):
    await make_company(app)
    await passwords.forgot(app, "birger@example.com", "")
    [mail] = await read_mail(app)

    answers = await asyncio.gather(
        *(passwords.reset(app, link_in(mail), f"{NEW}-{n}", "") for n in range(8)),
        return_exceptions=True,
    )

    assert sum(each is None for each in answers) == 1
    assert all(each is None or isinstance(each, NotFound) for each in answers)


async def test_a_refused_password_leaves_the_link_working(app):
    await make_company(app)
    await passwords.forgot(app, "birger@example.com", "")
    [mail] = await read_mail(app)

    with pytest.raises(Invalid):
        await passwords.reset(app, link_in(mail), "1234567890", "")
    await passwords.reset(app, link_in(mail), NEW, "")


async def test_a_reset_link_lives_an_hour_and_a_newer_one_replaces_it(app):
    await make_company(app)
    await passwords.forgot(app, "birger@example.com", "")
    [first] = await read_mail(app)
    await passwords.forgot(app, "birger@example.com", "")
    second = (await read_mail(app))[-1]

    with pytest.raises(NotFound):
        await passwords.reset(app, link_in(first), NEW, "")
    late = replace(app, now=lambda: app.now() + timedelta(minutes=61))
    with pytest.raises(NotFound):
        await passwords.reset(late, link_in(second), NEW, "")


async def test_asking_for_an_unknown_address_mails_nobody_and_takes_as_long(app):
    await make_company(app)
    loop = asyncio.get_running_loop()

    began = loop.time()
    await passwords.forgot(app, "nobody@example.com", "")

    assert loop.time() - began >= passwords.ASKING_SECONDS
    assert await read_mail(app) == []


async def test_nobodys_inbox_is_flooded(app):
    await make_company(app)
    for _ in range(6):
        await passwords.forgot(app, "birger@example.com", "192.0.2.1")
    assert len(await read_mail(app)) == 3


async def test_a_mail_is_gone_once_sent_and_its_secret_with_it(app):
    await make_company(app)
    await passwords.forgot(app, "birger@example.com", "")
    [mail] = await read_mail(app)

    everything = ""
    for name in await app.stores.database.list_collection_names():
        everything += str(await app.stores.database[name].find({}).to_list(None))
    assert link_in(mail) not in everything


async def test_a_mail_that_could_not_be_sent_waits_and_is_sent_once(app):
    await make_company(app)
    await passwords.forgot(app, "birger@example.com", "")
    [waiting] = await app.stores.database["mails"].find({}).to_list(None)

    async def fails(_mail):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await mailing.deliver(app, waiting["_id"], fails)
    sent = []

    async def works(mail):
        await asyncio.sleep(0.05)
        sent.append(mail.to)

    await asyncio.gather(*(mailing.deliver(app, waiting["_id"], works) for _ in range(5)))
    assert sent == ["birger@example.com"]
    late = replace(app, now=lambda: app.now() + timedelta(hours=1))
    assert await mailing.retry_waiting(late) == 0


async def test_an_invitation_speaks_the_receivers_language_in_text_and_html(app):
    cast = await make_company(app)
    fields = {"email": "ny@example.com", "name": "Ny <b>Person</b>", "language": "en"}
    user = await admin.add(app, cast["astrid"], fields, invite=True)
    await admin.add(
        app, cast["astrid"], {"email": "ny2@example.com", "name": "Ny Två"}, invite=True
    )

    english, swedish = await read_mail(app)

    assert english["To"] == user.email
    assert "Welcome to Växel at example.com" in english["Subject"]
    assert "Välkommen till Växel hos example.com" in swedish["Subject"]
    html = part(english, "html")
    assert "Ny &lt;b&gt;Person&lt;/b&gt;" in html
    assert link_in(english) in html
    assert cast["astrid"].name in part(english, "plain")


async def test_who_is_invited_chooses_a_password_and_is_signed_in(app):
    cast = await make_company(app)
    await admin.add(app, cast["astrid"], {"email": "ny@example.com", "name": "Ny"}, invite=True)
    [mail] = await read_mail(app)
    link = link_in(mail)

    assert await invitations.look(app, link) == {
        "email": "ny@example.com",
        "name": "Ny",
        "org": "example.com",
        "language": "sv",
    }
    token, user = await invitations.accept(app, link, NEW, "Ny Namn", "en", "Firefox", "")

    assert (user.name, user.language) == ("Ny Namn", "en")
    assert (await sessions.authenticate(app, token)).user.id == user.id
    with pytest.raises(NotFound):
        await invitations.look(app, link)
    with pytest.raises(Conflict):
        await admin.invite(app, cast["astrid"], user.id)


async def test_an_invitation_lives_seven_days_and_not_after_a_block(app):
    cast = await make_company(app)
    user = await admin.add(
        app, cast["astrid"], {"email": "ny@example.com", "name": "Ny"}, invite=True
    )
    [mail] = await read_mail(app)

    late = replace(app, now=lambda: app.now() + timedelta(days=7, minutes=1))
    with pytest.raises(NotFound):
        await invitations.look(late, link_in(mail))
    await admin.block(app, cast["astrid"], user.id)
    await admin.unblock(app, cast["astrid"], user.id)
    with pytest.raises(NotFound):
        await invitations.look(app, link_in(mail))


async def test_a_new_address_stops_the_links_in_the_old_inbox(app):
    cast = await make_company(app)
    await passwords.forgot(app, "birger@example.com", "")
    [mail] = await read_mail(app)

    await admin.update(app, cast["astrid"], cast["birger"].id, {"email": "b.holm@example.com"})

    with pytest.raises(NotFound):
        await passwords.reset(app, link_in(mail), NEW, "")

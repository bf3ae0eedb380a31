"""Changing the key of what is kept secret: everything opens with the new one, without the old."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from server import cli
from server.domain import resealing
from server.domain.calendars import grants
from server.domain.telephony import exchanges
from server.vault import Vault
from tests.cast import make_company
from tests.conftest import SECRET_KEYS
from tests.engine import open_engine


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


async def sealed_things(settings):
    """A connection and an exchange with a secret from before, sealed with the first key."""
    async with open_engine(settings) as engine:
        cast = await make_company(engine.app)
        for who in ("birger", "cecilia"):
            await engine.connect(cast[who], "caldav", credentials={"password": f"{who}s ord"})
        made = await exchanges.add(engine.app, cast["astrid"], "Växeln")
        await exchanges.rotate(engine.app, cast["astrid"], made["id"], timedelta(hours=24))
        return made


async def opened(settings):
    """All that can be opened with these keys: passwords, and exchanges' secrets."""
    async with open_engine(settings) as engine:
        app = engine.app
        words = [
            grants.credentials_of(app, each)["password"]
            async for each in app.stores.connections.all()
        ]
        secret = [
            app.vault.open(text, each.id)
            async for each in app.stores.pbx.all()
            for text in (each.sealed, each.before or "")
        ]
        return sorted(words), secret


async def test_everything_opens_with_the_new_key_alone(settings):
    made = await sealed_things(settings)
    before = await opened(settings)
    new = key("new")
    both = replace(settings, secret_keys=f"{new},{SECRET_KEYS}")
    async with open_engine(both) as engine:
        first = await resealing.reseal(engine.app)
        again = await resealing.reseal(engine.app)
    assert (first.changed, first.current, first.unreadable) == (4, 0, 0)
    assert (again.changed, again.current) == (0, 4)
    after = await opened(replace(settings, secret_keys=new))
    assert after == before
    assert before[0] == ["birgers ord", "cecilias ord"]
    assert made["secret"] in after[1]


async def test_what_does_not_open_stays_as_it_is_and_is_told(settings):
    await sealed_things(settings)
    async with open_engine(replace(settings, secret_keys=key("other"))) as engine:
        done = await resealing.reseal(engine.app)
        assert (done.changed, done.unreadable) == (0, 4)
    assert (await opened(settings))[0] == ["birgers ord", "cecilias ord"]


async def test_a_secret_that_changes_meanwhile_is_not_put_back(settings):
    async with open_engine(replace(settings, secret_keys=f"{key('a')},{SECRET_KEYS}")) as engine:
        app, cast = engine.app, await make_company(engine.app)
        old = Vault(SECRET_KEYS)
        mailbox = await engine.connect(cast["birger"], "caldav", credentials={"password": "1"})
        found = await app.stores.connections.in_org(mailbox.connection_id, "example.com")
        assert found is not None
        await app.stores.connections.reseal(found, old.seal('{"password": "2"}', found.id))
        assert not await app.stores.connections.replace_seal(found, "a:late")
        await resealing.reseal(app)
        kept = await app.stores.connections.in_org(found.id, "example.com")
        assert kept is not None
        assert grants.credentials_of(app, kept) == {"password": "2"}
        assert kept.sealed.startswith("a:")


@pytest.mark.parametrize("known", [True, False])
def test_the_operator_does_it_from_the_console(settings, monkeypatch, capsys, known):
    keys = f"{key('new')},{SECRET_KEYS}" if known else ""
    for name, value in (
        ("VAXEL_MONGO_URL", settings.mongo_url),
        ("VAXEL_REDIS_URL", settings.redis_url),
        ("VAXEL_MONGO_DB", settings.mongo_db),
        ("VAXEL_DATA_DIR", str(settings.data_dir)),
        ("VAXEL_SECRET_KEYS", keys),
        ("LANG", "en_US.UTF-8"),
    ):
        monkeypatch.setenv(name, value)
    code = cli.main(["secrets", "rotate"])
    said = capsys.readouterr()
    if known:
        assert code == 0
        assert said.out.startswith("0 secrets are encrypted anew")
    else:
        assert code == 1
        assert "VAXEL_SECRET_KEYS" in said.err

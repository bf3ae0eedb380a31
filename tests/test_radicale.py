"""The embedded calendar server: keeps what it was given, for its owner alone."""

from __future__ import annotations

import asyncio
import stat

import pytest
import requests

from server.embedded import radicale
from tests.feeds import calendar, event
from tests.radicale import radicale_at

MEETING = calendar(event("a", "20261123T090000", "20261123T100000"))


@pytest.fixture
async def server(tmp_path):
    async with radicale_at(tmp_path) as found:
        yield found


async def test_it_keeps_calendars_and_passwords_through_kill_9(server):
    anna = server.person()
    await anna.put("a.ics", MEETING)

    server.daemon.kill()
    await asyncio.to_thread(server.daemon.restart)

    assert radicale.users(server.data_dir)[anna.user] == anna.password
    where = f"{server.url}{anna.user}/{radicale.CALENDAR}/a.ics"
    kept = await asyncio.to_thread(requests.get, where, auth=(anna.user, anna.password), timeout=20)
    assert "UID:a" in kept.text


async def test_nobody_reads_anothers_calendar_or_the_passwords(server):
    anna, bo = server.person(), server.person()
    await anna.put("a.ics", MEETING)
    where = f"{server.url}{anna.user}/{radicale.CALENDAR}/a.ics"

    async def status(*who: str) -> int:
        auth = (who[0], who[1]) if who else None
        answer = await asyncio.to_thread(requests.get, where, auth=auth, timeout=20)
        return answer.status_code

    assert await status(anna.user, anna.password) == 200
    assert await status(bo.user, bo.password) == 403
    assert await status(anna.user, "fel") == 401
    assert await status() == 401
    mode = (server.data_dir / "radicale" / "users").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_whose_server_an_address_is(tmp_path):
    assert not radicale.serves(tmp_path, "http://127.0.0.1:5232/")
    (tmp_path / "radicale").mkdir()
    (tmp_path / "radicale" / "port").write_text("5232")
    assert radicale.serves(tmp_path, "http://127.0.0.1:5232/")
    assert not radicale.serves(tmp_path, "https://calendars.example.com/")
    assert radicale.users(tmp_path) == {}

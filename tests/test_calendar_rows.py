"""Rows of a mailbox as they are kept: only what differs is written, and time is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.app import App
from server.domain.activities import current
from server.domain.activities.state import MEETING
from storage.models import User
from storage.telephony import Activity, Source
from storage.transactions import in_transaction
from tests.cast import make_company

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANY: tuple[Source, ...] = ("calendar", "auto_reply")


def row(user: User, name: str, start: datetime = NINE, **more: Any) -> Activity:
    values: dict[str, Any] = {
        "id": f"{more.get('mailbox_id', 'box')}-{name}",
        "org_id": user.org_id,
        "user_id": user.id,
        "type_id": "meeting",
        "start": start,
        "end": start + HOUR,
        "source": "calendar",
        "source_ref": name,
        "priority": MEETING,
        "mailbox_id": "box",
        "trusted_until": NINE + 24 * HOUR,
        "set_at": start,
        "set_by": user.id,
    }
    return Activity(**values | more)


@pytest.fixture
async def birger(app: App) -> User:
    return (await make_company(app))["birger"]


async def keep(
    app: App,
    user: User,
    rows: Iterable[Activity],
    mailbox_id: str = "box",
    sources: tuple[Source, ...] = ANY,
) -> bool:
    found = list(rows)

    async def work(session: Any) -> bool:
        return await app.stores.activities.replace_calendar(
            session, user.org_id, user.id, mailbox_id, found, sources
        )

    changed = await in_transaction(app.stores.database, work)
    app.stores.activities.forget(user.org_id, user.id)
    return changed


async def kept(app: App, user: User) -> set[str]:
    found = await app.stores.activities.coming(user.org_id, user.id, NINE - HOUR, 100)
    return {each.id for each in found}


async def test_a_mailbox_says_all_there_is_of_it_and_nothing_of_others(app: App, birger: User):
    other = row(birger, "c", mailbox_id="second")
    assert await keep(app, birger, [row(birger, "a"), row(birger, "b")])
    assert await keep(app, birger, [other], "second")
    assert await kept(app, birger) == {"box-a", "box-b", "second-c"}
    assert await keep(app, birger, [row(birger, "b"), row(birger, "d")])
    assert await kept(app, birger) == {"box-b", "box-d", "second-c"}
    await app.stores.activities.forget_mailbox(birger.org_id, birger.id, "box")
    assert await kept(app, birger) == {"second-c"}


async def test_what_a_mailbox_answers_by_itself_is_apart_from_its_meetings(app: App, birger: User):
    away = row(birger, "away", source="auto_reply")
    await keep(app, birger, [row(birger, "a"), away])
    assert await keep(app, birger, [], sources=("calendar",))
    assert await kept(app, birger) == {"box-away"}
    assert await keep(app, birger, [])
    assert await kept(app, birger) == set()


async def test_only_what_differs_is_written(app: App, birger: User):
    rows = [row(birger, name) for name in ("a", "b", "c")]
    await keep(app, birger, rows)
    written = []
    async with app.stores.database["activities"].watch() as stream:
        assert not await keep(app, birger, rows)
        assert await keep(app, birger, [rows[0], replace(rows[1], note="nytt"), rows[2]])
        while (change := await stream.try_next()) is not None:
            written.append((change["operationType"], change["documentKey"]["_id"]))
    assert written == [("replace", "box-b")]


async def test_trust_grows_in_steps_and_its_end_is_a_turn(app: App, birger: User):
    rows = [row(birger, "a", NINE + 2 * HOUR), row(birger, "b", NINE + 20 * HOUR)]
    endless = row(birger, "c", NINE + 20 * HOUR, end=None, source="auto_reply")
    await keep(app, birger, [*rows, endless])

    async def turning(moment: datetime) -> bool:
        found = await app.stores.activities.turning(moment - HOUR / 60, moment)
        return found == {birger.org_id: {birger.id}}

    def later(minutes: float) -> list[Activity]:
        until = NINE + 24 * HOUR + timedelta(minutes=minutes)
        return [replace(each, trusted_until=until) for each in (*rows, endless)]

    assert await turning(NINE + 24 * HOUR)
    assert not await keep(app, birger, later(14))
    assert await turning(NINE + 24 * HOUR)
    assert not await keep(app, birger, later(30))  # trust alone is no change
    assert not await turning(NINE + 24 * HOUR)
    assert await turning(NINE + 24 * HOUR + timedelta(minutes=30))
    assert await turning(NINE + 3 * HOUR)
    assert await turning(NINE + 21 * HOUR)
    found = await app.stores.activities.coming(birger.org_id, birger.id, NINE, 10)
    assert {each.trusted_until for each in found} == {later(30)[0].trusted_until}
    state = await current.state_of(app, birger, NINE + 24 * HOUR + timedelta(minutes=29))
    assert state.closed
    assert not (await current.state_of(app, birger, NINE + 25 * HOUR)).closed


async def test_nothing_is_kept_of_a_transaction_that_fails(app: App, birger: User):
    class Lost(Exception):
        pass

    async def work(session: Any) -> None:
        await app.stores.activities.replace_calendar(
            session, birger.org_id, birger.id, "box", [row(birger, "a")]
        )
        raise Lost

    with pytest.raises(Lost):
        await in_transaction(app.stores.database, work)
    assert await kept(app, birger) == set()

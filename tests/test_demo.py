"""The demo: two companies with something to read, kept from the world."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server import demo, serve
from server.domain import messages, rooms, sessions
from server.domain.accounts import passwords, shape
from server.startup import StartupError


async def test_an_empty_installation_is_filled_once(app):
    await demo.fill_if_empty(app)
    before = await app.stores.users.counts()

    await demo.fill_if_empty(app)

    assert sorted(before.values()) == [1, 4]
    assert await app.stores.users.counts() == before


async def test_everyone_in_the_demo_can_sign_in_and_has_something_to_read(app):
    await demo.fill(app)
    shown = await shape.demo_people(replace(app, settings=replace(app.settings, demo=True)))
    assert [person["email"].partition("@")[0] for person in shown] == [
        "astrid",
        "birger",
        "basse",
        "rebecka",
        "cecilia",
    ]
    for person in shown:
        _token, user = await sessions.sign_in(app, person["email"], person["password"], "", "")
        assert user.demo
        mine = await rooms.mine(app, user)
        views = await rooms.view_many(app, user, [room.id for room in mine])
        assert bool(views) == (person["plan"] != "basic")
        for view in views:
            assert view["last_message"]["body"]
            assert view["last_message"]["sent_at"] < app.now().isoformat()


async def test_the_demos_talk_keeps_the_order_of_time(app):
    await demo.fill(app)
    astrid = await app.stores.users.by_email("astrid@example.com")
    for room in await rooms.mine(app, astrid):
        page = await messages.history(app, astrid, room.id, limit=200)
        times = [entry["sent_at"] for entry in page["entries"]]
        assert times == sorted(times)
        assert [entry["seq"] for entry in page["entries"]] == list(range(1, len(times) + 1))


async def test_the_demo_is_not_shown_where_it_is_not_wanted(app):
    await demo.fill(app)
    assert await shape.demo_people(app) == []


async def test_a_changed_password_is_the_demos_no_more(app):
    await demo.fill(app)
    assert await demo.uses_demo_passwords(app)
    for user in await app.stores.users.of_demo():
        await passwords.choose(app, user, "ett-riktigt-bra-losenord")
    assert not await demo.uses_demo_passwords(app)


async def test_the_demos_passwords_are_not_opened_to_the_world(app):
    await demo.fill(app)
    open_to_all = replace(app, settings=replace(app.settings, host="0.0.0.0"))
    with pytest.raises(StartupError, match=r"127\.0\.0\.1"):
        await serve._prepare_data(open_to_all, 0)
    await serve._prepare_data(app, 0)


async def test_the_demos_people_have_numbers_that_reach_nobody_real(app):
    await demo.fill(app)
    plans = {}
    for org in await app.stores.orgs.all():
        plans[org.main_number] = {
            each.number: each.kind for each in await app.stores.numbers.of_org(org.id)
        }
    ours, theirs = plans["+46846500400"], plans["+46313900600"]
    assert {number for number, kind in ours.items() if kind == "extension"} == {
        *("100", "101", "102", "103")
    }
    assert theirs["101"] == "extension"  # as in the other company
    for number, kind in (ours | theirs).items():
        fiction = number.startswith(("+468465004", "+463139006", "+467017406"))
        assert kind == "extension" or fiction
    astrid = await app.stores.users.by_email("astrid@example.com")
    person = await shape.person(app, astrid)
    assert person["extension"] == "101"
    assert [each["number"] for each in person["numbers"]] == [
        *("101", "+46846500401", "+46701740611")
    ]

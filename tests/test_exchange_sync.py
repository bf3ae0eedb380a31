"""From Exchange to what callers hear: through the adapter and the engine, over https."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.domain.calendars import connecting, people
from server.domain.errors import Invalid
from server.domain.jobs import Job
from server.settings import Settings
from standins.exchange.mailbox import Mailbox as Kept
from standins.exchange.mailbox import Reply
from standins.exchange.server import Exchange, Failure
from standins.pki import make_authority
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.conftest import run_server
from tests.desk import Connected, local, moment
from tests.engine import Clock, open_engine
from tests.exchange_server import (
    BIRGER,
    PASSWORD,
    credentials_for,
    exchange_of,
    mailbox_of,
)

DAILY = "FREQ=DAILY"


@dataclass
class Desk(Connected):
    """Birger, whose calendar is on his company's Exchange, connected as he would do it."""

    exchange: Exchange
    connection_id: str

    @property
    def box(self) -> Kept:
        return mailbox_of(self.exchange, BIRGER)

    def add(self, day: str, start: str, end: str, subject: str = "Möte", **more: Any) -> str:
        """A meeting on that day, from "10:00" to "11:00" in Stockholm."""
        return self.box.add(subject, local(f"{day} {start}"), local(f"{day} {end}"), **more)


def settings_at(settings: Settings, ca_file: Path) -> Settings:
    """An installation whose operator lets it reach the inside."""
    return replace(settings, private_networks=True, ca_file=ca_file)


@asynccontextmanager
async def desk_at(settings: Settings, folder: Path) -> AsyncIterator[Desk]:
    authority = make_authority(folder / "pki")
    clock = Clock(moment("2026-11-23 08:00"))
    own = settings_at(settings, authority.ca_file)
    async with exchange_of(authority, clock) as exchange, open_engine(own, clock=clock) as engine:
        birger = (await make_company(engine.app))["birger"]
        typed = credentials_for(exchange, BIRGER)
        made = await connecting.connect_exchange(
            engine.app, birger, typed["address"], typed["username"], typed["password"]
        )
        (mailbox,) = await engine.app.stores.mailboxes.of_connection(birger.org_id, made["id"])
        yield Desk(engine, clock, birger, mailbox, exchange, made["id"])


@pytest.fixture
async def desk(settings, tmp_path):
    async with desk_at(settings, tmp_path) as found:
        yield found


# What a meeting does


async def test_a_meeting_closes_the_telephone_and_opens_it_again(desk):
    desk.add("2026-11-23", "10:00", "11:00")
    mailbox = await desk.sync("2026-11-23 09:00")
    assert (mailbox.status, mailbox.trouble) == ("active", "")
    assert not await desk.closed("2026-11-23 09:59")
    assert await desk.does("2026-11-23 10:30") == "meeting"
    assert "är åter klockan elva." in await desk.says("2026-11-23 10:30")
    assert not await desk.closed("2026-11-23 11:00")


async def test_nothing_is_read_or_told_while_nothing_changes(desk):
    desk.add("2026-11-23", "10:00", "11:00")
    await desk.sync("2026-11-23 09:00")
    desk.exchange.asked.clear()
    await desk.sync("2026-11-23 09:01")
    assert desk.exchange.asked == ["SyncFolderItems", "GetUserOofSettingsRequest"]
    assert await desk.closed("2026-11-23 10:30")


async def test_a_moved_occurrence_opens_at_once_and_closes_where_it_went(desk):
    series = desk.add("2026-11-23", "10:00", "11:00", rule=DAILY)
    await desk.sync("2026-11-23 10:05")
    assert await desk.closed("2026-11-23 10:15")
    desk.box.change_occurrence(
        series,
        local("2026-11-23 10:00"),
        start=local("2026-11-23 13:00"),
        end=local("2026-11-23 14:00"),
    )
    await desk.sync("2026-11-23 10:15")
    assert not await desk.closed("2026-11-23 10:16")
    assert await desk.closed("2026-11-23 13:30")
    assert await desk.closed("2026-11-24 10:03")


async def test_a_deleted_occurrence_and_a_deleted_series_open_at_once(desk):
    series = desk.add("2026-11-23", "10:00", "11:00", rule=DAILY)
    await desk.sync("2026-11-23 10:05")
    desk.box.delete_occurrence(series, local("2026-11-23 10:00"))
    await desk.sync("2026-11-23 10:15")
    assert not await desk.closed("2026-11-23 10:16")
    assert await desk.closed("2026-11-24 10:03")
    desk.box.delete(series)
    await desk.sync("2026-11-24 10:15")
    assert not await desk.closed("2026-11-24 10:16")


async def test_nine_oclock_is_nine_oclock_before_and_after_summer_time_begins(desk):
    desk.add("2027-03-23", "09:00", "10:00", rule="FREQ=WEEKLY")
    for day in ("2027-03-23", "2027-03-30"):
        await desk.sync(f"{day} 08:30")
        assert not await desk.closed(f"{day} 08:59")
        assert "är åter klockan tio." in await desk.says(f"{day} 09:30")


async def test_an_end_that_is_moved_while_it_runs_is_told_from_the_next_call_on(desk):
    meeting = desk.add("2026-11-23", "14:00", "15:00")
    await desk.sync("2026-11-23 14:10")
    before = await desk.says("2026-11-23 14:20")
    desk.box.change(meeting, end=local("2026-11-23 16:00"))
    await desk.sync("2026-11-23 14:20")
    assert "klockan femton." in before
    assert "klockan sexton." in await desk.says("2026-11-23 14:21")


@pytest.mark.parametrize(
    "change", [{"cancelled": True}, {"response": "Decline"}, {"status": "Free"}]
)
async def test_what_no_longer_counts_opens_at_once(desk, change):
    meeting = desk.add("2026-11-23", "14:00", "15:00", response="Accept")
    await desk.sync("2026-11-23 14:10")
    assert await desk.closed("2026-11-23 14:20")
    desk.box.change(meeting, **change)
    await desk.sync("2026-11-23 14:20")
    assert not await desk.closed("2026-11-23 14:21")


async def test_a_private_meeting_is_told_without_what_it_is(desk, caplog):
    caplog.set_level(logging.DEBUG)
    desk.add("2026-11-23", "10:00", "11:00", "Tandvård", sensitivity="Private")
    await desk.sync("2026-11-23 09:00")
    said = await desk.says("2026-11-23 10:15")
    seen = await desk.engine.presence_of(desk.user, moment("2026-11-23 10:15"))
    assert "kan inte ta emot samtal just nu och är åter klockan elva." in said
    told = json.dumps([seen, desk.engine.told.facts, desk.engine.handed.jobs], default=str)
    for secret in ("Tandvård", PASSWORD):
        assert secret not in told + said
    logged = [each for each in caplog.records if not each.name.startswith("pymongo")]
    for secret in ("Tandvård", PASSWORD, "FABRIKEN"):
        assert not any(secret in each.getMessage() for each in logged)


async def test_out_of_office_goes_before_a_meeting_and_lasts_whole_days(desk):
    desk.box.add(
        "Mässa",
        local("2026-11-24 00:00"),
        local("2026-11-26 00:00"),
        all_day=True,
        status="OOF",
    )
    desk.add("2026-11-24", "10:00", "11:00")
    await desk.sync("2026-11-24 09:00")
    assert await desk.does("2026-11-24 10:30") == "out"
    await desk.sync("2026-11-25 23:00")
    assert await desk.closed("2026-11-25 23:59")
    assert not await desk.closed("2026-11-26 00:01")


async def test_automatic_replies_count_until_they_end(desk):
    await desk.sync("2026-11-23 08:30")  # the first round is for meetings alone
    desk.box.reply = Reply("Scheduled", moment("2026-11-23 08:00"), moment("2026-11-24 17:00"))
    await desk.sync("2026-11-23 09:00")
    assert await desk.closed("2026-11-23 16:59")
    await desk.sync("2026-11-24 16:00")
    assert await desk.closed("2026-11-24 16:59")
    assert not await desk.closed("2026-11-24 17:01")
    desk.box.reply = Reply()
    await desk.sync("2026-11-24 16:05")
    assert not await desk.closed("2026-11-24 16:10")


# When it does not go well


async def test_a_lost_sync_state_reads_everything_again_and_nothing_flaps(desk):
    desk.add("2026-11-23", "10:00", "11:00")
    await desk.sync("2026-11-23 09:00")
    desk.box.forget_states()
    desk.add("2026-11-23", "13:00", "14:00")
    mailbox = await desk.sync("2026-11-23 09:10")
    assert mailbox.failures == 0
    assert await desk.closed("2026-11-23 10:30")
    assert await desk.closed("2026-11-23 13:30")


async def test_a_busy_server_is_left_alone_for_as_long_as_it_says(desk):
    desk.add("2026-11-23", "10:00", "11:00")
    await desk.sync("2026-11-23 09:00")
    desk.exchange.failures.append(Failure("ErrorServerBusy", back_off=300_000))
    mailbox = await desk.sync("2026-11-23 09:01")
    assert (mailbox.trouble, mailbox.status) == ("busy", "active")
    assert mailbox.next_at >= moment("2026-11-23 09:06")
    desk.exchange.asked.clear()
    await desk.sync("2026-11-23 09:04")
    assert desk.exchange.asked == []
    assert await desk.closed("2026-11-23 10:30")
    await desk.sync("2026-11-23 09:20")
    assert (await desk.engine.mailbox(desk.mailbox.id)).trouble == ""


async def test_a_changed_password_asks_to_connect_again_and_goes_on_from_there(desk):
    app = desk.engine.app
    desk.add("2026-11-23", "10:00", "11:00")
    await desk.sync("2026-11-23 09:00")
    desk.box.password = "ett-annat"
    mailbox = await desk.sync("2026-11-23 09:10")
    assert (mailbox.status, mailbox.trouble) == ("lost", "access_lost")
    assert await desk.closed("2026-11-23 10:30")  # what was read counts for a day

    with pytest.raises(Invalid):
        await connecting.new_password(app, desk.user, desk.connection_id, "fel")
    again = await connecting.new_password(app, desk.user, desk.connection_id, "ett-annat")
    assert again["status"] != "reconnect"
    desk.add("2026-11-23", "13:00", "14:00")
    mailbox = await desk.sync("2026-11-23 09:20")
    assert (mailbox.status, mailbox.failures) == ("active", 0)
    assert await desk.closed("2026-11-23 13:30")


async def test_another_calendar_that_is_thrown_away_is_forgotten(desk):
    app = desk.engine.app
    other = desk.box.other_calendar("Projekt")
    desk.add("2026-11-23", "10:00", "11:00", folder=other)
    await desk.engine.app.sync_queue.want_full(desk.mailbox.id)
    mailbox = await desk.sync("2026-11-23 08:30")
    counted = tuple(replace(each, counts=True) for each in mailbox.calendars)
    assert len(counted) == 2
    await app.stores.mailboxes.update(mailbox.id, mailbox.org_id, calendars=counted)
    await desk.sync("2026-11-23 08:40")
    assert await desk.closed("2026-11-23 10:30")
    desk.box.drop_folder(other)
    mailbox = await desk.sync("2026-11-23 08:50")
    assert ([each.name for each in mailbox.calendars], mailbox.failures) == (["Kalender"], 0)
    assert not await desk.closed("2026-11-23 10:30")


async def test_contacts_are_kept_in_step(desk):
    desk.box.add_card("Rebecka Ek", phones=(("MobilePhone", "070-174 06 05"),))
    await desk.engine.app.stores.connections.update(
        desk.connection_id, desk.user.org_id, contacts=True
    )
    desk.engine.app.events.forget("connection", desk.connection_id)
    await desk.sync("2026-11-23 09:00")
    assert desk.engine.handed.named(Job.PEOPLE_SYNC)
    await people.sync_people(desk.engine.app, desk.mailbox.id)
    kept = desk.engine.app.stores.database["contacts"]
    assert [each["name"] async for each in kept.find({})] == ["Rebecka Ek"]


async def test_it_is_compared_as_often_as_caldav(desk):
    mailbox = await desk.sync("2026-11-23 09:00")
    period = timedelta(seconds=desk.engine.app.settings.caldav_poll_seconds)
    assert desk.clock.at < mailbox.next_at <= desk.clock.at + period * 1.1


# Over HTTP


async def test_a_mailbox_is_connected_over_http_and_what_was_typed_wrong_is_told(
    settings, tmp_path
):
    authority = make_authority(tmp_path / "pki")
    async with AsyncExitStack() as stack:
        exchange = await stack.enter_async_context(exchange_of(authority))
        live = await stack.enter_async_context(run_server(settings_at(settings, authority.ca_file)))
        birger = (await make_company(live.app))["birger"]
        http = await stack.enter_async_context(calling(live.url))
        caller = Caller(http, live.url, await make_token(live.app, birger))
        typed = credentials_for(exchange, BIRGER)
        del typed["time_zone"]
        for wrong, field in (
            ({"password": "fel"}, "password"),
            ({"address": "https://127.0.0.1:1"}, "address"),
            ({"address": live.url}, "address"),
            ({"address": "ftp://example.com"}, "address"),
            ({"address": BIRGER}, "address"),
        ):
            refused = await caller.post("/api/connections/exchange", typed | wrong)
            assert (refused.status, refused.data["field"]) == (422, field), wrong
        made = await caller.post("/api/connections/exchange", typed)
        assert made.status == 201, made
        assert made.data["account"] == "FABRIKEN\\birger (127.0.0.1)"
        assert [each["counts"] for each in made.data["calendars"]] == [True]
        stored = await live.app.stores.database["connections"].find_one({"_id": made.data["id"]})
        assert PASSWORD not in repr(stored)
        again = await caller.call(
            "PUT", f"/api/connections/{made.data['id']}/password", json={"password": PASSWORD}
        )
        assert again.status == 200, again
        assert (await caller.delete(f"/api/connections/{made.data['id']}")).status == 204


async def test_a_server_on_the_inside_is_refused_unless_the_operator_says_so(settings, tmp_path):
    authority = make_authority(tmp_path / "pki")
    async with AsyncExitStack() as stack:
        exchange = await stack.enter_async_context(exchange_of(authority))
        engine = await stack.enter_async_context(
            open_engine(replace(settings, ca_file=authority.ca_file))
        )
        birger = (await make_company(engine.app))["birger"]
        with pytest.raises(Invalid, match="address_forbidden"):
            await connecting.connect_exchange(engine.app, birger, exchange.url, "birger", PASSWORD)
        assert exchange.asked == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"address": "https://example.com", "username": "b"},
        {"address": "", "username": "b", "password": "x"},
        {"address": "https://example.com", "username": "b", "password": "x", "more": 1},
        {"address": 7, "username": "b", "password": "x"},
        {"address": "x" * 2001, "username": "b", "password": "x"},
        {"address": "https://example.com", "username": "b", "password": "x" * 501},
    ],
)
async def test_what_is_malformed_is_refused(birgers_browser, body):
    refused = await birgers_browser.post("/api/connections/exchange", body)
    assert refused.status == 422, refused


@pytest.fixture
async def birgers_browser(settings):
    async with AsyncExitStack() as stack:
        live = await stack.enter_async_context(run_server(settings))
        birger = (await make_company(live.app))["birger"]
        http = await stack.enter_async_context(calling(live.url))
        yield Caller(http, live.url, await make_token(live.app, birger))

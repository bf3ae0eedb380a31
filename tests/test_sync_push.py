"""What providers tell by themselves, through the real door to a sync; and what must not pass."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from server.domain.calendars import leases, sweep
from server.domain.jobs import Job
from storage.calendars import WatchKept
from tests.cast import make_company
from tests.conftest import make_settings, run_server
from tests.engine import MONDAY, Clock, Scripted, meeting, open_engine

ADDRESS = "https://vaxel.example.com"


class Office:
    """A server whose door is open, and an engine beside it with providers that push."""

    def __init__(self, url: str, engine: Any, provider: Scripted, http: ClientSession) -> None:
        self.url, self.engine, self.provider, self.http = url, engine, provider, http

    async def watched(self, user: Any, provider: str) -> WatchKept:
        mailbox = await self.engine.connect(user, provider)
        await self.engine.sync_now(mailbox)
        await self.engine.drain()
        self.provider.calls.clear()
        [watch] = await self.engine.app.stores.watches.of_mailbox(user.org_id, mailbox.id)
        return watch

    def secret(self, watch: WatchKept) -> str:
        return self.provider.secrets[watch.id]

    async def graph(self, *items: dict[str, Any], path: str = "/hooks/microsoft") -> int:
        async with self.http.post(self.url + path, json={"value": list(items)}) as answer:
            assert await answer.read() == b""
            return answer.status

    async def google(self, watch: WatchKept, number: int = 2, **changes: str) -> int:
        headers = {
            "X-Goog-Channel-ID": watch.remote_id,
            "X-Goog-Channel-Token": self.secret(watch),
            "X-Goog-Resource-ID": watch.resource,
            "X-Goog-Resource-State": "exists",
            "X-Goog-Message-Number": str(number),
            **{f"X-Goog-{name.replace('_', '-')}": value for name, value in changes.items()},
        }
        async with self.http.post(f"{self.url}/hooks/google", headers=headers) as answer:
            return answer.status

    async def marked(self, watch: WatchKept) -> bool:
        return await self.engine.app.sync_queue.marked(watch.mailbox_id)

    async def counted(self) -> dict[tuple[str, str], float]:
        from server import metrics

        return {
            (sample.labels["provider"], sample.labels["outcome"]): sample.value
            for family in metrics.HOOKS.collect()
            for sample in family.samples
        }


@pytest.fixture
async def office(databases, janitor, tmp_path):
    settings = make_settings(databases, tmp_path, public_url=ADDRESS)
    clock = Clock()
    provider = Scripted(now=clock)
    kinds = {"microsoft": provider, "google": provider}
    async with (
        run_server(settings, clock=clock) as live,
        open_engine(settings, kinds, clock) as engine,
        ClientSession() as http,
    ):
        cast = await make_company(engine.app)
        yield Office(live.url, engine, provider, http), cast
    janitor.drop_database(settings.mongo_db)


def item(watch: WatchKept, secret: str, **more: Any) -> dict[str, Any]:
    """One notification as Graph writes it."""
    return {
        "subscriptionId": watch.remote_id,
        "clientState": secret,
        "changeType": "updated",
        "resource": "Users/u/Events/e",
        "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "id": "e"},
        "subscriptionExpirationDateTime": "2026-11-30T09:00:00Z",
        "tenantId": "t",
        **more,
    }


# The door


async def test_a_change_that_is_told_is_seen_by_colleagues_without_waiting_for_the_clock(office):
    place, cast = office
    birger = cast["birger"]
    for provider in ("microsoft", "google"):
        watch = await place.watched(birger, provider)
        place.provider.put(meeting("a", MONDAY, 120))
        if provider == "google":
            assert await place.google(watch) == 202
        else:
            assert await place.graph(item(watch, place.secret(watch))) == 202
        mailbox = await place.engine.mailbox(watch.mailbox_id)
        assert await place.marked(watch)
        assert await place.engine.sync_now(mailbox)
        assert await place.engine.activity_of(birger) == "meeting"
        assert not await place.marked(watch)
        place.provider.delete("a")
        await place.engine.sync_now(mailbox)
        assert await place.engine.activity_of(birger) == "available"


async def test_the_handshake_is_answered_with_the_token_as_plain_text(office):
    place, _cast = office
    for path in ("/hooks/microsoft", "/hooks/microsoft/lifecycle"):
        token = "Validation: Testing client application reachability. å&?<b>"
        async with place.http.post(
            place.url + path, params={"validationToken": token}, data=b""
        ) as answer:
            assert (answer.status, answer.content_type) == (200, "text/plain")
            assert await answer.text() == token
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_several_notices_in_one_request_are_each_checked(office):
    place, cast = office
    good = await place.watched(cast["birger"], "microsoft")
    bad = await place.watched(cast["astrid"], "microsoft")
    before = await place.counted()
    assert (
        await place.graph(
            item(bad, "wrong"), item(good, place.secret(good)), {"subscriptionId": "nobody"}
        )
        == 202
    )
    assert (await place.marked(good), await place.marked(bad)) == (True, False)
    after = await place.counted()
    for outcome in ("new", "forged", "unknown"):
        key = ("microsoft", outcome)
        assert after[key] - before.get(key, 0) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"Channel_Token": "wrong"},
        {"Channel_Token": ""},
        {"Resource_ID": "another"},
        {"Channel_ID": "nobody"},
    ],
)
async def test_a_wrong_channel_secret_or_resource_changes_nothing(office, changes):
    place, cast = office
    watch = await place.watched(cast["birger"], "google")
    assert await place.google(watch, **changes) == 404
    assert not await place.marked(watch)


async def test_one_persons_secret_opens_nobody_elses_mailbox(office):
    place, cast = office
    own = await place.watched(cast["cecilia"], "microsoft")
    other = await place.watched(cast["birger"], "microsoft")
    assert await place.graph(item(other, place.secret(own))) == 202
    assert not await place.marked(other)
    google = await place.watched(cast["birger"], "google")
    assert await place.graph(item(google, place.secret(google))) == 202  # by the wrong door
    assert not await place.marked(google)


async def test_what_is_replayed_changes_nothing(office):
    place, cast = office
    google = await place.watched(cast["birger"], "google")
    graph = await place.watched(cast["astrid"], "microsoft")
    notice = item(graph, place.secret(graph), id="7d2f")
    assert await place.google(google, 5) == 202
    assert await place.graph(notice) == 202
    for watch in (google, graph):
        await place.engine.sync_now(watch.mailbox_id)
    before = await place.counted()
    for number in (5, 4, 1):
        assert await place.google(google, number) == 202
    assert await place.graph(notice, notice) == 202
    assert not await place.marked(google)
    assert not await place.marked(graph)
    after = await place.counted()
    assert after["google", "replay"] - before.get(("google", "replay"), 0) == 3
    assert after["microsoft", "replay"] - before.get(("microsoft", "replay"), 0) == 2
    assert await place.google(google, 6) == 202
    assert await place.marked(google)


async def test_the_first_word_of_a_channel_is_no_change(office):
    place, cast = office
    watch = await place.watched(cast["birger"], "google")
    assert await place.google(watch, 1, Resource_State="sync") == 202
    assert not await place.marked(watch)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"value": 1}',
        b'{"value": [1]}',
        b'{"value": [{}]}',
        b'{"value": [{"subscriptionId": 7}]}',
        b'{"value": [{"subscriptionId": "a", "clientState": {"$gt": ""}}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_what_is_not_a_notice_is_refused_in_words(office, body):
    place, _cast = office
    async with place.http.post(f"{place.url}/hooks/microsoft", data=body) as answer:
        assert answer.status == 422
        assert (await answer.json(content_type=None))["type"] == "/problems/invalid"


async def test_numbers_and_headers_that_are_nonsense_are_no_fault(office):
    place, cast = office
    watch = await place.watched(cast["birger"], "google")
    for number in ("", "-1", "1e9", "9" * 400, "½"):
        headers = {"Message_Number": number}
        assert await place.google(watch, **headers) == 202
    async with place.http.post(f"{place.url}/hooks/google", data=b"x" * 1000) as answer:
        assert answer.status == 404
    async with place.http.get(f"{place.url}/hooks/google") as answer:
        assert answer.status == 405
    async with place.http.post(f"{place.url}/hooks/exchange") as answer:
        assert answer.status == 404


async def test_what_is_told_while_the_mailbox_is_held_for_something_else_is_read_right_after(
    office,
):
    place, cast = office
    watch = await place.watched(cast["birger"], "microsoft")
    place.provider.put(meeting("a", MONDAY))
    app = place.engine.app
    async with leases.holding(app, watch.mailbox_id) as hold:
        assert hold is not None
        assert await place.graph(item(watch, place.secret(watch))) == 202
        await place.engine.sync_now(watch.mailbox_id)  # the job of the door: it is held
        assert "changes" not in place.provider.calls
    assert place.engine.handed.named(Job.CALENDAR_SYNC) == [{"mailbox_id": watch.mailbox_id}]
    await place.engine.drain()
    assert await place.engine.activity_of(cast["birger"]) == "meeting"


async def test_a_change_that_is_told_before_it_can_be_read_is_looked_for_once_more(office):
    place, cast = office
    watch = await place.watched(cast["birger"], "microsoft")
    assert await place.graph(item(watch, place.secret(watch))) == 202
    await place.engine.sync_now(watch.mailbox_id)  # which finds nothing yet
    place.provider.put(meeting("a", MONDAY))
    place.engine.clock.move(seconds=20)
    await place.engine.sweep()
    assert await place.engine.activity_of(cast["birger"]) == "meeting"
    place.provider.calls.clear()
    place.engine.clock.move(seconds=20)
    await place.engine.sweep()
    assert place.provider.calls == []


async def test_a_storm_at_the_door_becomes_few_jobs_and_few_fetches(office):
    place, cast = office
    watch = await place.watched(cast["birger"], "microsoft")
    place.provider.put(meeting("a", MONDAY))
    answers = await asyncio.gather(
        *(place.graph(item(watch, place.secret(watch), id=f"n{n}")) for n in range(500))
    )
    assert set(answers) == {202}
    await place.engine.sync_now(watch.mailbox_id)
    assert place.provider.calls.count("changes") == 1
    assert await place.engine.activity_of(cast["birger"]) == "meeting"
    assert not await place.marked(watch)


# Promises


async def test_promises_are_renewed_between_three_fifths_and_three_quarters_of_their_life(office):
    place, cast = office
    watches = [await place.watched(cast["birger"], "microsoft") for _ in range(40)]
    shares = [(each.renew_at - MONDAY) / timedelta(days=7) for each in watches]
    assert all(0.59 < share < 0.76 for share in shares)
    assert max(shares) - min(shares) > 0.08
    clock = place.engine.clock
    clock.at = MONDAY + timedelta(days=7) * 0.58
    await sweep.sweep(place.engine.app)
    assert not place.engine.handed.named(Job.CALENDAR_RENEW)
    clock.at = MONDAY + timedelta(days=7) * 0.77
    await sweep.sweep(place.engine.app)
    await sweep.sweep(place.engine.app)  # handed out once
    jobs = place.engine.handed.named(Job.CALENDAR_RENEW)
    asked = [each for job in jobs for each in job["mailbox_id"].split(",")]
    assert sorted(asked) == sorted(each.mailbox_id for each in watches)
    await place.engine.drain(Job.CALENDAR_RENEW)
    assert place.provider.calls.count("renew") == 40
    assert "watch" not in place.provider.calls
    for watch in watches:
        [now] = await place.engine.app.stores.watches.of_mailbox("example.com", watch.mailbox_id)
        assert now.id == watch.id
        assert clock.at - MONDAY < timedelta(days=6) < now.until - clock.at


async def test_what_cannot_be_prolonged_is_made_anew_before_the_old_one_ends(office):
    place, cast = office
    old = await place.watched(cast["birger"], "google")
    place.provider.renews = False
    place.provider.order.clear()
    place.engine.clock.at = old.renew_at
    await place.engine.sweep()
    [new] = await place.engine.app.stores.watches.of_mailbox("example.com", old.mailbox_id)
    assert new.id != old.id
    assert place.provider.order == [f"watch {new.remote_id}", f"stop {old.remote_id}"]
    assert place.secret(new) != place.secret(old)
    assert await place.google(old, 9) == 404
    assert await place.google(new, 2) == 202


async def test_lifecycle_notices_renew_make_anew_and_read_everything(office):
    place, cast = office
    stores = place.engine.app.stores
    watch = await place.watched(cast["birger"], "microsoft")
    told = item(watch, place.secret(watch), lifecycleEvent="reauthorizationRequired")
    path = "/hooks/microsoft/lifecycle"

    assert await place.graph(item(watch, "wrong") | {"lifecycleEvent": "missed"}, path=path) == 202
    assert not await place.marked(watch)

    assert await place.graph(told, path=path) == 202
    await sweep.sweep(place.engine.app)
    await place.engine.drain(Job.CALENDAR_RENEW)
    assert place.provider.calls.count("renew") == 1

    missed = told | {"lifecycleEvent": "missed"}
    assert await place.graph(missed, path=path) == 202
    await place.engine.sync_now(watch.mailbox_id)
    assert place.provider.calls.count("full") == 1

    removed = told | {"lifecycleEvent": "subscriptionRemoved"}
    place.provider.watches.clear()
    assert await place.graph(removed, path=path) == 202
    assert await stores.watches.of_mailbox("example.com", watch.mailbox_id) == []
    place.engine.clock.move(seconds=10)
    await place.engine.sync_now(watch.mailbox_id)  # finds that nobody would tell
    await place.engine.drain()
    [made] = await stores.watches.of_mailbox("example.com", watch.mailbox_id)
    assert made.id != watch.id
    assert await place.graph(item(made, place.secret(made))) == 202


async def test_a_promise_that_a_provider_forgot_is_made_anew(office):
    place, cast = office
    watch = await place.watched(cast["birger"], "microsoft")
    place.provider.watches.clear()  # it renews nothing that it does not know
    place.engine.clock.at = watch.renew_at
    await place.engine.sweep()
    [made] = await place.engine.app.stores.watches.of_mailbox("example.com", watch.mailbox_id)
    assert made.id != watch.id


async def test_calendars_are_watched_as_they_count(office):
    from dataclasses import replace

    place, cast = office
    watch = await place.watched(cast["birger"], "google")
    mailbox = await place.engine.mailbox(watch.mailbox_id)
    off = tuple(replace(each, counts=False) for each in mailbox.calendars)
    await place.engine.app.stores.mailboxes.update(mailbox.id, "example.com", calendars=off)
    await place.engine.sync_now(mailbox)
    await place.engine.drain()
    assert await place.engine.app.stores.watches.of_mailbox("example.com", mailbox.id) == []
    assert place.provider.stopped == [watch.remote_id]


async def test_without_an_address_that_they_may_call_nobody_is_asked_to_tell(settings):
    clock = Clock()
    provider = Scripted(now=clock)
    async with open_engine(settings, {"google": provider}, clock) as engine:
        cast = await make_company(engine.app)
        mailbox = await engine.connect(cast["birger"], "google")
        await engine.sync_now(mailbox)
        await engine.drain()
        assert "watch" not in provider.calls
        provider.put(meeting("a", clock.at, 300))
        clock.move(seconds=engine.app.settings.poll_seconds * 1.2)
        await engine.sweep()
        assert await engine.activity_of(cast["birger"]) == "meeting"

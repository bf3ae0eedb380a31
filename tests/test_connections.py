"""What people and administrators do with connections."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from integrations.contract import (
    AccessLost,
    BadAnswer,
    Calendar,
    Event,
    Granted,
    Unreachable,
)
from server.domain.accounts import admin
from server.domain.calendars import attending, company, sweep, sync
from server.domain.jobs import Job
from server.http import outputs_connections
from storage.calendars import CalendarPolicy, DeadLetter, WatchKept
from tests.accounts_elsewhere import open_place
from tests.cast import make_user
from tests.clients import connected
from tests.engine import Clock

CALDAV = {"address": "https://dav.example.com", "username": "birger", "password": "hemligt-ord"}
ICS = {"url": "https://example.com/secret-key/basic.ics", "name": "Skolan"}
ACCOUNT = {
    "type": "service_account",
    "client_email": "vaxel@example.iam.gserviceaccount.com",
    "private_key": "-----BEGIN PRIVATE KEY-----",
    "private_key_id": "k1",
    "token_uri": "https://evil.example.net/token",
}


@pytest.fixture
async def place(settings):
    async with open_place(settings) as found:
        yield found


async def caldav(place, who="birger", **changes):
    answer = await place.callers[who].post("/api/connections/caldav", CALDAV | changes)
    assert answer.status == 201, answer
    return answer.data


async def mailbox_of(place, who="birger"):
    user = place.cast[who]
    return (await place.app.stores.mailboxes.of_user(user.org_id, user.id))[0]


async def company_wide(place, *addresses):
    """The company lets us into its Microsoft mailboxes; the connection's id."""
    place.elsewhere.mailboxes = list(addresses)
    place.asker.answers = [
        Granted(credentials={"app": "a"}, account="example.com", tenant="tenant-1")
    ]
    state = await place.begin("astrid", "microsoft", company=True)
    _, connection_id = await place.back(place.tokens["astrid"], state, "microsoft")
    await company.adopt(place.app, connection_id)
    return connection_id


async def adopted(place):
    """By address, whose mailboxes there are of what the company connected."""
    found = await place.app.stores.mailboxes.of_org("example.com")
    people = {user.id: handle for handle, user in place.cast.items()}
    return {each.address: people.get(each.user_id, each.user_id) for each in found if each.address}


# Making them


async def test_a_caldav_account_is_tried_at_once_and_kept_sealed(place):
    async with connected(place.url, place.tokens["birger"]) as (birger,):
        made = await caldav(place)
        [fact] = await birger.hears("connections.changed")
    assert [each["id"] for each in fact["connections"]] == [made["id"]]
    assert (
        msgspec.to_builtins(msgspec.convert(made, outputs_connections.CalendarConnection)) == made
    )
    assert made["account"] == "birger (dav.example.com)"
    assert (made["status"], made["synced_at"], made["trouble"]) == ("connecting", None, None)
    assert [(each["id"], each["counts"]) for each in made["calendars"]] == [
        ("main", True),
        ("team", False),
        ("boss", False),
    ]
    [stored] = await place.app.stores.database["connections"].find().to_list(None)
    assert "hemligt-ord" not in repr(stored)
    assert place.handed.jobs[0][1] == "backfill"
    listed = (await place.callers["birger"].get("/api/connections")).data
    assert msgspec.to_builtins(msgspec.convert(listed, outputs_connections.Connections)) == listed
    assert [each["provider"] for each in listed["providers"]] == [
        "microsoft",
        "google",
        "exchange",
        "caldav",
        "ics",
    ]
    assert (await place.callers["rebecka"].get("/api/connections")).data["connections"] == []


@pytest.mark.parametrize(
    ("failure", "field", "word"),
    [
        (AccessLost(401), "password", "applösenord"),
        (Unreachable(), "address", "svarar inte"),
        (BadAnswer("not_a_calendar"), "address", "ingen kalender"),
        (BadAnswer("address"), "address", "internt nät"),
        (BadAnswer("too_large"), "address", "för stor"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(place, failure, field, word):
    place.elsewhere.refusals = [failure]
    refused = await place.callers["birger"].post("/api/connections/caldav", CALDAV)
    assert (refused.status, refused.data["field"]) == (422, field)
    assert word in refused.data["detail"]
    assert await place.app.stores.database["connections"].count_documents({}) == 0


async def test_a_published_calendar_tells_nobody_its_address(place):
    made = await place.callers["birger"].post("/api/connections/ics", ICS)
    assert (made.status, made.data["account"]) == (201, "Skolan")
    nameless = await place.callers["birger"].post(
        "/api/connections/ics", {"url": "webcal://example.org/other-key.ics"}
    )
    assert nameless.data["account"] == "example.org"
    listed = await place.callers["birger"].get("/api/connections")
    assert "-key" not in repr(listed.data)
    place.elsewhere.refusals = [AccessLost()]
    refused = await place.callers["birger"].post("/api/connections/ics", ICS | {"name": "B"})
    assert (refused.status, refused.data["field"]) == (422, "url")


async def test_the_same_account_again_is_the_same_connection(place):
    first = await caldav(place)
    again = await caldav(place, password="ett-annat")
    other = await caldav(place, username="birger.privat")
    assert first["id"] == again["id"] != other["id"]


async def test_basic_syncs_contacts_alone(place):
    made = await caldav(place, "basse")
    assert made["contacts"]
    assert not any(each["counts"] for each in made["calendars"])
    path = f"/api/connections/{made['id']}"
    for refused in (
        await place.callers["basse"].patch(path, {"calendars": ["main"]}),
        await place.callers["basse"].post("/api/connections/ics", ICS),
    ):
        assert refused.status == 403
        assert "bara kontakter" in refused.data["detail"]
    me = (await place.callers["basse"].get("/api/me")).data
    assert "calendars" not in me["can"]


async def test_what_the_company_switched_off_or_the_installation_lacks_is_refused(place):
    policy = CalendarPolicy(id="example.com", providers=("microsoft",))
    await place.app.stores.calendar_policies.put(policy)
    refused = await place.callers["birger"].post("/api/connections/caldav", CALDAV)
    assert refused.status == 403
    offers = (await place.callers["birger"].get("/api/connections")).data["providers"]
    assert [each["provider"] for each in offers if each["on"]] == ["microsoft"]
    assert (await caldav(place, "cecilia"))["id"]


async def test_there_is_an_end_to_how_many_there_may_be_and_how_often_one_may_try(place):
    for number in range(10):
        await caldav(place, username=f"birger{number}")
    full = await place.callers["birger"].post("/api/connections/caldav", CALDAV)
    assert full.status == 413
    assert "10" in full.data["detail"]
    for _ in range(30):
        last = await place.callers["birger"].post("/api/connections/caldav", CALDAV)
    assert last.status == 429


# Within them


async def test_the_owner_chooses_what_counts(place):
    made = await caldav(place)
    path = f"/api/connections/{made['id']}"
    place.handed.jobs.clear()
    chosen = await place.callers["birger"].patch(path, {"calendars": ["team", "boss"]})
    assert [each["id"] for each in chosen.data["calendars"] if each["counts"]] == ["team", "boss"]
    assert place.handed.named(Job.CALENDAR_SYNC)
    unknown = await place.callers["birger"].patch(path, {"calendars": ["nope"]})
    assert unknown.status == 404
    none = await place.callers["birger"].patch(path, {"calendars": []})
    assert not any(each["counts"] for each in none.data["calendars"])
    place.handed.jobs.clear()
    same = await place.callers["birger"].patch(path, {"calendars": [], "contacts": True})
    assert same.data == none.data
    assert place.handed.jobs == []


async def test_a_calendar_that_counts_no_more_opens_the_telephone(settings):
    clock = Clock()
    async with open_place(settings, clock) as place:
        made = await caldav(place)
        place.elsewhere.there = place.elsewhere.there[:1]
        place.elsewhere.put(
            Event(
                ref="e1",
                uid="e1",
                start=clock() - timedelta(minutes=10),
                end=clock() + timedelta(hours=1),
                subject="Möte",
            )
        )
        clock.move(seconds=2)
        mailbox = await mailbox_of(place)
        await sync.sync(place.app, mailbox.id)
        assert await activity_of(place) == "meeting"
        path = f"/api/connections/{made['id']}"
        await place.callers["birger"].patch(path, {"calendars": []})
        clock.move(seconds=2)
        await sync.sync(place.app, mailbox.id)
        assert await activity_of(place) is None
        assert await place.app.stores.occurrences.of_mailbox("example.com", mailbox.id) == []


async def activity_of(place, who="birger"):
    user = place.cast[who]
    person = await place.callers["astrid"].get(f"/api/people/{user.id}")
    found = person.data["presence"]["activity"]
    return None if found == "available" else found


async def test_synced_stale_and_lost_are_told_apart(settings):
    clock = Clock()
    async with open_place(settings, clock) as place:
        made = await caldav(place)

        async def status():
            [shown] = (await place.callers["birger"].get("/api/connections")).data["connections"]
            return shown["status"], shown["trouble"]

        mailbox = await mailbox_of(place)
        clock.move(seconds=2)
        await sync.sync(place.app, mailbox.id)
        assert await status() == ("synced", None)
        clock.move(minutes=30)
        assert (await status())[0] == "synced"
        clock.move(seconds=1)
        assert (await status())[0] == "stale"
        place.elsewhere.failures = [AccessLost()]
        await place.app.sync_queue.resume(mailbox.id)
        await sync.sync(place.app, mailbox.id)
        lost, sentence = await status()
        assert lost == "reconnect"
        assert "Anslut det på nytt" in sentence
        path = f"/api/connections/{made['id']}"
        refused = await place.callers["birger"].post(f"{path}/sync")
        assert refused.status == 409
        place.elsewhere.failures.clear()
        place.elsewhere.refusals = [AccessLost()]
        wrong = await place.callers["birger"].call(
            "PUT", f"{path}/password", json={"password": "fel"}
        )
        assert (wrong.status, wrong.data["field"]) == (422, "password")
        again = await place.callers["birger"].call(
            "PUT", f"{path}/password", json={"password": "rätt"}
        )
        assert (again.status, again.data["id"], again.data["trouble"]) == (200, made["id"], None)
        assert place.elsewhere.seen[-1]["password"] == "rätt"
        assert (await place.callers["birger"].post(f"{path}/sync")).status == 202


# Ending them


async def test_disconnecting_gives_back_and_erases_everything(settings):
    clock = Clock()
    async with open_place(settings, clock) as place:
        app, made = place.app, await caldav(place)
        mailbox = await mailbox_of(place)
        place.elsewhere.put(
            Event(
                ref="e1", uid="e1", start=clock(), end=clock() + timedelta(hours=1), subject="Möte"
            )
        )
        clock.move(seconds=2)
        await sync.sync(app, mailbox.id)
        assert await activity_of(place) == "meeting"
        await app.stores.watches.add(
            WatchKept(
                id="w1",
                org_id="example.com",
                mailbox_id=mailbox.id,
                calendar_id="main",
                provider="caldav",
                remote_id="r1",
                secret_hash="x",
                until=clock(),
                renew_at=clock(),
            )
        )
        letter = DeadLetter(
            id=f"{mailbox.id}/x",
            org_id="example.com",
            mailbox_id=mailbox.id,
            job="calendar.sync",
            why="fault",
            at=clock(),
        )
        await app.stores.dead_letters.add([letter])
        async with connected(place.url, place.tokens["rebecka"]) as (rebecka,):
            await rebecka.do("session.open")
            gone = await place.callers["birger"].delete(f"/api/connections/{made['id']}")
            assert gone.status == 204
            await rebecka.hears("presence.changed")
        assert place.elsewhere.unwatched == ["r1"]
        assert place.elsewhere.revoked[0]["password"] == CALDAV["password"]
        assert await activity_of(place) is None
        names = ("connections", "mailboxes", "occurrences", "cursors", "watches", "dead_letters")
        for name in names:
            assert await app.stores.database[name].count_documents({}) == 0, name
        assert await app.stores.database["activities"].count_documents({"source": "calendar"}) == 0
        again = await place.callers["birger"].delete(f"/api/connections/{made['id']}")
        assert again.status == 404
        await sync.sync(app, mailbox.id)  # a job that was late


async def test_a_provider_that_is_away_keeps_nobody_from_leaving(place):
    made = await caldav(place)
    place.elsewhere.refusals = [Unreachable()]
    assert (await place.callers["birger"].delete(f"/api/connections/{made['id']}")).status == 204
    assert (await place.callers["birger"].get("/api/connections")).data["connections"] == []


async def test_nobody_touches_what_is_anothers(place):
    made = await caldav(place)
    path = f"/api/connections/{made['id']}"
    for who in ("astrid", "rebecka", "cecilia"):
        caller = place.callers[who]
        for answer in (
            await caller.patch(path, {"contacts": False}),
            await caller.post(f"{path}/sync"),
            await caller.call("PUT", f"{path}/password", json={"password": "x"}),
            await caller.delete(path),
        ):
            assert answer.status == 404
    assert (await mailbox_of(place)).calendars


# The whole company


async def test_a_company_lets_us_into_the_mailboxes_of_its_people(place):
    addresses = ("Birger@example.com", "rebecka@example.com", "someone@example.com")
    connection_id = await company_wide(place, *addresses, "cecilia@example.org")
    assert await adopted(place) == {
        "birger@example.com": "birger",
        "rebecka@example.com": "rebecka",
    }
    [shown] = (await place.callers["birger"].get("/api/connections")).data["connections"]
    assert (shown["id"], shown["company"], shown["account"]) == (
        connection_id,
        True,
        "birger@example.com",
    )
    mailbox = await mailbox_of(place)
    await sweep.sweep(place.app)
    handed = place.handed.named(Job.CALENDAR_SYNC)
    assert mailbox.id in ",".join(each["mailbox_id"] for each in handed)
    await sync.sync(place.app, mailbox.id)
    path = f"/api/connections/{connection_id}"
    chosen = await place.callers["birger"].patch(path, {"calendars": ["team"]})
    assert [each["id"] for each in chosen.data["calendars"] if each["counts"]] == ["team"]
    assert (await place.callers["birger"].delete(path)).status == 404
    assert (await place.callers["astrid"].delete(path)).status == 404
    assert (await place.callers["birger"].patch(path, {"contacts": False})).status == 403
    await company.adopt(place.app, connection_id)  # again, without harm
    assert (await mailbox_of(place)).id == mailbox.id


async def test_who_comes_is_picked_up_and_who_leaves_is_dropped(place):
    app = place.app
    connection_id = await company_wide(place, "birger@example.com", "ny@example.com")
    place.handed.jobs.clear()
    birger = await mailbox_of(place)
    org = await app.stores.orgs.find("example.com")
    await admin.enrol(app, None, org, {"email": "ny@example.com", "name": "Ny"})
    await admin.shut_out(app, None, place.cast["birger"])
    assert place.handed.named(Job.COMPANY_ATTEND)[0] == {"org_id": "example.com"}
    await attending.attend(app, "example.com")
    assert (await app.stores.mailboxes.get(birger.id)).status == "lost"
    for job in place.handed.named(Job.COMPANY_ADOPT):
        await company.adopt(app, **job)
    assert list(await adopted(place)) == ["ny@example.com"]

    blocked = await app.stores.users.find(place.cast["birger"].id)
    await admin.let_in(app, None, blocked)
    await company.adopt(app, connection_id)
    assert set(await adopted(place)) == {"birger@example.com", "ny@example.com"}


async def test_who_is_blocked_is_synced_no_more_and_goes_on_when_let_in(place):
    await caldav(place)
    mailbox = await mailbox_of(place)
    await sync.sync(place.app, mailbox.id)
    await admin.shut_out(place.app, None, place.cast["birger"])
    await attending.attend(place.app, "example.com")
    calls = len(place.elsewhere.calls)
    await sync.sync(place.app, mailbox.id)
    assert len(place.elsewhere.calls) == calls
    blocked = await place.app.stores.users.find(place.cast["birger"].id)
    await admin.let_in(place.app, None, blocked)
    await attending.attend(place.app, "example.com")
    found = await mailbox_of(place)
    assert (found.status, found.trouble) == ("active", "")


async def test_who_loses_the_plan_keeps_contacts_alone_until_it_comes_back(settings):
    clock = Clock()
    async with open_place(settings, clock) as place:
        await caldav(place)
        place.elsewhere.put(
            Event(ref="e1", uid="e1", start=clock(), end=clock() + timedelta(hours=1))
        )
        place.elsewhere.there = place.elsewhere.there[:1]

        async def lives_with(plan):
            user = await place.app.stores.users.find(place.cast["birger"].id)
            assert user is not None
            await admin.change(place.app, None, user, {"plan": plan})
            await attending.attend(place.app, "example.com")
            clock.move(seconds=2)
            await sync.sync(place.app, (await mailbox_of(place)).id)
            return await activity_of(place)

        assert await lives_with("pro") == "meeting"
        assert await lives_with("basic") is None
        assert await place.app.stores.database["occurrences"].count_documents({}) == 0
        assert await lives_with("business") == "meeting"


async def test_times_without_a_zone_move_with_who_moves(place):
    await caldav(place)
    place.handed.jobs.clear()
    moved = await place.callers["birger"].patch("/api/me", {"time_zone": "Europe/Helsinki"})
    assert moved.status == 200
    assert place.handed.named(Job.COMPANY_ATTEND) == [{"org_id": "example.com"}]
    await attending.attend(place.app, "example.com")
    mailbox = await mailbox_of(place)
    assert place.handed.named(Job.CALENDAR_SYNC) == [{"mailbox_id": mailbox.id}]
    await sync.sync(place.app, mailbox.id)
    assert place.elsewhere.seen[-1]["time_zone"] == "Europe/Helsinki"
    await attending.attend(place.app, "example.com")
    assert len(place.handed.named(Job.CALENDAR_SYNC)) == 1


async def test_an_own_connection_to_the_same_account_is_not_doubled(place):
    place.asker.answers = [Granted(credentials={"r": "1"}, account="Birger@Example.com")]
    await place.back(place.tokens["birger"], await place.begin("birger", "microsoft"), "microsoft")
    connection_id = await company_wide(place, "birger@example.com", "rebecka@example.com")
    assert list((await adopted(place)).values()) == ["rebecka"]

    [own, *_others] = (await place.callers["birger"].get("/api/connections")).data["connections"]
    place.handed.jobs.clear()
    await place.callers["birger"].delete(f"/api/connections/{own['id']}")
    assert place.handed.named(Job.COMPANY_ADOPT) == [{"connection_id": connection_id}]
    await company.adopt(place.app, connection_id)
    assert sorted((await adopted(place)).values()) == ["birger", "rebecka"]


async def test_consent_that_is_given_anew_lets_everybody_go_on(place):
    connection_id = await company_wide(place, "birger@example.com", "rebecka@example.com")
    mailboxes = place.app.stores.database["mailboxes"]
    await mailboxes.update_many({}, {"$set": {"status": "lost", "trouble": "access_lost"}})
    shut_out = {"$set": {"trouble": "blocked"}}
    await mailboxes.update_one({"user_id": place.cast["rebecka"].id}, shut_out)
    assert await company_wide(place, "birger@example.com") == connection_id
    [found] = await place.app.stores.mailboxes.of_connection("example.com", connection_id)
    assert (found.status, found.trouble) == ("new", "")


async def test_a_provider_that_names_nobody_is_asked_by_address(place):
    place.elsewhere.refusals = [BadAnswer("no_list")]
    await make_user(place.app, "bot", role="bot")
    place.asker.answers = [Granted(credentials={}, account="a", tenant="t")]
    state = await place.begin("astrid", "microsoft", company=True)
    _, connection_id = await place.back(place.tokens["astrid"], state, "microsoft")
    await company.adopt(place.app, connection_id)
    assert sorted((await adopted(place)).values()) == ["astrid", "basse", "birger", "rebecka"]


async def test_the_company_cannot_be_connected_to_two_organisations(place):
    first = await company_wide(place)
    place.asker.answers = [
        Granted(credentials={}, account="example.com", tenant="tenant-2"),
        Granted(credentials={"app": "b"}, account="example.com", tenant="tenant-1"),
    ]
    token = place.tokens["astrid"]
    state = await place.begin("astrid", "microsoft", company=True)
    assert await place.back(token, state, "microsoft") == ("connect_error", "other_account")
    state = await place.begin("astrid", "microsoft", company=True)
    assert await place.back(token, state, "microsoft") == ("connected", first)


async def test_consent_that_is_taken_back_is_told_to_everybody(place):
    connection_id = await company_wide(place, "birger@example.com")
    place.elsewhere.refusals = [AccessLost()]
    await company.adopt(place.app, connection_id)
    [shown] = (await place.callers["birger"].get("/api/connections")).data["connections"]
    assert shown["status"] == "reconnect"
    page = (await place.callers["astrid"].get("/api/admin/integrations")).data
    assert page["providers"][0]["company"]["status"] == "reconnect"


async def test_ending_the_companys_connection_erases_what_came_through_it(place):
    await company_wide(place, "birger@example.com", "rebecka@example.com")
    own = await caldav(place)
    path = "/api/admin/integrations/microsoft"
    assert (await place.callers["birger"].delete(path)).status == 403
    assert (await place.callers["cecilia"].delete(path)).status == 404
    assert (await place.callers["astrid"].delete(path)).status == 204
    assert await adopted(place) == {}
    [left] = (await place.callers["birger"].get("/api/connections")).data["connections"]
    assert left["id"] == own["id"]
    assert (await place.callers["astrid"].delete(path)).status == 404


async def test_a_large_company_is_erased_in_the_background(place):
    connection_id = await company_wide(place, "birger@example.com")
    one = await mailbox_of(place)
    others = [replace(one, id=place.app.new_id(), address=f"{n}@a") for n in range(100)]
    await place.app.stores.mailboxes.add(*others)
    path = "/api/admin/integrations/microsoft"
    assert (await place.callers["astrid"].delete(path)).status == 204
    assert await place.app.stores.database["mailboxes"].count_documents({}) == 101
    page = (await place.callers["astrid"].get("/api/admin/integrations")).data
    assert page["providers"][0]["company"] is None
    assert (await place.callers["birger"].get("/api/connections")).data["connections"] == []
    await company.adopt(place.app, connection_id)
    assert await place.app.stores.database["mailboxes"].count_documents({}) == 0
    assert await place.app.stores.database["connections"].count_documents({}) == 0


async def test_a_service_account_is_tried_and_only_what_is_needed_of_it_is_kept(place):
    path = "/api/admin/integrations/google"

    async def put(account, who="astrid"):
        return await place.callers[who].call("PUT", path, json={"service_account": account})

    assert (await put(ACCOUNT, "birger")).status == 403
    for wrong in (
        {},
        ACCOUNT | {"type": "authorized_user"},
        ACCOUNT | {"private_key": 5},
        {"type": "service_account"},
        ACCOUNT | {"padding": "x" * 30_000},
    ):
        refused = await put(wrong)
        assert (refused.status, refused.data["field"]) == (422, "service_account"), wrong
    place.elsewhere.refusals = [AccessLost()]
    refused = await put(ACCOUNT)
    assert refused.status == 422
    assert "delegering" in refused.data["detail"]
    made = await put(ACCOUNT)
    assert made.status == 200
    assert made.data["providers"][1]["company"]["account"] == ACCOUNT["client_email"]
    assert "PRIVATE KEY" not in repr(made.data)
    assert "token_uri" not in place.elsewhere.seen[-1]
    assert place.handed.named(Job.COMPANY_ADOPT)


# For administrators


async def test_administrators_see_how_calendars_are_kept_in_step(place):
    await caldav(place)
    await caldav(place, "rebecka")
    mailbox = await mailbox_of(place)
    await sync.sync(place.app, mailbox.id)
    other = await mailbox_of(place, "rebecka")
    place.elsewhere.failures = [Unreachable()]
    await sync.sync(place.app, other.id)
    letter = DeadLetter(
        id=f"{mailbox.id}/{'a' * 32}",
        org_id="example.com",
        mailbox_id=mailbox.id,
        job="calendar.sync",
        why="unreadable",
        ref="a" * 32,
        tries=3,
        at=place.app.now(),
    )
    await place.app.stores.dead_letters.add([letter])
    await place.app.sync_queue.add_lag("example.com", [1.0, 2.0, 9.0])

    page = (await place.callers["astrid"].get("/api/admin/integrations")).data

    assert msgspec.to_builtins(msgspec.convert(page, outputs_connections.Integrations)) == page
    found = {each["provider"]: each["counts"] for each in page["providers"]}
    assert found["caldav"] == {
        "connected": 2,
        "connecting": 1,
        "synced": 1,
        "stale": 0,
        "lost": 0,
    }
    assert page["lag"]["count"] == 3
    assert page["lag"]["p99"] == 9.0
    [trouble] = page["troubles"]
    assert (trouble["person"], trouble["mailbox_id"]) == ("Rebecka Sund", other.id)
    assert "svarar inte" in trouble["sentence"]
    [dead] = page["dead"]
    assert (dead["person"], dead["tries"]) == ("Birger Holm", 3)
    assert dead["sentence"].startswith("En post i kalendern")
    path = f"/api/admin/integrations/dead/{dead['id']}"
    assert (await place.callers["cecilia"].post(f"{path}/replay")).status == 404
    assert (await place.callers["astrid"].post(f"{path}/replay")).status == 202
    assert (await place.callers["astrid"].delete(path)).status == 404
    sync_path = f"/api/admin/integrations/mailboxes/{other.id}/sync"
    assert (await place.callers["astrid"].post(sync_path)).status == 202
    for who in ("birger", "rebecka"):
        assert (await place.callers[who].get("/api/admin/integrations")).status == 403
    theirs = (await place.callers["cecilia"].get("/api/admin/integrations")).data
    assert theirs["troubles"] == theirs["dead"] == []
    assert theirs["lag"] == {"p50": None, "p99": None, "count": 0}


async def test_what_administrators_do_is_in_the_log(place):
    await company_wide(place)
    await place.callers["astrid"].delete("/api/admin/integrations/microsoft")
    entries = (await place.callers["astrid"].get("/api/admin/audit")).data["entries"]
    assert [each["action"] for each in entries[:2]] == ["connection.ended", "connection.made"]
    assert {each["target_name"] for each in entries[:2]} == {"microsoft"}


async def test_without_a_key_nothing_is_connected(settings):
    async with open_place(replace(settings, secret_keys=None)) as place:
        refused = await place.callers["birger"].post("/api/connections/caldav", CALDAV)
        assert refused.status == 409
        assert "VAXEL_SECRET_KEYS" in refused.data["detail"]


async def test_no_calendar_is_chosen_by_chance_where_none_is_primary(place):
    place.elsewhere.there = [
        Calendar(id="shared", name="Delad", own=False),
        Calendar(id="mine", name="Min"),
        Calendar(id="more", name="Mer"),
    ]
    made = await caldav(place)
    assert [each["id"] for each in made["calendars"] if each["counts"]] == ["mine"]


BAD = [
    ("POST", "/api/connections/caldav", {}, "address"),
    ("POST", "/api/connections/caldav", CALDAV | {"address": ""}, "address"),
    ("POST", "/api/connections/caldav", CALDAV | {"address": " \t"}, "address"),
    ("POST", "/api/connections/caldav", CALDAV | {"address": "x" * 2001}, "address"),
    ("POST", "/api/connections/caldav", CALDAV | {"username": 5}, "username"),
    ("POST", "/api/connections/caldav", CALDAV | {"username": "a\u0000"}, "username"),
    ("POST", "/api/connections/caldav", CALDAV | {"password": ""}, "password"),
    ("POST", "/api/connections/caldav", CALDAV | {"password": "x" * 501}, "password"),
    ("POST", "/api/connections/caldav", CALDAV | {"extra": 1}, "extra"),
    ("POST", "/api/connections/ics", {"url": ""}, "url"),
    ("POST", "/api/connections/ics", {"url": ["a"]}, "url"),
    ("POST", "/api/connections/ics", {"url": "https://a", "name": "x" * 121}, "name"),
    ("PATCH", "/api/connections/{id}", {"calendars": "main"}, "calendars"),
    ("PATCH", "/api/connections/{id}", {"calendars": [5]}, "calendars[0]"),
    ("PATCH", "/api/connections/{id}", {"calendars": ["a"] * 501}, "calendars"),
    ("PATCH", "/api/connections/{id}", {"contacts": "no"}, "contacts"),
    ("PATCH", "/api/connections/{id}", {"more": True}, "more"),
    ("PUT", "/api/connections/{id}/password", {}, "password"),
    ("PUT", "/api/connections/{id}/password", {"password": 1}, "password"),
    ("POST", "/api/connections/{id}/sync", {"full": True}, "full"),
    ("PUT", "/api/admin/integrations/google", {"service_account": "x"}, "service_account"),
    ("PUT", "/api/admin/integrations/google", {}, "service_account"),
]


async def test_what_cannot_be_read_is_refused_by_its_field(place):
    made = await caldav(place, "astrid")
    for method, path, body, field in BAD:
        answer = await place.callers["astrid"].call(method, path.format(id=made["id"]), json=body)
        assert (answer.status, answer.data.get("field")) == (422, field), (path, body, answer)

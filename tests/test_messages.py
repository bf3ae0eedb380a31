"""What is said in rooms: mentions, replies, rights, limits, paging, and what is unread."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from server.domain import rooms
from storage.models import User
from tests.cast import make_company, make_room, make_token, make_user
from tests.clients import Client, Refused, connected
from tests.conftest import Live, make_settings, run_server

NAMES = ("astrid", "birger", "rebecka")


@dataclass(frozen=True)
class Office:
    """A server with a device for each of the cast."""

    live: Live
    cast: dict[str, User]
    astrid: Client
    birger: Client
    rebecka: Client

    async def room(self, *, alone: bool = False) -> str:
        """A new group of all three, or of Astrid alone."""
        others = [] if alone else [self.cast[name].id for name in NAMES[1:]]
        room = await self.astrid.do("room.create", name="Grupp", member_ids=others)
        return str(room["id"])

    def id(self, name: str) -> str:
        return self.cast[name].id

    def new(self) -> str:
        """A client id that was never used."""
        return self.live.app.new_id()

    async def say(self, who: Client, room_id: str, body: str, **more: Any) -> Any:
        return await who.do(
            "message.send", room_id=room_id, body=body, client_id=self.new(), **more
        )


@pytest.fixture(scope="module")
async def office(databases, tmp_path_factory):
    settings = make_settings(databases, tmp_path_factory.mktemp("messages"), sync_page=20)
    async with run_server(settings) as live:
        cast = await make_company(live.app)
        tokens = [await make_token(live.app, cast[name]) for name in NAMES]
        async with connected(live.url, *tokens) as (astrid, birger, rebecka):
            yield Office(live, cast, astrid, birger, rebecka)


async def view(client: Client, room_id: str) -> Any:
    """The room as the device's person sees it."""
    opened = await client.do("session.open")
    return next(room for room in opened["rooms"] if room["id"] == room_id)


async def refusal(client: Client, command: str, **data: Any) -> str:
    """The type of the problem that the command is refused with."""
    with pytest.raises(Refused) as refused:
        await client.do(command, **data)
    return str(refused.value.problem["type"]).rpartition("/")[2]


# Mentions


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@birger", ["birger"]),
        ("Hej @birger!", ["birger"]),
        ("(@birger)", ["birger"]),
        ("Fråga @birger.", ["birger"]),
        ("@birger... @birger", ["birger"]),
        ("**@birger**", ["birger"]),
        ("> @birger\n- @rebecka", ["birger", "rebecka"]),
        ("@BIRGER, @Rebecka: kom", ["birger", "rebecka"]),
        ("@astrid själv", ["astrid"]),
        ("@alla", ["all"]),
        ("@all @Alla", ["all"]),
        ("@alla @birger", ["all", "birger"]),
        ("birger@example.com", []),
        ("mailto:info@alla.se", []),
        ("a.b@birger", []),
        ("@@birger", []),
        ("@ birger", []),
        ("@birgers", []),
        ("@birger_2", []),
        ("@basse", []),
        ("@cecilia", []),
        ("@nobody", []),
        ("@allas", []),
        ("@", []),
    ],
)
async def test_members_are_mentioned_by_handle(office, body, named):
    room_id = await office.room()

    entry = await office.say(office.astrid, room_id, body)

    ids = [name if name == "all" else office.id(name) for name in named]
    assert sorted(entry.get("mentions", [])) == sorted(ids)
    assert ("mentions" in entry) == bool(named)


async def test_nobody_is_everybody_in_a_conversation_of_two(office):
    room = await office.astrid.do("room.direct", user_id=office.id("birger"))
    assert "mentions" not in await office.say(office.astrid, room["id"], "@alla @rebecka")
    entry = await office.say(office.astrid, room["id"], "@birger")
    assert entry["mentions"] == [office.id("birger")]


async def test_an_edit_names_others_but_bothers_nobody_again(office):
    room_id = await office.room()
    entry = await office.say(office.astrid, room_id, "@birger kom")
    edit = {"room_id": room_id, "seq": entry["seq"]}

    edited = await office.astrid.do("message.edit", **edit, body="@rebecka kom")

    assert edited["mentions"] == [office.id("rebecka")]
    page = await office.birger.do("room.history", room_id=room_id)
    assert page["entries"][1]["mentions"] == [office.id("rebecka")]
    assert (await view(office.birger, room_id))["mentions"] == 1
    assert (await view(office.rebecka, room_id))["mentions"] == 0
    await office.astrid.do("message.edit", **edit, body="ingen")
    page = await office.birger.do("room.history", room_id=room_id)
    assert "mentions" not in page["entries"][1]


# Replies, edits, deletions


async def test_a_reply_names_a_message_of_the_same_room(office):
    room_id, elsewhere = await office.room(), await office.room()
    first = await office.say(office.astrid, room_id, "Fråga")
    for index in range(5):
        await office.say(office.astrid, elsewhere, f"Annat {index}")

    reply = await office.say(office.birger, room_id, "Svar", reply_to=first["seq"])

    assert reply["reply_to"] == first["seq"]
    for wrong in (1, 5, 99):  # who was added; of another room only; nowhere
        data = {"room_id": room_id, "body": "x", "client_id": office.new(), "reply_to": wrong}
        assert await refusal(office.birger, "message.send", **data) == "invalid"


async def test_only_the_author_changes_a_message_and_admins_may_take_it_back(office):
    room_id = await office.room()
    by_birger = {"room_id": room_id, "seq": (await office.say(office.birger, room_id, "a"))["seq"]}
    by_astrid = {"room_id": room_id, "seq": (await office.say(office.astrid, room_id, "b"))["seq"]}

    for who in (office.astrid, office.rebecka):
        assert await refusal(who, "message.edit", **by_birger, body="Nej") == "not-allowed"
    assert await refusal(office.birger, "message.delete", **by_astrid) == "not-allowed"
    assert await refusal(office.rebecka, "message.delete", **by_birger) == "not-allowed"
    edited = await office.birger.do("message.edit", **by_birger, body="Ändrat")
    assert (edited["kind"], edited["target"], edited["body"]) == ("edited", 2, "Ändrat")
    deleted = await office.astrid.do("message.delete", **by_birger)
    assert (deleted["kind"], deleted["author_id"]) == ("deleted", office.id("astrid"))
    for command, more in (
        ("message.delete", {}),
        ("message.edit", {"body": "x"}),
        ("message.react", {"emoji": "👍", "on": True}),
        ("message.pin", {"on": True}),
    ):
        assert await refusal(office.birger, command, **by_birger, **more) == "conflict"


async def test_what_was_deleted_is_nowhere_to_be_read(office):
    room_id = await office.room()
    place = {
        "room_id": room_id,
        "seq": (await office.say(office.birger, room_id, "hemlig1 @rebecka"))["seq"],
    }
    await office.birger.do("message.edit", **place, body="hemlig2")
    await office.rebecka.do("message.react", **place, emoji="👍", on=True)
    await office.rebecka.do("message.pin", **place, on=True)
    await office.birger.do("message.delete", **place)

    page = await office.rebecka.do("room.history", room_id=room_id)
    synced = await office.rebecka.do("room.sync", cursors={room_id: 0})
    pins = await office.rebecka.do("room.pins", room_id=room_id)
    found = await office.rebecka.do("message.search", query="hemlig2")

    message = page["entries"][1]
    assert (message["body"], message["deleted"]) == ("", True)
    assert not {"reactions", "pinned", "edited_at", "mentions"} & message.keys()
    for answer in (page, synced, pins, found):
        assert "hemlig" not in str(answer)
    assert page["entries"] == synced["rooms"][room_id]["entries"]


async def test_words_are_kept_as_written(office):
    room_id = await office.room()
    for body in (
        "  två  \n\n rader\t",
        "<b>&amp;</b>",
        "👩‍🚀 ﷽ \u202eomvänt",
        "x" * 8000,
        "'\"`$\\",
    ):
        entry = await office.say(office.astrid, room_id, body)
        page = await office.birger.do("room.history", room_id=room_id, limit=1)
        assert entry["body"] == page["entries"][0]["body"] == body


# Reactions and pins


async def test_a_reaction_is_there_once_per_person_until_it_is_taken_back(office):
    room_id = await office.room()
    place = {"room_id": room_id, "seq": (await office.say(office.astrid, room_id, "Fika?"))["seq"]}
    for who in (office.birger, office.rebecka, office.birger):
        await who.do("message.react", **place, emoji="👍", on=True)
    await office.birger.do("message.react", **place, emoji="🎉", on=True)

    again = await office.birger.do("message.react", **place, emoji="👍", on=True)

    assert again["kind"] == "message"  # it was so already: nothing new is said
    people = [office.id("birger"), office.id("rebecka")]
    assert again["reactions"] == {"👍": people, "🎉": people[:1]}
    await office.birger.do("message.react", **place, emoji="👍", on=False)
    await office.birger.do("message.react", **place, emoji="🎉", on=False)
    page = await office.astrid.do("room.history", room_id=room_id)
    assert page["entries"][1]["reactions"] == {"👍": people[1:]}
    assert [each["kind"] for each in page["entries"]].count("reacted") == 5


async def test_pins_are_listed_newest_first(office):
    room_id = await office.room()
    seqs = [(await office.say(office.astrid, room_id, str(each)))["seq"] for each in range(3)]
    for seq in seqs:
        await office.birger.do("message.pin", room_id=room_id, seq=seq, on=True)
    await office.astrid.do("message.pin", room_id=room_id, seq=seqs[1], on=False)

    pins = await office.rebecka.do("room.pins", room_id=room_id)

    assert [each["seq"] for each in pins["entries"]] == [seqs[2], seqs[0]]
    assert all(each["pinned"] for each in pins["entries"])


# Limits and order


async def test_who_sends_too_fast_is_told_how_long_to_wait(databases, tmp_path):
    async with run_server(make_settings(databases, tmp_path, send_rate=0.5, send_burst=3)) as live:
        cast = await make_company(live.app)
        room_id = await make_room(live.app, cast["astrid"], cast["birger"])
        tokens = [await make_token(live.app, cast[name]) for name in ("astrid", "birger")]
        async with connected(live.url, *tokens) as (astrid, birger):
            for index in range(3):
                await astrid.do("message.send", room_id=room_id, body="Hej", client_id=str(index))
            with pytest.raises(Refused) as refused:
                await astrid.do("message.send", room_id=room_id, body="Hej", client_id="3")
            assert refused.value.problem["type"] == "/problems/too-fast"
            assert 0 < refused.value.problem["retry_after"] <= 2
            await birger.do("message.send", room_id=room_id, body="Jag då?", client_id="0")
        headers = {"Authorization": f"Bearer {tokens[0]}"}
        async with (
            ClientSession(live.url, headers=headers) as http,
            http.post(
                f"/api/rooms/{room_id}/messages", json={"body": "Hej", "client_id": "4"}
            ) as answer,
        ):
            assert answer.status == 429
            assert int(answer.headers["Retry-After"]) >= 1
            assert (await answer.json())["retry_after"] > 0


async def test_what_one_device_sends_is_kept_in_that_order(office):
    room_id = await office.room()
    bodies = [str(index) for index in range(60)]

    sent = await asyncio.gather(*(office.say(office.astrid, room_id, body) for body in bodies))

    assert [entry["seq"] for entry in sent] == list(range(2, 62))
    page = await office.birger.do("room.history", room_id=room_id, limit=60)
    assert [entry["body"] for entry in page["entries"]] == bodies


async def test_the_same_client_id_gives_the_first_entry_also_over_http_and_in_another_room(office):
    room_id, elsewhere = await office.room(), await office.room()
    first = await office.astrid.do("message.send", room_id=room_id, body="En", client_id="once")

    again = await office.astrid.do("message.send", room_id=room_id, body="Två", client_id="once")
    moved = await office.astrid.do("message.send", room_id=elsewhere, body="X", client_id="once")
    other = await office.birger.do("message.send", room_id=room_id, body="Min", client_id="once")

    assert first == again == moved
    assert other["seq"] == first["seq"] + 1
    headers = {"Authorization": f"Bearer {office.astrid.token}"}
    async with (
        ClientSession(office.live.url, headers=headers) as http,
        http.post(
            f"/api/rooms/{room_id}/messages", json={"body": "Tre", "client_id": "once"}
        ) as answer,
    ):
        assert await answer.json() == first


# Paging


async def test_history_pages_both_ways_without_gap_or_repetition(office):
    room_id = await office.room()
    for index in range(24):
        await office.say(office.astrid, room_id, str(index))
    everything = list(range(1, 26))

    back: list[int] = []
    before: dict[str, int] = {}
    while True:
        page = await office.birger.do("room.history", room_id=room_id, limit=7, **before)
        seqs = [entry["seq"] for entry in page["entries"]]
        assert page["at_end"] == (not back)
        back = seqs + back
        before = {"before": seqs[0]}
        if page["at_start"]:
            break
    assert back == everything

    ahead: list[int] = []
    while True:
        after = ahead[-1] if ahead else 0
        page = await office.birger.do("room.history", room_id=room_id, limit=7, after=after)
        assert page["at_start"] == (not ahead)
        ahead += [entry["seq"] for entry in page["entries"]]
        if page["at_end"]:
            break
    assert ahead == everything


@pytest.mark.parametrize(
    ("asked", "seqs", "at_start", "at_end"),
    [
        ({}, [1, 2, 3, 4, 5, 6], True, True),
        ({"limit": 2}, [5, 6], False, True),
        ({"before": 1}, [], True, False),
        ({"before": 2}, [1], True, False),
        ({"before": 99}, [1, 2, 3, 4, 5, 6], True, True),
        ({"before": 4, "limit": 2}, [2, 3], False, False),
        ({"after": 0, "limit": 2}, [1, 2], True, False),
        ({"after": 6}, [], False, True),
        ({"after": 99}, [], False, True),
        ({"after": 5}, [6], False, True),
        ({"around": 1, "limit": 3}, [1, 2, 3], True, False),
        ({"around": 3, "limit": 3}, [2, 3, 4], False, False),
        ({"around": 3, "limit": 2}, [2, 3], False, False),
        ({"around": 3, "limit": 1}, [3], False, False),
        ({"around": 6, "limit": 3}, [5, 6], False, True),
        ({"around": 99, "limit": 2}, [6], False, True),
    ],
)
async def test_history_at_the_edges(office, asked, seqs, at_start, at_end):
    room_id = await office.room()
    for index in range(5):
        await office.say(office.astrid, room_id, str(index))

    page = await office.birger.do("room.history", room_id=room_id, **asked)

    found = [entry["seq"] for entry in page["entries"]]
    assert (found, page["at_start"], page["at_end"]) == (seqs, at_start, at_end)


async def test_a_conversation_that_has_not_begun_is_an_empty_page(office):
    someone = await make_user(office.live.app, office.new()[-8:])
    room = await office.astrid.do("room.direct", user_id=someone.id)
    for asked in ({}, {"before": 5}, {"after": 0}, {"around": 3}):
        page = await office.astrid.do("room.history", room_id=room["id"], **asked)
        assert page == {"entries": [], "at_start": True, "at_end": True}
    synced = await office.astrid.do("room.sync", cursors={room["id"]: 0})
    assert synced["rooms"][room["id"]] == {"entries": [], "limited": False, "last_seq": 0}


async def test_sync_gives_what_came_after_the_cursor_or_says_that_it_is_too_much(office):
    room_id = await office.room()
    for index in range(20):
        await office.say(office.astrid, room_id, str(index))

    async def after(cursor: int) -> Any:
        return (await office.birger.do("room.sync", cursors={room_id: cursor}))["rooms"][room_id]

    assert [each["seq"] for each in (await after(18))["entries"]] == [19, 20, 21]
    assert await after(21) == {"entries": [], "limited": False, "last_seq": 21}
    assert await after(999) == {"entries": [], "limited": False, "last_seq": 21}
    whole = await after(1)
    assert (len(whole["entries"]), whole["limited"], whole["last_seq"]) == (20, False, 21)
    assert (await after(0))["limited"] is True


# What is unread


async def test_a_read_marker_never_moves_back_and_never_past_the_end(office):
    room_id = await office.room()
    for index in range(5):
        await office.say(office.astrid, room_id, f"{index} @birger")

    async def read(seq: int) -> tuple[int, int, int]:
        found = await office.birger.do("room.read", room_id=room_id, seq=seq)
        return found["read_seq"], found["unread"], found["mentions"]

    assert await read(0) == (0, 5, 5)
    assert await read(1) == (1, 5, 5)
    assert await read(4) == (4, 2, 2)
    assert await read(2) == (4, 2, 2)
    assert await read(99) == (6, 0, 0)
    assert await read(3) == (6, 0, 0)
    shown = await view(office.birger, room_id)
    assert (shown["read_seq"], shown["unread"], shown["mentions"]) == (6, 0, 0)
    assert (await view(office.astrid, room_id))["reads"][office.id("birger")] == 6


async def test_reading_is_told_to_the_room_and_its_numbers_to_ones_own_devices(office):
    room_id = await office.room()
    await office.say(office.astrid, room_id, "@birger")
    tablet = await Client(office.live.url, office.birger.token).connect()
    try:
        await office.birger.do("room.read", room_id=room_id, seq=2)
        here = {"room_id": room_id, "read_seq": 2, "unread": 0, "mentions": 0, "as_of": 2}
        await tablet.until(lambda: here in tablet.all("room.unread"))
        place = {"room_id": room_id, "user_id": office.id("birger"), "seq": 2}
        await office.astrid.until(lambda: place in office.astrid.all("room.read"))
        assert here not in office.astrid.all("room.unread")
    finally:
        await tablet.close()


async def test_ones_own_message_is_read_with_all_before_it(office):
    room_id = await office.room()
    await office.say(office.astrid, room_id, "@birger @alla")
    assert (await view(office.birger, room_id))["unread"] == 1
    await office.say(office.birger, room_id, "@alla Här!")

    shown = await view(office.birger, room_id)

    assert (shown["unread"], shown["mentions"], shown["read_seq"]) == (0, 0, 3)
    other = await view(office.astrid, room_id)
    assert (other["unread"], other["mentions"]) == (1, 1)
    await office.birger.do("message.react", room_id=room_id, seq=2, emoji="👍", on=True)
    assert (await view(office.astrid, room_id))["unread"] == 1


async def test_who_comes_later_has_nothing_unread_from_before(office):
    room_id = await office.room(alone=True)
    for index in range(3):
        await office.say(office.astrid, room_id, f"{index} @alla")
    await office.astrid.do("room.add", room_id=room_id, user_ids=[office.id("birger")])
    shown = await view(office.birger, room_id)
    assert (shown["unread"], shown["mentions"]) == (0, 0)
    assert shown["last_message"]["body"] == "2 @alla"

    await office.say(office.astrid, room_id, "Välkommen @birger")

    shown = await view(office.birger, room_id)
    assert (shown["unread"], shown["mentions"], shown["last_count"]) == (1, 1, 4)
    page = await office.birger.do("room.history", room_id=room_id)
    assert len(page["entries"]) == 6


# Settings and members


async def test_notification_settings_are_ones_own_and_follow_to_all_devices(office):
    room_id = await office.room()
    kept = await office.birger.do(
        "room.settings", room_id=room_id, notify="mentions", muted_until="2040-06-01T10:00:00+02:00"
    )

    assert kept == {"notify": "mentions", "muted_until": "2040-06-01T08:00:00.000Z"}
    assert (await view(office.birger, room_id))["settings"] == kept
    assert (await view(office.rebecka, room_id))["settings"]["notify"] == "all"
    fact = {"room_id": room_id, "settings": kept}
    await office.birger.until(lambda: fact in office.birger.all("room.settings"))
    assert fact not in office.rebecka.all("room.settings")
    cleared = await office.birger.do("room.settings", room_id=room_id, notify="none")
    assert cleared == {"notify": "none", "muted_until": None}


async def test_only_the_creator_and_admins_take_others_out(office):
    room = await office.birger.do(
        "room.create", name="Birgers", member_ids=[office.id("rebecka"), office.id("astrid")]
    )
    there = {"room_id": room["id"]}
    taken = {**there, "user_id": office.id("birger")}
    assert await refusal(office.rebecka, "room.remove", **taken) == "not-allowed"
    await office.astrid.do("room.remove", **taken)  # an administrator
    assert await refusal(office.birger, "room.history", **there) == "not-found"
    assert await refusal(office.birger, "room.remove", **taken) == "not-found"
    await office.rebecka.do("room.leave", **there)
    assert await refusal(office.rebecka, "message.pin", **there, seq=1, on=True) == "not-found"
    assert (await view(office.astrid, room["id"]))["member_ids"] == [office.id("astrid")]


async def test_a_conversation_of_two_is_the_same_from_both_sides_and_stays_as_it_is(office):
    mine = await office.birger.do("room.direct", user_id=office.id("rebecka"))
    theirs = await office.rebecka.do("room.direct", user_id=office.id("birger"))
    assert mine["id"] == theirs["id"]
    alone = await office.birger.do("room.direct", user_id=office.id("birger"))
    assert alone["member_ids"] == [office.id("birger")]
    there = {"room_id": mine["id"]}
    for command, more in (
        ("room.update", {"name": "Nytt"}),
        ("room.add", {"user_ids": [office.id("astrid")]}),
        ("room.remove", {"user_id": office.id("rebecka")}),
        ("room.leave", {}),
    ):
        assert await refusal(office.birger, command, **there, **more) in ("conflict", "invalid")


async def test_a_group_holds_only_so_many(databases, tmp_path):
    async with run_server(make_settings(databases, tmp_path, group_members=3)) as live:
        cast = await make_company(live.app)
        extra = [await make_user(live.app, f"extra{index}") for index in range(3)]
        room_id = await make_room(live.app, cast["astrid"], extra[0])
        async with connected(live.url, await make_token(live.app, cast["astrid"])) as (astrid,):
            await astrid.do("room.add", room_id=room_id, user_ids=[extra[1].id])
            problem = await refusal(astrid, "room.add", room_id=room_id, user_ids=[extra[2].id])
            assert problem == "over-quota"
            ids = [user.id for user in extra]
            assert await refusal(astrid, "room.create", name="x", member_ids=ids) == "over-quota"
            found = await rooms.open_to(live.app, cast["astrid"], room_id)
            assert len(found.member_ids) == 3

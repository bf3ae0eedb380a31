"""Search: what is found by which words, where, and in what order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.models import User
from tests.cast import make_company, make_token
from tests.clients import Client, Refused, connected
from tests.conftest import Live, make_settings, run_server


@dataclass(frozen=True)
class Archive:
    """A server where Astrid and Birger talk, and Rebecka has rooms of her own."""

    live: Live
    cast: dict[str, User]
    astrid: Client
    birger: Client
    rebecka: Client

    async def room(self, *said: str, by: Client | None = None) -> str:
        """A new group of Astrid and Birger, and what is said in it."""
        room = await self.astrid.do(
            "room.create", name="Grupp", member_ids=[self.cast["birger"].id]
        )
        for body in said:
            await self.say(by or self.astrid, room["id"], body)
        return str(room["id"])

    async def say(self, who: Client, room_id: str, body: str) -> Any:
        return await who.do(
            "message.send", room_id=room_id, body=body, client_id=self.live.app.new_id()
        )


@pytest.fixture(scope="module")
async def archive(databases, tmp_path_factory):
    async with run_server(make_settings(databases, tmp_path_factory.mktemp("search"))) as live:
        cast = await make_company(live.app)
        tokens = [
            await make_token(live.app, cast[name]) for name in ("astrid", "birger", "rebecka")
        ]
        async with connected(live.url, *tokens) as (astrid, birger, rebecka):
            yield Archive(live, cast, astrid, birger, rebecka)


async def bodies(client: Client, query: str, **more: Any) -> list[str]:
    """What is found, newest first."""
    found = await client.do("message.search", query=query, **more)
    return [hit["entry"]["body"] for hit in found["hits"]]


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Mötena är flyttade", "möte"),
        ("Ett möte", "mötena"),
        ("Ett möte", "MÖTE"),
        ("Ett möte", "mote"),
        ("Ett mote", "möte"),
        ("Vi åker hem", "aker"),
        ("Ordning i lådan", "lada"),
        ("Smörgåsbordet", "smorgas"),
        ("Räkningarna är betalda", "räkning"),
        ("Fakturan skickades", "fakturor"),
        ("Kunderna ringde", "kund"),
        ("The meetings were moved", "meeting"),
        ("We are running late", "run"),
        ("Invoices are paid", "invoice"),
        ("Ett café", "cafe"),
        ("Naïve résumé", "resume"),
        ("Överenskommelsen", "överens"),
        ("Telefonnummer 070-174 06 01", "174"),
        ("version 3.11.7", "3.11"),
        ("fil_namn.txt", "fil_namn"),
        ("https://example.com/sida", "example"),
        ("Karl:s cykel", "karl"),
        ("don't panic", "don't"),
        ("don\u2019t panic", "don't"),
        ("Betala fakturan", "faktura"),
        ("En faktura", "fakturans"),
        ("Dokumentet", "dokumenten"),
        ("Ett möte", "mötet"),
        ("Husen", "huset"),
        ("STRASSE", "straße"),
        ("слово", "слово"),
        ("日本語 tack", "tack"),
        ("ett ord och ett till", "till ett"),
        ("**fet** text", "fet"),
        ("(inom) [klammer]", "klammer"),
    ],
)
async def test_words_are_found_by_stem_beginning_and_without_marks(archive, body, query):
    room_id = await archive.room(body, "Något helt annat", "Blandat")

    assert await bodies(archive.birger, query, room_id=room_id) == [body]


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Ett möte", "mötet imorgon"),
        ("förmöte", "möte"),
        ("Ett möte", "xmöte"),
        ("hund", "katt"),
        ("abc", "a.c"),
        ("abc", "ab*d"),
        ("abc", "[abd]"),
    ],
)
async def test_other_words_are_not_found(archive, body, query):
    room_id = await archive.room(body)

    assert await bodies(archive.birger, query, room_id=room_id) == []


@pytest.mark.parametrize(
    "query",
    [
        '"ett möte"', "ett+möte", "möte.*", "^ett", "ett|möte", "(ett", "möte\\", "$möte", "ett?",
        "{ett}", "'möte'", "[möte]", "möte\x02", "ett\n\tmöte", "-ett", "ett:möte", "%möte%",
    ],
)  # fmt: skip  # a row of queries
async def test_signs_in_a_query_are_only_signs(archive, query):
    room_id = await archive.room("Ett möte")

    assert await bodies(archive.birger, query, room_id=room_id) == ["Ett möte"]


async def test_many_words_must_all_be_there(archive):
    words = [f"ord{index}" for index in range(25)]
    room_id = await archive.room(" ".join(words), " ".join(words[:-1]))

    assert len(await bodies(archive.birger, " ".join(words), room_id=room_id)) == 1
    assert len(await bodies(archive.birger, " ".join(words[:-1]), room_id=room_id)) == 2
    assert len(await bodies(archive.birger, "ord1 " * 40, room_id=room_id)) == 2


async def test_a_very_long_message_is_found_by_its_last_words_too(archive):
    body = " ".join(f"o{index}" for index in range(1_300))
    room_id = await archive.room(body, "x" * 8000)
    assert await bodies(archive.birger, "o1299", room_id=room_id) == [body]
    assert len(await bodies(archive.birger, "x" * 200, room_id=room_id)) == 1


async def test_the_hit_is_marked_in_what_stands_around_it(archive):
    text = "Först en lång inledning " * 20 + "sedan träffen här " + "och ett slut " * 30
    room_id = await archive.room("<b>Träffar</b> & träffar", text)

    found = await archive.birger.do("message.search", query="träff", room_id=room_id)

    long, short = [hit["snippet"] for hit in found["hits"]]
    assert "sedan \x02träffen\x03 här" in long
    assert long.startswith("…")
    assert long.endswith("…")
    assert len(long) < 200
    assert short == "<b>\x02Träffar\x03</b> & \x02träffar\x03"


async def test_what_is_edited_is_found_by_its_new_words_only_and_what_is_deleted_by_none(archive):
    room_id = await archive.room("gammalt", "kvar gammalt")
    place = {"room_id": room_id, "seq": 2}
    assert len(await bodies(archive.birger, "gammalt", room_id=room_id)) == 2

    await archive.astrid.do("message.edit", **place, body="nytt")

    assert await bodies(archive.birger, "gammalt", room_id=room_id) == ["kvar gammalt"]
    assert await bodies(archive.birger, "nytt", room_id=room_id) == ["nytt"]
    await archive.astrid.do("message.delete", **place)
    assert await bodies(archive.birger, "nytt", room_id=room_id) == []
    assert await bodies(archive.birger, "gammalt", room_id=room_id) == ["kvar gammalt"]


async def test_only_messages_are_found(archive):
    room = await archive.astrid.do(
        "room.create", name="Omdöpt", member_ids=[archive.cast["birger"].id]
    )
    await archive.astrid.do("room.update", room_id=room["id"], name="Omdöpt igen", topic="omdöpt")
    assert await bodies(archive.birger, "omdöpt", room_id=room["id"]) == []


async def test_filters_narrow_by_room_author_and_time(archive):
    word = "filterordet"
    first = await archive.room(f"{word} ett", f"{word} två")
    second = await archive.room(f"{word} tre", by=archive.birger)
    page = await archive.astrid.do("room.history", room_id=first)
    ett, two = page["entries"][1:]
    birger = archive.cast["birger"].id

    async def find(**more: Any) -> list[str]:
        return [
            body.removeprefix(f"{word} ") for body in await bodies(archive.birger, word, **more)
        ]

    assert await find() == ["tre", "två", "ett"]
    assert await find(room_id=first) == ["två", "ett"]
    assert await find(room_id=second) == ["tre"]
    assert await find(author_id=birger) == ["tre"]
    assert await find(author_id=birger, room_id=first) == []
    assert await find(author_id="nobody") == []
    assert await find(has_file=True) == []
    assert await find(has_file=False) == ["tre", "två", "ett"]
    later = (datetime.fromisoformat(two["sent_at"]) + timedelta(days=1)).isoformat()
    assert await find(after=ett["sent_at"], before=later) == ["tre", "två", "ett"]
    assert await find(before=ett["sent_at"]) == []
    assert "ett" not in await find(after=later)
    assert await find(before=later, limit=2) == ["tre", "två"]


async def test_hits_come_page_by_page_newest_first_without_gap_or_repetition(archive):
    word = "bladordet"
    rooms = [await archive.room() for _ in range(3)]
    said = []
    for index in range(17):
        entry = await archive.say(archive.astrid, rooms[index % 3], f"{word} {index}")
        said.append((entry["room_id"], entry["seq"]))

    found: list[tuple[str, int]] = []
    more: dict[str, str] = {}
    while True:
        page = await archive.birger.do("message.search", query=word, limit=5, **more)
        found += [(hit["room_id"], hit["entry"]["seq"]) for hit in page["hits"]]
        if "cursor" not in page:
            break
        more = {"cursor": page["cursor"]}
        if len(found) == 5:  # what is said meanwhile does not shift the pages
            await archive.say(archive.astrid, rooms[0], f"{word} mitt i")

    assert sorted(found) == sorted(said)
    assert len(found) == len(set(found))
    times = [entry["sent_at"] for entry in [await _entry(archive, *place) for place in found]]
    assert times == sorted(times, reverse=True)


async def _entry(archive: Archive, room_id: str, seq: int) -> Any:
    page = await archive.birger.do("room.history", room_id=room_id, around=seq, limit=1)
    return page["entries"][0]


async def test_nothing_is_found_in_rooms_of_others_or_that_one_has_left(archive):
    word = "hemligordet"
    room_id = await archive.room(word)
    own = await archive.rebecka.do("room.create", name="Egen", member_ids=[])
    await archive.say(archive.rebecka, own["id"], f"{word} eget")

    assert await bodies(archive.rebecka, word) == [f"{word} eget"]
    assert await bodies(archive.birger, word) == [word]
    with pytest.raises(Refused, match="not-found"):
        await bodies(archive.rebecka, word, room_id=room_id)
    await archive.birger.do("room.leave", room_id=room_id)
    assert await bodies(archive.birger, word) == []
    page = await archive.astrid.do("message.search", query=word, limit=1)
    assert "cursor" not in page
    stolen = f"4102444800000.{room_id}.1"
    assert await bodies(archive.rebecka, word, cursor=stolen) == [f"{word} eget"]


async def test_who_joins_finds_what_was_said_before(archive):
    word = "förutordet"
    room_id = await archive.room(word)
    assert await bodies(archive.rebecka, word) == []
    await archive.astrid.do("room.add", room_id=room_id, user_ids=[archive.cast["rebecka"].id])
    assert await bodies(archive.rebecka, word) == [word]


@pytest.mark.parametrize("query", ["", " ", "!!!", "…", "👍", "\n"])
async def test_a_query_without_a_word_is_invalid(archive, query):
    with pytest.raises(Refused) as refused:
        await archive.birger.do("message.search", query=query)
    assert refused.value.problem["field"] == "query"

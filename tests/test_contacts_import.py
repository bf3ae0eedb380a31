"""Files of contacts: every dialect read, every fault named, all there at once or not at all."""

from __future__ import annotations

import asyncio
import csv
import dataclasses
import io
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import pytest

from server.domain.contacts import exports, imports, rows, tables, vcards
from server.domain.contacts.tables import Unreadable
from tests.callers import Caller, calling
from tests.cast import make_company, make_token
from tests.clients import connected
from tests.processes import ROOT, Process

HEADS = "Namn;Befattning;Företag;Mobil;E-post;Färg\n"
THREE = (
    "Namn;Befattning;Företag;Mobil;E-post\n"
    "Åsa Löv;Chef;Björk & Co;070-174 06 05;asa@example.com\n"
    "Nils Ek;Säljare;Björk & Co;070-174 06 06;nils@example.com\n"
    "Fel Rad;;;ring mig;inte en adress\n"
)
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Löv;Åsa;;;\r\nFN:Åsa Löv\r\nORG:Björk\\, Ek;Inköp\r\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\nTEL;TYPE=CELL,VOICE;TYPE=pref:070-174 06 05\r\n"
    "item1.TEL:08-465 00 400\r\nEMAIL;TYPE=INTERNET:asa@exa\r\n mple.com\r\n"
    "NOTE:Rad ett\\nRad två\\; och\r\nEND:VCARD\r\n"
    'BEGIN:VCARD\nVERSION:4.0\nFN:Nils Ek\nTEL;VALUE=uri;TYPE="cell,voice":tel:+46-70-174-06-06\n'
    "EMAIL:nils@example.com\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96st;=C3=85ke;;;\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85ke =\n=C3=96st\nTEL;CELL:070-174 06 07\n"
    "TEL;WORK;FAX:08-465 00 402\nORG;ENCODING=QUOTED-PRINTABLE:Bo=\nlaget;Ink=F6p\nEND:VCARD\n"
)


def checked(text: str) -> list[rows.Checked]:
    return [rows.check(each, "SE") for each in tables.read(text).rows]


def faults(text: str) -> list[tuple[int, str, str]]:
    found = checked(text)
    return [(each.row, each.column, each.reason) for one in found for each in one.faults]


@pytest.mark.parametrize(
    "data",
    [
        THREE.encode(),
        THREE.encode("utf-8-sig"),
        THREE.encode("cp1252"),
        THREE.encode("utf-16"),
        THREE.encode("utf-16-le"),
        THREE.encode("utf-16-be"),
        THREE.replace("\n", "\r\n").encode(),
        THREE.replace("\n", "\r").encode(),
        THREE.replace(";", ",").encode(),
        THREE.replace(";", "\t").encode(),
        ("\n\n" + THREE).encode(),
        THREE.replace("Björk & Co", '"Björk & Co"').encode(),
    ],
)
def test_a_file_reads_the_same_however_it_was_saved(data):
    first = checked(tables.decode(data))[0]

    assert first.faults == []
    assert first.fields["name"] == "Åsa Löv"
    assert first.fields["company"] == "Björk & Co"
    assert first.fields["phones"][0].e164 == "+46701740605"


OUTLOOK = """\
First Name,Middle Name,Last Name,Title,Job Title,Business Phone,Mobile Phone,Business Fax,\
E-mail Address,E-mail 2 Address,Notes
Åsa,Maria,Löv,Ms,Chef,08-465 00 400,+46701740605,08-1,a@example.com,b@example.com,"ett
två"
"""
SWEDISH = """\
Förnamn;Efternamn;Titel;Arbetstelefon;Mobiltelefon;E-postadress;E-post 2;Anteckningar
Åsa;Löv;Chef;08-465 00 400;070-174 06 05;a@example.com;b@example.com;ett
"""
GOOGLE = """\
Name,Given Name,Organization 1 - Title,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,\
Phone 2 - Value,E-mail 1 - Value,Notes
Åsa Löv,Åsa,Chef,Work,08-465 00 400,Mobile,070-174 06 05 ::: 070-174 06 06,\
a@example.com ::: b@example.com,ett
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OUTLOOK, ("Åsa Maria Löv", "Chef", ["work", "mobile"], 2, "ett\ntvå")),
        (SWEDISH, ("Åsa Löv", "Chef", ["work", "mobile"], 2, "ett")),
        (GOOGLE, ("Åsa Löv", "Chef", ["work", "mobile", "mobile"], 2, "ett")),
    ],
    ids=["outlook", "swedish", "google"],
)
def test_the_headings_of_other_programs_are_understood(text, expected):
    [found] = checked(text)
    assert found.faults == []
    fields = found.fields
    kinds = [each.kind for each in fields["phones"]]
    assert (
        fields["name"],
        fields["title"],
        kinds,
        len(fields["emails"]),
        fields["note"],
    ) == expected


def test_what_is_wrong_is_named_by_row_column_and_reason():
    text = HEADS + (
        "Nils;;;ring;fel;\n"
        ";;;;;\n"
        ";;Bolaget;;;\n"
        'bru"ten";;;;;\n'
        '"aldrig slut;;;;;\n'
        f"{'x' * 121};;;;;\n"
        "\x07;;;;;\n"
        "a;b;c;;;;;extra\n"
        ";;;070-174 06 05;;\n"
        "Gott;;;070-174 06 05;;\n"
    )
    assert faults(text) == [
        (2, "Mobil", "phone"),
        (2, "E-post", "email"),
        (6, "", "csv"),
        (7, "Namn", "too_long"),
        (8, "Namn", "bad_text"),
        (9, "Färg", "too_many_cells"),
        (10, "Namn", "nameless"),
    ]
    assert [each.fields["name"] for each in checked(text) if not each.faults][-1] == "Gott"
    assert tables.read(HEADS + "x").ignored == ["Färg"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_rows"),
        ("\n \n", "no_rows"),
        ("a;b\nc;d", "no_name_column"),
        ("\x00", "no_name_column"),
    ],
)
def test_a_file_that_is_no_table_of_contacts_is_refused_whole(text, reason):
    with pytest.raises(Unreadable, match=reason):
        tables.read(text)


def test_cards_of_every_version_are_read():
    asa, nils, ake = [rows.check(each, "SE") for each in vcards.read(CARDS)]
    assert asa.faults == nils.faults == ake.faults == []
    assert asa.fields["name"] == "Åsa Löv"
    assert (asa.fields["company"], asa.fields["department"]) == ("Björk, Ek", "Inköp")
    assert asa.fields["note"] == "Rad ett\nRad två; och"
    assert asa.fields["emails"] == ("asa@example.com",)
    assert [each.e164 for each in asa.fields["phones"]] == ["+46701740605", "+46846500400"]
    assert [each.e164 for each in nils.fields["phones"]] == ["+46701740606"]
    assert ake.fields["name"] == "Åke Öst"
    assert (ake.fields["company"], ake.fields["department"]) == ("Bolaget", "Inköp")
    assert [each.kind for each in ake.fields["phones"]] == ["mobile"]  # a fax is no telephone


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCARD\nEND:VCARD",
        "BEGIN:VCARD\nGARBAGE\n",
        "BEGIN:VCARD\nBEGIN:VCARD\nTEL:1\nEND:VCARD",
    ],
)
def test_a_broken_card_is_a_fault_and_no_more(text):
    found = [rows.check(each, "SE") for each in vcards.read(text + "\n" + CARDS)]
    assert all(each.faults for each in found[:-3])
    assert len([each for each in found if not each.faults]) == 3


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-2+3", "+1+cmd|' /C calc'!A0", "\t=1", "\r=1"]
)
def test_no_cell_of_a_file_is_a_formula(text):
    [line] = csv.reader(io.StringIO(exports.lines([[text]], ",")))
    assert line == ["'" + text]


@pytest.mark.parametrize("number", ["+46 70 174 06 05", "+46701740605 ::: +46 8 465 00 400"])
def test_a_number_keeps_its_plus(number):
    assert exports.guarded(number) == number


@pytest.fixture
async def office(live):
    cast = await make_company(live.app)
    async with calling(live.url) as http:
        callers = {
            name: Caller(http, live.url, await make_token(live.app, user))
            for name, user in cast.items()
        }
        yield callers, cast, live


WORKER = """
import asyncio, sys
from server.boot import open_app
from server.domain.contacts import imports
from server.settings import read_settings

async def main():
    async with open_app(read_settings()) as app:
        await imports.read(app, sys.argv[1])

asyncio.run(main())
"""


async def send(caller: Caller, text: str | bytes, scope="personal", form="csv") -> dict[str, Any]:
    kind = "text/csv" if form == "csv" else "text/vcard"
    answer = await caller.call(
        "POST",
        f"/api/contacts/import?scope={scope}&format={form}",
        data=text.encode() if isinstance(text, str) else text,
        headers={"Content-Type": kind},
    )
    assert answer.status == 202, answer
    assert answer.data["status"] == "reading"
    return answer.data


async def bring_in(live, caller: Caller, text: str | bytes, **more: Any) -> dict[str, Any]:
    """Send, read and apply, as the worker does its part."""
    made = await send(caller, text, **more)
    path = f"/api/contacts/imports/{made['id']}"
    await imports.read(live.app, made["id"])
    assert (await caller.get(path)).data["status"] == "read"
    assert (await caller.post(path + "/apply")).status == 202
    await imports.settle(live.app, made["id"])
    return (await caller.get(path)).data


async def names(caller: Caller, scope="personal") -> list[str]:
    found = (await caller.get(f"/api/contacts?scope={scope}&limit=100")).data
    return [each["name"] for each in found["contacts"]]


async def test_a_file_is_sent_read_reported_and_applied(office):
    callers, cast, live = office
    birger = callers["birger"]
    async with connected(live.url, await make_token(live.app, cast["birger"])) as (client,):
        made = await send(birger, THREE)
        path = f"/api/contacts/imports/{made['id']}"
        await imports.read(live.app, made["id"])

        found = (await birger.get(path)).data
        assert (found["status"], found["rows"], found["good"], found["bad"]) == ("read", 3, 2, 1)
        assert [(each["row"], each["column"], each["value"]) for each in found["faults"]] == [
            (4, "Mobil", "ring mig"),
            (4, "E-post", "inte en adress"),
        ]
        assert found["faults"][0]["detail"] == "Ska vara ett telefonnummer eller en anknytning."
        report = (await birger.get(path + "/faults.csv")).data.decode("utf-8-sig")
        assert report.splitlines()[0] == "Rad;Kolumn;Värde;Fel"
        assert len(report.splitlines()) == 3
        assert await names(birger) == []
        assert (await birger.get("/api/contacts/search?query=nils")).data["contacts"] == []

        await birger.post(path + "/apply")
        await imports.settle(live.app, made["id"])
        assert (await birger.get(path)).data["status"] == "done"
        assert await names(birger) == ["Nils Ek", "Åsa Löv"]
        await client.until(
            lambda: [e["import"]["status"] for e in client.all("contacts.import")][-1:] == ["done"]
        )
        assert client.all("contacts.changed") == [{"scope": "personal"}]
    assert await names(callers["astrid"]) == []
    database = live.app.stores.database
    assert await database["contact_import_pieces"].count_documents({}) == 0


async def test_what_is_there_is_skipped_and_what_is_twice_in_the_file_is_joined(office):
    callers, _cast, live = office
    text = (
        "Namn;Mobil;E-post\nNils Ek;070-174 06 06;nils@example.com\n"
        "Nils Ek;070-174 06 06;annan@example.com\nNils Ek;;annan@example.com\n"
        "Åsa Ek;070-174 06 06;\n"
    )
    first = await bring_in(live, callers["birger"], text)
    assert (first["good"], first["merged"], first["skipped"]) == (2, 2, 0)
    [nils] = (await callers["birger"].get("/api/contacts/search?query=nils")).data["contacts"]
    assert nils["emails"] == ["nils@example.com", "annan@example.com"]

    again = await bring_in(live, callers["birger"], text)
    assert (again["good"], again["skipped"]) == (0, 4)
    assert await names(callers["birger"]) == ["Nils Ek", "Åsa Ek"]


async def test_two_files_applied_one_after_the_other_do_not_double_anybody(office):
    callers, _cast, live = office
    birger = callers["birger"]
    sent = [(await send(birger, THREE))["id"] for _ in range(2)]
    for each in sent:
        await imports.read(live.app, each)
    assert (await birger.post(f"/api/contacts/imports/{sent[0]}/apply")).status == 202
    assert (await birger.post(f"/api/contacts/imports/{sent[1]}/apply")).status == 409
    await imports.settle(live.app, sent[0])
    assert (await birger.post(f"/api/contacts/imports/{sent[1]}/apply")).status == 202
    await imports.settle(live.app, sent[1])
    second = (await birger.get(f"/api/contacts/imports/{sent[1]}")).data
    assert (second["status"], second["good"], second["skipped"]) == ("done", 0, 2)
    assert await names(birger) == ["Nils Ek", "Åsa Löv"]


async def test_a_reading_that_was_killed_is_taken_up_again_and_leaves_nothing_half_done(office):
    callers, _cast, live = office
    lines = [f"Person {n};070-174 06 {5 + n % 90:02d};p{n}@example.com" for n in range(20_000)]
    made = await send(callers["birger"], "Namn;Mobil;E-post\n" + "\n".join(lines))
    environment = Process(live.settings)._environment()
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, made["id"], cwd=ROOT, env=environment
    )
    kept = live.app.stores.database["contacts"]
    while not await kept.count_documents({}):
        assert worker.returncode is None
        await asyncio.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    await worker.wait()

    assert await names(callers["birger"]) == []
    later = live.app.now() + imports.KEPT / 2
    await imports.read(live.app, made["id"])  # its lease still holds: nobody else may
    assert (await callers["birger"].get(f"/api/contacts/imports/{made['id']}")).data[
        "status"
    ] == "reading"
    assert [each.id for each in await live.app.stores.imports.waiting(later)] == [made["id"]]
    await live.app.stores.database["contact_imports"].update_one(
        {"_id": made["id"]}, {"$set": {"busy_until": live.app.now()}}
    )
    await imports.read(live.app, made["id"])
    found = (await callers["birger"].get(f"/api/contacts/imports/{made['id']}")).data
    assert (found["status"], found["rows"], found["good"]) == ("read", 20_000, 20_000)
    assert await kept.count_documents({}) == 20_000


async def test_an_abandoned_file_leaves_nothing(office):
    callers, _cast, live = office
    made = await send(callers["birger"], THREE)
    await imports.read(live.app, made["id"])
    assert (await callers["birger"].delete(f"/api/contacts/imports/{made['id']}")).status == 204
    assert (await callers["birger"].get(f"/api/contacts/imports/{made['id']}")).status == 404
    for name in ("contacts", "contact_imports", "contact_import_pieces", "contact_import_faults"):
        assert await live.app.stores.database[name].count_documents({}) == 0, name


async def test_what_nobody_wants_is_dropped_in_time_and_contacts_stay(office):
    callers, _cast, live = office
    left = await send(callers["birger"], THREE)
    await imports.read(live.app, left["id"])
    done = await bring_in(live, callers["astrid"], THREE)
    later = live.app.now() + imports.KEPT + timedelta(minutes=1)
    await imports.sweep(dataclasses.replace(live.app, now=lambda: later))
    assert (await callers["birger"].get(f"/api/contacts/imports/{left['id']}")).status == 404
    assert (await callers["astrid"].get(f"/api/contacts/imports/{done['id']}")).status == 404
    assert await live.app.stores.database["contacts"].count_documents({}) == 2
    assert await names(callers["astrid"]) == ["Nils Ek", "Åsa Löv"]


@pytest.mark.parametrize("form", ["csv", "vcard"])
async def test_what_goes_out_comes_back_the_same(office, form):
    callers, _cast, live = office
    astrid = callers["astrid"]
    contact = {
        "scope": "global",
        "name": '=Åsa, "Bö"; Löv\\',
        "title": "@chef",
        "department": "-Inköp; väst",
        "company": "+Björk, Ek",
        "phones": [
            {"kind": "work", "number": "+46 8 465 00 400"},
            {"kind": "mobile", "number": "070-174 06 05"},
            {"kind": "mobile", "number": "+46701740606"},
            {"kind": "other", "number": "4012"},
        ],
        "emails": ["asa@example.com", "b@example.com"],
        "note": "Rad ett; och, så\nRad två " + "å" * 200,
    }
    made = (await astrid.post("/api/contacts", contact)).data
    out = await astrid.get(f"/api/contacts/export?scope=global&format={form}")
    assert out.status == 200
    assert "attachment" in out.headers["Content-Disposition"]

    done = await bring_in(live, callers["birger"], out.data, form=form)
    assert (done["good"], done["bad"]) == (1, 0), done
    [back] = (await callers["birger"].get("/api/contacts?scope=personal")).data["contacts"]
    same = ("name", "title", "department", "company", "phones", "emails", "note")
    assert {name: back[name] for name in same} == {name: made[name] for name in same}


async def test_only_administrators_bring_in_the_companys_contacts(office):
    callers, _cast, _live = office
    path = "/api/contacts/import?scope=global&format=csv"
    answer = await callers["birger"].call(
        "POST", path, data=b"Namn\nA", headers={"Content-Type": "text/csv"}
    )
    assert answer.status == 403


async def test_an_import_is_seen_by_who_began_it_alone(office):
    callers, _cast, live = office
    made = await send(callers["astrid"], THREE, scope="global")
    await imports.read(live.app, made["id"])
    for other in ("birger", "cecilia"):
        for method, path in (
            ("GET", ""),
            ("GET", "/faults.csv"),
            ("POST", "/apply"),
            ("DELETE", ""),
        ):
            answer = await callers[other].call(method, f"/api/contacts/imports/{made['id']}{path}")
            assert answer.status == 404, (other, method, path)


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 50, b"\xff\xfe", b"BEGIN:VCARD", b"a,b,c", os.urandom(3000)]
)
@pytest.mark.parametrize("form", ["csv", "vcard"])
async def test_a_file_of_garbage_fails_with_a_sentence(office, data, form):
    callers, _cast, live = office
    made = await send(callers["birger"], data, form=form)
    await imports.read(live.app, made["id"])
    found = (await callers["birger"].get(f"/api/contacts/imports/{made['id']}")).data
    assert (found["status"] == "failed" and found["detail"]) or found["good"] == 0
    assert (await callers["birger"].post(f"/api/contacts/imports/{made['id']}/apply")).status in (
        202,
        409,
    )


async def test_a_file_that_is_too_large_or_of_another_kind_is_refused(office):
    callers, _cast, live = office
    path = "/api/contacts/import?scope=personal&format=csv"

    async def stream():
        for _ in range(68):
            yield b"x" * 1_000_000

    answer = await callers["birger"].call(
        "POST", path, data=stream(), headers={"Content-Type": "text/csv"}
    )
    assert answer.status == 413
    assert await live.app.stores.database["contact_import_pieces"].count_documents({}) == 0
    assert await live.app.stores.database["contact_imports"].count_documents({}) == 0
    answer = await callers["birger"].call(
        "POST", path, data=b"x", headers={"Content-Type": "image/png"}
    )
    assert answer.status == 422

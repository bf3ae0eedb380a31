"""A hundred thousand contacts from one file, one in a hundred of them wrong; and thirty queries."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

from bench.outsiders import outsiders
from server.app import App
from server.domain.contacts import imports, search
from tests.cast import make_company

COUNT = 100_000
HEADS = ("name", "title", "department", "company", "phone", "mobile", "email", "note")
# (column, what stands there, the reason): a row in a hundred has the next of these.
WRONG = (
    ("phone", "ring mig", "phone"),
    ("mobile", "070-174 06 0O", "phone"),
    ("email", "ingen adress", "email"),
    ("email", "a@b@example.com", "email"),
    ("name", "x" * 121, "too_long"),
    ("title", "a\x07b", "bad_text"),
)
SOME = (
    ("Åsa Löfqvist", "Varvschef", "Docka tre", "Skeppsvarvet Ärlan", "070-174 06 05", "asa@arlan"),
    ("Örjan Ängh", "Kranförare", "Hamnen", "Kranhuset", "070-174 06 06", "orjan.angh@kranhuset"),
    ("Göran Ö. Åström", "Biodlare", "", "Kupan", "031-390 06 10", "goran@kupan"),
    ("Ann-Kristin O'Dowd", "Tolk", "Språk", "Glosan", "+46 (0)31-390 06 11", "ak@glosan"),
    ("Jürgen Weiß", "Glasblåsare", "", "Hyttan", "08-465 00 477", "jw@hyttan"),
    ("François Lefèvre", "Bagare", "", "Brödfabriken", "0046 31 390 06 12", "francois@brod"),
    ("Ingegerd Wachtmeister", "Notarie", "Arkiv", "Sigillet", "0704-26 06 99", "iw@sigillet"),
    ("Søren Bjørnsen", "Styrman", "", "Rederiet Nordvåg", "070-174 06 99", "sb@nordvag"),
)
# What somebody types, and who comes first.
QUERIES = (
    ("Åsa Löfqvist", 0), ("asa lofqvist", 0), ("löfq", 0), ("varvsch", 0), ("skeppsvarvet", 0),
    ("arlan docka", 0), ("070-174 06 05", 0), ("+46701740605", 0), ("0046701740605", 0),
    ("örjan ängh", 1), ("orjan angh", 1), ("kranhuset örj", 1), ("070174 06 06", 1),
    ("orjan.angh@kranhuset", 1), ("göran åström", 2), ("biodlare", 2), ("031-390 06 10", 2),
    ("313900610", 2), ("ann-kristin", 3), ("o'dowd", 3), ("odowd ann", 3), ("+46 31 390 06 11", 3),
    ("jurgen weiss", 4), ("08-465 00 477", 4), ("lefevre", 5), ("francois bag", 5),
    ("wachtmiester", 6), ("ingegärd wachtmeister", 6), ("bjornsen", 7), ("skepsvarvet", 0),
    ("kranförrare", 1), ("styrmann nordvåg", 7), ("ann-kirstin", 3), ("löfkvist åsa", 0),
)  # fmt: skip  # a table reads best with several on a line


async def test_a_hundred_thousand_contacts_come_in_and_are_found(app: App):
    cast = await make_company(app)
    text, expected = written()

    made = await imports.receive(app, cast["astrid"], "global", "csv", pieces(text))
    await imports.read(app, made.id)

    found = await imports.mine(app, cast["astrid"], made.id)
    assert (found.status, found.rows, found.bad) == ("read", COUNT, len(expected))
    assert found.good == COUNT - len(expected)
    reported = [
        (each["row"], each["column"], each["reason"])
        async for some in app.stores.imports.all_faults(made.id)
        for each in some
    ]
    assert reported == expected
    assert await search.find(app, cast["birger"], "löfqvist", 20) == []

    await imports.apply(app, cast["astrid"], made.id)
    await imports.settle(app, made.id)
    assert await app.stores.contacts.count("example.com", None) == COUNT - len(expected)
    for query, place in QUERIES:
        [first, *_rest] = await search.find(app, cast["birger"], query, 20) or [{"name": None}]
        assert first["name"] == SOME[place][0], query


def written() -> tuple[str, list[tuple[int, str, str]]]:
    """The file, and the faults in it: (row, column, reason)."""
    target = io.StringIO()
    table = csv.writer(target, delimiter=";")
    table.writerow(HEADS)
    expected = []
    some = iter(SOME)
    for row, each in enumerate(outsiders(COUNT), start=2):
        values = dict(each)
        if row % 100 == 0:
            column, value, reason = WRONG[row // 100 % len(WRONG)]
            values[column] = value
            expected.append((row, column, reason))
        elif row % 9_999 == 7 and (special := next(some, None)) is not None:
            name, title, department, company, number, email = special
            values = dict.fromkeys(HEADS, "") | {"name": name, "title": title, "phone": number}
            values |= {"department": department, "company": company}
            values["email"] = f"{email}.example.com" if "@" in email else ""
        table.writerow([values[head] for head in HEADS])
    assert next(some, None) is None
    return target.getvalue(), expected


async def pieces(text: str) -> AsyncIterator[bytes]:
    data = text.encode()
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]

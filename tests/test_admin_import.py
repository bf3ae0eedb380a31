"""People from a file: read cell by cell, and all of it or nothing."""

from __future__ import annotations

import pytest

from server.domain.accounts import admin, audit, imports, tables
from server.domain.errors import NotAllowed, OverQuota
from tests.cast import make_company

HEADER = "email,name,plan,role,title,department,work,mobile,language"
TWO = f"""{HEADER}
nils@example.com,Nils Nilsson,pro,member,Säljare,Försäljning,08-12 34 56,070-174 06 05,sv
Åsa@example.com,"Åsa, den andra",Business,admin,,,,,en
"""


def faults(text: str) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.reason) for each in tables.read(text.encode()).faults]


@pytest.mark.parametrize(
    "data",
    [
        TWO.encode(),
        TWO.encode("utf-8-sig"),
        TWO.encode("cp1252"),
        TWO.replace("\n", "\r\n").encode(),
        TWO.replace("\n", "\r\n").replace("Åsa, den", "Åsa; den").replace(",", ";").encode(),
        TWO.replace("pro,member", " pro , MEMBER ").encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "windows-1252", "crlf", "semicolons", "spaces"],
)
def test_a_file_reads_the_same_however_it_was_saved(data):
    table = tables.read(data)

    assert table.faults == []
    nils, asa = table.rows
    assert nils.fields["title"] == "Säljare"
    assert nils.phones == {"work": "08-12 34 56", "mobile": "070-174 06 05"}
    assert asa.fields["email"] == "åsa@example.com"
    assert asa.fields["name"][:3] == "Åsa"
    assert (asa.fields["plan"], asa.fields["role"]) == ("business", "admin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "email", "column_missing"), (1, "name", "column_missing")]),
        ("role", [(1, "email", "column_missing"), (1, "name", "column_missing")]),
        ("email\nx@example.com", [(1, "name", "column_missing")]),
        ("email,name,lön\n", [(1, "lön", "column_unknown")]),
        ("email,name,email\n", [(1, "email", "column_twice")]),
        (f"{HEADER}\nnils,Nils", [(2, "email", "email")]),
        ("email,name\n,Nils", [(2, "email", "empty")]),
        ("email,name\nnils@example.com", [(2, "name", "empty")]),
        ("email,name\n\n\nnils@example.com,", [(4, "name", "empty")]),
        ('email,name\n"a@example.com","Två\nrader"\nb@example.com,', [(3, "name", "empty")]),
        ("email,name,plan\na@example.com,A,gold", [(2, "plan", "cell_choice")]),
        ("email,name,role\na@example.com,A,operator", [(2, "role", "cell_choice")]),
        ("email,name,role\na@example.com,A,bot", [(2, "role", "cell_choice")]),
        ("email,name,language\na@example.com,A,de", [(2, "language", "cell_choice")]),
        ("email,name,work\na@example.com,A,ring", [(2, "work", "phone")]),
        ("email,name\na@example.com,A,B", [(2, "name", "too_many_cells")]),
        (f"email,name\na@example.com,{'x' * 121}", [(2, "name", "too_long")]),
        ("email,name\na@example.com,A\nA@EXAMPLE.com,B", [(3, "email", "email_twice")]),
        ("email,name\na@example.com,\x07", [(2, "name", "bad_text")]),
        ('email,name\na@example.com,A\n"b@example.com,B', [(3, "", "csv")]),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(text, expected):
    assert faults(text) == expected


def test_a_file_has_five_thousand_rows_at_most():
    with pytest.raises(OverQuota):
        tables.read(b"email,name\n" + b"".join(b"%d@example.com,A\n" % n for n in range(5001)))


async def test_a_dry_run_tells_what_would_happen_and_does_nothing(app):
    cast = await make_company(app)
    before = await app.stores.users.of_org("example.com")

    plan = await imports.run(app, cast["astrid"], TWO.encode(), dry_run=True)

    assert (plan.rows, len(plan.added), len(plan.changed), plan.unchanged) == (2, 2, 0, 0)
    assert await app.stores.users.of_org("example.com") == before
    assert app.events.facts == []


async def test_a_file_is_applied_and_doing_it_again_changes_nothing(app):
    cast = await make_company(app)
    text = TWO + "birger@example.com,Birger Holm,enterprise,,Chef,,,,\n"

    plan = await imports.run(app, cast["astrid"], text.encode(), dry_run=False)

    assert (plan.rows, len(plan.added), len(plan.changed)) == (3, 2, 1)
    nils = await app.stores.users.by_email("nils@example.com")
    assert [(phone.kind, phone.number) for phone in nils.phones] == [
        ("work", "08-12 34 56"),
        ("mobile", "070-174 06 05"),
    ]
    birger = await app.stores.users.find(cast["birger"].id)
    assert (birger.plan, birger.title, birger.role) == ("enterprise", "Chef", "member")
    assert birger.password_hash == cast["birger"].password_hash
    assert await app.stores.database["mails"].count_documents({}) == 2
    actions = [each["action"] for each in (await audit.page(app, cast["astrid"]))["entries"]]
    assert sorted(actions) == ["person.added", "person.added", "person.changed"]

    again = await imports.run(app, cast["astrid"], text.encode(), dry_run=False)
    assert (len(again.added), len(again.changed), again.unchanged) == (0, 0, 3)
    assert await app.stores.database["mails"].count_documents({}) == 2


async def test_one_wrong_cell_stops_the_whole_file(app):
    cast = await make_company(app)
    text = TWO + "fel,Någon,,,,,,,\n"

    plan = await imports.run(app, cast["astrid"], text.encode(), dry_run=False)

    assert [(each.row, each.column) for each in plan.faults] == [(4, "email")]
    assert await app.stores.users.by_email("nils@example.com") is None


async def test_another_companys_address_cannot_be_used_and_that_is_all_one_learns(app):
    cast = await make_company(app)
    text = "email,name,title\ncecilia@example.org,Cecilia,Chef\n"

    plan = await imports.run(app, cast["astrid"], text.encode(), dry_run=False)

    [fault] = plan.faults
    assert (fault.row, fault.column, fault.reason) == (2, "email", "email_unusable")
    assert await app.stores.users.find(cast["cecilia"].id) == cast["cecilia"]


async def test_a_file_cannot_leave_a_company_without_an_administrator(app):
    cast = await make_company(app)
    text = "email,name,role\nastrid@example.com,Astrid Lind,member\n"

    plan = await imports.run(app, cast["astrid"], text.encode(), dry_run=False)
    assert [(each.row, each.column, each.reason) for each in plan.faults] == [
        (2, "role", "last_admin")
    ]

    text += "birger@example.com,Birger Holm,admin\n"
    plan = await imports.run(app, cast["astrid"], text.encode(), dry_run=False)
    assert plan.faults == []
    assert [user.handle for user in await _admins(app, "example.com")] == ["birger"]


async def _admins(app, org_id):
    return [user for user in await app.stores.users.of_org(org_id) if user.role == "admin"]


async def test_a_column_that_is_left_out_leaves_what_was(app):
    cast = await make_company(app)
    await admin.update(
        app, cast["astrid"], cast["birger"].id, {"title": "Säljare", "phones": [("other", "4012")]}
    )

    text = "email,name,mobile\nbirger@example.com,Birger Holm,070-174 06 05\n"
    await imports.run(app, cast["astrid"], text.encode(), dry_run=False)

    birger = await app.stores.users.find(cast["birger"].id)
    assert birger.title == "Säljare"
    assert [phone.kind for phone in birger.phones] == ["mobile", "other"]


async def test_only_administrators_import(app):
    cast = await make_company(app)
    with pytest.raises(NotAllowed):
        await imports.run(app, cast["birger"], TWO.encode(), dry_run=True)


async def test_five_thousand_people_come_in_one_go(app):
    cast = await make_company(app)
    rows = "".join(f"p{n}@example.com,Person {n},pro\n" for n in range(5000))

    plan = await imports.run(
        app, cast["astrid"], f"email,name,plan\n{rows}".encode(), dry_run=False, invite=False
    )

    assert len(plan.added) == 5000
    assert await app.stores.users.count("example.com") == 5004

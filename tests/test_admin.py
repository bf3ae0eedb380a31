"""What administrators and operators may do, and what they may not: use cases on a real database."""

from __future__ import annotations

import asyncio

import pytest

from server.domain import sessions
from server.domain.accounts import admin, audit, bots, operator
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, OverQuota
from server.domain.events import Fact
from tests.cast import PASSWORD, make_company, make_user


async def make_operator(app):
    return await make_user(app, "op", role="operator")


async def test_only_administrators_administer(app):
    cast = await make_company(app)
    for handle in ("birger", "basse", "rebecka"):
        actor = cast[handle]
        for attempt in (
            admin.listing(app, actor),
            admin.add(app, actor, {"email": "x@example.com", "name": "X"}, invite=False),
            admin.update(app, actor, actor.id, {"role": "admin"}),
            admin.block(app, actor, cast["astrid"].id),
            admin.update_org(app, actor, {"name": "Mitt"}),
            audit.page(app, actor),
            bots.add(app, actor, "Bot", None),
            bots.listing(app, actor),
            operator.listing(app, actor),
        ):
            with pytest.raises(NotAllowed):
                await attempt


async def test_an_administrators_reach_ends_at_the_wall(app):
    cast = await make_company(app)
    astrid, foreign = cast["astrid"], cast["cecilia"].id
    bot = await bots.add(app, cast["cecilia"], "Bot", None)
    token = await bots.add_token(app, cast["cecilia"], bot.id, "väder")
    for attempt in (
        admin.update(app, astrid, foreign, {"name": "X"}),
        admin.block(app, astrid, foreign),
        admin.unblock(app, astrid, foreign),
        admin.invite(app, astrid, foreign),
        bots.add_token(app, astrid, bot.id, "min"),
        bots.remove_token(app, astrid, bot.id, token["id"]),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await app.stores.users.find(foreign) == cast["cecilia"]
    assert cast["cecilia"] not in await admin.listing(app, astrid)


async def test_a_new_person_has_a_handle_and_what_the_company_begins_with(app):
    cast = await make_company(app)
    await admin.update_org(app, cast["astrid"], {"language": "en", "time_zone": "Europe/Helsinki"})

    user = await admin.add(
        app,
        cast["astrid"],
        {"email": "Birger@sub.example.com", "name": "Birger Två", "phones": [("work", "4012")]},
        invite=False,
    )

    assert (user.handle, user.language, user.time_zone) == ("birger2", "en", "Europe/Helsinki")
    assert (user.plan, user.role, user.email) == ("pro", "member", "birger@sub.example.com")
    assert Fact.PERSON_CHANGED in [fact for fact, _data, _to in app.events.facts]


@pytest.mark.parametrize(
    ("email", "reason"),
    [("BIRGER@example.com", "email_taken"), ("cecilia@example.org", "email_unusable")],
)
async def test_an_address_is_one_persons_and_tells_nothing_of_other_companies(app, email, reason):
    cast = await make_company(app)
    with pytest.raises(Conflict) as refusal:
        await admin.add(app, cast["astrid"], {"email": email, "name": "X"}, invite=False)
    assert refusal.value.reason == reason
    with pytest.raises(Conflict) as refusal:
        await admin.update(app, cast["astrid"], cast["rebecka"].id, {"email": email})
    assert refusal.value.reason == reason


async def test_people_with_the_same_address_added_at_once_become_one(app):
    cast = await make_company(app)
    fields = {"email": "ny@example.com", "name": "Ny"}

    answers = await asyncio.gather(
        *(admin.add(app, cast["astrid"], fields, invite=False) for _ in range(8)),
        return_exceptions=True,
    )

    assert sum(not isinstance(each, Exception) for each in answers) == 1
    assert all(isinstance(each, Conflict) for each in answers if isinstance(each, Exception))


async def test_blocking_is_felt_at_once_and_everywhere(app):
    cast = await make_company(app)
    token = await sessions.start(app, cast["birger"], "", "")
    who = await sessions.authenticate(app, token)

    await admin.block(app, cast["astrid"], cast["birger"].id)

    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, token)
    with pytest.raises(NotSignedIn):
        await sessions.current(app, who.session_id, cast["birger"].id)
    assert (cast["birger"].id, "blocked") in app.events.ended
    await admin.unblock(app, cast["astrid"], cast["birger"].id)
    with pytest.raises(NotSignedIn):  # let in again, but signed in anew
        await sessions.authenticate(app, token)
    await sessions.sign_in(app, "birger@example.com", PASSWORD, "", "")


async def test_a_demoted_administrator_is_one_no_more_at_the_next_request(app):
    cast = await make_company(app)
    await admin.update(app, cast["astrid"], cast["birger"].id, {"role": "admin"})
    token = await sessions.start(app, cast["birger"], "", "")
    was = (await sessions.authenticate(app, token)).user
    await admin.listing(app, was)

    await admin.update(app, cast["astrid"], cast["birger"].id, {"role": "member"})

    now = (await sessions.authenticate(app, token)).user
    with pytest.raises(NotAllowed):
        await admin.listing(app, now)


async def test_a_company_always_has_an_administrator(app):
    cast = await make_company(app)
    astrid = cast["astrid"]
    with pytest.raises(Conflict) as refusal:
        await admin.update(app, astrid, astrid.id, {"role": "member"})
    assert refusal.value.reason == "last_admin"
    with pytest.raises(Conflict) as refusal:
        await admin.block(app, astrid, astrid.id)
    assert refusal.value.reason == "block_self"


async def test_two_administrators_who_demote_each_other_at_once_leave_one(app):
    cast = await make_company(app)
    astrid = cast["astrid"]
    birger = await admin.update(app, astrid, cast["birger"].id, {"role": "admin"})

    answers = await asyncio.gather(
        admin.update(app, astrid, birger.id, {"role": "member"}),
        admin.update(app, birger, astrid.id, {"role": "member"}),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Conflict) for each in answers) == 1
    roles = [
        user.role
        for user in await admin.listing(
            app, astrid if isinstance(answers[1], Exception) else birger
        )
    ]
    assert roles.count("admin") == 1


async def test_administrators_make_no_operators_and_touch_none(app):
    cast = await make_company(app)
    op = await make_operator(app)
    astrid = cast["astrid"]
    for attempt in (
        admin.update(app, astrid, astrid.id, {"role": "operator"}),
        admin.add(
            app, astrid, {"email": "x@example.com", "name": "X", "role": "operator"}, invite=False
        ),
        admin.update(app, astrid, op.id, {"email": "mine@example.com"}),
        admin.block(app, astrid, op.id),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    with pytest.raises(Invalid):
        await admin.update(app, astrid, cast["birger"].id, {"role": "bot"})
    await admin.update(app, op, astrid.id, {"role": "operator"})


async def test_a_plan_with_or_without_chat_makes_devices_connect_again_quietly(app):
    cast = await make_company(app)
    basse, birger = cast["basse"], cast["birger"]

    await admin.update(app, cast["astrid"], basse.id, {"plan": "pro"})
    await admin.update(app, cast["astrid"], birger.id, {"plan": "business"})
    await admin.update(app, cast["astrid"], birger.id, {"plan": "basic"})

    assert app.events.ended == [(basse.id, "server_restart"), (birger.id, "server_restart")]
    facts = [fact for fact, _data, _to in app.events.facts]
    assert facts.count(Fact.PERSON_CHANGED) == facts.count(Fact.ME_CHANGED) == 3


async def test_the_audit_log_tells_who_changed_what_and_no_secret(app):
    cast = await make_company(app)
    astrid, birger = cast["astrid"], cast["birger"]
    await admin.update(
        app, astrid, birger.id, {"plan": "business", "title": "Chef", "name": birger.name}
    )
    await admin.update(app, astrid, birger.id, {"title": "Chef"})  # nothing new, nothing to note
    await admin.block(app, astrid, birger.id)
    bot = await bots.add(app, astrid, "Väder", None)
    token = await bots.add_token(app, astrid, bot.id, "till skärmen")

    page = await audit.page(app, astrid)

    assert [each["action"] for each in page["entries"]] == [
        "token.added",
        "bot.added",
        "person.blocked",
        "person.changed",
    ]
    changed = page["entries"][-1]
    assert changed["changes"] == {"title": ["", "Chef"], "plan": ["pro", "business"]}
    assert (changed["actor_name"], changed["target_name"]) == (astrid.name, birger.name)
    assert token["token"] not in str(page)
    assert "argon2" not in str(page)
    assert (await audit.page(app, cast["cecilia"]))["entries"] == []


async def test_the_audit_log_is_read_a_page_at_a_time(app):
    cast = await make_company(app)
    for number in range(7):
        await admin.update_org(app, cast["astrid"], {"name": f"Namn {number}"})

    first = await audit.page(app, cast["astrid"], limit=3)
    second = await audit.page(app, cast["astrid"], first["entries"][-1]["id"], limit=3)
    third = await audit.page(app, cast["astrid"], second["entries"][-1]["id"], limit=3)

    names = [
        each["changes"]["name"][1] for page in (first, second, third) for each in page["entries"]
    ]
    assert names == [f"Namn {number}" for number in range(6, -1, -1)]
    assert (first["more"], second["more"], third["more"]) == (True, True, False)


async def test_a_bot_speaks_with_a_token_until_it_is_taken_back(app):
    cast = await make_company(app)
    astrid = cast["astrid"]
    bot = await bots.add(app, astrid, "Vädret", None)
    made = await bots.add_token(app, astrid, bot.id, "till skärmen")

    who = await sessions.authenticate(app, made["token"])

    assert (who.user.id, who.user.role, who.user.handle) == (bot.id, "bot", "vadret")
    [listed] = await bots.listing(app, astrid)
    [token] = listed["tokens"]
    assert (token["name"], token["last_used_at"]) == ("till skärmen", None)
    assert "token" not in token
    await admin.block(app, astrid, bot.id)
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, made["token"])
    await admin.unblock(app, astrid, bot.id)
    await sessions.authenticate(app, made["token"])
    await bots.remove_token(app, astrid, bot.id, made["id"])
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, made["token"])


async def test_a_bot_is_no_person(app):
    cast = await make_company(app)
    astrid = cast["astrid"]
    bot = await bots.add(app, astrid, "Vädret", "vader")
    another = await bots.add(app, astrid, "Vädret", None)  # no address, twice

    assert bot not in await admin.listing(app, astrid)
    assert another.handle == "vadret"
    with pytest.raises(Conflict):
        await admin.update(app, astrid, bot.id, {"role": "admin"})
    with pytest.raises(Conflict):
        await admin.invite(app, astrid, bot.id)
    with pytest.raises(Conflict):
        await bots.add(app, astrid, "Vädret", "birger")
    with pytest.raises(NotFound):
        await bots.add_token(app, astrid, cast["birger"].id, "min")
    with pytest.raises(NotSignedIn):
        await sessions.sign_in(app, "", "", "", "")


async def test_a_bot_has_so_many_tokens_and_no_more(app):
    cast = await make_company(app)
    bot = await bots.add(app, cast["astrid"], "Vädret", None)
    for number in range(bots.MOST_TOKENS):
        await bots.add_token(app, cast["astrid"], bot.id, f"{number}")
    with pytest.raises(OverQuota):
        await bots.add_token(app, cast["astrid"], bot.id, "en till")


async def test_an_operator_adds_a_company_and_its_administrator_is_invited(app):
    op = (await make_company(app), await make_operator(app))[1]

    made = await operator.add(
        app, op, "Tredje bolaget", "en", "Europe/Helsinki", "Chef@tredje.example.com", "Chef"
    )

    assert (made["people"], made["blocked"], made["language"]) == (1, False, "en")
    first = await app.stores.users.by_email("chef@tredje.example.com")
    assert (first.role, first.org_id, first.language) == ("admin", made["id"], "en")
    assert await app.stores.database["mails"].count_documents({"to": first.email}) == 1
    assert len(await operator.listing(app, op)) == 3
    with pytest.raises(Conflict):
        await operator.add(
            app, op, "Fjärde", "sv", "Europe/Stockholm", "chef@tredje.example.com", "Chef"
        )
    assert len(await operator.listing(app, op)) == 3


async def test_a_blocked_company_is_disconnected_and_comes_back(app):
    cast = await make_company(app)
    op = await make_operator(app)
    token = await sessions.start(app, cast["cecilia"], "", "")

    await operator.update(app, op, "example.org", name=None, blocked=True)

    assert (cast["cecilia"].id, "blocked") in app.events.ended
    with pytest.raises(NotSignedIn):
        await sessions.authenticate(app, token)
    shown = await operator.update(app, op, "example.org", name="Nytt namn", blocked=False)
    assert (shown["name"], shown["blocked"]) == ("Nytt namn", False)
    await sessions.authenticate(app, token)
    with pytest.raises(Conflict):
        await operator.update(app, op, "example.com", name=None, blocked=True)
    with pytest.raises(NotFound):
        await operator.update(app, op, "nowhere", name="X", blocked=None)

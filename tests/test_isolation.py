"""The wall between companies: through every door, another company's ids are ids that never were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest
from aiohttp import ClientSession, web

from server.account_inputs import FirstAdmin
from server.app import App
from server.domain import messages, rooms
from server.domain.accounts import bots, profile
from server.http.describe import description_of
from server.http.openapi import PATH_NAME
from server.serve import TABLES
from server.sockets.commands import commands
from storage.telephony import ActivityType
from tests.cast import make_token, make_user
from tests.clients import connected
from tests.companies import (
    Company,
    calendar_things,
    contact_things,
    everything_of,
    make_two,
    picture,
    telephony_things,
)
from tests.conftest import make_settings, run_server
from tests.wall_cases import COMMANDS, ROUTES, WITHOUT_CHAT, Call, Ref

NAMES_AN_ID = re.compile(r"(^|_)(ids?|seq|cursors?|token|reply_to|around|v|before|after)$")
SHORTEST_ID = 8
# What a path may name that is nobody's in particular; a sound's key is as secret as a mailed link.
NO_IDS = {"org_id", "language", "key", "rate", "provider"}
MAILED_SECRETS = {"token"}  # who has the link may use it: that is what it is for
NEVER = {
    "room": "0" * 32, "user": "1" * 32, "colleague": "2" * 32, "org": "3" * 32,
    "session": "4" * 32, "bot": "5" * 32, "token": "6" * 32, "audit": "7" * 32,
    "picture": "8" * 32, "client": "never-said", "email": "never@example.net",
    "handle": "never.was", "file": "never-sent", "activity": "9" * 32, "own_activity": "a" * 32,
    "exchange": "f" * 32, "number": "999999", "free_number": "+46313900690",
    "connection": "1a" * 16, "mailbox": "2b" * 16, "letter": f"{'3c' * 16}:calendar.sync",
    "contact": "b" * 32, "import": "c" * 32, "favourite": "d" * 32, "listed": f"7a.{'e' * 32}",
    "seq": "9000", "cursor": f"4102444800000.{'0' * 32}.9000",
}  # fmt: skip  # a table reads best with several on a line


# Filling in the cases


def places_in(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Ref]]:
    """Where in a case there are ids."""
    if isinstance(node, Ref):
        yield at, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from places_in(key, (*at, key, "key"))
            yield from places_in(value, (*at, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from places_in(value, (*at, index))


def filled(node: Any, ids: dict[tuple[Any, ...], str], at: tuple[Any, ...] = ()) -> Any:
    """The case with the ids for its places."""
    if isinstance(node, Ref):
        return int(ids[at]) if node.kind == "seq" else ids[at]
    if isinstance(node, dict):
        return {
            filled(key, ids, (*at, key, "key")): filled(value, ids, (*at, key))
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [filled(value, ids, (*at, index)) for index, value in enumerate(node)]
    return node


def mixes(case: Any, own: dict[str, str], theirs: dict[str, str]) -> Iterator[Any]:
    """(the places that are not ours, the case with their ids, the same with ids that never were).

    First one place at a time, then all of them.
    """
    places = dict(places_in(case))
    ours = {place: own[ref.kind] for place, ref in places.items()}
    groups = [[place] for place in places]
    for group in groups + ([list(places)] if len(places) > 1 else []):
        foreign = ours | {place: theirs[places[place].kind] for place in group}
        never = ours | {place: NEVER[places[place].kind] for place in group}
        yield [places[place] for place in group], filled(case, foreign), filled(case, never)


def plain(answer: Any, *sent: str) -> str:
    """The answer as text, without what was sent and what differs between any two answers."""
    text = answer if isinstance(answer, str) else json.dumps(answer, sort_keys=True)
    text = re.sub(r'"(request_id|sent_at|server_time)": ?"[^"]*"', "", text)
    for value in sorted({*sent}, key=len, reverse=True):
        if len(value) >= SHORTEST_ID:
            text = text.replace(value, "…")
    return text


def texts_in(node: Any) -> set[str]:
    """Every piece of text in what was sent."""
    if isinstance(node, dict):
        return {text for pair in node.items() for each in pair for text in texts_in(each)}
    if isinstance(node, list | tuple):
        return {text for each in node for text in texts_in(each)}
    return {str(node)} if isinstance(node, str) else set()


def assert_silent(answer: Any, theirs: Company, sent: Any, where: str) -> None:
    """Nothing of the other company's is in the answer, but for what the caller sent."""
    text = plain(answer, *texts_in(sent))
    told = [secret for secret in theirs.secrets if secret in text]
    assert not told, f"{where} tells {told}"


def with_cursor(ids: dict[str, str]) -> dict[str, str]:
    return ids | {"cursor": f"4102444800000.{ids['room']}.{ids['seq']}"}


async def fresh_ids(app: App, ours: Company) -> dict[str, str]:
    """Ids of our own that a call may use up: a person, a room with their messages, a bot …"""
    astrid = ours.people["astrid"]
    person = await make_user(app, app.new_id()[-12:])
    room = await rooms.create(app, astrid, "Provrum", [person.id])
    for index in range(3):
        await messages.send(app, astrid, room["id"], "Hemligt rum", f"{person.id}-{index}")
    bot = await bots.add(app, astrid, "Robot", None)
    token = await bots.add_token(app, astrid, bot.id, "Nyckel")
    named = {"room": room["id"], "colleague": person.id, "bot": bot.id, "token": token["id"]}
    for kind, owner in (("activity", astrid.org_id), ("own_activity", astrid.id)):
        made = ActivityType(id=app.new_id(), owner=owner, label={"sv": "Syssla", "en": "Chore"})
        await app.stores.activity_types.save(astrid.org_id, made)
        named[kind] = made.id
    named |= await contact_things(app, astrid, "prov")
    named |= await calendar_things(app, astrid, "prov")
    await app.stores.database["pbx_credentials"].delete_many({"name": "Prov"})
    named |= await telephony_things(app, astrid, "Prov")
    return with_cursor(ours.ids | named | {"seq": "3", "client": person.id})


@pytest.fixture
async def world(databases, tmp_path):
    """A server with two companies in it."""
    settings = make_settings(databases, tmp_path, sessions_per_user=100_000)
    async with run_server(settings) as live:
        await live.app.throttle.clear("sign-in:ip:127.0.0.1", "forgot:ip:127.0.0.1")
        ours, theirs = await make_two(live.app)
        yield live, ours, theirs


# Nothing may be forgotten


def test_every_command_and_each_id_that_it_takes_is_tried():
    assert set(COMMANDS) == set(commands), "a command without a case, or a case without a command"
    for name, command in commands.items():
        wanted = set(_id_fields(command.input))
        tried = {place[0] for case in COMMANDS[name] for place, _ref in places_in(case)}
        missing = wanted - tried
        assert not missing, f"{name} is never tried with a foreign {missing}"


def test_every_route_and_each_id_that_it_takes_is_tried():
    listed = routes()
    apart = {("GET", "/{path}"), ("GET", "/internal/metrics")}  # files of the client; siblings only
    assert set(ROUTES) == set(listed) - apart, "a route without a case, or a case without a route"
    for key, calls in ROUTES.items():
        said = description_of(listed[key])
        kinds = [kind for kind in (said and said.body, said and said.query) if kind]
        wanted = {field for kind in kinds for field in _id_fields(kind)}
        wanted |= set(PATH_NAME.findall(key[1])) - NO_IDS
        tried = {
            place[0]
            for call in calls
            for part in (call.path, call.query, call.body)
            for place, _ref in places_in(part)
        }
        missing = wanted - tried - MAILED_SECRETS
        assert not missing, f"{key} is never tried with a foreign {missing}"


def _id_fields(kind: Any) -> Iterator[str]:
    for name, hint in get_type_hints(kind).items():
        is_time = "datetime" in str(hint)
        if NAMES_AN_ID.search(name) and not is_time and kind is not FirstAdmin:
            yield name


def routes() -> dict[tuple[str, str], Any]:
    """Every route's handler, by method and address."""
    application = web.Application()
    for table in TABLES:
        application.add_routes(table.routes)
    return {
        (route.method, route.resource.canonical): route.handler
        for route in application.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


# Sockets


@pytest.mark.parametrize("who", ["birger", "astrid", "rebecka"])
async def test_no_command_tells_or_touches_anything_of_another_company(world, who):
    live, ours, theirs = world
    before = await everything_of(live.app, theirs)
    own, foreign = with_cursor(ours.ids), with_cursor(theirs.ids)
    token = await make_token(live.app, ours.people[who])
    async with connected(live.url, token) as (client,):
        for name, cases in COMMANDS.items():
            for case in cases:
                answer = await client.ask(name, filled(case, _all(case, own)))
                assert_silent(answer, theirs, case, name)
                for refs, data, never in mixes(case, own, foreign):
                    answer = await client.ask(name, data)
                    assert_silent(answer, theirs, data, f"{name} {data}")
                    if any(ref.outcome == "silent" for ref in refs):
                        continue
                    if any(ref.outcome == "hidden" for ref in refs):
                        assert answer["error"]["type"] == "/problems/not-found", (name, data)
                    same = await client.ask(name, never)
                    assert plain(answer, *texts_in(data)) == plain(same, *texts_in(never)), name
        assert_silent(client.facts, theirs, {}, "a fact")

    assert await everything_of(live.app, theirs) == before


async def test_every_command_works_with_ids_of_our_own(world):
    live, ours, theirs = world
    token = await make_token(live.app, ours.people["astrid"])
    async with connected(live.url, token) as (client,):
        for name, cases in COMMANDS.items():
            for case in cases:
                ids = await fresh_ids(live.app, ours)
                answer = await client.ask(name, filled(case, _all(case, ids)))
                assert answer["ok"] or case.get("file_ids"), (name, case, answer)
                assert_silent(answer, theirs, case, name)


async def test_a_room_of_another_company_is_left_exactly_as_one_that_never_was(world):
    live, ours, theirs = world
    token = await make_token(live.app, ours.people["birger"])
    asked = {theirs.ids["room"]: 0, NEVER["room"]: 0, ours.ids["room"]: 1}
    async with connected(live.url, token) as (client,):
        answer = await client.do("room.sync", cursors=asked)

    assert answer["left"] == [theirs.ids["room"], NEVER["room"]]
    assert list(answer["rooms"]) == [ours.ids["room"]]
    assert theirs.ids["room"] not in {room["id"] for room in answer["joined"]}


async def test_who_is_on_the_basic_plan_is_refused_everything_that_is_chat(world):
    live, ours, theirs = world
    token = await make_token(live.app, ours.people["basse"])
    async with connected(live.url, token) as (client,), ClientSession(live.url) as http:
        for name, cases in COMMANDS.items():
            for case in cases:
                if name in WITHOUT_CHAT and any(True for _ in places_in(case)):
                    continue  # what is answered depends on the ids, not on the plan
                for ids in (ours.ids, theirs.ids, NEVER):
                    answer = await client.ask(name, filled(case, _all(case, with_cursor(ids))))
                    assert answer["ok"] == (name in WITHOUT_CHAT), (name, answer)
                    assert answer["ok"] or answer["error"]["type"] == "/problems/not-allowed", name
        assert (await client.do("session.open"))["rooms"] == []
        for key, calls in ROUTES.items():
            if key[1].startswith(("/api/rooms/", "/api/search", "/api/sync")) or key[0] == "rooms":
                for call in calls:
                    status, text = await _fetch(http, key, call, with_cursor(ours.ids), token)
                    assert status == 403, (key, text)


# HTTP


@pytest.mark.parametrize("who", ["birger", "astrid"])
async def test_no_route_tells_or_touches_anything_of_another_company(world, who):
    live, ours, theirs = world
    actor = ours.people[who]
    before = await everything_of(live.app, theirs)
    own, foreign = with_cursor(ours.ids), with_cursor(theirs.ids)
    async with ClientSession(live.url) as http:
        for key, calls in ROUTES.items():
            for call in calls:
                token = await make_token(live.app, actor)
                case = {"path": call.path, "query": call.query, "body": call.body}
                if not any(True for _ in places_in(case)):
                    _status, text = await _fetch(http, key, call, own, token)
                    assert_silent(text, theirs, case, str(key))
                for refs, data, never in mixes(case, own, foreign):
                    answer = await _send(http, key, call, data, token)
                    assert_silent(answer[1], theirs, data, f"{key} {data}")
                    if any(ref.outcome == "silent" for ref in refs):
                        continue
                    if any(ref.outcome == "hidden" for ref in refs):
                        assert answer[0] == _refusal(key[1], who), (key, data, answer)
                    same = await _send(http, key, call, never, token)
                    assert answer[0] == same[0], (key, data)
                    assert plain(answer[1], *texts_in(data)) == plain(same[1], *texts_in(never))

    assert await everything_of(live.app, theirs) == before


def _refusal(path: str, who: str) -> int:
    for_admins = path.startswith("/api/admin/") and who != "astrid"
    return 403 if for_admins or path.startswith("/api/operator/") else 404


async def test_every_route_works_with_ids_of_our_own(world):
    live, ours, theirs = world
    async with ClientSession(live.url) as http:
        for key, calls in ROUTES.items():
            for call in calls:
                astrid = await profile.set_picture(
                    live.app, ours.people["astrid"], picture("green")
                )
                ids = await fresh_ids(live.app, ours) | {"picture": astrid.picture or ""}
                token = await make_token(live.app, ours.people["astrid"])
                if call.path.get("session_id"):
                    [session, *_rest] = await live.app.stores.sessions.of_user(
                        astrid.id, astrid.org_id
                    )
                    ids["session"] = session.id
                status, text = await _fetch(http, key, call, ids, token)
                assert status == call.own, (key, call, status, text)
                assert_silent(text, theirs, call.body or {}, str(key))


async def test_a_bot_reaches_no_further_than_its_company_and_its_rooms(world):
    live, ours, theirs = world
    made = await bots.add_token(live.app, ours.people["astrid"], ours.ids["bot"], "Prov")
    own, foreign = with_cursor(ours.ids), with_cursor(theirs.ids)
    async with ClientSession(live.url) as http:
        for key, calls in ROUTES.items():
            if key in {("DELETE", "/api/session"), ("DELETE", "/api/sessions")}:
                continue  # it would sign itself out
            for call in calls:
                for ids in (own, foreign):
                    status, text = await _fetch(http, key, call, ids, made["token"])
                    assert_silent(text, theirs, [*foreign.values()], str(key))
                    if "{room_id}" in key[1]:
                        assert status == 404, (key, text)
                    if "/admin/" in key[1] or "/operator/" in key[1]:
                        assert status == 403, (key, text)


async def test_without_signing_in_every_route_that_is_not_public_is_refused(world):
    live, ours, theirs = world
    public = {
        key
        for key, handler in routes().items()
        if (said := description_of(handler)) is None or said.public
    }
    async with ClientSession(live.url) as http:
        for key, calls in ROUTES.items():
            for call in calls:
                status, text = await _fetch(http, key, call, with_cursor(theirs.ids), None)
                if key not in public:
                    assert status == 401, (key, text)
                assert_silent(text, theirs, [*theirs.ids.values()], str(key))
                assert_silent(text, ours, [*theirs.ids.values()], str(key))


async def test_nobody_hears_what_happens_in_another_company(world):
    live, ours, theirs = world
    listeners = [await make_token(live.app, ours.people[name]) for name in ("astrid", "birger")]
    cecilia = await make_token(live.app, theirs.people["cecilia"])
    async with connected(live.url, *listeners) as clients:
        async with connected(live.url, cecilia) as (busy,):
            room_id = theirs.ids["room"]
            await busy.do("message.send", room_id=room_id, body="deras nyhet", client_id="n")
            await busy.do("room.typing", room_id=room_id)
            await busy.do("room.read", room_id=room_id, seq=9)
            await busy.do("presence.note", note="deras anteckning")
            await busy.do("room.create", name="Rummet deras 2", member_ids=[])
            await busy.hears("presence.changed")
        await clients[0].do("message.send", room_id=ours.ids["room"], body="vår", client_id="n")
        for client in clients:
            await client.hears("room.entry")
            text = json.dumps(client.facts)
            assert "deras" not in text
            assert_silent(client.facts, theirs, {}, "a fact")


# Help


def _all(case: Any, ids: dict[str, str]) -> dict[tuple[Any, ...], str]:
    return {place: ids[ref.kind] for place, ref in places_in(case)}


async def _fetch(
    http: ClientSession, key: tuple[str, str], call: Call, ids: dict[str, str], token: str | None
) -> tuple[int, str]:
    case = {"path": call.path, "query": call.query, "body": call.body}
    return await _send(http, key, call, filled(case, _all(case, ids)), token)


async def _send(
    http: ClientSession, key: tuple[str, str], call: Call, data: Any, token: str | None
) -> tuple[int, str]:
    method, path = key
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body: dict[str, Any] = {} if data["body"] is None else {"json": data["body"]}
    if call.raw is not None:
        body = {"data": call.raw[0]}
        headers["Content-Type"] = call.raw[1]
    query = {name: str(value) for name, value in data["query"].items()}
    async with http.request(
        method,
        path.format(**data["path"]),
        params=query,
        headers=headers,
        allow_redirects=False,
        **body,
    ) as answer:
        return answer.status, (await answer.read()).decode("utf-8", "replace")

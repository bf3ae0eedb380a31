"""The doors of accounts and administration, over real HTTP."""

from __future__ import annotations

import pytest

from server.domain.accounts import admin, bots
from tests.callers import Caller, calling
from tests.cast import PASSWORD, make_company, make_token, make_user
from tests.test_accounts import _photo
from tests.test_accounts_passwords import link_in, read_mail

NEW = "ett-riktigt-bra-losenord"
BAD_INPUT = [
    ("POST", "/api/session", b"", 422),
    ("POST", "/api/session", b"{", 422),
    ("POST", "/api/session", b"[]", 422),
    ("POST", "/api/session", b"null", 422),
    ("POST", "/api/session", b'{"email":1,"password":"x"}', 422),
    ("POST", "/api/session", b'{"email":"a","password":"x","admin":true}', 422),
    ("POST", "/api/session", b'{"email":"a\\u0000","password":"x"}', 422),
    ("POST", "/api/session", b'{"email":"\\ud800","password":"x"}', 422),
    ("POST", "/api/session", b"\xff\xfe", 422),
    ("PATCH", "/api/me", b'{"name":""}', 422),
    ("PATCH", "/api/me", b'{"name":null}', 200),
    ("PATCH", "/api/me", b'{"note":"\\ud800"}', 422),
    ("PATCH", "/api/me", b'{"phones":[{"kind":"work"}]}', 422),
    ("PATCH", "/api/me", b'{"phones":[{"kind":"fax","number":"12345"}]}', 422),
    ("PATCH", "/api/me", b'{"phones":[{"kind":"work","number":"\\u0000\\u0000"}]}', 422),
    ("PATCH", "/api/me", b'{"working_hours":{"mon":[["x","y"]]}}', 422),
    ("PATCH", "/api/me", b'{"working_hours":{"\\ud800":[]}}', 422),
    ("PATCH", "/api/me", b'{"language":"de"}', 422),
    ("PUT", "/api/me/picture", b"{}", 422),
    ("PUT", "/api/me", b"{}", 405),
    ("GET", "/api/people/%00", b"", 422),
    ("GET", "/api/people/%ff", b"", 404),
    ("GET", "/api/people/" + "x" * 65, b"", 422),
    ("GET", "/api/people/x/picture?v=%00", b"", 422),
    ("GET", "/api/people/x/picture?w=1", b"", 422),
    ("GET", "/api/invitations/%F0%9F%92%A9", b"", 404),
    ("DELETE", "/api/sessions/x", b"", 404),
    ("POST", "/api/admin/people", b'{"email":"x@example.com","name":"\\ud800"}', 422),
    ("POST", "/api/admin/people", b'{"email":"x@example.com","name":"X","role":"bot"}', 422),
    ("POST", "/api/admin/people", b'{"email":"x@example.com","name":"X","id":"1"}', 422),
    ("PATCH", "/api/admin/people/x", b'{"user_id":"y"}', 422),
    ("PATCH", "/api/admin/people/x", b"{}", 404),
    ("POST", "/api/admin/people/x/block", b'{"force":true}', 422),
    ("GET", "/api/admin/audit?limit=0", b"", 422),
    ("GET", "/api/admin/audit?before=", b"", 422),
    ("GET", "/api/admin/audit?limit=10&limit=20", b"", 422),
    ("POST", "/api/operator/orgs", b'{"name":"X","admin":{"email":"\\u0000","name":"X"}}', 403),
    ("GET", "/api/nothing", b"", 404),
    ("GET", "/api", b"", 404),
]


@pytest.fixture
async def cast(live):
    return await make_company(live.app)


@pytest.fixture
async def http(live):
    async with calling(live.url) as found:
        yield found


@pytest.fixture
async def call(live, cast, http):
    """call("astrid") is Astrid calling; call() is a stranger."""
    made = {}
    for handle, user in cast.items():
        made[handle] = Caller(http, live.url, await make_token(live.app, user))
    stranger = Caller(http, live.url)
    return lambda handle="": made.get(handle, stranger)


async def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(call):
    answer = await call().post(
        "/api/session", {"email": "astrid@example.com", "password": PASSWORD}
    )

    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="):
        assert part in cookie
    assert "Secure" not in cookie  # plain http here
    own = {"Cookie": f"vaxel_session={answer.data['token']}"}
    assert (await call().get("/api/me", headers=own)).data == answer.data["user"]
    foreign = own | {"Origin": "https://evil.example"}
    assert (await call().post("/api/password", {}, headers=foreign)).status == 403
    gone = await call().call("DELETE", "/api/session", headers=own)
    assert gone.status == 204
    assert "Max-Age=0" in gone.headers["Set-Cookie"]
    assert (await call().get("/api/me", headers=own)).status == 401


async def test_a_refused_sign_in_is_worded_in_the_browsers_language(call):
    data = {"email": "astrid@example.com", "password": "fel"}
    swedish = await call().post("/api/session", data)
    english = await call().post("/api/session", data, headers={"Accept-Language": "en-GB,sv;q=0.5"})

    assert swedish.status == english.status == 401
    assert swedish.data["detail"] == "E-postadressen eller lösenordet stämmer inte."
    assert english.data["detail"] == "The e-mail address or the password is not right."
    assert swedish.headers["Content-Type"] == "application/problem+json"


async def test_waiting_time_is_told(call):
    data = {"email": "astrid@example.com", "password": "fel"}
    for _ in range(5):
        await call().post("/api/session", data)
    answer = await call().post("/api/session", data)
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_devices_are_listed_and_signed_out_one_by_one(call):
    astrid = call("astrid")
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"}
    await call().post(
        "/api/session", {"email": "astrid@example.com", "password": PASSWORD}, headers=agent
    )

    found = (await astrid.get("/api/sessions")).data["sessions"]

    assert {each["device"]: each["current"] for each in found} == {
        "Firefox, Windows": False,
        "test": True,
    }
    other = next(each for each in found if not each["current"])
    assert (await call("birger").delete(f"/api/sessions/{other['id']}")).status == 404
    assert (await astrid.delete(f"/api/sessions/{other['id']}")).status == 204
    assert len((await astrid.get("/api/sessions")).data["sessions"]) == 1
    assert (await astrid.delete("/api/sessions")).status == 204
    assert (await astrid.get("/api/me")).status == 401


async def test_an_address_behind_a_proxy_counts_only_when_the_proxy_is_trusted(live, call):
    headers = {"X-Forwarded-For": "198.51.100.7"}
    await call().post(
        "/api/session", {"email": "astrid@example.com", "password": PASSWORD}, headers=headers
    )
    found = (await call("astrid").get("/api/sessions")).data["sessions"]
    assert {each["ip"] for each in found} == {"127.0.0.1"}


async def test_profile_password_and_picture_over_http(call, cast):
    birger = call("birger")

    changed = await birger.patch("/api/me", {"title": "Säljare", "language": "en"})
    assert (changed.data["title"], changed.data["language"]) == ("Säljare", "en")
    wrong = await birger.patch("/api/me", {"plan": "enterprise"})
    assert (wrong.status, wrong.data["field"]) == (422, "plan")
    assert wrong.data["detail"] == "There is no field plan."

    jpeg = {"Content-Type": "image/jpeg"}
    shown = await birger.call("PUT", "/api/me/picture", data=_photo(), headers=jpeg)
    picture = await call("astrid").get(shown.data["picture"])
    assert picture.headers["Content-Type"] == "image/webp"
    assert "immutable" in picture.headers["Cache-Control"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert (await call("cecilia").get(shown.data["picture"])).status == 404
    assert (await birger.delete("/api/me/picture")).data["picture"] is None
    large = await birger.call("PUT", "/api/me/picture", data=b"x" * 5_000_001, headers=jpeg)
    assert large.status == 413

    data = {"current": PASSWORD, "new": NEW}
    assert (await birger.post("/api/password", data)).status == 204
    signed_in = await call().post("/api/session", {"email": cast["birger"].email, "password": NEW})
    assert signed_in.status == 200


async def test_invitation_and_reset_over_http(live, call):
    added = await call("astrid").post(
        "/api/admin/people", {"email": "ny@example.com", "name": "Ny", "plan": "pro"}
    )
    assert added.status == 201
    [mail] = await read_mail(live.app)
    address = f"/api/invitations/{link_in(mail)}"
    assert (await call().get(address)).data["email"] == "ny@example.com"
    weak = await call().post(address, {"password": "1234567890"})
    assert (weak.status, weak.data["field"]) == (422, "password")
    accepted = await call().post(address, {"password": NEW, "name": "Ny Namn"})
    assert accepted.data["user"]["name"] == "Ny Namn"
    assert "vaxel_session" in accepted.headers["Set-Cookie"]
    assert (await call().get(address)).status == 404

    assert (await call().post("/api/password/forgot", {"email": "ny@example.com"})).status == 202
    assert (await call().post("/api/password/forgot", {"email": "x@example.com"})).status == 202
    reset = {"token": link_in((await read_mail(live.app))[-1]), "new": NEW + "2"}
    assert (await call().post("/api/password/reset", reset)).status == 204
    assert (await call().post("/api/password/reset", reset)).status == 404


async def test_people_are_administered_over_http(call, cast):
    astrid, birger = call("astrid"), cast["birger"].id
    changed = await astrid.patch(
        f"/api/admin/people/{birger}",
        {"plan": "business", "phones": [{"kind": "work", "number": "4012"}]},
    )
    assert (changed.data["plan"], changed.data["phones"][0]["number"]) == ("business", "4012")
    assert (await astrid.post(f"/api/admin/people/{birger}/block")).data["blocked"] is True
    assert (await call("birger").get("/api/me")).status == 401
    assert (await astrid.post(f"/api/admin/people/{birger}/unblock")).data["blocked"] is False
    assert (await astrid.post(f"/api/admin/people/{birger}/invitation")).status == 409
    entries = (await astrid.get("/api/admin/audit?limit=2")).data
    assert [each["action"] for each in entries["entries"]] == ["person.unblocked", "person.blocked"]
    assert entries["more"] is True
    assert (await astrid.get("/api/admin/audit?limit=x")).status == 422
    org = await astrid.patch("/api/admin/org", {"name": "Nytt namn"})
    assert (org.data["name"], (await astrid.get("/api/admin/org")).data) == ("Nytt namn", org.data)


async def test_a_file_of_people_over_http_names_row_and_column_in_words(live, call):
    text = "email;name;plan\nnils@example.com;Nils;guld\n;Nils;pro\n".encode("cp1252")
    csv = {"Content-Type": "text/csv"}
    astrid = call("astrid")

    tried = await astrid.call("POST", "/api/admin/people/import", data=text, headers=csv)

    assert tried.data == {
        "dry_run": True,
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "errors": [
            {"row": 2, "column": "plan", "value": "guld",
             "problem": "Ska vara en av basic, pro, business, enterprise."},
            {"row": 3, "column": "email", "value": "", "problem": "Får inte vara tom."},
        ],
    }  # fmt: skip  # a fault a line
    good = "email,name\nnils@example.com,Nils Å".encode()
    path = "/api/admin/people/import?dry_run=false"
    applied = await astrid.call("POST", path, data=good, headers=csv)
    assert (applied.data["created"], applied.data["errors"]) == (1, [])
    json = {"Content-Type": "application/json"}
    assert (await astrid.call("POST", path, data=good, headers=json)).status == 422
    assert (await astrid.call("POST", path + "&x=1", data=good, headers=csv)).status == 422
    assert (await call("birger").call("POST", path, data=good, headers=csv)).status == 403
    assert await live.app.stores.users.by_email("nils@example.com")


async def test_a_bots_token_is_made_and_taken_back_over_http(live, http, call):
    astrid = call("astrid")
    bot = (await astrid.post("/api/admin/bots", {"name": "Vädret"})).data
    made = await astrid.post(f"/api/admin/bots/{bot['id']}/tokens", {"name": "skärmen"})
    assert made.status == 201
    speaker = Caller(http, live.url, made.data["token"])
    assert (await speaker.get("/api/me")).data["role"] == "bot"
    assert (await speaker.get("/api/admin/people")).status == 403
    [listed] = (await astrid.get("/api/admin/bots")).data["bots"]
    assert made.data["token"] not in str(listed)
    path = f"/api/admin/bots/{bot['id']}/tokens/{made.data['id']}"
    assert (await call("cecilia").delete(path)).status == 404
    assert (await astrid.delete(path)).status == 204
    assert (await speaker.get("/api/me")).status == 401


async def test_companies_are_operated_over_http(live, http, call):
    user = await make_user(live.app, "op", role="operator")
    op = Caller(http, live.url, await make_token(live.app, user))
    data = {
        "name": "Tredje",
        "language": "en",
        "time_zone": "Europe/Helsinki",
        "admin": {"email": "chef@tredje.example.com", "name": "Chef"},
    }
    assert (await call("astrid").post("/api/operator/orgs", data)).status == 403
    made = await op.post("/api/operator/orgs", data)
    assert (made.status, made.data["people"]) == (201, 1)
    assert (await op.post("/api/operator/orgs", data)).status == 409
    assert len((await op.get("/api/operator/orgs")).data["orgs"]) == 3
    blocked = await op.patch("/api/operator/orgs/example.org", {"blocked": True})
    assert blocked.data["blocked"] is True
    assert (await call("cecilia").get("/api/me")).status == 401


async def test_the_demos_people_are_shown_only_where_there_is_a_demo(live, call):
    config = (await call().get("/api/config")).data
    assert (config["name"], config["demo"], config["languages"]) == ("Växel", [], ["sv", "en"])


async def test_bad_input_is_a_problem_and_never_a_fault(call):
    wrong = []
    for method, path, body, status in BAD_INPUT:
        answer = await call("astrid").call(method, path, data=body)
        good = status == 200 or (
            answer.headers["Content-Type"] == "application/problem+json"
            and answer.data["status"] == status
            and answer.data["detail"]
        )
        if answer.status != status or not good:
            wrong.append((method, path, body, status, answer.status, answer.data))
    assert wrong == []


async def test_a_bots_own_token_cannot_be_used_to_become_a_person(live, call):
    bot = await bots.add(live.app, await _astrid(live.app), "Bot", None)
    with pytest.raises(Exception, match=r"bot"):
        await admin.update(live.app, await _astrid(live.app), bot.id, {"email": "x@example.com"})


async def _astrid(app):
    return await app.stores.users.by_email("astrid@example.com")

"""Malformed calls and what each must be told: the table that `test_bad_input` goes through.

`ROOM` in data and paths stands for a room of the caller's.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

ROOM = "{room}"
LONG_ID = "x" * 65
NO_LIST: Any = []
NO_OBJECT: Any = {}
DEEP = "[" * 100_000


@dataclass(frozen=True)
class Bad:
    """A call over a socket, and the problem that it must be told."""

    command: str
    data: Any
    culprit: str | None = "data"
    kind: str = "invalid"


def typing(room_id: Any) -> Bad:
    return Bad("room.typing", {"room_id": room_id}, "room_id")


def history(wrong: str, value: Any) -> Bad:
    return Bad("room.history", {"room_id": ROOM, wrong: value}, wrong)


def sync(cursors: Any, culprit: str = "cursors") -> Bad:
    return Bad("room.sync", {"cursors": cursors}, culprit)


def send(wrong: str, value: Any) -> Bad:
    good = {"room_id": ROOM, "body": "Hej", "client_id": "bad"}
    return Bad("message.send", good | {wrong: value}, wrong)


def react(emoji: Any) -> Bad:
    data = {"room_id": ROOM, "seq": 2, "emoji": emoji, "on": True}
    return Bad("message.react", data, "emoji")


def search(wrong: str, value: Any) -> Bad:
    return Bad("message.search", {"query": "hej"} | {wrong: value}, wrong)


def settings(wrong: str, value: Any) -> Bad:
    return Bad("room.settings", {"room_id": ROOM, "notify": "all"} | {wrong: value}, wrong)


def create(wrong: str, value: Any, culprit: str = "") -> Bad:
    good = {"name": "Grupp", "member_ids": []}
    return Bad("room.create", good | {wrong: value}, culprit or wrong)


SOCKET_CALLS: list[Bad] = [
    *(Bad("room.typing", data) for data in ("text", [1], 5, True, 1.5, "")),
    Bad("room.typing", {}, "room_id"),
    *(typing(each) for each in (5, None, "", LONG_ID, ["a"], {"$ne": ""}, True, "a\x00b")),
    Bad("room.typing", {"room_id": ROOM, "extra": 1}, "extra"),
    Bad("room.typing", {"room_id": ROOM, "": 1}, "data"),
    Bad("session.open", {"token": "x"}, "token"),
    *(history("limit", each) for each in (0, -1, 201, "50", 1.5, True, None, 2**63, 10**30)),
    *(history("before", each) for each in (0, -1, 2**53 + 1, "1", NO_LIST)),
    *(history("after", each) for each in (-1, 1e308)),
    Bad("room.history", {"room_id": ROOM, "before": 2, "after": 1}, "after"),
    Bad("room.history", {"room_id": ROOM, "before": 2, "around": 1}, "around"),
    *(sync(each) for each in (NO_LIST, None, "x", {ROOM: -1}, {ROOM: "1"}, {"": 1}, {LONG_ID: 1})),
    sync({str(each): 0 for each in range(5001)}),
    sync({"a\x00": 1}),
    *(Bad("room.read", {"room_id": ROOM, "seq": each}, "seq") for each in (-1, "3", 2**60, 0.5)),
    *(settings("notify", each) for each in ("loud", "", None, 1)),
    *(
        settings("muted_until", each)
        for each in ("tomorrow", "2030-01-01T00:00:00", 5, "", NO_OBJECT)
    ),
    settings("muted_until", "0001-01-01T00:00:00+23:59"),
    *(create("name", each) for each in ("", "  ", "x" * 121, 5, "a\x00", None)),
    *(create("member_ids", each) for each in ("abc", ["x"] * 1001, ["\x00"])),
    *(create("member_ids", each, "member_ids[0]") for each in ([5], [LONG_ID])),
    Bad("room.create", {"name": "Grupp", "member_ids": ["nobody"]}, None, "not-found"),
    Bad("room.update", {"room_id": ROOM, "topic": "x" * 501}, "topic"),
    Bad("room.update", {"room_id": ROOM, "name": "\t\n "}, "name"),
    Bad("room.add", {"room_id": ROOM, "user_ids": []}, "user_ids"),
    Bad("room.remove", {"room_id": ROOM, "user_id": "nobody"}, None, "not-found"),
    *(send("body", each) for each in ("", "   \n", "x" * 8001, 5, None, "a\x00b", ["a"])),
    *(send("client_id", each) for each in ("", LONG_ID, 5, None)),
    *(send("reply_to", each) for each in (0, -1, "1", 9999, 1)),
    *(send("file_ids", each) for each in (["f"], ["f"] * 11, "f", ["\x00"])),
    Bad("message.send", {"room_id": ROOM, "body": "Hej"}, "client_id"),
    Bad("message.edit", {"room_id": ROOM, "seq": 9999, "body": "a"}, None, "not-found"),
    Bad("message.edit", {"room_id": ROOM, "seq": 1, "body": "a"}, None, "not-found"),
    Bad("message.edit", {"room_id": ROOM, "seq": 2, "body": "x" * 8001}, "body"),
    Bad("message.delete", {"room_id": ROOM, "seq": 2, "body": "a"}, "body"),
    Bad("message.delete", {"room_id": ROOM}, "seq"),
    *(react(each) for each in ("x", "", "thumbs", "👍👎", "👍" * 33, "<b>", 5, "👍\u202e", "\x00")),
    Bad("message.react", {"room_id": ROOM, "seq": 2, "emoji": "👍", "on": "yes"}, "on"),
    Bad("message.pin", {"room_id": ROOM, "seq": 2, "on": 1}, "on"),
    *(search("query", each) for each in ("", "!!!", "x" * 201, 5, "a\x00")),
    *(search("limit", each) for each in (0, 101, "5")),
    *(search("before", each) for each in ("yesterday", 5, "0001-01-01T00:00:00+23:59")),
    search("after", "9999-12-31T23:59:59-23:59"),
    *(search("cursor", each) for each in ("garbage", "1.2", "9" * 20 + ".a.1", "x" * 201)),
    search("has_file", "no"),
    Bad("presence.note", {"note": "x" * 201}, "note"),
    Bad("presence.note", {"note": 5}, "note"),
    Bad("presence.active", {"active": "yes"}, "active"),
    *(
        Bad(name, {}, None, "not-found")
        for name in ("nope", "", "message.Send", "connect", "disconnect", "__class__", "x" * 10_000)
    ),
    *(Bad(name, {"call_id": "x"}, None, "not-found") for name in ("call.start", "call.signal")),
]


@dataclass(frozen=True)
class BadRequest:
    """A request, and the problem that it must be told."""

    method: str
    path: str
    body: Any = None
    culprit: str | None = None
    status: int = 422
    kind: str = "invalid"
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    signed_in: bool = True


def sign_in(body: Any, culprit: str = "data") -> BadRequest:
    return BadRequest("POST", "/api/session", body, culprit, signed_in=False)


def nowhere(method: str, path: str) -> BadRequest:
    return BadRequest(method, path, status=404, kind="not-found")


def wrong_method(method: str, path: str) -> BadRequest:
    return BadRequest(method, path, status=405, kind="not-found")


def stranger(**headers: str) -> BadRequest:
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    return BadRequest(
        "GET", "/api/me", status=401, kind="not-signed-in", headers=given, signed_in=False
    )


def page(query: str, culprit: str) -> BadRequest:
    return BadRequest("GET", f"/api/rooms/{ROOM}/messages?{query}", culprit=culprit)


def find(query: str, culprit: str) -> BadRequest:
    return BadRequest("GET", f"/api/search?{query}", culprit=culprit)


def upload(body: bytes, kind: str, status: int = 422) -> BadRequest:
    problem = "invalid" if status == 422 else "over-quota"
    culprit = "picture" if status == 422 else None
    return BadRequest(
        "PUT", "/api/me/picture", body, culprit, status, problem, {"Content-Type": kind}
    )


MESSAGES = f"/api/rooms/{ROOM}/messages"
SAID = {"body": "Hej", "client_id": "bad-http"}
REQUESTS: list[BadRequest] = [
    *(sign_in(each) for each in (b"{", b"[]", b"null", b'"text"', b"5", b"\xff\xfe", b"\x00")),
    sign_in(DEEP.encode()),
    sign_in(b'{"email":"\\ud800","password":"x"}'),
    sign_in(b"email=a%40example.com&password=x"),
    sign_in(b"", "email"),
    sign_in({"email": 1, "password": "x"}, "email"),
    sign_in({"email": "a@example.com"}, "password"),
    sign_in({"email": "a@example.com", "password": "x", "admin": True}, "admin"),
    sign_in({"email": "a\x00@example.com", "password": "x"}, "email"),
    sign_in({"email": "a@example.com", "password": "x" * 201}, "password"),
    stranger(),
    *(
        stranger(Authorization=each)
        for each in ("Bearer", "Bearer ", "Bearer nope", "Basic YTpi", "x" * 5000, "Bearer ÅÄÖ")
    ),
    stranger(Authorization="Bearer " + "x" * 5000),
    *(
        stranger(Cookie=each)
        for each in ("vaxel_session=", "vaxel_session=nope", "=;;;=", 'vaxel_session="\\', "å=ä")
    ),
    BadRequest("GET", "/api/rooms/%00", culprit="room_id"),
    BadRequest("GET", f"/api/rooms/{LONG_ID}", culprit="room_id"),
    nowhere("GET", "/api/rooms/nope"),
    nowhere("GET", "/api/rooms/%ff%fe"),
    nowhere("GET", "/api/people/..%2f..%2fetc%2fpasswd"),
    *(page(f"limit={each}", "limit") for each in ("abc", "0", "201", "-1", "1.5", "", "1e9")),
    *(page(f"before={each}", "before") for each in ("-1", "x", "9" * 30)),
    page("limit=2&limit=3", "limit"),
    page("x=1", "x"),
    nowhere("PATCH", f"{MESSAGES}/0"),
    nowhere("PATCH", f"{MESSAGES}/abc"),
    nowhere("PATCH", f"{MESSAGES}/-1"),
    nowhere("DELETE", f"{MESSAGES}/{'9' * 15}"),
    BadRequest("POST", MESSAGES, SAID | {"room_id": "other"}, "room_id"),
    BadRequest("POST", MESSAGES, SAID | {"body": "x" * 8001}, "body"),
    BadRequest("POST", MESSAGES, SAID | {"file_ids": ["f"]}, "file_ids"),
    BadRequest("POST", MESSAGES, [SAID], "data"),
    BadRequest("POST", MESSAGES, {"body": "Hej"}, "client_id"),
    BadRequest("PUT", f"{MESSAGES}/2/reactions", {"emoji": "x", "on": True}, "emoji"),
    BadRequest("PUT", f"{MESSAGES}/2/pin", {"on": "true"}, "on"),
    BadRequest("POST", "/api/sync", {"cursors": {"a": -1}}, "cursors"),
    BadRequest("POST", "/api/sync", {}, "cursors"),
    BadRequest("POST", "/api/sync", b'{"cursors":' + b"[" * 1000 + b"]" * 1000 + b"}", "cursors"),
    BadRequest("POST", "/api/sync", b'{"cursors":{"a":1e400}}', "data"),
    BadRequest("POST", "/api/sync", b'{"cursors":{"a":1e300}}', "cursors"),
    find("", "query"),
    find("query=", "query"),
    find("query=hej&has_file=maybe", "has_file"),
    find("query=hej&before=yesterday", "before"),
    find("query=hej&before=0001-01-01T00:00:00%2B23:59", "before"),
    find("query=hej&before=1e300", "before"),
    find("query=hej&cursor=garbage", "cursor"),
    find("query=hej&limit=1000", "limit"),
    find("query=a%00b", "query"),
    *(nowhere(method, "/api/nope") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")),
    *(nowhere("GET", path) for path in ("/api", "/api/", "/metrics/x", "/health", "/internal/x")),
    nowhere("GET", "/missing.js"),
    nowhere("GET", "/..%2f..%2f..%2fetc%2fpasswd.txt"),
    nowhere("GET", "/%00.js"),
    nowhere("GET", "/" + "x" * 3000 + ".js"),
    nowhere("GET", "/%ff.js"),
    wrong_method("PUT", "/api/me"),
    wrong_method("DELETE", "/api/people"),
    wrong_method("PATCH", "/health/live"),
    wrong_method("REPORT", "/api/me"),
    wrong_method("POST", "/"),
    upload(b"text", "text/plain"),
    upload(b"not a picture", "image/png"),
    upload(b"", "image/png"),
    upload(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "image/png"),
    upload(b"x" * 5_000_001, "image/png", 413),
    BadRequest(
        "PATCH", "/api/me", {"working_hours": {"mon": [["8", "17"]]}}, "working_hours.mon[0][0]"
    ),
    BadRequest("PATCH", "/api/me", {"working_hours": {"noday": []}}, "working_hours.noday"),
    BadRequest(
        "PATCH", "/api/me", {"phones": [{"kind": "fax", "number": "123"}]}, "phones[0].kind"
    ),
    BadRequest("PATCH", "/api/me", {"time_zone": "Mars/Olympus"}, "time_zone"),
    BadRequest("PATCH", "/api/me", {"time_zone": "../../etc/passwd"}, "time_zone"),
    BadRequest("PATCH", "/api/me", {"handle": "alla"}, "handle"),
    BadRequest("PATCH", "/api/me", {"language": "de"}, "language"),
    BadRequest("PATCH", "/api/me", {"role": "admin"}, "role"),
    BadRequest("GET", "/api/admin/people", status=403, kind="not-allowed"),
    BadRequest("GET", "/api/operator/orgs", status=403, kind="not-allowed"),
    BadRequest("POST", "/api/rooms", b" " * 6_000_001, None, 413, "over-quota"),
    BadRequest(
        "POST", "/api/rooms", b"not gzip", "data", 400, headers={"Content-Encoding": "gzip"}
    ),
]

# What is written to a raw WebSocket in place of a command.
FRAMES: list[str | bytes] = [
    "42",
    "42[",
    "42{}",
    "42[]",
    "42[1,2]",
    '42["room.typing"',
    "421",
    "42999999999999999999999[]",
    '42["message.send",{"body":"\\ud800"}]',
    "42" + DEEP,
    "",
    "x",
    "9",
    "4",
    "49",
    "4x",
    "40{",
    "41",
    "43",
    "431[",
    "4399[1]",
    "44{}",
    "451-",
    "45x-[]",
    '451-["message.send",{"_placeholder":true,"num":0}]',
    "42/admin,[]",
    '42/admin,["message.send",{}]',
    "40/admin,",
    "40/admin,{",
    "0",
    "1",
    "5",
    "6",
    "3probe",
    b"\x00\x01\x02",
    b"42[]",
    "42[" + " " * 1_000_001 + "]",
    "\ufeff42[]",
]
POLLED: list[bytes] = [
    b"garbage",
    b"",
    b"9",
    b"\xff\xfe",
    b"b!!!",
    b"42[",
    b"4",
    b"42\x1e42[\x1e42{}",
    b"42[]\x1e" * 30,
    b"42" + b" " * 1_000_001,
    b'42["message.send",{"body":"\\ud800"}]',
]
HANDSHAKES: list[tuple[str, str]] = [
    ("GET", ""),
    ("GET", "EIO=3&transport=polling"),
    ("GET", "EIO=4&transport=pigeon"),
    ("GET", "EIO=4&transport=polling&sid=nope"),
    ("GET", "EIO=4&transport=polling&sid=p0.nope"),
    ("GET", "EIO=4&transport=polling&sid=p7.nope"),
    ("GET", "EIO=4&transport=polling&sid=p999.%00"),
    ("GET", "EIO=x&transport=polling"),
    ("GET", "EIO=4&transport=websocket"),
    ("GET", "EIO=4&transport=websocket&sid=nope"),
    ("POST", "EIO=4&transport=polling"),
    ("POST", "EIO=4&transport=polling&sid=nope"),
    ("PUT", "EIO=4&transport=polling"),
    ("DELETE", "EIO=4&transport=polling"),
    ("GET", "EIO=4&transport=polling&j=abc"),
]
RAW_HTTP: list[bytes] = [
    b"garbage\r\n\r\n",
    b"BREW /api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\nbroken header\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: nope\r\n\r\n",
    b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"POST /api/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"GET /api/me HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
    b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/me HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n",
    b"GET /api/me HTTP/1.1\r\nHost: \x00\r\n\r\n",
    b"GET http://[bad/api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]

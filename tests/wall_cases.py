"""Every command and every route with the ids that it takes: what the tests of the wall go through.

A `Ref` stands for an id of some kind. The tests fill in our own, another company's, or one that
never was. A command or route that is missing here fails the tests, and so does an id field without
a `Ref`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

# hidden: not-found, as for an id that never was. same: whatever an id that never was gives.
# silent: it is no key (a client's own id, a place to page from), so nothing of theirs is told.
Outcome = Literal["hidden", "same", "silent"]


@dataclass(frozen=True)
class Ref:
    """An id of that kind."""

    kind: str
    outcome: Outcome = "hidden"


ROOM, USER, SEQ = Ref("room"), Ref("colleague"), Ref("seq")
FILE = Ref("file", "same")  # files come later: every id of one is refused
ACTIVITY, OWN_ACTIVITY = Ref("activity"), Ref("own_activity")
PLACE, WRITER = Ref("seq", "same"), Ref("colleague", "same")
FIND = {"query": "hemligt", "limit": 20}

COMMANDS: dict[str, list[dict[str, Any]]] = {
    "session.open": [{}],
    "presence.active": [{"active": True}],
    "presence.note": [{"note": "Strax tillbaka"}],
    "activity.choose": [
        {"activity_id": ACTIVITY},
        {"activity_id": "lunch", "user_id": USER},
    ],
    "room.direct": [{"user_id": USER}],
    "room.create": [{"name": "Gäng", "member_ids": [USER]}],
    "room.update": [{"room_id": ROOM, "name": "Nytt", "topic": "Ämne"}],
    "room.add": [{"room_id": ROOM, "user_ids": [USER]}],
    "room.remove": [{"room_id": ROOM, "user_id": USER}],
    "room.leave": [{"room_id": ROOM}],
    "room.history": [
        {"room_id": ROOM, "limit": 50},
        {"room_id": ROOM, "before": PLACE, "limit": 50},
        {"room_id": ROOM, "after": PLACE, "limit": 50},
        {"room_id": ROOM, "around": PLACE, "limit": 50},
    ],
    "room.sync": [{"cursors": {Ref("room", "same"): 0}}],
    "room.read": [{"room_id": ROOM, "seq": PLACE}],
    "room.typing": [{"room_id": ROOM}],
    "room.settings": [{"room_id": ROOM, "notify": "none", "muted_until": "2030-01-01T00:00:00Z"}],
    "room.pins": [{"room_id": ROOM}],
    "message.send": [
        {"room_id": ROOM, "body": "Hej", "client_id": Ref("client", "silent")},
        {"room_id": ROOM, "body": "Hej", "client_id": "a", "reply_to": PLACE},
        {"room_id": ROOM, "body": "@cecilia @alla", "client_id": "b", "file_ids": []},
        {"room_id": ROOM, "body": "Hej", "client_id": "c", "file_ids": [FILE]},
    ],
    "message.edit": [{"room_id": ROOM, "seq": SEQ, "body": "Ändrat"}],
    "message.delete": [{"room_id": ROOM, "seq": SEQ}],
    "message.react": [{"room_id": ROOM, "seq": SEQ, "emoji": "👍", "on": True}],
    "message.pin": [{"room_id": ROOM, "seq": SEQ, "on": True}],
    "contact.search": [{"query": "hemligt", "limit": 20}, {"query": "rebecka 070"}],
    "message.search": [
        FIND | {"room_id": ROOM},
        FIND | {"author_id": WRITER},
        FIND | {"cursor": Ref("cursor", "silent")},
        FIND | {"before": "2040-01-01T00:00:00Z", "after": "2020-01-01T00:00:00Z"},
        FIND | {"has_file": False},
    ],
}
WITHOUT_CHAT = {
    *("session.open", "presence.active", "presence.note"),
    *("activity.choose", "contact.search"),
}


@dataclass(frozen=True)
class Call:
    """One way to call a route. *own* is the status for an administrator with ids of their own."""

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    raw: tuple[bytes, str] | None = None
    own: int = 200


IN_ROOM = {"room_id": ROOM}
LABEL = {"sv": "Syssla", "en": "Chore"}
ON_MESSAGE = {"room_id": ROOM, "seq": SEQ}
PERSON = {"user_id": USER}
PHRASE = {"language": "sv", "key": "who"}
PASSWORD = "ett-helt-annat-losenord"
CONTACT, IMPORT = {"contact_id": Ref("contact")}, {"import_id": Ref("import")}
CONNECTION, AT_MICROSOFT = {"connection_id": Ref("connection")}, {"provider": "microsoft"}
NOWHERE = {"address": "http://127.0.0.1:1/", "username": "astrid", "password": "one-app-password"}
CONTACTS = b"Namn;Mobil\nNy;070-174 06 05\n"
CSV = b"email,name\nhelt.ny@example.com,Ny\n"

ROUTES: dict[tuple[str, str], list[Call]] = {
    ("GET", "/api/config"): [Call()],
    ("POST", "/api/session"): [Call(body={"email": "no@example.com", "password": "x"}, own=401)],
    ("DELETE", "/api/session"): [Call(own=204)],
    ("GET", "/api/sessions"): [Call()],
    ("DELETE", "/api/sessions"): [Call(own=204)],
    ("DELETE", "/api/sessions/{session_id}"): [
        Call({"session_id": Ref("session")}, own=204),
    ],
    ("POST", "/api/password"): [Call(body={"current": "fel", "new": PASSWORD}, own=403)],
    ("POST", "/api/password/forgot"): [Call(body={"email": "no@example.com"}, own=202)],
    ("POST", "/api/password/reset"): [Call(body={"token": "no", "new": PASSWORD}, own=404)],
    ("GET", "/api/invitations/{token}"): [Call({"token": "no"}, own=404)],
    ("POST", "/api/invitations/{token}"): [
        Call({"token": "no"}, body={"password": PASSWORD}, own=404)
    ],
    ("GET", "/api/me"): [Call()],
    ("PATCH", "/api/me"): [
        Call(body={"name": "Nytt Namn"}),
        Call(body={"delegates": [USER]}),
        Call(body={"handle": Ref("handle", "silent")}),
    ],
    ("PUT", "/api/me/picture"): [Call(raw=(b"no picture", "image/png"), own=422)],
    ("DELETE", "/api/me/picture"): [Call()],
    ("GET", "/api/people"): [Call()],
    ("GET", "/api/people/{user_id}"): [Call(PERSON)],
    ("GET", "/api/people/{user_id}/picture"): [
        Call({"user_id": Ref("user")}),
        Call({"user_id": Ref("user")}, {"v": Ref("picture")}),
    ],
    ("POST", "/api/activity"): [
        Call(body={"activity_id": ACTIVITY}),
        Call(body={"activity_id": "lunch", "user_id": USER}),
    ],
    ("GET", "/api/people/{user_id}/activities"): [Call(PERSON)],
    ("GET", "/api/activities"): [Call()],
    ("POST", "/api/activities"): [Call(body={"label": LABEL}, own=201)],
    ("PUT", "/api/activities/{activity_id}"): [
        Call({"activity_id": ACTIVITY}, body={"label": LABEL}),
        Call({"activity_id": OWN_ACTIVITY}, body={"hidden": True}),
    ],
    ("DELETE", "/api/activities/{activity_id}"): [Call({"activity_id": OWN_ACTIVITY}, own=204)],
    ("GET", "/api/admin/activities"): [Call()],
    ("POST", "/api/admin/activities"): [Call(body={"label": LABEL}, own=201)],
    ("PUT", "/api/admin/activities/{activity_id}"): [
        Call({"activity_id": ACTIVITY}, body={"label": LABEL})
    ],
    ("DELETE", "/api/admin/activities/{activity_id}"): [Call({"activity_id": ACTIVITY}, own=204)],
    ("GET", "/api/rooms"): [Call()],
    ("POST", "/api/rooms"): [Call(body={"name": "Gäng", "member_ids": [USER]}, own=201)],
    ("POST", "/api/rooms/direct"): [Call(body={"user_id": USER})],
    ("GET", "/api/rooms/{room_id}"): [Call(IN_ROOM)],
    ("PATCH", "/api/rooms/{room_id}"): [Call(IN_ROOM, body={"name": "Nytt", "topic": "Ämne"})],
    ("POST", "/api/rooms/{room_id}/members"): [Call(IN_ROOM, body={"user_ids": [USER]})],
    ("DELETE", "/api/rooms/{room_id}/members/{user_id}"): [Call(IN_ROOM | PERSON)],
    ("POST", "/api/rooms/{room_id}/leave"): [Call(IN_ROOM)],
    ("GET", "/api/rooms/{room_id}/messages"): [
        Call(IN_ROOM, {"limit": 50}),
        Call(IN_ROOM, {"before": PLACE}),
        Call(IN_ROOM, {"after": PLACE}),
        Call(IN_ROOM, {"around": PLACE}),
    ],
    ("POST", "/api/rooms/{room_id}/messages"): [
        Call(IN_ROOM, body={"body": "Hej", "client_id": Ref("client", "silent")}, own=201),
        Call(IN_ROOM, body={"body": "Hej", "client_id": "c", "reply_to": PLACE}, own=201),
        Call(IN_ROOM, body={"body": "@cecilia", "client_id": "d", "file_ids": []}, own=201),
        Call(IN_ROOM, body={"body": "Hej", "client_id": "e", "file_ids": [FILE]}, own=422),
    ],
    ("PATCH", "/api/rooms/{room_id}/messages/{seq}"): [Call(ON_MESSAGE, body={"body": "Ändrat"})],
    ("DELETE", "/api/rooms/{room_id}/messages/{seq}"): [Call(ON_MESSAGE)],
    ("PUT", "/api/rooms/{room_id}/messages/{seq}/reactions"): [
        Call(ON_MESSAGE, body={"emoji": "👍", "on": True})
    ],
    ("PUT", "/api/rooms/{room_id}/messages/{seq}/pin"): [Call(ON_MESSAGE, body={"on": True})],
    ("GET", "/api/rooms/{room_id}/pins"): [Call(IN_ROOM)],
    ("POST", "/api/rooms/{room_id}/read"): [Call(IN_ROOM, body={"seq": PLACE})],
    ("POST", "/api/rooms/{room_id}/typing"): [Call(IN_ROOM)],
    ("PUT", "/api/rooms/{room_id}/settings"): [
        Call(IN_ROOM, body={"notify": "all", "muted_until": None})
    ],
    ("POST", "/api/sync"): [Call(body={"cursors": {Ref("room", "same"): 0}})],
    ("GET", "/api/search"): [
        Call(query=FIND | {"room_id": ROOM}),
        Call(query=FIND | {"author_id": WRITER}),
        Call(query=FIND | {"cursor": Ref("cursor", "silent")}),
        Call(query=FIND | {"before": "2040-01-01T00:00:00Z", "after": "2020-01-01T00:00:00Z"}),
        Call(query=FIND | {"has_file": "false"}),
    ],
    ("GET", "/api/session/snapshot"): [Call()],
    ("GET", "/api/admin/people"): [Call()],
    ("POST", "/api/admin/people"): [
        Call(body={"email": "nyast@example.com", "name": "Ny", "invite": False}, own=201),
        Call(body={"email": Ref("email", "silent"), "name": "Ny"}, own=409),
    ],
    ("PATCH", "/api/admin/people/{user_id}"): [
        Call(PERSON, body={"title": "Ny titel"}),
        Call({"user_id": Ref("bot")}, body={"name": "Nytt"}),
    ],
    ("POST", "/api/admin/people/import"): [Call(raw=(CSV, "text/csv"))],
    ("POST", "/api/admin/people/{user_id}/block"): [Call(PERSON)],
    ("POST", "/api/admin/people/{user_id}/unblock"): [Call(PERSON)],
    ("POST", "/api/admin/people/{user_id}/invitation"): [Call(PERSON)],
    ("GET", "/api/admin/audit"): [Call(), Call(query={"before": Ref("audit", "silent")})],
    ("GET", "/api/admin/org"): [Call()],
    ("PATCH", "/api/admin/org"): [Call(body={"name": "Nytt bolag"})],
    ("GET", "/api/admin/bots"): [Call()],
    ("POST", "/api/admin/bots"): [Call(body={"name": "Ny robot"}, own=201)],
    ("POST", "/api/admin/bots/{user_id}/tokens"): [
        Call({"user_id": Ref("bot")}, body={"name": "Nyckel"}, own=201)
    ],
    ("DELETE", "/api/admin/bots/{user_id}/tokens/{token_id}"): [
        Call({"user_id": Ref("bot"), "token_id": Ref("token")}, own=204)
    ],
    ("GET", "/api/operator/orgs"): [Call(own=403)],
    ("POST", "/api/operator/orgs"): [
        Call(body={"name": "Nytt", "admin": {"email": "x@example.com", "name": "X"}}, own=403)
    ],
    ("PATCH", "/api/operator/orgs/{org_id}"): [
        Call({"org_id": Ref("org")}, body={"blocked": True}, own=403),
        Call({"org_id": Ref("org")}, body={"name": "Taget"}, own=403),
    ],
    ("POST", "/pbx/v1/route"): [
        Call(body={"call_id": Ref("client", "silent"), "to": "101"}, own=401)
    ],
    ("POST", "/pbx/v1/events"): [Call(body={"events": []}, own=401)],
    ("POST", "/hooks/microsoft"): [Call(body={"value": []}, own=202)],
    ("POST", "/hooks/microsoft/lifecycle"): [Call(body={"value": []}, own=202)],
    ("POST", "/hooks/google"): [Call(own=404)],
    ("GET", "/api/admin/numbers"): [Call()],
    ("PUT", "/api/admin/numbers/{number}"): [
        Call({"number": Ref("free_number", "silent")}, body={"kind": "fixed"}),
        Call({"number": "1999"}, body={"kind": "extension", "user_id": USER}),
        Call({"number": "+46313900699"}, body={"kind": "main"}),
    ],
    ("DELETE", "/api/admin/numbers/{number}"): [Call({"number": Ref("number")}, own=204)],
    ("GET", "/api/admin/pbx"): [Call()],
    ("POST", "/api/admin/pbx"): [Call(body={"name": "Ny växel"}, own=201)],
    ("POST", "/api/admin/pbx/{credential_id}/rotate"): [
        Call({"credential_id": Ref("exchange")}, body={"keep_hours": 1})
    ],
    ("DELETE", "/api/admin/pbx/{credential_id}"): [
        Call({"credential_id": Ref("exchange")}, own=204)
    ],
    ("GET", "/api/me/call-rules"): [Call()],
    ("PUT", "/api/me/call-rules"): [
        Call(body={"after": {"colleague_id": USER}}),
        Call(body={"busy": "busy", "anonymous": "block"}),
    ],
    ("GET", "/api/me/calendar"): [Call()],
    ("GET", "/api/me/calendar-policy"): [Call()],
    ("PUT", "/api/me/calendar-policy"): [Call(body={"privacy": None, "show_subjects": True})],
    ("GET", "/api/admin/calendar-policy"): [Call()],
    ("PUT", "/api/admin/calendar-policy"): [
        Call(body={"keywords": [{"word": "FIK", "type_id": ACTIVITY}]}),
        Call(body={"categories": [{"word": "Kund", "type_id": ACTIVITY}]}),
    ],
    ("POST", "/api/routing/simulate"): [
        Call(body={"from": "+46701740605", "to": "101"}),
        Call(body={"from": "", "anonymous": True, "to": "101", "queue": "support"}),
    ],
    ("GET", "/api/me/announcement"): [Call()],
    ("GET", "/api/people/{user_id}/announcement"): [Call(PERSON)],
    ("GET", "/audio/{key}/{rate}.wav"): [Call({"key": "no", "rate": "8000"}, own=404)],
    ("GET", "/api/admin/clips"): [Call(query={"language": "sv"})],
    ("GET", "/api/admin/clips/{language}/{key}"): [
        Call(PHRASE, own=404),
        Call(PHRASE, {"v": Ref("picture", "silent")}, own=404),
    ],
    ("PUT", "/api/admin/clips/{language}/{key}"): [
        Call(PHRASE, raw=(b"no sound", "audio/wav"), own=422)
    ],
    ("DELETE", "/api/admin/clips/{language}/{key}"): [Call(PHRASE, own=404)],
    ("GET", "/api/me/recorded-name"): [Call(own=404)],
    ("PUT", "/api/me/recorded-name"): [Call(raw=(b"no sound", "audio/wav"), own=422)],
    ("DELETE", "/api/me/recorded-name"): [Call(own=404)],
    ("GET", "/api/contacts/search"): [Call(query={"query": "hemligt"})],
    ("GET", "/api/contacts"): [
        Call(query={"scope": "global"}),
        Call(query={"scope": "internal", "cursor": Ref("listed", "silent")}),
        Call(query={"query": "hemligt", "limit": "5"}),
    ],
    ("POST", "/api/contacts"): [Call(body={"scope": "global", "name": "Ny"}, own=201)],
    ("GET", "/api/contacts/{contact_id}"): [Call(CONTACT), Call({"contact_id": USER})],
    ("PATCH", "/api/contacts/{contact_id}"): [Call(CONTACT, body={"title": "Ny titel"})],
    ("DELETE", "/api/contacts/{contact_id}"): [Call(CONTACT, own=204)],
    ("POST", "/api/contacts/import"): [
        Call(query={"scope": "personal", "format": "csv"}, raw=(CONTACTS, "text/csv"), own=202)
    ],
    ("GET", "/api/contacts/imports/{import_id}"): [Call(IMPORT)],
    ("GET", "/api/contacts/imports/{import_id}/faults.csv"): [Call(IMPORT)],
    ("POST", "/api/contacts/imports/{import_id}/apply"): [Call(IMPORT, own=202)],
    ("DELETE", "/api/contacts/imports/{import_id}"): [Call(IMPORT, own=204)],
    ("GET", "/api/contacts/export"): [
        Call(query={"scope": "global", "format": "csv"}),
        Call(query={"scope": "personal", "format": "vcard"}),
    ],
    ("GET", "/api/connections"): [Call()],
    ("POST", "/api/connections/{provider}/begin"): [
        # Microsoft and Google are not set up in the tests: that is told before anything else.
        Call(AT_MICROSOFT, body={}, own=409),
        Call(AT_MICROSOFT, body={"connection_id": Ref("connection", "same")}, own=409),
    ],
    ("GET", "/oauth/{provider}/callback"): [
        Call(AT_MICROSOFT, {"state": "never-asked", "code": "x"}, own=303)
    ],
    ("POST", "/api/connections/caldav"): [Call(body=NOWHERE, own=422)],
    ("POST", "/api/connections/exchange"): [Call(body=NOWHERE, own=422)],
    ("POST", "/api/connections/ics"): [Call(body={"url": "http://127.0.0.1:1/"}, own=422)],
    ("PATCH", "/api/connections/{connection_id}"): [
        Call(CONNECTION, body={"contacts": False}),
        Call(CONNECTION, body={"calendars": ["main"]}),
    ],
    ("DELETE", "/api/connections/{connection_id}"): [Call(CONNECTION, own=204)],
    ("POST", "/api/connections/{connection_id}/sync"): [Call(CONNECTION, own=202)],
    ("PUT", "/api/connections/{connection_id}/password"): [
        Call(CONNECTION, body={"password": "x"}, own=422)
    ],
    ("GET", "/api/admin/integrations"): [Call()],
    ("PUT", "/api/admin/integrations/google"): [Call(body={"service_account": {}}, own=422)],
    ("DELETE", "/api/admin/integrations/google"): [Call(own=404)],
    ("DELETE", "/api/admin/integrations/microsoft"): [Call(own=404)],
    ("POST", "/api/admin/integrations/mailboxes/{mailbox_id}/sync"): [
        Call({"mailbox_id": Ref("mailbox")}, own=202)
    ],
    ("POST", "/api/admin/integrations/dead/{letter_id}/replay"): [
        Call({"letter_id": Ref("letter")}, own=202)
    ],
    ("DELETE", "/api/admin/integrations/dead/{letter_id}"): [
        Call({"letter_id": Ref("letter")}, own=204)
    ],
    ("GET", "/api/favourites"): [Call()],
    ("PUT", "/api/favourites/person/{user_id}"): [Call(PERSON, body={"star": True})],
    ("PUT", "/api/favourites/contact/{contact_id}"): [Call(CONTACT, body={"vip": True})],
    ("PUT", "/api/favourites/number"): [
        Call(body={"number": "070-174 06 05", "blocked": True}),
        Call(body={"number": "+4631*", "blocked": True}),
    ],
    ("PUT", "/api/favourites/anonymous"): [Call(body={"blocked": True})],
    ("DELETE", "/api/favourites/{favourite_id}"): [
        Call({"favourite_id": Ref("favourite")}, own=204)
    ],
    ("GET", "/api/openapi.json"): [Call()],
    ("GET", "/api/docs"): [Call()],
    ("GET", "/api/docs.css"): [Call()],
    ("GET", "/health/live"): [Call()],
    ("GET", "/health/ready"): [Call(own=503)],  # no worker runs beside these tests
    ("GET", "/metrics"): [Call()],
}

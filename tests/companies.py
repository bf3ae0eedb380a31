"""Two companies with the same kinds of things in them, for tests of the wall between them."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from server.app import App
from server.domain import activity_types, messages, rooms, secrecy
from server.domain.accounts import admin, bots, invitations, profile
from server.domain.contacts import contacts, favourites, imports
from server.domain.telephony import exchanges, plan
from storage.calendars import ChosenCalendar, Connection, DeadLetter, Mailbox
from storage.models import User
from tests.cast import make_company, make_token, make_user

BODIES = ("Hemligt: priset är 4711 kronor", "Hemligt: vi köper grannen", "Hemligt: koden är 0000")
LONGER = 40  # the other company's room has more entries than ours, so that a seq can be foreign


@dataclass(frozen=True)
class Company:
    """What one company has. `ids` is by the kind of thing that a field names."""

    people: dict[str, User]
    ids: dict[str, str]
    secrets: frozenset[str]


async def make_two(app: App) -> tuple[Company, Company]:
    """The cast's example.com, and example.org with `cecilia` and `elsewhere`."""
    cast = await make_company(app)
    colleague = await make_user(
        app, "elsewhere", org_id="example.org", name="Rebecka Annanstans", title="Hemlig titel"
    )
    ours = {name: user for name, user in cast.items() if user.org_id == "example.com"}
    theirs = {"cecilia": cast["cecilia"], "elsewhere": colleague}
    return (
        await _furnish(app, ours, cast["astrid"], cast["birger"], cast["rebecka"], "vår"),
        await _furnish(app, theirs, theirs["cecilia"], colleague, colleague, "deras"),
    )


async def _furnish(
    app: App, people: dict[str, User], boss: User, other: User, third: User, word: str
) -> Company:
    room = await rooms.create(app, boss, f"Rummet {word}", list({other.id, third.id}))
    room_id = room["id"]
    direct = await rooms.direct(app, boss, other.id)
    said = [f"{word} {body}" for body in BODIES]
    for index, body in enumerate(said):
        await messages.send(app, other, room_id, body, f"client-{word}-{index}")
        await messages.send(app, boss, direct["id"], body, f"direct-{word}-{index}")
    if word == "deras":
        for index in range(LONGER):
            await messages.send(app, other, room_id, f"{word} rad {index}", f"row-{word}-{index}")
    bot = await bots.add(app, boss, f"Roboten {word}", None)
    token = await bots.add_token(app, boss, bot.id, f"Nyckeln {word}")
    boss = await profile.set_picture(app, boss, picture("navy" if word == "vår" else "maroon"))
    invited = await admin.enrol(
        app, boss, await admin.own_org(app, boss), {"email": f"ny@{boss.org_id}", "name": "Ny"}
    )
    await invitations.invite(app, boss, invited)
    label = {"sv": f"Sysslan {word}", "en": f"Sysslan {word}"}
    kind = await activity_types.add(app, boss, {"label": label}, company=True)
    own_kind = await activity_types.add(app, boss, {"label": label}, company=False)
    session_token = await make_token(app, boss)
    session = await app.stores.sessions.by_token_hash(secrecy.digest(session_token))
    assert session is not None
    notes = await app.stores.audit.page(boss.org_id, None, 1)
    last = await app.log.before(room_id, None, 1)
    ids = {
        "room": room_id,
        "user": boss.id,
        "colleague": other.id,
        "org": boss.org_id,
        "session": session.id,
        "bot": bot.id,
        "token": token["id"],
        "audit": notes[0].id,
        "picture": boss.picture or "",
        "client": f"client-{word}-0",
        "email": boss.email,
        "handle": boss.handle,
        "file": f"file-{word}",
        "activity": kind["id"],
        "own_activity": own_kind["id"],
        "seq": str(last[0]["seq"]),
        **await contact_things(app, boss, word),
        **await calendar_things(app, boss, word),
        **await telephony_things(app, boss, f"Växeln {word}"),
    }
    told = {user.name for user in people.values()} | {user.email for user in people.values()}
    named = {user.id for user in people.values()} | {bot.id, invited.id, direct["id"]}
    hidden = {ids[kind] for kind in ("room", "user", "session", "bot", "token", "audit", "picture")}
    secrets = {
        *told,
        *named,
        *hidden,
        *said,
        f"Rummet {word}",
        f"Roboten {word}",
        f"Nyckeln {word}",
        f"Sysslan {word}",
        f"Växeln {word}",
        f"Hemlig Kontakt {word}",
        f"Egen Kontakt {word}",
        f"Kalendern {word}",
        ids["connection"],
        ids["mailbox"],
    }
    return Company(people | {"bot": bot}, ids, frozenset(secrets))


async def contact_things(app: App, boss: User, word: str) -> dict[str, str]:
    """A contact of the company's, one that the boss has starred, and a file that was read."""
    name = f"Hemlig Kontakt {word}"
    contact = await contacts.add(app, boss, "global", {"name": name, "note": f"Hemligt {word}"})
    own = await contacts.add(app, boss, "personal", {"name": f"Egen Kontakt {word}"})
    favourite = await favourites.mark_contact(app, boss, own["id"], star=True)
    made = await imports.receive(app, boss, "personal", "csv", _file(f"Namn\nFilens {word}\n"))
    await imports.read(app, made.id)
    return {
        "contact": contact["id"],
        "favourite": favourite["id"],
        "import": made.id,
        "listed": f"7a.{contact['id']}",
    }


async def calendar_things(app: App, boss: User, word: str) -> dict[str, str]:
    """A connection of the boss's, its mailbox, and work on it that was given up."""
    connection_id, mailbox_id = app.new_id(), app.new_id()
    credentials = {
        "address": "http://127.0.0.1:1/",
        "username": boss.email,
        "password": "one-app-password",
    }
    own: dict[str, Any] = {"org_id": boss.org_id, "user_id": boss.id, "provider": "caldav"}
    await app.stores.connections.add(
        Connection(
            id=connection_id,
            account=f"Kalendern {word}",
            sealed=app.vault.seal(json.dumps(credentials), connection_id),
            created_at=app.now(),
            created_by=boss.id,
            **own,
        )
    )
    calendars = (ChosenCalendar(id="main", name=f"Kalendern {word}", primary=True, counts=True),)
    await app.stores.mailboxes.add(
        Mailbox(
            id=mailbox_id,
            connection_id=connection_id,
            calendars=calendars,
            next_at=app.now(),
            created_at=app.now(),
            **own,
        )
    )
    letter = DeadLetter(
        id=f"{mailbox_id}/calendar.sync",
        org_id=boss.org_id,
        mailbox_id=mailbox_id,
        job="calendar.sync",
        why="unreachable",
        at=app.now(),
    )
    await app.stores.dead_letters.add([letter])
    named = letter.id.replace("/", ":")
    return {"connection": connection_id, "mailbox": mailbox_id, "letter": named}


async def telephony_things(app: App, boss: User, name: str) -> dict[str, str]:
    """An exchange of the company's, and extensions: one in its plan, one that it may take."""
    made = await exchanges.add(app, boss, name)
    taken = len(await plan.listing(app, boss))
    number = f"{2 if boss.org_id == 'example.com' else 3}{taken:04}"
    await plan.put(app, boss, number, "extension", boss.id)
    return {"exchange": made["id"], "number": number, "free_number": "+46313900691"}


async def _file(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


def picture(colour: str) -> bytes:
    """A PNG of one colour."""
    target = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(target, "PNG")
    return target.getvalue()


async def everything_of(app: App, company: Company) -> dict[str, list[Any]]:
    """Every document in the database that has to do with the company, by collection."""
    database = app.stores.database
    minted = ("room", "user", "colleague", "org", "session", "bot", "token", "audit")
    marks = {company.ids[kind] for kind in minted}
    found: dict[str, list[Any]] = {}
    for name in sorted(await database.list_collection_names()):
        documents = [document async for document in database[name].find().sort("_id", 1)]
        found[name] = [each for each in documents if any(mark in repr(each) for mark in marks)]
    return {name: documents for name, documents in found.items() if documents}

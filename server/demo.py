"""The demo: two companies with something to read, in an installation that is empty and embedded."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.app import App
from server.demo_talk import DIRECT, GROUPS, NOTES, Lines
from server.domain import messages, rooms, secrecy
from server.domain.accounts.shape import DEMO_PASSWORD
from server.domain.activities import choosing
from server.domain.contacts import contacts
from server.domain.telephony.plan import normalised
from server.pages import Pages
from server.rates import Rate
from storage.log import RoomLog
from storage.models import Org, Phone, Plan, Role, User
from storage.telephony import CompanyNumber, NumberKind

STOCKHOLM = ZoneInfo("Europe/Stockholm")

log = logging.getLogger("vaxel.demo")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast."""

    handle: str
    name: str
    title: str
    department: str
    plan: Plan
    role: Role = "member"
    work: str = ""
    mobile: str = ""
    note: str = ""
    extension: str = ""


CAST = {
    ("Exempelbolaget", "example.com"): (
        Person("astrid", "Astrid Ek", "Vd", "Ledning", "business", "admin",
               "08-465 004 01", "070-174 06 11", extension="101"),
        Person("birger", "Birger Ask", "Säljare", "Försäljning", "pro", "member",
               "08-465 004 02", "070-174 06 12", "Hos kund på tisdagar", "102"),
        Person("basse", "Basse Lind", "Lagerchef", "Lager", "basic", "member",
               "08-465 004 03", "070-174 06 13", extension="103"),
        Person("rebecka", "Rebecka Alm", "Receptionist", "Reception", "pro", "attendant",
               "08-465 004 04", "", "Lunch 11.30", "100"),
    ),
    ("Provbolaget", "example.org"): (
        Person("cecilia", "Cecilia Björk", "Ekonomichef", "Ekonomi", "pro", "admin",
               "031-390 06 01", "070-174 06 51", extension="101"),
    ),
}  # fmt: skip  # a table of people reads best with one on two lines
MAIN_NUMBERS = {"example.com": "08-465 004 00", "example.org": "031-390 06 00"}


async def uses_demo_passwords(app: App) -> bool:
    """Whether someone may sign in with the password that everyone knows."""
    return bool(await app.stores.users.of_demo())


async def fill_if_empty(app: App) -> None:
    """Fill an installation that has no company yet; the caller has seen that a demo is wanted."""
    if not await app.stores.orgs.all():
        await fill(app)


async def fill(app: App) -> None:
    """Create the companies, their people, and some days of talk."""
    began = app.now()
    password_hash = await secrecy.hash_password(DEMO_PASSWORD)
    for (company, domain), people in CAST.items():
        org = await app.stores.orgs.add(
            Org(id=app.new_id(), name=company, created_at=began - timedelta(days=30))
        )
        users = {
            person.handle: await app.stores.users.add(
                _user(app, org, person, domain, password_hash)
            )
            for person in people
        }
        await _number(app, org, MAIN_NUMBERS[domain], users, people)
        await _talk(app, users)
        await _do(app, users)
        await _know(app, next(iter(users.values())), domain)
    log.info("demo.filled", extra={"seconds": round((app.now() - began).total_seconds(), 2)})


async def _know(app: App, admin: User, domain: str) -> None:
    """What the company's people know of the other company's: contacts for all of them."""
    for (company, theirs), people in CAST.items():
        if theirs == domain:
            continue
        for person in people[:2]:
            fields: dict[str, Any] = {
                "name": person.name,
                "title": person.title,
                "company": company,
                "phones": [("work", person.work), ("mobile", person.mobile)],
                "emails": [f"{person.handle}@{theirs}"],
            }
            await contacts.add(app, admin, "global", fields)


def _user(app: App, org: Org, person: Person, domain: str, password_hash: str) -> User:
    phones = [Phone(kind="work", number=person.work)]
    if person.mobile:
        phones.append(Phone(kind="mobile", number=person.mobile))
    return User(
        id=app.new_id(),
        org_id=org.id,
        email=f"{person.handle}@{domain}",
        name=person.name,
        handle=person.handle,
        plan=person.plan,
        role=person.role,
        title=person.title,
        department=person.department,
        phones=tuple(phones),
        note=person.note,
        password_hash=password_hash,
        demo=True,
        created_at=org.created_at,
    )


async def _number(
    app: App, org: Org, main: str, users: dict[str, User], people: tuple[Person, ...]
) -> None:
    """The number plan: everybody's extension, fixed and mobile number, and the main one."""
    rows: list[tuple[str, NumberKind, str | None]] = [(main, "main", None)]
    for person in people:
        user_id = users[person.handle].id
        rows.append((person.extension, "extension", user_id))
        rows.append((person.work, "fixed", user_id))
        if person.mobile:
            rows.append((person.mobile, "mobile", user_id))
    for text, kind, owner in rows:
        number = normalised(text, org.country) or text
        await app.stores.numbers.put(
            CompanyNumber(org_id=org.id, number=number, kind=kind, user_id=owner)
        )
    app.events.forget("org", org.id)


# Who does what as the demo begins: handle, activity, days ahead that it lasts, note. Birger does
# what stands in his calendar.
DOING = (
    ("basse", "vacation", 12, "Fråga Birger om lagret"),
    ("rebecka", "lunch", None, ""),
    ("cecilia", "meeting", None, "Bokslut"),
)


async def _do(app: App, users: dict[str, User]) -> None:
    for handle, activity_id, days, note in DOING:
        if handle in users:
            until = _moment(app.now() + timedelta(days=days), 0, "08:00") if days else None
            await choosing.choose(app, users[handle], activity_id, until, note)


class _Clock:
    """A clock that is set: what is said in the demo was said over the past days."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def begin(self, lines: Lines, today: datetime) -> None:
        """Somewhat before the first of these is said: when their room was made."""
        self.now = _moment(today, lines[0].days, lines[0].clock) - timedelta(minutes=5)


async def _talk(app: App, users: dict[str, User]) -> None:
    today = app.now()
    clock = _Clock(today - timedelta(days=14))
    past_log = RoomLog(app.stores.database, clock)
    past = replace(
        app,
        now=clock,
        log=past_log,
        pages=Pages(past_log, app.settings.sync_page),
        send_rate=Rate(1e6, 1_000_000),
    )
    for name, topic, members, lines in GROUPS:
        if set(members) <= set(users):
            first, *others = [users[handle] for handle in members]
            clock.begin(lines, today)
            room = await rooms.create(past, first, name, [other.id for other in others])
            await rooms.update(past, first, room["id"], None, topic)
            await _speak(past, clock, room["id"], users, lines, today)
            await _read(past, room["id"], [users[handle] for handle in members])
    for one, other, lines in (*DIRECT, *NOTES):
        if {one, other} <= set(users):
            clock.begin(lines, today)
            room = await rooms.direct(past, users[one], users[other].id)
            await _speak(past, clock, room["id"], users, lines, today)
            await _read(past, room["id"], [users[one]])


async def _speak(
    past: App,
    clock: _Clock,
    room_id: str,
    users: dict[str, User],
    lines: Lines,
    today: datetime,
) -> None:
    said: list[int] = []
    for number, line in enumerate(lines):
        clock.now = _moment(today, line.days, line.clock)
        reply_to = said[line.reply] if line.reply is not None else None
        client_id = f"demo-{room_id}-{number}"
        entry = await messages.send(past, users[line.who], room_id, line.body, client_id, reply_to)
        said.append(entry["seq"])
        for handle, emoji in line.reactions:
            await messages.react(past, users[handle], room_id, entry["seq"], emoji, True)
        if line.pinned:
            await messages.pin(past, users[line.who], room_id, entry["seq"], True)


def _moment(today: datetime, days: int, clock: str) -> datetime:
    """That time of day, so many working days ago."""
    local = today.astimezone(STOCKHOLM)
    while days > 0 or local.weekday() > 4:
        local -= timedelta(days=1)
        if local.weekday() < 5:
            days -= 1
    hour, minute = clock.split(":")
    return local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


async def _read(past: App, room_id: str, people: list[User]) -> None:
    """The first of them has read everything; the others have something left to read."""
    first, *others = people
    newest = await messages.history(past, first, room_id, limit=1)
    seq = newest["entries"][-1]["seq"]
    await messages.read(past, first, room_id, seq)
    for person in others:
        await messages.read(past, person, room_id, max(seq - 3, 0))

"""What answers look like. Nothing is made from these: they describe, and tests hold them true."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from server.http.outputs_activities import ActivityKind, Presence, Time
from storage.models import Country, Language, PhoneKind, Plan, Role
from storage.telephony import NumberKind


class PhoneNumber(Struct):
    """A number as its owner wrote it."""

    kind: PhoneKind
    number: str


class PlannedNumber(Struct):
    """A number that the company gave a person; `display` is how people write it."""

    kind: NumberKind
    number: str
    display: str


class Person(Struct):
    """A colleague or a bot."""

    id: str
    handle: str
    name: str
    title: str
    department: str
    phones: list[PhoneNumber]
    extension: str | None
    numbers: list[PlannedNumber]
    email: str
    picture: str | None
    language: Language
    time_zone: str
    plan: Plan
    role: Role
    blocked: bool
    activity_types: list[ActivityKind]
    presence: Presence


class Me(Person):
    """Oneself. `note` is one's own, also while an activity has another."""

    note: str
    working_hours: dict[str, list[list[str]]]
    own_hours: bool
    auto_gone: bool
    delegates: list[str]
    may_set: Literal["all", "some", "none"]
    can: list[str]
    invited: bool
    demo: bool


class AdminPerson(Person):
    """A person, as their administrator sees them."""

    invited: bool
    last_seen_at: Time | None


class People(Struct):
    """Everyone in the company."""

    people: list[Person]


class AdminPeople(Struct):
    """Everyone in the company, as their administrator sees them."""

    people: list[AdminPerson]


class Company(Struct):
    """A company."""

    id: str
    name: str
    language: Language
    time_zone: str
    working_hours: dict[str, list[list[str]]]
    country: Country
    holidays: bool
    main_number: str | None
    pbx: bool


class OperatedCompany(Company):
    """A company, as operators see it."""

    people: int
    blocked: bool
    created_at: Time


class Companies(Struct):
    """All companies."""

    orgs: list[OperatedCompany]


class DemoPerson(Struct):
    """A person of the demo, to sign in as."""

    email: str
    password: str
    name: str
    role: Role
    plan: Plan
    org: str


class Config(Struct):
    """What a client needs before anyone has signed in."""

    name: str
    version: str
    demo: list[DemoPerson]
    languages: list[Language]


class SignedIn(Struct):
    """A new session's token, shown this once."""

    token: str
    user: Me


class Device(Struct):
    """A signed-in device."""

    id: str
    device: str
    ip: str
    created_at: Time
    last_seen_at: Time
    current: bool


class Devices(Struct):
    """My signed-in devices."""

    sessions: list[Device]


class Invitation(Struct):
    """Who is invited, and where."""

    email: str
    name: str
    org: str
    language: Language


class CellFault(Struct):
    """What is wrong in one cell; the header is row 1."""

    row: int
    column: str
    value: str
    problem: str


class ImportResult(Struct):
    """What a file of people did, or would do."""

    dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    errors: list[CellFault]


class AuditNote(Struct):
    """Who changed what: changes are field to [old, new]."""

    id: str
    at: Time
    actor_id: str
    actor_name: str
    action: str
    target: str
    target_name: str
    changes: dict[str, list[Any]]


class AuditNotes(Struct):
    """A page of the audit log, latest first."""

    entries: list[AuditNote]
    more: bool


class BotToken(Struct):
    """A bot's token, without its secret."""

    id: str
    name: str
    created_at: Time
    last_used_at: Time | None


class Bot(Person):
    """A bot and its tokens."""

    tokens: list[BotToken]


class Bots(Struct):
    """The company's bots."""

    bots: list[Bot]


class NewToken(Struct):
    """A bot's token, shown this once."""

    id: str
    name: str
    token: str

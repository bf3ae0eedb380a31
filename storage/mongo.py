"""MongoDB: the one place that opens it, and the stores made from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from storage.activities import ActivityStore, ActivityTypeStore
from storage.call_rules import CallRulesStore
from storage.connections import ConnectionStore, MailboxStore
from storage.consents import ConsentStore
from storage.contacts import ContactStore
from storage.dead_letters import DeadLetterStore
from storage.favourites import FavouriteStore
from storage.imports import ImportStore
from storage.lines import LineStore
from storage.numbers import NumberStore
from storage.occurrences import CursorStore, OccurrenceStore
from storage.pbx import PbxStore
from storage.people import OrgStore, UserStore
from storage.policies import CalendarPolicyStore, OwnPolicyStore
from storage.records import AuditStore, MailStore, PictureStore
from storage.rooms import MarkerStore, RoomStore
from storage.search import SearchStore
from storage.signins import LinkStore, SessionStore
from storage.sounds import ClipStore, SoundStore
from storage.synced_contacts import SyncedContactStore
from storage.twin_contacts import TwinStore
from storage.watches import WatchStore


@asynccontextmanager
async def connect(url: str, database: str) -> AsyncIterator[Any]:
    """Open the database at *url*; closed on the way out.

    Everything is written with majority and read with majority: what was seen or acknowledged
    outlives the loss of any one server. This is the only function that names Motor, and only what
    Motor shares with PyMongo's own asynchronous client may be used of what it yields.
    """
    client: Any = AsyncIOMotorClient(
        url,
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        retryWrites=True,
        serverSelectionTimeoutMS=5000,
        appname="vaxel",
    )
    try:
        yield client[database]
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class Stores:
    """One store per noun."""

    database: Any
    orgs: OrgStore
    users: UserStore
    sessions: SessionStore
    links: LinkStore
    audit: AuditStore
    mails: MailStore
    pictures: PictureStore
    rooms: RoomStore
    markers: MarkerStore
    search: SearchStore
    activities: ActivityStore
    activity_types: ActivityTypeStore
    numbers: NumberStore
    pbx: PbxStore
    lines: LineStore
    call_rules: CallRulesStore
    contacts: ContactStore
    synced_contacts: SyncedContactStore
    twins: TwinStore
    favourites: FavouriteStore
    imports: ImportStore
    clips: ClipStore
    sounds: SoundStore
    connections: ConnectionStore
    consents: ConsentStore
    mailboxes: MailboxStore
    occurrences: OccurrenceStore
    cursors: CursorStore
    watches: WatchStore
    dead_letters: DeadLetterStore
    calendar_policies: CalendarPolicyStore
    own_policies: OwnPolicyStore

    def all(self) -> list[Any]:
        """Every store."""
        return [getattr(self, each.name) for each in fields(self) if each.name != "database"]


def open_stores(database: Any) -> Stores:
    """The stores over an open database."""
    return Stores(
        database=database,
        orgs=OrgStore(database),
        users=UserStore(database),
        sessions=SessionStore(database),
        links=LinkStore(database),
        audit=AuditStore(database),
        mails=MailStore(database),
        pictures=PictureStore(database),
        rooms=RoomStore(database),
        markers=MarkerStore(database),
        search=SearchStore(database),
        activities=ActivityStore(database),
        activity_types=ActivityTypeStore(database),
        numbers=NumberStore(database),
        pbx=PbxStore(database),
        lines=LineStore(database),
        call_rules=CallRulesStore(database),
        contacts=ContactStore(database),
        synced_contacts=SyncedContactStore(database),
        twins=TwinStore(database),
        favourites=FavouriteStore(database),
        imports=ImportStore(database),
        clips=ClipStore(database),
        sounds=SoundStore(database),
        connections=ConnectionStore(database),
        consents=ConsentStore(database),
        mailboxes=MailboxStore(database),
        occurrences=OccurrenceStore(database),
        cursors=CursorStore(database),
        watches=WatchStore(database),
        dead_letters=DeadLetterStore(database),
        calendar_policies=CalendarPolicyStore(database),
        own_policies=OwnPolicyStore(database),
    )

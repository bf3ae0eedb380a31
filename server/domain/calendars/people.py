"""Contacts of a mailbox, kept in step in its owner's own book.

A company's grant lets us into each person's contacts, which go into that person's book; a company's
shared address lists are out of its reach.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from integrations.contract import CalendarProvider, CursorLost, IntegrationError, People, Person
from server.app import App
from server.domain.accounts import rules
from server.domain.calendars.leases import Hold, LeaseLost, holding
from server.domain.contacts import contacts, favourites, synced
from server.domain.errors import Invalid
from server.vault import Unreadable
from storage.calendars import Cursor
from storage.models import User
from storage.occurrences import cursor_id
from storage.synced_contacts import synced_id
from storage.telephony import Contact, ContactPhone

COLLECTION = "people"
WAIT_SECONDS = 30.0  # for whoever is reading the mailbox's calendars
LONGEST_SECONDS = 500.0
LINK = ("https://", "http://")

log = logging.getLogger("vaxel.calendars")


async def sync_people(app: App, mailbox_id: str) -> None:
    """The job: keep the contacts of a mailbox in step. Done again without harm.

    What fails is tried again when the mailbox's time for contacts comes; that a provider refuses
    contacts says nothing of its calendars.
    """
    async with holding(app, mailbox_id, WAIT_SECONDS) as hold:
        if hold is not None and hold.connection.contacts:
            await _in_step(hold)


async def _in_step(hold: Hold) -> None:
    app, provider = hold.app, hold.provider
    user = await app.stores.users.in_org(hold.mailbox.user_id, hold.mailbox.org_id)
    if user is None or user.blocked or provider is None or not provider.has_people:
        return
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            changed = await _read(hold, provider, user)
    except (IntegrationError, Unreadable, TimeoutError, LeaseLost) as error:
        facts = {"mailbox": hold.mailbox.id, "error": type(error).__name__}
        log.info("people.failed", extra=facts)
        changed = 1  # some pages may have been kept
    if not await _wanted_still(hold):
        await synced.forget(app, user.org_id, hold.connection.id, user.id)
    elif changed:
        synced.tell(app, user.org_id, user.id)


async def _read(hold: Hold, provider: CalendarProvider, user: User) -> int:
    """Read what changed, or everything; how many contacts are others than before."""
    known = await hold.app.stores.cursors.get(user.org_id, hold.mailbox.id, COLLECTION)
    if known is not None:
        try:
            return await _round(hold, provider, user, known)
        except CursorLost:
            log.info("people.cursor_lost", extra={"mailbox": hold.mailbox.id})
    return await _round(hold, provider, user, None)


async def _round(hold: Hold, provider: CalendarProvider, user: User, known: Cursor | None) -> int:
    app, connection_id = hold.app, hold.connection.id
    region = await favourites.region_of(app, user.org_id)
    told_in, room = app.new_id(), contacts.MOST["personal"]
    changed, full, token = 0, known is None, ""
    async for page in provider.people(hold.access(), known.token if known else ""):
        await hold.check()
        changed += await _keep(hold, user, page, region, told_in, room)
        room -= len(page.people)
        full, token = full or page.full, page.cursor or token
    if full and token:  # a round that was not told to its end says nothing of who is gone
        await hold.check()
        changed += await synced.remove_untold(app, user.org_id, connection_id, user.id, told_in)
    if token:
        await app.stores.cursors.save(_cursor(hold, token, known))
    return changed


async def _keep(hold: Hold, user: User, page: People, region: str, told_in: str, room: int) -> int:
    app = hold.app
    made = [contact_of(hold, user, person, region) for person in page.people[: max(room, 0)]]
    changed = 0
    told = [each for each in made if each is not None]
    if told:
        changed += await synced.put(app, told, told_in)
    gone = [synced_id(hold.connection.id, user.id, ref) for ref in page.removed]
    # Who was told without anything to show is gone from what is shown, too.
    gone += [
        synced_id(hold.connection.id, user.id, person.ref)
        for person, contact in zip(page.people, made, strict=False)
        if contact is None
    ]
    if gone:
        changed += await synced.remove(app, user.org_id, gone)
    return changed


def contact_of(hold: Hold, user: User, person: Person, region: str) -> Contact | None:
    """The person as a contact in *user*'s book; None when there is nothing to know them by.

    What cannot be kept (a number with letters in it, a text that is too long) is left out or cut:
    the source has it all.
    """
    phones = _phones(person.phones, region)
    emails = _emails(person.emails)
    company = _line(person.company)
    name = _line(person.name) or company or next(iter(emails), "")
    name = name or (phones[0].number if phones else "")
    if not name:
        return None
    now = hold.app.now()
    return Contact(
        id=synced_id(hold.connection.id, user.id, person.ref),
        org_id=user.org_id,
        owner_id=user.id,
        name=name,
        title=_line(person.title),
        department=_line(person.department),
        company=company,
        phones=phones,
        emails=emails,
        note=_note(person.note),
        source=hold.connection.provider,
        connection_id=hold.connection.id,
        ref=person.ref,
        link=person.link if person.link.startswith(LINK) else "",
        created_at=now,
        updated_at=now,
    )


def _phones(told: Iterable[tuple[Any, str]], region: str) -> tuple[ContactPhone, ...]:
    found: dict[str, ContactPhone] = {}
    for kind, text in told:
        try:
            [phone] = contacts.phones([(kind, text)], region)
        except Invalid:
            continue
        found.setdefault(phone.e164 or phone.number, phone)
    return tuple(found.values())[: contacts.MOST_PHONES]


def _emails(told: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in told:
        try:
            found[rules.email(text, "emails")] = None
        except Invalid:
            continue
    return tuple(found)[: contacts.MOST_EMAILS]


def _line(text: str) -> str:
    plain = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(plain.split())[: contacts.TEXT_LENGTH].strip()


def _note(text: str) -> str:
    lines = ("".join(each for each in line if each.isprintable()) for line in text.splitlines())
    return "\n".join(lines).strip()[: contacts.NOTE_LENGTH].strip()


def _cursor(hold: Hold, token: str, known: Cursor | None) -> Cursor:
    return Cursor(
        id=cursor_id(hold.mailbox.id, COLLECTION),
        mailbox_id=hold.mailbox.id,
        org_id=hold.mailbox.org_id,
        token=token,
        baselined_at=known.baselined_at if known else hold.app.now(),
    )


async def _wanted_still(hold: Hold) -> bool:
    """Whether nobody disconnected it, or wants its contacts no more, while we read."""
    app, mailbox = hold.app, hold.mailbox
    connection = await app.stores.connections.in_org(hold.connection.id, mailbox.org_id)
    kept = await app.stores.mailboxes.in_org(mailbox.id, mailbox.org_id)
    return connection is not None and connection.contacts and kept is not None

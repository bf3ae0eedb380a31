"""Contacts from a file: received, read and checked, and then all of them there at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from server.app import App
from server.domain.contacts import contacts, progress
from server.domain.contacts.reading import Reading
from server.domain.errors import Conflict, NotFound, OverQuota
from server.domain.jobs import Job
from storage.imports import PIECE, Applying, Import, Status
from storage.models import User

MOST_BYTES = 64 * 1024 * 1024
KEPT = timedelta(days=7)  # of a file that was read and never applied
NOT_DONE: tuple[Status, ...] = ("reading", "read", "failed")


async def receive(
    app: App, actor: User, scope: str, form: Any, chunks: AsyncIterator[bytes]
) -> Import:
    """Keep the file as it comes, and have it read. Raises NotAllowed, OverQuota.

    A file that does not come to its end leaves nothing.
    """
    owner_id = contacts.owner_of(actor, scope)
    made = await app.stores.imports.add(
        Import(
            id=app.new_id(),
            org_id=actor.org_id,
            owner_id=owner_id,
            user_id=actor.id,
            format=form,
            created_at=app.now(),
            changed_at=app.now(),
        )
    )
    try:
        await _keep(app, made, chunks)
    except BaseException:
        await app.stores.imports.remove(made.id)
        raise
    whole = await app.stores.imports.change(made.id, ["receiving"], app.now(), status="reading")
    await app.jobs.enqueue(Job.CONTACTS_READ, import_id=made.id)
    return whole or made


async def _keep(app: App, made: Import, chunks: AsyncIterator[bytes]) -> None:
    held, total, number = bytearray(), 0, 0
    async for chunk in chunks:
        held += chunk
        total += len(chunk)
        if total > MOST_BYTES:
            raise OverQuota("payload")
        while len(held) >= PIECE:
            await app.stores.imports.add_piece(made, number, bytes(held[:PIECE]))
            del held[:PIECE]
            number += 1
    if held:
        await app.stores.imports.add_piece(made, number, bytes(held))


async def mine(app: App, actor: User, import_id: str) -> Import:
    """An import that the actor began. Raises NotFound."""
    found = await app.stores.imports.find(import_id, actor.org_id)
    if found is None or found.user_id != actor.id or found.status == "receiving":
        raise NotFound("import")
    return found


async def apply(app: App, actor: User, import_id: str) -> Import:
    """Let the good rows become contacts. Raises NotFound, NotAllowed, Conflict."""
    found = await mine(app, actor, import_id)
    contacts.owner_of(actor, progress.scope_of(found))  # who is no administrator any more may not
    if found.status in ("applying", "done"):
        return found
    try:
        begun = await app.stores.imports.change(found.id, ["read"], app.now(), status="applying")
    except Applying:
        raise Conflict("importing") from None
    if begun is None:
        raise Conflict("not_read")
    progress.tell(app, begun)
    await app.jobs.enqueue(Job.CONTACTS_APPLY, import_id=begun.id)
    return begun


async def abandon(app: App, actor: User, import_id: str) -> None:
    """Forget the file and what was read. Raises NotFound, Conflict once it is being applied."""
    found = await mine(app, actor, import_id)
    if found.status == "applying":
        raise Conflict("importing")
    if found.status != "done":
        # Whoever is reading it finds that it is not there to be read.
        gone = await app.stores.imports.change(found.id, NOT_DONE, app.now(), status="failed")
        if gone is None:
            raise Conflict("importing")
        await app.stores.contacts.remove_batch(found.id)
        await app.stores.imports.remove(found.id)


async def read(app: App, import_id: str) -> None:
    """The job: read and check the file. It may be done again, and begins anew then."""
    found = await app.stores.imports.get(import_id)
    holder = app.new_id()
    if found is None or found.status != "reading":
        return
    if not await app.stores.imports.claim(import_id, holder, app.now()):
        return
    try:
        done = await Reading(app, found, holder).run()
    finally:
        await app.stores.imports.release(import_id, holder)
    if done is not None:
        progress.tell(app, done)


async def settle(app: App, import_id: str) -> None:
    """The job: make the good rows contacts, all of them at once. It may be done again."""
    found = await app.stores.imports.get(import_id)
    holder = app.new_id()
    if found is None or found.status != "applying":
        return
    if not await app.stores.imports.claim(import_id, holder, app.now()):
        return
    try:
        skipped = await _skip_same(app, found, holder)
        done = await app.stores.imports.change(
            found.id,
            ["applying"],
            app.now(),
            status="done",
            hidden=False,  # this is when all of them are there
            good=found.good - skipped,
            skipped=found.skipped + skipped,
        )
    finally:
        await app.stores.imports.release(import_id, holder)
    if done is not None:
        await _tell_done(app, done)


async def _skip_same(app: App, found: Import, holder: str) -> int:
    """Drop rows for which a contact has come since the file was read; how many in all."""
    async for rows in app.stores.contacts.batch(found.id):
        await app.stores.imports.claim(found.id, holder, app.now())
        known = await app.stores.contacts.same(
            found.org_id, found.owner_id, {key for _id, keys in rows for key in keys}
        )
        same = [contact_id for contact_id, keys in rows if known & set(keys)]
        await app.stores.contacts.remove_rows(found.id, same)
    return found.good - await app.stores.contacts.count_batch(found.id)


async def _tell_done(app: App, done: Import) -> None:
    progress.tell(app, done)
    user = await app.stores.users.get(done.user_id)
    if user is not None:
        contacts.tell(app, user, progress.scope_of(done))


async def sweep(app: App) -> None:
    """The job: go on with what nobody works on, since its worker died; drop what nobody wants."""
    now = app.now()
    for found in await app.stores.imports.waiting(now):
        job = Job.CONTACTS_READ if found.status == "reading" else Job.CONTACTS_APPLY
        await app.jobs.enqueue(job, import_id=found.id)
    for found in await app.stores.imports.old(now - KEPT):
        if found.hidden:
            await app.stores.contacts.remove_batch(found.id)
        await app.stores.imports.remove(found.id)

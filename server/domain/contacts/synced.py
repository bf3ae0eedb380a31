"""Contacts that a connection tells of: written by syncs, told to their owner, read-only for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.app import App
from server.domain.contacts import favourites
from server.domain.events import Fact, to_user
from storage.telephony import Contact


async def put(app: App, contacts: Sequence[Contact], told_in: str) -> int:
    """Keep what the round *told_in* tells, all of one owner; how many are new or changed."""
    new, changed = await app.stores.synced_contacts.put(contacts, told_in)
    _forget(app, changed)
    return new + len(changed)


async def remove(app: App, org_id: str, contact_ids: Iterable[str]) -> int:
    """Drop contacts that their source dropped, with what anybody decided about them."""
    gone = await app.stores.synced_contacts.remove(org_id, contact_ids)
    return await _gone(app, org_id, gone)


async def remove_untold(
    app: App, org_id: str, connection_id: str, owner_id: str, told_in: str
) -> int:
    """Drop what a round that told everything did not tell; how many."""
    gone = await app.stores.synced_contacts.remove_untold(org_id, connection_id, owner_id, told_in)
    return await _gone(app, org_id, gone)


async def forget(app: App, org_id: str, connection_id: str, owner_id: str) -> None:
    """Drop all that a connection gave this person, and tell them."""
    gone = await app.stores.synced_contacts.remove_of(org_id, connection_id, owner_id)
    if await _gone(app, org_id, gone):
        tell(app, org_id, owner_id)


def tell(app: App, org_id: str, owner_id: str) -> None:
    """Tell the person's devices that some of their contacts changed."""
    app.events.forget("words", org_id)
    app.events.forget("twins", owner_id)
    app.events.publish(Fact.CONTACTS_CHANGED, {"scope": "personal"}, to_user(owner_id))


async def _gone(app: App, org_id: str, contact_ids: list[str]) -> int:
    _forget(app, contact_ids)
    if contact_ids:
        whose = await app.stores.favourites.remove_target(org_id, "contact", contact_ids)
        await favourites.changed(app, whose)
    return len(contact_ids)


def _forget(app: App, contact_ids: Iterable[str]) -> None:
    for contact_id in contact_ids:
        app.events.forget("contact", contact_id)

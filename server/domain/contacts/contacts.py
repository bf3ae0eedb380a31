"""Contacts outside the company: the company's, kept by administrators, and each person's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from server.app import App
from server.domain.accounts import people, rules
from server.domain.contacts import favourites, search, shape
from server.domain.errors import Conflict, Invalid, NotAllowed, NotFound, OverQuota
from server.domain.events import Fact, to_org, to_user
from server.domain.numbers import e164
from server.domain.plans import can
from storage.contacts import Busy
from storage.models import PhoneKind, User
from storage.telephony import Contact, ContactPhone
from storage.terms import sort_key

TEXT_LENGTH = 120
NOTE_LENGTH = 2000
MOST_PHONES = 20
MOST_EMAILS = 20
MOST = {"global": 250_000, "personal": 100_000}
TEXTS = ("title", "department", "company")


async def get(app: App, actor: User, contact_id: str) -> dict[str, Any]:
    """A contact, or a colleague by their id. Raises NotFound."""
    contact = await app.stores.contacts.get(contact_id)
    if contact is None:
        user = await app.stores.users.in_org(contact_id, actor.org_id)
        if user is None or user.role == "bot":
            raise NotFound("contact")
        return await _shown(app, actor, user)
    return await _shown(app, actor, _open_to(actor, contact))


async def add(app: App, actor: User, scope: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A new contact. Raises NotAllowed, Invalid, OverQuota."""
    owner_id = owner_of(actor, scope)
    if await app.stores.contacts.count(actor.org_id, owner_id) >= MOST[scope]:
        raise OverQuota("contacts", limit=MOST[scope])
    region = await favourites.region_of(app, actor.org_id)
    now = app.now()
    contact = Contact(
        id=app.new_id(),
        org_id=actor.org_id,
        owner_id=owner_id,
        created_at=now,
        updated_at=now,
        **checked(fields, region),
    )
    await app.stores.contacts.add(contact)
    tell(app, actor, scope)
    return await _shown(app, actor, contact)


async def update(app: App, actor: User, contact_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Change a contact; what is left out stays. Raises NotFound, NotAllowed, Invalid, Conflict."""
    contact = await _changeable(app, actor, contact_id)
    tidy = checked(fields, await favourites.region_of(app, actor.org_id))
    if not tidy:
        return await _shown(app, actor, contact)

    def changed(now: Contact) -> Contact:
        return replace(now, **tidy, updated_at=app.now())

    try:
        saved = await app.stores.contacts.change(contact, changed)
    except Busy:
        raise Conflict("again") from None
    if saved is None:
        raise NotFound("contact")
    app.events.forget("contact", saved.id)
    tell(app, actor, shape.scope_of(saved))
    return await _shown(app, actor, saved)


async def remove(app: App, actor: User, contact_id: str) -> None:
    """Drop a contact, and what anybody decided about it. Raises NotFound, NotAllowed."""
    contact = await _changeable(app, actor, contact_id)
    if not await app.stores.contacts.remove(contact):
        raise NotFound("contact")
    app.events.forget("contact", contact.id)
    whose = await app.stores.favourites.remove_target(actor.org_id, "contact", [contact.id])
    tell(app, actor, shape.scope_of(contact))
    await favourites.changed(app, whose)


async def page(
    app: App,
    actor: User,
    scope: str | None,
    text: str | None,
    cursor: tuple[str, str] | None,
    limit: int,
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:
    """The next contacts by name after *cursor*, and the cursor after them; or those of a search.

    *scope* None is the company's and one's own together.
    """
    if text is not None and text.strip():
        return await search.find(app, actor, text, limit, scope), None
    if scope != "internal":
        return await _listed(app, actor, scope, cursor, limit)
    everyone = await people.colleagues(app, actor)
    seen = [user for user in everyone if not user.blocked and user.role != "bot"]
    rest = sorted((_place(user), user.id, user) for user in seen)
    found = [user for place, _id, user in rest if cursor is None or (place, user.id) > cursor]
    last = found[limit - 1] if len(found) > limit else None
    shown = await search.dressed(app, actor, found[:limit])
    return shown, (_place(last), last.id) if last is not None else None


async def _listed(
    app: App, actor: User, scope: str | None, cursor: tuple[str, str] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:
    """A page of contacts. Who is told by several sources stands where the first of them stands."""
    owners: list[str | None] = [] if scope == "personal" else [None]
    owners += [] if scope == "global" else [actor.id]
    found: list[Contact] = []
    more = True
    while more and len(found) <= limit:
        some = await app.stores.contacts.page(actor.org_id, owners, cursor, limit + 1)
        more = len(some) > limit
        together = await app.stores.twins.of(some)
        found += [each for each in some if together[each.id].shown.id == each.id]
        cursor = (_place(some[-1]), some[-1].id) if some else None
    last = found[limit - 1] if len(found) > limit else None
    shown = await search.dressed(app, actor, found[:limit])
    return shown, (_place(last), last.id) if last is not None else None


def _place(found: User | Contact) -> str:
    return sort_key(found.name)


def owner_of(actor: User, scope: str) -> str | None:
    """Whose contacts the actor may change in *scope*; None: the company's. Raises NotAllowed."""
    if scope == "personal":
        return actor.id
    if not can(actor, "admin"):
        raise NotAllowed("admin")
    return None


def checked(fields: dict[str, Any], region: str) -> dict[str, Any]:
    """The fields, tidied and checked: phones are (kind, number) pairs. Raises Invalid."""
    return {name: _tidy(name, value, region) for name, value in fields.items()}


def _tidy(name: str, value: Any, region: str) -> Any:
    if name in TEXTS:
        return rules.line(value, name, TEXT_LENGTH)
    if name == "phones":
        return phones(value, region)
    tidy: Callable[[Any], Any] = {"name": rules.name, "note": note, "emails": emails}[name]
    return tidy(value)


def note(text: str) -> str:
    """A note, which may have several lines. Raises Invalid."""
    lines = [rules.line(each, "note", NOTE_LENGTH) for each in text.splitlines()]
    whole = "\n".join(lines).strip()
    if len(whole) > NOTE_LENGTH:
        raise Invalid("note", "too_long", limit=NOTE_LENGTH)
    return whole


def phones(pairs: Iterable[tuple[PhoneKind, str]], region: str) -> tuple[ContactPhone, ...]:
    """Telephone numbers in order, each once. Raises Invalid."""
    found: dict[str, ContactPhone] = {}
    for kind, text in pairs:
        number = rules.number(text, "phones")
        full = e164(number, region)
        found.setdefault(full or number, ContactPhone(kind=kind, number=number, e164=full))
    if len(found) > MOST_PHONES:
        raise Invalid("phones", "too_many", limit=MOST_PHONES)
    return tuple(found.values())


def emails(addresses: Iterable[str]) -> tuple[str, ...]:
    """E-mail addresses in order, each once. Raises Invalid."""
    found = tuple(dict.fromkeys(rules.email(each, "emails") for each in addresses))
    if len(found) > MOST_EMAILS:
        raise Invalid("emails", "too_many", limit=MOST_EMAILS)
    return found


def tell(app: App, actor: User, scope: str) -> None:
    """Tell those who see such contacts that some changed."""
    app.events.forget("words", actor.org_id)
    app.events.forget("twins", actor.id)
    audience = to_org(actor.org_id) if scope == "global" else to_user(actor.id)
    app.events.publish(Fact.CONTACTS_CHANGED, {"scope": scope}, audience)


def _open_to(actor: User, contact: Contact) -> Contact:
    if contact.org_id != actor.org_id or contact.owner_id not in (None, actor.id):
        raise NotFound("contact")
    return contact


async def _changeable(app: App, actor: User, contact_id: str) -> Contact:
    contact = await app.stores.contacts.get(contact_id)
    if contact is None:
        raise NotFound("contact")
    _open_to(actor, contact)
    owner_of(actor, shape.scope_of(contact))
    if shape.is_read_only(contact):
        raise NotAllowed("synced_contact")
    return contact


async def _shown(app: App, actor: User, found: User | Contact) -> dict[str, Any]:
    [shown] = await search.dressed(app, actor, [found])
    return shown

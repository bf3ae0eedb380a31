"""Favourites: whom a person wants at hand, whose calls come through, and whose never do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from server.app import App
from server.domain.accounts import people, rules
from server.domain.errors import Invalid, NotFound, OverQuota
from server.domain.events import Fact, to_user
from server.domain.numbers import e164, shown
from storage.models import User
from storage.telephony import Contact, Favourite

MOST = 1000
PREFIX = re.compile(r"(\+[0-9][0-9 ()/.-]{0,30})\*")
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class CallerRules:
    """What a person decided about who calls: numbers in E.164 (or extensions), prefixes "+46…"."""

    vip: dict[str, str] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset()
    blocked_prefixes: tuple[str, ...] = ()
    block_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a favourite is about, as they are now."""

    name: str
    numbers: tuple[str, ...]


async def caller_rules(app: App, user: User) -> CallerRules:
    """What *user* decided about callers. From memory; every change is told to all processes."""
    found = await app.stores.favourites.of_user(user.id)
    wanted = [each for each in found if each.vip or each.blocked]
    targets = await _targets(app, user.org_id, user.id, wanted)
    twins = await _twins(app, user.id, wanted)
    vip: dict[str, str] = {}
    blocked: set[str] = set()
    for each in wanted:
        target = targets.get(each.id)
        if target is None or each.kind in ("prefix", "anonymous"):
            continue
        numbers = (*target.numbers, *twins.get(each.target, ()))
        if each.blocked:
            blocked.update(numbers)
        else:
            vip.update(dict.fromkeys(numbers, target.name))
    return CallerRules(
        vip={number: name for number, name in vip.items() if number not in blocked},
        blocked=frozenset(blocked),
        blocked_prefixes=tuple(e.target for e in wanted if e.kind == "prefix" and e.blocked),
        block_anonymous=any(each.kind == "anonymous" and each.blocked for each in wanted),
    )


async def listing(app: App, actor: User) -> list[dict[str, Any]]:
    """Everything the actor decided, as clients see it, oldest first."""
    found = await app.stores.favourites.of_user(actor.id)
    targets = await _targets(app, actor.org_id, actor.id, found)
    return [shape(each, targets[each.id].name) for each in found if each.id in targets]


async def marks_of(app: App, user: User) -> dict[tuple[str, str], Favourite]:
    """What the person decided, by kind and target."""
    found = await app.stores.favourites.of_user(user.id)
    return {(each.kind, each.target): each for each in found}


def shape(found: Favourite, name: str) -> dict[str, Any]:
    """The favourite as its owner sees it."""
    target: dict[str, Any] = {}
    if found.kind == "person":
        target["user_id"] = found.target
    elif found.kind == "contact":
        target["contact_id"] = found.target
    elif found.kind in ("number", "prefix"):
        target["number"] = found.target
    marks = {"star": found.star, "vip": found.vip, "blocked": found.blocked}
    return {"id": found.id, "kind": found.kind, **target, "name": name, **marks}


async def mark_person(app: App, actor: User, user_id: str, **marks: bool | None) -> dict[str, Any]:
    """Star, VIP or block a colleague. Raises NotFound."""
    person = await people.colleague(app, actor, user_id)
    if person.role == "bot":
        raise NotFound("user")
    return await _mark(app, actor, "person", person.id, person.name, marks)


async def mark_contact(
    app: App, actor: User, contact_id: str, **marks: bool | None
) -> dict[str, Any]:
    """Star, VIP or block a contact. Raises NotFound."""
    contact = await app.stores.contacts.get(contact_id)
    if contact is None or not _sees(contact, actor.org_id, actor.id):
        raise NotFound("contact")
    return await _mark(app, actor, "contact", contact.id, contact.name, marks)


async def mark_number(
    app: App, actor: User, number: str, *, name: str | None = None, **marks: bool | None
) -> dict[str, Any]:
    """VIP or block a number, or with `*` at its end all that begin so. Raises Invalid."""
    region = await region_of(app, actor.org_id)
    prefix = PREFIX.fullmatch(number.strip())
    target = "+" + re.sub(r"\D", "", prefix[1]) if prefix else e164(number, region)
    if target is None:
        raise Invalid("number", "number")
    if prefix and marks.get("vip"):
        raise Invalid("vip", "prefix_vip")
    named = None if name is None else rules.line(name, "name", 120)
    kind = "prefix" if prefix else "number"
    known = await marks_of(app, actor)
    kept = known[kind, target].name if (kind, target) in known else ""
    return await _mark(app, actor, kind, target, kept if named is None else named, marks)


async def mark_anonymous(app: App, actor: User, *, blocked: bool) -> dict[str, Any]:
    """Block callers who hide their number, or no longer."""
    return await _mark(app, actor, "anonymous", ANONYMOUS, "", {"blocked": blocked})


async def remove(app: App, actor: User, favourite_id: str) -> None:
    """Decide nothing about it any more. Raises NotFound."""
    if not await app.stores.favourites.remove(favourite_id, actor.id, actor.org_id):
        raise NotFound("favourite")
    await changed(app, [actor.id])


async def changed(app: App, user_ids: Iterable[str]) -> None:
    """Forget what was at hand of these people's favourites, and tell their devices."""
    for user_id in user_ids:
        app.events.forget("favourites", user_id)
        app.events.forget("twins", user_id)
        user = await app.stores.users.get(user_id)
        if user is not None:
            data = {"favourites": await listing(app, user)}
            app.events.publish(Fact.FAVOURITES_CHANGED, data, to_user(user_id))


async def region_of(app: App, org_id: str) -> str:
    """The country whose numbers the company's people write without a country code."""
    org = await app.stores.orgs.get(org_id)
    return org.country if org else "SE"


async def _mark(
    app: App, actor: User, kind: Any, target: str, name: str, marks: dict[str, bool | None]
) -> dict[str, Any]:
    changes: dict[str, Any] = {key: on for key, on in marks.items() if on is not None}
    if changes.get("vip") and changes.get("blocked"):
        raise Invalid("blocked", "vip_and_blocked")
    # Who comes through cannot be shut out too: the later decision counts.
    if changes.get("vip"):
        changes["blocked"] = False
    elif changes.get("blocked"):
        changes["vip"] = False
    known = await marks_of(app, actor)
    if (kind, target) not in known:
        if len(known) >= MOST and any(changes.values()):
            raise OverQuota("favourites", limit=MOST)
        if not any(changes.values()):  # nothing was decided, and nothing is to be
            return shape(_begun(app, actor, kind, target, name), _said(kind, target, name))
    begun = _begun(app, actor, kind, target, name)
    saved = await app.stores.favourites.put(begun, changes | {"name": name})
    if not (saved.star or saved.vip or saved.blocked):
        await app.stores.favourites.remove_empty(saved)
    await changed(app, [actor.id])
    return shape(saved, _said(kind, target, name))


def _begun(app: App, actor: User, kind: Any, target: str, name: str) -> Favourite:
    return Favourite(
        id=app.new_id(),
        org_id=actor.org_id,
        user_id=actor.id,
        kind=kind,
        target=target,
        name=name,
        created_at=app.now(),
    )


async def _targets(
    app: App, org_id: str, user_id: str, favourites: Iterable[Favourite]
) -> dict[str, Target]:
    """Whom these are about, by the favourite's id; what is gone is left out."""
    wanted = list(favourites)
    persons = await _persons(app, org_id, [e.target for e in wanted if e.kind == "person"])
    contacts = await asyncio.gather(
        *(app.stores.contacts.get(each.target) for each in wanted if each.kind == "contact")
    )
    seen = {each.id: each for each in contacts if each and _sees(each, org_id, user_id)}
    found: dict[str, Target] = {}
    for each in wanted:
        if each.kind == "person":
            if each.target in persons:
                found[each.id] = persons[each.target]
        elif each.kind == "contact":
            if contact := seen.get(each.target):
                known = tuple(phone.e164 for phone in contact.phones if phone.e164)
                found[each.id] = Target(contact.name, known)
        else:
            found[each.id] = Target(_said(each.kind, each.target, each.name), (each.target,))
    return found


async def _twins(app: App, user_id: str, wanted: Iterable[Favourite]) -> dict[str, tuple[str, ...]]:
    """By contact, the numbers that other sources know of the same person. From memory."""
    if not any(each.kind == "contact" for each in wanted):
        return {}
    numbers = app.stores.twins.numbers
    return numbers.peek(user_id) or await numbers.get(user_id) or {}


async def _persons(app: App, org_id: str, user_ids: list[str]) -> dict[str, Target]:
    """Colleagues with the numbers of the company's plan and those that they wrote themselves."""
    if not user_ids:
        return {}
    region = await region_of(app, org_id)
    plan = await app.stores.numbers.of_users(user_ids)
    found: dict[str, Target] = {}
    for person in await app.stores.users.get_many(user_ids):
        if person.org_id == org_id:
            numbers = [each.number for each in plan.get(person.id, ())]
            own = (e164(phone.number, region) for phone in person.phones)
            numbers += [number for number in own if number]
            found[person.id] = Target(person.name, tuple(dict.fromkeys(numbers)))
    return found


def _sees(contact: Contact, org_id: str, user_id: str) -> bool:
    return contact.org_id == org_id and contact.owner_id in (None, user_id)


def _said(kind: str, target: str, name: str) -> str:
    if name or kind == "anonymous":
        return name
    return shown(target) if kind == "number" else f"{target}*"

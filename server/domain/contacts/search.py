"""One search over everything that is known of colleagues and contacts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from server.app import App
from server.domain.activities import current
from server.domain.contacts import favourites, query, shape
from server.domain.contacts.query import Asked, Shown
from server.domain.errors import Invalid
from server.domain.numbers import e164, plan_starts
from storage.models import User
from storage.telephony import ActivityType, Contact
from storage.terms import sort_key, words_of

CANDIDATES = 120  # of each kind that are put in order: enough, since names come first
ENOUGH = 3  # with fewer, something may be misspelt
SHORTEST_LABEL = 3  # letters of an activity's label
SCOPES = ("internal", "global", "personal")

Ranked = tuple[tuple[Any, ...], User | Contact]


async def find(
    app: App, actor: User, text: str, limit: int, scope: str | None = None
) -> list[dict[str, Any]]:
    """Colleagues and contacts with every word of *text*, as clients see them; colleagues first.

    Words match by beginning, without regard to marks; digits anywhere in a number. What is
    misspelt is looked for when little else is found. Raises Invalid when there is no word.
    """
    asked = query.read(text)
    if not asked:
        raise Invalid("query", "empty")
    found = await _ranked(app, actor, asked, scope)
    if not found:
        asked = query.read(text, numbers=False)
        found = await _ranked(app, actor, asked, scope) if asked else []
    if len(found) < ENOUGH:
        found = await _with_slips(app, actor, asked, scope) or found
    found.sort(key=lambda each: each[0])
    return await dressed(app, actor, [each for _rank, each in found], limit)


async def dressed(
    app: App, actor: User, found: Sequence[User | Contact], limit: int | None = None
) -> list[dict[str, Any]]:
    """The first of these colleagues and contacts as *actor* sees them: what is the same, once."""
    together = await app.stores.twins.of(each for each in found if isinstance(each, Contact))
    firsts: dict[str, User | Contact] = {}
    for each in found:
        firsts.setdefault(together[each.id].shown.id if each.id in together else each.id, each)
    once = [*firsts.values()][:limit]
    marks = await favourites.marks_of(app, actor)
    people = [each.id for each in once if isinstance(each, User)]
    plan = await app.stores.numbers.of_users(people) if people else {}
    org = await app.stores.orgs.get(actor.org_id)
    company, region = (org.name, org.country) if org else ("", "SE")
    return [
        shape.contact(together[each.id], marks)
        if isinstance(each, Contact)
        else shape.colleague(
            each, company, region, tuple(one.number for one in plan.get(each.id, ())), marks
        )
        for each in once
    ]


async def _with_slips(
    app: App, actor: User, asked: Sequence[Asked], scope: str | None
) -> list[Ranked]:
    vocabulary, org_id = app.stores.contacts.vocabulary, actor.org_id
    words = [each for each in asked if each.wanted.word and not each.wanted.parts]
    # A word that nothing begins with is the one that is wrong; else it may be any of them.
    wrong = [each for each in words if not await vocabulary.begins(org_id, each.wanted.word)]
    guessed = [
        query.with_slips(each, await vocabulary.near(org_id, each.wanted.word))
        if each in (wrong or words)
        else each
        for each in asked
    ]
    return [] if guessed == list(asked) else await _ranked(app, actor, guessed, scope)


async def _ranked(app: App, actor: User, asked: Sequence[Asked], scope: str | None) -> list[Ranked]:
    """Whom every word fits, each with their place in the order."""
    words = [each.wanted for each in asked]
    contacts, org_id = app.stores.contacts, actor.org_id
    starred = [
        target
        for (kind, target), mark in (await favourites.marks_of(app, actor)).items()
        if kind == "contact" and mark.star
    ]
    hidden = await contacts.hidden(org_id)
    people, shared, own, stars = await asyncio.gather(
        _people(app, actor, asked) if scope in (None, "internal") else _nobody(),
        contacts.find(org_id, None, words, hidden, CANDIDATES)
        if scope in (None, "global")
        else _nobody(),
        contacts.find(org_id, actor.id, words, hidden, CANDIDATES)
        if scope in (None, "personal")
        else _nobody(),
        contacts.among(org_id, starred, words) if starred and scope != "internal" else _nobody(),
    )
    first = set(starred)
    found: dict[str, User | Contact] = {each.id: each for each in people}
    found |= {each.id: each for each in (*shared, *own)}
    found |= {each.id: each for each in stars if _is_in(each, actor, scope)}
    return [(_place(each, asked, first), each) for each in found.values()]


async def _nobody() -> list[Any]:
    return []


def _is_in(contact: Contact, actor: User, scope: str | None) -> bool:
    seen = contact.owner_id in (None, actor.id)
    return seen and scope in (None, shape.scope_of(contact))


def _place(found: User | Contact, asked: Sequence[Asked], starred: set[str]) -> tuple[Any, ...]:
    """What is certain before what was guessed, colleagues before others, then how well it fits."""
    others: tuple[str, ...]
    if isinstance(found, User):
        inside, kind = 0, 0
        others = (found.title, found.department, found.email, found.note)
        numbers = [(phone.number, e164(phone.number)) for phone in found.phones]
    else:
        inside, kind = 1, 0 if found.id in starred else 1 if found.owner_id else 2
        others = (found.title, found.department, found.company, *found.emails, found.note)
        numbers = [(phone.number, phone.e164) for phone in found.phones]
    slips, far = query.distance(asked, Shown(found.name, others, numbers))
    return slips, inside, far, kind, sort_key(found.name), found.id


async def _people(app: App, actor: User, asked: Sequence[Asked]) -> list[User]:
    words = [each.wanted for each in asked]
    also = await _busy(app, actor, asked)
    for place, word in enumerate(words):
        if word.parts:
            also[place] = await _with_number(app, actor.org_id, word.parts)
    return await app.stores.users.matching(actor.org_id, words, also, CANDIDATES)


async def _with_number(app: App, org_id: str, parts: Sequence[str]) -> list[str]:
    """Whose numbers in the company's plan begin with these digits, however they are dialled."""
    region = await favourites.region_of(app, org_id)
    starts = {start for digits in parts for start in plan_starts(digits, region)}
    return sorted(await app.stores.numbers.beginning(org_id, starts, CANDIDATES))


async def _busy(app: App, actor: User, asked: Sequence[Asked]) -> dict[int, list[str]]:
    """By a word's place in the query, who just now does something that is called so."""
    known = await current.types_of(app, actor)
    words = {
        place: each.wanted.word
        for place, each in enumerate(asked)
        if len(each.wanted.word) >= SHORTEST_LABEL and not each.wanted.parts
    }
    wanted = {kind.id for kind in known.values() for word in words.values() if _called(kind, word)}
    if not wanted:
        return {}
    doing = await _doing(app, actor.org_id, wanted, set(known))
    found = {
        place: [user_id for user_id, kind in doing.items() if _called(kind, word)]
        for place, word in words.items()
    }
    return {place: user_ids for place, user_ids in found.items() if user_ids}


def _called(kind: ActivityType, word: str) -> bool:
    labels = (label for text in kind.label.values() for label in words_of(text))
    return any(label.startswith(word) for label in labels)


async def _doing(
    app: App, org_id: str, wanted: set[str], known: set[str]
) -> dict[str, ActivityType]:
    """Who does one of the *wanted* just now, or something that only they have: id to kind."""
    ids = await app.stores.users.ids_of_org(org_id)
    now = app.now()
    rows = await app.stores.activities.of_users(org_id, ids, now)
    maybe = [
        user_id
        for user_id, theirs in rows.items()
        if any(
            row.start <= now and (row.type_id in wanted or row.type_id not in known)
            for row in theirs
        )
    ]
    users = await app.stores.users.get_many(maybe)
    return {user_id: each.type for user_id, each in (await current.states(app, users)).items()}

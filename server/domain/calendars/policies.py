"""What a company and its people decide about their calendars, and who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from server.app import App
from server.domain import texts
from server.domain.accounts import admin, audit
from server.domain.activities.types import AVAILABLE, STANDARD, choosable, merge
from server.domain.calendars import keywords, recomputing
from server.domain.errors import Conflict, Invalid, NotFound, OverQuota
from server.domain.jobs import Job
from storage.calendars import CalendarPolicy, Keyword, OwnPolicy
from storage.models import User
from storage.telephony import ActivityType

MOST = 100  # words, and as many categories
CATEGORY_LENGTH = 60
RULES = ("keywords", "categories", "tentative_closes", "focus_closes", "privacy", "lead", "lag")


async def own(app: App, actor: User) -> dict[str, Any]:
    """What the actor decided, and what counts for them together with the company's policy."""
    company = await app.stores.calendar_policies.of_org(actor.org_id)
    return _own_shape(await app.stores.own_policies.of_user(actor.id, actor.org_id), company)


async def put_own(app: App, actor: User, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change fields of the actor's OwnPolicy; None is as the company has it. Raises Conflict."""
    if actor.role == "bot":
        raise Conflict("bot")
    before = await app.stores.own_policies.find(actor.id, actor.org_id)
    policy: OwnPolicy = replace(before, **changes)
    if policy != before:
        await app.stores.own_policies.put(policy)
        app.events.forget("own_policy", actor.id)
        await recomputing.of_person(app, actor)
    return await own(app, actor)


async def company(app: App, actor: User) -> dict[str, Any]:
    """The company's policy, for its administrators. Raises NotAllowed."""
    admin.must_administer(actor)
    return _shape(await app.stores.calendar_policies.of_org(actor.org_id))


async def put_company(app: App, actor: User, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change fields of the company's CalendarPolicy; `keywords` None is the standard table.

    Everybody's meetings are judged anew soon.
    Raises NotAllowed, NotFound, Invalid, Conflict, OverQuota.
    """
    org = await admin.org_of(app, actor)
    tidy = dict(changes)
    kinds = await _kinds(app, actor)
    if tidy.get("keywords") is not None:
        words = _words(tidy["keywords"], kinds)
        tidy["keywords"] = None if words == keywords.STANDARD else words
    if "categories" in tidy:
        tidy["categories"] = _categories(tidy["categories"], kinds)
    if "providers" in tidy:
        tidy["providers"] = tuple(dict.fromkeys(tidy["providers"]))
    before = await app.stores.calendar_policies.find(org.id)
    policy: CalendarPolicy = replace(before, **tidy)
    found = _difference(before, policy)
    if found:
        await app.stores.calendar_policies.put(policy)
        app.events.forget("calendar_policy", org.id)
        await audit.record(app, actor, "calendar_policy.changed", org, found)
        if not set(RULES).isdisjoint(found):
            await app.jobs.enqueue(Job.CALENDAR_CLAIMS, queue="backfill", org_id=org.id)
    return _shape(policy)


async def _kinds(app: App, actor: User) -> dict[str, ActivityType]:
    found = await app.stores.activity_types.of_owners(actor.org_id, [actor.org_id])
    return merge(STANDARD, found[actor.org_id], ())


def _words(given: Iterable[tuple[str, str]], kinds: dict[str, ActivityType]) -> tuple[Keyword, ...]:
    """Pairs of word and activity as keywords. Raises Invalid, NotFound, Conflict, OverQuota."""
    found = [Keyword(word=keywords.normal(word), type_id=type_id) for word, type_id in given]
    for each in found:
        if not keywords.is_word(each.word):
            raise Invalid("keywords", "keyword_word")
    return _checked(found, "keywords", kinds)


def _categories(
    given: Iterable[tuple[str, str]], kinds: dict[str, ActivityType]
) -> tuple[Keyword, ...]:
    found = [
        Keyword(word=texts.line(name, "categories", CATEGORY_LENGTH, needed=True), type_id=type_id)
        for name, type_id in given
    ]
    return _checked(found, "categories", kinds)


def _checked(
    found: list[Keyword], field: str, kinds: dict[str, ActivityType]
) -> tuple[Keyword, ...]:
    if len(found) > MOST:
        raise OverQuota("keywords", limit=MOST)
    for each in found:
        if choosable(kinds, each.type_id) is None:
            raise NotFound("activity")
        if each.type_id == AVAILABLE:
            raise Conflict("keyword_available", field=field)
    if len({keywords.normal(each.word) for each in found}) < len(found):
        raise Conflict("keyword_twice", field=field)
    return tuple(found)


def _difference(before: CalendarPolicy, after: CalendarPolicy) -> dict[str, list[Any]]:
    """What changed, in a writing that administrators can read."""
    found = audit.difference(before, after, [*RULES, "providers"])
    return {name: [_written(getattr(policy, name)) for policy in (before, after)] for name in found}


def _written(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    return ", ".join(
        f"{each.word} = {each.type_id}" if isinstance(each, Keyword) else str(each)
        for each in value
    )


def _own_shape(policy: OwnPolicy, company: CalendarPolicy) -> dict[str, Any]:
    closes = policy.tentative_closes
    return {
        "tentative_closes": closes,
        "privacy": policy.privacy,
        "show_subjects": policy.show_subjects,
        "effective": {
            "tentative_closes": company.tentative_closes if closes is None else closes,
            "privacy": policy.privacy or company.privacy,
        },
    }


def _shape(policy: CalendarPolicy) -> dict[str, Any]:
    words = keywords.STANDARD if policy.keywords is None else policy.keywords
    return {
        "keywords": [{"word": each.word, "type_id": each.type_id} for each in words],
        "standard_keywords": policy.keywords is None,
        "categories": [{"word": each.word, "type_id": each.type_id} for each in policy.categories],
        "tentative_closes": policy.tentative_closes,
        "focus_closes": policy.focus_closes,
        "privacy": policy.privacy,
        "lead": policy.lead,
        "lag": policy.lag,
        "providers": list(policy.providers),
    }

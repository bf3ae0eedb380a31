"""Which activities there are: a company's and a person's changes of the standard ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.app import App
from server.domain import texts
from server.domain.accounts import admin, audit, telling
from server.domain.activities import views
from server.domain.activities.types import AVAILABLE, STANDARD, STANDARD_IDS, merge
from server.domain.errors import Invalid, NotFound, OverQuota
from server.domain.events import Fact, to_org
from server.domain.jobs import Job
from storage.activities import key_of
from storage.models import User
from storage.telephony import ActivityType, DefaultEnd

MOST = 50  # own ones of a company or a person
LABEL_LENGTH = 60
SPOKEN_LENGTH = 120
USUAL = 60  # minutes, of what ends after a time that nobody named
LOOK = ("label", "spoken", "closes_phone", "default_end", "vip_through", "queue", "colour", "icon",
        "position", "hidden")  # fmt: skip  # reads as the list that it is


async def lists(app: App, actor: User) -> dict[str, Any]:
    """{company, own}: the company's activities, and what the actor changed or added."""
    kinds = await app.stores.activity_types.of_owners(actor.org_id, [actor.org_id, actor.id])
    own = [kind for kind in kinds[actor.id] if not kind.removed]
    return {
        "company": _shown(kinds[actor.org_id], actor.org_id),
        "own": views.types(own, actor.org_id),
    }


async def company_list(app: App, actor: User) -> list[dict[str, Any]]:
    """The company's activities, for its administrators. Raises NotAllowed."""
    admin.must_administer(actor)
    kinds = await app.stores.activity_types.of_owners(actor.org_id, [actor.org_id])
    return _shown(kinds[actor.org_id], actor.org_id)


async def add(app: App, actor: User, fields: dict[str, Any], *, company: bool) -> dict[str, Any]:
    """A new activity of the actor's, or of their *company*. Raises NotAllowed, Invalid, OverQuota.

    *fields* are those of ActivityType, nested ones as dictionaries.
    """
    owner = _owner(actor, company=company)
    known = await _known(app, actor, owner)
    if sum(kind.owner == owner and not kind.removed for kind in known.values()) >= MOST:
        raise OverQuota("activities", limit=MOST)
    position = 1 + max((kind.position for kind in known.values()), default=0)
    blank = ActivityType(id=app.new_id(), owner=owner, label={}, position=position)
    return await _save(app, actor, _changed(blank, fields), None)


async def edit(
    app: App, actor: User, type_id: str, fields: dict[str, Any], *, company: bool
) -> dict[str, Any]:
    """Change an activity for oneself, or for the whole *company*.

    Raises NotAllowed, NotFound, Invalid.
    """
    owner = _owner(actor, company=company)
    before = (await _known(app, actor, owner)).get(type_id)
    if before is None or before.removed:
        raise NotFound("activity")
    return await _save(app, actor, _changed(replace(before, owner=owner), fields), before)


async def remove(app: App, actor: User, type_id: str, *, company: bool) -> None:
    """Drop an own activity, or go back to how it was before it was changed.

    Who still does what is dropped goes on doing it. Raises NotAllowed, NotFound.
    """
    owner = _owner(actor, company=company)
    before = (await _known(app, actor, owner)).get(type_id)
    if before is None or before.owner != owner or before.removed:
        raise NotFound("activity")
    doing = await app.stores.activities.doing(actor.org_id, type_id, app.now())
    if doing and await _only_here(app, actor, before):
        await app.stores.activity_types.save(actor.org_id, replace(before, removed=True))
    else:
        await app.stores.activity_types.remove(actor.org_id, owner, type_id)
    await _tell(app, actor, before, doing)
    if company:  # a word in the calendar may have stood for it
        await app.jobs.enqueue(Job.CALENDAR_CLAIMS, queue="backfill", org_id=actor.org_id)
    await _note(app, actor, "activity.removed", before, {"label": [before.label, None]})


def _owner(actor: User, *, company: bool) -> str:
    if company:
        admin.must_administer(actor)
        return actor.org_id
    return actor.id


async def _known(app: App, actor: User, owner: str) -> dict[str, ActivityType]:
    """What *owner*, the actor or the company, starts from."""
    kinds = await app.stores.activity_types.of_owners(actor.org_id, [actor.org_id, owner])
    own = kinds[owner] if owner != actor.org_id else ()
    return merge(STANDARD, kinds[actor.org_id], own)


async def _only_here(app: App, actor: User, kind: ActivityType) -> bool:
    """Whether there is no other version of the kind for who does it to fall back on."""
    if kind.id in STANDARD_IDS:
        return False
    if kind.owner == actor.org_id:
        return True
    kinds = await app.stores.activity_types.of_owners(actor.org_id, [actor.org_id])
    return all(each.id != kind.id for each in kinds[actor.org_id])


def _changed(kind: ActivityType, fields: dict[str, Any]) -> ActivityType:
    """The kind with these fields, checked. Raises Invalid."""
    tidy = dict(fields)
    if "label" in tidy:
        tidy["label"] = _words(tidy["label"], "label", LABEL_LENGTH, needed=True)
    if "spoken" in tidy:
        tidy["spoken"] = _words(tidy["spoken"], "spoken", SPOKEN_LENGTH)
    if "default_end" in tidy:
        tidy["default_end"] = _end(tidy["default_end"])
    changed = replace(kind, **tidy)
    if kind.id == AVAILABLE:
        for name in ("closes_phone", "hidden", "default_end"):
            if getattr(changed, name) != getattr(kind, name):
                raise Invalid(name, "available_stays")
    return changed


def _words(words: dict[Any, str], field: str, limit: int, *, needed: bool = False) -> Any:
    return {
        language: texts.line(text, field, limit, needed=needed) for language, text in words.items()
    }


def _end(end: dict[str, Any]) -> DefaultEnd:
    timed = end["kind"] == "minutes"
    return DefaultEnd(kind=end["kind"], minutes=(end["minutes"] or USUAL) if timed else None)


async def _save(
    app: App, actor: User, kind: ActivityType, before: ActivityType | None
) -> dict[str, Any]:
    await app.stores.activity_types.save(actor.org_id, kind)
    doing = await app.stores.activities.doing(actor.org_id, kind.id, app.now()) if before else []
    await _tell(app, actor, kind, doing)
    action = "activity.changed" if before else "activity.added"
    changes = audit.difference(before, kind, LOOK) if before else {"label": [None, kind.label]}
    await _note(app, actor, action, kind, changes)
    return views.activity_type(kind, actor.org_id)


async def _tell(app: App, actor: User, kind: ActivityType, doing: list[str]) -> None:
    """Tell whoever sees the kind; what it says of the telephone may change how long they do it."""
    app.events.forget("activity_types", key_of(actor.org_id, kind.owner))
    if kind.owner == actor.org_id:
        found = await views.company_types(app, actor.org_id)
        app.events.publish(Fact.ACTIVITIES_CHANGED, {"activities": found}, to_org(actor.org_id))
        app.presence.touch(actor.org_id, doing)
    else:
        await telling.person_changed(app, actor, actor)
        app.presence.touch(actor.org_id, [actor.id])


async def _note(
    app: App, actor: User, action: str, kind: ActivityType, changes: dict[str, list[Any]]
) -> None:
    """What an administrator does with the company's activities is written down."""
    if kind.owner == actor.org_id:
        org = await admin.own_org(app, actor)
        named = {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()}
        await audit.record(app, actor, action, org, {"activity": [None, kind.label["sv"]]} | named)


def _plain(value: Any) -> Any:
    return f"{value['sv']} / {value['en']}" if isinstance(value, dict) and "sv" in value else value


def _shown(kinds: tuple[ActivityType, ...], org_id: str) -> list[dict[str, Any]]:
    merged = merge(STANDARD, kinds, ()).values()
    return views.types([kind for kind in merged if not kind.removed], org_id)

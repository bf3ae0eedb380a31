"""The number plan: which numbers a company has, and whose they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from server.app import App
from server.domain.accounts import admin, audit, telling
from server.domain.errors import Conflict, Invalid, NotFound, OverQuota
from server.domain.numbers import e164, shown
from storage.models import Org, User
from storage.numbers import key_of
from storage.telephony import CompanyNumber, NumberKind

EXTENSION = re.compile(r"[0-9]{2,6}")
MOST = 20_000


def normalised(text: str, region: str) -> str | None:
    """An extension as it is, any other number in E.164; None for what is neither. Pure."""
    tidy = text.strip()
    return tidy if EXTENSION.fullmatch(tidy) else e164(tidy, region)


async def listing(app: App, actor: User) -> list[dict[str, Any]]:
    """The whole plan: the main number first, then by number. Raises NotAllowed."""
    org = await admin.org_of(app, actor)
    found = await app.stores.numbers.of_org(org.id)
    found.sort(key=lambda each: (each.kind != "main", len(each.number), each.number))
    return [shape(each, org.country) for each in found]


async def put(
    app: App, actor: User, text: str, kind: NumberKind, user_id: str | None
) -> dict[str, Any]:
    """Make the number the person's, nobody's, or the company's main one; as it then stands.

    There is one main number: the one before stays as an ordinary number.
    Raises NotAllowed, Invalid, NotFound, Conflict, OverQuota.
    """
    org = await admin.org_of(app, actor)
    number = CompanyNumber(
        org_id=org.id,
        number=_checked(text, kind, org.country),
        kind=kind,
        user_id=await _owner(app, actor, user_id),
    )
    if await app.stores.numbers.full(number, MOST):
        raise OverQuota("numbers", limit=MOST)
    changed = await app.stores.numbers.put(number)
    before = next((each for each in changed if each.number == number.number), None)
    if before != number:
        await _note(app, actor, org, before, number)
        await _tell(app, org, [*changed, number])
    return shape(number, org.country)


async def remove(app: App, actor: User, text: str) -> None:
    """Take the number out of the plan. Raises NotAllowed, NotFound."""
    org = await admin.org_of(app, actor)
    wanted = normalised(text, org.country)
    gone = await app.stores.numbers.remove(org.id, wanted) if wanted else None
    if gone is None:
        raise NotFound("number")
    await _note(app, actor, org, gone, None)
    await _tell(app, org, [gone])


def shape(number: CompanyNumber, region: str) -> dict[str, Any]:
    """The number as administrators see it; `display` as people in *region* write it."""
    extension = EXTENSION.fullmatch(number.number)
    return {
        "number": number.number,
        "kind": number.kind,
        "user_id": number.user_id,
        "display": number.number if extension else shown(number.number, region),
    }


def _checked(text: str, kind: NumberKind, region: str) -> str:
    found = normalised(text, region)
    if kind == "extension":
        if found is None or not EXTENSION.fullmatch(found):
            raise Invalid("number", "extension")
        return found
    if found is None or EXTENSION.fullmatch(found):
        raise Invalid("number", "plan_number")
    return found


async def _owner(app: App, actor: User, user_id: str | None) -> str | None:
    if user_id is None:
        return None
    user = await app.stores.users.in_org(user_id, actor.org_id)
    if user is None:
        raise NotFound("user")
    if user.role == "bot":
        raise Conflict("bot", field="user_id")
    return user.id


async def _note(
    app: App,
    actor: User,
    org: Org,
    before: CompanyNumber | None,
    after: CompanyNumber | None,
) -> None:
    number = after or before
    if number is None:
        return
    changes: dict[str, list[Any]] = {}
    kinds = [before and before.kind, after and after.kind]
    if kinds[0] != kinds[1]:
        changes["number_kind"] = kinds
    owners = [await _name(app, before), await _name(app, after)]
    if owners[0] != owners[1]:
        changes["owner"] = owners
    done = "changed" if before and after else "added" if after else "removed"
    noted = audit.entry(app, actor, org.id, f"number.{done}", None, changes)
    shown_as = shape(number, org.country)["display"]
    await app.stores.audit.add([replace(noted, target=number.number, target_name=shown_as)])


async def _name(app: App, number: CompanyNumber | None) -> str | None:
    user = await app.stores.users.get(number.user_id) if number and number.user_id else None
    return user.name if user else None


async def _tell(app: App, org: Org, changed: list[CompanyNumber]) -> None:
    """These are, or were, how numbers of the company stand: whose they are and were is told."""
    owners = sorted({each.user_id for each in changed if each.user_id})
    for each in changed:
        app.events.forget("number", key_of(org.id, each.number))
    for user_id in owners:
        app.events.forget("numbers_of", user_id)
    users = await app.stores.users.get_many(owners)
    await telling.people_changed(app, [(user, user) for user in users if user.org_id == org.id])
    if any(each.kind == "main" for each in changed):
        app.events.forget("org", org.id)
        now = await app.stores.orgs.find(org.id)
        if now is not None:
            telling.org_changed(app, now)

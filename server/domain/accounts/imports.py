"""Adding and changing many people at once, from a file: all of it or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from server.app import App
from server.domain.accounts import admin, audit, invitations, tables, telling
from server.domain.accounts.tables import Fault, Row, Table
from server.domain.errors import Conflict
from storage.models import Phone, User
from storage.people import Taken

INVITED_AT_ONCE = 20


@dataclass(slots=True)
class Plan:
    """What a file would do."""

    rows: int
    added: list[User] = field(default_factory=list)
    changed: list[tuple[User, User]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


async def run(app: App, actor: User, data: bytes, *, dry_run: bool, invite: bool = True) -> Plan:
    """Import people by e-mail: new ones are added, known ones changed, the rest left alone.

    Doing it again changes nothing. With any fault, or a *dry_run*, nothing is applied.
    Raises NotAllowed, OverQuota, Conflict when others were faster.
    """
    admin.must_administer(actor)
    table = await asyncio.to_thread(tables.read, data)
    plan = await _plan(app, actor, table)
    if plan.faults or dry_run:
        return plan
    try:
        after = [new for _, new in plan.changed]
        await app.stores.users.save_all(actor.org_id, plan.added, after)
    except Taken as error:
        raise Conflict("last_admin" if error.field == "admin" else "again") from None
    await _tell(app, actor, plan)
    if invite:
        await _invite(app, actor, plan.added)
    return plan


async def _plan(app: App, actor: User, table: Table) -> Plan:
    plan = Plan(rows=len(table.rows), faults=list(table.faults))
    emails = [row.fields["email"] for row in table.rows if "email" in row.fields]
    known = {user.email: user for user in await app.stores.users.by_emails(emails)}
    org = await admin.own_org(app, actor)
    taken = await app.stores.users.handles(org.id)
    for row in table.rows:
        if "email" not in row.fields or "name" not in row.fields:
            continue  # its faults are noted
        user = known.get(row.fields["email"])
        if user is None:
            fields = row.fields | {"phones": _phones((), row)}
            user = admin.newcomer(app, org, taken, **fields)
            taken.add(user.handle)
            plan.added.append(user)
        else:
            _plan_change(actor, row, user, plan)
    plan.faults += await _without_admin(app, actor, plan, table)
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def _plan_change(actor: User, row: Row, user: User, plan: Plan) -> None:
    untouchable = user.role == "operator" and actor.role != "operator"
    if user.org_id != actor.org_id or untouchable:
        # Nothing more: whose address it is concerns nobody here.
        plan.faults.append(Fault(row.number, "email", user.email, "email_unusable"))
        return
    fields: dict[str, Any] = dict(row.fields)
    if user.role == "operator":
        fields.pop("role", None)  # the file knows no operators, so it cannot mean to unmake one
    after = replace(user, **fields, phones=_phones(user.phones, row))
    if after == user:
        plan.unchanged += 1
    else:
        plan.changed.append((user, after))


def _phones(before: tuple[Phone, ...], row: Row) -> tuple[Phone, ...]:
    """The numbers in the file take the place of those of their kind; an empty cell removes them."""
    written = {phone.kind: phone.number for phone in before if phone.kind in row.phones}
    if written == {kind: number for kind, number in row.phones.items() if number} and len(
        written
    ) == sum(phone.kind in row.phones for phone in before):
        return before
    new = [Phone(kind=kind, number=number) for kind, number in row.phones.items() if number]
    return (*new, *(phone for phone in before if phone.kind not in row.phones))


async def _without_admin(app: App, actor: User, plan: Plan, table: Table) -> list[Fault]:
    demoted = {
        before.id: before
        for before, after in plan.changed
        if before.role == "admin" and after.role != "admin"
    }
    if not demoted:
        return []
    made = any(user.role == "admin" for user in plan.added)
    made = made or any(new.role == "admin" and not new.blocked for _, new in plan.changed)
    everyone = await app.stores.users.of_org(actor.org_id)
    left = any(
        user.role in ("admin", "operator") and not user.blocked and user.id not in demoted
        for user in everyone
    )
    if made or left:
        return []
    emails = {user.email for user in demoted.values()}
    row = next(row for row in reversed(table.rows) if row.fields.get("email") in emails)
    return [Fault(row.number, "role", str(row.fields["role"]), "last_admin")]


async def _tell(app: App, actor: User, plan: Plan) -> None:
    notes = [
        audit.entry(app, actor, user.org_id, "person.added", user, {"email": [None, user.email]})
        for user in plan.added
    ]
    notes += [
        audit.entry(
            app,
            actor,
            new.org_id,
            "person.changed",
            new,
            audit.difference(old, new, admin.CHANGEABLE),
        )
        for old, new in plan.changed
    ]
    await app.stores.audit.add(notes)
    told: list[tuple[User, User | None]] = [(user, None) for user in plan.added]
    told += [(new, old) for old, new in plan.changed]
    await telling.people_changed(app, told)


async def _invite(app: App, actor: User, added: list[User]) -> None:
    for start in range(0, len(added), INVITED_AT_ONCE):
        some = added[start : start + INVITED_AT_ONCE]
        await asyncio.gather(*(invitations.invite(app, actor, user) for user in some))

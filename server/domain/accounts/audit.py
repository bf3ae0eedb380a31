"""Who changed what: written by each use case that changes people or companies, read by admins."""

from __future__ import annotations

from typing import Any

import msgspec

from server.app import App
from server.domain.errors import NotAllowed
from server.domain.plans import can
from storage.models import AuditEntry, Org, User, timestamp

SECRET = frozenset({"password_hash"})


async def record(
    app: App,
    actor: User | None,
    action: str,
    target: User | Org | None = None,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    """Note that *actor* (None: someone at the server's own console) did *action* to *target*."""
    org_id = _org_of(actor, target)
    await app.stores.audit.add([entry(app, actor, org_id, action, target, changes)])


def entry(
    app: App,
    actor: User | None,
    org_id: str,
    action: str,
    target: User | Org | None,
    changes: dict[str, list[Any]] | None = None,
) -> AuditEntry:
    """The note itself, for those who write many at once."""
    return AuditEntry(
        id=app.new_id(),
        org_id=org_id,
        at=app.now(),
        actor_id=actor.id if actor else "",
        actor_name=actor.name if actor else "",
        action=action,
        target=target.id if target else "",
        target_name=target.name if target else "",
        changes=changes or {},
    )


def _org_of(actor: User | None, target: User | Org | None) -> str:
    if isinstance(target, Org):
        return target.id
    if target is not None:
        return target.org_id
    return actor.org_id if actor else ""


def difference(old: Any, new: Any, names: tuple[str, ...] | list[str]) -> dict[str, list[Any]]:
    """Of these fields, those that differ: field to [old, new]. Secrets are never among them."""
    found = {}
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after and name not in SECRET:
            found[name] = [msgspec.to_builtins(before), msgspec.to_builtins(after)]
    return found


async def page(app: App, actor: User, before: str | None = None, limit: int = 50) -> dict[str, Any]:
    """The company's latest entries, or those before one: {entries, more}. Raises NotAllowed."""
    if not can(actor, "admin"):
        raise NotAllowed
    found = await app.stores.audit.page(actor.org_id, before, limit + 1)
    return {"entries": [_shown(each) for each in found[:limit]], "more": len(found) > limit}


def _shown(found: AuditEntry) -> dict[str, Any]:
    return {
        "id": found.id,
        "at": timestamp(found.at),
        "actor_id": found.actor_id,
        "actor_name": found.actor_name,
        "action": found.action,
        "target": found.target,
        "target_name": found.target_name,
        "changes": found.changes,
    }

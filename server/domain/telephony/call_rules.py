"""What a person wants done with calls that they do not answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.app import App
from server.domain.contacts import favourites
from server.domain.errors import Conflict, Invalid, NotFound
from storage.models import User
from storage.telephony import CallRules


async def own(app: App, actor: User) -> dict[str, Any]:
    """The actor's rules, or those that everybody begins with."""
    callers = await favourites.caller_rules(app, actor)
    rules = await app.stores.call_rules.of_user(actor.id, actor.org_id)
    return shape(rules, blocks_anonymous=callers.block_anonymous)


async def put(
    app: App, actor: User, changes: dict[str, Any], *, block_anonymous: bool | None
) -> dict[str, Any]:
    """Change the actor's rules: fields of CallRules; what is left out stays.

    Whether callers who hide their number are blocked is kept with the others who are.
    Raises Conflict, Invalid, NotFound.
    """
    if actor.role == "bot":
        raise Conflict("bot")
    if changes.get("colleague_id") is not None:
        await _check_colleague(app, actor, changes["colleague_id"])
    before = await app.stores.call_rules.of_user(actor.id, actor.org_id)
    rules: CallRules = replace(before, **changes)
    if rules != before:
        await app.stores.call_rules.put(rules)
        app.events.forget("call_rules", actor.id)
    if block_anonymous is not None:
        await favourites.mark_anonymous(app, actor, blocked=block_anonymous)
    return await own(app, actor)


def shape(rules: CallRules, *, blocks_anonymous: bool) -> dict[str, Any]:
    """The rules as their owner sees them."""
    return {
        "ring_seconds": rules.ring_seconds,
        "open_redirect": rules.open_redirect,
        "busy": rules.busy,
        "no_answer": rules.no_answer,
        "offline": rules.offline,
        "after": {
            "voicemail": rules.voicemail,
            "colleague_id": rules.colleague_id,
            "switchboard": rules.switchboard,
        },
        "anonymous": "block" if blocks_anonymous else "ring",
    }


async def _check_colleague(app: App, actor: User, user_id: str) -> None:
    user = await app.stores.users.in_org(user_id, actor.org_id)
    if user is None or user.role == "bot":
        raise NotFound("user")
    if user.id == actor.id:
        raise Invalid("after", "colleague_self")

"""How a company's calendars are kept in step, for its administrators."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.app import App
from server.domain.accounts import admin, audit
from server.domain.calendars import company, connections, dead, lag, shape, sweep
from server.domain.errors import Conflict, NotFound
from storage.calendars import Connection
from storage.models import User, timestamp

STATES = ("connecting", "synced", "stale", "lost")
MOST_TROUBLES = 100


async def page(app: App, actor: User) -> dict[str, Any]:
    """Kinds of connection, counts, lag, troubles and work given up. Raises NotAllowed.

    Troubles have the key of a sentence, `trouble`; persons their names.
    """
    admin.must_administer(actor)
    counts = await app.stores.mailboxes.counts(actor.org_id, app.now() - shape.STALE)
    return {
        "providers": [
            await _provider(app, actor, offer, counts.get(offer["provider"], {}))
            for offer in await connections.offers(app, actor.org_id)
        ],
        "lag": await lag.lag(app, actor.org_id),
        "troubles": await _troubles(app, actor.org_id),
        "dead": await _dead(app, actor.org_id),
    }


async def sync(app: App, actor: User, mailbox_id: str) -> None:
    """Look at somebody's mailbox soon. Raises NotAllowed, NotFound, Conflict."""
    admin.must_administer(actor)
    mailbox = await app.stores.mailboxes.in_org(mailbox_id, actor.org_id)
    if mailbox is None:
        raise NotFound("mailbox")
    connection = await app.stores.connections.in_org(mailbox.connection_id, actor.org_id)
    if connection is None:
        raise NotFound("mailbox")
    if mailbox.trouble == "blocked":
        raise Conflict("blocked")
    if connection.status == "lost":
        raise Conflict("reconnect")
    await company.note(app, actor, "mailbox.synced", connection)
    await sweep.hurry(app, actor.org_id, mailbox.id)


async def replay(app: App, actor: User, named: str) -> None:
    """Have work that was given up done again. Raises NotAllowed, NotFound."""
    admin.must_administer(actor)
    await dead.replay(app, actor.org_id, _letter_id(named))
    await _note(app, actor, "dead_letter.replayed", named)


async def drop(app: App, actor: User, named: str) -> None:
    """Forget work that was given up. Raises NotAllowed, NotFound."""
    admin.must_administer(actor)
    await dead.drop(app, actor.org_id, _letter_id(named))
    await _note(app, actor, "dead_letter.dropped", named)


async def _provider(
    app: App, actor: User, offer: dict[str, Any], counts: dict[str, int]
) -> dict[str, Any]:
    found = await company.own(app, actor, offer["provider"])
    # A company lets us into Google by a service account, for which we need no application there.
    configured = offer["configured"] or (
        offer["provider"] == "google" and "google" in app.calendars
    )
    return {
        "provider": offer["provider"],
        "on": offer["on"],
        "configured": configured,
        "company": await _company(app, found) if found else None,
        "counts": {
            "connected": sum(counts.values()),
            **{state: counts.get(state, 0) for state in STATES},
        },
    }


async def _company(app: App, found: Connection) -> dict[str, Any]:
    """The company's connection: as well as the mailbox in it that was synced last."""
    latest = await app.stores.mailboxes.latest_synced(found.org_id, found.id)
    shown = shape.connection(found, latest, app.now(), set())
    return shown | {
        "account": found.account,
        "trouble": found.trouble or None,
        "calendars": [],
    }


async def _troubles(app: App, org_id: str) -> list[dict[str, Any]]:
    found = await app.stores.mailboxes.troubled(org_id, MOST_TROUBLES)
    names = await _names(app, [each.user_id for each in found])
    return [
        {
            "mailbox_id": each.id,
            "person": names.get(each.user_id, ""),
            "provider": each.provider,
            "trouble": each.trouble,
            "at": timestamp(each.synced_at or each.created_at),
        }
        for each in found
        if each.trouble != "blocked"  # which is as it should be
    ]


async def _dead(app: App, org_id: str) -> list[dict[str, Any]]:
    found = await dead.letters(app, org_id)
    whose = {
        each.mailbox_id: await app.stores.mailboxes.in_org(each.mailbox_id, org_id)
        for each in found
    }
    names = await _names(app, [each.user_id for each in whose.values() if each])
    shown = []
    for each in found:
        mailbox = whose[each.mailbox_id]
        if mailbox is not None:
            shown.append(
                {
                    "id": _named(each.id),
                    "person": names.get(mailbox.user_id, ""),
                    "provider": mailbox.provider,
                    "why": each.why,
                    "item": bool(each.ref),
                    "tries": each.tries,
                    "at": timestamp(each.at),
                }
            )
    return shown


async def _names(app: App, user_ids: list[str]) -> dict[str, str]:
    return {each.id: each.name for each in await app.stores.users.get_many(user_ids)}


async def _note(app: App, actor: User, action: str, named: str) -> None:
    noted = replace(audit.entry(app, actor, actor.org_id, action, None), target=named)
    await app.stores.audit.add([noted])


def _named(letter_id: str) -> str:
    """A dead letter's id as it stands in an address."""
    return letter_id.replace("/", ":")


def _letter_id(named: str) -> str:
    return named.replace(":", "/")

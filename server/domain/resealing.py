"""Changing the key that secrets at rest are sealed with: everything is sealed anew."""

from __future__ import annotations

from dataclasses import dataclass

from server.app import App
from server.domain.errors import Conflict
from server.vault import Unreadable

TRIES = 5  # of one secret that others keep changing


@dataclass(slots=True)
class Resealed:
    """How many secrets were sealed anew, were so already, and do not open."""

    changed: int = 0
    current: int = 0
    unreadable: int = 0


async def reseal(app: App) -> Resealed:
    """Seal every secret with the first key: connections, exchanges, questions of consent.

    Afterwards the other keys can be forgotten, unless something did not open. It may be done again,
    and while servers run: they must know the new key by then. Raises Conflict without a key.
    """
    if not app.vault.usable:
        raise Conflict("no_secret_keys")
    done = Resealed()
    await _connections(app, done)
    await _exchanges(app, done)
    await _consents(app, done)
    return done


async def _connections(app: App, done: Resealed) -> None:
    store = app.stores.connections
    async for found in store.all():
        each = found
        for _try in range(TRIES):
            again = _again(app, each.sealed, each.id, done)
            if again is None:
                break
            if await store.replace_seal(each, again):
                app.events.forget("connection", each.id)
                done.changed += 1
                break
            now = await store.in_org(each.id, each.org_id)
            if now is None:
                break
            each = now


async def _exchanges(app: App, done: Resealed) -> None:
    async for each in app.stores.pbx.all():
        sealed = _again(app, each.sealed, each.id, done)
        before = _again(app, each.before, each.id, done) if each.before else None
        if sealed is None and before is None:
            continue
        if await app.stores.pbx.replace_seals(each, sealed or each.sealed, before or each.before):
            app.events.forget("pbx", each.key)
            done.changed += (sealed is not None) + (before is not None)


async def _consents(app: App, done: Resealed) -> None:
    async for each in app.stores.consents.all():
        again = _again(app, each.sealed, each.id, done)
        if again is not None and await app.stores.consents.replace_seal(each, again):
            done.changed += 1


def _again(app: App, sealed: str, about: str, done: Resealed) -> str | None:
    """The same secret under the first key; None when there is nothing to do, or no way to do it."""
    if app.vault.is_current(sealed):
        done.current += 1
        return None
    try:
        return app.vault.seal(app.vault.open(sealed, about), about)
    except Unreadable:
        done.unreadable += 1
        return None

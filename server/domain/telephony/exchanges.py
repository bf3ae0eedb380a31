"""A company's telephone exchanges: the keys and secrets that they sign their requests with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from server.app import App
from server.domain import secrecy
from server.domain.accounts import admin, audit, rules, shape, telling
from server.domain.errors import Conflict, NotFound, OverQuota
from server.domain.telephony import lines
from storage.models import User, timestamp
from storage.telephony import PbxCredential

KEY, SECRET = "vxk_", "vxs_"  # so that each is recognised where it should not be
MOST = 20


async def listing(app: App, actor: User) -> list[dict[str, Any]]:
    """The company's exchanges, oldest first; never their secrets. Raises NotAllowed."""
    admin.must_administer(actor)
    return [_shown(app, each) for each in await app.stores.pbx.of_org(actor.org_id)]


async def add(app: App, actor: User, name: str) -> dict[str, Any]:
    """A new exchange, with its key and secret; the secret is shown this once.

    Raises NotAllowed, Invalid, Conflict, OverQuota.
    """
    admin.must_administer(actor)
    tidy = rules.name(name)
    _must_keep_secrets(app)
    known = await app.stores.pbx.of_org(actor.org_id)
    if len(known) >= MOST:
        raise OverQuota("exchanges", limit=MOST)
    secret = secrecy.new_token(SECRET)
    credential_id = app.new_id()
    credential = PbxCredential(
        id=credential_id,
        org_id=actor.org_id,
        name=tidy,
        key=secrecy.new_token(KEY),
        sealed=app.vault.seal(secret, credential_id),
        created_at=app.now(),
        created_by=actor.id,
    )
    await app.stores.pbx.add(credential)
    await _note(app, actor, "exchange.added", credential)
    if not known:
        await _tell(app, actor.org_id)
    return _shown(app, credential) | {"secret": secret}


async def rotate(app: App, actor: User, credential_id: str, keep: timedelta) -> dict[str, Any]:
    """A new secret, shown this once; the one before stays good for *keep*.

    Raises NotAllowed, NotFound, Conflict.
    """
    credential = await _one(app, actor, credential_id)
    _must_keep_secrets(app)
    secret = secrecy.new_token(SECRET)
    sealed = app.vault.seal(secret, credential.id)
    saved = await app.stores.pbx.replace_secret(credential, sealed, app.now() + keep)
    if saved is None:
        raise Conflict("again")
    app.events.forget("pbx", credential.key)
    until = timestamp(app.now() + keep) if keep else None
    await _note(app, actor, "exchange.rotated", saved, {"before_until": [None, until]})
    return _shown(app, saved) | {"secret": secret}


async def remove(app: App, actor: User, credential_id: str) -> None:
    """Shut the exchange out at once; what it told of people's telephones counts no more.

    Raises NotAllowed, NotFound.
    """
    credential = await _one(app, actor, credential_id)
    if not await app.stores.pbx.remove(credential):
        raise NotFound("exchange")
    app.events.forget("pbx", credential.key)
    now: datetime = app.now()
    changed = await app.stores.lines.change_of_exchange(
        actor.org_id, credential.id, lambda line: lines.without(line, credential.id, now)
    )
    await _note(app, actor, "exchange.removed", credential)
    if await app.stores.pbx.of_org(actor.org_id):
        app.presence.touch(actor.org_id, [line.user_id for line in changed])
    else:
        await _tell(app, actor.org_id)


async def _tell(app: App, org_id: str) -> None:
    """The company has its first exchange, or its last is gone: everybody's line shows, or not."""
    app.events.forget("org", org_id)
    org = await app.stores.orgs.find(org_id)
    if org is not None:
        telling.org_changed(app, org)
    users = await app.stores.users.of_org(org_id)
    app.presence.touch(org_id, [user.id for user in users if user.role != "bot"])


async def _one(app: App, actor: User, credential_id: str) -> PbxCredential:
    admin.must_administer(actor)
    found = await app.stores.pbx.find(credential_id, actor.org_id)
    if found is None:
        raise NotFound("exchange")
    return found


def _must_keep_secrets(app: App) -> None:
    if not app.vault.usable:
        raise Conflict("no_secret_keys")


async def _note(
    app: App,
    actor: User,
    action: str,
    credential: PbxCredential,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    noted = audit.entry(app, actor, actor.org_id, action, None, changes)
    named = replace(noted, target=credential.id, target_name=credential.name)
    await app.stores.audit.add([named])


def _shown(app: App, found: PbxCredential) -> dict[str, Any]:
    until = found.before_until
    return {
        "id": found.id,
        "name": found.name,
        "key": found.key,
        "created_at": timestamp(found.created_at),
        "last_used_at": shape.moment(found.last_used_at),
        "before_until": timestamp(until) if until and until > app.now() else None,
    }

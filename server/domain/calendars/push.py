"""What providers tell by themselves: that something changed, or that they will tell no more.

The door does little: it looks up who may tell (from memory), and marks mailboxes in one round trip.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from server.app import App
from server.domain import secrecy
from server.domain.calendars.sweep import hand_out
from server.domain.jobs import Job
from storage.calendars import WatchKept
from storage.sync_queue import Note
from storage.watches import key_of

ENDING = ("reauthorizationRequired", "subscriptionRemoved")

Lifecycle = Literal["", "reauthorizationRequired", "subscriptionRemoved", "missed"]
Outcome = Literal["new", "known", "replay", "unknown", "forged", "begun", "ending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a provider tells of one of its promises, with the secret that it was given for it.

    `name` tells one notice from its repetitions, if the provider names them; `number` if it counts
    them instead. `began`: it only says that it begins to tell.
    """

    remote_id: str
    secret: str = field(repr=False)
    resource: str | None = None
    name: str = ""
    number: int = 0
    began: bool = False
    lifecycle: Lifecycle = ""


async def hear(app: App, provider: str, notices: Sequence[Notice]) -> dict[Outcome, int]:
    """Take what a provider tells; of how many notices what became.

    `unknown` and `forged` ones (with a wrong secret, or of something else) change nothing, nor do
    `replay`s. Mailboxes that are `new` are on their way to a worker soon after.
    """
    watches = await app.stores.watches.told_by(provider, {each.remote_id for each in notices})
    outcomes: dict[Outcome, int] = defaultdict(int)
    changed: list[tuple[Notice, WatchKept]] = []
    ending: list[tuple[Notice, WatchKept]] = []
    for notice in notices:
        watch = watches.get(notice.remote_id)
        if watch is None:
            outcomes["unknown"] += 1
        elif not _is_true(notice, watch):
            outcomes["forged"] += 1
        elif notice.began:
            outcomes["begun"] += 1
        elif notice.lifecycle in ENDING:
            outcomes["ending"] += 1
            ending.append((notice, watch))
        else:
            changed.append((notice, watch))
    told = await app.sync_queue.hear([_note(*each) for each in changed], app.now())
    for what in told:
        outcomes[what] += 1
    pairs = zip(changed, told, strict=True)
    new = {watch.mailbox_id: None for (_notice, watch), what in pairs if what == "new"}
    app.sync_queue.gather(new, lambda ids: hand_out(app, ids, "webhook"))
    await _make_anew(app, ending)
    return outcomes


def _is_true(notice: Notice, watch: WatchKept) -> bool:
    """Whether it knows the secret, and tells of what is watched. Its time tells nothing."""
    given = secrecy.digest(notice.secret)
    right = hmac.compare_digest(given.encode(), watch.secret_hash.encode())
    if notice.resource is None or not watch.resource:
        return right
    return hmac.compare_digest(notice.resource.encode(), watch.resource.encode()) and right


def _note(notice: Notice, watch: WatchKept) -> Note:
    name = f"{watch.id}:{notice.name}" if notice.name else ""
    if notice.number:
        name = watch.id
    return Note(watch.mailbox_id, name, notice.number, notice.lifecycle == "missed")


async def _make_anew(app: App, ending: Iterable[tuple[Notice, WatchKept]]) -> None:
    """A promise that ends is renewed; one that has ended is made anew, and what it missed read."""
    mailboxes: dict[str, None] = {}
    for notice, watch in ending:
        mailboxes[watch.mailbox_id] = None
        if notice.lifecycle == "subscriptionRemoved":
            await app.stores.watches.remove(watch)
            await app.sync_queue.mark(watch.mailbox_id, app.now())
        else:
            await app.stores.watches.update(watch, renew_at=app.now())
        app.events.forget("watch", key_of(watch.provider, watch.remote_id))
    if mailboxes:
        await hand_out(app, list(mailboxes), "renew", Job.CALENDAR_RENEW)

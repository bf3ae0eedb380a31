"""When a mailbox cannot be read: when to try again, whom to ask to wait, what its owner is told."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import Any

from integrations.contract import AccessLost, BadAnswer, CursorLost, Unreachable
from server.domain.calendars.leases import Hold
from server.domain.jobs import Job
from server.vault import Unreadable
from storage.calendars import Connection, DeadLetter

FIRST = 4.0  # seconds; doubled with every failure in a row
SHORTEST = 2.0
LONGEST = 1800.0
LONGEST_ASKED = 24 * 3600.0  # nobody makes us wait for longer than that
GIVEN_UP_AFTER = 8  # failures in a row, after which an admin is told

log = logging.getLogger("vaxel.calendars")
random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as the key of a sentence. *lost*: trying again is no use."""

    trouble: str
    lost: bool = False
    retry_after: float = 0.0
    tenant: bool = False


def failure_of(error: BaseException) -> Failure:
    """What *error* means. Its text is never kept: it may say what is in somebody's calendar."""
    if isinstance(error, Unreachable):
        asked = min(error.retry_after or 0.0, LONGEST_ASKED)
        trouble = "busy" if error.retry_after else "unreachable"
        return Failure(trouble, retry_after=asked, tenant=error.scope == "tenant")
    if isinstance(error, TimeoutError):
        return Failure("unreachable")
    if isinstance(error, AccessLost):
        return Failure("access_lost", lost=True)
    if isinstance(error, Unreadable):
        return Failure("sealed", lost=True)
    if isinstance(error, (BadAnswer, CursorLost)):
        return Failure("bad_answer")
    return Failure("fault")


def pause_of(failures: int, asked: float) -> float:
    """Seconds until the next try: exponential with full jitter, never less than was asked for."""
    most = min(LONGEST, FIRST * 2.0 ** min(failures, 20))
    return max(SHORTEST + random.random() * most, asked)


def tenant_key(connection: Connection) -> str:
    """How everybody who waits together with this connection is named in pauses."""
    return f"{connection.provider}/{connection.tenant or connection.id}"


async def note(hold: Hold, error: BaseException) -> None:
    """Keep that it failed, and when to try again. Raises LeaseLost."""
    failure = failure_of(error)
    mailbox, app = hold.mailbox, hold.app
    failures = mailbox.failures + 1
    facts = {
        "mailbox": mailbox.id,
        "trouble": failure.trouble,
        "error": type(error).__name__,
        "failures": failures,
    }
    log.log(
        logging.ERROR if failure.trouble == "fault" else logging.INFO, "sync.failed", extra=facts
    )
    if failure.lost:
        await _lose(hold, failure.trouble, failures)
        return
    pause = pause_of(failures, failure.retry_after)
    until = app.now() + timedelta(seconds=pause)
    if failure.tenant:
        await app.sync_queue.pause(tenant_key(hold.connection), until)
    await app.sync_queue.pause(mailbox.id, until)
    await hold.check(failures=failures, trouble=failure.trouble, next_at=until)
    if failures >= GIVEN_UP_AFTER:
        await app.stores.dead_letters.add([_letter(hold, failure.trouble, failures)])


async def _lose(hold: Hold, trouble: str, failures: int) -> None:
    """Nobody is asked again until someone connects it again. What was read fades by itself."""
    app, mailbox, connection = hold.app, hold.mailbox, hold.connection
    await hold.check(status="lost", failures=failures, trouble=trouble)
    for watch in await app.stores.watches.of_mailbox(mailbox.org_id, mailbox.id):
        await app.stores.watches.remove(watch)
    if connection.user_id is None:
        within = await app.stores.mailboxes.of_connection(mailbox.org_id, connection.id)
        if any(each.status != "lost" for each in within):
            return  # one mailbox that a company's grant does not reach says nothing of the others
    changes: dict[str, Any] = {"status": "lost", "trouble": trouble}
    await app.stores.connections.update(connection.id, connection.org_id, **changes)
    app.events.forget("connection", connection.id)


def _letter(hold: Hold, trouble: str, failures: int) -> DeadLetter:
    """One for the mailbox, however often it fails. Further tries are counted with the first."""
    mailbox = hold.mailbox
    return DeadLetter(
        id=f"{mailbox.id}/{Job.CALENDAR_SYNC}",
        org_id=mailbox.org_id,
        mailbox_id=mailbox.id,
        job=Job.CALENDAR_SYNC,
        why=trouble,
        tries=failures if failures == GIVEN_UP_AFTER else 1,
        at=hold.app.now(),
    )

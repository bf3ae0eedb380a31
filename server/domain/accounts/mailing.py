"""Mail on its way out: kept until the worker has sent it, then gone with the secret in its link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from server.app import App
from server.domain.jobs import Job
from storage.models import Mail, MailKind, User

PATIENCE = timedelta(minutes=5)


async def post(app: App, kind: MailKind, user: User, **facts: str) -> None:
    """Have a letter of this *kind* sent to the person, in their language."""
    mail = Mail(
        id=app.new_id(),
        org_id=user.org_id,
        kind=kind,
        to=user.email,
        language=user.language,
        facts={"name": user.name, **facts},
        created_at=app.now(),
    )
    await app.stores.mails.add(mail)
    await app.jobs.enqueue(Job.MAIL_SEND, mail_id=mail.id)


async def deliver(app: App, mail_id: str, send: Callable[[Mail], Awaitable[None]]) -> None:
    """Hand the mail to *send* and drop it once it is sent; a mail that is gone is nothing to do."""
    mail = await app.stores.mails.claim(mail_id, app.now())
    if mail is None:
        return
    try:
        await send(mail)
    except BaseException:
        await app.stores.mails.release(mail_id)
        raise
    await app.stores.mails.remove(mail_id)


async def retry_waiting(app: App) -> int:
    """Queue again what should have been sent long ago (a job was lost); tell how many."""
    waiting = await app.stores.mails.waiting(app.now() - PATIENCE)
    for mail_id in waiting:
        await app.jobs.enqueue(Job.MAIL_SEND, mail_id=mail_id)
    return len(waiting)

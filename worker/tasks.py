"""A task for every job: a name, when to try again, a use case."""

from __future__ import annotations

from integrations.contract import AccessLost, Unreachable
from server import letters
from server.domain import search
from server.domain.accounts import mailing
from server.domain.calendars import attending, recomputing, renewals
from server.domain.calendars import company as calendar_company
from server.domain.calendars import people as calendar_people
from server.domain.calendars import sweep as calendar_sweeping
from server.domain.calendars import sync as calendar_rounds
from server.domain.contacts import imports as contact_imports
from server.domain.jobs import Job
from server.domain.telephony import events as call_events
from worker import runtime
from worker.main import celery


@celery.task(name=Job.SEARCH_INDEX.value, shared=False)
def search_index(room_ids: str) -> None:
    """Make what was said in these rooms findable. A search catches up by itself if this is lost."""
    runtime.run(search.index_rooms, room_ids)


@celery.task(
    name=Job.MAIL_SEND.value,
    shared=False,
    autoretry_for=(Unreachable, AccessLost),
    retry_backoff=10,
    max_retries=3,
)
def mail_send(mail_id: str) -> None:
    """Send one mail. What four tries within minutes cannot send waits for `mail_retry`."""
    runtime.run(letters.send_mail, mail_id)


@celery.task(name=Job.MAIL_RETRY.value, shared=False)
def mail_retry() -> None:
    """Queue the mail that is still waiting: its job was lost, or the mail server was away."""
    runtime.run(mailing.retry_waiting)


@celery.task(name=Job.CONTACTS_READ.value, shared=False)
def contacts_read(import_id: str) -> None:
    """Read and check a file of contacts. One that was cut off begins anew (`contacts_sweep`)."""
    runtime.run(contact_imports.read, import_id)


@celery.task(name=Job.CONTACTS_APPLY.value, shared=False)
def contacts_apply(import_id: str) -> None:
    """Make the good rows contacts, all at once. One that was cut off goes on (`contacts_sweep`)."""
    runtime.run(contact_imports.settle, import_id)


@celery.task(name=Job.CONTACTS_SWEEP.value, shared=False)
def contacts_sweep() -> None:
    """Go on with imports whose worker died; drop those that nobody wants."""
    runtime.run(contact_imports.sweep)


@celery.task(name=Job.LINES_SWEEP.value, shared=False)
def lines_sweep() -> None:
    """End calls whose exchange never told how they ended."""
    runtime.run(call_events.sweep)


@celery.task(name=Job.CALENDAR_SYNC.value, shared=False)
def calendar_sync(mailbox_id: str) -> None:
    """Keep mailboxes in step: one, or several with commas between, side by side."""
    runtime.run_stoppable(calendar_rounds.sync_many, mailbox_id)


@celery.task(name=Job.CALENDAR_RENEW.value, shared=False)
def calendar_renew(mailbox_id: str) -> None:
    """See to what providers promised to tell of these mailboxes."""
    runtime.run_stoppable(renewals.renew_many, mailbox_id)


@celery.task(name=Job.CALENDAR_SWEEP.value, shared=False)
def calendar_sweep() -> None:
    """Hand out the mailboxes whose time has come."""
    runtime.run(calendar_sweeping.sweep)


@celery.task(name=Job.PEOPLE_SYNC.value, shared=False)
def people_sync(mailbox_id: str) -> None:
    """Keep the contacts of a mailbox in step."""
    runtime.run(calendar_people.sync_people, mailbox_id)


@celery.task(
    name=Job.COMPANY_ADOPT.value,
    shared=False,
    autoretry_for=(Unreachable,),
    retry_backoff=10,
    max_retries=6,
)
def company_adopt(connection_id: str) -> None:
    """Make mailboxes of what a company let us into."""
    runtime.run(calendar_company.adopt, connection_id)


@celery.task(name=Job.COMPANY_ATTEND.value, shared=False)
def company_attend(org_id: str) -> None:
    """People of the company came, left or changed plan: their mailboxes follow."""
    runtime.run(attending.attend, org_id)


@celery.task(name=Job.CALENDAR_CLAIMS.value, shared=False, acks_late=True)
def calendar_claims(org_id: str, user_id: str = "", after: str = "") -> None:
    """Judge the occurrences that are kept anew, of one person or a company's next hundred."""
    runtime.run(recomputing.of_people, org_id, user_id, after)

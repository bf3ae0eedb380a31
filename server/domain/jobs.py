"""Every job by name. A test demands a Celery task for each; arguments are ids, never documents."""

from __future__ import annotations

from enum import StrEnum


class Job(StrEnum):
    """Work that leaves the request: done by the Celery worker."""

    SEARCH_INDEX = "search.index"
    MAIL_SEND = "mail.send"
    MAIL_RETRY = "mail.retry"
    CONTACTS_READ = "contacts.read"
    CONTACTS_APPLY = "contacts.apply"
    CONTACTS_SWEEP = "contacts.sweep"
    LINES_SWEEP = "lines.sweep"
    CALENDAR_SYNC = "calendar.sync"
    CALENDAR_RENEW = "calendar.renew"
    CALENDAR_SWEEP = "calendar.sweep"
    PEOPLE_SYNC = "people.sync"
    COMPANY_ADOPT = "company.adopt"
    COMPANY_ATTEND = "company.attend"
    CALENDAR_CLAIMS = "calendar.claims"


# What a worker takes first: who waits for what was pushed must not wait for a backfill.
QUEUES = ("webhook", "sync", "renew", "default", "backfill")

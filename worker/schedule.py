"""What runs by the clock. Each may run twice, or late, without harm."""

from __future__ import annotations

from typing import Any

from server.domain.jobs import Job

MINUTE = 60.0

SCHEDULE: dict[str, dict[str, Any]] = {
    Job.MAIL_RETRY.value: {
        "task": Job.MAIL_RETRY.value,
        "schedule": 10 * MINUTE,
        "options": {"expires": 5 * MINUTE},
    },
    Job.CONTACTS_SWEEP.value: {
        "task": Job.CONTACTS_SWEEP.value,
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    Job.LINES_SWEEP.value: {
        "task": Job.LINES_SWEEP.value,
        "schedule": 10 * MINUTE,
        "options": {"expires": 5 * MINUTE},
    },
    Job.CALENDAR_SWEEP.value: {
        "task": Job.CALENDAR_SWEEP.value,
        "schedule": 2.0,
        "options": {"expires": 10.0, "queue": "webhook"},  # it is short, and others wait for it
    },
}

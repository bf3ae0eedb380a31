"""Hands jobs to the Celery worker, by name."""

from __future__ import annotations

import asyncio
import logging

from celery import Celery
from kombu.exceptions import OperationalError

log = logging.getLogger("vaxel.jobs")

QUEUE = "default"


class CeleryJobs:
    """Sends jobs through Redis. One that cannot be sent is logged: each has a sweep behind it."""

    def __init__(self, redis_url: str) -> None:
        self._celery = Celery("vaxel", broker=redis_url, set_as_current=False)
        self._celery.conf.update(
            task_default_queue=QUEUE,
            task_ignore_result=True,
            broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 5},
        )

    async def enqueue(self, job: str, *, queue: str = QUEUE, **arguments: str) -> None:
        """Send the job by name to one of `domain.jobs.QUEUES`; arguments are ids."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(None, self._send, str(job), queue, arguments)
        except (OperationalError, OSError) as error:
            log.warning("job.lost", extra={"job": str(job), "error": str(error), **arguments})

    def _send(self, job: str, queue: str, arguments: dict[str, str]) -> None:
        self._celery.send_task(job, kwargs=arguments, queue=queue, retry=False)

    def close(self) -> None:
        """Give back the connections."""
        self._celery.close()

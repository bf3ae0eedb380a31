"""The Celery app: `celery -A worker.main worker --beat`. Celery wants it as a module's global."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
from threading import Thread, Timer
from typing import Any

from celery import Celery, signals
from kombu import Queue

from server import logs
from server.domain.jobs import QUEUES
from server.settings import read_settings
from worker import heartbeat, runtime
from worker.schedule import SCHEDULE

PR_SET_PDEATHSIG = 1
ENDING_SECONDS = 1.0

log = logging.getLogger("vaxel.worker")
settings = read_settings()

celery = Celery("vaxel", broker=settings.redis_url, include=["worker.tasks"])
celery.conf.update(
    # Names and ids travel as JSON; nothing that could carry code is read.
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="default",
    task_queues=[Queue(name) for name in QUEUES],
    # A job is done again when its worker dies: every one of them may be.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_soft_time_limit=540,
    task_time_limit=600,
    # Longer than any job and any pause between two tries of one.
    broker_transport_options={"visibility_timeout": 3600, "queue_order_strategy": "priority"},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    # Nobody steers workers from afar here, and Redis need not carry talk of it.
    worker_enable_remote_control=False,
    timezone="UTC",
    # In memory: each entry may run again after a restart, so there is no file to keep.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule=SCHEDULE,
)


@signals.setup_logging.connect
def log_as_json(**_more: Any) -> None:
    """Our logs instead of Celery's."""
    logs.configure(settings, process="worker")


@signals.worker_init.connect
def open_for_threads(sender: Any, **_more: Any) -> None:
    """A worker of threads does not fork: what they share is opened before the first task."""
    if "thread" in str(sender.pool_cls):
        runtime.open_here(settings)


@signals.worker_ready.connect
def show_life(**_more: Any) -> None:
    """From now on /health/ready sees a worker."""
    log.info("worker.ready")
    heartbeat.begin(str(settings.redis_url))


@signals.worker_shutting_down.connect
def stop_syncing(**_more: Any) -> None:
    """Nobody waits for a provider's answer: whatever was being read is read again."""
    Thread(target=runtime.stop_here, name="stopping").start()  # we are in a signal's handler


@signals.worker_shutdown.connect
def show_no_life(**_more: Any) -> None:
    """At once, instead of when the last sign has faded."""
    log.info("worker.ending")
    heartbeat.end()
    if runtime.close_here():
        # Threads that still wait for some provider's answer wait for nobody.
        last = Timer(ENDING_SECONDS, os._exit, [0])
        last.daemon = True
        last.start()


@signals.worker_process_init.connect
def open_runtime(**_more: Any) -> None:
    """After the fork: each process has its own loop and connections."""
    _die_with_parent()
    runtime.open_here(settings)


@signals.worker_process_shutdown.connect
def close_runtime(**_more: Any) -> None:
    """Close them in order."""
    runtime.close_here()


@signals.beat_embedded_init.connect
def follow_worker(**_more: Any) -> None:
    """The clock inside a worker ends with it."""
    _die_with_parent()


def _die_with_parent() -> None:
    """A process of a worker that was killed would wait for work, or hand it out, forever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

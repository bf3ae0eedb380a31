"""App: everything a use case may reach for, as typed fields. Built by `server.boot`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from integrations.contract import CalendarProvider, ConsentProvider
from server.pages import Pages
from server.rates import Rate
from server.settings import Settings
from server.vault import Vault
from storage.log import RoomLog
from storage.models import Language
from storage.mongo import Stores
from storage.signed_requests import SignedRequests
from storage.sync_queue import SyncQueue
from storage.throttle import Throttle


class Publisher(Protocol):
    """Tells connected clients, on every process. Nothing here waits: a slow client is not ours."""

    def publish(self, fact: str, data: Any, *audiences: str) -> None:
        """Tell these audiences (see domain.events) that *fact* happened."""

    def publish_entry(self, entry: Any) -> None:
        """Tell a room of one new entry of its log; entries of one commit travel together."""

    def enter(self, user_ids: list[str], audience: str) -> None:
        """Connected devices of these users hear *audience* from now on."""

    def leave(self, user_ids: list[str], audience: str) -> None:
        """Connected devices of these users no longer hear *audience*."""

    def end_sessions(
        self, user_id: str, reason: str, *, only: str | None = None, keep: str | None = None
    ) -> None:
        """Disconnect the user's devices: all, *only* one session, or all but *keep*."""

    def forget(self, kind: str, key: str) -> None:
        """Drop a cached noun ("user", "room", "org", "session") on every process."""


class Presence(Protocol):
    """Who is connected, over all devices and processes."""

    def of(self, user_id: str) -> str:
        """online, away or offline."""

    def touch(self, org_id: str, user_ids: list[str]) -> None:
        """What colleagues see of these users changed: every process reads it afresh and tells."""


class Speech(Protocol):
    """Makes announcements audible."""

    def voice(self, language: Language) -> str:
        """The name of the voice, and how it speaks: another name sounds otherwise."""

    def prepare(self, key: str) -> None:
        """Make the sound of that script soon; somebody may fetch it. Returns at once."""

    async def wave(self, key: str, rate: int) -> bytes | None:
        """The sound as WAV at that rate, made if need be; None when no script has that key.

        Raises PartnerDown when no voice can be had.
        """

    async def recording(self, data: bytes, longest: float) -> bytes:
        """What somebody recorded, of up to *longest* seconds, as a clip: tidied, and as WAV.

        Raises BadAnswer with a key of our sentences when it cannot be used.
        """


class Jobs(Protocol):
    """Hands work to the Celery worker."""

    async def enqueue(self, job: str, *, queue: str = "default", **arguments: str) -> None:
        """Send the job by name to one of `domain.jobs.QUEUES`; arguments are ids."""


@dataclass(frozen=True, slots=True)
class App:
    """One per process."""

    settings: Settings
    stores: Stores
    log: RoomLog
    pages: Pages
    send_rate: Rate
    events: Publisher
    presence: Presence
    jobs: Jobs
    throttle: Throttle
    speech: Speech
    signed_requests: SignedRequests
    vault: Vault
    calendars: Mapping[str, CalendarProvider]
    consents: Mapping[str, ConsentProvider]
    sync_queue: SyncQueue
    now: Callable[[], datetime]
    new_id: Callable[[], str]

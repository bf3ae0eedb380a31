"""What telephony looks like to clients and exchanges. Describes only; tests hold it true."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from server.http.outputs_activities import Time
from storage.telephony import NumberKind, Treatment


class PlanNumber(Struct):
    """A number of the company's, and whose it is; `display` is how people write it."""

    number: str
    kind: NumberKind
    user_id: str | None
    display: str


class Plan(Struct):
    """The number plan, the main number first."""

    numbers: list[PlanNumber]


class Exchange(Struct):
    """A telephone exchange that may ask; `before_until`: its last secret is good until then."""

    id: str
    name: str
    key: str
    created_at: Time
    last_used_at: Time | None
    before_until: Time | None


class NewSecret(Exchange):
    """An exchange with its secret, which is shown this once."""

    secret: str


class Exchanges(Struct):
    """The company's exchanges, oldest first."""

    credentials: list[Exchange]


class After(Struct):
    """What a caller may choose when the announcement has been played."""

    voicemail: bool
    colleague_id: str | None
    switchboard: bool


class CallRules(Struct):
    """What becomes of calls that I do not answer."""

    ring_seconds: int
    open_redirect: bool
    busy: Treatment
    no_answer: Treatment
    offline: Treatment
    after: After
    anonymous: Literal["ring", "block"]


class Gap(Struct):
    """Events that are missing: send from the first of them on, again."""

    first: int = msgspec.field(name="from")
    to: int


class TakenEvents(Struct, omit_defaults=True):
    """What became of a batch of events; `next_seq` is the one to send next."""

    applied: int
    next_seq: int
    missing: Gap | msgspec.UnsetType = msgspec.UNSET

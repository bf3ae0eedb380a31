"""What exchanges may ask about a call, and what people may try: unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.inputs import Command, Time

Stage = Literal["start", "no_answer", "busy", "offline", "digits", "after_play"]
NO_NUL = r"^[^\u0000]*$"
Dialled = Annotated[
    str, Meta(max_length=64, pattern=NO_NUL, description="E.164, national, or an extension.")
]
Callee = Annotated[str, Meta(min_length=1, max_length=64, pattern=NO_NUL)]
Queue = Annotated[str, Meta(min_length=1, max_length=64, pattern=NO_NUL)]
CallId = Annotated[
    str,
    Meta(min_length=1, max_length=128, pattern=NO_NUL, description="The exchange's own id."),
]
Digits = Annotated[str, Meta(max_length=8, pattern=r"^[0-9*#]*$")]


class CallFrom(Command):
    """Who calls. `privacy` is whether they hide it."""

    number: Dialled | None = None
    name: Annotated[str, Meta(max_length=120, pattern=NO_NUL)] | None = None
    privacy: bool = False


class CallVia(Command):
    """Which way the call came: a queue or group, diversions so far, who transfers it.

    `override` is the attendant's confirmation that it should ring although the telephone is closed.
    """

    queue: Queue | None = None
    diversions: Annotated[int, Meta(ge=0, le=100)] = 0
    transfer_by: Dialled | None = None
    override: bool = False


class RouteCall(Command):
    """A call, and what has become of it so far. `at` is the exchange's clock, for its own log."""

    call_id: CallId
    to: Callee
    from_: CallFrom = msgspec.field(name="from", default_factory=CallFrom)
    at: Time | None = None
    via: CallVia = msgspec.field(default_factory=CallVia)
    stage: Stage = "start"
    digits: Digits = ""


class Simulate(Command):
    """A call to try. `to` is a number, an extension or a person's id; without `at`, now."""

    to: Callee
    from_: Dialled = msgspec.field(name="from", default="")
    anonymous: bool = False
    at: Time | None = None
    queue: Queue | None = None

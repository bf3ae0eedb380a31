"""Deciding a call: look up what is known, from memory when it is warm; decide; find the words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.app import App
from server.domain.activities import current
from server.domain.announcements import speaking
from server.domain.announcements.grammar import After
from server.domain.announcements.speaking import Announcement
from server.domain.contacts.favourites import caller_rules
from server.domain.errors import NotAllowed
from server.domain.numbers import e164
from server.domain.plans import can
from server.domain.routing.decision import (
    COLLEAGUE,
    SWITCHBOARD,
    Call,
    Callee,
    Decision,
    Known,
    Step,
    choices,
    decide,
)
from storage.models import User
from storage.telephony import CompanyNumber

LONGEST_EXTENSION = 6  # digits; longer numbers are read as a country's
LONGEST_NUMBER = 31  # characters, in the most generous of writings


@dataclass(frozen=True, slots=True)
class Routed:
    """A decision with its words, where it has any."""

    decision: Decision
    announcement: Announcement | None


async def normalised(app: App, org_id: str, text: str) -> str:
    """The number as the company's plan keeps it: an extension as it is, the rest in E.164.

    National numbers are those of the company's country. What can be read as neither is given back
    without spaces: nobody has it.
    """
    plain = "".join(each for each in text if each.isdigit() or each == "+")
    if plain.isdigit() and len(plain) <= LONGEST_EXTENSION:
        return plain
    org = await app.stores.orgs.get(org_id)
    return e164(text, org.country if org else "SE") or plain


async def route(
    app: App, org_id: str, call: Call, at: datetime, transfer_by: str | None = None
) -> Routed:
    """What becomes of *call* to a number of the company at *at*.

    Numbers may be written in any way. *transfer_by* is who transfers it: a user id, an extension
    or a number.
    """
    call = await _tidied(app, org_id, call)
    known = await _known(app, org_id, call, at, transfer_by)
    decision = decide(call, known)
    return await _worded(app, call, known, decision, at)


async def simulate(app: App, actor: User, call: Call, at: datetime | None) -> Routed:
    """What would become of a call at *at*, or now. Raises NotAllowed.

    Administrators try anybody's telephone in the company, others their own.
    """
    callee = await _person(app, actor.org_id, call.to)
    if not can(actor, "admin") and (callee is None or callee.id != actor.id):
        raise NotAllowed("simulate")
    return await route(app, actor.org_id, call, at or app.now())


def _is_id(text: str) -> bool:
    """Whether it can only be a person's id: longer than any number."""
    return len(text) > LONGEST_NUMBER


async def _tidied(app: App, org_id: str, call: Call) -> Call:
    number = await normalised(app, org_id, call.number) if call.number else None
    to = call.to if _is_id(call.to) else await normalised(app, org_id, call.to)
    return replace(call, number=number or None, anonymous=call.anonymous or not number, to=to)


async def _known(app: App, org_id: str, call: Call, at: datetime, transfer_by: str | None) -> Known:
    number = await _number(app, org_id, call.to)
    user = await app.stores.users.get(number.user_id) if number and number.user_id else None
    if number is None or user is None or user.org_id != org_id:
        return Known(number=number)
    return Known(
        number=number,
        callee=await _callee(app, user, at),
        attendant=await _is_attendant(app, org_id, transfer_by),
        caller_name=await _caller_name(app, org_id, call),
    )


async def _callee(app: App, user: User, at: datetime) -> Callee:
    rules = await app.stores.call_rules.of_user(user.id, user.org_id)
    org = await app.stores.orgs.get(user.org_id)
    wanted = [user.id, *([rules.colleague_id] if rules.colleague_id else [])]
    numbers = await app.stores.numbers.of_users(wanted)
    colleague = numbers.get(rules.colleague_id or "", ())
    return Callee(
        user=user,
        # A call that is tried at another time: calendars are believed as they are today.
        state=await current.state_of(app, user, at, known_at=min(at, app.now())),
        callers=await caller_rules(app, user),
        rules=rules,
        devices=tuple(each.number for each in numbers[user.id] if each.kind != "main"),
        colleague=colleague[0].number if colleague else None,
        switchboard=org.main_number if org else None,
    )


async def _number(app: App, org_id: str, to: str) -> CompanyNumber | None:
    """The number of the plan; people can be called by their id, too, which is how we try calls."""
    if not _is_id(to):
        return await app.stores.numbers.get(org_id, to)
    user = await app.stores.users.get(to)
    if user is None or user.org_id != org_id or user.role == "bot":
        return None
    return CompanyNumber(org_id=org_id, number=to, kind="extension", user_id=user.id)


async def _person(app: App, org_id: str, who: str | None) -> User | None:
    """The person of that id, extension or number."""
    if not who:
        return None
    plain = who if _is_id(who) else await normalised(app, org_id, who)
    number = await _number(app, org_id, plain)
    user = await app.stores.users.get(number.user_id) if number and number.user_id else None
    return user if user is not None and user.org_id == org_id else None


async def _is_attendant(app: App, org_id: str, who: str | None) -> bool:
    user = await _person(app, org_id, who)
    return user is not None and not user.blocked and can(user, "others_activities")


async def _caller_name(app: App, org_id: str, call: Call) -> str:
    """A colleague who calls from an extension is shown by name."""
    if call.number is None or not call.number.isdigit():
        return ""
    user = await _person(app, org_id, call.number)
    return user.name if user else ""


async def _worded(app: App, call: Call, known: Known, decision: Decision, at: datetime) -> Routed:
    """Put the words, and the address of their sound, into the step that plays them."""
    callee = known.callee
    if callee is None or not any(step.do == "announce" for step in decision.steps):
        return Routed(decision, None)
    options = choices(call, callee)
    after = After(
        voicemail=callee.rules.voicemail,
        colleague=COLLEAGUE in options,
        switchboard=SWITCHBOARD in options,
    )
    said = await speaking.announce(app, callee.user, callee.state, at, after)
    facts = {"text": said.text, "language": said.language, "audio": said.audio}
    steps = tuple(
        Step("announce", facts) if step.do == "announce" else step for step in decision.steps
    )
    return Routed(replace(decision, steps=steps), said)


def shape(app: App, routed: Routed) -> dict[str, Any]:
    """The decision as an exchange is told it."""
    decision = routed.decision
    return {
        "decision_id": app.new_id(),
        "why": list(decision.why),
        "present": {"name": decision.name, "tags": list(decision.tags)},
        "steps": [{"do": step.do, **step.facts} for step in decision.steps],
    }

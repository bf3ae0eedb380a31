"""The call decision: whatever is known, the promises hold in their order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.domain.activities.state import State
from server.domain.activities.types import STANDARD
from server.domain.contacts.favourites import CallerRules
from server.domain.routing.decision import MOST_DIVERSIONS, Call, Callee, Known, decide
from storage.models import User
from storage.telephony import CallRules, CompanyNumber

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
HOME, SHOP = "+46701740699", "+46317011111"
TREATMENTS = st.sampled_from(["announce", "voicemail", "busy"])

kinds = st.sampled_from(STANDARD)
rules = st.builds(
    CallRules,
    user_id=st.just("birger"),
    org_id=st.just("example"),
    open_redirect=st.booleans(),
    busy=TREATMENTS,
    no_answer=TREATMENTS,
    offline=TREATMENTS,
    voicemail=st.booleans(),
    colleague_id=st.sampled_from([None, "astrid"]),
    switchboard=st.booleans(),
)
callers = st.builds(
    CallerRules,
    vip=st.sampled_from([{}, {HOME: "Hemma"}]),
    blocked=st.sampled_from([frozenset(), frozenset({SHOP})]),
    blocked_prefixes=st.sampled_from([(), ("+4631",)]),
    block_anonymous=st.booleans(),
)
calls = st.builds(
    Call,
    number=st.sampled_from([None, HOME, SHOP, "101"]),
    anonymous=st.booleans(),
    to=st.just("102"),
    stage=st.sampled_from(["start", "no_answer", "busy", "offline", "digits", "after_play"]),
    digits=st.sampled_from(["", "1", "9", "5"]),
    queue=st.sampled_from([None, "support"]),
    diversions=st.integers(0, 7),
    override=st.booleans(),
)


@st.composite
def callees(draw):
    kind = draw(kinds)
    state = State(
        activity_id=kind.id,
        type=kind,
        row=None,
        closed=kind.closes_phone,
        until=NOW + timedelta(hours=1),
        reason_public=draw(st.booleans()),
        why=(f"activity:{kind.id}",),
    )
    user = User(
        id="birger",
        org_id="example",
        email="birger@example.com",
        name="Birger",
        handle="birger",
        blocked=draw(st.booleans()),
        created_at=NOW,
    )
    return Callee(
        user=user,
        state=state,
        callers=draw(callers),
        rules=draw(rules),
        devices=("102",),
        colleague=draw(st.sampled_from([None, "101"])),
        switchboard=draw(st.sampled_from([None, "+4684650400"])),
    )


NUMBER = CompanyNumber(org_id="example", number="102", kind="extension", user_id="birger")
known = st.builds(
    Known,
    number=st.just(NUMBER),
    callee=callees(),
    attendant=st.booleans(),
    caller_name=st.just(""),
)


def does(decision) -> list[str]:
    return [step.do for step in decision.steps]


@given(calls, known)
def test_a_closed_telephone_rings_only_for_a_vip_an_attendant_or_an_open_redirect(call, known):
    decision, callee = decide(call, known), known.callee
    if not (callee.state.closed and "ring" in does(decision)):
        return
    vip = call.number in callee.callers.vip and not call.anonymous and callee.state.type.vip_through
    override = known.attendant and call.override
    assert call.stage == "start"
    assert vip or override or callee.rules.open_redirect


@given(calls, known)
def test_who_is_blocked_hears_busy_and_nothing_else(call, known):
    callee = known.callee
    hidden = call.anonymous or call.number is None
    blocked = callee.callers.block_anonymous if hidden else call.number in callee.callers.blocked
    if blocked and not callee.user.blocked:
        assert [step.facts["cause"] for step in decide(call, known).steps] == ["busy"]


@given(calls, known)
def test_a_queue_s_calls_are_neither_announced_nor_rung_through(call, known):
    if call.queue is not None:
        assert set(does(decide(call, known))) <= {"queue", "reject"}


@given(calls, known)
def test_every_decision_says_why_and_ends_somewhere(call, known):
    decision = decide(call, known)
    assert decision.why
    ends = {"reject", "hangup", "voicemail", "connect", "queue", "ask_again"}
    assert decision.steps[-1].do in ends
    assert all(step.do not in ends for step in decision.steps[:-1])


@given(calls, known)
def test_a_call_is_not_diverted_for_ever(call, known):
    if call.diversions >= MOST_DIVERSIONS:
        assert not {"connect", "choice"} & set(does(decide(call, known)))


@given(calls, known)
def test_who_hides_their_number_is_shown_to_nobody_and_is_no_vip(call, known):
    decision = decide(call, known)
    if call.anonymous:
        assert decision.name == ""
        assert "vip" not in decision.tags
        assert "vip" not in decision.why


@given(calls)
def test_a_number_that_is_nobody_s_goes_nowhere_but_to_the_switchboard(call):
    main = CompanyNumber(org_id="example", number="102", kind="main")
    assert does(decide(call, Known())) == ["reject"]
    assert does(decide(call, Known(number=main))) == ["queue"]

"""Taking a filing back, undoing a decision, and extending a legal limit within the law."""

from datetime import date, timedelta

import pytest

from contracts.supervision import ItemExtended, ItemSubmitted, ItemWithdrawn, ProgressReported
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    DecideItem,
    ExtendItem,
    SubmitItem,
    WithdrawItem,
)
from services.supervision.domain.delivery import missing
from tests.unit.supervision.examples import (
    CALENDAR,
    FILING,
    LAND_PERMIT,
    MONDAY,
    agents_facts,
    approvers_facts,
    given,
    licence_accepted,
    licence_collected,
    licence_decided,
    licence_received,
    officers_facts,
    on,
    planned,
    ready,
    submitted,
    text,
    units_facts,
)

REASON = text("项目方案调整")
back = WithdrawItem(item=FILING, reason=REASON)
extend = ExtendItem(item=LAND_PERMIT, days=10, reason=text("需现场核查"), system_state=8)


def test_a_filing_is_taken_back_before_acceptance_and_may_be_filed_again() -> None:
    events = DECIDER.decide(back, given(planned, ready, submitted).state(), agents_facts)
    taken = events[0]

    assert isinstance(taken, ItemWithdrawn)
    assert (taken.kind, taken.by, taken.withdrawn_on) == ("withdrawn", "applicant", MONDAY)
    state = given(planned, ready, submitted, *events).state()
    assert state.items[FILING].state == "withdrawn"
    assert missing(state, state.items[FILING], agents_facts) == []
    again = DECIDER.decide(SubmitItem(item=FILING), state, agents_facts)
    assert isinstance(again[0], ItemSubmitted)


def test_taken_back_twice_is_quiet() -> None:
    taken = ItemWithdrawn(
        item=FILING, kind="withdrawn", by="applicant", withdrawn_on=MONDAY, reason=REASON
    )
    given(planned, ready, submitted, taken).when(back).then_nothing()


def test_what_was_never_filed_cannot_be_taken_back() -> None:
    given(planned, ready).when(back).then_refused("not_in_this_state")


def test_after_acceptance_it_is_recalled_and_its_clocks_are_gone() -> None:
    recall = WithdrawItem(item=LAND_PERMIT, kind="recalled", reason=REASON)
    history = (planned, *licence_accepted())
    given(*history).when(
        WithdrawItem(item=LAND_PERMIT, reason=REASON), units_facts
    ).then_refused("not_in_this_state")
    events = DECIDER.decide(recall, given(*history).state(), units_facts)
    course = given(*history, *events).state().items[LAND_PERMIT]

    assert (course.state, course.statutory_due_on) == ("withdrawn", None)


def test_a_decision_is_undone_by_the_body_alone() -> None:
    revoke = WithdrawItem(item=LAND_PERMIT, kind="revoked", reason=REASON)
    history = (planned, *licence_decided())
    given(*history).when(revoke, units_facts).then_refused("only_the_body_undoes")
    given(*history).when(revoke, agents_facts).then_refused("evidence_required")
    events = DECIDER.decide(revoke, given(*history).state(), approvers_facts)
    course = given(*history, *events).state().items[LAND_PERMIT]

    assert isinstance(events[0], ItemWithdrawn)
    assert events[0].by == "depts"
    assert (course.decided_on, course.granted) == (None, False)


def test_what_was_collected_can_still_be_revoked_on_the_systems_word() -> None:
    revoke = WithdrawItem(item=LAND_PERMIT, kind="revoked", reason=REASON, system_state=15)
    events = DECIDER.decide(
        revoke, given(planned, *licence_collected()).state(), officers_facts
    )
    assert isinstance(events[0], ItemWithdrawn)


def test_others_take_back_only_with_the_bodys_word() -> None:
    given(planned, ready, submitted).when(back, officers_facts).then_refused(
        "evidence_required"
    )


def test_a_limit_is_extended_and_the_unit_is_told_why() -> None:
    history = (planned, *licence_accepted())
    extended, said = DECIDER.decide(extend, given(*history).state(), approvers_facts)

    assert isinstance(extended, ItemExtended)
    assert (extended.step, extended.days, extended.approved_by) == (1, 10, "organ")
    assert extended.statutory_due_on == CALENDAR.add_working_days(MONDAY, 30).date
    assert isinstance(said, ProgressReported)
    assert said.wording is not None
    assert "第四十二条" in said.wording.reveal()
    assert "需现场核查" in said.wording.reveal()


def test_the_promise_does_not_move_with_the_law() -> None:
    history = (planned, *licence_accepted())
    events = DECIDER.decide(extend, given(*history).state(), approvers_facts)
    before = given(*history).state().items[LAND_PERMIT]
    after = given(*history, *events).state().items[LAND_PERMIT]

    assert after.commitment_due_on == before.commitment_due_on


def extended(days: int, day: date = MONDAY, step: int = 1) -> ItemExtended:
    return ItemExtended(
        item=LAND_PERMIT,
        step=step,
        days=days,
        approved_by="organ",
        extended_on=day,
        statutory_due_on=CALENDAR.add_working_days(MONDAY, 20 + days).date,
        reason=text("核查"),
    )


def test_in_two_steps_and_never_beyond_the_cap() -> None:
    history = (planned, *licence_accepted(), extended(6))
    tuesday = on(MONDAY + timedelta(days=1), approvers_facts)
    second = extend.model_copy(update={"days": 4})
    events = DECIDER.decide(second, given(*history).state(), tuesday)
    assert isinstance(events[0], ItemExtended)
    assert events[0].step == 2
    assert events[0].statutory_due_on == CALENDAR.add_working_days(MONDAY, 30).date

    details = given(*history).when(extend, tuesday).then_refused("extended_too_far")
    assert (details["left"], details["at_most"]) == (4, 10)


def test_a_third_step_is_refused_though_days_are_left() -> None:
    history = (planned, *licence_accepted(), extended(2), extended(2, step=2))
    third = extend.model_copy(update={"days": 1})
    wednesday = on(MONDAY + timedelta(days=2), approvers_facts)
    given(*history).when(third, wednesday).then_refused("extended_too_far")


def test_said_twice_it_extends_once() -> None:
    given(planned, *licence_accepted(), extended(10)).when(
        extend, approvers_facts
    ).then_nothing()


def test_the_head_must_be_the_one_the_law_names() -> None:
    wrong = extend.model_copy(update={"approved_by": "government"})
    details = (
        given(planned, *licence_accepted())
        .when(wrong, approvers_facts)
        .then_refused("approved_by_another")
    )
    assert details["must_be"] == "organ"


def test_what_is_no_licence_has_nothing_to_extend() -> None:
    filing = ExtendItem(item=FILING, days=5, reason=text("忙"), system_state=8)
    given(planned, ready, submitted).when(filing, approvers_facts).then_refused(
        "not_in_this_state"
    )


def test_once_the_limit_is_over_nothing_extends_it() -> None:
    late = on(date(2026, 4, 20), approvers_facts)
    given(planned, *licence_accepted()).when(extend, late).then_refused("limit_is_over")


def test_before_acceptance_there_is_no_limit_to_extend() -> None:
    given(planned, *licence_received()).when(extend, approvers_facts).then_refused(
        "not_in_this_state"
    )


@pytest.mark.parametrize("days", [0, -1, 16, 10**9])
def test_strange_numbers_of_days_are_no_command(days: int) -> None:
    with pytest.raises(ValueError, match="days"):
        ExtendItem(item=LAND_PERMIT, days=days, reason=text("忙"))


def test_a_withdrawn_item_is_not_decided() -> None:
    taken = ItemWithdrawn(
        item=LAND_PERMIT, kind="recalled", by="applicant", withdrawn_on=MONDAY, reason=REASON
    )
    given(planned, *licence_accepted(), taken).when(
        DecideItem(item=LAND_PERMIT, outcome="approved"), approvers_facts
    ).then_refused("not_in_this_state")

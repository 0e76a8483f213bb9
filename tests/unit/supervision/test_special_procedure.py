"""What the limit does not count: how it stops and runs on."""

from datetime import date

from contracts.supervision import (
    PlanRevised,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    EndSpecialProcedure,
    StartSpecialProcedure,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.progress import told
from tests.unit.supervision.examples import (
    LAND_PERMIT,
    NOTICE,
    approvers_facts,
    given,
    licence_accepted,
    licence_received,
    on,
    planned,
)

MONDAY_AFTER = date(2026, 3, 9)


def at(day: date) -> Facts:
    return on(day, approvers_facts)


review = StartSpecialProcedure(
    item=LAND_PERMIT, procedure="expert_review", expected_days=9, notice=NOTICE
)
begun = SpecialProcedureStarted(
    item=LAND_PERMIT,
    procedure="expert_review",
    started_on=MONDAY_AFTER,
    expected_days=9,
    notice=NOTICE,
)


def test_an_expert_review_stops_the_limits() -> None:
    given(planned, *licence_accepted()).when(review, at(MONDAY_AFTER)).then(
        begun, told(approvers_facts, [LAND_PERMIT], "suspended")
    )


def test_the_end_of_the_review_moves_both_due_days() -> None:
    facts = at(date(2026, 3, 20))
    state = given(planned, *licence_accepted(), begun).state()
    ended, said, *rest = DECIDER.decide(EndSpecialProcedure(item=LAND_PERMIT), state, facts)

    assert ended == SpecialProcedureEnded(
        item=LAND_PERMIT,
        procedure="expert_review",
        ended_on=date(2026, 3, 20),
        statutory_due_on=date(2026, 4, 13),
        commitment_due_on=date(2026, 3, 5),
    )
    assert said == told(facts, [LAND_PERMIT], "accepted", date(2026, 3, 5))
    assert [type(event) for event in rest] == [PlanRevised]


def test_a_step_that_counts_stops_nothing() -> None:
    asked = StartSpecialProcedure(item=LAND_PERMIT, procedure="internal_meeting")
    given(planned, *licence_accepted()).when(asked, approvers_facts).then_refused(
        "procedure_counts"
    )


def test_a_public_notice_is_uncounted_only_where_the_items_list_says_so() -> None:
    asked = StartSpecialProcedure(item=LAND_PERMIT, procedure="public_notice")
    given(planned, *licence_accepted()).when(asked, approvers_facts).then_refused(
        "procedure_counts"
    )


def test_nothing_stands_still_without_the_written_notice() -> None:
    silent = review.model_copy(update={"notice": None})
    history = (planned, *licence_accepted())
    given(*history).when(silent).then_refused("evidence_required")
    given(*history).when(silent, at(MONDAY_AFTER)).then_refused("suspension_without_notice")


def test_the_same_procedure_twice_is_quiet() -> None:
    given(planned, *licence_accepted(), begun).when(review, at(MONDAY_AFTER)).then_nothing()


def test_nothing_ends_that_did_not_begin() -> None:
    given(planned, *licence_received()).when(
        EndSpecialProcedure(item=LAND_PERMIT), approvers_facts
    ).then_refused("not_in_this_state")

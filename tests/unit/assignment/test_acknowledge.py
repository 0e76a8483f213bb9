"""Taking over what was assigned (确认接办)."""

from dataclasses import replace

from contracts.assignment import AssignmentAcknowledged
from services.assignment.domain.commands import AcknowledgeAssignment
from tests.unit.assignment.examples import ADA, BEN, FACTS, SERVED, dispatched, given

BY_ADA, BY_BEN = replace(FACTS, actor=ADA), replace(FACTS, actor=BEN)
taken = AssignmentAcknowledged(agent=ADA, lead=True, items=("S1-01", "S2-02"))


def test_the_agent_takes_over_his_items() -> None:
    given(*SERVED).when(AcknowledgeAssignment(), BY_ADA).then(taken)


def test_saying_it_again_changes_nothing() -> None:
    given(*SERVED, taken).when(AcknowledgeAssignment(), BY_ADA).then_nothing()


def test_a_new_item_is_taken_over_anew() -> None:
    more = dispatched("S3-08")
    again = taken.model_copy(update={"items": ("S1-01", "S2-02", "S3-08")})
    given(*SERVED, taken, more).when(AcknowledgeAssignment(), BY_ADA).then(again)


def test_who_was_given_nothing_has_nothing_to_take_over() -> None:
    given(*SERVED).when(AcknowledgeAssignment(), BY_BEN).then_refused("not_in_this_state")

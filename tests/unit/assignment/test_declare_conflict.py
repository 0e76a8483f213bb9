"""Declaring an interest (利益冲突申报): the agent of an item never decides it."""

from dataclasses import replace

from contracts.assignment import ConflictDeclared
from contracts.event import Personal
from services.assignment.domain.commands import DeclareConflict
from tests.unit.assignment.examples import ADA, BEN, FACTS, SERVED, given, routed

REASON = Personal("近亲属任职")
declare = DeclareConflict(
    items=("S2-02", "S2-02"), kind="kinship", remedy="replaced", reason=REASON
)
declared = ConflictDeclared(
    person=ADA,
    items=("S2-02",),
    kind="kinship",
    remedy="replaced",
    rule="team.rules.agent_never_decides",
    reason=REASON,
)
BY_ADA = replace(FACTS, actor=ADA)


def test_an_agent_declares_his_own_interest() -> None:
    given(*SERVED).when(declare, BY_ADA).then(declared)


def test_somebody_else_may_declare_it_for_him() -> None:
    given(*SERVED).when(declare.model_copy(update={"person": ADA})).then(declared)


def test_declaring_again_changes_nothing() -> None:
    given(*SERVED, declared).when(declare, BY_ADA).then_nothing()


def test_a_declared_interest_bars_the_person_from_that_item_alone() -> None:
    state = given(*SERVED, declared).state()
    assert state.has_interest(ADA, "S2-02")
    assert not state.has_interest(ADA, "S1-01") and not state.has_interest(BEN, "S2-02")


def test_an_interest_may_be_declared_before_anything_is_dispatched() -> None:
    given(routed).when(declare, BY_ADA).then(declared)


def test_a_matter_nobody_routed_takes_no_declaration() -> None:
    given().when(declare, BY_ADA).then_refused("not_in_this_state")

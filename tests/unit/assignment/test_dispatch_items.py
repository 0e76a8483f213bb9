"""Handing items to agents (分发事项): who fits, whose turn it is, who leads."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.assignment import AgentAssigned, ConflictDeclared, ItemDispatched
from contracts.event import Personal
from services.assignment.domain.commands import DispatchItems
from tests.unit.assignment.examples import (
    ADA,
    ASSIST,
    BEN,
    CAI,
    DAN,
    EVE,
    FACTS,
    OUTSIDE,
    PARK_STAFF,
    SERVED,
    ada,
    ben,
    busy,
    cai,
    dan,
    decided,
    dispatched,
    eve,
    facts,
    filled,
    given,
    leading,
    of_kind,
    plainly,
    request,
    routed,
    routed_jointly,
    staff,
)

ALL = DispatchItems()


def test_every_item_in_scope_gets_an_agent_and_exactly_one_leads() -> None:
    handed = plainly(decided((routed,), ALL))
    assert handed == [dispatched("S1-01"), dispatched("S2-02"), leading]


def test_the_least_loaded_comes_first() -> None:
    events = decided((routed,), ALL, busy(ada=3, ben=1))
    assert {e.agent for e in of_kind(ItemDispatched, events)} == {BEN}


def test_who_is_named_for_an_item_comes_before_everybody() -> None:
    named = staff(BEN, "park_i", items=("S2-02",))
    events = decided((routed,), ALL, facts(ada, named))
    agents = {e.item: e.agent for e in of_kind(ItemDispatched, events)}
    assert agents == {"S1-01": ADA, "S2-02": BEN}
    assert [(e.agent, e.lead, e.items) for e in of_kind(AgentAssigned, events)] == [
        (ADA, True, ()),
        (BEN, False, ("S2-02",)),
    ]


def test_who_serves_the_matter_already_gets_its_next_item() -> None:
    history = (routed, dispatched("S1-01", BEN), leading.model_copy(update={"agent": BEN}))
    events = decided(history, ALL, busy(ada=0, ben=5))
    assert [e.agent for e in of_kind(ItemDispatched, events)] == [BEN]


def test_departments_and_township_serve_jointly_and_the_other_assists() -> None:
    events = decided((routed_jointly,), ALL, OUTSIDE)
    first = of_kind(ItemDispatched, events)[0]
    assert (first.agent, first.assisted_by) == (CAI, ("town",))
    assert [e.agent for e in of_kind(AgentAssigned, events) if e.lead] == [CAI]


def test_only_people_of_the_routed_bodies_fit() -> None:
    refusal = given(routed).when(ALL, facts(cai, dan)).then_refused("no_fitting_agent")
    assert refusal["bodies"] == ["park_i"]


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param({"roles": ("helper",)}, id="a helper in agency"),
        pytest.param({"items": ("S1-02",)}, id="other items"),
        pytest.param({"sites": ("park-agricultural",)}, id="another site"),
    ],
)
def test_who_does_not_fit_is_not_chosen_and_cannot_be_named(unfit: dict[str, Any]) -> None:
    only = facts(staff(ADA, "park_i", **unfit))
    given(routed).when(ALL, only).then_refused("no_fitting_agent")
    given(routed).when(DispatchItems(agent=ADA), only).then_refused("agent_does_not_fit")


def test_a_helper_serves_in_assistance() -> None:
    helper = staff(BEN, "park_i", roles=("helper",))
    helped = replace(ASSIST, roster=facts(helper).roster)
    assert plainly(decided((routed,), ALL, helped)) == [
        dispatched("S1-01", BEN),
        dispatched("S2-02", BEN),
        leading.model_copy(update={"agent": BEN}),
    ]


def test_who_is_out_of_his_post_is_passed_over_and_named_in_the_fact() -> None:
    out = filled(ends_on="2026-03-02", begins_on="2026-01-01")
    events = decided((routed,), ALL, replace(facts(ada, ben, out), today=date(2026, 3, 2)))
    assert of_kind(ItemDispatched, events)[0].agent == ADA
    later = replace(facts(ada, ben, out), today=date(2026, 3, 3))
    first = of_kind(ItemDispatched, decided((routed,), ALL, later))[0]
    assert (first.agent, first.passed_over) == (BEN, (ADA,))
    given(routed).when(DispatchItems(agent=ADA), later).then_refused("not_available")


def test_a_declared_interest_passes_the_person_over() -> None:
    interest = ConflictDeclared(
        person=ADA, items=("S1-01",), kind="kinship", remedy="replaced", rule="team.rules"
    )
    events = decided((routed, interest), DispatchItems(items=("S1-01",)))
    first = of_kind(ItemDispatched, events)[0]
    assert (first.agent, first.passed_over) == (BEN, (ADA,))
    named = DispatchItems(items=("S1-01",), agent=ADA)
    given(routed, interest).when(named).then_refused("conflict_of_interest")


def test_an_agent_who_also_approves_is_declared_to_carry_papers_only() -> None:
    events = decided((routed_jointly,), ALL, replace(OUTSIDE, roster=facts(eve, dan).roster))
    (conflict,) = of_kind(ConflictDeclared, events)
    assert (conflict.person, conflict.items, conflict.remedy) == (
        EVE,
        ("S2-02",),
        "carries_only",
    )
    assert conflict.rule == "team.rules.agent_never_decides"


def test_a_request_taken_before_earlier_ones_says_so_with_the_reason() -> None:
    reason = Personal("停工在即")
    events = decided((routed,), DispatchItems(jump_reason=reason), replace(FACTS, waiting=2))
    assert [(e.jumped, e.jump_reason) for e in of_kind(ItemDispatched, events)] == [
        (2, reason),
        (2, reason),
    ]


def test_in_order_nothing_is_said_of_a_jump() -> None:
    reason = Personal("无")
    events = decided((routed,), DispatchItems(jump_reason=reason))
    assert {(e.jumped, e.jump_reason) for e in of_kind(ItemDispatched, events)} == {(0, None)}


def test_dispatching_again_changes_nothing() -> None:
    given(*SERVED).when(ALL).then_nothing()
    given(*SERVED).when(DispatchItems(items=("S1-01",), agent=ADA)).then_nothing()


def test_an_item_in_other_hands_is_handed_over_not_dispatched() -> None:
    given(*SERVED).when(DispatchItems(items=("S1-01",), agent=BEN)).then_refused(
        "item_already_dispatched"
    )


def test_an_item_out_of_scope_is_refused() -> None:
    given(routed).when(DispatchItems(items=("S4-01",))).then_refused("item_not_in_scope")


def test_a_scope_must_be_fixed_first() -> None:
    bare = replace(FACTS, request=request(items=()))
    given(routed).when(ALL, bare).then_refused("scope_not_fixed")


def test_a_unit_that_wants_no_service_gets_no_agent() -> None:
    unwanted = replace(FACTS, request=request(mode="none"))
    given(routed).when(ALL, unwanted).then_refused("service_not_wanted")


def test_a_matter_without_a_route_is_not_dispatched() -> None:
    refusal = given().when(ALL).then_refused("not_in_this_state")
    assert refusal["allowed"] == ["RouteMatter"]


def test_a_stranger_to_the_roster_cannot_be_named() -> None:
    given(routed).when(DispatchItems(agent=EVE)).then_refused("not_on_the_roster")


def test_the_same_order_holds_for_everybody() -> None:
    shuffled = facts(*reversed(PARK_STAFF))
    assert decided((routed,), ALL, shuffled) == decided((routed,), ALL, FACTS)


def test_a_township_agent_is_chosen_when_no_department_has_one() -> None:
    events = decided((routed_jointly,), ALL, replace(OUTSIDE, roster=facts(dan).roster))
    first = of_kind(ItemDispatched, events)[0]
    assert (first.agent, first.assisted_by) == (DAN, ("depts",))

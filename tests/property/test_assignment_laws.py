"""Laws of assignment, whatever people ask and in whatever order."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.assignment import AgentAssigned, ItemDispatched
from contracts.event import Event
from services.assignment.domain import MATTER
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    DeclareConflict,
    DispatchItems,
    HandOver,
    ReassignAgent,
    RouteMatter,
)
from shared.decider import Refused
from tests.unit.assignment.examples import ADA, BEN, CAI, DAN, FACTS, ITEMS, OUTSIDE

people = st.sampled_from([ADA, BEN, CAI, DAN])
items = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=2, unique=True).map(tuple)
commands = st.one_of(
    st.just(RouteMatter()),
    st.just(AcknowledgeAssignment()),
    st.builds(DispatchItems, items=st.none() | items, agent=st.none() | people),
    st.builds(
        ReassignAgent,
        left=people,
        agent=st.none() | people,
        items=st.none() | items,
        cause=st.sampled_from(["relay", "applicant_wish"]),
        told_applicant=st.booleans(),
        consented=st.booleans(),
    ),
    st.builds(HandOver, left=people, agent=people, cause=st.just("left_post")),
    st.builds(
        DeclareConflict,
        person=people,
        items=items,
        kind=st.just("interest"),
        remedy=st.sampled_from(["replaced", "carries_only"]),
    ),
)
facts = st.builds(replace, st.sampled_from([FACTS, OUTSIDE]), actor=people)
asked = st.lists(st.tuples(commands, facts), max_size=20)


def history_of(questions: list[tuple[Any, Any]]) -> list[Event]:
    """What was recorded when all of it was asked."""
    history: list[Event] = []
    state = MATTER.initial
    for command, at in [(RouteMatter(), FACTS), *questions]:
        try:
            decided = MATTER.decide(command, state, at)
        except Refused:
            continue
        history.extend(decided)
        state = MATTER.fold(decided, state)
    return history


@given(asked)
def test_one_person_leads_as_soon_as_anything_is_in_hand(questions: Any) -> None:
    history = history_of(questions)
    state = MATTER.fold(history)
    assert (state.lead is None) == (not state.items)
    assert state.lead is None or state.lead in state.agents
    assert sum(isinstance(e, AgentAssigned) and e.lead for e in history) <= 1


@given(asked)
def test_every_item_is_in_the_hands_of_somebody_answerable(questions: Any) -> None:
    state = MATTER.fold(history_of(questions))
    assert {task.agent for task in state.items.values()} <= state.agents.keys()
    assert all(state.items_of(person) for person in state.agents)
    assert state.acknowledged <= state.agents.keys()


@given(asked)
def test_an_item_is_dispatched_once_and_never_to_who_has_an_interest(questions: Any) -> None:
    state = MATTER.initial
    seen: set[str] = set()
    for event in history_of(questions):
        if isinstance(event, ItemDispatched):
            assert event.item not in seen
            assert not state.has_interest(event.agent, event.item)
            seen.add(event.item)
        state = MATTER.evolve(state, event)


@given(asked)
def test_every_fact_moves_the_matter(questions: Any) -> None:
    state = MATTER.initial
    for event in history_of(questions):
        after = MATTER.evolve(state, event)
        assert after != state
        state = after

"""Whoever left, is away, is bound or does not fit is never given an item; nobody decides his own."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.assignment import (
    AgentReassigned,
    ConflictDeclared,
    ItemDispatched,
    StaffAdded,
    StaffRemoved,
)
from contracts.event import Event
from services.assignment.domain import MATTER, ROSTER
from services.assignment.domain.choosing import standings, unfit, wish_for
from services.assignment.domain.commands import (
    DeclareConflict,
    DispatchItems,
    NameOwner,
    ReassignAgent,
    RouteMatter,
)
from services.assignment.domain.facts import MatterFacts
from shared.decider import Refused
from tests.unit.assignment.examples import (
    ADA,
    BEN,
    CAI,
    DAN,
    EVE,
    FACTS,
    ITEMS,
    OUTSIDE,
    RULES,
    TODAY,
    staff,
)
from tests.unit.assignment.places import away

PEOPLE = [ADA, BEN, CAI, DAN, EVE]
BODIES = ["park_i", "park_i", "depts", "town", "depts"]


@st.composite
def rosters(draw: Any) -> tuple[Event, ...]:
    """People with any posts, items and skills; some left, some are away."""
    events: list[Event] = []
    for who, body in zip(PEOPLE, BODIES, strict=True):
        roles = draw(
            st.sets(st.sampled_from(["agent", "helper", "approver"]), min_size=1).map(sorted)
        )
        items = draw(st.sets(st.sampled_from(ITEMS)).map(sorted))
        skills = draw(st.sets(st.sampled_from(["s1", "english"])).map(sorted))
        kind = "park" if body == "park_i" else "department"
        added: StaffAdded = staff(
            who, body, kind, roles=tuple(roles), items=tuple(items), skills=tuple(skills)
        )
        events.append(added)
        match draw(st.sampled_from(["there", "there", "left", "away"])):
            case "left":
                gone = StaffRemoved(person=who, body=body, cause="left", left_on=TODAY)
                events.append(gone)
            case "away":
                events.append(away(who))
    return tuple(events)


people = st.sampled_from(PEOPLE)
items = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=2, unique=True).map(tuple)
commands = st.one_of(
    st.builds(
        DispatchItems,
        items=st.none() | items,
        agent=st.none() | people,
        skills=st.sampled_from([(), ("english",)]),
    ),
    st.builds(
        ReassignAgent, left=people, agent=st.none() | people, items=st.none() | items,
        cause=st.just("applicant_wish"),
    ),
    st.builds(
        DeclareConflict, person=people, items=items, kind=st.just("interest"),
        remedy=st.sampled_from(["replaced", "carries_only"]),
    ),
    st.builds(NameOwner, item=st.sampled_from(ITEMS), person=people, body=st.just("depts")),
)  # fmt: skip
facts = st.builds(
    lambda base, roster: replace(
        base, roster=ROSTER.fold(roster), catalogue=RULES.catalogue, calendar=RULES.calendar
    ),
    st.sampled_from([FACTS, OUTSIDE]),
    rosters(),
)
asked = st.lists(commands, max_size=12)


def lived(questions: list[Any], at: MatterFacts) -> list[tuple[Any, Any, Event]]:
    """Command, state before, and event, of everything that was recorded."""
    state = MATTER.initial
    told: list[tuple[Any, Any, Event]] = []
    for command in (RouteMatter(), *questions):
        try:
            decided = MATTER.decide(command, state, at)
        except Refused:
            continue
        for event in decided:
            told.append((command, state, event))
            state = MATTER.evolve(state, event)
    return told


@given(asked, facts)
def test_only_who_can_and_may_is_given_an_item(questions: list[Any], at: MatterFacts) -> None:
    for command, state, event in lived(questions, at):
        match event:
            case ItemDispatched(agent=agent, item=item):
                given_to = [(agent, item)]
            case AgentReassigned(agent=agent, items=moved, left=left):
                given_to = [(agent, item) for item in moved or state.items_of(left)]
            case _:
                continue
        for agent, item in given_to:
            assert at.roster.why_not(agent, TODAY) is None
            assert not state.has_interest(agent, item)
            wish = wish_for(item, state, at)
            assert not unfit(at.roster.staff[agent], wish, state, at)
            wanted = set(getattr(command, "skills", ()))
            assert wanted <= at.roster.staff[agent].skills


@given(asked, facts)
def test_an_approver_who_carries_an_item_never_decides_it(
    questions: list[Any], at: MatterFacts
) -> None:
    story = lived(questions, at)
    state = MATTER.fold([event for *_, event in story])
    barred = {
        (e.person, item)
        for *_, e in story
        if isinstance(e, ConflictDeclared)
        for item in e.items
    }
    for item, task in state.items.items():
        if "approver" in at.roster.staff[task.agent].roles:
            assert (task.agent, item) in barred
    for item, owner in state.owners.items():
        assert item not in state.items or state.items[item].agent != owner.person


@given(facts, st.sampled_from(ITEMS), st.randoms())
def test_the_ranking_is_whole_points_and_always_the_same(
    at: MatterFacts, item: str, chance: Any
) -> None:
    routed = MATTER.fold(MATTER.decide(RouteMatter(), MATTER.initial, at))
    found = standings(wish_for(item, routed, at), routed, at)
    shuffled = list(at.roster.staff.items())
    chance.shuffle(shuffled)
    again = replace(at, roster=replace(at.roster, staff=dict(shuffled)))
    assert standings(wish_for(item, routed, again), routed, again) == found
    assert all(type(points) is int for c in found.ranked for points in c.parts.values())
    named = {c.member.person for c in found.ranked} | {e.member.person for e in found.excluded}
    assert named == at.roster.staff.keys()

"""Who may assign: the posts of the pack, at their bodies, and no agent (派单权限)."""

from dataclasses import replace

import pytest

from services.assignment.domain import MATTER
from services.assignment.domain.commands import DispatchItems, ReassignAgent, RouteMatter
from services.assignment.domain.facts import MatterFacts
from shared.testing.spec import Spec
from tests.unit.assignment.examples import ADA, BEN, FACTS, SERVED
from tests.unit.assignment.places import (
    ANSHAN,
    FAY,
    GIL,
    YUEYANG,
    asked,
    at,
    member,
    standing_on,
)


def place(area: str, role: str, body: str, actor: str = GIL) -> MatterFacts:
    home = {"wg_soc": YUEYANG, "team": ANSHAN}
    serving = next(b for b, a in home.items() if a == area)
    return at(
        area,
        asked("S1-01", investment="social"),
        member(FAY, serving, "agent"),
        member(GIL, serving, "agent"),
        actor=actor,
        roles=frozenset({role}),
        bodies=frozenset({body}),
    )


@pytest.mark.parametrize(
    ("area", "role", "body"),
    [
        (YUEYANG, "office", "centre"),
        (YUEYANG, "head", "wg_soc"),
        (YUEYANG, "window_clerk", "centre"),
        (ANSHAN, "chief_agent", "team"),
        (ANSHAN, "admin", "hall"),
    ],
)
def test_the_post_that_assigns_does(area: str, role: str, body: str) -> None:
    state, _ = standing_on(place(area, role, body), RouteMatter(), DispatchItems())
    assert state.lead == FAY


@pytest.mark.parametrize(
    ("area", "role", "body"),
    [
        (YUEYANG, "agent", "wg_soc"),
        (YUEYANG, "window_clerk", "depts"),
        (YUEYANG, "supervisor", "section"),
        (ANSHAN, "office", "tfo"),
        (ANSHAN, "agent", "team"),
    ],
)
def test_nobody_else_does(area: str, role: str, body: str) -> None:
    facts = place(area, role, body)
    _, events = standing_on(facts, RouteMatter())
    details = (
        Spec(MATTER, facts)
        .given(*events)
        .when(DispatchItems())
        .then_refused("not_yours_to_assign")
    )
    assert details["rule"].startswith("roles.")


def test_an_agent_does_not_pick_who_comes_after_him_where_the_centre_assigns() -> None:
    centre = place(YUEYANG, "office", "centre")
    _, events = standing_on(centre, RouteMatter(), DispatchItems())
    relay = ReassignAgent(
        left=FAY, agent=GIL, cause="relay", told_applicant=True, consented=True
    )
    himself = place(YUEYANG, "agent", "wg_soc", actor=FAY)
    spec = Spec(MATTER, himself).given(*events)
    spec.when(relay).then_refused("not_yours_to_assign")
    assert Spec(MATTER, centre).given(*events).when(relay)._decide()


def test_where_agents_relay_by_themselves_one_hands_over_his_own_and_no_other() -> None:
    own = replace(FACTS, actor=ADA, roles=frozenset({"agent"}), bodies=frozenset({"park_i"}))
    relay = ReassignAgent(
        left=ADA, agent=BEN, cause="relay", told_applicant=True, consented=True
    )
    assert Spec(MATTER, own).given(*SERVED).when(relay)._decide()
    other = replace(own, actor=BEN)
    Spec(MATTER, other).given(*SERVED).when(relay).then_refused("not_yours_to_assign")

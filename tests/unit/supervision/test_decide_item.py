"""Deciding an item: never by its agent, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from contracts.event import Event
from contracts.supervision import (
    ItemAccepted,
    ItemDecided,
    ItemReady,
    ItemSubmitted,
    MilestoneDated,
    PlanRevised,
    ResultSent,
)
from contracts.vocabulary import Reliance
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import DateMilestone, DecideItem
from services.supervision.domain.facts import Conflict, Dispatched
from services.supervision.domain.progress import told
from tests.unit.supervision.examples import (
    AGENT,
    APPROVER,
    FILING,
    GRANT,
    LAND_PERMIT,
    MONDAY,
    agents_facts,
    approvers_facts,
    given,
    licence_accepted,
    licence_decided,
    on,
    planned,
    ready,
    received,
    submitted,
    team,
)

grant_it = DecideItem(item=LAND_PERMIT, outcome="approved")
relied = (Reliance(store="intake", position=412), Reliance(store="assignment", position=98))


def kinds(events: Sequence[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_the_department_decides_and_the_unit_is_told() -> None:
    given(planned, ready, *licence_accepted()).when(grant_it, approvers_facts).then(
        ItemDecided(
            item=LAND_PERMIT,
            outcome="approved",
            decided_on=MONDAY,
            body="depts",
            decider=APPROVER,
            relied_on=relied,
        ),
        told(approvers_facts, [LAND_PERMIT], "decided"),
    )


def test_the_agent_of_the_item_never_decides_it() -> None:
    both_hats = replace(approvers_facts, actor=AGENT, roles=frozenset({"agent", "approver"}))
    details = (
        given(planned, *licence_accepted())
        .when(grant_it, both_hats)
        .then_refused("agent_never_decides")
    )
    assert details["law"] == "民法典第一百六十八条"


def test_the_agent_is_not_named_as_decider_either() -> None:
    asked = DecideItem(item=LAND_PERMIT, outcome="approved", decider=AGENT, system_state=11)
    given(planned, *licence_accepted()).when(asked).then_refused("agent_never_decides")


def test_who_declared_a_conflict_does_not_decide() -> None:
    barred = team.model_copy(
        update={"conflicts": (Conflict(person=APPROVER, items=(LAND_PERMIT,)),)}
    )
    facts = replace(approvers_facts, team=barred)
    given(planned, *licence_accepted()).when(grant_it, facts).then_refused(
        "agent_never_decides"
    )


def test_the_agent_of_another_item_may_decide_this_one() -> None:
    others = team.model_copy(
        update={
            "items": {
                FILING: Dispatched(agent=APPROVER, body="depts"),
                LAND_PERMIT: Dispatched(agent=AGENT, body="park_i"),
            }
        }
    )
    facts = replace(approvers_facts, team=others)
    events = DECIDER.decide(grant_it, given(planned, *licence_accepted()).state(), facts)

    assert isinstance(events[0], ItemDecided)


def test_the_agent_enters_the_departments_decision_by_the_systems_state() -> None:
    asked = DecideItem(item=LAND_PERMIT, outcome="approved", system_state=11)
    events = DECIDER.decide(asked, given(planned, *licence_accepted()).state(), agents_facts)

    assert isinstance(events[0], ItemDecided)
    assert events[0].decider is None


def test_without_the_departments_word_an_agent_enters_nothing() -> None:
    given(planned, *licence_accepted()).when(grant_it).then_refused("evidence_required")


def test_a_licence_is_not_decided_before_it_is_accepted() -> None:
    history = (planned, *licence_accepted()[:2])
    given(*history).when(grant_it, approvers_facts).then_refused("not_in_this_state")


def test_what_is_done_at_once_is_accepted_and_decided_together() -> None:
    asked = DecideItem(item=FILING, outcome="approved")
    state = given(planned, submitted, received).state()
    events = DECIDER.decide(asked, state, approvers_facts)

    assert kinds(events)[:2] == ["ItemAccepted", "ItemDecided"]
    assert isinstance(events[0], ItemAccepted)
    assert events[0].statutory_due_on == MONDAY


def test_the_same_decision_twice_is_quiet() -> None:
    given(planned, *licence_decided()).when(grant_it, approvers_facts).then_nothing()


def test_another_decision_after_the_first_is_refused() -> None:
    asked = DecideItem(item=LAND_PERMIT, outcome="not_approved")
    given(planned, *licence_decided()).when(asked, approvers_facts).then_refused(
        "not_in_this_state"
    )


def test_an_e_certificate_goes_out_as_a_link() -> None:
    asked = DecideItem(item=LAND_PERMIT, outcome="approved", e_certificate=True)
    events = DECIDER.decide(asked, given(planned, *licence_accepted()).state(), approvers_facts)

    assert ResultSent(items=(LAND_PERMIT,), delivery="e_certificate", sent_on=MONDAY) in events


def test_the_successor_is_ready_when_its_last_predecessor_is_decided() -> None:
    land = MilestoneDated(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    grant_filed = ItemSubmitted(item=GRANT, body="depts", filed_by="agent", submitted_on=MONDAY)
    granted = ItemDecided(item=GRANT, outcome="approved", decided_on=MONDAY, body="depts")
    history = (planned, land, grant_filed, granted, submitted, received)
    asked = DecideItem(item=FILING, outcome="approved")
    events = DECIDER.decide(asked, given(*history).state(), approvers_facts)

    ready = ItemReady(item=LAND_PERMIT, after=(FILING, GRANT), ready_on=MONDAY)
    assert ready in events
    assert told(approvers_facts, [LAND_PERMIT], "ready") in events


def test_nothing_follows_from_a_decision_against() -> None:
    asked = DecideItem(item=FILING, outcome="not_approved")
    events = DECIDER.decide(asked, given(planned, submitted, received).state(), approvers_facts)

    assert "ItemReady" not in kinds(events)


def test_a_late_decision_moves_the_plan_and_says_by_how_much() -> None:
    land = MilestoneDated(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    state = given(planned).state()
    reached = DateMilestone(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    dated = DECIDER.decide(reached, state, replace(agents_facts, engagement=None))
    history = (planned, *dated, submitted, received)
    assert land in dated
    asked = DecideItem(item=FILING, outcome="approved")
    late = on(date(2026, 3, 16), approvers_facts)
    events = DECIDER.decide(asked, given(*history).state(), late)
    (plan,) = [event for event in events if isinstance(event, PlanRevised)]

    assert (plan.cause, plan.items) == ("item_late", (FILING,))
    assert plan.variance_days is not None
    assert plan.variance_days > 0
    assert plan.lines[0].due_on == date(2026, 3, 16)

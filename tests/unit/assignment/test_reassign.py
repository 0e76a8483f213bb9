"""Relay from one agent to the next (接力移交), and the consent it takes."""

from contracts.assignment import AgentReassigned, AssignmentAcknowledged, ConflictDeclared
from contracts.event import Personal
from services.assignment.domain.commands import DispatchItems, HandOver, ReassignAgent
from tests.unit.assignment.examples import (
    ADA,
    ASSIST,
    BEN,
    CAI,
    DAN,
    SERVED,
    ada,
    facts,
    given,
    routed,
)

SHEET = Personal("材料已收齐，待申报")
agreed = ReassignAgent(
    left=ADA, agent=BEN, cause="relay", told_applicant=True, consented=True, handover=SHEET
)
relayed = AgentReassigned(
    left=ADA,
    agent=BEN,
    body="park_i",
    lead=True,
    cause="relay",
    told_applicant=True,
    consented=True,
    handover=SHEET,
)


def test_everything_moves_with_the_lead_and_a_handover_sheet() -> None:
    given(*SERVED).when(agreed).then(relayed)
    state = given(*SERVED, relayed).state()
    assert (state.lead, list(state.agents), state.items_of(BEN)) == (
        BEN,
        [BEN],
        ("S1-01", "S2-02"),
    )


def test_the_next_in_turn_takes_over_when_nobody_is_named() -> None:
    given(*SERVED).when(agreed.model_copy(update={"agent": None})).then(relayed)


def test_some_items_move_without_the_lead() -> None:
    some = agreed.model_copy(update={"items": ("S2-02",)})
    given(*SERVED).when(some).then(
        relayed.model_copy(update={"items": ("S2-02",), "lead": False})
    )
    state = given(
        *SERVED, relayed.model_copy(update={"items": ("S2-02",), "lead": False})
    ).state()
    assert state.lead == ADA and state.items_of(ADA) == ("S1-01",)


def test_in_agency_the_unit_must_know_and_agree() -> None:
    unasked = ReassignAgent(left=ADA, agent=BEN, cause="load", told_applicant=True)
    refusal = given(*SERVED).when(unasked).then_refused("consent_needed")
    assert refusal["rule"] == "team.rules.replacement_needs_consent"
    assert refusal["lacking"] == ["consented"]


def test_the_units_own_wish_is_its_consent() -> None:
    wish = ReassignAgent(left=ADA, agent=BEN, cause="applicant_wish")
    given(*SERVED).when(wish).then(
        relayed.model_copy(update={"cause": "applicant_wish", "handover": None})
    )


def test_in_assistance_nobody_has_to_agree() -> None:
    unasked = ReassignAgent(left=ADA, agent=BEN, cause="load")
    given(*SERVED).when(unasked, ASSIST).then(
        relayed.model_copy(
            update={
                "cause": "load",
                "told_applicant": False,
                "consented": False,
                "handover": None,
            }
        )
    )


def test_items_somebody_else_has_cannot_be_handed_over() -> None:
    given(*SERVED).when(agreed.model_copy(update={"items": ("S3-08",)})).then_refused(
        "not_his_item"
    )


def test_who_has_an_interest_cannot_take_over() -> None:
    interest = ConflictDeclared(
        person=BEN, items=("S2-02",), kind="interest", remedy="replaced"
    )
    given(*SERVED, interest).when(agreed).then_refused("conflict_of_interest")


def test_who_does_not_serve_the_site_cannot_take_over() -> None:
    given(*SERVED).when(agreed.model_copy(update={"agent": CAI})).then_refused(
        "agent_does_not_fit"
    )


def test_one_does_not_hand_over_to_oneself() -> None:
    given(*SERVED).when(agreed.model_copy(update={"agent": ADA})).then_refused("same_person")


def test_nobody_hands_over_what_he_never_had() -> None:
    given(*SERVED).when(agreed.model_copy(update={"left": DAN})).then_refused(
        "not_in_this_state"
    )


def test_when_nobody_else_fits_the_relay_is_refused() -> None:
    alone = facts(ada)
    given(*SERVED).when(agreed.model_copy(update={"agent": None}), alone).then_refused(
        "no_fitting_agent"
    )


def test_the_new_agent_has_to_take_over_anew() -> None:
    taken = AssignmentAcknowledged(agent=ADA, lead=True, items=("S1-01", "S2-02"))
    assert given(*SERVED, taken, relayed).state().acknowledged == frozenset()


def test_who_gave_an_item_up_is_passed_over_and_may_be_named_again() -> None:
    back = ReassignAgent(
        left=BEN, agent=ADA, cause="relay", told_applicant=True, consented=True, handover=SHEET
    )
    given(*SERVED, relayed).when(back).then(
        relayed.model_copy(update={"left": BEN, "agent": ADA})
    )
    given(*SERVED, relayed).when(back.model_copy(update={"agent": None})).then_refused(
        "no_fitting_agent"
    )


GONE = HandOver(left=ADA, agent=BEN, cause="left_post")
moved = AgentReassigned(left=ADA, agent=BEN, body="park_i", lead=True, cause="left_post")


def test_the_open_tasks_of_one_who_left_move_to_his_successor() -> None:
    given(*SERVED).when(GONE).then(moved)


def test_what_the_successor_has_an_interest_in_stays_for_a_person_to_hand_over() -> None:
    interest = ConflictDeclared(
        person=BEN, items=("S2-02",), kind="interest", remedy="replaced"
    )
    some = moved.model_copy(update={"items": ("S1-01",), "lead": False})
    given(*SERVED, interest).when(GONE).then(some)
    given(*SERVED, interest, some).when(GONE).then_nothing()


def test_they_move_once() -> None:
    given(*SERVED, moved).when(GONE).then_nothing()
    given(routed).when(GONE).then_nothing()


def test_the_units_consent_to_such_a_handover_is_recorded_later() -> None:
    later = ReassignAgent(left=ADA, cause="left_post", told_applicant=True, consented=True)
    confirmed = moved.model_copy(update={"told_applicant": True, "consented": True})
    given(*SERVED, moved).when(later).then(confirmed)
    given(*SERVED, moved, confirmed).when(later).then_nothing()
    assert given(*SERVED, moved, confirmed).state().items_of(BEN) == ("S1-01", "S2-02")


def test_a_relayed_matter_needs_no_new_dispatch() -> None:
    given(*SERVED, relayed).when(DispatchItems()).then_nothing()

"""The return visit (回访): by another body than the agent's, and what the unit then said."""

from dataclasses import replace
from typing import Any

from contracts.evaluation import ReturnVisitMade
from contracts.event import Event, Personal
from services.evaluation.domain.commands import MakeReturnVisit
from tests.unit.evaluation.examples import (
    AGENT,
    BY_HALL,
    BY_OFFICE,
    FACTS,
    INVITED,
    VISIT,
    bad_opened,
    call,
    given,
    link,
    rated,
)


def visit(**more: Any) -> MakeReturnVisit:
    members = {
        "means": "phone",
        "reached": True,
        "respondent": "applicant_handler",
        "answers": "都好",
        **more,
    }
    return MakeReturnVisit.model_validate(members)


visited = ReturnVisitMade(
    return_visit=VISIT,
    body="hall",
    agent=AGENT,
    agent_body="park_i",
    means="phone",
    reached=True,
    respondent="applicant_handler",
    answers=Personal("都好"),
)


def answered(level: str = "satisfied") -> Event:
    return rated(
        level,
        instrument="revisit",
        invitation=None,
        return_visit=VISIT,
        respondent="applicant_handler",
        scores=(),
    )


def test_the_hall_calls_on_the_unit() -> None:
    given(*INVITED).when(visit(), BY_HALL).then(visited)


def test_what_the_unit_says_is_an_instrument_of_its_own() -> None:
    given(*INVITED, rated()).when(visit(level="satisfied"), BY_HALL).then(visited, answered())


def test_a_bad_answer_is_followed_up_like_any_bad_rating() -> None:
    given(*INVITED).when(visit(level="dissatisfied"), BY_HALL).then(
        visited, answered("dissatisfied"), bad_opened
    )


def test_the_agents_own_body_does_not_call() -> None:
    own = replace(FACTS, actor=BY_HALL.actor, bodies=frozenset({"park_i"}))
    given(*INVITED).when(visit(), own).then_refused("own_service")


def test_the_agent_does_not_call_whatever_other_post_he_holds() -> None:
    given(*INVITED).when(visit(), replace(BY_HALL, actor=AGENT)).then_refused("own_service")


def test_who_acts_for_several_bodies_says_for_which() -> None:
    both = replace(BY_HALL, bodies=frozenset({"hall", "ro"}))
    given(*INVITED).when(visit(), both).then_refused("not_your_body")
    given(*INVITED).when(visit(body="hall"), both).then(visited)
    given(*INVITED).when(visit(body="hall"), BY_OFFICE).then_refused("not_your_body")


def test_nobody_is_called_before_the_service_is_over() -> None:
    given().when(visit(), BY_HALL).then_refused("service_not_over")


def test_who_was_not_reached_said_nothing() -> None:
    missed = visit(reached=False, respondent=None, answers=None)
    not_reached = visited.model_copy(
        update={"reached": False, "respondent": None, "answers": None}
    )
    given(*INVITED).when(missed, BY_HALL).then(not_reached)
    assert not given(*INVITED, not_reached).state().reached
    silent = visit(reached=False, level="satisfied")
    given(*INVITED).when(silent, BY_HALL).then_refused("nobody_answered")


def test_the_question_is_asked_once_and_calling_again_is_free() -> None:
    again = given(*INVITED, visited, answered())
    again.when(visit(level="satisfied"), BY_HALL).then_refused("already_rated")
    again.when(visit(), BY_HALL).then(visited)


def test_where_the_hall_served_the_office_calls() -> None:
    served = tuple(i.model_copy(update={"agent_body": "hall"}) for i in (call, link))
    given(*served).when(visit(), BY_HALL).then_refused("own_service")
    given(*served).when(visit(), BY_OFFICE).then(
        visited.model_copy(update={"body": "ro", "agent_body": "hall"})
    )

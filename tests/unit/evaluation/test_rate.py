"""The unit's own rating (评价): once, by its link, with every indicator, never by the rated."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.evaluation import BadRatingOpened
from contracts.event import Personal
from services.evaluation.domain import MATTER
from tests.unit.evaluation.examples import (
    AGENT,
    BY_UNIT,
    CALL,
    COMPLAINT,
    INVITED,
    SCORES,
    SECOND,
    bad_opened,
    call,
    given,
    link,
    rate,
    rated,
)


def test_the_unit_rates_attitude_efficiency_and_probity() -> None:
    given(*INVITED).when(rate(), BY_UNIT).then(rated())


def test_words_and_name_are_kept_apart_from_the_level() -> None:
    comment, rater = Personal("很好"), Personal("甲")
    given(*INVITED).when(rate(comment="很好", rater="甲"), BY_UNIT).then(
        rated(comment=comment, rater=rater)
    )


def test_a_matter_is_rated_once_by_one_instrument() -> None:
    given(*INVITED, rated()).when(rate("dissatisfied"), BY_UNIT).then_refused("already_rated")


@pytest.mark.parametrize("rated_person", [AGENT, SECOND], ids=["lead", "second agent"])
def test_the_rated_never_rate(rated_person: str) -> None:
    by_rated = replace(BY_UNIT, actor=rated_person)
    given(*INVITED).when(rate(), by_rated).then_refused("no_such_invitation")


def test_a_link_that_was_never_sent_opens_nothing() -> None:
    stray = replace(BY_UNIT, invitation=COMPLAINT)
    given(*INVITED).when(rate(), stray).then_refused("no_such_invitation")


def test_what_is_asked_in_a_visit_is_not_answered_over_a_link() -> None:
    by_call = replace(BY_UNIT, invitation=CALL)
    given(*INVITED).when(rate(), by_call).then_refused("asked_in_a_visit")


def test_every_indicator_is_asked_and_no_other() -> None:
    lacking = rate(scores={"attitude": "satisfied", "speed": "satisfied"})
    refusal = given(*INVITED).when(lacking, BY_UNIT).then_refused("indicators_differ")
    assert (refusal["lacking"], refusal["unknown"]) == (["efficiency", "probity"], ["speed"])


@pytest.mark.parametrize("level", ["dissatisfied", "very_dissatisfied"])
def test_a_bad_rating_has_an_owner_and_a_day_at_once(level: str) -> None:
    given(*INVITED).when(rate(level), BY_UNIT).then(rated(level), bad_opened)


def test_one_bad_indicator_is_a_bad_rating() -> None:
    scores = {**SCORES, "probity": "very_dissatisfied"}
    events = MATTER.decide(rate(scores=scores), given(*INVITED).state(), BY_UNIT)
    assert [type(e) for e in events[1:]] == [BadRatingOpened]


def test_the_owner_is_never_of_the_rated_persons_body() -> None:
    of_the_hall = (
        call.model_copy(update={"agent_body": "hall"}),
        link.model_copy(update={"agent_body": "hall"}),
    )
    given(*of_the_hall).when(rate("dissatisfied"), BY_UNIT).then(
        rated("dissatisfied"), bad_opened.model_copy(update={"owner": "a:ro"})
    )


def test_the_days_to_rectify_are_working_days() -> None:
    assert bad_opened.due_on == date(2026, 3, 23)


def test_levels_are_released_only_when_everything_is_rated() -> None:
    assert not given(*INVITED, rated()).state().released
    visited = rated(instrument="revisit", invitation=None, scores=())
    assert given(*INVITED, rated(), visited).state().released
    assert not given().state().released

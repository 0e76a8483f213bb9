"""Hearings, appraisals and reviews (座谈、考核、总结) of an area's office."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts.evaluation import AppraisalComputed, HearingHeld, Measure, ReviewNoted
from contracts.event import Personal
from services.evaluation.domain.appraising import Counted, Rated, measures
from services.evaluation.domain.commands import ComputeAppraisal, HoldHearing, NoteReview
from services.evaluation.domain.formulas import explained
from services.evaluation.domain.quarters import before, bounds, quarter_of
from services.evaluation.domain.sealing import of_ratings
from shared.eventstore.identity import derived
from tests.unit.evaluation.examples import (
    AGENT,
    AREA,
    CUT,
    EVALUATION,
    MADE,
    MEASURES,
    OFFICE_FACTS,
    given_office,
)


def appraise(**more: Any) -> ComputeAppraisal:
    members = {"area": AREA, "quarter": "2026-Q1", "about_whom": "agent", "agent": AGENT}
    return ComputeAppraisal.model_validate({**members, **more})


appraised = AppraisalComputed(
    appraisal=derived(MADE, "appraisal"),
    quarter="2026-Q1",
    about_whom="agent",
    agent=AGENT,
    body="park_i",
    measures=MEASURES,
    unrated=1,
    cut=CUT,
    rule="appraisal.feeds",
    defaults=(
        "evaluation.instruments.overall.asked_by",
        "evaluation.instruments.revisit.starts",
        "evaluation.instruments.overall.starts",
        "evaluation.instruments.revisit.scale",
        "evaluation.instruments.overall.scale",
        "evaluation.bad_rating.rectify_within.days",
        "evaluation.bad_rating.rectify_within.unit",
        "evaluation.bad_rating.revisit",
    ),
)


def test_ratings_count_in_the_appraisal_of_the_quarter() -> None:
    said = given_office().when(appraise())
    said.then(appraised.model_copy(update={"defaults": _defaults(said)}))


def _defaults(said: Any) -> Any:
    """The labels come from the pack, in its order."""
    (event,) = said.decider.decide(said.command, said.state(), said.facts)
    assert set(event.defaults) == set(appraised.defaults)
    return event.defaults


def test_the_same_count_is_said_once_and_a_new_one_anew() -> None:
    given_office(appraised).when(appraise()).then_nothing()
    more = replace(OFFICE_FACTS, unrated=0)
    said = given_office(appraised).when(appraise(), more)
    (event,) = said.decider.decide(appraise(), said.state(), more)
    assert isinstance(event, AppraisalComputed) and event.unrated == 0


def test_a_quarter_is_appraised_when_it_is_over() -> None:
    early = replace(OFFICE_FACTS, today=date(2026, 3, 31))
    given_office().when(appraise(), early).then_refused("quarter_not_over")


def test_nobody_appraises_himself() -> None:
    given_office().when(appraise(), replace(OFFICE_FACTS, actor=AGENT)).then_refused(
        "own_service"
    )


def test_an_appraisal_is_of_somebody() -> None:
    given_office().when(appraise(agent=None)).then_refused("name_the_agent")
    unknown = replace(OFFICE_FACTS, body=None)
    given_office().when(appraise(), unknown).then_refused("nothing_to_appraise")


def test_a_body_is_appraised_by_its_own_figures() -> None:
    said = given_office().when(appraise(about_whom="body", agent=None, body="park_i"))
    said.then(
        appraised.model_copy(
            update={"about_whom": "body", "agent": None, "defaults": _defaults(said)}
        )
    )


HEARD = Personal("希望材料清单更清楚")


def test_the_office_hears_units_in_a_meeting() -> None:
    command = HoldHearing(area=AREA, form="meeting", units=8, persons=11, heard=HEARD)
    held = HearingHeld(
        hearing=derived(MADE, "hearing"),
        form="meeting",
        body="ro",
        units=8,
        persons=11,
        heard=HEARD,
    )
    given_office().when(command).then(held)
    strange = command.model_copy(update={"body": "nobody"})
    given_office().when(strange).then_refused("body_unknown")


def test_a_body_sums_up_what_it_learned_and_from_what() -> None:
    command = NoteReview(
        area=AREA, quarter="2026-Q1", prompted_by=(EVALUATION, EVALUATION), shortcomings=HEARD
    )
    given_office().when(command).then(
        ReviewNoted(quarter="2026-Q1", body="ro", prompted_by=(EVALUATION,), shortcomings=HEARD)
    )
    other = command.model_copy(update={"body": "park_i"})
    given_office().when(other).then_refused("not_your_body")


RATINGS = (
    Rated("overall", "very_satisfied", (("probity", "very_satisfied"),)),
    Rated("overall", "dissatisfied", (("probity", "satisfied"),)),
    Rated("revisit", "basically_satisfied"),
)


def test_instruments_are_never_added_up() -> None:
    found = {m.measure: (m.value, m.facts) for m in measures(RATINGS, Counted(matters=4))}
    assert found["overall_mean"] == (Decimal("3.5000"), 2)
    assert found["overall_probity_mean"] == (Decimal("4.5000"), 2)
    assert found["overall_satisfied"] == (Decimal(1), 2)
    assert found["revisit_mean"] == (Decimal("3.0000"), 1)
    assert found["matters"] == (Decimal(4), 4)
    assert "mean" not in found


def test_without_a_rating_there_is_no_mean() -> None:
    assert not [m for m in measures((), Counted()) if "mean" in m.measure]


def test_the_same_facts_give_the_same_figures() -> None:
    counted = Counted(3, 2, 1, 1, 1, 2, 1)
    assert measures(RATINGS, counted) == measures(tuple(reversed(RATINGS)), counted)
    assert all(isinstance(m, Measure) for m in measures(RATINGS, counted))


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2026, 1, 1), "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), "2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarters_begin_and_end_where_they_should(
    day: date, quarter: str, first: date, last: date
) -> None:
    assert quarter_of(day) == quarter
    assert bounds(quarter) == (first, last)


def test_the_quarter_before_the_first_is_the_last_of_the_year_before() -> None:
    assert before("2026-Q1") == "2025-Q4"


def test_where_reminding_is_no_duty_nothing_of_it_is_counted() -> None:
    assert "missed_reminders" not in {one.measure for one in measures((), Counted())}
    told = {one.measure: one for one in measures((), Counted(missed=3))}
    assert (told["missed_reminders"].value, told["missed_reminders"].facts) == (Decimal(3), 3)
    assert explained(told["missed_reminders"])["shown"] == "3"
    assert not of_ratings("missed_reminders")

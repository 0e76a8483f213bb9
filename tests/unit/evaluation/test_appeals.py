"""Whoever was appraised may say that it is wrong; somebody else decides (申诉)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts.evaluation import AppealDecided, AppraisalAppealed, Measure
from contracts.event import Personal
from services.evaluation.domain.appraising import Counted, measures
from services.evaluation.domain.commands import AppealAppraisal, DecideAppeal
from services.evaluation.domain.facts import Appealed
from services.evaluation.domain.formulas import explained, formula_of
from shared.eventstore.identity import derived
from tests.unit.evaluation.examples import (
    AGENT,
    AREA,
    EVALUATION,
    MADE,
    OFFICE_FACTS,
    SECOND,
    given_office,
)

MINE = Appealed(AGENT, "park_i", frozenset({"overall_mean"}))
BY_AGENT = replace(OFFICE_FACTS, actor=AGENT, bodies=frozenset({"park_i"}), appealed=MINE)
APPEAL = derived(MADE, "appeal")


def appeal(*disputed: str) -> AppealAppraisal:
    return AppealAppraisal(
        area=AREA, appraisal=EVALUATION, disputed=disputed, grounds=Personal("办件不是我办的")
    )


appealed = AppraisalAppealed(
    appeal=APPEAL,
    appraisal=EVALUATION,
    agent=AGENT,
    body="park_i",
    disputed=("overall_mean",),
    due_on=date(2026, 4, 24),
    rule="appraisal.appeal",
    defaults=("appraisal.appeal",),
    grounds=Personal("办件不是我办的"),
)


def test_the_appraised_appeals_and_has_a_day() -> None:
    given_office().when(appeal("overall_mean", "overall_mean"), BY_AGENT).then(appealed)


def test_an_open_appeal_is_not_made_twice() -> None:
    given_office(appealed).when(appeal(), BY_AGENT).then_nothing()


def test_nobody_appeals_for_another() -> None:
    given_office().when(appeal(), replace(BY_AGENT, actor=SECOND)).then_refused("not_yours")
    of_a_body = replace(BY_AGENT, appealed=replace(MINE, agent=None, body="hall"))
    given_office().when(appeal(), of_a_body).then_refused("not_your_body")


def test_there_must_be_something_to_appeal_against() -> None:
    given_office().when(appeal(), replace(BY_AGENT, appealed=None)).then_refused(
        "no_such_appraisal"
    )
    given_office().when(appeal("speed"), BY_AGENT).then_refused("measures_unknown")


def decision(**more: Any) -> DecideAppeal:
    members = {"area": AREA, "appeal": APPEAL, "verdict": "upheld", "excluded": [MADE]}
    return DecideAppeal.model_validate({**members, "reason": "已核实", **more})


decided = AppealDecided(
    appeal=APPEAL,
    appraisal=EVALUATION,
    verdict="upheld",
    excluded=(MADE,),
    reason=Personal("已核实"),
)


def test_the_office_decides_once_and_leaves_matters_out() -> None:
    given_office(appealed).when(decision()).then(decided)
    given_office(appealed, decided).when(decision()).then_nothing()
    given_office().when(decision()).then_refused("no_such_appeal")


@pytest.mark.parametrize(
    "by",
    [
        pytest.param(replace(OFFICE_FACTS, actor=AGENT), id="the appraised"),
        pytest.param(replace(OFFICE_FACTS, bodies=frozenset({"park_i"})), id="his own body"),
    ],
)
def test_the_appraised_do_not_decide(by: Any) -> None:
    given_office(appealed).when(decision(), by).then_refused("own_service")


def test_what_is_not_upheld_leaves_nothing_out() -> None:
    refused = given_office(appealed).when(decision(verdict="not_upheld"))
    refused.then_refused("nothing_to_exclude")


def test_every_figure_has_a_formula_and_a_few_are_counts() -> None:
    counted = Counted(matters=4, rated_matters=3, load=22, bad_ratings=2)
    told = {m.measure: explained(m) for m in measures((), counted)}
    assert told["participation"]["shown"] == "3/4"
    assert told["load"]["shown"] == "22"
    assert told["bad_ratings_rectified"]["shown"] == "0/2"
    assert told["complaints_upheld"]["shown"] == "—"
    assert all(one["formula"] and one["formula_en"] for one in told.values())


def test_a_rate_of_many_is_a_percentage_by_its_standard() -> None:
    many = Measure(measure="overall_satisfied", value=Decimal(9), facts=12)
    assert explained(many)["shown"] == "75.0%"
    assert formula_of("overall_satisfied").standard == "GB/T 39735-2020"
    assert formula_of("overall_probity_mean").rate is False

"""Two tables, measured differently, ranked measure by measure, given to an assessment once."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from contracts.evaluation import AppraisalPublished, LeagueRow, PublicationWithdrawn
from contracts.event import Personal
from contracts.vocabulary import AssessmentForm, League
from services.evaluation.domain import OFFICE
from services.evaluation.domain.commands import PublishAppraisal, WithdrawPublication
from services.evaluation.domain.facts import OfficeFacts
from services.evaluation.domain.formulas import explained, formula_of, name_of
from services.evaluation.domain.league import (
    COST,
    OF_DEPARTMENTS,
    Cost,
    Decided,
    changed,
    cost_measures,
    decision_measures,
    exported,
    ranks,
    table_of,
)
from services.evaluation.domain.office import Office
from shared.decider import Refused
from shared.packs import Packs
from tests.unit.evaluation.examples import OFFICE_FACTS

PACKS = Packs.load(None)
CITY = PACKS.for_area("430600").pack
QUARTER = "2026-Q1"


def row(body: str, table: League = "centres", **measures: tuple[str, int]) -> LeagueRow:
    told = [{"measure": k, "value": v, "facts": n} for k, (v, n) in measures.items()]
    return LeagueRow.model_validate({"table": table, "body": body, "measures": told})


def test_every_measure_is_ranked_by_itself_and_few_are_not() -> None:
    rows = (
        row("a", trips_mean=("2.0", 9), national_satisfied=("9", 10), matters=("9", 9)),
        row("b", trips_mean=("1.0", 9), national_satisfied=("45", 50), matters=("50", 50)),
        row("c", trips_mean=("0.5", 4), national_satisfied=("1", 10), matters=("4", 4)),
        row("d", "departments", trips_mean=("9.0", 9)),
    )
    assert ranks(rows) == {
        ("b", "trips_mean"): 1,  # fewer trips are better, and a few say nothing
        ("a", "trips_mean"): 2,
        ("a", "national_satisfied"): 1,  # nine of ten equal 45 of 50
        ("b", "national_satisfied"): 1,
        ("c", "national_satisfied"): 3,
        ("d", "trips_mean"): 1,  # a table of its own
    }


def test_a_department_approves_and_a_centre_serves() -> None:
    assert {table_of(kind) for kind in ("centre", "hall", "park", "township")} == {"centres"}
    assert table_of("department") == "departments" and table_of("superior") is None


@pytest.mark.parametrize("form", ["performance", "reform"])
def test_an_assessment_takes_the_figures_of_its_form(form: AssessmentForm) -> None:
    every = dict.fromkeys(
        (*COST, *OF_DEPARTMENTS, "matters", "load", "participation", "national_mean"), ("1", 9)
    )
    centre, department = exported(
        form, CITY, [row("centre", "centres", **every), row("depts", "departments", **every)]
    )
    names = {m.measure for m in centre.measures}
    assert {"matters", "participation", "national_mean"} <= names
    assert ("load" in names, "trips_mean" in names) == (form == "performance", form == "reform")
    assert {m.measure for m in department.measures} == set(OF_DEPARTMENTS)


def test_what_a_matter_cost_its_unit_is_a_mean_and_nothing_without_matters() -> None:
    told = cost_measures(Cost(matters=4, trips=6, papers=10, timed=3, days=100))
    assert [(m.measure, str(m.value), m.facts) for m in told] == [
        ("trips_mean", "1.5000", 4),
        ("papers_mean", "2.5000", 4),
        ("days_mean", "33.3333", 3),
    ]
    assert {m.facts for m in cost_measures(Cost())} == {0}


def test_a_decision_in_time_is_counted_of_those_that_had_a_day() -> None:
    told = decision_measures(Decided(10, due=8, in_time=6, timed=10, days=45, corrections=5))
    shown = {m.measure: explained(m)["shown"] for m in told}
    assert shown["decided_in_time"] == "75.0%" and shown["corrections_mean"] == "0.5000"


@pytest.mark.parametrize("measure", [*COST, *OF_DEPARTMENTS, "matters", "participation"])
def test_every_figure_has_a_name_and_a_formula_in_both_languages(measure: str) -> None:
    formula, names = formula_of(measure), name_of(measure)
    assert formula.zh and formula.en and all(names)
    assert measure == "decided" or formula.zh != names[0]


ROWS = (row("centre", matters=("9", 9)),)
PUBLISH = PublishAppraisal.model_validate(
    {"area": "430600", "quarter": QUARTER, "assessment": 2, "form": "reform"}
)
FACTS = replace(OFFICE_FACTS, pack=CITY, rows=ROWS, today=date(2026, 4, 2))


def test_a_quarter_that_runs_is_not_given_and_the_same_is_given_once() -> None:
    (given,) = OFFICE.decide(PUBLISH, OFFICE.initial, FACTS)
    assert isinstance(given, AppraisalPublished)
    assert (given.assessment, given.form, given.rule) == (2, "reform", "appraisal.counts_in")
    assert "appraisal.measures" in given.defaults
    after = OFFICE.evolve(OFFICE.initial, given)
    assert OFFICE.decide(PUBLISH, after, FACTS) == []
    changed = replace(FACTS, rows=(row("centre", matters=("8", 8)),))
    assert len(OFFICE.decide(PUBLISH, after, changed)) == 1
    running = PUBLISH.model_copy(update={"quarter": "2026-Q2"})
    assert refusal(running, FACTS) == "quarter_not_over"


def test_an_assessment_that_the_rules_do_not_name_is_given_nothing() -> None:
    third = PUBLISH.model_copy(update={"assessment": 3})
    assert refusal(third, FACTS) == "assessment_unknown"
    nowhere = replace(FACTS, pack=PACKS.for_area("341525").pack)
    assert refusal(PUBLISH, nowhere) == "assessment_unknown"
    assert refusal(PUBLISH, replace(FACTS, rows=())) == "nothing_to_publish"


def withdrawal(given: AppraisalPublished) -> WithdrawPublication:
    return WithdrawPublication(
        area="430600", publication=given.publication, reason=Personal("数字有误")
    )


def published(state: Office, made: UUID, *rows: LeagueRow) -> tuple[AppraisalPublished, Office]:
    (given,) = OFFICE.decide(PUBLISH, state, replace(FACTS, rows=rows or ROWS, made=made))
    assert isinstance(given, AppraisalPublished)
    return given, OFFICE.evolve(state, given)


def test_what_was_given_wrongly_is_taken_back_and_may_be_given_anew() -> None:
    given, state = published(OFFICE.initial, UUID(int=1))
    (back,) = OFFICE.decide(withdrawal(given), state, FACTS)
    assert isinstance(back, PublicationWithdrawn)
    assert (back.publication, back.quarter, back.assessment, back.form) == (
        given.publication, QUARTER, 2, "reform",
    )  # fmt: skip
    after = OFFICE.evolve(state, back)
    assert OFFICE.decide(withdrawal(given), after, FACTS) == []
    again, _ = published(after, UUID(int=2))
    assert again.rows == given.rows and again.publication != given.publication


def test_only_what_is_in_force_is_taken_back() -> None:
    first, state = published(OFFICE.initial, UUID(int=1))
    second, state = published(state, UUID(int=2), row("centre", matters=("8", 8)))
    assert refusal(withdrawal(first), FACTS, state) == "publication_replaced"
    (back,) = OFFICE.decide(withdrawal(second), state, FACTS)
    state = OFFICE.evolve(state, back)
    assert refusal(withdrawal(first), FACTS, state) == "publication_replaced"
    unknown = withdrawal(first).model_copy(update={"publication": UUID(int=9)})
    assert refusal(unknown, FACTS, state) == "no_such_publication"


def test_what_changed_is_named_with_both_values() -> None:
    was = [row("a", matters=("9", 9), trips_mean=("1.5", 9))]
    now = [row("a", matters=("8", 8), trips_mean=("1.5", 9)), row("b", matters=("1", 1))]
    assert changed(was, was) == []
    assert [(c["body"], c["measure"], c["was"], c["now"]) for c in changed(was, now)] == [
        ("a", "matters", "9 / 9", "8 / 8"),
        ("b", "matters", None, "1 / 1"),
    ]


def refusal(
    command: PublishAppraisal | WithdrawPublication,
    facts: OfficeFacts,
    state: Office = OFFICE.initial,
) -> str:
    with pytest.raises(Refused) as refused:
        OFFICE.decide(command, state, facts)
    return refused.value.code

"""The plan puts items in order, in parallel, and dates only what can be dated."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calendar import load_calendar
from contracts.catalogue import load_catalogue
from contracts.project import ProjectFacts
from services.supervision.domain.plan import Actual, Plan, make_plan
from tests.unit.contracts.projects import FACTORY, HOUSING

CALENDAR = load_calendar()
CATALOGUE = load_catalogue()
MONDAY = date(2026, 3, 2)
PATH = ("S1-04", "S1-05", "S2-01", "S2-02", "S3-01", "S3-08", "S4-07", "S4-08", "S4-11")


def plan(facts: ProjectFacts = FACTORY, begins: date = MONDAY, **milestones: date) -> Plan:
    named = {name.replace("_", "-"): day for name, day in milestones.items()}
    return make_plan(CATALOGUE, CATALOGUE.items_for(facts), begins, CALENDAR, named)


@pytest.mark.parametrize(
    ("facts", "items", "stand_alone", "slots"), [(FACTORY, 27, 21, 86), (HOUSING, 30, 24, 95)]
)
def test_the_checked_figures_are_reproduced(
    facts: ProjectFacts, items: int, stand_alone: int, slots: int
) -> None:
    made = plan(facts)

    assert (len(made.lines), made.stand_alone) == (items, stand_alone)
    assert (made.sum_wd, made.critical_wd, made.works_permit_wd) == (111, 44, 30)
    assert (made.material_slots, len(made.materials)) == (slots, 33)
    assert made.critical_path == PATH


def test_only_the_filing_can_start_before_land_is_won() -> None:
    dated = {line.item for line in plan().lines if line.planned_start}

    after_filing = {"S1-01", "S1-07", "S1-09", "S1-11", "S3-03", "S3-10", "S3-12", "S4-09"}
    assert dated == after_filing
    assert [line.item for line in plan().lines if line.earliest_start == 0] == [
        "S1-01",
        "S1-04",
    ]


def test_once_land_is_won_everything_up_to_the_permit_has_a_date() -> None:
    made = plan(MS_LAND=MONDAY)

    assert made.line("S3-08").planned_finish == date(2026, 4, 14)
    assert CALENDAR.working_days_between(MONDAY, date(2026, 4, 14)) == 30
    assert made.line("S4-07").planned_start is None


def test_construction_itself_is_on_nobodys_clock() -> None:
    started = plan(MS_LAND=MONDAY, MS_START=date(2026, 4, 20))
    done = plan(MS_LAND=MONDAY, MS_START=date(2026, 4, 20), MS_DONE=date(2026, 11, 2))

    assert started.line("S4-07").planned_finish is None
    assert done.line("S4-07").planned_start == date(2026, 11, 2)
    assert done.line("S4-11").planned_finish == date(2026, 11, 20)
    assert not done.line("S4-11").estimated
    assert done.critical_wd == 44


def test_a_date_in_a_year_not_announced_is_marked() -> None:
    made = plan(MS_LAND=MONDAY, MS_DONE=date(2026, 12, 20))

    assert made.line("S4-07").estimated
    assert made.line("S4-11").estimated
    assert not made.line("S4-05").estimated


def test_a_part_runs_inside_its_whole_and_adds_nothing() -> None:
    made = plan(HOUSING, MS_LAND=MONDAY)
    permit, quality = made.line("S3-08"), made.line("S3-04")

    assert quality.inside == "S3-08"
    assert (quality.earliest_start, quality.planned_start) == (
        permit.earliest_start,
        permit.planned_start,
    )
    assert quality.earliest_finish <= permit.earliest_finish
    assert not quality.on_critical_path


def test_every_line_has_one_owner_and_its_materials() -> None:
    line = plan().line("S1-05")

    assert line.owner == "自然资源"
    assert line.predecessors == ("S1-01", "S1-04")
    assert line.materials == ("M41", "M04", "M05", "M08")
    assert all(line.owner for line in plan().lines)


def test_a_line_with_slack_may_slip_and_one_without_may_not() -> None:
    made = plan()

    assert made.line("S2-02").on_critical_path
    assert made.line("S1-06").slack == 7
    assert {line.item for line in made.lines if line.on_critical_path} == set(PATH)


def test_the_other_review_of_equal_length_is_critical_too() -> None:
    assert plan(HOUSING).line("S3-02").on_critical_path


def test_an_approval_takes_the_place_of_a_filing() -> None:
    listed = plan(FACTORY.model_copy(update={"catalogue_listed": True}))

    assert listed.line("S1-05").predecessors == ("S1-02", "S1-04")
    assert listed.line("S1-02").predecessors == ("S1-03",)


def test_a_plan_that_begins_on_a_holiday_begins_on_the_next_working_day() -> None:
    begun = plan(begins=date(2026, 2, 16)).line("S1-01")

    assert begun.planned_start == date(2026, 2, 24)
    assert begun.planned_finish == date(2026, 2, 25)


def test_a_milestone_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="MS-MOON"):
        plan(MS_MOON=MONDAY)


def test_no_items_make_an_empty_plan() -> None:
    made = make_plan(CATALOGUE, (), MONDAY, CALENDAR)

    assert (made.lines, made.critical_path, made.critical_wd) == ((), (), 0)
    assert made.works_permit_wd is None


@given(st.sets(st.sampled_from([item.id for item in CATALOGUE.items])))
def test_nothing_starts_before_what_it_waits_for(ids: set[str]) -> None:
    items = [item for item in CATALOGUE.items if item.id in ids]
    dates = {"MS-LAND": MONDAY, "MS-START": date(2026, 5, 6), "MS-DONE": date(2026, 9, 1)}

    made = make_plan(CATALOGUE, items, MONDAY, CALENDAR, dates)

    assert len(made.lines) == len(items)
    assert made.critical_wd <= made.sum_wd
    for line in made.lines:
        assert line.planned_start is not None
        assert line.planned_finish is not None
        for earlier in line.predecessors:
            if earlier in ids and not made.line(earlier).inside:
                finish = made.line(earlier).planned_finish
                assert finish is not None
                assert finish <= line.planned_start
                assert made.line(earlier).earliest_finish <= line.earliest_start


def test_what_is_not_done_yet_starts_today_or_later() -> None:
    late = Actual(date(2026, 3, 9))
    made = make_plan(CATALOGUE, CATALOGUE.items_for(FACTORY), MONDAY, CALENDAR, {}, late)

    assert made.line("S1-01").planned_start == date(2026, 3, 9)
    assert made.critical_wd == 44


def test_what_is_done_has_its_own_day_and_frees_its_successors() -> None:
    done = Actual(date(2026, 3, 9), {"S1-01": date(2026, 3, 4), "S3-04": date(2026, 3, 5)})
    made = make_plan(CATALOGUE, CATALOGUE.items_for(FACTORY), MONDAY, CALENDAR, {}, done)

    assert made.line("S1-01").planned_finish == date(2026, 3, 4)
    assert made.line("S1-07").planned_start == date(2026, 3, 9)
    assert made.line("S3-04").planned_finish == date(2026, 3, 5)

"""Making the plan when the scope is fixed, and making it anew when things go otherwise."""

from dataclasses import replace
from datetime import date

from contracts.event import Event
from contracts.supervision import (
    ItemReady,
    ItemReceived,
    ItemSubmitted,
    MilestoneDated,
    PlanMade,
    PlanRevised,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AcceptItem,
    AmendScope,
    ArrangePlan,
    DateMilestone,
    DecideItem,
    FollowCalendar,
    NoteMaterials,
    RevisePlan,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.planning import owner_of
from services.supervision.domain.progress import told
from shared.command import Command
from tests.unit.supervision.examples import (
    CALENDAR,
    CATALOGUE,
    FILING,
    GRANT,
    LAND_PERMIT,
    MONDAY,
    PACK,
    SCOPE,
    agents_facts,
    approvers_facts,
    by_itself,
    given,
    licence_accepted,
    on,
    planned,
    ready,
    text,
)

GRANT_FILED = (
    ItemSubmitted(item=GRANT, body="depts", filed_by="agent", submitted_on=MONDAY),
    ItemReceived(item=GRANT, body="depts", received_on=MONDAY),
)


def revised(*history: Event, command: Command, facts: Facts = by_itself) -> PlanRevised:
    events = DECIDER.decide(command, given(*history).state(), facts)
    (found,) = [event for event in events if isinstance(event, PlanRevised)]
    return found


def test_a_fixed_scope_gets_a_plan_in_the_order_of_the_catalogue() -> None:
    given().when(ArrangePlan(items=tuple(reversed(SCOPE))), by_itself).then(planned)


def test_each_line_has_one_owner_its_days_and_its_materials() -> None:
    assert isinstance(planned, PlanMade)
    filing = planned.lines[0]

    assert (filing.owner, filing.working_days) == ("depts", 1)
    assert (filing.starts_on, filing.due_on) == (MONDAY, date(2026, 3, 3))
    assert filing.materials == ("M41", "M01")
    assert not filing.estimated


def test_the_plan_names_the_defaults_it_rests_on() -> None:
    assert isinstance(planned, PlanMade)
    assert planned.defaults == ("catalogue", "clocks.calendar", "clocks.overlays")


def test_the_plan_says_what_parallel_work_is_worth() -> None:
    assert isinstance(planned, PlanMade)
    assert (planned.serial_days, planned.critical_days) == (9, 8)


def test_the_units_own_acts_are_owned_by_the_unit() -> None:
    assert owner_of(CATALOGUE.item("S4-10"), PACK) == "applicant"


def test_the_same_scope_again_makes_no_new_plan() -> None:
    given(planned).when(ArrangePlan(items=SCOPE), by_itself).then_nothing()


def test_a_scope_without_items_makes_no_plan() -> None:
    given().when(ArrangePlan(items=()), by_itself).then_nothing()


def test_items_of_another_catalogue_are_passed_over() -> None:
    given().when(ArrangePlan(items=("X9-99",)), by_itself).then_nothing()


def test_an_amended_scope_makes_the_plan_anew() -> None:
    found = revised(planned, command=AmendScope(added=("S1-06",), removed=(FILING,)))

    assert (found.plan, found.replaces, found.cause) == (2, 1, "scope_changed")
    assert [line.item for line in found.lines] == [GRANT, LAND_PERMIT, "S1-06"]


def test_an_amendment_that_changes_nothing_is_quiet() -> None:
    given(planned).when(AmendScope(added=(FILING,)), by_itself).then_nothing()


def test_a_reached_milestone_dates_what_waited_and_opens_it() -> None:
    state = given(planned, ready).state()
    dated, plan, opened, said = DECIDER.decide(
        DateMilestone(milestone="MS-LAND", falls_on=MONDAY, reached=True), state, agents_facts
    )

    assert dated == MilestoneDated(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    assert isinstance(plan, PlanRevised)
    assert plan.cause == "milestone_dated"
    assert plan.forecast_on == date(2026, 3, 12)
    assert opened == ItemReady(item=GRANT, after=("MS-LAND",), ready_on=MONDAY)
    assert said == told(agents_facts, [GRANT], "ready")


def test_an_expected_milestone_moves_the_plan_and_opens_nothing() -> None:
    state = given(planned).state()
    facts = replace(agents_facts, engagement=None)
    events = DECIDER.decide(
        DateMilestone(milestone="MS-LAND", falls_on=date(2026, 4, 1)), state, facts
    )

    assert [type(event) for event in events] == [MilestoneDated, PlanRevised]


def test_a_milestone_dated_twice_the_same_is_quiet() -> None:
    dated = MilestoneDated(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    again = DateMilestone(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    given(planned, dated).when(again).then_nothing()


def test_a_milestone_nobody_knows_is_refused() -> None:
    given(planned).when(DateMilestone(milestone="MS-MOON", falls_on=MONDAY)).then_refused(
        "milestone_unknown"
    )


def test_a_milestone_cannot_be_reached_in_the_future() -> None:
    ahead = DateMilestone(milestone="MS-LAND", falls_on=date(2026, 4, 1), reached=True)
    given(planned).when(ahead).then_refused("not_reached_yet")


def test_a_late_plan_is_made_anew_with_the_reason() -> None:
    late = on(date(2026, 3, 9))
    asked = RevisePlan(cause="materials_late", items=(FILING,), explanation=text("材料晚到"))
    found = revised(planned, command=asked, facts=late)

    assert found.lines[0].starts_on == date(2026, 3, 9)
    assert found.lines[0].due_on == date(2026, 3, 10)
    assert found.explanation == text("材料晚到")


def test_no_plan_cannot_be_revised() -> None:
    asked = RevisePlan(cause="item_late", explanation=text("晚"))
    given().when(asked).then_refused("no_plan_yet")


def test_the_forecast_of_an_accepted_item_is_its_promise() -> None:
    asked = RevisePlan(cause="item_early", explanation=text("已受理"))
    found = revised(planned, *licence_accepted(), command=asked)

    assert found.lines[2].due_on == date(2026, 3, 5)


def test_an_announced_calendar_makes_estimated_days_certain() -> None:
    newer = replace(CALENDAR, edition="cn-national@ffffffffffffffff")
    found = revised(planned, command=FollowCalendar(), facts=replace(by_itself, calendar=newer))

    assert (found.cause, found.calendar) == ("calendar_announced", newer.edition)


def test_the_same_calendar_changes_nothing() -> None:
    given(planned).when(FollowCalendar(), by_itself).then_nothing()


def test_an_item_is_ready_when_its_own_predecessors_are_done_not_its_stage() -> None:
    given(planned).when(NoteMaterials(items=(FILING,)), by_itself).then(
        ItemReady(item=FILING, ready_on=MONDAY), told(by_itself, [FILING], "ready")
    )


def test_whole_papers_wait_for_open_predecessors() -> None:
    given(planned).when(NoteMaterials(items=(LAND_PERMIT,)), by_itself).then_nothing()


def test_a_ready_item_is_not_ready_twice() -> None:
    given(planned, ready).when(NoteMaterials(items=(FILING,)), by_itself).then_nothing()


def test_a_promise_beyond_the_planned_day_moves_what_comes_after() -> None:
    land = DateMilestone(milestone="MS-LAND", falls_on=MONDAY, reached=True)
    state = given(planned).state()
    dated = DECIDER.decide(land, state, replace(agents_facts, engagement=None))
    late = on(date(2026, 3, 20), approvers_facts)
    history = (planned, *dated, *GRANT_FILED)
    found = revised(*history, command=AcceptItem(item=GRANT), facts=late)

    assert (found.cause, found.items) == ("item_late", (GRANT,))
    assert found.variance_days == 14


def test_what_goes_as_planned_makes_no_new_plan() -> None:
    state = given(planned, ready, *licence_accepted()).state()
    decided = DecideItem(item=LAND_PERMIT, outcome="approved")
    events = DECIDER.decide(decided, state, approvers_facts)

    assert not [event for event in events if isinstance(event, PlanRevised)]

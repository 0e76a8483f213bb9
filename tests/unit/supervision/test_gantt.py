"""The plan beside what happened: figures of the catalogue, ranges, causes that add up, a drawing."""

from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemDecided,
    ItemReceived,
    ItemSubmitted,
    MilestoneDated,
    PlanMade,
    PlanRevised,
    TrackedItemNoted,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AmendScope,
    ArrangePlan,
    DateMilestone,
    NoteTrackedItem,
    RevisePlan,
)
from services.supervision.domain.drawing import draw
from services.supervision.domain.gantt import blocker_of, explained, gantt_of, variance_of
from services.supervision.domain.state import INITIAL
from tests.unit.contracts.projects import FACTORY, HOUSING
from tests.unit.supervision.examples import (
    CALENDAR,
    CATALOGUE,
    FILING,
    GRANT,
    LAND_PERMIT,
    MONDAY,
    SCOPE,
    agents_facts,
    by_itself,
    given,
    licence_decided,
    on,
    planned,
    ready,
    text,
)

land = MilestoneDated(milestone="MS-LAND", falls_on=MONDAY, reached=True)


def arranged(facts: Any, *kinds: str) -> PlanMade:
    """The plan of a whole project whose items of these kinds are not served."""
    items = CATALOGUE.items_for(facts)
    beside = tuple(item.id for item in items if item.kind in kinds)
    served = tuple(item.id for item in items if item.kind not in kinds)
    (made,) = DECIDER.decide(ArrangePlan(items=served, beside=beside), INITIAL, by_itself)
    assert isinstance(made, PlanMade)
    return made


def shown(*history: Event, day: date = MONDAY) -> dict[str, Any]:
    found = gantt_of(given(*history).state(), on(day))
    assert found is not None
    return found


def line(found: dict[str, Any], item: str) -> dict[str, Any]:
    (one,) = [one for one in found["lines"] if one["item"] == item]
    return dict(one)


@pytest.mark.parametrize(
    ("facts", "lines", "tracked"),
    [(FACTORY, 27, 4), (HOUSING, 30, 4)],
    ids=["factory", "housing"],
)
def test_what_is_only_followed_stands_on_the_same_plan_and_gives_the_known_figures(
    facts: Any, lines: int, tracked: int
) -> None:
    made = arranged(facts, "utility", "self")

    assert (made.serial_days, made.critical_days, made.permit_day) == (111, 44, 30)
    assert len(made.lines) == lines
    assert sum(one.tracked for one in made.lines) == tracked


def test_what_the_unit_keeps_to_itself_of_approvals_is_not_followed() -> None:
    asked = ArrangePlan(items=(FILING,), beside=(GRANT, LAND_PERMIT))
    (made,) = DECIDER.decide(asked, INITIAL, by_itself)
    assert isinstance(made, PlanMade)
    assert [one.item for one in made.lines] == [FILING]


def test_utilities_of_a_stage_that_is_not_served_are_not_followed() -> None:
    (made,) = DECIDER.decide(
        ArrangePlan(items=(FILING,), beside=("S3-12", "S4-10")), INITIAL, by_itself
    )
    assert isinstance(made, PlanMade)
    assert not any(one.tracked for one in made.lines)


followed = DECIDER.decide(
    ArrangePlan(items=(FILING, "S3-03"), beside=("S3-12",)), INITIAL, by_itself
)


def test_a_followed_item_is_no_item_of_the_service() -> None:
    state = given(*followed).state()
    assert state.scope() == (FILING, "S3-03")
    assert "S3-12" not in state.open_items()
    note = NoteTrackedItem(item=FILING, finished_on=MONDAY)
    given(*followed).when(note).then_refused("not_a_tracked_item")


def test_a_followed_item_is_noted_once_and_in_order() -> None:
    note = NoteTrackedItem(item="S3-12", started_on=MONDAY, finished_on=date(2026, 3, 20))
    late = on(date(2026, 3, 20))
    noted = DECIDER.decide(note, given(*followed).state(), late)
    assert noted[0] == TrackedItemNoted(
        item="S3-12", started_on=MONDAY, finished_on=date(2026, 3, 20)
    )
    given(*followed, *noted).when(note, late).then_nothing()
    given(*followed).when(note).then_refused("not_reached_yet")
    backwards = NoteTrackedItem(item="S3-12", started_on=MONDAY, finished_on=date(2026, 2, 2))
    given(*followed).when(backwards).then_refused("finished_before_it_began")


def test_a_followed_item_that_joins_the_service_is_served() -> None:
    history = (*followed,)
    (revised,) = DECIDER.decide(
        AmendScope(added=("S3-12",)), given(*history).state(), by_itself
    )
    assert isinstance(revised, PlanRevised)
    assert not any(one.tracked for one in revised.lines)


def test_each_line_has_a_range_from_what_is_promised_to_what_the_law_allows() -> None:
    found = shown(planned, *DECIDER.decide(
        DateMilestone(milestone="MS-LAND", falls_on=MONDAY), given(planned).state(), by_itself
    ))  # fmt: skip
    permit = line(found, LAND_PERMIT)["planned"]

    assert permit["to"] == "2026-03-12"
    assert permit["latest"] == CALENDAR.add_working_days(date(2026, 3, 9), 20).date.isoformat()
    assert found["latest_on"] == permit["latest"]


def test_no_range_ends_before_its_promise() -> None:
    made = arranged(HOUSING)
    dated = DECIDER.decide(
        DateMilestone(milestone="MS-LAND", falls_on=MONDAY), given(made).state(), by_itself
    )
    found = shown(made, *dated)
    both = [one["planned"] for one in found["lines"] if one["planned"]["to"]]
    assert both
    assert all(one["latest"] >= one["to"] for one in both)


def late_history(decided: date) -> tuple[Event, ...]:
    """The land permit, filed two days late, corrected for three, decided on `decided`."""
    return (
        planned,
        land,
        PlanRevised(
            plan=2,
            replaces=1,
            cause="milestone_dated",
            **{
                k: v
                for k, v in _replanned().items()
                if k not in ("type", "plan", "replaces", "cause", "explanation")
            },
        ),
        ItemSubmitted(
            item=LAND_PERMIT, body="depts", filed_by="agent", submitted_on=date(2026, 3, 11)
        ),
        ItemReceived(item=LAND_PERMIT, body="depts", received_on=date(2026, 3, 11)),
        CorrectionRequested(
            item=LAND_PERMIT,
            round=1,
            requested_on=date(2026, 3, 12),
            materials=("M08",),
            demands=text("补图"),
        ),
        CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=date(2026, 3, 17)),
        ItemAccepted(
            item=LAND_PERMIT,
            accepted_on=date(2026, 3, 17),
            calendar=CALENDAR.edition,
            commitment_due_on=date(2026, 3, 20),
        ),
        ItemDecided(item=LAND_PERMIT, outcome="approved", decided_on=decided, body="depts"),
    )


def _replanned() -> dict[str, Any]:
    dated = DECIDER.decide(
        DateMilestone(milestone="MS-LAND", falls_on=MONDAY), given(planned).state(), by_itself
    )
    (revised,) = [event for event in dated if isinstance(event, PlanRevised)]
    return {name: getattr(revised, name) for name in type(revised).model_fields}


def test_a_variance_is_explained_by_its_causes() -> None:
    found = line(shown(*late_history(date(2026, 3, 24)), day=date(2026, 3, 24)), LAND_PERMIT)

    assert found["first"] == {"from": "2026-03-09", "to": "2026-03-12"}
    assert found["variance_days"] == 8
    assert {one["cause"]: one["days"] for one in found["variance"]} == {
        "start": 2,
        "applicant": 3,
        "body": 3,
    }


@for_all(days=st.integers(0, 60))
def test_the_causes_always_add_up(days: int) -> None:
    decided = CALENDAR.add_working_days(date(2026, 3, 17), days).date
    state = given(*late_history(decided)).state()
    assert state.plan is not None
    found = variance_of(state.plan, state.plan.lines[LAND_PERMIT], state, on(decided))
    assert found is not None
    assert sum(one.days for one in found.causes) == found.days


def test_a_line_without_a_first_day_has_no_variance() -> None:
    assert line(shown(planned), GRANT)["variance_days"] is None


def test_each_revision_stands_with_its_cause() -> None:
    asked = RevisePlan(cause="materials_late", items=(FILING,), explanation=text("材料晚到"))
    events = DECIDER.decide(asked, given(planned).state(), on(date(2026, 3, 9)))
    (revision,) = shown(planned, *events, day=date(2026, 3, 9))["revisions"]
    assert (revision["number"], revision["cause"], revision["items"]) == (
        2,
        "materials_late",
        [FILING],
    )


def test_the_one_step_that_everything_waits_for_is_named() -> None:
    waiting = blocker_of(given(planned).state(), agents_facts)
    assert waiting == {
        "item": GRANT,
        "state": "waiting",
        "waits_for": ["MS-LAND"],
        "owner": "depts",
    }
    won = blocker_of(given(planned, land).state(), agents_facts)
    assert won is not None
    assert (won["item"], won["waits_for"]) == (GRANT, [])


def test_the_ready_set_says_what_could_be_filed_now() -> None:
    found = shown(planned, ready, land)
    assert found["ready_set"] == [
        {"item": FILING, "refused": None},
        {"item": GRANT, "refused": None},
    ]


def test_no_plan_has_no_chart() -> None:
    assert gantt_of(INITIAL, agents_facts) is None


def test_the_drawing_is_well_formed_and_the_same_each_time() -> None:
    found = shown(*late_history(date(2026, 3, 24)), day=date(2026, 3, 24))
    drawn = draw(found)

    assert drawn == draw(found)
    root = ElementTree.fromstring(drawn)
    ids = {part.get("id") for part in root.iter() if part.get("id")}
    assert ids == set(SCOPE)
    assert "script" not in drawn
    assert "企业投资项目备案" in drawn
    assert "today" in draw(found, "en")


def test_a_plan_of_every_item_can_be_drawn() -> None:
    made = arranged(FACTORY, "utility", "self")
    drawn = draw(shown(made))
    ElementTree.fromstring(drawn)
    assert 'class="k"' in drawn


def test_the_terminal_shows_the_same() -> None:
    found = shown(planned, *licence_decided())
    lines = list(explained(found))
    assert any(FILING in one for one in lines)
    assert any("✓" in one for one in lines)
    assert "saved" in next(explained(found, english=True))


def test_who_reads_does_not_change_the_dates() -> None:
    state = given(planned, land).state()
    agent = gantt_of(state, agents_facts)
    other = gantt_of(state, replace(agents_facts, actor="p:other", roles=frozenset({"office"})))
    assert agent is not None
    assert other is not None
    assert agent["lines"] == other["lines"]

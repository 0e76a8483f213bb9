"""One action files everything that is ready, and one item that cannot be filed holds up no other."""

from dataclasses import replace

from contracts.supervision import ItemSubmitted, MilestoneDated, ProgressReported
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import SubmitReady
from services.supervision.domain.submitting import ready_set, why_not
from tests.unit.supervision.examples import (
    FILING,
    GRANT,
    LAND_PERMIT,
    MONDAY,
    SCOPE,
    agency,
    agents_facts,
    assistance,
    commission,
    given,
    planned,
    ready,
    submitted,
    units_facts,
)

land = MilestoneDated(milestone="MS-LAND", falls_on=MONDAY, reached=True)
file_all = SubmitReady()


def filed(events: object) -> list[str]:
    assert isinstance(events, list)
    return [event.item for event in events if isinstance(event, ItemSubmitted)]


def test_all_that_is_ready_is_filed_at_once_and_the_unit_is_told_once() -> None:
    events = DECIDER.decide(file_all, given(planned, land).state(), agents_facts)

    assert filed(events) == [FILING, GRANT]
    (said,) = [event for event in events if isinstance(event, ProgressReported)]
    assert said.items == (FILING, GRANT)


def test_the_ready_set_waits_for_nothing_but_to_be_filed() -> None:
    assert ready_set(given(planned, land).state(), agents_facts) == (FILING, GRANT)
    assert LAND_PERMIT not in ready_set(given(planned, ready).state(), agents_facts)


def test_only_the_chosen_items_are_filed() -> None:
    chosen = SubmitReady(items=(GRANT, LAND_PERMIT))
    events = DECIDER.decide(chosen, given(planned, land).state(), agents_facts)

    assert filed(events) == [GRANT]


def test_one_that_cannot_be_filed_holds_up_no_other() -> None:
    unconfirmed = agency.model_copy(update={"confirmed_forms": {}})
    facts = replace(agents_facts, engagement=unconfirmed)
    state = given(planned, land).state()

    assert filed(DECIDER.decide(file_all, state, facts)) == [GRANT]
    assert dict(why_not(state, facts)) == {FILING: "form_not_confirmed", GRANT: None}


def test_when_none_can_be_filed_each_reason_is_named() -> None:
    ended = agency.model_copy(update={"commission": None})
    facts = replace(agents_facts, engagement=ended)
    details = given(planned, land).when(file_all, facts).then_refused("nothing_could_be_filed")

    assert {item: one["code"] for item, one in details["items"].items()} == {
        FILING: "no_commission",
        GRANT: "no_commission",
    }


def test_in_assistance_the_unit_presses_the_button_not_the_staff() -> None:
    state = given(planned, land).state()
    assert filed(DECIDER.decide(file_all, state, units_facts)) == [FILING, GRANT]
    staff = replace(agents_facts, engagement=assistance)
    given(planned, land).when(file_all, staff).then_refused("nothing_could_be_filed")


def test_another_person_than_the_one_commissioned_files_nothing() -> None:
    named = commission.model_copy(update={"agent": "p:00000000-0000-7000-8000-000000000099"})
    other = agency.model_copy(update={"commission": named})
    team = agents_facts.team.model_copy(update={"agents": (named.agent, agents_facts.actor)})
    facts = replace(agents_facts, engagement=other, team=team)
    details = given(planned, land).when(file_all, facts).then_refused("nothing_could_be_filed")

    assert {one["code"] for one in details["items"].values()} == {"not_the_commissioned_agent"}


def test_pressed_twice_it_is_quiet() -> None:
    events = DECIDER.decide(file_all, given(planned, land).state(), agents_facts)
    given(planned, land, *events).when(file_all).then_nothing()
    given(planned, submitted).when(SubmitReady(items=SCOPE[:1])).then_nothing()


def test_an_item_that_is_not_served_is_refused() -> None:
    given(planned).when(SubmitReady(items=("S3-08",))).then_refused("item_not_in_scope")

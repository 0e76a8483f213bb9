"""What can be done with a matter now, and why the rest cannot."""

from functools import reduce
from typing import Any

from contracts.event import Event
from services.supervision.domain.facts import Facts
from services.supervision.domain.possible import (
    ABOUT_ITEMS,
    ABOUT_MATTERS,
    item_acts,
    matter_acts,
)
from services.supervision.domain.state import INITIAL, evolve
from tests.unit.supervision.examples import (
    FILING,
    LAND_PERMIT,
    agents_facts,
    approvers_facts,
    licence_accepted,
    planned,
    ready,
    units_facts,
)


def acts(*history: Event, facts: Facts = agents_facts) -> dict[tuple[str, str], dict[str, Any]]:
    matter = reduce(evolve, history, INITIAL)
    return {(a["command"], a["item"]): a for a in item_acts(matter, facts, ABOUT_ITEMS)}


def test_what_is_ready_can_be_filed_and_nothing_can_be_fetched_yet() -> None:
    found = acts(planned, ready)
    assert found["SubmitItem", FILING]["can"]
    fetched = found["CollectResult", FILING]
    assert (fetched["can"], fetched["why_not"]) == (False, "not_in_this_state")
    assert fetched["details"]["state"] == "ready"


def test_a_department_may_decide_what_it_accepted_and_say_that_time_does_not_count() -> None:
    found = acts(planned, *licence_accepted(), facts=approvers_facts)
    assert found["DecideItem", LAND_PERMIT]["can"]
    assert found["StartSpecialProcedure", LAND_PERMIT]["needs"] == "suspension_without_notice"
    assert found["SupplementPause", LAND_PERMIT]["needs"] == "suspension_without_notice"
    assert found["SupplementPause", FILING]["why_not"] == "not_in_this_state"
    assert found["AcceptItem", LAND_PERMIT]["why_not"] == "done_already"


def test_the_reason_is_the_one_that_the_command_itself_would_be_refused_with() -> None:
    waits = acts(planned)["SubmitItem", LAND_PERMIT]
    assert (waits["can"], waits["why_not"]) == (False, "predecessors_open")
    assert waits["details"]["waits_for"] and waits["details"]["remedy"]
    by_unit = acts(planned, ready, facts=units_facts)["SubmitItem", FILING]
    assert by_unit["can"]


def test_nothing_is_done_about_a_thing_that_is_not_there() -> None:
    matter = reduce(evolve, (planned,), INITIAL)
    found = {a["command"]: a for a in matter_acts(matter, ABOUT_MATTERS)}
    assert found["PayFee"]["why_not"] == "nothing_there" and found["LogWork"]["can"]

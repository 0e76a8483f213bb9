"""Filing an item: who may, with which papers, in which order."""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.supervision import ItemReady, ItemRefused, ItemSubmitted, WorkLogged
from contracts.vocabulary import Reliance
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import SubmitItem
from services.supervision.domain.facts import Facts
from services.supervision.domain.progress import told
from tests.unit.supervision.examples import (
    DEED,
    FILING,
    GRANT,
    HELPER,
    LAND_PERMIT,
    MONDAY,
    SURVEY,
    UNIT,
    agency,
    agents_facts,
    assistance,
    commission,
    given,
    on,
    planned,
    ready,
    received,
    submitted,
    text,
    units_facts,
)

file_it = SubmitItem(item=FILING)
relied = (Reliance(store="intake", position=412), Reliance(store="assignment", position=98))


def with_commission(**changes: Any) -> Facts:
    changed = agency.model_copy(update={"commission": commission.model_copy(update=changes)})
    return replace(agents_facts, engagement=changed)


def test_the_agent_files_what_is_ready_under_the_commission() -> None:
    given(planned, ready).when(file_it).then(
        ItemSubmitted(
            item=FILING,
            body="depts",
            filed_by="agent",
            submitted_on=MONDAY,
            served_by="park_i",
            confirmed_draft=1,
            relied_on=relied,
        ),
        told(agents_facts, [FILING], "submitted"),
    )


def test_papers_that_intake_calls_whole_make_a_waiting_item_ready_first() -> None:
    events = DECIDER.decide(file_it, given(planned).state(), agents_facts)

    assert events[0] == ItemReady(item=FILING, ready_on=MONDAY)
    assert isinstance(events[1], ItemSubmitted)


def test_the_papers_of_the_item_go_with_it() -> None:
    facts = replace(agents_facts, engagement=agency)
    asked = SubmitItem(item=LAND_PERMIT, explanation=text("容缺先报"))
    (_, filed, _) = DECIDER.decide(asked, given(planned).state(), facts)

    assert isinstance(filed, ItemSubmitted)
    assert filed.pieces == (DEED, SURVEY)


def test_the_unit_files_for_itself_in_assistance() -> None:
    (_, filed, _) = DECIDER.decide(file_it, given(planned).state(), units_facts)

    assert isinstance(filed, ItemSubmitted)
    assert filed.filed_by == "applicant"


def test_in_assistance_staff_may_not_file_and_is_told_why() -> None:
    facts = replace(
        units_facts, actor=HELPER, roles=frozenset({"helper"}), engagement=assistance
    )
    details = given(planned, ready).when(file_it, facts).then_refused("mode_forbids")

    assert details["rule"] == "modes.assist.filed_by"
    assert "项目单位自行申报" in details["remedy"]


def test_in_agency_the_unit_may_say_that_it_filed_by_itself() -> None:
    """YY-48: it goes to the window and tells its helper at the same time."""
    facts = replace(agents_facts, actor=UNIT, roles=frozenset({"applicant_lead"}))
    filed, _ = DECIDER.decide(file_it, given(planned, ready).state(), facts)

    assert isinstance(filed, ItemSubmitted) and filed.filed_by == "applicant"
    given(planned, ready, filed).when(file_it, facts).then_nothing()
    given(planned, ready, filed).when(file_it).then_nothing()


def test_without_a_mode_nobody_files_for_the_unit() -> None:
    none = agency.model_copy(update={"mode": "none", "commission": None})
    facts = replace(agents_facts, engagement=none)
    given(planned, ready).when(file_it, facts).then_refused("mode_forbids")


def test_one_minute_after_the_agreement_ended_nothing_is_filed() -> None:
    ended = agency.model_copy(update={"commission": None})
    facts = replace(agents_facts, engagement=ended)
    details = given(planned, ready).when(file_it, facts).then_refused("no_commission")

    assert details["rule"] == "modes.agent.papers.commission_written"


def test_a_commission_that_is_over_covers_nothing() -> None:
    over = with_commission(ends_on=date(2026, 3, 1))
    given(planned, ready).when(file_it, over).then_refused("commission_not_in_force")


def test_a_commission_that_begins_later_covers_nothing_yet() -> None:
    early = with_commission(begins_on=date(2026, 3, 3))
    given(planned, ready).when(file_it, early).then_refused("commission_not_in_force")


def test_an_item_outside_the_commission_is_refused() -> None:
    other = with_commission(items=(GRANT,))
    given(planned, ready).when(file_it, other).then_refused("item_not_commissioned")


def test_a_power_that_was_not_given_is_refused() -> None:
    weak = with_commission(powers=("collect",))
    given(planned, ready).when(file_it, weak).then_refused("power_not_given")


def test_a_second_hat_as_approver_does_not_free_the_agent_of_the_commission() -> None:
    ended = agency.model_copy(update={"commission": None})
    both = replace(agents_facts, engagement=ended, roles=frozenset({"agent", "approver"}))
    given(planned, ready).when(file_it, both).then_refused("no_commission")


def test_papers_must_be_whole() -> None:
    lacking = agency.model_copy(update={"complete_items": frozenset()})
    facts = replace(agents_facts, engagement=lacking)
    given(planned).when(file_it, facts).then_refused("materials_incomplete")


def test_a_form_the_unit_has_not_confirmed_is_not_filed() -> None:
    unconfirmed = agency.model_copy(update={"confirmed_forms": {}})
    facts = replace(agents_facts, engagement=unconfirmed)
    given(planned, ready).when(file_it, facts).then_refused("form_not_confirmed")


def test_an_item_before_its_predecessors_is_refused() -> None:
    details = (
        given(planned).when(SubmitItem(item=LAND_PERMIT)).then_refused("predecessors_open")
    )

    assert details["waits_for"] == [FILING, GRANT]


def test_out_of_order_is_possible_when_it_is_explained() -> None:
    asked = SubmitItem(item=LAND_PERMIT, explanation=text("部门同意容缺"))
    events = DECIDER.decide(asked, given(planned).state(), agents_facts)

    assert events[0] == WorkLogged(
        kind="note", items=(LAND_PERMIT,), entry=text("部门同意容缺")
    )


def test_an_item_outside_the_service_is_refused() -> None:
    given(planned).when(SubmitItem(item="S3-08")).then_refused("item_not_in_scope")


def test_filing_twice_is_quiet() -> None:
    given(planned, submitted).when(file_it).then_nothing()
    given(planned, submitted, received).when(file_it).then_nothing()


def test_what_was_not_accepted_may_be_filed_again() -> None:
    refused = ItemRefused(
        item=FILING, kind="not_accepted", refused_on=MONDAY, reason=text("缺件")
    )
    state = given(planned, submitted, refused).state()
    (filed, _) = DECIDER.decide(file_it, state, agents_facts)

    assert isinstance(filed, ItemSubmitted)


def test_a_day_before_the_last_step_is_refused() -> None:
    late = ItemReady(item=FILING, ready_on=date(2026, 3, 4))
    given(planned, late).when(file_it, on(date(2026, 3, 3))).then_refused(
        "before_the_last_step"
    )

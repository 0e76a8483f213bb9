"""One notice of everything that is missing, in time, and what is handed in on it."""

from dataclasses import replace
from datetime import date

from contracts.event import Personal
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    PlanRevised,
)
from contracts.vocabulary import Document
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    RequestCorrection,
    SupplyCorrection,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.progress import told
from tests.unit.supervision.examples import (
    CALENDAR,
    LAND_PERMIT,
    MONDAY,
    agents_facts,
    approvers_facts,
    given,
    licence_accepted,
    licence_received,
    on,
    planned,
    text,
)

FRIDAY = date(2026, 3, 6)
MONDAY_AFTER = date(2026, 3, 9)
TUESDAY_AFTER = date(2026, 3, 10)


PAPER: Document = {
    "sha256": "a" * 64,
    "size": 1024,
    "media_type": "application/pdf",
    "name": "文书.pdf",
}


def at(day: date) -> Facts:
    return on(day, approvers_facts)


ask_more = RequestCorrection(
    item=LAND_PERMIT, materials=("M08",), due_on=FRIDAY, demands=text("补测绘图")
)


def test_one_notice_names_everything() -> None:
    given(planned, *licence_received()).when(ask_more, approvers_facts).then(
        CorrectionRequested(
            item=LAND_PERMIT,
            round=1,
            requested_on=MONDAY,
            materials=("M08",),
            due_on=FRIDAY,
            demands=text("补测绘图"),
        ),
        told(approvers_facts, [LAND_PERMIT], "correcting"),
    )


def test_a_second_notice_is_counted() -> None:
    first = CorrectionRequested(
        item=LAND_PERMIT, round=1, requested_on=MONDAY, materials=(), demands=text("甲")
    )
    back = CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=MONDAY)
    state = given(planned, *licence_received(), first, back).state()
    (second, _) = DECIDER.decide(ask_more, state, approvers_facts)

    assert isinstance(second, CorrectionRequested)
    assert second.round == 2


def test_a_notice_on_the_fifth_working_day_is_in_time() -> None:
    events = DECIDER.decide(
        ask_more, given(planned, *licence_received()).state(), at(MONDAY_AFTER)
    )
    assert isinstance(events[0], CorrectionRequested)


def test_a_notice_after_five_days_is_refused_by_law() -> None:
    details = (
        given(planned, *licence_received())
        .when(ask_more, at(TUESDAY_AFTER))
        .then_refused("counts_as_accepted")
    )
    assert details["law"] == "行政许可法第三十二条"


def test_after_acceptance_no_more_papers_are_asked_for() -> None:
    given(planned, *licence_accepted()).when(ask_more, approvers_facts).then_refused(
        "not_in_this_state"
    )


def test_a_notice_given_in_time_but_entered_late_undoes_acceptance_by_silence() -> None:
    deemed = ItemAccepted(
        item=LAND_PERMIT, deemed=True, accepted_on=MONDAY, calendar=CALENDAR.edition
    )
    late_entry = replace(approvers_facts, today=TUESDAY_AFTER, on=FRIDAY)
    history = (planned, *licence_received(), deemed)
    given(*history).when(ask_more, late_entry).then_refused("proof_of_time_required")
    state = given(*history).state()
    proven = ask_more.model_copy(update={"notice": Personal(PAPER)})
    notice, _, replanned = DECIDER.decide(proven, state, late_entry)
    assert isinstance(replanned, PlanRevised)

    after = DECIDER.evolve(state, notice).items[LAND_PERMIT]
    assert (after.state, after.accepted_on) == ("correcting", None)


def test_asking_again_before_the_answer_is_quiet() -> None:
    first = CorrectionRequested(
        item=LAND_PERMIT, round=1, requested_on=MONDAY, materials=(), demands=text("甲")
    )
    given(planned, *licence_received(), first).when(ask_more, approvers_facts).then_nothing()


def test_what_was_asked_for_is_there() -> None:
    first = CorrectionRequested(
        item=LAND_PERMIT, round=1, requested_on=MONDAY, materials=(), demands=text("甲")
    )
    given(planned, *licence_received(), first).when(SupplyCorrection(item=LAND_PERMIT)).then(
        CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=MONDAY),
        told(agents_facts, [LAND_PERMIT], "received"),
    )


def test_nothing_is_supplied_that_nobody_asked_for() -> None:
    given(planned, *licence_received()).when(SupplyCorrection(item=LAND_PERMIT)).then_refused(
        "not_in_this_state"
    )

"""The approving body receives, accepts, keeps silent or refuses."""

from dataclasses import replace
from datetime import date

from contracts.event import Personal
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemReceived,
    ItemRefused,
    ItemSubmitted,
)
from contracts.vocabulary import Document
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AcceptItem,
    DeemAccepted,
    ReceiveItem,
    RefuseItem,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.progress import told
from tests.unit.supervision.examples import (
    CALENDAR,
    FILING,
    LAND_PERMIT,
    MONDAY,
    agents_facts,
    approvers_facts,
    by_itself,
    given,
    licence_accepted,
    licence_received,
    on,
    planned,
    received,
    submitted,
    text,
    units_facts,
)

DEFAULTS = ("catalogue", "clocks.calendar", "clocks.count_from")
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


def test_the_department_has_the_papers() -> None:
    given(planned, submitted).when(ReceiveItem(item=FILING), approvers_facts).then(
        ItemReceived(item=FILING, body="depts", received_on=MONDAY),
        told(approvers_facts, [FILING], "received"),
    )


def test_receipt_twice_is_quiet() -> None:
    given(planned, submitted, received).when(
        ReceiveItem(item=FILING), approvers_facts
    ).then_nothing()


def test_who_is_not_the_department_needs_its_word() -> None:
    given(planned, submitted).when(ReceiveItem(item=FILING)).then_refused("evidence_required")


def test_the_systems_word_is_enough() -> None:
    asked = ReceiveItem(item=FILING, system_state=1)
    (event, _) = DECIDER.decide(asked, given(planned, submitted).state(), agents_facts)

    assert isinstance(event, ItemReceived)


def test_the_system_tells_that_the_unit_filed_by_itself_in_assistance() -> None:
    asked = ReceiveItem(item=FILING, system_ref="GG-2026-000123", system_state=1)
    facts = replace(units_facts, roles=frozenset({"helper"}), actor=agents_facts.actor)
    filed, got, _ = DECIDER.decide(asked, given(planned).state(), facts)

    assert isinstance(filed, ItemSubmitted)
    assert filed.filed_by == "applicant"
    assert isinstance(got, ItemReceived)


def test_in_agency_nothing_is_received_that_was_not_filed() -> None:
    asked = ReceiveItem(item=FILING, system_ref="GG-2026-000123")
    given(planned).when(asked, approvers_facts).then_refused("not_submitted_yet")


def test_acceptance_starts_both_clocks() -> None:
    given(planned, *licence_received()).when(
        AcceptItem(item=LAND_PERMIT), approvers_facts
    ).then(
        ItemAccepted(
            item=LAND_PERMIT,
            accepted_on=MONDAY,
            calendar=CALENDAR.edition,
            statutory_due_on=date(2026, 3, 30),
            commitment_due_on=date(2026, 3, 5),
            defaults=DEFAULTS,
        ),
        told(approvers_facts, [LAND_PERMIT], "accepted", date(2026, 3, 5)),
    )


def test_acceptance_twice_is_quiet() -> None:
    given(planned, *licence_accepted()).when(
        AcceptItem(item=LAND_PERMIT), approvers_facts
    ).then_nothing()


def test_nothing_is_accepted_that_was_not_filed() -> None:
    given(planned).when(AcceptItem(item=LAND_PERMIT), approvers_facts).then_refused(
        "not_in_this_state"
    )


def deemed_acceptance() -> ItemAccepted:
    return ItemAccepted(
        item=LAND_PERMIT,
        deemed=True,
        accepted_on=MONDAY,
        calendar=CALENDAR.edition,
        statutory_due_on=date(2026, 3, 30),
        commitment_due_on=date(2026, 3, 5),
        rule="clocks.deemed_acceptance",
        defaults=DEFAULTS,
    )


def test_five_days_of_silence_count_as_acceptance_from_the_day_of_the_papers() -> None:
    facts = on(TUESDAY_AFTER, by_itself)
    given(planned, *licence_received()).when(DeemAccepted(item=LAND_PERMIT), facts).then(
        deemed_acceptance(),
        told(
            facts,
            [LAND_PERMIT],
            "accepted",
            date(2026, 3, 5),
            why="（行政许可法第三十二条，逾期未告知视为受理）",
        ),
    )


def test_on_the_fifth_day_silence_means_nothing_yet() -> None:
    given(planned, *licence_received()).when(
        DeemAccepted(item=LAND_PERMIT), on(MONDAY_AFTER, by_itself)
    ).then_nothing()


def test_silence_accepts_only_licences() -> None:
    given(planned, submitted, received).when(
        DeemAccepted(item=FILING), on(date(2026, 4, 1), by_itself)
    ).then_nothing()


def test_an_acceptance_said_too_late_is_the_laws_own() -> None:
    state = given(planned, *licence_received()).state()
    events = DECIDER.decide(AcceptItem(item=LAND_PERMIT), state, at(TUESDAY_AFTER))

    assert events[0] == deemed_acceptance()


def test_a_supplied_correction_starts_the_five_days_anew() -> None:
    first = CorrectionRequested(
        item=LAND_PERMIT, round=1, requested_on=FRIDAY, materials=(), demands=text("甲")
    )
    back = CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=MONDAY_AFTER)
    history = (planned, *licence_received(), first, back)
    silent = DeemAccepted(item=LAND_PERMIT)
    given(*history).when(silent, on(date(2026, 3, 16), by_itself)).then_nothing()
    (event, _) = DECIDER.decide(
        silent, given(*history).state(), on(date(2026, 3, 17), by_itself)
    )

    assert isinstance(event, ItemAccepted)
    assert event.accepted_on == MONDAY_AFTER


def test_an_acceptance_in_time_that_was_entered_late_replaces_the_laws() -> None:
    late_entry = replace(approvers_facts, today=TUESDAY_AFTER, on=FRIDAY)
    proven = AcceptItem(item=LAND_PERMIT, voucher=Personal(PAPER))
    state = given(planned, *licence_received(), deemed_acceptance()).state()
    (event, _) = DECIDER.decide(proven, state, late_entry)

    assert isinstance(event, ItemAccepted)
    assert (event.deemed, event.accepted_on) == (False, FRIDAY)
    given(planned, *licence_received(), deemed_acceptance()).when(
        AcceptItem(item=LAND_PERMIT), late_entry
    ).then_nothing()


def test_a_refusal_after_five_days_of_silence_comes_too_late() -> None:
    asked = RefuseItem(item=LAND_PERMIT, reason=text("不"))
    given(planned, *licence_received()).when(asked, at(TUESDAY_AFTER)).then_refused(
        "counts_as_accepted"
    )


def test_a_notice_in_time_breaks_the_silence() -> None:
    first = CorrectionRequested(
        item=LAND_PERMIT, round=1, requested_on=FRIDAY, materials=(), demands=text("甲")
    )
    asked = RefuseItem(item=LAND_PERMIT, reason=text("逾期未补正"))
    state = given(planned, *licence_received(), first).state()
    (event, _) = DECIDER.decide(asked, state, at(date(2026, 4, 1)))

    assert isinstance(event, ItemRefused)


def test_the_department_refuses_with_the_reason() -> None:
    asked = RefuseItem(item=LAND_PERMIT, reason=text("不属于本机关职权"))
    given(planned, *licence_received()).when(asked, approvers_facts).then(
        ItemRefused(
            item=LAND_PERMIT,
            kind="acceptance_refused",
            refused_on=MONDAY,
            reason=text("不属于本机关职权"),
        ),
        told(approvers_facts, [LAND_PERMIT], "not_accepted"),
    )


def test_what_is_accepted_is_not_refused_any_more() -> None:
    asked = RefuseItem(item=LAND_PERMIT, reason=text("晚了"))
    given(planned, *licence_accepted()).when(asked, approvers_facts).then_refused(
        "not_in_this_state"
    )


def test_refusing_twice_is_quiet() -> None:
    asked = RefuseItem(item=LAND_PERMIT, reason=text("不"))
    refused = ItemRefused(
        item=LAND_PERMIT, kind="not_accepted", refused_on=MONDAY, reason=text("不")
    )
    given(planned, *licence_received(), refused).when(asked, approvers_facts).then_nothing()

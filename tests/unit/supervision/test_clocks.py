"""Four clocks of an item, each on its own, counted as the law and the pack say."""

from datetime import date

import pytest

from contracts.pack.sections import Days
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemReady,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
)
from services.supervision.domain.clocks import (
    Clock,
    clocks_of,
    dues,
    ledger,
    uncounted,
    used,
    within,
)
from tests.unit.supervision.examples import (
    CALENDAR,
    CATALOGUE,
    LAND_PERMIT,
    MONDAY,
    PACK,
    given,
    licence_accepted,
    licence_received,
    planned,
    text,
)


def due(
    item: str, day: date, *spans: tuple[date, date]
) -> tuple[date | None, date | None, bool]:
    found = dues(CATALOGUE.item(item), day, spans, PACK, CALENDAR)
    return found.statutory, found.commitment, found.estimated


@pytest.mark.parametrize(
    ("item", "accepted", "statutory", "commitment"),
    [
        (LAND_PERMIT, "2026-03-02", "2026-03-30", "2026-03-05"),
        ("S1-09", "2026-03-02", "2026-04-01", "2026-03-11"),
        ("S3-08", "2026-03-02", "2026-03-09", "2026-03-05"),
        ("S1-01", "2026-03-02", "2026-03-02", "2026-03-03"),
        ("S2-01", "2026-03-02", None, "2026-03-11"),
        ("S2-02", "2026-02-12", "2026-03-18", "2026-02-26"),
    ],
)
def test_each_limit_runs_in_its_own_unit(
    item: str, accepted: str, statutory: str | None, commitment: str
) -> None:
    law = date.fromisoformat(statutory) if statutory else None
    assert due(item, date.fromisoformat(accepted)) == (
        law,
        date.fromisoformat(commitment),
        False,
    )


def test_plain_days_that_end_on_a_day_off_end_on_the_next_working_day() -> None:
    saturday = date(2026, 3, 28)
    assert due("S3-08", date(2026, 3, 21))[0] == date(2026, 3, 30)
    assert not CALENDAR.is_working(saturday)


def test_an_expert_review_of_nine_working_days_moves_the_law_by_nine() -> None:
    span = date(2026, 3, 9), date(2026, 3, 20)
    assert due(LAND_PERMIT, MONDAY, span)[0] == date(2026, 4, 13)


def test_a_span_moves_plain_days_by_every_day_of_it() -> None:
    span = date(2026, 3, 9), date(2026, 3, 20)
    assert due("S1-09", MONDAY, span)[0] == date(2026, 4, 13)


def test_a_due_day_in_a_year_not_announced_is_estimated() -> None:
    assert due(LAND_PERMIT, date(2026, 12, 25))[2]


@pytest.mark.parametrize(
    ("item", "procedure", "expected"),
    [
        (LAND_PERMIT, "expert_review", True),
        (LAND_PERMIT, "hearing", True),
        ("S2-01", "public_notice", True),
        (LAND_PERMIT, "public_notice", False),
        (LAND_PERMIT, "coffee_break", False),
    ],
)
def test_only_what_the_law_or_the_items_list_names_is_not_counted(
    item: str, procedure: str, expected: bool
) -> None:
    assert uncounted(CATALOGUE.item(item), procedure) is expected


def clocks(*history: object, today: date) -> dict[str, Clock]:
    state = given(planned, *history).state()  # type: ignore[arg-type]
    course = state.items[LAND_PERMIT]
    item = CATALOGUE.item(LAND_PERMIT)
    return {c.kind: c for c in clocks_of(course, item, today, PACK, CALENDAR)}


def test_suspending_the_limits_leaves_the_other_clocks_as_they_are() -> None:
    begun = SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="expert_review", started_on=date(2026, 3, 4)
    )
    running = clocks(*licence_accepted(), today=date(2026, 3, 4))
    stopped = clocks(*licence_accepted(), begun, today=date(2026, 3, 11))

    assert (running["statutory"].state, running["statutory"].used) == ("running", 2)
    for kind in ("statutory", "commitment"):
        assert (stopped[kind].state, stopped[kind].used) == ("suspended", 2)
    assert stopped["service"] == running["service"]
    assert stopped["applicant"] == running["applicant"]


def test_after_the_suspension_the_limits_run_on() -> None:
    begun = SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="expert_review", started_on=date(2026, 3, 4)
    )
    ended = SpecialProcedureEnded(
        item=LAND_PERMIT, procedure="expert_review", ended_on=date(2026, 3, 10)
    )
    after = clocks(*licence_accepted(), begun, ended, today=date(2026, 3, 12))

    assert (after["statutory"].state, after["statutory"].used) == ("running", 4)


def test_waiting_for_the_unit_is_the_units_own_clock() -> None:
    asked = CorrectionRequested(
        item=LAND_PERMIT,
        round=1,
        requested_on=date(2026, 3, 3),
        materials=(),
        demands=text("补"),
    )
    waiting = clocks(*licence_received(), asked, today=date(2026, 3, 6))
    assert (waiting["applicant"].state, waiting["applicant"].used) == ("running", 3)
    assert waiting["statutory"].state == "not_started"

    back = CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=date(2026, 3, 6))
    done = clocks(*licence_received(), asked, back, today=date(2026, 3, 20))
    assert (done["applicant"].state, done["applicant"].used) == ("stopped", 3)


def test_the_service_keeps_its_own_promise_to_file() -> None:
    ready = ItemReady(item=LAND_PERMIT, ready_on=MONDAY)
    found = clocks(ready, today=date(2026, 3, 4))["service"]

    assert (found.state, found.used, found.allowed) == ("running", 2, 1)
    assert found.due_on == date(2026, 3, 3)


def test_the_ledger_explains_every_day() -> None:
    span = ((date(2026, 3, 4), date(2026, 3, 5)),)
    days = list(ledger(CALENDAR, MONDAY, date(2026, 3, 8), span))

    assert [line.counts for line in days] == [True, True, False, True, False, False]
    assert days[2].why == "特别程序不计入"
    assert days[4].why == "周末"
    assert used(CALENDAR, MONDAY, date(2026, 3, 8), span) == 3


def test_a_span_counts_in_its_own_unit() -> None:
    assert within(CALENDAR, date(2026, 3, 6), Days(days=2, unit="wd")) == date(2026, 3, 10)
    assert within(CALENDAR, date(2026, 3, 6), Days(days=2, unit="cd")) == date(2026, 3, 8)

"""Why that day: the ledger of every vector of the year adds up, and names what it leans on."""

from datetime import date
from uuid import UUID

import pytest

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemReady,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.daybyday import Run, Span, account
from services.supervision.domain.explaining import Noted, explained
from services.supervision.domain.grounds import ground_for, longest_extension
from services.supervision.domain.saying import printed
from services.supervision.domain.why import Rules, digest_of, reckon, reckonings
from tests.unit.supervision.examples import (
    CALENDAR,
    CATALOGUE,
    LAND_PERMIT,
    MONDAY,
    PACK,
    licence_accepted,
    licence_decided,
    licence_received,
    planned,
    text,
)

RULES = Rules(CATALOGUE.item(LAND_PERMIT), PACK, CALENDAR)
REVIEW = (
    SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="expert_review", started_on=date(2026, 3, 9)
    ),
    SpecialProcedureEnded(
        item=LAND_PERMIT,
        procedure="expert_review",
        ended_on=date(2026, 3, 20),
        statutory_due_on=date(2026, 4, 13),
        commitment_due_on=date(2026, 3, 5),
    ),
)


def noted(*events: Event) -> list[Noted]:
    return [
        Noted(n * 10, UUID(int=n), event) for n, event in enumerate((planned, *events), start=1)
    ]


def answer(*events: Event, today: date) -> dict[str, dict[str, object]]:
    history = noted(*events)
    course = DECIDER.fold(one.event for one in history).items[LAND_PERMIT]
    said = explained(course, RULES, today, history)
    return {clock["clock"]: clock for clock in said["clocks"]}


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-24", 20, "2026-10-29"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-12-24", 5, "2026-12-31"),
    ],
)
def test_the_ledger_of_every_vector_adds_up_to_its_day(start: str, days: int, due: str) -> None:
    begun = date.fromisoformat(start)
    found = account(Run(begun, "wd", days, begun), CALENDAR)

    assert found.due_on == date.fromisoformat(due)
    assert not found.estimated
    assert sum(line.counts for line in found.lines) == days
    assert [line.day.toordinal() for line in found.lines] == list(
        range(begun.toordinal(), found.due_on.toordinal() + 1)
    )
    assert CALENDAR.add_working_days(begun, days).date == found.due_on


def test_nine_working_days_of_review_move_the_law_to_the_thirteenth_of_april() -> None:
    run = Run(MONDAY, "wd", 20, MONDAY, (Span(date(2026, 3, 9), date(2026, 3, 20)),))
    found = account(run, CALENDAR)

    assert found.due_on == date(2026, 4, 13)
    assert sum(line.why == "suspended" for line in found.lines) == 11


def test_a_year_that_is_not_announced_is_estimated_day_by_day() -> None:
    found = account(Run(date(2026, 12, 25), "wd", 10, date(2026, 12, 25)), CALENDAR)

    assert found.estimated
    assert [line.estimated for line in found.lines[:8]] == [False] * 7 + [True]
    new_year = next(line for line in found.lines if line.day == date(2027, 1, 1))
    assert (new_year.why, new_year.says) == ("holiday", "元旦放假")


def test_a_make_up_saturday_counts_and_says_why() -> None:
    found = account(Run(date(2026, 2, 13), "wd", 1, date(2026, 2, 13)), CALENDAR)
    assert [(line.why, line.remaining) for line in found.lines] == [
        ("start_day", 1),
        ("make_up_day", 0),
    ]


def test_plain_days_that_end_on_a_day_off_move_on() -> None:
    found = account(Run(date(2026, 3, 21), "cd", 7, date(2026, 3, 21)), CALENDAR)

    assert found.due_on == date(2026, 3, 30)
    assert [line.why for line in found.lines[-3:]] == ["calendar_day", "moves_on", "moves_on"]


def test_a_pack_may_count_the_day_it_began() -> None:
    found = account(Run(MONDAY, "wd", 3, MONDAY, same_day=True), CALENDAR)
    assert found.due_on == date(2026, 3, 4)


def test_what_is_done_at_once_is_due_the_same_day() -> None:
    assert account(Run(MONDAY, "wd", 0, MONDAY), CALENDAR).due_on == MONDAY


def test_after_the_due_day_the_days_too_many_are_counted() -> None:
    found = account(Run(MONDAY, "wd", 3, date(2026, 3, 10)), CALENDAR)

    assert (found.due_on, found.used, found.remaining) == (date(2026, 3, 5), 6, -3)
    assert [line.why for line in found.lines[-3:]] == ["weekend", "overdue", "overdue"]


def test_while_it_stands_still_there_is_no_due_day() -> None:
    found = account(
        Run(MONDAY, "wd", 3, date(2026, 3, 20), (Span(date(2026, 3, 4), None),)), CALENDAR
    )
    assert (found.due_on, found.used, found.remaining) == (None, 2, 1)
    assert found.lines[-1].day == date(2026, 3, 20)


def test_every_line_names_the_fact_and_the_rule_it_leans_on() -> None:
    statutory = answer(*licence_accepted(), *REVIEW, today=date(2026, 3, 25))["statutory"]
    days = {line["day"]: line for line in statutory["days"]}  # type: ignore[attr-defined]

    assert days["2026-03-02"]["event"] == {
        "type": "supervision.item_accepted.v1",
        "id": str(UUID(int=4)),
        "position": 40,
    }
    assert days["2026-03-02"]["rule"] == "民法典第二百零一条"
    assert days["2026-03-10"]["event"]["position"] == 50
    assert days["2026-03-10"]["rule"] == "行政许可法第四十五条"
    assert days["2026-03-10"]["zh"] == "专家评审，不计入"
    assert "event" not in days["2026-03-09"]
    assert statutory["due_on"] == statutory["recorded_due_on"] == "2026-04-13"
    assert statutory["agrees"]


def test_one_sentence_says_it_in_both_languages() -> None:
    statutory = answer(*licence_accepted(), *REVIEW, today=date(2026, 3, 25))["statutory"]

    assert statutory["zh"] == (
        "法定时限20个工作日，自2026-03-02受理起算，其中专家评审11天、周末和放假11天不计入，"
        "至2026-04-13届满；截至2026-03-25已用8个工作日，剩余12个工作日。"
    )
    assert str(statutory["en"]).startswith(
        "The limit of the law of 20 working days runs from acceptance on 2026-03-02"
    )


def test_before_acceptance_only_the_time_for_a_notice_runs() -> None:
    found = answer(*licence_received(), today=date(2026, 3, 4))

    assert found["statutory"]["zh"] == "法定时限尚未起算。"
    assert (found["notice"]["due_on"], found["notice"]["remaining"]) == ("2026-03-09", 3)


def test_the_unit_is_waited_for_on_its_own_clock() -> None:
    asked = CorrectionRequested(
        item=LAND_PERMIT,
        round=1,
        requested_on=date(2026, 3, 3),
        materials=(),
        demands=text("补"),
    )
    back = CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=date(2026, 3, 6))
    again = asked.model_copy(update={"round": 2, "requested_on": date(2026, 3, 10)})
    found = answer(*licence_received(), asked, back, again, today=date(2026, 3, 12))

    assert (found["applicant"]["state"], found["applicant"]["used"]) == ("running", 5)
    assert found["statutory"]["state"] == "not_started"


def test_the_days_of_a_firm_that_must_correct_are_shown_apart() -> None:
    asked = CorrectionRequested(
        item=LAND_PERMIT,
        round=1,
        requested_on=date(2026, 3, 3),
        waiting_on="third_party",
        materials=(),
        demands=text("改图"),
    )
    back = CorrectionSupplied(item=LAND_PERMIT, round=1, supplied_on=date(2026, 3, 6))
    again = asked.model_copy(
        update={"round": 2, "requested_on": date(2026, 3, 10), "waiting_on": "applicant"}
    )
    found = answer(*licence_received(), asked, back, again, today=date(2026, 3, 12))[
        "applicant"
    ]
    assert (found["used"], found["of_third_party"]) == (5, 3)


def test_the_service_explains_its_own_promise() -> None:
    ready = ItemReady(item=LAND_PERMIT, ready_on=MONDAY)
    service = answer(ready, today=date(2026, 3, 4))["service"]

    assert (service["due_on"], service["remaining"]) == ("2026-03-03", -1)
    assert service["basis"]["type"] == "supervision.item_ready.v1"  # type: ignore[index]


def test_a_decision_stops_the_limits_where_it_was_taken() -> None:
    commitment = answer(*licence_decided(), today=date(2026, 5, 4))["commitment"]
    assert (commitment["state"], commitment["used"]) == ("stopped", 0)
    assert commitment["stopped_by"]["type"] == "supervision.item_decided.v1"  # type: ignore[index]


def test_the_reckoning_stays_the_same_while_the_day_stands() -> None:
    course = DECIDER.fold([planned, *licence_accepted()]).items[LAND_PERMIT]
    early, late = (
        digest_of(reckon(course, RULES, day, "statutory"), CALENDAR.edition)
        for day in (MONDAY, date(2026, 4, 20))
    )
    moved = DECIDER.fold([planned, *licence_accepted(), *REVIEW]).items[LAND_PERMIT]

    assert early == late
    assert early != digest_of(
        reckon(moved, RULES, date(2026, 4, 20), "statutory"), CALENDAR.edition
    )


def test_the_same_facts_give_the_same_answer() -> None:
    history = noted(*licence_accepted(), *REVIEW)
    course = DECIDER.fold(one.event for one in history).items[LAND_PERMIT]
    first, second = (explained(course, RULES, date(2026, 3, 25), history) for _ in range(2))

    assert first == second
    assert len(first["sha256"]) == 64


def test_a_printed_ledger_shows_every_day_and_its_digest() -> None:
    history = noted(*licence_accepted())
    course = DECIDER.fold(one.event for one in history).items[LAND_PERMIT]
    said = explained(course, RULES, MONDAY, history)
    lines = list(printed(said))

    assert lines[-1] == f"sha256 {said['sha256']}"
    assert any(line.startswith("  2026-03-05 +    0  工作日") for line in lines)
    assert any("working day" in line for line in printed(said, english=True))


def test_a_day_recorded_otherwise_is_shown_as_not_agreeing() -> None:
    *before, accepted = licence_accepted()
    assert isinstance(accepted, ItemAccepted)
    wrong = accepted.model_copy(update={"commitment_due_on": date(2026, 3, 6)})
    assert answer(*before, wrong, today=MONDAY)["commitment"]["agrees"] is False


def test_no_clock_is_forgotten() -> None:
    course = DECIDER.fold([planned, *licence_accepted()]).items[LAND_PERMIT]
    found = [one.clock for one in reckonings(course, RULES, MONDAY)]
    assert found == ["statutory", "commitment", "service", "applicant"]


def test_a_ground_is_the_laws_or_the_items_own() -> None:
    permit, contract = CATALOGUE.item(LAND_PERMIT), CATALOGUE.item("S2-01")
    assert ground_for(permit, "hearing").basis == "行政许可法第四十五条"  # type: ignore[union-attr]
    assert ground_for(permit, "public_notice") is None
    listed = ground_for(contract, "public_notice")
    assert listed is not None
    assert listed.basis.startswith("S2-01.excl")


def test_the_law_caps_an_extension() -> None:
    assert longest_extension(CATALOGUE.item(LAND_PERMIT)) == 10
    assert longest_extension(CATALOGUE.item("S1-01")) == 0

"""A step entered late that takes an overdue reminder back: with its reason, and said to all (B69)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Event, Personal
from contracts.supervision import (
    CorrectionRequested,
    DueRecomputed,
    DueShift,
    IssueOpened,
    ItemAccepted,
    ItemDecided,
    ReminderCorrected,
    ReminderSent,
    ResultDelivered,
    SpecialProcedureStarted,
    SpecialProcedureSupplemented,
    UrgeSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AcceptItem,
    CorrectReminder,
    DecideItem,
    EndSpecialProcedure,
    NoteSystemState,
    RefuseItem,
    RequestCorrection,
    StartSpecialProcedure,
    SupplementPause,
    WithdrawItem,
)
from services.supervision.domain.due import due
from services.supervision.domain.explaining import Noted, explained
from services.supervision.domain.facts import Facts
from services.supervision.domain.notices import Notice, notices
from services.supervision.domain.picture import picture
from services.supervision.domain.recomputing import wrongly_overdue
from services.supervision.domain.why import Rules
from shared.command import Command
from shared.decider import Refused
from tests.unit.supervision.examples import (
    CALENDAR,
    CATALOGUE,
    LAND_PERMIT,
    MONDAY,
    NOTICE,
    PACK,
    RULES,
    UNIT,
    approvers_facts,
    by_itself,
    given,
    licence_accepted,
    licence_collected,
    licence_received,
    planned,
    text,
)

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (3, 4, 5, 6))
NEXT_MONDAY, NEXT_TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
WHY: Personal[str] = text("经办人请假，未及时录入")
ITEM = CATALOGUE.item(LAND_PERMIT)
TOLD = ("depts", "applicant", "ro")
PAUSE = StartSpecialProcedure(item=LAND_PERMIT, procedure="expert_review", notice=NOTICE)
RESUME = EndSpecialProcedure(item=LAND_PERMIT)
DECISION = DecideItem(item=LAND_PERMIT, outcome="approved")
SILENCE = ItemAccepted(
    item=LAND_PERMIT,
    deemed=True,
    accepted_on=MONDAY,
    calendar=CALENDAR.edition,
    statutory_due_on=CALENDAR.add_working_days(MONDAY, 20).date,
    commitment_due_on=THURSDAY,
)


def reminded(day: date = THURSDAY, rule: str = "clocks.warn_at_percent") -> tuple[Event, ...]:
    return tuple(
        ReminderSent(
            items=(LAND_PERMIT,), to=to, signal="overdue", due_on=day, percent=100, rule=rule
        )
        for to in TOLD
    )


OVERDUE = (planned, *licence_accepted(), *reminded())


def entered(on: date, today: date = FRIDAY, facts: Facts = approvers_facts) -> Facts:
    return replace(facts, on=on, today=today)


def said(command: Command, facts: Facts, *history: Event) -> Sequence[Event]:
    return DECIDER.decide(command, given(*history).state(), facts)


def with_reason[C: Command](command: C) -> C:
    return command.model_copy(update={"late_reason": WHY})


@pytest.mark.parametrize(
    "command",
    [PAUSE, DECISION, WithdrawItem(item=LAND_PERMIT, kind="recalled", reason=text("不办了"))],
    ids=lambda command: type(command).__name__,
)
def test_what_takes_a_reminder_back_is_entered_with_its_reason(command: Command) -> None:
    late = entered(WEDNESDAY)
    details = given(*OVERDUE).when(command, late).then_refused("reason_for_reversal_required")
    assert details["items"] == [LAND_PERMIT]
    assert details["overdue_told_of"] == ["2026-03-05"]

    events = said(with_reason(command), late, *OVERDUE)
    course = given(*OVERDUE, *events).state().items[LAND_PERMIT]
    assert {one.to for one in wrongly_overdue(course)} == set(TOLD)


def test_what_was_late_all_the_same_needs_no_reason() -> None:
    events = said(DECISION, entered(FRIDAY, NEXT_MONDAY), *OVERDUE)
    course = given(*OVERDUE, *events).state().items[LAND_PERMIT]
    assert wrongly_overdue(course) == ()
    assert not [one for one in events if isinstance(one, DueRecomputed)]


def test_before_anybody_was_told_no_reason_is_asked() -> None:
    said(PAUSE, entered(WEDNESDAY), planned, *licence_accepted())


def test_the_days_that_moved_are_listed_and_everybody_told_hears_it() -> None:
    paused = said(with_reason(PAUSE), entered(WEDNESDAY), *OVERDUE)
    history = (*OVERDUE, *paused)
    resumed = said(RESUME, entered(FRIDAY, NEXT_MONDAY), *history)
    (again,) = [one for one in resumed if isinstance(one, DueRecomputed)]
    assert again.cause == "entered_late"
    assert again.lines == (
        DueShift(
            item=LAND_PERMIT,
            clock="statutory",
            was_on=CALENDAR.add_working_days(MONDAY, 20).date,
            now_on=CALENDAR.add_working_days(MONDAY, 22).date,
        ),
        DueShift(item=LAND_PERMIT, clock="commitment", was_on=THURSDAY, now_on=NEXT_MONDAY),
    )

    history = (*history, *resumed)
    asked = [
        one.command
        for one in due(given(*history).state(), RULES, NEXT_MONDAY)
        if isinstance(one.command, CorrectReminder)
    ]
    assert {one.to for one in asked} == set(TOLD)
    told = [
        event
        for one in asked
        for event in said(one, entered(NEXT_MONDAY, NEXT_MONDAY, by_itself), *history)
    ]
    assert all(isinstance(one, ReminderCorrected) for one in told)
    assert {notice for one in told for notice in notices(one)} == {
        Notice("depts"),
        Notice("applicant", UNIT),
        Notice("ro"),
    }
    assert not [
        one
        for one in due(given(*history, *told).state(), RULES, NEXT_MONDAY)
        if isinstance(one.command, CorrectReminder)
    ]


def test_a_notice_given_in_time_shows_that_the_promised_day_never_was() -> None:
    history = (planned, *licence_received(), SILENCE, *reminded())
    asked = RequestCorrection(item=LAND_PERMIT, demands=text("缺图纸"), notice=NOTICE)
    late = entered(WEDNESDAY, FRIDAY)
    given(*history).when(asked, late).then_refused("reason_for_reversal_required")

    events = said(with_reason(asked), late, *history)
    assert [one for one in events if isinstance(one, CorrectionRequested)]
    course = given(*history, *events).state().items[LAND_PERMIT]
    assert len(wrongly_overdue(course)) == len(TOLD)


@pytest.mark.parametrize(
    "command",
    [
        AcceptItem(item=LAND_PERMIT, voucher=NOTICE),
        RefuseItem(
            item=LAND_PERMIT, kind="acceptance_refused", reason=text("不属本局"), voucher=NOTICE
        ),
    ],
    ids=lambda command: type(command).__name__,
)
def test_so_does_an_answer_in_time_even_if_it_came_after_that_day(command: Command) -> None:
    history = (planned, *licence_received(), SILENCE, *reminded())
    events = said(with_reason(command), entered(FRIDAY, NEXT_TUESDAY), *history)
    course = given(*history, *events).state().items[LAND_PERMIT]
    assert len(wrongly_overdue(course)) == len(TOLD)


def test_what_another_system_reports_has_its_source_for_a_reason() -> None:
    row = NoteSystemState.model_validate(
        {
            "item": LAND_PERMIT,
            "source": "gc",
            "system_state": 11,
            "stated_at": "2026-03-04T09:00:00+08:00",
            "stated_on": WEDNESDAY,
            "observed_at": "2026-03-06T09:00:00+08:00",
        }
    )
    events = said(row, entered(WEDNESDAY), *OVERDUE)
    course = given(*OVERDUE, *events).state().items[LAND_PERMIT]
    assert len(wrongly_overdue(course)) == len(TOLD)


def test_a_reminder_of_what_the_service_promised_is_not_taken_back_by_the_decision() -> None:
    """The day of delivery lies after the decision, always."""
    late = reminded(FRIDAY, "clocks.promises.delivery")
    history = (planned, *licence_collected(), *late)
    assert wrongly_overdue(given(*history).state().items[LAND_PERMIT]) == ()

    delivered = ResultDelivered(
        items=(LAND_PERMIT,),
        delivery="self_pickup",
        delivered_on=FRIDAY,
    )
    course = given(*history, delivered).state().items[LAND_PERMIT]
    assert len(wrongly_overdue(course)) == len(TOLD)


def test_a_reminder_to_fetch_is_taken_back_by_the_day_it_was_fetched() -> None:
    decided = (
        planned,
        *licence_collected()[:-1],
        *reminded(FRIDAY, "clocks.promises.collection"),
    )
    assert wrongly_overdue(given(*decided).state().items[LAND_PERMIT]) == ()
    for day, wrong in ((FRIDAY, len(TOLD)), (NEXT_MONDAY, 0)):
        fetched = licence_collected()[-1].model_copy(update={"collected_on": day})
        course = given(*decided, fetched).state().items[LAND_PERMIT]
        assert len(wrongly_overdue(course)) == wrong


def test_what_was_done_because_of_a_wrong_day_says_so() -> None:
    """The problem and the rung stay on record; that the day they lean on was none stands beside."""
    listed = IssueOpened(
        issue=UUID(int=7), kind="approval", severity="complex", opened_on=FRIDAY,
        items=(LAND_PERMIT,), owner="ro", description=text("催办后仍无进展"),
    )  # fmt: skip
    urged = UrgeSent(
        item=LAND_PERMIT, to="depts", signal="stalled", ladder="ladders.slow", rung=1,
        sent_on=FRIDAY,
    )  # fmt: skip
    before = (*OVERDUE, urged, listed)
    corrected = ReminderCorrected(
        item=LAND_PERMIT, to="depts", signal="overdue", due_on=THURSDAY, now_on=NEXT_MONDAY
    )
    for history, said_of in ((before, []), ((*before, corrected), ["2026-03-05"])):
        shown = picture(given(*history).state(), entered(NEXT_MONDAY, NEXT_MONDAY))
        (problem,) = shown["issues"]["open"]
        assert problem["reminders_taken_back"] == said_of
        (rung,) = shown["ladders"][LAND_PERMIT]["climbed"]
        assert rung["reminders_taken_back"] == said_of
    early = listed.model_copy(update={"opened_on": WEDNESDAY})
    shown = picture(
        given(*OVERDUE, early, corrected).state(), entered(NEXT_MONDAY, NEXT_MONDAY)
    )
    assert shown["issues"]["open"][0]["reminders_taken_back"] == []


def test_nothing_that_was_said_before_is_deleted() -> None:
    events = said(with_reason(PAUSE), entered(WEDNESDAY), *OVERDUE)
    course = given(*OVERDUE, *events).state().items[LAND_PERMIT]
    assert {one.to for one in course.reminded} == set(TOLD)
    assert isinstance(events[0], SpecialProcedureStarted)


def test_the_same_again_is_quiet() -> None:
    command = with_reason(PAUSE)
    events = said(command, entered(WEDNESDAY), *OVERDUE)
    assert said(command, entered(WEDNESDAY), *OVERDUE, *events) == []


def test_a_day_before_the_acceptance_is_refused_all_the_same() -> None:
    early = entered(date(2026, 2, 27))
    with pytest.raises(Refused) as refused:
        said(with_reason(PAUSE), early, *OVERDUE)
    assert refused.value.code == "before_the_last_step"


DECIDED_LATE = (
    *OVERDUE,
    ItemDecided(item=LAND_PERMIT, outcome="approved", decided_on=NEXT_MONDAY, body="depts"),
)
FORGOTTEN = SupplementPause(
    item=LAND_PERMIT,
    procedure="expert_review",
    started_on=TUESDAY,
    ended_on=FRIDAY,
    notice=NOTICE,
    late_reason=WHY,
)


def test_a_pause_forgotten_until_after_the_decision_still_counts() -> None:
    """The decision stays; the day moves; whoever was told is told otherwise."""
    late = entered(NEXT_TUESDAY, NEXT_TUESDAY)
    supplemented, again, *_ = said(FORGOTTEN, late, *DECIDED_LATE)
    assert isinstance(supplemented, SpecialProcedureSupplemented)
    assert isinstance(again, DueRecomputed) and again.cause == "entered_late"
    moved = {line.clock: (line.was_on, line.now_on) for line in again.lines}
    assert moved["commitment"] == (THURSDAY, NEXT_TUESDAY)

    history = (*DECIDED_LATE, supplemented, again)
    course = given(*history).state().items[LAND_PERMIT]
    assert (course.state, course.decided_on) == ("decided", NEXT_MONDAY)
    assert course.commitment_due_on == NEXT_TUESDAY
    assert {one.to for one in wrongly_overdue(course)} == set(TOLD)
    assert said(FORGOTTEN, late, *history) == []


def test_its_days_stand_in_the_ledger_with_the_fact_they_lean_on() -> None:
    later = SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="hearing", started_on=THURSDAY, notice=NOTICE
    )
    first = FORGOTTEN.model_copy(update={"ended_on": WEDNESDAY})
    history = (planned, *licence_accepted(), later)
    events = said(first, entered(NEXT_MONDAY, NEXT_MONDAY), *history)
    course = given(*history, *events).state().items[LAND_PERMIT]
    assert [one.procedure for one in course.specials] == ["expert_review", "hearing"]
    assert course.state == "suspended"
    noted = [Noted(n, UUID(int=n), event) for n, event in enumerate((*history, *events), 1)]
    found = explained(course, Rules(ITEM, PACK, CALENDAR), NEXT_MONDAY, noted)
    promised = next(one for one in found["clocks"] if one["clock"] == "commitment")
    leans = {day["day"]: day["event"]["type"] for day in promised["days"] if day.get("event")}
    assert leans["2026-03-04"] == "supervision.special_procedure_supplemented.v1"
    assert leans["2026-03-06"] == "supervision.special_procedure_started.v1"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"late_reason": None}, "late_reason_required"),
        ({"notice": None}, "evidence_required"),
        ({"procedure": "lunch"}, "procedure_counts"),
        ({"started_on": date(2026, 2, 27)}, "outside_the_time_that_ran"),
        ({"ended_on": NEXT_TUESDAY}, "outside_the_time_that_ran"),
        ({"started_on": FRIDAY, "ended_on": TUESDAY}, "outside_the_time_that_ran"),
        ({"started_on": FRIDAY}, "outside_the_time_that_ran"),
    ],
)
def test_a_forgotten_pause_needs_its_reason_its_notice_and_days_that_fit(
    changed: dict[str, Any], code: str
) -> None:
    late = replace(entered(NEXT_TUESDAY, NEXT_TUESDAY), roles=frozenset({"agent"}))
    asked = FORGOTTEN.model_copy(update=changed)
    details = given(*DECIDED_LATE).when(asked, late).then_refused(code)
    assert code in ("evidence_required",) or details


def test_two_pauses_do_not_lie_on_each_other() -> None:
    late = entered(NEXT_TUESDAY, NEXT_TUESDAY)
    history = (*DECIDED_LATE, *said(FORGOTTEN, late, *DECIDED_LATE))
    other = FORGOTTEN.model_copy(update={"started_on": WEDNESDAY, "ended_on": NEXT_MONDAY})
    details = given(*history).when(other, late).then_refused("pauses_overlap")
    assert details["started_on"] == TUESDAY.isoformat()


def test_what_was_never_accepted_has_no_pause() -> None:
    history = (planned, *licence_received())
    given(*history).when(FORGOTTEN, entered(FRIDAY)).then_refused("not_in_this_state")

"""Due days counted again, warnings taken back, breaches foreseen, answers that give peace."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from contracts.calendar import Calendar
from contracts.event import Event
from contracts.pack import POLICIES, load_pack
from contracts.supervision import (
    DueRecomputed,
    DueShift,
    ItemAccepted,
    ItemDecided,
    PlanMade,
    ReminderCorrected,
    ReminderMissed,
    ReminderSent,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
    UrgeAnswered,
    UrgeSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AnswerUrge,
    CorrectReminder,
    NoteMissedReminder,
    RecomputeDue,
    RemindNode,
    UrgeByItself,
    WarnAhead,
)
from services.supervision.domain.due import Rulebook, Threshold, due
from services.supervision.domain.foreseeing import foreseen
from services.supervision.domain.why import Rules, digest_of, reckon
from tests.unit.supervision.examples import (
    AGENT,
    CALENDAR,
    CATALOGUE,
    FILING,
    LAND_PERMIT,
    MONDAY,
    NOTICE,
    PACK,
    RULES,
    agents_facts,
    approvers_facts,
    by_itself,
    given,
    licence_accepted,
    on,
    planned,
    text,
)

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (3, 4, 5, 6))
ITEMS = {item.id: item for item in CATALOGUE.items}
DUTIFUL = Rulebook(
    load_pack(POLICIES / "cn-430600-bangdaiban" / "pack.yaml"), CATALOGUE, CALENDAR
)
"""A pack in which helpers have the duty to remind."""
NEXT_YEAR = replace(
    CALENDAR,
    edition="cn-national@00000000000000ff",
    announced=CALENDAR.announced | {2027},
    off=MappingProxyType(
        {**CALENDAR.off, date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"},
    ),
)
"""As if the notice for 2027 had come, with one day off more than the law alone gives."""


def falls(*history: Event, today: date, calendar: Calendar = CALENDAR) -> list[Threshold]:
    state = given(planned, *history).state()
    book = Rulebook(PACK, CATALOGUE, calendar)
    return [
        one
        for one in due(state, book, today)
        if LAND_PERMIT in one.name or one.name.startswith("recompute/")
    ]


def commands(*history: Event, today: date, calendar: Calendar = CALENDAR) -> list[object]:
    return [one.command for one in falls(*history, today=today, calendar=calendar)]


def said(command: object, *history: Event, facts: object = by_itself) -> list[Event]:
    state = given(planned, *history).state()
    return list(DECIDER.decide(command, state, facts))  # type: ignore[arg-type]


def in_december() -> tuple[Event, ...]:
    *before, accepted = licence_accepted(date(2026, 12, 21))
    assert isinstance(accepted, ItemAccepted)
    return (*before, accepted.model_copy(update={"estimated": True}))


def test_an_announced_year_lists_every_day_that_moved() -> None:
    history = in_december()
    assert RecomputeDue() in commands(*history, today=date(2026, 12, 23), calendar=NEXT_YEAR)

    facts = replace(on(date(2026, 12, 23), by_itself), calendar=NEXT_YEAR)
    (again,) = said(RecomputeDue(), *history, facts=facts)
    assert isinstance(again, DueRecomputed)
    assert (again.calendar, again.replaces) == (NEXT_YEAR.edition, CALENDAR.edition)
    assert again.lines == (
        DueShift(
            item=LAND_PERMIT,
            clock="statutory",
            was_on=date(2027, 1, 19),
            now_on=date(2027, 1, 20),
        ),
        DueShift(
            item=LAND_PERMIT,
            clock="commitment",
            was_on=date(2026, 12, 24),
            now_on=date(2026, 12, 24),
        ),
    )

    course = given(planned, *history, again).state().items[LAND_PERMIT]
    assert (course.statutory_due_on, course.estimated) == (date(2027, 1, 20), False)
    assert RecomputeDue() not in commands(
        *history, again, today=date(2026, 12, 23), calendar=NEXT_YEAR
    )
    assert said(RecomputeDue(), *history, again, facts=facts) == []


def test_an_edition_that_moves_nothing_says_nothing() -> None:
    other = replace(CALENDAR, edition="cn-national@00000000000000aa")
    assert RecomputeDue() not in commands(*licence_accepted(), today=TUESDAY, calendar=other)


def overdue_told(to: str = "depts", day: date = FRIDAY) -> Event:
    (told,) = said(
        RemindNode(item=LAND_PERMIT, to=to, signal="overdue", due_on=THURSDAY, percent=100),
        *licence_accepted(),
        facts=on(day, by_itself),
    )
    return told


def test_a_reminder_carries_the_digest_of_the_ledger_it_leans_on() -> None:
    told = overdue_told()
    assert isinstance(told, ReminderSent)
    course = given(planned, *licence_accepted()).state().items[LAND_PERMIT]
    found = reckon(
        course, Rules(ITEMS[LAND_PERMIT], PACK, CALENDAR), date(2026, 6, 1), "commitment"
    )

    assert told.reckoning == digest_of(found, CALENDAR.edition)


def test_a_pause_entered_late_takes_the_overdue_reminder_back() -> None:
    told = overdue_told()
    paused = (
        SpecialProcedureStarted(
            item=LAND_PERMIT, procedure="expert_review", started_on=WEDNESDAY, notice=NOTICE
        ),
        SpecialProcedureEnded(
            item=LAND_PERMIT,
            procedure="expert_review",
            ended_on=date(2026, 3, 10),
            statutory_due_on=date(2026, 4, 3),
            commitment_due_on=date(2026, 3, 11),
        ),
    )
    history = (*licence_accepted(), told, *paused)
    asked = CorrectReminder(item=LAND_PERMIT, to="depts", due_on=THURSDAY)
    assert asked in commands(*history, today=date(2026, 3, 10))

    (corrected,) = said(asked, *history, facts=on(date(2026, 3, 10), by_itself))
    assert isinstance(corrected, ReminderCorrected)
    assert (corrected.due_on, corrected.now_on) == (THURSDAY, date(2026, 3, 11))
    assert asked not in commands(*history, corrected, today=date(2026, 3, 10))
    assert said(asked, *history, corrected) == []


def test_while_the_pause_goes_on_no_new_day_is_named() -> None:
    paused = SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="expert_review", started_on=WEDNESDAY, notice=NOTICE
    )
    history = (*licence_accepted(), overdue_told(), paused)
    asked = CorrectReminder(item=LAND_PERMIT, to="depts", due_on=THURSDAY)
    (corrected,) = said(asked, *history, facts=on(FRIDAY, by_itself))
    assert isinstance(corrected, ReminderCorrected)
    assert corrected.now_on is None


@pytest.mark.parametrize(("decided_on", "wrong"), [(THURSDAY, True), (FRIDAY, False)])
def test_a_decision_entered_late_counts_from_its_own_day(decided_on: date, wrong: bool) -> None:
    decided = ItemDecided(
        item=LAND_PERMIT, outcome="approved", decided_on=decided_on, body="depts"
    )
    asked = CorrectReminder(item=LAND_PERMIT, to="depts", due_on=THURSDAY)
    found = commands(*licence_accepted(), overdue_told(), decided, today=date(2026, 3, 9))
    assert (asked in found) is wrong


def test_a_reminder_that_was_right_stays() -> None:
    asked = CorrectReminder(item=LAND_PERMIT, to="depts", due_on=THURSDAY)
    assert said(asked, *licence_accepted(), overdue_told()) == []


def answered(day: date = WEDNESDAY, expected: date | None = None) -> UrgeAnswered:
    urged = UrgeSent(
        item=LAND_PERMIT,
        to="depts",
        signal="stalled",
        ladder="ladders.urge",
        rung=1,
        sent_on=day,
    )
    asked = AnswerUrge(item=LAND_PERMIT, expected_on=expected, reason=text("图纸正在核对"))
    (answer,) = said(asked, *licence_accepted(), urged, facts=on(day, approvers_facts))
    assert isinstance(answer, UrgeAnswered)
    return answer


def test_who_answered_with_a_reason_is_left_in_peace_until_the_day() -> None:
    answer = answered(expected=THURSDAY)
    found = commands(*licence_accepted(), answer, today=THURSDAY)

    assert answer.quiet_until_on == THURSDAY
    assert not [one for one in found if isinstance(one, UrgeByItself)]
    assert {one.to for one in found if isinstance(one, RemindNode)} == {"applicant"}


def test_no_answer_makes_an_overdue_day_go_away() -> None:
    answer = answered(expected=date(2026, 4, 1))
    assert answer.quiet_until_on == THURSDAY
    overdue = [
        one
        for one in commands(*licence_accepted(), answer, today=FRIDAY)
        if isinstance(one, RemindNode)
    ]
    assert {one.to for one in overdue} == {"depts", "applicant", "ro"}


def test_an_answer_needs_an_urging_and_a_day_that_has_not_gone() -> None:
    asked = AnswerUrge(item=LAND_PERMIT, reason=text("在办"))
    nobody = given(planned, *licence_accepted())
    nobody.when(asked, approvers_facts).then_refused("nothing_to_answer")
    past = asked.model_copy(update={"expected_on": date(2026, 3, 1)})
    told = given(planned, *licence_accepted(), overdue_told())
    told.when(past, on(FRIDAY, approvers_facts)).then_refused("expected_in_the_past")
    told.when(asked, on(FRIDAY)).then_refused("evidence_required")


def test_the_same_answer_again_is_quiet() -> None:
    answer = answered(expected=THURSDAY)
    asked = AnswerUrge(item=LAND_PERMIT, expected_on=THURSDAY, reason=text("在办"))
    history = (*licence_accepted(), overdue_told(), answer)
    assert said(asked, *history, facts=on(WEDNESDAY, approvers_facts)) == []


def test_a_reminder_that_nobody_gave_counts_where_it_is_a_duty() -> None:
    asked = NoteMissedReminder(item=LAND_PERMIT, due_on=THURSDAY)
    state = given(planned, *licence_accepted()).state()
    assert asked not in [one.command for one in due(state, DUTIFUL, THURSDAY)]
    assert asked in [one.command for one in due(state, DUTIFUL, FRIDAY)]
    assert asked not in commands(*licence_accepted(), today=FRIDAY)

    friday = replace(on(FRIDAY, by_itself), pack=DUTIFUL.pack)
    (missed,) = said(asked, *licence_accepted(), facts=friday)
    assert isinstance(missed, ReminderMissed)
    assert (missed.person, missed.to) == (AGENT, "depts")
    state = given(planned, *licence_accepted(), missed).state()
    assert asked not in [one.command for one in due(state, DUTIFUL, FRIDAY)]
    assert said(asked, *licence_accepted(), missed, facts=friday) == []
    assert said(asked, *licence_accepted(), facts=on(FRIDAY, by_itself)) == []


def test_who_urged_in_time_missed_nothing() -> None:
    urged = UrgeSent(
        item=LAND_PERMIT,
        to="depts",
        signal="stalled",
        ladder="ladders.urge",
        rung=1,
        sent_on=WEDNESDAY,
        by_hand=True,
    )
    asked = NoteMissedReminder(item=LAND_PERMIT, due_on=THURSDAY)
    state = given(planned, *licence_accepted(), urged).state()
    assert asked not in [one.command for one in due(state, DUTIFUL, FRIDAY)]
    friday = replace(on(FRIDAY, by_itself), pack=DUTIFUL.pack)
    assert said(asked, *licence_accepted(), urged, facts=friday) == []


def dated_plan() -> PlanMade:
    """The filing from Monday to Tuesday, the permit from then to Friday."""
    assert isinstance(planned, PlanMade)
    days = {FILING: (MONDAY, TUESDAY, ()), LAND_PERMIT: (TUESDAY, FRIDAY, (FILING,))}
    lines = tuple(
        line.model_copy(
            update={
                "starts_on": days[line.item][0],
                "due_on": days[line.item][1],
                "after": days[line.item][2],
            }
        )
        for line in planned.lines
        if line.item in days
    )
    return planned.model_copy(update={"lines": lines})


def test_a_plan_that_is_kept_foresees_nothing() -> None:
    state = given(dated_plan()).state()
    assert foreseen(state, ITEMS, CALENDAR, MONDAY) == ()


def test_a_late_start_is_foreseen_with_its_cause_and_what_it_drags_along() -> None:
    state = given(dated_plan()).state()
    first, second = foreseen(state, ITEMS, CALENDAR, TUESDAY)

    assert (first.item, first.reason, first.late) == (FILING, "start_missed", 1)
    assert first.affects == (LAND_PERMIT,)
    assert (second.item, second.because) == (LAND_PERMIT, (FILING,))


def test_only_the_cause_is_said_and_once_to_each_side() -> None:
    state = given(dated_plan()).state()
    found = [one.command for one in due(state, RULES, TUESDAY)]
    warnings = [one for one in found if isinstance(one, WarnAhead)]
    assert [(one.item, one.to) for one in warnings] == [
        (FILING, "depts"),
        (FILING, "applicant"),
    ]

    sent = [event for one in warnings for event in DECIDER.decide(one, state, agents_facts)]
    assert all(isinstance(one, ReminderSent) and one.signal == "predicted" for one in sent)
    again = due(given(dated_plan(), *sent).state(), RULES, TUESDAY)
    assert not [one for one in again if isinstance(one.command, WarnAhead)]
    assert DECIDER.decide(warnings[0], given(dated_plan(), *sent).state(), agents_facts) == []


def test_a_prediction_that_changed_has_another_name_and_is_still_said_once() -> None:
    """A name stands for one command: else the log takes the second for a key used twice."""
    plan = dated_plan()
    alone = tuple(line.model_copy(update={"after": ()}) for line in plan.lines)
    one, other = (
        [
            found
            for found in due(given(planned_so).state(), RULES, TUESDAY)
            if isinstance(found.command, WarnAhead) and found.command.item == FILING
        ]
        for planned_so in (plan, plan.model_copy(update={"lines": alone}))
    )
    assert len(one) == len(other) == 2
    for before, after in zip(one, other, strict=True):
        assert before.command != after.command and before.name != after.name

    sent = DECIDER.decide(one[0].command, given(plan).state(), agents_facts)
    told = given(plan, *sent).state()
    assert sent and DECIDER.decide(other[0].command, told, agents_facts) == []


def test_every_threshold_has_a_name_of_its_own() -> None:
    found = falls(*licence_accepted(), today=FRIDAY)
    assert len({one.name for one in found}) == len(found)


def test_a_clock_that_jumps_back_and_forth_crosses_each_threshold_once() -> None:
    history: list[Event] = [*licence_accepted()]
    for day in (THURSDAY, MONDAY, date(2026, 3, 30), TUESDAY, FRIDAY, date(2026, 3, 30)):
        for one in falls(*history, today=day):
            history += said(one.command, *history, facts=on(day, by_itself))
    told = [
        (one.to, one.signal, one.due_on, one.percent)
        for one in history
        if isinstance(one, ReminderSent)
    ]
    assert len(told) == len(set(told))
    assert falls(*history, today=date(2026, 3, 30)) == []

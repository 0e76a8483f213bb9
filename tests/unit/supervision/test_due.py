"""What falls due by itself, under a name that is never used twice."""

from dataclasses import replace
from datetime import date

from contracts.pack import POLICIES, Pack, load_pack
from contracts.pack.promising import promise_of
from contracts.supervision import (
    ItemSubmitted,
    PlanMade,
    ReminderSent,
    ReturnDue,
    SpecialProcedureStarted,
    UrgeSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    DeemAccepted,
    FollowCalendar,
    NoteReturnDue,
    RemindNode,
    UrgeByItself,
)
from services.supervision.domain.due import Rulebook, Threshold, due, returns_due
from services.supervision.domain.office import EMPTY, evolve_office
from services.supervision.domain.quarters import ended_by, quarter_of, span_of
from tests.unit.supervision.examples import (
    CALENDAR,
    CATALOGUE,
    LAND_PERMIT,
    MONDAY,
    PACK,
    RULES,
    by_itself,
    given,
    licence_accepted,
    licence_collected,
    licence_decided,
    licence_received,
    on,
    planned,
)

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (3, 4, 5, 6))
FETCHING = load_pack(POLICIES / "cn-210300-bangdailing" / "pack.yaml")
"""A place that promises to fetch what was decided."""


def falls(*history: object, today: date, pack: Pack = PACK) -> list[Threshold]:
    state = given(planned, *history).state()  # type: ignore[arg-type]
    rules = replace(RULES, pack=pack)
    return [one for one in due(state, rules, today) if LAND_PERMIT in one.name]


def test_nothing_is_due_while_there_is_time() -> None:
    assert falls(*licence_accepted(), today=date(2026, 3, 3)) == []


def test_at_the_warning_point_both_sides_are_reminded_once() -> None:
    found = falls(*licence_accepted(), today=THURSDAY)
    reminders = [one.command for one in found if isinstance(one.command, RemindNode)]

    assert [(r.to, r.signal, r.percent) for r in reminders] == [
        ("depts", "at_risk", 90),
        ("applicant", "at_risk", 90),
    ]
    sent = [
        event
        for one in reminders
        for event in DECIDER.decide(one, given(planned, *licence_accepted()).state(), by_itself)
    ]
    assert all(isinstance(event, ReminderSent) for event in sent)
    again = falls(*licence_accepted(), *sent, today=THURSDAY)
    assert not [one for one in again if isinstance(one.command, RemindNode)]


def test_when_the_day_is_over_the_office_sees_it_too() -> None:
    found = falls(*licence_accepted(), today=FRIDAY)
    overdue = [one.command for one in found if isinstance(one.command, RemindNode)]

    assert {one.to for one in overdue} == {"depts", "applicant", "ro"}
    assert {one.signal for one in overdue} == {"overdue"}


def test_urging_begins_at_the_packs_percentage_and_once() -> None:
    found = falls(*licence_accepted(), today=THURSDAY)
    asked = UrgeByItself(item=LAND_PERMIT, signal="at_risk")
    assert asked in [one.command for one in found]

    (sent,) = DECIDER.decide(
        asked, given(planned, *licence_accepted()).state(), on(THURSDAY, by_itself)
    )
    assert isinstance(sent, UrgeSent)
    assert not [
        one
        for one in falls(*licence_accepted(), sent, today=date(2026, 3, 12))
        if isinstance(one.command, UrgeByItself)
    ]


def test_two_thirds_of_the_time_is_not_yet_seventy_percent() -> None:
    assert falls(*licence_accepted(), today=WEDNESDAY) == []


def test_a_suspended_item_runs_no_risk() -> None:
    begun = SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="expert_review", started_on=WEDNESDAY
    )
    assert falls(*licence_accepted(), begun, today=date(2026, 4, 1)) == []


def test_silence_for_five_days_is_acceptance_on_the_sixth() -> None:
    fifth, sixth = date(2026, 3, 9), date(2026, 3, 10)
    assert not [
        one
        for one in falls(*licence_received(), today=fifth)
        if isinstance(one.command, DeemAccepted)
    ]
    found = falls(*licence_received(), today=sixth)
    assert DeemAccepted(item=LAND_PERMIT) in [one.command for one in found]


def test_an_item_that_does_not_move_is_stalled() -> None:
    found = falls(*licence_received(), today=date(2026, 3, 10))
    assert UrgeByItself(item=LAND_PERMIT, signal="stalled") in [one.command for one in found]


def test_a_fetched_result_is_delivered_within_the_promise() -> None:
    assert falls(*licence_collected(), today=WEDNESDAY) == []
    (late,) = falls(*licence_collected(), today=THURSDAY)

    assert isinstance(late.command, RemindNode)
    assert late.command.rule == "clocks.promises.delivery"
    assert late.command.to == "park_i"


def test_a_result_is_fetched_within_the_promise_where_the_place_made_one() -> None:
    assert promise_of(FETCHING, "ResultCollected") and not promise_of(PACK, "ResultCollected")
    assert falls(*licence_decided(), today=TUESDAY, pack=FETCHING) == []
    (late,) = falls(*licence_decided(), today=WEDNESDAY, pack=FETCHING)
    assert isinstance(late.command, RemindNode)
    assert (late.command.rule, late.command.to) == ("clocks.promises.collection", "park_i")
    state = given(planned, *licence_decided()).state()
    said = DECIDER.decide(late.command, state, replace(by_itself, pack=FETCHING))
    assert [type(one) for one in said] == [ReminderSent]
    assert falls(*licence_decided(), *said, today=THURSDAY, pack=FETCHING) == []
    assert falls(*licence_decided(), today=THURSDAY) == []


def test_what_the_unit_fetches_itself_or_by_the_net_is_nobodys_promise() -> None:
    own = [
        one.model_copy(update={"filed_by": "applicant"})
        if isinstance(one, ItemSubmitted)
        else one
        for one in licence_decided()
    ]
    for course in (own, licence_decided(e_certificate=True)):
        assert falls(*course, today=THURSDAY, pack=FETCHING) == []


def test_every_threshold_has_a_name_of_its_own() -> None:
    found = falls(*licence_accepted(), today=FRIDAY)
    assert len({one.name for one in found}) == len(found)


def test_estimated_days_are_counted_again_when_a_year_is_announced() -> None:
    assert isinstance(planned, PlanMade)
    unsure = planned.model_copy(
        update={
            "calendar": "cn-national@0000000000000000",
            "lines": tuple(
                line.model_copy(update={"estimated": True}) for line in planned.lines
            ),
        }
    )
    state = given(unsure).state()
    found = due(state, Rulebook(PACK, CATALOGUE, CALENDAR), MONDAY)

    assert [one.command for one in found] == [FollowCalendar()]


def test_every_body_owes_both_returns_when_the_quarter_ends() -> None:
    before = returns_due(EMPTY, PACK, date(2026, 3, 30), MONDAY)
    at_end = returns_due(EMPTY, PACK, date(2026, 3, 31), MONDAY)

    assert before == ()
    assert len(at_end) == 8
    assert {one.command.form for one in at_end if isinstance(one.command, NoteReturnDue)} == {
        "ledger",
        "issues",
    }


def test_what_is_owed_already_is_not_owed_again() -> None:
    owed = ReturnDue(
        form="ledger",
        quarter="2026-Q1",
        body="park_i",
        to="ro",
        due_on=date(2026, 3, 31),
        rule="reporting.ledger",
    )
    office = evolve_office(EMPTY, owed)
    assert len(returns_due(office, PACK, date(2026, 4, 2), MONDAY)) == 7


def test_quarters_are_those_of_the_calendar() -> None:
    assert quarter_of(date(2026, 12, 31)) == "2026-Q4"
    assert span_of("2026-Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    assert span_of("2026-Q1") == (date(2026, 1, 1), date(2026, 3, 31))
    assert ended_by(date(2026, 3, 31)) == "2026-Q1"
    assert ended_by(date(2026, 1, 1)) == "2025-Q4"

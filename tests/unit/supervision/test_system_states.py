"""What the approval system says is followed, or shown; it never overwrites what we know."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.event import Event
from contracts.supervision import (
    ItemAccepted,
    ItemDecided,
    ItemReceived,
    ItemSubmitted,
    ItemWithdrawn,
    SystemStateNoted,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import NoteSystemState
from services.supervision.domain.facts import Facts
from services.supervision.domain.system_states import BLZT, conflicts_of, told_by
from shared.clock import LEGAL_ZONE
from tests.unit.supervision.examples import (
    FILING,
    LAND_PERMIT,
    MONDAY,
    agents_facts,
    assistance,
    given,
    licence_accepted,
    licence_received,
    officers_facts,
    on,
    planned,
    ready,
    submitted,
)

SOURCE = "approval_system"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=LEGAL_ZONE)


def says(
    code: int, day: int = 0, item: str = LAND_PERMIT, source: str = SOURCE
) -> NoteSystemState:
    at = NOON + timedelta(days=day)
    return NoteSystemState(
        item=item,
        source=source,
        system_ref="SL-2026-0001",
        system_state=code,
        stated_at=at,
        stated_on=at.date(),
        observed_at=at + timedelta(minutes=20),
    )


def heard(
    command: NoteSystemState, *history: Event, facts: Facts = officers_facts
) -> tuple[SystemStateNoted, list[Event]]:
    at = on(command.stated_on, facts)
    noted, *rest = DECIDER.decide(command, given(*history).state(), at)
    assert isinstance(noted, SystemStateNoted)
    return noted, rest


def test_an_acceptance_is_followed_with_its_raw_code() -> None:
    noted, rest = heard(says(3, 1), planned, *licence_received())

    assert (noted.verdict, noted.field, noted.system_state) == ("followed", "accepted_on", 3)
    accepted = rest[0]
    assert isinstance(accepted, ItemAccepted)
    assert (accepted.accepted_on, accepted.system_state) == (date(2026, 3, 3), 3)


def test_a_filing_by_the_unit_is_found_by_the_system_where_the_mode_lets_it() -> None:
    helped = replace(officers_facts, engagement=assistance)
    noted, rest = heard(says(1, item=FILING), planned, ready, facts=helped)

    assert noted.verdict == "followed"
    assert [type(event) for event in rest[:2]] == [ItemSubmitted, ItemReceived]


def test_in_agency_a_receipt_without_our_filing_is_a_conflict_and_files_nothing() -> None:
    noted, rest = heard(says(1, item=FILING), planned, ready)

    assert (noted.verdict, noted.because) == ("conflict", "not_submitted_yet")
    assert rest == []


@pytest.mark.parametrize(("code", "outcome"), [(11, "approved"), (12, "approved_with_gap")])
def test_a_decision_is_followed(code: int, outcome: str) -> None:
    noted, rest = heard(says(code, 2), planned, *licence_accepted())
    decided = rest[0]

    assert isinstance(decided, ItemDecided)
    assert (noted.verdict, decided.outcome, decided.system_state) == ("followed", outcome, code)


def test_the_same_day_twice_told_agrees() -> None:
    noted, rest = heard(says(3), planned, *licence_accepted())
    assert (noted.verdict, noted.ours_on, rest) == ("agreed", MONDAY, [])


def test_another_day_is_a_conflict_that_overwrites_nothing() -> None:
    noted, rest = heard(says(3, 2), planned, *licence_accepted())
    state = given(planned, *licence_accepted(), noted).state()

    assert (noted.verdict, noted.because, noted.ours_on) == ("conflict", "another_day", MONDAY)
    assert rest == []
    assert state.items[LAND_PERMIT].accepted_on == MONDAY
    assert [one.stated_on for one in conflicts_of(state.items[LAND_PERMIT])] == [
        date(2026, 3, 4)
    ]


def test_a_conflict_is_settled_once_the_system_agrees() -> None:
    wrong, _ = heard(says(3, 2), planned, *licence_accepted())
    right = says(3).model_copy(update={"stated_at": NOON, "observed_at": NOON})
    state = given(planned, *licence_accepted(), wrong).state()
    older = DECIDER.decide(right, state, on(MONDAY, officers_facts))
    assert isinstance(older[0], SystemStateNoted)
    assert older[0].verdict == "older"
    assert (
        len(
            conflicts_of(
                given(planned, *licence_accepted(), wrong, *older).state().items[LAND_PERMIT]
            )
        )
        == 1
    )


def test_a_decision_with_another_outcome_is_a_conflict() -> None:
    decided = ItemDecided(
        item=LAND_PERMIT, outcome="not_approved", decided_on=MONDAY, body="depts"
    )
    noted, _ = heard(says(11), planned, *licence_accepted(), decided)
    assert (noted.verdict, noted.because) == ("conflict", "another_outcome")


def test_a_step_that_our_rules_refuse_is_shown_with_the_rule() -> None:
    noted, rest = heard(says(11, 1), planned, *licence_received())
    assert (noted.verdict, noted.because, rest) == ("conflict", "not_in_this_state", [])


def test_an_unknown_code_is_kept_raw_and_moves_nothing() -> None:
    noted, rest = heard(says(77), planned, *licence_received())
    assert (noted.verdict, noted.system_state, noted.field, rest) == (
        "unknown_code",
        77,
        None,
        [],
    )


def test_an_older_time_is_recorded_and_moves_nothing() -> None:
    newer, rest = heard(says(3, 3), planned, *licence_received())
    history = (planned, *licence_received(), newer, *rest)
    noted, more = heard(says(1, 1), *history)
    assert (noted.verdict, more) == ("older", [])


def test_the_same_row_twice_says_nothing_new() -> None:
    noted, rest = heard(says(3, 1), planned, *licence_received())
    given(planned, *licence_received(), noted, *rest).when(
        says(3, 1), on(date(2026, 3, 3), officers_facts)
    ).then_nothing()


def test_two_systems_are_kept_apart() -> None:
    first, rest = heard(says(3, 1), planned, *licence_received())
    second, more = heard(
        says(3, 1, source="county_system"), planned, *licence_received(), first, *rest
    )
    assert (second.verdict, more) == ("agreed", [])


def test_a_withdrawal_in_the_system_is_followed() -> None:
    noted, rest = heard(says(2, 1), planned, *licence_received())
    assert noted.verdict == "followed"
    assert isinstance(rest[0], ItemWithdrawn)
    assert rest[0].kind == "withdrawn"


def test_the_department_at_work_moves_nothing() -> None:
    noted, rest = heard(says(8, 1), planned, *licence_accepted())
    assert (noted.verdict, rest) == ("agreed", [])


def test_each_day_names_the_system_that_gave_it() -> None:
    noted, rest = heard(says(3, 1), planned, *licence_received())
    course = given(planned, *licence_received(), noted, *rest).state().items[LAND_PERMIT]
    assert told_by(course)["accepted_on"]["source"] == SOURCE
    assert told_by(course)["accepted_on"]["stated_at"].startswith("2026-03-03T12:00")


def test_an_item_that_is_not_served_is_refused() -> None:
    given(planned).when(says(3, item="S3-08"), officers_facts).then_refused("item_not_in_scope")


def test_who_uploads_the_file_makes_no_difference() -> None:
    by_agent, _ = heard(says(3, 1), planned, *licence_received(), facts=agents_facts)
    by_office, _ = heard(says(3, 1), planned, *licence_received())
    assert by_agent == by_office


@pytest.mark.parametrize("code", sorted(BLZT))
@pytest.mark.parametrize(
    "history",
    [
        (planned,),
        (planned, ready, submitted),
        (planned, *licence_received()),
        (planned, *licence_accepted()),
    ],
    ids=["waiting", "submitted", "received", "accepted"],
)
def test_every_code_in_every_state_gets_an_answer(
    code: int, history: tuple[Event, ...]
) -> None:
    noted, _ = heard(says(code, 1), *history)
    assert noted.verdict in ("followed", "agreed", "conflict")


def test_times_are_kept_with_their_zone() -> None:
    at = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    command = says(3).model_copy(update={"stated_at": at, "stated_on": date(2026, 3, 3)})
    noted, _ = heard(command, planned, *licence_received())
    assert noted.stated_at == at

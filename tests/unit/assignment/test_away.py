"""Who is away gets no work, and a reserve acts only while he is activated."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.assignment import (
    AbsenceEnded,
    AbsenceRecorded,
    ReserveActivated,
    ReserveStoodDown,
    StaffRemoved,
)
from contracts.event import Personal
from services.assignment.domain.commands import (
    ActivateReserve,
    EndAbsence,
    RecordAbsence,
    StandDownReserve,
)
from tests.unit.assignment.examples import MATTER_ID, NEW, TODAY
from tests.unit.assignment.people import (
    CHIEFED,
    FAY,
    GUS,
    IDA,
    TOMORROW,
    at,
    before,
    joined,
)

AREA = CHIEFED.pack.jurisdiction.code
SOON = TODAY + timedelta(days=20)
fay = joined(FAY, CHIEFED, "team", "agent")
gus = joined(GUS, CHIEFED, "team", "agent")
ida = joined(IDA, CHIEFED, "team", "reserve_agent")
KIND: Personal[Any] = Personal("leave")

away = AbsenceRecorded(
    absence=NEW, person=FAY, begins_on=TOMORROW, ends_on=SOON, substitute=GUS, kind=KIND
)
active = ReserveActivated(
    activation=NEW,
    person=IDA,
    body="team",
    covers=FAY,
    matters=(MATTER_ID,),
    cause="absence",
    begins_on=TODAY,
    ends_on=SOON,
)


def leave(**more: Any) -> RecordAbsence:
    given = {"begins_on": TOMORROW, "ends_on": SOON, "substitute": GUS, **more}
    return RecordAbsence.model_validate({"area": AREA, "person": FAY, "kind": KIND, **given})


def activate(**more: Any) -> ActivateReserve:
    given = {"covers": FAY, "matters": [MATTER_ID], "cause": "absence", "ends_on": SOON, **more}
    return ActivateReserve.model_validate({"area": AREA, "person": IDA, **given})


def test_an_absence_is_recorded_with_who_takes_over_meanwhile() -> None:
    at(CHIEFED)(fay, gus).when(leave()).then(away)
    at(CHIEFED)(fay, gus, away).when(leave()).then_nothing()


def test_who_is_away_gets_no_work_on_those_days_and_is_warned_about_before() -> None:
    state = at(CHIEFED)(fay, gus, away).state()
    assert state.available(FAY, TODAY) and state.why_not(FAY, TODAY) is None
    assert state.why_not(FAY, TOMORROW) == state.why_not(FAY, SOON) == "absent"
    assert state.available(FAY, SOON + timedelta(days=1))
    ahead = state.absence_ahead(FAY, TODAY)
    assert ahead is not None and ahead.begins_on == TOMORROW
    assert (
        state.absence_ahead(FAY, before(3)) is None and state.absence_ahead(GUS, TODAY) is None
    )


def test_why_somebody_is_away_is_nobodys_business() -> None:
    assert "kind" not in away.public() and "leave" not in str(away.public())


def test_an_absence_that_overlaps_runs_backwards_or_lasts_for_ever_is_refused() -> None:
    at(CHIEFED)(fay, gus, away).when(leave(begins_on=SOON)).then_refused("absence_overlaps")
    at(CHIEFED)(fay, gus).when(leave(ends_on=TODAY)).then_refused("ends_before_it_begins")
    far = TODAY + timedelta(days=900)
    at(CHIEFED)(fay, gus).when(leave(ends_on=far)).then_refused("period_too_long")


def test_a_substitute_is_another_person_who_is_there() -> None:
    at(CHIEFED)(fay).when(leave(substitute=FAY)).then_refused("same_person")
    at(CHIEFED)(fay).when(leave(substitute=GUS)).then_refused("not_on_the_roster")
    at(CHIEFED)(fay, ida).when(leave(substitute=IDA)).then_refused("not_available")


def test_who_comes_back_early_is_back() -> None:
    ended = AbsenceEnded(absence=NEW, person=FAY, last_on=TODAY)
    back = EndAbsence(area=AREA, absence=NEW)
    at(CHIEFED)(fay, gus, away).when(back).then(ended)
    at(CHIEFED)(fay, gus, away, ended).when(back).then_nothing()
    assert at(CHIEFED)(fay, gus, away, ended).state().available(FAY, TOMORROW)
    at(CHIEFED)(fay).when(back).then_refused("absence_unknown")


def test_a_reserve_gets_nothing_until_he_is_activated() -> None:
    assert at(CHIEFED)(ida).state().why_not(IDA, TODAY) == "reserve_not_activated"
    state = at(CHIEFED)(fay, ida, active).state()
    assert state.available(IDA, TODAY) and state.available(IDA, SOON)
    assert state.why_not(IDA, SOON + timedelta(days=1)) == "reserve_not_activated"


def test_a_reserve_is_activated_for_somebody_for_a_reason_and_a_period() -> None:
    at(CHIEFED)(fay, ida).when(activate()).then(active)
    at(CHIEFED)(fay, ida, active).when(activate()).then_nothing()


def test_who_is_no_reserve_or_acts_already_is_not_activated() -> None:
    at(CHIEFED)(fay, gus).when(activate(person=GUS)).then_refused("not_a_reserve")
    busy = activate(covers=GUS)
    at(CHIEFED)(fay, gus, ida, active).when(busy).then_refused("reserve_is_busy")
    at(CHIEFED)(ida).when(activate(covers=IDA)).then_refused("same_person")
    at(CHIEFED)(fay, ida).when(activate(ends_on=before(1))).then_refused(
        "ends_before_it_begins"
    )
    ill = away.model_copy(update={"person": IDA, "begins_on": TODAY, "substitute": None})
    at(CHIEFED)(fay, ida, ill).when(activate()).then_refused("not_available")


def test_a_reserve_who_stood_down_sees_nothing_again() -> None:
    command = StandDownReserve(area=AREA, activation=NEW, cause="returned")
    stood = ReserveStoodDown(activation=NEW, person=IDA, cause="returned", stood_down_on=TODAY)
    at(CHIEFED)(fay, ida, active).when(command).then(stood)
    at(CHIEFED)(fay, ida, active, stood).when(command).then_nothing()
    assert not at(CHIEFED)(fay, ida, active, stood).state().available(IDA, TODAY)
    at(CHIEFED)(fay, ida).when(command).then_refused("activation_unknown")


@pytest.mark.parametrize(
    ("history", "why"),
    [
        ((), "not_on_the_roster"),
        ((fay, StaffRemoved(person=FAY, body="team", cause="left")), "left"),
    ],
)
def test_who_is_not_there_cannot_be_given_anything(history: Any, why: str) -> None:
    assert at(CHIEFED)(*history).state().why_not(FAY, TODAY) == why


def test_who_is_a_reserve_and_something_else_works_in_that() -> None:
    both = joined(IDA, CHIEFED, "team", "reserve_agent", "agent")
    assert at(CHIEFED)(both).state().available(IDA, TODAY)

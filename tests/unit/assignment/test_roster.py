"""The roster (花名册): who joins, in which post, who leaves, who was trained."""

from datetime import timedelta

import pytest

from contracts.assignment import (
    PostVacated,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event, Personal
from services.assignment.domain import ROSTER
from services.assignment.domain.commands import (
    AmendStaff,
    HoldTraining,
    RecordAttendance,
    RemoveStaff,
    VacatePost,
)
from tests.unit.assignment.examples import (
    ADA,
    AREA,
    BEN,
    CAI,
    NEW,
    TODAY,
    ada,
    add,
    ben,
    cai,
    dan,
    fill,
    filled,
    given_roster,
    staff,
)

TITLE = Personal("帮代办业务培训")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("centre", "hall"),
        ("depts", "department"),
        ("park_i", "park"),
        ("park_a", "park"),
        ("town", "township"),
    ],
)
def test_every_responsible_body_may_send_agents(body: str, kind: str) -> None:
    given_roster().when(add(body=body)).then(staff(ADA, body, kind, roles=("agent",)))


def test_a_part_of_the_service_centre_may_send_agents_too() -> None:
    given_roster().when(add(body="zone")).then(staff(ADA, "zone", "hall", roles=("agent",)))


def test_a_new_person_gets_a_pseudonym() -> None:
    nameless = add().model_copy(update={"person": None})
    given_roster().when(nameless).then(staff(f"p:{NEW}", "park_i", roles=("agent",)))


def test_a_body_cannot_fill_a_post_the_pack_does_not_give_it() -> None:
    refusal = given_roster().when(add(body="ro")).then_refused("role_not_for_this_body")
    assert refusal["rule"] == "roles.agent.bodies"


def test_an_unknown_body_item_or_site_is_refused() -> None:
    given_roster().when(add(body="nobody")).then_refused("body_unknown")
    given_roster().when(add(items=("S9-99",))).then_refused("item_unknown")
    given_roster().when(add(sites=("park-moon",))).then_refused("site_unknown")


def test_adding_the_same_person_again_changes_nothing() -> None:
    given_roster(staff(ADA, "park_i", roles=("agent",))).when(add()).then_nothing()


def test_a_person_is_on_the_roster_once() -> None:
    given_roster(cai).when(add(CAI)).then_refused("already_on_the_roster")


def test_lists_are_replaced_and_only_what_changed_is_said() -> None:
    command = AmendStaff(area=AREA, person=ADA, items=("S1-01",), roles=("helper", "agent"))
    given_roster(ada).when(command).then(StaffAmended(person=ADA, items=("S1-01",)))
    given_roster(ada).when(AmendStaff(area=AREA, person=ADA, skills=())).then_nothing()


def test_skills_are_open_words() -> None:
    command = AmendStaff(area=AREA, person=ADA, skills=("whole_flow", "tax_relief"))
    amended = StaffAmended(person=ADA, skills=("whole_flow", "tax_relief"))
    given_roster(ada).when(command).then(amended)
    state = given_roster(ada, amended).state()
    assert state.staff[ADA].skills == {"whole_flow", "tax_relief"}


def test_who_is_not_on_the_roster_cannot_be_amended_removed_or_given_a_post() -> None:
    for command in (
        AmendStaff(area=AREA, person=ADA, skills=()),
        RemoveStaff(area=AREA, person=ADA, cause="left"),
        fill(),
    ):
        given_roster().when(command).then_refused("not_on_the_roster")


def test_leaving_gives_up_every_post_and_names_the_successor() -> None:
    gone = RemoveStaff(area=AREA, person=ADA, cause="left", successor=BEN)
    vacated = PostVacated(
        post="lead_agent",
        body="park_i",
        person=ADA,
        cause="left",
        successor=BEN,
        vacated_on=TODAY,
    )
    removed = StaffRemoved(
        person=ADA, body="park_i", cause="left", successor=BEN, left_on=TODAY
    )
    given_roster(ada, ben, filled()).when(gone).then(vacated, removed)
    state = given_roster(ada, ben, filled(), vacated, removed).state()
    assert not state.available(ADA, TODAY) and state.heir(ADA) == BEN


def test_leaving_twice_changes_nothing() -> None:
    removed = StaffRemoved(person=ADA, body="park_i", cause="left")
    gone = RemoveStaff(area=AREA, person=ADA, cause="left")
    given_roster(ada, removed).when(gone).then_nothing()


def test_a_successor_must_be_another_person_on_the_roster() -> None:
    gone = RemoveStaff(area=AREA, person=ADA, cause="left", successor=BEN)
    given_roster(ada).when(gone).then_refused("not_on_the_roster")
    given_roster(ada).when(gone.model_copy(update={"successor": ADA})).then_refused(
        "same_person"
    )


def test_tasks_follow_a_successor_who_left_himself() -> None:
    events: tuple[Event, ...] = (
        ada,
        ben,
        cai,
        StaffRemoved(person=ADA, body="park_i", cause="left", successor=BEN),
        StaffRemoved(person=BEN, body="park_i", cause="left", successor=CAI),
    )
    assert given_roster(*events).state().heir(ADA) == CAI


def test_a_post_is_filled_from_a_day_on() -> None:
    given_roster(ada).when(fill()).then(filled())
    given_roster(ada, filled()).when(fill()).then_nothing()


def test_a_post_has_one_holder_and_may_have_one_acting() -> None:
    held = given_roster(ada, ben, filled())
    held.when(fill(BEN)).then_refused("post_is_held")
    held.when(fill(BEN, acting=True)).then(filled(BEN, acting=True))


def test_a_post_fits_the_roles_on_the_roster() -> None:
    given_roster(ada).when(fill(role="liaison")).then_refused("role_not_on_the_roster")


def test_a_period_does_not_end_before_it_begins() -> None:
    backwards = fill(ends_on=TODAY - timedelta(days=1))
    given_roster(ada).when(backwards).then_refused("ends_before_it_begins")


def test_who_left_his_post_gets_no_work_until_he_holds_one_again() -> None:
    vacated = PostVacated(
        post="lead_agent", body="park_i", person=ADA, cause="leave", vacated_on=TODAY
    )
    leave = VacatePost(area=AREA, post="lead_agent", person=ADA, cause="leave")
    given_roster(ada, filled()).when(leave).then(vacated)
    given_roster(ada, filled(), vacated).when(leave).then_nothing()
    assert not given_roster(ada, filled(), vacated).state().available(ADA, TODAY)
    assert given_roster(ada, filled(), vacated, filled()).state().available(ADA, TODAY)


def test_a_period_that_is_over_gives_no_work() -> None:
    state = given_roster(ada, filled(ends_on=TODAY)).state()
    assert state.available(ADA, TODAY)
    assert not state.available(ADA, TODAY + timedelta(days=1))


def test_a_term_ends_when_it_is_over_and_not_before() -> None:
    over = VacatePost(area=AREA, post="lead_agent", person=ADA, cause="period_over")
    given_roster(ada, filled(ends_on=TODAY)).when(over).then_refused("period_not_over")
    given_roster(ada, filled()).when(over).then_refused("period_not_over")
    past = filled(begins_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    given_roster(ada, past).when(over).then(
        PostVacated(
            post="lead_agent",
            body="park_i",
            person=ADA,
            cause="period_over",
            vacated_on=TODAY,
        )
    )


def test_a_post_somebody_never_held_cannot_be_vacated() -> None:
    leave = VacatePost(area=AREA, post="lead_agent", person=ADA, cause="leave")
    given_roster(ada).when(leave).then_refused("post_not_held")


def test_a_training_invites_every_body_with_people_on_the_roster() -> None:
    command = HoldTraining(
        area=AREA, body="ro", topics=("policy", "business", "operation"), title=TITLE
    )
    given_roster(ada, ben, dan).when(command).then(
        TrainingHeld(
            training=NEW,
            body="ro",
            topics=("policy", "business", "operation"),
            invited=("park_i", "town"),
            title=TITLE,
        )
    )


def test_a_training_of_an_unknown_body_is_refused() -> None:
    command = HoldTraining(
        area=AREA, body="ro", topics=("policy",), invited=("moon",), title=TITLE
    )
    given_roster().when(command).then_refused("body_unknown")


def test_who_came_is_recorded_once() -> None:
    held = TrainingHeld(
        training=NEW, body="ro", topics=("policy",), invited=("park_i",), title=TITLE
    )
    came = TrainingAttended(training=NEW, person=ADA, body="park_i")
    command = RecordAttendance(area=AREA, training=NEW, persons=(ADA, ADA))
    given_roster(ada, held).when(command).then(came)
    given_roster(ada, held, came).when(command).then_nothing()
    given_roster(ada).when(command).then_refused("training_unknown")
    given_roster(held).when(command).then_refused("not_on_the_roster")


def test_what_happens_in_matters_does_not_move_the_roster() -> None:
    before = ROSTER.fold((ada,))
    assert ROSTER.evolve(before, StaffAmended(person=BEN, items=())) == before

"""Posts apart from people: what the pack asks for, who fills it, and what is vacant."""

from dataclasses import replace

import pytest

from contracts.assignment import ChiefAppointed, PostVacated
from contracts.event import Event
from services.assignment.domain.commands import VacatePost
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.places import places, vacancies
from services.assignment.domain.roster import EMPTY
from tests.unit.assignment.examples import TODAY
from tests.unit.assignment.people import (
    CHIEFED,
    FAY,
    GROUPED,
    GUS,
    HAL,
    LISTED,
    SITED,
    TOMORROW,
    at,
    before,
    into,
    joined,
    post,
)

fay = joined(FAY, LISTED, "housing", "specialist")
gus = joined(GUS, LISTED, "housing", "specialist")
hal = joined(HAL, LISTED, "water", "specialist")
SPECIALIST = "specialist-housing"
rep = post(FAY, SPECIALIST, "specialist", "housing", slot="specialist")


def vacant(facts: RosterFacts, *history: Event) -> list[str]:
    state = at(facts)(*history).state()
    return [f.place.post for f in vacancies(state, facts.pack, facts.catalogue, TODAY)]


def test_each_of_six_departments_owes_a_specialist_and_the_others_a_liaison() -> None:
    wanted = vacant(LISTED)
    assert sum(name.startswith("specialist-") for name in wanted) == 6
    assert "liaison-rest" in wanted
    assert SPECIALIST not in vacant(LISTED, fay, rep)


def test_standing_on_the_roster_does_not_fill_a_post_that_one_person_holds() -> None:
    assert SPECIALIST in vacant(LISTED, fay)
    assert "liaison-rest" not in vacant(LISTED, joined(GUS, LISTED, "rest", "liaison"))


def test_each_stage_wants_a_contact_of_its_own() -> None:
    names = {f"stage_contact-s{n}" for n in (1, 2, 3, 4)}
    assert names <= set(vacant(GROUPED))
    contact = joined(FAY, GROUPED, "depts", "specialist")
    at(GROUPED)(contact).when(into(GROUPED, FAY, "stage_contact", stage="S2")).then(
        post(FAY, "stage_contact-s2", "specialist", "depts", slot="stage_contact", stage="S2")
    )
    at(GROUPED)(contact).when(into(GROUPED, FAY, "stage_contact")).then_refused(
        "slot_not_for_this"
    )


def test_a_pack_without_slots_still_wants_its_roles() -> None:
    bare = SITED.pack.model_copy(
        update={"team": SITED.pack.team.model_copy(update={"slots": ()})}
    )
    wanted = {f.place.rule for f in vacancies(EMPTY, bare, SITED.catalogue, TODAY)}
    assert wanted == {"roles.agent", "roles.helper"}


def test_every_place_of_every_pack_has_a_name_of_its_own() -> None:
    for facts in (CHIEFED, LISTED, GROUPED, SITED):
        names = [place.post for place in places(facts.pack, facts.catalogue)]
        assert len(names) == len(set(names))


def test_a_slot_says_the_post_and_the_role() -> None:
    command = into(LISTED, FAY, "specialist", duty_phone="0000-0000001")
    at(LISTED)(fay).when(command).then(rep.model_copy(update={"duty_phone": "0000-0000001"}))
    at(LISTED)(fay, rep).when(into(LISTED, FAY, "specialist")).then_nothing()


def test_a_slot_is_for_the_bodies_the_pack_names() -> None:
    stranger = joined(FAY, LISTED, "rest", "specialist")
    refused = at(LISTED)(stranger).when(into(LISTED, FAY, "specialist"))
    assert refused.then_refused("slot_not_for_this")["rule"] == "team.slots.specialist"
    at(LISTED)(fay).when(into(LISTED, FAY, "moon")).then_refused("slot_unknown")


def test_a_post_of_one_has_one_holder_on_any_day() -> None:
    other = into(LISTED, GUS, "specialist")
    at(LISTED)(fay, gus, rep).when(other).then_refused("post_is_held")
    acting = into(LISTED, GUS, "specialist", acting=True)
    at(LISTED)(fay, gus, rep).when(acting).then_refused("post_is_held")
    ends = rep.model_copy(update={"ends_on": TODAY})
    later = into(LISTED, GUS, "specialist", begins_on=TOMORROW)
    begun = post(
        GUS, SPECIALIST, "specialist", "housing", slot="specialist", begins_on=TOMORROW
    )
    at(LISTED)(fay, gus, ends).when(later).then(begun)


def test_a_day_that_somebody_held_stays_his() -> None:
    held = rep.model_copy(update={"begins_on": before(9)})
    left = PostVacated(
        post=SPECIALIST, body="housing", person=FAY, cause="moved", vacated_on=before(3)
    )
    history = fay, gus, held, left
    back = into(LISTED, GUS, "specialist", begins_on=before(5))
    at(LISTED)(*history).when(back).then_refused("post_is_held")
    since = into(LISTED, GUS, "specialist", begins_on=before(3))
    begun = post(
        GUS, SPECIALIST, "specialist", "housing", slot="specialist", begins_on=before(3)
    )
    at(LISTED)(*history).when(since).then(begun)
    state = at(LISTED)(*history, begun).state()
    assert [p.person for p in state.holders(SPECIALIST, before(4))] == [FAY]
    assert [p.person for p in state.holders(SPECIALIST, TODAY)] == [GUS]


def test_one_person_may_hold_several_posts_beside_each_other() -> None:
    both = joined(FAY, CHIEFED, "team", "chief_agent", "agent")
    chief = into(CHIEFED, FAY, "chief")
    at(CHIEFED)(both, post(FAY, "agents", "agent", "team", slot="agents")).when(chief).then(
        post(FAY, "chief", "chief_agent", "team", slot="chief"),
        ChiefAppointed(team="team", person=FAY, body="team", post="chief", begins_on=TODAY),
    )


def test_giving_up_one_of_two_posts_leaves_the_other() -> None:
    both = joined(FAY, LISTED, "housing", "specialist", "agent")
    other = post(FAY, "desk", "agent", "housing")
    gone = PostVacated(post="desk", body="housing", person=FAY, cause="moved", vacated_on=TODAY)
    assert at(LISTED)(both, rep, other, gone).state().available(FAY, TODAY)


def test_a_mobile_number_is_no_office_telephone() -> None:
    command = into(LISTED, FAY, "specialist", duty_phone="10000000001")
    at(LISTED)(fay).when(command).then_refused("duty_phone_is_a_mobile")


def test_a_post_needs_a_name_or_a_slot() -> None:
    nameless = into(LISTED, FAY, "specialist").model_copy(update={"slot": None})
    at(LISTED)(fay).when(nameless).then_refused("post_not_named")


def test_a_role_is_held_only_by_whom_the_roster_gives_it() -> None:
    clerk = joined(FAY, LISTED, "housing", "liaison")
    at(LISTED)(clerk).when(into(LISTED, FAY, "specialist")).then_refused(
        "role_not_on_the_roster"
    )


def test_what_was_done_last_week_is_vacated_from_that_day() -> None:
    held = rep.model_copy(update={"begins_on": before(20)})
    entered = replace(LISTED, acted_on=before(7))
    area = LISTED.pack.jurisdiction.code
    gone = VacatePost(area=area, post=SPECIALIST, person=FAY, cause="moved")
    at(entered)(fay, held).when(gone).then(
        PostVacated(
            post=SPECIALIST, body="housing", person=FAY, cause="moved", vacated_on=before(7)
        )
    )


@pytest.mark.parametrize("facts", [CHIEFED, LISTED, GROUPED, SITED])
def test_an_empty_roster_lacks_what_the_pack_asks_for(facts: RosterFacts) -> None:
    found = vacancies(EMPTY, facts.pack, facts.catalogue, TODAY)
    assert found and all(f.missing == f.place.min > 0 for f in found)

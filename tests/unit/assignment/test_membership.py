"""Who sends people, of which kind they are, and what that lets them do."""

from dataclasses import replace
from typing import Any

from contracts.assignment import StaffAmended
from contracts.event import Personal
from services.assignment.domain.commands import AddStaff, AmendStaff
from services.assignment.domain.facts import RosterFacts
from services.assignment.service.streams import roster_of
from tests.unit.assignment.people import CHIEFED, FAY, GROUPED, at, joined

AREA = GROUPED.pack.jurisdiction.code


def add(**more: Any) -> AddStaff:
    given = {"body": "wg_util", "roles": ["head"], "name": Personal("测试员"), **more}
    return AddStaff.model_validate({"area": AREA, "person": FAY, **given})


def requiring(role: str, *words: str) -> RosterFacts:
    """The same place, where a role is open to some kinds of staff only."""
    roles = tuple(
        r.model_copy(update={"requires": words}) if r.canonical == role else r
        for r in GROUPED.pack.roles
    )
    return replace(GROUPED, pack=GROUPED.pack.model_copy(update={"roles": roles}))


def test_the_association_sends_people_who_keep_their_home() -> None:
    sent = add(home_body="assoc", staff_kind="association")
    at(GROUPED)().when(sent).then(
        joined(FAY, GROUPED, "wg_util", "head", home_body="assoc", staff_kind="association")
    )


def test_a_body_the_pack_does_not_name_sends_nobody() -> None:
    refusal = at(GROUPED)().when(add(home_body="depts")).then_refused("home_body_may_not_send")
    assert refusal["rule"] == "bodies.wg_util.staffed_from" and "assoc" in refusal["allowed"]
    anywhere = GROUPED.pack.model_copy(
        update={
            "bodies": tuple(
                b.model_copy(update={"staffed_from": ()}) for b in GROUPED.pack.bodies
            )
        }
    )
    loose = replace(GROUPED, pack=anywhere)
    refusal = at(loose)().when(add(home_body="depts")).then_refused("home_body_may_not_send")
    assert refusal["rule"] == "team.home_bodies"
    at(GROUPED)().when(add(home_body="moon")).then_refused("body_unknown")


def test_a_role_for_civil_servants_is_open_to_no_other_where_the_pack_says_so() -> None:
    sent = add(home_body="assoc", staff_kind="association")
    for words in (("公务员",), ("civil_servant", "业务熟练")):
        strict = requiring("head", *words)
        refusal = at(strict)().when(sent).then_refused("role_not_for_this_kind")
        assert refusal["allowed"] == ["civil_servant"]
        at(strict)().when(add()).then_refused("role_not_for_this_kind")
        at(strict)().when(add(staff_kind="civil_servant")).then(
            joined(FAY, GROUPED, "wg_util", "head", staff_kind="civil_servant")
        )


def test_other_words_about_a_role_bar_nobody() -> None:
    skilled = requiring("head", "具备较高素质")
    at(skilled)().when(add()).then(joined(FAY, GROUPED, "wg_util", "head"))


def test_a_change_of_kind_is_checked_against_the_roles_one_has() -> None:
    strict = requiring("head", "公务员")
    history = joined(FAY, GROUPED, "wg_util", "head", staff_kind="civil_servant")
    change = AmendStaff(area=AREA, person=FAY, staff_kind="association")
    at(strict)(history).when(change).then_refused("role_not_for_this_kind")
    at(GROUPED)(history).when(change).then(StaffAmended(person=FAY, staff_kind="association"))


def test_skills_and_languages_are_open_words() -> None:
    tagged = add(skills=["coordination", "composure"], languages=["zh", "tujia", "miao"])
    event = joined(
        FAY,
        GROUPED,
        "wg_util",
        "head",
        skills=("coordination", "composure"),
        languages=("zh", "tujia", "miao"),
    )
    at(GROUPED)().when(tagged).then(event)
    state = at(GROUPED)(event).state()
    assert state.staff[FAY].languages == {"zh", "tujia", "miao"}


def test_one_person_may_be_helper_and_agent() -> None:
    both = joined(FAY, CHIEFED, "team", "helper", "agent")
    assert at(CHIEFED)(both).state().staff[FAY].roles == {"helper", "agent"}


def test_every_place_has_a_roster_of_its_own() -> None:
    assert roster_of("990100") != roster_of("990102")

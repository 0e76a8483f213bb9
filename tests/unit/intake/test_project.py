"""Projects, and the one project a code leads to (项目登记)."""

from typing import Any

import pytest
from pydantic import ValidationError

from contracts.intake import ProjectAmended, ProjectIdentified, ProjectRegistered
from contracts.project import ProjectFacts
from services.intake.domain import CODE, PROJECT
from services.intake.domain.commands import AmendProject, ClaimCode, RegisterProject
from services.intake.domain.project import ProjectFloor
from shared.testing.spec import Spec
from tests.unit.intake.examples import AREA, ID, OTHER, PACK, UNIT, words

CODE_TEXT = f"2611-{AREA}-04-01-000001"
spec = Spec(PROJECT, ProjectFloor(PACK, UNIT))


def register(**facts: Any) -> RegisterProject:
    return RegisterProject(
        area=AREA, facts=ProjectFacts(**facts), name=words("厂房"), unit=words("测试公司")
    )


registered = ProjectRegistered(
    applicant=UNIT,
    facts={"investment": "social", "site": "park-industrial"},
    name=words("厂房"),
    unit=words("测试公司"),
)


def test_a_project_is_registered_with_what_was_said_and_nothing_else() -> None:
    spec.given().when(register(investment="social", site="park-industrial")).then(registered)


@pytest.mark.parametrize("blank", ["", " ", "\u3000\u3000"])
def test_a_name_of_blanks_is_no_name(blank: str) -> None:
    given = {"area": AREA, "name": "厂房", "unit": "测试公司"}
    assert RegisterProject.model_validate(given).area == AREA
    with pytest.raises(ValidationError):
        RegisterProject.model_validate(given | {"unit": blank})


def test_a_site_that_the_place_does_not_know_is_refused() -> None:
    spec.given().when(register(site="moon")).then_refused("site_unknown")


def test_a_project_is_registered_once() -> None:
    spec.given(registered).when(register()).then_refused("project_exists")


def test_only_what_is_new_is_recorded() -> None:
    more = AmendProject(facts=ProjectFacts(investment="social", nature="new"))
    spec.given(registered).when(more).then(ProjectAmended(facts={"nature": "new"}))
    same = AmendProject(facts=ProjectFacts(investment="social"))
    spec.given(registered).when(same).then_nothing()


def test_what_was_not_said_again_stays_known() -> None:
    amended = ProjectAmended(facts={"nature": "new"})
    state = spec.given(registered, amended).state()
    assert state.known() == ProjectFacts(
        investment="social", site="park-industrial", nature="new"
    )


def test_nobody_amends_what_was_never_registered() -> None:
    spec.given().when(AmendProject(code=CODE_TEXT)).then_refused("not_in_this_state")


def test_one_code_leads_to_one_project() -> None:
    codes = Spec(CODE, None)
    identified = ProjectIdentified(code=CODE_TEXT, leads_to=ID)
    codes.given().when(ClaimCode(code=CODE_TEXT, project=ID)).then(identified)
    codes.given(identified).when(ClaimCode(code=CODE_TEXT, project=ID)).then_nothing()
    details = (
        codes.given(identified)
        .when(ClaimCode(code=CODE_TEXT, project=OTHER))
        .then_refused("project_code_taken")
    )
    assert details["project"] == str(ID)

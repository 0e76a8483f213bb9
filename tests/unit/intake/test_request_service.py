"""Asking for help with a project, by either door (提交申请)."""

from dataclasses import replace

from contracts.intake import EligibilityAssessed
from tests.unit.intake.examples import (
    AT_THE_DOOR,
    FACTS,
    GOVERNMENT,
    NUMBER,
    UNKNOWN,
    eligible,
    given,
    ineligible,
    request_service,
    requested,
)

NUMBERED = replace(FACTS, number=NUMBER)


def test_a_request_is_recorded_and_its_project_assessed_at_once() -> None:
    given().when(request_service, NUMBERED).then(requested, eligible)


def test_a_request_by_the_online_entrance_is_the_same() -> None:
    online = request_service.model_copy(update={"channel": "online_zone"})
    given().when(online, NUMBERED).then(requested, eligible)


def test_a_government_project_is_pointed_elsewhere() -> None:
    facts = replace(GOVERNMENT, number=NUMBER)
    given().when(request_service, facts).then(requested, ineligible)


def test_what_nobody_said_yet_leaves_the_answer_open() -> None:
    undetermined = EligibilityAssessed(
        result="undetermined", rule="scope.include.social", unknown=("nature",)
    )
    facts = replace(UNKNOWN, number=NUMBER)
    given().when(request_service, facts).then(requested, undetermined)


def test_a_door_that_the_place_has_not_is_refused_and_the_doors_are_named() -> None:
    hotline = request_service.model_copy(update={"channel": "hotline"})
    details = given().when(hotline, NUMBERED).then_refused("channel_not_offered")
    assert details["offered"] == ["online_zone", "window"]


def test_a_mode_that_the_place_has_not_is_refused() -> None:
    lead = request_service.model_copy(update={"wanted": "lead"})
    given().when(lead, NUMBERED).then_refused("mode_not_offered")


def test_a_matter_is_requested_once() -> None:
    given(*AT_THE_DOOR).when(request_service, NUMBERED).then_refused("not_in_this_state")

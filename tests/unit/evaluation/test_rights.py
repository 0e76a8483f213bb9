"""Who may do what in evaluation: the rated nothing, the unit alone its rating."""

from datetime import UTC, datetime

import pytest

from services.evaluation.domain.rights import RIGHTS
from shared.rights import Principal, Standing, can

NOW = datetime(2026, 3, 2, tzinfo=UTC)
AREA, OTHER = "990100", "990200"
AGENT, UNIT = "p:1", "p:2"
MATTER = Standing(AREA, frozenset({UNIT}), frozenset({AGENT}))


def may(role: str, action: str, *, id: str = "p:9", area: str = AREA) -> bool:
    who = Principal(id, frozenset({role}), frozenset({area}))
    return can(RIGHTS, who, action, MATTER, NOW).allowed


@pytest.mark.parametrize("action", sorted(RIGHTS))
def test_a_post_of_another_place_may_do_nothing(action: str) -> None:
    roles = {role for role, relation in RIGHTS[action].items() if relation == "area"}
    assert not any(may(role, action, area=OTHER) for role in roles)


def test_an_agent_only_appeals_and_reads_his_own_results() -> None:
    assert {a for a in RIGHTS if may("agent", a, id=AGENT)} == {
        "AppealAppraisal",
        "Read",
        "ReadAppraisals",
    }
    assert not [a for a in RIGHTS if may("agent", a)]


@pytest.mark.parametrize("action", ["RecordRating", "OpenInvitation"])
def test_only_the_unit_opens_a_link(action: str) -> None:
    assert set(RIGHTS[action]) == {"applicant_lead", "applicant_handler", "applicant_proxy"}


def test_links_are_told_to_the_unit_they_are_for_and_to_nobody_else() -> None:
    assert may("applicant_lead", "ListInvitations", id=UNIT)
    assert not may("applicant_lead", "ListInvitations")
    assert not any(
        may(role, "ListInvitations") for role in ("evaluation_office", "office", "admin")
    )


def test_the_hall_calls_and_the_office_appraises() -> None:
    assert may("evaluation_office", "MakeReturnVisit")
    assert may("office", "ComputeAppraisal") and not may(
        "evaluation_office", "ComputeAppraisal"
    )
    assert may("office", "HoldHearing") and not may("liaison", "HoldHearing")

"""Who may do what at intake: every route has its posts, and nobody else has any."""

from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute

from services.intake.api import router
from services.intake.domain.rights import RIGHTS
from shared.rights import Principal, Standing, can
from tests.unit.intake.examples import AREA, UNIT

NOW = datetime(2026, 11, 20, tzinfo=UTC)
AGENT, STEWARD = "p:agent", "p:steward"
HERE = Standing(AREA, frozenset({UNIT}), frozenset({AGENT, STEWARD}))
COMMANDS = sorted(
    route.name
    for route in router.routes
    if isinstance(route, APIRoute) and "POST" in (route.methods or ())
)


def may(role: str, action: str, *, id: str = "p:x", area: str = AREA) -> bool:
    principal = Principal(id, frozenset({role}), frozenset({area}))
    return can(RIGHTS, principal, action, HERE, NOW).allowed


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_posts(command: str) -> None:
    assert RIGHTS[command]


@pytest.mark.parametrize("command", COMMANDS)
def test_auditors_and_administrators_only_read(command: str) -> None:
    assert may("auditor", "Read") and may("admin", "Read")
    assert not may("auditor", command) and not may("admin", command)


def test_a_post_serves_its_own_area_alone() -> None:
    assert may("window_clerk", "AcceptService")
    assert not may("window_clerk", "AcceptService", area="990200")


def test_the_unit_chooses_and_its_agent_does_not() -> None:
    assert may("applicant_lead", "ChooseMode", id=UNIT)
    assert not may("applicant_lead", "ChooseMode")
    assert not may("agent", "ChooseMode")


def test_the_unit_is_not_its_own_doorkeeper() -> None:
    for action in ("AcceptService", "DeclineService", "PrecheckItem", "MigrateMatter"):
        assert not may("applicant_lead", action, id=UNIT)


def test_the_window_lets_nobody_in_past_the_rules_by_itself() -> None:
    """HS-09: it asks; the office, which answers for the exception, enters it."""
    assert may("office", "AdmitByDiscretion") and may("head", "AdmitByDiscretion")
    assert not may("window_clerk", "AdmitByDiscretion")
    assert not may("liaison", "AdmitByDiscretion")


@pytest.mark.parametrize("role", ["agent", "helper", "reserve_agent"])
def test_who_serves_sees_and_acts_where_he_is_assigned_and_nowhere_else(role: str) -> None:
    served = [a for a in COMMANDS if may(role, a, id=AGENT)]
    unserved = [a for a in COMMANDS if may(role, a)]
    assert {"ReceiveMaterial", "PrecheckItem", "DraftForm"} <= set(served) - set(unserved)
    assert may(role, "Read", id=AGENT) and not may(role, "Read")
    assert may(role, "ReadPeople", id=AGENT) and not may(role, "ReadPeople")


def test_before_there_is_a_matter_whoever_is_there_helps() -> None:
    for action in ("AnswerVisitor", "RegisterProject"):
        assert may("helper", action) and may("agent", action)


def test_a_steward_sees_what_he_is_paired_with_and_acts_in_no_matter() -> None:
    assert may("steward", "Read", id=STEWARD) and not may("steward", "Read")
    assert not any(may("steward", a, id=STEWARD) for a in ("ReceiveMaterial", "ChooseMode"))


def test_door_chief_office_and_supervisor_keep_their_place() -> None:
    for role in ("window_clerk", "liaison", "chief_agent", "office", "supervisor"):
        assert may(role, "Read")

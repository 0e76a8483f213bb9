"""Who may do what at intake: every route has its posts, and nobody else has any."""

from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute

from services.intake.api import router
from services.intake.domain.rights import RIGHTS
from shared.rights import Principal, Standing, can
from tests.unit.intake.examples import AREA, UNIT

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HERE = Standing(AREA, frozenset({UNIT}))
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

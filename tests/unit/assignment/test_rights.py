"""Who may do what in assignment: each body its own team, the agent his own matter."""

from datetime import UTC, datetime

import pytest

from services.assignment.domain.rights import RIGHTS
from shared.rights import Principal, Standing, can

NOW = datetime(2026, 3, 2, tzinfo=UTC)
AREA, OTHER = "990100", "990200"
AGENT, UNIT = "p:1", "p:2"
MATTER = Standing(AREA, frozenset({UNIT}), frozenset({AGENT}), frozenset({"park_i"}))


def may(role: str, action: str, *, id: str = "p:9", area: str = AREA, body: str = "") -> bool:
    bodies = frozenset({body} - {""})
    who = Principal(id, frozenset({role}), frozenset({area}), bodies)
    return can(RIGHTS, who, action, MATTER, NOW).allowed


@pytest.mark.parametrize("action", sorted(RIGHTS))
def test_a_post_of_another_place_may_do_nothing(action: str) -> None:
    roles = {role for role, relation in RIGHTS[action].items() if relation == "area"}
    assert not any(may(role, action, area=OTHER) for role in roles)


@pytest.mark.parametrize(
    "action", ["AddStaff", "AmendStaff", "RemoveStaff", "FillPost", "VacatePost"]
)
def test_a_body_builds_its_own_team_and_the_office_may_build_any(action: str) -> None:
    assert may("liaison", action, body="park_i") and not may("liaison", action, body="park_a")
    assert may("office", action)
    assert not any(may(role, action) for role in ("agent", "window_clerk", "approver"))


def test_clerk_and_departments_dispatch_and_agents_do_not() -> None:
    assert may("window_clerk", "DispatchItems") and may("liaison", "DispatchItems")
    assert not may("agent", "DispatchItems", id=AGENT)


def test_only_the_agent_himself_takes_over() -> None:
    assert may("agent", "AcknowledgeAssignment", id=AGENT)
    assert not may("agent", "AcknowledgeAssignment")
    assert not may("office", "AcknowledgeAssignment")


def test_the_unit_sees_its_own_matter_and_commands_nothing() -> None:
    assert may("applicant_lead", "Read", id=UNIT) and not may("applicant_lead", "Read")
    allowed = [a for a in RIGHTS if may("applicant_lead", a, id=UNIT)]
    assert sorted(allowed) == ["Read", "ReadDirectory", "ReadNotices", "ReadPeople"]


def test_nobody_asks_for_what_only_the_agenda_does() -> None:
    assert "HandOver" not in RIGHTS


def test_the_task_force_reads_across_its_place() -> None:
    for role in ("head", "deputy_head", "member", "chief_rep", "supervisor"):
        assert may(role, "Read") and not may(role, "Read", area=OTHER)


def test_a_steward_reads_and_does_nothing() -> None:
    allowed = [a for a in RIGHTS if may("steward", a, id=AGENT)]
    assert sorted(allowed) == ["Read", "ReadDirectory"]

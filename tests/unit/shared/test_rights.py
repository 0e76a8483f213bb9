"""Who may do what: a table, a relation, and nothing for strangers."""

from datetime import UTC, datetime

import pytest

from shared.rights import Principal, Rights, Standing, accounts, can

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RIGHTS: Rights = {
    "Read": {"applicant_lead": "own", "applicant_handler": "own", "agent": "assigned",
             "window_clerk": "area", "liaison": "body", "auditor": "any"},
    "Decide": {"approver": "area"},
}  # fmt: skip
MATTER = Standing("990100", accounts("p:lead", "p:handler", None), frozenset({"p:agent"}),
                  frozenset({"depts"}))  # fmt: skip


def person(id: str, role: str, *, area: str = "990200", body: str = "none") -> Principal:
    return Principal(id, frozenset({role}), frozenset({area}), frozenset({body}))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (person("p:lead", "applicant_lead"), True),
        (person("p:handler", "applicant_handler"), True),
        (person("p:other", "applicant_lead"), False),
        (person("p:agent", "agent"), True),
        (person("p:other", "agent", area="990100"), False),
        (person("p:x", "window_clerk", area="990100"), True),
        (person("p:x", "window_clerk"), False),
        (person("p:x", "liaison", body="depts"), True),
        (person("p:x", "liaison", area="990100"), False),
        (person("p:x", "auditor"), True),
        (person("p:x", "nobody", area="990100"), False),
    ],
)
def test_each_relation_opens_what_the_table_says(who: Principal, allowed: bool) -> None:
    assert can(RIGHTS, who, "Read", MATTER, NOW).allowed is allowed


def test_an_action_that_is_not_in_the_table_is_denied_to_everybody() -> None:
    assert not can(RIGHTS, person("p:x", "auditor"), "Erase", MATTER, NOW).allowed


def test_a_stranger_is_not_told_that_the_matter_exists() -> None:
    stranger = can(RIGHTS, person("p:x", "window_clerk"), "Decide", MATTER, NOW)
    colleague = can(RIGHTS, person("p:x", "window_clerk", area="990100"), "Decide", MATTER, NOW)
    assert (stranger.allowed, stranger.visible) == (False, False)
    assert (colleague.allowed, colleague.visible) == (False, True)


def test_a_reserve_is_an_agent_for_what_was_handed_to_him_and_sees_nothing_else() -> None:
    reserve = person("p:agent", "reserve_agent", area="990100")
    assert can(RIGHTS, reserve, "Read", MATTER, NOW).allowed
    other = Standing("990100", agents=frozenset({"p:other"}))
    decision = can(RIGHTS, reserve, "Read", other, NOW)
    assert not decision.allowed and not decision.visible
    assert not can(RIGHTS, reserve, "Decide", MATTER, NOW).allowed


def test_who_reads_by_assignment_knows_of_nothing_else_in_his_place() -> None:
    neighbour = can(RIGHTS, person("p:other", "agent", area="990100"), "Decide", MATTER, NOW)
    assigned = can(RIGHTS, person("p:agent", "agent", area="990100"), "Decide", MATTER, NOW)
    assert (neighbour.allowed, neighbour.visible) == (False, False)
    assert (assigned.allowed, assigned.visible) == (False, True)

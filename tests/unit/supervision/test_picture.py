"""How a matter looks from outside, and who may do what."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.vocabulary import Role
from services.supervision.domain import commands
from services.supervision.domain.picture import picture, plan_of
from services.supervision.domain.rights import RIGHTS
from shared.rights import Principal, Standing, can
from tests.unit.supervision.examples import (
    AGENT,
    AREA,
    DEED,
    FILING,
    LAND_PERMIT,
    UNIT,
    agents_facts,
    assistance,
    given,
    licence_accepted,
    licence_decided,
    planned,
    ready,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
INTERNAL = {
    "AmendScope",
    "ArrangePlan",
    "DeemAccepted",
    "CorrectReminder",
    "NoteMissedReminder",
    "NoteSilentFeed",
    "SettleMessage",
    "RecomputeDue",
    "WarnAhead",
    "FollowCalendar",
    "NoteMaterials",
    "NoteReturnDue",
    "NoteSystemState",
    "NoteUnreached",
    "OpenFollowUp",
    "RemindNode",
    "RemindOwed",
    "TakeListedIssue",
    "UrgeByItself",
}


def test_other_services_read_what_was_agreed() -> None:
    shown = picture(given(planned, *licence_accepted()).state(), agents_facts)
    agreed = {"state", "submitted_on", "due_on", "outcome", "e_certificate", "collected"}

    assert agreed | {"delivered", "closed"} <= shown["items"][LAND_PERMIT].keys()
    assert shown["open_items"] == ["S1-01", "S1-04", "S1-05"]
    assert shown["originals_outstanding"] == [str(DEED)]
    assert shown["complete"] is False
    assert json.dumps(shown)


def test_the_plan_shows_planned_against_actual_and_what_is_saved() -> None:
    shown = plan_of(given(planned, *licence_decided()).state())

    assert shown is not None
    assert shown["saved_days"] == 1
    assert shown["lines"][2]["actual_on"] == "2026-03-02"
    assert plan_of(given().state()) is None


def test_each_open_item_has_a_next_task_with_the_packs_own_stage() -> None:
    shown = picture(given(planned, ready, *licence_decided()).state(), agents_facts)

    tasks = {task["item"]: task for task in shown["tasks"]}
    assert (tasks[FILING]["do"], tasks[FILING]["by"]) == ("submit", ["agent"])
    assert (tasks[LAND_PERMIT]["do"], tasks[LAND_PERMIT]["stage"]) == ("collect", "取件")


def test_in_agency_the_unit_is_given_only_its_two_kinds_of_task() -> None:
    e_certificate = licence_decided(e_certificate=True)
    shown = picture(given(planned, ready, *e_certificate).state(), agents_facts)

    asked_of_the_unit = [t["do"] for t in shown["tasks"] if "applicant" in t["by"]]
    assert asked_of_the_unit == ["download"]


def test_in_assistance_the_unit_files_itself() -> None:
    facts = replace(agents_facts, engagement=assistance)
    shown = picture(given(planned, ready).state(), facts)

    assert shown["tasks"][0]["by"] == ["applicant"]


def test_the_three_duties_are_counted() -> None:
    shown = picture(given(planned).state(), agents_facts)
    assert shown["duties"] == {"visits": 0, "urges": 0, "deliveries": 0}


def test_every_command_for_people_has_a_row_in_the_table_of_rights() -> None:
    reading = {"Read", "ReadOffice", "ReadOfBody"}
    assert set(commands.__all__) - INTERNAL == set(RIGHTS) - reading


def test_only_known_posts_stand_in_the_table() -> None:
    posts = set(Role.__value__.__args__) | {"admin", "auditor", "archivist", "service"}
    assert {post for row in RIGHTS.values() for post in row} <= posts


def holder(role: str, id: str = AGENT, **more: Any) -> Principal:
    return Principal(id, frozenset({role}), **more)


MATTER = Standing(AREA, frozenset({UNIT}), frozenset({AGENT}), frozenset({"park_i", "depts"}))


@pytest.mark.parametrize(
    ("principal", "action", "allowed"),
    [
        (holder("agent"), "SubmitItem", True),
        (holder("agent", "p:other"), "SubmitItem", False),
        (holder("applicant_lead", UNIT), "DeliverResult", True),
        (holder("applicant_lead", "p:other"), "Read", False),
        (holder("approver", areas=frozenset({AREA})), "DecideItem", True),
        (holder("approver", areas=frozenset({"990100"})), "DecideItem", False),
        (holder("applicant_lead", UNIT), "DecideItem", False),
        (holder("liaison", bodies=frozenset({"park_i"})), "FileReturn", True),
        (holder("liaison", bodies=frozenset({"town"})), "FileReturn", False),
        (holder("service"), "Read", True),
    ],
)
def test_a_post_may_do_its_own_and_nothing_else(
    principal: Principal, action: str, allowed: bool
) -> None:
    assert can(RIGHTS, principal, action, MATTER, NOW).allowed is allowed

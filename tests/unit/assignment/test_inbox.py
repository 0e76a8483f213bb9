"""What assignment does when others speak. No broker, no database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from contracts.event import Event, Personal
from contracts.intake import (
    ItemScopeFixed,
    ModeChosen,
    ProjectAmended,
    ServiceAccepted,
    ServiceDeclined,
    ServiceRequested,
)
from contracts.supervision import ItemClosed
from services.assignment.domain import MATTER
from services.assignment.domain.commands import ArrangeMatter
from services.assignment.inbox import reactions
from services.assignment.service import Assignment, matter_of
from shared.envelope import Heard
from shared.problems import Problem
from tests.unit.assignment.examples import (
    AREA,
    MATTER_ID,
    PACK,
    RULES,
    SERVED,
    routed,
)
from tests.unit.hearing import heard_of

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
MESSAGE = UUID("01990000-0000-7000-8000-0000000000cc")
ANSWER: dict[str, Any] = {
    "area": AREA,
    "project": None,
    "pack": PACK.edition,
    "state": "accepted",
    "site": "park-industrial",
    "mode": "agent",
    "items": ["S1-01"],
    "body": "zone",
    "applicant": "p:01990000-0000-7000-8000-000000000050",
    "opened_on": "2026-03-01",
    "facts": {"site": "park-industrial", "flags": []},
}


@dataclass
class Notes:
    """What the reactions wrote down."""

    modes: list[Any] = field(default_factory=list)
    closed: list[Any] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)

    async def heard_request(
        self, matter: UUID, project: UUID | None, people: list[str], at: datetime
    ) -> None:
        self.requests.append((matter, project, people, at))

    async def requests_of(self, project: UUID) -> list[UUID]:
        return [matter for matter, known, *_ in self.requests if known == project]

    async def heard_mode(self, matter: UUID, mode: str) -> None:
        self.modes.append((matter, mode))

    async def heard_closed(self, matter: UUID, item: str) -> None:
        self.closed.append((matter, item))


def service(answer: dict[str, Any] | None = ANSWER, *history: Event) -> Any:
    """As much of the service as a reaction uses."""
    made = SimpleNamespace(
        name="assignment",
        queries=Notes(),
        floor=SimpleNamespace(
            clock=lambda: NOW, packs=SimpleNamespace(edition=lambda _: RULES)
        ),
    )

    async def arranged(_: UUID, now: datetime) -> Any:
        if answer is None:
            return None
        matter = matter_of(answer)
        facts = Assignment.facts(cast(Assignment, made), matter, "s:assignment", now)
        return matter, MATTER.fold(history), facts

    made.arranged = arranged
    return made


def heard(event: Event) -> Heard:
    return heard_of(
        event, matter=MATTER_ID, area=AREA, pack=PACK.edition, at=NOW, message=MESSAGE,
        project=MATTER_ID,
    )  # fmt: skip


UNIT = "p:01990000-0000-7000-8000-000000000050"
REQUESTED = ServiceRequested(
    number="990100-2026-1",
    applicant=UNIT,
    lead_name=Personal("甲"),
    lead_phone=Personal("000-0000001"),
)
ACCEPTED = ServiceAccepted(body="zone")
SCOPE = ItemScopeFixed(
    catalogue="items-representative@0123456789abcdef", stages=("S1",), items=("S1-01",)
)


@pytest.mark.parametrize("event", [ACCEPTED, SCOPE], ids=["accepted", "scope"])
async def test_an_accepted_matter_is_routed(event: Event) -> None:
    (step,) = await reactions(service())["intake"](heard(event))
    assert (step.stream, type(step.command)) == (MATTER_ID, ArrangeMatter)
    assert step.asked.act.actor == "s:assignment" and step.asked.heard == "intake"
    events = step.aggregate.decider.decide(
        step.command, step.aggregate.decider.initial, step.facts
    )
    assert [e.to for e in events] == [("park_i",)]


async def test_a_matter_that_is_routed_is_left_alone() -> None:
    assert await reactions(service(ANSWER, routed))["intake"](heard(SCOPE)) == []


async def test_a_project_put_right_before_dispatch_is_routed_anew() -> None:
    moved = {**ANSWER, "site": "elsewhere", "facts": {"site": "elsewhere", "flags": []}}
    assigned = service(moved, routed)
    requested = heard(REQUESTED)
    assert await reactions(assigned)["intake"](requested) == []
    amended = heard(ProjectAmended(facts={"site": "elsewhere"}))
    (step,) = await reactions(assigned)["intake"](amended)
    events = step.aggregate.decider.decide(step.command, MATTER.fold((routed,)), step.facts)
    assert [e.to for e in events] == [("depts", "town")]
    assert await reactions(service(moved, *SERVED))["intake"](amended) == []


@pytest.mark.parametrize(
    "answer",
    [
        {**ANSWER, "site": None, "facts": {}},
        {**ANSWER, "state": "declined"},
    ],
    ids=["no site yet", "declined meanwhile"],
)
async def test_what_cannot_be_routed_yet_waits(answer: dict[str, Any]) -> None:
    assert await reactions(service(answer))["intake"](heard(ACCEPTED)) == []


async def test_when_intake_has_no_answer_the_message_comes_again() -> None:
    with pytest.raises(Problem, match="unavailable"):
        await reactions(service(None))["intake"](heard(ACCEPTED))


async def test_what_does_not_concern_us_is_passed() -> None:
    declined = ServiceDeclined(cause="ineligible", eligible=False, reason=Personal("不在范围"))
    assert await reactions(service())["intake"](heard(declined)) == []
    unknown = heard(ACCEPTED)._replace(type="intake.newer_fact.v9")
    assert await reactions(service())["intake"](unknown) == []


async def test_the_wanted_mode_and_closed_items_are_noted_for_queue_and_load() -> None:
    assigned = service(ANSWER, routed)
    assert await reactions(assigned)["intake"](heard(ModeChosen(mode="none"))) == []
    closed = ItemClosed(item="S1-01", evidence=(MESSAGE,))
    assert await reactions(assigned)["supervision"](heard(closed)) == []
    assert await reactions(assigned)["intake"](heard(REQUESTED)) == []
    assert [known[2] for known in assigned.queries.requests] == [[UNIT]]
    assert assigned.queries.modes == [(MATTER_ID, "none")]
    assert assigned.queries.closed == [(MATTER_ID, "S1-01")]

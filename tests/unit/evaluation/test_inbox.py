"""What evaluation does when others speak. No broker, no database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from contracts.event import About, Event, Personal
from contracts.intake import EligibilityAssessed, ModeChosen, ServiceAccepted, ServiceRequested
from contracts.supervision import FeePaid, ItemClosed, ItemDecided, OriginalsReturned
from services.evaluation.domain.commands import InviteRating
from services.evaluation.domain.state import Judged
from services.evaluation.inbox import reactions
from services.evaluation.service import Evaluation, served_of
from shared.envelope import Heard
from tests.unit.evaluation.examples import AGENT, AREA, INVITED, PACK, RULES, SECOND, given
from tests.unit.hearing import heard_of

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
MESSAGE = UUID("01990000-0000-7000-8000-0000000000cc")
MATTER_ID = UUID("01990000-0000-7000-8000-0000000000aa")
ASSIGNED: dict[str, Any] = {
    "lead_agent": AGENT,
    "lead_body": "park_i",
    "agents": [AGENT, SECOND],
    "items": {"S1-01": {"agent": AGENT, "body": "park_i"}},
}


@dataclass
class Notes:
    """What the reactions wrote down."""

    interest: list[Any] = field(default_factory=list)

    async def heard_interest(self, about: About, day: date, **said: Any) -> None:
        self.interest.append((about.matter, day, said))


def service(
    *,
    complete: bool = True,
    assigned: dict[str, Any] | None = ASSIGNED,
    state: Judged | None = None,
) -> Any:
    """As much of the service as a reaction uses."""

    async def state_of(*_: Any) -> Any:
        return 1, state or Judged()

    async def is_complete(_: UUID) -> bool:
        return complete

    async def served(_: UUID) -> Any:
        return served_of(assigned) if assigned else None

    async def kept(*_: object) -> None:
        return None

    made = SimpleNamespace(
        name="evaluation",
        queries=Notes(),
        courses=SimpleNamespace(keep=kept),
        complete=is_complete,
        served=served,
        floor=SimpleNamespace(
            clock=lambda: NOW,
            handling=SimpleNamespace(state_of=state_of),
            packs=SimpleNamespace(edition=lambda _: RULES),
        ),
    )
    made.facts = lambda *a, **k: Evaluation.facts(cast(Evaluation, made), *a, **k)
    made.tokens = lambda rules: Evaluation.tokens(cast(Evaluation, made), rules)
    return made


def heard(event: Event) -> Heard:
    return heard_of(
        event, matter=MATTER_ID, area=AREA, pack=PACK.edition, at=NOW, message=MESSAGE
    )


CLOSED = ItemClosed(item="S1-01", evidence=(MESSAGE,))
LAST_THINGS = [
    CLOSED,
    OriginalsReturned(pieces=(MESSAGE,), originals=1, delivery="hand"),
    FeePaid(fee=MESSAGE, item="S1-01", amount=Decimal("100.00")),
]


@pytest.mark.parametrize("event", LAST_THINGS, ids=["closed", "originals", "fee"])
async def test_when_the_last_thing_is_done_the_unit_is_invited(event: Event) -> None:
    (step,) = await reactions(service())["supervision"](heard(event))
    assert (step.stream, step.command) == (MATTER_ID, InviteRating())
    events = step.aggregate.decider.decide(step.command, Judged(), step.facts)
    assert [(e.instrument, e.agent, e.agent_body) for e in events] == [
        ("revisit", AGENT, "park_i"),
        ("overall", AGENT, "park_i"),
    ]
    assert events[0].served_by == (AGENT, SECOND)


async def test_every_link_is_another_and_cannot_be_derived() -> None:
    links = []
    for _ in range(2):
        (step,) = await reactions(service())["supervision"](heard(CLOSED))
        facts: Any = step.facts
        links.append(facts.tokens["overall"])
    assert links[0] != links[1]


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param({"complete": False}, id="something is still open"),
        pytest.param({"assigned": None}, id="nobody served"),
        pytest.param({"assigned": {**ASSIGNED, "lead_agent": None}}, id="nobody leads"),
        pytest.param({"state": given(*INVITED).state()}, id="invited already"),
    ],
)
async def test_otherwise_nobody_is_asked(quiet: dict[str, Any]) -> None:
    assert await reactions(service(**quiet))["supervision"](heard(CLOSED)) == []


async def test_what_does_not_end_a_service_is_passed() -> None:
    decided = ItemDecided(item="S1-01", outcome="approved", body="depts")
    assert await reactions(service())["supervision"](heard(decided)) == []
    newer = heard(CLOSED)._replace(type="supervision.newer_fact.v9")
    assert await reactions(service())["supervision"](newer) == []


async def test_who_is_eligible_who_chose_and_how_they_heard_is_noted() -> None:
    evaluation = service()
    requested = ServiceRequested(
        number=f"{AREA}-2026-1",
        learned_through="web",
        lead_name=Personal("甲"),
        lead_phone=Personal("10000000000"),
    )
    for event in (
        requested,
        EligibilityAssessed(result="eligible", rule="scope.include.social"),
        ModeChosen(mode="agent"),
        ServiceAccepted(body="zone"),
    ):
        assert await reactions(evaluation)["intake"](heard(event)) == []
    day = date(2026, 3, 2)
    assert evaluation.queries.interest == [
        (MATTER_ID, day, {"medium": "web"}),
        (MATTER_ID, day, {"result": "eligible"}),
        (MATTER_ID, day, {"mode": "agent"}),
    ]

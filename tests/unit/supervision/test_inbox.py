"""What supervision does when intake speaks: no broker, no database."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Event
from contracts.intake import (
    ItemScopeAmended,
    ItemScopeFixed,
    MaterialSetCompleted,
    ModeChosen,
)
from services.supervision.domain.commands import AmendScope, ArrangePlan, NoteMaterials
from services.supervision.inbox import reactions
from services.supervision.service import Supervision
from shared.asking import Command
from shared.decider import Refused
from shared.envelope import Heard
from shared.handling import Step
from shared.packs import Packs
from tests.unit.hearing import heard_of
from tests.unit.supervision.examples import AREA, CATALOGUE, MATTER, PACK, SCOPE

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MESSAGE = UUID("018f4e1c-0000-7000-8000-0000000000ee")


def heard(event: Event, type: str | None = None) -> Heard:
    return heard_of(
        event, matter=MATTER, area=AREA, pack=PACK.edition, at=NOON, message=MESSAGE, type=type
    )


async def steps(message: Heard) -> list[Step[Any, Any, Any, Any]]:
    floor: Any = SimpleNamespace(packs=Packs.load(None), clock=lambda: NOON)
    react = reactions(Supervision(floor))["intake"]
    return list(await react(message))


fixed = ItemScopeFixed(catalogue=CATALOGUE.edition, stages=("S1",), items=SCOPE)
amended = ItemScopeAmended(catalogue=CATALOGUE.edition, added=("S1-06",), removed=("S1-01",))
whole = MaterialSetCompleted(item="S1-01", catalogue=CATALOGUE.edition, materials=("M01",))


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (fixed, ArrangePlan(items=SCOPE)),
        (amended, AmendScope(added=("S1-06",), removed=("S1-01",))),
        (whole, NoteMaterials(items=("S1-01",))),
    ],
)
async def test_what_is_heard_becomes_one_command_for_the_matter(
    event: Event, command: Command
) -> None:
    (step,) = await steps(heard(event))

    assert (step.command, step.stream) == (command, MATTER)
    assert step.asked.heard == "intake"
    assert step.asked.act.actor == "s:supervision"
    assert step.asked.act.pack == PACK.edition


async def test_other_news_is_passed_over() -> None:
    assert await steps(heard(ModeChosen(mode="agent"))) == []


async def test_news_of_a_kind_we_do_not_know_is_passed_over() -> None:
    news = heard(ModeChosen(mode="agent"), type="intake.something_new.v1")
    assert await steps(news) == []


async def test_only_intake_is_heard() -> None:
    floor: Any = SimpleNamespace()
    assert set(reactions(Supervision(floor))) == {"intake"}


async def test_a_matter_follows_the_edition_it_was_opened_under() -> None:
    floor: Any = SimpleNamespace(packs=Packs.load(None), clock=lambda: NOON)
    look = Supervision(floor).look

    assert look.rules_for("990100", PACK.edition).edition == PACK.edition
    with pytest.raises(Refused, match="pack_edition_unknown"):
        look.rules_for(AREA, "cn-500242-bangdaiban@0000000000000000")

"""What intake does when supervision and archive speak: no broker, no database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from contracts.archive import FileClosed
from contracts.event import Event
from contracts.intake import AgreementEnded, HelpPrompted, MaterialReused, ModeChosen
from contracts.supervision import ItemClosed, ItemDecided, ItemSubmitted
from services.intake.domain import MATTER
from services.intake.domain.project import Project
from services.intake.inbox import reactions
from services.intake.queries import Opening
from services.intake.service import Intake
from services.intake.service.lookup import Case, Lookup
from shared.envelope import Heard
from shared.packs import Rules
from tests.unit.hearing import heard_of
from tests.unit.intake.examples import (
    ACCEPTED,
    AREA,
    CATALOGUE,
    ENTRUSTED,
    ID,
    OTHER,
    PACK,
    THIRD,
    completed,
    piece,
)

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
MATTER_ID = UUID("01990000-0000-7000-8000-000000000099")


class Known(Lookup):
    """Knows one matter, without a database."""

    def __init__(self, *history: Event) -> None:
        self.kept: list[UUID] = []
        log = SimpleNamespace(pool=SimpleNamespace(execute=self._keep))
        floor = SimpleNamespace(clock=lambda: NOON, log=log)
        super().__init__(floor)  # type: ignore[arg-type]
        self._state = MATTER.fold(history)

    async def _keep(self, _: str, matter: UUID) -> None:
        self.kept.append(matter)

    async def case_of(self, id: UUID) -> Case | None:
        if id != MATTER_ID:
            return None
        opening = Opening(AREA, OTHER, PACK.edition, date(2026, 11, 1))
        rules = Rules(PACK, CATALOGUE, None)  # type: ignore[arg-type]
        project = replace(Project(), registered=True)
        return Case(id, 5, self._state, opening, rules, project)


def heard(event: Event, matter: UUID = MATTER_ID) -> Heard:
    return heard_of(
        event, matter=matter, area=AREA, pack=PACK.edition, at=NOON, message=OTHER,
        project=OTHER,
    )  # fmt: skip


async def said(event: Event, *history: Event, matter: UUID = MATTER_ID) -> list[Event]:
    """What intake records when it hears `event`."""
    return await said_to(Known(*history), event, *history, matter=matter)


async def said_to(
    look: Known, event: Event, *history: Event, matter: UUID = MATTER_ID
) -> list[Event]:
    service = Intake(look.floor)
    service.look = look
    speaker = event.type.split(".")[0]
    steps = await reactions(service)[speaker](heard(event, matter))
    recorded: list[Any] = []
    for step in steps:
        assert step.stream == matter and step.asked.heard == speaker
        state = MATTER.fold(history)
        recorded += MATTER.decide(step.command, state, step.facts)  # type: ignore[arg-type]
    return recorded


FULL = (*ENTRUSTED, piece("M41"), piece("M01", THIRD), completed("S1-01", "M41", "M01", "M03"))


@pytest.mark.parametrize("outcome", ["approved", "approved_with_gap"])
async def test_the_result_of_a_decided_item_becomes_a_paper(outcome: Any) -> None:
    decided = ItemDecided(item="S1-01", outcome=outcome, body="depts")
    assert await said(decided, *FULL) == [
        MaterialReused(
            material="M04", items=("S1-05",), origin="item_result", from_item="S1-01"
        )
    ]


async def test_what_was_not_approved_yields_no_paper() -> None:
    decided = ItemDecided(item="S1-01", outcome="not_approved", body="depts")
    assert await said(decided, *FULL) == []


async def test_a_closed_file_ends_the_work_and_the_commission() -> None:
    closed = FileClosed(checked_by=ID, entries=1, documents=1, relied_on=())
    look = Known(*FULL)
    assert await said_to(look, closed, *FULL) == [
        AgreementEnded(commission=THIRD, cause="matter_done", ended_by="rule")
    ]
    assert look.kept == [MATTER_ID]


async def test_other_news_and_other_peoples_matters_are_passed_over() -> None:
    assert await said(ItemClosed(item="S1-01", evidence=()), *FULL) == []
    decided = ItemDecided(item="S1-01", outcome="approved", body="depts")
    assert await said(decided, *FULL, matter=THIRD) == []


async def test_a_unit_that_files_by_itself_where_nobody_helps_is_offered_help() -> None:
    submitted = ItemSubmitted(item="S1-01", filed_by="applicant", body="depts")
    prompted = HelpPrompted(
        items=("S1-01",), seen_by="supervision", prompted_on=date(2026, 11, 20)
    )
    alone = (*ACCEPTED, ModeChosen(mode="none"))
    assert await said(submitted, *alone) == [prompted]
    assert await said(submitted, *alone, prompted) == []
    assert await said(submitted, *ENTRUSTED) == []
    by_agent = submitted.model_copy(update={"filed_by": "agent"})
    assert await said(by_agent, *alone) == []

"""What does intake do when supervision or archive speaks?"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.archive import FileClosed
from contracts.registry import BY_TYPE
from contracts.supervision import ItemDecided
from services.intake.domain.commands import NoteResult, ReleaseCommission
from services.intake.service import Intake
from services.intake.service.lookup import legal_today
from services.intake.service.streams import MATTER
from shared.asking import Command, asked_by_event
from shared.envelope import Heard
from shared.eventstore.identity import derived
from shared.handling import Step
from shared.hearing import React

type Steps = Sequence[Step[Any, Any, Any, Any]]

APPROVED = ("approved", "approved_with_gap")


def reactions(service: Intake) -> Mapping[str, React]:
    """A decided item yields a material (YO-03); a closed file ends the commission (X-03)."""

    async def supervision(heard: Heard) -> Steps:
        match decoded(heard):
            case ItemDecided(item=item, outcome=outcome) if outcome in APPROVED:
                return await _ask(service, heard, NoteResult(item=item))
        return []

    async def archive(heard: Heard) -> Steps:
        match decoded(heard):
            case FileClosed():
                return await _ask(service, heard, ReleaseCommission())
        return []

    return {"supervision": supervision, "archive": archive}


def decoded(heard: Heard) -> object:
    """The event, or None for a type that this version does not know."""
    known = BY_TYPE.get(heard.type)
    return known.model_validate(heard.fact) if known else None


async def _ask(service: Intake, heard: Heard, command: Command) -> Steps:
    """One command on the matter that was spoken of; nothing for a matter that is not ours."""
    case = await service.look.case_of(heard.about.matter) if heard.about.matter else None
    if case is None:
        return []
    now = service.floor.clock()
    about = asked_by_event(service.name, heard, now, pack=case.rules.edition)
    facts = service.look.facts(case, legal_today(now), derived(about.origin, "id/0"))
    return [Step(about, MATTER, case.id, command, facts)]

"""What does intake do when assignment, supervision or archive speaks?"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.archive import FileClosed
from contracts.assignment import (
    AgentAssigned,
    AgentReassigned,
    ItemDispatched,
    StewardPaired,
)
from contracts.supervision import ItemDecided, ItemSubmitted
from contracts.upcasting import event_of
from services.intake import queries
from services.intake.domain.commands import NoteResult, ReleaseCommission
from services.intake.domain.enrolment import PromptHelp
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
    """Who was assigned may see and act (HS-17); a decided item yields a material (YO-03); a
    closed file ends the work and the commission (X-03)."""

    async def assignment(heard: Heard) -> Steps:
        await _assigned(service, heard)
        return []

    async def supervision(heard: Heard) -> Steps:
        match decoded(heard):
            case ItemDecided(item=item, outcome=outcome) if outcome in APPROVED:
                return await _ask(service, heard, NoteResult(item=item))
            case ItemSubmitted(item=item, filed_by="applicant"):
                return await _prompt(service, heard, item)
        return []

    async def archive(heard: Heard) -> Steps:
        match decoded(heard):
            case FileClosed():
                if heard.about.matter:
                    await queries.hear_filed(service.floor.log.pool, heard.about.matter)
                return await _ask(service, heard, ReleaseCommission())
        return []

    return {"assignment": assignment, "supervision": supervision, "archive": archive}


async def _assigned(service: Intake, heard: Heard) -> None:
    """Kept before the hearing moves on; hearing it again changes nothing."""
    pool, matter = service.floor.log.pool, heard.about.stream
    match decoded(heard):
        case ItemDispatched(agent=agent, item=item):
            await queries.hear_assigned(pool, matter, agent, (item,))
        case AgentAssigned(agent=agent):
            await queries.hear_assigned(pool, matter, agent)
        case AgentReassigned(left=left, agent=agent, items=items):
            await queries.hear_handed_over(pool, matter, left, agent, items)
        case StewardPaired(steward=steward, replaces=replaces):
            await queries.hear_steward(pool, matter, steward, replaces)


def decoded(heard: Heard) -> object:
    """The event, or None for a type that this version does not know."""
    return event_of(heard.type, heard.fact)


async def _ask(service: Intake, heard: Heard, command: Command) -> Steps:
    """One command on the matter that was spoken of; nothing for a matter that is not ours."""
    case = await service.look.case_of(heard.about.matter) if heard.about.matter else None
    if case is None:
        return []
    now = service.floor.clock()
    about = asked_by_event(service.name, heard, now, pack=case.rules.edition)
    facts = service.look.facts(case, legal_today(now), derived(about.origin, "id/0"))
    return [Step(about, MATTER, case.id, command, facts)]


async def _prompt(service: Intake, heard: Heard, item: str) -> Steps:
    """The unit files by itself in a matter nobody helps with: offer help (YY-11)."""
    case = await service.look.case_of(heard.about.matter) if heard.about.matter else None
    if case is None or case.state.phase not in ("requested", "accepted"):
        return []
    if case.state.mode not in (None, "none"):
        return []
    return await _ask(service, heard, PromptHelp(items=(item,), seen_by="supervision"))

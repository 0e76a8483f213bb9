"""What does assignment hear, and what does it do about it?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.intake import (
    ItemScopeAmended,
    ItemScopeFixed,
    ModeChosen,
    ProjectAmended,
    ProjectAutoEnrolled,
    ServiceAccepted,
    ServiceRequested,
)
from contracts.supervision import ItemClosed
from contracts.upcasting import event_of
from services.assignment.domain.commands import ArrangeMatter
from services.assignment.domain.telling import notice_rule
from services.assignment.service import MATTER, Assignment
from shared.asking import asked_by_event
from shared.clock import LEGAL_ZONE
from shared.envelope import Heard
from shared.handling import Step
from shared.hearing import React
from shared.problems import Problem

type Steps = Sequence[Step[Any, Any, Any, Any]]


def reactions(service: Assignment) -> dict[str, React]:
    """Speaker to reaction."""

    async def on_intake(heard: Heard) -> Steps:
        """A request is told to the centre, an accepted matter routed by its facts (YO-21,
        YY-52), and routed anew when these change before it is dispatched."""
        matter = heard.about.matter or heard.about.stream
        match _event(heard):
            case ServiceRequested(applicant=lead, handler=handler):
                people = [person for person in (lead, handler) if person]
                at = _instant(heard.about.effective, heard.about.recorded)
                await service.queries.heard_request(matter, heard.about.project, people, at)
                return await _arrange(service, heard, matter) if _tells(service, heard) else []
            case ProjectAutoEnrolled(applicant=lead, mode=mode):
                at = _instant(heard.about.effective, heard.about.recorded)
                people = [lead] if lead else []
                await service.queries.heard_request(matter, heard.about.project, people, at)
                await service.queries.heard_mode(matter, mode)
            case ServiceAccepted() | ItemScopeFixed() | ItemScopeAmended():
                return await _arrange(service, heard, matter)
            case ModeChosen(mode=mode):
                await service.queries.heard_mode(heard.about.stream, mode)
                return await _arrange(service, heard, matter)
            case ProjectAmended():
                ids = await service.queries.requests_of(heard.about.stream)
                return [step for id in ids for step in await _arrange(service, heard, id)]
        return []

    async def on_supervision(heard: Heard) -> Steps:
        """A closed item no longer burdens its agent."""
        match _event(heard):
            case ItemClosed(item=item):
                await service.queries.heard_closed(heard.about.stream, item)
        return []

    return {"intake": on_intake, "supervision": on_supervision}


def _event(heard: Heard) -> object:
    return event_of(heard.type, heard.fact)


def _tells(service: Assignment, heard: Heard) -> bool:
    """Whether the place wants the centre told before anything is accepted."""
    pack = service.floor.packs.edition(heard.about.pack).pack if heard.about.pack else None
    return pack is not None and notice_rule(pack) is not None


def _instant(effective: str, recorded: object) -> datetime:
    """When it came in: the instant it is said to be, else when it was written down."""
    if len(effective) > len("2026-01-01"):
        return datetime.fromisoformat(effective)
    found = (
        recorded if isinstance(recorded, datetime) else datetime.fromisoformat(str(recorded))
    )
    return found.astimezone(LEGAL_ZONE)


async def _arrange(service: Assignment, heard: Heard, id: UUID) -> Steps:
    """Whatever can be decided now; the next fact that is heard, or a person, asks again."""
    now = service.floor.clock()
    found = await service.arranged(id, now)
    if found is None:
        raise Problem("unavailable", peer="intake")
    matter, state, facts = found
    if not MATTER.decider.decide(ArrangeMatter(), state, facts):
        return []
    asked = asked_by_event(
        service.name, heard, now, matter=id, project=matter.project, pack=matter.pack
    )
    return [Step(asked, MATTER, id, ArrangeMatter(), facts)]

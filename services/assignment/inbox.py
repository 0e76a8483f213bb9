"""What does assignment hear, and what does it do about it?"""

from collections.abc import Sequence
from typing import Any

from contracts.intake import ItemScopeFixed, ModeChosen, ServiceAccepted
from contracts.registry import BY_TYPE
from contracts.supervision import ItemClosed
from services.assignment.domain.commands import RouteMatter
from services.assignment.service import MATTER, Assignment
from shared.asking import asked_by_event
from shared.envelope import Heard
from shared.handling import Step
from shared.hearing import React
from shared.problems import Problem

type Steps = Sequence[Step[Any, Any, Any, Any]]


def reactions(service: Assignment) -> dict[str, React]:
    """Speaker to reaction."""

    async def on_intake(heard: Heard) -> Steps:
        """An accepted matter is routed by its site (YO-21, YO-23)."""
        match _event(heard):
            case ServiceAccepted() | ItemScopeFixed():
                return await _route(service, heard)
            case ModeChosen(mode=mode):
                await service.queries.heard_mode(heard.about.stream, mode)
        return []

    async def on_supervision(heard: Heard) -> Steps:
        """A closed item no longer burdens its agent."""
        match _event(heard):
            case ItemClosed(item=item):
                await service.queries.heard_closed(heard.about.stream, item)
        return []

    return {"intake": on_intake, "supervision": on_supervision}


def _event(heard: Heard) -> object:
    known = BY_TYPE.get(heard.type)
    return known.model_validate(heard.fact) if known else None


async def _route(service: Assignment, heard: Heard) -> Steps:
    """Nothing while the site is unknown: the fixing of the scope, or a person, asks again."""
    id = heard.about.matter or heard.about.stream
    version, _ = await service.floor.handling.state_of(MATTER, id)
    if version:
        return []
    matter = await service.from_intake(id)
    if matter is None or matter.request is None:
        raise Problem("unavailable", peer="intake")
    now = service.floor.clock()
    facts = service.facts(matter, f"s:{service.name}", now)
    routing = facts.pack.route(matter.request.project)
    if not (matter.request.accepted and matter.request.site and routing.to):
        return []
    asked = asked_by_event(
        service.name, heard, now, matter=id, project=matter.project, pack=matter.pack
    )
    return [Step(asked, MATTER, id, RouteMatter(), facts)]

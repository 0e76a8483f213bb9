"""What does supervision hear, and what does it do about it?"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.event import Event
from contracts.intake import ItemScopeAmended, ItemScopeFixed, MaterialSetCompleted
from contracts.upcasting import event_of
from services.supervision.domain.commands import AmendScope, ArrangePlan, NoteMaterials
from services.supervision.service import MATTER, Supervision
from shared.asking import Command, asked_by_event
from shared.envelope import Heard
from shared.handling import Step
from shared.hearing import React


def reactions(service: Supervision) -> Mapping[str, React]:
    """Intake fixes what is served and says which papers are whole; nobody else is heard."""

    async def on_intake(heard: Heard) -> Sequence[Step[Any, Any, Any, Any]]:
        event = event_of(heard.type, heard.fact)
        command = _asked_of(event) if event else None
        return [_step(service, heard, command)] if command else []

    return {"intake": on_intake}


def _asked_of(event: Event) -> Command | None:
    match event:
        case ItemScopeFixed(items=items, not_wanted=others):
            return ArrangePlan(items=items, beside=others)
        case ItemScopeAmended(added=added, removed=removed):
            return AmendScope(added=added, removed=removed)
        case MaterialSetCompleted(item=item):
            return NoteMaterials(items=(item,))
    return None


def _step(service: Supervision, heard: Heard, command: Command) -> Step[Any, Any, Any, Any]:
    about = heard.about
    now = service.floor.clock()
    rules = service.look.rules_for(about.area, about.pack)
    stream = about.matter or about.stream
    return Step(
        asked_by_event(service.name, heard, now, matter=stream),
        MATTER,
        stream,
        command,
        service.look.facts(rules, now, command=command),
    )

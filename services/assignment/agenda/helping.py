"""What falls due for matters that nobody serves yet (自动配帮办)?"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from services.assignment.agenda.places import places
from services.assignment.domain.commands import ArrangeMatter
from services.assignment.service import MATTER, ROSTER, Assignment, roster_of
from shared.asking import asked_by_agenda
from shared.handling import Step


def agenda(service: Assignment) -> Callable[[datetime], Awaitable[None]]:
    """Whoever waits is looked at again each time the roster changed (YY-19)."""
    seen: dict[str, int] = {}

    async def due(now: datetime) -> None:
        async for area, rules in places(service):
            if not any(m.id == "assist" and m.enrol == "automatic" for m in rules.pack.modes):
                continue
            version, _ = await service.floor.handling.state_of(ROSTER, roster_of(area))
            if seen.get(area) != version:
                for row in await service.queries.queue(area):
                    await _help(service, area, row["matter"], version, now)
                seen[area] = version

    return due


async def _help(service: Assignment, area: str, id: UUID, version: int, now: datetime) -> None:
    found = await service.arranged(id, now)
    if found is None:
        return
    matter, _, facts = found
    asked = asked_by_agenda(
        service.name,
        f"{id}/help/{version}",
        now,
        area=area,
        matter=id,
        project=matter.project,
        pack=matter.pack,
    )
    await service.floor.handling.handle(Step(asked, MATTER, id, ArrangeMatter(), facts))

"""What falls due when somebody is away: the stand-in begins, and hands back at the end?"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from services.assignment.agenda.places import places
from services.assignment.domain.commands import EndAbsence, StandDownReserve
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.roster import Absence, Activation, Roster
from services.assignment.service import ROSTER, Assignment, Matter, roster_of
from services.assignment.service.covering import Ask, beginning, ending
from shared.asking import asked_by_agenda
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.handling import Asked, Step
from shared.packs import Rules


def agenda(service: Assignment) -> Callable[[datetime], Awaitable[None]]:
    """Absences and activations of reserves begin and end by the calendar (AS-12, X-15)."""

    async def due(now: datetime) -> None:
        async for area, rules in places(service):
            _, roster = await service.floor.handling.state_of(ROSTER, roster_of(area))
            covers: list[Absence | Activation] = [*roster.absences.values()]
            for cover in (*covers, *roster.reserves.values()):
                await _look(service, area, rules, roster, cover, now)

    return due


async def _look(
    service: Assignment,
    area: str,
    rules: Rules,
    roster: Roster,
    cover: Absence | Activation,
    now: datetime,
) -> None:
    today = now.astimezone(LEGAL_ZONE).date()
    if cover.ends_on < today:
        threshold = f"{area}/cover_ends/{cover.id}"
        await _end(service, area, rules, roster, cover, now, threshold)
    elif cover.begins_on <= today:
        ask = _asking(service, f"cover_begins/{cover.id}", now)
        for step in await beginning(service, cover, roster, ask, now):
            with suppress(Refused):  # who stands in has an interest: a person decides
                await service.floor.handling.handle(step)


async def _end(
    service: Assignment,
    area: str,
    rules: Rules,
    roster: Roster,
    cover: Absence | Activation,
    now: datetime,
    threshold: str,
) -> None:
    """One unit: the end, and what goes back."""
    today = now.astimezone(LEGAL_ZONE).date()
    command: Any = (
        EndAbsence(area=area, absence=cover.id, last_on=cover.ends_on)
        if isinstance(cover, Absence)
        else StandDownReserve(area=area, activation=cover.id, cause="period_over")
    )
    asked = asked_by_agenda(service.name, threshold, now, area=area, pack=rules.edition)
    facts = RosterFacts(rules.pack, rules.catalogue, today, asked.origin)
    step = Step(asked, ROSTER, roster_of(area), command, facts)
    back = await ending(service, command, roster, _asking(service, threshold, now), now)
    with suppress(Refused):  # a person ended it meanwhile
        await service.floor.handling.handle(step, *back)


def _asking(service: Assignment, threshold: str, now: datetime) -> Ask:
    def ask(id: UUID, matter: Matter, relays: int) -> Asked:
        return asked_by_agenda(
            service.name,
            f"{id}/{threshold}/{relays}",
            now,
            area=matter.area,
            matter=id,
            project=matter.project,
            pack=matter.pack,
        )

    return ask

"""Whose tasks go where while somebody is away or stands in, and how do they come back?"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.vocabulary import ReassignCause
from services.assignment.domain.commands import EndAbsence, HandOver, StandDownReserve
from services.assignment.domain.roster import Absence, Activation, Roster
from services.assignment.service.streams import MATTER, Matter
from shared.handling import Asked, Step
from shared.problems import Problem

if TYPE_CHECKING:
    from services.assignment.service import Assignment

type Steps = list[Step[Any, Any, Any, Any]]
type Ask = Callable[[UUID, Matter, int], Asked]
"""The circumstances of a hand-over: of which matter, and the how many-th of it."""


async def beginning(
    service: "Assignment", cover: Absence | Activation, roster: Roster, ask: Ask, now: datetime
) -> Steps:
    """The hand-overs that are still to be made to whom stands in; [] once all are."""
    if isinstance(cover, Activation):
        left, agent, wanted = cover.covers, cover.person, cover.matters
    elif cover.substitute is not None:
        left, agent, wanted = cover.person, cover.substitute, ()
    else:
        return []
    await _listed(service)
    answering = await service.queries.all_matters_of(left)
    ids = [id for id in answering if not wanted or id in wanted]
    return await _moves(service, dict.fromkeys(ids), left, agent, roster, ask, now)


async def ending(
    service: "Assignment", command: Any, roster: Roster, ask: Ask, now: datetime
) -> Steps:
    """What goes back when an absence or an activation ends by `command`."""
    match command:
        case EndAbsence(absence=id) if (absence := roster.absences.get(id)) is not None:
            if absence.substitute is None:
                return []
            await _listed(service)
            lent = await service.queries.lent(absence.person, absence.substitute)
            return await _moves(
                service, lent, absence.substitute, absence.person, roster, ask, now
            )
        case StandDownReserve(activation=id) if (run := roster.reserves.get(id)) is not None:
            await _listed(service)
            ids = dict.fromkeys(await service.queries.all_matters_of(run.person))
            heir = command.successor or run.covers
            return await _moves(service, ids, run.person, heir, roster, ask, now)
    return []


async def _listed(service: "Assignment") -> None:
    """Who serves what is read from a list: it must show what was recorded a moment ago, or a
    matter would stay where it is for good. Raises `Problem("behind")`.
    """
    floor = service.floor
    if not await floor.views.reached(await floor.log.position()):
        raise Problem("behind")


async def _moves(
    service: "Assignment",
    ids: Mapping[UUID, Iterable[str] | None],
    left: str,
    agent: str,
    roster: Roster,
    ask: Ask,
    now: datetime,
) -> Steps:
    cause: ReassignCause = "leave"
    steps: Steps = []
    for id, items in ids.items():
        version, state = await service.floor.handling.state_of(MATTER, id)
        if not version or left not in state.agents:
            continue
        matter, _, _ = await service.matter(id)
        command = HandOver(
            left=left, agent=agent, cause=cause, items=tuple(items) if items else None
        )
        asked = ask(id, matter, len(state.relays))
        sheet = await service.sheet(id, state, left)
        facts = service.facts(matter, asked.act.actor, now, roster=roster, sheet=sheet)
        steps.append(Step(asked, MATTER, id, command, facts))
    return steps

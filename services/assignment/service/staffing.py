"""What must be looked up before assignment decides about its people?"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.event import Event
from services.assignment.domain.commands import (
    AmendStaff,
    EndAbsence,
    ExportRegister,
    FormTeam,
    ImportStaff,
    InArea,
    StandDownReserve,
    ViewRoster,
)
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.rights import RIGHTS
from services.assignment.domain.roster import Roster
from services.assignment.domain.staffing import registered
from services.assignment.domain.teams import teams
from services.assignment.service.streams import ROSTER, roster_of
from shared.asking import By, Command, asked, permit
from shared.clock import LEGAL_ZONE
from shared.handling import Step
from shared.packs import Rules
from shared.rights import Standing, can
from shared.runtime import Floor

type RosterStep = Step[Any, Roster, Event, RosterFacts]


async def staffing(floor: Floor, command: InArea, new: UUID, by: By) -> RosterStep:
    """The step that asks the roster; raises `Problem` for one who may not."""
    stream, rules = roster_of(command.area), floor.packs.for_area(command.area)
    _, roster = await floor.handling.state_of(ROSTER, stream)
    facts = facts_of(rules, by.now, new, command)
    command = within(command, by)
    standing = _standing(command, roster, facts, by)
    permit(RIGHTS, by, type(command).__name__, standing)
    return Step(
        asked(command, by, area=command.area, pack=rules.edition),
        ROSTER,
        stream,
        command,
        facts,
        expected=by.expected,
    )


def facts_of(
    rules: Rules, now: datetime, new: UUID, command: Command | None = None
) -> RosterFacts:
    """What a decision about the roster may look at; the legal day is that of the act."""
    today = now.astimezone(LEGAL_ZONE).date()
    return RosterFacts(rules.pack, rules.catalogue, today, new, _acted_on(command))


def _acted_on(command: Command | None) -> date | None:
    effective = command.effective if command else None
    if isinstance(effective, datetime):
        return effective.astimezone(LEGAL_ZONE).date()
    return effective


def within(command: InArea, by: By) -> InArea:
    """A register of everybody is, for one who may see his body alone, that of his body."""
    if not isinstance(command, ExportRegister) or command.bodies:
        return command
    whole = can(RIGHTS, by.principal, "ExportRegister", Standing(command.area), by.now)
    if whole.allowed:
        return command
    return command.model_copy(update={"bodies": tuple(sorted(by.principal.bodies))})


def _standing(command: InArea, roster: Roster, facts: RosterFacts, by: By) -> Standing:
    """Who the command is about. Several bodies count only for one who acts for all of them."""
    people = _people(command, roster)
    bodies = {roster.staff[p].body for p in people if p in roster.staff}
    match command:
        case AmendStaff(body=body) if body is not None and body not in bodies:
            # Into another body only somebody who may do so for the whole area moves a person.
            return Standing(command.area)
        case ImportStaff(rows=rows):
            bodies = {row.body for row in rows}
        case ExportRegister():
            bodies = {member.body for member in registered(command, roster)} or set(
                command.bodies
            )
        case FormTeam(team=id):
            bodies = {t.body for t in teams(roster, facts) if t.id == id and t.body}
        case _ if not people:
            bodies = {body for body in (getattr(command, "body", None),) if body}
    mine = bodies <= by.principal.bodies
    return Standing(
        command.area,
        agents=people if len(people) == 1 else frozenset(),
        bodies=frozenset(bodies) if mine else frozenset(),
    )


def _people(command: InArea, roster: Roster) -> frozenset[str]:
    match command:
        case ViewRoster(persons=persons):
            return frozenset(persons)
        case EndAbsence(absence=id):
            absence = roster.absences.get(id)
            return frozenset({absence.person} if absence else ())
        case StandDownReserve(activation=id):
            activation = roster.reserves.get(id)
            return frozenset({activation.person} if activation else ())
    person: str | None = getattr(command, "person", None)
    return frozenset({person} if person is not None and person in roster.staff else ())

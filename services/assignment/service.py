"""What must be looked up before assignment decides? The one way in, whoever knocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.project import ProjectFacts
from services.assignment.domain import MATTER as MATTER_DECIDER
from services.assignment.domain import MATTER_EVENTS, ROSTER_EVENTS
from services.assignment.domain import ROSTER as ROSTER_DECIDER
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    AmendStaff,
    DispatchItems,
    FillPost,
    InArea,
    RemoveStaff,
    RouteMatter,
    VacatePost,
)
from services.assignment.domain.facts import MatterFacts, Request, RosterFacts
from services.assignment.domain.rights import RIGHTS
from services.assignment.domain.state import Assigned
from services.assignment.queries import Queries
from shared.asking import By, Command, asked, permit
from shared.clock import LEGAL_ZONE
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Done, Step
from shared.problems import Problem
from shared.rights import Principal, Standing, accounts
from shared.runtime import Floor

MATTER = Aggregate("matter", MATTER_DECIDER, Vocabulary(MATTER_EVENTS))
ROSTER = Aggregate("roster", ROSTER_DECIDER, Vocabulary(ROSTER_EVENTS))

APPLICANTS = frozenset({"applicant_lead", "applicant_handler"})


def roster_of(area: str) -> UUID:
    """The stream of an area's roster."""
    return derived(NAMESPACE, f"roster/{area}")


@dataclass(frozen=True, slots=True)
class Matter:
    """Where a matter belongs, for good, and what intake says of it now (None: not asked)."""

    area: str
    project: UUID | None
    pack: str
    unit: frozenset[str] = frozenset()
    opened: date | None = None
    request: Request | None = None


class Assignment:
    """The service behind API, inbox and agenda."""

    name = "assignment"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.queries = Queries(floor.log.pool)

    async def do(self, command: Any, stream: UUID, by: By) -> Done:
        """Raises `Problem` (rights, unknown matter) and what `Handling.handle` raises."""
        if isinstance(command, InArea):
            return await self._staffing(command, stream, by)
        return await self._matter(command, stream, by)

    async def matter(self, id: UUID) -> tuple[Matter, Assigned, int]:
        """A matter as assignment knows it; raises `Problem("not_found")`."""
        version, state = await self.floor.handling.state_of(MATTER, id)
        about = await self.queries.first_about(id) if version else None
        if about is None:
            raise Problem("not_found")
        return Matter(about.area, about.project, about.pack or ""), state, version

    async def from_intake(self, id: UUID) -> Matter | None:
        """The matter as intake answers it now; raises `Problem("unavailable")`."""
        answer = await self.floor.peers.get("intake", f"/matters/{id}")
        return matter_of(answer) if answer else None

    async def standing(
        self, matter: Matter, state: Assigned, id: UUID, who: Principal
    ) -> Standing:
        """Who belongs to the matter; the unit is looked up only when a unit asks."""
        unit = matter.unit
        if not unit and who.roles & APPLICANTS:
            found = await self.from_intake(id)
            unit = found.unit if found else unit
        return standing(matter, state, unit)

    def facts(self, matter: Matter, actor: str, now: datetime, **more: Any) -> MatterFacts:
        """What a decision about a matter may look at."""
        pack = self.floor.packs.edition(matter.pack).pack
        today = now.astimezone(LEGAL_ZONE).date()
        return MatterFacts(pack, today, actor, matter.request, **more)

    async def people(self, id: UUID, matter: Matter, state: Assigned) -> dict[str, Any]:
        """Roster, load and turn, for a decision on who is next."""
        _, roster = await self.floor.handling.state_of(ROSTER, roster_of(matter.area))
        return {
            "roster": roster,
            "load": await self.queries.open_items(matter.area),
            "waiting": await self.queries.waiting_before(id, matter.area, state.to),
        }

    async def orphaned(self, area: str) -> list[str]:
        """Who answers for matters and is out of every post, with nobody there to take over."""
        _, roster = await self.floor.handling.state_of(ROSTER, roster_of(area))
        today = self.floor.clock().astimezone(LEGAL_ZONE).date()
        answering = await self.queries.answering(area)
        gone = (person for person in answering if not roster.available(person, today))
        heirs = {person: roster.heir(person) for person in gone}
        return [p for p, heir in heirs.items() if not (heir and roster.available(heir, today))]

    async def _matter(self, command: Command, id: UUID, by: By) -> Done:
        version, state = await self.floor.handling.state_of(MATTER, id)
        fresh = isinstance(command, RouteMatter | DispatchItems)
        if version == 0 and not fresh:
            raise Problem("not_found")
        own = isinstance(command, AcknowledgeAssignment)
        matter = None if own else await self.from_intake(id)
        if matter is None:
            matter, state, _ = await self.matter(id)
        permit(RIGHTS, by, type(command).__name__, standing(matter, state, matter.unit))
        circumstances = asked(
            command,
            by,
            area=matter.area,
            matter=id,
            project=matter.project,
            pack=matter.pack,
            opened=matter.opened,
        )
        return await self.floor.handling.handle(
            *await self._steps(command, id, by, matter, state, circumstances)
        )

    async def _steps(
        self,
        command: Command,
        id: UUID,
        by: By,
        matter: Matter,
        state: Assigned,
        circumstances: Asked,
    ) -> list[Step[Any, Any, Any, Any]]:
        """A matter nobody routed yet is routed in the same unit as it is dispatched."""
        actor = by.principal.id
        steps: list[Step[Any, Any, Any, Any]] = []
        expected = by.expected
        if isinstance(command, DispatchItems) and not state.routed:
            facts = self.facts(matter, actor, by.now)
            steps.append(
                Step(circumstances, MATTER, id, RouteMatter(), facts, expected=expected)
            )
            events = MATTER.decider.decide(RouteMatter(), state, facts)
            state, expected = MATTER.decider.fold(events, state), None
        people = await self.people(id, matter, state)
        facts = self.facts(matter, actor, by.now, **people)
        steps.append(Step(circumstances, MATTER, id, command, facts, expected=expected))
        return steps

    async def _staffing(self, command: InArea, new: UUID, by: By) -> Done:
        stream, rules = roster_of(command.area), self.floor.packs.for_area(command.area)
        _, roster = await self.floor.handling.state_of(ROSTER, stream)
        bodies = {getattr(command, "body", None)}
        if isinstance(command, AmendStaff | RemoveStaff | FillPost | VacatePost):
            member = roster.staff.get(command.person)
            bodies = {member.body} if member else set()
        # Into another body only somebody who may do so for the whole area moves a person.
        moves = isinstance(command, AmendStaff) and command.body not in (None, *bodies)
        known = frozenset() if moves else frozenset(b for b in bodies if b)
        permit(RIGHTS, by, type(command).__name__, Standing(command.area, bodies=known))
        today = by.now.astimezone(LEGAL_ZONE).date()
        return await self.floor.handling.handle(
            Step(
                asked(command, by, area=command.area, pack=rules.edition),
                ROSTER,
                stream,
                command,
                RosterFacts(rules.pack, rules.catalogue, today, new),
                expected=by.expected,
            )
        )


def standing(matter: Matter, state: Assigned, unit: frozenset[str]) -> Standing:
    """Who belongs to the matter."""
    agents, bodies = frozenset(state.agents), frozenset((*state.to, *state.assisted_by))
    return Standing(matter.area, unit, agents, bodies)


def matter_of(answer: Mapping[str, Any]) -> Matter:
    """Intake's answer about a matter; unknown members are left alone."""
    given = {k: v for k, v in answer["facts"].items() if k in ProjectFacts.model_fields}
    site = answer.get("site") or given.get("site")
    project = ProjectFacts.model_validate({**given, "site": site})
    opened, owner = answer.get("opened_on"), answer.get("project")
    return Matter(
        answer["area"],
        UUID(owner) if owner else None,
        answer["pack"],
        accounts(answer.get("applicant"), answer.get("handler")),
        date.fromisoformat(opened) if opened else None,
        Request(
            answer["state"] == "accepted",
            site,
            answer.get("mode"),
            tuple(answer.get("items") or ()),
            answer.get("body"),
            project,
        ),
    )

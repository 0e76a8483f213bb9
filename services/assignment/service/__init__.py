"""What must be looked up before assignment decides? The one way in, whoever knocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.assignment.domain.choosing import Standings, standings, wish_for
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    DispatchItems,
    ExportRegister,
    InArea,
    MatterCommand,
    ReassignAgent,
    RouteMatter,
    TransferItems,
)
from services.assignment.domain.facts import MatterFacts, Sheet, chain
from services.assignment.domain.rights import RIGHTS
from services.assignment.domain.routing import known_of
from services.assignment.domain.state import Assigned
from services.assignment.queries import Queries
from services.assignment.service.covering import ending
from services.assignment.service.sheets import Page, page_for
from services.assignment.service.staffing import staffing
from services.assignment.service.streams import (
    MATTER,
    ROSTER,
    Matter,
    matter_of,
    roster_of,
    standing,
)
from shared.asking import By, Command, asked, permit
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.handling import Asked, Done, Step
from shared.problems import Problem
from shared.rights import Principal, Standing
from shared.runtime import Floor

__all__ = ["MATTER", "ROSTER", "Assignment", "Matter", "matter_of", "roster_of", "standing"]

LATELY = timedelta(days=30)
"""How far back the items one got count for fairness (默认值)."""
APPLICANTS = frozenset({"applicant_lead", "applicant_handler"})


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
        rules = self.floor.packs.edition(matter.pack)
        today = now.astimezone(LEGAL_ZONE).date()
        return MatterFacts(
            rules.pack,
            today,
            actor,
            matter.request,
            catalogue=rules.catalogue,
            calendar=rules.calendar,
            **more,
        )

    async def people(
        self, id: UUID, matter: Matter, state: Assigned, now: datetime
    ) -> dict[str, Any]:
        """Roster, load, turn and receipt, for a decision on who is next and who is told."""
        _, roster = await self.floor.handling.state_of(ROSTER, roster_of(matter.area))
        received = await self.queries.received(id)
        since = now.astimezone(LEGAL_ZONE).date() - LATELY
        return {
            "roster": roster,
            "load": await self.queries.open_items(matter.area),
            "recent": await self.queries.given_since(matter.area, since),
            "waiting": await self.queries.waiting_before(id, matter.area, state.to),
            "received_at": received.at if received else None,
            "minutes": max(int((now - received.at).total_seconds()) // 60, 0)
            if received
            else None,
        }

    async def known(self, id: UUID) -> Mapping[str, object] | None:
        """What the routing rules may ask about, as it is today; None while intake is away."""
        try:
            matter = await self.from_intake(id)
        except Problem:
            return None
        if matter is None or matter.request is None:
            return None
        rules = self.floor.packs.edition(matter.pack)
        return known_of(rules.pack, rules.catalogue, matter.request)

    async def chief(self, matter: Matter, state: Assigned) -> str | None:
        """Who leads the team that serves the matter (代办长), if the roster says."""
        _, roster = await self.floor.handling.state_of(ROSTER, roster_of(matter.area))
        pack = self.floor.packs.edition(matter.pack).pack
        bodies = [above for body in state.to for above in chain(pack, body)]
        led = (roster.chiefs[body][1] for body in bodies if body in roster.chiefs)
        return next(led, None)

    async def page(self, id: UUID, state: Assigned, left: str) -> Page:
        """The hand-over sheet of what `left` has; raises `Problem("unavailable")`."""
        return await page_for(self.floor.peers, id, state, left)

    async def sheet(self, id: UUID, state: Assigned, left: str) -> Sheet | None:
        """The same for what moves by itself: work does not wait for a neighbour that is away."""
        try:
            return (await self.page(id, state, left)).sheet
        except Problem:
            return None

    async def candidates(
        self, id: UUID, item: str | None, by: By
    ) -> tuple[Assigned, MatterFacts, Standings]:
        """Who could have it now, ranked, and who could not and why (派单建议)."""
        _, state, _ = await self.matter(id)
        matter = await self.from_intake(id)
        if matter is None:
            raise Problem("not_found")
        permit(RIGHTS, by, "DispatchItems", standing(matter, state, matter.unit))
        people = await self.people(id, matter, state, by.now)
        facts = self.facts(matter, by.principal.id, by.now, **people)
        return state, facts, standings(wish_for(item, state, facts), state, facts)

    async def arranged(
        self, id: UUID, now: datetime
    ) -> tuple[Matter, Assigned, MatterFacts] | None:
        """What to arrange about a matter, as intake has it now; None: intake has none."""
        matter = await self.from_intake(id)
        if matter is None:
            return None
        _, state = await self.floor.handling.state_of(MATTER, id)
        people = await self.people(id, matter, state, now)
        return matter, state, self.facts(matter, f"s:{self.name}", now, **people)

    async def exported(
        self, command: ExportRegister, new: UUID, by: By
    ) -> tuple[ExportRegister, Done]:
        """The register that was noted as opened: perhaps of fewer bodies than were asked."""
        step = await staffing(self.floor, command, new, by)
        return step.command, await self.floor.handling.handle(step)

    async def _staffing(self, command: InArea, new: UUID, by: By) -> Done:
        """Whoever comes back, or stands in no longer, hands back in the same unit."""
        step = await staffing(self.floor, command, new, by)
        _, roster = await self.floor.handling.state_of(ROSTER, step.stream)

        def ask(id: UUID, matter: Matter, _: int) -> Asked:
            return asked(
                command,
                by,
                area=matter.area,
                matter=id,
                project=matter.project,
                pack=matter.pack,
            )

        back = await ending(self, step.command, roster, ask, by.now)
        return await self.floor.handling.handle(step, *back)

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
        """A matter nobody routed yet is routed, and what is of another level transferred, in the
        same unit as it is dispatched."""
        expected, who = by.expected, by.principal
        steps: list[Step[Any, Any, Any, Any]] = []
        more = await self.people(id, matter, state, by.now)
        facts = self.facts(matter, who.id, by.now, roles=who.roles, bodies=who.bodies, **more)
        if isinstance(command, DispatchItems):
            # What intake said last may not have been heard yet: routed anew while that is free.
            first: list[MatterCommand] = [] if state.items else [RouteMatter()]
            for earlier in (*first, TransferItems()):
                try:
                    events = MATTER.decider.decide(earlier, state, facts)
                except Refused:
                    if not state.routed or isinstance(earlier, TransferItems):
                        raise
                    events = ()
                if events:
                    step = Step(circumstances, MATTER, id, earlier, facts, expected=expected)
                    steps.append(step)
                    state, expected = MATTER.decider.fold(events, state), None
            waiting = await self.queries.waiting_before(id, matter.area, state.to)
            facts = replace(facts, waiting=waiting)
        if isinstance(command, ReassignAgent) and command.left in state.agents:
            page = await self.page(id, state, command.left)
            facts = replace(facts, sheet=page.sheet)
        steps.append(Step(circumstances, MATTER, id, command, facts, expected=expected))
        return steps

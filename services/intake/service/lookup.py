"""What does intake look up before it decides, and before it answers?"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.project import MatterFacts
from services.intake.domain.commands import ReuseMaterial
from services.intake.domain.facts import Facts
from services.intake.domain.material import on_hand
from services.intake.domain.numbers import Rival
from services.intake.domain.place import Loaded
from services.intake.domain.project import Project
from services.intake.domain.rights import DOOR, SERVING
from services.intake.domain.state import Matter
from services.intake.queries import Opening, commission_is_open, matters_of, opening_of
from services.intake.service.streams import MATTER, PROJECT
from shared.asking import By, Command
from shared.clock import LEGAL_ZONE
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Principal, Standing
from shared.runtime import Floor


def legal_today(now: datetime) -> date:
    """The legal day of an instant."""
    return now.astimezone(LEGAL_ZONE).date()


@dataclass(frozen=True, slots=True)
class Case:
    """A matter as it stands: how it began, the rules it follows, what is known of its project."""

    id: UUID
    version: int
    state: Matter
    opening: Opening
    rules: Rules
    project: Project

    def standing(self) -> Standing:
        """The unit's lead and its handler are both the unit."""
        return Standing(self.opening.area, self.state.people)


def day_of(command: Command, by: By) -> date:
    """The legal day of the act (X-01)."""
    happened = command.effective
    if isinstance(happened, datetime):
        return legal_today(happened)
    return happened or legal_today(by.now)


def rule_facts(
    project: Project, mode: str | None = None, channel: str | None = None
) -> MatterFacts:
    """What rules may ask about the project and the request."""
    request = {"assist": "assist", "agent": "agency"}.get(mode or "")
    return MatterFacts.model_validate({**project.facts, "request": request, "channel": channel})


class Lookup:
    """Reads of the log, the views, the packs and the neighbours."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    async def case_of(self, id: UUID) -> Case | None:
        """The matter of that id, None when there is none."""
        version, state = await self.floor.handling.state_of(MATTER, id)
        if not version or state.phase == "absent":
            return None
        opening = await opening_of(self.floor.log.pool, id)
        assert opening and opening.project and opening.edition
        rules = self.floor.packs.edition(state.edition or opening.edition)
        _, project = await self.floor.handling.state_of(PROJECT, opening.project)
        return Case(id, version, state, opening, rules, project)

    async def found(self, id: UUID) -> Case:
        """The matter of that id; raises `Problem("not_found")`."""
        case = await self.case_of(id)
        if case is None:
            raise Problem("not_found")
        return case

    async def project_of(self, id: UUID) -> tuple[int, Project, Opening]:
        """The project of that id; raises `Problem("not_found")`."""
        version, project = await self.floor.handling.state_of(PROJECT, id)
        opening = await opening_of(self.floor.log.pool, id)
        if opening is None or not project.registered:
            raise Problem("not_found")
        return version, project, opening

    def facts(self, case: Case, day: date, id: UUID, who: Principal | None = None) -> Facts:
        """What a decision on `case` may look at; `who` is None for the service itself."""
        roles = who.roles if who else frozenset()
        unit = who is not None and who.id in case.state.people
        door = bool(roles & DOOR.keys())
        return Facts(
            day=day,
            pack=case.rules.pack,
            catalogue=case.rules.catalogue,
            project=rule_facts(case.project, case.state.mode or case.state.wanted),
            id=id,
            actor=who.id if who else "s:intake",
            by_unit=unit,
            serving=bool(roles & SERVING.keys()) and not door and not unit,
            bodies=who.bodies if who and "liaison" in roles else frozenset(),
        )

    def loaded(self, area: str) -> dict[str, Loaded]:
        """The packs of a place that this deployment carries, by edition."""
        return {
            rules.edition: Loaded(rules.pack, rules.catalogue.edition, rules.calendar.edition)
            for rules in self.floor.packs.all()
            if rules.pack.jurisdiction.code == area
        }

    async def rivals(self, project: UUID, *matters: UUID) -> dict[UUID, Rival]:
        """The matters of a project as they stand now, `matters` among them (X-11)."""
        known = [*await matters_of(self.floor.log.pool, project), *matters]
        found: dict[UUID, Rival] = {}
        for id in dict.fromkeys(known):
            case = await self.case_of(id)
            if case is not None:
                items = case.state.items or case.state.wanted_items
                found[id] = Rival(case.state.number, await self.is_open(case), items)
        return found

    async def is_open(self, case: Case) -> bool:
        """Open until declined or until its file is closed; open when archive cannot be asked."""
        if case.state.phase == "declined":
            return False
        try:
            file = await self.floor.peers.get("archive", f"/matters/{case.id}")
        except Problem:
            return True
        return not file or file.get("state") != "closed"

    async def is_carried(self, holder: UUID) -> bool:
        """Whether the matter or commission that took a number still carries it."""
        case = await self.case_of(holder)
        if case is not None:
            return await self.is_open(case)
        return await commission_is_open(self.floor.log.pool, holder)

    async def is_offered(self, command: ReuseMaterial, case: Case, facts: Facts) -> bool:
        """Whether the material is held where the command says, by the same project or unit."""
        if command.origin == "e_certificate":
            materials = case.rules.catalogue.materials
            return any(m.id == command.material and m.source == "e-cert" for m in materials)
        other = await self.case_of(command.from_matter) if command.from_matter else None
        if other is None or other.id == case.id:
            return False
        same_unit = bool(other.state.people & case.state.people)
        if other.opening.project != case.opening.project and not same_unit:
            return False
        theirs = self.facts(other, facts.day, facts.id)
        return on_hand(command.material, other.state, theirs, command.piece)

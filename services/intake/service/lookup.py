"""What does intake look up before it decides, and before it answers?"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.project import MatterFacts
from services.intake.domain.commands import ReuseMaterial
from services.intake.domain.editions import Carried, Editions, edition_for_new, taken_up
from services.intake.domain.facts import Facts
from services.intake.domain.material import on_hand
from services.intake.domain.numbers import Rival
from services.intake.domain.papers import held, missing
from services.intake.domain.place import Loaded
from services.intake.domain.project import Project
from services.intake.domain.rights import DOOR, RIGHTS, SERVING
from services.intake.domain.state import Matter
from services.intake.queries import (
    Opening,
    entrusted_is_open,
    matters_of,
    matters_of_unit,
    opening_of,
    serving,
    serving_project,
)
from services.intake.service.streams import MATTER, PLACE, PROJECT, place_stream
from shared.asking import By, Command
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Principal, Standing, accounts
from shared.runtime import Floor

BY_ASSIGNMENT = frozenset(r for r, how in RIGHTS["Read"].items() if how == "assigned")
"""Posts that see a matter only when it is theirs (HS-17)."""


def legal_today(now: datetime) -> date:
    """The legal day of an instant."""
    return now.astimezone(LEGAL_ZONE).date()


@dataclass(frozen=True, slots=True)
class Case:
    """A matter as it stands: how it began, the rules it follows, what is known of its project.

    `agents` are those assigned to it; they are looked up only where rights are asked (`found`).
    """

    id: UUID
    version: int
    state: Matter
    opening: Opening
    rules: Rules
    project: Project
    agents: frozenset[str] = frozenset()

    def standing(self) -> Standing:
        """The unit's lead and its handler are both the unit."""
        return Standing(self.opening.area, self.state.people, self.agents)


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
    known = dict(project.known())
    return MatterFacts.model_validate({**known, "request": request, "channel": channel})


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

    async def found(self, id: UUID, who: Principal) -> Case:
        """The matter of that id, and who serves it; raises `Problem("not_found")`."""
        case = await self.case_of(id)
        if case is None:
            raise Problem("not_found")
        return replace(case, agents=await self.agents_of(id, who))

    async def agents_of(self, matter: UUID, who: Principal) -> frozenset[str]:
        """Who is assigned to `matter`, as heard; of one assigned just now, assignment is asked."""
        known = await serving(self.floor.log.pool, matter)
        if who.id in known or not who.roles & BY_ASSIGNMENT:
            return known
        try:
            said = await self.floor.peers.get("assignment", f"/matters/{matter}")
        except Problem:
            return known
        return (
            known | frozenset(filter(None, (*said["agents"], said.get("steward"))))
            if said
            else known
        )

    async def standing_of_project(self, id: UUID, area: str, project: Project) -> Standing:
        """The unit, and whoever serves a matter of the project."""
        agents = await serving_project(self.floor.log.pool, id)
        return Standing(area, accounts(project.applicant), agents)

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
            bodies=who.bodies if who and door else frozenset(),
            calendar=case.rules.calendar,
            roles=roles,
            acts_for=who.bodies if who else frozenset(),
        )

    def facts_for_new(
        self, rules: Rules, project: MatterFacts, day: date, id: UUID, applicant: str | None
    ) -> Facts:
        """What the service may look at when it begins a matter by itself."""
        return Facts(
            day=day,
            pack=rules.pack,
            catalogue=rules.catalogue,
            project=project,
            id=id,
            actor="s:intake",
            applicant=applicant,
        )

    def loaded(self, area: str) -> dict[str, Loaded]:
        """The packs a place may follow that this deployment carries, by edition."""
        return {
            rules.edition: Loaded(rules.pack, rules.catalogue.edition, rules.calendar.edition)
            for rules in self.floor.packs.editions_of(area)
        }

    async def rules_for_new(self, area: str, day: date, *, fresh: bool = True) -> Rules:
        """The rules a matter that begins on `day` follows; refused when there are none now.

        A place that follows the pack of the place above it follows what is activated there.
        """
        editions, carried = await self._editions(area, fresh=fresh)
        return self.floor.packs.edition(edition_for_new(editions, carried, day))

    async def rules_to_take(self, edition: str, area: str, day: date) -> Rules:
        """The rules an open matter is moved to; refused when its place may not follow them."""
        editions, carried = await self._editions(area, fresh=True)
        return self.floor.packs.edition(taken_up(edition, editions, carried, day))

    async def _editions(self, area: str, *, fresh: bool) -> tuple[Editions, Carried]:
        packs, handling = self.floor.packs, self.floor.handling
        current = packs.for_area(area)
        stream = place_stream(current.pack.jurisdiction.code)
        _, place = await handling.state_of(PLACE, stream, fresh=fresh)
        carried = {rules.edition: rules.pack for rules in packs.editions_of(area)}
        drafts = self.floor.settings.allow_draft_packs
        return place.editions, Carried(carried, current.edition, drafts)

    async def in_force(self, area: str, day: date) -> str | None:
        """The edition that new matters follow today; None when no new matter is taken."""
        try:
            return (await self.rules_for_new(area, day, fresh=False)).edition
        except Refused:
            return None

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
        """Whether the matter, commission or agreement that took a number still carries it."""
        case = await self.case_of(holder)
        if case is not None:
            return await self.is_open(case)
        return await entrusted_is_open(self.floor.log.pool, holder)

    async def earlier(self, project: Project) -> list[UUID]:
        """The projects that this one alters or extends, nearest first (HS-83)."""
        found: list[UUID] = []
        while project.parent is not None and project.parent not in found:
            found.append(project.parent)
            _, project = await self.floor.handling.state_of(PROJECT, project.parent)
        return found

    async def reusable(self, id: UUID) -> list[dict[str, Any]]:
        """What matters of this and the earlier projects hold already (X-14, HS-83)."""
        _, project, _ = await self.project_of(id)
        offered: list[dict[str, Any]] = []
        for one in (id, *await self.earlier(project)):
            for matter in await matters_of(self.floor.log.pool, one):
                case = await self.case_of(matter)
                if case is None:
                    continue
                offered += [
                    {
                        "material": piece.material, "piece": piece_id, "matter": matter,
                        "project": one, "valid_until_on": piece.valid_until,
                    }
                    for piece_id, piece in case.state.pieces.items()
                    if piece_id not in case.state.replaced
                ]  # fmt: skip
        return offered

    async def offers(self, case: Case, facts: Facts) -> list[dict[str, object]]:
        """What other matters of the project or the unit hold that this one still lacks (X-14)."""
        pool, project = self.floor.log.pool, case.opening.project
        known = await matters_of(pool, project) if project else []
        known += await matters_of_unit(pool, sorted(case.state.people))
        lacking = {m for i in case.state.items for m in missing(i, case.state, facts)}
        found: list[dict[str, object]] = []
        for id in dict.fromkeys(known):
            if not lacking:
                break
            other = await self.case_of(id) if id != case.id else None
            if other is None:
                continue
            for material in sorted(
                lacking & held(other.state, self.facts(other, facts.day, id))
            ):
                lacking.discard(material)
                found.append(
                    {"material": material, "from_matter": id, "number": other.state.number}
                )
        return found

    async def is_offered(self, command: ReuseMaterial, case: Case, facts: Facts) -> bool:
        """Whether the material is held where the command says, by the same project or unit."""
        if command.origin == "e_certificate":
            materials = case.rules.catalogue.materials
            return any(m.id == command.material and m.source == "e-cert" for m in materials)
        other = await self.case_of(command.from_matter) if command.from_matter else None
        if other is None or other.id == case.id:
            return False
        same_unit = bool(other.state.people & case.state.people)
        here = {case.opening.project, *await self.earlier(case.project)}
        if other.opening.project not in here and not same_unit:
            return False
        theirs = self.facts(other, facts.day, facts.id)
        return on_hand(command.material, other.state, theirs, command.piece)

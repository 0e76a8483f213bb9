"""What is known of a project (项目), and to which project does a code lead (X-11)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.intake import ProjectAmended, ProjectIdentified, ProjectRegistered
from contracts.pack import Pack
from contracts.project import ProjectFacts
from contracts.vocabulary import FactValue
from services.intake.domain.commands import AmendProject, ClaimCode, RegisterProject
from shared.decider import Decider, Refused


@dataclass(frozen=True, slots=True)
class ProjectFloor:
    """Looked up for a command on a project: the pack, and the unit's account."""

    pack: Pack
    applicant: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project; names and addresses are personal and are not held here."""

    registered: bool = False
    code: str | None = None
    works: str | None = None
    applicant: str | None = None
    facts: Mapping[str, FactValue] = MappingProxyType({})
    investment_amount: Decimal | None = None
    land_area: Decimal | None = None
    building_area: Decimal | None = None

    def known(self) -> ProjectFacts:
        """The facts as rules read them."""
        return ProjectFacts.model_validate(dict(self.facts))


PUBLIC = ("code", "works", "applicant", "investment_amount", "land_area", "building_area")
PRIVATE = ("name", "unit", "unit_code", "address", "reason")


def evolve(state: Project, event: Event) -> Project:
    match event:
        case ProjectRegistered() | ProjectAmended():
            given = {name: getattr(event, name) for name in PUBLIC}
            return replace(
                state,
                registered=True,
                facts=MappingProxyType({**state.facts, **event.facts}),
                **{name: value for name, value in given.items() if value is not None},
            )
    return state


def decide(
    command: RegisterProject | AmendProject, state: Project, facts: ProjectFloor
) -> Sequence[Event]:
    """Registered once; afterwards only what is new is recorded (X-14)."""
    match command, state.registered:
        case RegisterProject(), False:
            return [_register(command, facts)]
        case RegisterProject(), True:
            raise Refused("project_exists", remedy="请改用补正 / amend it instead")
        case AmendProject(), True:
            return _amend(command, state, facts)
    raise Refused("not_in_this_state", command=type(command).__name__, state="absent")


def _register(command: RegisterProject, facts: ProjectFloor) -> ProjectRegistered:
    _known_site(command.facts, facts)
    return ProjectRegistered(
        code=command.code,
        works=command.works,
        applicant=facts.applicant,
        facts=_said(command.facts),
        investment_amount=command.investment_amount,
        land_area=command.land_area,
        building_area=command.building_area,
        name=command.name,
        unit=command.unit,
        unit_code=command.unit_code,
        address=command.address,
    )


def _amend(command: AmendProject, state: Project, facts: ProjectFloor) -> Sequence[Event]:
    _known_site(command.facts, facts)
    said = {name: v for name, v in _said(command.facts).items() if state.facts.get(name) != v}
    new: dict[str, Any] = {
        name: value
        for name in PUBLIC
        if (value := getattr(command, name)) is not None and value != getattr(state, name)
    }
    told = {name: v for name in PRIVATE if (v := getattr(command, name)) is not None}
    if not said and not new and not set(told) - {"reason"}:
        return []
    return [ProjectAmended(facts=said, **new, **told)]


def _said(facts: ProjectFacts) -> dict[str, FactValue]:
    """What was said, and nothing that was left out."""
    said: dict[str, Any] = facts.known()
    return {name: value for name, value in said.items() if name in facts.model_fields_set}


def _known_site(facts: ProjectFacts, floor: ProjectFloor) -> None:
    if facts.site is not None and floor.pack.site_kind(facts.site) is None:
        raise Refused(
            "site_unknown",
            site=facts.site,
            parks=[park.id for park in floor.pack.sites.parks],
            rule="sites",
            remedy="请填园区代码、本县乡镇（街道）九位代码或 elsewhere / use a site code of the pack",
        )


def evolve_code(state: UUID | None, event: Event) -> UUID | None:
    match event:
        case ProjectIdentified(leads_to=project):
            return project
    return state


def decide_code(command: ClaimCode, state: UUID | None, facts: None) -> Sequence[Event]:
    """One code leads to one project, whatever the door (X-11)."""
    if state == command.project:
        return []
    if state is not None:
        raise Refused(
            "project_code_taken",
            project_code=command.code,
            project=str(state),
            remedy="该代码的项目已登记，请在该项目下办理 / go on with that project",
        )
    return [ProjectIdentified(code=command.code, leads_to=command.project)]


PROJECT = Decider(Project(), evolve, decide)
CODE: Decider[ClaimCode, UUID | None, Event, None] = Decider(None, evolve_code, decide_code)

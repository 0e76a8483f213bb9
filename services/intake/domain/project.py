"""What is known of a project (项目), and to which project does a code lead (X-11)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.intake import ProjectAmended, ProjectIdentified, ProjectRegistered
from contracts.pack import Pack
from contracts.project import FIGURES, ProjectFacts
from contracts.vocabulary import FactValue
from services.intake.domain.codes import ADVICE, CONCERNS, month_is_odd, warnings_of
from services.intake.domain.commands import AmendProject, ClaimCode, RegisterProject
from shared.decider import Decider, Refused


@dataclass(frozen=True, slots=True)
class ProjectFloor:
    """Looked up for a command on a project: the pack, the unit's account, whether its `parent`
    is a project of the same place.
    """

    pack: Pack
    applicant: str | None = None
    parent_known: bool = False
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Who told a member of a project, if not a person here, and when he saw it so (HS-12)."""

    source: str
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Project:
    """A project; names and addresses are personal and are not held here.

    `told` names the other system that answers for a member; `warnings` are still to be checked.
    """

    registered: bool = False
    code: str | None = None
    works: str | None = None
    parent: UUID | None = None
    applicant: str | None = None
    warnings: tuple[str, ...] = ()
    told: Mapping[str, Told] = MappingProxyType({})
    facts: Mapping[str, FactValue] = MappingProxyType({})
    investment_amount: Decimal | None = None
    land_area: Decimal | None = None
    building_area: Decimal | None = None

    def known(self) -> ProjectFacts:
        """The facts as rules read them."""
        figures = {name: getattr(self, name) for name in FIGURES}
        return ProjectFacts.model_validate({**self.facts, **figures})

    def spoken(self) -> dict[str, FactValue | str]:
        """The facts and figures as other services are told them; a figure is decimal text."""
        figures = {name: str(v) for name in FIGURES if (v := getattr(self, name)) is not None}
        return {**self.facts, **figures}


PUBLIC = (
    "code",
    "works",
    "parent",
    "applicant",
    "investment_amount",
    "land_area",
    "building_area",
)
PRIVATE = ("name", "unit", "unit_code", "address", "reason")


def evolve(state: Project, event: Event) -> Project:
    match event:
        case ProjectRegistered() | ProjectAmended():
            given = {name: getattr(event, name) for name in PUBLIC}
            return replace(
                state,
                registered=True,
                facts=MappingProxyType({**state.facts, **event.facts}),
                warnings=state.warnings if event.warnings is None else event.warnings,
                told=_told(state, event),
                **{name: value for name, value in given.items() if value is not None},
            )
    return state


def _told(state: Project, event: ProjectRegistered | ProjectAmended) -> Mapping[str, Told]:
    """Whoever said a member last answers for it."""
    members = {*event.facts, *(name for name in PUBLIC if getattr(event, name) is not None)}
    known = {name: told for name, told in state.told.items() if name not in members}
    if event.source is not None:
        known |= dict.fromkeys(members, Told(event.source, event.observed_at))
    return MappingProxyType(known)


def advice(warnings: Sequence[str]) -> list[dict[str, str]]:
    """What to do about each warning, for people."""
    return [{"warning": w, "about": CONCERNS[w], "remedy": ADVICE[w]} for w in warnings]


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
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state="absent",
        remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
    )


def _register(command: RegisterProject, facts: ProjectFloor) -> ProjectRegistered:
    _known_site(command.facts, facts)
    return ProjectRegistered(
        code=command.code,
        works=command.works,
        parent=_parent(command.parent, facts),
        warnings=_checked(command, facts) or None,
        source=command.source,
        observed_at=command.observed_at,
        applicant=facts.applicant,
        facts=_said(command.facts),
        **_figures(command),
        name=command.name,
        unit=command.unit,
        unit_code=command.unit_code,
        address=command.address,
    )


def _amend(command: AmendProject, state: Project, facts: ProjectFloor) -> Sequence[Event]:
    _known_site(command.facts, facts)
    said = {name: v for name, v in _said(command.facts).items() if state.facts.get(name) != v}
    given = {name: getattr(command, name) for name in PUBLIC} | _figures(command)
    new: dict[str, Any] = {
        name: value
        for name in PUBLIC
        if (value := given[name]) is not None and value != getattr(state, name)
    }
    told = {name: v for name in PRIVATE if (v := getattr(command, name)) is not None}
    if not said and not new and not set(told) - {"reason"}:
        return []
    if "applicant" in new and state.applicant is not None and command.reason is None:
        raise Refused(
            "reason_required",
            member="applicant",
            remedy="变更建设单位账号须写明 reason / say why the project passes to another account",
        )
    _parent(new.get("parent"), facts)
    warnings = _standing(command, state, facts)
    return [
        ProjectAmended(
            facts=said,
            warnings=warnings if warnings != state.warnings else None,
            source=command.source,
            observed_at=command.observed_at,
            **new,
            **told,
        )
    ]


def _standing(command: AmendProject, state: Project, facts: ProjectFloor) -> tuple[str, ...]:
    """The warnings that stand afterwards: a member said anew is judged anew."""
    anew = {name for name in ("code", "unit_code") if getattr(command, name) is not None}
    kept = [w for w in state.warnings if CONCERNS[w] not in anew]
    return (*kept, *_checked(command, facts))


def _parent(parent: UUID | None, facts: ProjectFloor) -> UUID | None:
    if parent is not None and not facts.parent_known:
        raise Refused(
            "parent_unknown",
            parent=str(parent),
            remedy="请先登记原项目，再关联改建、扩建项目 / register the earlier project first",
        )
    return parent


def _checked(command: RegisterProject | AmendProject, facts: ProjectFloor) -> tuple[str, ...]:
    """A month there is not is refused; whatever else is odd is taken with a warning."""
    if command.code is not None and month_is_odd(command.code):
        raise Refused(
            "project_code_month_odd",
            month=command.code[2:4],
            remedy="项目代码前四位应为年份后两位加月份，请核对备案证 / year and month, YYMM",
        )
    unit_code = command.unit_code.reveal() if command.unit_code is not None else None
    area = facts.area or facts.pack.jurisdiction.code
    return warnings_of(command.code, unit_code, area)


def _figures(command: RegisterProject | AmendProject) -> dict[str, Any]:
    """The figures, given beside the facts or among them; both must say the same."""
    among = command.facts.figures()
    for name, figure in among.items():
        if getattr(command, name) not in (None, figure):
            remedy = "同一数值填写不一致，请核对 / the same figure was given twice, differently"
            raise Refused("figure_contradicts", figure=name, remedy=remedy)
    return {name: among.get(name, getattr(command, name)) for name in FIGURES}


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

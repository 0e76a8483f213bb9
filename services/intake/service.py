"""What must be looked up before intake decides, and which streams are written together?"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts import intake
from contracts.edition import leaves
from contracts.pack import Pack
from contracts.project import MatterFacts
from contracts.vocabulary import Series
from services.intake import domain
from services.intake.domain.commands import (
    AmendProject,
    AnswerVisitor,
    ChooseMode,
    ClaimCode,
    ConfirmForm,
    DraftForm,
    FileCommission,
    MigrateMatter,
    RegisterProject,
    RequestService,
    ReuseMaterial,
)
from services.intake.domain.facts import Facts
from services.intake.domain.material import on_hand
from services.intake.domain.numbers import NumberFloor, ReserveNumber, Rival, VoidNumber
from services.intake.domain.place import (
    AmendPack,
    DecidePackQuestion,
    Loaded,
    LogPublicity,
    PlaceFloor,
    PublishNotice,
)
from services.intake.domain.project import Project, ProjectFloor
from services.intake.domain.rights import DOOR, RIGHTS, SERVING
from services.intake.domain.state import Matter
from services.intake.queries import Opening, matters_of, opening_of
from shared.asking import By, Command, asked, permit
from shared.auth import Principal
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary, wire_type
from shared.handling import Aggregate, Asked, Done, Step
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Standing
from shared.runtime import Floor

_PLACE = (
    intake.PackRegistered, intake.PackActivated, intake.PackAmended,
    intake.PackQuestionDecided, intake.NoticePublished, intake.PublicityLogged,
)  # fmt: skip
_PROJECT = (intake.ProjectRegistered, intake.ProjectAmended)
_CODE = (intake.ProjectIdentified,)
_NUMBERS = (intake.NumberReserved, intake.NumberVoided)
_ELSEWHERE = (*_PLACE, *_PROJECT, *_CODE, *_NUMBERS)

MATTER = Aggregate(
    "matter",
    domain.MATTER,
    Vocabulary([event for event in intake.EVENTS if event not in _ELSEWHERE]),
)
PROJECT = Aggregate("project", domain.PROJECT, Vocabulary(_PROJECT))
CODE = Aggregate("code", domain.CODE, Vocabulary(_CODE))
NUMBERS = Aggregate("numbers", domain.NUMBERS, Vocabulary(_NUMBERS))
PLACE = Aggregate("place", domain.PLACE, Vocabulary(_PLACE))
CONSULTATION = Aggregate(
    "consultation", domain.CONSULTATION, Vocabulary([intake.ConsultationAnswered])
)

FOR_UNIT = (ChooseMode, FileCommission, DraftForm, ConfirmForm)
_RESERVED = wire_type(intake.NumberReserved)


def place_stream(area: str) -> UUID:
    """The stream of a place: its packs, notices and publicity."""
    return derived(NAMESPACE, f"place/{area}")


def numbers_stream(area: str, year: int, series: Series) -> UUID:
    """The stream of a number series: one for each place and year."""
    return derived(NAMESPACE, f"numbers/{area}/{year}/{series}")


def code_stream(code: str) -> UUID:
    """The stream of a project code: to which project it leads."""
    return derived(NAMESPACE, f"code/{code}")


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

    def standing(self, principal: Principal) -> Standing:
        """The unit's lead and its handler are both the unit."""
        mine = principal.id in self.state.people
        return Standing(self.opening.area, principal.id if mine else self.state.applicant)


class Intake:
    """受理: the one way in, whoever knocks."""

    name = "intake"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    async def do(self, command: Command, stream: UUID, by: By) -> Done:
        """Decide and record; raises `Problem`, `Refused` and what `Handling.handle` raises."""
        match command:
            case RegisterProject():
                return await self._register(command, stream, by)
            case AmendProject():
                return await self._amend(command, stream, by)
            case RequestService():
                return await self._request(command, stream, by)
            case AnswerVisitor():
                return await self._answer(command, stream, by)
            case VoidNumber():
                return await self._void(command, stream, by)
            case AmendPack() | DecidePackQuestion() | PublishNotice() | LogPublicity():
                return await self._at_the_place(command, stream, by)
        return await self._of_the_matter(command, stream, by)

    # -- looking up ---------------------------------------------------------------------------

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
            actor=who.id if who else f"s:{self.name}",
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
                found[id] = Rival(case.state.number, await self._is_open(case), items)
        return found

    async def _is_open(self, case: Case) -> bool:
        """Open until declined or until its file is closed; open when archive cannot be asked."""
        if case.state.phase == "declined":
            return False
        try:
            file = await self.floor.peers.get("archive", f"/matters/{case.id}")
        except Problem:
            return True
        return not file or file.get("state") != "closed"

    # -- projects -----------------------------------------------------------------------------

    async def _register(self, command: RegisterProject, stream: UUID, by: By) -> Done:
        own = "own" if by.principal.roles & _UNIT else None
        applicant = by.principal.id if own else command.applicant
        permit(RIGHTS, by, "RegisterProject", Standing(command.area, applicant))
        rules = self.floor.packs.for_area(command.area)
        behalf = applicant if applicant != by.principal.id else None
        about = asked(
            command, by, area=command.area, project=stream, pack=rules.edition, behalf=behalf
        )
        facts = ProjectFloor(rules.pack, applicant)
        steps = [Step(about, PROJECT, stream, command, facts)]
        return await self._with_code(command.code, stream, by, command.area, steps)

    async def _amend(self, command: AmendProject, stream: UUID, by: By) -> Done:
        _, project, opening = await self.project_of(stream)
        permit(RIGHTS, by, "AmendProject", Standing(opening.area, project.applicant))
        if command.applicant is not None and by.principal.id == project.applicant:
            raise Refused(
                "applicant_is_named_by_staff",
                remedy="账号变更请到窗口办理 / ask the window to change the account",
            )
        rules = self.floor.packs.for_area(opening.area)
        about = asked(
            command, by, area=opening.area, opened=opening.day, project=stream,
            pack=rules.edition,
        )  # fmt: skip
        facts = ProjectFloor(rules.pack)
        steps = [Step(about, PROJECT, stream, command, facts, expected=by.expected)]
        code = command.code if command.code != project.code else None
        return await self._with_code(code, stream, by, opening.area, steps)

    async def _with_code(
        self, code: str | None, project: UUID, by: By, area: str, steps: list[Any]
    ) -> Done:
        """The project, and its code tied to it, in one unit of work (X-11)."""
        if code is not None:
            claim = ClaimCode(code=code, project=project)
            about = asked(claim, by, area=area)
            steps.append(Step(about, CODE, code_stream(code), claim, None))
        return await self.floor.handling.handle(*steps)

    # -- requests -----------------------------------------------------------------------------

    async def _request(self, command: RequestService, stream: UUID, by: By) -> Done:
        _, project, opening = await self.project_of(command.project)
        permit(RIGHTS, by, "RequestService", Standing(opening.area, project.applicant))
        if command.area != opening.area:
            raise Refused("another_area", area=command.area, of_the_project=opening.area)
        rules = self.floor.packs.for_area(opening.area)
        applicant, handler = _unit_of(command, project, by.principal)
        behalf = applicant if applicant != by.principal.id else None
        about = asked(
            command, by, area=opening.area, opened=opening.day, matter=stream,
            project=command.project, pack=rules.edition, behalf=behalf,
        )  # fmt: skip
        facts = Facts(
            day=_day(command, by),
            pack=rules.pack,
            catalogue=rules.catalogue,
            project=rule_facts(project, command.wanted, command.channel),
            id=derived(by.origin, "id/0"),
            actor=by.principal.id,
            applicant=applicant,
            handler=handler,
        )
        reserve = await self._reserve(
            "matter", rules.pack, stream, command.project, by, items=command.items
        )
        matter = Step(about, MATTER, stream, command, _numbered(facts))
        return _of(stream, await self.floor.handling.handle(reserve, matter))

    async def _reserve(
        self,
        series: Series,
        pack: Pack,
        holder: UUID,
        project: UUID,
        by: By,
        items: tuple[str, ...] = (),
    ) -> Step[Any, Any, Any, Any]:
        """Take a number in the same unit of work as what carries it, so that none is lost."""
        area, year = pack.jurisdiction.code, legal_today(by.now).year
        rule = pack.numbering.matter if series == "matter" else pack.numbering.agreement
        stream = numbers_stream(area, year, series)
        command = ReserveNumber(
            area=area, series=series, year=year, holder=holder, project=project, items=items
        )
        rivals = {}
        if series == "matter":
            _, numbers = await self.floor.handling.state_of(NUMBERS, stream)
            rivals = await self.rivals(project, *numbers.projects.get(project, ()))
        floor = NumberFloor(rule.digits if rule else 1, rivals)
        about = asked(command, by, area=area, pack=pack.edition)
        return Step(about, NUMBERS, stream, command, floor)

    async def _void(self, command: VoidNumber, stream: UUID, by: By) -> Done:
        opening = await opening_of(self.floor.log.pool, stream)
        _, numbers = await self.floor.handling.state_of(NUMBERS, stream)
        if opening is None or numbers.series is None:
            raise Problem("not_found")
        permit(RIGHTS, by, "VoidNumber", Standing(opening.area))
        holder = numbers.holders.get(command.number)
        case = await self.case_of(holder) if holder else None
        rivals = {}
        if case is not None:
            rivals[case.id] = Rival(case.state.number, await self._is_open(case), ())
        about = asked(command, by, area=opening.area)
        step = Step(
            about, NUMBERS, stream, command, NumberFloor(rivals=rivals), expected=by.expected
        )
        return await self.floor.handling.handle(step)

    # -- matters ------------------------------------------------------------------------------

    async def _of_the_matter(self, command: Command, stream: UUID, by: By) -> Done:
        case = await self.found(stream)
        permit(RIGHTS, by, type(command).__name__, case.standing(by.principal))
        facts = self.facts(case, _day(command, by), derived(by.origin, "id/0"), by.principal)
        about = self._about(command, case, facts, by)
        step = Step(about, MATTER, stream, command, facts, expected=by.expected)
        match command:
            case ReuseMaterial():
                offered = await self._is_offered(command, case, facts)
                step = replace(step, facts=replace(facts, offered=offered))
            case MigrateMatter():
                taken = self.floor.packs.edition(command.taken).pack
                step = replace(step, facts=replace(facts, taken=taken))
            case FileCommission() if case.state.commission is None:
                return await self._commission(command, case, facts, by, step)
        return await self.floor.handling.handle(step)

    def _about(self, command: Command, case: Case, facts: Facts, by: By) -> Asked:
        """Who, for whom, under which authority (X-01)."""
        drafting = isinstance(command, DraftForm) and not facts.by_unit
        commission = case.state.commission if drafting else None
        for_unit = isinstance(command, FOR_UNIT) and not facts.by_unit
        return asked(
            command,
            by,
            area=case.opening.area,
            opened=case.opening.day,
            matter=case.id,
            project=case.opening.project,
            pack=case.rules.edition,
            behalf=case.state.applicant if for_unit else None,
            authority=commission.id if commission else None,
        )

    async def _commission(
        self,
        command: FileCommission,
        case: Case,
        facts: Facts,
        by: By,
        step: Step[Any, Any, Any, Any],
    ) -> Done:
        """A commission takes an agreement number where the place numbers them (HS-51)."""
        if case.rules.pack.numbering.agreement is None:
            return await self.floor.handling.handle(step)
        assert case.opening.project
        holder = command.commission or facts.id
        pack = case.rules.pack
        reserve = await self._reserve("agreement", pack, holder, case.opening.project, by)
        numbered = replace(step, facts=_numbered(facts))
        return _of(case.id, await self.floor.handling.handle(reserve, numbered))

    async def _is_offered(self, command: ReuseMaterial, case: Case, facts: Facts) -> bool:
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

    # -- visitors and places ------------------------------------------------------------------

    async def _answer(self, command: AnswerVisitor, stream: UUID, by: By) -> Done:
        permit(RIGHTS, by, "AnswerVisitor", Standing(command.area))
        rules = self.floor.packs.for_area(command.area)
        facts = Facts(
            day=_day(command, by),
            pack=rules.pack,
            catalogue=rules.catalogue,
            project=MatterFacts(),
            id=stream,
            actor=by.principal.id,
        )
        about = asked(command, by, area=command.area, pack=rules.edition)
        return await self.floor.handling.handle(
            Step(about, CONSULTATION, stream, command, facts)
        )

    async def _at_the_place(
        self,
        command: AmendPack | DecidePackQuestion | PublishNotice | LogPublicity,
        stream: UUID,
        by: By,
    ) -> Done:
        opening = await opening_of(self.floor.log.pool, stream)
        if opening is None or stream != place_stream(opening.area):
            raise Problem("not_found")
        permit(RIGHTS, by, type(command).__name__, Standing(opening.area))
        changed: tuple[str, ...] = ()
        if isinstance(command, AmendPack):
            editions = (command.amends, command.edition)
            changed = _changed(*(self.floor.packs.edition(e).pack for e in editions))
        floor = PlaceFloor(self.loaded(opening.area), derived(by.origin, "id/0"), changed)
        about = asked(command, by, area=opening.area, pack=getattr(command, "edition", None))
        step = Step(about, PLACE, stream, command, floor, expected=by.expected)
        return await self.floor.handling.handle(step)


_UNIT = frozenset({"applicant_lead", "applicant_handler"})


def rule_facts(
    project: Project, mode: str | None = None, channel: str | None = None
) -> MatterFacts:
    """What rules may ask about the project and the request."""
    request = {"assist": "assist", "agent": "agency"}.get(mode or "")
    return MatterFacts.model_validate({**project.facts, "request": request, "channel": channel})


def _unit_of(
    command: RequestService, project: Project, who: Principal
) -> tuple[str | None, str | None]:
    """The accounts of the unit's lead and handler for this request."""
    if "applicant_lead" in who.roles:
        return who.id, command.handler
    if "applicant_handler" in who.roles:
        return project.applicant or who.id, who.id
    return command.applicant or project.applicant, command.handler


def _numbered(facts: Facts) -> Any:
    """Facts with the number that the step before reserved."""
    return lambda earlier: replace(facts, number=earlier[0].number)


def _of(stream: UUID, done: Done) -> Done:
    """What was recorded of `stream` itself; the number series is the place's affair."""
    events = tuple(event for event in done.events if event[1] != _RESERVED)
    return replace(done, version=done.versions[stream], events=events)


def _day(command: Command, by: By) -> date:
    """The legal day of the act (X-01)."""
    happened = command.effective
    if isinstance(happened, datetime):
        return legal_today(happened)
    return happened or legal_today(by.now)


def _changed(before: Pack, after: Pack) -> tuple[str, ...]:
    """The leaves in which two editions of a pack differ."""
    old, new = (dict(leaves(pack.model_dump(mode="json"))) for pack in (before, after))
    return tuple(sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p)))

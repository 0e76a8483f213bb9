"""What must be looked up before intake decides, and which streams are written together?"""

from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from contracts.pack import Pack
from contracts.vocabulary import Series
from services.intake.domain.commands import (
    AmendProject,
    AnswerVisitor,
    CompleteRegistration,
    FileCommission,
    MigrateMatter,
    MoveAgreement,
    RegisterProject,
    RequestService,
    ReuseMaterial,
)
from services.intake.domain.doubles import first_of
from services.intake.domain.enrolment import IssueNotice
from services.intake.domain.facts import Facts
from services.intake.domain.feed import FeedProjects
from services.intake.domain.numbers import (
    NumberFloor,
    PreprintNumbers,
    ReserveNumber,
    VoidNumber,
)
from services.intake.domain.place import (
    ActivatePack,
    AmendPack,
    AskActivation,
    DecidePackQuestion,
    LogPublicity,
    PublishNotice,
    RetirePack,
)
from services.intake.domain.project import Project
from services.intake.domain.registration import REGISTER
from services.intake.domain.rights import RIGHTS
from services.intake.queries import told_before
from services.intake.service import door, registers
from services.intake.service.authority import (
    authority_of,
    commissions_are_numbered,
    for_unit,
    may_bear_a_number,
    numbers_agreement,
)
from services.intake.service.lookup import Case, Lookup, day_of, legal_today, rule_facts
from services.intake.service.marks import Marks
from services.intake.service.naming import Names
from services.intake.service.sights import FirstSight
from services.intake.service.streams import (
    MATTER,
    NUMBERS,
    numbers_stream,
    of_stream,
)
from shared.asking import By, Command, asked, permit
from shared.decider import Refused
from shared.eventstore.identity import derived
from shared.handling import Asked, Done, Step
from shared.rights import Principal, Standing, accounts
from shared.runtime import Floor


class Intake:
    """受理: the one way in, whoever knocks."""

    name = "intake"

    def __init__(self, floor: Floor) -> None:
        self.floor, self.look = floor, Lookup(floor)
        self.first = FirstSight(self.look, self._reserve)
        self.names = Names(self.look)

    @cached_property
    def marks(self) -> Marks:
        """The tokens by which the same files are known again."""
        return Marks(self.floor.settings.deployment_key())

    async def do(self, command: Command, stream: UUID, by: By) -> Done:
        """Decide and record; raises `Problem`, `Refused` and what `Handling.handle` raises."""
        match command:
            case RegisterProject():
                return await registers.register(self.look, command, stream, by)
            case AmendProject():
                return await registers.amend(self.look, command, stream, by)
            case RequestService():
                return await self._request(command, stream, by)
            case AnswerVisitor():
                return await registers.answer(self.look, command, stream, by)
            case PreprintNumbers() | VoidNumber():
                return await registers.of_numbers(self.look, command, stream, by)
            case FeedProjects():
                done, _ = await self.first.feed(command, stream, by)
                return done
            case _ if isinstance(command, door.COMMANDS):
                return await door.do(self.look, command, stream, by)
            case AskActivation() | ActivatePack() | RetirePack() | AmendPack():
                return await registers.at_the_place(self.look, command, stream, by)
            case DecidePackQuestion() | PublishNotice() | LogPublicity():
                return await registers.at_the_place(self.look, command, stream, by)
        return await self._of_the_matter(command, stream, by)

    # -- requests -----------------------------------------------------------------------------

    async def _request(self, command: RequestService, stream: UUID, by: By) -> Done:
        _, project, opening = await self.look.project_of(command.project)
        permit(
            RIGHTS, by, "RequestService", Standing(opening.area, accounts(project.applicant))
        )
        if command.area != opening.area:
            raise Refused(
                "another_area",
                area=command.area,
                of_the_project=opening.area,
                remedy="请在项目所在地提交 / ask in the area of the project",
            )
        rules = await self.look.rules_for_new(opening.area, day_of(command, by))
        applicant, handler = _unit_of(command, project, by.principal)
        behalf = applicant if applicant != by.principal.id else None
        about = asked(
            command, by, area=opening.area, matter=stream, project=command.project,
            pack=rules.edition, behalf=behalf,
        )  # fmt: skip
        facts = Facts(
            day=day_of(command, by),
            pack=rules.pack,
            catalogue=rules.catalogue,
            project=rule_facts(project, command.wanted, command.channel),
            id=derived(by.origin, "id/0"),
            actor=by.principal.id,
            applicant=applicant,
            handler=handler,
        )
        reserve = await self._reserve(
            "matter", opening.area, rules.pack, stream, command.project, by, items=command.items
        )
        matter = Step(about, MATTER, stream, command, _numbered(facts))
        return of_stream(stream, await self.floor.handling.handle(reserve, matter))

    async def _reserve(
        self,
        series: Series,
        area: str,
        pack: Pack,
        holder: UUID,
        project: UUID,
        by: By,
        items: tuple[str, ...] = (),
        rule: str = "matter",
    ) -> Step[Any, Any, Any, Any]:
        """Take a number in the same unit of work as what carries it, so that none is lost."""
        year = legal_today(by.now).year
        stream = numbers_stream(area, year, series)
        command = ReserveNumber(
            area=area, series=series, year=year, holder=holder, project=project, items=items
        )
        rivals = {}
        if series == "matter":
            _, numbers = await self.floor.handling.state_of(NUMBERS, stream)
            rivals = await self.look.rivals(project, *numbers.projects.get(project, ()))
        floor = NumberFloor(pack.numbering.rule(rule).digits, rivals)
        about = asked(command, by, area=area, pack=pack.edition)
        return Step(about, NUMBERS, stream, command, floor)

    # -- matters ------------------------------------------------------------------------------

    async def _of_the_matter(self, command: Command, stream: UUID, by: By) -> Done:
        case = await self.look.found(stream, by.principal)
        permit(RIGHTS, by, type(command).__name__, case.standing())
        facts = self.look.facts(
            case, day_of(command, by), derived(by.origin, "id/0"), by.principal
        )
        facts = replace(facts, mark=self.marks.of(command, stream))
        about = self._about(command, case, facts, by)
        step = Step(about, MATTER, stream, command, facts, expected=by.expected)
        may_bear_a_number(command, case.state, facts)
        match command:
            case IssueNotice():
                told = await told_before(self.floor.log.pool, case.opening.project, case.id)
                step = replace(step, facts=replace(facts, told=told))
            case ReuseMaterial():
                offered = await self.look.is_offered(command, case, facts)
                step = replace(step, facts=replace(facts, offered=offered))
            case MigrateMatter():
                area = case.opening.area
                taken = await self.look.rules_to_take(command.taken, area, facts.day)
                step = replace(step, facts=replace(facts, taken=taken.pack))
            case CompleteRegistration() if case.state.setting.registered is None:
                if REGISTER in case.rules.pack.numbering.ids():
                    return await self._numbered(
                        REGISTER, case.id, case, facts, by, step, "register"
                    )
            case FileCommission() if case.state.commission is None:
                if commissions_are_numbered(case.rules.pack):
                    holder = command.commission or facts.id
                    return await self._numbered("agreement", holder, case, facts, by, step)
            case MoveAgreement() if rule := numbers_agreement(command, case.state, facts):
                holder = command.agreement or facts.id
                return await self._numbered(rule, holder, case, facts, by, step)
        done = await self.floor.handling.handle(step)
        return await self._same_as(command, stream, facts, done)

    async def _same_as(self, command: Command, matter: UUID, facts: Facts, done: Done) -> Done:
        """Where nothing was said anew: the first submission of the very same files (B66)."""
        if facts.mark is None or done.events:
            return done
        _, state = await self.floor.handling.state_of(MATTER, matter)
        return replace(done, same_as=first_of(command, facts.mark, state))

    def _about(self, command: Command, case: Case, facts: Facts, by: By) -> Asked:
        """Who, for whom, under which authority (X-01)."""
        return asked(
            command,
            by,
            area=case.opening.area,
            opened=case.opening.day,
            matter=case.id,
            project=case.opening.project,
            pack=case.rules.edition,
            behalf=case.state.applicant if for_unit(command, facts) else None,
            authority=authority_of(command, case.state, facts),
        )

    async def _numbered(
        self,
        rule: str,
        holder: UUID,
        case: Case,
        facts: Facts,
        by: By,
        step: Step[Any, Any, Any, Any],
        series: Series = "agreement",
    ) -> Done:
        """The paper takes the next number of its yearly series in one unit with it (HS-51)."""
        assert case.opening.project
        area, project = case.opening.area, case.opening.project
        printed: str | None = getattr(step.command, "number", None)
        reserve = (
            await self._reserve(series, area, case.rules.pack, holder, project, by, rule=rule)
            if printed is None
            else registers.taking(series, area, printed, holder, project, by)
        )
        numbered = replace(step, facts=_numbered(facts))
        return of_stream(case.id, await self.floor.handling.handle(reserve, numbered))


def _unit_of(
    command: RequestService, project: Project, who: Principal
) -> tuple[str | None, str | None]:
    """The accounts of the unit's lead and handler for this request; another's are refused."""
    if "applicant_lead" in who.roles:
        registers.own_applicant(command.applicant, who.id)
        return who.id, command.handler
    if "applicant_handler" in who.roles:
        lead = project.applicant or who.id
        registers.own_applicant(command.applicant, lead)
        return lead, who.id
    if project.applicant is not None:
        registers.own_applicant(command.applicant, project.applicant)
    return command.applicant or project.applicant, command.handler


def _numbered(facts: Facts) -> Any:
    """Facts with the number that the step before reserved."""
    return lambda earlier: replace(facts, number=earlier[0].number)

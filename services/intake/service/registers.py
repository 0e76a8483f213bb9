"""How are projects, codes, number series, visitors and places written?"""

from typing import Any
from uuid import UUID

from contracts.pack import Pack
from contracts.project import MatterFacts
from contracts.vocabulary import Series
from services.intake.domain.commands import (
    AmendProject,
    AnswerVisitor,
    ClaimCode,
    RegisterProject,
)
from services.intake.domain.facts import Facts
from services.intake.domain.numbers import (
    NumberFloor,
    PreprintNumbers,
    PrintedSeries,
    Rival,
    TakeNumber,
    VoidNumber,
)
from services.intake.domain.place import (
    ActivatePack,
    AmendPack,
    AskActivation,
    DecidePackQuestion,
    LogPublicity,
    PlaceFloor,
    PublishNotice,
    RetirePack,
)
from services.intake.domain.project import ProjectFloor
from services.intake.domain.registration import REGISTER
from services.intake.domain.rights import RIGHTS
from services.intake.queries import opening_of
from services.intake.service.lookup import Lookup, day_of, legal_today
from services.intake.service.streams import (
    CODE,
    CONSULTATION,
    NUMBERS,
    PLACE,
    PROJECT,
    code_stream,
    numbers_stream,
    of_stream,
    place_stream,
)
from shared.asking import By, asked, permit
from shared.decider import Refused
from shared.eventstore.identity import derived
from shared.handling import Done, Step
from shared.problems import Problem
from shared.rights import Standing, accounts

_UNIT = frozenset({"applicant_lead", "applicant_handler"})


async def register(look: Lookup, command: RegisterProject, stream: UUID, by: By) -> Done:
    """A new project; a unit that registers it is its applicant (项目登记)."""
    applicant = command.applicant
    if by.principal.roles & _UNIT:
        own_applicant(command.applicant, by.principal.id)
        applicant = by.principal.id
    permit(RIGHTS, by, "RegisterProject", Standing(command.area, accounts(applicant)))
    return await enter(look, command, stream, by, applicant)


def own_applicant(named: str | None, known: str) -> None:
    """Refuse an account that is not the project's: its matters would be another's to see."""
    if named in (None, known):
        return
    raise Refused(
        "applicant_is_anothers",
        remedy="项目已登记建设单位账号；确需变更的，请窗口先写明 reason 补正项目 / "
        "the project has its unit: to change it, the window amends the project with a reason",
    )


async def enter(
    look: Lookup, command: RegisterProject, stream: UUID, by: By, applicant: str | None
) -> Done:
    """A new project, whoever may enter it; its code tied to it in the same unit of work."""
    rules = look.floor.packs.for_area(command.area)
    behalf = applicant if applicant != by.principal.id else None
    about = asked(
        command, by, area=command.area, project=stream, pack=rules.edition, behalf=behalf
    )
    known = await _is_here(look, command.parent, command.area)
    facts = ProjectFloor(rules.pack, applicant, known, command.area)
    steps = [Step(about, PROJECT, stream, command, facts)]
    return await _with_code(look, command.code, stream, by, command.area, steps)


async def amend(look: Lookup, command: AmendProject, stream: UUID, by: By) -> Done:
    """What is new about a project; its account is named by staff (项目补正)."""
    _, project, opening = await look.project_of(stream)
    standing = await look.standing_of_project(stream, opening.area, project)
    permit(RIGHTS, by, "AmendProject", standing)
    if command.applicant is not None and by.principal.id == project.applicant:
        raise Refused(
            "applicant_is_named_by_staff",
            remedy="账号变更请到窗口办理 / ask the window to change the account",
        )
    return await change(look, command, stream, by)


async def change(look: Lookup, command: AmendProject, stream: UUID, by: By) -> Done:
    """What is new about a project, whoever may say it."""
    _, project, opening = await look.project_of(stream)
    rules = look.floor.packs.for_area(opening.area)
    about = asked(
        command, by, area=opening.area, opened=opening.day, project=stream,
        pack=rules.edition,
    )  # fmt: skip
    known = command.parent != stream and await _is_here(look, command.parent, opening.area)
    facts = ProjectFloor(rules.pack, None, known, opening.area)
    steps = [Step(about, PROJECT, stream, command, facts, expected=by.expected)]
    code = command.code if command.code != project.code else None
    return await _with_code(look, code, stream, by, opening.area, steps)


async def _is_here(look: Lookup, parent: UUID | None, area: str) -> bool:
    """Whether the earlier project (HS-83) is one of the same place."""
    if parent is None:
        return False
    opening = await opening_of(look.floor.log.pool, parent)
    version, _ = await look.floor.handling.state_of(PROJECT, parent)
    return bool(version) and opening is not None and opening.area == area


async def _with_code(
    look: Lookup, code: str | None, project: UUID, by: By, area: str, steps: list[Any]
) -> Done:
    """The project, and its code tied to it, in one unit of work (X-11)."""
    if code is not None:
        claim = ClaimCode(code=code, project=project)
        about = asked(claim, by, area=area)
        steps.append(Step(about, CODE, code_stream(code), claim, None))
    return of_stream(project, await look.floor.handling.handle(*steps))


def number_rule(pack: Pack, series: PrintedSeries) -> str:
    """The numbering of the pack from which a series takes its shape; refused when it has none."""
    named = next((a.number for a in pack.agreements if a.number), "agreement")
    rule = REGISTER if series == "register" else named
    if rule not in pack.numbering.ids():
        raise Refused(
            "not_numbered_here",
            series=series,
            numbered=sorted(pack.numbering.ids()),
            rule="numbering",
            remedy="本地方案没有这种编号 / the place has no such numbering",
        )
    return rule


async def preprint(look: Lookup, command: PreprintNumbers, by: By) -> Done:
    """Numbers for empty forms, of this year or the next; none is ever used twice (预印编号)."""
    permit(RIGHTS, by, "PreprintNumbers", Standing(command.area))
    pack = look.floor.packs.for_area(command.area).pack
    rule = pack.numbering.rule(number_rule(pack, command.series))
    year = legal_today(by.now).year
    if command.year not in (year, year + 1):
        raise Refused(
            "not_this_year",
            year=command.year,
            years=[year, year + 1],
            remedy="只能预印本年或次年的编号 / numbers of this year or the next",
        )
    about = asked(command, by, area=command.area, pack=pack.edition)
    stream = numbers_stream(command.area, command.year, command.series)
    step = Step(about, NUMBERS, stream, command, NumberFloor(rule.digits))
    return await look.floor.handling.handle(step)


def taking(
    series: Series, area: str, number: str, holder: UUID, project: UUID, by: By
) -> Step[Any, Any, Any, Any]:
    """The step that takes a number printed beforehand, in the series of its own year."""
    place, year, _ = number.split("-")
    stream = numbers_stream(place, int(year), series)
    command = TakeNumber(number=number, holder=holder, project=project)
    if place != area:
        raise Refused(
            "number_not_preprinted",
            number=number,
            remedy="编号不属于本地 / the number is of another place",
        )
    return Step(asked(command, by, area=area), NUMBERS, stream, command, NumberFloor())


async def of_numbers(
    look: Lookup, command: PreprintNumbers | VoidNumber, stream: UUID, by: By
) -> Done:
    """What is asked of a number series itself."""
    if isinstance(command, PreprintNumbers):
        return await preprint(look, command, by)
    return await void(look, command, stream, by)


async def void(look: Lookup, command: VoidNumber, stream: UUID, by: By) -> Done:
    """A number of the series `stream`, when nothing open carries it (编号作废)."""
    opening = await opening_of(look.floor.log.pool, stream)
    _, numbers = await look.floor.handling.state_of(NUMBERS, stream)
    if opening is None or numbers.series is None:
        raise Problem("not_found")
    permit(RIGHTS, by, "VoidNumber", Standing(opening.area))
    holder = numbers.holders.get(command.number)
    rivals = (
        {holder: Rival(command.number, await look.is_carried(holder), ())} if holder else {}
    )
    about = asked(command, by, area=opening.area)
    floor = NumberFloor(rivals=rivals)
    step = Step(about, NUMBERS, stream, command, floor, expected=by.expected)
    return await look.floor.handling.handle(step)


async def answer(look: Lookup, command: AnswerVisitor, stream: UUID, by: By) -> Done:
    """A visitor's question, in a stream of its own (咨询解答)."""
    permit(RIGHTS, by, "AnswerVisitor", Standing(command.area))
    rules = look.floor.packs.for_area(command.area)
    facts = Facts(
        day=day_of(command, by),
        pack=rules.pack,
        catalogue=rules.catalogue,
        project=MatterFacts(),
        id=stream,
        actor=by.principal.id,
    )
    about = asked(command, by, area=command.area, pack=rules.edition)
    return await look.floor.handling.handle(Step(about, CONSULTATION, stream, command, facts))


type AtThePlace = (
    AskActivation
    | ActivatePack
    | RetirePack
    | AmendPack
    | DecidePackQuestion
    | PublishNotice
    | LogPublicity
)


async def at_the_place(
    look: Lookup,
    command: AtThePlace,
    stream: UUID,
    by: By,
) -> Done:
    """What the place makes known or decides about its rules (公告、宣传、待定事项)."""
    opening = await opening_of(look.floor.log.pool, stream)
    if opening is None or stream != place_stream(opening.area):
        raise Problem("not_found")
    permit(RIGHTS, by, type(command).__name__, Standing(opening.area))
    changed: tuple[str, ...] = ()
    if isinstance(command, AmendPack):
        packs = look.floor.packs
        earlier = packs.edition(command.amends).pack
        changed = packs.edition(command.edition).pack.changed_from(earlier)
    drafts = look.floor.settings.allow_draft_packs
    floor = PlaceFloor(
        look.loaded(opening.area), derived(by.origin, "id/0"), changed, drafts, by.principal.id
    )
    about = asked(command, by, area=opening.area, pack=getattr(command, "edition", None))
    step = Step(about, PLACE, stream, command, floor, expected=by.expected)
    return await look.floor.handling.handle(step)

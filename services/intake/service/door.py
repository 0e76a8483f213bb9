"""How are visitors, hotline orders, bookings, outreach and stories written?"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.intake import ContactHandedOver
from services.intake.domain.booking import EndBooking, MakeBooking, MissBooking, MoveBooking
from services.intake.domain.contact.commands import (
    AnswerContact,
    CloseContact,
    DeclineHandover,
    LinkContact,
    OfferHandover,
    ReceiveVisitor,
    ReferQuestion,
    RemindOfContact,
    TakeContact,
    TellContact,
)
from services.intake.domain.contact.state import Contact
from services.intake.domain.desk import Desk
from services.intake.domain.hotline import AnswerOrder, ReceiveOrder, TakeOrder
from services.intake.domain.outreach import (
    CloseOutreach,
    DeliverChecklist,
    LogVisit,
    PublishChecklist,
    PushPolicy,
)
from services.intake.domain.rights import CHIEFS, RIGHTS
from services.intake.domain.story import PublishStory
from services.intake.queries import opening_of, told_before
from services.intake.service.lookup import Lookup, day_of, rule_facts
from services.intake.service.modes import ends_with
from services.intake.service.streams import (
    BOOKING,
    CODE,
    CONTACT,
    MATTER,
    ORDER,
    OUTREACH,
    STORY,
    code_stream,
    of_stream,
)
from shared.asking import By, Command, asked, permit
from shared.decider import Refused
from shared.eventstore.identity import derived
from shared.handling import Aggregate, Done, Step
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Standing, accounts

type Move = Step[Any, Any, Any, Any]

_UNIT = frozenset({"applicant_lead", "applicant_handler"})

OF_CONTACT = (
    LinkContact, OfferHandover, TakeContact, DeclineHandover, CloseContact, ReferQuestion,
    AnswerContact, TellContact, RemindOfContact,
)  # fmt: skip
OF_ORDER = (TakeOrder, AnswerOrder)
OF_BOOKING = (MoveBooking, EndBooking, MissBooking)
OF_OUTREACH = (PublishChecklist, DeliverChecklist, PushPolicy, LogVisit, CloseOutreach)
CREATING = (ReceiveVisitor, ReceiveOrder, MakeBooking, PublishStory)
COMMANDS = (*OF_CONTACT, *OF_ORDER, *OF_BOOKING, *OF_OUTREACH, *CREATING)


async def do(look: Lookup, command: Command, stream: UUID, by: By) -> Done:
    """Decide and record one command at the door."""
    match command:
        case ReceiveVisitor():
            return await _receive(look, command, stream, by)
        case ReceiveOrder():
            return await _order(look, command, stream, by)
        case MakeBooking():
            return await _book(look, command, stream, by)
        case PublishStory():
            return await _tell_story(look, command, stream, by)
        case _ if isinstance(command, OF_CONTACT):
            return await _of_contact(look, command, stream, by)
        case _ if isinstance(command, OF_ORDER):
            return await _of_order(look, command, stream, by)
        case _ if isinstance(command, OF_BOOKING):
            return await _of_booking(look, command, stream, by)
    return await _of_outreach(look, command, stream, by)


def desk(look: Lookup, rules: Rules, command: Command, by: By, **more: Any) -> Desk:
    """What a decision at the door may look at."""
    who = by.principal
    return Desk(
        day=day_of(command, by),
        at=by.now if command.effective is None else _instant(command, by),
        pack=rules.pack,
        catalogue=rules.catalogue,
        calendar=rules.calendar,
        id=derived(by.origin, "id/0"),
        actor=who.id,
        roles=who.roles,
        bodies=who.bodies,
        chief=bool(who.roles & CHIEFS),
        by_unit=bool(who.roles & _UNIT),
        **more,
    )


def _instant(command: Command, by: By) -> Any:
    """The moment of an act entered later, when it is known to the minute."""
    return command.effective if hasattr(command.effective, "hour") else by.now


async def area_of(look: Lookup, aggregate: Aggregate[Any, Any, Any, Any], id: UUID) -> str:
    """The place of a stream of this kind; raises `Problem("not_found")`."""
    version, state = await look.floor.handling.state_of(aggregate, id)
    opening = await opening_of(look.floor.log.pool, id)
    if not version or opening is None or getattr(state, "phase", "") == "absent":
        raise Problem("not_found")
    return opening.area


# -- contacts -----------------------------------------------------------------------------------


async def _receive(look: Lookup, command: ReceiveVisitor, stream: UUID, by: By) -> Done:
    """A visitor; the visit he had booked was kept by his coming."""
    permit(RIGHTS, by, "ReceiveVisitor", Standing(command.area))
    rules = look.floor.packs.for_area(command.area)
    project, matter = await linked(
        look, Contact(), command.project, command.matter, command.area
    )
    about = asked(
        command, by, area=command.area, project=project, matter=matter, pack=rules.edition
    )
    facts = desk(look, rules, command, by)
    steps: list[Move] = [Step(about, CONTACT, stream, command, facts)]
    if command.booking is not None:
        if await area_of(look, BOOKING, command.booking) != command.area:
            raise Problem("not_found")
        kept = EndBooking(ending="kept")
        steps.append(Step(about, BOOKING, command.booking, kept, facts))
    done = await look.floor.handling.handle(*steps)
    return of_stream(stream, done)


async def linked(
    look: Lookup, state: Contact, project: UUID | None, matter: UUID | None, area: str
) -> tuple[UUID | None, UUID | None]:
    """The project and matter that a contact is about, both of its own place."""
    if matter is not None:
        case = await look.case_of(matter)
        if case is None or case.opening.area != area:
            raise Refused("matter_unknown", remedy="请核对办件编号 / no such matter here")
        project = project or case.opening.project
    if project is not None:
        opening = await opening_of(look.floor.log.pool, project)
        if opening is None or opening.area != area:
            raise Refused("project_unknown", remedy="请核对项目 / no such project here")
    return project or state.project, matter or state.matter


async def _of_contact(look: Lookup, command: Command, stream: UUID, by: By) -> Done:
    area = await area_of(look, CONTACT, stream)
    permit(RIGHTS, by, type(command).__name__, Standing(area))
    _, state = await look.floor.handling.state_of(CONTACT, stream)
    wanted = (
        (command.project, command.matter) if isinstance(command, LinkContact) else (None, None)
    )
    project, matter = await linked(look, state, *wanted, area)
    rules = look.floor.packs.for_area(area)
    about = asked(command, by, area=area, project=project, matter=matter, pack=rules.edition)
    facts = desk(look, rules, command, by)
    if isinstance(command, TellContact | ReferQuestion):
        facts = await _known(look, facts, project, matter)
    step: Move = Step(about, CONTACT, stream, command, facts, expected=by.expected)
    taken = isinstance(command, TakeContact)
    ended = await ends_with(look, ContactHandedOver.__name__, matter, by) if taken else []
    return await look.floor.handling.handle(step, *ended)


async def _known(look: Lookup, facts: Desk, project: UUID | None, matter: UUID | None) -> Desk:
    """What was told before, in which mode the matter is, and who answers for its items."""
    told = await told_before(look.floor.log.pool, project, matter)
    if matter is None:
        return replace(facts, told=told)
    _, state = await look.floor.handling.state_of(MATTER, matter)
    return replace(facts, told=told, mode=state.mode, owners=await owners(look, matter))


async def owners(look: Lookup, matter: UUID) -> dict[str, str]:
    """Who answers for each item, as assignment knows (AS-94); nobody when it cannot be asked."""
    try:
        said = await look.floor.peers.get("assignment", f"/matters/{matter}")
    except Problem:
        return {}
    found = (said or {}).get("owners") or {}
    return {item: who for item, who in found.items() if isinstance(who, str)}


# -- orders, bookings, stories ------------------------------------------------------------------


async def _order(look: Lookup, command: ReceiveOrder, stream: UUID, by: By) -> Done:
    """An order that names a project code meets the matter that is open for it (X-11, AS-25)."""
    permit(RIGHTS, by, "ReceiveOrder", Standing(command.area))
    rules = look.floor.packs.for_area(command.area)
    project, matter = await _met(look, command.code, command.area)
    about = asked(
        command, by, area=command.area, project=project, matter=matter, pack=rules.edition
    )
    facts = desk(look, rules, command, by)
    return await look.floor.handling.handle(Step(about, ORDER, stream, command, facts))


async def _met(look: Lookup, code: str | None, area: str) -> tuple[UUID | None, UUID | None]:
    """The project of a code in this place, and its open matter."""
    if code is None:
        return None, None
    _, project = await look.floor.handling.state_of(CODE, code_stream(code))
    opening = await opening_of(look.floor.log.pool, project) if project else None
    if project is None or opening is None or opening.area != area:
        return None, None
    rivals = await look.rivals(project)
    return project, next((id for id, rival in rivals.items() if rival.open), None)


async def _create(
    look: Lookup,
    command: Command,
    aggregate: Aggregate[Any, Any, Any, Any],
    stream: UUID,
    by: By,
    area: str,
    standing: Standing | None = None,
) -> Done:
    permit(RIGHTS, by, type(command).__name__, standing or Standing(area))
    rules = look.floor.packs.for_area(area)
    about = asked(command, by, area=area, pack=rules.edition)
    facts = desk(look, rules, command, by)
    step: Move = Step(about, aggregate, stream, command, facts)
    return await look.floor.handling.handle(step)


async def _book(look: Lookup, command: MakeBooking, stream: UUID, by: By) -> Done:
    """A unit books for itself."""
    unit = accounts(by.principal.id) if by.principal.roles & _UNIT else accounts(command.holder)
    standing = Standing(command.area, unit)
    return await _create(look, command, BOOKING, stream, by, command.area, standing)


async def _tell_story(look: Lookup, command: PublishStory, stream: UUID, by: By) -> Done:
    """A story about a matter belongs to it."""
    permit(RIGHTS, by, "PublishStory", Standing(command.area))
    rules = look.floor.packs.for_area(command.area)
    project, matter = await linked(look, Contact(), None, command.of_matter, command.area)
    about = asked(
        command, by, area=command.area, project=project, matter=matter, pack=rules.edition
    )
    facts = desk(look, rules, command, by)
    return await look.floor.handling.handle(Step(about, STORY, stream, command, facts))


async def _of_order(look: Lookup, command: Command, stream: UUID, by: By) -> Done:
    """One about our own staff is not there for anybody but the supervisor."""
    area = await area_of(look, ORDER, stream)
    permit(RIGHTS, by, type(command).__name__, Standing(area))
    _, state = await look.floor.handling.state_of(ORDER, stream)
    if state.hides_from(by.principal.id, by.principal.roles):
        raise Problem("not_found")
    leads_to = command.leads_to if isinstance(command, AnswerOrder) else None
    project, matter = await linked(look, Contact(), None, leads_to, area)
    rules = look.floor.packs.for_area(area)
    about = asked(command, by, area=area, project=project, matter=matter, pack=rules.edition)
    facts = desk(look, rules, command, by)
    step: Move = Step(about, ORDER, stream, command, facts, expected=by.expected)
    return await look.floor.handling.handle(step)


async def _of_booking(look: Lookup, command: Command, stream: UUID, by: By) -> Done:
    area = await area_of(look, BOOKING, stream)
    _, state = await look.floor.handling.state_of(BOOKING, stream)
    permit(RIGHTS, by, type(command).__name__, Standing(area, accounts(state.holder)))
    rules = look.floor.packs.for_area(area)
    about = asked(command, by, area=area, pack=rules.edition)
    facts = desk(look, rules, command, by)
    step: Move = Step(about, BOOKING, stream, command, facts, expected=by.expected)
    return await look.floor.handling.handle(step)


# -- outreach -----------------------------------------------------------------------------------


async def _of_outreach(look: Lookup, command: Command, stream: UUID, by: By) -> Done:
    """Of a project that may have no code and no matter yet."""
    area = await area_of(look, OUTREACH, stream)
    permit(RIGHTS, by, type(command).__name__, Standing(area))
    opening = await opening_of(look.floor.log.pool, stream)
    assert opening and opening.project and opening.edition
    rules = look.floor.packs.edition(opening.edition)
    _, project, _ = await look.project_of(opening.project)
    about = asked(
        command, by, area=area, opened=opening.day, project=opening.project, pack=rules.edition
    )
    facts = desk(look, rules, command, by, project=rule_facts(project))
    step: Move = Step(about, OUTREACH, stream, command, facts, expected=by.expected)
    return await look.floor.handling.handle(step)

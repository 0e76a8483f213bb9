"""When may an item be filed, and what is recorded when it is (申报, YO-17, YO-41, X-02, X-03)?"""

from collections.abc import Sequence
from uuid import UUID

from contracts.event import Event
from contracts.supervision import ItemReady, ItemReceived, ItemSubmitted, WorkLogged
from contracts.vocabulary import Filer
from services.supervision.domain.commands.course import ReceiveItem, SubmitItem
from services.supervision.domain.course import Course, expect, in_order
from services.supervision.domain.facts import Facts
from services.supervision.domain.powers import evidence, filed_by, refuse_filing, require
from services.supervision.domain.progress import told
from services.supervision.domain.readiness import predecessors, still_open
from services.supervision.domain.state import Matter
from shared.decider import Refused

UNFILED = ("waiting", "ready")


def course_of(matter: Matter, item: str) -> Course:
    """The item's course; refused when the item is not served."""
    course = matter.items.get(item)
    if course is None or not course.in_scope:
        raise Refused(
            "item_not_in_scope",
            item=item,
            scope=list(matter.scope()),
            remedy=(
                "该事项不在服务范围内：请先在受理服务调整事项范围 / "
                "the item is not in scope: amend the scope at intake first"
            ),
        )
    return course


def submit(command: SubmitItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """File an item: the unit itself, or its agent under a commission."""
    course = course_of(matter, command.item)
    if course.state not in UNFILED and not course.failed:
        return []
    filer = _filer(facts)
    if filer == "agent":
        require(facts, "file_for_applicant", command.item, "submit")
        _require_papers(command.item, facts)
    in_order(course, facts.on)
    first = _ready(matter, command, course, facts)
    submitted = ItemSubmitted(
        item=command.item,
        body=command.body or _owner(matter, command.item),
        filed_by=filer,
        submitted_on=facts.on,
        served_by=facts.team.body_for(command.item),
        pieces=_pieces(command, facts),
        confirmed_draft=facts.known.confirmed_forms.get(command.item),
        system_ref=command.system_ref,
        relied_on=facts.relied_on,
    )
    return [*first, submitted, told(facts, [command.item], "submitted")]


def receive(command: ReceiveItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The approving body has the papers."""
    course = course_of(matter, command.item)
    if course.state not in (*UNFILED, "submitted") and not course.failed:
        return []
    evidence(facts, command.system_state, command.system_ref)
    in_order(course, facts.on)
    first: list[Event] = []
    body = command.body or course.body or _owner(matter, command.item)
    if course.state != "submitted":
        first = [_filed_by_the_unit(command, body, facts)]
    received = ItemReceived(
        item=command.item,
        body=body,
        received_on=facts.on,
        system_ref=command.system_ref,
        system_state=command.system_state,
    )
    return [*first, received, told(facts, [command.item], "received")]


def _filed_by_the_unit(command: ReceiveItem, body: str, facts: Facts) -> ItemSubmitted:
    """The approval system says that the unit filed by itself, and the mode lets it."""
    if filed_by(facts) != "applicant" or command.system_ref is None:
        raise Refused(
            "not_submitted_yet",
            item=command.item,
            remedy=(
                "请先申报；项目单位自行申报的，请附审批系统编号（system_ref） / "
                "submit it first; where the unit filed by itself, give its number in the "
                "approval system (system_ref)"
            ),
        )
    return ItemSubmitted(
        item=command.item,
        body=body,
        filed_by="applicant",
        submitted_on=facts.on,
        served_by=facts.team.body_for(command.item),
        system_ref=command.system_ref,
        relied_on=facts.relied_on,
    )


def _filer(facts: Facts) -> Filer:
    """The unit may always file and say so (YY-48); staff only where the mode has them file
    (modes.*.filed_by, X-02)."""
    if facts.by_applicant:
        return "applicant"
    if filed_by(facts) != "agent":
        refuse_filing(facts)
    return "agent"


def _require_papers(item: str, facts: Facts) -> None:
    """The agent files whole papers, and a form whose content the unit confirmed (YO-40)."""
    known = facts.known
    if item not in known.complete_items:
        raise Refused(
            "materials_incomplete",
            item=item,
            materials=list(facts.item(item).materials),
            remedy=(
                "材料未齐：请先收齐材料或取得容缺承诺 / "
                "papers are lacking: collect them, or have an undertaking to supply them"
            ),
        )
    form = [m.id for m in facts.catalogue.materials if m.source == "system"]
    if set(form) & set(facts.item(item).materials) and item not in known.confirmed_forms:
        raise Refused(
            "form_not_confirmed",
            item=item,
            form=form,
            remedy=(
                "代填的申报表单须先经项目单位确认内容 / "
                "the unit confirms a form that was filled in for it first"
            ),
        )


def _ready(matter: Matter, command: SubmitItem, course: Course, facts: Facts) -> list[Event]:
    """What goes before the filing: readiness, or the explanation why it is out of order."""
    waits = still_open(matter, command.item, facts)
    if waits and command.explanation is None:
        raise Refused(
            "predecessors_open",
            item=command.item,
            waits_for=list(waits),
            remedy=(
                "前序事项未办结：请先办前序事项，确需先行申报的请写明 explanation / "
                "what comes before is not done: do it first, or say in `explanation` why this "
                "must go ahead"
            ),
        )
    first: list[Event] = []
    whole = command.item in facts.known.complete_items
    if not waits and whole and course.state == "waiting":
        after = predecessors(matter, command.item, facts)
        first = [ItemReady(item=command.item, after=after, ready_on=facts.on)]
    if waits and command.explanation is not None:
        first = [WorkLogged(kind="note", items=(command.item,), entry=command.explanation)]
    return first


def _pieces(command: SubmitItem, facts: Facts) -> tuple[UUID, ...]:
    needed = facts.item(command.item).materials
    held = {piece.piece for piece in facts.known.pieces}
    if command.pieces is None:
        fit = (p for p in facts.known.pieces if p.material in needed and not p.replaced)
        return tuple(piece.piece for piece in fit)
    strange = [str(id) for id in command.pieces if id not in held]
    if strange:
        raise Refused(
            "pieces_unknown",
            pieces=strange,
            remedy="请先在受理服务接收材料 / receive the papers at intake first",
        )
    return command.pieces


def _owner(matter: Matter, item: str) -> str:
    line = matter.plan.lines.get(item) if matter.plan else None
    return line.owner if line else "departments"


def require_submitted(course: Course, command: str) -> None:
    """Refuse a step of the department before anything was filed."""
    expect(course, command, "submitted", "received")

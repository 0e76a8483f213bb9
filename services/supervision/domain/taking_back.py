"""When may a filing be taken back, and a decision undone (撤件、撤回、撤销, HS-12, X-07)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import ItemWithdrawn
from contracts.vocabulary import ItemState, RevisionCause
from services.supervision.domain.commands.course import WithdrawItem
from services.supervision.domain.course import Course, expect, in_order
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.planning import after_all, revised_if_moved
from services.supervision.domain.powers import (
    AGENTS,
    evidence,
    filed_by,
    refuse_filing,
    require,
)
from services.supervision.domain.progress import told
from services.supervision.domain.state import Matter
from shared.decider import Refused

BEFORE: tuple[ItemState, ...] = ("submitted", "received", "correcting")
AFTER: tuple[ItemState, ...] = ("accepted", "suspended")
DONE: tuple[ItemState, ...] = ("decided", "collected", "delivered")


def withdraw(command: WithdrawItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Before acceptance, after it, or after the decision: each has its own word and its own hand."""
    course = course_of(matter, command.item)
    if course.state == "withdrawn" and course.withdrawn == command.kind:
        return []
    by = _by(command, course, facts)
    in_order(course, facts.on)
    taken = ItemWithdrawn(
        item=command.item,
        kind=command.kind,
        by=by,
        withdrawn_on=facts.on,
        system_state=command.system_state,
        reason=command.reason,
        paper=command.paper,
    )
    said: list[Event] = [taken, told(facts, [command.item], "withdrawn")]
    cause: RevisionCause = "applicant_wish" if by == "applicant" else "item_late"
    return [*said, *revised_if_moved(after_all(matter, said), facts, cause, (command.item,))]


def _by(command: WithdrawItem, course: Course, facts: Facts) -> str:
    """Whose act it is: the unit's own, by whoever files for it, or the body's, with its word."""
    match command.kind:
        case "withdrawn":
            expect(course, "WithdrawItem", *BEFORE)
        case "recalled":
            expect(course, "WithdrawItem", *AFTER, *DONE)
        case "revoked":
            expect(course, "WithdrawItem", *DONE)
    if command.kind == "revoked" or course.state in DONE:
        _only_the_body(command, facts)
        evidence(facts, command.system_state, command.paper)
        return course.body or "departments"
    if facts.by_applicant or facts.roles & AGENTS:
        _who_files_takes_back(command.item, facts)
    else:
        evidence(facts, command.system_state, command.paper)
    return "applicant"


def _who_files_takes_back(item: str, facts: Facts) -> None:
    if not facts.by_applicant:
        if filed_by(facts) != "agent":
            refuse_filing(facts)
        require(facts, "file_for_applicant", item, "submit")


def _only_the_body(command: WithdrawItem, facts: Facts) -> None:
    """What was granted is undone by who granted it, on its word alone (行政许可法第六十九条)."""
    if facts.by_applicant:
        raise Refused(
            "only_the_body_undoes",
            item=command.item,
            kind=command.kind,
            law="行政许可法第八条、第六十九条",
            remedy=(
                "已作出的决定由原审批部门撤回或撤销 / "
                "the deciding department revokes or annuls its own decision"
            ),
        )

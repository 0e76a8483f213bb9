"""How is an item decided at once, after its body looked at it early (即报即审, AS-73)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import ItemDecided
from services.supervision.domain import acceptance, approval
from services.supervision.domain.commands.course import AcceptItem, DecideAtOnce, DecideItem
from services.supervision.domain.coordination import Opinion
from services.supervision.domain.course import Course, expect
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.ladders import belongs_to
from services.supervision.domain.planning import after_all
from services.supervision.domain.state import Matter
from shared.decider import Refused


def decide_at_once(command: DecideAtOnce, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Received, accepted and decided in one act: each is a fact of its own, all on one day."""
    course = course_of(matter, command.item)
    if course.decided_on is not None and course.outcome == command.outcome:
        return []
    opinion = _opinion(course, matter, facts)
    expect(course, "DecideAtOnce", "submitted", "received", "accepted")
    asked = AcceptItem(item=command.item)
    first = list(acceptance.accept(asked, matter, facts)) if not course.accepted_on else []
    decision = DecideItem(**dict(command), body=course.body)
    decided = approval.decide_item(decision, after_all(matter, first), facts)
    return [*first, *(_after(one, opinion) for one in decided)]


def _opinion(course: Course, matter: Matter, facts: Facts) -> Opinion:
    """The latest early opinion on the item of the body that has it now, or of one below it."""
    given = [one for one in matter.beyond.opinions if course.item in one.items]
    above = {one.body: belongs_to(facts.pack, one.body) for one in given}
    mine = [one for one in given if course.body is None or course.body in above[one.body]]
    if not mine:
        raise Refused(
            "no_early_opinion",
            item=course.item,
            given_by=[one.body for one in given],
            rule="planning.early_intervention",
            remedy="当场审批须先有本部门提前介入、提前预审的意见；否则按受理、审批的通常程序办理。"
            " / Without an early opinion of the same body it takes the usual way.",
        )
    return mine[-1]


def _after(event: Event, opinion: Opinion) -> Event:
    if isinstance(event, ItemDecided):
        return event.model_copy(update={"early_review": opinion.review})
    return event

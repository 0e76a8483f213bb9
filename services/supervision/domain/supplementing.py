"""A pause that was over before anybody entered it: does it count, and what does it move (补录, B69)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import SpecialProcedureSupplemented
from contracts.vocabulary import ItemState
from services.supervision.domain.approval import required_for_pause
from services.supervision.domain.commands.course import SupplementPause
from services.supervision.domain.course import Course, expect
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.state import Matter
from shared.decider import Refused

RAN: tuple[ItemState, ...] = (
    "accepted",
    "suspended",
    "decided",
    "collected",
    "delivered",
    "closed",
)


def supplement_pause(command: SupplementPause, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Put where it belongs among the pauses that are known; later steps stay as they are."""
    course = course_of(matter, command.item)
    if _known(command, course):
        return []
    expect(course, "SupplementPause", *RAN)
    required_for_pause(facts, command.item, command.procedure, command.notice)
    assert command.notice is not None
    if command.late_reason is None:
        raise Refused(
            "late_reason_required",
            item=command.item,
            remedy="补录须写明原因（late_reason）。 / Say why it is entered late: late_reason.",
        )
    _within(command, course, facts)
    for other in course.specials:
        over = other.ended_on or facts.today
        if other.started_on is not None and (
            command.started_on < over and other.started_on < command.ended_on
        ):
            raise Refused(
                "pauses_overlap",
                item=command.item,
                started_on=other.started_on.isoformat(),
                ended_on=other.ended_on.isoformat() if other.ended_on else None,
                remedy="与已登记的特别程序重叠。 / It overlaps with one that is on record.",
            )
    return [
        SpecialProcedureSupplemented(
            item=command.item,
            procedure=command.procedure,
            started_on=command.started_on,
            ended_on=command.ended_on,
            system_state=command.system_state,
            notice=command.notice,
        )
    ]


def _known(command: SupplementPause, course: Course) -> bool:
    named = (command.procedure, command.started_on, command.ended_on)
    return named in [(one.procedure, one.started_on, one.ended_on) for one in course.specials]


def _within(command: SupplementPause, course: Course, facts: Facts) -> None:
    """It lies in the time in which the limits ran."""
    began, over = course.accepted_on, course.decided_on or facts.today
    if began is None or not began <= command.started_on < command.ended_on <= over:
        raise Refused(
            "outside_the_time_that_ran",
            item=command.item,
            ran_from=began.isoformat() if began else None,
            ran_until=over.isoformat(),
            remedy="特别程序须在受理之后、办结之前，且结束晚于开始。"
            " / A pause lies between acceptance and decision, and ends after it began.",
        )

"""Who is warned ahead, who forgot to remind, who answered with a reason (预警与答复, YY-54)?"""

from collections.abc import Sequence

from contracts.event import Event, Personal
from contracts.supervision import ReminderMissed, ReminderSent, UrgeAnswered
from services.supervision.domain.clocks import within
from services.supervision.domain.commands.clock import (
    AnswerUrge,
    NoteMissedReminder,
    WarnAhead,
)
from services.supervision.domain.course import Course, Reminded
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.foreseeing import REASONS
from services.supervision.domain.powers import evidence
from services.supervision.domain.state import Matter
from shared.decider import Refused

WARN = "clocks.warn_at_percent"
SILENCE = "clocks.silence"
OPEN = ("submitted", "received", "correcting", "accepted", "suspended")


def warn_ahead(command: WarnAhead, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A planned day will be missed as things go: each side hears it once, with the reason."""
    course = matter.items.get(command.item)
    seen = Reminded(command.to, "predicted", command.due_on, None)
    if course is None or not course.in_scope or seen in course.reminded:
        return []
    name = facts.item(command.item).zh
    others = f"，并影响后续{len(command.affects)}个事项" if command.affects else ""
    words = (
        f"{name}：{REASONS.get(command.reason, command.reason)}，"  # type: ignore[call-overload]
        f"预计 {command.expected_on.isoformat()} 办结，"
        f"晚于计划 {command.due_on.isoformat()} {command.late_days} 个工作日{others}。"
    )
    unit = facts.engagement.applicant if facts.engagement else None
    return [
        ReminderSent(
            items=(command.item,),
            to=command.to,
            person=unit if command.to == "applicant" else None,
            signal="predicted",
            due_on=command.due_on,
            rule=WARN,
            defaults=facts.ours(WARN, "catalogue"),
            wording=Personal(words),
        )
    ]


def unreminded(course: Course) -> bool:
    """Whether nobody in person reminded or urged the body of the day that holds now."""
    due, start = course.commitment_due_on, course.accepted_on
    if due is None or start is None or due in course.missed:
        return False
    reminded = any(one.in_person and one.signal != "overdue" for one in course.reminded)
    urged = any(
        one.in_person and one.sent_on is not None and start <= one.sent_on <= due
        for one in course.urged
    )
    return not reminded and not urged


def note_missed(command: NoteMissedReminder, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The day is over and nobody on the staff had reminded the body: it counts (YY-54)."""
    course = matter.items.get(command.item)
    if course is None or course.commitment_due_on != command.due_on or not unreminded(course):
        return []
    chosen = facts.engagement.mode if facts.engagement else None
    modes = {mode.id: mode for mode in facts.pack.modes}
    if chosen not in modes or not modes[chosen].allows("remind"):
        return []
    persons = sorted(facts.team.agents_of(command.item))
    return [
        ReminderMissed(
            item=command.item,
            to=course.body or "departments",
            person=persons[0] if persons else None,
            due_on=command.due_on,
            missed_on=facts.on,
            rule=WARN,
            defaults=facts.ours(WARN),
        )
    ]


def answer_urge(command: AnswerUrge, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The body says why and until when: it is left in peace so long, but no clock stops."""
    course = course_of(matter, command.item)
    if course.state not in OPEN:
        raise Refused("nothing_to_answer", item=command.item, state=course.state)
    if not course.urged and not course.reminded:
        raise Refused(
            "nothing_to_answer",
            item=command.item,
            remedy="尚未催办或提醒，无需答复。 / Nobody was urged or reminded yet.",
        )
    evidence(facts, command.paper)
    expected = command.expected_on
    if expected is not None and expected < facts.on:
        raise Refused(
            "expected_in_the_past",
            expected_on=expected.isoformat(),
            remedy="预计办结日期不能早于今天。 / The expected day lies in the past.",
        )
    until = expected or within(facts.calendar, facts.on, facts.pack.clocks.silence)
    promised = course.commitment_due_on
    if promised is not None and promised >= facts.on:
        until = min(until, promised)
    if course.quiet_until is not None and course.quiet_until >= until:
        return []
    return [
        UrgeAnswered(
            item=command.item,
            body=course.body or "departments",
            answered_on=facts.on,
            expected_on=expected,
            quiet_until_on=until,
            rule=SILENCE,
            defaults=facts.ours(SILENCE),
            reason=command.reason,
            paper=command.paper,
        )
    ]

"""How does the approving body decide, and what interrupts its time (审批办理, X-04, X-07)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    ItemAccepted,
    ItemDecided,
    ResultSent,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
)
from contracts.vocabulary import RevisionCause
from services.supervision.domain.acceptance import dues_of, forecast, received_first
from services.supervision.domain.clocks import dues, uncounted
from services.supervision.domain.commands.course import (
    DecideItem,
    EndSpecialProcedure,
    StartSpecialProcedure,
)
from services.supervision.domain.course import Course, expect, in_order
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.planning import after_all, followed, revised_if_moved
from services.supervision.domain.powers import evidence, never_both
from services.supervision.domain.progress import told
from services.supervision.domain.readiness import now_ready
from services.supervision.domain.state import Matter
from shared.decider import Refused


def start_special(
    command: StartSpecialProcedure, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """Both limits stop while an uncounted step runs, told to the unit in writing."""
    course = course_of(matter, command.item)
    if course.state == "suspended" and course.specials[-1].procedure == command.procedure:
        return []
    expect(course, "StartSpecialProcedure", "accepted")
    required_for_pause(
        facts, command.item, command.procedure, command.notice, command.system_state
    )
    in_order(course, facts.on)
    started = SpecialProcedureStarted(
        item=command.item,
        procedure=command.procedure,
        started_on=facts.on,
        expected_days=command.expected_days,
        day_kind=command.day_kind,
        system_state=command.system_state,
        notice=command.notice,
    )
    return [started, told(facts, [command.item], "suspended")]


def required_for_pause(
    facts: Facts, code: str, procedure: str, notice: object, system_state: object = None
) -> None:
    """Refuse a pause for a step that counts, or one that was not told in writing (第四十五条)."""
    item = facts.item(code)
    if not uncounted(item, procedure):
        raise Refused(
            "procedure_counts",
            item=code,
            procedure=procedure,
            not_counted=list(item.excl),
            law="行政许可法第四十五条",
            remedy=(
                "该环节计入办理时限，不得中止计时 / "
                "this step is part of the time limit and does not stop it"
            ),
        )
    evidence(facts, system_state, notice)
    if notice is None:
        raise Refused(
            "suspension_without_notice",
            item=code,
            procedure=procedure,
            law="行政许可法第四十五条",
            remedy="特别程序所需时间应当书面告知申请人：请附告知书（notice）。"
            " / The time needed must be told in writing: attach the notice.",
        )


def end_special(command: EndSpecialProcedure, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The limits run on: the due days move by the days that did not count."""
    course = course_of(matter, command.item)
    if course.state == "accepted" and course.specials:
        return []
    expect(course, "EndSpecialProcedure", "suspended")
    evidence(facts, command.system_state)
    in_order(course, facts.on)
    last = course.specials[-1]
    spans = [*course.spans(), *([(last.started_on, facts.on)] if last.started_on else [])]
    assert course.accepted_on is not None
    item = facts.item(command.item)
    due = dues(
        item,
        course.accepted_on,
        spans,
        facts.pack,
        facts.calendar,
        extended=course.extended_days,
    )
    ended = SpecialProcedureEnded(
        item=command.item,
        procedure=last.procedure,
        ended_on=facts.on,
        statutory_due_on=due.statutory,
        commitment_due_on=due.commitment,
        estimated=due.estimated,
        system_state=command.system_state,
    )
    said = [ended, *forecast(command.item, due, facts)]
    return [*said, *_replanned(matter, said, facts, "special_procedure", command.item)]


def decide_item(command: DecideItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The approving body decides; successors become possible and the plan follows."""
    course = course_of(matter, command.item)
    if course.decided_on is not None and course.outcome == command.outcome:
        return []
    decider = command.decider or (facts.actor if facts.by_department else None)
    never_both(facts, command.item, decider)
    if decider is None:
        evidence(facts, command.system_state, command.document)
    in_order(course, facts.on)
    first = _accepted_first(course, facts)
    if not first:
        expect(course, "DecideItem", "accepted")
    decided = ItemDecided(
        item=command.item,
        outcome=command.outcome,
        decided_on=facts.on,
        body=command.body or course.body or "departments",
        decider=decider,
        e_certificate=command.e_certificate,
        valid_until_on=command.valid_until_on,
        system_state=command.system_state,
        relied_on=facts.relied_on,
        result_number=command.result_number,
        reason=command.reason,
        document=command.document,
    )
    said: list[Event] = [*first, decided, told(facts, [command.item], "decided")]
    if command.e_certificate:
        said.append(
            ResultSent(items=(command.item,), delivery="e_certificate", sent_on=facts.on)
        )
    return [*said, *_followers(matter, said, command.item, facts)]


def _followers(
    matter: Matter, said: Sequence[Event], item: str, facts: Facts
) -> Sequence[Event]:
    complete = facts.known.complete_items if facts.engagement else frozenset()
    ready = now_ready(after_all(matter, said), complete, facts)
    return [*followed(matter, said, item, facts), *ready]


def _replanned(
    matter: Matter, said: Sequence[Event], facts: Facts, cause: RevisionCause, item: str
) -> list[Event]:
    return revised_if_moved(after_all(matter, said), facts, cause, (item,))


def _accepted_first(course: Course, facts: Facts) -> list[Event]:
    """What is done at once (即办) or has no limit needs no acceptance of its own."""
    item = facts.item(course.item)
    if course.state not in ("submitted", "received") or item.limit.unit in ("wd", "cd"):
        return []
    first = received_first(course, facts) if course.state == "submitted" else []
    due = dues_of(course, facts)
    return [
        *first,
        ItemAccepted(
            item=course.item,
            accepted_on=facts.on,
            calendar=facts.calendar.edition,
            statutory_due_on=due.statutory,
            commitment_due_on=due.commitment,
            estimated=due.estimated,
        ),
    ]

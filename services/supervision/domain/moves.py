"""How does each event move one item (事项状态)?"""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemClosed,
    ItemDecided,
    ItemExtended,
    ItemReady,
    ItemReceived,
    ItemRefused,
    ItemSubmitted,
    ItemWithdrawn,
    ReminderCorrected,
    ReminderMissed,
    ReminderSent,
    ResultCollected,
    ResultDelivered,
    ResultSent,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
    SpecialProcedureSupplemented,
    SystemStateNoted,
    TrackedItemNoted,
    UrgeAnswered,
    UrgeSent,
)
from contracts.vocabulary import ItemState
from services.supervision.domain.course import (
    Correction,
    Course,
    Extension,
    Reminded,
    Reported,
    Special,
    Urged,
)


def moved(course: Course, event: Event) -> Course:
    """One item after an event about it."""
    match event:
        case ItemReady():
            return _to(course, "ready", event.ready_on, ready_on=event.ready_on)
        case ItemSubmitted():
            return _submitted(course, event)
        case ItemReceived():
            day = event.received_on
            return _to(course, "received", day, received_on=day, body=event.body)
        case CorrectionRequested() | CorrectionSupplied():
            return _correction(course, event)
        case ItemAccepted():
            return _accepted(course, event)
        case ItemRefused():
            day = event.refused_on
            gone = _never_due(course, undone=course.deemed or _in_time(course, day))
            return _to(course, "not_accepted", day, refusal=event.kind, never_due=gone)
        case (
            SpecialProcedureStarted() | SpecialProcedureEnded() | SpecialProcedureSupplemented()
        ):
            return _special(course, event)
        case ItemDecided():
            return _decided(course, event)
        case ItemWithdrawn() | ItemExtended() | SystemStateNoted() | TrackedItemNoted():
            return _beside(course, event)
    return _onward(course, event)


def _beside(
    course: Course,
    event: ItemWithdrawn | ItemExtended | SystemStateNoted | TrackedItemNoted,
) -> Course:
    """What happens beside the straight way from filing to decision."""
    match event:
        case ItemWithdrawn():
            return _withdrawn(course, event)
        case ItemExtended():
            made = Extension(event.step, event.days, event.approved_by, event.extended_on)
            return replace(
                course,
                extensions=(*course.extensions, made),
                statutory_due_on=event.statutory_due_on,
                commitment_due_on=event.commitment_due_on or course.commitment_due_on,
                estimated=course.estimated or event.estimated,
            )
        case SystemStateNoted():
            return replace(course, reported=(*course.reported, _reported(event)))
    return replace(
        course,
        state="decided" if event.finished_on else "waiting",
        started_on=event.started_on,
        decided_on=event.finished_on,
    )


def _withdrawn(course: Course, event: ItemWithdrawn) -> Course:
    """No clock runs on what was taken back, and nothing may build on it."""
    return _to(
        course,
        "withdrawn",
        event.withdrawn_on,
        never_due=_never_due(course, undone=_in_time(course, event.withdrawn_on)),
        withdrawn=event.kind,
        accepted_on=None,
        deemed=False,
        statutory_due_on=None,
        commitment_due_on=None,
        decided_on=None,
        outcome=None,
        e_certificate=False,
    )


def _reported(event: SystemStateNoted) -> Reported:
    return Reported(
        source=event.source,
        system_state=event.system_state,
        stated_at=event.stated_at,
        stated_on=event.stated_on,
        observed_at=event.observed_at,
        verdict=event.verdict,
        field=event.field,
        ours_on=event.ours_on,
        because=event.because,
        system_ref=event.system_ref,
    )


def _onward(course: Course, event: Event) -> Course:
    """After the decision: the result on its way, and who was reminded or urged before it."""
    match event:
        case ResultCollected():
            day = event.collected_on
            return _to(course, "collected", day, collected=True, collected_on=day)
        case ResultSent():
            return replace(course, sent=course.sent | {event.delivery})
        case ResultDelivered():
            day = event.delivered_on
            return _to(course, "delivered", day, delivered=True, delivered_on=day)
        case ItemClosed():
            return replace(course, state="closed", closed=True)
        case ReminderSent():
            seen = reminded(
                course, event.to, event.signal, event.due_on, event.percent, event.rule
            )
            seen = replace(seen, in_person=bool(event.by_hand))
            return replace(course, reminded=course.reminded | {seen})
        case ReminderCorrected() | ReminderMissed() | UrgeAnswered():
            return _answered(course, event)
        case UrgeSent():
            urged = Urged(event.rung, event.signal, event.sent_on, bool(event.by_hand))
            return replace(course, urged=(*course.urged, urged))
    return course


def _answered(
    course: Course, event: ReminderCorrected | ReminderMissed | UrgeAnswered
) -> Course:
    """What became of reminders and urging: taken back, missed, answered with a reason."""
    match event:
        case ReminderCorrected():
            taken_back = course.corrected | {(event.to, event.due_on)}
            return replace(course, corrected=taken_back)
        case ReminderMissed():
            return replace(course, missed=course.missed | {event.due_on})
        case UrgeAnswered():
            return replace(course, quiet_until=event.quiet_until_on)


def reminded(
    course: Course,
    to: str,
    signal: str,
    due_on: date | None,
    percent: int | None,
    rule: str | None,
) -> Reminded:
    """A reminder; one that leans on a promise of the service is of its own time (服务时限)."""
    of_service = rule is not None and rule.startswith("clocks.promises.")
    fetching = of_service and not course.collected
    return Reminded(to, signal, due_on, percent, of_service=of_service, fetching=fetching)


def _never_due(course: Course, *, undone: bool) -> frozenset[date]:
    """With the promised day among them, where that turns out not to have been one."""
    due = course.commitment_due_on
    return course.never_due | {due} if due and undone else course.never_due


def _in_time(course: Course, ended_on: date | None) -> bool:
    due = course.commitment_due_on
    return due is not None and ended_on is not None and ended_on <= due


def _to(course: Course, state: ItemState, day: date | None, **changes: Any) -> Course:
    known = [one for one in (course.moved_on, day) if one is not None]
    return replace(course, state=state, moved_on=max(known, default=None), **changes)


def _submitted(course: Course, event: ItemSubmitted) -> Course:
    """A fresh start: what an earlier filing led to is over."""
    anew = Course(
        course.item,
        in_scope=course.in_scope,
        ready_on=course.ready_on,
        moved_on=course.moved_on,
        reported=course.reported,
        rounds_before=course.rounds_before + len(course.corrections),
    )
    return _to(
        anew,
        "submitted",
        event.submitted_on,
        submitted_on=event.submitted_on,
        body=event.body,
        served_by=event.served_by,
        filed_by=event.filed_by,
    )


def _correction(course: Course, event: CorrectionRequested | CorrectionSupplied) -> Course:
    if isinstance(event, CorrectionRequested):
        asked = Correction(
            event.round,
            event.requested_on,
            event.due_on,
            waiting_on=event.waiting_on or "applicant",
        )
        asked_so_far = (*course.corrections, asked)
        return _to(
            course,
            "correcting",
            event.requested_on,
            corrections=asked_so_far,
            never_due=_never_due(course, undone=course.deemed),
            accepted_on=None,
            deemed=False,
            statutory_due_on=None,
            commitment_due_on=None,
        )
    *before, last = course.corrections or (Correction(event.round, None, None),)
    supplied = replace(last, supplied_on=event.supplied_on)
    day = event.supplied_on
    return _to(course, "received", day, corrections=(*before, supplied))


def _accepted(course: Course, event: ItemAccepted) -> Course:
    other = event.commitment_due_on != course.commitment_due_on
    return _to(
        course,
        "accepted",
        event.accepted_on,
        never_due=_never_due(course, undone=course.deemed and other),
        accepted_on=event.accepted_on,
        deemed=event.deemed,
        statutory_due_on=event.statutory_due_on,
        commitment_due_on=event.commitment_due_on,
        estimated=event.estimated,
        calendar=event.calendar,
    )


def _special(
    course: Course,
    event: SpecialProcedureStarted | SpecialProcedureEnded | SpecialProcedureSupplemented,
) -> Course:
    if isinstance(event, SpecialProcedureSupplemented):
        return _supplemented(course, event)
    if isinstance(event, SpecialProcedureStarted):
        begun = Special(event.procedure, event.started_on, event.expected_days, event.day_kind)
        specials = (*course.specials, begun)
        return _to(course, "suspended", event.started_on, specials=specials)
    *before, last = course.specials or (Special(event.procedure, None),)
    ended = replace(last, ended_on=event.ended_on)
    return _to(
        course,
        "accepted",
        event.ended_on,
        specials=(*before, ended),
        statutory_due_on=event.statutory_due_on,
        commitment_due_on=event.commitment_due_on,
        estimated=event.estimated,
    )


def _supplemented(course: Course, event: SpecialProcedureSupplemented) -> Course:
    """In its place among the others; where the item stands does not change."""
    one = Special(event.procedure, event.started_on, ended_on=event.ended_on)
    specials = sorted((*course.specials, one), key=lambda each: each.started_on or date.min)
    return replace(course, specials=tuple(specials))


def _decided(course: Course, event: ItemDecided) -> Course:
    return _to(
        course,
        "decided",
        event.decided_on,
        decided_on=event.decided_on,
        outcome=event.outcome,
        e_certificate=event.e_certificate,
        body=event.body,
    )

"""What does the approving body do with an item, and what follows (审批办理, X-04, X-07)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemDecided,
    ItemReceived,
    ItemRefused,
    ResultSent,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
)
from contracts.vocabulary import RevisionCause
from services.supervision.domain.clocks import Dues, deemed_after, dues, uncounted
from services.supervision.domain.commands.course import (
    AcceptItem,
    DecideItem,
    DeemAccepted,
    EndSpecialProcedure,
    RefuseItem,
    RequestCorrection,
    StartSpecialProcedure,
    SupplyCorrection,
)
from services.supervision.domain.course import Course, expect, in_order
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.planning import after_all, revised_if_moved
from services.supervision.domain.powers import evidence, never_both, require
from services.supervision.domain.progress import told
from services.supervision.domain.readiness import now_ready
from services.supervision.domain.state import Matter
from shared.decider import Refused

DEEMED = "clocks.deemed_acceptance"
ART_32 = "行政许可法第三十二条"


def request_correction(
    command: RequestCorrection, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """One notice of everything; after five days of silence it comes too late."""
    course = course_of(matter, command.item)
    if course.state == "correcting":
        return []
    evidence(facts, command.system_state, command.notice)
    last = deemed_after(course, facts.pack, facts.calendar)
    licence = facts.item(command.item).kind == "licence"
    if licence and last is not None and facts.on > last:
        raise Refused(
            "counts_as_accepted",
            item=command.item,
            notice_was_due_on=last.isoformat(),
            rule=DEEMED,
            law=ART_32,
            remedy="逾期未一次性告知，自收到材料之日起即为受理。",
        )
    entered_late = course.state == "accepted" and course.deemed
    if not entered_late:
        expect(course, "RequestCorrection", "submitted", "received")
        in_order(course, facts.on)
    requested = CorrectionRequested(
        item=command.item,
        round=course.round + 1,
        requested_on=facts.on,
        materials=command.materials,
        due_on=command.due_on,
        system_state=command.system_state,
        demands=command.demands,
        notice=command.notice,
    )
    first = _received_first(course, facts) if course.state == "submitted" else []
    return [*first, requested, told(facts, [command.item], "correcting")]


def supply_correction(
    command: SupplyCorrection, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """What the notice asked for is there; the five days for the body begin anew."""
    course = course_of(matter, command.item)
    if course.state == "received" and course.corrections:
        return []
    expect(course, "SupplyCorrection", "correcting")
    require(facts, "upload", command.item, "supplement")
    in_order(course, facts.on)
    supplied = CorrectionSupplied(
        item=command.item,
        round=course.round,
        supplied_on=facts.on,
        pieces=command.pieces,
        system_state=command.system_state,
    )
    return [supplied, told(facts, [command.item], "received")]


def accept(command: AcceptItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Accepted: both clocks start. Said too late, the law has accepted it already."""
    course = course_of(matter, command.item)
    if course.state in ("accepted", "suspended"):
        return []
    expect(course, "AcceptItem", "submitted", "received")
    evidence(facts, command.system_state, command.voucher)
    in_order(course, facts.on)
    first = _received_first(course, facts) if course.state == "submitted" else []
    if _silence_is_over(course, facts):
        return [*first, *_deemed(matter, course, facts)]
    due = _dues(course, facts)
    accepted = ItemAccepted(
        item=command.item,
        accepted_on=facts.on,
        calendar=facts.calendar.edition,
        statutory_due_on=due.statutory,
        commitment_due_on=due.commitment,
        estimated=due.estimated,
        system_state=command.system_state,
        defaults=facts.ours("catalogue", "clocks.calendar", "clocks.count_from"),
        voucher=command.voucher,
    )
    return [*first, accepted, *_forecast(command.item, due, facts)]


def deem_accepted(command: DeemAccepted, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Nobody gave notice in time: a licence counts as accepted from the day of the papers."""
    course = matter.items.get(command.item)
    if course is None or course.state != "received" or not _silence_is_over(course, facts):
        return []
    return _deemed(matter, course, facts)


def refuse(command: RefuseItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The approving body does not accept the item; it may be filed again."""
    course = course_of(matter, command.item)
    if course.state == "not_accepted":
        return []
    expect(course, "RefuseItem", "submitted", "received", "correcting")
    evidence(facts, command.system_state, command.voucher)
    in_order(course, facts.on)
    refused = ItemRefused(
        item=command.item,
        kind=command.kind,
        refused_on=facts.on,
        system_state=command.system_state,
        reason=command.reason,
        voucher=command.voucher,
    )
    return [refused, told(facts, [command.item], "not_accepted")]


def start_special(
    command: StartSpecialProcedure, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """Both limits stop while an uncounted step runs, told to the unit in writing."""
    course = course_of(matter, command.item)
    if course.state == "suspended" and course.specials[-1].procedure == command.procedure:
        return []
    expect(course, "StartSpecialProcedure", "accepted")
    item = facts.item(command.item)
    if not uncounted(item, command.procedure):
        raise Refused(
            "procedure_counts",
            item=command.item,
            procedure=command.procedure,
            not_counted=list(item.excl),
            law="行政许可法第四十五条",
            remedy="该环节计入办理时限，不得中止计时。",
        )
    evidence(facts, command.system_state, command.notice)
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
    due = dues(item, course.accepted_on, spans, facts.pack, facts.calendar)
    ended = SpecialProcedureEnded(
        item=command.item,
        procedure=last.procedure,
        ended_on=facts.on,
        statutory_due_on=due.statutory,
        commitment_due_on=due.commitment,
        estimated=due.estimated,
        system_state=command.system_state,
    )
    said = [ended, *_forecast(command.item, due, facts)]
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
    after = after_all(matter, said)
    complete = facts.known.complete_items if facts.engagement else frozenset()
    line = matter.plan.lines.get(item) if matter.plan else None
    late = line is not None and line.due_on is not None and facts.on > line.due_on
    cause: RevisionCause = "item_late" if late else "item_early"
    return [
        *_replanned(matter, said, facts, cause, item),
        *now_ready(after, complete, facts),
    ]


def _replanned(
    matter: Matter, said: Sequence[Event], facts: Facts, cause: RevisionCause, item: str
) -> list[Event]:
    return revised_if_moved(after_all(matter, said), facts, cause, (item,))


def _received_first(course: Course, facts: Facts) -> list[Event]:
    """The body that acts has the papers, whether or not it said so."""
    body = course.body or "departments"
    return [ItemReceived(item=course.item, body=body, received_on=facts.on)]


def _accepted_first(course: Course, facts: Facts) -> list[Event]:
    """What is done at once (即办) or has no limit needs no acceptance of its own."""
    item = facts.item(course.item)
    if course.state not in ("submitted", "received") or item.limit.unit in ("wd", "cd"):
        return []
    first = _received_first(course, facts) if course.state == "submitted" else []
    due = _dues(course, facts)
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


def _silence_is_over(course: Course, facts: Facts) -> bool:
    """行政许可法第三十二条 speaks of licences only."""
    last = deemed_after(course, facts.pack, facts.calendar)
    licence = facts.item(course.item).kind == "licence"
    return licence and last is not None and facts.on > last


def _deemed(matter: Matter, course: Course, facts: Facts) -> list[Event]:
    papers = course.papers_on
    assert papers is not None
    due = dues(facts.item(course.item), papers, (), facts.pack, facts.calendar)
    deemed = ItemAccepted(
        item=course.item,
        deemed=True,
        accepted_on=papers,
        calendar=facts.calendar.edition,
        statutory_due_on=due.statutory,
        commitment_due_on=due.commitment,
        estimated=due.estimated,
        rule=DEEMED,
        defaults=facts.ours("catalogue", "clocks.calendar", "clocks.count_from", DEEMED),
    )
    return [deemed, *_forecast(course.item, due, facts)]


def _dues(course: Course, facts: Facts) -> Dues:
    item = facts.item(course.item)
    return dues(item, facts.on, (), facts.pack, facts.calendar)


def _forecast(item: str, due: Dues, facts: Facts) -> list[Event]:
    return [told(facts, [item], "accepted", due.commitment, estimated=due.estimated)]

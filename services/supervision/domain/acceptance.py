"""Does the approving body take the item: notice, acceptance, refusal, silence (受理, X-07)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemReceived,
    ItemRefused,
)
from services.supervision.domain.clocks import Dues, deemed_after, dues
from services.supervision.domain.commands.course import (
    AcceptItem,
    DeemAccepted,
    RefuseItem,
    RequestCorrection,
    SupplyCorrection,
)
from services.supervision.domain.course import Course, expect, in_order
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.powers import evidence, require
from services.supervision.domain.progress import told
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
    first = received_first(course, facts) if course.state == "submitted" else []
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
    first = received_first(course, facts) if course.state == "submitted" else []
    if _silence_is_over(course, facts):
        return [*first, *_deemed(matter, course, facts)]
    due = dues_of(course, facts)
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
    return [*first, accepted, *forecast(command.item, due, facts)]


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


def received_first(course: Course, facts: Facts) -> list[Event]:
    """The body that acts has the papers, whether or not it said so."""
    body = course.body or "departments"
    return [ItemReceived(item=course.item, body=body, received_on=facts.on)]


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
    return [deemed, *forecast(course.item, due, facts)]


def dues_of(course: Course, facts: Facts) -> Dues:
    item = facts.item(course.item)
    return dues(item, facts.on, (), facts.pack, facts.calendar)


def forecast(item: str, due: Dues, facts: Facts) -> list[Event]:
    return [told(facts, [item], "accepted", due.commitment, estimated=due.estimated)]

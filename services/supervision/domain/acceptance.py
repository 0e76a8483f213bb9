"""Does the approving body take the item: notice, acceptance, refusal, silence (受理, X-07)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    IssueOpened,
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
from services.supervision.domain.ladders import supervisor_of
from services.supervision.domain.planning import after_all, followed, revised_if_moved
from services.supervision.domain.powers import evidence, require
from services.supervision.domain.progress import told
from services.supervision.domain.state import Matter
from shared.decider import Refused

DEEMED = "clocks.deemed_acceptance"
MUST_TAKE = "accept_proxy_filing"
"""The duty of the pack by which a window takes what is filed under a commission (YY-53)."""
ART_32 = "行政许可法第三十二条"


def request_correction(
    command: RequestCorrection, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """One notice of everything; after five days of silence it comes too late."""
    course = course_of(matter, command.item)
    if course.state == "correcting":
        return []
    evidence(facts, command.system_state, command.notice)
    if _silence_is_over(course, facts):
        _refuse_too_late(course, facts)
    if not _undoes_silence(course, command.system_state, command.notice):
        expect(course, "RequestCorrection", "submitted", "received")
    in_order(course, facts.on)
    requested = CorrectionRequested(
        item=command.item,
        round=course.round + 1,
        requested_on=facts.on,
        waiting_on=None if command.waiting_on == "applicant" else command.waiting_on,
        materials=command.materials,
        due_on=command.due_on,
        system_state=command.system_state,
        demands=command.demands,
        notice=command.notice,
    )
    first = received_first(course, facts) if course.state == "submitted" else []
    said: list[Event] = [*first, requested, told(facts, [command.item], "correcting")]
    return [*said, *_undone(course, matter, said, facts)]


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
    late = course.deemed and command.voucher is not None
    if course.state in ("accepted", "suspended") and not late:
        return []
    if not _undoes_silence(course, command.voucher):
        expect(course, "AcceptItem", "submitted", "received")
    evidence(facts, command.system_state, command.voucher)
    in_order(course, facts.on)
    first = received_first(course, facts) if course.state == "submitted" else []
    if _silence_is_over(course, facts):
        return [] if course.deemed else [*first, *_deemed(course, facts)]
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
    said = [*first, accepted, *forecast(command.item, due, facts)]
    return [*said, *followed(matter, said, command.item, facts)]


def deem_accepted(command: DeemAccepted, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Nobody gave notice in time: a licence counts as accepted from the day of the papers."""
    course = matter.items.get(command.item)
    if course is None or course.state != "received" or not _silence_is_over(course, facts):
        return []
    return _deemed(course, facts)


def refuse(command: RefuseItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The approving body does not accept the item; it may be filed again."""
    course = course_of(matter, command.item)
    if course.state == "not_accepted":
        return []
    if _silence_is_over(course, facts):
        _refuse_too_late(course, facts)
    if not _undoes_silence(course, command.system_state, command.voucher):
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
    said: list[Event] = [
        refused,
        told(facts, [command.item], "not_accepted"),
        *_incident(course, refused, facts),
    ]
    return [*said, *_undone(course, matter, said, facts)]


def _undone(course: Course, matter: Matter, said: Sequence[Event], facts: Facts) -> list[Event]:
    """The plan, where what counted as accepted is not: its promised day no longer holds."""
    if not course.deemed or course.accepted_on is None:
        return []
    return revised_if_moved(after_all(matter, said), facts, "item_late", (course.item,))


def _incident(course: Course, refused: ItemRefused, facts: Facts) -> list[Event]:
    """Where windows must take what an agent files under a commission, refusing is an incident."""
    duties = {duty.id for duty in facts.pack.duties}
    owner = supervisor_of(facts.pack)
    if MUST_TAKE not in duties or course.filed_by != "agent" or owner is None:
        return []
    return [
        IssueOpened(
            issue=facts.new,
            kind="window_refusal",
            severity="general",
            opened_on=facts.on,
            items=(course.item,),
            owner=owner,
            body=course.body or "departments",
            description=refused.reason,
        )
    ]


def received_first(course: Course, facts: Facts) -> list[Event]:
    """The body that acts has the papers, whether or not it said so."""
    body = course.body or "departments"
    return [ItemReceived(item=course.item, body=body, received_on=facts.on)]


def _refuse_too_late(course: Course, facts: Facts) -> None:
    last = deemed_after(course, facts.pack, facts.calendar)
    raise Refused(
        "counts_as_accepted",
        item=course.item,
        notice_was_due_on=last.isoformat() if last else None,
        rule=DEEMED,
        law=ART_32,
        remedy=(
            "逾期未一次性告知，自收到材料之日起即为受理 / "
            "not told in time what is lacking: accepted since the papers came"
        ),
    )


def _undoes_silence(course: Course, *proofs: object) -> bool:
    """A step taken in time but entered after the item counted as accepted: with its paper only."""
    if course.state != "accepted" or not course.deemed:
        return False
    if all(proof is None for proof in proofs):
        raise Refused(
            "proof_of_time_required",
            item=course.item,
            law=ART_32,
            remedy=(
                "该事项已视为受理：补录期限内的告知或决定，须附注明日期的文书 / "
                "it counts as accepted: attach the dated paper of a notice or decision made in time"
            ),
        )
    return True


def _silence_is_over(course: Course, facts: Facts) -> bool:
    """行政许可法第三十二条 speaks of licences only, and a notice in time breaks the silence."""
    if course.state not in ("received", "accepted") or (
        course.accepted_on and not course.deemed
    ):
        return False
    last = deemed_after(course, facts.pack, facts.calendar)
    licence = facts.item(course.item).kind == "licence"
    return licence and last is not None and facts.on > last


def _deemed(course: Course, facts: Facts) -> list[Event]:
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
    why = f"（{ART_32}，逾期未告知视为受理）"
    said = told(
        facts, [course.item], "accepted", due.commitment, estimated=due.estimated, why=why
    )
    return [deemed, said]


def dues_of(course: Course, facts: Facts) -> Dues:
    item = facts.item(course.item)
    return dues(item, facts.on, (), facts.pack, facts.calendar)


def forecast(item: str, due: Dues, facts: Facts) -> list[Event]:
    return [told(facts, [item], "accepted", due.commitment, estimated=due.estimated)]

"""How do results reach the unit, and when is an item struck off (送达与销号, YO-45…47, X-10)?"""

from collections.abc import Sequence
from uuid import UUID

from contracts.event import Event
from contracts.pack.rules import DeliveryWay
from contracts.supervision import (
    ItemClosed,
    OriginalsReturned,
    ResultCollected,
    ResultDelivered,
    ResultSent,
)
from services.supervision.domain.commands.course import CloseItem
from services.supervision.domain.commands.result import (
    CollectResult,
    DeliverResult,
    ReturnOriginals,
    SendResult,
)
from services.supervision.domain.course import Course, expect, in_order
from services.supervision.domain.facts import Facts, Piece
from services.supervision.domain.filing import course_of
from services.supervision.domain.powers import filed_by, require
from services.supervision.domain.progress import told
from services.supervision.domain.state import Matter
from shared.decider import Refused


def collect(command: CollectResult, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The agent fetches the result under its commission (代申请单位取件)."""
    course = course_of(matter, command.item)
    if course.collected:
        return []
    expect(course, "CollectResult", "decided")
    require(facts, "fetch", command.item, "collect")
    in_order(course, facts.on)
    collected = ResultCollected(
        item=command.item,
        body=course.body or "departments",
        kind=facts.item(command.item).result.type,
        collected_on=facts.on,
        originals=command.originals,
        copies=command.copies,
        result_number=command.result_number,
        scans=command.scans,
    )
    return [collected, told(facts, [command.item], "collected")]


def send(command: SendResult, matter: Matter, facts: Facts) -> Sequence[Event]:
    """By post against a tracking number, or the link to the e-certificate."""
    courses = [course_of(matter, item) for item in command.items]
    way = _way(command.delivery, facts)
    if all(course.delivered for course in courses):
        return []
    require(facts, "deliver")
    for course in courses:
        _at_hand(course, command.delivery, "SendResult")
        in_order(course, facts.on)
    if way and way.proof == "tracking_number" and command.tracking_number is None:
        raise Refused(
            "tracking_number_missing",
            rule=f"delivery.ways.{way.id}.proof",
            remedy="邮寄送达须登记邮寄单号 / delivery by post needs its tracking number",
        )
    return [
        ResultSent(
            items=command.items,
            delivery=command.delivery,
            sent_on=facts.on,
            carrier=command.carrier,
            tracking_number=command.tracking_number,
            recipient=command.recipient,
            address=command.address,
        )
    ]


def deliver(command: DeliverResult, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The unit has the results, with the proof that the pack asks for."""
    courses = [course_of(matter, item) for item in command.items]
    fresh = tuple(course.item for course in courses if not course.delivered)
    if not fresh:
        return []
    way = _way(command.delivery, facts)
    for course in courses:
        if course.item in fresh:
            _at_hand(course, command.delivery, "DeliverResult")
            in_order(course, facts.on)
    _prove(command, [matter.items[item] for item in fresh], way, facts)
    delivered = ResultDelivered(
        items=fresh,
        delivery=command.delivery,
        delivered_on=facts.on,
        received_by=command.received_by,
        recipient=command.recipient,
        receipt=command.receipt,
    )
    return [delivered, told(facts, fresh, "delivered")]


def return_originals(command: ReturnOriginals, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The unit's originals go back against a signed list."""
    held = facts.known.originals()
    strange = [str(piece) for piece in command.pieces if piece not in held]
    if strange:
        raise Refused(
            "no_such_originals",
            pieces=strange,
            remedy="受理登记中没有这些原件 / intake has no record of these originals",
        )
    back = tuple(piece for piece in command.pieces if piece not in matter.returned)
    if not back:
        return []
    if command.recipient is None and command.receipt is None:
        raise Refused(
            "signature_missing",
            rule="delivery.returned",
            remedy=(
                "退还原件须由项目单位签收：请写明签收人或附签收清单 / "
                "the unit signs for originals: name who signed, or attach the signed list"
            ),
        )
    return [
        OriginalsReturned(
            pieces=back,
            originals=sum(held[piece].originals for piece in back),
            delivery=command.delivery,
            recipient=command.recipient,
            receipt=command.receipt,
        )
    ]


def close(command: CloseItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Struck off the list against evidence; refused with what is missing."""
    course = course_of(matter, command.item)
    if course.closed:
        return []
    lacking = missing(matter, course, facts)
    if lacking:
        raise Refused(
            "not_done_yet",
            item=command.item,
            missing=lacking,
            remedy="请先完成所列各项，再行销号 / do what is listed first, then close",
        )
    closed = ItemClosed(item=command.item, evidence=facts.evidence)
    return [closed, told(facts, [command.item], "closed")]


def missing(matter: Matter, course: Course, facts: Facts) -> list[str]:
    """What stands in the way of striking an item off (X-10)."""
    found: list[str] = []
    if course.decided_on is None and course.state not in (
        "not_accepted",
        "withdrawn",
    ):
        found.append("decision")
    if course.decided_on is not None and not course.delivered:
        found.append("delivery")
    found += [f"fee:{id}" for id in matter.unpaid(course.item)]
    found += [f"original:{id}" for id in _due_back(matter, course, facts)]
    return found


def outstanding(matter: Matter, facts: Facts) -> dict[UUID, Piece]:
    """The originals that the unit has not got back."""
    held = facts.known.originals()
    return {id: piece for id, piece in held.items() if id not in matter.returned}


def _due_back(matter: Matter, course: Course, facts: Facts) -> list[UUID]:
    """The originals of this item that no other open item needs any more."""
    out = outstanding(matter, facts)
    if not out:
        return []
    others = [code for code in matter.open_items() if code != course.item]
    needed = {material for code in others for material in facts.item(code).materials}
    mine = set(facts.item(course.item).materials) - needed
    return [id for id, piece in out.items() if piece.material in mine]


def _way(delivery: str, facts: Facts) -> DeliveryWay | None:
    """The pack's way of that name; the unit may fetch for itself what it filed itself."""
    for way in facts.pack.delivery.ways:
        if way.id == delivery:
            return way
    if delivery == "self_pickup" and filed_by(facts) == "applicant":
        return None
    raise Refused(
        "way_not_offered",
        delivery=delivery,
        offered=[way.id for way in facts.pack.delivery.ways],
        rule="delivery.ways",
    )


def _at_hand(course: Course, delivery: str, command: str) -> None:
    """Whether the result is there to be sent that way."""
    if delivery == "e_certificate":
        if not course.e_certificate:
            raise Refused("no_e_certificate", item=course.item)
        expect(course, command, "decided", "collected")
    elif delivery == "self_pickup":
        expect(course, command, "decided", "collected")
    else:
        expect(course, command, "collected")


def _prove(
    command: DeliverResult,
    courses: Sequence[Course],
    way: DeliveryWay | None,
    facts: Facts,
) -> None:
    proof = way.proof if way else None
    rule = f"delivery.ways.{way.id}.proof" if way else "delivery.ways"
    match proof:
        case "download":
            if not facts.by_applicant:
                raise Refused(
                    "the_unit_downloads_itself",
                    rule=rule,
                    remedy=(
                        "电子证照由项目单位自行下载，下载即为送达 / "
                        "the unit downloads an electronic licence, which delivers it"
                    ),
                )
            return
        case "tracking_number":
            unsent = [c.item for c in courses if command.delivery not in c.sent]
            if unsent:
                raise Refused(
                    "not_sent_yet",
                    items=unsent,
                    rule=rule,
                    remedy="请先登记邮寄单号 / enter the tracking number first",
                )
        case "signature":
            if command.recipient is None and command.receipt is None:
                raise Refused(
                    "signature_missing",
                    rule=rule,
                    remedy=(
                        "当面递交须由项目单位签收 / "
                        "what is handed over in person is signed for by the unit"
                    ),
                )
    if not facts.by_applicant and proof is not None:
        require(facts, "deliver")

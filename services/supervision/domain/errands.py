"""How do papers reach a department, and who of the unit must come there (转交与到场, HS-43, HS-57)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    PapersTransferred,
    PresenceNoted,
    PresenceRequired,
    TransferSigned,
)
from services.supervision.domain.commands.errand import (
    NotePresence,
    RequirePresence,
    SignTransfer,
    TransferPapers,
)
from services.supervision.domain.course import Course
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.state import Matter
from shared.decider import Refused
from shared.zone import LEGAL_ZONE


def transfer(command: TransferPapers, matter: Matter, facts: Facts) -> Sequence[Event]:
    """What goes is what intake holds; nobody carries the same piece while it is on its way."""
    course = course_of(matter, command.item)
    if len(set(command.pieces)) != len(command.pieces):
        raise Refused("piece_twice", remedy="同一份材料只列一次。 / List each piece once.")
    held = {piece.piece: piece for piece in facts.known.pieces if not piece.replaced}
    unknown = [str(piece) for piece in command.pieces if piece not in held]
    if unknown:
        raise Refused(
            "piece_unknown",
            pieces=unknown,
            remedy="只能转交已收件登记的材料。 / Only papers that intake took in can go.",
        )
    underway = {
        piece
        for one in matter.beyond.transfers.values()
        if one.signed_on is None
        for piece in one.pieces
    }
    twice = [str(piece) for piece in command.pieces if piece in underway]
    if twice:
        raise Refused(
            "piece_on_its_way",
            pieces=twice,
            remedy="该材料已在转交途中，请先完成签收。 / It is on its way: have it signed for.",
        )
    return [
        PapersTransferred(
            transfer=facts.new,
            item=command.item,
            to=command.to or _body(course, matter),
            pieces=command.pieces,
            originals=sum(held[piece].originals for piece in command.pieces),
            copies=sum(held[piece].copies for piece in command.pieces),
            handed_on=facts.on,
            handed_by=command.handed_by,
            note=command.note,
        )
    ]


def sign(command: SignTransfer, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The second signature; who is not of the department brings the signed slip."""
    known = matter.beyond.transfers.get(command.transfer)
    if known is None:
        raise Refused("transfer_unknown", transfer=str(command.transfer))
    if known.signed_on is not None:
        return []
    if facts.on < known.handed_on:
        raise Refused(
            "before_the_handing_over",
            handed_on=known.handed_on.isoformat(),
            remedy="签收日期不能早于转交日期。 / Signed for before it was handed over.",
        )
    if not facts.by_department and command.slip is None:
        raise Refused(
            "signed_slip_required",
            remedy="非接收部门录入的，请附双方签字的转交单。 / Attach the slip both signed.",
        )
    return [
        TransferSigned(
            transfer=command.transfer,
            item=known.item,
            body=known.to,
            signed_on=facts.on,
            received_by=command.received_by,
            slip=command.slip,
        )
    ]


def require_presence(command: RequirePresence, matter: Matter, facts: Facts) -> Sequence[Event]:
    """An invitation with time, place and reason; the same one said again is quiet."""
    course = course_of(matter, command.item)
    if command.starts_at.astimezone(LEGAL_ZONE).date() < facts.today:
        raise Refused(
            "invited_to_the_past",
            starts_at=command.starts_at.isoformat(),
            remedy="到场时间不能早于今天。 / The time lies in the past.",
        )
    open_ones = [one for one in matter.beyond.presences.values() if one.came is None]
    same = (command.item, command.who, command.starts_at.isoformat())
    if same in [(one.item, one.who, one.starts_at) for one in open_ones]:
        return []
    return [
        PresenceRequired(
            presence=facts.new,
            item=command.item,
            who=command.who,
            by=command.by or _body(course, matter),
            starts_at=command.starts_at,
            place=command.place,
            reason=command.reason,
            notice=command.notice,
        )
    ]


def note_presence(command: NotePresence, matter: Matter, facts: Facts) -> Sequence[Event]:
    """They came, or they did not: then they may be invited again."""
    known = matter.beyond.presences.get(command.presence)
    if known is None:
        raise Refused("presence_unknown", presence=str(command.presence))
    if known.came == command.came:
        return []
    if known.came is not None:
        raise Refused(
            "presence_noted_already",
            came=known.came,
            remedy="到场情况已登记，不再更改；需再到场的请重新邀请。 / Noted already: invite anew.",
        )
    return [
        PresenceNoted(
            presence=command.presence,
            item=known.item,
            came=command.came,
            noted_on=facts.on,
            note=command.note,
        )
    ]


def _body(course: Course, matter: Matter) -> str:
    """Who handles the item: whoever has it, else who owns its line of the plan."""
    line = matter.plan.lines.get(course.item) if matter.plan else None
    return course.body or (line.owner if line else "departments")

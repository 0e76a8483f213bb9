"""Which move of which agreement is asked for, and who has signed it (会签)?"""

from dataclasses import dataclass
from uuid import UUID

from contracts.pack.papers import Agreement as Kind
from contracts.pack.papers import Move
from services.intake.domain.commands import MoveAgreement
from services.intake.domain.entrusted import Agreement
from services.intake.domain.facts import Facts
from services.intake.domain.state import Matter
from shared.decider import Refused


@dataclass(frozen=True, slots=True)
class Turn:
    """One move being made: the pack's rule, the agreement, who has signed and who has not."""

    kind: Kind
    move: Move
    known: Agreement | None
    command: MoveAgreement
    signed_by: tuple[str, ...]
    awaits: tuple[str, ...]

    @property
    def rule(self) -> str:
        return f"agreements.{self.kind.id}.moves.{self.move.id}"

    def id(self, facts: Facts) -> UUID:
        return self.known.id if self.known else self.command.agreement or facts.id


def kind_of(command: MoveAgreement, state: Matter, facts: Facts) -> Kind:
    """The agreement of the pack: named, that of the agreement in hand, or the mode's only one."""
    named = command.kind
    at_hand = _at_hand(command, state)
    if at_hand is not None:
        named = at_hand.kind
    fitting = [a for a in facts.pack.agreements if named in (None, a.id)]
    if named is None:
        fitting = [a for a in fitting if state.mode in a.modes]
    if len(fitting) != 1:
        raise Refused(
            "agreement_unknown",
            kind=named,
            known=[a.id for a in facts.pack.agreements],
            mode=state.mode,
            rule="agreements",
            remedy="请选择本方案在该服务方式下的协议 / name an agreement of the pack for this mode",
        )
    return fitting[0]


def known_of(command: MoveAgreement, kind: Kind, state: Matter) -> Agreement | None:
    """The agreement in hand: the one named, else the latest of its kind that is open."""
    at_hand, latest = _at_hand(command, state), state.entrusted.of_kind(kind.id)
    if at_hand is None and latest is not None and latest.open:
        return latest
    return at_hand


def _at_hand(command: MoveAgreement, state: Matter) -> Agreement | None:
    """The agreement that the command names, if the matter has it."""
    return state.entrusted.agreements.get(command.agreement) if command.agreement else None


def already(command: MoveAgreement, kind: Kind, known: Agreement | None) -> bool:
    """This very move was made, and the agreement stands where it leads."""
    move = next((m for m in kind.moves if m.id == command.move), None)
    if known is None or move is None or known.pending is not None:
        return False
    led = known.state == move.to and known.state not in move.leaves
    return led and (known.open or move.kind == "end")


def move_of(command: MoveAgreement, kind: Kind, known: Agreement | None) -> Move:
    """The move, when the pack opens it in the state the agreement is in."""
    state = known.state if known else None
    open_moves = kind.moves_from(state) if known is None or known.open else ()
    for move in open_moves:
        if move.id == command.move:
            return move
    raise Refused(
        "move_not_open",
        move=command.move,
        state=state,
        open=[move.id for move in open_moves],
        rule=f"agreements.{kind.id}.moves",
        remedy="协议当前状态不能办理此项 / not from the state the agreement is in",
    )


def with_cause(command: MoveAgreement, move: Move, kind: Kind) -> None:
    """A cause among the pack's, and a reason for what takes something from the other side."""
    rule = f"agreements.{kind.id}.moves.{move.id}"
    ground = command.ground or (move.causes[0] if len(move.causes) == 1 else None)
    if move.causes and ground not in move.causes:
        raise Refused(
            "cause_required",
            causes=list(move.causes),
            rule=f"{rule}.causes",
            remedy="请在列明的原因中选择 / choose one of the causes",
        )
    if move.kind in ("suspend", "end") and command.reason is None:
        raise Refused("reason_required", rule=rule, remedy="请写明事由 / give the reason")


def signatures(
    command: MoveAgreement, kind: Kind, move: Move, known: Agreement | None, facts: Facts
) -> Turn:
    """Who has signed by now, and who is still to sign (会签)."""
    rule = f"agreements.{kind.id}.moves.{move.id}.by"
    parties = {*move.by, *move.countersigned_by}
    own = facts.parties() & parties
    now = set(command.signed_by) or own
    strange = now - parties
    if strange or not now:
        raise Refused(
            "not_a_party",
            signed_by=sorted(strange),
            parties=sorted(parties),
            rule=rule,
            remedy="须由协议约定的一方办理 / a party of the agreement must do this",
        )
    if now - own and (facts.by_unit or command.paper is None):
        raise Refused(
            "paper_required" if not facts.by_unit else "not_your_signature",
            signed_by=sorted(now - own),
            rule=rule,
            remedy="代录他方签署的，须附签署件 / attach the paper the other side signed",
        )
    pending = known.pending if known else None
    if pending and pending.move != move.id and move.kind != "end":
        raise Refused(
            "another_move_pending",
            pending=pending.move,
            awaits=list(pending.awaits),
            rule=rule,
            remedy="另有手续待会签或待生效，请先办结或撤回 / finish or withdraw that one first",
        )
    before = set(pending.signed_by) if pending and pending.move == move.id else set()
    signed_by = now | before
    awaits = [party for party in move.countersigned_by if party not in signed_by]
    if not signed_by & set(move.by):
        awaits = [move.by[0], *awaits]
    return Turn(
        kind, move, known, command, tuple(sorted(signed_by)), tuple(dict.fromkeys(awaits))
    )

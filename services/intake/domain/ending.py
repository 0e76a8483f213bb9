"""When does an agreement end: by a party, by its term, with the matter (协议终止; X-03)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import AgreementEnded, AgreementProposalWithdrawn
from contracts.pack.papers import Agreement as Kind
from contracts.pack.papers import Move
from contracts.vocabulary import AgreementEndCause
from services.intake.domain.agreement import TERMS, done, move_agreement
from services.intake.domain.commands import (
    EndAgreement,
    MoveAgreement,
    SettleAgreement,
    WithdrawMove,
)
from services.intake.domain.entrusted import Agreement
from services.intake.domain.facts import Facts
from services.intake.domain.signing import Turn
from services.intake.domain.state import Matter
from shared.decider import Refused


def withdraw_move(command: WithdrawMove, state: Matter, facts: Facts) -> Sequence[Event]:
    """Whoever signed it may take it back while it has no effect."""
    known = state.entrusted.agreements.get(command.agreement)
    if known is None:
        raise Refused("agreement_unknown", agreement=str(command.agreement), remedy=NONE)
    if known.pending is None:
        return []
    if not facts.parties() & set(known.pending.signed_by) and facts.by_unit:
        raise Refused(
            "not_your_signature",
            signed_by=list(known.pending.signed_by),
            remedy="只能撤回本方已签署的 / only who signed it takes it back",
        )
    return [
        AgreementProposalWithdrawn(
            agreement=known.id, move=known.pending.move, reason=command.reason
        )
    ]


def end_agreement(command: EndAgreement, state: Matter, facts: Facts) -> Sequence[Event]:
    """One press and a reason: the pack's own move, or the unit's right to revoke (民法典173)."""
    open_ones = state.entrusted.open()
    found = [a for a in open_ones if command.agreement in (None, a.id)]
    if not found:
        if any(command.agreement in (None, id) for id in state.entrusted.agreements):
            return []
        raise Refused("no_agreement", remedy=NONE)
    known = found[-1]
    if known.state is None:
        return withdraw_move(
            WithdrawMove(agreement=known.id, reason=command.reason), state, facts
        )
    kind = facts.pack.agreement(known.kind)
    move = _ending_move(command, kind, known, facts)
    if move is not None:
        asked = MoveAgreement(
            agreement=known.id, move=move.id, ground=command.ground, reason=command.reason
        )
        return move_agreement(asked, state, facts)
    if not facts.by_unit:
        raise Refused(
            "not_a_party",
            parties=sorted({p for m in kind.moves if m.kind == "end" for p in m.by}),
            rule=f"agreements.{kind.id}.moves",
            remedy="须由协议约定的一方终止 / a party of the agreement must end it",
        )
    return [
        AgreementEnded(
            agreement=known.id,
            cause="revoked_by_applicant",
            ended_by="applicant",
            state=_where_it_ends(kind, known),
            reason=command.reason,
        )
    ]


def _ending_move(
    command: EndAgreement, kind: Kind, known: Agreement, facts: Facts
) -> Move | None:
    own = facts.parties()
    moves = [m for m in kind.moves_from(known.state) if m.kind == "end" and own & set(m.by)]
    fitting = [m for m in moves if command.ground is None or command.ground in m.causes]
    return next(iter(fitting or moves), None)


def _where_it_ends(kind: Kind, known: Agreement) -> str | None:
    return next((m.to for m in kind.moves_from(known.state) if m.kind == "end"), None)


def settle_agreement(command: SettleAgreement, state: Matter, facts: Facts) -> Sequence[Event]:
    """What the calendar brings: a move whose notice is over, or a term that is over (X-03)."""
    known = state.entrusted.agreements.get(command.agreement)
    if known is None or not known.open or known.state is None:
        return []
    kind, pending = facts.pack.agreement(known.kind), known.pending
    due = pending.takes_effect_on if pending and not pending.awaits else None
    if pending and due is not None and due <= facts.day:
        move = next(m for m in kind.moves if m.id == pending.move)
        asked = MoveAgreement(agreement=known.id, move=move.id, ground=pending.terms.ground)
        turn = Turn(kind, move, known, asked, pending.signed_by, ())
        return [done(turn, {n: getattr(pending.terms, n) for n in TERMS}, facts)]
    if known.ends_on is not None and known.ends_on < facts.day:
        return [_over(known, kind, "period_over")]
    return []


def release(known: Agreement, facts: Facts) -> AgreementEnded:
    """The matter is done, and with it what was agreed for it."""
    return _over(known, facts.pack.agreement(known.kind), "matter_done")


def revoke(known: Agreement, facts: Facts) -> AgreementEnded:
    """The unit chose another way of serving, for which this agreement is not meant."""
    kind = facts.pack.agreement(known.kind)
    return AgreementEnded(
        agreement=known.id,
        cause="revoked_by_applicant",
        ended_by="applicant",
        state=_where_it_ends(kind, known),
    )


def _over(known: Agreement, kind: Kind, cause: AgreementEndCause) -> AgreementEnded:
    return AgreementEnded(
        agreement=known.id, cause=cause, ended_by="rule", state=_where_it_ends(kind, known)
    )


NONE = "本办件没有这份协议 / there is no such agreement here"

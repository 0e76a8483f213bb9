"""For whom and under which authority is something asked (X-01), and what takes a number?"""

from uuid import UUID

from contracts.pack import Pack
from services.intake.domain.commands import (
    ChooseMode,
    CompleteRegistration,
    ConfirmForm,
    DraftForm,
    EndAgreement,
    FileApplication,
    FileCommission,
    GiveConsent,
    GiveUndertaking,
    MoveAgreement,
    PrecheckItem,
    ReceiveMaterial,
)
from services.intake.domain.facts import UNIT_POSTS, Facts
from services.intake.domain.gate import agreement_of
from services.intake.domain.registration import REGISTER
from services.intake.domain.signing import kind_of, known_of
from services.intake.domain.state import Matter
from shared.command import Command
from shared.decider import Refused

FOR_UNIT = (
    ChooseMode, FileCommission, DraftForm, ConfirmForm, FileApplication, GiveConsent,
    GiveUndertaking, EndAgreement,
)  # fmt: skip
"""What staff enter as the unit's own word."""


def for_unit(command: Command, facts: Facts) -> bool:
    """Whether somebody else speaks for the unit here."""
    if facts.by_unit:
        return False
    if isinstance(command, MoveAgreement):
        units = {role.id for role in facts.pack.roles if role.canonical in UNIT_POSTS}
        return bool(units & set(command.signed_by))
    return isinstance(command, FOR_UNIT)


def authority_of(command: Command, state: Matter, facts: Facts) -> UUID | None:
    """The commission or agreement that an act of staff leans on."""
    if facts.by_unit:
        return None
    if isinstance(command, DraftForm) and state.commission is not None:
        return state.commission.id
    if not facts.serving or not isinstance(command, DraftForm | ReceiveMaterial | PrecheckItem):
        return None
    mode = next((m for m in facts.pack.modes if m.id == state.mode), None)
    kinds = [k.id for p in (mode.papers if mode else ()) if (k := agreement_of(p.id, facts))]
    open_ones = [a for a in state.entrusted.open() if a.kind in kinds and a.holds(facts.day)]
    return open_ones[-1].id if open_ones else None


def commissions_are_numbered(pack: Pack) -> bool:
    """Where no agreement takes the yearly numbers, the commission does (HS-51)."""
    taken = any(agreement.number for agreement in pack.agreements)
    return pack.numbering.agreement is not None and not taken


def may_bear_a_number(command: Command, state: Matter, facts: Facts) -> None:
    """Refuse a pre-printed number on a paper that the place does not number (预印编号)."""
    if getattr(command, "number", None) is None:
        return
    match command:
        case CompleteRegistration():
            numbered = REGISTER in facts.pack.numbering.ids()
        case FileCommission():
            numbered = commissions_are_numbered(facts.pack)
        case MoveAgreement():
            kind = kind_of(command, state, facts)
            signs = any(m.id == command.move and m.kind == "sign" for m in kind.moves)
            numbered = kind.number is not None and signs
        case _:
            return
    if not numbered:
        raise Refused(
            "not_numbered_here",
            rule="numbering",
            remedy="本地方案不给此文书编号，请勿填写 number / this paper bears no number here",
        )


def numbers_agreement(command: MoveAgreement, state: Matter, facts: Facts) -> str | None:
    """The numbering that a new agreement takes its number from; None for any other move."""
    try:
        kind = kind_of(command, state, facts)
    except Refused:
        return None
    signs = any(move.id == command.move and move.kind == "sign" for move in kind.moves)
    return kind.number if signs and known_of(command, kind, state) is None else None

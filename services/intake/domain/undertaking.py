"""What does the unit warrant of its materials (材料承诺), on which five points (YY-46, HS-55)?"""

from collections.abc import Sequence
from typing import get_args
from uuid import UUID

from contracts.event import Event
from contracts.intake import UndertakingGiven
from contracts.vocabulary import UndertakingPoint
from services.intake.domain.commands import GiveUndertaking, ReceiveMaterial
from services.intake.domain.facts import Facts
from services.intake.domain.gate import UNDERTAKING, unwarranted
from services.intake.domain.state import Matter
from shared.decider import Refused

POINTS: tuple[UndertakingPoint, ...] = get_args(UndertakingPoint.__value__)


def with_the_paper(command: ReceiveMaterial, piece: UUID, facts: Facts) -> UndertakingGiven:
    """The unit's word that came with the paper (随件承诺; YY-46)."""
    all_five(command.undertaking)
    _by_the_unit(facts, command.receipt)
    return UndertakingGiven(
        points=POINTS, pieces=(piece,), signatory=command.handed_in_by, paper=command.receipt
    )


def undertake(command: GiveUndertaking, state: Matter, facts: Facts) -> Sequence[Event]:
    """True, lawful, complete, valid, conforming: all five, for these papers (YY-46, HS-55)."""
    all_five(command.points)
    _by_the_unit(facts, command.paper)
    open_ones = [UUID(id) for id in unwarranted(state)]
    named = open_ones if command.pieces is None else list(command.pieces)
    unknown = [str(id) for id in named if id not in state.pieces]
    if unknown:
        raise Refused(
            "pieces_unknown", pieces=unknown, remedy="请先接收材料 / take them in first"
        )
    pieces = tuple(id for id in named if id in open_ones)
    if not pieces:
        return []
    return [
        UndertakingGiven(
            points=POINTS, pieces=pieces, signatory=command.signatory, paper=command.paper
        )
    ]


def all_five(points: Sequence[str]) -> None:
    lacking = [point for point in POINTS if point not in points]
    if lacking:
        raise Refused(
            "undertaking_incomplete",
            lacking=lacking,
            rule=f"forms.{UNDERTAKING}",
            remedy="承诺应包括真实、合法、齐全、有效、符合规定五项 / all five points are warranted",
        )


def _by_the_unit(facts: Facts, paper: object) -> None:
    if not facts.by_unit and paper is None:
        raise Refused(
            "paper_required",
            remedy="由工作人员录入的，须附项目单位签署的承诺 / attach what the unit signed",
        )

"""Which number comes next in a gap-free series (编号), and is the request one we know (X-11)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Event
from contracts.intake import NumberReserved, NumberTaken, NumberVoided
from contracts.vocabulary import AreaCode, MatterNumber, Series, VoidCause
from services.intake.domain.commands import Items, Sentence
from shared.command import Command
from shared.decider import Decider, Refused

type PrintedSeries = Literal["agreement", "register"]
"""The series whose numbers may stand on an empty form."""


class ReserveNumber(Command):
    """取号 Take the next number; only in one unit of work with what carries it (YO-38)."""

    area: AreaCode
    series: Series
    year: Annotated[int, Field(ge=2000, le=9999)]
    holder: UUID
    project: UUID
    items: Items = ()


class PreprintNumbers(Command):
    """预印编号 Take numbers for empty forms, for when the network is away (HS-51, YO-38).

    Each is entered later with what was written on the paper, or voided; none is used twice.
    """

    area: AreaCode
    series: PrintedSeries
    year: Annotated[int, Field(ge=2000, le=9999)]
    count: Annotated[int, Field(ge=1, le=50)] = 1


class TakeNumber(Command):
    """启用预印编号 A paper with a number printed beforehand is entered; only with that paper."""

    number: MatterNumber
    holder: UUID
    project: UUID


class VoidNumber(Command):
    """作废编号 A number will never be used, and stays in the series (HS-51, YO-38)."""

    number: MatterNumber
    cause: VoidCause
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """A matter of the same project: a request for the same things joins it while it is open."""

    number: str
    open: bool
    items: tuple[str, ...]

    def same(self, items: Sequence[str]) -> bool:
        """No items named on either side means all of them."""
        return not items or not self.items or bool(set(items) & set(self.items))


@dataclass(frozen=True, slots=True)
class NumberFloor:
    """The least number of digits, and the project's other matters as they stand now."""

    digits: int = 1
    rivals: Mapping[UUID, Rival] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Numbers:
    """A series: the last serial, who carries which number, whose matters, what was voided."""

    serial: int = 0
    series: Series | None = None
    holders: Mapping[str, UUID | None] = MappingProxyType({})
    projects: Mapping[UUID, tuple[UUID, ...]] = MappingProxyType({})
    voided: frozenset[str] = frozenset()

    @property
    def unused(self) -> tuple[str, ...]:
        """Printed on empty forms, and neither entered nor voided."""
        return tuple(
            number
            for number, holder in self.holders.items()
            if holder is None and number not in self.voided
        )


def evolve(state: Numbers, event: Event) -> Numbers:
    match event:
        case NumberReserved():
            matters = dict(state.projects)
            if event.within and event.holder:
                matters[event.within] = (*matters.get(event.within, ()), event.holder)
            return replace(
                state,
                serial=event.serial,
                series=event.series,
                holders=MappingProxyType({**state.holders, event.number: event.holder}),
                projects=MappingProxyType(matters),
            )
        case NumberTaken(number=number, holder=holder):
            held = MappingProxyType({**state.holders, number: holder})
            return replace(state, holders=held)
        case NumberVoided(number=number):
            return replace(state, voided=state.voided | {number})
    return state


def decide(
    command: ReserveNumber | PreprintNumbers | TakeNumber | VoidNumber,
    state: Numbers,
    facts: NumberFloor,
) -> Sequence[Event]:
    match command:
        case ReserveNumber():
            if command.series == "matter":
                _joins_another(command, state, facts)
            next_one = _next(command, state.serial + 1, facts)
            own = {"holder": command.holder, "within": command.project}
            return [next_one.model_copy(update=own)]
        case PreprintNumbers():
            serials = range(state.serial + 1, state.serial + 1 + command.count)
            return [_next(command, serial, facts) for serial in serials]
        case TakeNumber():
            return _take(command, state)
        case VoidNumber():
            return _void(command, state, facts)


def _next(
    command: ReserveNumber | PreprintNumbers, serial: int, facts: NumberFloor
) -> NumberReserved:
    return NumberReserved(
        series=command.series,
        year=command.year,
        serial=serial,
        number=f"{command.area}-{command.year}-{serial:0{facts.digits}d}",
    )


def _take(command: TakeNumber, state: Numbers) -> Sequence[Event]:
    if command.number not in state.unused or state.series is None:
        raise Refused(
            "number_not_preprinted",
            number=command.number,
            unused=list(state.unused[:50]),
            remedy="请填纸质表单上预印且未启用的编号；不填则自动取号 / "
            "give the number printed on the paper, or none to take the next",
        )
    return [
        NumberTaken(
            series=state.series,
            number=command.number,
            holder=command.holder,
            within=command.project,
        )
    ]


def _joins_another(command: ReserveNumber, state: Numbers, facts: NumberFloor) -> None:
    """Refuse a second open matter for the same request; one just made counts as open."""
    here = dict.fromkeys((*state.projects.get(command.project, ()), *facts.rivals))
    numbers = {holder: number for number, holder in state.holders.items()}
    for matter in here:
        rival = facts.rivals.get(matter, Rival(numbers.get(matter, ""), True, ()))
        if rival.open and rival.same(command.items):
            raise Refused(
                "joins_open_matter",
                matter=str(matter),
                number=rival.number,
                remedy="该项目已有在办件，请在该件中办理 / go on in that matter",
            )


def _void(command: VoidNumber, state: Numbers, facts: NumberFloor) -> Sequence[Event]:
    if command.number in state.voided:
        return []
    if command.number not in state.holders or state.series is None:
        raise Refused(
            "number_not_in_series",
            number=command.number,
            remedy="请核对编号所属年度和序列 / check the year and the series",
        )
    holder = state.holders[command.number]
    rival = facts.rivals.get(holder) if holder else None
    if rival is not None and rival.open:
        raise Refused(
            "number_in_use",
            number=command.number,
            holder=str(holder),
            remedy="在办件的编号不得作废 / an open matter keeps its number",
        )
    return [
        NumberVoided(
            series=state.series,
            number=command.number,
            cause=command.cause,
            reason=command.reason,
        )
    ]


NUMBERS = Decider(Numbers(), evolve, decide)

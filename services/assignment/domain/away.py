"""Who is away, who stands in, and for exactly what (缺勤、候补)?"""

from collections.abc import Sequence
from datetime import date

from contracts.assignment import (
    AbsenceEnded,
    AbsenceRecorded,
    ReserveActivated,
    ReserveStoodDown,
)
from contracts.event import Event
from services.assignment.domain.commands import (
    ActivateReserve,
    EndAbsence,
    RecordAbsence,
    StandDownReserve,
)
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.membership import member_of, takes_over
from services.assignment.domain.roster import RESERVE, Activation, Roster
from shared.decider import Refused

LONGEST = 366
"""Days of one absence or activation (默认值)."""

type AwayCommand = ActivateReserve | StandDownReserve | RecordAbsence | EndAbsence


def decide(command: AwayCommand, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    match command:
        case ActivateReserve():
            return _activate(command, roster, facts)
        case StandDownReserve() if command.activation in roster.ended:
            return []
        case StandDownReserve():
            return _stand_down(command, roster, facts)
        case RecordAbsence():
            return _away(command, roster, facts)
        case EndAbsence() if command.absence in roster.ended:
            return []
        case EndAbsence():
            return _back(command, roster, facts)


def _activate(command: ActivateReserve, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    """A reserve acts for one person at a time, in a period, for a reason (AS-12)."""
    member = member_of(command.person, roster)
    takes_over(command.covers, command.person, roster)
    if RESERVE not in member.roles:
        raise Refused(
            "not_a_reserve", person=command.person, rule="team.reserve",
            remedy="选用花名册上的候补人员 / choose a reserve of the roster",
        )  # fmt: skip
    begins = command.begins_on or facts.day
    _period(begins, command.ends_on)
    matters = tuple(dict.fromkeys(command.matters))
    known = [a for a in roster.reserves.values() if a.person == command.person]
    if any(_same(a, command, begins) for a in known):
        return []
    if any(a.begins_on <= command.ends_on and begins <= a.ends_on for a in known):
        raise Refused(
            "reserve_is_busy", person=command.person, until=max(a.ends_on for a in known),
            remedy="先退出原启用，或另选候补 / stand the reserve down first, or choose another",
        )  # fmt: skip
    if away := roster.absence_on(command.person, begins):
        raise Refused("not_available", person=command.person, until=away.ends_on,
                      remedy="此人缺勤，请另选 / this person is away, choose another")  # fmt: skip
    return [
        ReserveActivated(
            activation=facts.new,
            person=command.person,
            body=member.body,
            covers=command.covers,
            matters=matters,
            cause=command.cause,
            begins_on=begins,
            ends_on=command.ends_on,
            reason=command.reason,
        )
    ]


def _same(known: Activation, command: ActivateReserve, begins: date) -> bool:
    asked = (command.covers, set(command.matters), begins, command.ends_on)
    return asked == (known.covers, set(known.matters), known.begins_on, known.ends_on)


def _stand_down(
    command: StandDownReserve, roster: Roster, facts: RosterFacts
) -> Sequence[Event]:
    known = roster.reserves.get(command.activation)
    if known is None:
        raise Refused(
            "activation_unknown",
            activation=str(command.activation),
            remedy="请在候补列表中选取 / choose one of the activated reserves",
        )
    takes_over(command.successor, known.person, roster)
    return [
        ReserveStoodDown(
            activation=known.id,
            person=known.person,
            cause=command.cause,
            stood_down_on=facts.day,
            successor=command.successor,
        )
    ]


def _away(command: RecordAbsence, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    member_of(command.person, roster)
    takes_over(command.substitute, command.person, roster)
    _period(command.begins_on, command.ends_on)
    known = [a for a in roster.absences.values() if a.person == command.person]
    period = command.begins_on, command.ends_on, command.substitute
    if any((a.begins_on, a.ends_on, a.substitute) == period for a in known):
        return []
    over = [a for a in known if a.begins_on <= period[1] and period[0] <= a.ends_on]
    if over:
        raise Refused(
            "absence_overlaps", person=command.person, with_=[str(a.id) for a in over],
            remedy="先办理返岗，再登记新的缺勤 / end the earlier absence first",
        )  # fmt: skip
    if command.substitute and not roster.available(command.substitute, command.begins_on):
        raise Refused(
            "not_available",
            person=command.substitute,
            because=roster.why_not(command.substitute, command.begins_on),
            remedy="代班人届时不能接办，请另选 / the substitute cannot take work then",
        )
    return [
        AbsenceRecorded(
            absence=facts.new,
            person=command.person,
            begins_on=command.begins_on,
            ends_on=command.ends_on,
            substitute=command.substitute,
            kind=command.kind,
            reason=command.reason,
        )
    ]


def _back(command: EndAbsence, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    known = roster.absences.get(command.absence)
    if known is None:
        raise Refused(
            "absence_unknown",
            absence=str(command.absence),
            remedy="请在缺勤列表中选取 / choose one of the recorded absences",
        )
    last = min(command.last_on or facts.day, known.ends_on)
    return [AbsenceEnded(absence=known.id, person=known.person, last_on=last)]


def _period(begins: date, ends: date) -> None:
    if ends < begins:
        raise Refused(
            "ends_before_it_begins",
            begins_on=begins,
            ends_on=ends,
            remedy="请核对起止日期 / check the two days",
        )
    if (ends - begins).days > LONGEST:
        raise Refused(
            "period_too_long",
            days=(ends - begins).days,
            most=LONGEST,
            remedy="请缩短期间，或办理离岗 / shorten it, or vacate the post",
        )

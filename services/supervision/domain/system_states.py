"""What follows from what the approval system says of an item (审批系统状态, HS-12, AS-67, YY-48)?

A superset of its states: each raw code leads to a step of ours, and is kept. What it says is
followed where our rules allow it; what contradicts us is shown and overwrites nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from contracts.event import Event, Personal
from contracts.supervision import SystemStateNoted
from contracts.vocabulary import ItemState, Outcome, SystemVerdict
from services.supervision.domain import acceptance, approval, filing, taking_back
from services.supervision.domain.commands.course import (
    AcceptItem,
    DecideItem,
    EndSpecialProcedure,
    NoteSystemState,
    ReceiveItem,
    RefuseItem,
    RequestCorrection,
    StartSpecialProcedure,
    SupplyCorrection,
    WithdrawItem,
)
from services.supervision.domain.course import Course, Reported
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter
from shared.decider import Refused

ITSELF = "s:supervision"


@dataclass(frozen=True, slots=True)
class Coded:
    """What one raw code of the approval system means here.

    `field` is the day it dates, `state` where the item stands then; a code without a field
    says nothing that we keep.
    """

    zh: str
    state: ItemState | None
    field: str | None
    outcome: Outcome | None = None


BLZT: Mapping[int, Coded] = {
    1: Coded("接件", "received", "received_on"),
    2: Coded("撤件", "withdrawn", "withdrawn_on"),
    3: Coded("受理", "accepted", "accepted_on"),
    4: Coded("不受理", "not_accepted", "refused_on"),
    5: Coded("不予受理", "not_accepted", "refused_on"),
    6: Coded("补正开始", "correcting", "requested_on"),
    7: Coded("补正结束", "received", "supplied_on"),
    8: Coded("部门开始办理", None, None),
    9: Coded("特别程序开始", "suspended", "special_started_on"),
    10: Coded("特别程序结束", "accepted", "special_ended_on"),
    11: Coded("办结（通过）", "decided", "decided_on", "approved"),
    12: Coded("办结（容缺通过）", "decided", "decided_on", "approved_with_gap"),
    13: Coded("办结（不通过）", "decided", "decided_on", "not_approved"),
    14: Coded("撤回", "withdrawn", "withdrawn_on"),
    15: Coded("撤销", "withdrawn", "withdrawn_on"),
}
"""The states of the national data standard (办理状态 BLZT)."""


@dataclass(frozen=True, slots=True)
class _Found:
    verdict: SystemVerdict
    because: str | None = None
    ours_on: date | None = None
    events: Sequence[Event] = ()


def note_state(command: NoteSystemState, matter: Matter, facts: Facts) -> Sequence[Event]:
    """One row of the feed: known already, followed, or recorded with what stands against it."""
    course = filing.course_of(matter, command.item)
    said = [one for one in course.reported if one.source == command.source]
    if any(
        (one.system_state, one.stated_at) == (command.system_state, command.stated_at)
        for one in said
    ):
        return []
    coded = BLZT.get(command.system_state)
    found = _judged(command, coded, said, course, matter, facts)
    noted = SystemStateNoted(
        item=command.item,
        source=command.source,
        system_ref=command.system_ref,
        works=command.works,
        system_state=command.system_state,
        stated_at=command.stated_at,
        stated_on=command.stated_on,
        observed_at=command.observed_at,
        verdict=found.verdict,
        field=coded.field if coded else None,
        ours_on=found.ours_on,
        because=found.because,
        opinion=command.opinion,
    )
    return [noted, *found.events]


def _judged(
    command: NoteSystemState,
    coded: Coded | None,
    said: Sequence[Reported],
    course: Course,
    matter: Matter,
    facts: Facts,
) -> _Found:
    if coded is None:
        return _Found("unknown_code")
    if any(one.stated_at > command.stated_at for one in said):
        return _Found("older")
    if coded.field is None:
        return _Found("agreed")
    ours = _ours(course, command.system_state).get(coded.field)
    if ours is not None:
        return _compared(command, coded, ours, course)
    itself = replace(facts, actor=ITSELF, roles=frozenset(), on=command.stated_on)
    try:
        events = _step(command, matter, itself)
    except Refused as refused:
        return _Found("conflict", refused.code)
    return _Found("followed", events=events) if events else _Found("agreed")


def _compared(command: NoteSystemState, coded: Coded, ours: date, course: Course) -> _Found:
    if coded.outcome is not None and course.outcome != coded.outcome:
        return _Found("conflict", "another_outcome", ours)
    if ours != command.stated_on:
        return _Found("conflict", "another_day", ours)
    return _Found("agreed", ours_on=ours)


def _ours(course: Course, code: int) -> dict[str, date | None]:
    """The days we know of what the code dates; what is over and may come again is not counted."""
    correction = course.corrections[-1] if course.corrections else None
    special = course.specials[-1] if course.specials else None
    waiting = course.state == "correcting"
    suspended = course.state == "suspended"
    gone = course.state in ("not_accepted", "withdrawn")
    same = {2: "withdrawn", 14: "recalled", 15: "revoked"}.get(code) == course.withdrawn
    return {
        "received_on": course.received_on,
        "accepted_on": course.accepted_on,
        "decided_on": course.decided_on,
        "requested_on": correction.requested_on if correction and waiting else None,
        "supplied_on": correction.supplied_on if correction else None,
        "special_started_on": special.started_on if special and suspended else None,
        "special_ended_on": special.ended_on if special else None,
        "refused_on": course.moved_on if gone and course.refusal else None,
        "withdrawn_on": course.moved_on if gone and same else None,
    }


def _step(command: NoteSystemState, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The step of ours that the code stands for, decided by our own rules."""
    code = command.system_state
    words = command.opinion or Personal(f"审批系统状态：{BLZT[code].zh}（{code}）")
    known: dict[str, Any] = {"item": command.item, "system_state": code}
    match code:
        case 1:
            asked = ReceiveItem(**known, system_ref=command.system_ref)
            return filing.receive(asked, matter, facts)
        case 3:
            return acceptance.accept(AcceptItem(**known), matter, facts)
        case 4 | 5:
            kind = "not_accepted" if code == 4 else "acceptance_refused"
            refusal = RefuseItem.model_validate({**known, "kind": kind, "reason": words})
            return acceptance.refuse(refusal, matter, facts)
        case 6:
            demand = RequestCorrection(**known, demands=words)
            return acceptance.request_correction(demand, matter, facts)
        case 7:
            return acceptance.supply_correction(SupplyCorrection(**known), matter, facts)
        case 9:
            begun = StartSpecialProcedure(**known, procedure=command.procedure or "unnamed")
            return approval.start_special(begun, matter, facts)
        case 10:
            return approval.end_special(EndSpecialProcedure(**known), matter, facts)
        case 2 | 14 | 15:
            kind = {2: "withdrawn", 14: "recalled", 15: "revoked"}[code]
            taken = WithdrawItem.model_validate({**known, "kind": kind, "reason": words})
            return taking_back.withdraw(taken, matter, facts)
    outcome = BLZT[code].outcome
    assert outcome is not None
    decision = DecideItem(**known, outcome=outcome, reason=command.opinion)
    return approval.decide_item(decision, matter, facts)


def conflicts_of(course: Course) -> tuple[Reported, ...]:
    """What other systems say against us and nobody has settled: the latest word of each field.

    It is settled once the same system agrees, or once our own day is the one it names.
    """
    latest: dict[tuple[str, str | None], Reported] = {}
    for one in course.reported:
        if one.verdict in ("followed", "agreed", "conflict"):
            latest[one.source, one.field] = one
    return tuple(
        one
        for one in latest.values()
        if one.verdict == "conflict" and not _settled(one, course)
    )


def _settled(one: Reported, course: Course) -> bool:
    coded = BLZT[one.system_state]
    ours = _ours(course, one.system_state).get(coded.field or "")
    same_outcome = coded.outcome is None or coded.outcome == course.outcome
    return ours == one.stated_on and same_outcome


def told_by(course: Course) -> dict[str, dict[str, Any]]:
    """For each day we hold that a system gave: which system, when it said so, its raw code."""
    return {
        one.field: {
            "source": one.source,
            "system_state": one.system_state,
            "stated_at": one.stated_at.isoformat(),
            "observed_at": one.observed_at.isoformat(),
        }
        for one in course.reported
        if one.field is not None and one.verdict in ("followed", "agreed")
    }

"""What is answered to "why that day": the days, the facts and rules they lean on, one sentence?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from contracts.canonical import canonical
from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemDecided,
    ItemReady,
    ItemReceived,
    ItemSubmitted,
    ResultCollected,
    ResultDelivered,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
    SpecialProcedureSupplemented,
)
from services.supervision.domain.course import Course
from services.supervision.domain.daybyday import LAW, Line
from services.supervision.domain.saying import sentence
from services.supervision.domain.why import (
    Reckoning,
    Rules,
    digest_of,
    reckonings,
    third_party_days,
)


class Noted(NamedTuple):
    """A fact of the log, and where it stands there."""

    position: int
    id: UUID
    event: Event


class Basis(NamedTuple):
    """The fact a line leans on."""

    type: str
    id: UUID
    position: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Which fact began, interrupted and ended each clock of an item."""

    by_word: dict[str, Basis]
    specials: tuple[tuple[date, Basis, Basis | None], ...] = ()
    """Each with the day on which it began, by which they are in order."""


_WORD: dict[type[Event], str] = {
    ItemReady: "ready",
    ItemSubmitted: "submitted",
    ItemReceived: "received",
    CorrectionRequested: "requested",
    CorrectionSupplied: "supplied",
    ItemDecided: "decided",
    ResultCollected: "collected",
    ResultDelivered: "delivered",
}


def marks_of(item: str, history: Iterable[Noted]) -> Marks:
    """The facts that moved `item`, the latest of each kind; a new filing forgets the old one's."""
    marks = Marks({})
    for noted in history:
        event = noted.event
        named = getattr(event, "items", None) or (getattr(event, "item", None),)
        if item not in named:
            continue
        basis = Basis(event.type, noted.id, noted.position)
        match event:
            case ItemSubmitted():
                ready = marks.by_word.get("ready")
                known = {"ready": ready} if ready else {}
                marks = Marks({**known, "submitted": basis})
            case ItemAccepted(deemed=deemed):
                word = "deemed" if deemed else "accepted"
                marks = replace(marks, by_word={**marks.by_word, word: basis})
            case SpecialProcedureStarted():
                begun = (event.started_on or date.min, basis, None)
                marks = replace(marks, specials=(*marks.specials, begun))
            case SpecialProcedureEnded() if marks.specials:
                *before, (day, first, _) = marks.specials
                marks = replace(marks, specials=(*before, (day, first, basis)))
            case SpecialProcedureSupplemented():
                every = (*marks.specials, (event.started_on, basis, basis))
                marks = replace(marks, specials=tuple(sorted(every, key=itemgetter(0))))
            case _ if word := _WORD.get(type(event), ""):
                marks = replace(marks, by_word={**marks.by_word, word: basis})
    return marks


def explained(
    course: Course,
    rules: Rules,
    today: date,
    history: Sequence[Noted],
    defaults: Sequence[str] = (),
) -> dict[str, Any]:
    """The whole answer as canonical JSON values, and the digest over them."""
    marks = marks_of(course.item, history)
    body: dict[str, Any] = {
        "item": course.item,
        "item_zh": rules.item.zh,
        "state": course.state,
        "on": today.isoformat(),
        "calendar": rules.calendar.edition,
        "count_from": rules.pack.clocks.count_from,
        "defaults": list(defaults),
        "clocks": [
            _clock(found, course, rules, marks) for found in reckonings(course, rules, today)
        ],
    }
    return {**body, "sha256": sha256(canonical(body).encode()).hexdigest()}


def _clock(found: Reckoning, course: Course, rules: Rules, marks: Marks) -> dict[str, Any]:
    said = sentence(found, estimated=bool(found.account and found.account.estimated))
    common: dict[str, Any] = {
        "clock": found.clock,
        "state": found.state,
        "rule": found.rule,
        "zh": said[0],
        "en": said[1],
    }
    counted = found.account
    if counted is None:
        return common
    if found.clock == "applicant":
        run = counted.run
        common["of_third_party"] = third_party_days(course, rules.calendar, run.upto)
    recorded = {
        "statutory": course.statutory_due_on,
        "commitment": course.commitment_due_on,
    }.get(found.clock)
    standing = found.state == "suspended"
    return {
        **common,
        "unit": counted.run.unit,
        "allowed": counted.run.allowed,
        "started_on": counted.run.start.isoformat(),
        "due_on": _day(counted.due_on),
        "recorded_due_on": _day(recorded),
        "agrees": standing or recorded is None or recorded == counted.due_on,
        "used": counted.used,
        "remaining": counted.remaining,
        "estimated": counted.estimated,
        "reckoning": digest_of(found, rules.calendar.edition),
        "basis": _basis(marks.by_word.get(found.started or "")),
        "stopped_by": _basis(marks.by_word.get(found.ended or "")),
        "days": [_line(one, found, marks) for one in counted.lines],
    }


def _line(line: Line, found: Reckoning, marks: Marks) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "day": line.day.isoformat(),
        "counts": line.counts,
        "why": line.why,
        "zh": line.says,
        "remaining": line.remaining,
    }
    if line.why in LAW:
        shown["rule"] = LAW[line.why]
    if line.why == "start_day":
        shown["event"] = _basis(marks.by_word.get(found.started or ""))
    if line.span is not None and line.span < len(found.names):
        zh, _, ground = found.names[line.span]
        shown |= {"zh": f"{zh}，不计入", "rule": ground or None}
        if line.span < len(marks.specials) and found.clock != "applicant":
            shown["event"] = _basis(marks.specials[line.span][1])
    flags = {"estimated": line.estimated, "ahead": line.ahead}
    return shown | {name: True for name, on in flags.items() if on}


def _basis(basis: Basis | None) -> dict[str, Any] | None:
    if basis is None:
        return None
    return {"type": basis.type, "id": str(basis.id), "position": basis.position}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""How do ladders, whistles, meetings, actions and after-care look from outside?"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from contracts.pack.rules import Ladder, Rung
from services.supervision.domain.coordination import Climb
from services.supervision.domain.course import Course
from services.supervision.domain.escalating import problem, slow
from services.supervision.domain.facts import Facts
from services.supervision.domain.ladders import (
    Subject,
    climbed,
    entered,
    ladder_or_none,
    offered,
    skipped,
    waits_until,
)
from services.supervision.domain.owed import owed
from services.supervision.domain.state import Matter
from services.supervision.domain.urging import WITH_THE_BODY


def together(matter: Matter, facts: Facts) -> dict[str, Any]:
    """Everything beyond the items, as JSON values."""
    return {
        "ladders": _ladders(matter, facts),
        "strike_off": strike_off(matter),
        "owed": [
            {
                "kind": one.kind,
                "id": str(one.id),
                "to": one.to,
                "due_on": _day(one.due_on),
                "done_on": _day(one.done_on),
                "late": one.late(facts.today),
            }
            for one in owed(matter)
        ],
        "whistles": _whistles(matter, facts),
        "meetings": _meetings(matter),
        "joint_sessions": _sessions(matter),
        "early_opinions": [
            {
                "id": str(one.review) if one.review else None,
                "items": list(one.items),
                "body": one.body,
                "given_on": _day(one.given_on),
                "decision": False,
                "zh": "提前介入意见，不是审批决定",
                "en": "an early opinion, not a decision",
            }
            for one in matter.beyond.opinions
        ],
        "follow_ups": _follow_ups(matter),
        **_errands(matter),
    }


def _errands(matter: Matter) -> dict[str, Any]:
    """Papers on their way to a department, and who must come there."""
    return {
        "transfers": [
            {
                "id": str(id),
                "item": one.item,
                "to": one.to,
                "pieces": [str(piece) for piece in one.pieces],
                "originals": one.originals,
                "copies": one.copies,
                "handed_on": _day(one.handed_on),
                "signed_on": _day(one.signed_on),
                "both_signed": one.signed_on is not None,
            }
            for id, one in matter.beyond.transfers.items()
        ],
        "presences": [
            {
                "id": str(id),
                "item": one.item,
                "who": one.who,
                "by": one.by,
                "starts_at": one.starts_at,
                "came": one.came,
            }
            for id, one in matter.beyond.presences.items()
        ],
    }


def strike_off(matter: Matter) -> dict[str, Any]:
    """How many problems there were and how many are struck off; all of them: the all-clear."""
    left = len(matter.open_issues())
    return {
        "opened": len(matter.issues),
        "struck_off": len(matter.issues) - left,
        "open": left,
        "all_clear": bool(matter.issues) and not left,
    }


def _ladders(matter: Matter, facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code in matter.scope():
        course = matter.items[code]
        every = matter.beyond.climbs_of(code)
        if every or course.state in WITH_THE_BODY:
            shown = _item(course, every, matter, facts)
            if shown is not None:
                found[code] = shown
    for id, issue in matter.issues.items():
        ladder = ladder_or_none(facts.pack, "problem", issue.severity)
        if ladder is not None:
            subject = problem(id, issue, matter)
            back = taken_back(matter, issue.items, subject.climbs)
            shown = _shown(ladder, subject, back, facts)
            shown["next"] = [] if issue.outcome else shown["next"]
            found[str(id)] = shown
    return found


def _item(
    course: Course, every: tuple[Climb, ...], matter: Matter, facts: Facts
) -> dict[str, Any] | None:
    ladder = ladder_or_none(facts.pack, "slow_item")
    if ladder is None:
        return None
    back = taken_back(matter, (course.item,), every)
    shown = _shown(ladder, slow(course, matter), back, facts)
    shown["next"] = shown["next"] if course.state in WITH_THE_BODY else []
    return shown


def taken_back(
    matter: Matter, items: Iterable[str], every: Iterable[Climb]
) -> list[tuple[Climb, frozenset[date]]]:
    """Each rung with the overdue days, told of before it, that were taken back since (B69)."""
    courses = [matter.items[code] for code in items if code in matter.items]
    return [
        (one, frozenset(d for c in courses if one.on for d in c.taken_back_after(one.on)))
        for one in every
    ]


def _shown(
    ladder: Ladder,
    subject: Subject,
    every: Iterable[tuple[Climb, frozenset[date]]],
    facts: Facts,
) -> dict[str, Any]:
    names = {rung.id: rung.zh for one in facts.pack.ladders for rung in one.rungs}
    return {
        "ladder": ladder.id,
        "zh": ladder.zh,
        "climbed": [
            _climb(climb, names, facts) | {"reminders_taken_back": sorted(map(str, days))}
            for climb, days in every
        ],
        "next": _next(ladder, subject, facts),
    }


def _climb(climb: Climb, names: Mapping[str, str], facts: Facts) -> dict[str, Any]:
    """One rung that was climbed, and what came of it (效果)."""
    took = None
    if climb.effect_on is not None and climb.on is not None:
        took = facts.calendar.working_days_between(climb.on, climb.effect_on)
    return {
        "rung": climb.rung,
        "rung_id": climb.rung_id,
        "zh": names.get(climb.rung_id or "", ""),
        "do": climb.do,
        "on": _day(climb.on),
        "waived": climb.waived,
        "act": str(climb.act) if climb.act else None,
        "closed": climb.closed,
        "effect_on": _day(climb.effect_on),
        "effect_after_days": took,
    }


def _next(ladder: Ladder, subject: Subject, facts: Facts) -> list[dict[str, Any]]:
    """What may be decided next, by whom and from when; a proposal, never done by itself."""
    acts = {rung.do for rung in ladder.rungs}
    found = [
        rung
        for rung in offered(ladder, acts, subject, None)
        if not skipped(ladder, rung, subject) and _again(rung, ladder, subject)
    ]
    lowest = min((rung.rung for rung in found), default=None)
    shown = [_rung(ladder, r, subject, facts) for r in found if r.rung == lowest]
    for signal in ("beyond_power", "dispute"):
        other = entered(facts.pack, ladder, signal)
        if other is not None:
            return [*shown, _rung(other, min(other.rungs, key=_number), subject, facts)]
    return shown


def _number(rung: Rung) -> int:
    return rung.rung


def _again(rung: Rung, ladder: Ladder, subject: Subject) -> bool:
    times = len(climbed(rung, ladder, subject.climbs))
    return not times or (rung.every is not None and (rung.times is None or times < rung.times))


def _rung(ladder: Ladder, rung: Rung, subject: Subject, facts: Facts) -> dict[str, Any]:
    until = waits_until(ladder, rung, subject, facts)
    return {
        "ladder": ladder.id,
        "rung": rung.rung,
        "rung_id": rung.id,
        "zh": rung.zh,
        "do": rung.do,
        "by": list(rung.by),
        "to": list(rung.to),
        "fires": list(rung.fires),
        "needs": list(rung.needs),
        "record": list(rung.record),
        "via": rung.via,
        "alternative": rung.alternative,
        "at_once": rung.at_once,
        "not_before": _day(until),
        "wait_is_over": until is None or facts.today > until,
    }


def _whistles(matter: Matter, facts: Facts) -> list[dict[str, Any]]:
    """Who was called and has not come is a no-show, for all to see."""
    return [
        {
            "id": str(id),
            "issue": str(one.issue),
            "to": list(one.to),
            "report_by_on": _day(one.report_by_on),
            "reported": {body: _day(day) for body, day in one.reported.items()},
            "waiting_for": list(one.missing()),
            "no_show": list(one.missing()) if facts.today > one.report_by_on else [],
        }
        for id, one in matter.beyond.whistles.items()
    ]


def _meetings(matter: Matter) -> list[dict[str, Any]]:
    return [
        {
            "id": str(id),
            "kind": one.kind,
            "issue": str(one.issue) if one.issue else None,
            "convened_by": one.convened_by,
            "bodies": list(one.bodies),
            "starts_at": one.starts_at,
            "binding": one.binding,
            "papers": list(one.papers),
            "came": sorted(one.came),
            "minutes_on": _day(one.minutes_on),
            "actions": [
                {
                    "id": str(action),
                    "owner": task.owner,
                    "person": task.person,
                    "due_on": _day(task.due_on),
                    "done_on": _day(task.done_on),
                }
                for action, task in matter.beyond.actions.items()
                if task.meeting == id
            ],
        }
        for id, one in matter.beyond.meetings.items()
    ]


def _sessions(matter: Matter) -> list[dict[str, Any]]:
    return [
        {
            "id": str(id),
            "kind": one.kind,
            "items": list(one.items),
            "bodies": list(one.bodies),
            "absent": list(one.absent),
            "held_on": _day(one.held_on),
            "passed": one.passed,
        }
        for id, one in matter.beyond.sessions.items()
    ]


def _follow_ups(matter: Matter) -> list[dict[str, Any]]:
    return [
        {
            "id": str(id),
            "rule": one.rule,
            "opened_on": _day(one.opened_on),
            "next_on": _day(one.next_on),
            "contacts": one.contacts,
            "wish": one.wish,
            "closed": one.closed,
        }
        for id, one in matter.beyond.follow_ups.items()
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""What does the plan look like beside what really happened (计划与实际, YO-32, AS-36, AS-39)?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.supervision import PlanLine
from contracts.vocabulary import GLOSSARY
from services.supervision.domain.course import Course
from services.supervision.domain.facts import Facts
from services.supervision.domain.picture import plan_of
from services.supervision.domain.readiness import still_open
from services.supervision.domain.state import Matter, Planned
from services.supervision.domain.submitting import why_not


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of a variance: how many working days, by what, and through whom or which item."""

    cause: str
    days: int
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variance:
    """How far a line is from its first plan, in working days (later is more than zero).

    The causes add up to `days`: the start that moved, the unit, a special procedure, and what
    is left, which is the body that handles it.
    """

    days: int
    first_due_on: date
    ends_on: date
    done: bool
    causes: tuple[Cause, ...]


def gantt_of(matter: Matter, facts: Facts) -> dict[str, Any] | None:
    """The plan with a bar for each line, what opens next, and what holds everything up."""
    plan, shown = matter.plan, plan_of(matter)
    if plan is None or shown is None:
        return None
    lines = {line["item"]: line for line in shown.pop("lines")}
    return {
        **shown,
        "today": facts.today.isoformat(),
        "blocker": blocker_of(matter, facts),
        "ready_set": [
            {"item": code, "refused": refused} for code, refused in why_not(matter, facts)
        ],
        "open_count": len(matter.open_items()),
        "without_limit": [code for code in plan.lines if not facts.item(code).limit.known],
        "milestones": [
            {
                "id": one.id,
                "zh": one.zh,
                "falls_on": _day(known.falls_on) if known else None,
                "reached": bool(known and known.reached),
            }
            for one in facts.catalogue.milestones
            for known in (matter.milestones.get(one.id),)
        ],
        "lines": [
            {**lines[code], **_row(matter, plan, line, facts)}
            for code, line in plan.lines.items()
        ],
    }


def blocker_of(matter: Matter, facts: Facts) -> dict[str, Any] | None:
    """The one step that everything waits for (症结): the first open one on the critical path."""
    plan = matter.plan
    if plan is None:
        return None
    for code, line in plan.lines.items():
        course = matter.items[code]
        if not line.critical or line.tracked or course.decided_on is not None:
            continue
        waits = still_open(matter, code, facts)
        away = [one for one in waits if one not in plan.lines]
        if waits and not away:
            continue
        return {
            "item": code,
            "state": course.state,
            "waits_for": list(away),
            "owner": course.body or line.owner,
        }
    return None


def variance_of(plan: Planned, line: PlanLine, matter: Matter, facts: Facts) -> Variance | None:
    """Why a line is not where its first plan had it; None while it never had a day."""
    course = matter.items[line.item]
    first_start, first_due = plan.first_starts.get(line.item), plan.first.get(line.item)
    ends_on = _ends(course, line, facts)
    if first_start is None or first_due is None or ends_on is None:
        return None
    between = facts.calendar.working_days_between
    total = between(first_due, ends_on)
    began = min(_began(course, line, facts), ends_on)
    started = Cause("start", between(first_start, began), _held_by(matter, course, facts))
    waited = sum(
        max(between(one.requested_on, min(one.supplied_on or facts.today, ends_on)), 0)
        for one in course.corrections
        if one.requested_on is not None and one.requested_on < ends_on
    )
    apart = sum(
        max(between(one.started_on, min(one.ended_on or facts.today, ends_on)), 0)
        for one in course.specials
        if one.started_on is not None and one.started_on < ends_on
    )
    causes = [
        started,
        Cause("applicant", waited, ("applicant",)),
        Cause("special_procedure", apart, tuple(one.procedure for one in course.specials)),
    ]
    rest = total - sum(one.days for one in causes)
    causes.append(Cause("body", rest, (course.body or line.owner,)))
    return Variance(
        days=total,
        first_due_on=first_due,
        ends_on=ends_on,
        done=course.decided_on is not None,
        causes=tuple(one for one in causes if one.days),
    )


def _ends(course: Course, line: PlanLine, facts: Facts) -> date | None:
    """When it ended, or will as things stand: what is late today is late by today at least."""
    if course.decided_on is not None or line.due_on is None:
        return course.decided_on
    begins = _began(course, line, facts)
    if course.submitted_on is None and line.starts_on is not None and begins > line.starts_on:
        return facts.calendar.add_working_days(begins, line.working_days).date
    return max(line.due_on, facts.today)


def _began(course: Course, line: PlanLine, facts: Facts) -> date:
    begun = course.submitted_on or course.received_on or course.accepted_on or course.started_on
    if begun is not None:
        return begun
    if course.decided_on is not None:
        return course.decided_on
    return max(line.starts_on or facts.today, facts.today)


def _held_by(matter: Matter, course: Course, facts: Facts) -> tuple[str, ...]:
    """What came before it last: predecessors still open, else the one that was done last."""
    if not course.in_scope:
        return ()
    waits = still_open(matter, course.item, facts)
    if waits and course.submitted_on is None:
        return waits
    before = facts.catalogue.predecessors(course.item, matter.scope())
    days = {code: matter.items[code].decided_on for code in before if code in matter.items} | {
        code: matter.milestones[code].falls_on for code in before if code in matter.milestones
    }
    known = {code: day for code, day in days.items() if day is not None}
    return (max(known, key=lambda code: known[code]),) if known else ()


def _row(matter: Matter, plan: Planned, line: PlanLine, facts: Facts) -> dict[str, Any]:
    course, item = matter.items[line.item], facts.item(line.item)
    variance = variance_of(plan, line, matter, facts)
    return {
        "zh": item.zh,
        "en": item.en,
        "stage": item.stage,
        "kind": item.kind,
        "level": item.level,
        "inside": item.inside if item.inside in plan.lines else None,
        "confidence": item.limit.conf,
        "limit_known": item.limit.known,
        "responsible": sorted(facts.team.agents_of(line.item)) if course.in_scope else [],
        "today": facts.today.isoformat(),
        "state": course.state,
        "state_zh": GLOSSARY[f"item_state.{course.state}"],
        "waits_for": list(still_open(matter, line.item, facts)) if course.in_scope else [],
        "first": {
            "from": _day(plan.first_starts.get(line.item)),
            "to": _day(plan.first.get(line.item)),
        },
        "planned": {
            "from": _day(line.starts_on),
            "to": _day(line.due_on),
            "latest": _day(line.latest_on),
        },
        "actual": {
            "from": _day(course.submitted_on or course.received_on or course.started_on),
            "to": _day(course.decided_on),
        },
        "variance_days": variance.days if variance else None,
        "variance": [
            {
                "cause": one.cause,
                "days": one.days,
                "through": list(one.through),
                "zh": CAUSES[one.cause][0],
                "en": CAUSES[one.cause][1],
            }
            for one in (variance.causes if variance else ())
        ],
    }


CAUSES = {
    "start": ("开始时间变动", "it started on another day"),
    "applicant": ("等待项目单位补正", "waiting for the unit to supply"),
    "special_procedure": ("特别程序", "a special procedure"),
    "body": ("承办单位办理", "the body that handles it"),
}


def explained(gantt: dict[str, Any], *, english: bool = False) -> Iterator[str]:
    """The plan as lines of text, for a terminal."""
    head = (
        "working days one by one {s}, in parallel {c}, saved {d}; done by {f}, at the latest {l}"
        if english
        else "逐项办理{s}个工作日，并联{c}个，节省{d}个；预计{f}办完，最迟{l}"
    )
    yield head.format(
        s=gantt["serial_days"],
        c=gantt["critical_days"],
        d=gantt["saved_days"],
        f=gantt["forecast_on"] or "—",
        l=gantt["latest_on"] or "—",
    )
    if gantt["estimated"]:
        yield "estimated: a calendar year is not announced yet" if english else "含预估日期"
    if unlimited := gantt["without_limit"]:
        words = (
            "no limit is known, so the plan counts no time for: "
            if english
            else "没有时限，工期未计入："
        )
        yield words + " ".join(unlimited)
    if blocker := gantt["blocker"]:
        yield ("held up by " if english else "症结：") + " ".join(
            [blocker["item"], blocker["state"], *blocker["waits_for"]]
        )
    yield ""
    for line in gantt["lines"]:
        yield _told(line, english=english)
        for one in line["variance"]:
            words = one["en" if english else "zh"]
            through = " ".join(one["through"])
            yield f"{'':22}{one['days']:+d}  {words} {through}".rstrip()


def _told(line: dict[str, Any], *, english: bool) -> str:
    mark = "*" if line["critical"] else "·" if line["tracked"] else " "
    planned, actual = line["planned"], line["actual"]
    days = f"{planned['from'] or '    —     '} → {planned['to'] or '    —     '}"
    done = f"  ✓ {actual['to']}" if actual["to"] else ""
    if not line["limit_known"] and not actual["to"]:
        done = "  no limit known" if english else "  无时限"
    late = line["variance_days"]
    moved = f"  ({late:+d})" if late else ""
    name = line["en" if english else "zh"]
    return f"{mark} {line['item']:<6} {days}{done}{moved}  {name}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""Which items will miss their day as things go, and for what reason (预计逾期)?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.calendar import MAX_WORKING_DAYS, Calendar
from contracts.catalogue import Item
from contracts.supervision import PlanLine
from services.supervision.domain.course import Course
from services.supervision.domain.state import Matter

type Reason = Literal[
    "predecessor_late",
    "start_missed",
    "waiting_on_unit",
    "not_accepted_yet",
    "suspended",
    "with_the_body",
]

REASONS: dict[Reason, str] = {
    "predecessor_late": "前置事项预计延后",
    "start_missed": "已过计划开始日期仍未申报",
    "waiting_on_unit": "正在等待项目单位补正",
    "not_accepted_yet": "已申报，尚未受理",
    "suspended": "处于特别程序，不计时",
    "with_the_body": "已受理，尚未办结",
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When an item will be done as things go; `late` working days after its planned day.

    `because` are the items it waits for; `affects` those that will be late for its sake.
    """

    item: str
    owner: str
    due_on: date
    expected_on: date
    late: int
    reason: Reason
    because: tuple[str, ...] = ()
    affects: tuple[str, ...] = ()


def foreseen(
    matter: Matter, items: Mapping[str, Item], calendar: Calendar, today: date
) -> tuple[Foreseen, ...]:
    """The items of the plan that will miss their day: each with the reason, causes first.

    It assumes that everybody keeps the promised times from today on: the least that can happen.
    """
    plan = matter.plan
    if plan is None:
        return ()
    ends: dict[str, date] = {}
    found: dict[str, Foreseen] = {}
    for code in _in_order(plan.lines):
        line = plan.lines[code]
        course, item = matter.items.get(code, Course(code)), items.get(code)
        if item is None:
            continue
        before = {one: ends[one] for one in line.after if one in ends}
        expected, reason = _expected(course, line, item, calendar, today, before)
        if expected is None:
            continue
        ends[code] = expected
        if course.decided_on is None and line.due_on is not None and expected > line.due_on:
            late = calendar.working_days_between(line.due_on, expected)
            causes = tuple(one for one in before if one in found)
            if late > 0:
                found[code] = Foreseen(
                    code, _owner(course, line), line.due_on, expected, late, reason, causes
                )
    return tuple(_with_affected(one, found) for one in found.values())


def _owner(course: Course, line: PlanLine) -> str:
    if course.state == "correcting":
        return "applicant"
    return course.body or line.owner


def _with_affected(one: Foreseen, found: Mapping[str, Foreseen]) -> Foreseen:
    affected = {one.item}
    for other in found.values():
        if affected & set(other.because) and other.reason == "predecessor_late":
            affected.add(other.item)
    named = tuple(code for code in found if code in affected and code != one.item)
    return Foreseen(
        one.item,
        one.owner,
        one.due_on,
        one.expected_on,
        one.late,
        one.reason,
        one.because,
        named,
    )


def _expected(
    course: Course,
    line: PlanLine,
    item: Item,
    calendar: Calendar,
    today: date,
    before: Mapping[str, date],
) -> tuple[date | None, Reason]:
    """The earliest day on which the item can still be done, and what stands in the way."""
    days = item.limit.planned_wd
    if course.decided_on is not None:
        return course.decided_on, "with_the_body"
    match course.state:
        case "accepted":
            due = course.commitment_due_on
            return (None if due is None else max(due, today)), "with_the_body"
        case "suspended":
            return _after_suspension(course, days, calendar, today), "suspended"
        case "submitted" | "received":
            return calendar.add_working_days(today, days).date, "not_accepted_yet"
        case "correcting":
            due = course.corrections[-1].due_on if course.corrections else None
            start = max(due or today, today)
            return calendar.add_working_days(start, days).date, "waiting_on_unit"
    if line.starts_on is None:
        return None, "start_missed"
    held_up = max(before.values(), default=line.starts_on)
    start = max(today, line.starts_on, held_up)
    reason: Reason = (
        "predecessor_late" if held_up > max(today, line.starts_on) else "start_missed"
    )
    planned = line.due_on
    if start <= line.starts_on and planned is not None:
        return planned, reason
    return calendar.add_working_days(start, days).date, reason


def _after_suspension(course: Course, days: int, calendar: Calendar, today: date) -> date:
    special, accepted = course.specials[-1], course.accepted_on or today
    begun = special.started_on or today
    used = calendar.working_days_between(accepted, begun)
    ends = today
    days_apart = special.expected_days or 0
    if special.day_kind == "working" and days_apart <= MAX_WORKING_DAYS:
        ends = max(today, calendar.add_working_days(begun, days_apart).date)
    return calendar.add_working_days(ends, max(days - used, 0)).date


def _in_order(lines: Mapping[str, PlanLine]) -> list[str]:
    """The items of a plan, predecessors first; the plan was made from a graph without a circle."""
    done: dict[str, None] = {}
    pending = list(lines)
    while pending:
        ready = [c for c in pending if all(a in done or a not in lines for a in lines[c].after)]
        done.update(dict.fromkeys(ready or pending))
        pending = [code for code in pending if code not in done]
    return list(done)

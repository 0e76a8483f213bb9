"""How is a plan made and when is it made anew (预排工期, YO-16, YO-29, YO-32)?"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from functools import reduce
from typing import Any

from contracts.catalogue import Item
from contracts.event import Event, Personal
from contracts.pack import Pack
from contracts.supervision import (
    MilestoneDated,
    PlanLine,
    PlanMade,
    PlanRevised,
)
from contracts.vocabulary import RevisionCause
from services.supervision.domain import plan as schedule
from services.supervision.domain.commands.plan import (
    AmendScope,
    ArrangePlan,
    DateMilestone,
    FollowCalendar,
    NoteMaterials,
    RevisePlan,
)
from services.supervision.domain.course import Course
from services.supervision.domain.facts import Facts
from services.supervision.domain.readiness import now_ready
from services.supervision.domain.state import Matter, Planned, evolve
from shared.decider import Refused

LEANS_ON = ("catalogue", "clocks.calendar", "clocks.overlays")
"""The leaves of the pack on which every planned day rests."""


FOLLOWED = frozenset({"utility", "fee", "self"})
"""Kinds of items that stand on the plan also where the service does not serve them."""


def owner_of(item: Item, pack: Pack) -> str:
    """The one body that owns the item's line (责任主体, YO-31).

    The unit itself for its own acts; else the pack's department of that name, or the body of its
    approvers where the pack keeps all departments as one.
    """
    if item.kind == "self":
        return "applicant"
    word = item.dept.split("(")[0].split("/")[0]
    offices = [body for body in pack.bodies if body.kind in ("department", "utility")]
    named = [body.id for body in offices if word in body.zh]
    approvers = [b for role in pack.roles if role.canonical == "approver" for b in role.bodies]
    return next(iter([*named, *approvers, *(body.id for body in offices)]), "departments")


def arrange(command: ArrangePlan | AmendScope, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The plan of the items in scope; a scope said again makes no new plan."""
    if isinstance(command, ArrangePlan):
        scope = list(command.items)
    else:
        kept = [code for code in matter.scope() if code not in command.removed]
        scope = [*kept, *(code for code in command.added if code not in kept)]
    known = [item.id for item in facts.catalogue.items]
    scope = [code for code in known if code in scope]
    if matter.plan is None:
        beside = command.beside if isinstance(command, ArrangePlan) else ()
        tracked = _followed(scope, beside, facts)
        return [_made(matter, scope, tracked, facts)] if scope else []
    if set(scope) == set(matter.scope()):
        return []
    return [_revision(matter, scope, facts, "scope_changed", ())]


def _followed(scope: Sequence[str], beside: Sequence[str], facts: Facts) -> list[str]:
    """What is not approved but belongs on the same plan, of the stages that are served."""
    stages = {facts.item(code).stage for code in scope}
    return [
        item.id
        for item in facts.catalogue.items
        if item.id in beside
        and item.id not in scope
        and item.kind in FOLLOWED
        and item.stage in stages
    ]


def tracked_in(matter: Matter) -> tuple[str, ...]:
    """The items on the plan that are followed and not served (计划中只跟踪)."""
    lines = matter.plan.lines if matter.plan else {}
    return tuple(code for code, line in lines.items() if line.tracked)


def note_materials(command: NoteMaterials, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Intake says that papers are whole."""
    return now_ready(matter, command.items, facts)


def date_milestone(command: DateMilestone, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A milestone gets its day: the plan moves, and items that waited for it may be filed."""
    names = {milestone.id for milestone in facts.catalogue.milestones}
    if command.milestone not in names:
        raise Refused("milestone_unknown", milestone=command.milestone, known=sorted(names))
    known = matter.milestones.get(command.milestone)
    if known and (known.falls_on, known.reached) == (command.falls_on, command.reached):
        return []
    if command.reached and command.falls_on > facts.today:
        raise Refused("not_reached_yet", falls_on=command.falls_on.isoformat())
    dated = MilestoneDated(
        milestone=command.milestone, falls_on=command.falls_on, reached=command.reached
    )
    after = evolve(matter, dated)
    revised = revised_if_moved(after, facts, "milestone_dated", ())
    complete = facts.known.complete_items if facts.engagement else ()
    return [dated, *revised, *now_ready(after, complete, facts)]


def revise(command: RevisePlan, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Someone explains why things went otherwise, and the plan is made anew (YO-32)."""
    _require_plan(matter)
    explained = command.explanation
    scope = matter.scope()
    return [_revision(matter, scope, facts, command.cause, command.items, explained)]


def follow_calendar(command: FollowCalendar, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A year was announced: estimated days are computed again (预估改为确定)."""
    if matter.plan is None or matter.plan.calendar == facts.calendar.edition:
        return []
    return [_revision(matter, matter.scope(), facts, "calendar_announced", ())]


def revised_if_moved(
    matter: Matter, facts: Facts, cause: RevisionCause, items: tuple[str, ...]
) -> list[Event]:
    """A new plan when the due day of another item, not decided yet, has moved; else nothing."""
    if matter.plan is None:
        return []
    revision = _revision(matter, matter.scope(), facts, cause, items)
    old = matter.plan.lines
    open_lines = [line for line in revision.lines if not matter.items[line.item].decided_on]
    moved = [
        line
        for line in open_lines
        if line.item not in items and line.due_on != old[line.item].due_on and not line.tracked
    ]
    return [revision] if moved else []


def followed(matter: Matter, events: Sequence[Event], item: str, facts: Facts) -> list[Event]:
    """The plan after `item` was promised or decided for another day than planned (YO-32).

    What is promised for an earlier day moves nothing yet; what is decided earlier does.
    """
    line = matter.plan.lines.get(item) if matter.plan else None
    after = after_all(matter, events)
    now = finished_days(after.items, facts.on).get(item)
    if line is None or line.due_on is None or now is None:
        return []
    decided = after.items[item].decided_on is not None
    if now > line.due_on:
        return revised_if_moved(after, facts, "item_late", (item,))
    if now < line.due_on and decided:
        return revised_if_moved(after, facts, "item_early", (item,))
    return []


def after_all(matter: Matter, events: Sequence[Event]) -> Matter:
    """The matter once these events are recorded."""
    return reduce(evolve, events, matter)


def _made(
    matter: Matter, scope: Sequence[str], tracked: Sequence[str], facts: Facts
) -> PlanMade:
    made = _schedule(matter, scope, tracked, facts)
    return PlanMade(plan=1, **_members(made, frozenset(tracked), facts))


def _revision(
    matter: Matter,
    scope: Sequence[str],
    facts: Facts,
    cause: RevisionCause,
    items: tuple[str, ...],
    explanation: Personal[str] | None = None,
) -> PlanRevised:
    old = _require_plan(matter)
    tracked = [code for code in tracked_in(matter) if code not in scope]
    made = _schedule(matter, scope, tracked, facts)
    members = _members(made, frozenset(tracked), facts)
    before, now = old.forecast_on, members["forecast_on"]
    variance = facts.calendar.working_days_between(before, now) if before and now else None
    return PlanRevised(
        plan=old.number + 1,
        replaces=old.number,
        cause=cause,
        items=items,
        variance_days=variance,
        explanation=explanation,
        **members,
    )


def _require_plan(matter: Matter) -> Planned:
    if matter.plan is None:
        raise Refused(
            "no_plan_yet",
            remedy="请先在受理服务确定事项范围 / settle the scope of items at intake first",
        )
    return matter.plan


def _schedule(
    matter: Matter, scope: Sequence[str], tracked: Sequence[str], facts: Facts
) -> schedule.Plan:
    for code in (*scope, *tracked):
        facts.item(code)
    chosen = {*scope, *tracked}
    items = [item for item in facts.catalogue.items if item.id in chosen]
    begins = matter.plan.starts_on if matter.plan else facts.on
    return schedule.make_plan(
        facts.catalogue,
        items,
        begins,
        facts.calendar,
        {name: one.falls_on for name, one in matter.milestones.items()},
        schedule.Actual(
            max(begins, facts.on),
            finished_days(matter.items, facts.on),
            latest_days(matter.items),
        ),
    )


def latest_days(courses: Mapping[str, Course]) -> dict[str, date]:
    """The day by which the law has each accepted item decided."""
    return {
        code: course.statutory_due_on
        for code, course in courses.items()
        if course.decided_on is None and course.statutory_due_on is not None
    }


def finished_days(courses: Mapping[str, Course], today: date) -> dict[str, date]:
    """The day each item was decided, or is promised to be; a missed promise is today's."""
    found: dict[str, date] = {}
    for code, course in courses.items():
        if course.decided_on is not None:
            found[code] = course.decided_on
        elif course.state == "accepted" and course.commitment_due_on is not None:
            found[code] = max(course.commitment_due_on, today)
    return found


def _members(made: schedule.Plan, tracked: Set[str], facts: Facts) -> dict[str, Any]:
    served = [line for line in made.lines if line.item not in tracked]
    return {
        "catalogue": made.catalogue,
        "calendar": made.calendar,
        "starts_on": made.begins,
        "forecast_on": _last(line.planned_finish for line in served),
        "latest_on": _last(line.latest_finish for line in served),
        "serial_days": made.sum_wd,
        "critical_days": made.critical_wd,
        "permit_day": made.works_permit_wd,
        "lines": tuple(_line(line, line.item in tracked, facts) for line in made.lines),
        "defaults": facts.ours(*LEANS_ON),
    }


def _last(ends: Iterable[date | None]) -> date | None:
    """The last of the days, None while one of them is not known."""
    found = list(ends)
    known = [end for end in found if end is not None]
    return max(known) if known and len(known) == len(found) else None


def _line(line: schedule.PlanLine, tracked: bool, facts: Facts) -> PlanLine:
    return PlanLine(
        item=line.item,
        owner=owner_of(facts.item(line.item), facts.pack),
        starts_on=line.planned_start,
        due_on=line.planned_finish if line.limit_known else None,
        latest_on=line.latest_finish if line.limit_known else None,
        working_days=line.working_days,
        after=line.predecessors,
        materials=line.materials,
        critical=line.on_critical_path,
        estimated=line.estimated,
        tracked=tracked,
    )

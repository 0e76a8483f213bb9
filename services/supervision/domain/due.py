"""What falls due by itself on a day (到期事项): each threshold has a name and is crossed once?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue
from contracts.pack import Pack
from contracts.pack.promising import path_of
from contracts.pack.rules import Return
from contracts.vocabulary import Signal
from services.supervision.domain.clocks import deemed_after, used, within
from services.supervision.domain.commands import (
    CorrectReminder,
    DeemAccepted,
    FollowCalendar,
    NoteMissedReminder,
    NoteReturnDue,
    OpenFollowUp,
    RecomputeDue,
    RemindNode,
    RemindOwed,
    UrgeByItself,
    WarnAhead,
)
from services.supervision.domain.course import Course, Reminded
from services.supervision.domain.escalating import slow
from services.supervision.domain.follow import begun_on
from services.supervision.domain.foreseeing import foreseen
from services.supervision.domain.ladders import rules_owner, taken_up
from services.supervision.domain.office import Office, quarterly
from services.supervision.domain.owed import overdue
from services.supervision.domain.quarters import ended_by, quarter_of, span_of
from services.supervision.domain.recomputing import shifts, wrongly_overdue
from services.supervision.domain.serving import stretch_of
from services.supervision.domain.state import Matter
from services.supervision.domain.urging import WARN, WITH_THE_BODY, already_urged
from services.supervision.domain.warning import unreminded
from shared.command import Command


@dataclass(frozen=True, slots=True)
class Threshold:
    """What falls due: a name that is never used for anything else, and what is asked then.

    Whatever of the command can differ from one day to the next stands in the name: the log takes
    a name for one command only. That a thing is said once is the decider's to see to.
    """

    name: str
    command: Command


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules by which days are counted."""

    pack: Pack
    catalogue: Catalogue
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Node:
    """A day that is near: when its time began, and who is to be reminded besides the unit."""

    begins_on: date
    due_on: date
    owner: str
    spans: tuple[tuple[date, date], ...] = ()


def due(matter: Matter, rules: Rulebook, today: date) -> tuple[Threshold, ...]:
    """What falls due in a matter on `today` and was not done yet."""
    found: list[Threshold] = []
    for code in matter.scope():
        course = matter.items[code]
        found += _silence(course, rules, today)
        taken = bool(matter.beyond.climbs) and taken_up(slow(course, matter).climbs)
        if node := _node(matter, course):
            found += _reminders(course, node, rules, today)
            found += () if taken else _at_risk(course, node, rules, today)
        found += () if taken else _stalled(course, rules, today)
        found += _missed(course, rules, today)
        found += _corrected(course)
        found += _service(course, rules, today)
    found += _foreseen(matter, rules, today)
    found += _owed(matter, rules, today)
    if shifts(matter, rules.pack, rules.catalogue, rules.calendar):
        found.append(Threshold(f"recompute/{rules.calendar.edition}", RecomputeDue()))
    plan = matter.plan
    unsure = plan is not None and any(line.estimated for line in plan.lines.values())
    if plan is not None and unsure and plan.calendar != rules.calendar.edition:
        found.append(Threshold(f"calendar/{rules.calendar.edition}", FollowCalendar()))
    return tuple(found)


def _owed(matter: Matter, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """What others owe and is late, once each; and service that goes on after completion."""
    for one in overdue(matter, today):
        if one.due_on is not None:
            yield Threshold(
                "/".join(("owed", one.kind, str(one.id), one.to, str(one.due_on), *one.items)),
                RemindOwed(
                    concerns=one.id,
                    kind=one.kind,
                    to=one.to,
                    due_on=one.due_on,
                    items=one.items,
                ),
            )
    begun = {one.rule for one in matter.beyond.follow_ups.values()}
    for rule in rules.pack.after:
        due_now = begun_on(rule, matter, rules.catalogue)
        if f"after.{rule.id}" not in begun and due_now is not None:
            yield Threshold(f"follow-up/{rule.id}", OpenFollowUp(rule=rule.id))


def returns_due(office: Office, pack: Pack, today: date, began: date) -> tuple[Threshold, ...]:
    """The returns of every quarter that ended since the area's first fact (YO-59, YO-60)."""
    return tuple(
        Threshold(
            f"return/{one.id}/{quarter}/{body}",
            NoteReturnDue(form=one.id, quarter=quarter, body=body),
        )
        for quarter in _quarters(began, today)
        for one, body in _senders(quarterly(pack))
        if (one.id, quarter, body) not in office.due
    )


def _quarters(began: date, today: date) -> Iterator[str]:
    last = span_of(ended_by(today))[1]
    first, end = span_of(quarter_of(began))
    while end <= last:
        yield quarter_of(first)
        first, end = span_of(quarter_of(end + timedelta(days=1)))


def _senders(returns: tuple[Return, ...]) -> Iterator[tuple[Return, str]]:
    for one in returns:
        for body in one.sender:
            yield one, body


def _silence(course: Course, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """Five days without a notice: a licence counts as accepted (行政许可法第三十二条)."""
    last = deemed_after(course, rules.pack, rules.calendar)
    licence = rules.catalogue.item(course.item).kind == "licence"
    if course.state == "received" and licence and last is not None and today > last:
        name = f"deemed/{course.item}/{course.papers_on}/{course.round}"
        yield Threshold(name, DeemAccepted(item=course.item))


def _node(matter: Matter, course: Course) -> Node | None:
    """The day that the item works towards: its promise once accepted, before that the plan."""
    if course.state == "accepted" and course.accepted_on and course.commitment_due_on:
        owner = course.body or "departments"
        return Node(course.accepted_on, course.commitment_due_on, owner, course.spans())
    line = matter.plan.lines.get(course.item) if matter.plan else None
    if course.state in ("waiting", "ready") and line and line.starts_on and line.due_on:
        return Node(line.starts_on, line.due_on, line.owner)
    return None


def _reminders(course: Course, node: Node, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """Both sides are told when a share of the time has gone, and once when it is over."""
    sides = dict.fromkeys((node.owner, "applicant"))
    if today > node.due_on:
        office = rules_owner(rules.pack)
        for to in (*sides, *([office] if office else [])):
            yield from _remind(course, to, "overdue", node.due_on, 100)
        return
    allowed = used(rules.calendar, node.begins_on, node.due_on, node.spans)
    gone = used(rules.calendar, node.begins_on, today, node.spans)
    crossed = [p for p in rules.pack.clocks.warn_at_percent if gone * 100 >= p * allowed]
    if not allowed or not crossed:
        return
    for to in sides:
        if to != "applicant" and _quiet(course, today):
            continue
        yield from _remind(course, to, "at_risk", node.due_on, max(crossed))


def _remind(
    course: Course, to: str, signal: Signal, due_on: date, percent: int, rule: str = WARN
) -> Iterator[Threshold]:
    done = any(
        one.to == to
        and one.signal == signal
        and one.due_on == due_on
        and (one.percent or 0) >= percent
        for one in course.reminded
    )
    if not done:
        command = RemindNode(
            item=course.item, to=to, signal=signal, due_on=due_on, percent=percent, rule=rule
        )
        yield Threshold(f"remind/{course.item}/{to}/{signal}/{due_on}/{percent}", command)


def _at_risk(course: Course, node: Node, rules: Rulebook, today: date) -> Iterator[Threshold]:
    if course.state != "accepted" or already_urged(course, "at_risk"):
        return
    if _quiet(course, today):
        return
    allowed = used(rules.calendar, node.begins_on, node.due_on, node.spans)
    gone = used(rules.calendar, node.begins_on, today, node.spans)
    if allowed and gone * 100 >= rules.pack.clocks.urge_after_percent * allowed:
        name = f"urge/{course.item}/at_risk/{course.accepted_on}"
        yield Threshold(name, UrgeByItself(item=course.item, signal="at_risk"))


def _stalled(course: Course, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """Nothing moved for as long as the pack calls silence."""
    since = course.moved_on
    if course.state not in WITH_THE_BODY or since is None:
        return
    if already_urged(course, "stalled") or _quiet(course, today):
        return
    if today > within(rules.calendar, since, rules.pack.clocks.silence):
        name = f"urge/{course.item}/stalled/{since}"
        yield Threshold(name, UrgeByItself(item=course.item, signal="stalled"))


def _quiet(course: Course, today: date) -> bool:
    """Whether the body answered with a reason, and the day until which it asked has not gone."""
    return course.quiet_until is not None and today <= course.quiet_until


def _missed(course: Course, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """The promised day went by and nobody whose duty it is had said a word (YY-54)."""
    due_on = course.commitment_due_on
    if not any(mode.allows("remind") for mode in rules.pack.modes):
        return
    if course.state == "accepted" and due_on and today > due_on and unreminded(course):
        command = NoteMissedReminder(item=course.item, due_on=due_on)
        yield Threshold(f"missed/{course.item}/{due_on}", command)


def _corrected(course: Course) -> Iterator[Threshold]:
    """What was called overdue and, as is known now, was not."""
    for one in wrongly_overdue(course):
        assert one.due_on is not None
        command = CorrectReminder(item=course.item, to=one.to, due_on=one.due_on)
        yield Threshold(f"correct/{course.item}/{one.to}/{one.due_on}", command)


def _foreseen(matter: Matter, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """What will be late as things go: said once, to both sides, of the causes alone."""
    items = {item.id: item for item in rules.catalogue.items}
    for one in foreseen(matter, items, rules.calendar, today):
        course = matter.items[one.item]
        if one.reason == "predecessor_late" or today > one.due_on or not course.in_scope:
            continue
        for to in dict.fromkeys((one.owner, "applicant")):
            seen = Reminded(to, "predicted", one.due_on, None)
            if seen in course.reminded or (to != "applicant" and _quiet(course, today)):
                continue
            command = WarnAhead(
                item=one.item,
                to=to,
                due_on=one.due_on,
                expected_on=one.expected_on,
                reason=one.reason,
                late_days=one.late,
                affects=one.affects,
            )
            figures = (one.expected_on, one.reason, one.late, *one.affects)
            said = "/".join(str(figure) for figure in figures)
            yield Threshold(f"predicted/{one.item}/{to}/{one.due_on}/{said}", command)


def _service(course: Course, rules: Rulebook, today: date) -> Iterator[Threshold]:
    """A result that is not fetched, or not delivered, within the promise of the service."""
    found = stretch_of(course, rules.pack)
    if found is None or found.promise is None or found.ended_on or found.began == "ready":
        return
    due_on = within(rules.calendar, found.begins_on, found.promise.within)
    if today > due_on and not course.closed:
        to = course.served_by or course.body or "departments"
        yield from _remind(course, to, "overdue", due_on, 100, path_of(found.promise))

"""Do due days still hold, after a calendar was announced or a step entered late (时限重算)?"""

from collections.abc import Iterator, Sequence
from datetime import date

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue
from contracts.event import Event, Personal
from contracts.pack import Pack
from contracts.supervision import DueRecomputed, DueShift, ReminderCorrected
from services.supervision.domain.clocks import dues
from services.supervision.domain.commands.clock import CorrectReminder, RecomputeDue
from services.supervision.domain.course import Course, Reminded
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter


def shifts(
    matter: Matter, pack: Pack, catalogue: Catalogue, calendar: Calendar
) -> tuple[DueShift, ...]:
    """The due days of items under way that `calendar` counts otherwise, or now for certain."""
    return tuple(
        shift
        for course in matter.items.values()
        if course.accepted_on is not None
        and course.decided_on is None
        and course.calendar != calendar.edition
        for shift in _shifts_of(course, course.accepted_on, pack, catalogue, calendar)
    )


def _shifts_of(
    course: Course, accepted_on: date, pack: Pack, catalogue: Catalogue, calendar: Calendar
) -> Iterator[DueShift]:
    item, days = catalogue.item(course.item), course.extended_days
    now = dues(item, accepted_on, course.spans(), pack, calendar, extended=days)
    certain = course.estimated and not now.estimated
    pairs = (
        ("statutory", course.statutory_due_on, now.statutory),
        ("commitment", course.commitment_due_on, now.commitment),
    )
    for clock, was, is_now in pairs:
        if was is not None and is_now is not None and (was != is_now or certain):
            yield DueShift.model_validate(
                {
                    "item": course.item,
                    "clock": clock,
                    "was_on": was,
                    "now_on": is_now,
                    "estimated": now.estimated,
                }
            )


def recompute(command: RecomputeDue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A calendar came: every day that moved is listed, in one fact for the matter (预估改为确定)."""
    moved = shifts(matter, facts.pack, facts.catalogue, facts.calendar)
    if not moved:
        return []
    before = {matter.items[one.item].calendar for one in moved}
    return [
        DueRecomputed(
            cause=command.cause,
            calendar=facts.calendar.edition,
            replaces=before.pop() if len(before) == 1 else None,
            items=tuple(dict.fromkeys(one.item for one in moved)),
            lines=moved,
            defaults=facts.ours("catalogue", "clocks.calendar", "clocks.count_from"),
        )
    ]


def wrongly_overdue(course: Course) -> tuple[Reminded, ...]:
    """The reminders that called the item overdue on a day that it was not, as is known now.

    A step that happened before that day but was entered after it moved the day, stopped the
    clock, or had ended it.
    """
    wrong = [
        one
        for one in course.reminded
        if one.signal == "overdue"
        and one.due_on is not None
        and (one.to, one.due_on) not in course.corrected
        and _was_not(course, one.due_on)
    ]
    return tuple(sorted(wrong, key=lambda one: (str(one.due_on), one.to)))


def _was_not(course: Course, due_on: date) -> bool:
    accepted, promised = course.accepted_on, course.commitment_due_on
    if accepted is None or due_on < accepted:
        return False
    if course.decided_on is not None:
        return course.decided_on <= due_on
    if course.state == "suspended":
        begun = course.specials[-1].started_on
        return begun is not None and begun < due_on
    return promised is not None and due_on < promised


def correct(command: CorrectReminder, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Whoever was told that it was overdue is told that it was not; nothing is deleted (X-01)."""
    course = matter.items.get(command.item)
    named = (command.to, command.due_on)
    if course is None or named not in [(one.to, one.due_on) for one in wrongly_overdue(course)]:
        return []
    running = course.decided_on is None and course.state != "suspended"
    now_on = course.commitment_due_on if running else None
    holds = f"，期限为 {now_on.isoformat()}" if now_on else ""
    said = (
        f"根据补录的办理记录，此前关于 {command.due_on.isoformat()} 逾期的提醒予以更正{holds}。"
    )
    return [
        ReminderCorrected(
            item=command.item,
            to=command.to,
            signal="overdue",
            due_on=command.due_on,
            now_on=now_on,
            wording=Personal(f"{facts.item(command.item).zh}：{said}"),
        )
    ]

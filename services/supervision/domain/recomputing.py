"""Do due days still hold, after a calendar was announced or a step entered late (时限重算)?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue
from contracts.event import Event, Personal
from contracts.pack import Pack
from contracts.supervision import DueRecomputed, DueShift, ReminderCorrected
from contracts.vocabulary import ClockKind
from services.supervision.domain.clocks import dues
from services.supervision.domain.commands.clock import CorrectReminder, RecomputeDue
from services.supervision.domain.commands.course import NoteSystemState
from services.supervision.domain.course import Course, Reminded
from services.supervision.domain.facts import Facts
from services.supervision.domain.planning import followed
from services.supervision.domain.state import Matter, evolve
from shared.command import Command
from shared.decider import Refused


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
    clock, had ended it, or shows that it never began.
    """
    wrong = [
        one
        for one in course.reminded
        if one.signal == "overdue"
        and one.due_on is not None
        and (one.to, one.due_on) not in course.corrected
        and _was_not(course, one, one.due_on)
    ]
    return tuple(sorted(wrong, key=lambda one: (str(one.due_on), one.to)))


def _was_not(course: Course, told: Reminded, due_on: date) -> bool:
    if told.of_service:
        done_on = course.collected_on if told.fetching else course.delivered_on
        return done_on is not None and done_on <= due_on
    if due_on in course.never_due:
        return True
    accepted, promised = course.accepted_on, course.commitment_due_on
    if accepted is None or due_on < accepted:
        return False
    if course.decided_on is not None and course.decided_on <= due_on:
        return True
    if course.state == "suspended":
        begun = course.specials[-1].started_on
        if begun is not None and begun < due_on:
            return True
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
    unit = facts.engagement.applicant if facts.engagement else None
    said = (
        f"根据补录的办理记录，此前关于 {command.due_on.isoformat()} 逾期的提醒予以更正{holds}。"
    )
    return [
        ReminderCorrected(
            item=command.item,
            to=command.to,
            person=unit if command.to == "applicant" else None,
            signal="overdue",
            due_on=command.due_on,
            now_on=now_on,
            wording=Personal(f"{facts.item(command.item).zh}：{said}"),
        )
    ]


def entered_late(
    command: Command, matter: Matter, said: Sequence[Event], facts: Facts
) -> Sequence[Event]:
    """What was said, and which due days it moved that somebody was told had gone by (B69).

    A step that takes an overdue reminder back is entered with its reason; what another system
    reports has its source instead. Nothing that was said before is deleted.
    """
    told = {code: _told(course) for code, course in matter.items.items()}
    if facts.on >= facts.today or not said or not any(told.values()):
        return said
    after = reduce(evolve, said, matter)
    wrong = {code: wrongly_overdue(course) for code, course in after.items.items()}
    new = [code for code in told if set(wrong[code]) - set(wrongly_overdue(matter.items[code]))]
    if new and command.late_reason is None and not isinstance(command, NoteSystemState):
        days = sorted({str(one.due_on) for code in new for one in wrong[code]})
        raise Refused(
            "reason_for_reversal_required",
            items=new,
            overdue_told_of=days,
            remedy="此次补录将更正已发出的逾期提醒：请写明 late_reason。"
            " / This takes back an overdue reminder that was sent: give late_reason.",
        )
    lines = [
        line
        for code, days in told.items()
        if matter.items[code].commitment_due_on in days
        for line in _moved(matter.items[code], after.items[code])
    ]
    return [*said, *_listed(lines, facts)]


def supplemented(said: Sequence[Event], matter: Matter, facts: Facts) -> Sequence[Event]:
    """What was said of a pause entered afterwards, with every due day that it moved."""
    after = reduce(evolve, said, matter)
    lines: list[DueShift] = []
    for code, course in after.items.items():
        before = matter.items[code]
        if course.accepted_on is not None and course.specials != before.specials:
            now = dues(
                facts.item(code),
                course.accepted_on,
                course.spans(),
                facts.pack,
                facts.calendar,
                extended=course.extended_days,
            )
            counted = replace(
                before,
                statutory_due_on=now.statutory,
                commitment_due_on=now.commitment,
                estimated=now.estimated,
            )
            lines += _moved(before, counted)
    again = [*said, *_listed(lines, facts)]
    moved = dict.fromkeys(line.item for line in lines)
    return [*again, *(one for code in moved for one in followed(matter, again, code, facts))]


def _listed(lines: Sequence[DueShift], facts: Facts) -> list[Event]:
    if not lines:
        return []
    return [
        DueRecomputed(
            cause="entered_late",
            calendar=facts.calendar.edition,
            items=tuple(dict.fromkeys(line.item for line in lines)),
            lines=tuple(lines),
            defaults=facts.ours("catalogue", "clocks.calendar", "clocks.count_from"),
        )
    ]


def _told(course: Course) -> frozenset[date]:
    """The days of which somebody was told that they had gone by."""
    return frozenset(
        one.due_on
        for one in course.reminded
        if one.signal == "overdue" and one.due_on is not None and not one.of_service
    )


def _moved(before: Course, after: Course) -> Iterator[DueShift]:
    pairs: tuple[tuple[ClockKind, date | None, date | None], ...] = (
        ("statutory", before.statutory_due_on, after.statutory_due_on),
        ("commitment", before.commitment_due_on, after.commitment_due_on),
    )
    for clock, was, now in pairs:
        if was is not None and now is not None and was != now:
            yield DueShift(
                item=after.item, clock=clock, was_on=was, now_on=now, estimated=after.estimated
            )

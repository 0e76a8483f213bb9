"""When is an item due, and which of its four clocks run (时限, X-07)?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from contracts.calendar import Calendar, Due
from contracts.catalogue import Item
from contracts.pack import Pack
from contracts.pack.promising import last_day, promise_of
from contracts.pack.sections import Days
from services.supervision.domain.course import Course
from services.supervision.domain.grounds import ground_for
from services.supervision.domain.serving import stretch_of

type Spans = Sequence[tuple[date, date]]
type Kind = Literal["statutory", "commitment", "service", "applicant"]
type Running = Literal["no_limit", "not_started", "running", "suspended", "stopped"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dues:
    """The due days of an accepted item; `estimated` (预估) when a year is not announced yet."""

    statutory: date | None
    commitment: date | None
    estimated: bool


NO_DAYS = Dues(None, None, False)
"""Nobody said how long it may take (无时限)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of an item on a day: used and allowed days, in `unit` wd or cd."""

    kind: Kind
    state: Running
    unit: Literal["wd", "cd"]
    used: int
    allowed: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a clock's ledger: the day, whether it counts, and why (逐日计时)."""

    day: date
    counts: bool
    why: str


def uncounted(item: Item, procedure: str) -> bool:
    """Whether the limit of `item` does not count `procedure` (特别程序)."""
    return ground_for(item, procedure) is not None


def dues(
    item: Item,
    accepted_on: date,
    spans: Spans,
    pack: Pack,
    calendar: Calendar,
    *,
    extended: int = 0,
) -> Dues:
    """The statutory due day in the item's own unit, the commitment in working days.

    The day of acceptance is not counted where the pack says `next_day` (民法典第二百零一条). A
    limit in plain days that ends on a day off ends on the next working day (第二百零三条).
    Where nothing was promised, the day of the law is the promised one; without either, no day.
    `extended` are the working days by which the law let it be longer (行政许可法第四十二条).
    """
    start = accepted_on - _DAY if pack.clocks.count_from == "same_day" else accepted_on
    by_law = _by_law(item, accepted_on, start, spans, calendar, extended)
    if item.limit.commit_wd is None:
        return Dues(by_law.date, by_law.date, by_law.estimated) if by_law else NO_DAYS
    commitment = calendar.add_working_days(start, item.limit.commit_wd, spans)
    unsure = commitment.estimated or (by_law is not None and by_law.estimated)
    return Dues(by_law.date if by_law else None, commitment.date, unsure)


def _by_law(
    item: Item, accepted_on: date, start: date, spans: Spans, calendar: Calendar, extended: int
) -> Due | None:
    limit = item.limit.statutory
    match item.limit.unit:
        case "wd" if limit is not None:
            return calendar.add_working_days(start, limit + extended, spans)
        case "cd" if limit is not None:
            end = calendar.working_day_from(_plain_days(start, limit, spans))
            return Due(end, calendar.kind_of(end).estimated)
        case "instant":
            return Due(accepted_on, False)
    return None


def within(calendar: Calendar, start: date, days: Days) -> date:
    """The last day of a span that begins the day after `start`."""
    return last_day(calendar, start, days).date


def used(calendar: Calendar, start: date, upto: date, spans: Spans = ()) -> int:
    """Working days after `start` up to `upto` that count, special procedures left out."""
    if not spans:
        return max(calendar.working_days_between(start, upto), 0)
    return sum(line.counts for line in ledger(calendar, start, upto, spans))


def ledger(
    calendar: Calendar, start: date, upto: date, spans: Spans = (), unit: str = "wd"
) -> Iterator[Counted]:
    """Day by day from the day after `start` up to `upto`: what counts, and why."""
    day = start
    while day < upto:
        day += _DAY
        kind = calendar.kind_of(day)
        if any(first < day <= last for first, last in spans):
            yield Counted(day, False, "特别程序不计入")
        elif unit == "cd":
            yield Counted(day, True, "自然日")
        else:
            why = kind.why + ("（预估）" if kind.estimated else "")
            yield Counted(day, kind.working, why)


def limited(item: Item, kind: Literal["statutory", "commitment"]) -> bool:
    """Whether the law, or a promise of its own, says how long the item may take."""
    limit = item.limit
    if kind == "commitment":
        return limit.commit_wd is not None
    return limit.unit == "instant" or (limit.statutory is not None and limit.unit != "none")


def deemed_after(course: Course, pack: Pack, calendar: Calendar) -> date | None:
    """The last day for a notice; the day after it the item counts as accepted (视为受理)."""
    papers = course.papers_on
    if papers is None:
        return None
    return within(calendar, papers, pack.clocks.deemed_acceptance)


def clocks_of(
    course: Course, item: Item, today: date, pack: Pack, calendar: Calendar
) -> tuple[Clock, ...]:
    """The four clocks of an item on `today`: suspending one leaves the others as they are."""
    return (
        _limit("statutory", course, item, today, calendar),
        _limit("commitment", course, item, today, calendar),
        _service(course, today, pack, calendar),
        _applicant(course, today, calendar),
    )


def _limit(
    kind: Literal["statutory", "commitment"],
    course: Course,
    item: Item,
    today: date,
    calendar: Calendar,
) -> Clock:
    statutory = kind == "statutory"
    unit: Literal["wd", "cd"] = "cd" if statutory and item.limit.unit == "cd" else "wd"
    allowed = item.limit.statutory if statutory else item.limit.commit_wd
    due_on = course.statutory_due_on if statutory else course.commitment_due_on
    if not limited(item, kind):
        return Clock(kind, "no_limit", unit, 0, None, due_on)
    if course.accepted_on is None:
        return Clock(kind, "not_started", unit, 0, allowed, None)
    pause = course.specials[-1].started_on if course.state == "suspended" else None
    end = course.decided_on or pause or today
    days = ledger(calendar, course.accepted_on, end, course.spans(), unit)
    count = sum(line.counts for line in days)
    state: Running = "stopped" if course.decided_on else "suspended" if pause else "running"
    return Clock(kind, state, unit, count, allowed, due_on)


def _service(course: Course, today: date, pack: Pack, calendar: Calendar) -> Clock:
    """The service's own promise: file what is ready, fetch and hand over (服务时限)."""
    found = stretch_of(course, pack)
    if found is None:
        first = promise_of(pack, "ItemSubmitted")
        return Clock(
            "service", "not_started", "wd", 0, first.within.days if first else None, None
        )
    days = found.promise.within if found.promise else None
    due_on = within(calendar, found.begins_on, days) if days else None
    unit = days.unit if days else "wd"
    upto = found.ended_on or max(today, found.begins_on)
    count = sum(line.counts for line in ledger(calendar, found.begins_on, upto, (), unit))
    state: Running = "stopped" if found.ended_on else "running"
    return Clock("service", state, unit, count, days.days if days else None, due_on)


def _applicant(course: Course, today: date, calendar: Calendar) -> Clock:
    """What the unit was waited for (待申请人): each correction from its notice to its supply."""
    count = sum(
        calendar.working_days_between(one.requested_on, one.supplied_on or today)
        for one in course.corrections
        if one.requested_on is not None
    )
    if not course.corrections:
        return Clock("applicant", "not_started", "wd", 0, None, None)
    waiting = course.state == "correcting"
    due_on = course.corrections[-1].due_on if waiting else None
    return Clock("applicant", "running" if waiting else "stopped", "wd", count, None, due_on)


def _plain_days(start: date, count: int, spans: Spans) -> date:
    day, left = start, count
    while left:
        day += _DAY
        if not any(first < day <= last for first, last in spans):
            left -= 1
    return day

"""How is a due day counted, one calendar day after another (逐日计时)?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from contracts.calendar import Calendar

type Unit = Literal["wd", "cd"]
type Why = Literal[
    "start_day",
    "working_day",
    "make_up_day",
    "calendar_day",
    "weekend",
    "holiday",
    "suspended",
    "moves_on",
    "overdue",
]

_DAY = timedelta(days=1)
_SATURDAY = 5
MAX_DAYS = 20_000
"""No clock runs for half a century: what does is a mistake, and the ledger ends."""

LAW: dict[Why, str] = {
    "start_day": "民法典第二百零一条",
    "moves_on": "民法典第二百零三条",
}

SAYS: dict[Why, tuple[str, str]] = {
    "start_day": ("起算当日不计", "the day it began is not counted"),
    "working_day": ("工作日", "working day"),
    "make_up_day": ("调休上班", "make-up working day"),
    "calendar_day": ("自然日", "calendar day"),
    "weekend": ("周末", "weekend"),
    "holiday": ("放假", "public holiday"),
    "suspended": ("特别程序不计入", "not counted"),
    "moves_on": ("期满遇休息日，顺延至工作日", "ends on a day off and moves on"),
    "overdue": ("已超期", "overdue"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days that do not count: after `first` up to and including `last`, or still going on.

    `name` says which of the interruptions it is, from 0.
    """

    first: date
    last: date | None
    name: int = 0

    def holds(self, day: date) -> bool:
        return self.first < day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock: from which day, in which unit, how many, without which days.

    `upto` is the last day that has passed for it: today, or the day it stopped.
    """

    start: date
    unit: Unit
    allowed: int | None
    upto: date
    spans: Sequence[Span] = ()
    same_day: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One calendar day of a run: counted or not, why, how much remains after it.

    `span` says which interruption it lies in; `ahead` that the day has not come, or that the
    clock had stopped by then. Below zero, `remaining` is how many days it is overdue.
    """

    day: date
    counts: bool
    why: Why
    says: str
    remaining: int | None
    estimated: bool = False
    span: int | None = None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A run, day by day, and what it adds up to. `due_on` is None while it stands still."""

    run: Run
    lines: tuple[Line, ...]
    due_on: date | None
    used: int
    remaining: int | None
    estimated: bool

    def until_due(self) -> tuple[Line, ...]:
        """The lines that make up the due day, and nothing that came after it."""
        return tuple(one for one in self.lines if self.due_on is None or one.day <= self.due_on)


def account(run: Run, calendar: Calendar) -> Account:
    """Count `run` day by day: what counts adds up to what was allowed on the due day."""
    lines: list[Line] = []
    due_on: date | None = None
    standing = any(span.last is None for span in run.spans)
    for day in _from(run.start):
        line = _line(day, run, calendar, lines[-1].remaining if lines else run.allowed, due_on)
        lines.append(line)
        if due_on is None and line.remaining == 0 and _ends(line, run, calendar):
            due_on = day
        if day >= run.upto and (due_on is not None or run.allowed is None or standing):
            break
    past = [one for one in lines if one.day <= run.upto]
    used = sum(one.counts for one in past)
    left = None if run.allowed is None else run.allowed - used
    if due_on is not None and past and past[-1].day > due_on:
        left = past[-1].remaining
    unsure = any(one.estimated for one in lines if due_on is None or one.day <= due_on)
    return Account(run, tuple(lines), due_on, used, left, unsure)


def _line(
    day: date, run: Run, calendar: Calendar, left: int | None, due_on: date | None
) -> Line:
    """The day after those that left `left` days."""
    why, says, estimated = _kind(day, run.unit, calendar)
    works = why in ("working_day", "make_up_day", "calendar_day")
    ahead = day > run.upto
    span = next((one.name for one in run.spans if one.holds(day)), None)
    if day == run.start and not run.same_day:
        return Line(day, False, "start_day", SAYS["start_day"][0], left, estimated, None, ahead)
    if due_on is not None:
        left = (left or 0) - works
        why, says = ("overdue", SAYS["overdue"][0]) if works else (why, says)
        return Line(day, works, why, says, left, estimated, None, ahead)
    if left == 0:
        return Line(day, False, "moves_on", SAYS["moves_on"][0], 0, estimated, None, ahead)
    if span is not None:
        says = SAYS["suspended"][0]
        return Line(day, False, "suspended", says, left, estimated, span, ahead)
    left = None if left is None else left - works
    return Line(day, works, why, says, left, estimated, None, ahead)


def _ends(line: Line, run: Run, calendar: Calendar) -> bool:
    """A limit in plain days that ends on a day off ends on the next working day (第二百零三条)."""
    return run.unit == "wd" or calendar.is_working(line.day)


def _kind(day: date, unit: Unit, calendar: Calendar) -> tuple[Why, str, bool]:
    kind = calendar.kind_of(day)
    if unit == "cd":
        return "calendar_day", SAYS["calendar_day"][0], kind.estimated
    if kind.working:
        made_up = day.weekday() >= _SATURDAY
        return "make_up_day" if made_up else "working_day", kind.why, kind.estimated
    free = day.weekday() >= _SATURDAY and kind.why == SAYS["weekend"][0]
    return "weekend" if free else "holiday", kind.why, kind.estimated


def _from(day: date) -> Iterator[date]:
    return (day + n * _DAY for n in range(MAX_DAYS))

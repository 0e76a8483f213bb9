"""How far has one item come (事项进度): its days, its notices, its interruptions?"""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.vocabulary import ItemState, SystemVerdict
from shared.decider import Refused

GRANTED = frozenset({"approved", "approved_with_gap"})
"""Outcomes on which the next items may build."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One notice of what must be supplied (补正): its days."""

    round: int
    requested_on: date | None
    due_on: date | None
    supplied_on: date | None = None
    waiting_on: str = "applicant"


@dataclass(frozen=True, slots=True)
class Special:
    """One step that the legal limit does not count (特别程序)."""

    procedure: str
    started_on: date | None
    expected_days: int | None = None
    day_kind: str = "working"
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """One step by which the legal limit was extended (延长期限)."""

    step: int
    days: int
    approved_by: str
    extended_on: date | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What another system said of the item: its raw code, when, and what became of it here."""

    source: str
    system_state: int
    stated_at: datetime
    stated_on: date
    observed_at: datetime
    verdict: SystemVerdict
    field: str | None = None
    ours_on: date | None = None
    because: str | None = None
    system_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that was sent: to whom, of which day, at which part of the time."""

    to: str
    signal: str
    due_on: date | None
    percent: int | None
    in_person: bool = False
    of_service: bool = False
    """Of what the service itself promised (服务时限), not of the body's own time."""
    fetching: bool = False
    """Of the service's promise to fetch the result, not to hand it over."""


@dataclass(frozen=True, slots=True)
class Urged:
    """An urging (催办) that was sent."""

    rung: int
    signal: str
    sent_on: date | None
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """One item on its way. A day is None while it has not come.

    `moved_on` is the day of its last step; `rounds_before` counts the notices of earlier
    filings of the same item.
    """

    item: str
    state: ItemState = "waiting"
    in_scope: bool = True
    body: str | None = None
    served_by: str | None = None
    filed_by: str | None = None
    ready_on: date | None = None
    submitted_on: date | None = None
    received_on: date | None = None
    accepted_on: date | None = None
    deemed: bool = False
    statutory_due_on: date | None = None
    commitment_due_on: date | None = None
    estimated: bool = False
    calendar: str | None = None
    decided_on: date | None = None
    outcome: str | None = None
    e_certificate: bool = False
    refusal: str | None = None
    collected: bool = False
    sent: frozenset[str] = frozenset()
    collected_on: date | None = None
    delivered: bool = False
    delivered_on: date | None = None
    closed: bool = False
    corrections: tuple[Correction, ...] = ()
    rounds_before: int = 0
    specials: tuple[Special, ...] = ()
    extensions: tuple[Extension, ...] = ()
    reported: tuple[Reported, ...] = ()
    withdrawn: str | None = None
    started_on: date | None = None
    reminded: frozenset[Reminded] = frozenset()
    corrected: frozenset[tuple[str, date]] = frozenset()
    never_due: frozenset[date] = frozenset()
    """Promised days that held until a step entered late showed that they never had."""
    missed: frozenset[date] = frozenset()
    quiet_until: date | None = None
    urged: tuple[Urged, ...] = ()
    moved_on: date | None = None

    def taken_back_after(self, day: date) -> frozenset[date]:
        """The days of which somebody was told before `day` that they had gone by, wrongly (B69)."""
        return frozenset(due_on for _, due_on in self.corrected if due_on < day)

    @property
    def granted(self) -> bool:
        """Whether it was decided so that others may build on it."""
        return self.outcome in GRANTED

    @property
    def failed(self) -> bool:
        """Whether this filing came to nothing, so that it may be filed again."""
        lapsed = self.state in ("not_accepted", "withdrawn")
        return lapsed or self.outcome == "not_approved"

    @property
    def extended_days(self) -> int:
        """By how many working days the legal limit was extended (行政许可法第四十二条)."""
        return sum(one.days for one in self.extensions)

    @property
    def round(self) -> int:
        """How many correction notices there were; above 1 the supervisor is shown it."""
        return self.rounds_before + len(self.corrections)

    @property
    def papers_on(self) -> date | None:
        """The day from which the five days for a notice run: receipt, or the last supply."""
        supplied = [c.supplied_on for c in self.corrections if c.supplied_on]
        return supplied[-1] if supplied else self.received_on

    def spans(self) -> tuple[tuple[date, date], ...]:
        """The special procedures that ended, as the calendar wants them."""
        return tuple(
            (one.started_on, one.ended_on)
            for one in self.specials
            if one.started_on and one.ended_on
        )


def expect(course: Course, command: str, *allowed: ItemState) -> None:
    """Refuse `command` unless the item stands in one of the states `allowed` (YO-17)."""
    if course.state not in allowed:
        raise Refused(
            "not_in_this_state",
            command=command,
            item=course.item,
            state=course.state,
            allowed=list(allowed),
        )


def in_order(course: Course, on: date) -> None:
    """Refuse a day that lies before the last step of the item (X-01)."""
    if course.moved_on is not None and on < course.moved_on:
        raise Refused(
            "before_the_last_step",
            item=course.item,
            last_step_on=course.moved_on.isoformat(),
            remedy=(
                "办理日期不能早于该事项上一步的日期，请核对 effective / "
                "the day lies before the step that came before: look at `effective` again"
            ),
        )

"""What supervision says of the schedule (预排工期)."""

from typing import ClassVar, Literal

from contracts.event import Event, Personal
from contracts.vocabulary import (
    BodyId,
    CalendarEdition,
    CatalogueEdition,
    Count,
    Day,
    Defaults,
    ItemCode,
    MaterialCode,
    Ordinal,
    Part,
    RevisionCause,
    Subject,
)


class PlanLine(Part):
    """One item of a plan: one owner, its days, what must come before, what it needs (工期行).

    The days are absent while a milestone before it has no date. `due_on` is by the promised
    times, `latest_on` by the legal ones. `estimated` (预估) means that the calendar of that year
    is not announced yet. `tracked`: on the plan, not served (计划中只跟踪).
    """

    item: ItemCode
    owner: BodyId
    starts_on: Day | None = None
    due_on: Day | None = None
    latest_on: Day | None = None
    working_days: Count
    after: tuple[ItemCode, ...] = ()
    materials: tuple[MaterialCode, ...] = ()
    critical: bool = False
    estimated: bool = False
    tracked: bool = False


class PlanMade(Event):
    """A schedule was made: each item with its owner, days and materials (预排工期; YO-16,
    YO-29, YO-31, YO-54).

    `serial_days` is one item after another and `critical_days` the longest chain, in working
    days; `permit_day` is the working day on which the works permit is reached.
    """

    type: Literal["supervision.plan_made.v1"] = "supervision.plan_made.v1"

    plan: Ordinal
    catalogue: CatalogueEdition
    calendar: CalendarEdition
    starts_on: Day
    forecast_on: Day | None = None
    latest_on: Day | None = None
    serial_days: Count
    critical_days: Count
    permit_day: Count | None = None
    lines: tuple[PlanLine, ...]
    defaults: Defaults = ()


class PlanRevised(Event):
    """The schedule was made anew because things went otherwise, with the reason (工期调整;
    YO-32).

    `variance_days` is how many working days the end moved; negative is earlier.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.plan_revised.v1"] = "supervision.plan_revised.v1"

    plan: Ordinal
    replaces: Ordinal
    cause: RevisionCause
    items: tuple[ItemCode, ...] = ()
    variance_days: int | None = None
    catalogue: CatalogueEdition
    calendar: CalendarEdition
    starts_on: Day
    forecast_on: Day | None = None
    latest_on: Day | None = None
    serial_days: Count
    critical_days: Count
    permit_day: Count | None = None
    lines: tuple[PlanLine, ...]
    defaults: Defaults = ()
    explanation: Personal[str] | None = None


class TrackedItemNoted(Event):
    """How an item stands that the service does not serve but the plan follows: a utility, a
    fee, the unit's own act (跟踪事项; HS-10, YO-32).
    """

    type: Literal["supervision.tracked_item_noted.v1"] = "supervision.tracked_item_noted.v1"

    item: ItemCode
    started_on: Day | None = None
    finished_on: Day | None = None


class MilestoneDated(Event):
    """A step nobody's clock runs on got its date: land won, works begun, works done (节点日期;
    YO-06, YO-16).
    """

    type: Literal["supervision.milestone_dated.v1"] = "supervision.milestone_dated.v1"

    milestone: ItemCode
    falls_on: Day
    reached: bool


class ItemReady(Event):
    """An item can be filed: its own predecessors are done and its papers whole (可以申报;
    YO-34).
    """

    type: Literal["supervision.item_ready.v1"] = "supervision.item_ready.v1"

    item: ItemCode
    after: tuple[ItemCode, ...] = ()
    ready_on: Day | None = None

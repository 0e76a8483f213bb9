"""What does supervision answer about days: bars of the plan, clocks, why that day, what may be done?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.supervision.api.answers.matters import Clock, PlanHead, PlanLine
from shared.answering import Answer, sometimes
from shared.answers import Obstacle


class Span(Answer):
    """From one day to another (起止)."""

    from_: date | None = Field(alias="from")
    to: date | None


class Planned(Span):
    """The planned days, and the latest by law."""

    latest: date | None


class Cause(Answer):
    """A part of a variance (偏差原因)."""

    cause: str
    days: int
    through: list[str]
    zh: str
    en: str


class Bar(PlanLine):
    """A line of the plan with its bars (工期图)."""

    zh: str
    en: str
    stage: str | None
    kind: str
    level: str | None
    inside: str | None = Field(description="the item it is decided within (并入)")
    confidence: str | None = Field(description="how sure the catalogue is of its limit")
    limit_known: bool
    responsible: list[str]
    today: date
    state: str
    state_zh: str
    waits_for: list[str]
    first: Span
    planned: Planned
    actual: Span
    variance_days: int | None
    variance: list[Cause]


class Blocker(Answer):
    """The one step that everything waits for (症结)."""

    item: str
    state: str
    waits_for: list[str]
    owner: str


class Ready(Answer):
    """An item that could be filed next, or why it cannot."""

    item: str
    refused: str | None


class MilestoneBar(Answer):
    """A step on nobody's clock, in the drawing (节点)."""

    id: str
    zh: str
    falls_on: date | None
    reached: bool


class Gantt(PlanHead):
    """The plan with a bar for each line, what opens next, and what holds everything up."""

    today: date
    blocker: Blocker | None
    ready_set: list[Ready]
    open_count: int
    without_limit: list[str]
    milestones: list[MilestoneBar]
    lines: list[Bar]
    position: int


class DayCounted(Answer):
    """One calendar day: whether it counts, and why (逐日计时)."""

    day: date
    counts: bool
    why: str


class Suspended(Answer):
    """A special procedure (特别程序)."""

    procedure: str
    from_: date | None = Field(alias="from")
    to: date | None = Field(description="null while it goes on")


class Clocks(Answer):
    """How the clocks of an item came about (逐日计时)."""

    item: str
    calendar: str
    clocks: list[Clock]
    days: list[DayCounted]
    suspended: list[Suspended]
    defaults: list[str]
    position: int


class Basis(Answer):
    """The fact that something leans on (依据)."""

    type: str
    id: UUID
    position: int


class DayOfWhy(Answer):
    """One calendar day of a clock (逐日计时)."""

    day: date
    counts: bool
    why: str
    zh: str
    remaining: int | None
    rule: str | None = sometimes("the law or ground, where it is not the calendar")
    event: Basis | None = sometimes("the fact that interrupted or began it")
    estimated: bool = sometimes("true where the calendar is not announced yet (预估)")
    ahead: bool = sometimes("true where the day has not come")


class ClockOfWhy(Answer):
    """One clock and what it adds up to. Without a limit, or not begun, the first five alone."""

    clock: str
    state: str
    rule: str
    zh: str
    en: str
    of_third_party: int = sometimes("of the unit's days, those of a firm it had to chase")
    unit: str = sometimes("wd: working days, cd: calendar days (工作日、自然日)")
    allowed: int | None = sometimes("days, in `unit`")
    started_on: date = sometimes()
    due_on: date | None = sometimes()
    recorded_due_on: date | None = sometimes("the day that was put on record")
    agrees: bool = sometimes("whether the recorded day comes out again")
    used: int = sometimes("days gone, in `unit`")
    remaining: int | None = sometimes()
    estimated: bool = sometimes()
    reckoning: str | None = sometimes()
    basis: Basis | None = sometimes("the fact that began it")
    stopped_by: Basis | None = sometimes("the fact that ended it")
    days: list[DayOfWhy] = sometimes()


class Why(Answer):
    """Why an item is due on that day (为什么是这一天)."""

    item: str
    item_zh: str
    state: str
    on: date
    calendar: str
    count_from: str
    defaults: list[str]
    clocks: list[ClockOfWhy]
    sha256: str = Field(description="over the answer up to here, as canonical JSON (摘要)")
    calendar_not_carried: str = sometimes("the edition that was counted by and is not here")
    position: int


class Act(Answer):
    """Whether a command can be given now, and why not (能办什么)."""

    command: str
    item: str | None
    can: bool
    why_not: str | None
    needs: str = sometimes("what its form must be filled with for it to go")
    details: dict[str, Obstacle] = sometimes("what stands in the way, by the rule's own names")


class Possible(Answer):
    """What can be done with a matter now (能办什么)."""

    id: UUID
    acts: list[Act]
    position: int

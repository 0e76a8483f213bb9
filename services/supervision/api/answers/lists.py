"""What does supervision answer across matters: lists, mornings, returns, what comes in?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, Rows, sometimes


class Item(Answer):
    """An item of the list (事项清单)."""

    matter: UUID
    item: str
    area: str
    state: str
    in_scope: bool
    owner: str | None
    body: str | None
    served_by: str | None
    planned_on: date | None
    due_on: date | None
    statutory_due_on: date | None
    estimated: bool
    deemed: bool
    rounds: int = Field(description="corrections asked for (补正次数)")
    urges: int
    outcome: str | None
    position: int


class MatterOfProject(Answer):
    """A matter of the project."""

    matter: UUID


class MattersOfProject(Answer):
    """The matters of a project that the caller may read (项目的办件)."""

    matters: list[MatterOfProject]


class Issue(Answer):
    """A problem of the list (问题清单)."""

    issue: UUID
    matter: UUID
    area: str
    kind: str
    severity: str
    items: list[str]
    owner: str
    person: str | None
    opened_on: date
    due_on: date | None
    raised_to: str | None
    issue_list: UUID | None
    listed: bool
    outcome: str | None
    position: int
    body: str | None


class DigestRow(Answer):
    """Problems of one class and owner (问题汇总)."""

    severity: str
    kind: str
    owner: str
    opened: int
    struck_off: int
    open: int
    raised: int


class Digest(Answer):
    """How many problems there were, and how many are left (清零)."""

    rows: list[DigestRow]
    open: int
    all_clear: bool


class Return(Answer):
    """A return that is owed or was filed (报表)."""

    area: str
    form: str
    quarter: str
    body: str
    receiver: str
    due_on: date | None
    filed_on: date | None
    nil: bool | None = Field(description="filed as nothing to report (零报告)")
    line_count: int | None
    late_days: int | None
    cut: int | None
    position: int


class Returns(Answer):
    """What is owed and what was filed (应报与已报)."""

    returns: list[Return]
    position: int


class DraftRow(Answer):
    """A row of the ledger, or of the list of problems; each form has its own members (台账)."""

    matter: UUID
    item: str = sometimes()
    body: str | None = sometimes()
    served_by: str | None = sometimes()
    outcome: str | None = sometimes()
    submitted_on: date = sometimes()
    received_on: date = sometimes()
    accepted_on: date = sometimes()
    refused_on: date = sometimes()
    decided_on: date = sometimes()
    delivered_on: date = sometimes()
    closed_on: date = sometimes()
    corrected: int = sometimes("corrections asked for (补正次数)")
    urged: int = sometimes("urgings (催办次数)")
    deemed: bool = sometimes()
    issue: UUID = sometimes()
    kind: str = sometimes()
    opened_on: date = sometimes()
    raised_to: str | None = sometimes()


class Draft(Answer):
    """The return as it would be filed: canonical JSON, the same bytes for the same cut."""

    area: str
    body: str
    cut: int
    form: str
    quarter: str
    rows: list[DraftRow]


class Run(Answer):
    """How far the making of a ledger is (台账生成进度)."""

    step: str
    rows: int = Field(description="rows read or written in this step")


class Areas(Answer):
    """The areas with matters that the caller may read."""

    areas: list[str]


class Effect(Answer):
    """What climbing a rung did (处置效果)."""

    ladder: str | None
    rung: int
    rung_id: str | None
    did: str
    climbed: int
    waived: int
    moved: int = Field(description="of those climbed, how often the item or problem moved")
    median_days: int | None = Field(description="calendar days until it moved (中位数)")


class Effects(Answer):
    """Each rung of an area: how often, and whether it helped."""

    rungs: list[Effect]


class OwedRow(Answer):
    """What is owed in an area and not there (应办未办)."""

    kind: str
    id: UUID
    owed_by: str
    matter: UUID
    due_on: date | None


class Inspection(Answer):
    """What the office inspected (督促检查)."""

    inspection: UUID
    area: str
    body: str
    made_on: date
    shortcomings: int
    rectify_by_on: date | None
    position: int
    matters: list[UUID]


class Inspections(Answer):
    """The latest first; `after` is the position to go on before."""

    inspections: list[Inspection]
    after: int | None
    position: int


class StateSeen(Answer):
    """What became of a row of a file of states (逐行结果)."""

    row: int = Field(description="which line of the file")
    outcome: Literal[
        "followed", "agreed", "known", "conflict", "older", "unknown_code", "refused"
    ]
    matter: UUID | None
    item: str | None
    reason: str | None
    member: str | None = Field(description="what could not be read (栏目)")
    remedy: str | None


class StatesTaken(Answer):
    """A file of states was taken in, row by row (导入审批状态)."""

    rows: list[StateSeen]
    version: int
    position: int


class Import(Answer):
    """A feed of the approval system, and what its last run brought (导入)."""

    source: str
    observed_at: datetime
    rows: int = Field(description="lines of the last run")
    followed: int
    conflicts: int = Field(description="lines that contradict us, of the last run")
    refused: int
    runs: int
    longest_gap_s: int | None = Field(description="seconds (秒)")
    late: bool


class Imports(Answer):
    """Each feed of an area, and whether it is silent."""

    imports: list[Import]
    latest_minutes: int = Field(description="silent for longer is late (分钟)")


class Missed(Answer):
    """A day of which nobody had reminded the department (漏提醒)."""

    position: int
    matter: UUID
    item: str
    body: str
    person: str | None
    due_on: date
    missed_on: date
    corrected_on: date | None = Field(description="found later not to have been due")


class MissedRows(Answer):
    """A part of the list; `after` is the position to go on from."""

    rows: list[Missed]
    after: int | None


class SystemUse(Answer):
    """What a department decided, and how much of it in the approval system (体外循环)."""

    body: str = Field(description="empty where it is not known")
    decided: int
    in_system: int
    outside: int
    reported: int
    open: int


class SystemUses(Rows[SystemUse]):
    """The departments, and how many feeds there are at all."""

    feeds: int


class Outside(Answer):
    """An item that was decided without a word of the approval system (体外循环)."""

    matter: UUID
    item: str
    body: str | None
    decided_on: date


class Line(Answer):
    """An item in a list of the morning (今日督办)."""

    matter: UUID
    item: str
    zh: str
    state: str
    body: str | None
    served_by: str | None
    due_on: date | None
    moved_on: date | None
    holder: Literal["body", "unit", "service", "third_party", "nobody"]
    who: str | None
    answered_until: date | None = Field(description="until when an answer quiets it")


class Crossed(Line):
    """A promised day that has passed, and how it was counted (新逾期)."""

    used: int | None = Field(description="working days (工作日)")
    allowed: int | None = Field(description="working days (工作日)")
    remaining: int | None
    sum_zh: str
    sum_en: str
    reckoning: str | None


class Foreseen(Answer):
    """An item that will be late as things stand (预计逾期)."""

    matter: UUID
    item: str
    zh: str
    owner: str
    due_on: date
    expected_on: date
    late: int = Field(description="working days (工作日)")
    reason: str
    affects: list[str] = Field(description="items that wait for it (影响)")


class Silent(Answer):
    """A matter of which nobody spoke with the unit (久未联系)."""

    matter: UUID
    contacted_on: date | None
    working_days: int


class Counts(Answer):
    """How many of a list there are, are shown, are left out."""

    all: int
    shown: int
    left_out: int


class Ball(Answer):
    """How many items somebody has to move (该谁办)."""

    holder: Literal["body", "unit", "service", "third_party", "nobody"]
    who: str | None
    items: int
    oldest_since: date | None


class Morning(Answer):
    """Lines crossed, standstills, whose turn (今日督办). With `kind`, that list alone."""

    since: date
    on: date
    crossed: dict[str, list[Crossed]] = sometimes("body -> its lines (新逾期)")
    due_soon: list[Line] = sometimes("(临期)")
    stalled: list[Line] = sometimes("(停滞)")
    foreseen: list[Foreseen] = sometimes("(预计逾期)")
    silent: list[Silent] = sometimes("(久未联系)")
    crossed_count: int
    counts: dict[str, Counts] = Field(description="list -> how many")
    after: dict[str, str] = Field(description="list -> cursor of its next page, if it goes on")
    missed_reminders: dict[str, int] = Field(description="body -> days nobody reminded it of")
    ball: list[Ball]
    position: int


class Change(Answer):
    """What happened to an item between two days (周变化)."""

    matter: UUID
    item: str
    what: list[str] = Field(description="in order, each `what` or `what:detail`")
    body: str | None
    first_on: date
    last_on: date


class ShiftedDay(Answer):
    """A due day that moved (时限变动)."""

    position: int
    n: int = Field(description="which of those of one position")
    matter: UUID
    item: str
    clock: str
    cause: str
    calendar: str
    was_on: date
    now_on: date
    estimated: bool


class Shifts(Rows[ShiftedDay]):
    """The days that moved, in the order in which they did."""

    position: int

"""What does supervision answer about one matter: its plan, its items, and who owes what?"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, sometimes


class Clock(Answer):
    """One of the four clocks of an item (时限)."""

    kind: str
    state: str
    unit: str = Field(description="wd: working days, cd: calendar days (工作日、自然日)")
    used: int = Field(description="days gone, in `unit`")
    allowed: int | None = Field(description="days, in `unit`; null where there is no limit")
    due_on: date | None


class ToldBy(Answer):
    """Which system gave a day, and when it said so (外部系统)."""

    source: str
    system_state: int
    stated_at: datetime
    observed_at: datetime


class Differs(Answer):
    """What another system says against us; ours stands until somebody settles it (冲突)."""

    source: str
    system_state: int
    system_state_zh: str
    field: str | None
    theirs_on: date
    ours_on: date | None
    stated_at: datetime
    observed_at: datetime
    because: str | None


class MustCome(Answer):
    """Who of the unit must come, and when (到场)."""

    who: str
    by: str
    starts_at: datetime


class ItemTold(Answer):
    """How an item stands (事项进度)."""

    zh: str
    state: str
    state_zh: str
    body: str | None
    served_by: str | None
    ready_on: date | None
    submitted_on: date | None
    received_on: date | None
    accepted_on: date | None
    deemed: bool
    due_on: date | None
    statutory_due_on: date | None
    estimated: bool
    decided_on: date | None
    outcome: str | None
    e_certificate: bool
    collected: bool
    delivered: bool
    closed: bool
    withdrawn: str | None = Field(description="why it was taken back; null where it was not")
    extended_days: int
    told_by: dict[str, ToldBy] = Field(description="day of ours -> the system that gave it")
    conflicts: list[Differs]
    correction_rounds: int
    second_notice: bool
    presence_required: MustCome | None
    missing: list[str] = Field(description="what lacks before it can be closed")
    clocks: list[Clock]


class Revision(Answer):
    """One revision of the plan (工期调整)."""

    number: int
    cause: str
    cause_zh: str
    items: list[str]
    variance_days: int | None
    forecast_on: date | None


class PlanLine(Answer):
    """One item of the plan, and when it was first to be done (工期行)."""

    item: str
    owner: str
    starts_on: date | None
    due_on: date | None
    latest_on: date | None
    working_days: int
    after: list[str] = Field(description="items that come before it (前置事项)")
    materials: list[str]
    critical: bool
    estimated: bool
    tracked: bool
    first_due_on: date | None
    actual_on: date | None


class PlanHead(Answer):
    """A plan without its lines (预排工期)."""

    number: int
    catalogue: str
    calendar: str
    starts_on: date
    forecast_on: date | None
    serial_days: int
    critical_days: int
    latest_on: date | None
    saved_days: int
    permit_day: int | None
    estimated: bool
    revisions: list[Revision]


class Plan(PlanHead):
    """The plan with planned against actual (预排工期)."""

    lines: list[PlanLine]


class MilestoneTold(Answer):
    """A step on nobody's clock (节点)."""

    falls_on: date
    reached: bool


class IssueOpen(Answer):
    """A problem that is open (问题)."""

    id: UUID
    kind: str
    severity: str
    owner: str
    person: str | None
    items: list[str]
    opened_on: date | None
    due_on: date | None
    raised_to: str | None
    rung: int
    issue_list: UUID | None
    contacts: int
    reminders_taken_back: list[date] = Field(
        description="overdue days, told of before it, that turned out wrong (更正)"
    )


class IssuesOpen(Answer):
    """The open problems of the matter."""

    open: list[IssueOpen]


class LetterTold(Answer):
    """A slip or letter to a department (协办单、联系函)."""

    id: UUID
    kind: str
    to: str
    items: list[str]
    reply_by_on: date | None
    answered: bool


class VisitTold(Answer):
    """A visit, appointed and made or not yet (上门)."""

    id: UUID
    agent: str
    appointed_at: datetime | None
    made_at: datetime | None


class FeeTold(Answer):
    """A fee that the law puts on the unit (法定缴费)."""

    id: UUID
    item: str
    kind: str
    amount: str = Field(description="yuan, a decimal number (元)")
    basis: str
    due_on: date | None
    paid: bool


class Duties(Answer):
    """How often the service went, urged, delivered."""

    visits: int
    urges: int
    deliveries: int


class Task(Answer):
    """What is to be done next, and by which posts (任务)."""

    item: str
    do: str
    by: list[str]
    stage: str | None
    at: datetime = sometimes("where somebody must come in person")


class Climb(Answer):
    """A rung that was climbed, and what came of it (升级)."""

    rung: int
    rung_id: str | None
    zh: str
    do: str
    on: date | None
    waived: bool
    act: UUID | None
    closed: bool
    effect_on: date | None
    effect_after_days: int | None = Field(description="working days (工作日)")
    reminders_taken_back: list[date] = Field(
        description="overdue days, told of before it, that turned out wrong (更正)"
    )


class RungAhead(Answer):
    """A rung that may be climbed next: a proposal, never done by itself."""

    ladder: str
    rung: int
    rung_id: str
    zh: str
    do: str
    by: list[str]
    to: list[str] = Field(description="whom it turns to (对象)")
    fires: list[str]
    needs: list[str]
    record: list[str]
    via: str | None
    alternative: bool
    at_once: bool
    not_before: date | None
    wait_is_over: bool


class LadderTold(Answer):
    """How high an item or a problem was taken, and what may follow (督办阶梯)."""

    ladder: str
    zh: str
    climbed: list[Climb]
    next: list[RungAhead]


class StrikeOff(Answer):
    """How many problems there were, and how many are struck off (销号)."""

    opened: int
    struck_off: int
    open: int
    all_clear: bool


class Owed(Answer):
    """What somebody owes the matter, or owed (应办)."""

    kind: str
    id: UUID
    to: str = Field(description="who owes it")
    due_on: date | None
    done_on: date | None
    late: bool


class Whistle(Answer):
    """A whistle, and who reported on it (吹哨报到)."""

    id: UUID
    issue: UUID
    to: list[str] = Field(description="bodies that were called")
    report_by_on: date
    reported: dict[str, date] = Field(description="body -> the day it reported")
    waiting_for: list[str]
    no_show: list[str]


class Action(Answer):
    """What the minutes ask of a body (议定事项)."""

    id: UUID
    owner: str
    person: str | None
    due_on: date
    done_on: date | None


class Meeting(Answer):
    """A meeting (会议)."""

    id: UUID
    kind: str
    issue: UUID | None
    convened_by: str
    bodies: list[str]
    starts_at: datetime | None
    binding: bool
    papers: list[str]
    came: list[str]
    minutes_on: date | None
    actions: list[Action]


class JointSession(Answer):
    """Several bodies looked at items together (联合审图、勘验、验收)."""

    id: UUID
    kind: str
    items: list[str]
    bodies: list[str]
    absent: list[str]
    held_on: date
    passed: bool | None


class EarlyOpinion(Answer):
    """An early opinion, which is no decision (提前介入意见)."""

    id: UUID | None
    items: list[str]
    body: str
    given_on: date
    decision: bool
    zh: str
    en: str


class FollowUp(Answer):
    """Service that goes on after completion (完工不脱钩)."""

    id: UUID
    rule: str
    opened_on: date
    next_on: date | None
    contacts: int
    wish: str | None
    closed: bool


class Transfer(Answer):
    """Papers carried to a department (纸质材料转交)."""

    id: UUID
    item: str
    to: str
    pieces: list[UUID]
    originals: int
    copies: int
    handed_on: date
    signed_on: date | None
    both_signed: bool


class Presence(Answer):
    """Somebody of the unit is asked to come (到场邀请)."""

    id: UUID
    item: str
    who: str
    by: str
    starts_at: datetime
    came: bool | None


class MatterTold(Answer):
    """A matter as supervision knows it (督办情况)."""

    id: UUID
    version: int
    area: str
    mode: str | None
    items: dict[str, ItemTold] = Field(description="item -> how it stands")
    open_items: list[str]
    plan: Plan | None
    milestones: dict[str, MilestoneTold] = Field(description="milestone -> its day (节点)")
    issues: IssuesOpen
    letters: list[LetterTold]
    visits: list[VisitTold]
    fees_unpaid: list[UUID]
    fees: list[FeeTold]
    originals_outstanding: list[UUID]
    duties: Duties
    tasks: list[Task]
    ladders: dict[str, LadderTold] = Field(description="item or problem -> its ladder")
    strike_off: StrikeOff
    owed: list[Owed]
    whistles: list[Whistle]
    meetings: list[Meeting]
    joint_sessions: list[JointSession]
    early_opinions: list[EarlyOpinion]
    follow_ups: list[FollowUp]
    transfers: list[Transfer]
    presences: list[Presence]
    complete: bool


class Matter(MatterTold):
    """The same with the position it was read at."""

    position: int

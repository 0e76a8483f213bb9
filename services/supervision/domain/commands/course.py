"""What can be asked about one item on its way through the approving body (事项办理)?"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Day,
    DayKind,
    Document,
    HeadOf,
    ItemCode,
    MaterialCode,
    NotAccepted,
    Outcome,
    SystemRef,
    SystemState,
    Withdrawal,
    Word,
    WorksCode,
)
from services.supervision.domain.commands.days import CalendarDay, CalendarInstant, Span
from shared.command import Command

type Words = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]


class SubmitItem(Command):
    """申报：由项目单位自行申报，或由代办专员凭委托代为申报 (YO-41, YO-70, X-02, X-03).

    Without `body` the owner of the plan line, without `pieces` the papers that intake holds
    for the item. `explanation` says why it is filed out of order (YO-17).
    """

    item: ItemCode
    body: BodyId | None = None
    pieces: tuple[UUID, ...] | None = None
    system_ref: SystemRef | None = None
    explanation: Words | None = None


class SubmitReady(Command):
    """同步申报：把前序已办结、材料已齐全的事项一次全部申报 (AS-71, HS-44, YO-34).

    Without `items` everything that is ready. One that cannot be filed holds up no other.
    """

    items: Annotated[tuple[ItemCode, ...], Field(max_length=200)] = ()


class WithdrawItem(Command):
    """撤件、撤回、撤销：受理前撤件，受理后撤回，已作决定的由审批部门撤销 (HS-12, X-07)."""

    item: ItemCode
    kind: Withdrawal = "withdrawn"
    system_state: SystemState | None = None
    reason: Words
    paper: Personal[Document] | None = None


class ExtendItem(Command):
    """延长期限：经依法有权的负责人批准，说明理由并告知项目单位 (行政许可法第四十二条; X-07)."""

    item: ItemCode
    days: Annotated[int, Field(ge=1, le=15)]
    approved_by: HeadOf = "organ"
    system_state: SystemState | None = None
    reason: Words
    notice: Personal[Document] | None = None


class NoteSystemState(Command):
    """审批系统状态：逐条登记审批系统所称的办理状态，一致的跟进，不一致的列明 (HS-12, AS-67)."""

    item: ItemCode
    source: Word
    system_ref: SystemRef | None = None
    works: WorksCode | None = None
    system_state: SystemState
    stated_at: CalendarInstant
    stated_on: CalendarDay
    observed_at: CalendarInstant
    procedure: Word | None = None
    opinion: Words | None = None


class ReceiveItem(Command):
    """接件：审批部门收到申报材料 (YO-42, X-07).

    With the approval system's word (`system_ref`, `system_state`) it also records that the unit
    filed the item itself, where the mode lets it.
    """

    item: ItemCode
    body: BodyId | None = None
    system_ref: SystemRef | None = None
    system_state: SystemState | None = None


class RequestCorrection(Command):
    """一次性告知补正：列明需要补正的全部内容 (YO-10, X-07)."""

    item: ItemCode
    waiting_on: Literal["applicant", "third_party"] = "applicant"
    materials: tuple[MaterialCode, ...] = ()
    due_on: CalendarDay | None = None
    system_state: SystemState | None = None
    demands: Words
    notice: Personal[Document] | None = None


class SupplyCorrection(Command):
    """补正完成：告知的内容已补齐 (YO-10, X-07)."""

    item: ItemCode
    pieces: tuple[UUID, ...] = ()
    system_state: SystemState | None = None


class AcceptItem(Command):
    """受理：法定时限与承诺时限自此起算 (YO-42, X-07)."""

    item: ItemCode
    system_state: SystemState | None = None
    voucher: Personal[Document] | None = None


class DeemAccepted(Command):
    """逾期未告知补正，视为受理 (行政许可法第三十二条; X-07)."""

    item: ItemCode


class RefuseItem(Command):
    """不予受理：说明理由 (YO-42, X-07)."""

    item: ItemCode
    kind: NotAccepted = "acceptance_refused"
    system_state: SystemState | None = None
    reason: Words
    voucher: Personal[Document] | None = None


class StartSpecialProcedure(Command):
    """特别程序开始：听证、专家评审等所需时间不计入时限 (行政许可法第四十五条; X-07)."""

    item: ItemCode
    procedure: Word
    expected_days: Span | None = None
    day_kind: DayKind = "working"
    system_state: SystemState | None = None
    notice: Personal[Document] | None = None


class EndSpecialProcedure(Command):
    """特别程序结束：时限顺延 (X-07)."""

    item: ItemCode
    system_state: SystemState | None = None


class SupplementPause(Command):
    """补录特别程序：补录当时未登记、已经结束的特别程序期间，重算期限并更正提醒 (X-01, X-07)."""

    item: ItemCode
    procedure: Word
    started_on: CalendarDay
    ended_on: CalendarDay
    system_state: SystemState | None = None
    notice: Personal[Document] | None = None


class DecideItem(Command):
    """审批办结：承办该事项的代办专员不得审批 (YO-70, X-04, X-07).

    `decider` is named when someone else enters the decision, by the approval system's state.
    """

    item: ItemCode
    outcome: Outcome
    body: BodyId | None = None
    decider: ActorId | None = None
    e_certificate: bool = False
    valid_until_on: Day | None = None
    system_state: SystemState | None = None
    result_number: Personal[Annotated[str, Field(min_length=1, max_length=100)]] | None = None
    reason: Words | None = None
    document: Personal[Document] | None = None


class DecideAtOnce(Command):
    """即报即审：提前介入、提前预审过的事项，条件成熟后当场受理、当场审批 (AS-73).

    Only for an item on which the same body gave its early opinion. The decision is one like any
    other: not by the agent of the item, and reasons where it is not approved.
    """

    item: ItemCode
    outcome: Outcome = "approved"
    decider: ActorId | None = None
    e_certificate: bool = False
    valid_until_on: Day | None = None
    result_number: Personal[Annotated[str, Field(min_length=1, max_length=100)]] | None = None
    reason: Words | None = None
    document: Personal[Document] | None = None


class CloseItem(Command):
    """销号：事项办结、送达后凭依据销号 (YO-25, X-10)."""

    item: ItemCode

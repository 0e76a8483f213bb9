"""What can be asked about the service itself and about fees (服务过程)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    Amount,
    BodyId,
    Document,
    ItemCode,
    LegalBasis,
    VisitPurpose,
    Word,
    WorkKind,
)
from services.supervision.domain.commands.days import CalendarDay, CalendarInstant
from shared.command import Command

type Text = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]
type Purposes = Annotated[tuple[VisitPurpose, ...], Field(min_length=1, max_length=5)]


class AppointVisit(Command):
    """预约上门：约定上门的时间、地点和事由 (YO-39)."""

    appointed_at: CalendarInstant
    agent: ActorId | None = None
    purposes: Purposes = ("take_in",)
    place: Text
    contact: Text | None = None


class RecordVisit(Command):
    """上门受理：专员已到项目单位，可离线记录后补录 (YO-24, YO-39, X-01)."""

    visit: UUID | None = None
    arrived_at: CalendarInstant
    left_at: CalendarInstant | None = None
    purposes: Purposes = ("take_in",)
    offline: bool = False
    place: Text | None = None
    met: Text | None = None
    note: Text | None = None


class ReportProgress(Command):
    """反馈进度：专员向项目单位说明事项进展 (YO-44)."""

    items: Annotated[tuple[ItemCode, ...], Field(min_length=1, max_length=100)]
    wording: Text


class LogWork(Command):
    """工作日志：记录为办件所做的工作，可记在问题名下作为联络记录 (YO-24, YO-25, AS-102, X-01)."""

    kind: WorkKind
    items: tuple[ItemCode, ...] = ()
    body: BodyId | None = None
    issue: UUID | None = None
    entry: Text
    place: Text | None = None


class RecordFee(Command):
    """法定缴费：须写明法律依据，服务本身不收费 (YO-13)."""

    item: ItemCode
    kind: Word
    amount: Amount
    payee: BodyId
    basis: LegalBasis
    due_on: CalendarDay | None = None
    notice: Personal[Document] | None = None


class PayFee(Command):
    """缴费完成：项目单位已缴纳法定费用 (YO-13)."""

    fee: UUID
    voucher: Personal[Document] | None = None

"""What supervision says of the service the unit gets, and of the fees it owes (服务过程)."""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    Amount,
    BodyId,
    Day,
    Document,
    Instant,
    ItemCode,
    ItemState,
    LegalBasis,
    VisitPurpose,
    Word,
    WorkKind,
)


class VisitAppointed(Event):
    """A visit to the unit was agreed (预约上门; YO-39)."""

    type: Literal["supervision.visit_appointed.v1"] = "supervision.visit_appointed.v1"

    visit: UUID
    agent: ActorId
    appointed_at: Instant
    purposes: tuple[VisitPurpose, ...]
    place: Personal[str]
    contact: Personal[str] | None = None


class VisitMade(Event):
    """The agent went to the unit's door (上门受理; YO-39, YO-24).

    `offline`: written down on a phone without a network and entered later.
    """

    type: Literal["supervision.visit_made.v1"] = "supervision.visit_made.v1"

    visit: UUID
    agent: ActorId
    arrived_at: Instant
    left_at: Instant | None = None
    purposes: tuple[VisitPurpose, ...]
    offline: bool = False
    place: Personal[str] | None = None
    met: Personal[str] | None = None
    note: Personal[str] | None = None


class ProgressReported(Event):
    """The unit was told how its items stand (反馈进度; YO-44, HS-35).

    `automatic`: sent by itself when the state of an item changed; it is no talk with the unit.
    """

    type: Literal["supervision.progress_reported.v1"] = "supervision.progress_reported.v1"

    items: tuple[ItemCode, ...]
    state: ItemState | None = None
    forecast_on: Day | None = None
    automatic: bool = False
    reported_on: Day | None = None
    wording: Personal[str]


class WorkLogged(Event):
    """A line of the work log: what staff did for the matter (工作日志; YO-24, YO-25, X-01).

    `issue` puts it on the contact log of a problem; `place` is where an errand led (YY-22).
    """

    type: Literal["supervision.work_logged.v1"] = "supervision.work_logged.v1"

    kind: WorkKind
    items: tuple[ItemCode, ...] = ()
    body: BodyId | None = None
    entry: Personal[str]
    issue: UUID | None = None
    place: Personal[str] | None = None


class FeeDue(Event):
    """The unit owes a fee that the law itself puts on it (法定缴费; YO-13).

    A fee without `basis` cannot be asked for: the service itself is free.
    """

    type: Literal["supervision.fee_due.v1"] = "supervision.fee_due.v1"

    fee: UUID
    item: ItemCode
    kind: Word
    amount: Amount
    payee: BodyId
    basis: LegalBasis
    due_on: Day | None = None
    notice: Personal[Document] | None = None


class FeePaid(Event):
    """The unit paid a fee the law puts on it (缴费完成; YO-13)."""

    type: Literal["supervision.fee_paid.v1"] = "supervision.fee_paid.v1"

    fee: UUID
    item: ItemCode
    amount: Amount
    voucher: Personal[Document] | None = None

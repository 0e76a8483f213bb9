"""What supervision (督办) tells the world: plans, the course of items, what was done about it."""

from typing import Annotated, get_args

from pydantic import Field

from contracts.event import Event
from contracts.supervision.course import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemClosed,
    ItemDecided,
    ItemReceived,
    ItemRefused,
    ItemSubmitted,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
)
from contracts.supervision.oversight import (
    InspectionMade,
    IssueListDispatched,
    ReturnDue,
    ReturnFiled,
)
from contracts.supervision.plan import (
    ItemReady,
    MilestoneDated,
    PlanLine,
    PlanMade,
    PlanRevised,
)
from contracts.supervision.problem import (
    IssueOpened,
    IssueRaised,
    IssueResolved,
    LetterAnswered,
    LetterSent,
    ReminderSent,
    UrgeSent,
)
from contracts.supervision.result import (
    OriginalsReturned,
    ResultCollected,
    ResultDelivered,
    ResultSent,
)
from contracts.supervision.service import (
    FeeDue,
    FeePaid,
    ProgressReported,
    VisitAppointed,
    VisitMade,
    WorkLogged,
)

type SupervisionEvent = Annotated[
    PlanMade
    | PlanRevised
    | MilestoneDated
    | ItemReady
    | ItemSubmitted
    | ItemReceived
    | CorrectionRequested
    | CorrectionSupplied
    | ItemAccepted
    | ItemRefused
    | SpecialProcedureStarted
    | SpecialProcedureEnded
    | ItemDecided
    | ItemClosed
    | VisitAppointed
    | VisitMade
    | ProgressReported
    | WorkLogged
    | FeeDue
    | FeePaid
    | ReminderSent
    | UrgeSent
    | LetterSent
    | LetterAnswered
    | IssueOpened
    | IssueRaised
    | IssueResolved
    | ResultCollected
    | ResultSent
    | ResultDelivered
    | OriginalsReturned
    | ReturnDue
    | ReturnFiled
    | IssueListDispatched
    | InspectionMade,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(SupervisionEvent.__value__)[0])

__all__ = [
    "EVENTS",
    "CorrectionRequested",
    "CorrectionSupplied",
    "FeeDue",
    "FeePaid",
    "InspectionMade",
    "IssueListDispatched",
    "IssueOpened",
    "IssueRaised",
    "IssueResolved",
    "ItemAccepted",
    "ItemClosed",
    "ItemDecided",
    "ItemReady",
    "ItemReceived",
    "ItemRefused",
    "ItemSubmitted",
    "LetterAnswered",
    "LetterSent",
    "MilestoneDated",
    "OriginalsReturned",
    "PlanLine",
    "PlanMade",
    "PlanRevised",
    "ProgressReported",
    "ReminderSent",
    "ResultCollected",
    "ResultDelivered",
    "ResultSent",
    "ReturnDue",
    "ReturnFiled",
    "SpecialProcedureEnded",
    "SpecialProcedureStarted",
    "SupervisionEvent",
    "UrgeSent",
    "VisitAppointed",
    "VisitMade",
    "WorkLogged",
]

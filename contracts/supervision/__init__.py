"""What supervision (督办) tells the world: plans, the course of items, what was done about it."""

from typing import Annotated, get_args

from pydantic import Field

from contracts.event import Event
from contracts.supervision.after import (
    FollowUpClosed,
    FollowUpContacted,
    FollowUpOpened,
)
from contracts.supervision.checked import HistoryChecked
from contracts.supervision.clock import (
    DueRecomputed,
    DueShift,
    ReminderCorrected,
    ReminderMissed,
    UrgeAnswered,
)
from contracts.supervision.course import (
    CorrectionRequested,
    CorrectionSupplied,
    ItemAccepted,
    ItemClosed,
    ItemDecided,
    ItemExtended,
    ItemReceived,
    ItemRefused,
    ItemSubmitted,
    ItemWithdrawn,
    SpecialProcedureEnded,
    SpecialProcedureStarted,
    SpecialProcedureSupplemented,
    SystemStateNoted,
)
from contracts.supervision.errand import (
    PapersTransferred,
    PresenceNoted,
    PresenceRequired,
    TransferSigned,
)
from contracts.supervision.joint import (
    EarlyReviewGiven,
    JointAcceptanceHeld,
    JointReviewHeld,
    JointSurveyHeld,
)
from contracts.supervision.ladder import (
    InterviewHeld,
    ReportedUp,
    RungClosed,
    RungWaived,
    SanctionRecorded,
)
from contracts.supervision.meeting import (
    ActionAssigned,
    ActionDone,
    AttendanceSigned,
    DepartmentReported,
    JointAttackBegun,
    MeetingCalled,
    MinutesIssued,
    WhistleBlown,
)
from contracts.supervision.message import MessageSettled
from contracts.supervision.oversight import (
    FeedSilent,
    InspectionMade,
    IssueListDispatched,
    ReturnDue,
    ReturnFiled,
    StatesImported,
)
from contracts.supervision.plan import (
    ItemReady,
    MilestoneDated,
    PlanLine,
    PlanMade,
    PlanRevised,
    TrackedItemNoted,
)
from contracts.supervision.problem import (
    IssueClassed,
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
    | SpecialProcedureSupplemented
    | ItemDecided
    | ItemClosed
    | ItemWithdrawn
    | ItemExtended
    | SystemStateNoted
    | TrackedItemNoted
    | StatesImported
    | VisitAppointed
    | VisitMade
    | ProgressReported
    | WorkLogged
    | FeeDue
    | FeePaid
    | ReminderSent
    | UrgeSent
    | DueRecomputed
    | ReminderCorrected
    | ReminderMissed
    | UrgeAnswered
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
    | InspectionMade
    | IssueClassed
    | ReportedUp
    | InterviewHeld
    | SanctionRecorded
    | RungClosed
    | RungWaived
    | WhistleBlown
    | DepartmentReported
    | MeetingCalled
    | AttendanceSigned
    | MinutesIssued
    | ActionAssigned
    | ActionDone
    | JointAttackBegun
    | JointReviewHeld
    | JointSurveyHeld
    | JointAcceptanceHeld
    | EarlyReviewGiven
    | FollowUpOpened
    | FollowUpContacted
    | FollowUpClosed
    | PapersTransferred
    | TransferSigned
    | PresenceRequired
    | PresenceNoted
    | MessageSettled
    | FeedSilent
    | HistoryChecked,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(SupervisionEvent.__value__)[0])

__all__ = [
    "EVENTS",
    "ActionAssigned",
    "ActionDone",
    "AttendanceSigned",
    "CorrectionRequested",
    "CorrectionSupplied",
    "DepartmentReported",
    "DueRecomputed",
    "DueShift",
    "EarlyReviewGiven",
    "FeeDue",
    "FeePaid",
    "FeedSilent",
    "FollowUpClosed",
    "FollowUpContacted",
    "FollowUpOpened",
    "HistoryChecked",
    "InspectionMade",
    "InterviewHeld",
    "IssueClassed",
    "IssueListDispatched",
    "IssueOpened",
    "IssueRaised",
    "IssueResolved",
    "ItemAccepted",
    "ItemClosed",
    "ItemDecided",
    "ItemExtended",
    "ItemReady",
    "ItemReceived",
    "ItemRefused",
    "ItemSubmitted",
    "ItemWithdrawn",
    "JointAcceptanceHeld",
    "JointAttackBegun",
    "JointReviewHeld",
    "JointSurveyHeld",
    "LetterAnswered",
    "LetterSent",
    "MeetingCalled",
    "MessageSettled",
    "MilestoneDated",
    "MinutesIssued",
    "OriginalsReturned",
    "PapersTransferred",
    "PlanLine",
    "PlanMade",
    "PlanRevised",
    "PresenceNoted",
    "PresenceRequired",
    "ProgressReported",
    "ReminderCorrected",
    "ReminderMissed",
    "ReminderSent",
    "ReportedUp",
    "ResultCollected",
    "ResultDelivered",
    "ResultSent",
    "ReturnDue",
    "ReturnFiled",
    "RungClosed",
    "RungWaived",
    "SanctionRecorded",
    "SpecialProcedureEnded",
    "SpecialProcedureStarted",
    "SpecialProcedureSupplemented",
    "StatesImported",
    "SupervisionEvent",
    "SystemStateNoted",
    "TrackedItemNoted",
    "TransferSigned",
    "UrgeAnswered",
    "UrgeSent",
    "VisitAppointed",
    "VisitMade",
    "WhistleBlown",
    "WorkLogged",
]

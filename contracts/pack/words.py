"""Which words may a policy pack (政策包) use? Closed lists; a new word is a new version."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.vocabulary import AreaCode, Channel, Delivery, Mode, Role, Stage

type Text = Annotated[str, Field(min_length=1, max_length=1000)]
type Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
type AdCode = AreaCode

type ModeId = Mode
type RoleWord = Role
type StageWord = Stage
type ChannelKind = Channel
type DeliveryWord = Delivery
type Action = Literal[
    "inform", "remind", "urge", "report_up", "interview", "discipline", "whistle", "meet",
    "raise", "joint_attack", "notice_of_criticism",
]  # fmt: skip
type RecordWord = Literal[
    "note", "letter", "notice", "sign_in", "photo", "minutes", "co_handling_slip", "report",
    "interview_record",
]  # fmt: skip
type Act = Literal[
    "advise", "explain", "guide", "policy_guidance", "schedule", "coordinate", "prepare_with",
    "follow", "visit", "collect", "precheck", "fill_for_applicant", "upload",
    "file_for_applicant", "urge", "fetch", "deliver", "log", "escort", "introduce",
    "accept_request", "dispatch", "assign", "reassign", "activate_reserve", "sign_off",
    "answer", "attend_meeting", "decide", "request_correction", "inspect", "train", "revisit",
    "appraise", "file_return", "raise", "interview", "discipline", "confirm_content",
    "submit_materials", "collect_results", "rate", "view_matter", "message",
]  # fmt: skip
type ItemStage = Literal["S1", "S2", "S3", "S4"]
type PowerField = Literal["agent", "matter", "authority", "period", "principal_seal"]

type EventName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+$")]

# The event vocabulary (事件词汇) a pack may name as the end of a stage or the start of a clock.
EVENTS = frozenset(
    """
    PackRegistered PackActivated PackAmended PackRetired PackQuestionDecided
    VisitorReceived ContactHandedOver ConsultationAnswered ConsultationReferred
    OneTimeNoticeIssued ProjectRegistered ProjectAutoEnrolled EligibilityAssessed
    ServiceRequested ServiceAccepted ServiceDeclined ModeChosen ItemScopeFixed
    ItemScopeAmended ApplicationFormFiled CommissionFiled AgreementSigned AgreementAmended
    AgreementEnded RegistrationCompleted MaterialRequested MaterialReceived MaterialSuperseded
    MaterialReused MaterialSetCompleted PrecheckPassed PrecheckFailed ChecklistPublished
    ChecklistDelivered
    StaffAdded StaffAmended StaffRemoved RosterViewed TeamFormed PostFilled ChiefAppointed
    ReserveActivated CentreNotified MatterRouted ItemDispatched AgentAssigned AgentReassigned
    AssignmentAcknowledged MatterTransferred TransferConfirmed StewardPaired ConflictDeclared
    TrainingHeld TrainingAttended
    PlanMade PlanRevised DependencySet ItemReady ItemSubmitted ItemReceived
    CorrectionRequested CorrectionSupplied ItemAccepted ItemRefused SpecialProcedureStarted
    SpecialProcedureEnded ItemExtended ItemDecided ItemWithdrawn ItemClosed WorkLogged
    ProgressReported VisitMade PresenceRequired FeeDue FeePaid ReminderSent UrgeSent
    ReportedUp InterviewHeld SanctionRecorded IssueOpened IssueClassed WhistleBlown
    DepartmentReported MeetingCalled AttendanceSigned MinutesIssued ActionAssigned ActionDone
    IssueRaised IssueResolved JointReviewHeld JointSurveyHeld JointAcceptanceHeld
    EarlyReviewGiven ReturnDue ReturnFiled IssueListDispatched InspectionMade ResultCollected
    ResultSent ResultDelivered OriginalsReturned FollowUpOpened FollowUpContacted
    FollowUpClosed
    EvaluationInvited EvaluationRecorded ReturnVisitMade HearingHeld ComplaintReceived
    ComplaintAnswered BadRatingOpened BadRatingRectified AppraisalComputed AppraisalPublished
    FileOpened DocumentFiled FileChecked FileClosed FileHandedOver ArchiveTested
    NoticePublished PolicyPushed PublicityLogged StoryPublished
    """.split()
)

"""What intake (受理) tells the world: rules, projects, requests, commissions, materials."""

from typing import Annotated, get_args

from pydantic import Field

from contracts.event import Event
from contracts.intake.agreement import (
    AgreementAmended,
    AgreementProposalWithdrawn,
    AgreementProposed,
    AgreementRenewed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    ApplicationFormFiled,
)
from contracts.intake.approval import ApprovalAsked, ApprovalDenied, PackActivationAsked
from contracts.intake.checked import HistoryChecked
from contracts.intake.commission import (
    AgreementEnded,
    CommissionFiled,
    FormConfirmed,
    FormDrafted,
    ProxyLink,
)
from contracts.intake.door import (
    BookingEnded,
    BookingMade,
    BookingMoved,
    ChecklistDelivered,
    ChecklistPublished,
    ConsultationReferred,
    ContactClosed,
    ContactHandedOver,
    ContactLeftOver,
    ContactLinked,
    FeedTaken,
    HandoverDeclined,
    HandoverOffered,
    HelpPrompted,
    HotlineOrderAnswered,
    HotlineOrderReceived,
    HotlineOrderTaken,
    OneTimeNoticeIssued,
    OutreachClosed,
    OutreachOpened,
    ProjectAutoEnrolled,
    ServiceVisited,
    VisitorReceived,
)
from contracts.intake.material import (
    MaterialReceived,
    MaterialRequested,
    MaterialReused,
    MaterialSetCompleted,
    MaterialSuperseded,
    PrecheckFailed,
    PrecheckPassed,
    UndertakingGiven,
)
from contracts.intake.registration import (
    ConditionChecked,
    HelpMuted,
    ItemLimit,
    ModeEnded,
    ProcessExplained,
    RegistrationCompleted,
    ServiceConsented,
)
from contracts.intake.request import (
    ConsultationAnswered,
    EligibilityAssessed,
    ItemScopeAmended,
    ItemScopeFixed,
    ModeChosen,
    NumberReserved,
    NumberTaken,
    NumberVoided,
    ProjectAmended,
    ProjectIdentified,
    ProjectRegistered,
    ServiceAccepted,
    ServiceDeclined,
    ServiceRequested,
)
from contracts.intake.rules import (
    MatterMigrated,
    NoticePublished,
    PackActivated,
    PackAmended,
    PackQuestionDecided,
    PackRegistered,
    PackRetired,
    PolicyPushed,
    PublicityLogged,
    StoryPublished,
)

type IntakeEvent = Annotated[
    PackRegistered
    | PackActivationAsked
    | PackActivated
    | PackAmended
    | PackRetired
    | PackQuestionDecided
    | MatterMigrated
    | NoticePublished
    | PublicityLogged
    | ConsultationAnswered
    | ProjectRegistered
    | ProjectAmended
    | ProjectIdentified
    | ServiceRequested
    | ApprovalAsked
    | ApprovalDenied
    | NumberReserved
    | NumberTaken
    | NumberVoided
    | EligibilityAssessed
    | ServiceAccepted
    | ServiceDeclined
    | ModeChosen
    | ItemScopeFixed
    | ItemScopeAmended
    | CommissionFiled
    | ApplicationFormFiled
    | AgreementProposed
    | AgreementProposalWithdrawn
    | AgreementSigned
    | AgreementAmended
    | AgreementSuspended
    | AgreementResumed
    | AgreementRenewed
    | AgreementEnded
    | MaterialSuperseded
    | UndertakingGiven
    | ProcessExplained
    | RegistrationCompleted
    | ServiceConsented
    | ConditionChecked
    | HelpMuted
    | ModeEnded
    | FormDrafted
    | FormConfirmed
    | MaterialRequested
    | MaterialReceived
    | MaterialReused
    | MaterialSetCompleted
    | PrecheckPassed
    | PrecheckFailed
    | VisitorReceived
    | ContactLinked
    | HandoverOffered
    | HandoverDeclined
    | ContactHandedOver
    | ContactClosed
    | ContactLeftOver
    | ConsultationReferred
    | OneTimeNoticeIssued
    | HotlineOrderReceived
    | HotlineOrderTaken
    | HotlineOrderAnswered
    | BookingMade
    | BookingMoved
    | BookingEnded
    | OutreachOpened
    | ChecklistPublished
    | ChecklistDelivered
    | ServiceVisited
    | PolicyPushed
    | OutreachClosed
    | ProjectAutoEnrolled
    | HelpPrompted
    | FeedTaken
    | StoryPublished
    | HistoryChecked,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(IntakeEvent.__value__)[0])

__all__ = [
    "EVENTS",
    "AgreementAmended",
    "AgreementEnded",
    "AgreementProposalWithdrawn",
    "AgreementProposed",
    "AgreementRenewed",
    "AgreementResumed",
    "AgreementSigned",
    "AgreementSuspended",
    "ApplicationFormFiled",
    "ApprovalAsked",
    "ApprovalDenied",
    "BookingEnded",
    "BookingMade",
    "BookingMoved",
    "ChecklistDelivered",
    "ChecklistPublished",
    "CommissionFiled",
    "ConditionChecked",
    "ConsultationAnswered",
    "ConsultationReferred",
    "ContactClosed",
    "ContactHandedOver",
    "ContactLeftOver",
    "ContactLinked",
    "EligibilityAssessed",
    "FeedTaken",
    "FormConfirmed",
    "FormDrafted",
    "HandoverDeclined",
    "HandoverOffered",
    "HelpMuted",
    "HelpPrompted",
    "HistoryChecked",
    "HotlineOrderAnswered",
    "HotlineOrderReceived",
    "HotlineOrderTaken",
    "IntakeEvent",
    "ItemLimit",
    "ItemScopeAmended",
    "ItemScopeFixed",
    "MaterialReceived",
    "MaterialRequested",
    "MaterialReused",
    "MaterialSetCompleted",
    "MaterialSuperseded",
    "MatterMigrated",
    "ModeChosen",
    "ModeEnded",
    "NoticePublished",
    "NumberReserved",
    "NumberTaken",
    "NumberVoided",
    "OneTimeNoticeIssued",
    "OutreachClosed",
    "OutreachOpened",
    "PackActivated",
    "PackActivationAsked",
    "PackAmended",
    "PackQuestionDecided",
    "PackRegistered",
    "PackRetired",
    "PolicyPushed",
    "PrecheckFailed",
    "PrecheckPassed",
    "ProcessExplained",
    "ProjectAmended",
    "ProjectAutoEnrolled",
    "ProjectIdentified",
    "ProjectRegistered",
    "ProxyLink",
    "PublicityLogged",
    "RegistrationCompleted",
    "ServiceAccepted",
    "ServiceConsented",
    "ServiceDeclined",
    "ServiceRequested",
    "ServiceVisited",
    "StoryPublished",
    "UndertakingGiven",
    "VisitorReceived",
]

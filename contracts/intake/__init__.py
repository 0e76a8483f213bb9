"""What intake (受理) tells the world: rules, projects, requests, commissions, materials."""

from typing import Annotated, get_args

from pydantic import Field

from contracts.event import Event
from contracts.intake.commission import (
    AgreementEnded,
    CommissionFiled,
    FormConfirmed,
    FormDrafted,
)
from contracts.intake.material import (
    MaterialReceived,
    MaterialRequested,
    MaterialReused,
    MaterialSetCompleted,
    PrecheckFailed,
    PrecheckPassed,
)
from contracts.intake.request import (
    ConsultationAnswered,
    EligibilityAssessed,
    ItemScopeAmended,
    ItemScopeFixed,
    ModeChosen,
    NumberReserved,
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
    PublicityLogged,
)

type IntakeEvent = Annotated[
    PackRegistered
    | PackActivated
    | PackAmended
    | PackQuestionDecided
    | MatterMigrated
    | NoticePublished
    | PublicityLogged
    | ConsultationAnswered
    | ProjectRegistered
    | ProjectAmended
    | ProjectIdentified
    | ServiceRequested
    | NumberReserved
    | NumberVoided
    | EligibilityAssessed
    | ServiceAccepted
    | ServiceDeclined
    | ModeChosen
    | ItemScopeFixed
    | ItemScopeAmended
    | CommissionFiled
    | AgreementEnded
    | FormDrafted
    | FormConfirmed
    | MaterialRequested
    | MaterialReceived
    | MaterialReused
    | MaterialSetCompleted
    | PrecheckPassed
    | PrecheckFailed,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(IntakeEvent.__value__)[0])

__all__ = [
    "EVENTS",
    "AgreementEnded",
    "CommissionFiled",
    "ConsultationAnswered",
    "EligibilityAssessed",
    "FormConfirmed",
    "FormDrafted",
    "IntakeEvent",
    "ItemScopeAmended",
    "ItemScopeFixed",
    "MaterialReceived",
    "MaterialRequested",
    "MaterialReused",
    "MaterialSetCompleted",
    "MatterMigrated",
    "ModeChosen",
    "NoticePublished",
    "NumberReserved",
    "NumberVoided",
    "PackActivated",
    "PackAmended",
    "PackQuestionDecided",
    "PackRegistered",
    "PrecheckFailed",
    "PrecheckPassed",
    "ProjectAmended",
    "ProjectIdentified",
    "ProjectRegistered",
    "PublicityLogged",
    "ServiceAccepted",
    "ServiceDeclined",
    "ServiceRequested",
]

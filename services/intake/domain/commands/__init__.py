"""What can be asked of intake (受理) about projects and matters."""

from services.intake.domain.commands.agreement import (
    EndAgreement,
    FileApplication,
    MoveAgreement,
    SettleAgreement,
    WithdrawMove,
)
from services.intake.domain.commands.authority import (
    ConfirmForm,
    DraftForm,
    EndCommission,
    FileCommission,
    ReleaseCommission,
)
from services.intake.domain.commands.material import (
    GiveUndertaking,
    NoteResult,
    PrecheckItem,
    ReceiveMaterial,
    RequestMaterials,
    ReuseMaterial,
)
from services.intake.domain.commands.project import (
    AmendProject,
    ClaimCode,
    RegisterProject,
)
from services.intake.domain.commands.registration import (
    AdmitByDiscretion,
    ApproveDecline,
    AskAdmission,
    CheckCondition,
    CompleteRegistration,
    DenyApproval,
    EndMode,
    ExplainProcess,
    GiveConsent,
    MuteHelp,
)
from services.intake.domain.commands.request import (
    AcceptService,
    AnswerConsultation,
    AnswerVisitor,
    DeclineService,
    MigrateMatter,
    RequestService,
)
from services.intake.domain.commands.service import (
    AmendItemScope,
    ChooseMode,
    FixItemScope,
)
from services.intake.domain.commands.words import Items, Materials, Name, Phone, Sentence

__all__ = [
    "AcceptService",
    "AdmitByDiscretion",
    "AmendItemScope",
    "AmendProject",
    "AnswerConsultation",
    "AnswerVisitor",
    "ApproveDecline",
    "AskAdmission",
    "CheckCondition",
    "ChooseMode",
    "ClaimCode",
    "CompleteRegistration",
    "ConfirmForm",
    "DeclineService",
    "DenyApproval",
    "DraftForm",
    "EndAgreement",
    "EndCommission",
    "EndMode",
    "ExplainProcess",
    "FileApplication",
    "FileCommission",
    "FixItemScope",
    "GiveConsent",
    "GiveUndertaking",
    "Items",
    "Materials",
    "MigrateMatter",
    "MoveAgreement",
    "MuteHelp",
    "Name",
    "NoteResult",
    "Phone",
    "PrecheckItem",
    "ReceiveMaterial",
    "RegisterProject",
    "ReleaseCommission",
    "RequestMaterials",
    "RequestService",
    "ReuseMaterial",
    "Sentence",
    "SettleAgreement",
    "WithdrawMove",
]

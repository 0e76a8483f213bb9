"""What may people ask of intake, and where do they read?"""

from fastapi import APIRouter

from services.intake.api import (
    approvals,
    door,
    entrusted,
    matters,
    papers,
    registers,
    sights,
    words,
)
from services.intake.domain import commands as ask
from services.intake.domain import place as rules
from services.intake.domain.numbers import PreprintNumbers, VoidNumber
from services.intake.service.streams import series_of
from shared.asking import Ask, takes

router = APIRouter(tags=["intake"])

takes(
    router,
    Ask("/projects", ask.RegisterProject),
    Ask("/projects/{id}/amendments", ask.AmendProject),
    Ask("/matters", ask.RequestService),
    Ask("/matters/{id}/acceptance", ask.AcceptService),
    Ask("/matters/{id}/refusal", ask.DeclineService),
    Ask("/matters/{id}/mode", ask.ChooseMode),
    Ask("/matters/{id}/scope", ask.FixItemScope),
    Ask("/matters/{id}/scope-amendments", ask.AmendItemScope),
    Ask("/matters/{id}/commission", ask.FileCommission),
    Ask("/matters/{id}/commission-end", ask.EndCommission),
    Ask("/matters/{id}/application", ask.FileApplication),
    Ask("/matters/{id}/agreements", ask.MoveAgreement),
    Ask("/matters/{id}/agreement-withdrawals", ask.WithdrawMove),
    Ask("/matters/{id}/agreement-end", ask.EndAgreement),
    Ask("/matters/{id}/consent", ask.GiveConsent),
    Ask("/matters/{id}/condition-checks", ask.CheckCondition),
    Ask("/matters/{id}/refusal-approval", ask.ApproveDecline),
    Ask("/matters/{id}/discretion-requests", ask.AskAdmission),
    Ask("/matters/{id}/discretion", ask.AdmitByDiscretion),
    Ask("/matters/{id}/denials", ask.DenyApproval),
    Ask("/matters/{id}/explanations", ask.ExplainProcess),
    Ask("/matters/{id}/registration", ask.CompleteRegistration),
    Ask("/matters/{id}/muting", ask.MuteHelp),
    Ask("/matters/{id}/undertakings", ask.GiveUndertaking),
    Ask("/matters/{id}/forms", ask.DraftForm),
    Ask("/matters/{id}/form-confirmations", ask.ConfirmForm),
    Ask("/matters/{id}/material-requests", ask.RequestMaterials),
    Ask("/matters/{id}/materials", ask.ReceiveMaterial),
    Ask("/matters/{id}/material-reuses", ask.ReuseMaterial),
    Ask("/matters/{id}/prechecks", ask.PrecheckItem),
    Ask("/matters/{id}/consultations", ask.AnswerConsultation, versioned=False),
    Ask("/matters/{id}/migration", ask.MigrateMatter),
    Ask("/consultations", ask.AnswerVisitor),
    Ask("/number-preprints", PreprintNumbers, stream=series_of),
    Ask("/numbers/{id}/voids", VoidNumber),
    Ask("/places/{id}/activation-requests", rules.AskActivation, versioned=False),
    Ask("/places/{id}/activations", rules.ActivatePack, versioned=False),
    Ask("/places/{id}/retirements", rules.RetirePack, versioned=False),
    Ask("/places/{id}/amendments", rules.AmendPack, versioned=False),
    Ask("/places/{id}/decisions", rules.DecidePackQuestion, versioned=False),
    Ask("/places/{id}/notices", rules.PublishNotice, versioned=False),
    Ask("/places/{id}/publicity", rules.LogPublicity, versioned=False),
)

router.include_router(entrusted.router)
router.include_router(matters.router)
router.include_router(approvals.router)
router.include_router(registers.router)
router.include_router(papers.router)
router.include_router(door.router)
router.include_router(sights.router)
router.include_router(words.router)

"""What may people ask of intake, and where do they read?"""

from fastapi import APIRouter

from services.intake.api import matters, registers
from services.intake.domain import commands as ask
from services.intake.domain import place as rules
from services.intake.domain.numbers import VoidNumber
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
    Ask("/matters/{id}/forms", ask.DraftForm),
    Ask("/matters/{id}/form-confirmations", ask.ConfirmForm),
    Ask("/matters/{id}/material-requests", ask.RequestMaterials),
    Ask("/matters/{id}/materials", ask.ReceiveMaterial),
    Ask("/matters/{id}/material-reuses", ask.ReuseMaterial),
    Ask("/matters/{id}/prechecks", ask.PrecheckItem),
    Ask("/matters/{id}/consultations", ask.AnswerConsultation, versioned=False),
    Ask("/matters/{id}/migration", ask.MigrateMatter),
    Ask("/consultations", ask.AnswerVisitor),
    Ask("/numbers/{id}/voids", VoidNumber),
    Ask("/places/{id}/amendments", rules.AmendPack, versioned=False),
    Ask("/places/{id}/decisions", rules.DecidePackQuestion, versioned=False),
    Ask("/places/{id}/notices", rules.PublishNotice, versioned=False),
    Ask("/places/{id}/publicity", rules.LogPublicity, versioned=False),
)

router.include_router(matters.router)
router.include_router(registers.router)
